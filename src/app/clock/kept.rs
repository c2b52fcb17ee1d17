//! Was the clock kept? The households recognised in a period, and of each step how many had it in time.
//!
//! Invariant: of every recognition of the period each step is in time, late, still open or not needed any more, so the four add up; a
//! number and its list are the same pass. As of the day given: what was done later, or ended later, is not seen. Cost: the recognitions of
//! the period, [`CHUNK`] at a time.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Recognition;
use super::context::Context;
use super::totals::{CHUNK, StepCount};
use crate::app::coverage::facts;
use crate::app::coverage::report::{HouseholdLine, line};
use crate::app::error::AppError;
use crate::app::{Connection, Page, settings};
use crate::db::recognitions::{self as rows, RecognitionFilter, RecognitionRow};
use crate::domain::clock::{ClockStep, StepStanding, StepState};
use crate::domain::coverage::HouseholdFacts;

/// A grid's recognitions of a period, or all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridKept {
    /// `None` for the sum.
    pub grid: Option<String>,
    pub recognised: u64,
    /// In the order of [`ClockStep::ALL`].
    steps: BTreeMap<ClockStep, StepCount>,
}

impl GridKept {
    #[must_use]
    pub fn of(&self, step: ClockStep) -> StepCount {
        self.steps.get(&step).copied().unwrap_or_default()
    }

    fn add(&mut self, seen: &Recognition) {
        self.recognised += 1;
        for step in &seen.steps {
            self.steps.entry(step.step).or_default().add(step.state);
        }
    }
}

/// Which recognitions are asked about.
#[derive(Clone, Copy, Debug)]
pub struct Recognised<'a> {
    /// Recognised on one of these days, both included.
    pub between: (NaiveDate, NaiveDate),
    pub as_of: NaiveDate,
    /// Of households in these areas; `None` = in all.
    pub within: Option<&'a [i64]>,
}

/// A recognised household of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLine {
    pub household: HouseholdLine,
    pub recognised_on: NaiveDate,
    pub step: StepStanding,
}

/// How the clock was kept, by grid and together; the sum is last.
///
/// # Errors
/// If the database fails.
pub fn kept(conn: &mut Connection, asked: &Recognised<'_>) -> Result<Vec<GridKept>, AppError> {
    let (mut grids, mut all) = (BTreeMap::<i64, GridKept>::new(), GridKept::default());
    each(conn, asked, |seen, place, _| {
        let of_grid = || GridKept { grid: Some(place.grid_key.clone()), ..GridKept::default() };
        grids.entry(place.grid_id).or_insert_with(of_grid).add(&seen);
        all.add(&seen);
    })?;
    Ok(grids.into_values().chain([all]).collect())
}

/// The recognitions, those in which a step stands so if one is named, in one grid if one is named; by id.
///
/// # Errors
/// If the database fails.
pub fn list(
    conn: &mut Connection,
    asked: &Recognised<'_>,
    standing: Option<(ClockStep, StepState)>,
    grid: Option<&str>,
) -> Result<Vec<KeptLine>, AppError> {
    let rules = settings::coverage_rules(conn, asked.as_of)?;
    let mut found = Vec::new();
    each(conn, asked, |seen, place, household| {
        if grid.is_some_and(|grid| grid != place.grid_key) {
            return;
        }
        // Without a step in question the first one is told.
        let (step, state) =
            (standing.map_or(ClockStep::FirstService, |(step, _)| step), standing.map(|(_, state)| state));
        let told = seen.steps.iter().find(|told| told.step == step);
        if let Some(told) = told.filter(|told| state.is_none_or(|state| told.state == state)) {
            let household = line(place, household, asked.as_of, &rules);
            found.push(KeptLine { household, recognised_on: seen.recognised_on, step: *told });
        }
    })?;
    Ok(found)
}

/// Looks at every recognition of the period.
fn each(
    conn: &mut Connection,
    asked: &Recognised<'_>,
    mut look: impl FnMut(Recognition, &facts::Place, &HouseholdFacts),
) -> Result<(), AppError> {
    let within = asked.within.map(<[i64]>::to_vec);
    let filter = RecognitionFilter { between: Some(asked.between), within, ..RecognitionFilter::default() };
    let mut next = Page::first(CHUNK);
    loop {
        let mut found = rows::page(conn, &filter, next)?;
        let Some(last) = found.last().map(|row| row.id) else { return Ok(()) };
        found.iter_mut().for_each(|row| forget_after(row, asked.as_of));
        let context = Context::load(conn, &found, asked.as_of)?;
        for row in &found {
            let (place, household) = context.household(row)?;
            look(context.view(row)?, place, household);
        }
        next.after = last;
    }
}

/// A recognition as it stood at the end of a day.
fn forget_after(row: &mut RecognitionRow, day: NaiveDate) {
    if row.data.ended_on.is_some_and(|ended| ended > day) {
        (row.data.ended_on, row.data.end_reason, row.data.ended_by) = (None, None, None);
    }
}
