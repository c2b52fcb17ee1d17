//! Counting: one pass over the households of a date, into a total and groups that add up to it.
//!
//! Invariant: every household is counted in the total and in exactly one group, by the same [`Tally::add`]; the list behind a
//! number is the same pass with a filter, so ledger and report cannot disagree. Cost: linear in households and spells.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};

use super::facts::{Facts, Place};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{
    CoverageRules, ExemptReason, HouseholdCoverage, HouseholdFacts, Need, Tally, household_coverage,
    member_employability,
};
use crate::domain::employability::{Employability, Unrecorded};
use crate::domain::statutory::StatutoryReport;

/// What households are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    #[default]
    Grid,
    Building,
    /// Home township the family moved from.
    Township,
    /// Employment channel of the household; `none` for those not covered.
    Channel,
}

impl GroupBy {
    pub const ALL: [Self; 4] = [Self::Grid, Self::Building, Self::Township, Self::Channel];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Building => "building",
            Self::Township => "township",
            Self::Channel => "channel",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.code() == code)
    }

    /// The group a household belongs to: two groups never have the same key. Names repeat between grids and communities, so
    /// areas are named by [`super::facts::Place::grid_key`]; a township recorded as "unknown" is not known.
    fn key(self, place: &Place, coverage: &HouseholdCoverage) -> String {
        match self {
            Self::Grid => place.grid_key.clone(),
            Self::Building => place.building_key.clone(),
            Self::Township => place.township.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            Self::Channel => coverage.channel.map_or(NO_CHANNEL, |channel| channel.code()).to_owned(),
        }
    }

    /// Groups are listed as people count them: areas as they were entered (第二网格 before 第三网格), channels in their own order.
    fn position(self, place: &Place, coverage: &HouseholdCoverage) -> i64 {
        match self {
            Self::Grid => place.grid_id,
            Self::Building => place.building_id,
            Self::Township => i64::from(place.township.as_deref().is_none_or(|township| township == UNKNOWN)),
            Self::Channel => coverage.channel.map_or(i64::MAX, |channel| channel as i64),
        }
    }
}

/// Key of the households whose home township is not recorded.
pub const UNKNOWN: &str = "unknown";
/// Channel of a household that is not covered.
pub const NO_CHANNEL: &str = "none";

/// Coverage of all households on one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageReport {
    pub as_of: NaiveDate,
    pub total: Tally,
    /// The variant by statutory retirement (law.md §8), of the same households.
    pub statutory: StatutoryReport,
    /// Areas as they were entered, channels in their own order, townships by name; empty when no grouping was asked for.
    pub groups: Vec<Group>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub key: String,
    pub tally: Tally,
}

/// Counts all households on a date, and by group if asked.
#[must_use]
pub fn report(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules, by: Option<GroupBy>) -> CoverageReport {
    let mut total = Tally::default();
    let mut statutory = StatutoryReport::default();
    let mut groups: BTreeMap<(i64, String), Tally> = BTreeMap::new();
    for (place, household) in facts.on(as_of) {
        let coverage = household_coverage(household, as_of, rules);
        total.add(&coverage);
        statutory.add(household, as_of, rules.farming_counts);
        if let Some(by) = by {
            groups.entry((by.position(place, &coverage), by.key(place, &coverage))).or_default().add(&coverage);
        }
    }
    let groups = groups.into_iter().map(|((_, key), tally)| Group { key, tally }).collect();
    CoverageReport { as_of, total, statutory, groups }
}

/// Which households a list holds: the number it stands behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    pub state: Option<CoverageState>,
    pub exempt_reason: Option<ExemptReason>,
    pub figure: Option<Figure>,
    pub group: Option<(GroupBy, String)>,
}

/// A figure that is a subset of a state; each opens its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    ToHelp,
    Unwilling,
    Contested,
    Stable3m,
    Stable6m,
    Decent,
    Verified,
    SingleEarnerRisk,
}

impl Figure {
    pub const ALL: [Self; 8] = [
        Self::ToHelp,
        Self::Unwilling,
        Self::Contested,
        Self::Stable3m,
        Self::Stable6m,
        Self::Decent,
        Self::Verified,
        Self::SingleEarnerRisk,
    ];

