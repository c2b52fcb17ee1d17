//! Coverage as a use case: read the facts of one moment, count them by the rules that held on the day.
//!
//! Invariant: ledger and report are the same query. A number, its list and its point in the series come from
//! [`facts::load`] and [`crate::domain::coverage::household_coverage`], nothing is stored. Cost: one scan of the tables, then
//! microseconds a household; a series reads once and counts once per month.

pub mod behind;
pub mod facts;
pub mod flow;
pub mod report;
pub mod standing;
pub mod workers;

use chrono::NaiveDate;

use self::report::{CoverageReport, GroupBy, HouseholdLine, ListFilter};
use crate::app::error::AppError;
use crate::app::settings;
use crate::db::Db;

/// Counts on a date, by group if asked, of the households in these areas (`None` = of all).
pub fn coverage(
    db: &Db,
    as_of: NaiveDate,
    by: Option<GroupBy>,
    within: Option<&[i64]>,
) -> Result<CoverageReport, AppError> {
    db.read(|conn| {
        let rules = settings::coverage_rules(conn, as_of)?;
        Ok(report::report(&facts::load_within(conn, within)?, as_of, &rules, by))
    })
}

/// The households behind a number on a date, in id order.
pub fn households(
    db: &Db,
    as_of: NaiveDate,
    filter: &ListFilter,
    within: Option<&[i64]>,
) -> Result<Vec<HouseholdLine>, AppError> {
    db.read(|conn| {
        let rules = settings::coverage_rules(conn, as_of)?;
        Ok(report::list(&facts::load_within(conn, within)?, as_of, &rules, filter))
    })
}

/// Counts on the last day of each of the last `n_months` finished months, oldest first, each by the rules of its day. Months
/// before [`settings::since_ever`] have no rules and no point.
pub fn series(
    db: &Db,
    until: NaiveDate,
    n_months: u32,
    within: Option<&[i64]>,
) -> Result<Vec<CoverageReport>, AppError> {
    db.read(|conn| {
        let facts = facts::load_within(conn, within)?;
        report::month_ends(until, n_months)
            .into_iter()
            .filter(|as_of| *as_of >= settings::since_ever())
            .map(|as_of| Ok(report::report(&facts, as_of, &settings::coverage_rules(conn, as_of)?, None)))
            .collect()
    })
}
