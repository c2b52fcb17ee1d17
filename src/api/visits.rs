//! `/visits`: visits of households, planned and made.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoBody, NoQuery, Path, Query, check_count, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Day, Id, Limit, NextStep, Paragraph, VisitChannel, VisitFinding, VisitStatus};
use super::state::State;
use crate::app::access::members_of;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::visits::{self as app, VisitFields, VisitFilter};
use crate::domain::visit;

/// A visit, planned or made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitWrite {
    /// `planned` or `done`; done unless given. A planned one is cancelled by an operation of its own.
    #[serde(default = "done")]
    pub status: VisitStatus,
    /// Of a done visit today or before, and today unless given; of a planned one today or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_on: Option<Day>,
    /// At the door unless given.
    #[serde(default = "door")]
    pub channel: VisitChannel,
    /// At least one of a done visit, none of a planned one. Beside `not_at_home` stands nothing but `moved_away`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<VisitFinding>,
    /// Kept encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_note: Option<Paragraph>,
    /// What is to be done next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// By when; needed with `next_step`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_on: Option<Day>,
    /// Kept encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_note: Option<Paragraph>,
    /// Day on which the next step was done. A later visit that meets the household writes it for `revisit` and `call`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_done_on: Option<Day>,
}

const fn done() -> VisitStatus {
    VisitStatus(visit::VisitStatus::Done)
}

const fn door() -> VisitChannel {
    VisitChannel(visit::VisitChannel::Door)
}

merge_patch!(VisitPatch, VisitWrite);

impl VisitWrite {
    /// `today` is the day of a done visit that names none.
    fn fields(self, today: chrono::NaiveDate) -> Result<VisitFields, AppError> {
        let visit_on = match (self.visit_on, self.status.0) {
            (Some(day), _) => day.0,
            (None, visit::VisitStatus::Planned) => {
                return Err(FieldError::new("/visit_on", FieldCode::Missing).into());
            }
            (None, _) => today,
        };
        Ok(VisitFields {
            status: self.status.0,
            visit_on,
            channel: self.channel.0,
            findings: self.findings.into_iter().map(|finding| finding.0).collect(),
            found_note: self.found_note.map(|note| note.0),
            next_step: self.next_step.map(|step| step.0),
            next_on: self.next_on.map(|day| day.0),
            next_note: self.next_note.map(|note| note.0),
            next_done_on: self.next_done_on.map(|day| day.0),
        })
    }
}

impl From<VisitFields> for VisitWrite {
    fn from(fields: VisitFields) -> Self {
        Self {
            status: VisitStatus(fields.status),
            visit_on: Some(Day(fields.visit_on)),
            channel: VisitChannel(fields.channel),
            findings: fields.findings.into_iter().map(VisitFinding).collect(),
            found_note: fields.found_note.map(Paragraph),
            next_step: fields.next_step.map(NextStep),
            next_on: fields.next_on.map(Day),
            next_note: fields.next_note.map(Paragraph),
            next_done_on: fields.next_done_on.map(Day),
        }
    }
}

/// A visit of a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct Visit {
    pub id: Id,
    pub household_id: Id,
    /// Who goes or went; null = the command line.
    pub account_id: Option<Id>,
    pub status: VisitStatus,
    pub visit_on: Day,
    pub channel: VisitChannel,
    pub findings: Vec<VisitFinding>,
    /// Left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_note: Option<Paragraph>,
    pub next_step: Option<NextStep>,
    /// By when.
    pub next_on: Option<Day>,
    /// Left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_note: Option<Paragraph>,
    /// null = the next step is still to be done.
    pub next_done_on: Option<Day>,
}

impl From<app::Visit> for Visit {
    fn from(visit: app::Visit) -> Self {
        let fields = visit.fields;
        Self {
            id: Id(visit.id),
            household_id: Id(visit.household_id),
            account_id: visit.account.map(Id),
            status: VisitStatus(fields.status),
            visit_on: Day(fields.visit_on),
            channel: VisitChannel(fields.channel),
            findings: fields.findings.into_iter().map(VisitFinding).collect(),
            found_note: fields.found_note.map(Paragraph),
            next_step: fields.next_step.map(NextStep),
            next_on: fields.next_on.map(Day),
            next_note: fields.next_note.map(Paragraph),
            next_done_on: fields.next_done_on.map(Day),
        }
    }
}

