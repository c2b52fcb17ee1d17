//! What each kind of job does: its input, its work and its result.
//!
//! Input and result are a JSON head and a tail of bytes (a spreadsheet, or nothing), see [`frame`].

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::access::{Act, Action, Caller, Object, ObjectKind};
use super::error::AppError;
use super::imports::{self, Correction, Finding, ImportOptions, ImportReport, Said};
use super::jobs::{Context, JobKind};
use super::mapped::{self, MappedSheet};
use super::privacy::retention;
use super::referrals::ageing;
use super::{Connection, audit, calendar_day, plans, recommendations};
use crate::domain::codes::Severity;

/// Input of [`JobKind::RecommendationRun`].
#[derive(Debug, Serialize, Deserialize)]
pub struct RunInput {
    pub as_of: NaiveDate,
    /// Recommendations for each resident.
    pub per_resident: usize,
}

/// Result of [`JobKind::RecommendationRun`].
#[derive(Debug, Serialize, Deserialize)]
pub struct RunResult {
    pub run: i64,
}

/// Input of [`JobKind::Plan`].
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanInput {
    pub as_of: NaiveDate,
}

/// Result of [`JobKind::Plan`].
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanResult {
    pub plan: i64,
}

/// Input of [`JobKind::Import`]; the tail is the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportInput {
    pub file_name: String,
    pub as_of: NaiveDate,
    pub dry_run: bool,
    pub accept_clean_rows: bool,
    /// What cells of the file are to say instead.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// What its columns and words are said to be.
    #[serde(default)]
    pub said: Said,
    /// A person looks at what was found and goes on from there: the file is kept until then unless it was stored.
    #[serde(default)]
    pub for_a_person: bool,
}

/// Result of [`JobKind::Import`]; the tail is the workbook of rejected rows, empty if there is none.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportResult {
    pub file_name: String,
    pub as_of: NaiveDate,
    pub dry_run: bool,
    /// How many cells were typed anew.
    pub corrected: usize,
    /// `None` after a dry run.
    pub batch: Option<i64>,
    pub stopped: bool,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    pub errors: u64,
    pub warnings: u64,
    pub infos: u64,
    /// At most [`FINDINGS_IN_RESULT`], the graver ones first to be among them; all of them are stored with the batch.
    pub findings: Vec<FoundInFile>,
    /// Of a check, what its columns and words are read as.
    #[serde(default)]
    pub sheets: Vec<MappedSheet>,
}

/// A finding of an import.
#[derive(Debug, Serialize, Deserialize)]
pub struct FoundInFile {
    pub code: String,
    pub severity: String,
    pub sheet: String,
    pub row: u32,
    pub column: Option<String>,
    pub masked_value: Option<String>,
    /// Whether it names one cell of the file, which can be typed anew.
    pub in_a_cell: bool,
    pub zh: String,
    pub en: String,
}

/// A dry run stores no batch, so its findings are in the result: as many as a person goes through, about two megabytes.
pub const FINDINGS_IN_RESULT: usize = 5_000;

/// Does one job.
///
/// # Errors
/// Those of the work; `Cancelled` if it was asked to stop.
pub fn perform(context: &Context<'_>, kind: JobKind, input: &[u8]) -> Result<Vec<u8>, AppError> {
    let act = act(kind, context);
    let db = &audit::acting(context.db, act.clone());
    match kind {
        JobKind::RecommendationRun => {
            let (input, _): (RunInput, _) = unframe(input)?;
            let progress = |percent, step| context.progress(percent, step);
            let run = recommendations::run_all(db, input.as_of, input.per_resident, &progress)?;
            frame(&RunResult { run: run.run }, &[])
        }
        JobKind::Retention => {
            let now = context.now.naive_utc();
            // Its entry says what was removed.
            let removed = retention::apply(context.db, &act, (now, calendar_day(now)), false)?;
            frame(&removed, &[])
        }
        JobKind::Ageing => {
            let now = context.now.naive_utc();
            // Its entry says what was done.
            let aged = ageing::apply(context.db, &act, (now, calendar_day(now)), false)?;
            frame(&aged, &[])
        }
        JobKind::Plan => {
            let (input, _): (PlanInput, _) = unframe(input)?;
            let progress = |percent, step| context.progress(percent, step);
            let proposal =
                plans::Proposal { as_of: input.as_of, now: context.now.naive_utc(), job: Some(context.job_id) };
            let plan = plans::propose(db, proposal, &progress)?;
            frame(&PlanResult { plan }, &[])
        }
        JobKind::Import => {
            let (input, file): (ImportInput, _) = unframe(input)?;
            let options = ImportOptions {
                as_of: input.as_of,
                now: context.now.naive_utc(),
                dry_run: input.dry_run,
                accept_clean_rows: input.accept_clean_rows,
            };
            let mut progress = |percent, step| context.progress(percent, step);
            let mut hold = |conn: &mut Connection| context.hold(conn);
            let file = imports::File {
                name: &input.file_name,
                bytes: file,
                said: &input.said,
                corrections: &input.corrections,
            };
            let report = imports::import_guarded(db, &file, &options, &mut progress, &mut hold)?;
            if input.for_a_person && (input.dry_run || report.stopped) {
                context.keep_input();
            }
            frame(&import_result(&input, &report), report.rejected_file.as_deref().unwrap_or_default())
        }
    }
}

