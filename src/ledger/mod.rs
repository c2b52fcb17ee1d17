//! Spreadsheets: reading ledgers and posting lists as offices write them, and writing templates.
//!
//! `workbook` turns bytes into cells (`archive`, `xlsx`, `compound`, `biff`, `delimited`), `layout` finds the table, `title` and `head`
//! name its columns, `mapping` shows that and takes corrections, `person` and `posting` turn rows into records, `group` gathers
//! households, `checks` says what contradicts what; `occupations` reads a classification. Nothing here knows the database; what
//! a record does there is decided in `app::imports`.
//!
//! Invariants: a row either becomes a whole record or, with an `error` finding, none; findings hold no personal data.

pub mod archive;
mod biff;
mod biff_text;
mod caption;
pub mod cells;
pub mod checks;
pub mod code_words;
mod compound;
pub mod correction;
mod course;
pub mod date;
mod delimited;
mod ditto;
pub mod field;
pub mod finding;
pub mod group;
pub mod head;
mod job;
mod job_groups;
pub mod layout;
pub mod list;
pub mod mapping;
mod markup;
mod merges;
mod names;
pub mod occupations;
mod owner;
mod parts;
mod person;
pub mod phrase;
mod posting;
mod posting_words;
mod reading;
pub mod record;
pub mod refusal;
pub mod repeats;
mod row;
pub mod sheet;
mod sheet_name;
mod skipped;
mod tables;
pub mod template;
pub mod title;
pub mod words;
pub mod workbook;
mod xlsx;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::domain::text::Text;
use correction::Correction;
use field::Field;
use finding::{Finding, FindingCode};
use group::{Household, HouseholdKey};
use head::Head;
use mapping::Meanings;
use reading::Reading;
use record::{At, Records};
use refusal::Refusal;
use workbook::{Row, Sheet, Workbook};

/// A file, read.
#[derive(Debug, Default)]
pub struct Ledger {
    pub sheets: Vec<Sheet>,
    /// One a sheet; `None` for sheets without a known table.
    pub heads: Vec<Option<Head>>,
    pub records: Records,
    pub households: Vec<Household>,
    /// Household of each `records.people`; `None` where the file does not tell.
    pub household_of: Vec<Option<usize>>,
    pub findings: Vec<Finding>,
    /// Rows with an `error` finding.
    pub rejected: BTreeSet<At>,
}

impl Ledger {
    #[must_use]
    pub fn head(&self, sheet: usize) -> Option<&Head> {
        self.heads.get(sheet)?.as_ref()
    }

    #[must_use]
    pub fn sheet_name(&self, sheet: usize) -> &str {
        self.sheets.get(sheet).map_or("", |sheet| sheet.name.as_str())
    }

    /// The row as it was read.
    #[must_use]
    pub fn row(&self, at: At) -> Option<&Row> {
        let rows = &self.sheets.get(at.sheet)?.rows;
        rows.binary_search_by_key(&at.row, |row| row.number).ok().map(|index| &rows[index])
    }

    /// A finding about a row, with the field's own title and its masked value.
    #[must_use]
    pub fn finding(&self, code: FindingCode, at: At, field: Option<Field>, argument: &Text) -> Finding {
        let finding = Finding::new(code, self.sheet_name(at.sheet), at.row, argument);
        let Some((head, field)) = self.head(at.sheet).zip(field) else { return finding };
        // The household list calls the person's columns the head's.
        let column = head.column(field).or_else(|| match field {
            Field::IdNumber => head.column(Field::HeadId),
            Field::Phone => head.column(Field::HeadPhone),
            _ => None,
        });
        let Some(column) = column else { return finding.at(Some(field.title())) };
        let finding = finding.at(Some(head.title(column)));
        let value = self.row(at).map(|row| row.cell(column).display()).unwrap_or_default();
        match value.trim() {
            "" => finding,
            value if head.kind.is_personal() => finding.masking(value),
            value => finding.showing(value),
        }
    }

    /// Adds findings; rows with errors are noted as rejected.
    pub fn add_findings(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            if finding.is_error()
                && finding.row > 0
                && let Some(sheet) = self.sheets.iter().position(|sheet| sheet.name == finding.sheet)
            {
                self.rejected.insert(At { sheet, row: finding.row });
            }
            self.findings.push(finding);
        }
    }
}

