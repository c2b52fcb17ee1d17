//! `/jobs`: long work, its progress, its result, and how to stop it.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, ErrorCode};
use super::extract::{ById, NoBody, NoQuery, Path, Query};
use super::guard;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Id, JobState, Limit};
use super::state::State;
use crate::app::Connection;
use crate::app::access::{Action, ObjectKind};
use crate::app::error::AppError;
use crate::app::jobs::{self as app, JobKind};
use crate::app::work::{FoundInFile, ImportResult, PlanResult, RunResult, unframe};
use crate::domain::text::Lang;

/// Long work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    pub id: Id,
    /// What it does.
    #[schema(example = "recommendation_run")]
    pub kind: String,
    pub state: JobState,
    /// Percent.
    #[schema(minimum = 0, maximum = 100, example = 60)]
    pub progress: i64,
    /// What it is doing, or why it ended, in the caller's language.
    #[schema(example = "正在生成推荐理由")]
    pub step: String,
    /// Somebody asked it to stop.
    #[schema(example = false)]
    pub cancel_requested: bool,
    /// Where the result is, once it succeeded; null after a dry run.
    #[schema(example = "/api/v1/recommendation-runs/7")]
    pub result: Option<String>,
    /// What an import did; only when one job is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportReport>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Job {
    /// # Errors
    /// If a result cannot be read.
    pub fn show(job: app::Job, lang: Lang) -> Result<Self, AppError> {
        let (result, import) = match job.result.as_deref() {
            None => (None, None),
            Some(result) => result_of(job.kind, result, lang)?,
        };
        Ok(Self {
            id: Id(job.id),
            kind: job.kind.code().to_owned(),
            state: JobState(job.state),
            progress: job.progress,
            step: job.step.get(lang).to_owned(),
            cancel_requested: job.cancel_requested,
            result,
            import,
            created_at: job.created_at.and_utc(),
            updated_at: job.updated_at.and_utc(),
        })
    }
}

fn result_of(kind: JobKind, result: &[u8], lang: Lang) -> Result<(Option<String>, Option<ImportReport>), AppError> {
    match kind {
        JobKind::RecommendationRun => {
            let (result, _): (RunResult, _) = unframe(result)?;
            Ok((Some(format!("/api/v1/recommendation-runs/{}", result.run)), None))
        }
        JobKind::Retention | JobKind::Ageing => Ok((None, None)),
        JobKind::Plan => {
            let (result, _): (PlanResult, _) = unframe(result)?;
            Ok((Some(format!("/api/v1/plans/{}", result.plan)), None))
        }
        JobKind::Import => {
            let (result, file): (ImportResult, _) = unframe(result)?;
            let path = result.batch.map(|batch| format!("/api/v1/imports/{batch}"));
            Ok((path, Some(ImportReport::show(result, !file.is_empty(), lang))))
        }
    }
}

/// How many findings a job tells of.
const FINDINGS_IN_ANSWER: usize = 200;

/// What an import did, or after a dry run would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// Errors stopped the file: nothing of it is stored.
    #[schema(example = false)]
    pub stopped: bool,
    #[schema(example = 812)]
    pub created: u64,
    #[schema(example = 3)]
    pub updated: u64,
    #[schema(example = 0)]
    pub unchanged: u64,
    #[schema(example = 0)]
    pub rejected: u64,
    /// Findings of severity `error`.
    #[schema(example = 0)]
    pub errors: u64,
    /// Findings of severity `warning`.
    #[schema(example = 14)]
    pub warnings: u64,
    /// The first 200; all of them are under `/imports/{id}/findings`.
    pub findings: Vec<ReportedFinding>,
    /// Whether `/jobs/{id}/rejected-rows` gives the rejected rows back as a workbook.
    #[schema(example = false)]
    pub has_rejected_rows: bool,
}

/// Something found in a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedFinding {
    /// Stable code.
    #[schema(example = "id_number_checksum")]
    pub code: String,
    #[schema(example = "error")]
    pub severity: String,
    #[schema(example = "劳动力台账")]
    pub sheet: String,
    /// Row as the spreadsheet numbers it; 0 = the sheet as a whole.
    #[schema(example = 17)]
    pub row: u32,
    #[schema(example = "身份证号")]
    pub column: Option<String>,
    /// At most the last two characters visible.
    #[schema(example = "****************42")]
    pub masked_value: Option<String>,
    /// What is wrong and what to do.
    #[schema(example = "身份证号校验码不符，请核对证件。")]
    pub message: String,
}

