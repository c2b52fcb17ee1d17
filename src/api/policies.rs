//! `/scoring-policies` and `/settings`: the rules in force, by date. They are read here; changing them needs accounts.

use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{NoQuery, Query};
use super::page::Items;
use super::scalars::Day;
use super::state::State;
use crate::app::stored_runs as app;

/// Weights of the factors of suitability.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoringPolicy {
    #[schema(example = 1)]
    pub version: i64,
    pub valid_from: Day,
    #[schema(example = 40)]
    pub weight_skill: i64,
    #[schema(example = 10)]
    pub weight_experience: i64,
    #[schema(example = 15)]
    pub weight_schedule: i64,
    #[schema(example = 15)]
    pub weight_pay: i64,
    #[schema(example = 10)]
    pub weight_distance: i64,
    #[schema(example = 5)]
    pub weight_preference: i64,
    #[schema(example = 5)]
    pub weight_comfort: i64,
    /// Days for which a declined posting is not proposed again.
    #[schema(example = 90)]
    pub decline_days: i64,
    pub created_at: DateTime<Utc>,
}

impl From<app::Policy> for ScoringPolicy {
    fn from(policy: app::Policy) -> Self {
        Self {
            version: policy.version,
            valid_from: Day(policy.valid_from),
            weight_skill: policy.weight_skill,
            weight_experience: policy.weight_experience,
            weight_schedule: policy.weight_schedule,
            weight_pay: policy.weight_pay,
            weight_distance: policy.weight_distance,
            weight_preference: policy.weight_preference,
            weight_comfort: policy.weight_comfort,
            decline_days: policy.decline_days,
            created_at: policy.created_at.and_utc(),
        }
    }
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PolicyQuery {
    /// Today unless given.
    pub as_of: Option<Day>,
}

/// Read the scoring policy in force
#[utoipa::path(operation_id = "get_current_scoring_policy", tag = "policies", params(PolicyQuery), responses((status = 200, description = "The policy.", body = ScoringPolicy), (status = 404, description = "Code `not_found`.", body = super::error::Problem, content_type = "application/problem+json")))]
#[get("/scoring-policies/current")]
pub async fn get_current_scoring_policy(service: State, query: Query<PolicyQuery>) -> Result<HttpResponse, ApiError> {
    let as_of = query.0.as_of.map_or_else(|| service.today(), |day| day.0);
    let policy = service.read(move |conn| app::policy_on(conn, as_of)).await?;
    Ok(HttpResponse::Ok().json(ScoringPolicy::from(policy)))
}

/// List all scoring policies
#[utoipa::path(operation_id = "list_scoring_policies", tag = "policies", responses((status = 200, description = "Every version there was.", body = Items<ScoringPolicy>)))]
#[get("/scoring-policies")]
pub async fn list_scoring_policies(service: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let found = service.read(app::policies).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, ScoringPolicy::from)))
}

/// A value of a setting, from a day on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Setting {
    #[schema(example = "decent_pay")]
    pub key: String,
    #[schema(example = "2600")]
    pub value: String,
    pub valid_from: Day,
}

/// List settings
#[utoipa::path(operation_id = "list_settings", tag = "policies", responses((status = 200, description = "Every value of every setting.", body = Items<Setting>)))]
#[get("/settings")]
pub async fn list_settings(service: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let found = service.read(app::settings).await?;
    let show = |row: app::Setting| Setting { key: row.key, value: row.value, valid_from: Day(row.valid_from) };
    Ok(HttpResponse::Ok().json(Items::of(found, show)))
}
