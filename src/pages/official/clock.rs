//! How the clock was kept, as pages say it: of the recognitions of the month, each step in time, late and open.

use super::state::State;
use crate::app::clock::kept::GridKept;
use crate::app::overview::first_of_month;
use crate::domain::clock::{ClockStep, StepState};
use crate::domain::coverage::basis_points;

/// A step of the clock over all grids.
pub struct Step {
    pub label: String,
    pub done: u64,
    pub late: u64,
    /// Still in time, or not needed any more.
    pub others: u64,
    pub rate: Option<u32>,
    pub done_href: String,
    pub late_href: String,
}

/// A grid: who was late at the two ends of the clock.
pub struct Grid {
    pub name: String,
    pub recognised: u64,
    pub late_first: u64,
    pub late_covered: u64,
    pub href: String,
    pub first_href: String,
    pub covered_href: String,
}

impl State {
    /// Recognitions of the month.
    pub fn recognised(&self) -> u64 {
        self.overview.kept.last().map_or(0, |all| all.recognised)
    }

    pub fn recognised_href(&self) -> String {
        self.clock_list(&[("clock", "any")])
    }

    fn clock_list(&self, filters: &[(&str, &str)]) -> String {
        let since = first_of_month(self.as_of()).to_string();
        let filters: Vec<(&str, &str)> = filters.iter().copied().chain([("since", since.as_str())]).collect();
        self.list(&filters)
    }

    fn step_list(&self, step: ClockStep, state: StepState, grid: Option<&str>) -> String {
        let grid = grid.map(|grid| ("grid", grid));
        let filters: Vec<(&str, &str)> =
            [("clock", step.code()), ("stand", state.code())].into_iter().chain(grid).collect();
        self.clock_list(&filters)
    }

    fn step_label(&self, step: ClockStep) -> String {
        let rules = &self.overview.clock_rules;
        let name = self.words.label(step.label());
        let (days, needed) = match step {
            ClockStep::FirstService => (rules.first_service_days, None),
            ClockStep::Guidance => (rules.cover_days, Some(rules.guidance)),
            ClockStep::Offers => (rules.cover_days, Some(rules.offers)),
            ClockStep::TrainingOffer => (rules.cover_days, Some(rules.training_offers)),
            ClockStep::Covered => (rules.cover_days, None),
        };
        match (self.words.is_english(), needed) {
            (false, None) => format!("{days} 个工作日内{name}"),
            (false, Some(n)) => format!("{days} 个工作日内{name} {n} 次"),
            (true, None) => format!("{name} within {days} working days"),
            (true, Some(n)) => format!("{n} × {name} within {days} working days"),
        }
    }

    /// The steps over all grids, in the order they are due.
    pub fn steps(&self) -> Vec<Step> {
        let Some(all) = self.overview.kept.last() else { return Vec::new() };
        let step = |step: &ClockStep| {
            let count = all.of(*step);
            Step {
                label: self.step_label(*step),
                done: count.done,
                late: count.late,
                others: count.open + count.not_needed,
                rate: basis_points(count.done, count.done + count.late),
                done_href: self.step_list(*step, StepState::Done, None),
                late_href: self.step_list(*step, StepState::Late, None),
            }
        };
        ClockStep::ALL.iter().map(step).collect()
    }

    /// The grids, those with most late first.
    pub fn late_by_grid(&self) -> Vec<Grid> {
        let named = |kept: &GridKept| {
            let name = kept.grid.clone()?;
            Some(Grid {
                recognised: kept.recognised,
                late_first: kept.of(ClockStep::FirstService).late,
                late_covered: kept.of(ClockStep::Covered).late,
                href: self.clock_list(&[("clock", "any"), ("grid", &name)]),
                first_href: self.step_list(ClockStep::FirstService, StepState::Late, Some(&name)),
                covered_href: self.step_list(ClockStep::Covered, StepState::Late, Some(&name)),
                name,
            })
        };
        let mut grids: Vec<Grid> = self.overview.kept.iter().filter_map(named).collect();
        grids.sort_by_key(|grid| std::cmp::Reverse(grid.late_first + grid.late_covered));
        grids
    }
}
