//! The household's clock: who is recognised as having nobody at work, what was done since, what is late.
//!
//! Invariants: a household is recognised by a person, on a day on which nobody in it works and somebody could; its clock is computed
//! from what was recorded, never stored. A recognition ends by a person's decision with a reason that the rules allow by then, or
//! because somebody works; nothing ends it by itself. An offer counts as suitable only if it passed every gate on its day, and a
//! refusal only if the offer did. Cost of [`page`]: the rows of each household on it.

pub mod calendar;
pub mod totals;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::coverage::facts;
use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::referrals::{By, Moment};
use super::{Connection, Keyring, Page, calendar_day, open_note, seal_note, settings};
pub use crate::db::recognitions::RecognitionFilter;
use crate::db::recognitions::services::{self as service_rows, ServiceRow};
use crate::db::recognitions::{self as rows, RecognitionData, RecognitionRow};
use crate::db::referrals::{self as referral_rows, moves, overrides};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, declines, households};
pub use crate::domain::clock::StepStanding;
use crate::domain::clock::{ClockRules, Deed, ExitReason, Recognised, ServiceKind, WorkCalendar, steps};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{CoverageRules, HouseholdFacts, household_coverage};

/// Something recorded as done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub kind: ServiceKind,
    pub on: NaiveDate,
    pub by: Option<i64>,
    pub note: Option<String>,
}

/// A recognition as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognition {
    pub id: i64,
    pub version: i64,
    pub household_id: i64,
    pub recognised_on: NaiveDate,
    pub recognised_by: Option<i64>,
    /// First day since then on which somebody works.
    pub covered_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<ExitReason>,
    pub ended_by: Option<i64>,
    /// Closed in lists.
    pub end_note: Option<String>,
    pub steps: Vec<StepStanding>,
    /// Empty in lists.
    pub services: Vec<Service>,
}

/// The rules of a day.
pub(super) struct Rules {
    coverage: CoverageRules,
    clock: ClockRules,
    calendar: WorkCalendar,
}

impl Rules {
    pub(super) fn load(conn: &mut Connection, on: NaiveDate) -> Result<Self, AppError> {
        Ok(Self {
            coverage: settings::coverage_rules(conn, on)?,
            clock: settings::clock_rules(conn, on)?,
            calendar: calendar::load(conn)?,
        })
    }
}

/// Recognises a household from a day on.
///
/// # Errors
/// `NotFound`; `Invalid` for a day after today; refused where somebody works on the day or nobody could, or where a recognition is
/// open and nobody has worked since.
pub fn recognise(
    conn: &mut Connection,
    household: i64,
    on: NaiveDate,
    (now, today): Moment,
    by: By,
) -> Result<i64, AppError> {
    households::get(conn, household)?;
    if on > today {
        return Err(FieldError::new("/recognised_on", FieldCode::InTheFuture).into());
    }
    let coverage = settings::coverage_rules(conn, on)?;
    let facts = facts_of(conn, household)?;
    if household_coverage(&facts, on, &coverage).state != CoverageState::Uncovered {
        return Err(Refusal::NotUncovered.into());
    }
    if let Some(open) = rows::open_of(conn, household)? {
        // It did its work: somebody worked in between.
        let covered = covered_since(&facts, open.data.recognised_on, today, &coverage).filter(|day| *day < on);
        let covered = covered.ok_or(Refusal::AlreadyRecognised)?;
        let data = RecognitionData {
            ended_on: Some(covered),
            end_reason: Some(ExitReason::Covered),
            ended_by: by.account,
            ..open.data
        };
        rows::update(conn, open.id, open.version, &data, now)?;
    }
    let data = RecognitionData {
        household_id: household,
        recognised_on: on,
        recognised_by: by.account,
        ended_on: None,
        end_reason: None,
        ended_by: None,
        end_note_cipher: None,
    };
    rows::insert(conn, &data, now).map_err(|error| match error {
        DbError::Conflict(_) => Refusal::AlreadyRecognised.into(),
        other => other.into(),
    })
}

