//! `/enrolments`: residents in courses, from the first day to the result.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::courses::TaughtSkill;
use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query, check_count};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{
    ActorKind, Cursor, Day, EnrolmentReason, EnrolmentState, Id, Limit, Line, Minutes, Paragraph, Role, SkillLevel,
    YesNo,
};
use super::state::State;
use crate::app::training::enrolments::{self as app, Came, EnrolmentFilter, New, Request};

/// Most entries of a batch.
const MOST: usize = 100;

/// A resident for a course.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentWrite {
    pub course_id: Id,
    pub resident_id: Id,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

impl From<EnrolmentWrite> for New {
    fn from(write: EnrolmentWrite) -> Self {
        Self { course: write.course_id.0, resident: write.resident_id.0, note: write.note.map(|note| note.0) }
    }
}

/// Several residents, enrolled together or not at all.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentBatchWrite {
    /// 1 to 100.
    pub items: Vec<EnrolmentWrite>,
}

/// Enrolments, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentBatch {
    pub enrolment_ids: Vec<Id>,
}

/// A result, or an end before it. `attended` comes with the first day that is recorded, `cancelled` with the course.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentMoveWrite {
    /// The state it was seen in: a step is never taken twice.
    pub from: EnrolmentState,
    pub to: EnrolmentState,
    /// For every step but to `passed`; each reason serves certain steps. A result is taken back to `attended` as `entered_by_mistake`.
    pub reason: Option<EnrolmentReason>,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

/// Who came on a day: recorded for all of them, or for none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceWrite {
    /// 1 to 100.
    pub enrolment_ids: Vec<Id>,
    pub day: Day,
    /// How long, 1 to 1440. A day recorded before is corrected.
    pub minutes: Minutes,
}

/// An enrolment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrolment {
    pub id: Id,
    pub course_id: Id,
    /// The course.
    pub course: Line,
    pub resident_id: Id,
    pub state: EnrolmentState,
    /// Day of the last move.
    pub moved_on: Day,
    /// Days on which the person came.
    #[schema(example = 8)]
    pub attended_days: i64,
    /// Minutes in all.
    #[schema(example = 1920)]
    pub attended_minutes: i64,
}

impl From<app::Enrolment> for Enrolment {
    fn from(row: app::Enrolment) -> Self {
        Self {
            id: Id(row.id),
            course_id: Id(row.course_id),
            course: Line(row.course),
            resident_id: Id(row.resident_id),
            state: EnrolmentState(row.state),
            moved_on: Day(row.moved_on),
            attended_days: row.days,
            attended_minutes: row.minutes,
        }
    }
}

/// One step of the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentMove {
    /// 1, 2, …
    #[schema(example = 2)]
    pub step: i64,
    pub from: Option<EnrolmentState>,
    pub to: EnrolmentState,
    pub reason: Option<EnrolmentReason>,
    pub note: Option<Paragraph>,
    /// The day in China.
    pub happened_on: Day,
    pub actor: ActorKind,
    pub account_id: Option<Id>,
    pub role: Option<Role>,
    pub at: DateTime<Utc>,
}

/// A day on which the person came.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attendance {
    pub day: Day,
    pub minutes: Minutes,
}

/// An enrolment with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentHistory {
    #[serde(flatten)]
    pub enrolment: Enrolment,
    /// The states it may be brought into now.
    pub next: Vec<EnrolmentState>,
    /// Oldest first.
    pub moves: Vec<EnrolmentMove>,
    /// By day.
    pub attendances: Vec<Attendance>,
    /// What passing added to the person's skills, or found there already.
    pub shown: Vec<TaughtSkill>,
}

impl From<app::History> for EnrolmentHistory {
    fn from(history: app::History) -> Self {
        let step = |step: app::Taken| EnrolmentMove {
            step: step.step,
            from: step.from.map(EnrolmentState),
            to: EnrolmentState(step.to),
            reason: step.reason.map(EnrolmentReason),
            note: step.note.map(Paragraph),
            happened_on: Day(step.happened_on),
            actor: ActorKind(step.actor),
            account_id: step.account.map(Id),
            role: step.role.map(Role),
            at: step.at.and_utc(),
        };
        let came = |came: Came| Attendance { day: Day(came.day), minutes: Minutes(came.minutes) };
        let skill = |(skill, level): (i64, i64)| TaughtSkill { skill_id: Id(skill), level: SkillLevel(level) };
        Self {
            enrolment: history.enrolment.into(),
            next: history.next.into_iter().map(EnrolmentState).collect(),
            moves: history.moves.into_iter().map(step).collect(),
            attendances: history.attendances.into_iter().map(came).collect(),
            shown: history.shown.into_iter().map(skill).collect(),
        }
    }
}

