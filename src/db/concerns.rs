//! What residents complain of or object to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::access::residents_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Versioned};
use super::schema::{concerns, households, memberships};
use super::seal::Sealed;
use crate::domain::concern::{ConcernAbout, ConcernOutcome};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "意见", en: "concern" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = concerns, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ConcernData {
    pub resident_id: i64,
    pub about: ConcernAbout,
    pub employer_id: Option<i64>,
    pub posting_id: Option<i64>,
    pub text_cipher: Sealed,
    pub refuses_automation: bool,
    pub opened_on: NaiveDate,
    pub opened_by: Option<i64>,
    /// Last day in time.
    pub due_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub outcome: Option<ConcernOutcome>,
    pub answer_cipher: Option<Sealed>,
    pub closed_by: Option<i64>,
}

pub type ConcernRow = Versioned<ConcernData>;

rows::versioned!(concerns, ConcernData, WHAT);
rows::versioned_writes!(concerns, ConcernData, WHAT, timed);

/// Which concerns a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcernFilter {
    pub resident: Option<i64>,
    pub about: Option<ConcernAbout>,
    /// `true` = not closed, `false` = closed.
    pub open: Option<bool>,
    /// Last day in time after this day.
    pub due_after: Option<NaiveDate>,
    /// Last day in time on this day or before.
    pub due_until: Option<NaiveDate>,
    /// Of residents whose household lies in these areas.
    pub within: Option<Vec<i64>>,
}

/// A page of concerns by id.
pub fn page(conn: &mut AnyConnection, filter: &ConcernFilter, page: Page) -> DbResult<Vec<ConcernRow>> {
    let mut query = concerns::table.into_boxed();
    if let Some(resident) = filter.resident {
        query = query.filter(concerns::resident_id.eq(resident));
    }
    if let Some(about) = filter.about {
        query = query.filter(concerns::about.eq(about));
    }
    match filter.open {
        Some(true) => query = query.filter(concerns::closed_on.is_null()),
        Some(false) => query = query.filter(concerns::closed_on.is_not_null()),
        None => {}
    }
    if let Some(day) = filter.due_after {
        query = query.filter(concerns::due_on.gt(day));
    }
    if let Some(day) = filter.due_until {
        query = query.filter(concerns::due_on.le(day));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(concerns::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query
        .filter(concerns::id.gt(page.after))
        .order(concerns::id)
        .limit(page.limit)
        .select((concerns::id, concerns::version, ConcernData::as_select()))
        .load(conn)?)
}

/// Those of a resident, by id.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<ConcernRow>> {
    page(conn, &ConcernFilter { resident: Some(resident), ..ConcernFilter::default() }, Page::first(i64::MAX))
}

/// The days of a concern, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = concerns)]
pub struct ConcernDays {
    pub resident_id: i64,
    pub opened_on: NaiveDate,
    pub due_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
}

/// Those that were open on some day of a period.
pub fn days_between(
    conn: &mut AnyConnection,
    (from, until): (NaiveDate, NaiveDate),
    within: Option<&[i64]>,
) -> DbResult<Vec<ConcernDays>> {
    let mut query = concerns::table
        .filter(concerns::opened_on.le(until))
        .filter(concerns::closed_on.is_null().or(concerns::closed_on.assume_not_null().ge(from)))
        .select(ConcernDays::as_select())
        .order(concerns::id)
        .into_boxed();
    if let Some(areas) = within {
        query = query.filter(concerns::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query.load(conn)?)
}

/// The building each of these residents lives in; those of no household are left out.
pub fn buildings_of(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<BTreeMap<i64, i64>> {
    let mut found = BTreeMap::new();
    for ids in residents.chunks(CHUNK) {
        let rows: Vec<(i64, i64)> = memberships::table
            .inner_join(households::table)
            .filter(memberships::valid_until.is_null())
            .filter(among(memberships::resident_id, ids))
            .select((memberships::resident_id, households::building_id))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Removes those closed before a day; how many.
pub fn remove_closed_before(conn: &mut AnyConnection, before: NaiveDate) -> DbResult<usize> {
    let old = concerns::closed_on.is_not_null().and(concerns::closed_on.assume_not_null().lt(before));
    Ok(diesel::delete(concerns::table.filter(old)).execute(conn)?)
}
