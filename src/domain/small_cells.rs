//! Which figures of a table may be published, so that no group of a few households or people can be told apart?
//!
//! A *cell* counts a group; one of 1 up to the threshold (exclusive) is small and is never published (统计法 2024 art. 28). That is
//! not enough: with the other cells of its row and the row's total it could be computed. So more is kept back.
//!
//! Method: the rows with a small cell keep back all their cells. With the column totals, the sum of a column over those rows
//! follows: while such a sum is small, another row joins them, the one with the least in that column first. A row's total stays
//! unless it is small itself; with the grand total, the sum of the totals kept back follows, so totals join too while that sum
//! is small. A column whose whole total is small keeps it back, with the totals of other columns until their sum is no longer small.
//! Where the grand total is small nothing is published.
//!
//! Invariant: a sum or difference of published figures that counts a group counts none, or at least the threshold (tested by trying
//! all of them). Among several tables (by another grouping, of another day) exact figures could still be subtracted, so
//! those for the public are rounded to the threshold as well ([`Published::rounded`]): any sum or difference of
//! such figures is a multiple of it. Cost: linear in the cells, times the rows that are kept back.

/// A figure as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    Exact(u64),
    /// From 1 up to this, exclusive.
    Below(u64),
    /// Kept back because another figure would follow from it.
    Withheld,
}

impl Shown {
    /// One figure that stands alone.
    #[must_use]
    pub const fn alone(value: u64, threshold: u64) -> Self {
        if is_small(value, threshold) { Self::Below(threshold) } else { Self::Exact(value) }
    }

    #[must_use]
    pub const fn value(self) -> Option<u64> {
        match self {
            Self::Exact(value) => Some(value),
            Self::Below(_) | Self::Withheld => None,
        }
    }
}

/// Whether a count would tell of a few.
#[must_use]
pub const fn is_small(value: u64, threshold: u64) -> bool {
    0 < value && value < threshold
}

/// Counts by row and column; every row has the same length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<u64>>,
    columns: usize,
}

/// What of a [`Table`] may be shown, with its totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub cells: Vec<Vec<Shown>>,
    pub row_totals: Vec<Shown>,
    pub column_totals: Vec<Shown>,
    pub total: Shown,
    threshold: u64,
}

impl Table {
    /// `None` unless every row has `columns` cells.
    #[must_use]
    pub fn new(rows: Vec<Vec<u64>>, columns: usize) -> Option<Self> {
        rows.iter().all(|row| row.len() == columns).then_some(Self { rows, columns })
    }

    fn row_total(&self, row: usize) -> u64 {
        self.rows[row].iter().sum()
    }

    fn column_sum(&self, column: usize, held: &[bool]) -> u64 {
        self.rows.iter().zip(held).filter(|(_, held)| **held).map(|(row, _)| row[column]).sum()
    }

    /// Keeps back what must not be known; see the module docs.
    #[must_use]
    pub fn published(&self, threshold: u64) -> Published {
        let small = |value| is_small(value, threshold);
        let all = vec![true; self.rows.len()];
        let column_totals: Vec<u64> = (0..self.columns).map(|column| self.column_sum(column, &all)).collect();
        let total: u64 = column_totals.iter().sum();
        if small(total) {
            return self.nothing(threshold);
        }
        let column_held = hold(&column_totals, threshold);
        let mut held: Vec<bool> = self.rows.iter().map(|row| row.iter().any(|cell| small(*cell))).collect();
        let mut total_held = vec![false; self.rows.len()];
        loop {
            // A column that keeps its total back is known only together with the others that do.
            let joint: Vec<usize> = (0..self.columns).filter(|column| column_held[*column]).collect();
            let mut known: Vec<Vec<usize>> =
                (0..self.columns).filter(|column| !column_held[*column]).map(|column| vec![column]).collect();
            known.push(joint);
            let group = known.iter().find(|group| small(group.iter().map(|c| self.column_sum(*c, &held)).sum()));
            if let Some(group) = group {
                let weight = |row: usize| group.iter().map(|column| self.rows[row][*column]).sum::<u64>();
                // The whole group counts none or enough, so a row with some of it is left.
                let next =
                    (0..self.rows.len()).filter(|row| !held[*row] && weight(*row) > 0).min_by_key(|r| weight(*r));
                match next {
                    Some(row) => held[row] = true,
                    None => return self.nothing(threshold),
                }
                continue;
            }
            let totals: Vec<u64> = (0..self.rows.len()).map(|row| self.row_total(row)).collect();
            let wanted = hold(&totals, threshold);
            if wanted != total_held {
                // A total kept back beside published cells would follow from them.
                for (row, wanted) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted) {
                    held[row] |= wanted;
                }
                total_held = wanted;
                continue;
            }
            break;
        }
        let show = |value: u64, held: bool| match (small(value), held) {
            (true, _) => Shown::Below(threshold),
            (false, true) => Shown::Withheld,
            (false, false) => Shown::Exact(value),
        };
        Published {
            cells: self
                .rows
                .iter()
                .zip(&held)
                .map(|(row, h)| row.iter().map(|cell| show(*cell, *h)).collect())
                .collect(),
            row_totals: (0..self.rows.len()).map(|row| show(self.row_total(row), total_held[row])).collect(),
            column_totals: column_totals.iter().zip(&column_held).map(|(value, h)| show(*value, *h)).collect(),
            total: Shown::Exact(total),
            threshold,
        }
    }

    fn nothing(&self, threshold: u64) -> Published {
        Published {
            cells: vec![vec![Shown::Withheld; self.columns]; self.rows.len()],
            row_totals: vec![Shown::Withheld; self.rows.len()],
            column_totals: vec![Shown::Withheld; self.columns],
            total: Shown::Below(threshold),
            threshold,
        }
    }
}

/// Which of some figures with a known sum are kept back: the small ones, and the least of the others until what is kept back
/// is no longer small together.
fn hold(values: &[u64], threshold: u64) -> Vec<bool> {
    let mut held: Vec<bool> = values.iter().map(|value| is_small(*value, threshold)).collect();
    loop {
        let sum: u64 = values.iter().zip(&held).filter(|(_, held)| **held).map(|(value, _)| value).sum();
        if !is_small(sum, threshold) {
            return held;
        }
        match (0..values.len()).filter(|i| !held[*i] && values[*i] > 0).min_by_key(|i| values[*i]) {
            Some(next) => held[next] = true,
            None => return held,
        }
    }
}

impl Published {
    /// The same with every figure rounded to the nearest multiple of the threshold, halves up: for tables that others lie beside.
    #[must_use]
    pub fn rounded(mut self) -> Self {
        let threshold = self.threshold.max(1);
        let round = |shown: &mut Shown| {
            if let Shown::Exact(value) = shown {
                *value = value.saturating_add(threshold / 2) / threshold * threshold;
            }
        };
        self.cells.iter_mut().flatten().for_each(round);
        self.row_totals.iter_mut().for_each(round);
        self.column_totals.iter_mut().for_each(round);
        round(&mut self.total);
        self
    }
}
