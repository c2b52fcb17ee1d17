//! Open vacancies for everybody, as search engines and job portals read them.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::Query;
use super::page::{Page, page, window};
use super::scalars::{Cursor, Limit, Line};
use super::state::State;
use crate::app::vacancies as app;

/// A vacancy in the terms of <https://schema.org/JobPosting>, as JSON-LD.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct JobPosting(Value);

/// Which vacancies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VacancyQuery {
    /// Part of the title.
    pub title: Option<Line>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Open vacancies for the public
///
/// Published postings within their dates that have a place left today: what the employer publishes, and nobody's data. `url` is the page
/// of the vacancy on this server.
#[utoipa::path(operation_id = "list_published_vacancies", tag = "postings", params(VacancyQuery), responses((status = 200, description = "A page of vacancies.", body = Page<JobPosting>)))]
#[get("/published/vacancies")]
pub async fn list_published_vacancies(service: State, query: Query<VacancyQuery>) -> Result<HttpResponse, ApiError> {
    let (today, title) = (service.today(), query.0.title.map(|title| title.0));
    let list = format!("vacancies?{title:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, title.as_deref(), rows, today)).await?;
    let shown = |vacancy: app::Vacancy| JobPosting(app::job_posting(&vacancy));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, shown)))
}
