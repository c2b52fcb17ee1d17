//! How soon does an employer answer?
//!
//! Counted over the referrals it was told of whose time to answer has come: those answered, and those older than the reminder's days.
//! A referral that ended before by another hand (withdrawn, obsolete, refused by the person) asks nothing of the employer and is left
//! out.

use chrono::{Days, NaiveDate};

use crate::app::error::AppError;
use crate::app::{Connection, settings};
use crate::db::employers;
use crate::db::referrals::{self as rows, ReferralRow};
use crate::domain::referral::ReferralState;

/// An employer's answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResponseRate {
    /// Referrals it was told of.
    pub referred: u64,
    pub answered: u64,
    /// Of these, within the days after which it is reminded.
    pub answered_in_time: u64,
    /// Waiting for its first answer.
    pub waiting: u64,
    /// Of these, longer than those days.
    pub overdue: u64,
    /// Closed because it never answered.
    pub expired: u64,
    /// Middle number of days to the first answer.
    pub median_days: Option<u32>,
    /// Basis points: answered in time, of those whose time to answer has come; `None` where there are none.
    pub rate: Option<u32>,
}

/// The answers of one employer as of a day.
///
/// # Errors
/// `NotFound`.
pub fn of_employer(conn: &mut Connection, employer: i64, today: NaiveDate) -> Result<ResponseRate, AppError> {
    employers::get(conn, employer)?;
    let days = settings::referral_reminder_days(conn, today)?;
    Ok(count(&rows::told(conn, employer)?, days, today))
}

fn count(rows: &[ReferralRow], days: u32, today: NaiveDate) -> ResponseRate {
    let mut rate = ResponseRate::default();
    let mut waited = Vec::new();
    for row in rows {
        let Some(told) = row.data.referred_on else { continue };
        let due = told.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
        rate.referred += 1;
        match row.data.answered_on {
            Some(answered) => {
                rate.answered += 1;
                rate.answered_in_time += u64::from(answered <= due);
                waited.push(u32::try_from((answered - told).num_days()).unwrap_or_default());
            }
            None if row.data.state == ReferralState::Expired => rate.expired += 1,
            None if row.data.state == ReferralState::Referred => {
                rate.waiting += 1;
                rate.overdue += u64::from(due < today);
            }
            None => {}
        }
    }
    waited.sort_unstable();
    rate.median_days = waited.get(waited.len() / 2).copied();
    let asked = rate.answered + rate.expired + rate.overdue;
    rate.rate = (rate.answered_in_time * 10_000).checked_div(asked).and_then(|points| u32::try_from(points).ok());
    rate
}
