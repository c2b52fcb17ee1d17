//! Where eligible pairs come from: asked for one resident at a time, never all at once.
//!
//! The planner reads pairs only through [`Pairs`], so that a town's pairs are computed when they are looked at
//! ([`Snapshot`]) and an instance somebody brought along is read from its compact rows ([`PairRows`]).

use crate::engine::profile::{Scanner, Snapshot};
use crate::engine::score::FULL;

/// The eligible pairs of an instance with their suitability.
pub trait Pairs: Sync {
    /// What one thread needs to read them.
    type Scan<'a>: Scan
    where
        Self: 'a;

    fn scan(&self) -> Self::Scan<'_>;

    /// No pair's suitability is larger.
    fn most_suitability(&self) -> u32;
}

/// Reads the pairs of one resident after the other.
pub trait Scan {
    /// Calls `visit` with the postings resident `r` is eligible for, in ascending order, and the suitability. Pairs below
    /// `floor(posting)` may be left out; pairs at or above it never are.
    fn scan(&mut self, r: usize, floor: impl FnMut(usize) -> i64, visit: impl FnMut(usize, u32));

    /// Suitability of one pair; `None` if it is not eligible.
    fn suitability(&mut self, r: usize, p: usize) -> Option<u32>;
}

impl Pairs for Snapshot {
    type Scan<'a> = Scanner<'a>;

    fn scan(&self) -> Scanner<'_> {
        self.scanner()
    }

    fn most_suitability(&self) -> u32 {
        u32::from(FULL)
    }
}

impl Scan for Scanner<'_> {
    fn scan(&mut self, r: usize, mut floor: impl FnMut(usize) -> i64, mut visit: impl FnMut(usize, u32)) {
        let floor = |p| floor(p).clamp(0, i64::from(FULL) + 1) as u16;
        Scanner::scan(self, r, floor, |p, score| visit(p, u32::from(score)));
    }

    fn suitability(&mut self, r: usize, p: usize) -> Option<u32> {
        self.snapshot().score(r, p).map(u32::from)
    }
}

/// Listed pairs, grouped by resident: 8 bytes each.
#[derive(Clone, Debug, Default)]
pub struct PairRows {
    /// `pairs[from[r]..from[r + 1]]` are those of resident `r`, by ascending posting.
    from: Vec<usize>,
    pairs: Vec<(u32, u32)>,
    most: u32,
}

/// The same pair was listed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twice {
    pub resident: u32,
    pub posting: u32,
}

impl PairRows {
    /// Groups `(resident, posting, suitability)` by resident, in linear time and in place of the list.
    ///
    /// # Errors
    /// [`Twice`] names the first pair (by resident, then posting) that is listed more than once.
    ///
    /// # Panics
    /// If a resident is `n_residents` or more.
    pub fn new(n_residents: usize, pairs: &[(u32, u32, u32)]) -> Result<Self, Twice> {
        let mut from = vec![0usize; n_residents + 1];
        for (r, ..) in pairs {
            from[*r as usize + 1] += 1;
        }
        for r in 0..n_residents {
            from[r + 1] += from[r];
        }
        let mut next = from.clone();
        let mut rows = vec![(0, 0); pairs.len()];
        let mut most = 0;
        for (r, p, suitability) in pairs {
            let slot = &mut next[*r as usize];
            rows[*slot] = (*p, *suitability);
            *slot += 1;
            most = most.max(*suitability);
        }
        for r in 0..n_residents {
            let row = &mut rows[from[r]..from[r + 1]];
            if !row.is_sorted_by_key(|(p, _)| *p) {
                row.sort_unstable();
            }
            if let Some(twin) = row.windows(2).find(|w| w[0].0 == w[1].0) {
                return Err(Twice { resident: r as u32, posting: twin[0].0 });
            }
        }
        Ok(Self { from, pairs: rows, most })
    }

    /// The pairs of a resident: (posting, suitability), by ascending posting.
    #[must_use]
    pub fn of(&self, r: usize) -> &[(u32, u32)] {
        &self.pairs[self.from[r]..self.from[r + 1]]
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl Pairs for PairRows {
    type Scan<'a> = &'a PairRows;

    fn scan(&self) -> &PairRows {
        self
    }

    fn most_suitability(&self) -> u32 {
        self.most
    }
}

impl Scan for &PairRows {
    fn scan(&mut self, r: usize, mut floor: impl FnMut(usize) -> i64, mut visit: impl FnMut(usize, u32)) {
        for (p, suitability) in self.of(r) {
            if i64::from(*suitability) >= floor(*p as usize) {
                visit(*p as usize, *suitability);
            }
        }
    }

    fn suitability(&mut self, r: usize, p: usize) -> Option<u32> {
        let row = self.of(r);
        row.binary_search_by_key(&p, |(posting, _)| *posting as usize).ok().map(|at| row[at].1)
    }
}
