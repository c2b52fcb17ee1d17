//! The household-first plan: who should get which vacancy so that the most households have an employed member; exactly, with proof.
//!
//! # Problem
//!
//! Residents belong to households; postings have vacancies; a pair is eligible if every gate lets it pass, and then has a
//! suitability. A plan gives each resident at most one posting, each posting at most its vacancies, each household at most its
//! limit. Plans are compared by [`Objective`]: covered weight first, then promises kept, then summed suitability.
//!
//! # Answer
//!
//! [`plan`] returns an [`Outcome`]: an optimal [`Plan`] whose [`Plan::prices`] prove it, or why there is none. The proof is checked by
//! [`certificate`] before a plan leaves this module, from the instance alone; a plan that does not pass is not returned.
//! [`solve`] is the textbook: network, invariant, algorithm, cost, what was rejected.
//!
//! What a plan leaves to be asked is answered from its proof: [`uncovered`] says why each household is still uncovered, [`what_if`]
//! what a [`change`] would do, [`gap`] which changes would cover most, [`training`] whom the seats of courses would help most.
//!
//! # Invariants
//!
//! * The value is the optimum over **all** eligible pairs, though few are ever held at once.
//! * The plan is a function of the instance: same bytes for any number of threads.
//! * Integers only; what might not fit is refused before work begins ([`objective::Fold::new`]).

pub mod baseline;
pub mod certificate;
pub mod change;
pub mod edit;
pub mod gap;
pub mod instance;
pub mod objective;
pub mod pairs;
pub mod reduce;
mod solve;
pub mod training;
pub mod uncovered;
pub mod what_if;

pub use edit::{Edit, Edited};
pub use instance::{Pair, PlanHousehold, Terms, TermsError};
pub use objective::{Fold, Objective};
pub use pairs::{PairRows, Pairs};
pub use reduce::{PinFault, Refusal};
pub use solve::{Effort, Tuning, Watch};

use std::ops::ControlFlow;

use self::certificate::Violation;
use self::reduce::{NOWHERE, Reduced};
use self::solve::{Solved, Start};

/// An optimal plan and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Who is placed where, pins included, by resident.
    pub placements: Vec<Pair>,
    /// One price per posting, folded: what one vacancy less would cost at most.
    pub prices: Vec<i64>,
    pub objective: Objective,
    pub fold: Fold,
    /// Folded worth of the placements and, the plan being proved, the bound no plan can pass.
    pub value: i128,
    pub effort: Effort,
}

/// Every way planning can end. Nothing of a plan can be read unless it is optimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Optimal(Plan),
    /// The instance contradicts itself, or its numbers do not fit.
    Refused(Refusal),
    /// The watch said stop.
    Cancelled,
    /// The independent check did not accept the result: a defect of the solver. The plan is withheld.
    Unproved(Violation),
}

/// Makes an optimal plan and proves it. `watch` sees the turns done and their number, from time to time, and may stop the work.
#[must_use]
pub fn plan<P: Pairs>(terms: &Terms, pairs: &P, watch: Watch) -> Outcome {
    match solve_only(terms, pairs, Tuning::default(), watch) {
        Outcome::Optimal(plan) => {
            match certificate::verify(terms, pairs, &plan.placements, &plan.prices, Some(plan.objective)) {
                Ok(_) => Outcome::Optimal(plan),
                Err(violation) => Outcome::Unproved(violation),
            }
        }
        other => other,
    }
}

/// [`plan`] without the check, for callers that time or make it themselves.
#[must_use]
pub fn solve_only<P: Pairs>(terms: &Terms, pairs: &P, tuning: Tuning, watch: Watch) -> Outcome {
    let reduced = match Reduced::new(terms, pairs) {
        Ok(reduced) => reduced,
        Err(refusal) => return Outcome::Refused(refusal),
    };
    finish(terms, pairs, &reduced, solve::solve(&reduced, pairs, tuning, watch))
}

/// [`solve_only`] from a plan and prices of terms with more vacancies or lower limits ([`solve::Start`]).
#[must_use]
fn solve_warm<P: Pairs>(terms: &Terms, pairs: &P, start: &Start, tuning: Tuning, watch: Watch) -> Outcome {
    match Reduced::new(terms, pairs) {
        Ok(reduced) => finish(terms, pairs, &reduced, solve::solve_from(&reduced, pairs, start, tuning, watch)),
        Err(refusal) => Outcome::Refused(refusal),
    }
}

fn finish<P: Pairs>(terms: &Terms, pairs: &P, reduced: &Reduced, solved: Option<Solved>) -> Outcome {
    let Some(solved) = solved else { return Outcome::Cancelled };
    let placements: Vec<Pair> = (0..)
        .zip(reduced.pinned.iter().zip(&solved.at))
        .filter_map(|(resident, (pinned, at))| {
            let posting = if *pinned == NOWHERE { *at } else { *pinned };
            (posting != NOWHERE).then_some(Pair { resident, posting })
        })
        .collect();
    match certificate::check_plan(terms, pairs, &placements) {
        Ok(objective) => Outcome::Optimal(Plan {
            placements,
            prices: solved.prices,
            objective,
            fold: reduced.fold,
            value: reduced.fold.value(&objective),
            effort: solved.effort,
        }),
        Err(violation) => Outcome::Unproved(violation),
    }
}

/// Goes on whatever happens.
pub fn never_stop(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
