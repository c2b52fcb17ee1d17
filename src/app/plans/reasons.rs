//! Why each household a plan leaves uncovered is uncovered: the class and its evidence, stored with the plan.
//!
//! Made by [`crate::engine::plan::uncovered`] from the plan that is about to be stored. The evidence is data: ids and counts, and the
//! sentences made from them. A set of households that compete can be large and is written once, with the first of its households; the
//! others name that household.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::terms::Basis;
use crate::app::error::AppError;
use crate::db::plans::households::HouseholdRow;
use crate::domain::codes::UncoveredClass;
use crate::engine::gates::GATES;
use crate::engine::plan::Pair;
use crate::engine::plan::uncovered::{Opening, Reason, Report, Shut, TownRecords, classify};
use crate::engine::words::uncovered::sentences;

/// Pairs and postings written out for one household; the rest is a number. In a city somebody fits hundreds.
const MOST_LISTED: usize = 100;

/// The report of a plan's placements.
pub fn report(basis: &Basis, placements: &[Pair]) -> Result<Report, AppError> {
    let records =
        TownRecords::new(&basis.loaded.snapshot, basis.loaded.employable.clone()).leaving_out(basis.left_out());
    classify(&basis.terms, &basis.pairs(&basis.terms), placements, &records)
        .map_err(|fault| anyhow::anyhow!("a proved plan could be improved: {fault:?}").into())
}

/// Writes class and evidence into the rows of the households that stay uncovered.
pub fn explain(basis: &Basis, report: &Report, rows: &mut [HouseholdRow]) {
    let mut first_of: HashMap<usize, String> = HashMap::new();
    for found in &report.households {
        let household = found.household as usize;
        let mut evidence = evidence(basis, &found.reason, report, &mut first_of, basis.household_id(household));
        evidence["sentences"] = sentences(found, report, &basis.loaded.names)
            .into_iter()
            .map(|text| json!({"zh": text.zh, "en": text.en}))
            .collect();
        rows[household].class = Some(class(&found.reason));
        rows[household].evidence = Some(evidence.to_string());
    }
}

fn class(reason: &Reason) -> UncoveredClass {
    match reason {
        Reason::Unwilling { .. } => UncoveredClass::Unwilling,
        Reason::Declined { .. } => UncoveredClass::Declined,
        Reason::NoEligiblePosting { .. } => UncoveredClass::NoEligiblePosting,
        Reason::CareLimit { .. } => UncoveredClass::CareLimit,
        Reason::OutCompeted { .. } => UncoveredClass::OutCompeted,
    }
}

fn evidence(
    basis: &Basis,
    reason: &Reason,
    report: &Report,
    first_of: &mut HashMap<usize, String>,
    household: i64,
) -> Value {
    let residents = |list: &[u32]| -> Value { list.iter().map(|r| id(basis.resident_id(*r))).collect() };
    let postings = |list: &[u32]| -> Value { list.iter().map(|p| id(basis.posting_id(*p))).collect() };
    let own_postings = |list: &[u32]| postings(&list[..list.len().min(MOST_LISTED)]);
    let households = |list: &[u32]| -> Value { list.iter().map(|h| id(basis.household_id(*h as usize))).collect() };
    let pairs = |list: &[Pair]| -> Value { list.iter().take(MOST_LISTED).map(|pair| pair_of(basis, *pair)).collect() };
    match reason {
        Reason::Unwilling { members } => json!({"residents": residents(members)}),
        Reason::Declined { pairs: declined } => json!({"pairs": declined.len(), "declined": pairs(declined)}),
        Reason::CareLimit { n_pairs, barred } if barred.is_empty() => json!({"eligible_pairs": n_pairs}),
        Reason::CareLimit { barred, .. } => json!({"pairs": barred.len(), "barred_by_care": pairs(barred)}),
        Reason::NoEligiblePosting { forbidden, left_out, shut } => json!({
            "forbidden_pairs": forbidden.len(),
            "forbidden": pairs(forbidden),
            "left_out": residents(left_out),
            "pairs": shut.as_ref().map_or(0, |shut| shut.n_pairs),
            "gates": shut.as_deref().map_or_else(Vec::new, gates),
            "smallest_relaxation": shut.as_deref().and_then(|shut| Some(opening(basis, shut.smallest.as_ref()?))),
        }),
        Reason::OutCompeted { postings: own, competition } => {
            let Some(set) = report.competitions.get(*competition) else { return json!({}) };
            let counts = json!({
                "households": set.placed.len() + set.uncovered.len(),
                "postings": set.postings.len(),
                "vacancies": set.n_vacancies,
                "pinned": set.n_pinned,
                "stay_uncovered": set.uncovered.len(),
            });
            let mut evidence =
                json!({"own_postings": own.len(), "own_posting_ids": own_postings(own), "counts": counts});
            if let Some(first) = first_of.get(competition) {
                evidence["same_set_as_household_id"] = json!(first);
            } else {
                first_of.insert(*competition, id(household));
                evidence["posting_ids"] = postings(&set.postings);
                evidence["placed_household_ids"] = households(&set.placed);
                evidence["uncovered_household_ids"] = households(&set.uncovered);
            }
            evidence
        }
    }
}

/// Ids are strings wherever they leave the program.
fn id(id: i64) -> String {
    id.to_string()
}

fn pair_of(basis: &Basis, pair: Pair) -> Value {
    json!({"resident_id": id(basis.resident_id(pair.resident)), "posting_id": id(basis.posting_id(pair.posting))})
}

/// What each gate barred: `pairs` counts a pair for every gate that barred it, `first` only for the first one.
fn gates(shut: &Shut) -> Vec<Value> {
    let counts = shut.barred.any.iter().zip(&shut.barred.first).zip(&GATES);
    let barring = counts.filter(|((any, _), _)| **any > 0);
    barring.map(|((any, first), spec)| json!({"gate": spec.code, "pairs": any, "first": first})).collect()
}

fn opening(basis: &Basis, opening: &Opening) -> Value {
    let gates: Vec<&str> = opening.gates.iter().map(|result| result.gate.code()).collect();
    json!({
        "resident_id": id(basis.resident_id(opening.pair.resident)),
        "posting_id": id(basis.posting_id(opening.pair.posting)),
        "gates": gates,
        "steps": opening.steps,
    })
}
