//! Offers a resident declined. A declined posting is not proposed again for the period the scoring policy sets.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{Day, DeclineReason, Id, Paragraph};
use super::state::State;
use crate::app::Connection;
use crate::app::declines::{self as app, DeclineFields};

/// A refusal to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineWrite {
    pub posting_id: Id,
    /// Not after today, and not before the posting is open.
    pub declined_on: Day,
    pub reason: Option<DeclineReason>,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

/// An offer the resident declined.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decline {
    pub id: Id,
    pub posting_id: Id,
    pub declined_on: Day,
    pub reason: Option<DeclineReason>,
    pub note: Option<Paragraph>,
    /// Whether every gate passed for the pair on that day, computed when the refusal was recorded; what could not be checked is
    /// no pass. Only a suitable offer counts against anybody.
    #[schema(example = true)]
    pub was_suitable: bool,
}

impl From<app::Decline> for Decline {
    fn from(decline: app::Decline) -> Self {
        Self {
            id: Id(decline.id),
            posting_id: Id(decline.fields.posting_id),
            declined_on: Day(decline.fields.declined_on),
            reason: decline.fields.reason.map(DeclineReason),
            note: decline.fields.note.map(Paragraph),
            was_suitable: decline.was_suitable,
        }
    }
}

/// List what a resident declined
#[utoipa::path(operation_id = "list_declines", tag = "residents", params(ById), responses((status = 200, description = "All refusals, oldest first.", body = Items<Decline>)))]
#[get("/residents/{id}/declines")]
pub async fn list_declines(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let found = service.read(move |conn| app::of(conn, &keys, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, Decline::from)))
}

/// Record that a resident declined a posting
///
/// Whether the offer was suitable is computed, from the records as they are.
#[utoipa::path(operation_id = "create_decline", tag = "residents", params(ById), request_body = DeclineWrite, responses((status = 201, description = "The refusal.", body = Decline)))]
#[post("/residents/{id}/declines")]
pub async fn create_decline(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<DeclineWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, today, write) = (path.0.id.0, service.db.keys().clone(), service.today(), body.value);
    let fields = DeclineFields {
        posting_id: write.posting_id.0,
        declined_on: write.declined_on.0,
        reason: write.reason.map(|reason| reason.0),
        note: write.note.map(|note| note.0),
    };
    let (db, posting, on) = (service.db.clone(), fields.posting_id, fields.declined_on);
    // Before the write transaction: nobody waits for a snapshot.
    let ask = move || app::was_suitable(&db, id, posting, on);
    let record = move |conn: &mut Connection, suitable: &bool| {
        let decline = app::record(conn, &keys, id, fields.clone(), (*suitable, today))?;
        Outcome::created(format!("/api/v1/residents/{id}/declines"), None, &Decline::from(decline))
    };
    once.run_computed(&service, &body.raw, ask, record).await
}
