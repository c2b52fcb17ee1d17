//! How the clock is kept, grid by grid: the recognised households, and of each step how many are done in time, open and late.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Recognition;
use super::context::Context;
use crate::app::coverage::facts;
use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::db::recognitions::{self as rows, RecognitionFilter};
use crate::domain::clock::{ClockState, ClockStep, StepState};

/// Where the households of a grid stand with one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepCount {
    pub done: u64,
    pub open: u64,
    pub late: u64,
    pub not_needed: u64,
}

impl StepCount {
    pub(super) const fn add(&mut self, state: StepState) {
        match state {
            StepState::Done => self.done += 1,
            StepState::Open => self.open += 1,
            StepState::Late => self.late += 1,
            StepState::NotNeeded => self.not_needed += 1,
        }
    }
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
    /// Of those waiting, by step.
    pub steps: BTreeMap<&'static str, StepCount>,
}

impl GridClock {
    fn add(&mut self, seen: &Recognition) {
        if seen.covered_on.is_some() {
            self.covered += 1;
            return;
        }
        self.waiting += 1;
        self.overdue += u64::from(seen.state == ClockState::Overdue);
        for step in &seen.steps {
            self.steps.entry(step.step.code()).or_default().add(step.state);
        }
    }
}

/// Rows read at a time.
pub(super) const CHUNK: i64 = 500;

/// The open recognitions in these areas (`None` = in all), by grid and together; the sum is last.
///
/// # Errors
/// If the database fails.
pub fn totals(conn: &mut Connection, within: Option<&[i64]>, today: NaiveDate) -> Result<Vec<GridClock>, AppError> {
    let filter = RecognitionFilter { open: true, within: within.map(<[i64]>::to_vec), ..RecognitionFilter::default() };
    let (mut grids, mut all) = (BTreeMap::<i64, GridClock>::new(), GridClock::default());
    let mut next = Page::first(CHUNK);
    loop {
        let found = rows::page(conn, &filter, next)?;
        let Some(last) = found.last().map(|row| row.id) else { break };
        let context = Context::load(conn, &found, today)?;
        for row in &found {
            let (place, household) = context.household(row)?;
            if !facts::exists_on(household, today) {
                continue;
            }
            let seen = context.view(row)?;
            let of_grid = grids.entry(place.grid_id).or_insert_with(|| GridClock {
                grid_id: Some(place.grid_id),
                grid: place.grid_key.clone(),
                ..GridClock::default()
            });
            of_grid.add(&seen);
            all.add(&seen);
        }
        next.after = last;
    }
    for step in ClockStep::ALL {
        all.steps.entry(step.code()).or_default();
    }
    Ok(grids.into_values().chain([all]).collect())
}
