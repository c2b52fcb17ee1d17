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
pub mod cells;
pub mod checks;
pub mod code_words;
mod compound;
pub mod correction;
pub mod date;
mod delimited;
pub mod field;
pub mod finding;
pub mod group;
pub mod head;
mod job;
pub mod layout;
pub mod list;
pub mod mapping;
mod markup;
mod merges;
mod names;
pub mod occupations;
mod parts;
mod person;
pub mod phrase;
mod posting;
mod posting_words;
pub mod record;
pub mod refusal;
mod row;
pub mod sheet;
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
use head::{Head, Kept, SheetKind};
use mapping::Meanings;
use record::{At, Records};
use refusal::Refusal;
use row::RowCells;
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
    if let Some(sheet) = sheets.first().filter(|_| book.is_misnamed) {
        let format = book.format.extension();
        findings.push(Finding::new(FindingCode::FileMisnamed, &sheet.name, 0, &Text::new(format, format)));
    }
    for (index, (sheet, head)) in sheets.iter_mut().zip(&heads).enumerate() {
        match head {
            Some(head) => {
                findings.extend(merges::repeat(sheet, head));
                tell_shape(sheet, head, &mut findings);
                let mut reading = Reading { as_of, meanings, records: &mut records, findings: &mut findings };
                reading.sheet(index, sheet, head, &mut rejected);
            }
            None if sheet.rows.is_empty() => {}
            None => {
                let wide = sheet.rows.iter().any(|row| row.cells.len() >= 3);
                let code = if wide { FindingCode::SheetUnknown } else { FindingCode::SheetNotData };
                findings.push(Finding::new(code, &sheet.name, 0, &Text::new("", "")));
            }
        }
    }
    let mut ledger = Ledger { sheets, heads, records, rejected, ..Ledger::default() };
    ledger.add_findings(findings);
    ledger.check(as_of);
    Ok(ledger)
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
    fn check(&mut self, as_of: NaiveDate) {
        let keys = group::keys(&self.records.people);
        let (skip, found) = checks::duplicates(self, &keys);
        self.add_findings(found);
        let mut kept_keys: Vec<Option<HouseholdKey>> = Vec::with_capacity(keys.len());
        for (key, skip) in keys.into_iter().zip(&skip) {
            if !skip {
                kept_keys.push(key);
            }
        }
        let mut skipped = skip.into_iter();
        self.records.people.retain(|_| !skipped.next().unwrap_or(false));
        let (again, found) = checks::repeated_rows(self);
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

/// What the rows of the sheets are read into.
struct Reading<'a> {
    as_of: NaiveDate,
    meanings: &'a Meanings,
    records: &'a mut Records,
    findings: &'a mut Vec<Finding>,
}

