//! What would a change do to the plan? The optimum with it, proved, against the optimum without it.
//!
//! [`Base`] is a plan with its prices; [`Base::re_solve`] is the exact optimum of an edited instance. Both are proved by the
//! certificate, so the difference is exact: no estimate, no local search.
//!
//! # What is reused
//!
//! * **Fewer vacancies, more people spared** ([`Base::is_warm`]). Prices only ever rise then, so the old prices and placements are a
//!   valid start: each place too many is one search, each household with a higher limit has its turn again ([`super::solve`]).
//! * **More vacancies, more pairs.** A free place at a positive price breaks the invariant of the solver, whose lists and bounds
//!   live on prices that never fall; a search that lowers prices would have to read pairs by posting. A community is
//!   solved anew in the time such a column takes to make, so these start cold. But most of them need not be solved at all:
//! * **The bound.** Weak duality holds at *any* prices. So the old prices bound what an edited instance can be worth
//!   ([`Base::at_most`]), at the cost of the edited pairs only: extra vacancies at a posting of price 0 are worth nothing, an
//!   opened pair below its resident's margin is worth nothing, and no search is needed to know it.
//!
//! All folds of one base have the same rewards ([`Terms::with_room_for_all`]), else prices could not be compared.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::certificate::{self, Violation};
use super::change::NoSuch;
use super::edit::{Edit, Edited};
use super::instance::{Pair, PlanHousehold, Terms, TermsError};
use super::objective::Objective;
use super::pairs::{Pairs, Scan};
use super::reduce::{Groups, NOWHERE, Reduced};
use super::solve::{Effort, Start, Watch};
use super::{Outcome, Plan, Refusal, Tuning, plan, solve_only, solve_warm, uncovered};

/// A proved plan and what is needed to ask what would change it.
pub struct Base<'a, P: Pairs> {
    terms: Terms,
    pairs: &'a P,
    reduced: Reduced,
    plan: Plan,
    /// a_r of every resident at the plan's prices; `None` for those without an eligible pair and those who take no part.
    margins: Vec<Option<i64>>,
    members: Groups,
    is_covered: Vec<bool>,
    left_out: HashSet<u32>,
}

/// Why a change could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The change names something that does not exist.
    NoSuch(NoSuch),
    /// The edit does.
    Terms(TermsError),
    Refused(Refusal),
    Cancelled,
    /// The plan given is not optimal, or a plan made was not proved.
    Unproved(Violation),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuch(what) => what.fmt(f),
            Self::Terms(error) => error.fmt(f),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Cancelled => f.write_str("stopped"),
            Self::Unproved(violation) => write!(f, "not proved: {}", violation.code()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<TermsError> for Failure {
    fn from(error: TermsError) -> Self {
        Self::Terms(error)
    }
}

fn proved(outcome: Outcome) -> Result<Plan, Failure> {
    match outcome {
        Outcome::Optimal(plan) => Ok(plan),
        Outcome::Refused(refusal) => Err(Failure::Refused(refusal)),
        Outcome::Cancelled => Err(Failure::Cancelled),
        Outcome::Unproved(violation) => Err(Failure::Unproved(violation)),
    }
}

/// The optimum of an edited instance beside the base's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// After the change; its prices prove it.
    pub plan: Plan,
    /// Objective after less objective before.
    pub gain: Objective,
    /// Households with a weight that the new plan covers and the old one did not; ascending.
    pub covers: Vec<u32>,
    /// The reverse: with equal weights the optimum may help others instead.
    pub uncovers: Vec<u32>,
}

impl<'a, P: Pairs> Base<'a, P> {
    /// Solves the instance. Costs one plan and one pass over all pairs.
    ///
    /// # Errors
    /// [`Failure`]: the instance is refused or the watch said stop.
    pub fn new(terms: &Terms, pairs: &'a P, watch: Watch) -> Result<Self, Failure> {
        let terms = terms.clone().with_room_for_all();
        let plan = proved(plan(&terms, pairs, watch))?;
        Self::with(terms, pairs, plan)
    }

    /// Takes a plan that is there, with prices of the same terms with room for all ([`Terms::with_room_for_all`]), and proves it. Any
    /// optimal plan and any optimal prices prove each other. Costs two passes over all pairs and no solution.
    ///
    /// # Errors
    /// [`Failure`]: the instance is refused, or the prices do not prove the plan.
    pub fn of(terms: &Terms, pairs: &'a P, placements: &[Pair], prices: &[i64]) -> Result<Self, Failure> {
        let terms = terms.clone().with_room_for_all();
        let proof = certificate::verify(&terms, pairs, placements, prices, None).map_err(Failure::Unproved)?;
        let mut placements = placements.to_vec();
        placements.sort_unstable();
        let plan = Plan {
            placements,
            prices: prices.to_vec(),
            objective: proof.objective,
            fold: proof.fold,
            value: proof.value,
            effort: Effort::default(),
        };
        Self::with(terms, pairs, plan)
    }