impl ImportReport {
    fn show(result: ImportResult, has_rejected_rows: bool, lang: Lang) -> Self {
        let finding = |found: FoundInFile| ReportedFinding {
            code: found.code,
            severity: found.severity,
            sheet: found.sheet,
            row: found.row,
            column: found.column,
            masked_value: found.masked_value,
            message: match lang {
                Lang::Zh => found.zh,
                Lang::En => found.en,
            },
        };
        Self {
            stopped: result.stopped,
            created: result.created,
            updated: result.updated,
            unchanged: result.unchanged,
            rejected: result.rejected,
            errors: result.errors,
            warnings: result.warnings,
            findings: result.findings.into_iter().take(FINDINGS_IN_ANSWER).map(finding).collect(),
            has_rejected_rows,
        }
    }
}

/// Part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List jobs
#[utoipa::path(operation_id = "list_jobs", tag = "jobs", params(JobQuery), responses((status = 200, description = "A page of jobs.", body = Page<Job>)))]
#[get("/jobs")]
pub async fn list_jobs(
    service: State,
    req: actix_web::HttpRequest,
    query: Query<JobQuery>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let account = service.account();
    let list = "jobs";
    let rows = window(&service, list, query.0.limit, query.0.cursor.as_ref())?;
    let (queue, db, now) = (service.jobs.clone(), service.db.clone(), service.now());
    let found = service
        .read(move |conn| {
            let jobs = queue.page(conn, &db, account, rows, now)?;
            jobs.into_iter()
                .map(|job| Ok((job.id, Job { import: None, ..Job::show(job, lang)? })))
                .collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    Ok(HttpResponse::Ok().json(page(&service, list, rows, found, |(id, _)| *id, |(_, job)| job)))
}

/// A job stays its account's when a role is lost; what an import quotes of people does not.
fn may_read_imports(access: &State, conn: &mut Connection) -> Result<bool, AppError> {
    Ok(access.reach_for(conn, ObjectKind::Import, Action::Read)?.everything)
}

/// Follow a job
#[utoipa::path(operation_id = "get_job", tag = "jobs", params(ById), responses((status = 200, description = "The job.", body = Job)))]
#[get("/jobs/{id}")]
pub async fn get_job(
    service: State,
    req: actix_web::HttpRequest,
    path: Path<ById>,
    _: NoQuery,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let (queue, db, now) = (service.jobs.clone(), service.db.clone(), service.now());
    let access = service.clone();
    let find = move |conn: &mut Connection| {
        let job = Job::show(queue.get(conn, &db, path.0.id.0, now)?, lang)?;
        Ok(if may_read_imports(&access, conn)? { job } else { Job { import: None, ..job } })
    };
    Ok(HttpResponse::Ok().json(service.read(find).await?))
}

/// Cancel a job
///
/// A waiting job is cancelled at once; a running one stops as soon as it can and keeps nothing.
#[utoipa::path(operation_id = "cancel_job", tag = "jobs", params(ById), responses((status = 200, description = "The job.", body = Job)))]
#[post("/jobs/{id}/cancel")]
pub async fn cancel_job(
    service: State,
    req: actix_web::HttpRequest,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (id, lang, now) = (path.0.id.0, guard::lang(req.headers()), service.now());
    let (queue, db) = (service.jobs.clone(), service.db.clone());
    // First in memory: the job may hold the only write transaction until it notices.
    queue.ask_to_stop(id);
    once.run(&service, b"", move |conn| {
        app::cancel(conn, id, now)?;
        Outcome::ok(None, &Job::show(queue.get(conn, &db, id, now)?, lang)?)
    })
    .await
}

/// Get the rejected rows of an import
///
/// A workbook to correct and import again; 404 if nothing was rejected.
#[utoipa::path(operation_id = "get_rejected_rows", tag = "imports", params(ById), responses((status = 200, description = "The workbook.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/jobs/{id}/rejected-rows")]
pub async fn get_rejected_rows(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (queue, db, now) = (service.jobs.clone(), service.db.clone(), service.now());
    let access = service.clone();
    let find = move |conn: &mut Connection| {
        let job = queue.get(conn, &db, path.0.id.0, now)?;
        if may_read_imports(&access, conn)? { Ok(job) } else { Err(AppError::NotFound) }
    };
    let job = service.read(find).await?;
    let file = match (job.kind, &job.result) {
        (JobKind::Import, Some(result)) => unframe::<ImportResult>(result)?.1.to_vec(),
        _ => Vec::new(),
    };
    if file.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"rejected-rows.xlsx\""))
        .body(file))
}