/// The act a job's transaction ends with: the program's, for the account that asked for it.
fn act(kind: JobKind, context: &Context<'_>) -> Act {
    let (operation, action, object) = match kind {
        JobKind::RecommendationRun => ("job recommendation_run", Action::Create, ObjectKind::Run),
        JobKind::Plan => ("job plan", Action::Create, ObjectKind::Plan),
        JobKind::Import => ("job import", Action::Create, ObjectKind::Import),
        JobKind::Ageing => ("job ageing", Action::Change, ObjectKind::Referral),
        JobKind::Retention => ("job retention", Action::Change, ObjectKind::Service),
    };
    let caller = Caller { account: context.account, ..Caller::system() };
    let act = Act::without_role(caller, action.code(), Object { kind: object, id: None }, operation);
    Act { request_id: format!("job {}", context.job_id), ..act }
}

/// The places of the findings that are kept, in their order: the graver ones where there are too many.
fn kept(findings: &[Finding]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..findings.len()).collect();
    if places.len() > FINDINGS_IN_RESULT {
        places.sort_by_key(|&place| findings[place].severity);
        places.truncate(FINDINGS_IN_RESULT);
        places.sort_unstable();
    }
    places
}

fn import_result(input: &ImportInput, report: &ImportReport) -> ImportResult {
    let found = |place: usize| {
        let finding = &report.findings[place];
        FoundInFile {
            in_a_cell: report.in_a_cell.get(place).copied().unwrap_or_default(),
            code: finding.code.code().to_owned(),
            severity: finding.severity.code().to_owned(),
            sheet: finding.sheet.clone(),
            row: finding.row,
            column: finding.column.clone(),
            masked_value: finding.masked_value.clone(),
            zh: finding.text.zh.clone(),
            en: finding.text.en.clone(),
        }
    };
    ImportResult {
        file_name: input.file_name.clone(),
        as_of: input.as_of,
        dry_run: input.dry_run,
        corrected: input.corrections.len(),
        batch: report.batch_id,
        stopped: report.stopped,
        created: report.created,
        updated: report.updated,
        unchanged: report.unchanged,
        rejected: report.rejected,
        errors: report.count(Severity::Error) as u64,
        warnings: report.count(Severity::Warning) as u64,
        infos: report.count(Severity::Info) as u64,
        findings: kept(&report.findings).into_iter().map(found).collect(),
        sheets: report.mapping.as_ref().map(mapped::sheets).unwrap_or_default(),
    }
}

/// A head as JSON behind its length, then the tail as it is.
///
/// # Errors
/// If the head cannot be written as JSON.
pub fn frame(head: &impl Serialize, tail: &[u8]) -> Result<Vec<u8>, AppError> {
    let head = serde_json::to_vec(head).map_err(anyhow::Error::from)?;
    let length = u32::try_from(head.len()).map_err(anyhow::Error::from)?;
    Ok([&length.to_be_bytes()[..], &head, tail].concat())
}

/// Takes a [`frame`] apart.
///
/// # Errors
/// If it is none.
pub fn unframe<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &[u8]), AppError> {
    let broken = || anyhow::anyhow!("a job's data is cut off");
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(broken)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(anyhow::Error::from)?;
    let (head, tail) = rest.split_at_checked(length).ok_or_else(broken)?;
    Ok((serde_json::from_slice(head).map_err(anyhow::Error::from)?, tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use crate::ledger::finding::FindingCode;

    #[test]
    fn the_graver_findings_are_kept_where_there_are_too_many() {
        let finding = |code| Finding::new(code, "S", 1, &Text::new("", ""));
        let mut findings = vec![finding(FindingCode::CellError); FINDINGS_IN_RESULT];
        assert_eq!(kept(&findings).len(), FINDINGS_IN_RESULT);
        findings.push(finding(FindingCode::IdMissing));
        let kept = kept(&findings);
        assert_eq!((kept.len(), kept.last().copied()), (FINDINGS_IN_RESULT, Some(FINDINGS_IN_RESULT)));
        assert!(kept.is_sorted(), "in the order of the file");
    }
}
