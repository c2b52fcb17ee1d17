//! Whom the requirements of a posting shut out: counts only.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Path, Query};
use super::guard;
use super::recommendations::ComputedFrom;
use super::scalars::{Day, Id};
use super::state::State;
use crate::app::diagnosis::{self, Relaxed, Seekers, Share};
use crate::app::settings;

/// Seekers counted; never who they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeekerCount {
    #[schema(example = 812)]
    pub residents: u64,
    /// Of those, members of uncovered households.
    #[schema(example = 96)]
    pub of_uncovered: u64,
    /// Uncovered households with at least one of them.
    #[schema(example = 71)]
    pub uncovered_households: u64,
}

impl From<Seekers> for SeekerCount {
    fn from(seekers: Seekers) -> Self {
        Self { residents: seekers.all, of_uncovered: seekers.of_uncovered, uncovered_households: seekers.households }
    }
}

/// What one requirement shuts out.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequirementShare {
    /// The gate's code, or `skill` or `certificate` for a single one asked.
    #[schema(example = "age_posting")]
    pub code: String,
    #[schema(example = "岗位年龄")]
    pub label: String,
    /// Seekers it bars, whatever else bars them.
    pub any: SeekerCount,
    /// Seekers only this bars: they would be candidates without it.
    pub alone: SeekerCount,
}

/// A requirement relaxed and the candidates it adds.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelaxationWorth {
    #[schema(example = "age")]
    pub code: String,
    #[schema(example = "年龄放宽到 50 周岁以下（含）")]
    pub text: String,
    pub adds: SeekerCount,
    /// Uncovered households that would have their first candidate for this posting.
    #[schema(example = 9)]
    pub opens_households: u64,
}

/// Whom the requirements of a posting shut out.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostingDiagnosis {
    pub posting_id: Id,
    pub computed_from: ComputedFrom,
    /// Residents available, willing or not asked, and able to work.
    pub seekers: SeekerCount,
    /// Of those, whom nothing bars.
    pub candidates: SeekerCount,
    pub requirements: Vec<RequirementShare>,
    /// Must skills without training, and certificates, one by one.
    pub asked: Vec<RequirementShare>,
    /// Those that add somebody, most uncovered households first.
    pub relaxations: Vec<RelaxationWorth>,
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiagnosisQuery {
    /// Today unless given.
    pub as_of: Option<Day>,
}

/// Diagnose a posting
///
/// How many residents each requirement shuts out, alone and together, and what relaxing it would add. Counts only; companies get
/// them rounded down to tens, without households.
#[utoipa::path(operation_id = "diagnose_posting", tag = "postings", params(ById, DiagnosisQuery), responses((status = 200, description = "The counts.", body = PostingDiagnosis)))]
#[get("/postings/{id}/diagnosis")]
pub async fn diagnose_posting(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    query: Query<DiagnosisQuery>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let as_of = query.0.as_of.map_or_else(|| service.today(), |day| day.0);
    let (db, id) = (service.db.clone(), path.0.id.0);
    let mut found = service.compute(move || diagnosis::diagnosis(&db, id, as_of)).await?;
    if service.is_outsider() {
        let today = service.today();
        found = found.for_outsiders(service.read(move |conn| settings::small_cell_threshold(conn, today)).await?);
    }
    let share = |share: Share| RequirementShare {
        code: share.code.to_owned(),
        label: share.label.get(lang).to_owned(),
        any: share.any.into(),
        alone: share.alone.into(),
    };
    let relaxation = |relaxed: Relaxed| RelaxationWorth {
        code: relaxed.code.to_owned(),
        text: relaxed.text.get(lang).to_owned(),
        adds: relaxed.adds.into(),
        opens_households: relaxed.opens_households,
    };
    Ok(HttpResponse::Ok().json(PostingDiagnosis {
        posting_id: Id(id),
        computed_from: found.source.into(),
        seekers: found.seekers.into(),
        candidates: found.candidates.into(),
        requirements: found.requirements.into_iter().map(share).collect(),
        asked: found.asked.into_iter().map(share).collect(),
        relaxations: found.relaxations.into_iter().map(relaxation).collect(),
    }))
}
