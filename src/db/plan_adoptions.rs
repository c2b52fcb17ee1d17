//! Which plan is in force: a chain of adoptions, of which the last one holds.
//!
//! Invariant: turns are numbered without a gap and the number is unique, so two adoptions on the same predecessor cannot both
//! be stored, whatever the isolation of their transactions.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Stored};
use super::schema::plan_adoptions;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "计划采用记录", en: "adoption" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_adoptions, treat_none_as_default_value = false)]
pub struct AdoptionData {
    /// From 1, without a gap.
    pub turn: i64,
    pub plan_id: i64,
    pub previous_plan_id: Option<i64>,
    /// The recommendations it put into counselors' hands.
    pub run_id: i64,
    pub adopted_at: NaiveDateTime,
    pub adopted_by: String,
}

pub type AdoptionRow = Stored<AdoptionData>;

rows::stored!(plan_adoptions, AdoptionData, WHAT);

/// The last adoption, if there is any.
pub fn current(conn: &mut AnyConnection) -> DbResult<Option<AdoptionRow>> {
    Ok(plan_adoptions::table
        .order(plan_adoptions::turn.desc())
        .select((plan_adoptions::id, AdoptionData::as_select()))
        .first(conn)
        .optional()?)
}

/// The adoptions of these plans, by turn.
pub fn of_plans(conn: &mut AnyConnection, plans: &[i64]) -> DbResult<Vec<AdoptionRow>> {
    let mut found: Vec<AdoptionRow> = Vec::new();
    for ids in plans.chunks(CHUNK) {
        found.extend(
            plan_adoptions::table
                .filter(among(plan_adoptions::plan_id, ids))
                .select((plan_adoptions::id, AdoptionData::as_select()))
                .load::<AdoptionRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.data.turn);
    Ok(found)
}

/// The plans whose adoption made these runs: (run, plan).
pub fn plans_of_runs(conn: &mut AnyConnection, runs: &[i64]) -> DbResult<Vec<(i64, i64)>> {
    let mut found = Vec::new();
    for ids in runs.chunks(CHUNK) {
        found.extend(
            plan_adoptions::table
                .filter(among(plan_adoptions::run_id, ids))
                .select((plan_adoptions::run_id, plan_adoptions::plan_id))
                .load::<(i64, i64)>(conn)?,
        );
    }
    Ok(found)
}
