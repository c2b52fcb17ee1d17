//! The household's clock: recognitions, what was done, what is late, and the working days.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::{Items, Page, page, window};
use super::scalars::{
    ClockState, ClockStep, Cursor, Day, ExitReason, Id, Limit, Line, Paragraph, ServiceKind, StepState, YesNo,
};
use super::state::State;
use crate::app::access::members_of;
use crate::app::clock::{self as app, RecognitionFilter, calendar, totals};

/// A household recognised as having nobody at work.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecognitionWrite {
    /// Today unless given; nobody may work on it.
    pub recognised_on: Option<Day>,
}

/// Something done for the household.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceWrite {
    /// Not `job_offer`: that is a referral.
    pub kind: ServiceKind,
    /// Today unless given.
    pub done_on: Option<Day>,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

/// Why a recognition ends before somebody works.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExitWrite {
    /// Not `covered`: that is computed.
    pub reason: ExitReason,
    /// What was found; kept encrypted.
    pub note: Paragraph,
}

/// Where a step stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockStanding {
    pub step: ClockStep,
    /// Last day in time.
    pub due_on: Day,
    #[schema(example = 3)]
    pub needed: u32,
    #[schema(example = 1)]
    pub done: u32,
    /// Day on which as many were done as are needed.
    pub done_on: Option<Day>,
    /// Who did the last of them.
    pub account_id: Option<Id>,
    pub state: StepState,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdService {
    pub kind: ServiceKind,
    pub done_on: Day,
    pub account_id: Option<Id>,
    pub note: Option<Paragraph>,
    /// The visit it was; null = recorded by itself.
    pub visit_id: Option<Id>,
}

/// A recognised household and its clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recognition {
    pub id: Id,
    pub household_id: Id,
    pub state: ClockState,
    pub recognised_on: Day,
    /// Who recognised it.
    pub recognised_by: Option<Id>,
    /// First day since then on which somebody works.
    pub covered_on: Option<Day>,
    pub ended_on: Option<Day>,
    pub end_reason: Option<ExitReason>,
    pub ended_by: Option<Id>,
    /// null in lists.
    pub end_note: Option<Paragraph>,
    /// In the order they are due.
    pub steps: Vec<ClockStanding>,
    /// Empty in lists. Visits count among them; job offers are the members' referrals.
    pub services: Vec<HouseholdService>,
}

impl From<app::Recognition> for Recognition {
    fn from(seen: app::Recognition) -> Self {
        let step = |step: crate::app::clock::StepStanding| ClockStanding {
            step: ClockStep(step.step),
            due_on: Day(step.due_on),
            needed: step.needed,
            done: step.done,
            done_on: step.done_on.map(Day),
            account_id: step.by.map(Id),
            state: StepState(step.state),
        };
        let service = |service: app::Service| HouseholdService {
            kind: ServiceKind(service.kind),
            done_on: Day(service.on),
            account_id: service.by.map(Id),
            note: service.note.map(Paragraph),
            visit_id: service.visit.map(Id),
        };
        Self {
            id: Id(seen.id),
            household_id: Id(seen.household_id),
            state: ClockState(seen.state),
            recognised_on: Day(seen.recognised_on),
            recognised_by: seen.recognised_by.map(Id),
            covered_on: seen.covered_on.map(Day),
            ended_on: seen.ended_on.map(Day),
            end_reason: seen.end_reason.map(ExitReason),
            ended_by: seen.ended_by.map(Id),
            end_note: seen.end_note.map(Paragraph),
            steps: seen.steps.into_iter().map(step).collect(),
            services: seen.services.into_iter().map(service).collect(),
        }
    }
}

/// Recognise a household in which nobody works
///
/// Its clock runs from that day. Refused where somebody works or nobody could, or while it is recognised.
#[utoipa::path(operation_id = "recognise_household", tag = "clock", params(ById), request_body = RecognitionWrite, responses((status = 201, description = "The recognition.", body = Recognition)))]
#[post("/households/{id}/recognitions")]
pub async fn recognise_household(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<RecognitionWrite>,
) -> Result<HttpResponse, ApiError> {
    let (household, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let on = body.value.recognised_on.map_or(moment.1, |day| day.0);
    once.run(&service, &body.raw, move |conn| {
        let id = app::recognise(conn, household, on, moment, by)?;
        let made = Recognition::from(app::get(conn, &keys, id, moment.1)?);
        Outcome::created(format!("/api/v1/recognitions/{id}"), None, &made)
    })
    .await
}

/// Which recognitions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecognitionQuery {
    pub household_id: Option<Id>,
    /// Of households in this grid.
    pub grid_id: Option<Id>,
    /// Only those that have not ended.
    pub open: Option<YesNo>,
    pub state: Option<ClockState>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List recognised households with their clocks
#[utoipa::path(operation_id = "list_recognitions", tag = "clock", params(RecognitionQuery), responses((status = 200, description = "A page of recognitions.", body = Page<Recognition>)))]
#[get("/recognitions")]
pub async fn list_recognitions(service: State, query: Query<RecognitionQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = RecognitionFilter {
        household: query.household_id.map(|id| id.0),
        grid: query.grid_id.map(|id| id.0),
        open: query.open.is_some_and(|open| open.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
        ..RecognitionFilter::default()
    };
    let today = service.today();
    let state = query.state.map(|state| state.0);
    let list = format!("recognitions?{filter:?}{state:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let access = service.clone();
    let found = service
        .read(move |conn| {
            let found = app::page(conn, (&filter, state), (rows, today))?;
            let households: Vec<i64> = found.iter().map(|row| row.household_id).collect();
            access.shows(members_of(conn, &households)?);
            Ok(found)
        })
        .await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Recognition::from)))
}

