//! Why residents and households are not employed.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::care::EndWrite;
use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{BarrierKind, Day, Id, Paragraph};
use super::state::State;
use crate::app::barriers::{self as app, Subject};

/// A barrier to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BarrierWrite {
    pub kind: BarrierKind,
    /// Not after today.
    pub opened_on: Day,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

/// Why somebody is not employed, while it lasts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Barrier {
    pub id: Id,
    pub kind: BarrierKind,
    pub opened_on: Day,
    /// First day on which it no longer holds; null = open.
    pub closed_on: Option<Day>,
    pub note: Option<Paragraph>,
    /// The account that opened it; null = an import, or the command line.
    pub opened_by: Option<Id>,
    /// The account that closed it.
    pub closed_by: Option<Id>,
}

impl From<app::Barrier> for Barrier {
    fn from(barrier: app::Barrier) -> Self {
        Self {
            id: Id(barrier.id),
            kind: BarrierKind(barrier.kind),
            opened_on: Day(barrier.opened_on),
            closed_on: barrier.closed_on.map(Day),
            note: barrier.note.map(Paragraph),
            opened_by: barrier.opened_by.map(Id),
            closed_by: barrier.closed_by.map(Id),
        }
    }
}

async fn list(service: &State, subject: Subject) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let found = service.read(move |conn| app::of(conn, &keys, subject)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, Barrier::from)))
}

async fn open(
    service: &State,
    subject: Subject,
    location: String,
    once: Once,
    body: Json<BarrierWrite>,
) -> Result<HttpResponse, ApiError> {
    let (keys, write) = (service.db.keys().clone(), body.value);
    let by = (service.today(), service.account());
    once.run(service, &body.raw, move |conn| {
        let facts = (write.kind.0, write.opened_on.0, write.note.as_ref().map(|note| note.0.as_str()));
        let barrier = app::open(conn, &keys, subject, facts, by)?;
        Outcome::created(location.clone(), None, &Barrier::from(barrier))
    })
    .await
}

/// List the barriers of a household
///
/// Those of the household as such; its members have their own.
#[utoipa::path(operation_id = "list_household_barriers", tag = "households", params(ById), responses((status = 200, description = "All barriers.", body = Items<Barrier>)))]
#[get("/households/{id}/barriers")]
pub async fn list_household_barriers(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    list(&service, Subject::Household(path.0.id.0)).await
}

/// Record a barrier of a household
#[utoipa::path(operation_id = "create_household_barrier", tag = "households", params(ById), request_body = BarrierWrite, responses((status = 201, description = "The barrier.", body = Barrier)))]
#[post("/households/{id}/barriers")]
pub async fn create_household_barrier(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<BarrierWrite>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    open(&service, Subject::Household(id), format!("/api/v1/households/{id}/barriers"), once, body).await
}

/// List the barriers of a resident
#[utoipa::path(operation_id = "list_resident_barriers", tag = "residents", params(ById), responses((status = 200, description = "All barriers.", body = Items<Barrier>)))]
#[get("/residents/{id}/barriers")]
pub async fn list_resident_barriers(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    list(&service, Subject::Resident(path.0.id.0)).await
}

/// Record a barrier of a resident
#[utoipa::path(operation_id = "create_resident_barrier", tag = "residents", params(ById), request_body = BarrierWrite, responses((status = 201, description = "The barrier.", body = Barrier)))]
#[post("/residents/{id}/barriers")]
pub async fn create_resident_barrier(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<BarrierWrite>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    open(&service, Subject::Resident(id), format!("/api/v1/residents/{id}/barriers"), once, body).await
}

/// Close a barrier
#[utoipa::path(operation_id = "close_barrier", tag = "residents", params(ById), request_body = EndWrite, responses((status = 200, description = "The barrier.", body = Barrier)))]
#[post("/barriers/{id}/close")]
pub async fn close_barrier(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<EndWrite>,
) -> Result<HttpResponse, ApiError> {
    let (closed, keys) = ((path.0.id.0, body.value.on.0), service.db.keys().clone());
    let by = (service.today(), service.account());
    once.run(&service, &body.raw, move |conn| Outcome::ok(None, &Barrier::from(app::close(conn, &keys, closed, by)?)))
        .await
}
