//! Plans and what belongs to them: written once in one transaction, never changed.
//!
//! Each list of a plan is a module with `insert_all`, `of_plan` and `page`, in the order it was written in.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page, Stored};
use super::schema::plans;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "安排计划", en: "plan" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = plans, treat_none_as_default_value = false)]
pub struct PlanData {
    /// The plan in force when this one was made.
    pub parent_id: Option<i64>,
    pub as_of: NaiveDate,
    pub policy_version: i64,
    pub engine_version: String,
    /// Keyed hash of everything the plan was computed from.
    pub input_hash: String,
    pub fold_covered: i64,
    pub fold_kept: i64,
    pub covered: i64,
    pub kept: i64,
    pub suitability: i64,
    pub placed: i64,
    pub promises: i64,
    /// Decimal, up to 128 bits.
    pub value: String,
    /// Decimal, up to 128 bits.
    pub bound: String,
    pub households: i64,
    pub covered_before: i64,
    pub covered_after: i64,
    pub uncovered: i64,
    /// Keyed hash of everything stored of the plan.
    pub rows_hash: String,
    /// The job that made it.
    pub job_id: Option<i64>,
    pub created_at: NaiveDateTime,
}

pub type PlanRow = Stored<PlanData>;

rows::stored!(plans, PlanData, WHAT);

/// The newest plan made under a plan in force, or under none.
pub fn newest_of_parent(conn: &mut AnyConnection, parent: Option<i64>) -> DbResult<Option<i64>> {
    let mut query = plans::table.select(plans::id).order(plans::id.desc()).into_boxed();
    query = match parent {
        Some(parent) => query.filter(plans::parent_id.eq(parent)),
        None => query.filter(plans::parent_id.is_null()),
    };
    Ok(query.first(conn).optional()?)
}

/// A page of plans by id.
pub fn page(conn: &mut AnyConnection, page: Page) -> DbResult<Vec<PlanRow>> {
    Ok(plans::table
        .filter(plans::id.gt(page.after))
        .order(plans::id)
        .limit(page.limit)
        .select((plans::id, PlanData::as_select()))
        .load(conn)?)
}

/// The newest plans first, those made before one if it is named.
pub fn newest(conn: &mut AnyConnection, before: Option<i64>, limit: i64) -> DbResult<Vec<PlanRow>> {
    let mut query = plans::table.into_boxed();
    if let Some(before) = before {
        query = query.filter(plans::id.lt(before));
    }
    let query = query.order(plans::id.desc()).limit(limit);
    Ok(query.select((plans::id, PlanData::as_select())).load(conn)?)
}

/// The plan a job has stored.
pub fn of_job(conn: &mut AnyConnection, job: i64) -> DbResult<Option<i64>> {
    Ok(plans::table.filter(plans::job_id.eq(job)).select(plans::id).first(conn).optional()?)
}

/// A list that belongs to a plan.
macro_rules! plan_list {
    ($(#[$doc:meta])* $name:ident, $table:ident, $row:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        pub mod $name {
            use diesel::prelude::*;

            use crate::db::connection::AnyConnection;
            use crate::db::error::{DbResult, Meaning};
            use crate::db::rows::{self, Page, Stored};
            use crate::db::schema::$table;

            #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
            #[diesel(table_name = $table, treat_none_as_default_value = false)]
            pub struct $row {
                pub plan_id: i64,
                $($(#[$fdoc])* pub $field: $type,)+
            }

            /// Adds rows.
            pub fn insert_all(conn: &mut AnyConnection, rows: &[$row]) -> DbResult<()> {
                for chunk in rows.chunks(rows::CHUNK) {
                    let chunk: Vec<_> = chunk.iter().collect();
                    crate::db::connection::on_each!(conn, |c| diesel::insert_into($table::table).values(chunk).execute(c))
                        .or_conflict(super::WHAT)?;
                }
                Ok(())
            }

            /// The whole list of a plan, in the order written.
            pub fn of_plan(conn: &mut AnyConnection, plan: i64) -> DbResult<Vec<$row>> {
                Ok($table::table
                    .filter($table::plan_id.eq(plan))
                    .order($table::id)
                    .select($row::as_select())
                    .load(conn)?)
            }

            /// A page of a plan's list by id.
            pub fn page(conn: &mut AnyConnection, plan: i64, page: Page) -> DbResult<Vec<Stored<$row>>> {
                Ok($table::table
                    .filter($table::plan_id.eq(plan))
                    .filter($table::id.gt(page.after))
                    .order($table::id)
                    .limit(page.limit)
                    .select(($table::id, $row::as_select()))
                    .load(conn)?)
            }
        }
    };
}

plan_list!(
    /// What rules of thumb reach on the same instance.
    baselines, plan_baselines, BaselineRow {
        rule: crate::domain::codes::BaselineRule,
        covered: i64,
        kept: i64,
        suitability: i64,
        placed: i64,
        /// Households covered that were not before.
        households: i64,
    }
);

plan_list!(
    /// Who is placed where, by resident.
    placements, plan_placements, PlacementRow {
        resident_id: i64,
        posting_id: i64,
        household_id: i64,
        suitability: i64,
        /// A person decided it.
        pinned: bool,
        /// The parent plan promised it.
        kept: bool,
    }
);

plan_list!(
    /// The proof: one folded price per posting.
    prices, plan_prices, PriceRow {
        posting_id: i64,
        price: i64,
        vacancies: i64,
    }
);

plan_list!(
    /// The decisions the plan was made under, and the objective without each one.
    overrides, plan_overrides, OverrideRow {
        pin_id: i64,
        covered_without: i64,
        kept_without: i64,
        suitability_without: i64,
        /// Households covered that were not before.
        households_without: i64,
    }
);

plan_list!(
    /// What the plan makes of each household.
    households, plan_households, HouseholdRow {
        household_id: i64,
        state: crate::domain::codes::PlanState,
        weight: i64,
        /// How many of its members may be placed.
        place_limit: i64,
        class: Option<crate::domain::codes::UncoveredClass>,
        /// JSON.
        evidence: Option<String>,
    }
);

plan_list!(
    /// What would close the gap it leaves, by kind of change.
    gaps, plan_gaps, GapRow {
        kind: crate::domain::codes::ChangeKind,
        /// JSON.
        best: String,
        candidates: i64,
        worthless: i64,
        evaluated: i64,
        complete: bool,
    }
);

plan_list!(
    /// What became of each placement of the parent, and what is new.
    changes, plan_changes, ChangeRow {
        resident_id: i64,
        kind: crate::domain::codes::PlanChangeKind,
        from_posting_id: Option<i64>,
        to_posting_id: Option<i64>,
        reason: Option<crate::domain::codes::PlanChangeReason>,
        /// Code of the first gate that bars the pair.
        gate: Option<String>,
        for_household_id: Option<i64>,
    }
);