/// Read a recognised household's clock
#[utoipa::path(operation_id = "get_recognition", tag = "clock", params(ById), responses((status = 200, description = "The recognition.", body = Recognition)))]
#[get("/recognitions/{id}")]
pub async fn get_recognition(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (keys, today) = (service.db.keys().clone(), service.today());
    let found = service.read(move |conn| app::get(conn, &keys, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(Recognition::from(found)))
}

/// Record what was done for a recognised household
#[utoipa::path(operation_id = "record_service", tag = "clock", params(ById), request_body = ServiceWrite, responses((status = 200, description = "The recognition.", body = Recognition)))]
#[post("/recognitions/{id}/services")]
pub async fn record_service(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ServiceWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, write) = (path.0.id.0, service.db.keys().clone(), service.moment(), body.value);
    let done = app::Service {
        kind: write.kind.0,
        on: write.done_on.map_or(moment.1, |day| day.0),
        by: service.account(),
        note: write.note.map(|note| note.0),
        visit: None,
    };
    once.run(&service, &body.raw, move |conn| {
        app::serve(conn, &keys, id, &done, moment)?;
        Outcome::ok(None, &Recognition::from(app::get(conn, &keys, id, moment.1)?))
    })
    .await
}

/// End a recognition before somebody works
///
/// A person's decision. `suitable_offers_refused` and `unreachable` only once there are as many as the settings say; a refusal counts
/// only if the offer passed every gate on its day.
#[utoipa::path(operation_id = "exit_recognition", tag = "clock", params(ById), request_body = ExitWrite, responses((status = 200, description = "The recognition.", body = Recognition)))]
#[post("/recognitions/{id}/exit")]
pub async fn exit_recognition(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ExitWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let write = body.value;
    once.run(&service, &body.raw, move |conn| {
        app::exit(conn, &keys, id, (write.reason.0, &write.note.0), moment, by)?;
        Outcome::ok(None, &Recognition::from(app::get(conn, &keys, id, moment.1)?))
    })
    .await
}

/// Households at one step.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepCount {
    /// In time.
    #[schema(example = 12)]
    pub done: u64,
    #[schema(example = 3)]
    pub open: u64,
    #[schema(example = 1)]
    pub late: u64,
    #[schema(example = 0)]
    pub not_needed: u64,
}

/// How the clock is kept in a grid, or in all of them together.
#[derive(Debug, Serialize, ToSchema)]
pub struct GridClock {
    /// null for the sum.
    pub grid_id: Option<Id>,
    #[schema(example = "第一网格")]
    pub grid: String,
    /// Recognised, and nobody works yet.
    #[schema(example = 16)]
    pub waiting: u64,
    /// Recognised, and somebody works since.
    #[schema(example = 4)]
    pub covered: u64,
    /// Of those waiting, with a step late.
    #[schema(example = 2)]
    pub overdue: u64,
    /// Of those waiting, by the step's code.
    pub steps: BTreeMap<String, StepCount>,
}

impl From<totals::GridClock> for GridClock {
    fn from(grid: totals::GridClock) -> Self {
        let count = |count: totals::StepCount| StepCount {
            done: count.done,
            open: count.open,
            late: count.late,
            not_needed: count.not_needed,
        };
        Self {
            grid_id: grid.grid_id.map(Id),
            grid: grid.grid,
            waiting: grid.waiting,
            covered: grid.covered,
            overdue: grid.overdue,
            steps: grid.steps.into_iter().map(|(step, n)| (step.to_owned(), count(n))).collect(),
        }
    }
}

/// Read how the clock is kept, grid by grid
///
/// Every recognition that has not ended; the steps are of those waiting; the sum comes last.
#[utoipa::path(operation_id = "get_clock", tag = "clock", responses((status = 200, description = "By grid.", body = Items<GridClock>)))]
#[get("/clock")]
pub async fn get_clock(service: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (today, within) = (service.today(), service.reach().areas().map(<[i64]>::to_vec));
    let found = service.read(move |conn| totals::totals(conn, within.as_deref(), today)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, GridClock::from)))
}

/// A day that is not what its weekday says.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    pub day: Day,
    /// false = a holiday, true = a weekend worked in its place.
    #[schema(example = false)]
    pub is_working: bool,
    pub name: Option<Line>,
}

/// List the days that are not what their weekday says
#[utoipa::path(operation_id = "list_calendar_days", tag = "clock", responses((status = 200, description = "By day.", body = Items<CalendarDay>)))]
#[get("/calendar-days")]
pub async fn list_calendar_days(service: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let found = service.read(calendar::list).await?;
    let show = |row: calendar::CalendarDay| CalendarDay {
        day: Day(row.day),
        is_working: row.is_working,
        name: row.name.map(Line),
    };
    Ok(HttpResponse::Ok().json(Items::of(found, show)))
}