/// Text as names of companies, places and postings are compared: width and case variants and blanks do not matter.
#[must_use]
pub fn key(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Reads and checks a file. `as_of` is the day the data speaks of.
///
/// # Errors
/// [`Refusal`] if the file as a whole cannot be read.
pub fn read(bytes: &[u8], file_name: &str, as_of: NaiveDate) -> Result<Ledger, Refusal> {
    read_as_said(workbook::read(bytes, file_name)?, as_of, &Meanings::default(), &[])
}

/// Reads and checks the sheets of a file as people said its columns and words are to be read, with cells typed anew.
///
/// # Errors
/// [`Refusal::NoKnownSheet`] if no sheet has a known table.
pub fn read_as_said(
    book: Workbook,
    as_of: NaiveDate,
    meanings: &Meanings,
    corrections: &[Correction],
) -> Result<Ledger, Refusal> {
    let mut sheets = book.sheets;
    let head = |sheet: &Sheet| head::read(&layout::detect(sheet)?, meanings);
    let heads: Vec<Option<Head>> = sheets.iter().map(head).collect();
    correction::apply(&mut sheets, &heads, corrections);
    if heads.iter().all(Option::is_none) {
        return Err(Refusal::NoKnownSheet);
    }
    let mut records = Records::default();
    let mut findings = Vec::new();
    let mut rejected = BTreeSet::new();
    let mut unread = Vec::new();
    let mut has_rows = false;
    if let Some(sheet) = sheets.first().filter(|_| book.is_misnamed) {
        let format = book.format.extension();
        findings.push(Finding::new(FindingCode::FileMisnamed, &sheet.name, 0, &Text::new(format, format)));
    }
    for (index, (sheet, head)) in sheets.iter_mut().zip(&heads).enumerate() {
        match head {
            Some(head) => {
                let mut told = merges::repeat(sheet, head);
                told.extend(ditto::write_out(sheet, head));
                told.extend(open_quotes(sheet));
                let spoiled = told.iter().filter(|finding| finding.is_error()).map(|finding| finding.row).collect();
                findings.extend(told);
                tell_shape(sheet, head, &mut findings);
                let mut reading =
                    Reading { as_of, meanings, records: &mut records, findings: &mut findings, unread: &mut unread };
                has_rows |= reading.sheet(index, sheet, head, &spoiled, &mut rejected);
            }
            None if sheet.rows.is_empty() => {}
            None => {
                let wide = sheet.rows.iter().any(|row| row.cells.len() >= 3);
                let code = if wide { FindingCode::SheetUnknown } else { FindingCode::SheetNotData };
                findings.push(Finding::new(code, &sheet.name, 0, &Text::new("", "")));
            }
        }
    }
    if let Some((sheet, _)) = sheets.iter().zip(&heads).find(|(_, head)| head.is_some() && !has_rows) {
        findings.push(Finding::new(FindingCode::SheetWithoutRows, &sheet.name, 0, &Text::new("", "")));
    }
    let mut ledger = Ledger { sheets, heads, records, rejected, ..Ledger::default() };
    ledger.add_findings(findings);
    ledger.check(as_of, &unread);
    Ok(ledger)
}

fn open_quotes(sheet: &Sheet) -> impl Iterator<Item = Finding> {
    let rows = sheet.rows.iter().filter(|row| sheet.shape.spoiled_rows.contains(&row.number));
    rows.map(|row| Finding::new(FindingCode::QuoteOpen, &sheet.name, row.number, &Text::new("", "")))
}

/// Says what of a sheet its reader may not see.
fn tell_shape(sheet: &Sheet, head: &Head, findings: &mut Vec<Finding>) {
    let mut tell = |code, argument: String| {
        findings.push(Finding::new(code, &sheet.name, 0, &Text::new(argument.clone(), argument)));
    };
    if sheet.shape.is_hidden {
        tell(FindingCode::SheetHidden, String::new());
    }
    let hidden = sheet.shape.hidden_columns.iter().map(|column| head.title(*column as usize));
    let hidden: Vec<&str> = hidden.filter(|title| !title.is_empty()).collect();
    if !hidden.is_empty() {
        tell(FindingCode::ColumnsHidden, hidden.join("、"));
    }
    let rows = &sheet.rows[head.first_data.min(sheet.rows.len())..];
    let n = rows.iter().filter(|row| sheet.shape.hidden_rows.contains(&row.number)).count();
    if n > 0 {
        tell(FindingCode::RowsHidden, n.to_string());
    }
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        let blank = (last.number - first.number + 1) as usize - rows.len();
        if blank > 0 {
            tell(FindingCode::RowsBlank, blank.to_string());
        }
    }
}

impl Ledger {
    /// Cross-row checks; rows that turn out to be errors lose their records.
    fn check(&mut self, as_of: NaiveDate, unread: &[group::Unread]) {
        let homes = group::homes(&self.records.people, unread);
        let repeats = repeats::people(self, &homes);
        self.add_findings(repeats.findings);
        let mut left_out = repeats.skip;
        let mut said_before: BTreeSet<At> = BTreeSet::new();
        let beside: BTreeSet<At> = self.records.jobs.iter().map(|row| row.at).collect();
        for (earlier, later) in repeats.same {
            let row = self.records.people[later].clone();
            repeats::join(&mut self.records.people[earlier], &row);
            said_before.extend(beside.contains(&self.records.people[earlier].at).then_some(row.at));
            left_out.insert(later);
        }
        // What the row of somebody says beside the person goes with it.
        self.records.jobs.retain(|row| !self.rejected.contains(&row.at) && !said_before.contains(&row.at));
        self.records.trainings.retain(|row| !self.rejected.contains(&row.at));
        let mut kept_keys: Vec<Option<HouseholdKey>> = Vec::with_capacity(homes.keys.len());
        for (row, key) in homes.keys.into_iter().enumerate() {
            if !left_out.contains(&row) {
                kept_keys.push(key);
            }
        }
        let mut row = 0..;
        self.records.people.retain(|_| row.next().is_none_or(|row| !left_out.contains(&row)));
        let (again, found) = repeats::repeated_rows(self);
        self.add_findings(found);
        self.records.trainings.retain(|row| !again.contains(&row.at));
        self.records.postings.retain(|row| !again.contains(&row.at));
        self.households = group::households(&self.records.people, &kept_keys);
        self.household_of = vec![None; self.records.people.len()];
        for (index, household) in self.households.iter().enumerate() {
            for &member in &household.members {
                self.household_of[member] = Some(index);
            }
        }
        let found = checks::contradictions(self, as_of);
        self.add_findings(found);
    }
}
