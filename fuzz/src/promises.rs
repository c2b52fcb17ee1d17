//! What every reader of foreign input promises, as functions of bytes. A function panics where a promise is broken; no answer within bounded
//! time and memory is found by the fuzzer's limits.

use chrono::NaiveDate;
use wangjia::domain::advert::{age, headcount, shift, wage};
use wangjia::domain::credit_code::CreditCode;
use wangjia::domain::resident_id::ResidentId;
use wangjia::ledger::workbook::Cell;
use wangjia::ledger::{self, date, phrase};

use super::corpus;
use super::xls::compound;

/// A target and what it does.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 7] = [
    ("xlsx", xlsx),
    ("sheet_xml", sheet_xml),
    ("xls", xls),
    ("xls_records", xls_records),
    ("text", text),
    ("phrases", phrases),
    ("numbers", numbers),
];

/// The day all ledgers are read on.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default()
}

/// A file is read or refused, and whatever is said of it stands at a place that is in it.
fn read(bytes: &[u8], name: &str) {
    let Ok(ledger) = ledger::read(bytes, name, today()) else { return };
    for finding in &ledger.findings {
        let is_in_it =
            finding.sheet.is_empty() || ledger.sheets.iter().any(|sheet| finding.sheet.starts_with(&sheet.name));
        assert!(is_in_it, "{finding:?}");
    }
}

/// A whole `.xlsx`.
pub fn xlsx(bytes: &[u8]) {
    read(bytes, "a.xlsx");
}

/// The XML of a sheet's rows, in a sound package.
pub fn sheet_xml(bytes: &[u8]) {
    read(&corpus::by_hand(&String::from_utf8_lossy(bytes), false), "a.xlsx");
}

/// A whole `.xls`.
pub fn xls(bytes: &[u8]) {
    read(bytes, "a.xls");
}

/// The records of an `.xls`, in a sound container.
pub fn xls_records(bytes: &[u8]) {
    read(&compound(&[("Workbook", bytes.to_vec())]), "a.xls");
}

/// Delimited text in any encoding.
pub fn text(bytes: &[u8]) {
    read(bytes, "a.csv");
}

/// What cells and advertisements say in words.
pub fn phrases(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(read) = wage::read(&text) {
        let said = read.said;
        assert!(said.min_fen.zip(said.max_fen).is_none_or(|(min, max)| min <= max), "{text}: {said:?}");
        let again = wage::read(&said.to_string()).map(|again| again.said);
        assert_eq!(again.as_ref(), Ok(&said), "{text} prints as {said}");
    }
    if let Some(read) = headcount::read(&text) {
        assert!(read.said.min.zip(read.said.max).is_none_or(|(min, max)| min <= max), "{text}: {:?}", read.said);
    }
    if let Some(read) = age::read(&text) {
        _ = read.said.posted();
    }
    if let Some(week) = shift::read(&text).and_then(|read| read.said.week()) {
        assert!(week.spans.iter().all(|span| (1..=7).contains(&span.weekday)), "{text}: {week:?}");
    }
    _ = (phrase::list(&text), phrase::hours(&text), phrase::care(&text), phrase::skills(&text));
    _ = (phrase::certificates(&text), phrase::hazards(&text), phrase::wage(&text), phrase::money(&text));
}

/// Days, ID numbers and credit codes: what was read is written so that it reads as itself.
pub fn numbers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for cell in [Cell::Text(text.as_ref().into()), Cell::Number(text.parse().unwrap_or(0.0))] {
        if let Ok(Some(read)) = date::read_date(&cell) {
            let again = date::read_date(&Cell::Text(read.date.to_string().into()));
            assert_eq!(again.ok().flatten().map(|again| again.date), Some(read.date), "{cell:?}");
        }
    }
    if let Ok(id) = ResidentId::parse(&text) {
        assert_eq!(ResidentId::parse(id.as_str()).as_ref().map(ResidentId::as_str), Ok(id.as_str()));
    }
    if let Ok(code) = CreditCode::parse(&text) {
        assert_eq!(CreditCode::parse(code.as_str()).as_ref().map(CreditCode::as_str), Ok(code.as_str()));
    }
}
