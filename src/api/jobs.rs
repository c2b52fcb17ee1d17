//! `/jobs`: long work, its progress, its result, and how to stop it.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, NoBody, NoQuery, Path, Query};
use super::guard;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Id, JobState, Limit};
use super::state::State;
use crate::app::error::AppError;
use crate::app::jobs::{self as app, JobKind};
use crate::app::work::RunResult;
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
    /// Where the result is, once it succeeded.
    #[schema(example = "/api/v1/recommendation-runs/7")]
    pub result: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Job {
    /// # Errors
    /// If a result cannot be read.
    pub fn show(job: app::Job, lang: Lang) -> Result<Self, AppError> {
        let result = job.result.as_deref().map(|result| result_path(job.kind, result)).transpose()?;
        Ok(Self {
            id: Id(job.id),
            kind: job.kind.code().to_owned(),
            state: JobState(job.state),
            progress: job.progress,
            step: job.step.get(lang).to_owned(),
            cancel_requested: job.cancel_requested,
            result,
            created_at: job.created_at.and_utc(),
            updated_at: job.updated_at.and_utc(),
        })
    }
}

fn result_path(kind: JobKind, result: &[u8]) -> Result<String, AppError> {
    match kind {
        JobKind::RecommendationRun => {
            let result: RunResult = serde_json::from_slice(result).map_err(anyhow::Error::from)?;
            Ok(format!("/api/v1/recommendation-runs/{}", result.run))
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
    let list = "jobs";
    let rows = window(&service, list, query.0.limit, query.0.cursor.as_ref())?;
    let (queue, db) = (service.jobs.clone(), service.db.clone());
    let found = service
        .read(move |conn| {
            let jobs = queue.page(conn, &db, rows)?;
            jobs.into_iter().map(|job| Ok((job.id, Job::show(job, lang)?))).collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    Ok(HttpResponse::Ok().json(page(&service, list, rows, found, |(id, _)| *id, |(_, job)| job)))
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
    let (queue, db) = (service.jobs.clone(), service.db.clone());
    let job = service.read(move |conn| Job::show(queue.get(conn, &db, path.0.id.0)?, lang)).await?;
    Ok(HttpResponse::Ok().json(job))
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
        Outcome::ok(None, &Job::show(queue.get(conn, &db, id)?, lang)?)
    })
    .await
}
