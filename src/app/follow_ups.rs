//! Follow-ups: is whoever found a job still in it after one, three and six months?
//!
//! Invariant: an answer and what follows from it (the job is verified, or has ended) are one transaction. What is to be asked is
//! computed ([`crate::domain::follow_up`]). Cost of [`open`]: the jobs that run and what was asked about them.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};

use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::referrals;
use super::steps::By;
use super::{Connection, Keyring, Moment, calendar_day, open_note, seal_note, settings, spells};
use crate::db::DbError;
use crate::db::follow_ups::{self as rows, FollowUpRow};
use crate::db::seal::SealedColumn;
use crate::db::spells as spell_rows;
use crate::domain::codes::Channel;
use crate::domain::follow_up::{self, FollowUpOutcome, FollowUpState, Job, MONTHS, Question};
use crate::domain::referral::ReferralReason;
use crate::domain::text::{Text, counted};

/// An answer, or an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// 1, 3 or 6.
    pub months: u8,
    pub outcome: FollowUpOutcome,
    pub on: NaiveDate,
    pub by: Option<i64>,
    /// Sealed at rest.
    pub note: Option<String>,
}

/// What the answer says of the job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// First day out of it; of one that was left.
    pub ended_on: Option<NaiveDate>,
    /// Yuan, where it is another by now; of one that runs.
    pub monthly_income: Option<i64>,
    /// What proves it; of one that runs.
    pub evidence: Option<String>,
}

/// Records what was answered. One still in the job verifies it; one that left ends it.
///
/// # Errors
/// `NotFound`; `Invalid` for another month, a day after today or before the milestone, or what does not go with the outcome; refused
/// where the job has ended or the milestone is answered.
pub fn record(
    conn: &mut Connection,
    keys: &Keyring,
    spell: i64,
    (answer, told): (&FollowUp, &Told),
    (now, today): Moment,
    by: By,
) -> Result<(), AppError> {
    let row = spell_rows::get(conn, spell)?;
    if row.data.end_on.is_some_and(|end| end <= today) {
        return Err(Refusal::SpellEnded.into());
    }
    check(answer, told, row.data.counted_from, today)?;
    let new = FollowUpRow {
        spell_id: spell,
        months: answer.months.into(),
        outcome: answer.outcome,
        done_on: answer.on,
        done_by: answer.by,
        note_cipher: seal_note(keys, SealedColumn::FollowUpNote, answer.note.as_deref())?,
        created_at: now,
    };
    rows::insert_all(conn, &[new]).map_err(|error| match error {
        DbError::Conflict(_) => {
            let months = answer.months;
            Refusal::AlreadyExists.because(Text::new(
                format!("满 {months} 个月的回访已有答复。"),
                format!("The question after {} is answered.", counted(months, "month", "months")),
            ))
        }
        other => other.into(),
    })?;
    match (answer.outcome, told.ended_on) {
        (FollowUpOutcome::InJob, _) => {
            let mut data = row.data;
            data.verified_on = data.verified_on.max(Some(answer.on));
            data.monthly_income = told.monthly_income.or(data.monthly_income);
            data.evidence = told.evidence.clone().or(data.evidence);
            spell_rows::update(conn, spell, row.version, &data, now)?;
        }
        (FollowUpOutcome::Left, Some(on)) => {
            spells::finish(conn, spell, (on, "/ended_on"), (now, today))?;
            referrals::job_ended(conn, spell, ReferralReason::Other, (now, today), by)?;
        }
        _ => {}
    }
    Ok(())
}

