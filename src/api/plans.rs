//! `/plans`: propose, read, verify, adopt. The lists of a plan are in [`super::plan_lists`].

use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoBody, NoQuery, Path, Query};
use super::guard;
use super::jobs::Job;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::plan_lists::PostingPrice;
use super::recommendations::ComputedFrom;
use super::scalars::{
    BaselineRule, Cursor, Day, Id, Limit, Name, PinKind, PlanChangeKind, PlanStanding, UncoveredClass,
};
use super::state::State;
use crate::app::Connection;
use crate::app::access::{Action, ObjectKind, residents_in};
use crate::app::jobs::{JobKind, Queue};
use crate::app::plans::adopt::{self, Adopt};
use crate::app::plans::verify::{self, Verdict};
use crate::app::plans::view::{self, Amount, Full, Override, Summary};
use crate::app::work::{self, PlanInput};
use crate::domain::text::Lang;

/// A plan to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanWrite {
    /// Today unless given.
    pub as_of: Option<Day>,
}

/// An amount of the objective: covered weight first, then promises, then points.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanAmount {
    /// Summed weight of households: their number where all weigh 1.
    #[schema(example = 1)]
    pub covered_weight: i64,
    /// Placements of the parent plan.
    #[schema(example = 0)]
    pub kept: i64,
    /// Suitability points.
    #[schema(example = 3200)]
    pub points: i64,
}

impl From<Amount> for PlanAmount {
    fn from(amount: Amount) -> Self {
        Self { covered_weight: amount.covered, kept: amount.kept, points: amount.suitability }
    }
}

/// Households of a plan; all = covered after + uncovered + exempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanCoverage {
    #[schema(example = 4232)]
    pub households: i64,
    /// Covered without the plan.
    #[schema(example = 3650)]
    pub covered_before: i64,
    /// Covered if every placement is taken up.
    #[schema(example = 3990)]
    pub covered_after: i64,
    #[schema(example = 130)]
    pub uncovered: i64,
    #[schema(example = 112)]
    pub exempt: i64,
}

/// When, by whom, and with which recommendations a plan was put in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanAdoption {
    /// The recommendation run that holds its placements.
    pub run_id: Id,
    pub adopted_at: DateTime<Utc>,
    pub adopted_by: Name,
}

/// A plan in a list. It never changes; `standing` and `adoption` say what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanSummary {
    pub id: Id,
    pub standing: PlanStanding,
    /// The plan in force when this one was made; null = none was.
    pub parent_id: Option<Id>,
    pub computed_from: ComputedFrom,
    /// What the plan is worth: covered weight, promises kept, points; compared in this order.
    pub objective: PlanAmount,
    pub coverage: PlanCoverage,
    /// Residents placed.
    #[schema(example = 700)]
    pub placed: i64,
    /// What was promised and still possible: referrals people agreed to, else placements of the parent.
    #[schema(example = 0)]
    pub promises: i64,
    pub adoption: Option<PlanAdoption>,
    pub created_at: DateTime<Utc>,
}

impl From<Summary> for PlanSummary {
    fn from(plan: Summary) -> Self {
        let figures = plan.figures;
        Self {
            id: Id(plan.id),
            standing: PlanStanding(plan.standing),
            parent_id: figures.parent_id.map(Id),
            objective: PlanAmount { covered_weight: figures.covered, kept: figures.kept, points: figures.suitability },
            coverage: PlanCoverage {
                households: figures.households,
                covered_before: figures.covered_before,
                covered_after: figures.covered_after,
                uncovered: figures.uncovered,
                exempt: figures.households - figures.covered_after - figures.uncovered,
            },
            placed: figures.placed,
            promises: figures.promises,
            adoption: plan.adoption.map(|(run, adopted_at, by)| PlanAdoption {
                run_id: Id(run),
                adopted_at: adopted_at.and_utc(),
                adopted_by: Name(by),
            }),
            created_at: figures.created_at.and_utc(),
            computed_from: ComputedFrom {
                as_of: Day(figures.as_of),
                policy_version: figures.policy_version,
                engine_version: figures.engine_version,
                input_hash: figures.input_hash,
            },
        }
    }
}