/// Records something done for a recognised household.
///
/// # Errors
/// `NotFound`; refused once the recognition has ended; `Invalid` for a day outside of it, and for job offers: those are referrals.
pub fn serve(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    done: &Service,
    (now, today): Moment,
) -> Result<(), AppError> {
    let row = rows::get(conn, id)?;
    if row.data.ended_on.is_some() {
        return Err(Refusal::WrongStatus.into());
    }
    if done.kind == ServiceKind::JobOffer {
        return Err(FieldError::new("/kind", FieldCode::NotInList).into());
    }
    if done.on > today {
        return Err(FieldError::new("/done_on", FieldCode::InTheFuture).into());
    }
    if done.on < row.data.recognised_on {
        return Err(FieldError::new("/done_on", FieldCode::Contradicts).into());
    }
    let note_cipher = seal_note(keys, SealedColumn::ServiceNote, done.note.as_deref())?;
    let service = ServiceRow {
        recognition_id: id,
        kind: done.kind,
        done_on: done.on,
        done_by: done.by,
        note_cipher,
        created_at: now,
    };
    service_rows::insert_all(conn, &[service])?;
    rows::touch(conn, id, row.version, now)?;
    Ok(())
}

/// Ends a recognition before somebody works.
///
/// # Errors
/// `NotFound`; refused once it has ended, or where the rules do not allow the reason yet.
pub fn exit(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    (reason, note): (ExitReason, &str),
    (now, today): Moment,
    by: By,
) -> Result<(), AppError> {
    let row = rows::get(conn, id)?;
    if row.data.ended_on.is_some() {
        return Err(Refusal::WrongStatus.into());
    }
    let is_allowed = match reason {
        ExitReason::SuitableOffersRefused => {
            suitable_refusals(conn, &row, today)? >= settings::exit_suitable_refusals(conn, today)?
        }
        ExitReason::Unreachable => {
            let attempts = service_rows::of(conn, &[id])?;
            let missed = attempts.iter().filter(|row| row.kind == ServiceKind::NotReached).count();
            missed >= settings::exit_unreachable_attempts(conn, today)? as usize
        }
        ExitReason::NobodyEmployable => {
            let facts = facts_of(conn, row.data.household_id)?;
            let rules = settings::coverage_rules(conn, today)?;
            household_coverage(&facts, today, &rules).state == CoverageState::Exempt
        }
        ExitReason::MovedAway | ExitReason::ByMistake => true,
        // Computed, never decided.
        ExitReason::Covered => return Err(FieldError::new("/reason", FieldCode::NotInList).into()),
    };
    if !is_allowed {
        return Err(Refusal::ExitNotAllowed.into());
    }
    let data = RecognitionData {
        ended_on: Some(today),
        end_reason: Some(reason),
        ended_by: by.account,
        end_note_cipher: seal_note(keys, SealedColumn::RecognitionNote, Some(note))?,
        ..row.data
    };
    rows::update(conn, id, row.version, &data, now)?;
    Ok(())
}

/// Suitable offers the members refused since the household was recognised.
fn suitable_refusals(conn: &mut Connection, row: &RecognitionRow, today: NaiveDate) -> Result<u32, AppError> {
    let mut refused = 0;
    for resident in members(&facts_of(conn, row.data.household_id)?) {
        let since = declines::of_resident(conn, resident)?;
        let counts = since.iter().filter(|row| row.data.was_suitable);
        refused +=
            counts.filter(|decline| (row.data.recognised_on..=today).contains(&decline.data.declined_on)).count();
    }
    Ok(u32::try_from(refused).unwrap_or(u32::MAX))
}

fn facts_of(conn: &mut Connection, household: i64) -> Result<HouseholdFacts, AppError> {
    facts::load_household(conn, household)?.households.pop().ok_or(AppError::NotFound)
}

