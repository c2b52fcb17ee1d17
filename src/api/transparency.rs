//! `/recommendation-runs/{id}/transparency`: what a run did, and what it does not tell.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, NoQuery, Path};
use super::recommendations::ComputedFrom;
use super::scalars::{Day, Id};
use super::state::State;
use crate::app::fairness::Group;
use crate::app::transparency::{self as app, NotMeasured};
use crate::domain::fairness::Reading;
use crate::domain::text::{Label, Text};

/// Words in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Words {
    #[schema(example = "法定年龄")]
    pub zh: String,
    #[schema(example = "lawful age")]
    pub en: String,
}

impl From<Label> for Words {
    fn from(label: Label) -> Self {
        Self { zh: label.zh.to_owned(), en: label.en.to_owned() }
    }
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// What one gate removed, in pairs of a resident and a posting.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateRemoved {
    #[schema(example = "age_legal")]
    pub gate: String,
    pub name: Words,
    /// Article or public rule; null where it is the community's or the posting's own condition.
    pub article: Option<Words>,
    /// Pairs it bars, whatever else bars them.
    #[schema(example = 4_120)]
    pub any: u64,
    /// Pairs it is the first to bar: these and the eligible add up to all.
    #[schema(example = 3_872)]
    pub first: u64,
    /// Missing data bars a pair, or lets it pass with a caveat.
    #[schema(example = true)]
    pub refuses_unknown: bool,
}

/// Recommendations in which something was not known.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingData {
    #[schema(example = "pay")]
    pub code: String,
    pub name: Words,
    /// A factor without a value, or a gate passed with a caveat.
    #[schema(example = true)]
    pub factor: bool,
    #[schema(example = 311)]
    pub recommendations: u64,
}

/// A group of people. `ratio`, `p` are null where there are too few to say, and for the group with the highest rate.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransparencyGroup {
    pub name: Words,
    #[schema(example = 120)]
    pub people: u64,
    #[schema(example = 48)]
    pub recommended: u64,
    /// `too_few`, `highest`, `compared` or `flag` (below four fifths: no verdict).
    #[schema(example = "compared")]
    pub reading: String,
    /// Of the highest rate.
    #[schema(example = 0.91)]
    pub ratio: Option<f64>,
    /// Two-sided exact test.
    #[schema(example = 0.21)]
    pub p: Option<f64>,
    /// Summed 1 / log2(1 + rank) per person.
    #[schema(example = 1.204)]
    pub exposure: f64,
}

impl From<Group> for TransparencyGroup {
    fn from(group: Group) -> Self {
        let (reading, ratio, p) = match group.reading {
            Reading::TooFew => ("too_few", None, None),
            Reading::Highest => ("highest", None, None),
            Reading::Compared { ratio, p } => {
                let reading = if group.reading.is_flag() { "flag" } else { "compared" };
                (reading, Some(f64::from(ratio) / 10_000.0), Some(p))
            }
        };
        Self {
            name: group.name.into(),
            people: group.people.n,
            recommended: group.people.chosen,
            reading: reading.to_owned(),
            ratio,
            p,
            exposure: group.exposure as f64 / 1_000.0,
        }
    }
}

/// The groups of one grouping; they add up to the pool.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransparencyGrouping {
    #[schema(example = "sex")]
    pub by: String,
    pub groups: Vec<TransparencyGroup>,
}

/// People of the pool who were in no run for so many days.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeverShown {
    #[schema(example = 30)]
    pub days: i64,
    #[schema(example = 14)]
    pub people: u64,
}

/// How often something was decided or weighs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Weighed {
    pub name: Words,
    #[schema(example = 40)]
    pub n: i64,
}

/// What people decided otherwise than the rules proposed, in 90 days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decided {
    /// Pairs wanted placed.
    #[schema(example = 3)]
    pub pinned: u64,
    /// Pairs wanted not placed.
    #[schema(example = 5)]
    pub forbidden: u64,
    /// Referrals a counselor answered for, by the gate that did not pass.
    pub let_pass: Vec<Weighed>,
}

