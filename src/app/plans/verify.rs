//! Verifying a stored plan: from its rows alone, and from the records where they are still those it was made from.
//!
//! The stored rows must be those that were signed, and agree with each other, in any case: counts, sums, vacancies, limits, the
//! folded value and the bound. If the records of today give the plan's input hash again, the certificate is computed afresh from
//! them, over all pairs, and every row that needs no further solution is made again and compared. If not, the plan proves the state
//! of the time it was made, and that is what is said; so for a plan of an earlier version of the engine.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::propose::{Proposal, baselines};
use super::store::{Draft, Made};
use super::terms::{Basis, Under};
use super::{diff, reasons};
use crate::app::error::AppError;
use crate::db::Db;
use crate::db::plans::placements::PlacementRow;
use crate::domain::text::Text;
use crate::engine::ENGINE_VERSION;
use crate::engine::plan::{Fold, Objective, Pair, certificate};

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The records are those of the plan, and the certificate holds.
    Proved,
    /// The records have changed since; the plan's own rows agree with each other.
    RecordsChanged,
    /// A condition is violated: its stable code.
    Violated(&'static str),
}

impl Verdict {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::RecordsChanged => "records_changed",
            Self::Violated(_) => "violated",
        }
    }
}

/// A plan's verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub plan: i64,
    pub verdict: Verdict,
    /// When the plan was made.
    pub made_at: NaiveDateTime,
    pub value: String,
    /// Computed afresh from the records; `None` if they have changed.
    pub bound: Option<String>,
    /// What the proof looked at.
    pub compared: Compared,
}

/// How much a verification looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Of today's records, every pair of them.
    pub residents: usize,
    pub postings: usize,
    /// Stored of the plan.
    pub placements: usize,
    pub households: usize,
    pub prices: usize,
}

impl Verification {
    /// The result as a sentence.
    #[must_use]
    pub fn text(&self) -> Text {
        // China's clock, whatever the server's.
        let made = self.made_at + chrono::TimeDelta::hours(8);
        let made = made.format("%Y-%m-%d %H:%M");
        match self.verdict {
            Verdict::Proved => Text::new(
                "记录未变，计划已由价格证书重新证明为最优。",
                "The records are unchanged and the prices prove again that no better plan exists.",
            ),
            Verdict::RecordsChanged => Text::new(
                format!("记录或程序版本已有变化。计划证明的是 {made}（北京时间）的状态；所存数据未被改动，前后一致。"),
                format!(
                    "The records or the program have changed. The plan proves the state of {made} (China time); what is stored of it is unaltered and agrees."
                ),
            ),
            Verdict::Violated(code) => Text::new(
                format!("校验未通过：{code}。请不要采用此计划，并告知管理员。"),
                format!("The check failed: {code}. Do not adopt this plan; please tell the administrator."),
            ),
        }
    }
}

/// Verifies a plan.
///
/// # Errors
/// `NotFound`.
pub fn verify(db: &Db, id: i64) -> Result<Verification, AppError> {
    let (stored, basis) = db.read(|conn| -> Result<_, AppError> {
        let stored = Draft::load(conn, id)?;
        let pins: Vec<i64> = stored.overrides.iter().map(|row| row.pin_id).collect();
        let plan = &stored.plan;
        let basis = Basis::load(conn, db.keys(), plan.as_of, plan.parent_id, &Under::Pins(&pins))?;
        Ok((stored, basis))
    })?;
    let compared = Compared {
        residents: basis.terms.n_residents(),
        postings: basis.terms.n_postings(),
        placements: stored.placements.len(),
        households: stored.households.len(),
        prices: stored.prices.len(),
    };
    let found = |verdict, bound| Verification {
        compared,
        plan: id,
        verdict,
        made_at: stored.plan.created_at,
        value: stored.plan.value.clone(),
        bound,
    };
    let violated = |condition| found(Verdict::Violated(condition), None);
    if let Err(condition) = agrees(&stored) {
        return Ok(violated(condition));
    }
    let same_input = basis.faults.is_empty() && basis.input_hash == stored.plan.input_hash;
    let bound = if same_input && stored.plan.engine_version == ENGINE_VERSION {
        let proof = match certified(&stored, &basis) {
            Ok(proof) => proof,
            Err(condition) => return Ok(violated(condition)),
        };
        if !is_made_again(&stored, &basis, &proof)? {
            return Ok(violated("other_rows"));
        }
        Some(proof.value.to_string())
    } else {
        None
    };
    if !stored.is_signed(db.keys()) {
        return Ok(violated("rows_altered"));
    }
    Ok(match bound {
        Some(bound) => found(Verdict::Proved, Some(bound)),
        None => found(Verdict::RecordsChanged, None),
    })
}

