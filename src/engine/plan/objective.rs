//! What a plan is worth: three values compared one after the other, and the one number they are folded into.
//!
//! [`Objective`] is compared field by field. The solver and the certificate work on a single integer; [`Fold`] is the only
//! place where the three become one. Its rewards are chosen so that one unit of a leading value outweighs everything the
//! values behind it can ever add up to, so that a larger folded value **is** a lexicographically larger objective.
//!
//! Bounds: rewards of one pair or household fit `i64` with room for the solver's sums of a few of them
//! ([`Fold::new`] refuses what does not); totals over a whole plan are `i128`.

use std::fmt;

/// The worth of a plan, compared lexicographically: a promise is broken only to cover a household, points never cost either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Objective {
    /// Summed weight of the households with at least one member placed.
    pub covered: i64,
    /// Placements of the parent plan that this plan keeps.
    pub kept: i64,
    /// Summed suitability of the placements, in points.
    pub suitability: i64,
}

/// The rewards that make one integer of an [`Objective`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Reward of covering one unit of household weight: `B` of plan.md.
    pub covered: i64,
    /// Reward of keeping one promise; 0 where nothing was promised.
    pub kept: i64,
}

/// The rewards of an instance do not fit the integers the solver computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// What one covered household of the largest weight would have to be worth.
    pub reward: i128,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "one household would have to be worth {}, more than the {LARGEST_REWARD} that can be computed with",
            self.reward
        )
    }
}

impl std::error::Error for TooLarge {}

/// Largest reward of one household. The solver adds at most four rewards before it compares them.
pub const LARGEST_REWARD: i64 = i64::MAX / 16;

impl Fold {
    /// Rewards for an instance in which at most `n_placed` people can be placed, each for at most `most_suitability` points,
    /// `n_promises` promises can be kept and no household weighs more than `most_weight`.
    ///
    /// # Errors
    /// [`TooLarge`] if the heaviest household's reward passes [`LARGEST_REWARD`].
    pub fn new(n_placed: u64, most_suitability: u32, n_promises: u64, most_weight: u32) -> Result<Self, TooLarge> {
        // Below 2^96, so nothing here can overflow 127 bits: 2^64 · 2^32, and that times at most 2^31 promises.
        let points = i128::from(n_placed) * i128::from(most_suitability);
        let kept = if n_promises == 0 { 0 } else { points + 1 };
        let n_promises = i128::from(n_promises.min(1 << 31));
        let covered = points + kept * n_promises + 1;
        let reward = covered.saturating_mul(i128::from(most_weight.max(1)));
        match (i64::try_from(covered), i64::try_from(kept)) {
            (Ok(covered), Ok(kept)) if reward <= i128::from(LARGEST_REWARD) => Ok(Self { covered, kept }),
            _ => Err(TooLarge { reward }),
        }
    }

    /// The one number: the larger, the better the objective.
    #[must_use]
    pub fn value(&self, objective: &Objective) -> i128 {
        i128::from(self.covered) * i128::from(objective.covered)
            + i128::from(self.kept) * i128::from(objective.kept)
            + i128::from(objective.suitability)
    }

    /// A price in the terms people use, each level to the nearest unit: one household less one promise, rather than very many
    /// promises. Adds up to the price exactly.
    #[must_use]
    pub fn unfold_price(&self, price: i64) -> Objective {
        let level = |rest: &mut i64, reward: i64| {
            if reward == 0 {
                return 0;
            }
            // Rewards are at most an eighth of the range, prices a few of them.
            let units = (*rest + reward / 2).div_euclid(reward);
            *rest -= units * reward;
            units
        };
        let mut rest = price;
        let covered = level(&mut rest, self.covered);
        let kept = level(&mut rest, self.kept);
        Objective { covered, kept, suitability: rest }
    }

    /// A folded amount (a price, a difference of two plans) in the terms people use: households' weight, promises, points.
    /// Exact for amounts that are an objective's value; else rounded towards zero, level by level.
    #[must_use]
    pub fn unfold(&self, amount: i128) -> Objective {
        let level = |rest: &mut i128, reward: i64| {
            if reward == 0 {
                return 0;
            }
            let units = *rest / i128::from(reward);
            *rest -= units * i128::from(reward);
            i64::try_from(units).unwrap_or(if units > 0 { i64::MAX } else { i64::MIN })
        };
        let mut rest = amount;
        let covered = level(&mut rest, self.covered);
        let kept = level(&mut rest, self.kept);
        Objective { covered, kept, suitability: level(&mut rest, 1) }
    }
}
