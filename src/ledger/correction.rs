//! Cells typed anew, laid over a file as it came.
//!
//! Invariant: the file's bytes stay what was sent; a correction changes what is read of them, in the cell a finding named and
//! nowhere else. A head is never corrected, so columns mean what they meant.

use serde::{Deserialize, Serialize};

use super::Ledger;
use super::finding::Finding;
use super::head::Head;
use super::workbook::{Cell, Sheet};

/// What one cell is to say.
#[derive(Clone, Serialize, Deserialize)]
pub struct Correction {
    pub sheet: String,
    /// As shown by the spreadsheet program.
    pub row: u32,
    /// The column's title as the file writes it.
    pub column: String,
    pub value: String,
}

/// The value may be anybody's personal data.
impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Correction({} {} {})", self.sheet, self.row, self.column)
    }
}

impl Correction {
    #[must_use]
    pub fn is_of_the_same_cell(&self, other: &Self) -> bool {
        (&self.sheet, self.row, &self.column) == (&other.sheet, other.row, &other.column)
    }
}

/// Sheet, row and column of a cell below the head of its sheet, as indices.
fn find(
    sheets: &[Sheet],
    heads: &[Option<Head>],
    (sheet, row, column): (&str, u32, &str),
) -> Option<(usize, usize, usize)> {
    let sheet = sheets.iter().position(|one| one.name == sheet)?;
    let head = heads.get(sheet)?.as_ref()?;
    let column = head.titles().iter().position(|title| title == column)?;
    let row = sheets[sheet].rows.binary_search_by_key(&row, |one| one.number).ok()?;
    (row >= head.first_data).then_some((sheet, row, column))
}

/// Lays corrections over what was read.
pub fn apply(sheets: &mut [Sheet], heads: &[Option<Head>], corrections: &[Correction]) {
    for correction in corrections {
        let at = (correction.sheet.as_str(), correction.row, correction.column.as_str());
        let Some((sheet, row, column)) = find(sheets, heads, at) else { continue };
        let cells = &mut sheets[sheet].rows[row].cells;
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = Cell::Text(correction.value.as_str().into());
    }
}

impl Ledger {
    /// Whether a finding names one cell of the file, which can be typed anew.
    #[must_use]
    pub fn is_in_a_cell(&self, finding: &Finding) -> bool {
        let column = finding.column.as_deref();
        column.is_some_and(|column| find(&self.sheets, &self.heads, (&finding.sheet, finding.row, column)).is_some())
    }
}
