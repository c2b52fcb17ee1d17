//! Coverage by statutory retirement instead of the ledger's labour age: the variant printed beside the main figure
//! (law.md §8).
//!
//! Invariant: a household counts as employed only if it counts as having labour, so the numerator never passes the
//! denominator. Linear in the household's spells.

use chrono::NaiveDate;

use super::ages::{is_of_working_age, retirement_range};
use super::codes::{Channel, LabourClass, code_list};
use super::coverage::{HouseholdFacts, MemberFacts, basis_points};

/// Which people count. `Default` is the main variant: the weak class counts, people past retirement do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatutoryRules {
    /// Whether 弱劳动力或半劳动力 is labour.
    pub weak_counts: bool,
    /// Whether somebody working past retirement is labour, as long as the job lasts.
    pub over_age_workers_count: bool,
    pub farming_counts: bool,
}

impl Default for StatutoryRules {
    fn default() -> Self {
        Self { weak_counts: true, over_age_workers_count: false, farming_counts: false }
    }
}

code_list! {
    /// What a household is under this definition.
    StatutoryState {
        NoLabour = "no_labour", "无劳动力", "no labour";
        Employed = "employed", "有人就业", "somebody employed";
        ZeroEmployment = "zero_employment", "零就业", "nobody employed";
    }
}

/// The state of a household on a day under law.md §8.
#[must_use]
pub fn statutory_state(household: &HouseholdFacts, on: NaiveDate, rules: &StatutoryRules) -> StatutoryState {
    let mut has_labour = false;
    for member in &household.members {
        let employed = is_employed(member, on, rules);
        if is_labour(member, employed, on, rules) {
            if employed {
                return StatutoryState::Employed;
            }
            has_labour = true;
        }
    }
    if has_labour { StatutoryState::ZeroEmployment } else { StatutoryState::NoLabour }
}

/// labour(m) of law.md §8. What is not recorded counts in the person's favour, and an unknown retirement group excludes
/// nobody: the last of the possible days is taken.
fn is_labour(member: &MemberFacts, employed: bool, on: NaiveDate, rules: &StatutoryRules) -> bool {
    let person = &member.person;
    let weak = person.labour_class == Some(LabourClass::WeakOrHalf);
    if !person.is_current_member(on)
        || person.is_in_school()
        || person.absence.is_some()
        || person.has_no_capacity()
        || weak && !rules.weak_counts
    {
        return false;
    }
    person.birth_date.is_none_or(|birth| {
        let (_, retires) = retirement_range(member.sex, member.retirement_group, birth);
        is_of_working_age(birth, on) && (on < retires || rules.over_age_workers_count && employed)
    })
}

fn is_employed(member: &MemberFacts, on: NaiveDate, rules: &StatutoryRules) -> bool {
    let counts = |channel| rules.farming_counts || channel != Channel::Farming;
    member.spells.iter().any(|spell| spell.is_active(on) && counts(spell.channel))
}

/// The figure and the two printed beside it: without the weak class, and with people who work past retirement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatutoryReport {
    pub main: StatutoryTally,
    pub without_weak: StatutoryTally,
    pub with_over_age_workers: StatutoryTally,
}

impl StatutoryReport {
    /// Counts one household under all three.
    pub fn add(&mut self, household: &HouseholdFacts, on: NaiveDate, farming_counts: bool) {
        let main = StatutoryRules { farming_counts, ..StatutoryRules::default() };
        let without_weak = StatutoryRules { weak_counts: false, ..main };
        let with_over_age_workers = StatutoryRules { over_age_workers_count: true, ..main };
        self.main.add(statutory_state(household, on, &main));
        self.without_weak.add(statutory_state(household, on, &without_weak));
        self.with_over_age_workers.add(statutory_state(household, on, &with_over_age_workers));
    }
}

/// Sums over households.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatutoryTally {
    pub employed: u64,
    pub zero_employment: u64,
    /// Left out of the rate.
    pub no_labour: u64,
}

impl StatutoryTally {
    /// Counts one household.
    pub fn add(&mut self, state: StatutoryState) {
        match state {
            StatutoryState::Employed => self.employed += 1,
            StatutoryState::ZeroEmployment => self.zero_employment += 1,
            StatutoryState::NoLabour => self.no_labour += 1,
        }
    }

    /// Adds another tally of other households.
    pub fn merge(&mut self, other: &Self) {
        self.employed += other.employed;
        self.zero_employment += other.zero_employment;
        self.no_labour += other.no_labour;
    }

    /// Households the rate is about: those with labour.
    #[must_use]
    pub const fn counted(&self) -> u64 {
        self.employed + self.zero_employment
    }

    /// employed / (employed + zero employment) in basis points, rounded down; `None` when nobody is counted.
    #[must_use]
    pub fn rate(&self) -> Option<u32> {
        basis_points(self.employed, self.counted())
    }
}
