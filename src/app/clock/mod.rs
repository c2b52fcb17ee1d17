//! The household's clock: who is recognised as having nobody at work, what was done since, what is late.
//!
//! Invariants: a household is recognised by a person, on a day on which nobody in it works and somebody could; its clock is computed
//! from what was recorded, never stored. A done visit of the household counts as a contact, or as an attempt that reached nobody,
//! enrolling a member in a course as a training offer: both are read where they stand, and where somebody recorded the same by hand
//! as well it counts once. A recognition ends by a person's decision with a reason that the rules allow by then, or because somebody
//! works; nothing ends it by itself. An offer counts as suitable only if it passed every gate on its day, and a refusal only if the
//! offer did. Cost of [`page`]: the rows of each household on it.

pub mod calendar;
mod context;
pub mod kept;
pub mod totals;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use context::Context;

use super::coverage::facts;
use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::steps::By;
use super::{Connection, Keyring, Moment, Page, open_note, seal_note, settings};
pub use crate::db::recognitions::RecognitionFilter;
use crate::db::recognitions::services::{self as service_rows, ServiceRow};
use crate::db::recognitions::{self as rows, RecognitionData, RecognitionRow};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, declines, households};
pub use crate::domain::clock::StepStanding;
use crate::domain::clock::{ClockState, ExitReason, ServiceKind};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{CoverageRules, ExemptReason, HouseholdFacts, household_coverage};
use crate::domain::text::Text;

/// Something recorded as done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub kind: ServiceKind,
    pub on: NaiveDate,
    pub by: Option<i64>,
    /// Closed for what was found at a visit: it is read there.
    pub note: Option<String>,
    /// The visit it was.
    pub visit: Option<i64>,
}

/// A recognition as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognition {
    pub id: i64,
    pub version: i64,
    pub household_id: i64,
    pub state: ClockState,
    pub recognised_on: NaiveDate,
    pub recognised_by: Option<i64>,
    /// First day since then on which somebody works.
    pub covered_on: Option<NaiveDate>,
    /// Somebody worked since, and nobody does now: the household is to be recognised anew.
    pub works_no_more: bool,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<ExitReason>,
    pub ended_by: Option<i64>,
    /// Closed in lists.
    pub end_note: Option<String>,
    pub steps: Vec<StepStanding>,
    /// Empty in lists.
    pub services: Vec<Service>,
}

