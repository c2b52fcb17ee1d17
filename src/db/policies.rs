//! Scoring policies: numbered, dated, never changed. Every recommendation names the one it was made with.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::schema::scoring_policies;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "评分规则", en: "scoring policy" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = scoring_policies, treat_none_as_default_value = false)]
pub struct PolicyData {
    /// Unique.
    pub version: i64,
    pub valid_from: NaiveDate,
    pub weight_skill: i64,
    pub weight_experience: i64,
    pub weight_schedule: i64,
    pub weight_pay: i64,
    pub weight_distance: i64,
    pub weight_preference: i64,
    pub weight_comfort: i64,
    /// Days for which a declined posting is not recommended again.
    pub decline_days: i64,
    pub created_at: NaiveDateTime,
}

pub fn insert(conn: &mut AnyConnection, policy: &PolicyData) -> DbResult<i64> {
    diesel::insert_into(scoring_policies::table)
        .values(policy)
        .returning(scoring_policies::id)
        .get_result(conn)
        .or_conflict(WHAT)
}

/// The policy in force on a day: the highest version that starts on or before it.
pub fn on(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Option<PolicyData>> {
    Ok(scoring_policies::table
        .filter(scoring_policies::valid_from.le(day))
        .order(scoring_policies::version.desc())
        .select(PolicyData::as_select())
        .first(conn)
        .optional()?)
}

/// The policy with this version number, or `NotFound`.
pub fn by_version(conn: &mut AnyConnection, version: i64) -> DbResult<PolicyData> {
    scoring_policies::table
        .filter(scoring_policies::version.eq(version))
        .select(PolicyData::as_select())
        .first(conn)
        .or_not_found(WHAT)
}

/// Every policy by version.
pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<PolicyData>> {
    Ok(scoring_policies::table.select(PolicyData::as_select()).order(scoring_policies::version).load(conn)?)
}