/// What a run did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transparency {
    pub run_id: Id,
    pub computed_from: ComputedFrom,
    /// Whether the gates were counted from the records the run was made from; else from those of now.
    #[schema(example = true)]
    pub same_records: bool,
    #[schema(example = 9_800)]
    pub residents: u64,
    #[schema(example = 60)]
    pub postings: u64,
    #[schema(example = 588_000)]
    pub pairs: u64,
    #[schema(example = 41_000)]
    pub eligible: u64,
    pub gates: Vec<GateRemoved>,
    pub missing: Vec<MissingData>,
    /// Weight of each factor.
    pub weights: Vec<Weighed>,
    /// Able to work, without a job, not against lists.
    #[schema(example = 640)]
    pub pool: u64,
    #[schema(example = 512)]
    pub recommended: u64,
    pub groupings: Vec<TransparencyGrouping>,
    pub never_shown: Vec<NeverShown>,
    pub decided: Decided,
    /// Sentences.
    pub not_measured: Vec<Words>,
}

impl From<app::Transparency> for Transparency {
    fn from(found: app::Transparency) -> Self {
        let gate = |gate: app::Removed| GateRemoved {
            gate: gate.code.to_owned(),
            name: gate.label.into(),
            article: gate.article.map(Words::from),
            any: gate.any,
            first: gate.first,
            refuses_unknown: gate.refuses_unknown,
        };
        let missing = |row: app::Missing| MissingData {
            code: row.code,
            name: row.label.into(),
            factor: row.is_factor,
            recommendations: row.recommendations,
        };
        let let_pass = found
            .decided
            .let_pass
            .into_iter()
            .map(|(label, n)| Weighed { name: label.into(), n: i64::try_from(n).unwrap_or(i64::MAX) });
        let run = found.run;
        Self {
            run_id: Id(run.id),
            computed_from: ComputedFrom {
                as_of: Day(run.as_of),
                policy_version: run.policy_version,
                engine_version: run.engine_version,
                input_hash: run.input_hash,
            },
            same_records: found.same_records,
            residents: found.residents,
            postings: found.postings,
            pairs: found.pairs,
            eligible: found.eligible,
            gates: found.gates.into_iter().map(gate).collect(),
            missing: found.missing.into_iter().map(missing).collect(),
            weights: found.weights.into_iter().map(|(name, n)| Weighed { name: name.into(), n }).collect(),
            pool: found.fairness.all.n,
            recommended: found.fairness.all.chosen,
            groupings: found
                .fairness
                .groupings
                .into_iter()
                .map(|(by, groups)| TransparencyGrouping {
                    by: by.code().to_owned(),
                    groups: groups.into_iter().map(TransparencyGroup::from).collect(),
                })
                .collect(),
            never_shown: found.never_shown.into_iter().map(|(days, people)| NeverShown { days, people }).collect(),
            decided: Decided {
                pinned: found.decided.pinned,
                forbidden: found.decided.forbidden,
                let_pass: let_pass.collect(),
            },
            not_measured: NotMeasured::ALL.iter().map(|what| what.label().into()).collect(),
        }
    }
}

/// Report on a run
///
/// Pool, pairs removed by each gate with its article, missing data, weights, groups with impact ratio, p and n, exposure, people never
/// shown, decisions of people, and what the score does not measure.
#[utoipa::path(operation_id = "get_run_transparency", tag = "recommendations", params(ById), responses((status = 200, description = "The report.", body = Transparency)))]
#[get("/recommendation-runs/{id}/transparency")]
pub async fn get_run_transparency(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (id, db, reach) = (path.0.id.0, service.db.clone(), service.reach().clone());
    let found = service.compute(move || app::transparency(&db, id, &reach)).await?;
    Ok(HttpResponse::Ok().json(Transparency::from(found)))
}