fn members(facts: &HouseholdFacts) -> BTreeSet<i64> {
    facts.members.iter().map(|member| member.resident).collect()
}

/// The first day from one on to another on which somebody works. Coverage begins with a job or a member's arrival, so only those
/// days are looked at.
fn covered_since(
    facts: &HouseholdFacts,
    from: NaiveDate,
    until: NaiveDate,
    rules: &CoverageRules,
) -> Option<NaiveDate> {
    let starts = facts
        .members
        .iter()
        .flat_map(|member| member.spells.iter().map(|spell| spell.counted_from).chain(member.person.member_from));
    let mut days: Vec<NaiveDate> = starts.chain([from]).filter(|day| (from..=until).contains(day)).collect();
    days.sort_unstable();
    days.into_iter().find(|day| household_coverage(facts, *day, rules).state == CoverageState::Covered)
}

/// A page of recognitions by id.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    filter: &RecognitionFilter,
    (page, today): (Page, NaiveDate),
) -> Result<Vec<Recognition>, AppError> {
    let rules = Rules::load(conn, today)?;
    let rows = rows::page(conn, filter, page)?;
    rows.into_iter().map(|row| view(conn, row, &rules, today)).collect()
}

/// One recognition, with everything done.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64, today: NaiveDate) -> Result<Recognition, AppError> {
    let rules = Rules::load(conn, today)?;
    let row = rows::get(conn, id)?;
    let end_note = open_note(keys, SealedColumn::RecognitionNote, row.data.end_note_cipher.as_ref())?;
    let mut services = Vec::new();
    for row in service_rows::of(conn, &[id])? {
        let note = open_note(keys, SealedColumn::ServiceNote, row.note_cipher.as_ref())?;
        services.push(Service { kind: row.kind, on: row.done_on, by: row.done_by, note });
    }
    Ok(Recognition { end_note, services, ..view(conn, row, &rules, today)? })
}

pub(super) fn view(
    conn: &mut Connection,
    row: RecognitionRow,
    rules: &Rules,
    today: NaiveDate,
) -> Result<Recognition, AppError> {
    let data = row.data;
    let facts = facts_of(conn, data.household_id)?;
    let until = data.ended_on.unwrap_or(today).min(today);
    let covered_on = covered_since(&facts, data.recognised_on, until, &rules.coverage);
    let mut deeds: Vec<Deed> = service_rows::of(conn, &[row.id])?
        .into_iter()
        .map(|row| Deed { kind: row.kind, on: row.done_on, by: row.done_by })
        .collect();
    for resident in members(&facts) {
        deeds.extend(offers(conn, resident)?);
    }
    let household = Recognised { on: data.recognised_on, covered_on, ended_on: data.ended_on, deeds: &deeds, today };
    Ok(Recognition {
        id: row.id,
        version: row.version,
        household_id: data.household_id,
        recognised_on: data.recognised_on,
        recognised_by: data.recognised_by,
        covered_on,
        ended_on: data.ended_on,
        end_reason: data.end_reason,
        ended_by: data.ended_by,
        end_note: None,
        steps: steps(&household, &rules.clock, &rules.calendar),
        services: Vec::new(),
    })
}

/// The postings proposed to a resident that passed every gate on their day.
fn offers(conn: &mut Connection, resident: i64) -> Result<Vec<Deed>, AppError> {
    let mut found = Vec::new();
    for row in referral_rows::of_resident(conn, resident)? {
        if overrides::of(conn, &[row.id])?.is_empty() {
            let first = moves::of(conn, &[row.id])?.into_iter().next();
            let on = first.as_ref().map_or_else(|| calendar_day(row.created_at), |step| step.happened_on);
            found.push(Deed { kind: ServiceKind::JobOffer, on, by: first.and_then(|step| step.account_id) });
        }
    }
    Ok(found)
}
