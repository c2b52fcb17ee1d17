//! Recommendations: for a resident, for a posting, for one pair, and runs for everybody.

use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::guard;
use super::jobs::Job;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Code, Cursor, Day, Id, Limit, Line, Name, PerResident, code_of};
use super::state::State;
use crate::app::jobs::{JobKind, Queue};
use crate::app::recommendations::{self as app, Order, Proposed, Source, caveat_code};
use crate::app::stored_runs::{self, RecommendationFilter};
use crate::app::work::{self, RunInput};
use crate::domain::text::Lang;

/// What an answer was computed from; the same inputs give the same answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComputedFrom {
    pub as_of: Day,
    /// Version of the scoring policy.
    #[schema(example = 1)]
    pub policy_version: i64,
    #[schema(example = "1")]
    pub engine_version: String,
    /// Keyed hash of everything read.
    #[schema(example = "9f86d081884c7d65")]
    pub input_hash: String,
}

impl From<Source> for ComputedFrom {
    fn from(source: Source) -> Self {
        Self {
            as_of: Day(source.as_of),
            policy_version: source.policy_version,
            engine_version: source.engine_version.to_owned(),
            input_hash: source.input_hash,
        }
    }
}

/// Points of one factor. All parts add up to the suitability.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactorPart {
    #[schema(example = "skill")]
    pub factor: String,
    #[schema(example = 3600)]
    pub points: u16,
    /// Points it could have brought.
    #[schema(example = 4000)]
    pub most: u16,
    /// The factor's own points, 0 to 10000; null = unknown, its weight is shared out.
    #[schema(example = 9000)]
    pub value: Option<u16>,
    #[schema(example = 40)]
    pub weight: u16,
}

/// Points of one side.
#[derive(Debug, Serialize, ToSchema)]
pub struct Side {
    #[schema(example = 4100)]
    pub points: u16,
    #[schema(example = 5000)]
    pub most: u16,
}

/// One resident and one posting, explained.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recommendation {
    /// Place in the list, from 1.
    #[schema(example = 1)]
    pub rank: usize,
    pub resident_id: Id,
    pub resident_name: Name,
    /// Whether nobody of the resident's household has a job.
    #[schema(example = true)]
    pub household_uncovered: bool,
    pub posting_id: Id,
    pub posting_code: Option<Code>,
    pub posting_title: Line,
    pub employer_id: Id,
    pub employer_name: Line,
    /// Whether every gate lets the pair pass.
    #[schema(example = true)]
    pub eligible: bool,
    /// 0 to 10000.
    #[schema(example = 8350, minimum = 0, maximum = 10000)]
    pub suitability: u16,
    pub parts: Vec<FactorPart>,
    /// What the post gets from the person: skill, experience, capacity.
    pub post_gets: Side,
    /// What the person gets from the post: hours, pay, way, wishes.
    pub person_gets: Side,
    /// Gates that bar the pair.
    #[schema(example = json!([]))]
    pub failed_gates: Vec<String>,
    /// What a counselor has to check or say.
    #[schema(example = json!(["past_retirement"]))]
    pub caveats: Vec<String>,
    /// Last day on which the pair stays eligible as recorded.
    pub valid_until: Option<Day>,
    /// The facts in one line.
    #[schema(example = "会平缝 3 年；走路 8 分钟；17:30 下班")]
    pub summary: String,
    /// Everything there is to say, a sentence each.
    #[schema(example = json!(["会平缝 3 年（要求 2 年）。"]))]
    pub sentences: Vec<String>,
}

impl Recommendation {
    fn show(pair: Proposed, lang: Lang) -> Self {
        let explanation = pair.explanation;
        let part = |part: &_| {
            let crate::app::recommendations::Part { factor, weight, value, points, most } = *part;
            FactorPart { factor: factor.code().to_owned(), points, most, value, weight }
        };
        Self {
            rank: pair.rank,
            resident_id: Id(pair.resident.id),
            resident_name: Name(pair.resident.name),
            household_uncovered: pair.household_uncovered,
            posting_id: Id(pair.posting.id),
            posting_code: pair.posting.code.map(Code),
            posting_title: Line(pair.posting.title),
            employer_id: Id(pair.posting.employer_id),
            employer_name: Line(pair.posting.employer),
            eligible: explanation.eligible,
            suitability: explanation.points,
            parts: explanation.parts.iter().map(part).collect(),
            post_gets: Side { points: explanation.post_gets.points, most: explanation.post_gets.most },
            person_gets: Side { points: explanation.person_gets.points, most: explanation.person_gets.most },
            failed_gates: explanation.barring().map(|gate| gate.gate.code().to_owned()).collect(),
            caveats: explanation.caveats.iter().map(caveat_code).collect(),
            valid_until: explanation.valid_until.map(Day),
            summary: pair.summary.get(lang).to_owned(),
            sentences: pair.sentences.iter().map(|text| text.get(lang).to_owned()).collect(),
        }
    }
}

