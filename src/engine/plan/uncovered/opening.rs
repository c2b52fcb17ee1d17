//! Which barred pair is nearest to being eligible, and what would have to give way.
//!
//! Only gates that a person, a household or an employer may lawfully move count ([`RELAXABLE`]), and gates that fail only
//! because data is missing, which asking opens. A pair that meets any other failing gate is not near, whatever else it has.
//!
//! Order: fewest gates first, then fewest [`steps`], then resident and posting. A step is what people would call one step of
//! that kind (a year of age, an hour a week, a level of a skill, ten minutes of way, a hundred yuan): it makes sizes of one kind
//! comparable exactly and sizes of two kinds roughly, which is all an order of suggestions needs.
//!
//! Cost: the gate tables of the household's members once; single checks are evaluated only for the pairs with the fewest gates.

use crate::engine::explain::GateResult;
use crate::engine::gates::{Compared, Context, Gate, GateSet, Outcome};
use crate::engine::input::{Posting, Resident};
use crate::engine::plan::instance::Pair;
use crate::engine::profile::Snapshot;

/// Gates that can be relaxed: by the employer (age, hours, training, pay), by the household (care, hours), by the person (way,
/// channel, pay, certificate). Not the law's, not what the person ruled out, not recorded capacity.
pub const RELAXABLE: GateSet = GateSet::of(&[
    Gate::AgePosting,
    Gate::Schedule,
    Gate::CareDuty,
    Gate::Channel,
    Gate::Distance,
    Gate::SkillRequired,
    Gate::Certificate,
    Gate::PayFloor,
]);

/// A barred pair and everything that bars it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub pair: Pair,
    /// The gates that fail, with the values compared.
    pub gates: Vec<GateResult>,
    /// Their sizes together.
    pub steps: u32,
}

/// Getting a certificate, or accepting another channel or region, counts like so many small steps.
const LARGE_STEP: u32 = 4;
const HALF_HOURS_PER_STEP: u32 = 2;
const MINUTES_PER_STEP: u32 = 10;
const YUAN_PER_STEP: u32 = 100;

/// How far a failing gate is from passing; `None` if nobody may relax it.
#[must_use]
pub fn steps(result: &GateResult, resident: &Resident) -> Option<u32> {
    if result.check.outcome == Outcome::Unknown {
        return Some(1);
    }
    if !RELAXABLE.contains(result.gate) {
        return None;
    }
    Some(match result.check.compared {
        Compared::Age { years, min, max, .. } => {
            let years = years?;
            let below = min.map_or(0, |min| i32::from(min) - years);
            let above = max.map_or(0, |max| years - i32::from(max));
            below.max(above).max(0).unsigned_abs()
        }
        Compared::Hours { overlap, .. } => overlap.len().div_ceil(HALF_HOURS_PER_STEP),
        Compared::Minutes { way, limit } => u32::from(way?.saturating_sub(limit?)).div_ceil(MINUTES_PER_STEP),
        Compared::Skill { missing, .. } => {
            let asked = missing?;
            let held = resident.skills.iter().filter(|held| held.skill == asked.skill).map(|held| held.level).max();
            u32::from(asked.level.saturating_sub(held.unwrap_or(0)).max(1))
        }
        Compared::PayFloor { floor, upper } => floor?.saturating_sub(upper?).div_ceil(YUAN_PER_STEP),
        Compared::Accepts { .. } | Compared::Certificate { .. } => LARGE_STEP,
        _ => return None,
    })
}

/// The failing gates of a pair with their sizes together; `None` if one of them cannot be relaxed.
fn opening(ctx: &Context, set: GateSet, pair: Pair, resident: &Resident, posting: &Posting) -> Option<Opening> {
    let mut opening = Opening { pair, gates: Vec::new(), steps: 0 };
    for gate in set.iter() {
        let result = GateResult { gate, check: gate.spec().check(ctx, resident, posting), lets_pass: false };
        opening.steps = opening.steps.saturating_add(steps(&result, resident)?);
        opening.gates.push(result);
    }
    Some(opening)
}

/// The smallest opening over all postings of these residents, of whom nobody has an eligible pair.
#[must_use]
pub fn smallest_opening(snapshot: &Snapshot, members: &[u32]) -> Option<Opening> {
    let ctx = snapshot.context();
    let (mut scanner, mut sets) = (snapshot.scanner(), Vec::new());
    let mut best: Option<Opening> = None;
    for resident in members {
        let r = &snapshot.residents()[*resident as usize];
        scanner.barring(*resident as usize, &mut sets);
        for (posting, set) in (0..).zip(&sets).filter(|(_, set)| !set.is_empty()) {
            if best.as_ref().is_some_and(|best| (set.len() as usize) > best.gates.len()) {
                continue;
            }
            let pair = Pair { resident: *resident, posting };
            let p = &snapshot.postings()[posting as usize];
            let order = |opening: &Opening| (opening.gates.len(), opening.steps, opening.pair);
            if let Some(found) = opening(&ctx, *set, pair, r, p)
                && best.as_ref().is_none_or(|best| order(&found) < order(best))
            {
                best = Some(found);
            }
        }
    }
    best
}
