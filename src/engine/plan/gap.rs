//! What would close the gap? The changes that cover most households per unit, each evaluated exactly.
//!
//! Candidates come from evidence, not from a catalogue ([`mod@candidates`]): prices say where a vacancy is wanted, the pairs of uncovered
//! households that a single gate bars say what would have to give way, and by how much.
//!
//! Each candidate first gets a bound from the base's prices ([`Base::at_most`]). One that can cover nobody is left out: the certificate
//! proves it worthless. The others of each kind are evaluated by exact re-solve in the order of their bounds per unit, and the
//! work stops when the [`Options::wanted`] best are at least as good as any bound that is left. So a ranking that is
//! [`Ranking::is_complete`] is the true one of these candidates, though few were solved.
//!
//! The units of a course are the seats taken, which are not known before it is evaluated: however many are offered, it might cover
//! its most with few. What bounds it per unit is that a trainee can stay at home again, which costs one household at most. So
//! courses are tried in the order of what they could cover, and the work stops early only where that is reached.
//!
//! Kinds are ranked apart: a vacancy, a seat and a relaxed posting are different units, and no exchange rate is made up here.
//! Cost: one (cold) plan per candidate evaluated.

mod candidates;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::change::{Change, evaluate};
use super::objective::Objective;
use super::pairs::Pairs;
use super::solve::Watch;
use super::uncovered::Report;
use super::what_if::{Base, Failure};
use crate::domain::codes::ChangeKind;
use crate::engine::profile::Snapshot;

pub use candidates::candidates;

/// How much is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Extra vacancies to try at a posting.
    pub vacancies: Vec<u32>,
    /// Seats of a course.
    pub seats: u32,
    /// Changes wanted of each kind.
    pub wanted: usize,
    /// At most so many relaxed requirements are looked at, those that most uncovered households are near to: a pass over the residents
    /// each.
    pub most_relaxed: usize,
    /// The same of courses: a pass over all pairs each.
    pub most_courses: usize,
    /// At most so many are evaluated of each kind.
    pub most_evaluated: usize,
}

impl Default for Options {
    /// One machine or five, a course of ten, the ten best of each kind.
    fn default() -> Self {
        Self {
            vacancies: vec![1, 5],
            seats: 10,
            wanted: 10,
            most_relaxed: 1_000,
            most_courses: 200,
            most_evaluated: 40,
        }
    }
}

/// A change and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub change: Change,
    /// Vacancies, seats taken, relaxed postings, households whose care is shared.
    pub n_units: u32,
    pub gain: Objective,
    /// Households it covers, and those the new optimum leaves out for them; ascending.
    pub covers: Vec<u32>,
    pub uncovers: Vec<u32>,
    pub trainees: Vec<u32>,
    /// Covered weight that the change cannot exceed: the gain itself but for a course, see [`super::change::Course`].
    pub at_most: i64,
}

/// The changes of one kind, best first: by covered weight per unit, then by covered weight, then as they were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    pub kind: ChangeKind,
    pub best: Vec<Ranked>,
    /// Candidates that evidence suggested.
    pub n_candidates: usize,
    /// Of those, proved worthless by the prices alone.
    pub n_worthless: usize,
    pub n_evaluated: usize,
    /// No candidate that was not evaluated can be better than the last of `best`.
    pub is_complete: bool,
}

/// A change that is worth a look.
struct Candidate {
    /// Covered weight it cannot exceed.
    at_most: i64,
    /// What the plan with it cannot exceed, by the base's prices: of two that could cover as many, the dearer is tried first.
    bound: Objective,
    change: Change,
}

impl Candidate {
    /// The best it could be per unit, as (covered weight, units); `most_weight` is the largest of a household.
    fn best_rate(&self, most_weight: u32) -> (i64, u32) {
        match self.change {
            Change::Course { .. } => (self.at_most.min(i64::from(most_weight)), 1),
            _ => (self.at_most, self.change.n_units()),
        }
    }
}

/// Covered weight per unit, compared without division.
fn per_unit(covered: i64, n_units: u32, other_covered: i64, other_units: u32) -> std::cmp::Ordering {
    let ours = i128::from(covered) * i128::from(other_units.max(1));
    ours.cmp(&(i128::from(other_covered) * i128::from(n_units.max(1))))
}

