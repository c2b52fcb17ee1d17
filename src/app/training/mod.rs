//! Training: courses, who takes them, and what passing one shows.
//!
//! Invariants, on both databases and whoever comes at once: no more seats of a course are taken than there are; a resident is in a course
//! once; each step of an enrolment is a row with actor, day and reason; passing adds what was taught to the person's skills, with
//! course and day as evidence, in the same transaction, and never lowers a level. A course that is cancelled closes its enrolments. Who
//! should take which seat is [`crate::app::plans::training`].

pub mod enrolments;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::resident_lists::unique;
use super::{Connection, Moment, Page};
pub use crate::db::courses::CourseFilter;
use crate::db::courses::{self as rows, CourseData, CourseRow, hours, skills};
use crate::db::{DbError, enrolments as enrolment_rows, skills as vocabulary};
use crate::domain::text::Text;
use crate::domain::training::{CourseStatus, EnrolmentReason, EnrolmentState};
use crate::domain::week::Span;

/// A skill a course teaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taught {
    pub skill_id: i64,
    /// Up to this: 1..=5.
    pub level: i64,
}

/// What is said of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseFields {
    pub name: String,
    pub provider: Option<String>,
    pub place: Option<String>,
    pub first_on: NaiveDate,
    /// Last day.
    pub last_on: NaiveDate,
    pub seats: i64,
    /// Not empty, each skill once.
    pub skills: Vec<Taught>,
    /// Hours of the week; empty = not known yet.
    pub hours: Vec<Span>,
}

/// A course as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub id: i64,
    pub version: i64,
    pub status: CourseStatus,
    /// Seats taken.
    pub taken: i64,
    pub fields: CourseFields,
    /// Chinese and English, in the order of the skills.
    pub skill_names: Vec<(String, String)>,
}

impl Course {
    #[must_use]
    pub const fn free(&self) -> i64 {
        self.fields.seats - self.taken
    }
}

