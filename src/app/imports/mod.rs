//! A ledger or posting list into the database: read, compare, write in one transaction.
//!
//! Invariants:
//! - all or nothing: an `error` finding stops the file unless clean rows are asked for; whatever stops the import on the way
//!   leaves nothing behind;
//! - the same file twice changes nothing; a row updates what it says and never erases what it leaves empty;
//! - nobody is moved between households or renamed in another, and no head changed by guessing: such contradictions are
//!   findings, and what of
//!   households changed is proposed (`proposals`). A job is closed only by its successor in a ledger of one job per person, and a finding says so;
//! - a posting the law blocks is stored as a draft.
//!
//! Cost: the rows the file speaks of are read in bulk and held in memory, written in bulk; no query per row but for updates.

mod changes;
mod employers;
mod household_counts;
mod households;
mod job_checks;
mod jobs;
mod known;
mod lists;
pub mod mapping;
mod notes;
mod people;
mod places;
mod posting_match;
mod postings;
mod proposals;
mod record_findings;
mod store;
mod strangers;
mod training;
mod work;

use chrono::{NaiveDate, NaiveDateTime};

pub use changes::Change;
pub use mapping::{Mapping, Said};

// What callers of an import need to know of spreadsheets.
pub use crate::ledger::correction::Correction;
pub use crate::ledger::finding::Finding;
pub use crate::ledger::template::{labour_ledger as labour_ledger_template, postings as postings_template};
pub use crate::ledger::workbook::MAX_BYTES;

use crate::app::calendar_day;
use crate::app::error::{AppError, FieldError};
use crate::db::{AnyConnection, Db};
use crate::domain::codes::Severity;
use crate::domain::text::Text;
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode;
use crate::ledger::refusal::Refusal;
use crate::ledger::{self, template, workbook};
use work::Work;

/// How to import. The day and the time are passed in: nothing here reads a clock.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions {
    /// The day the data speaks of.
    pub as_of: NaiveDate,
    pub now: NaiveDateTime,
    /// Say what would happen and write nothing.
    pub dry_run: bool,
    /// Store the rows without errors and give the others back.
    pub accept_clean_rows: bool,
}

impl ImportOptions {
    /// The day the places of postings are counted by: of an older file today, since what has ended by now holds no place.
    #[must_use]
    pub fn places_on(&self) -> NaiveDate {
        self.as_of.max(calendar_day(self.now))
    }
}

/// What became of a file. Counts are rows of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// `None` in a dry run.
    pub batch_id: Option<i64>,
    /// Errors stopped the file: nothing of it is stored.
    pub stopped: bool,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// By sheet and row; sheet-wide ones (row 0) first.
    pub findings: Vec<Finding>,
    /// For each finding, whether it names one cell of the file, which can be typed anew.
    pub in_a_cell: Vec<bool>,
    /// What updated rows changed, personal values masked.
    pub changes: Vec<Change>,
    /// The rejected rows as a workbook to correct and import again.
    pub rejected_file: Option<Vec<u8>>,
    /// Of a dry run, what each column is read as.
    pub mapping: Option<Mapping>,
}