/// Plan a visit of a household, or record one
///
/// It changes no record of the household. A done visit counts as a contact for the clock of a recognised household, or as an attempt
/// that reached nobody.
#[utoipa::path(operation_id = "create_visit", tag = "visits", params(ById), request_body = VisitWrite, responses((status = 201, description = "The visit.", body = Visit)))]
#[post("/households/{id}/visits")]
pub async fn create_visit(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<VisitWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.findings.len(), 0..=visit::VisitFinding::ALL.len(), "/findings")?;
    let (household, keys, moment, account) =
        (path.0.id.0, service.db.keys().clone(), service.moment(), service.account());
    let write = body.value;
    once.run(&service, &body.raw, move |conn| {
        let fields = write.clone().fields(moment.1)?;
        let id = app::create(conn, &keys, household, &fields, moment, account)?;
        let made = app::get(conn, &keys, id)?;
        Outcome::created(format!("/api/v1/visits/{id}"), Some(made.version), &Visit::from(made))
    })
    .await
}

/// Which visits.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VisitQuery {
    pub household_id: Option<Id>,
    /// Who goes or went.
    pub account_id: Option<Id>,
    pub status: Option<VisitStatus>,
    /// On this day or later.
    pub from: Option<Day>,
    /// On this day or before.
    pub until: Option<Day>,
    /// With a next step that is not done and due on this day or before.
    pub next_until: Option<Day>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List visits
#[utoipa::path(operation_id = "list_visits", tag = "visits", params(VisitQuery), responses((status = 200, description = "A page of visits.", body = Page<Visit>)))]
#[get("/visits")]
pub async fn list_visits(service: State, query: Query<VisitQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = VisitFilter {
        household: query.household_id.map(|id| id.0),
        account: query.account_id.map(|id| id.0),
        status: query.status.map(|status| status.0),
        from: query.from.map(|day| day.0),
        until: query.until.map(|day| day.0),
        next_until: query.next_until.map(|day| day.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("visits?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let access = service.clone();
    let found = service
        .read(move |conn| {
            let found = app::page(conn, &filter, rows)?;
            let households: Vec<i64> = found.iter().map(|row| row.household_id).collect();
            access.shows(members_of(conn, &households)?);
            Ok(found)
        })
        .await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Visit::from)))
}

/// Read a visit
#[utoipa::path(operation_id = "get_visit", tag = "visits", params(ById), responses((status = 200, description = "The visit.", body = Visit)))]
#[get("/visits/{id}")]
pub async fn get_visit(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let found = service.read(move |conn| app::get(conn, &keys, path.0.id.0)).await?;
    Ok(shown(found.version, &Visit::from(found)))
}

/// Change a visit
///
/// A planned one becomes done by its status and findings: it is then the visit of whoever says so. A done one is corrected, never made
/// planned again; the audit keeps what it said before.
#[utoipa::path(operation_id = "update_visit", tag = "visits", params(ById), request_body = VisitPatch, responses((status = 200, description = "The visit.", body = Visit)))]
#[patch("/visits/{id}")]
pub async fn update_visit(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<VisitPatch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, account) = (service.db.keys().clone(), service.moment(), service.account());
    let visit = service
        .write(move |conn| {
            let old = app::get(conn, &keys, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let write = body.value.0.apply(&VisitWrite::from(old.fields.clone()))?;
            app::update(conn, &keys, &old, &write.fields(moment.1)?, moment, account)
        })
        .await?;
    Ok(shown(visit.version, &Visit::from(visit)))
}

/// Cancel a planned visit
#[utoipa::path(operation_id = "cancel_visit", tag = "visits", params(ById), responses((status = 200, description = "The visit.", body = Visit)))]
#[post("/visits/{id}/cancel")]
pub async fn cancel_visit(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment) = (path.0.id.0, service.db.keys().clone(), service.moment());
    once.run(&service, b"", move |conn| {
        let old = app::get(conn, &keys, id)?;
        let visit = app::cancel(conn, &keys, &old, moment)?;
        Outcome::ok(Some(visit.version), &Visit::from(visit))
    })
    .await
}
