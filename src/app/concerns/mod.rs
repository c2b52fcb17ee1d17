//! Concerns and objections of residents (意见台账): opened, answered by a last day in time, and the higher up the later.
//!
//! Invariants: who answers for a concern is computed ([`crate::domain::concern::level`]), by the calendar and the rules that hold on the
//! day asked about; a closed one keeps the level of its last day. A concern is closed once, by a person, with an outcome and an answer
//! in words; what can be mended at once is opened and closed in one act. Who objects to a decision made by a program may refuse such
//! decisions (PIPL 24): that holds from the same moment. An official sees the late ones only.

pub mod counts;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::clock::calendar;
use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::steps::By;
use super::{Connection, Keyring, Moment, Page, open_note, settings};
pub use crate::db::concerns::ConcernFilter;
use crate::db::concerns::{self as rows, ConcernData, ConcernRow};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, postings, residents};
use crate::domain::access::Role;
use crate::domain::clock::WorkCalendar;
use crate::domain::concern::{ChainLevel, ConcernAbout, ConcernOutcome, ConcernRules, due_on, latest_due, level};

/// What a concern is about, in whose words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernFields {
    pub about: ConcernAbout,
    pub employer: Option<i64>,
    pub posting: Option<i64>,
    /// Sealed at rest; closed in lists.
    pub text: String,
}

/// How it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub outcome: ConcernOutcome,
    /// What was done or why not. Sealed at rest; closed in lists.
    pub text: String,
}

/// A concern to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConcern {
    pub fields: ConcernFields,
    pub opened_on: NaiveDate,
    /// No decisions by a program alone from now on; only with [`ConcernAbout::AutomatedDecision`].
    pub refuses_automation: bool,
    /// Mended at once.
    pub answer: Option<Answer>,
}

/// A concern as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    pub id: i64,
    pub version: i64,
    pub resident_id: i64,
    pub about: ConcernAbout,
    pub employer: Option<i64>,
    pub posting: Option<i64>,
    /// Closed in lists.
    pub text: Option<String>,
    pub refuses_automation: bool,
    pub opened_on: NaiveDate,
    pub opened_by: Option<i64>,
    /// Last day in time.
    pub due_on: NaiveDate,
    /// Not closed, and its last day has passed.
    pub overdue: bool,
    /// Who answers for it, or did on the day it was closed.
    pub level: ChainLevel,
    pub closed_on: Option<NaiveDate>,
    pub outcome: Option<ConcernOutcome>,
    /// Closed in lists.
    pub answer: Option<String>,
    pub closed_by: Option<i64>,
}

/// The calendar, and the rules of the days asked about.
struct Chain {
    calendar: WorkCalendar,
    rules: BTreeMap<NaiveDate, ConcernRules>,
}

impl Chain {
    fn load(conn: &mut Connection) -> Result<Self, AppError> {
        Ok(Self { calendar: calendar::load(conn)?, rules: BTreeMap::new() })
    }

    fn rules(&mut self, conn: &mut Connection, on: NaiveDate) -> Result<ConcernRules, AppError> {
        if let Some(rules) = self.rules.get(&on) {
            return Ok(*rules);
        }
        let rules = settings::concern_rules(conn, on)?;
        self.rules.insert(on, rules);
        Ok(rules)
    }

    fn level(&mut self, conn: &mut Connection, due: NaiveDate, on: NaiveDate) -> Result<ChainLevel, AppError> {
        let rules = self.rules(conn, on)?;
        Ok(level(due, on, &rules, &self.calendar))
    }
}

/// Whether somebody sees only what is late.
fn sees_late_only(by: By) -> bool {
    by.role == Some(Role::Official)
}

/// The concerns of a list, each with who answers for it on a day.
pub(super) fn levels(
    conn: &mut Connection,
    filter: &ConcernFilter,
    today: NaiveDate,
) -> Result<Vec<(ConcernRow, ChainLevel)>, AppError> {
    let mut chain = Chain::load(conn)?;
    let mut found = Vec::new();
    for row in rows::page(conn, filter, Page::first(i64::MAX))? {
        let level = chain.level(conn, row.data.due_on, today)?;
        found.push((row, level));
    }
    Ok(found)
}

