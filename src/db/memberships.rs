//! Who belongs to which household, from when to when.
//!
//! Invariant (unique indexes): a resident has at most one membership without an end, a household at most one head without
//! an end. So a move or a new head closes the old row before it adds the new one.

use chrono::NaiveDate;
use diesel::dsl::auto_type;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, CHUNK, Stored};
use super::schema::memberships;
use crate::domain::codes::Relation;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "家庭成员", en: "membership" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
pub struct MembershipData {
    pub household_id: i64,
    pub resident_id: i64,
    pub relation: Relation,
    /// `None` = since before the records begin.
    pub valid_from: Option<NaiveDate>,
    /// First day out of the household.
    pub valid_until: Option<NaiveDate>,
}

pub type MembershipRow = Stored<MembershipData>;

rows::stored!(memberships, MembershipData, WHAT);

/// `valid_from <= on < valid_until`, open ends included.
#[auto_type]
pub(super) fn current_on(on: NaiveDate) -> _ {
    let begun = memberships::valid_from.is_null().or(memberships::valid_from.le(on));
    let not_over = memberships::valid_until.is_null().or(memberships::valid_until.gt(on));
    begun.and(not_over)
}

/// All memberships of these residents, past ones too, by resident and id.
pub fn of_residents(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<MembershipRow>> {
    let mut found: Vec<MembershipRow> = Vec::new();
    for ids in residents.chunks(CHUNK) {
        found.extend(
            memberships::table
                .filter(among(memberships::resident_id, ids))
                .select((memberships::id, MembershipData::as_select()))
                .load::<MembershipRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| (row.data.resident_id, row.id));
    Ok(found)
}

/// All memberships of these households, past ones too, by household and id.
pub fn of_households(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<MembershipRow>> {
    let mut found: Vec<MembershipRow> = Vec::new();
    for ids in households.chunks(CHUNK) {
        found.extend(
            memberships::table
                .filter(among(memberships::household_id, ids))
                .select((memberships::id, MembershipData::as_select()))
                .load::<MembershipRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| (row.data.household_id, row.id));
    Ok(found)
}

/// The members of a household on a day, by id.
pub fn members_on(conn: &mut AnyConnection, household: i64, on: NaiveDate) -> DbResult<Vec<MembershipRow>> {
    Ok(memberships::table
        .filter(memberships::household_id.eq(household))
        .filter(current_on(on))
        .select((memberships::id, MembershipData::as_select()))
        .order(memberships::id)
        .load(conn)?)
}

/// Ends a membership that has no end yet.
pub fn end(conn: &mut AnyConnection, id: i64, valid_until: NaiveDate) -> DbResult<()> {
    let ended = diesel::update(memberships::table.find(id))
        .filter(memberships::valid_until.is_null())
        .set(memberships::valid_until.eq(valid_until))
        .execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}

/// Corrects a row that was recorded wrongly. A change in life is an `end` and a new row instead.
pub fn correct(conn: &mut AnyConnection, id: i64, relation: Relation, valid_from: Option<NaiveDate>) -> DbResult<()> {
    let corrected = diesel::update(memberships::table.find(id))
        .set((memberships::relation.eq(relation), memberships::valid_from.eq(valid_from)))
        .execute(conn)
        .or_conflict(WHAT)?;
    if corrected == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}
