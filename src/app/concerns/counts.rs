//! How many concerns were opened and closed in a month, and how many stood open and late at its end, grid by grid.
//!
//! Invariant: of every grid and month `open` is what was opened until then less what was closed until then, and the levels add up to
//! it. A resident is counted where they live today. Cost: the concerns open on some day of the period, and the households.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};

use super::Chain;
use crate::app::Connection;
use crate::app::error::AppError;
use crate::db::concerns::{self as rows, ConcernDays};
use crate::db::{areas, concerns};
use crate::domain::concern::ChainLevel;

/// The concerns of a grid, or of all of them, in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// `None` for the sum, and for residents of no household.
    pub grid_id: Option<i64>,
    /// Empty for the sum, and for residents of no household.
    pub grid: String,
    pub opened: u64,
    pub closed: u64,
    /// Of those closed: on the day they were opened.
    pub at_once: u64,
    /// At the end.
    pub open: u64,
    /// Of those open: late.
    pub overdue: u64,
    /// Of those open: who answers for them.
    pub levels: BTreeMap<ChainLevel, u64>,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthCount {
    pub first: NaiveDate,
    /// The day `open` and `overdue` are of: the month's last, or today.
    pub last: NaiveDate,
    /// By the grids' ids; residents of no household, if there are any, after them; the sum at the end.
    pub grids: Vec<Count>,
}

/// The last `n_months` months, this one included, the latest first.
///
/// # Errors
/// If the database fails.
pub fn months(
    conn: &mut Connection,
    within: Option<&[i64]>,
    (n_months, today): (u32, NaiveDate),
) -> Result<Vec<MonthCount>, AppError> {
    let mut periods: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    let this = today.with_day(1).unwrap_or(today);
    for n in 0..n_months {
        let Some(first) = this.checked_sub_months(Months::new(n)) else { break };
        let next = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt());
        periods.push((first, next.unwrap_or(today).min(today)));
    }
    let Some((first, _)) = periods.last().copied() else { return Ok(Vec::new()) };
    let found = rows::days_between(conn, (first, today), within)?;
    let grids = grids(conn, &found)?;
    let mut chain = Chain::load(conn)?;
    let mut months = Vec::new();
    for period in periods {
        let rows = count(conn, &mut chain, (&found, &grids), period)?;
        months.push(MonthCount { first: period.0, last: period.1, grids: rows });
    }
    Ok(months)
}

type Grid = (i64, String);

/// The grid of each resident who lives somewhere.
fn grids(conn: &mut Connection, found: &[ConcernDays]) -> Result<BTreeMap<i64, Grid>, AppError> {
    let residents: BTreeSet<i64> = found.iter().map(|row| row.resident_id).collect();
    let residents: Vec<i64> = residents.into_iter().collect();
    let areas: BTreeMap<i64, areas::AreaRow> = areas::all(conn)?.into_iter().map(|row| (row.id, row)).collect();
    let grid = |building: i64| {
        let grid = areas.get(&areas.get(&building)?.data.parent_id?)?;
        Some((grid.id, grid.data.name.clone()))
    };
    let homes = concerns::buildings_of(conn, &residents)?;
    Ok(homes.into_iter().filter_map(|(resident, building)| Some((resident, grid(building)?))).collect())
}

fn count(
    conn: &mut Connection,
    chain: &mut Chain,
    (found, grids): (&[ConcernDays], &BTreeMap<i64, Grid>),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Count>, AppError> {
    let none = || Count { levels: ChainLevel::ALL.iter().map(|level| (*level, 0)).collect(), ..Count::default() };
    let month = first..=last;
    // Residents of no household come after every grid.
    let mut counts: BTreeMap<(bool, i64), Count> = BTreeMap::new();
    let mut sum = none();
    for row in found {
        let is_open = row.opened_on <= last && row.closed_on.is_none_or(|closed| closed > last);
        let opened = month.contains(&row.opened_on);
        let closed = row.closed_on.filter(|day| month.contains(day));
        if !is_open && !opened && closed.is_none() {
            continue;
        }
        let grid = grids.get(&row.resident_id);
        let of_grid = counts.entry((grid.is_none(), grid.map_or(0, |grid| grid.0))).or_insert_with(|| Count {
            grid_id: grid.map(|grid| grid.0),
            grid: grid.map(|grid| grid.1.clone()).unwrap_or_default(),
            ..none()
        });
        let level = if is_open { Some(chain.level(conn, row.due_on, last)?) } else { None };
        for count in [of_grid, &mut sum] {
            count.opened += u64::from(opened);
            count.closed += u64::from(closed.is_some());
            count.at_once += u64::from(closed == Some(row.opened_on));
            count.open += u64::from(is_open);
            count.overdue += u64::from(is_open && row.due_on < last);
            if let Some(level) = level {
                *count.levels.entry(level).or_default() += 1;
            }
        }
    }
    Ok(counts.into_values().chain([sum]).collect())
}
