//! How far does one skill serve where another is asked? A table of points, looked up by the pair kernel.
//!
//! Invariant: every entry is at most [`FULL`] and the diagonal is exactly [`FULL`]. The table is not symmetric: a certified
//! electrician serves where a helper is asked better than the reverse. Cost: `n²` half-words (4.5 MB for 1,500 names), one
//! load per look-up; [`SkillTable::row`] keeps all skills held against one skill asked side by side in memory.

use super::input::SkillId;
use super::vocabulary::Vocabulary;

/// Points of a skill that is exactly the one asked.
pub const FULL: u16 = 10_000;

/// Composed points below this say nothing any more: two weak links are no link.
const FLOOR: u16 = 2_000;

/// Skill × skill points, `0..=`[`FULL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillTable {
    n: usize,
    /// Row = skill asked, column = skill held.
    points: Vec<u16>,
}

impl SkillTable {
    /// A table from `n * n` points, row = skill asked, column = skill held. Points above [`FULL`] are cut to it and the
    /// diagonal is set to it, so that the invariant holds whatever the caller has.
    ///
    /// # Panics
    /// If `points` does not hold `n * n` entries: the two come from one place, so a difference is a mistake in the program.
    #[must_use]
    pub fn from_points(n: usize, mut points: Vec<u16>) -> Self {
        assert_eq!(points.len(), n * n, "a skill table is square");
        for p in &mut points {
            *p = (*p).min(FULL);
        }
        for i in 0..n {
            points[i * n + i] = FULL;
        }
        Self { n, points }
    }

    /// The table of a vocabulary: what is linked directly has the points of its link, what is two links apart the product of both
    /// (the best of several ways), anything farther 0, or a little where the vocabulary has a classification and both resemble the
    /// same occupations ([`meaning`](super::vocabulary::meaning)). Names the vocabulary does not know are linked by their letters. A
    /// pure function of the vocabulary; linear in its pairs of adjoining links, plus `n²` to clear the table.
    #[must_use]
    pub fn build(vocabulary: &Vocabulary) -> Self {
        let n = vocabulary.len();
        let edges = vocabulary.edges();
        let from = |skill: SkillId| {
            let start = edges.partition_point(|(held, ..)| *held < skill);
            edges[start..].iter().take_while(move |(held, ..)| *held == skill)
        };
        let mut points = vec![0; n * n];
        for (held, between, first) in &edges {
            for (_, asked, second) in from(*between) {
                // Two factors of at most 10,000 each: the product over 10,000 is at most 10,000.
                let both = u32::from(*first) * u32::from(*second) / u32::from(FULL);
                let both = u16::try_from(both).unwrap_or(FULL);
                let cell = &mut points[asked.0 as usize * n + held.0 as usize];
                if both >= FLOOR && both > *cell {
                    *cell = both;
                }
            }
        }
        // Meaning speaks only where no way of links and letters leads.
        for (a, b, alike) in vocabulary.pairs_by_meaning() {
            let (a, b) = (a.0 as usize, b.0 as usize);
            for cell in [a * n + b, b * n + a] {
                if points[cell] == 0 {
                    points[cell] = alike;
                }
            }
        }
        // What somebody has said about a pair stands, also where a way around would give more.
        for (held, asked, direct) in &edges {
            points[asked.0 as usize * n + held.0 as usize] = *direct;
        }
        Self::from_points(n, points)
    }

    /// Number of skills; ids run from 0 to `len() - 1`.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.n
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Points of a person who holds `held` where `asked` is wanted. An id of another vocabulary shares nothing: 0.
    #[must_use]
    pub fn points(&self, held: SkillId, asked: SkillId) -> u16 {
        self.row(asked).get(held.0 as usize).copied().unwrap_or(0)
    }

    /// Points of every skill held, in id order, where `asked` is wanted. Empty for an id of another vocabulary.
    #[must_use]
    pub fn row(&self, asked: SkillId) -> &[u16] {
        let from = asked.0 as usize * self.n;
        self.points.get(from..from + self.n).unwrap_or_default()
    }
}
