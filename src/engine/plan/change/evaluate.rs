//! One change evaluated exactly, and what a tenant's end does.

use std::collections::BTreeSet;

use super::{Change, Course};
use crate::engine::plan::Edit;
use crate::engine::plan::instance::Pair;
use crate::engine::plan::pairs::Pairs;
use crate::engine::plan::solve::Watch;
use crate::engine::plan::what_if::{Base, Effect, Failure};
use crate::engine::profile::Snapshot;

/// What a change does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    pub effect: Effect,
    /// Units that were of use: seats taken for a course, else [`Change::n_units`].
    pub n_units: u32,
    /// Who takes the seats of a course; empty for other changes.
    pub trainees: Vec<u32>,
    /// For a course, covered weight that no choice of trainees can exceed; for the others, what the change gains.
    pub at_most: i64,
    /// What was edited, for those who want to ask more of the changed town.
    pub edit: Edit,
}

/// Evaluates one change against a base whose pairs are those of the snapshot, but for people left out.
///
/// # Errors
/// [`Failure`]; a name that does not exist is one.
pub fn evaluate<P: Pairs>(
    base: &Base<'_, P>,
    snapshot: &Snapshot,
    change: &Change,
    watch: Watch,
) -> Result<Evaluated, Failure> {
    let edit = change.edit(snapshot, base.terms()).map_err(Failure::NoSuch)?;
    if let Change::Course { skill, level, seats } = change {
        let course = Course::new(snapshot, *skill, *level).map_err(Failure::NoSuch)?;
        return evaluate_course(base, &course, *seats, &edit, watch);
    }
    let effect = base.re_solve(&edit, watch)?;
    let at_most = effect.gain.covered;
    Ok(Evaluated { effect, n_units: change.n_units(), trainees: Vec::new(), at_most, edit })
}

fn evaluate_course<P: Pairs>(
    base: &Base<'_, P>,
    course: &Course<'_>,
    seats: u32,
    everybody: &Edit,
    watch: Watch,
) -> Result<Evaluated, Failure> {
    let all = base.re_solve(everybody, watch)?;
    let is_opened = |pair: &&Pair| course.takers().binary_search_by_key(*pair, |taker| taker.pair).is_ok();
    let mut takers: Vec<(std::cmp::Reverse<(u32, u32)>, u32)> = all
        .plan
        .placements
        .iter()
        .filter(is_opened)
        .filter_map(|pair| {
            let taker = course.takers().binary_search_by_key(pair, |taker| taker.pair).ok()?;
            let h = base.terms().household_of()[pair.resident as usize];
            let gained = if base.is_covered(h) { 0 } else { base.terms().households()[h as usize].weight };
            Some((std::cmp::Reverse((gained, course.takers()[taker].suitability)), pair.resident))
        })
        .collect();
    takers.sort_unstable();
    takers.truncate(seats as usize);
    let mut trainees: Vec<u32> = takers.into_iter().map(|(_, resident)| resident).collect();
    trainees.sort_unstable();

    let edit = Edit { pairs: course.after(&trainees), ..Edit::default() };
    let effect = base.re_solve(&edit, watch)?;
    let at_most = all.gain.covered.min(i64::from(seats) * i64::from(base.terms().most_weight()));
    Ok(Evaluated { effect, n_units: trainees.len() as u32, trainees, at_most, edit })
}

/// What becomes of households at a tenant's end. A household counts as covered by a job or by the plan, whatever it weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shock {
    /// Covered before, and only at the tenant; ascending.
    pub lost: Vec<u32>,
    /// Of those, covered again by the best re-placement.
    pub covered_again: Vec<u32>,
    /// Of those, still uncovered.
    pub left: Vec<u32>,
    /// Covered before elsewhere, and uncovered by the best re-placement, which helps another instead.
    pub displaced: Vec<u32>,
    /// Uncovered before, and covered by the best re-placement.
    pub gained: Vec<u32>,
}

/// Reads a tenant's end ([`Change::TenantRemoved`]) off its evaluation.
#[must_use]
pub fn shock<P: Pairs>(base: &Base<'_, P>, uncovers: &[(u32, u32)], evaluated: &Evaluated) -> Shock {
    let n_households = base.terms().households().len();
    let household = |pair: &Pair| base.terms().household_of()[pair.resident as usize] as usize;
    let (mut keeps_place, mut loses_place) = (vec![false; n_households], vec![false; n_households]);
    for pair in &base.plan().placements {
        let of = if evaluated.edit.closed.contains(&pair.posting) { &mut loses_place } else { &mut keeps_place };
        of[household(pair)] = true;
    }
    let mut is_covered = vec![false; n_households];
    evaluated.effect.plan.placements.iter().for_each(|pair| is_covered[household(pair)] = true);
    let had_job: BTreeSet<u32> = uncovers.iter().map(|(h, _)| *h).collect();
    let mut shock = Shock::default();
    for (h, before) in (0..).zip(base.terms().households()) {
        let (keeps, loses, covered) = (keeps_place[h as usize], loses_place[h as usize], is_covered[h as usize]);
        let had_job = had_job.contains(&h);
        // Who has no weight is covered by a job that stays, or is not counted.
        if before.weight == 0 && !had_job {
            continue;
        }
        match (had_job || keeps || loses, covered) {
            (true, _) if !keeps => {
                shock.lost.push(h);
                if covered { shock.covered_again.push(h) } else { shock.left.push(h) }
            }
            (true, false) => shock.displaced.push(h),
            (false, true) => shock.gained.push(h),
            (true, true) | (false, false) => {}
        }
    }
    shock
}
