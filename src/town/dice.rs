//! Where does chance come from? From one PCG stream per stage of the generator, seeded by the plan.
//!
//! Invariant: the same seed and stage give the same draws on every platform. All draws are `u32` integers: no floating point
//! and no word-size dependent sampling. Each stage has its own stream, so a change in one does not reshuffle the others.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// The stages that draw; the discriminant is the stream number and must not be reused.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    Places = 1,
    Families = 2,
    Residents = 3,
    Openings = 4,
    Home = 5,
    Work = 6,
    Skills = 7,
    Wishes = 8,
    Slips = 9,
}

pub(super) struct Dice(Pcg64);

impl Dice {
    pub(super) fn new(seed: u64, stage: Stage) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        // PCG's increment is the second half of the seed: one stream per stage.
        bytes[16..24].copy_from_slice(&(2 * stage as u64 + 1).to_le_bytes());
        let mut rng = Pcg64::from_seed(bytes);
        // Neighbouring seeds start close together in state; a few steps part them.
        for _ in 0..8 {
            let _: u32 = rng.random();
        }
        Self(rng)
    }

    /// A number in `0..n`; 0 where `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        match u32::try_from(n) {
            Ok(n) if n > 0 => self.0.random_range(0..n) as usize,
            _ => 0,
        }
    }

    /// A number in `low..=high`; `low` where the range is empty.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        if low >= high { low } else { self.0.random_range(low..=high) }
    }

    /// Whether something that happens `per_mille` times in a thousand happens now.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.between(0, 999) < per_mille
    }

    /// One of `values`, all equally likely. The slices are the generator's own tables and never empty.
    pub(super) fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// One of `values` by weight. The slices are the generator's own tables and never empty.
    pub(super) fn weighted<T: Copy>(&mut self, values: &[(T, u32)]) -> T {
        let total: u32 = values.iter().map(|(_, weight)| weight).sum();
        let mut left = self.between(1, total);
        for &(value, weight) in values {
            if left <= weight {
                return value;
            }
            left -= weight;
        }
        values[values.len() - 1].0
    }

    /// Fisher–Yates.
    pub(super) fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }

    /// The candidates with their score raised by a random 0..=`noise`, best first; equal scores keep their order.
    pub(super) fn ranked(&mut self, candidates: impl IntoIterator<Item = (usize, u32)>, noise: u32) -> Vec<usize> {
        let mut scored: Vec<(u32, usize)> =
            candidates.into_iter().map(|(index, score)| (score + self.between(0, noise), index)).collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.into_iter().map(|(_, index)| index).collect()
    }
}
