//! What an employer puts right about a job it reported: its facts, a leaving that was none, and a start that was none.
//!
//! Invariant: nothing is deleted and no step of a referral is taken back. A leaving reported by mistake is
//! a correction of the job; the referral it came of stays ended. A start reported by mistake leaves a job without a day, which
//! covers nobody and holds no place, and a referral that ended with that reason. What was said before stays in
//! the events ([`super::events`]), who said otherwise and why in the audit. Cost: the events of one person.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use serde_json::Value;

use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::events::{self, EventKind};
use super::referrals::{self, before_told, told_on};
use super::spells::{self, Spell, SpellFields};
use super::steps::By;
use super::{Connection, Keyring, Moment, Record};
use crate::db::residents;
use crate::domain::referral::ReferralReason;
use crate::domain::text::Text;
use crate::domain::work_fact::WorkFact;

/// Days after an answer, a reported start or a leaving in which the employer itself says that it was a mistake.
pub const UNDO_DAYS: u64 = 7;

/// A job as its employer sees it, and how it came to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The worker's name.
    pub name: String,
    pub job: Record<Spell>,
    /// Day on which the start was reported, of a job that came of a referral and runs by it.
    pub reported_on: Option<NaiveDate>,
    /// Newest first.
    pub history: Vec<Change>,
}

impl Work {
    #[must_use]
    pub fn runs(&self, on: NaiveDate) -> bool {
        self.job.fields.fields.end_on.is_none_or(|end| on < end)
    }

    /// Whether the leaving can still be said to have been none.
    #[must_use]
    pub fn may_go_on(&self, today: NaiveDate) -> bool {
        self.has_a_day() && !self.runs(today) && is_recent(self.job.fields.fields.end_on, today)
    }

    /// Whether the job has a day at all; one that never began has none.
    #[must_use]
    pub fn has_a_day(&self) -> bool {
        self.job.fields.fields.end_on.is_none_or(|end| self.job.fields.counted_from < end)
    }

    /// Whether the start can still be said to have been none: not once the community itself has seen the person at work.
    #[must_use]
    pub fn may_be_no_start(&self, today: NaiveDate) -> bool {
        self.runs(today) && self.job.fields.fields.verified_on.is_none() && is_recent(self.reported_on, today)
    }
}

fn is_recent(day: Option<NaiveDate>, today: NaiveDate) -> bool {
    day.and_then(|day| day.checked_add_days(Days::new(UNDO_DAYS))).is_some_and(|last| today <= last)
}

/// A fact that became another one on a day; `None` = not on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub on: NaiveDate,
    pub fact: WorkFact,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One job with its history.
///
/// # Errors
/// `NotFound`, also of somebody whose data may only be stored.
pub fn work(conn: &mut Connection, keys: &Keyring, spell: i64) -> Result<Work, AppError> {
    let job = spells::get(conn, keys, spell)?;
    let person = residents::get(conn, job.fields.resident_id)?.data;
    if person.restricted {
        return Err(AppError::NotFound);
    }
    let told = events::of_resident(conn, job.fields.resident_id)?;
    let told: Vec<events::Event> =
        told.into_iter().filter(|event| event.kind == EventKind::Employment && event.row_id == spell).collect();
    let mut history = Vec::new();
    for pair in told.windows(2) {
        let [old, new] = pair else { continue };
        let (Some(before), Some(after)) = (&old.data, &new.data) else { continue };
        for fact in WorkFact::ALL {
            let (before, after) = (said(before, *fact), said(after, *fact));
            if before != after {
                history.push(Change { on: in_china(new.recorded_at), fact: *fact, before, after });
            }
        }
    }
    history.reverse();
    let reported_on = referrals::start_reported_on(conn, spell)?;
    Ok(Work { name: person.name, job, reported_on, history })
}

fn in_china(utc: NaiveDateTime) -> NaiveDate {
    (utc + TimeDelta::hours(8)).date()
}

fn said(data: &Value, fact: WorkFact) -> Option<String> {
    match data.get(fact.code())? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(told) => Some(i64::from(*told).to_string()),
        other => Some(other.to_string()),
    }
}