/// What a rule of thumb reaches on the same records.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBaseline {
    pub rule: BaselineRule,
    /// Households it would newly cover.
    #[schema(example = 296)]
    pub newly_covered: i64,
    #[schema(example = 688)]
    pub placed: i64,
    pub objective: PlanAmount,
}

/// Why households stay uncovered.
#[derive(Debug, Serialize, ToSchema)]
pub struct UncoveredCount {
    /// Null = not classified.
    pub class: Option<UncoveredClass>,
    #[schema(example = 41)]
    pub households: i64,
    /// The list behind the number.
    #[schema(example = "/api/v1/plans/3/households?state=uncovered&class=care_limit")]
    pub list: String,
}

/// How many placements of the parent were kept or not, and how many are new.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeCount {
    pub kind: PlanChangeKind,
    #[schema(example = 655)]
    pub count: i64,
}

/// A counselor's decision the plan keeps to, and what it costs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanOverride {
    pub pin_id: Id,
    pub kind: PinKind,
    pub resident_id: Id,
    pub posting_id: Id,
    #[schema(example = "本人已同意")]
    pub reason: String,
    /// Households the best plan without this decision covers more.
    #[schema(example = 1)]
    pub households: i64,
    /// The best plan without it minus this plan.
    pub cost: PlanAmount,
}

impl From<Override> for PlanOverride {
    fn from(row: Override) -> Self {
        Self {
            pin_id: Id(row.pin),
            kind: PinKind(row.kind),
            resident_id: Id(row.resident_id),
            posting_id: Id(row.posting_id),
            reason: row.reason,
            households: row.households,
            cost: row.cost.into(),
        }
    }
}

/// The proof: no plan can be worth more than the bound, and this one is worth it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanProof {
    /// What one unit of covered weight counts in `value`.
    #[schema(example = 7000001)]
    pub fold_covered: i64,
    /// What one promise counts in `value`.
    #[schema(example = 0)]
    pub fold_kept: i64,
    /// Decimal integer of up to 128 bits.
    #[schema(example = "2385000340")]
    pub value: String,
    /// Decimal integer of up to 128 bits; from the prices alone.
    #[schema(example = "2385000340")]
    pub bound: String,
}

/// A plan with what one asks of it first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    #[serde(flatten)]
    pub summary: PlanSummary,
    pub proof: PlanProof,
    pub baselines: Vec<PlanBaseline>,
    /// The ten postings where one more place is worth most; all are under `/plans/{id}/prices`.
    pub scarcest: Vec<PostingPrice>,
    pub uncovered: Vec<UncoveredCount>,
    pub changes: Vec<ChangeCount>,
    pub overrides: Vec<PlanOverride>,
}

impl From<Full> for Plan {
    fn from(plan: Full) -> Self {
        let id = plan.summary.id;
        let figures = &plan.summary.figures;
        let proof = PlanProof {
            fold_covered: figures.fold_covered,
            fold_kept: figures.fold_kept,
            value: figures.value.clone(),
            bound: figures.bound.clone(),
        };
        let baseline = |row: view::Baseline| PlanBaseline {
            rule: BaselineRule(row.rule),
            newly_covered: row.households,
            placed: row.placed,
            objective: PlanAmount { covered_weight: row.covered, kept: row.kept, points: row.suitability },
        };
        let uncovered = |(class, households): (Option<crate::domain::codes::UncoveredClass>, i64)| UncoveredCount {
            class: class.map(UncoveredClass),
            households,
            list: match class {
                None => format!("/api/v1/plans/{id}/households?state=uncovered"),
                Some(class) => format!("/api/v1/plans/{id}/households?state=uncovered&class={}", class.code()),
            },
        };
        Self {
            proof,
            baselines: plan.baselines.into_iter().map(baseline).collect(),
            scarcest: plan.scarcest.into_iter().map(PostingPrice::from).collect(),
            uncovered: plan.uncovered.into_iter().map(uncovered).collect(),
            changes: plan
                .changes
                .into_iter()
                .map(|(kind, count)| ChangeCount { kind: PlanChangeKind(kind), count })
                .collect(),
            overrides: plan.overrides.into_iter().map(PlanOverride::from).collect(),
            summary: plan.summary.into(),
        }
    }
}

