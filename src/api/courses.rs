//! `/courses`: what is taught, when, and how many can come.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoBody, NoQuery, Path, Query, check_count, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{CourseStatus, Cursor, Day, HourSpan, Id, Limit, Line, Seats, SkillLevel, show_spans, spans};
use super::state::State;
use crate::app::training::{self as app, CourseFields, CourseFilter, Taught};
use crate::domain::training;

/// A skill a course teaches.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaughtSkill {
    /// From `/skills`.
    pub skill_id: Id,
    /// Up to which level.
    pub level: SkillLevel,
}

/// What is said of a course.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseWrite {
    pub name: Line,
    /// Who teaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Line>,
    pub first_on: Day,
    /// Last day.
    pub last_on: Day,
    pub seats: Seats,
    /// 1 to 50, each skill once.
    pub skills: Vec<TaughtSkill>,
    /// Hours of the week, at most 50; nobody is proposed for a course who cares or cannot come in them.
    #[serde(default)]
    pub hours: Vec<HourSpan>,
}

merge_patch!(CoursePatch, CourseWrite);

/// A skill a course teaches, with its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourseSkill {
    pub skill_id: Id,
    /// In Chinese.
    pub name: Line,
    /// In English.
    pub name_en: Line,
    pub level: SkillLevel,
}

/// A course.
#[derive(Debug, Serialize, ToSchema)]
pub struct Course {
    pub id: Id,
    pub name: Line,
    pub provider: Option<Line>,
    pub place: Option<Line>,
    pub status: CourseStatus,
    pub first_on: Day,
    /// Last day.
    pub last_on: Day,
    pub seats: Seats,
    /// Seats taken: by those who are in it, and those who came to its end.
    #[schema(example = 12)]
    pub taken: i64,
    pub skills: Vec<CourseSkill>,
    pub hours: Vec<HourSpan>,
}

impl From<CourseFields> for CourseWrite {
    fn from(fields: CourseFields) -> Self {
        let skill = |taught: &Taught| TaughtSkill { skill_id: Id(taught.skill_id), level: SkillLevel(taught.level) };
        Self {
            name: Line(fields.name),
            provider: fields.provider.map(Line),
            place: fields.place.map(Line),
            first_on: Day(fields.first_on),
            last_on: Day(fields.last_on),
            seats: Seats(fields.seats),
            skills: fields.skills.iter().map(skill).collect(),
            hours: show_spans(&fields.hours),
        }
    }
}

impl CourseWrite {
    fn fields(self) -> Result<CourseFields, ApiError> {
        check_count(self.skills.len(), 1..=50, "/skills")?;
        check_count(self.hours.len(), 0..=50, "/hours")?;
        Ok(CourseFields {
            name: self.name.0,
            provider: self.provider.map(|line| line.0),
            place: self.place.map(|line| line.0),
            first_on: self.first_on.0,
            last_on: self.last_on.0,
            seats: self.seats.0,
            skills: self
                .skills
                .iter()
                .map(|taught| Taught { skill_id: taught.skill_id.0, level: taught.level.0 })
                .collect(),
            hours: spans(&self.hours, "/hours")?,
        })
    }
}

impl From<app::Course> for Course {
    fn from(course: app::Course) -> Self {
        let skill = |(taught, (zh, en)): (TaughtSkill, (String, String))| CourseSkill {
            skill_id: taught.skill_id,
            name: Line(zh),
            name_en: Line(en),
            level: taught.level,
        };
        let write = CourseWrite::from(course.fields);
        Self {
            id: Id(course.id),
            name: write.name,
            provider: write.provider,
            place: write.place,
            status: CourseStatus(course.status),
            first_on: write.first_on,
            last_on: write.last_on,
            seats: write.seats,
            taken: course.taken,
            skills: write.skills.into_iter().zip(course.skill_names).map(skill).collect(),
            hours: write.hours,
        }
    }
}

