//! Recognised households and what was done for them.
//!
//! Invariant (unique index): a household has at most one recognition that has not ended.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::households_within;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page, Versioned};
use super::schema::{areas, recognitions};
use super::seal::Sealed;
use crate::domain::clock::{ExitReason, ServiceKind};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "零就业认定", en: "recognition" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = recognitions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct RecognitionData {
    pub household_id: i64,
    pub recognised_on: NaiveDate,
    pub recognised_by: Option<i64>,
    pub ended_on: Option<NaiveDate>,
    pub end_reason: Option<ExitReason>,
    pub ended_by: Option<i64>,
    pub end_note_cipher: Option<Sealed>,
}

pub type RecognitionRow = Versioned<RecognitionData>;

rows::versioned!(recognitions, RecognitionData, WHAT);
rows::versioned_writes!(recognitions, RecognitionData, WHAT, timed);

/// The recognition of a household that has not ended.
pub fn open_of(conn: &mut AnyConnection, household: i64) -> DbResult<Option<RecognitionRow>> {
    Ok(recognitions::table
        .filter(recognitions::household_id.eq(household))
        .filter(recognitions::ended_on.is_null())
        .select((recognitions::id, recognitions::version, RecognitionData::as_select()))
        .first(conn)
        .optional()?)
}

/// The day on which a household's latest recognition ended.
pub fn last_end(conn: &mut AnyConnection, household: i64) -> DbResult<Option<NaiveDate>> {
    let own = recognitions::table.filter(recognitions::household_id.eq(household));
    Ok(own.select(diesel::dsl::max(recognitions::ended_on)).first(conn)?)
}

/// Which recognitions a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecognitionFilter {
    pub household: Option<i64>,
    /// Of households in this grid.
    pub grid: Option<i64>,
    /// Only those that have not ended.
    pub open: bool,
    /// Recognised on one of these days, both included.
    pub between: Option<(NaiveDate, NaiveDate)>,
    /// Of households in these areas.
    pub within: Option<Vec<i64>>,
}

/// A page of recognitions by id.
pub fn page(conn: &mut AnyConnection, filter: &RecognitionFilter, page: Page) -> DbResult<Vec<RecognitionRow>> {
    let buildings: Option<Vec<i64>> = match filter.grid {
        Some(grid) => Some(areas::table.filter(areas::parent_id.eq(grid)).select(areas::id).load(conn)?),
        None => None,
    };
    let mut query = recognitions::table.into_boxed();
    if let Some(household) = filter.household {
        query = query.filter(recognitions::household_id.eq(household));
    }
    if let Some(buildings) = &buildings {
        query = query.filter(recognitions::household_id.eq_any(households_within(buildings)));
    }
    if filter.open {
        query = query.filter(recognitions::ended_on.is_null());
    }
    if let Some((from, to)) = filter.between {
        query = query.filter(recognitions::recognised_on.between(from, to));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(recognitions::household_id.eq_any(households_within(areas)));
    }
    Ok(query
        .filter(recognitions::id.gt(page.after))
        .order(recognitions::id)
        .limit(page.limit)
        .select((recognitions::id, recognitions::version, RecognitionData::as_select()))
        .load(conn)?)
}

/// What was done.
pub mod services {
    use super::*;
    use crate::db::schema::household_services;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = household_services, treat_none_as_default_value = false)]
    pub struct ServiceRow {
        pub recognition_id: i64,
        pub kind: ServiceKind,
        pub done_on: NaiveDate,
        pub done_by: Option<i64>,
        pub note_cipher: Option<Sealed>,
        pub created_at: NaiveDateTime,
    }

    rows::child_list!(household_services, recognition_id, ServiceRow, WHAT);
}

/// Days that are not what their weekday says.
pub mod calendar {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::DbResult;
    use crate::db::schema::calendar_days;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
    #[diesel(table_name = calendar_days, treat_none_as_default_value = false, treat_none_as_null = true)]
    pub struct CalendarDay {
        pub day: chrono::NaiveDate,
        pub is_working: bool,
        /// What it is called.
        pub name: Option<String>,
    }

    /// All of them, by day.
    pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<CalendarDay>> {
        Ok(calendar_days::table.select(CalendarDay::as_select()).order(calendar_days::day).load(conn)?)
    }

    /// Adds a day, or says something else of it.
    pub fn set(conn: &mut AnyConnection, day: &CalendarDay) -> DbResult<()> {
        let there = calendar_days::table.filter(calendar_days::day.eq(day.day));
        if diesel::update(there).set(day).execute(conn)? == 0 {
            diesel::insert_into(calendar_days::table).values(day).execute(conn)?;
        }
        Ok(())
    }

    /// Makes a day what its weekday says; tells whether it was something else.
    pub fn remove(conn: &mut AnyConnection, day: chrono::NaiveDate) -> DbResult<bool> {
        Ok(diesel::delete(calendar_days::table.filter(calendar_days::day.eq(day))).execute(conn)? == 1)
    }
}
