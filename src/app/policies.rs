//! Scoring policies: versioned weights in the database, the newest valid one is in force.

use chrono::NaiveDate;

use crate::app::error::AppError;
use crate::db::policies::{self as rows, PolicyData};
use crate::db::{AnyConnection, DbResult, now};
use crate::engine::policy::{Policy, Weights};
use crate::engine::score::Factor;

/// The policy in force on a day.
pub fn policy_on(conn: &mut AnyConnection, on: NaiveDate) -> Result<Policy, AppError> {
    let row = rows::on(conn, on)?.ok_or_else(|| anyhow::anyhow!("no scoring policy is in force on {on}"))?;
    let weight = |value: i64| u16::try_from(value).unwrap_or(u16::MAX);
    let weights = Weights {
        skill: weight(row.weight_skill),
        experience: weight(row.weight_experience),
        schedule: weight(row.weight_schedule),
        pay: weight(row.weight_pay),
        distance: weight(row.weight_distance),
        preference: weight(row.weight_preference),
        comfort: weight(row.weight_comfort),
    };
    let policy = Policy::new(row.version, weights, weight(row.decline_days));
    policy.map_err(|error| anyhow::Error::new(error).into())
}

/// Stores the engine's own weights as version 1 of a database that has no policy.
pub fn add_default(conn: &mut AnyConnection, valid_from: NaiveDate) -> DbResult<()> {
    if !rows::all(conn)?.is_empty() {
        return Ok(());
    }
    let policy = Policy::default();
    let weight = |factor| i64::from(policy.weight(factor));
    rows::insert(
        conn,
        &PolicyData {
            version: policy.version(),
            valid_from,
            weight_skill: weight(Factor::Skill),
            weight_experience: weight(Factor::Experience),
            weight_schedule: weight(Factor::Schedule),
            weight_pay: weight(Factor::Pay),
            weight_distance: weight(Factor::Distance),
            weight_preference: weight(Factor::Preference),
            weight_comfort: weight(Factor::Comfort),
            decline_days: i64::from(policy.decline_days()),
            created_at: now(),
        },
    )?;
    Ok(())
}