/// Recognises a household from a day on.
///
/// # Errors
/// `NotFound`; `Invalid` for a day after today or before an earlier recognition ended; refused where somebody works on the day or
/// today, or nobody could, or where a recognition is open and nobody has worked since.
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
    if rows::last_end(conn, household)?.is_some_and(|end| on < end) {
        return Err(FieldError::new("/recognised_on", FieldCode::Contradicts).into());
    }
    let coverage = settings::coverage_rules(conn, on)?;
    let facts = facts_of(conn, household)?;
    if [on, today].iter().any(|day| household_coverage(&facts, *day, &coverage).state != CoverageState::Uncovered) {
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
    if let Some(ended) = row.data.ended_on {
        return Err(Refusal::WrongStatus.over_since(ended));
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
/// `NotFound`; refused once it has ended or somebody works, or where the rules do not allow the reason yet.
pub fn exit(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    (reason, note): (ExitReason, &str),
    (now, today): Moment,
    by: By,
) -> Result<(), AppError> {
    let row = rows::get(conn, id)?;
    if let Some(ended) = row.data.ended_on {
        return Err(Refusal::WrongStatus.over_since(ended));
    }
    let facts = facts_of(conn, row.data.household_id)?;
    let coverage = household_coverage(&facts, today, &settings::coverage_rules(conn, today)?);
    if coverage.state == CoverageState::Covered && reason != ExitReason::ByMistake {
        return Err(Refusal::ExitCovered.into());
    }
    let not_yet = match reason {
        ExitReason::SuitableOffersRefused => {
            let refused = suitable_refusals(conn, &row, &facts, today)?;
            let needed = settings::exit_suitable_refusals(conn, today)?;
            (refused < needed).then(|| {
                Text::new(
                    format!("认定以来记录了 {refused} 次拒绝合适岗位，规则要求 {needed} 次。"),
                    format!("Suitable offers refused since the recognition: {refused} on record, {needed} needed."),
                )
            })
        }
        ExitReason::Unreachable => {
            let done = context::done(conn, std::slice::from_ref(&row), today)?.remove(&id).unwrap_or_default();
            // Three calls within a minute are one attempt.
            let missed = done.deeds().filter(|deed| deed.kind == ServiceKind::NotReached);
            let missed = missed.map(|deed| deed.on).collect::<BTreeSet<_>>().len();
            let needed = settings::exit_unreachable_attempts(conn, today)?;
            (missed < needed as usize).then(|| {
                Text::new(
                    format!("认定以来有 {missed} 天联系未果的记录，规则要求 {needed} 天。"),
                    format!(
                        "Days since the recognition on which nobody was reached: {missed} on record, {needed} needed."
                    ),
                )
            })
        }
        ExitReason::NobodyEmployable => (coverage.exempt_reason != Some(ExemptReason::NobodyEmployable))
            .then(|| Text::new("户内目前有可就业的人。", "Somebody in the household could work today.")),
        ExitReason::MovedAway | ExitReason::ByMistake => None,
        // What follows from other acts is never decided.
        ExitReason::Covered | ExitReason::Merged => return Err(FieldError::new("/reason", FieldCode::NotInList).into()),
    };
    if let Some(why) = not_yet {
        return Err(Refusal::ExitNotAllowed.because(why));
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

/// Its members went into another household: whatever clock runs there, this one has ended.
pub(super) fn merged(conn: &mut Connection, household: i64, (now, on): Moment, by: By) -> Result<(), AppError> {
    let Some(open) = rows::open_of(conn, household)? else { return Ok(()) };
    let data = RecognitionData {
        ended_on: Some(on.max(open.data.recognised_on)),
        end_reason: Some(ExitReason::Merged),
        ended_by: by.account,
        ..open.data
    };
    rows::update(conn, open.id, open.version, &data, now)?;
    Ok(())
}

/// Suitable offers refused since the household was recognised by those who were members on the day.
fn suitable_refusals(
    conn: &mut Connection,
    row: &RecognitionRow,
    facts: &HouseholdFacts,
    today: NaiveDate,
) -> Result<u32, AppError> {
    let mut refused = 0;
    for member in &facts.members {
        let all = declines::of_resident(conn, member.resident)?;
        let counts = |on: &NaiveDate| (row.data.recognised_on..=today).contains(on) && member.person.is_member(*on);
        refused += all.iter().filter(|row| row.data.was_suitable && counts(&row.data.declined_on)).count();
    }
    Ok(u32::try_from(refused).unwrap_or(u32::MAX))
}

fn facts_of(conn: &mut Connection, household: i64) -> Result<HouseholdFacts, AppError> {
    facts::load_household(conn, household)?.households.pop().ok_or(AppError::NotFound)
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

/// A page of recognitions by id, in a state if one is asked for.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    (filter, state): (&RecognitionFilter, Option<ClockState>),
    (page, today): (Page, NaiveDate),
) -> Result<Vec<Recognition>, AppError> {
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let (mut found, mut next) = (Vec::new(), page);
    loop {
        let rows = rows::page(conn, filter, next)?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(found) };
        let context = Context::load(conn, &rows, today)?;
        for row in &rows {
            let seen = context.view(row)?;
            if found.len() < limit && state.is_none_or(|state| seen.state == state) {
                found.push(seen);
            }
        }
        if found.len() == limit || rows.len() < limit {
            return Ok(found);
        }
        next.after = last;
    }
}

/// One recognition, with everything done.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64, today: NaiveDate) -> Result<Recognition, AppError> {
    let row = rows::get(conn, id)?;
    let end_note = open_note(keys, SealedColumn::RecognitionNote, row.data.end_note_cipher.as_ref())?;
    let mut services = Vec::new();
    let done = context::done(conn, std::slice::from_ref(&row), today)?.remove(&id).unwrap_or_default();
    for row in done.recorded {
        let note = open_note(keys, SealedColumn::ServiceNote, row.note_cipher.as_ref())?;
        services.push(Service { kind: row.kind, on: row.done_on, by: row.done_by, note, visit: None });
    }
    for met in done.visits {
        services.push(Service { kind: met.kind, on: met.on, by: met.by, note: None, visit: Some(met.visit) });
    }
    let seen = Context::load(conn, std::slice::from_ref(&row), today)?.view(&row)?;
    Ok(Recognition { end_note, services, ..seen })
}
