//! How the clock is kept, grid by grid: the recognised households, and of each step how many are done in time, open and late.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Rules, view};
use crate::app::coverage::facts;
use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::db::recognitions::{self as rows, RecognitionFilter};
use crate::domain::clock::{ClockStep, StepState};

/// Where the households of a grid stand with one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepCount {
    pub done: u64,
    pub open: u64,
    pub late: u64,
    pub not_needed: u64,
}

/// A grid, or all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridClock {
    /// `None` for the sum.
    pub grid_id: Option<i64>,
    pub grid: String,
    /// Households whose recognition has not ended and in which nobody works yet.
    pub waiting: u64,
    /// Recognised, and somebody works since.
    pub covered: u64,
    /// With at least one step late, of those waiting.
    pub overdue: u64,
    /// Of every recognition that has not ended, by step.
    pub steps: BTreeMap<&'static str, StepCount>,
}

/// Rows read at a time.
const CHUNK: i64 = 500;

/// The open recognitions in these areas (`None` = in all), by grid and together; the sum is last.
///
/// # Errors
/// If the database fails.
pub fn totals(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<GridClock>, AppError> {
    let rules = Rules::load(conn, today)?;
    let places = facts::load_within(conn, within)?.places;
    let grid_of: BTreeMap<i64, (i64, String)> =
        places.into_iter().map(|place| (place.household, (place.grid_id, place.grid_key))).collect();
    let filter = RecognitionFilter { household: None, open: true, within: within.map(<[i64]>::to_vec) };
    let (mut grids, mut all) = (BTreeMap::<i64, GridClock>::new(), GridClock::default());
    let mut next = Page::first(CHUNK);
    loop {
        let found = rows::page(conn, &filter, next)?;
        let Some(last) = found.last().map(|row| row.id) else { break };
        for row in found {
            let Some((grid_id, grid)) = grid_of.get(&row.data.household_id) else { continue };
            let seen = view(conn, row, &rules, today)?;
            let of_grid = grids.entry(*grid_id).or_insert_with(|| GridClock {
                grid_id: Some(*grid_id),
                grid: grid.clone(),
                ..GridClock::default()
            });
            for count in [of_grid, &mut all] {
                let waits = seen.covered_on.is_none();
                let is_late = seen.steps.iter().any(|step| step.state == StepState::Late);
                count.waiting += u64::from(waits);
                count.covered += u64::from(!waits);
                count.overdue += u64::from(waits && is_late);
                for step in &seen.steps {
                    let slot = count.steps.entry(step.step.code()).or_default();
                    match step.state {
                        StepState::Done => slot.done += 1,
                        StepState::Open => slot.open += 1,
                        StepState::Late => slot.late += 1,
                        StepState::NotNeeded => slot.not_needed += 1,
                    }
                }
            }
        }
        next.after = last;
    }
    for step in ClockStep::ALL {
        all.steps.entry(step.code()).or_default();
    }
    Ok(grids.into_values().chain([all]).collect())
}
