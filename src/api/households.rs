//! `/households`: what is recorded of households. Their members and changes are in [`super::household_changes`].

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Code, Cursor, Day, Id, Limit, Line, MonitoringClass, Name, Paragraph};
use super::state::State;
use crate::app::Connection;
use crate::app::access::members_of;
use crate::app::households::{self as app, HouseholdFields, HouseholdFilter};
use crate::domain::codes;

/// What is said of a household.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdWrite {
    /// Household code (户编号), unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    pub building_id: Id,
    /// Unit and room in the building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Line>,
    /// Home township the family moved from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub township: Option<Line>,
    /// `none` unless given.
    #[serde(default = "not_monitored")]
    pub monitoring_class: MonitoringClass,
    /// Day on which it was recognised as without employment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised_on: Option<Day>,
    /// Who is responsible for helping it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper_name: Option<Name>,
    /// Kept encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Paragraph>,
}

const fn not_monitored() -> MonitoringClass {
    MonitoringClass(codes::MonitoringClass::None)
}

merge_patch!(HouseholdPatch, HouseholdWrite);

/// A household.
#[derive(Debug, Serialize, ToSchema)]
pub struct Household {
    pub id: Id,
    /// Household code (户编号).
    pub code: Option<Code>,
    pub building_id: Id,
    /// Unit and room in the building.
    pub unit: Option<Line>,
    /// Home township the family moved from.
    pub township: Option<Line>,
    pub monitoring_class: MonitoringClass,
    /// Day on which it was recognised as without employment.
    pub recognised_on: Option<Day>,
    /// Who is responsible for helping it.
    pub helper_name: Option<Name>,
    /// Left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Paragraph>,
}

impl From<HouseholdFields> for HouseholdWrite {
    fn from(fields: HouseholdFields) -> Self {
        Self {
            code: fields.code.map(Code),
            building_id: Id(fields.building_id),
            unit: fields.unit.map(Line),
            township: fields.township.map(Line),
            monitoring_class: MonitoringClass(fields.monitoring_class),
            recognised_on: fields.recognised_on.map(Day),
            helper_name: fields.helper_name.map(Name),
            note: fields.note.map(Paragraph),
        }
    }
}

impl From<HouseholdWrite> for HouseholdFields {
    fn from(write: HouseholdWrite) -> Self {
        Self {
            code: write.code.map(|code| code.0),
            building_id: write.building_id.0,
            unit: write.unit.map(|line| line.0),
            township: write.township.map(|line| line.0),
            monitoring_class: write.monitoring_class.0,
            recognised_on: write.recognised_on.map(|day| day.0),
            helper_name: write.helper_name.map(|name| name.0),
            note: write.note.map(|note| note.0),
        }
    }
}

impl From<app::Household> for Household {
    fn from(household: app::Household) -> Self {
        let write = HouseholdWrite::from(household.fields);
        Self {
            id: Id(household.id),
            code: write.code,
            building_id: write.building_id,
            unit: write.unit,
            township: write.township,
            monitoring_class: write.monitoring_class,
            recognised_on: write.recognised_on,
            helper_name: write.helper_name,
            note: write.note,
        }
    }
}

/// Which households.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HouseholdQuery {
    /// Household code, whole.
    pub code: Option<Code>,
    /// Households of this building only.
    pub building_id: Option<Id>,
    /// Households of this grid only.
    pub grid_id: Option<Id>,
    /// Home township, whole.
    pub township: Option<Line>,
    pub monitoring_class: Option<MonitoringClass>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List households
///
/// For households by coverage state see `/coverage/households`.
#[utoipa::path(operation_id = "list_households", tag = "households", params(HouseholdQuery), responses((status = 200, description = "A page of households.", body = Page<Household>)))]
#[get("/households")]
pub async fn list_households(service: State, query: Query<HouseholdQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = HouseholdFilter {
        code: query.code.map(|code| code.0),
        building: query.building_id.map(|id| id.0),
        grid: query.grid_id.map(|id| id.0),
        township: query.township.map(|line| line.0),
        monitoring_class: query.monitoring_class.map(|class| class.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("households?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let access = service.clone();
    let read = move |conn: &mut Connection| {
        let found = app::page(conn, &filter, rows)?;
        let shown: Vec<i64> = found.iter().map(|row| row.id).collect();
        access.shows(members_of(conn, &shown)?);
        Ok(found)
    };
    let found = service.read(read).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Household::from)))
}

/// Read a household
#[utoipa::path(operation_id = "get_household", tag = "households", params(ById), responses((status = 200, description = "The household.", body = Household)))]
#[get("/households/{id}")]
pub async fn get_household(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let household = service.read(move |conn| app::get(conn, &keys, path.0.id.0)).await?;
    Ok(shown(household.version, &Household::from(household)))
}

/// Add a household
///
/// It has no members yet; add them with `/households/{id}/members`.
#[utoipa::path(operation_id = "create_household", tag = "households", request_body = HouseholdWrite, responses((status = 201, description = "The new household.", body = Household)))]
#[post("/households")]
pub async fn create_household(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<HouseholdWrite>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, write) = (service.db.keys().clone(), service.moment(), body.value);
    once.run(&service, &body.raw, move |conn| {
        let household = app::create(conn, &keys, write.clone().into(), moment)?;
        let location = format!("/api/v1/households/{}", household.id);
        Outcome::created(location, Some(household.version), &Household::from(household))
    })
    .await
}

/// Change a household
///
/// Another building is kept in its history as a move.
#[utoipa::path(operation_id = "update_household", tag = "households", params(ById), request_body = HouseholdPatch, responses((status = 200, description = "The household.", body = Household)))]
#[patch("/households/{id}")]
pub async fn update_household(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<HouseholdPatch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment) = (service.db.keys().clone(), service.moment());
    let household = service
        .write(move |conn| {
            let old = app::get(conn, &keys, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let write = body.value.0.apply(&old.fields.into())?;
            app::update(conn, &keys, (old.id, old.version), write.into(), moment)
        })
        .await?;
    Ok(shown(household.version, &Household::from(household)))
}
