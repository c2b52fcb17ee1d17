//! How many households each counselor visited in a week, against the weekly target.
//!
//! Invariant: a household counts once a week and account, however often and in whatever way it was visited; a week goes from Monday to
//! Sunday and is measured by the target that holds on its Monday. Cost: the visits of the weeks asked for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{Visit, VisitFilter, views};
use crate::app::error::AppError;
use crate::app::{Connection, settings};
use crate::db::access as places;
use crate::db::accounts::{self, roles};
use crate::db::visits as rows;
use crate::domain::access::Role;
use crate::domain::visit::{VisitStatus, is_met, monday, sunday};

/// A counselor's week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub week_start: NaiveDate,
    /// `None` = the command line.
    pub account: Option<i64>,
    pub name: Option<String>,
    pub target: u32,
    /// Households visited.
    pub visited: u64,
    /// Those of them where somebody was met.
    pub met: u64,
    /// Households with a visit planned and none made yet.
    pub planned: u64,
}

impl Progress {
    /// Households still to be visited.
    #[must_use]
    pub fn to_go(&self) -> u64 {
        u64::from(self.target).saturating_sub(self.visited)
    }
}

/// Weeks up to one, by any day of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weeks {
    pub until: NaiveDate,
    /// At least 1.
    pub count: u32,
}

impl Weeks {
    /// Their Mondays, the latest first.
    fn mondays(self) -> Vec<NaiveDate> {
        let last = monday(self.until);
        (0..u64::from(self.count.max(1))).filter_map(|n| last.checked_sub_days(Days::new(7 * n))).collect()
    }
}

/// Households with their visits in one week.
#[derive(Default)]
struct Count {
    visited: BTreeSet<i64>,
    met: BTreeSet<i64>,
    planned: BTreeSet<i64>,
}

/// One account's weeks, the latest first.
///
/// # Errors
/// If the database fails.
pub fn own(conn: &mut Connection, account: Option<i64>, weeks: Weeks) -> Result<Vec<Progress>, AppError> {
    let filter = VisitFilter { account, ..VisitFilter::default() };
    let mut counts = count(conn, filter, weeks)?;
    let name = account.map(|id| accounts::get(conn, id)).transpose()?.map(|row| row.data.display_name);
    let mut found = Vec::new();
    for week in weeks.mondays() {
        let target = settings::visit_weekly_target(conn, week)?;
        let count = counts.remove(&(week, account)).unwrap_or_default();
        found.push(progress((week, target), (account, name.clone()), &count));
    }
    Ok(found)
}

/// The weeks of every counselor who is in charge of some of these areas or went there (`None` = of all areas), the latest week first,
/// then by account. Only visits in these areas count.
///
/// # Errors
/// If the database fails.
pub fn by_counselor(conn: &mut Connection, within: Option<&[i64]>, weeks: Weeks) -> Result<Vec<Progress>, AppError> {
    let filter = VisitFilter { within: within.map(<[i64]>::to_vec), ..VisitFilter::default() };
    let counts = count(conn, filter, weeks)?;
    let in_charge = counselors(conn, within)?;
    let names: BTreeMap<i64, String> =
        accounts::all(conn)?.into_iter().map(|row| (row.id, row.data.display_name)).collect();
    let mut found = Vec::new();
    for week in weeks.mondays() {
        let target = settings::visit_weekly_target(conn, week)?;
        let went = counts.keys().filter(|(of, _)| *of == week).map(|(_, account)| *account);
        let accounts: BTreeSet<Option<i64>> = in_charge.iter().copied().map(Some).chain(went).collect();
        for account in accounts {
            let name = account.and_then(|id| names.get(&id).cloned());
            let nothing = Count::default();
            let count = counts.get(&(week, account)).unwrap_or(&nothing);
            found.push(progress((week, target), (account, name), count));
        }
    }
    Ok(found)
}

fn progress(
    (week_start, target): (NaiveDate, u32),
    (account, name): (Option<i64>, Option<String>),
    count: &Count,
) -> Progress {
    let number = |set: &BTreeSet<i64>| set.len() as u64;
    let planned = count.planned.difference(&count.visited).count() as u64;
    Progress { week_start, account, name, target, visited: number(&count.visited), met: number(&count.met), planned }
}

fn count(
    conn: &mut Connection,
    filter: VisitFilter,
    weeks: Weeks,
) -> Result<BTreeMap<(NaiveDate, Option<i64>), Count>, AppError> {
    let mondays = weeks.mondays();
    let (Some(last), Some(first)) = (mondays.first(), mondays.last()) else { return Ok(BTreeMap::new()) };
    // Without an account the list is everybody's: it is told apart below.
    let found = rows::list(conn, &VisitFilter { from: Some(*first), until: Some(sunday(*last)), ..filter })?;
    let mut counts: BTreeMap<(NaiveDate, Option<i64>), Count> = BTreeMap::new();
    for Visit { household_id, account, fields, .. } in views(conn, found)? {
        let count = counts.entry((monday(fields.visit_on), account)).or_default();
        match fields.status {
            VisitStatus::Done => {
                count.visited.insert(household_id);
                if is_met(&fields.findings) {
                    count.met.insert(household_id);
                }
            }
            VisitStatus::Planned => {
                count.planned.insert(household_id);
            }
            VisitStatus::Cancelled => {}
        }
    }
    Ok(counts)
}

/// The accounts that may sign in and are counselors of some of these areas, or of an area around them.
fn counselors(conn: &mut Connection, within: Option<&[i64]>) -> Result<BTreeSet<i64>, AppError> {
    let active: BTreeSet<i64> =
        accounts::all(conn)?.into_iter().filter(|row| row.data.disabled_at.is_none()).map(|row| row.id).collect();
    let mut found = BTreeSet::new();
    for row in roles::all(conn)? {
        if row.role != Role::Counselor || !active.contains(&row.account_id) {
            continue;
        }
        let reaches = match (row.area_id, within) {
            (None, _) | (_, None) => true,
            (Some(area), Some(within)) => {
                places::with_children(conn, &[area])?.iter().any(|area| within.contains(area))
            }
        };
        if reaches {
            found.insert(row.account_id);
        }
    }
    Ok(found)
}

/// The areas an account is a counselor of (`None` = of all).
///
/// # Errors
/// `NotFound` unless the account may sign in and is a counselor.
pub fn areas_of(conn: &mut Connection, account: i64) -> Result<Option<Vec<i64>>, AppError> {
    let row = accounts::get(conn, account)?;
    let held: Vec<Option<i64>> = roles::of(conn, &[account])?
        .into_iter()
        .filter(|row| row.role == Role::Counselor)
        .map(|row| row.area_id)
        .collect();
    if held.is_empty() || row.data.disabled_at.is_some() {
        return Err(AppError::NotFound);
    }
    if held.contains(&None) {
        return Ok(None);
    }
    let areas: Vec<i64> = held.into_iter().flatten().collect();
    Ok(Some(places::with_children(conn, &areas)?))
}
