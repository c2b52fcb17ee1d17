//! What each kind of job does: its input, its work and its result.
//!
//! Input and result are a JSON head and a tail of bytes (a spreadsheet, or nothing), see [`frame`].

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::access::{Act, Action, Caller, Object, ObjectKind};
use super::error::AppError;
use super::imports::{self, ImportOptions, ImportReport};
use super::jobs::{Context, JobKind};
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
}

/// Result of [`JobKind::Import`]; the tail is the workbook of rejected rows, empty if there is none.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportResult {
    /// `None` after a dry run.
    pub batch: Option<i64>,
    pub stopped: bool,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    pub errors: u64,
    pub warnings: u64,
    /// The first [`FINDINGS_IN_RESULT`]; all of them are stored with the batch.
    pub findings: Vec<FoundInFile>,
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
    pub zh: String,
    pub en: String,
}

/// A dry run stores no batch, so its findings are in the result: as many as fit into an answer.
pub const FINDINGS_IN_RESULT: usize = 200;

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
            let report = imports::import_guarded(db, file, &input.file_name, &options, &mut progress, &mut hold)?;
            frame(&import_result(&report), report.rejected_file.as_deref().unwrap_or_default())
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

fn import_result(report: &ImportReport) -> ImportResult {
    let found = |finding: &crate::ledger::finding::Finding| FoundInFile {
        code: finding.code.code().to_owned(),
        severity: finding.severity.code().to_owned(),
        sheet: finding.sheet.clone(),
        row: finding.row,
        column: finding.column.clone(),
        masked_value: finding.masked_value.clone(),
        zh: finding.text.zh.clone(),
        en: finding.text.en.clone(),
    };
    ImportResult {
        batch: report.batch_id,
        stopped: report.stopped,
        created: report.created,
        updated: report.updated,
        unchanged: report.unchanged,
        rejected: report.rejected,
        errors: report.count(Severity::Error) as u64,
        warnings: report.count(Severity::Warning) as u64,
        findings: report.findings.iter().take(FINDINGS_IN_RESULT).map(found).collect(),
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