    /// The figure's key in the report.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ToHelp => "to_help",
            Self::Unwilling => "unwilling",
            Self::Contested => "contested",
            Self::Stable3m => "stable_3m",
            Self::Stable6m => "stable_6m",
            Self::Decent => "decent",
            Self::Verified => "verified",
            Self::SingleEarnerRisk => "single_earner_risk",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.code() == code)
    }

    /// The same figure in a tally.
    #[must_use]
    pub const fn of(self, tally: &Tally) -> u64 {
        match self {
            Self::ToHelp => tally.to_help,
            Self::Unwilling => tally.unwilling,
            Self::Contested => tally.contested,
            Self::Stable3m => tally.stable_3m,
            Self::Stable6m => tally.stable_6m,
            Self::Decent => tally.decent,
            Self::Verified => tally.verified,
            Self::SingleEarnerRisk => tally.single_earner_risk,
        }
    }

    fn holds(self, coverage: &HouseholdCoverage) -> bool {
        match self {
            Self::ToHelp => coverage.need == Some(Need::ToHelp),
            Self::Unwilling => coverage.need == Some(Need::Unwilling),
            Self::Contested => coverage.is_contested(),
            Self::Stable3m => coverage.stable_3m,
            Self::Stable6m => coverage.stable_6m,
            Self::Decent => coverage.decent,
            Self::Verified => coverage.verified,
            Self::SingleEarnerRisk => coverage.single_earner_risk.is_some(),
        }
    }
}

/// One household of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdLine {
    pub place: Place,
    pub coverage: HouseholdCoverage,
    /// What is not recorded of members who count as employable for that reason; in order, without repetition.
    pub unrecorded: Vec<Unrecorded>,
}

/// The households behind a number, by household id.
#[must_use]
pub fn list(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules, filter: &ListFilter) -> Vec<HouseholdLine> {
    facts
        .on(as_of)
        .map(|(place, household)| (place, household, household_coverage(household, as_of, rules)))
        .filter(|(place, _, coverage)| {
            filter.state.is_none_or(|state| coverage.state == state)
                && filter.exempt_reason.is_none_or(|reason| coverage.exempt_reason == Some(reason))
                && filter.figure.is_none_or(|figure| figure.holds(coverage))
                && filter.group.as_ref().is_none_or(|(by, key)| by.key(place, coverage) == *key)
        })
        .map(|(place, household, coverage)| {
            let unrecorded = unrecorded(household, as_of, rules);
            HouseholdLine { place: place.clone(), coverage, unrecorded }
        })
        .collect()
}

/// One household as a list shows it.
pub(in crate::app) fn line(
    place: &Place,
    household: &HouseholdFacts,
    as_of: NaiveDate,
    rules: &CoverageRules,
) -> HouseholdLine {
    HouseholdLine {
        place: place.clone(),
        coverage: household_coverage(household, as_of, rules),
        unrecorded: unrecorded(household, as_of, rules),
    }
}

fn unrecorded(household: &HouseholdFacts, as_of: NaiveDate, rules: &CoverageRules) -> Vec<Unrecorded> {
    let members = member_employability(household, as_of, &rules.labour_age);
    let unknown: BTreeSet<Unrecorded> = members
        .into_iter()
        .filter_map(|(_, answer)| match answer {
            Employability::Employable { unknown } => Some(unknown),
            Employability::NotEmployable(_) => None,
        })
        .flatten()
        .collect();
    unknown.into_iter().collect()
}

/// The last days of the `n_months` months that end on or before `until`, oldest first.
#[must_use]
pub fn month_ends(until: NaiveDate, n_months: u32) -> Vec<NaiveDate> {
    let mut ends = Vec::new();
    // The day after `until` belongs to the month whose predecessor is the newest finished one.
    let mut first_of_month = until.succ_opt().unwrap_or(until).with_day(1);
    while let Some(first) = first_of_month {
        if ends.len() >= n_months as usize {
            break;
        }
        let Some(end) = first.checked_sub_days(Days::new(1)) else { break };
        ends.push(end);
        first_of_month = end.with_day(1);
    }
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn month_ends_are_finished_months() {
        assert_eq!(month_ends(day(2026, 3, 30), 2), [day(2026, 1, 31), day(2026, 2, 28)]);
        assert_eq!(month_ends(day(2026, 3, 31), 2), [day(2026, 2, 28), day(2026, 3, 31)]);
        assert_eq!(month_ends(day(2024, 3, 1), 1), [day(2024, 2, 29)]);
        assert!(month_ends(day(2024, 3, 1), 0).is_empty());
    }

    #[test]
    fn codes_round_trip() {
        for by in GroupBy::ALL {
            assert_eq!(GroupBy::from_code(by.code()), Some(by));
        }
        for figure in Figure::ALL {
            assert_eq!(Figure::from_code(figure.code()), Some(figure));
        }
    }
}
