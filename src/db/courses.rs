//! Courses, what they teach and when, and their seats.
//!
//! Invariant: `0 <= taken <= seats` by a CHECK constraint, and `taken` is the number of enrolments that hold a seat: whoever writes one
//! calls [`take_seat`] or [`give_back`] in the same transaction. [`take_seat`] is one guarded statement, so that of any number who come
//! at once no more get a seat than there are.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, CHUNK, Page};
use super::schema::courses;
use crate::domain::text::Label;
use crate::domain::training::CourseStatus;

const WHAT: Label = Label { zh: "培训课程", en: "course" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = courses, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CourseData {
    pub name: String,
    pub provider: Option<String>,
    pub place: Option<String>,
    pub status: CourseStatus,
    pub first_on: NaiveDate,
    /// Last day.
    pub last_on: NaiveDate,
    pub seats: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct CourseRow {
    pub id: i64,
    pub version: i64,
    pub taken: i64,
    pub data: CourseData,
}

/// The columns of [`CourseRow`].
macro_rules! columns {
    () => {
        (courses::id, courses::version, courses::taken, CourseData::as_select())
    };
}

/// One course, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<CourseRow> {
    courses::table.find(id).select(columns!()).first(conn).or_not_found(WHAT)
}

/// The courses among these ids, by id.
pub fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<CourseRow>> {
    let mut found: Vec<CourseRow> = Vec::new();
    for ids in ids.chunks(CHUNK) {
        found.extend(courses::table.filter(among(courses::id, ids)).select(columns!()).load::<CourseRow>(conn)?);
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// Which courses a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CourseFilter {
    pub status: Option<CourseStatus>,
    /// Part of the name.
    pub name: Option<String>,
    /// Not over on this day.
    pub not_over_on: Option<NaiveDate>,
}

/// A page of courses by id.
pub fn page(conn: &mut AnyConnection, filter: &CourseFilter, page: Page) -> DbResult<Vec<CourseRow>> {
    let mut query = courses::table.into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(courses::status.eq(status));
    }
    if let Some(name) = &filter.name {
        query = query.filter(courses::name.like(rows::contains(name)).escape('\\'));
    }
    if let Some(day) = filter.not_over_on {
        query = query.filter(courses::last_on.ge(day));
    }
    Ok(query.filter(courses::id.gt(page.after)).order(courses::id).limit(page.limit).select(columns!()).load(conn)?)
}

/// Adds a course and gives its id.
pub fn insert(conn: &mut AnyConnection, data: &CourseData, now: NaiveDateTime) -> DbResult<i64> {
    diesel::insert_into(courses::table)
        .values((data, courses::created_at.eq(now), courses::updated_at.eq(now)))
        .returning(courses::id)
        .get_result(conn)
        .or_conflict(WHAT)
}

/// Replaces what is said of a course if it still has this version; [`DbError::Full`] if more seats are taken than there would be.
pub fn update(conn: &mut AnyConnection, id: i64, version: i64, data: &CourseData, now: NaiveDateTime) -> DbResult<i64> {
    let written = diesel::update(courses::table.filter(courses::id.eq(id)).filter(courses::version.eq(version)))
        .set((data, courses::version.eq(version + 1), courses::updated_at.eq(now)))
        .execute(conn)
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::CheckViolation, _) => DbError::Full,
            other => DbError::Query(other),
        })?;
    rows::written_once!(conn, courses, id, version, written, WHAT)
}

/// Takes a seat of an open course; tells whether there was one. Not a change of what the course says: its version stays.
pub fn take_seat(conn: &mut AnyConnection, id: i64) -> DbResult<bool> {
    let open = courses::table.find(id).filter(courses::status.eq(CourseStatus::Open));
    let taken = diesel::update(open.filter(courses::taken.lt(courses::seats)))
        .set(courses::taken.eq(courses::taken + 1))
        .execute(conn)?;
    Ok(taken == 1)
}

/// Gives a seat back.
pub fn give_back(conn: &mut AnyConnection, id: i64) -> DbResult<()> {
    diesel::update(courses::table.find(id)).set(courses::taken.eq(courses::taken - 1)).execute(conn)?;
    Ok(())
}

/// What courses teach.
pub mod skills {
    use super::*;
    use crate::db::schema::course_skills;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = course_skills)]
    pub struct TaughtSkill {
        pub course_id: i64,
        pub skill_id: i64,
        /// Up to this: 1 (beginner) to 5.
        pub level: i64,
    }

    rows::child_list!(course_skills, course_id, TaughtSkill, WHAT);
}

/// When courses are taught.
pub mod hours {
    use super::*;
    use crate::db::schema::course_hours;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = course_hours)]
    pub struct CourseHour {
        pub course_id: i64,
        /// 1 (Monday) to 7.
        pub weekday: i64,
        pub from_minute: i64,
        pub to_minute: i64,
    }

    rows::hours_of_spans!(CourseHour, course_id);
    rows::child_list!(course_hours, course_id, CourseHour, WHAT);
}