/// Propose a plan
///
/// Starts a job; follow it under `Location`. Its result is a stored plan, proved to be the best for the records of the moment:
/// most households covered, then most promises kept (open referrals people agreed to, placements of the plan in force), then most points.
/// A place an employer has offered is its resident's, and the plan builds around it. Nothing is put in force.
#[utoipa::path(operation_id = "propose_plan", tag = "plans", request_body = PlanWrite, responses((status = 202, description = "The job.", body = Job)))]
#[post("/plans")]
pub async fn propose_plan(
    service: State,
    req: HttpRequest,
    once: Once,
    _: NoQuery,
    body: Json<PlanWrite>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let input = PlanInput { as_of: body.value.as_of.map_or_else(|| service.today(), |day| day.0) };
    let (db, queue, now) = (service.db.clone(), service.jobs.clone(), service.now());
    let account = service.account();
    let answer = once
        .run(&service, &body.raw, move |conn| {
            let id = Queue::enqueue(conn, &db, JobKind::Plan, &work::frame(&input, &[])?, account, now)?;
            Outcome::accepted(format!("/api/v1/jobs/{id}"), &Job::show(queue.get(conn, &db, id, now)?, lang)?)
        })
        .await?;
    service.jobs.wake();
    Ok(answer)
}

/// Part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List plans
#[utoipa::path(operation_id = "list_plans", tag = "plans", params(PlanQuery), responses((status = 200, description = "A page of plans.", body = Page<PlanSummary>)))]
#[get("/plans")]
pub async fn list_plans(service: State, query: Query<PlanQuery>) -> Result<HttpResponse, ApiError> {
    let list = "plans";
    let rows = window(&service, list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| view::page(conn, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, list, rows, found, |plan| plan.id, PlanSummary::from)))
}

/// Read a plan
#[utoipa::path(operation_id = "get_plan", tag = "plans", params(ById), responses((status = 200, description = "The plan.", body = Plan)))]
#[get("/plans/{id}")]
pub async fn get_plan(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let access = service.clone();
    let read = move |conn: &mut Connection| {
        let mut plan = view::get(conn, access.db.keys(), path.0.id.0)?;
        // A decision about a pair names a person and a reason: only for those who may see that decision itself.
        let reach = access.reach_for(conn, ObjectKind::Pin, Action::List)?;
        let people: Vec<i64> = plan.overrides.iter().map(|decision| decision.resident_id).collect();
        let seen = residents_in(conn, &reach, &people)?;
        plan.overrides.retain(|decision| seen.contains(&decision.resident_id));
        access.shows(seen);
        Ok(plan)
    };
    let plan = service.read(read).await?;
    Ok(HttpResponse::Ok().json(Plan::from(plan)))
}

/// What verifying a plan found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanVerification {
    pub plan_id: Id,
    /// `proved`: the records are unchanged and the prices prove again that no better plan exists. `records_changed`: the plan
    /// proves the state of `made_at`, its own numbers agree. `violated`: a condition does not hold.
    #[schema(example = "proved")]
    pub verdict: String,
    /// The violated condition.
    #[schema(example = json!(null))]
    pub violation: Option<String>,
    /// The result as a sentence.
    #[schema(example = "记录未变，计划已由价格证书重新证明为最优。")]
    pub message: String,
    pub made_at: DateTime<Utc>,
    /// As stored.
    #[schema(example = "2385000340")]
    pub value: String,
    /// Computed afresh from the records; null if they have changed.
    #[schema(example = "2385000340")]
    pub bound: Option<String>,
}

