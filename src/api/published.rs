//! What everybody may see: aggregates without small counts.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cards::ShownCount;
use super::coverage::By;
use super::error::ApiError;
use super::extract::Query;
use super::scalars::{Day, GroupKey};
use super::state::State;
use crate::app::coverage::report::GroupBy;
use crate::app::privacy::published as app;

/// Households, rounded; few are not counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedFigures {
    pub households: ShownCount,
    /// With at least one member in a job.
    pub covered: ShownCount,
    /// With somebody employable and nobody in a job.
    pub uncovered: ShownCount,
    /// With nobody employable, or exempted by a decision.
    pub exempt: ShownCount,
}

impl From<app::Figures> for PublishedFigures {
    fn from(figures: app::Figures) -> Self {
        Self {
            households: figures.households.into(),
            covered: figures.covered.into(),
            uncovered: figures.uncovered.into(),
            exempt: figures.exempt.into(),
        }
    }
}

/// One group of households.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedGroup {
    pub key: GroupKey,
    pub figures: PublishedFigures,
}

/// Coverage as it is published.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedCoverage {
    /// The last day of the last finished month.
    pub as_of: Day,
    /// Counts below it are not told; the others are rounded to multiples of it.
    #[schema(example = 10)]
    pub rounded_to: u64,
    pub total: PublishedFigures,
    pub groups: Vec<PublishedGroup>,
}

/// By what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublishedQuery {
    /// `grid` unless given.
    pub by: Option<By>,
}

/// Coverage for the public
///
/// Of the last finished month. Small counts, and what they would follow from, are kept back; everything else is rounded, so that no
/// difference of two such tables tells of a few households.
#[utoipa::path(operation_id = "get_published_coverage", tag = "coverage", params(PublishedQuery), responses((status = 200, description = "The figures.", body = PublishedCoverage)))]
#[get("/published/coverage")]
pub async fn get_published_coverage(service: State, query: Query<PublishedQuery>) -> Result<HttpResponse, ApiError> {
    let (db, today) = (service.db.clone(), service.today());
    let by = query.0.by.map_or(GroupBy::Grid, |by| by.0);
    let found = service.compute(move || app::coverage(&db, today, by)).await?;
    Ok(HttpResponse::Ok().json(PublishedCoverage {
        as_of: Day(found.as_of),
        rounded_to: found.threshold,
        total: found.total.into(),
        groups: found
            .groups
            .into_iter()
            .map(|(key, figures)| PublishedGroup { key: GroupKey(key), figures: figures.into() })
            .collect(),
    }))
}
