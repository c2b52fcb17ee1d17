//! Residents in courses: where each stands, what brought it there, the days they came, and what passing shows.
//!
//! Invariants: at most one open enrolment of a resident in a course (unique index); the moves of an enrolment are numbered without a gap
//! and never changed; whoever writes a state writes the move in the same transaction.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::residents_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Versioned};
use super::schema::enrolments;
use crate::domain::text::Label;
use crate::domain::training::{EnrolmentReason, EnrolmentState};

const WHAT: Label = Label { zh: "培训报名", en: "enrolment" };

fn open() -> impl Iterator<Item = EnrolmentState> {
    EnrolmentState::ALL.iter().copied().filter(|state| state.is_open())
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = enrolments)]
pub struct EnrolmentData {
    pub course_id: i64,
    pub resident_id: i64,
    pub state: EnrolmentState,
    /// Day of the last move.
    pub moved_on: NaiveDate,
}

pub type EnrolmentRow = Versioned<EnrolmentData>;

rows::versioned!(enrolments, EnrolmentData, WHAT);
rows::versioned_writes!(enrolments, EnrolmentData, WHAT, timed);

/// The enrolments of a resident, by id.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<EnrolmentRow>> {
    Ok(enrolments::table
        .filter(enrolments::resident_id.eq(resident))
        .select((enrolments::id, enrolments::version, EnrolmentData::as_select()))
        .order(enrolments::id)
        .load(conn)?)
}

/// The enrolments of these residents, by id.
pub fn of_residents(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<EnrolmentRow>> {
    let mut found: Vec<EnrolmentRow> = Vec::new();
    for ids in residents.chunks(CHUNK) {
        found.extend(
            enrolments::table
                .filter(among(enrolments::resident_id, ids))
                .select((enrolments::id, enrolments::version, EnrolmentData::as_select()))
                .load::<EnrolmentRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// The enrolments in these courses, by id.
pub fn of_courses(conn: &mut AnyConnection, courses: &[i64]) -> DbResult<Vec<EnrolmentRow>> {
    let mut found: Vec<EnrolmentRow> = Vec::new();
    for ids in courses.chunks(CHUNK) {
        found.extend(
            enrolments::table
                .filter(among(enrolments::course_id, ids))
                .select((enrolments::id, enrolments::version, EnrolmentData::as_select()))
                .load::<EnrolmentRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// (resident, course) of every open enrolment, by resident and course.
pub fn all_open(conn: &mut AnyConnection) -> DbResult<Vec<(i64, i64)>> {
    Ok(enrolments::table
        .filter(enrolments::state.eq_any(open()))
        .order((enrolments::resident_id, enrolments::course_id))
        .select((enrolments::resident_id, enrolments::course_id))
        .load(conn)?)
}

/// Which enrolments a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnrolmentFilter {
    pub course: Option<i64>,
    pub resident: Option<i64>,
    pub state: Option<EnrolmentState>,
    /// Only those that have not ended.
    pub open: bool,
    /// Of residents in these areas.
    pub within: Option<Vec<i64>>,
}

/// A page of enrolments by id.
pub fn page(conn: &mut AnyConnection, filter: &EnrolmentFilter, page: Page) -> DbResult<Vec<EnrolmentRow>> {
    let mut query = enrolments::table.into_boxed();
    if let Some(course) = filter.course {
        query = query.filter(enrolments::course_id.eq(course));
    }
    if let Some(resident) = filter.resident {
        query = query.filter(enrolments::resident_id.eq(resident));
    }
    if let Some(state) = filter.state {
        query = query.filter(enrolments::state.eq(state));
    }
    if filter.open {
        query = query.filter(enrolments::state.eq_any(open()));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(enrolments::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query
        .filter(enrolments::id.gt(page.after))
        .order(enrolments::id)
        .limit(page.limit)
        .select((enrolments::id, enrolments::version, EnrolmentData::as_select()))
        .load(conn)?)
}

/// The moves.
pub mod moves {
    use super::*;
    use crate::db::schema::enrolment_moves;

    crate::db::steps::history!(enrolment_moves, enrolment_id, EnrolmentState, EnrolmentReason, WHAT);
}

/// The days they came.
pub mod attendances {
    use super::*;
    use crate::db::schema::attendances;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = attendances, treat_none_as_default_value = false)]
    pub struct AttendanceRow {
        pub enrolment_id: i64,
        pub day: NaiveDate,
        /// 1..=1440.
        pub minutes: i64,
        pub recorded_by: Option<i64>,
        pub created_at: NaiveDateTime,
    }

    rows::child_list!(attendances, enrolment_id, AttendanceRow, WHAT);

    /// Says how long somebody came on a day, or says something else of it.
    pub fn set(conn: &mut AnyConnection, row: &AttendanceRow) -> DbResult<()> {
        let there = attendances::table
            .filter(attendances::enrolment_id.eq(row.enrolment_id))
            .filter(attendances::day.eq(row.day));
        let changed = diesel::update(there)
            .set((attendances::minutes.eq(row.minutes), attendances::recorded_by.eq(row.recorded_by)))
            .execute(conn)?;
        if changed == 0 {
            diesel::insert_into(attendances::table).values(row).execute(conn).or_conflict(WHAT)?;
        }
        Ok(())
    }
}

/// What courses that were passed show.
pub mod evidence {
    use super::*;
    use crate::db::schema::{courses, skill_evidence};

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = skill_evidence)]
    pub struct EvidenceRow {
        pub enrolment_id: i64,
        pub skill_id: i64,
        /// 1 (beginner) to 5.
        pub level: i64,
        pub shown_on: NaiveDate,
        /// What the person had before: 0 = nothing; `None` = not kept.
        pub level_before: Option<i64>,
    }

    rows::child_list!(skill_evidence, enrolment_id, EvidenceRow, WHAT);

    /// With the course it came of.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable)]
    pub struct Shown {
        pub skill_id: i64,
        pub level: i64,
        pub shown_on: NaiveDate,
        pub course_id: i64,
        pub course: String,
        pub provider: Option<String>,
    }

    /// Everything shown of a resident's skills, oldest first.
    pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<Shown>> {
        Ok(skill_evidence::table
            .inner_join(enrolments::table.inner_join(courses::table))
            .filter(enrolments::resident_id.eq(resident))
            .order((skill_evidence::shown_on, skill_evidence::id))
            .select((
                skill_evidence::skill_id,
                skill_evidence::level,
                skill_evidence::shown_on,
                courses::id,
                courses::name,
                courses::provider,
            ))
            .load(conn)?)
    }
}
