//! Follow-ups after a hire, and jobs on record that cannot be.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::{Items, Page, page, window};
use super::scalars::{
    Cursor, Day, FollowUpOutcome, FollowUpState, Id, Limit, Line, Milestone, Paragraph, SpellFinding, YuanAMonth,
};
use super::state::State;
use crate::app::follow_ups as app;
use crate::app::spell_findings::{self, FindingFilter};

/// What was answered, or that nobody was reached.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUpWrite {
    pub months: Milestone,
    pub outcome: FollowUpOutcome,
    /// Today unless given; of `in_job` not before the months have passed.
    pub done_on: Option<Day>,
    /// First day out of the job; needed for `left`, which ends it.
    pub ended_on: Option<Day>,
    /// What is paid by now; only for `in_job`.
    pub monthly_income: Option<YuanAMonth>,
    /// What proves the job; only for `in_job`.
    pub evidence: Option<Line>,
    /// Kept encrypted.
    pub note: Option<Paragraph>,
}

/// What was asked about a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowUp {
    pub months: Milestone,
    pub outcome: FollowUpOutcome,
    pub done_on: Day,
    pub account_id: Option<Id>,
    pub note: Option<Paragraph>,
}

impl From<app::FollowUp> for FollowUp {
    fn from(seen: app::FollowUp) -> Self {
        Self {
            months: Milestone(seen.months),
            outcome: FollowUpOutcome(seen.outcome),
            done_on: Day(seen.on),
            account_id: seen.by.map(Id),
            note: seen.note.map(Paragraph),
        }
    }
}

/// Record what was answered after one, three or six months
///
/// `in_job` verifies the job on that day, `left` ends it with everything that follows, `not_reached` is an attempt.
#[utoipa::path(operation_id = "record_follow_up", tag = "spells", params(ById), request_body = FollowUpWrite, responses((status = 200, description = "What was asked about the job so far.", body = Items<FollowUp>)))]
#[post("/spells/{id}/follow-ups")]
pub async fn record_follow_up(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<FollowUpWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let write = body.value;
    let answer = app::FollowUp {
        months: write.months.0,
        outcome: write.outcome.0,
        on: write.done_on.map_or(moment.1, |day| day.0),
        by: service.account(),
        note: write.note.map(|note| note.0),
    };
    let told = app::Told {
        ended_on: write.ended_on.map(|day| day.0),
        monthly_income: write.monthly_income.map(|pay| pay.0),
        evidence: write.evidence.map(|line| line.0),
    };
    once.run(&service, &body.raw, move |conn| {
        app::record(conn, &keys, id, (&answer, &told), moment, by)?;
        Outcome::ok(None, &Items::of(app::of_spell(conn, &keys, id)?, FollowUp::from))
    })
    .await
}

/// List what was asked about a job
#[utoipa::path(operation_id = "list_spell_follow_ups", tag = "spells", params(ById), responses((status = 200, description = "In the order entered.", body = Items<FollowUp>)))]
#[get("/spells/{id}/follow-ups")]
pub async fn list_spell_follow_ups(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let found = service.read(move |conn| app::of_spell(conn, &keys, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, FollowUp::from)))
}

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FollowUpQuery {
    pub state: Option<FollowUpState>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// A question that is to be asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenFollowUp {
    pub spell_id: Id,
    pub resident_id: Id,
    pub employer_id: Option<Id>,
    pub employer_name: Option<Line>,
    /// The latest milestone that has come.
    pub months: Milestone,
    pub due_on: Day,
    /// Last day in time.
    pub until: Day,
    pub state: FollowUpState,
    /// Attempts that reached nobody.
    #[schema(example = 1)]
    pub attempts: u32,
}

impl From<app::Open> for OpenFollowUp {
    fn from(open: app::Open) -> Self {
        Self {
            spell_id: Id(open.spell),
            resident_id: Id(open.resident),
            employer_id: open.employer.map(Id),
            employer_name: open.employer_name.map(Line),
            months: Milestone(open.question.months),
            due_on: Day(open.question.due_on),
            until: Day(open.question.until),
            state: FollowUpState(open.question.state),
            attempts: open.attempts,
        }
    }
}

/// List whom to ask whether they are still in the job
///
/// One question a job: the latest of one, three and six months that has come and was not answered, of jobs recorded before it.
#[utoipa::path(operation_id = "list_follow_ups", tag = "spells", params(FollowUpQuery), responses((status = 200, description = "A page of questions, by job.", body = Page<OpenFollowUp>)))]
#[get("/follow-ups")]
pub async fn list_follow_ups(service: State, query: Query<FollowUpQuery>) -> Result<HttpResponse, ApiError> {
    let (query, today) = (query.0, service.today());
    let state = query.state.map(|state| state.0);
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let list = format!("follow-ups?{state:?}{within:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let access = service.clone();
    let found = service
        .read(move |conn| {
            let all = app::open(conn, within.as_deref(), state, today)?;
            let found = rows.of(all, |open| open.spell);
            access.shows(found.iter().map(|open| open.resident).collect::<Vec<i64>>());
            Ok(found)
        })
        .await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |open| open.spell, OpenFollowUp::from)))
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SpellFindingQuery {
    pub finding: Option<SpellFinding>,
    pub household_id: Option<Id>,
}

/// A job that cannot be as it is recorded, or not any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpellFindingLine {
    pub household_id: Id,
    pub resident_id: Id,
    pub spell_id: Id,
    pub finding: SpellFinding,
    /// The job it overlaps.
    pub other_spell_id: Option<Id>,
}

/// List jobs on record that overlap or cannot be
///
/// Computed: a finding goes when its cause is mended. Coverage counts the job meanwhile.
#[utoipa::path(operation_id = "list_spell_findings", tag = "spells", params(SpellFindingQuery), responses((status = 200, description = "By job.", body = Items<SpellFindingLine>)))]
#[get("/spell-findings")]
pub async fn list_spell_findings(service: State, query: Query<SpellFindingQuery>) -> Result<HttpResponse, ApiError> {
    let today = service.today();
    let filter = FindingFilter {
        finding: query.0.finding.map(|finding| finding.0),
        household: query.0.household_id.map(|id| id.0),
    };
    let (within, access) = (service.reach().areas().map(<[i64]>::to_vec), service.clone());
    let found = service
        .read(move |conn| {
            let found = spell_findings::list(conn, within.as_deref(), filter, today)?;
            access.shows(found.iter().map(|line| line.resident).collect::<Vec<i64>>());
            Ok(found)
        })
        .await?;
    let show = |line: spell_findings::Line| SpellFindingLine {
        household_id: Id(line.household),
        resident_id: Id(line.resident),
        spell_id: Id(line.found.spell),
        finding: SpellFinding(line.found.finding),
        other_spell_id: line.found.other.map(Id),
    };
    Ok(HttpResponse::Ok().json(Items::of(found, show)))
}