    fn with(terms: Terms, pairs: &'a P, plan: Plan) -> Result<Self, Failure> {
        let reduced = Reduced::new(&terms, pairs).map_err(Failure::Refused)?;
        let margins = margins(&reduced, pairs, &plan.prices);
        let is_covered = covered(&terms, &plan.placements);
        let members = uncovered::members(&terms);
        Ok(Self { terms, pairs, reduced, plan, margins, members, is_covered, left_out: HashSet::new() })
    }

    /// The same base; no change makes a pair eligible for these residents, who are in no plan by their own wish.
    #[must_use]
    pub fn leaving_out(mut self, residents: impl IntoIterator<Item = u32>) -> Self {
        self.left_out.extend(residents);
        self
    }

    #[must_use]
    pub fn is_left_out(&self, resident: u32) -> bool {
        self.left_out.contains(&resident)
    }

    /// The edit without the pairs of those who are left out.
    fn heeded<'e>(&self, edit: &'e Edit) -> Cow<'e, Edit> {
        if edit.pairs.iter().any(|(pair, _)| self.is_left_out(pair.resident)) {
            let mut edit = edit.clone();
            edit.pairs.retain(|(pair, _)| !self.is_left_out(pair.resident));
            Cow::Owned(edit)
        } else {
            Cow::Borrowed(edit)
        }
    }

    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    #[must_use]
    pub const fn pairs(&self) -> &'a P {
        self.pairs
    }

    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Whether the plan places somebody of household `h`.
    #[must_use]
    pub fn is_covered(&self, h: u32) -> bool {
        self.is_covered[h as usize]
    }

    /// The optimum of the edited instance, proved.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn re_solve(&self, edit: &Edit, watch: Watch) -> Result<Effect, Failure> {
        let edit = self.heeded(edit);
        let terms = edit.terms(&self.terms)?;
        let edited = Edited::new(self.pairs, &self.terms, &edit)?;
        let outcome = match self.start(&edit, &terms) {
            // A closed posting keeps its pairs while its occupants are moved; without vacancies none of them is used.
            Some(start) => solve_warm(&terms, self.pairs, &start, Tuning::default(), watch),
            None => solve_only(&terms, &edited, Tuning::default(), watch),
        };
        let plan = proved(outcome)?;
        certificate::verify(&terms, &edited, &plan.placements, &plan.prices, Some(plan.objective))
            .map_err(Failure::Unproved)?;
        Ok(self.effect(&terms, plan))
    }

    fn effect(&self, terms: &Terms, plan: Plan) -> Effect {
        let after = covered(terms, &plan.placements);
        let weighs = |h: &u32| terms.households()[*h as usize].weight > 0;
        let changed = |from: &[bool], to: &[bool]| {
            (0..after.len() as u32).filter(|h| !from[*h as usize] && to[*h as usize]).filter(weighs).collect()
        };
        let (new, old) = (plan.objective, self.plan.objective);
        Effect {
            gain: Objective {
                covered: new.covered - old.covered,
                kept: new.kept - old.kept,
                suitability: new.suitability - old.suitability,
            },
            covers: changed(&self.is_covered, &after),
            uncovers: changed(&after, &self.is_covered),
            plan,
        }
    }

    /// Whether an edit can only make prices rise, so that the re-solve starts from the plan in hand.
    #[must_use]
    pub fn is_warm(&self, edit: &Edit) -> bool {
        let fewer = |(p, n): &(u32, u32)| self.terms.vacancies().get(*p as usize).is_some_and(|was| n <= was);
        let spares = |(h, now): &(u32, PlanHousehold)| {
            let was = self.terms.households().get(*h as usize);
            was.is_some_and(|was| was.weight == now.weight && was.limit <= now.limit)
        };
        let is_pinned = |p: &u32| self.terms.pins().iter().any(|pin| pin.posting == *p);
        edit.pairs.is_empty()
            && edit.vacancies.iter().all(fewer)
            && edit.households.iter().all(spares)
            && !edit.closed.iter().any(is_pinned)
    }

    fn start(&self, edit: &Edit, terms: &Terms) -> Option<Start> {
        if !self.is_warm(edit) {
            return None;
        }
        let mut at = vec![NOWHERE; terms.n_residents()];
        for pair in &self.plan.placements {
            at[pair.resident as usize] = pair.posting;
        }
        let turns = edit.households.iter().map(|(h, _)| *h).collect();
        Some(Start { at, prices: self.plan.prices.clone(), turns })
    }

    /// The largest objective the edited instance could have: a bound by the prices of the base, exact or above the truth. `None`
    /// where the edit ends pins, which are constants of the bound.
    #[must_use]
    pub fn at_most(&self, edit: &Edit) -> Option<Objective> {
        let edit = self.heeded(edit);
        if self.terms.pins().iter().any(|pin| edit.closed.contains(&pin.posting)) {
            return None;
        }
        let price = |p: u32| i128::from(self.plan.prices[p as usize]);
        let mut bound = self.plan.value;
        for (p, n) in &edit.vacancies {
            bound += (i128::from(*n) - i128::from(self.terms.vacancies()[*p as usize])) * price(*p);
        }
        for p in &edit.closed {
            bound -= i128::from(self.terms.vacancies()[*p as usize]) * price(*p);
        }
        let mut touched: BTreeMap<u32, Vec<(u32, i64)>> = BTreeMap::new();
        let mut scan = self.pairs.scan();
        for (pair, suitability) in &edit.pairs {
            let (r, h) = (pair.resident as usize, self.terms.household_of()[pair.resident as usize]);
            let Some(suitability) = *suitability else { continue };
            if self.reduced.pinned[r] == pair.posting {
                let was = scan.suitability(r, pair.posting as usize).unwrap_or(0);
                bound += i128::from(suitability) - i128::from(was);
            }
            if self.reduced.pinned[r] != NOWHERE {
                continue;
            }
            let worth = i64::from(suitability) + self.reduced.promise(r, pair.posting);
            let margin = worth - self.plan.prices[pair.posting as usize];
            if self.margins[r].is_none_or(|best| margin > best) {
                touched.entry(h).or_default().push((pair.resident, margin));
            }
        }
        for (h, _) in &edit.households {
            touched.entry(*h).or_default();
        }
        for (h, better) in &touched {
            let was = self.terms.households()[*h as usize];
            let now = edit.households.iter().find(|(other, _)| other == h).map_or(was, |(_, now)| *now);
            bound += self.most_earned(*h, now, better) - self.most_earned(*h, was, &[]);
            if self.is_pinned(*h) {
                // Covered by a pin, which is a constant: worth what the household weighs now.
                bound += i128::from(self.plan.fold.covered) * (i128::from(now.weight) - i128::from(was.weight));
            }
        }
        Some(self.plan.fold.unfold(bound))
    }

    fn is_pinned(&self, h: u32) -> bool {
        self.members.of(h as usize).iter().any(|r| self.reduced.pinned[*r as usize] != NOWHERE)
    }

    /// φ_h of [`certificate`]: the most a household can earn when every place costs its price.
    fn most_earned(&self, h: u32, household: PlanHousehold, better: &[(u32, i64)]) -> i128 {
        let members = self.members.of(h as usize);
        let n_pinned = members.iter().filter(|r| self.reduced.pinned[**r as usize] != NOWHERE).count();
        let limit = (household.limit as usize).saturating_sub(n_pinned);
        if limit == 0 {
            return 0;
        }
        let mut margins: Vec<i128> = members
            .iter()
            .filter(|r| self.reduced.pinned[**r as usize] == NOWHERE)
            .filter_map(|r| {
                let better = better.iter().filter(|(other, _)| other == r).map(|(_, margin)| *margin).max();
                self.margins[*r as usize].max(better).map(i128::from)
            })
            .collect();
        margins.sort_unstable_by(|a, b| b.cmp(a));
        let Some(first) = margins.first() else { return 0 };
        let weight = if n_pinned > 0 { 0 } else { household.weight };
        let others: i128 = margins[1..].iter().take(limit - 1).map(|margin| (*margin).max(0)).sum();
        (i128::from(self.plan.fold.covered) * i128::from(weight) + first + others).max(0)
    }
}

fn covered(terms: &Terms, placements: &[Pair]) -> Vec<bool> {
    let mut is_covered = vec![false; terms.households().len()];
    for pair in placements {
        is_covered[terms.household_of()[pair.resident as usize] as usize] = true;
    }
    is_covered
}

/// a_r of every unpinned resident, also of those whose household may place nobody: an edit may change that.
fn margins<P: Pairs>(reduced: &Reduced, pairs: &P, prices: &[i64]) -> Vec<Option<i64>> {
    let residents = (0..reduced.household_of.len()).into_par_iter().with_min_len(256);
    let margin = |scan: &mut P::Scan<'_>, r: usize| {
        if reduced.pinned[r] != NOWHERE {
            return None;
        }
        let best = std::cell::Cell::new(None::<i64>);
        let floor = |p: usize| best.get().map_or(0, |best| best.saturating_add(prices[p]));
        reduced.scan(scan, r, floor, |p, _, worth| best.set(best.get().max(Some(worth - prices[p as usize]))));
        best.get()
    };
    residents.map_init(|| pairs.scan(), margin).collect()
}
