//! A set of gates in one word: which of them bar a pair.

use super::{GATES, Gate};

/// Which gates; one bit each, in the order of [`GATES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GateSet(u32);

impl GateSet {
    pub const EMPTY: Self = Self(0);

    #[must_use]
    pub const fn of(gates: &[Gate]) -> Self {
        let mut set = Self::EMPTY;
        let mut n = 0;
        while n < gates.len() {
            set = set.with(gates[n]);
            n += 1;
        }
        set
    }

    #[must_use]
    pub const fn with(self, gate: Gate) -> Self {
        Self(self.0 | 1 << gate.index())
    }

    /// The gates of this set that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[must_use]
    pub const fn contains(self, gate: Gate) -> bool {
        self.0 >> gate.index() & 1 == 1
    }

    /// Whether every gate of this set is in `other`.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// In the order of [`GATES`].
    pub fn iter(self) -> impl Iterator<Item = Gate> {
        GATES.iter().map(|spec| spec.gate).filter(move |gate| self.contains(*gate))
    }
}
