//! Which skills have to do with each other by meaning alone, and how much may that count?
//!
//! Invariant: a likeness of meaning is a hint and no more. Its points lie from [`LEAST`] to [`MOST`], below every link that ships with
//! the service and below every likeness of letters, and the table of points uses them only where nothing else is said
//! ([`SkillTable::build`]). Cost: each name is compared with the classification once; all pairs of skills by way of the axes they
//! share, in parallel, with the same result for any number of threads.
//!
//! [`SkillTable::build`]: crate::engine::similarity::SkillTable::build

use std::cmp::Reverse;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::super::input::SkillId;
use super::super::similarity::FULL;
use super::meaning::{Concepts, Meaning, points};

/// Likeness from which two names have to do with each other in matching. Measured, see `benches/README.md`.
const THRESHOLD: u16 = 7_500;
/// Likeness from which a skill is shown to a person who asks what a name may mean.
const WORTH_A_LOOK: u16 = 4_000;
/// Points at the threshold: what two weak links give, below which a link says nothing.
const LEAST: u16 = 2_000;
/// Points of a perfect likeness. The weakest built-in link has 2,500.
const MOST: u16 = 2_400;

/// What the names of known skills resemble.
#[derive(Clone, Debug)]
pub(super) struct ByMeaning {
    meaning: Meaning,
    /// Of each skill, by number.
    concepts: Vec<Concepts>,
    /// Among the known skills; computed when first asked for.
    pairs: OnceLock<Vec<(SkillId, SkillId, u16)>>,
}

impl ByMeaning {
    /// Of skills with these normalised names each.
    pub fn new(meaning: Meaning, names: &[Vec<&str>]) -> Self {
        let concepts = names.par_iter().map(|names| meaning.concepts_of_all(names.iter().copied())).collect();
        Self { meaning, concepts, pairs: OnceLock::new() }
    }

    /// What a normalised name resembles.
    pub fn concepts(&self, key: &str) -> Concepts {
        self.meaning.concepts(key)
    }

    /// Of the skills those a person may want to look at for a normalised name, the likest first, ties in id order, with
    /// the points that count in matching: 0 below the threshold.
    pub fn near(&self, key: &str) -> Vec<(SkillId, u16)> {
        let concepts = self.concepts(key);
        let likeness = |(skill, other): (u32, &Concepts)| (SkillId(skill), concepts.likeness(other));
        let mut near: Vec<_> = (0..).zip(&self.concepts).map(likeness).filter(|(_, l)| *l >= WORTH_A_LOOK).collect();
        near.sort_by_key(|&(skill, likeness)| (Reverse(likeness), skill));
        near.into_iter().map(|(skill, likeness)| (skill, counted(likeness).unwrap_or(0))).collect()
    }

    /// All pairs that have to do with each other, the smaller id first; the pseudo entries come after the skills.
    pub fn pairs(&self, pseudo: &[Concepts]) -> Vec<(SkillId, SkillId, u16)> {
        let known = self.pairs.get_or_init(|| pairs_from(&self.concepts.iter().collect::<Vec<_>>(), 0));
        let mut pairs = known.clone();
        if !pseudo.is_empty() {
            let all: Vec<&Concepts> = self.concepts.iter().chain(pseudo).collect();
            pairs.extend(pairs_from(&all, self.concepts.len()));
        }
        pairs
    }
}

/// The pairs whose larger number is `first` or above, by that number.
fn pairs_from(concepts: &[&Concepts], first: usize) -> Vec<(SkillId, SkillId, u16)> {
    let n_axes = concepts.iter().flat_map(|one| one.shares()).map(|(axis, _)| axis + 1).max().unwrap_or(0);
    let mut on_axis: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n_axes as usize];
    for (skill, one) in (0..).zip(concepts) {
        for (axis, share) in one.shares() {
            on_axis[*axis as usize].push((skill, *share));
        }
    }
    let of_one = |(b, one): (usize, &&Concepts)| {
        let mut products = vec![0_u64; b];
        for (axis, share) in one.shares() {
            // In the order of numbers.
            for (a, theirs) in on_axis[*axis as usize].iter().take_while(|(a, _)| (*a as usize) < b) {
                products[*a as usize] += u64::from(*share) * u64::from(*theirs);
            }
        }
        let b = SkillId(u32::try_from(b).unwrap_or(u32::MAX));
        let before = (0..).map(SkillId).zip(products);
        before.filter_map(move |(a, product)| Some((a, b, counted(points(product))?))).collect::<Vec<_>>()
    };
    concepts.par_iter().enumerate().skip(first).flat_map_iter(of_one).collect()
}

/// The points a likeness counts in matching; `None` below the threshold.
fn counted(likeness: u16) -> Option<u16> {
    let above = u32::from(likeness.min(FULL).checked_sub(THRESHOLD)?);
    // At most MOST - LEAST.
    let more = u32::from(MOST - LEAST) * above / u32::from(FULL - THRESHOLD);
    u16::try_from(u32::from(LEAST) + more).ok()
}
