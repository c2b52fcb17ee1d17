//! Reading spreadsheets: cells, heads, findings, hostile files, templates. No database here.

mod advertisements;
mod cells;
mod corpus;
mod files;
mod findings;
mod heads;
mod homes;
mod hostile;
mod jobs;
mod labels;
mod legacy;
mod mapping;
mod occupations;
#[path = "../../../fuzz/src/promises.rs"]
mod promises;
mod shapes;
mod sheets;
#[path = "../../../fuzz/src/start.rs"]
mod start;
mod templates;
mod writing;
pub mod xls;

use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use wangjia::domain::resident_id::ResidentId;
use wangjia::ledger::Ledger;

/// The day all ledgers of these tests speak of.
pub fn as_of() -> NaiveDate {
    day(2026, 11, 1)
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A made-up number: the area code 529900 is not assigned. An odd order is a man's.
pub fn id(year: i32, month: u32, day_of_month: u32, order: u16) -> String {
    ResidentId::compose("529900", day(year, month, day_of_month), order).unwrap().as_str().to_owned()
}

/// A cell to write: text unless it is marked.
#[derive(Clone, Debug)]
pub enum V {
    T(String),
    N(f64),
    D(NaiveDate),
}

impl From<&str> for V {
    fn from(text: &str) -> Self {
        Self::T(text.to_owned())
    }
}

impl From<String> for V {
    fn from(text: String) -> Self {
        Self::T(text)
    }
}

impl From<&String> for V {
    fn from(text: &String) -> Self {
        Self::T(text.clone())
    }
}

/// One row of cells of any kind.
#[macro_export]
macro_rules! row {
    ($($cell:expr),* $(,)?) => { vec![$($crate::ledger::V::from($cell)),*] };
}

/// An XLSX of the given sheets.
pub fn xlsx(sheets: &[(&str, Vec<Vec<V>>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let (r, c) = (u32::try_from(r).unwrap(), u16::try_from(c).unwrap());
                match cell {
                    V::T(text) if text.is_empty() => {}
                    V::T(text) => _ = sheet.write_string(r, c, text).unwrap(),
                    V::N(number) => _ = sheet.write_number(r, c, *number).unwrap(),
                    V::D(date) => {
                        let stamp = ExcelDateTime::parse_from_str(&date.to_string()).unwrap();
                        let format = Format::new().set_num_format("yyyy/m/d");
                        sheet.write_datetime_with_format(r, c, &stamp, &format).unwrap();
                    }
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Reads one sheet given as rows.
pub fn read(rows: Vec<Vec<V>>) -> Ledger {
    wangjia::ledger::read(&xlsx(&[("Sheet1", rows)]), "test.xlsx", as_of()).unwrap()
}

/// The finding codes of a ledger, sorted.
pub fn all_codes(ledger: &Ledger) -> Vec<&'static str> {
    let mut codes: Vec<&str> = ledger.findings.iter().map(|finding| finding.code.code()).collect();
    codes.sort_unstable();
    codes
}

/// The same without the word that a sheet has no building column, which most of these sheets have not.
pub fn codes(ledger: &Ledger) -> Vec<&'static str> {
    let mut codes = all_codes(ledger);
    codes.retain(|code| *code != "building_column_missing");
    codes
}
