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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::resident_id::ResidentId;
    use crate::ledger::finding::FindingCode;
    use crate::ledger::mapping::Meanings;
    use crate::ledger::{read, read_as_said, workbook};

    const FILE: &str = "户编号,姓名,与户主关系,身份证号,楼栋,自定义\nA1,王五,户主,,1栋,x\n";

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()
    }

    fn correction(sheet: &str, row: u32, column: &str, value: &str) -> Correction {
        Correction { sheet: sheet.into(), row, column: column.into(), value: value.into() }
    }

    #[test]
    fn a_cell_of_a_row_can_be_typed_anew_and_a_head_cannot() {
        let ledger = read(FILE.as_bytes(), "a.csv", day()).unwrap();
        let of = |code: FindingCode| ledger.findings.iter().find(|finding| finding.code == code).unwrap();
        assert!(ledger.is_in_a_cell(of(FindingCode::IdMissing)));
        assert!(!ledger.is_in_a_cell(of(FindingCode::ColumnUnknown)), "it is about the head");
        let number = ResidentId::compose("529900", NaiveDate::from_ymd_opt(1980, 1, 1).unwrap(), 1).unwrap();
        let read = |correction: Correction| {
            let book = workbook::read(FILE.as_bytes(), "a.csv").unwrap();
            let ledger = read_as_said(book, day(), &Meanings::default(), &[correction]).unwrap();
            ledger.findings.iter().any(|finding| finding.code == FindingCode::IdMissing)
        };
        assert!(!read(correction("a", 2, "身份证号", number.as_str())), "now it is there");
        for (sheet, row, column) in [("b", 2, "身份证号"), ("a", 1, "身份证号"), ("a", 3, "身份证号"), ("a", 2, "姓名")]
        {
            assert!(read(correction(sheet, row, column, number.as_str())), "{sheet} {row} {column}: another cell");
        }
    }

    #[test]
    fn what_was_typed_is_in_no_log() {
        assert!(!format!("{:?}", correction("a", 2, "姓名", "王五")).contains("王五"));
    }
}
