//! What time does: employers are reminded, referrals nobody answers are closed, postings nobody confirms are taken down.
//!
//! Once a day by a job, or by hand. The days are settings. Everything of one [`apply`] is one transaction with one entry in the
//! audit; a trial run is the same transaction, rolled back. Running it again the same day does nothing more.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{follow, notices};
use crate::app::access::Act;
use crate::app::audit::{self, Happened};
use crate::app::error::{AppError, Refusal};
use crate::app::privacy::acquaintance::Acquaintance;
use crate::app::steps::By;
use crate::app::{Connection, Moment, calendar_day, day_start, settings};
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
    /// Closed because the consent ran out, or the person may not be served any more.
    pub withdrawn: u64,
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
        let mut touched = Touched::default();
        aged = age(conn, moment, &mut touched)?;
        if dry_run {
            return Err(AppError::Cancelled);
        }
        if aged != Aged::default() {
            let detail = json!({ "aged": aged, "referrals": touched.referrals, "postings": touched.postings });
            let happened = Happened { subjects: touched.residents, detail: Some(detail), ..Happened::default() };
            audit::append(conn, db.keys(), act, &happened, moment.0)?;
        }
        Ok(())
    });
    match done {
        Err(AppError::Cancelled) if dry_run => Ok(aged),
        done => done.map(|()| aged),
    }
}

/// What the audit keeps of it.
#[derive(Default)]
struct Touched {
    residents: Vec<i64>,
    referrals: Vec<i64>,
    postings: Vec<i64>,
}

impl Touched {
    fn add(&mut self, row: &ReferralRow) {
        self.residents.push(row.data.resident_id);
        self.referrals.push(row.id);
    }
}

fn before(today: NaiveDate, days: u32) -> NaiveDate {
    today.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

fn age(conn: &mut Connection, (now, today): Moment, touched: &mut Touched) -> Result<Aged, AppError> {
    let moment = (now, today);
    let mut aged = Aged::default();
    // What may not go on, and whoever is at work, first: that is no silence of the employer's.
    let open = rows::open_since(conn, today)?;
    let people: Vec<i64> = open.iter().map(|row| row.data.resident_id).collect();
    let may = match Acquaintance::load(conn, &people, today) {
        Err(AppError::Refused(Refusal::NoLegalBasis, _)) => None,
        may => Some(may?),
    };
    let at_work = at_work(conn, &open, today)?;
    let expiry = before(today, settings::referral_expiry_days(conn, today)?);
    let reminder = before(today, settings::referral_reminder_days(conn, today)?);
    for row in &open {
        let reason = match &may {
            Some(may) => follow::no_longer(conn, may, row, today)?,
            None => None,
        };
        if let Some(reason) = reason {
            follow::close(conn, row, (ReferralState::Withdrawn, reason), moment)?;
            aged.withdrawn += 1;
        } else if at_work.get(&row.data.resident_id).is_some_and(|since| calendar_day(row.created_at) < *since) {
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
        touched.add(row);
    }
    for row in rows::hired_without_job(conn, today)? {
        let Some(spell) = row.data.spell_id else { continue };
        follow::job_ended(conn, spell, ReferralReason::Other, moment, By::service())?;
        touched.add(&row);
        aged.ended += 1;
    }
    touched.postings = unpublish(conn, moment)?;
    aged.unpublished = touched.postings.len() as u64;
    Ok(aged)
}

/// Since when those of the residents are at work who are: the day their latest full-time job counts from.
fn at_work(conn: &mut Connection, open: &[ReferralRow], today: NaiveDate) -> Result<HashMap<i64, NaiveDate>, AppError> {
    let mut people: Vec<i64> = open.iter().map(|row| row.data.resident_id).collect();
    people.sort_unstable();
    people.dedup();
    let rules = settings::coverage_rules(conn, today)?;
    let mut since: HashMap<i64, NaiveDate> = HashMap::new();
    for row in spells::of_residents(conn, &people)? {
        let job = row.data;
        if follow::is_at_work(&job, &rules) && job.counted_from <= today && job.end_on.is_none_or(|end| today < end) {
            let latest = since.entry(job.resident_id).or_insert(job.counted_from);
            *latest = job.counted_from.max(*latest);
        }
    }
    Ok(since)
}

/// Takes down what nobody confirmed for too long. It becomes a draft: its employer looks at it and publishes it again.
fn unpublish(conn: &mut Connection, (now, today): Moment) -> Result<Vec<i64>, AppError> {
    let day = before(today, settings::posting_confirmation_days(conn, today)?);
    let mut taken_down = Vec::new();
    for mut row in postings::unconfirmed_since(conn, (day, day_start(day.succ_opt().unwrap_or(day))))? {
        row.data.status = PostingStatus::Draft;
        postings::update(conn, row.id, row.version, &row.data, now)?;
        notices::tell(conn, row.data.employer_id, NoticeKind::PostingUnpublished, (None, row.id), (now, today))?;
        taken_down.push(row.id);
    }
    Ok(taken_down)
}
