//! A proved plan as rows, stored in one transaction.

use std::collections::HashSet;
use std::fmt::Debug;

use super::propose::Proposal;
use super::terms::Basis;
use crate::app::error::AppError;
use crate::app::snapshot::hash;
use crate::db::plans::baselines::BaselineRow;
use crate::db::plans::changes::ChangeRow;
use crate::db::plans::gaps::GapRow;
use crate::db::plans::households::HouseholdRow;
use crate::db::plans::overrides::OverrideRow;
use crate::db::plans::placements::PlacementRow;
use crate::db::plans::prices::PriceRow;
use crate::db::plans::{self, PlanData};
use crate::db::seal::IndexField;
use crate::db::{AnyConnection, Keyring, rows};
use crate::domain::codes::PlanState;
use crate::engine::ENGINE_VERSION;
use crate::engine::plan::pairs::Scan;
use crate::engine::plan::{Fold, Objective, Pair, Pairs, Plan};

/// Everything that is stored of a plan.
#[derive(PartialEq, Eq)]
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

/// A plan's placements and what proves them.
pub struct Made<'a> {
    pub placements: &'a [Pair],
    pub prices: &'a [i64],
    pub fold: Fold,
    pub objective: Objective,
    pub value: i128,
}

impl<'a> From<&'a Plan> for Made<'a> {
    fn from(plan: &'a Plan) -> Self {
        let Plan { placements, prices, fold, objective, value, .. } = plan;
        Self { placements, prices, fold: *fold, objective: *objective, value: *value }
    }
}

impl Draft {
    /// The rows of a proved plan. Baselines, overrides, changes and gaps are added by the caller, then [`Self::sign`] closes it.
    pub fn new(basis: &Basis, made: &Made<'_>, proposal: &Proposal) -> Result<Self, AppError> {
        let households = households(basis, made.placements);
        let n_in = |state| count(households.iter().filter(|row| row.state == state).count());
        let (before, newly) = (n_in(PlanState::CoveredBefore)?, n_in(PlanState::NewlyCovered)?);
        let value = made.value.to_string();
        let data = PlanData {
            parent_id: basis.parent,
            as_of: basis.loaded.as_of,
            policy_version: basis.loaded.snapshot.policy().version(),
            engine_version: ENGINE_VERSION.to_owned(),
            input_hash: basis.input_hash.clone(),
            fold_covered: made.fold.covered,
            fold_kept: made.fold.kept,
            covered: made.objective.covered,
            kept: made.objective.kept,
            suitability: made.objective.suitability,
            placed: count(made.placements.len())?,
            promises: count(basis.terms.promises().len())?,
            // Proved: the bound is the value.
            bound: value.clone(),
            value,
            households: count(households.len())?,
            covered_before: before,
            covered_after: before + newly,
            uncovered: n_in(PlanState::Uncovered)?,
            rows_hash: String::new(),
            job_id: proposal.job,
            created_at: rows::cut(proposal.now),
        };
        let prices = made.prices.iter().zip(basis.terms.vacancies()).zip(&basis.loaded.names.postings);
        let prices = prices.map(|((price, vacancies), posting)| PriceRow {
            plan_id: 0,
            posting_id: posting.id,
            price: *price,
            vacancies: i64::from(*vacancies),
        });
        Ok(Self {
            plan: data,
            placements: placements(basis, made.placements)?,
            prices: prices.collect(),
            households,
            baselines: Vec::new(),
            overrides: Vec::new(),
            changes: Vec::new(),
            gaps: Vec::new(),
        })
    }

    /// Everything stored of a plan, as it was before it had an id.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn load(conn: &mut AnyConnection, plan: i64) -> Result<Self, AppError> {
        let mut draft = Self {
            plan: plans::get(conn, plan)?.data,
            placements: plans::placements::of_plan(conn, plan)?,
            prices: plans::prices::of_plan(conn, plan)?,
            households: plans::households::of_plan(conn, plan)?,
            baselines: plans::baselines::of_plan(conn, plan)?,
            overrides: plans::overrides::of_plan(conn, plan)?,
            changes: plans::changes::of_plan(conn, plan)?,
            gaps: plans::gaps::of_plan(conn, plan)?,
        };
        draft.belong_to(0);
        Ok(draft)
    }

    /// Writes the hash of all rows into the plan.
    pub fn sign(&mut self, keys: &Keyring) {
        self.plan.rows_hash = self.hash(keys);
    }

    /// Whether the rows are those that were signed.
    pub fn is_signed(&self, keys: &Keyring) -> bool {
        self.plan.rows_hash == self.hash(keys)
    }

    fn hash(&self, keys: &Keyring) -> String {
        let plan = PlanData { rows_hash: String::new(), ..self.plan.clone() };
        let parts: [&dyn Debug; 8] = [
            &plan,
            &self.placements,
            &self.prices,
            &self.households,
            &self.baselines,
            &self.overrides,
            &self.changes,
            &self.gaps,
        ];
        hash::keyed(keys, IndexField::PlanRows, &parts)
    }

    fn belong_to(&mut self, plan: i64) {
        self.placements.iter_mut().for_each(|row| row.plan_id = plan);
        self.prices.iter_mut().for_each(|row| row.plan_id = plan);
        self.households.iter_mut().for_each(|row| row.plan_id = plan);
        self.baselines.iter_mut().for_each(|row| row.plan_id = plan);
        self.overrides.iter_mut().for_each(|row| row.plan_id = plan);
        self.changes.iter_mut().for_each(|row| row.plan_id = plan);
        self.gaps.iter_mut().for_each(|row| row.plan_id = plan);
    }
}

/// A count as the database keeps it.
pub fn count(n: usize) -> Result<i64, AppError> {
    Ok(i64::try_from(n).map_err(anyhow::Error::new)?)
}

fn placements(basis: &Basis, made: &[Pair]) -> Result<Vec<PlacementRow>, AppError> {
    let pairs = basis.pairs(&basis.terms);
    let mut scan = pairs.scan();
    let pins: HashSet<&Pair> = basis.terms.pins().iter().collect();
    let promises: HashSet<&Pair> = basis.terms.promises().iter().collect();
    let mut rows = Vec::with_capacity(made.len());
    for pair in made {
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
    draft.belong_to(id);
    plans::placements::insert_all(conn, &draft.placements)?;
    plans::prices::insert_all(conn, &draft.prices)?;
    plans::households::insert_all(conn, &draft.households)?;
    plans::baselines::insert_all(conn, &draft.baselines)?;
    plans::overrides::insert_all(conn, &draft.overrides)?;
    plans::changes::insert_all(conn, &draft.changes)?;
    plans::gaps::insert_all(conn, &draft.gaps)?;
    Ok(id)
}