impl PlanVerification {
    fn show(found: verify::Verification, lang: Lang) -> Self {
        let violation = match found.verdict {
            Verdict::Violated(condition) => Some(condition.to_owned()),
            Verdict::Proved | Verdict::RecordsChanged => None,
        };
        Self {
            plan_id: Id(found.plan),
            verdict: found.verdict.code().to_owned(),
            violation,
            message: found.text().get(lang).to_owned(),
            made_at: found.made_at.and_utc(),
            value: found.value,
            bound: found.bound,
        }
    }
}

/// Verify a plan
///
/// Checks the stored plan and its proof from the records, in one pass over all pairs. Changes nothing.
#[utoipa::path(operation_id = "verify_plan", tag = "plans", params(ById), responses((status = 200, description = "What was found.", body = PlanVerification)))]
#[post("/plans/{id}/verify")]
pub async fn verify_plan(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let (db, id) = (service.db.clone(), path.0.id.0);
    let show = move |_: &mut Connection, found: &verify::Verification| {
        Outcome::ok(None, &PlanVerification::show(found.clone(), lang))
    };
    once.run_computed(&service, b"", move || verify::verify(&db, id), show).await
}

/// Who adopts a plan, and which one they believe to be in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptWrite {
    /// The plan you believe to be in force; null = none. Must be given: 409 if it is another.
    #[serde(deserialize_with = "given")]
    #[schema(required = true)]
    pub expected_current: Option<Id>,
    pub adopted_by: Name,
    /// Adopt although the records have changed since the plan was made; what has become impossible is left out. False unless
    /// given.
    #[schema(example = false)]
    pub accept_changed_records: Option<bool>,
}

/// A field that may be null but not absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Id>, D::Error> {
    Option::deserialize(deserializer)
}

/// A plan put in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanAdopted {
    pub plan_id: Id,
    /// The plan in force until now.
    pub previous_plan_id: Option<Id>,
    /// The recommendation run that holds the placements.
    pub run_id: Id,
    pub adopted_at: DateTime<Utc>,
    pub adopted_by: Name,
    /// Placements handed to counselors.
    #[schema(example = 698)]
    pub recommended: usize,
    /// Placements left out because they have become impossible since.
    #[schema(example = 2)]
    pub impossible: usize,
    /// Whether the records are those the plan was made from.
    #[schema(example = true)]
    pub records_unchanged: bool,
}

impl From<adopt::Adoption> for PlanAdopted {
    fn from(adopted: adopt::Adoption) -> Self {
        Self {
            plan_id: Id(adopted.plan),
            previous_plan_id: adopted.previous.map(Id),
            run_id: Id(adopted.run),
            adopted_at: adopted.adopted_at.and_utc(),
            adopted_by: Name(adopted.adopted_by),
            recommended: adopted.n_recommended,
            impossible: adopted.n_impossible,
            records_unchanged: adopted.unchanged,
        }
    }
}

/// Adopt a plan
///
/// Puts a plan in force and its placements into counselors' hands as a recommendation run; a person decides each one. Refused
/// (409) if another plan is in force than expected, if another was adopted since this one was made, or if the records have changed
/// and that is not accepted.
#[utoipa::path(operation_id = "adopt_plan", tag = "plans", params(ById), request_body = AdoptWrite, responses((status = 200, description = "The adoption.", body = PlanAdopted)))]
#[post("/plans/{id}/adopt")]
pub async fn adopt_plan(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<AdoptWrite>,
) -> Result<HttpResponse, ApiError> {
    let (db, id, now, write) = (service.db.clone(), path.0.id.0, service.now(), body.value);
    let by = Adopt {
        expected_current: write.expected_current.map(|id| id.0),
        accept_changed_records: write.accept_changed_records.unwrap_or(false),
        adopted_by: write.adopted_by.0,
    };
    let today = service.today();
    // The snapshot is read before the transaction; the compare-and-set is inside.
    let adopt = move |conn: &mut Connection, prepared: &adopt::Prepared| {
        Outcome::ok(None, &PlanAdopted::from(adopt::adopt(conn, prepared, &by, now)?))
    };
    once.run_computed(&service, &body.raw, move || adopt::prepare(&db, id, today), adopt).await
}