fn check(answer: &FollowUp, told: &Told, counted_from: NaiveDate, today: NaiveDate) -> Result<(), AppError> {
    if !MONTHS.contains(&answer.months) {
        return Err(FieldError::new("/months", FieldCode::NotInList).into());
    }
    let mut faults = Faults::default();
    let in_job = answer.outcome == FollowUpOutcome::InJob;
    if answer.on > today {
        faults.add("/done_on", FieldCode::InTheFuture);
    } else if answer.on < counted_from || in_job && answer.on < follow_up::due_on(counted_from, answer.months) {
        // Three months in a job are not known before they have passed.
        faults.add("/done_on", FieldCode::Contradicts);
    } else if !follow_up::may_answer(counted_from, answer.months, answer.on) {
        faults.add("/months", FieldCode::Contradicts);
    }
    match (answer.outcome == FollowUpOutcome::Left, told.ended_on) {
        (true, None) => faults.add("/ended_on", FieldCode::Missing),
        (true, Some(on)) if on > today => faults.add("/ended_on", FieldCode::InTheFuture),
        (false, Some(_)) => faults.add("/ended_on", FieldCode::NotNeeded),
        _ => {}
    }
    if !in_job && told.monthly_income.is_some() {
        faults.add("/monthly_income", FieldCode::NotNeeded);
    }
    if !in_job && told.evidence.is_some() {
        faults.add("/evidence", FieldCode::NotNeeded);
    }
    faults.done()
}

/// What was asked about a job, in the order entered.
///
/// # Errors
/// `NotFound`.
pub fn of_spell(conn: &mut Connection, keys: &Keyring, spell: i64) -> Result<Vec<FollowUp>, AppError> {
    spell_rows::get(conn, spell)?;
    let mut found = Vec::new();
    for row in rows::of(conn, &[spell])? {
        found.push(FollowUp {
            months: u8::try_from(row.months).unwrap_or(u8::MAX),
            outcome: row.outcome,
            on: row.done_on,
            by: row.done_by,
            note: open_note(keys, SealedColumn::FollowUpNote, row.note_cipher.as_ref())?,
        });
    }
    Ok(found)
}

/// A question that is open today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub spell: i64,
    pub resident: i64,
    pub employer: Option<i64>,
    pub employer_name: Option<String>,
    pub question: Question,
    /// Attempts that reached nobody.
    pub attempts: u32,
}

/// The questions to be asked today of residents in these areas (`None` = anywhere), in a state if one is wanted, by job.
///
/// # Errors
/// If the database fails.
pub fn open(
    conn: &mut Connection,
    within: Option<&[i64]>,
    state: Option<FollowUpState>,
    today: NaiveDate,
) -> Result<Vec<Open>, AppError> {
    let grace = settings::follow_up_days(conn, today)?;
    let since = today.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN);
    // A month after the last of a month may come a few days sooner than a month before today: the rule itself decides.
    let since = since.checked_add_days(chrono::Days::new(3)).unwrap_or(since);
    let jobs = spell_rows::running(conn, (since, today), within)?;
    let ids: Vec<i64> = jobs.iter().map(|job| job.id).collect();
    let mut asked: HashMap<i64, Vec<FollowUpRow>> = HashMap::new();
    for row in rows::of(conn, &ids)? {
        asked.entry(row.spell_id).or_default().push(row);
    }
    let mut found = Vec::new();
    for row in jobs.into_iter().filter(|row| row.data.channel != Channel::Farming) {
        let asked = asked.remove(&row.id).unwrap_or_default();
        let (attempts, answers): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|row| row.outcome == FollowUpOutcome::NotReached);
        let answered: Vec<u8> = answers.iter().filter_map(|row| u8::try_from(row.months).ok()).collect();
        let data = row.data;
        let recorded_on = calendar_day(row.created_at);
        let job = Job { counted_from: data.counted_from, end_on: data.end_on, recorded_on };
        let Some(question) = follow_up::question(&job, &answered, grace, today) else { continue };
        if state.is_none_or(|state| question.state == state) {
            let attempts = attempts.iter().filter(|row| row.months == i64::from(question.months)).count();
            found.push(Open {
                spell: row.id,
                resident: data.resident_id,
                employer: data.employer_id,
                employer_name: data.employer_name,
                question,
                attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            });
        }
    }
    Ok(found)
}