/// Which courses.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CourseQuery {
    pub status: Option<CourseStatus>,
    /// Part of the name.
    pub name: Option<Line>,
    /// Not over on this day.
    pub not_over_on: Option<Day>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List courses
#[utoipa::path(operation_id = "list_courses", tag = "training", params(CourseQuery), responses((status = 200, description = "A page of courses.", body = Page<Course>)))]
#[get("/courses")]
pub async fn list_courses(service: State, query: Query<CourseQuery>) -> Result<HttpResponse, ApiError> {
    let filter = CourseFilter {
        status: query.0.status.map(|status| status.0),
        name: query.0.name.map(|name| name.0),
        not_over_on: query.0.not_over_on.map(|day| day.0),
    };
    let list = format!("courses?{filter:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &filter, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Course::from)))
}

/// Read a course
#[utoipa::path(operation_id = "get_course", tag = "training", params(ById), responses((status = 200, description = "The course.", body = Course)))]
#[get("/courses/{id}")]
pub async fn get_course(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let course = service.read(move |conn| app::get(conn, path.0.id.0)).await?;
    Ok(shown(course.version, &Course::from(course)))
}

/// Add a course
///
/// It is `planned`: nobody can enrol before it is opened.
#[utoipa::path(operation_id = "create_course", tag = "training", request_body = CourseWrite, responses((status = 201, description = "The new course.", body = Course)))]
#[post("/courses")]
pub async fn create_course(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<CourseWrite>,
) -> Result<HttpResponse, ApiError> {
    let (fields, now) = (body.value.fields()?, service.now());
    once.run(&service, &body.raw, move |conn| {
        let course = app::create(conn, &fields, now)?;
        Outcome::created(format!("/api/v1/courses/{}", course.id), Some(course.version), &Course::from(course))
    })
    .await
}

/// Change a course
///
/// Refused for fewer seats than are taken, and once it is cancelled.
#[utoipa::path(operation_id = "update_course", tag = "training", params(ById), request_body = CoursePatch, responses((status = 200, description = "The course.", body = Course)))]
#[patch("/courses/{id}")]
pub async fn update_course(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<CoursePatch>,
) -> Result<HttpResponse, ApiError> {
    let now = service.now();
    let course = service
        .write(move |conn| {
            let old = app::get(conn, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let write: CourseWrite = body.value.0.apply(&old.fields.into())?;
            app::update(conn, (old.id, old.version), &write.fields().map_err(ApiError::into_app)?, now)
        })
        .await?;
    Ok(shown(course.version, &Course::from(course)))
}

async fn set_status(
    service: &State,
    id: Id,
    once: Once,
    seen: IfMatch,
    status: training::CourseStatus,
) -> Result<HttpResponse, ApiError> {
    let (moment, access) = (service.moment(), service.clone());
    once.run(service, b"", move |conn| {
        let version = app::get(conn, id.0)?.version;
        seen.0.check(version)?;
        access.shows(app::set_status(conn, (id.0, version), status, moment)?);
        let course = app::get(conn, id.0)?;
        Outcome::ok(Some(course.version), &Course::from(course))
    })
    .await
}

/// Open a course for enrolment
#[utoipa::path(operation_id = "open_course", tag = "training", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The course.", body = Course)))]
#[post("/courses/{id}/open")]
pub async fn open_course(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_status(&service, path.0.id, once, seen, training::CourseStatus::Open).await
}

/// Close a course to further enrolment
///
/// Those who are in it go on.
#[utoipa::path(operation_id = "close_course", tag = "training", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The course.", body = Course)))]
#[post("/courses/{id}/close")]
pub async fn close_course(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_status(&service, path.0.id, once, seen, training::CourseStatus::Closed).await
}

/// Cancel a course
///
/// Its open enrolments end with it. Refused once somebody was examined: it took place.
#[utoipa::path(operation_id = "cancel_course", tag = "training", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The course.", body = Course)))]
#[post("/courses/{id}/cancel")]
pub async fn cancel_course(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_status(&service, path.0.id, once, seen, training::CourseStatus::Cancelled).await
}
