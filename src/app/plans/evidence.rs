//! What keeps the uncovered households of a plan uncovered, added up from the evidence of each: counts, never names.
//!
//! Cost: the evidence of the households a plan leaves uncovered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::view::{self, HouseholdFilter};
use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::domain::codes::{PlanState, UncoveredClass};
use crate::domain::text::Text;
use crate::engine::gates::GATES;

/// How near each class is to being covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Of the households without an eligible posting: how many are one requirement away from one, by requirement, most first.
    pub one_step: Vec<(Text, u64)>,
    /// Households of that class with no posting even one requirement away.
    pub further: u64,
    /// Sets of households that compete for the same places: households, places, of them left out; most left out first.
    pub contests: Vec<Contest>,
}

/// Households whose postings together have too few places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contest {
    pub households: u64,
    pub postings: u64,
    pub vacancies: u64,
    pub left_out: u64,
}

/// Adds up the evidence of a plan.
///
/// # Errors
/// `NotFound`.
pub fn evidence(conn: &mut Connection, plan: i64) -> Result<Evidence, AppError> {
    let filter = HouseholdFilter { state: Some(PlanState::Uncovered), ..HouseholdFilter::default() };
    let rows = view::households(conn, plan, &filter, Page::first(i64::MAX))?;
    let mut found = Evidence::default();
    let mut near: BTreeMap<&'static str, (Text, u64)> = BTreeMap::new();
    for row in &rows {
        let Some(evidence) = &row.evidence else { continue };
        match row.class {
            Some(UncoveredClass::NoEligiblePosting) => match only_gate(evidence) {
                Some((code, label)) => near.entry(code).or_insert((label, 0)).1 += 1,
                None => found.further += 1,
            },
            // A set is written once, with the first of its households.
            Some(UncoveredClass::OutCompeted) if evidence["same_set_as_household_id"].is_null() => {
                found.contests.extend(contest(&evidence["counts"]));
            }
            _ => {}
        }
    }
    found.one_step = near.into_values().collect();
    found.one_step.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    found.contests.sort_by_key(|contest| std::cmp::Reverse(contest.left_out));
    Ok(found)
}

/// The one requirement that bars the nearest posting; `None` where there are several or there is none.
fn only_gate(evidence: &Value) -> Option<(&'static str, Text)> {
    let gates = evidence["smallest_relaxation"]["gates"].as_array()?;
    let codes: BTreeSet<&str> = gates.iter().filter_map(Value::as_str).collect();
    let code = codes.first().filter(|_| codes.len() == 1)?;
    let spec = GATES.iter().find(|spec| spec.code == *code)?;
    Some((spec.code, spec.label.into()))
}

fn contest(counts: &Value) -> Option<Contest> {
    let count = |name: &str| counts[name].as_u64();
    Some(Contest {
        households: count("households")?,
        postings: count("postings")?,
        vacancies: count("vacancies")?,
        left_out: count("stay_uncovered")?,
    })
}
