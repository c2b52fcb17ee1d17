//! The state of the community on one page: coverage by group, how it came about, how firm it is, the places that are open.
//!
//! Invariant: everything is read in one transaction from one set of facts, so the figures belong to one moment and to each other; the
//! monthly page is the same overview on the month's last day. Cost: one scan of the facts, a count of them for each of [`MONTHS`] month
//! ends, the referrals of the year and the recognitions of the month.

use chrono::{Datelike, NaiveDate};

use crate::app::clock::kept::{GridKept, Recognised, kept};
use crate::app::coverage::facts::{self, Facts};
use crate::app::coverage::flow::{Flow, flow};
use crate::app::coverage::report::{self, CoverageReport, Group, GroupBy};
use crate::app::coverage::workers::{self, WorkersReport};
use crate::app::error::AppError;
use crate::app::funnel::{Funnel, funnel};
use crate::app::{Connection, settings};
use crate::db::areas;
use crate::db::postings::{self, OpenPlaces};
use crate::db::rows::Page;
use crate::domain::clock::ClockRules;
use crate::domain::codes::AreaKind;
use crate::domain::coverage::{CoverageRules, Tally};

/// Month ends of the trend.
const MONTHS: u32 = 12;

/// What the first page shows.
#[derive(Clone, Debug)]
pub struct Overview {
    pub coverage: CoverageReport,
    pub rules: CoverageRules,
    pub clock_rules: ClockRules,
    pub open: OpenPlaces,
    /// The name of the community where there is exactly one.
    pub community: Option<String>,
    /// The same households by channel.
    pub channels: Vec<Group>,
    pub workers: WorkersReport,
    /// Oldest first; the last is the day itself.
    pub trend: Vec<(NaiveDate, Tally)>,
    /// Since the end of the month before.
    pub flow: Flow,
    /// Of the referrals proposed since New Year.
    pub funnel: Funnel,
    /// Of the recognitions since the first of the month; the sum is last.
    pub kept: Vec<GridKept>,
}

/// Reads the state on a day, in these areas (`None` = in all).
///
/// # Errors
/// If the database fails.
pub fn overview(
    conn: &mut Connection,
    (as_of, by): (NaiveDate, GroupBy),
    within: Option<&[i64]>,
) -> Result<Overview, AppError> {
    let rules = settings::coverage_rules(conn, as_of)?;
    let facts = facts::load_within(conn, within)?;
    let coverage = report::report(&facts, as_of, &rules, Some(by));
    let before = before_month(as_of);
    let recognised = Recognised { between: (first_of_month(as_of), as_of), as_of, within };
    Ok(Overview {
        trend: trend(conn, &facts, as_of, coverage.total)?,
        flow: flow(&facts, (before, &settings::coverage_rules(conn, before)?), (as_of, &rules)),
        funnel: funnel(conn, &facts, (new_year(as_of), as_of), within)?,
        kept: kept(conn, &recognised)?,
        channels: report::report(&facts, as_of, &rules, Some(GroupBy::Channel)).groups,
        workers: workers::report(&facts, as_of, &rules),
        open: postings::open_places(conn, as_of)?,
        clock_rules: settings::clock_rules(conn, as_of)?,
        community: community(conn)?,
        coverage,
        rules,
    })
}

fn community(conn: &mut Connection) -> Result<Option<String>, AppError> {
    let communities = areas::AreaFilter { kind: Some(AreaKind::Community), ..areas::AreaFilter::default() };
    // Two are enough to know that there is more than one.
    let mut found = areas::page(conn, &communities, Page { after: 0, limit: 2 })?;
    Ok(if found.len() == 1 { found.pop().map(|area| area.data.name) } else { None })
}

/// Each month end by the rules of its day; months before there were rules have no point.
fn trend(
    conn: &mut Connection,
    facts: &Facts,
    as_of: NaiveDate,
    now: Tally,
) -> Result<Vec<(NaiveDate, Tally)>, AppError> {
    let mut points = Vec::new();
    for day in report::month_ends(as_of, MONTHS) {
        if day < as_of && day >= settings::since_ever() {
            let rules = settings::coverage_rules(conn, day)?;
            points.push((day, report::report(facts, day, &rules, None).total));
        }
    }
    points.push((as_of, now));
    Ok(points)
}

/// The first day of a day's month.
#[must_use]
pub fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day of the month before.
#[must_use]
pub fn before_month(day: NaiveDate) -> NaiveDate {
    let first = first_of_month(day);
    first.pred_opt().unwrap_or(first)
}

/// The first day of a day's year.
#[must_use]
pub fn new_year(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day)
}
