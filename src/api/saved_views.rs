//! `/saved-views`: which columns of a list an account wants, in which order; for ledgers and for the other lists alike.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{Id, Line, code_of};
use super::state::State;
use crate::app::error::AppError;
use crate::app::ledgers::views::{self as app, View};
use crate::app::ledgers::{ListKind, Offered};

code_of! {
    ListCode(ListKind) = "A list whose columns can be chosen: a ledger, `households`, `postings`, or `roster` (an employer's people).",
        ["people", "employed", "not_employed", "to_help", "no_labour", "unwilling", "helped", "park_roster", "training", "visits",
         "recommendations", "households", "postings", "roster"];
}

/// Which list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListColumnQuery {
    pub list: ListCode,
}

/// A column a list can have.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListColumn {
    #[schema(example = "vacancies")]
    pub code: String,
    #[schema(example = "空缺")]
    pub name_zh: String,
    #[schema(example = "vacancies")]
    pub name_en: String,
    /// An ID number or a phone: only in the full file of a ledger.
    #[schema(example = false)]
    pub personal: bool,
}

impl From<Offered> for ListColumn {
    fn from(column: Offered) -> Self {
        Self {
            code: column.code.to_owned(),
            name_zh: column.label.zh.to_owned(),
            name_en: column.label.en.to_owned(),
            personal: column.is_personal,
        }
    }
}

/// List the columns of a list
#[utoipa::path(operation_id = "list_columns", tag = "ledgers", params(ListColumnQuery), responses((status = 200, description = "Every column it can have.", body = Items<ListColumn>)))]
#[get("/list-columns")]
pub async fn list_columns(_: State, query: Query<ListColumnQuery>) -> Result<HttpResponse, ApiError> {
    let items: Vec<ListColumn> = query.0.list.0.columns().into_iter().map(ListColumn::from).collect();
    Ok(HttpResponse::Ok().json(Items { items }))
}

/// Columns somebody saved under a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedView {
    pub id: Id,
    #[schema(example = "people")]
    pub list: String,
    #[schema(example = "上报用")]
    pub name: String,
    /// Codes, in the order of the columns.
    #[schema(example = json!(["household_code", "name", "age"]))]
    pub columns: Vec<String>,
}

impl From<View> for SavedView {
    fn from(view: View) -> Self {
        Self { id: Id(view.id), list: view.kind.code().to_owned(), name: view.name, columns: view.columns }
    }
}

/// What is saved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedViewWrite {
    pub list: ListCode,
    /// At most 40 characters; what had the name is replaced.
    pub name: Line,
    /// Codes, each once, in the order wanted.
    #[schema(example = json!(["household_code", "name", "age"]))]
    pub columns: Vec<Line>,
}

/// Whose views these are: those of an account are its own.
fn owner(service: &State) -> Result<i64, ApiError> {
    Ok(service.by().account.ok_or(AppError::NotFound)?)
}

/// List one's saved columns
#[utoipa::path(operation_id = "list_saved_views", tag = "ledgers", responses((status = 200, description = "Those of the account.", body = Items<SavedView>)))]
#[get("/saved-views")]
pub async fn list_saved_views(service: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let account = owner(&service)?;
    let found = service.read(move |conn| app::list(conn, account)).await?;
    Ok(HttpResponse::Ok().json(Items { items: found.into_iter().map(SavedView::from).collect::<Vec<_>>() }))
}

/// Read one's saved columns
#[utoipa::path(operation_id = "get_saved_view", tag = "ledgers", params(ById), responses((status = 200, description = "The view.", body = SavedView)))]
#[get("/saved-views/{id}")]
pub async fn get_saved_view(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (account, id) = (owner(&service)?, path.0.id.0);
    let view = service.read(move |conn| app::get(conn, account, id)).await?;
    Ok(HttpResponse::Ok().json(SavedView::from(view)))
}

/// Save columns under a name
///
/// They can be named where the list is exported: `view_id` of `/ledgers/file`, and the pages that give a list as a file.
#[utoipa::path(operation_id = "save_view", tag = "ledgers", request_body = SavedViewWrite, responses((status = 201, description = "The view.", body = SavedView)))]
#[post("/saved-views")]
pub async fn save_view(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<SavedViewWrite>,
) -> Result<HttpResponse, ApiError> {
    let (account, now, write) = (owner(&service)?, service.now(), body.value);
    once.run(&service, &body.raw, move |conn| {
        let columns: Vec<&str> = write.columns.iter().map(|code| code.0.as_str()).collect();
        let id = app::save(conn, account, (write.list.0, &write.name.0, &columns), now)?;
        let view = SavedView::from(app::get(conn, account, id)?);
        Outcome::created(format!("/api/v1/saved-views/{id}"), None, &view)
    })
    .await
}

/// Remove one's saved columns
#[utoipa::path(operation_id = "remove_saved_view", tag = "ledgers", params(ById), responses((status = 200, description = "The view that was.", body = SavedView)))]
#[post("/saved-views/{id}/remove")]
pub async fn remove_saved_view(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
) -> Result<HttpResponse, ApiError> {
    let (account, id) = (owner(&service)?, path.0.id.0);
    once.run(&service, &[], move |conn| {
        let view = SavedView::from(app::get(conn, account, id)?);
        app::remove(conn, account, id)?;
        Outcome::ok(None, &view)
    })
    .await
}
