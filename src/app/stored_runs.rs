//! Recommendation runs as they were stored, and the policies they were computed by.

use chrono::{NaiveDate, NaiveDateTime};

use super::error::AppError;
use super::privacy::consents::Permitted;
use super::{Connection, Page};
pub use crate::db::policies::PolicyData as Policy;
pub use crate::db::recommendations::RecommendationFilter;
use crate::db::recommendations::{self as rows, RunRow};
pub use crate::db::settings::SettingRow as Setting;
use crate::db::{plan_adoptions, policies, settings};

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: i64,
    pub as_of: NaiveDate,
    pub policy_version: i64,
    pub engine_version: String,
    pub input_hash: String,
    pub per_resident: i64,
    pub recommendations: i64,
    pub created_at: NaiveDateTime,
    /// The plan whose adoption made the run; `None` for a run of its own.
    pub plan: Option<i64>,
}

/// One stored recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecommendation {
    pub id: i64,
    pub run_id: i64,
    pub resident_id: i64,
    pub posting_id: i64,
    pub rank: i64,
    pub suitability: i64,
}

/// Runs by id.
///
/// # Errors
/// If the database fails.
pub fn runs(conn: &mut Connection, page: Page) -> Result<Vec<Run>, AppError> {
    rows::runs(conn, page)?.into_iter().map(|row| view(conn, row)).collect()
}

/// # Errors
/// `NotFound`.
pub fn run(conn: &mut Connection, id: i64) -> Result<Run, AppError> {
    let row = rows::run(conn, id)?;
    view(conn, row)
}

fn view(conn: &mut Connection, row: RunRow) -> Result<Run, AppError> {
    let recommendations = rows::count(conn, row.id)?;
    let plan = plan_adoptions::plans_of_runs(conn, &[row.id])?.pop().map(|(_, plan)| plan);
    let data = row.data;
    Ok(Run {
        id: row.id,
        as_of: data.as_of,
        policy_version: data.policy_version,
        engine_version: data.engine_version,
        input_hash: data.input_hash,
        per_resident: data.per_resident,
        recommendations,
        created_at: data.created_at,
        plan,
    })
}

/// The newest run, if there is any.
///
/// # Errors
/// If the database fails.
pub fn latest(conn: &mut Connection) -> Result<Option<i64>, AppError> {
    Ok(rows::latest_run(conn)?.map(|run| run.id))
}

/// The recommendations of a run, by id. What was stored stays; whoever may be in no list today is in none.
///
/// # Errors
/// `NotFound`; refused if the service has no legal basis today.
pub fn recommendations(
    conn: &mut Connection,
    run: i64,
    filter: &RecommendationFilter,
    (page, today): (Page, NaiveDate),
) -> Result<Vec<StoredRecommendation>, AppError> {
    rows::run(conn, run)?;
    let permitted = Permitted::load(conn, None, today)?;
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let (mut found, mut next) = (Vec::new(), page);
    loop {
        let rows = rows::page(conn, run, filter, next)?;
        let read = rows.len();
        next.after = rows.last().map_or(next.after, |row| row.id);
        found.extend(rows.into_iter().filter(|row| permitted.in_lists(row.data.resident_id)));
        if found.len() >= limit || read < limit {
            break;
        }
    }
    found.truncate(limit);
    let view = |row: crate::db::Stored<rows::Recommendation>| StoredRecommendation {
        id: row.id,
        run_id: run,
        resident_id: row.data.resident_id,
        posting_id: row.data.posting_id,
        rank: row.data.rank,
        suitability: row.data.suitability,
    };
    Ok(found.into_iter().map(view).collect())
}

/// The policy in force on a day.
///
/// # Errors
/// `NotFound` if none is.
pub fn policy_on(conn: &mut Connection, day: NaiveDate) -> Result<Policy, AppError> {
    policies::on(conn, day)?.ok_or(AppError::NotFound)
}

/// Every policy there was, by version.
///
/// # Errors
/// If the database fails.
pub fn policies(conn: &mut Connection) -> Result<Vec<Policy>, AppError> {
    Ok(policies::all(conn)?)
}

/// Every value of every setting.
///
/// # Errors
/// If the database fails.
pub fn settings(conn: &mut Connection) -> Result<Vec<Setting>, AppError> {
    Ok(settings::all(conn)?)
}