/// How many pairs a gate bars; one barred by three gates counts in three.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateCount {
    #[schema(example = "care_duty")]
    pub gate: String,
    #[schema(example = 14)]
    pub count: u64,
}

/// An explained list, best first, with what it left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationList {
    pub computed_from: ComputedFrom,
    /// How many were looked at.
    #[schema(example = 150)]
    pub considered: u64,
    /// How many pass every gate.
    #[schema(example = 37)]
    pub eligible: u64,
    pub barred: Vec<GateCount>,
    pub items: Vec<Recommendation>,
}

/// How many, and on which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendationQuery {
    /// Today unless given.
    pub as_of: Option<Day>,
    /// 50 unless given.
    pub limit: Option<Limit>,
}

/// Recommend postings to a resident
#[utoipa::path(operation_id = "recommend_postings", tag = "recommendations", params(ById, RecommendationQuery), responses((status = 200, description = "The best postings, best first.", body = RecommendationList)))]
#[get("/residents/{id}/recommendations")]
pub async fn recommend_postings(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    query: Query<RecommendationQuery>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let as_of = query.0.as_of.map_or_else(|| service.today(), |day| day.0);
    let (db, id, k) = (service.db.clone(), path.0.id.0, usize::from(query.0.limit.unwrap_or_default().0));
    let answer = service.compute(move || app::for_resident(&db, id, k, as_of)).await?;
    let barred = answer.barred.iter().map(|(gate, count)| GateCount { gate: gate.code().to_owned(), count: *count });
    Ok(HttpResponse::Ok().json(RecommendationList {
        computed_from: answer.source.into(),
        considered: answer.n_postings,
        eligible: answer.n_eligible,
        barred: barred.collect(),
        items: answer.best.into_iter().map(|pair| Recommendation::show(pair, lang)).collect(),
    }))
}

/// The order of candidates.
#[derive(Clone, Copy, Debug)]
pub enum CandidateOrder {
    HouseholdFirst,
    Suitability,
}

impl CandidateOrder {
    fn from_code(code: &str) -> Option<Self> {
        match code {
            "household_first" => Some(Self::HouseholdFirst),
            "suitability" => Some(Self::Suitability),
            _ => None,
        }
    }
}

code_of! {
    OrderCode(CandidateOrder) = "`household_first` for counselors: uncovered households first; `suitability` for companies.",
        ["household_first", "suitability"];
}

/// In which order, how many, and on which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CandidateQuery {
    /// `household_first` unless given.
    pub order: Option<OrderCode>,
    /// Today unless given.
    pub as_of: Option<Day>,
    /// 50 unless given.
    pub limit: Option<Limit>,
}

/// Recommend residents to a posting
///
/// Residents who asked for no automated recommendation are in no list.
#[utoipa::path(operation_id = "recommend_candidates", tag = "recommendations", params(ById, CandidateQuery), responses((status = 200, description = "The best residents in the order asked for.", body = RecommendationList)))]
#[get("/postings/{id}/candidates")]
pub async fn recommend_candidates(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    query: Query<CandidateQuery>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let as_of = query.0.as_of.map_or_else(|| service.today(), |day| day.0);
    let order = match query.0.order.map(|order| order.0) {
        None | Some(CandidateOrder::HouseholdFirst) => Order::HouseholdFirst,
        Some(CandidateOrder::Suitability) => Order::Pure,
    };
    let (db, id, k) = (service.db.clone(), path.0.id.0, usize::from(query.0.limit.unwrap_or_default().0));
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let answer = service.compute(move || app::for_posting(&db, id, k, order, as_of, within.as_deref())).await?;
    service.shows(answer.best.iter().map(|pair| pair.resident.id));
    let barred = answer.barred.iter().map(|(gate, count)| GateCount { gate: gate.code().to_owned(), count: *count });
    Ok(HttpResponse::Ok().json(RecommendationList {
        computed_from: answer.source.into(),
        considered: answer.n_residents,
        eligible: answer.n_eligible,
        barred: barred.collect(),
        items: answer.best.into_iter().map(|pair| Recommendation::show(pair, lang)).collect(),
    }))
}

/// A run to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunWrite {
    /// Today unless given.
    pub as_of: Option<Day>,
    /// 10 unless given.
    pub per_resident: Option<PerResident>,
}

/// Recommend to everybody
///
/// Starts a job; follow it under `Location`. Its result is a stored run.
#[utoipa::path(operation_id = "start_recommendation_run", tag = "recommendations", request_body = RunWrite, responses((status = 202, description = "The job.", body = Job)))]
#[post("/recommendation-runs")]
pub async fn start_recommendation_run(
    service: State,
    req: HttpRequest,
    once: Once,
    _: NoQuery,
    body: Json<RunWrite>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let input = RunInput {
        as_of: body.value.as_of.map_or_else(|| service.today(), |day| day.0),
        per_resident: body.value.per_resident.map_or(10, |count| usize::from(count.0)),
    };
    let (db, queue, now) = (service.db.clone(), service.jobs.clone(), service.now());
    let account = service.account();
    let answer = once
        .run(&service, &body.raw, move |conn| {
            let id = Queue::enqueue(conn, &db, JobKind::RecommendationRun, &work::frame(&input, &[])?, account, now)?;
            Outcome::accepted(format!("/api/v1/jobs/{id}"), &Job::show(queue.get(conn, &db, id, now)?, lang)?)
        })
        .await?;
    service.jobs.wake();
    Ok(answer)
}

