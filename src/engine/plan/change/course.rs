//! A training course: which barred pairs it would open, if the right people took the seats.
//!
//! A course opens a pair if nothing but the gate `skill_required` bars it and the skill taught answers it. Whoever has no recorded
//! skills is not barred by that gate as it is (an empty cell of a ledger is not a statement), so a course opens nothing for them.
//!
//! # Who takes the seats
//!
//! A plan in which at most `n` placements use opened pairs is not a flow problem any more (the seats cut across households and
//! postings), so the best takers are bounded from above and found from below:
//!
//! * above: with every opened pair allowed, the optimum covers `C`; `n` seats cannot cover more, and each can add at most
//!   the largest household weight `w`, since leaving its taker at home costs no more. So at most `min(C, covered now + n·w)`.
//! * below: of the people whom that optimum places on opened pairs (worth 0 points there, so that it uses one only where that
//!   covers somebody), the first `n` by household weight gained, then suitability, then index, are trained, and the plan
//!   with exactly their records changed is solved exactly.
//!
//! Where both meet, the choice is proved best; the gap between them is shown.

use rayon::prelude::*;

use super::{NoSuch, suitability};
use crate::engine::gates::{Gate, GateSet};
use crate::engine::input::{HeldSkill, Resident, SkillId};
use crate::engine::plan::instance::Pair;
use crate::engine::profile::Snapshot;

/// Somebody whom the course would open a posting to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    pub pair: Pair,
    /// After the course.
    pub suitability: u32,
}

/// A course in a town, and all it could open.
pub struct Course<'a> {
    snapshot: &'a Snapshot,
    skill: SkillId,
    level: u8,
    takers: Vec<Taker>,
}

impl<'a> Course<'a> {
    /// Finds every pair the course would open, by resident and posting.
    ///
    /// # Errors
    /// A skill that is not in the town's vocabulary.
    pub fn new(snapshot: &'a Snapshot, skill: SkillId, level: u8) -> Result<Self, NoSuch> {
        if skill.0 as usize >= snapshot.skills().len() {
            return Err(NoSuch::Skill(skill));
        }
        let only_skill = GateSet::of(&[Gate::SkillRequired]);
        let ctx = snapshot.context();
        let takers_of = |(scanner, sets): &mut (crate::engine::profile::Scanner<'_>, Vec<GateSet>), resident: u32| {
            let r = &snapshot.residents()[resident as usize];
            let knows = r.skills.iter().any(|held| held.skill == skill && held.level >= level);
            if knows || r.skills.is_empty() || r.unavailable.is_some() {
                return Vec::new();
            }
            scanner.barring(resident as usize, sets);
            let trained = trained(r, skill, level);
            let mut opened = Vec::new();
            for (posting, _) in (0..).zip(sets.iter()).filter(|(_, set)| **set == only_skill) {
                let p = &snapshot.postings()[posting as usize];
                if Gate::SkillRequired.spec().lets_pass(&ctx, &trained, p)
                    && let Some(suitability) = suitability(snapshot, &trained, p)
                {
                    opened.push(Taker { pair: Pair { resident, posting }, suitability });
                }
            }
            opened
        };
        let residents = (0..snapshot.residents().len() as u32).into_par_iter().with_min_len(256);
        let takers = residents.map_init(|| (snapshot.scanner(), Vec::new()), takers_of).flatten_iter().collect();
        Ok(Self { snapshot, skill, level, takers })
    }

    /// Every pair it could open, by resident and posting.
    #[must_use]
    pub fn takers(&self) -> &[Taker] {
        &self.takers
    }

    /// All opened pairs, worth no points: the bound from above.
    pub(super) fn openings(&self) -> Vec<(Pair, Option<u32>)> {
        self.takers.iter().map(|taker| (taker.pair, Some(0))).collect()
    }

    /// The pairs that differ once exactly these people have taken the course.
    #[must_use]
    pub fn after(&self, trainees: &[u32]) -> Vec<(Pair, Option<u32>)> {
        let after = |resident: &u32| {
            let r = &self.snapshot.residents()[*resident as usize];
            super::row(self.snapshot, *resident, &trained(r, self.skill, self.level))
        };
        trainees.iter().flat_map(after).collect()
    }
}

/// The person with the skill at the level taught.
fn trained(r: &Resident, skill: SkillId, level: u8) -> Resident {
    let mut trained = r.clone();
    match trained.skills.iter_mut().find(|held| held.skill == skill) {
        Some(held) => held.level = held.level.max(level),
        None => trained.skills.push(HeldSkill { skill, level, months: None }),
    }
    trained
}