impl ImportReport {
    /// Of a file whose columns are known in part but make no kind of table: somebody may still say what they are.
    fn of_no_kind(mapping: Mapping) -> Self {
        let finding = |sheet: &mapping::SheetMapping| {
            Finding::new(FindingCode::SheetKindUnknown, &sheet.name, 0, &Text::new("", ""))
        };
        let findings: Vec<Finding> =
            mapping.sheets.iter().filter(|sheet| !sheet.columns.is_empty()).map(finding).collect();
        Self {
            stopped: true,
            in_a_cell: vec![false; findings.len()],
            findings,
            mapping: Some(mapping),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Told how far the import is, in percent and in words; an error it returns (such as a cancellation) stops the import.
pub type Progress<'a> = dyn FnMut(u8, Text) -> Result<(), AppError> + 'a;

/// Asked whether what was written may be committed.
pub type Guard<'a> = dyn FnMut(&mut AnyConnection) -> Result<(), AppError> + 'a;

/// The words a column of this title takes, where its list is closed; empty where anything may stand.
#[must_use]
pub fn choices(column: &str) -> Vec<&'static str> {
    Field::of_title(column).and_then(template::choices).unwrap_or_default()
}

/// The error of a file refused as a whole, for the field that carried it.
#[must_use]
pub fn refused(refusal: Refusal) -> AppError {
    AppError::Invalid(vec![FieldError {
        pointer: "/file".to_owned(),
        code: refusal.code().into(),
        text: refusal.into(),
    }])
}

/// Imports a file; see the module's description.
///
/// # Errors
/// [`AppError::Invalid`] with the code of a [`Refusal`] for a file that cannot be read; what the database or `progress` answer.
pub fn import_file(
    db: &Db,
    bytes: &[u8],
    file_name: &str,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<ImportReport, AppError> {
    import_guarded(db, &File::plain(file_name, bytes), options, progress, &mut |_| Ok(()))
}

/// A file to import.
#[derive(Clone, Copy)]
pub struct File<'a> {
    pub name: &'a str,
    /// As it was sent.
    pub bytes: &'a [u8],
    /// What its columns and words are said to be.
    pub said: &'a Said,
    /// What some of its cells are to say instead.
    pub corrections: &'a [Correction],
}

impl<'a> File<'a> {
    /// A file read as it is.
    #[must_use]
    pub fn plain(name: &'a str, bytes: &'a [u8]) -> Self {
        static NOTHING: Said = Said::NOTHING;
        Self { name, bytes, said: &NOTHING, corrections: &[] }
    }
}

/// As [`import_file`]; what is said of columns and words is remembered for later files with the same head. `guard` is asked last
/// in the transaction, and an error of it keeps anything from being stored.
///
/// # Errors
/// As for [`import_file`], [`AppError::Invalid`] for columns, fields and words that do not exist, and those of `guard`.
pub fn import_guarded(
    db: &Db,
    file: &File<'_>,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
    guard: &mut Guard<'_>,
) -> Result<ImportReport, AppError> {
    progress(1, Text::new("正在读取表格。", "Reading the spreadsheet."))?;
    let book = workbook::read(file.bytes, file.name).map_err(refused)?;
    let mut meanings = db.read(mapping::remembered)?;
    let said = mapping::understand(&book, &meanings, file.said)?;
    meanings.extend(said.clone());
    let shown = options.dry_run.then(|| mapping::of(&book, &meanings));
    if let Some(shown) = shown.as_ref().filter(|shown| shown.is_of_no_kind()) {
        return Ok(ImportReport::of_no_kind(shown.clone()));
    }
    let mut ledger = ledger::read_as_said(book, options.as_of, &meanings, file.corrections).map_err(refused)?;
    progress(20, Text::new("正在与已有数据比对。", "Comparing with what is stored."))?;
    let mut report = if options.dry_run {
        // A read cannot write, whatever the code below does.
        db.read(|conn| -> Result<_, AppError> {
            let work = Work::plan(conn, db.keys(), &ledger, options, progress)?;
            Ok(store::report(&ledger, work, options))
        })?
    } else {
        db.write(|conn| -> Result<_, AppError> {
            let report = store::plan_and_write(conn, db.keys(), &ledger, file, options, progress)?;
            mapping::remember(conn, &said, options.now)?;
            guard(conn)?;
            Ok(report)
        })?
    };
    progress(98, Text::new("正在整理结果。", "Putting the result together."))?;
    ledger.add_findings(std::mem::take(&mut report.findings));
    ledger.findings.sort_by(|a, b| (&a.sheet, a.row, a.code).cmp(&(&b.sheet, b.row, b.code)));
    report.rejected_file = template::rejected_rows(&ledger).map_err(|error| AppError::Internal(error.into()))?;
    report.in_a_cell = ledger.findings.iter().map(|finding| ledger.is_in_a_cell(finding)).collect();
    report.findings = std::mem::take(&mut ledger.findings);
    report.mapping = shown;
    progress(100, Text::new("导入完成。", "Import finished."))?;
    Ok(report)
}
