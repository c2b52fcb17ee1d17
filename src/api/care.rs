//! Care duties and exemptions of households.

use actix_web::{HttpResponse, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, check_count, shown};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{CareKind, Day, HourSpan, Id, Line, Name, show_spans, spans};
use super::state::State;
use crate::app::household_version;
use crate::app::households::{self as app, ExemptionFields};

/// Hours of the week in which somebody must be at home.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareDuty {
    pub kind: CareKind,
    /// The member who does it, if that is settled.
    #[serde(default)]
    pub carer_id: Option<Id>,
    #[serde(default)]
    pub valid_from: Option<Day>,
    /// First day on which it no longer holds.
    #[serde(default)]
    pub valid_until: Option<Day>,
    #[schema(min_items = 1, max_items = 50)]
    pub hours: Vec<HourSpan>,
}

/// All care duties of a household.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareDuties {
    #[schema(max_items = 20)]
    pub items: Vec<CareDuty>,
}

impl CareDuties {
    fn show(duties: Vec<app::CareDuty>) -> Self {
        let show = |duty: app::CareDuty| CareDuty {
            kind: CareKind(duty.kind),
            carer_id: duty.carer_id.map(Id),
            valid_from: duty.valid_from.map(Day),
            valid_until: duty.valid_until.map(Day),
            hours: show_spans(&duty.hours),
        };
        Self { items: duties.into_iter().map(show).collect() }
    }

    fn read(self) -> Result<Vec<app::CareDuty>, ApiError> {
        check_count(self.items.len(), 0..=20, "/items")?;
        let read = |(index, duty): (usize, CareDuty)| {
            let pointer = format!("/items/{index}/hours");
            check_count(duty.hours.len(), 1..=50, &pointer)?;
            Ok(app::CareDuty {
                kind: duty.kind.0,
                carer_id: duty.carer_id.map(|id| id.0),
                valid_from: duty.valid_from.map(|day| day.0),
                valid_until: duty.valid_until.map(|day| day.0),
                hours: spans(&duty.hours, &pointer)?,
            })
        };
        self.items.into_iter().enumerate().map(read).collect()
    }
}

/// Read the care duties of a household
#[utoipa::path(operation_id = "get_care_duties", tag = "households", params(ById), responses((status = 200, description = "All care duties.", body = CareDuties)))]
#[get("/households/{id}/care-duties")]
pub async fn get_care_duties(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let duties = service.read(move |conn| app::care_duties(conn, path.0.id.0)).await?;
    Ok(shown(duties.version, &CareDuties::show(duties.fields)))
}

/// Replace the care duties of a household
///
/// The list given is the whole list. `If-Match` is the household's entity tag.
#[utoipa::path(operation_id = "replace_care_duties", tag = "households", params(ById), request_body = CareDuties, responses((status = 200, description = "All care duties.", body = CareDuties)))]
#[put("/households/{id}/care-duties")]
pub async fn replace_care_duties(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<CareDuties>,
) -> Result<HttpResponse, ApiError> {
    let (id, moment, duties) = (path.0.id.0, service.moment(), body.value.read()?);
    let duties = service
        .write(move |conn| {
            let version = household_version(conn, id)?;
            seen.0.check(version)?;
            app::replace_care_duties(conn, (id, version), duties.clone(), moment)
        })
        .await?;
    Ok(shown(duties.version, &CareDuties::show(duties.fields)))
}

/// A decision that leaves a household out of the coverage rate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExemptionWrite {
    /// Who decided.
    pub decided_by: Name,
    pub reason: Line,
    pub valid_from: Day,
    /// First day on which it no longer holds.
    pub valid_until: Option<Day>,
}

/// A decision that leaves a household out of the coverage rate.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exemption {
    pub id: Id,
    pub household_id: Id,
    /// Who decided.
    pub decided_by: Name,
    pub reason: Line,
    pub valid_from: Day,
    /// First day on which it no longer holds; null = open.
    pub valid_until: Option<Day>,
}

impl Exemption {
    fn show((id, fields): (i64, ExemptionFields)) -> Self {
        Self {
            id: Id(id),
            household_id: Id(fields.household_id),
            decided_by: Name(fields.decided_by),
            reason: Line(fields.reason),
            valid_from: Day(fields.valid_from),
            valid_until: fields.valid_until.map(Day),
        }
    }
}

/// List the exemptions of a household
#[utoipa::path(operation_id = "list_exemptions", tag = "households", params(ById), responses((status = 200, description = "All decisions, oldest first.", body = Items<Exemption>)))]
#[get("/households/{id}/exemptions")]
pub async fn list_exemptions(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let found = service.read(move |conn| app::exemptions(conn, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, Exemption::show)))
}

/// Exempt a household
#[utoipa::path(operation_id = "create_exemption", tag = "households", params(ById), request_body = ExemptionWrite, responses((status = 201, description = "The decision.", body = Exemption)))]
#[post("/households/{id}/exemptions")]
pub async fn create_exemption(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ExemptionWrite>,
) -> Result<HttpResponse, ApiError> {
    let write = body.value;
    let fields = ExemptionFields {
        household_id: path.0.id.0,
        decided_by: write.decided_by.0,
        reason: write.reason.0,
        valid_from: write.valid_from.0,
        valid_until: write.valid_until.map(|day| day.0),
    };
    once.run(&service, &body.raw, move |conn| {
        let exemption = app::exempt(conn, &fields)?;
        let location = format!("/api/v1/households/{}/exemptions", fields.household_id);
        Outcome::created(location, None, &Exemption::show(exemption))
    })
    .await
}

/// On which day something ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndWrite {
    /// First day on which it no longer holds.
    pub on: Day,
}

/// End an exemption
#[utoipa::path(operation_id = "end_exemption", tag = "households", params(ById), request_body = EndWrite, responses((status = 200, description = "The decision.", body = Exemption)))]
#[post("/exemptions/{id}/end")]
pub async fn end_exemption(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<EndWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, on) = (path.0.id.0, body.value.on.0);
    once.run(&service, &body.raw, move |conn| Outcome::ok(None, &Exemption::show(app::end_exemption(conn, id, on)?)))
        .await
}
