//! `/plan-pins`: standing decisions of counselors about a resident and a posting.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoBody, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Id, Limit, Line, PinKind, YesNo};
use super::state::State;
use crate::app::plans::pins::{self as app, PinFilter};

/// A decision to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanPinWrite {
    pub resident_id: Id,
    pub posting_id: Id,
    pub kind: PinKind,
    /// Why; shown with every plan made under it.
    pub reason: Line,
}

/// A decision, input of every proposal from `made_at` until it is ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanPin {
    pub id: Id,
    pub resident_id: Id,
    pub posting_id: Id,
    pub kind: PinKind,
    pub reason: Line,
    pub made_at: DateTime<Utc>,
    /// Null = it stands.
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<app::Pin> for PlanPin {
    fn from(pin: app::Pin) -> Self {
        Self {
            id: Id(pin.id),
            resident_id: Id(pin.resident_id),
            posting_id: Id(pin.posting_id),
            kind: PinKind(pin.kind),
            reason: Line(pin.reason),
            made_at: pin.made_at.and_utc(),
            ended_at: pin.ended_at.map(|at| at.and_utc()),
        }
    }
}

/// Which decisions, and part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanPinQuery {
    pub resident_id: Option<Id>,
    pub posting_id: Option<Id>,
    pub kind: Option<PinKind>,
    /// `true`: those that stand; `false`: those that have ended.
    pub standing: Option<YesNo>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List decisions about pairs
#[utoipa::path(operation_id = "list_plan_pins", tag = "plans", params(PlanPinQuery), responses((status = 200, description = "A page of decisions.", body = Page<PlanPin>)))]
#[get("/plan-pins")]
pub async fn list_plan_pins(service: State, query: Query<PlanPinQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = PinFilter {
        resident: query.resident_id.map(|id| id.0),
        posting: query.posting_id.map(|id| id.0),
        kind: query.kind.map(|kind| kind.0),
        standing: query.standing.map(|standing| standing.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("plan-pins {filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let db = service.db.clone();
    let found = service.read(move |conn| app::page(conn, db.keys(), &filter, rows)).await?;
    service.shows(found.iter().map(|pin| pin.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |pin| pin.id, PlanPin::from)))
}

/// Get a decision about a pair
#[utoipa::path(operation_id = "get_plan_pin", tag = "plans", params(ById), responses((status = 200, description = "The decision.", body = PlanPin)))]
#[get("/plan-pins/{id}")]
pub async fn get_plan_pin(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let db = service.db.clone();
    let pin = service.read(move |conn| app::get(conn, db.keys(), path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(PlanPin::from(pin)))
}

/// Pin or forbid a pair
///
/// Holds from the next proposal on. Whether a pin can be kept is found out when a plan is proposed.
#[utoipa::path(operation_id = "create_plan_pin", tag = "plans", request_body = PlanPinWrite, responses((status = 201, description = "The decision.", body = PlanPin)))]
#[post("/plan-pins")]
pub async fn create_plan_pin(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<PlanPinWrite>,
) -> Result<HttpResponse, ApiError> {
    let (db, now, write) = (service.db.clone(), service.now(), body.value);
    once.run(&service, &body.raw, move |conn| {
        let decision = (write.resident_id.0, write.posting_id.0, write.kind.0);
        let pin = app::make(conn, db.keys(), decision, &write.reason.0, now)?;
        Outcome::created(format!("/api/v1/plan-pins/{}", pin.id), None, &PlanPin::from(pin))
    })
    .await
}

/// End a decision about a pair
///
/// The next proposal is made without it; plans already made stay as they are.
#[utoipa::path(operation_id = "end_plan_pin", tag = "plans", params(ById), responses((status = 200, description = "The decision.", body = PlanPin)))]
#[post("/plan-pins/{id}/end")]
pub async fn end_plan_pin(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (db, id, now) = (service.db.clone(), path.0.id.0, service.now());
    once.run(&service, b"", move |conn| Outcome::ok(None, &PlanPin::from(app::end(conn, db.keys(), id, now)?))).await
}