/// What may be put right while a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    pub start_on: NaiveDate,
    /// Yuan.
    pub monthly_income: Option<i64>,
    /// Last day.
    pub contract_until: Option<NaiveDate>,
    pub part_time: bool,
}

/// Puts a running job right; gives whom it is about.
///
/// # Errors
/// `NotFound`; `Stale`; refused if the job has ended or overlaps another then; `Invalid` for a first day after today or before the
/// employer was told of the person, and for a contract that ends before it.
pub fn correct(
    conn: &mut Connection,
    keys: &Keyring,
    (spell, version): (i64, i64),
    new: &Correction,
    moment: Moment,
    by: By,
) -> Result<i64, AppError> {
    let old = spells::get(conn, keys, spell)?.fields;
    if old.fields.end_on.is_some() {
        return Err(Refusal::SpellEnded.into());
    }
    let mut faults = Faults::default();
    if new.start_on > moment.1 {
        faults.add("/start_on", FieldCode::InTheFuture);
    } else if old.fields.start_on != Some(new.start_on)
        && let Some(told) = told_on(conn, spell)?.filter(|told| new.start_on < *told)
    {
        faults.push(before_told("/start_on", told));
    }
    if new.contract_until.is_some_and(|until| until < new.start_on) {
        faults.add("/contract_until", FieldCode::EndBeforeStart);
    }
    faults.done()?;
    let fields = SpellFields {
        start_on: Some(new.start_on),
        monthly_income: new.monthly_income,
        contract_until: new.contract_until,
        part_time: new.part_time,
        ..old.fields
    };
    spells::update(conn, keys, (spell, version), fields, (moment, by))?;
    Ok(old.resident_id)
}

/// Notes that the person has not left: the job goes on as if nothing had been said; the referral it came of stays ended. Gives whom it
/// is about.
///
/// # Errors
/// `NotFound`; refused where the leaving is too long ago, the place is taken, or another job overlaps.
pub fn goes_on(conn: &mut Connection, keys: &Keyring, spell: i64, moment: Moment, by: By) -> Result<i64, AppError> {
    let work = work(conn, keys, spell)?;
    if !work.may_go_on(moment.1) {
        return Err(Refusal::WrongStatus.because(Text::new(
            format!("离岗须已登记，且在 {UNDO_DAYS} 天之内。"),
            format!("The leaving has to be on record, and for {UNDO_DAYS} days at most."),
        )));
    }
    let (version, job) = (work.job.version, work.job.fields);
    let fields = SpellFields { end_on: None, ..job.fields };
    spells::update(conn, keys, (spell, version), fields, (moment, by))?;
    Ok(job.resident_id)
}

/// Why a job that was reported to have begun never did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoStart {
    pub reason: ReferralReason,
    /// Sealed at rest; the community reads it.
    pub note: String,
}

/// Notes that the person never began to work: the job keeps no day, its place is free again, and the referral ends with the reason.
/// Gives whom it is about.
///
/// # Errors
/// `NotFound`; `Invalid` for a reason that says something else; refused where the start was reported too long ago or by no referral, the job
/// has ended, or somebody has verified it.
pub fn never_began(
    conn: &mut Connection,
    keys: &Keyring,
    spell: i64,
    said: &NoStart,
    moment: Moment,
    by: By,
) -> Result<i64, AppError> {
    if !said.reason.says_never_began() {
        return Err(FieldError::new("/reason", FieldCode::NotInList).into());
    }
    let work = work(conn, keys, spell)?;
    if !work.may_be_no_start(moment.1) {
        return Err(Refusal::WrongStatus.into());
    }
    // With its own reason first: what follows from the end of a job gives none.
    referrals::never_began(conn, keys, spell, (said.reason, &said.note), moment, by)?;
    let (version, job) = (work.job.version, work.job.fields);
    let fields = SpellFields { end_on: Some(job.counted_from), ..job.fields };
    spells::update(conn, keys, (spell, version), fields, (moment, by))?;
    Ok(job.resident_id)
}

/// The reason somebody must give, as the audit keeps it.
///
/// # Errors
/// `Invalid` at `/why`.
pub fn reason(text: &str) -> Result<String, AppError> {
    super::access::reason(text).map_err(|code| FieldError::new("/why", code).into())
}
