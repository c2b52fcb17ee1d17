//! Which households became uncovered between two days, and which are it no more?
//!
//! Invariant: uncovered before + entered − left = uncovered after, since each household that is uncovered on one of the days only has
//! exactly one [`Movement`]. Both days are counted by the rules of their own day, from the same facts as every other number. Cost: two
//! passes over the households.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts::{Facts, exists_on};
use super::report::{HouseholdLine, line};
use crate::domain::codes::{CoverageState, code_list};
use crate::domain::coverage::{CoverageRules, HouseholdFacts, household_coverage};

code_list! {
    /// How a household came to be uncovered, or stopped to be it.
    Movement {
        LostJob = "lost_job", "失去了工作", "lost its job";
        EmployableAgain = "employable_again", "由不计入转来", "counted again";
        New = "new", "新建户", "new household";
        FoundJob = "found_job", "有人就业", "found work";
        Exempted = "exempted", "转为不计入", "left out of the count";
        Gone = "gone", "户已不在", "household gone";
    }
}

impl Movement {
    /// Whether it adds to the uncovered.
    #[must_use]
    pub const fn is_entry(self) -> bool {
        matches!(self, Self::LostJob | Self::EmployableAgain | Self::New)
    }
}

/// A day and the rules that hold on it.
pub type Ruled<'a> = (NaiveDate, &'a CoverageRules);

/// The uncovered households of two days and what lies between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub before: u64,
    pub after: u64,
    /// Only movements that happened.
    pub moved: BTreeMap<Movement, u64>,
}

impl Flow {
    #[must_use]
    pub fn entered(&self) -> u64 {
        self.sum(true)
    }

    #[must_use]
    pub fn left(&self) -> u64 {
        self.sum(false)
    }

    fn sum(&self, entries: bool) -> u64 {
        self.moved.iter().filter(|(movement, _)| movement.is_entry() == entries).map(|(_, n)| n).sum()
    }
}

/// `None` where the household does not exist on the day.
fn state(household: &HouseholdFacts, (day, rules): Ruled<'_>) -> Option<CoverageState> {
    exists_on(household, day).then(|| household_coverage(household, day, rules).state)
}

fn movement(household: &HouseholdFacts, before: Ruled<'_>, after: Ruled<'_>) -> Option<Movement> {
    use CoverageState::{Covered, Exempt, Uncovered};
    match (state(household, before), state(household, after)) {
        (Some(Uncovered), Some(Uncovered)) => None,
        (Some(Covered), Some(Uncovered)) => Some(Movement::LostJob),
        (Some(Exempt), Some(Uncovered)) => Some(Movement::EmployableAgain),
        (None, Some(Uncovered)) => Some(Movement::New),
        (Some(Uncovered), Some(Covered)) => Some(Movement::FoundJob),
        (Some(Uncovered), Some(Exempt)) => Some(Movement::Exempted),
        (Some(Uncovered), None) => Some(Movement::Gone),
        _ => None,
    }
}

/// What happened to the uncovered from one day to another.
#[must_use]
pub fn flow(facts: &Facts, before: Ruled<'_>, after: Ruled<'_>) -> Flow {
    let mut flow = Flow { from: before.0, to: after.0, ..Flow::default() };
    for household in &facts.households {
        let is_uncovered = |on| u64::from(state(household, on) == Some(CoverageState::Uncovered));
        flow.before += is_uncovered(before);
        flow.after += is_uncovered(after);
        if let Some(movement) = movement(household, before, after) {
            *flow.moved.entry(movement).or_default() += 1;
        }
    }
    flow
}

/// The households behind one movement, by id, as they are on the later day; those that are gone as they were.
#[must_use]
pub fn list(facts: &Facts, before: Ruled<'_>, after: Ruled<'_>, wanted: Movement) -> Vec<HouseholdLine> {
    let (day, rules) = if wanted == Movement::Gone { before } else { after };
    let households = facts.places.iter().zip(&facts.households);
    let moved = households.filter(|(_, household)| movement(household, before, after) == Some(wanted));
    moved.map(|(place, household)| line(place, household, day, rules)).collect()
}
