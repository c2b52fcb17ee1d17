//! Plans as programs read them from the command line: ids as strings, amounts in covered weight, promises and points.

use serde_json::{Value, json};

use crate::app::plans::adopt::Adoption;
use crate::app::plans::pins::Pin;
use crate::app::plans::verify::{Verdict, Verification};
use crate::app::plans::view::{Amount, Change, Full, Household, Placement, Summary};

fn id(id: i64) -> String {
    id.to_string()
}

fn amount(amount: &Amount) -> Value {
    json!({"covered_weight": amount.covered, "kept": amount.kept, "points": amount.suitability})
}

pub fn summary(plan: &Summary) -> Value {
    let figures = &plan.figures;
    json!({
        "plan": id(plan.id),
        "standing": plan.standing.code(),
        "parent": figures.parent_id.map(id),
        "as_of": figures.as_of.to_string(),
        "policy_version": figures.policy_version,
        "engine_version": figures.engine_version,
        "input_hash": figures.input_hash,
        "objective": {"covered_weight": figures.covered, "kept": figures.kept, "suitability": figures.suitability},
        "placed": figures.placed,
        "promises": figures.promises,
        "fold": {"covered": figures.fold_covered, "kept": figures.fold_kept},
        "value": figures.value,
        "bound": figures.bound,
        "households": figures.households,
        "covered_before": figures.covered_before,
        "covered_after": figures.covered_after,
        "uncovered": figures.uncovered,
        "created_at": figures.created_at.and_utc().to_rfc3339(),
        "adoption": plan.adoption.as_ref().map(|(run, at, by)| json!({
            "run": id(*run), "adopted_at": at.and_utc().to_rfc3339(), "adopted_by": by,
        })),
    })
}

pub fn full(plan: &Full) -> Value {
    let mut value = summary(&plan.summary);
    value["baselines"] = plan
        .baselines
        .iter()
        .map(|row| {
            json!({
                "rule": row.rule.code(), "households": row.households, "covered_weight": row.covered, "kept": row.kept,
                "suitability": row.suitability, "placed": row.placed,
            })
        })
        .collect();
    value["scarcest"] = plan
        .scarcest
        .iter()
        .map(|price| {
            json!({
                "posting": id(price.posting.id), "title": price.posting.title, "employer": price.posting.employer,
                "vacancies": price.vacancies, "price": price.price, "one_more": amount(&price.amount),
            })
        })
        .collect();
    let class = |class: Option<crate::domain::codes::UncoveredClass>| class.map(|class| class.code());
    value["uncovered_by_class"] =
        plan.uncovered.iter().map(|(c, n)| json!({"class": class(*c), "households": n})).collect();
    value["changes"] = plan.changes.iter().map(|(kind, n)| (kind.code().to_owned(), Value::from(*n))).collect();
    value["overrides"] = plan
        .overrides
        .iter()
        .map(|row| {
            json!({
                "pin": id(row.pin), "kind": row.kind.code(), "resident": id(row.resident_id),
                "posting": id(row.posting_id), "reason": row.reason, "households": row.households,
                "cost": amount(&row.cost),
            })
        })
        .collect();
    value
}

pub fn placement(placement: &Placement) -> Value {
    let row = &placement.row;
    json!({
        "resident": id(row.resident_id), "resident_name": placement.resident_name, "household": id(row.household_id),
        "posting": id(row.posting_id), "title": placement.posting.title, "employer": placement.posting.employer,
        "suitability": row.suitability, "pinned": row.pinned, "kept": row.kept,
    })
}

pub fn household(household: &Household) -> Value {
    json!({
        "household": id(household.household_id), "code": household.code, "state": household.state.code(), "weight": household.weight,
        "place_limit": household.place_limit, "class": household.class.map(|class| class.code()),
        "evidence": household.evidence,
    })
}

pub fn change(change: &Change) -> Value {
    let row = &change.row;
    json!({
        "resident": id(row.resident_id), "resident_name": change.resident_name, "kind": row.kind.code(),
        "from": row.from_posting_id.map(id), "to": row.to_posting_id.map(id),
        "reason": row.reason.map(|reason| reason.code()), "gate": row.gate,
        "for_household": row.for_household_id.map(id),
    })
}

pub fn verification(found: &Verification) -> Value {
    let violation = match found.verdict {
        Verdict::Violated(condition) => Some(condition),
        Verdict::Proved | Verdict::RecordsChanged => None,
    };
    let text = found.text();
    json!({
        "plan": id(found.plan), "verdict": found.verdict.code(), "violation": violation,
        "made_at": found.made_at.and_utc().to_rfc3339(), "value": found.value, "bound": found.bound,
        "message": {"zh": text.zh, "en": text.en},
    })
}

pub fn adoption(adopted: &Adoption) -> Value {
    json!({
        "plan": id(adopted.plan), "previous": adopted.previous.map(id), "run": id(adopted.run),
        "adopted_at": adopted.adopted_at.and_utc().to_rfc3339(), "adopted_by": adopted.adopted_by,
        "recommended": adopted.n_recommended, "impossible": adopted.n_impossible,
        "records_unchanged": adopted.unchanged,
    })
}

pub fn pin(pin: &Pin) -> Value {
    json!({
        "pin": id(pin.id), "resident": id(pin.resident_id), "posting": id(pin.posting_id), "kind": pin.kind.code(),
        "reason": pin.reason, "made_at": pin.made_at.and_utc().to_rfc3339(),
        "ended_at": pin.ended_at.map(|at| at.and_utc().to_rfc3339()),
    })
}