/// Opens a concern of a resident; gives its id.
///
/// # Errors
/// `NotFound` if there is no such resident; refused where the data may only be stored; `Invalid` for a day after today, an employer
/// that does not fit, and a refusal of automated decisions where the concern is about something else.
pub fn open(
    conn: &mut Connection,
    keys: &Keyring,
    resident: i64,
    new: &NewConcern,
    (now, today): Moment,
    by: By,
) -> Result<i64, AppError> {
    let person = residents::get(conn, resident)?;
    if person.data.restricted {
        return Err(Refusal::DataRestricted.into());
    }
    if new.opened_on > today {
        return Err(FieldError::new("/opened_on", FieldCode::InTheFuture).into());
    }
    let is_automated = new.fields.about == ConcernAbout::AutomatedDecision;
    if new.refuses_automation && !is_automated {
        return Err(FieldError::new("/refuses_automation", FieldCode::NotNeeded).into());
    }
    let employer = employer(conn, &new.fields)?;
    let mut chain = Chain::load(conn)?;
    let rules = chain.rules(conn, new.opened_on)?;
    let mut data = ConcernData {
        resident_id: resident,
        about: new.fields.about,
        employer_id: employer,
        posting_id: new.fields.posting,
        text_cipher: keys.seal_text(SealedColumn::ConcernText, &new.fields.text).map_err(DbError::from)?,
        refuses_automation: new.refuses_automation,
        opened_on: new.opened_on,
        opened_by: by.account,
        due_on: due_on(new.opened_on, &rules, &chain.calendar),
        closed_on: None,
        outcome: None,
        answer_cipher: None,
        closed_by: None,
    };
    if let Some(answer) = &new.answer {
        answered(keys, &mut data, answer, (today, by))?;
    }
    if new.refuses_automation && !person.data.no_automated_recommendation {
        let refusing = residents::ResidentData { no_automated_recommendation: true, ..person.data };
        residents::update(conn, resident, person.version, &refusing, now)?;
    }
    Ok(rows::insert(conn, &data, now)?)
}

/// The employer of a concern: the one named, or the posting's.
fn employer(conn: &mut Connection, fields: &ConcernFields) -> Result<Option<i64>, AppError> {
    let employer = match fields.posting {
        None => fields.employer,
        Some(posting) => match postings::get(conn, posting) {
            Ok(row) if fields.employer.is_none_or(|named| named == row.data.employer_id) => Some(row.data.employer_id),
            Ok(_) => return Err(FieldError::new("/employer_id", FieldCode::Contradicts).into()),
            Err(DbError::NotFound(_)) => return Err(FieldError::new("/posting_id", FieldCode::NoSuchRecord).into()),
            Err(error) => return Err(error.into()),
        },
    };
    if fields.about == ConcernAbout::Employer && employer.is_none() {
        return Err(FieldError::new("/employer_id", FieldCode::Missing).into());
    }
    Ok(employer)
}

fn answered(
    keys: &Keyring,
    data: &mut ConcernData,
    answer: &Answer,
    (today, by): (NaiveDate, By),
) -> Result<(), AppError> {
    data.closed_on = Some(today);
    data.outcome = Some(answer.outcome);
    data.answer_cipher = Some(keys.seal_text(SealedColumn::ConcernAnswer, &answer.text).map_err(DbError::from)?);
    data.closed_by = by.account;
    Ok(())
}

/// Corrects what an open concern says.
///
/// # Errors
/// `NotFound`, `Stale`; refused once it is closed; `Invalid` for an employer that does not fit.
pub fn update(
    conn: &mut Connection,
    keys: &Keyring,
    (id, version): (i64, i64),
    fields: &ConcernFields,
    (now, today): Moment,
    by: By,
) -> Result<Concern, AppError> {
    let row = rows::get(conn, id)?;
    if let Some(closed) = row.data.closed_on {
        return Err(Refusal::WrongStatus.over_since(closed));
    }
    // The person refused on the ground that this was what it is about.
    if row.data.refuses_automation && fields.about != ConcernAbout::AutomatedDecision {
        return Err(FieldError::new("/about", FieldCode::Contradicts).into());
    }
    let employer_id = employer(conn, fields)?;
    let text_cipher = keys.seal_text(SealedColumn::ConcernText, &fields.text).map_err(DbError::from)?;
    let data = ConcernData { about: fields.about, employer_id, posting_id: fields.posting, text_cipher, ..row.data };
    rows::update(conn, id, version, &data, now)?;
    get(conn, keys, id, (today, by))
}

