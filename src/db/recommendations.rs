//! Stored recommendations: runs and their rows, never changed.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::residents_within;
use super::connection::{AnyConnection, on_each};
use super::error::{DbResult, Meaning};
use super::rows::{CHUNK, Page, Stored};
use super::schema::{plan_adoptions, recommendation_runs, recommendations, residents};
use crate::domain::text::Label;

const RUN: Label = Label { zh: "推荐批次", en: "recommendation run" };
const WHAT: Label = Label { zh: "推荐", en: "recommendation" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = recommendation_runs, treat_none_as_default_value = false)]
pub struct RunData {
    pub as_of: NaiveDate,
    pub policy_version: i64,
    pub engine_version: String,
    /// Keyed hash of everything the run read.
    pub input_hash: String,
    /// At most so many postings for each resident.
    pub per_resident: i64,
    pub created_at: NaiveDateTime,
}

pub type RunRow = Stored<RunData>;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = recommendations, treat_none_as_default_value = false)]
pub struct Recommendation {
    pub run_id: i64,
    pub resident_id: i64,
    pub posting_id: i64,
    /// 1 = best for the resident.
    pub rank: i64,
    /// 0..=10000.
    pub suitability: i64,
    /// Factor parts and caveat codes as JSON: points only, nothing personal.
    pub parts: String,
}

pub fn insert_run(conn: &mut AnyConnection, run: &RunData) -> DbResult<i64> {
    diesel::insert_into(recommendation_runs::table)
        .values(run)
        .returning(recommendation_runs::id)
        .get_result(conn)
        .or_conflict(RUN)
}

/// Adds the rows of a run.
pub fn insert_all(conn: &mut AnyConnection, rows: &[Recommendation]) -> DbResult<()> {
    for chunk in rows.chunks(CHUNK) {
        let chunk: Vec<_> = chunk.iter().collect();
        on_each!(conn, |c| diesel::insert_into(recommendations::table).values(chunk).execute(c)).or_conflict(WHAT)?;
    }
    Ok(())
}

/// One run, or `NotFound`.
pub fn run(conn: &mut AnyConnection, id: i64) -> DbResult<RunRow> {
    recommendation_runs::table
        .find(id)
        .select((recommendation_runs::id, RunData::as_select()))
        .first(conn)
        .or_not_found(RUN)
}

/// The newest run, if there is any.
pub fn latest_run(conn: &mut AnyConnection) -> DbResult<Option<RunRow>> {
    Ok(recommendation_runs::table
        .order(recommendation_runs::id.desc())
        .select((recommendation_runs::id, RunData::as_select()))
        .first(conn)
        .optional()?)
}

/// The newest run that no adoption of a plan made. Cost: the adoptions.
pub fn latest_of_its_own(conn: &mut AnyConnection) -> DbResult<Option<i64>> {
    let adopted: Vec<i64> = plan_adoptions::table.select(plan_adoptions::run_id).load(conn)?;
    let own = recommendation_runs::table.filter(recommendation_runs::id.ne_all(adopted));
    Ok(own.select(diesel::dsl::max(recommendation_runs::id)).first(conn)?)
}

/// A page of runs by id.
pub fn runs(conn: &mut AnyConnection, page: Page) -> DbResult<Vec<RunRow>> {
    Ok(recommendation_runs::table
        .filter(recommendation_runs::id.gt(page.after))
        .order(recommendation_runs::id)
        .limit(page.limit)
        .select((recommendation_runs::id, RunData::as_select()))
        .load(conn)?)
}

/// Which rows of a run a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecommendationFilter {
    pub resident: Option<i64>,
    pub posting: Option<i64>,
    /// To residents in these areas; `None` = anywhere.
    pub within: Option<Vec<i64>>,
}

/// A page of a run's rows by id; those of one resident are best first in that order too. Nobody whose data may only be stored, or
/// who asked for no automated recommendation, is in it.
pub fn page(
    conn: &mut AnyConnection,
    run: i64,
    filter: &RecommendationFilter,
    page: Page,
) -> DbResult<Vec<Stored<Recommendation>>> {
    let left_out = residents::restricted.eq(true).or(residents::no_automated_recommendation.eq(true));
    let mut query = recommendations::table
        .filter(recommendations::run_id.eq(run))
        .filter(recommendations::resident_id.ne_all(residents::table.filter(left_out).select(residents::id)))
        .into_boxed();
    if let Some(resident) = filter.resident {
        query = query.filter(recommendations::resident_id.eq(resident));
    }
    if let Some(posting) = filter.posting {
        query = query.filter(recommendations::posting_id.eq(posting));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(recommendations::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query
        .filter(recommendations::id.gt(page.after))
        .order(recommendations::id)
        .limit(page.limit)
        .select((recommendations::id, Recommendation::as_select()))
        .load(conn)?)
}

/// Whom a run recommends to which posting: (posting, resident), the most suitable of each posting first; of equals the lower id.
pub fn by_posting(conn: &mut AnyConnection, run: i64) -> DbResult<Vec<(i64, i64)>> {
    Ok(recommendations::table
        .filter(recommendations::run_id.eq(run))
        .order((recommendations::posting_id, recommendations::suitability.desc(), recommendations::resident_id))
        .select((recommendations::posting_id, recommendations::resident_id))
        .load(conn)?)
}

/// Residents recommended anything by a run made in a time, both ends included.
pub fn shown_between(conn: &mut AnyConnection, from: NaiveDateTime, to: NaiveDateTime) -> DbResult<Vec<i64>> {
    let made = recommendation_runs::table
        .filter(recommendation_runs::created_at.between(from, to))
        .select(recommendation_runs::id);
    Ok(recommendations::table
        .filter(recommendations::run_id.eq_any(made))
        .select(recommendations::resident_id)
        .distinct()
        .load(conn)?)
}

/// The stored explanations of a run.
pub fn parts(conn: &mut AnyConnection, run: i64) -> DbResult<Vec<String>> {
    Ok(recommendations::table
        .filter(recommendations::run_id.eq(run))
        .order(recommendations::id)
        .select(recommendations::parts)
        .load(conn)?)
}

/// How many rows a run has.
pub fn count(conn: &mut AnyConnection, run: i64) -> DbResult<i64> {
    Ok(recommendations::table.filter(recommendations::run_id.eq(run)).count().get_result(conn)?)
}

/// The resident with the most suitable first recommendation of a run among those about whom every factor is known; the lowest
/// id of several.
pub fn best_served(conn: &mut AnyConnection, run: i64) -> DbResult<Option<i64>> {
    Ok(recommendations::table
        .filter(recommendations::run_id.eq(run))
        .filter(recommendations::rank.eq(1))
        .filter(recommendations::parts.not_like("%null%"))
        .order((recommendations::suitability.desc(), recommendations::resident_id))
        .select(recommendations::resident_id)
        .first(conn)
        .optional()?)
}