/// Which enrolments.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EnrolmentQuery {
    pub course_id: Option<Id>,
    pub resident_id: Option<Id>,
    pub state: Option<EnrolmentState>,
    /// Only those that have not ended.
    pub open: Option<YesNo>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Enrol a resident in a course
///
/// Takes a seat. For a recognised household it is a training offer.
#[utoipa::path(operation_id = "create_enrolment", tag = "training", request_body = EnrolmentWrite, responses((status = 201, description = "The enrolment.", body = EnrolmentHistory)))]
#[post("/enrolments")]
pub async fn create_enrolment(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<EnrolmentWrite>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, by) = (service.db.keys().clone(), service.moment(), service.by());
    let new = New::from(body.value);
    service.shows([new.resident]);
    once.run(&service, &body.raw, move |conn| {
        let id = app::enrol(conn, &keys, &new, moment, by)?;
        let made = app::get(conn, &keys, id)?;
        Outcome::created(format!("/api/v1/enrolments/{id}"), None, &EnrolmentHistory::from(made))
    })
    .await
}

/// Enrol several residents
///
/// All of them or none: 422 names every entry that cannot be enrolled.
#[utoipa::path(operation_id = "create_enrolments", tag = "training", request_body = EnrolmentBatchWrite, responses((status = 200, description = "The enrolments.", body = EnrolmentBatch)))]
#[post("/enrolment-batches")]
pub async fn create_enrolments(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<EnrolmentBatchWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.items.len(), 1..=MOST, "/items")?;
    let (keys, moment, by) = (service.db.keys().clone(), service.moment(), service.by());
    let all: Vec<New> = body.value.items.into_iter().map(Into::into).collect();
    service.shows(all.iter().map(|new| new.resident));
    once.run(&service, &body.raw, move |conn| {
        let ids = app::enrol_all(conn, &keys, &all, moment, by)?;
        Outcome::ok(None, &EnrolmentBatch { enrolment_ids: ids.into_iter().map(Id).collect() })
    })
    .await
}

/// List enrolments
#[utoipa::path(operation_id = "list_enrolments", tag = "training", params(EnrolmentQuery), responses((status = 200, description = "A page of enrolments.", body = Page<Enrolment>)))]
#[get("/enrolments")]
pub async fn list_enrolments(service: State, query: Query<EnrolmentQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = EnrolmentFilter {
        course: query.course_id.map(|id| id.0),
        resident: query.resident_id.map(|id| id.0),
        state: query.state.map(|state| state.0),
        open: query.open.is_some_and(|open| open.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("enrolments?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &filter, rows)).await?;
    service.shows(found.iter().map(|row| row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Enrolment::from)))
}

/// Read an enrolment with its history
#[utoipa::path(operation_id = "get_enrolment", tag = "training", params(ById), responses((status = 200, description = "The enrolment.", body = EnrolmentHistory)))]
#[get("/enrolments/{id}")]
pub async fn get_enrolment(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let found = service.read(move |conn| app::get(conn, &keys, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(EnrolmentHistory::from(found)))
}

/// Record a result, or an end before it
///
/// Passing adds every skill the course teaches to the person's skills at its level, with course and day as evidence; a level that is
/// higher already stays. Whoever drops out gives the seat back.
#[utoipa::path(operation_id = "move_enrolment", tag = "training", params(ById), request_body = EnrolmentMoveWrite, responses((status = 200, description = "The enrolment.", body = EnrolmentHistory)))]
#[post("/enrolments/{id}/moves")]
pub async fn move_enrolment(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<EnrolmentMoveWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let write = body.value;
    let request = Request {
        from: write.from.0,
        to: write.to.0,
        reason: write.reason.map(|reason| reason.0),
        note: write.note.map(|note| note.0),
    };
    once.run(&service, &body.raw, move |conn| {
        app::make(conn, &keys, id, &request, moment, by)?;
        Outcome::ok(None, &EnrolmentHistory::from(app::get(conn, &keys, id)?))
    })
    .await
}

/// Record who came on a day
///
/// For all of them or for none: 422 names every enrolment that has ended or whose course has no such day.
#[utoipa::path(operation_id = "record_attendance", tag = "training", request_body = AttendanceWrite, responses((status = 200, description = "Recorded.", body = EnrolmentBatch)))]
#[post("/attendances")]
pub async fn record_attendance(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<AttendanceWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.enrolment_ids.len(), 1..=MOST, "/enrolment_ids")?;
    let (moment, by, access) = (service.moment(), service.by(), service.clone());
    let ids: Vec<i64> = body.value.enrolment_ids.iter().map(|id| id.0).collect();
    let came = Came { day: body.value.day.0, minutes: body.value.minutes.0 };
    once.run(&service, &body.raw, move |conn| {
        access.shows(app::attend_all(conn, &ids, came, moment, by)?);
        Outcome::ok(None, &EnrolmentBatch { enrolment_ids: ids.iter().copied().map(Id).collect() })
    })
    .await
}