/// Closes a concern with an answer.
///
/// # Errors
/// `NotFound`, also for an official where it is not late; refused once it is closed.
pub fn close(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    answer: &Answer,
    (now, today): Moment,
    by: By,
) -> Result<Concern, AppError> {
    let row = rows::get(conn, id)?;
    if sees_late_only(by) && row.data.due_on >= today {
        return Err(AppError::NotFound);
    }
    if let Some(closed) = row.data.closed_on {
        return Err(Refusal::WrongStatus.over_since(closed));
    }
    let mut data = row.data;
    answered(keys, &mut data, answer, (today, by))?;
    rows::update(conn, id, row.version, &data, now)?;
    let row = rows::get(conn, id)?;
    shown(conn, keys, row, today)
}

/// One concern.
///
/// # Errors
/// `NotFound`, also for an official where it is not late.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64, (today, by): (NaiveDate, By)) -> Result<Concern, AppError> {
    let row = rows::get(conn, id)?;
    let is_late = row.data.closed_on.is_none() && row.data.due_on < today;
    if sees_late_only(by) && !is_late {
        return Err(AppError::NotFound);
    }
    shown(conn, keys, row, today)
}

fn shown(conn: &mut Connection, keys: &Keyring, row: ConcernRow, today: NaiveDate) -> Result<Concern, AppError> {
    let text = open_note(keys, SealedColumn::ConcernText, Some(&row.data.text_cipher))?;
    let answer = open_note(keys, SealedColumn::ConcernAnswer, row.data.answer_cipher.as_ref())?;
    let mut chain = Chain::load(conn)?;
    Ok(Concern { text, answer, ..view(conn, &mut chain, row, today)? })
}

/// Which concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub resident: Option<i64>,
    pub about: Option<ConcernAbout>,
    /// `true` = not closed, `false` = closed.
    pub open: Option<bool>,
    /// Not closed, and late.
    pub overdue: bool,
    /// Not closed, and for this level to answer.
    pub level: Option<ChainLevel>,
    pub within: Option<Vec<i64>>,
}

/// A page of concerns by id, without their words; of an official the late ones.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    ask: &Ask,
    (page, today): (Page, NaiveDate),
    by: By,
) -> Result<Vec<Concern>, AppError> {
    let mut chain = Chain::load(conn)?;
    let mut filter = ConcernFilter {
        resident: ask.resident,
        about: ask.about,
        open: ask.open,
        due_after: None,
        due_until: None,
        within: ask.within.clone(),
    };
    let narrow = |filter: &mut ConcernFilter, until: NaiveDate| {
        filter.due_until = Some(filter.due_until.map_or(until, |day| day.min(until)));
    };
    if ask.overdue || ask.level.is_some() || sees_late_only(by) {
        // Closed ones are neither late nor anybody's to answer.
        if ask.open == Some(false) {
            return Ok(Vec::new());
        }
        filter.open = Some(true);
    }
    if ask.overdue || sees_late_only(by) {
        narrow(&mut filter, today.pred_opt().unwrap_or(today));
    }
    if let Some(level) = ask.level {
        let rules = chain.rules(conn, today)?;
        let until = |level| latest_due(level, today, &rules, &chain.calendar);
        if level != ChainLevel::BuildingHead {
            narrow(&mut filter, until(level));
        }
        let above = ChainLevel::ALL.iter().copied().find(|other| *other > level);
        filter.due_after = above.map(until);
    }
    let found = rows::page(conn, &filter, page)?;
    found.into_iter().map(|row| view(conn, &mut chain, row, today)).collect()
}

fn view(conn: &mut Connection, chain: &mut Chain, row: ConcernRow, today: NaiveDate) -> Result<Concern, AppError> {
    let data = row.data;
    Ok(Concern {
        id: row.id,
        version: row.version,
        resident_id: data.resident_id,
        about: data.about,
        employer: data.employer_id,
        posting: data.posting_id,
        text: None,
        refuses_automation: data.refuses_automation,
        opened_on: data.opened_on,
        opened_by: data.opened_by,
        due_on: data.due_on,
        overdue: data.closed_on.is_none() && data.due_on < today,
        level: chain.level(conn, data.due_on, data.closed_on.unwrap_or(today))?,
        closed_on: data.closed_on,
        outcome: data.outcome,
        answer: None,
        closed_by: data.closed_by,
    })
}
