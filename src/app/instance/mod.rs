//! An instance somebody brought along: a folder of CSV files in, a plan with its proof out, and the check of both.
//!
//! Nothing here touches the database: the planner stands on its own and can be tried, and distrusted, by anyone. Invariant: every
//! refusal names the file, the line where there is one, and the reason in Chinese and English. Memory: 20 bytes per pair at the
//! most, 8 once read.

mod answer;
mod read;
mod refusal;

use std::path::Path;
use std::time::Instant;

pub use self::answer::{Answer, Objective, Seconds, read_answer};
pub use self::read::{Instance, read};
pub use self::refusal::{Fault, Refused};

use self::refusal::{plan_refused, violated};
use crate::domain::text::Text;
use crate::engine::plan::{Outcome, Tuning, certificate, never_stop, solve_only};

/// Reads, solves and proves the instance in a folder.
///
/// # Errors
/// Files that cannot be read or contradict themselves, pins that cannot be kept, numbers that do not fit.
pub fn plan(folder: &Path) -> Result<Answer, Refused> {
    let start = Instant::now();
    let instance = read(folder)?;
    let read_seconds = start.elapsed();
    let start = Instant::now();
    let plan = match solve_only(&instance.terms, &instance.pairs, Tuning::default(), &never_stop) {
        Outcome::Optimal(plan) => plan,
        Outcome::Refused(refusal) => return Err(plan_refused(&instance, &refusal)),
        Outcome::Unproved(violation) => return Err(violated("plan", &instance, &violation)),
        Outcome::Cancelled => {
            return Err(Refused::of("plan", Text::new("计算已取消。", "The computation was cancelled.")));
        }
    };
    let solve_seconds = start.elapsed();
    let start = Instant::now();
    let (placements, prices) = (&plan.placements, &plan.prices);
    let proof = certificate::verify(&instance.terms, &instance.pairs, placements, prices, Some(plan.objective))
        .map_err(|violation| violated("plan", &instance, &violation))?;
    let seconds = Seconds {
        read: read_seconds.as_secs_f64(),
        solve: solve_seconds.as_secs_f64(),
        verify: start.elapsed().as_secs_f64(),
    };
    Ok(Answer::new(&instance, &plan, proof.value, seconds))
}

/// Checks a plan file against the instance in a folder: feasible, worth what it says, and proved by its prices.
///
/// # Errors
/// Files that cannot be read, or the first condition the plan violates.
pub fn verify(folder: &Path, plan: &Path) -> Result<certificate::Proof, Refused> {
    let instance = read(folder)?;
    read_answer(plan, &instance)?.verify(&instance)
}