/// Ranks what would close the gap that a base leaves; `report` says who is uncovered and why.
///
/// # Errors
/// [`Failure`], also where the watch says stop between two candidates that are bounded or evaluated.
pub fn gap<P: Pairs>(
    base: &Base<'_, P>,
    snapshot: &Snapshot,
    report: &Report,
    options: &Options,
    watch: Watch,
) -> Result<Vec<Ranking>, Failure> {
    let mut bounded: Vec<(ChangeKind, Vec<Candidate>)> = Vec::new();
    let mut n_suggested: BTreeMap<ChangeKind, usize> = BTreeMap::new();
    for change in candidates(base, snapshot, report, options) {
        // Reading a column of pairs takes a while: who waits may stop here, too, though nothing is done yet.
        if watch(0, 1).is_break() {
            return Err(Failure::Cancelled);
        }
        let suggested = n_suggested.entry(change.kind()).or_default();
        *suggested += 1;
        let most = match change.kind() {
            ChangeKind::Relaxed => options.most_relaxed,
            ChangeKind::Course => options.most_courses,
            ChangeKind::MoreVacancies | ChangeKind::CareShared | ChangeKind::TenantRemoved => usize::MAX,
        };
        if *suggested > most {
            continue;
        }
        let edit = change.edit(snapshot, base.terms()).map_err(Failure::NoSuch)?;
        let bound = base.at_most(&edit).unwrap_or(Objective { covered: i64::MAX, ..Objective::default() });
        let mut at_most = bound.covered.saturating_sub(base.plan().objective.covered);
        if matches!(change, Change::MoreVacancies { .. } | Change::Course { .. }) {
            // Whoever has the extra place or seat can stay at home again: that costs one household at most.
            at_most = at_most.min(i64::from(change.n_units()) * i64::from(base.terms().most_weight()));
        }
        match bounded.iter_mut().find(|(kind, _)| *kind == change.kind()) {
            Some((_, list)) => list.push(Candidate { at_most, bound, change }),
            None => bounded.push((change.kind(), vec![Candidate { at_most, bound, change }])),
        }
    }
    bounded.sort_by_key(|(kind, _)| *kind);
    let n_kinds = bounded.len();
    let mut rankings = Vec::new();
    for (n, (kind, list)) in bounded.into_iter().enumerate() {
        if watch(n, n_kinds).is_break() {
            return Err(Failure::Cancelled);
        }
        let n_bounded = list.len();
        let mut ranking = rank((base, snapshot), kind, list, options, watch)?;
        ranking.n_candidates = n_suggested.get(&kind).copied().unwrap_or(n_bounded);
        ranking.is_complete &= ranking.n_candidates == n_bounded;
        rankings.push(ranking);
    }
    Ok(rankings)
}

fn rank<P: Pairs>(
    (base, snapshot): (&Base<'_, P>, &Snapshot),
    kind: ChangeKind,
    candidates: Vec<Candidate>,
    options: &Options,
    watch: Watch,
) -> Result<Ranking, Failure> {
    let n_candidates = candidates.len();
    let mut left: Vec<Candidate> = candidates.into_iter().filter(|candidate| candidate.at_most > 0).collect();
    let n_worthless = n_candidates - left.len();
    let most_weight = base.terms().most_weight();
    left.sort_by(|a, b| {
        let ((covered, n_units), (other_covered, other_units)) = (b.best_rate(most_weight), a.best_rate(most_weight));
        per_unit(covered, n_units, other_covered, other_units)
            .then(b.at_most.cmp(&a.at_most))
            .then(b.bound.cmp(&a.bound))
    });
    let mut ranking = Ranking { kind, best: Vec::new(), n_candidates, n_worthless, n_evaluated: 0, is_complete: true };
    // The progress of single searches is too fine for a list of changes, but stopping is not.
    let stop_only = |_: usize, _: usize| -> ControlFlow<()> { watch(0, 1) };
    for candidate in left {
        let last_wanted = options.wanted.checked_sub(1).and_then(|last| ranking.best.get(last));
        let (covered, n_units) = candidate.best_rate(most_weight);
        let is_beaten = |last: &Ranked| {
            let rate = per_unit(last.gain.covered, last.n_units, covered, n_units);
            rate.then(last.gain.covered.cmp(&candidate.at_most)).is_ge()
        };
        if options.wanted == 0 || last_wanted.is_some_and(is_beaten) {
            break;
        }
        if ranking.n_evaluated == options.most_evaluated {
            ranking.is_complete = false;
            break;
        }
        let change = candidate.change;
        let evaluated = evaluate(base, snapshot, &change, &stop_only)?;
        ranking.n_evaluated += 1;
        if evaluated.effect.gain.covered <= 0 {
            continue;
        }
        ranking.best.push(Ranked {
            change,
            n_units: evaluated.n_units,
            gain: evaluated.effect.gain,
            covers: evaluated.effect.covers,
            uncovers: evaluated.effect.uncovers,
            trainees: evaluated.trainees,
            at_most: evaluated.at_most,
        });
        let best = &mut ranking.best;
        best.sort_by(|a, b| {
            per_unit(b.gain.covered, b.n_units, a.gain.covered, a.n_units).then_with(|| b.gain.cmp(&a.gain))
        });
        best.truncate(options.wanted);
    }
    Ok(ranking)
}