impl Reading<'_> {
    fn sheet(&mut self, index: usize, sheet: &Sheet, head: &Head, rejected: &mut BTreeSet<At>) {
        for &(column, kept) in &head.notes {
            let code = match kept {
                Kept::Twice => FindingCode::ColumnTwice,
                Kept::Unknown => FindingCode::ColumnUnknown,
                Kept::Noted(_) | Kept::Given => continue,
            };
            let title = head.title(column);
            let finding = Finding::new(code, &sheet.name, head.row_number, &Text::new(title, title));
            self.findings.push(finding.at(Some(title)));
        }
        let rows = &sheet.rows[head.first_data.min(sheet.rows.len())..];
        if !head.missing.is_empty() {
            // One finding for the sheet instead of one for each of its rows.
            let titles: Vec<&str> = head.missing.iter().map(|field| field.title()).collect();
            let titles = titles.join("、");
            let text = Text::new(titles.clone(), titles);
            self.findings.push(Finding::new(FindingCode::ColumnMissing, &sheet.name, 0, &text));
            rejected.extend(rows.iter().map(|row| At { sheet: index, row: row.number }));
            return;
        }
        for row in rows {
            match not_data(head, row) {
                None => self.row(At { sheet: index, row: row.number }, sheet, head, row),
                Some(Some(code)) => {
                    self.findings.push(Finding::new(code, &sheet.name, row.number, &Text::new("", "")));
                }
                Some(None) => {}
            }
        }
    }

    fn row(&mut self, at: At, sheet: &Sheet, head: &Head, row: &Row) {
        let records = &mut *self.records;
        let cells = &mut RowCells::new(at, self.as_of, sheet, head, self.meanings, row, self.findings);
        match head.kind {
            SheetKind::Labour | SheetKind::Household | SheetKind::Member => {
                if let Some(read) = person::person(cells, head.kind) {
                    records.people.push(read.person);
                    records.jobs.extend(read.business);
                    records.trainings.extend(read.course);
                }
            }
            SheetKind::Job | SheetKind::Business => {
                let (jobs, idle) = if head.kind == SheetKind::Job { job::job_row(cells) } else { job::business(cells) };
                records.jobs.extend(jobs);
                records.idle.extend(idle);
            }
            SheetKind::JobEnd => records.job_ends.extend(job::job_end(cells)),
            SheetKind::Training => records.trainings.extend(job::training(cells)),
            SheetKind::Posting => records.postings.extend(posting::posting(cells)),
            SheetKind::Building => records.buildings.extend(posting::building(cells)),
        }
    }
}

/// A row that counts the columns, as some heads end with: 1, 2, 3 …
fn is_numbering(row: &Row) -> bool {
    let filled: Vec<Option<u32>> =
        row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.display().trim().parse().ok()).collect();
    filled.len() >= 3
        && filled.windows(2).all(|pair| matches!(pair, [Some(one), Some(next)] if one.checked_add(1) == Some(*next)))
}

/// `Some(Some(code))` for a row to skip aloud, `Some(None)` for one to skip silently (a running number and nothing else).
fn not_data(head: &Head, row: &Row) -> Option<Option<FindingCode>> {
    /// Sums over the rows above, which may fill any number of columns.
    const TOTALS: &[&str] = &["合计", "总计", "小计", "共计"];
    const FOOTERS: &[&str] =
        &["填表", "制表", "审核", "填报", "负责人", "说明", "注:", "注：", "备注:", "备注：", "联系人"];
    let sequence = head.column(Field::Sequence);
    let mut filled =
        row.cells.iter().enumerate().filter(|(column, cell)| !cell.is_empty() && Some(*column) != sequence);
    let Some((_, first)) = filled.next() else { return Some(None) };
    let n_filled = 1 + filled.count();
    let naming = [Field::Sequence, Field::Name, Field::HeadName, Field::PostingTitle, Field::Employer, Field::Building];
    let example = naming.iter().filter_map(|field| head.column(*field)).any(|column| {
        let text = row.cell(column).display();
        let text = text.trim_start_matches(['【', '(', '（']);
        text.starts_with("示例") || text.starts_with("例：") || text.starts_with("例:")
    });
    if example {
        return Some(Some(FindingCode::ExampleRow));
    }
    let first = match sequence.map(|column| row.cell(column)) {
        Some(cell) if FOOTERS.iter().chain(TOTALS).any(|word| cell.display().trim().starts_with(word)) => {
            cell.display()
        }
        _ => first.display(),
    };
    // 第一网格小计; written 合 计 to fill the cell.
    let word: String = first.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：')).collect();
    let is_total = TOTALS.iter().any(|total| word.starts_with(total) || word.ends_with(total));
    let footer = is_total || (FOOTERS.iter().any(|word| first.trim().starts_with(word)) && n_filled <= 6);
    let is_id = |column: usize| row.cell(column).display().chars().filter(char::is_ascii_digit).count() >= 8;
    let footer = footer || is_numbering(row);
    let has_id = [Field::IdNumber, Field::HeadId].iter().filter_map(|field| head.column(*field)).any(is_id);
    (footer && !has_id).then_some(Some(FindingCode::RowNotData))
}
