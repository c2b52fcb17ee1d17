//! What a community decides about scoring: the weights, how long a refusal counts, what a gate does with missing data.
//!
//! Invariant: a `Policy` in hand is usable: every weight is at most [`MAX_WEIGHT`] and they are not all zero, so the kernel's
//! sums fit their words (see [`super::profile`]). Policies are versioned rows of the database; this type is one of them.

use std::fmt;

use super::gates::{GATES, Gate, N_GATES};
use super::score::{Factor, N_FACTORS};

/// Largest weight of one factor; the kernel's packed sums rely on it.
pub const MAX_WEIGHT: u16 = 1_000;

/// Days for which a declined posting is not proposed again, unless the policy says otherwise.
pub const DEFAULT_DECLINE_DAYS: u16 = 30;

/// What a gate does with a pair it cannot decide because data is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnUnknown {
    /// The pair passes and the explanation carries a caveat.
    PassWithCaveat,
    /// The pair fails: fail safe, the choice where the law is the reason.
    Refuse,
}

/// Relative weights of the seven factors; only their ratios matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weights {
    pub skill: u16,
    pub experience: u16,
    pub schedule: u16,
    pub pay: u16,
    pub distance: u16,
    pub preference: u16,
    pub comfort: u16,
}

impl Default for Weights {
    fn default() -> Self {
        Self { skill: 40, experience: 10, schedule: 15, pay: 15, distance: 10, preference: 5, comfort: 5 }
    }
}

impl Weights {
    /// The weights in the order of [`Factor::ALL`].
    #[must_use]
    pub const fn as_array(&self) -> [u16; N_FACTORS] {
        [self.skill, self.experience, self.schedule, self.pay, self.distance, self.preference, self.comfort]
    }
}

/// Why weights cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyError {
    WeightTooLarge { factor: Factor, weight: u16 },
    AllWeightsZero,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WeightTooLarge { factor, weight } => {
                write!(f, "the weight of factor {} is {weight}, above {MAX_WEIGHT}", factor.code())
            }
            Self::AllWeightsZero => f.write_str("all factor weights are zero"),
        }
    }
}

impl std::error::Error for PolicyError {}

/// A scoring policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    version: i64,
    weights: [u16; N_FACTORS],
    decline_days: u16,
    on_unknown: [OnUnknown; N_GATES],
}

impl Default for Policy {
    /// The weights of scoring.md, [`DEFAULT_DECLINE_DAYS`], and per gate the default of [`GATES`]; version 1.
    fn default() -> Self {
        Self {
            version: 1,
            weights: Weights::default().as_array(),
            decline_days: DEFAULT_DECLINE_DAYS,
            on_unknown: GATES.each_ref().map(|spec| spec.on_unknown),
        }
    }
}

impl Policy {
    /// A policy with the default treatment of missing data.
    ///
    /// # Errors
    /// A weight above [`MAX_WEIGHT`], or no weight above zero.
    pub fn new(version: i64, weights: Weights, decline_days: u16) -> Result<Self, PolicyError> {
        let weights = weights.as_array();
        if let Some(factor) = Factor::ALL.into_iter().find(|f| weights[f.index()] > MAX_WEIGHT) {
            return Err(PolicyError::WeightTooLarge { factor, weight: weights[factor.index()] });
        }
        if weights.iter().all(|w| *w == 0) {
            return Err(PolicyError::AllWeightsZero);
        }
        Ok(Self { version, weights, decline_days, ..Self::default() })
    }

    /// The same policy with another treatment of one gate's missing data. A hire, for instance, asks with the hazard
    /// check refused where a recommendation only warns.
    #[must_use]
    pub const fn with_unknown(mut self, gate: Gate, on_unknown: OnUnknown) -> Self {
        self.on_unknown[gate.index()] = on_unknown;
        self
    }

    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    #[must_use]
    pub const fn weight(&self, factor: Factor) -> u16 {
        self.weights[factor.index()]
    }

    /// Days for which a declined posting is not proposed again.
    #[must_use]
    pub const fn decline_days(&self) -> u16 {
        self.decline_days
    }

    #[must_use]
    pub const fn on_unknown(&self, gate: Gate) -> OnUnknown {
        self.on_unknown[gate.index()]
    }
}