/// A stored run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationRun {
    pub id: Id,
    pub computed_from: ComputedFrom,
    /// Recommendations kept for each resident at most.
    #[schema(example = 10)]
    pub per_resident: i64,
    /// How many were stored.
    #[schema(example = 41000)]
    pub recommendations: i64,
    /// The plan whose adoption made the run; null for a run of its own.
    pub plan_id: Option<Id>,
    pub created_at: DateTime<Utc>,
}

impl From<stored_runs::Run> for RecommendationRun {
    fn from(run: stored_runs::Run) -> Self {
        Self {
            id: Id(run.id),
            computed_from: ComputedFrom {
                as_of: Day(run.as_of),
                policy_version: run.policy_version,
                engine_version: run.engine_version,
                input_hash: run.input_hash,
            },
            per_resident: run.per_resident,
            recommendations: run.recommendations,
            plan_id: run.plan.map(Id),
            created_at: run.created_at.and_utc(),
        }
    }
}

/// Part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RunQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List runs
#[utoipa::path(operation_id = "list_recommendation_runs", tag = "recommendations", params(RunQuery), responses((status = 200, description = "A page of runs.", body = Page<RecommendationRun>)))]
#[get("/recommendation-runs")]
pub async fn list_recommendation_runs(service: State, query: Query<RunQuery>) -> Result<HttpResponse, ApiError> {
    let list = "recommendation-runs";
    let rows = window(&service, list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| stored_runs::runs(conn, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, list, rows, found, |run| run.id, RecommendationRun::from)))
}

/// Read a run
#[utoipa::path(operation_id = "get_recommendation_run", tag = "recommendations", params(ById), responses((status = 200, description = "The run.", body = RecommendationRun)))]
#[get("/recommendation-runs/{id}")]
pub async fn get_recommendation_run(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let run = service.read(move |conn| stored_runs::run(conn, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(RecommendationRun::from(run)))
}

/// A recommendation of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredRecommendation {
    pub id: Id,
    pub run_id: Id,
    pub resident_id: Id,
    pub posting_id: Id,
    /// Place in the resident's list, from 1.
    #[schema(example = 1)]
    pub rank: i64,
    /// 0 to 10000.
    #[schema(example = 8350)]
    pub suitability: i64,
}

impl From<stored_runs::StoredRecommendation> for StoredRecommendation {
    fn from(row: stored_runs::StoredRecommendation) -> Self {
        Self {
            id: Id(row.id),
            run_id: Id(row.run_id),
            resident_id: Id(row.resident_id),
            posting_id: Id(row.posting_id),
            rank: row.rank,
            suitability: row.suitability,
        }
    }
}

/// List the recommendations of a run
#[utoipa::path(operation_id = "list_run_recommendations", tag = "recommendations", params(ById, RunQuery), responses((status = 200, description = "A page of recommendations.", body = Page<StoredRecommendation>)))]
#[get("/recommendation-runs/{id}/recommendations")]
pub async fn list_run_recommendations(
    service: State,
    path: Path<ById>,
    query: Query<RunQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    let list = format!("recommendation-runs/{id}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let today = service.today();
    let filter = RecommendationFilter { within: service.reach().areas().map(<[i64]>::to_vec), ..Default::default() };
    let found = service.read(move |conn| stored_runs::recommendations(conn, id, &filter, (rows, today))).await?;
    service.shows(found.iter().map(|row| row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, StoredRecommendation::from)))
}

/// Whose recommendations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StoredQuery {
    pub resident_id: Option<Id>,
    pub posting_id: Option<Id>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List the recommendations of the newest run
///
/// As they were stored; empty if there was no run yet. A run that ends meanwhile makes cursors of the one before invalid.
#[utoipa::path(operation_id = "list_recommendations", tag = "recommendations", params(StoredQuery), responses((status = 200, description = "A page of recommendations; those of one resident best first.", body = Page<StoredRecommendation>)))]
#[get("/recommendations")]
pub async fn list_recommendations(service: State, query: Query<StoredQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = RecommendationFilter {
        resident: query.resident_id.map(|id| id.0),
        posting: query.posting_id.map(|id| id.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let (latest, today) = (service.read(stored_runs::latest).await?, service.today());
    let list = format!("recommendations?{latest:?}{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let found = match latest {
        Some(run) => service.read(move |conn| stored_runs::recommendations(conn, run, &filter, (rows, today))).await?,
        None => Vec::new(),
    };
    service.shows(found.iter().map(|row| row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, StoredRecommendation::from)))
}
