//! What each kind of job does: its input, its work and its result as JSON.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::error::AppError;
use super::jobs::{Context, JobKind};
use super::recommendations;

/// Input of [`JobKind::RecommendationRun`].
#[derive(Debug, Serialize, Deserialize)]
pub struct RunInput {
    pub as_of: NaiveDate,
    /// Recommendations for each resident.
    pub per_resident: usize,
}

/// Result of [`JobKind::RecommendationRun`].
#[derive(Debug, Serialize, Deserialize)]
pub struct RunResult {
    pub run: i64,
    pub residents: u64,
    pub labourers: u64,
    pub postings: u64,
    pub open_vacancies: u64,
    pub eligible: u64,
    pub recommendations: u64,
    pub residents_served: u64,
}

/// Does one job.
///
/// # Errors
/// Those of the work; `Cancelled` if it was asked to stop.
pub fn perform(context: &Context<'_>, kind: JobKind, input: &[u8]) -> Result<Vec<u8>, AppError> {
    match kind {
        JobKind::RecommendationRun => {
            let input: RunInput = serde_json::from_slice(input).map_err(anyhow::Error::from)?;
            let progress = |percent, step| context.progress(percent, step);
            let run = recommendations::run_all(context.db, input.as_of, input.per_resident, &progress)?;
            json(&RunResult {
                run: run.run,
                residents: run.n_residents,
                labourers: run.n_labourers,
                postings: run.n_postings,
                open_vacancies: run.n_vacancies,
                eligible: run.n_eligible,
                recommendations: run.n_recommendations,
                residents_served: run.n_served,
            })
        }
    }
}

/// A value as the bytes of an input or a result.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(value).map_err(|error| AppError::Internal(error.into()))
}
