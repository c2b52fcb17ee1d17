//! Lists we hand out for reading, as XLSX and as CSV.
//!
//! Invariant: every cell is text, so that a spreadsheet program neither drops digits nor runs what somebody typed: XLSX cells
//! are written as text, and in CSV what would begin a formula gets an apostrophe, which [`super::workbook`] takes away again.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::template::{text_format, title};

/// What opens a formula in some spreadsheet program.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A sheet with a head.
///
/// # Errors
/// If the workbook cannot be written.
pub fn xlsx(name: &str, heads: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name)?;
    let text = text_format();
    for (column, head) in (0_u16..).zip(heads) {
        title(sheet, column, head)?;
        sheet.set_column_format(column, &text)?;
    }
    for (number, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            if !cell.is_empty() {
                sheet.write_string_with_format(number, column, cell, &text)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// The same as text in UTF-8 with a byte order mark, without which Excel takes it for another encoding.
///
/// # Errors
/// If a row has more cells than the head.
pub fn csv(heads: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(heads)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::workbook::{self, Cell};

    #[test]
    fn what_somebody_typed_is_no_formula_and_reads_back_as_it_was() {
        let typed = ["=cmd()", "+1", "-2", "@x", "0012", "王某"].map(str::to_owned).to_vec();
        let heads = ["a", "b", "c", "d", "e", "f"];
        let text = csv(&heads, std::slice::from_ref(&typed)).unwrap();
        let shown = String::from_utf8(text.clone()).unwrap();
        assert_eq!(shown, "\u{feff}a,b,c,d,e,f\r\n'=cmd(),'+1,'-2,'@x,0012,王某\r\n");
        let sheet = xlsx("名单", &heads, std::slice::from_ref(&typed)).unwrap();
        for (bytes, name) in [(text, "x.csv"), (sheet, "x.xlsx")] {
            let read = workbook::read(&bytes, name).unwrap();
            let cells: Vec<Cell> = typed.iter().map(|cell| Cell::Text(cell.as_str().into())).collect();
            assert_eq!(read.sheets[0].rows[1].cells, cells, "{name}");
        }
    }
}
