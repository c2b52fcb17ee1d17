//! A proved plan as rows, stored in one transaction.

use std::collections::HashSet;

use super::propose::Proposal;
use super::terms::Basis;
use crate::app::error::AppError;
use crate::db::plans::baselines::BaselineRow;
use crate::db::plans::changes::ChangeRow;
use crate::db::plans::gaps::GapRow;
use crate::db::plans::households::HouseholdRow;
use crate::db::plans::overrides::OverrideRow;
use crate::db::plans::placements::PlacementRow;
use crate::db::plans::prices::PriceRow;
use crate::db::plans::{self, PlanData};
use crate::db::{AnyConnection, rows};
use crate::domain::codes::PlanState;
use crate::engine::ENGINE_VERSION;
use crate::engine::plan::pairs::Scan;
use crate::engine::plan::{Pair, Pairs, Plan};

/// Everything that is stored of a plan.
pub struct Draft {
    pub plan: PlanData,
    pub placements: Vec<PlacementRow>,
    pub prices: Vec<PriceRow>,
    pub households: Vec<HouseholdRow>,
    pub baselines: Vec<BaselineRow>,
    pub overrides: Vec<OverrideRow>,
    pub changes: Vec<ChangeRow>,
    pub gaps: Vec<GapRow>,
}

impl Draft {
    /// The rows of a proved plan. Baselines, overrides, changes and gaps are added by the caller.
    pub fn new(basis: &Basis, plan: &Plan, proposal: &Proposal) -> Result<Self, AppError> {
        let households = households(basis, &plan.placements);
        let n_in = |state| count(households.iter().filter(|row| row.state == state).count());
        let (before, newly) = (n_in(PlanState::CoveredBefore)?, n_in(PlanState::NewlyCovered)?);
        let value = plan.value.to_string();
        let data = PlanData {
            parent_id: basis.parent,
            as_of: basis.loaded.as_of,
            policy_version: basis.loaded.snapshot.policy().version(),
            engine_version: ENGINE_VERSION.to_owned(),
            input_hash: basis.input_hash.clone(),
            fold_covered: plan.fold.covered,
            fold_kept: plan.fold.kept,
            covered: plan.objective.covered,
            kept: plan.objective.kept,
            suitability: plan.objective.suitability,
            placed: count(plan.placements.len())?,
            promises: count(basis.terms.promises().len())?,
            // Proved: the bound is the value.
            bound: value.clone(),
            value,
            households: count(households.len())?,
            covered_before: before,
            covered_after: before + newly,
            uncovered: n_in(PlanState::Uncovered)?,
            job_id: proposal.job,
            created_at: rows::cut(proposal.now),
        };
        let prices = plan.prices.iter().zip(basis.terms.vacancies()).zip(&basis.loaded.names.postings);
        let prices = prices.map(|((price, vacancies), posting)| PriceRow {
            plan_id: 0,
            posting_id: posting.id,
            price: *price,
            vacancies: i64::from(*vacancies),
        });
        Ok(Self {
            plan: data,
            placements: placements(basis, plan)?,
            prices: prices.collect(),
            households,
            baselines: Vec::new(),
            overrides: Vec::new(),
            changes: Vec::new(),
            gaps: Vec::new(),
        })
    }
}

/// A count as the database keeps it.
pub fn count(n: usize) -> Result<i64, AppError> {
    Ok(i64::try_from(n).map_err(anyhow::Error::new)?)
}

fn placements(basis: &Basis, plan: &Plan) -> Result<Vec<PlacementRow>, AppError> {
    let pairs = basis.pairs(&basis.terms);
    let mut scan = pairs.scan();
    let pins: HashSet<&Pair> = basis.terms.pins().iter().collect();
    let promises: HashSet<&Pair> = basis.terms.promises().iter().collect();
    let mut rows = Vec::with_capacity(plan.placements.len());
    for pair in &plan.placements {
        let suitability = scan.suitability(pair.resident as usize, pair.posting as usize);
        let suitability = suitability.ok_or_else(|| anyhow::anyhow!("a placement is not eligible"))?;
        rows.push(PlacementRow {
            plan_id: 0,
            resident_id: basis.resident_id(pair.resident),
            posting_id: basis.posting_id(pair.posting),
            household_id: basis.household_id(basis.home(pair.resident)),
            suitability: i64::from(suitability),
            pinned: pins.contains(pair),
            kept: promises.contains(pair),
        });
    }
    Ok(rows)
}

fn households(basis: &Basis, placements: &[Pair]) -> Vec<HouseholdRow> {
    let newly = basis.newly_covered(placements);
    let specs = basis.terms.households().iter().zip(&basis.states).enumerate();
    specs
        .map(|(household, (spec, state))| HouseholdRow {
            plan_id: 0,
            household_id: basis.household_id(household),
            state: if newly.contains(&household) { PlanState::NewlyCovered } else { *state },
            weight: i64::from(spec.weight),
            place_limit: i64::from(spec.limit),
            class: None,
            evidence: None,
        })
        .collect()
}

/// Stores everything and gives the plan's id. Part of the caller's transaction, which may run more than once.
pub fn insert(conn: &mut AnyConnection, draft: &mut Draft) -> Result<i64, AppError> {
    let id = plans::insert(conn, &draft.plan)?;
    draft.placements.iter_mut().for_each(|row| row.plan_id = id);
    draft.prices.iter_mut().for_each(|row| row.plan_id = id);
    draft.households.iter_mut().for_each(|row| row.plan_id = id);
    draft.baselines.iter_mut().for_each(|row| row.plan_id = id);
    draft.overrides.iter_mut().for_each(|row| row.plan_id = id);
    draft.changes.iter_mut().for_each(|row| row.plan_id = id);
    draft.gaps.iter_mut().for_each(|row| row.plan_id = id);
    plans::placements::insert_all(conn, &draft.placements)?;
    plans::prices::insert_all(conn, &draft.prices)?;
    plans::households::insert_all(conn, &draft.households)?;
    plans::baselines::insert_all(conn, &draft.baselines)?;
    plans::overrides::insert_all(conn, &draft.overrides)?;
    plans::changes::insert_all(conn, &draft.changes)?;
    plans::gaps::insert_all(conn, &draft.gaps)?;
    Ok(id)
}