/// Placements, prices and what they prove.
struct Proven {
    placements: Vec<Pair>,
    prices: Vec<i64>,
    objective: Objective,
    fold: Fold,
    value: i128,
}

/// Whether the rows come out of the records as they are stored: all but the costs of decisions and the gap, which take a solution
/// each, and the evidence, which is told in names that may have changed. Those are signed.
fn is_made_again(stored: &Draft, basis: &Basis, proof: &Proven) -> Result<bool, AppError> {
    let Proven { placements, prices, objective, fold, value } = proof;
    let made = Made { placements, prices, fold: *fold, objective: *objective, value: *value };
    let proposal = Proposal { as_of: stored.plan.as_of, now: stored.plan.created_at, job: stored.plan.job_id };
    let mut again = Draft::new(basis, &made, &proposal)?;
    reasons::explain(basis, &reasons::report(basis, placements)?, &mut again.households);
    again.baselines = baselines(basis, &|_, _| Ok(()))?;
    again.changes = diff::changes(basis, placements);
    for (row, stored) in again.households.iter_mut().zip(&stored.households) {
        row.evidence.clone_from(&stored.evidence);
    }
    again.overrides.clone_from(&stored.overrides);
    again.gaps.clone_from(&stored.gaps);
    again.plan.rows_hash.clone_from(&stored.plan.rows_hash);
    Ok(again == *stored)
}

/// Whether the rows of a plan agree with each other; else the condition they violate.
fn agrees(stored: &Draft) -> Result<(), &'static str> {
    let plan = &stored.plan;
    let check = |holds: bool, condition| if holds { Ok(()) } else { Err(condition) };
    let vacancies: HashMap<i64, i64> = stored.prices.iter().map(|row| (row.posting_id, row.vacancies)).collect();
    let (mut at, mut of) = (HashMap::<i64, i64>::new(), HashMap::<i64, i64>::new());
    let mut people = std::collections::HashSet::new();
    let mut objective = Objective::default();
    for row in &stored.placements {
        check(people.insert(row.resident_id), "placed_twice")?;
        *at.entry(row.posting_id).or_default() += 1;
        *of.entry(row.household_id).or_default() += 1;
        objective.kept += i64::from(row.kept);
        objective.suitability += row.suitability;
    }
    for (posting, placed) in &at {
        check(vacancies.get(posting).is_some_and(|vacancies| placed <= vacancies), "over_vacancies")?;
    }
    let mut known = 0;
    for row in &stored.households {
        let placed = of.get(&row.household_id).copied().unwrap_or_default();
        known += placed;
        check(placed <= row.place_limit, "over_limit")?;
        objective.covered += if placed > 0 { row.weight } else { 0 };
    }
    check(known == plan.placed && stored.placements.len() as i64 == plan.placed, "wrong_number_of_placements")?;
    let claimed = Objective { covered: plan.covered, kept: plan.kept, suitability: plan.suitability };
    check(objective == claimed, "wrong_objective")?;
    let fold = Fold { covered: plan.fold_covered, kept: plan.fold_kept };
    check(plan.value == fold.value(&claimed).to_string(), "wrong_value")?;
    check(plan.value == plan.bound, "not_proved")?;
    check(plan.covered_after - plan.covered_before <= plan.covered, "wrong_coverage")
}

/// The proof from the records, over all pairs; else the condition violated.
fn certified(stored: &Draft, basis: &Basis) -> Result<Proven, &'static str> {
    let plan = &stored.plan;
    let pair = |row: &PlacementRow| basis.pair(row.resident_id, row.posting_id);
    let placements: Vec<Pair> = stored.placements.iter().map(pair).collect::<Option<_>>().ok_or("no_such_pair")?;
    let prices = basis.prices(&stored.prices).ok_or("wrong_number_of_prices")?;
    let objective = Objective { covered: plan.covered, kept: plan.kept, suitability: plan.suitability };
    let pairs = basis.pairs(&basis.terms);
    let proof = certificate::verify(&basis.terms, &pairs, &placements, &prices, Some(objective))
        .map_err(|violation| violation.code())?;
    let fold = Fold { covered: plan.fold_covered, kept: plan.fold_kept };
    if proof.fold != fold || proof.value.to_string() != plan.value {
        return Err("wrong_value");
    }
    Ok(Proven { placements, prices, objective, fold, value: proof.value })
}