/// A page of courses by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &CourseFilter, page: Page) -> Result<Vec<Course>, AppError> {
    let found = rows::page(conn, filter, page)?;
    views(conn, found)
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, id: i64) -> Result<Course, AppError> {
    let row = rows::get(conn, id)?;
    views(conn, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// The courses with these ids, by id.
///
/// # Errors
/// If the database fails.
pub fn get_many(conn: &mut Connection, ids: &[i64]) -> Result<Vec<Course>, AppError> {
    let found = rows::get_many(conn, ids)?;
    views(conn, found)
}

/// Adds a course; nobody can enrol before it is opened.
///
/// # Errors
/// `Invalid` for days that contradict, a skill that is not there or given twice, or nothing taught.
pub fn create(conn: &mut Connection, fields: &CourseFields, now: NaiveDateTime) -> Result<Course, AppError> {
    check(conn, fields)?;
    let id = rows::insert(conn, &data(fields, CourseStatus::Planned), now)?;
    replace_lists(conn, id, fields)?;
    get(conn, id)
}

/// Changes what is said of a course.
///
/// # Errors
/// As [`create`]; `Stale`; refused for a cancelled course, and for fewer seats than are taken.
pub fn update(
    conn: &mut Connection,
    (id, version): (i64, i64),
    fields: &CourseFields,
    now: NaiveDateTime,
) -> Result<Course, AppError> {
    let status = rows::get(conn, id)?.data.status;
    if status == CourseStatus::Cancelled {
        return Err(Refusal::WrongStatus.being(status.label()));
    }
    check(conn, fields)?;
    rows::update(conn, id, version, &data(fields, status), now).map_err(|error| match error {
        DbError::Full => Refusal::SeatsBelowTaken.into(),
        other => AppError::from(other),
    })?;
    replace_lists(conn, id, fields)?;
    get(conn, id)
}

/// Opens a course for enrolment, closes it, or cancels it and with it every open enrolment. Gives those who were in it, if so.
///
/// # Errors
/// `NotFound`; `Stale`; refused where the status does not follow, for opening a course that is over, and for cancelling one in which
/// somebody was examined: it took place.
pub fn set_status(
    conn: &mut Connection,
    (id, version): (i64, i64),
    status: CourseStatus,
    (now, today): Moment,
) -> Result<Vec<i64>, AppError> {
    let row = rows::get(conn, id)?;
    if !row.data.status.may_become(status) {
        return Err(Refusal::WrongStatus.being(row.data.status.label()));
    }
    if status == CourseStatus::Open && row.data.last_on < today {
        return Err(Refusal::CourseNotOpen.into());
    }
    let mut concerned = Vec::new();
    if status == CourseStatus::Cancelled {
        let all = enrolment_rows::of_courses(conn, &[id])?;
        let is_examined = |state| matches!(state, EnrolmentState::Passed | EnrolmentState::Failed);
        if all.iter().any(|row| is_examined(row.data.state)) {
            return Err(Refusal::WrongStatus
                .because(Text::new("已有人考核，课程已举办。", "Somebody was examined: it took place.")));
        }
        for enrolment in all.iter().filter(|row| row.data.state.is_open()) {
            let end = (EnrolmentState::Cancelled, EnrolmentReason::CourseCancelled);
            enrolments::end_by_rule(conn, enrolment, end, (now, today))?;
            concerned.push(enrolment.data.resident_id);
        }
    }
    rows::update(conn, id, version, &CourseData { status, ..row.data }, now)?;
    Ok(concerned)
}

fn data(fields: &CourseFields, status: CourseStatus) -> CourseData {
    CourseData {
        name: fields.name.clone(),
        provider: fields.provider.clone(),
        place: fields.place.clone(),
        status,
        first_on: fields.first_on,
        last_on: fields.last_on,
        seats: fields.seats,
    }
}

fn check(conn: &mut Connection, fields: &CourseFields) -> Result<(), AppError> {
    if fields.last_on < fields.first_on {
        return Err(FieldError::new("/last_on", FieldCode::EndBeforeStart).into());
    }
    if fields.skills.is_empty() {
        return Err(FieldError::new("/skills", FieldCode::Empty).into());
    }
    unique(fields.skills.iter().map(|taught| taught.skill_id), |index| format!("/skills/{index}/skill_id"))?;
    for (index, taught) in fields.skills.iter().enumerate() {
        match vocabulary::get(conn, taught.skill_id) {
            Ok(_) => {}
            Err(DbError::NotFound(_)) => {
                return Err(FieldError::new(format!("/skills/{index}/skill_id"), FieldCode::NoSuchRecord).into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn replace_lists(conn: &mut Connection, id: i64, fields: &CourseFields) -> Result<(), AppError> {
    let taught =
        |taught: &Taught| skills::TaughtSkill { course_id: id, skill_id: taught.skill_id, level: taught.level };
    skills::replace(conn, &[id], &Vec::from_iter(fields.skills.iter().map(taught)))?;
    hours::replace(conn, &[id], &Vec::from_iter(fields.hours.iter().map(|span| hours::CourseHour::new(id, *span))))?;
    Ok(())
}

fn views(conn: &mut Connection, found: Vec<CourseRow>) -> Result<Vec<Course>, AppError> {
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let mut spans: HashMap<i64, Vec<Span>> = HashMap::new();
    for row in hours::of(conn, &ids)? {
        spans.entry(row.course_id).or_default().extend(row.span());
    }
    let taught = skills::of(conn, &ids)?;
    let named: Vec<i64> = taught.iter().map(|row| row.skill_id).collect();
    let names: HashMap<i64, (String, String)> = vocabulary::get_many(conn, &named)?
        .into_iter()
        .map(|row| (row.id, (row.data.name_zh, row.data.name_en)))
        .collect();
    let view = |row: CourseRow| {
        let own = || taught.iter().filter(|skill| skill.course_id == row.id);
        let fields = CourseFields {
            name: row.data.name,
            provider: row.data.provider,
            place: row.data.place,
            first_on: row.data.first_on,
            last_on: row.data.last_on,
            seats: row.data.seats,
            skills: own().map(|skill| Taught { skill_id: skill.skill_id, level: skill.level }).collect(),
            hours: spans.remove(&row.id).unwrap_or_default(),
        };
        let skill_names = own().map(|skill| names.get(&skill.skill_id).cloned().unwrap_or_default()).collect();
        let (id, version, status, taken) = (row.id, row.version, row.data.status, row.taken);
        Course { id, version, status, taken, fields, skill_names }
    };
    Ok(found.into_iter().map(view).collect())
}
