//! What time does: employers are reminded, referrals nobody answers are closed, postings nobody confirms are taken down.
//!
//! Once a day by a job, or by hand. The days are settings. Everything of one [`apply`] is one transaction with one entry in the
//! audit; a trial run is the same transaction, rolled back. Running it again the same day does nothing more.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{By, Moment, follow};
use crate::app::access::Act;
use crate::app::audit::{self, Happened};
use crate::app::error::AppError;
use crate::app::{Connection, calendar_day, day_start, settings};
use crate::db::notices::{self, NoticeData};
use crate::db::referrals::{self as rows, ReferralData, ReferralRow};
use crate::db::{Db, postings, spells};
use crate::domain::codes::PostingStatus;
use crate::domain::referral::{NoticeKind, ReferralReason, ReferralState};

/// What was done, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Aged {
    /// Referrals whose employer was reminded.
    pub reminded: u64,
    /// Closed for want of an answer.
    pub expired: u64,
    /// Closed because the resident has work by now.
    pub obsolete: u64,
    /// Ended because the job has, by a ledger or a correction.
    pub ended: u64,
    /// Postings taken down for want of a confirmation.
    pub unpublished: u64,
}

/// Does what is due today.
///
/// # Errors
/// If the database fails; then nothing was done.
pub fn apply(db: &Db, act: &Act, moment: Moment, dry_run: bool) -> Result<Aged, AppError> {
    let mut aged = Aged::default();
    let done = db.write_in_turn(|conn| {
        let mut subjects = Vec::new();
        aged = age(conn, moment, &mut subjects)?;
        if dry_run {
            return Err(AppError::Cancelled);
        }
        if aged != Aged::default() {
            let happened = Happened { subjects, detail: Some(json!({ "aged": aged })), ..Happened::default() };
            audit::append(conn, db.keys(), act, &happened, moment.0)?;
        }
        Ok(())
    });
    match done {
        Err(AppError::Cancelled) if dry_run => Ok(aged),
        done => done.map(|()| aged),
    }
}

fn before(today: NaiveDate, days: u32) -> NaiveDate {
    today.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

fn age(conn: &mut Connection, (now, today): Moment, subjects: &mut Vec<i64>) -> Result<Aged, AppError> {
    let moment = (now, today);
    let mut aged = Aged::default();
    // Everybody at work first: that is no silence of the employer's.
    let open = rows::open_since(conn, today)?;
    let at_work = at_work(conn, &open, today)?;
    let expiry = before(today, settings::referral_expiry_days(conn, today)?);
    let reminder = before(today, settings::referral_reminder_days(conn, today)?);
    for row in &open {
        if at_work.get(&row.data.resident_id).is_some_and(|since| calendar_day(row.created_at) < *since) {
            follow::close(conn, row, (ReferralState::Obsolete, ReferralReason::HiredElsewhere), moment)?;
            aged.obsolete += 1;
        } else if row.data.moved_on <= expiry {
            follow::close(conn, row, (ReferralState::Expired, ReferralReason::NoAnswer), moment)?;
            aged.expired += 1;
        } else if row.data.state.awaits_employer() && row.data.moved_on <= reminder && row.data.reminded_on.is_none() {
            let data = ReferralData { reminded_on: Some(today), ..row.data.clone() };
            rows::update(conn, row.id, row.version, &data, now)?;
            follow::tell(conn, row, NoticeKind::ReferralReminder, moment)?;
            aged.reminded += 1;
        } else {
            continue;
        }
        subjects.push(row.data.resident_id);
    }
    for row in rows::hired_without_job(conn, today)? {
        let Some(spell) = row.data.spell_id else { continue };
        follow::job_ended(conn, spell, moment, By::service())?;
        subjects.push(row.data.resident_id);
        aged.ended += 1;
    }
    aged.unpublished = unpublish(conn, moment)?;
    Ok(aged)
}

/// Since when those of the residents are at work who are: the day their latest full-time job counts from.
fn at_work(conn: &mut Connection, open: &[ReferralRow], today: NaiveDate) -> Result<HashMap<i64, NaiveDate>, AppError> {
    let mut people: Vec<i64> = open.iter().map(|row| row.data.resident_id).collect();
    people.sort_unstable();
    people.dedup();
    let mut since: HashMap<i64, NaiveDate> = HashMap::new();
    for row in spells::of_residents(conn, &people)? {
        let job = row.data;
        if !job.part_time && job.counted_from <= today && job.end_on.is_none_or(|end| today < end) {
            let latest = since.entry(job.resident_id).or_insert(job.counted_from);
            *latest = job.counted_from.max(*latest);
        }
    }
    Ok(since)
}

/// Takes down what nobody confirmed for too long. It becomes a draft: its employer looks at it and publishes it again.
fn unpublish(conn: &mut Connection, (now, today): Moment) -> Result<u64, AppError> {
    let day = before(today, settings::posting_confirmation_days(conn, today)?);
    let mut count = 0;
    for mut row in postings::unconfirmed_since(conn, (day, day_start(day.succ_opt().unwrap_or(day))))? {
        row.data.status = PostingStatus::Draft;
        postings::update(conn, row.id, row.version, &row.data, now)?;
        let notice = NoticeData {
            employer_id: row.data.employer_id,
            kind: NoticeKind::PostingUnpublished,
            referral_id: None,
            posting_id: Some(row.id),
            created_on: today,
            read_at: None,
            read_by: None,
            created_at: now,
        };
        notices::insert(conn, &notice)?;
        count += 1;
    }
    Ok(count)
}
