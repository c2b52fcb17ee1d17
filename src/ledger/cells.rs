//! Plain cells, rows and sheets, whatever file they came from, and the allowance a file may spend on them.
//!
//! Invariants: empty rows and cells past the last value are not kept; row numbers are those the user sees; what a file costs in
//! memory is counted before it is spent, so a small file that speaks of a huge one is refused.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::refusal::Refusal;

/// Rows of one sheet, as the user counts them: 200,000, and what stands above and among them.
pub const MAX_ROWS: u32 = 200_100;
pub const MAX_COLUMNS: u32 = 200;
/// 200,000 rows of the widest ledger there is a template of, and some.
const MAX_CELLS: usize = 12_000_000;
/// Bytes of text in all cells: one long shared string may stand in a million cells.
const MAX_TEXT: usize = 256 * 1024 * 1024;
/// Merged areas of a file; each is looked at for every column of the head.
const MAX_MERGES: usize = 100_000;

/// One cell, with formulas replaced by their stored values.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(Arc<str>),
    /// Typed as a number; an ID number here has already lost digits.
    Number(f64),
    Date(NaiveDate),
    Bool(bool),
    /// `#REF!` and its kind.
    Error,
    /// A formula the program that wrote the file never worked out.
    Unvalued,
}

impl Cell {
    /// The cell as one would type it; empty for empty and error cells.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Empty | Self::Error | Self::Unvalued => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Number(number) => format!("{number}"),
            Self::Date(date) => date.to_string(),
            Self::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A row that has at least one cell with content.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As shown by the spreadsheet program: the first row is 1.
    pub number: u32,
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in a column; cells past the end are empty.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

/// A merged area, its corners included; counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// What a sheet has beside its cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    pub merges: Vec<Area>,
    /// Counted from 0.
    pub hidden_columns: BTreeSet<u32>,
    /// Counted from 1, as rows are.
    pub hidden_rows: BTreeSet<u32>,
    /// The sheet itself is hidden.
    pub is_hidden: bool,
    /// Rows, counted from 1, in which a quotation mark has no partner, so that where a cell ends is not certain.
    pub spoiled_rows: BTreeSet<u32>,
    /// Day numbers count from 1904, as old programs for the Macintosh wrote them.
    pub is_1904: bool,
}

impl Shape {
    /// # Errors
    /// [`Refusal::TooManyCells`] for more areas than any office merges.
    pub fn merge(&mut self, area: Area) -> Result<(), Refusal> {
        if self.merges.len() >= MAX_MERGES {
            return Err(Refusal::TooManyCells);
        }
        if area.top <= area.bottom && area.left <= area.right && (area.top, area.left) != (area.bottom, area.right) {
            self.merges.push(area);
        }
        Ok(())
    }

    /// Notes columns (from 0, both included) as hidden; those no cell can be in are left out.
    pub fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden_columns.extend(first..=last.min(MAX_COLUMNS - 1));
    }

    /// Notes a row (from 0) as hidden.
    pub fn hide_row(&mut self, row: u32) {
        if row < MAX_ROWS {
            self.hidden_rows.insert(row + 1);
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    pub shape: Shape,
}

/// The rows by their numbers; what a file writes of one row in two places is one row.
pub fn in_order(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| row.number);
    rows.dedup_by(|next, kept| {
        let is_same = next.number == kept.number;
        if is_same {
            let n = kept.cells.len().max(next.cells.len());
            kept.cells.resize(n, Cell::Empty);
            for (cell, other) in kept.cells.iter_mut().zip(std::mem::take(&mut next.cells)) {
                if !other.is_empty() {
                    *cell = other;
                }
            }
        }
        is_same
    });
    rows
}

/// Texts up to this many bytes are kept once, and so many of them: ledgers say the same few words in most of their cells.
const SHORT: usize = 48;
const MAX_SHORT: usize = 100_000;

/// What a file may still spend.
#[derive(Debug)]
pub struct Allowance {
    cells: usize,
    text: usize,
    seen: HashSet<Arc<str>>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { cells: MAX_CELLS, text: MAX_TEXT, seen: HashSet::new() }
    }
}

impl Allowance {
    /// The same cell, its text shared with cells before.
    fn once(&mut self, value: Cell) -> Cell {
        let Cell::Text(text) = value else { return value };
        if text.len() > SHORT {
            return Cell::Text(text);
        }
        if let Some(known) = self.seen.get(&text) {
            return Cell::Text(Arc::clone(known));
        }
        if self.seen.len() < MAX_SHORT {
            self.seen.insert(Arc::clone(&text));
        }
        Cell::Text(text)
    }

    /// Puts a cell (counted from 0). Cells come row by row; padding up to a far column costs memory too, so it is counted.
    ///
    /// # Errors
    /// [`Refusal::TooManyCells`] past the limits.
    pub fn put(&mut self, rows: &mut Vec<Row>, row: u32, column: u32, value: Cell) -> Result<(), Refusal> {
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(Refusal::TooManyCells);
        }
        if let Cell::Text(text) = &value {
            self.text = self.text.checked_sub(text.len()).ok_or(Refusal::TooManyCells)?;
        }
        let value = self.once(value);
        let number = row + 1;
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(Row { number, cells: Vec::new() });
        }
        if let Some(last) = rows.last_mut() {
            let column = column as usize;
            if last.cells.len() <= column {
                self.cells = self.cells.checked_sub(column + 1 - last.cells.len()).ok_or(Refusal::TooManyCells)?;
                last.cells.resize(column + 1, Cell::Empty);
            }
            last.cells[column] = value;
        }
        Ok(())
    }
}
