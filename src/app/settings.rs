//! Settings with effective dates: the thresholds that differ between provinces and years.
//!
//! Invariant: a rule of the past is computed with the value that held on its day. The first values are written when the database
//! is made ([`DEFAULTS`]); a value that cannot be read is an error, never a silent default.

use std::str::FromStr;

use chrono::NaiveDate;

use crate::app::error::AppError;
use crate::db::{AnyConnection, settings};
use crate::domain::ages::LabourAge;
use crate::domain::coverage::CoverageRules;

/// Youngest and oldest completed years of the ledger's labour age.
pub const LABOUR_AGE_FROM: &str = "labour_age_from";
pub const LABOUR_AGE_TO: &str = "labour_age_to";
/// Whether farming counts as employment: `true` or `false`.
pub const FARMING_COUNTS: &str = "farming_counts";
/// Yuan a month from which pay is decent.
pub const DECENT_PAY: &str = "decent_pay";
/// Evidence younger than this many days verifies a spell.
pub const VERIFIED_DAYS: &str = "verified_days";
/// A single earner is at risk when something ends within this many days.
pub const AT_RISK_DAYS: &str = "at_risk_days";

/// The values a new database starts with (domain.md §4).
pub const DEFAULTS: [(&str, &str); 6] = [
    (LABOUR_AGE_FROM, "16"),
    (LABOUR_AGE_TO, "59"),
    (FARMING_COUNTS, "false"),
    (DECENT_PAY, "2600"),
    (VERIFIED_DAYS, "180"),
    (AT_RISK_DAYS, "90"),
];

/// The day the first values hold from, and the first day anything is counted on.
#[must_use]
pub fn since_ever() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// The coverage rules that hold on a day.
pub fn coverage_rules(conn: &mut AnyConnection, on: NaiveDate) -> Result<CoverageRules, AppError> {
    let from = value(conn, LABOUR_AGE_FROM, on)?;
    let to = value(conn, LABOUR_AGE_TO, on)?;
    Ok(CoverageRules {
        labour_age: LabourAge::new(from, to).ok_or_else(|| unreadable(LABOUR_AGE_TO))?,
        farming_counts: value(conn, FARMING_COUNTS, on)?,
        decent_pay: value(conn, DECENT_PAY, on)?,
        verified_days: value(conn, VERIFIED_DAYS, on)?,
        at_risk_days: value(conn, AT_RISK_DAYS, on)?,
    })
}

fn value<T: FromStr>(conn: &mut AnyConnection, key: &'static str, on: NaiveDate) -> Result<T, AppError> {
    let text = settings::setting_on(conn, key, on)?.ok_or_else(|| unreadable(key))?;
    text.parse().map_err(|_| unreadable(key))
}

fn unreadable(key: &'static str) -> AppError {
    anyhow::anyhow!("setting {key} is missing or cannot be read").into()
}
