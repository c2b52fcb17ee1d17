//! `/referrals`: a posting proposed to a resident, step by step until a job ends.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query, check_count};
use super::introductions::IntroductionContact;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{
    ActorKind, CardCode, ConsentForm, Cursor, DataKind, Day, Gate, Id, Limit, Line, Paragraph, ReferralReason,
    ReferralState, Role, YesNo, YuanAMonth,
};
use super::state::State;
use crate::app::privacy::consents::Said;
use crate::app::referrals::{self as app, Override, Proposal, moves, view};

/// Most entries of a batch.
const MOST: usize = 100;

/// A gate that does not pass, answered for by a counselor. Gates of law, of the body and of care can be answered for by nobody.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideWrite {
    pub gate: Gate,
    /// Why it is right all the same; kept encrypted.
    pub reason: Paragraph,
}

impl From<OverrideWrite> for Override {
    fn from(write: OverrideWrite) -> Self {
        Self { gate: write.gate.0, reason: write.reason.0 }
    }
}

/// A posting for a resident.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralWrite {
    pub resident_id: Id,
    pub posting_id: Id,
    /// For gates that do not pass; at most 18.
    #[serde(default)]
    pub overrides: Vec<OverrideWrite>,
    /// Kept encrypted; not shown to the employer.
    pub note: Option<Paragraph>,
}

impl From<ReferralWrite> for Proposal {
    fn from(write: ReferralWrite) -> Self {
        Self {
            resident: write.resident_id.0,
            posting: write.posting_id.0,
            overrides: write.overrides.into_iter().map(Into::into).collect(),
            note: write.note.map(|note| note.0),
        }
    }
}

/// Several proposals, made together or not at all.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralBatchWrite {
    /// 1 to 100.
    pub items: Vec<ReferralWrite>,
}

/// Those that were made, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralBatch {
    pub referral_ids: Vec<Id>,
}

/// A consent to be introduced to the employer, as the person gave it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralConsentWrite {
    /// `name` and, if the person wants to be called, `phone`; also skills and experience.
    pub kinds: Vec<DataKind>,
    pub form: ConsentForm,
    /// Where the paper is kept or who witnessed.
    pub evidence: Option<Line>,
    /// Today unless given.
    pub given_on: Option<Day>,
    /// Last valid day; without it the consent holds until it is withdrawn.
    pub valid_until: Option<Day>,
}

/// The job that begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HireWrite {
    /// First day at work.
    pub start_on: Day,
    /// Two jobs at once are allowed only if both are part-time and their hours do not overlap.
    #[serde(default)]
    #[schema(example = false)]
    pub part_time: bool,
    pub monthly_income: Option<YuanAMonth>,
    /// Last day of the contract.
    pub contract_until: Option<Day>,
    /// What proves the job.
    pub evidence: Option<Line>,
}

/// One step. Forward one by one: proposed, consented, referred, interview, offered, hired, ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralMoveWrite {
    /// The state it was seen in: a step is never taken twice.
    pub from: ReferralState,
    pub to: ReferralState,
    /// For every step that closes the referral or ends the job; each reason serves certain steps.
    pub reason: Option<ReferralReason>,
    /// Kept encrypted; an employer reads its own notes only.
    pub note: Option<Paragraph>,
    /// For the step to `consented`; not needed while a consent to be introduced to this employer is in force.
    pub consent: Option<ReferralConsentWrite>,
    /// For the step to `hired`.
    pub hire: Option<HireWrite>,
    /// First day out of the job; for the step to `ended`.
    pub ended_on: Option<Day>,
    /// For gates that do not pass by now, on the steps to `referred` and `hired`.
    #[serde(default)]
    pub overrides: Vec<OverrideWrite>,
}

/// The same step for several referrals: all of them take it, or none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralMovesWrite {
    /// 1 to 100.
    pub referral_ids: Vec<Id>,
    /// The state they were seen in.
    pub from: ReferralState,
    pub to: ReferralState,
    /// For every step that closes the referrals.
    pub reason: Option<ReferralReason>,
    /// Kept encrypted, with each of them.
    pub note: Option<Paragraph>,
}

impl ReferralMoveWrite {
    fn request(self, today: NaiveDate) -> moves::Request {
        let consent = self.consent.map(|write| Said {
            decision: crate::domain::privacy::ConsentDecision::Given,
            kinds: write.kinds.into_iter().map(|kind| kind.0).collect(),
            form: write.form.0,
            evidence: write.evidence.map(|line| line.0),
            given_on: write.given_on.map_or(today, |day| day.0),
            valid_until: write.valid_until.map(|day| day.0),
        });
        let hire = self.hire.map(|write| moves::Hire {
            start_on: write.start_on.0,
            part_time: write.part_time,
            monthly_income: write.monthly_income.map(|yuan| yuan.0),
            contract_until: write.contract_until.map(|day| day.0),
            evidence: write.evidence.map(|line| line.0),
        });
        moves::Request {
            from: self.from.0,
            to: self.to.0,
            reason: self.reason.map(|reason| reason.0),
            note: self.note.map(|note| note.0),
            consent,
            hire,
            ended_on: self.ended_on.map(|day| day.0),
            overrides: self.overrides.into_iter().map(Into::into).collect(),
        }
    }
}

/// A referral.
#[derive(Debug, Serialize, ToSchema)]
pub struct Referral {
    pub id: Id,
    pub posting_id: Id,
    pub employer_id: Id,
    pub state: ReferralState,
    pub card: CardCode,
    /// Who it is; left out for employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resident_id: Option<Id>,
    /// What it rests on; left out for employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_id: Option<Id>,
    /// The job that came of it; left out for employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spell_id: Option<Id>,
    /// Whether the employer may read name and phone now.
    #[schema(example = true)]
    pub in_force: bool,
    /// Day of the last move.
    pub moved_on: Day,
    /// Day on which the employer was told.
    pub referred_on: Option<Day>,
    /// Day of the employer's first answer.
    pub answered_on: Option<Day>,
    /// Day on which the employer was reminded.
    pub reminded_on: Option<Day>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<view::Referral> for Referral {
    fn from(row: view::Referral) -> Self {
        Self {
            id: Id(row.id),
            posting_id: Id(row.posting_id),
            employer_id: Id(row.employer_id),
            state: ReferralState(row.state),
            card: CardCode(row.card),
            resident_id: row.resident_id.map(Id),
            consent_id: row.consent_id.map(Id),
            spell_id: row.spell_id.map(Id),
            in_force: row.in_force,
            moved_on: Day(row.moved_on),
            referred_on: row.referred_on.map(Day),
            answered_on: row.answered_on.map(Day),
            reminded_on: row.reminded_on.map(Day),
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        }
    }
}

/// One step of the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralMove {
    /// 1, 2, …
    #[schema(example = 3)]
    pub step: i64,
    pub from: Option<ReferralState>,
    pub to: ReferralState,
    /// An employer reads the reasons it gave itself.
    pub reason: Option<ReferralReason>,
    /// An employer reads its own.
    pub note: Option<String>,
    /// The day in China.
    pub happened_on: Day,
    pub actor: ActorKind,
    /// Left out for employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Id>,
    pub role: Option<Role>,
    pub at: DateTime<Utc>,
}

impl From<view::Taken> for ReferralMove {
    fn from(step: view::Taken) -> Self {
        Self {
            step: step.step,
            from: step.from.map(ReferralState),
            to: ReferralState(step.to),
            reason: step.reason.map(ReferralReason),
            note: step.note,
            happened_on: Day(step.happened_on),
            actor: ActorKind(step.actor),
            account_id: step.account.map(Id),
            role: step.role.map(Role),
            at: step.at.and_utc(),
        }
    }
}

/// A gate somebody answers for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralOverride {
    /// The step it was said with: whose word it is stands there.
    #[schema(example = 1)]
    pub step: i64,
    #[schema(example = "distance")]
    pub gate: String,
    #[schema(example = "企业安排班车接送")]
    pub reason: String,
}

impl From<view::Overridden> for ReferralOverride {
    fn from(view::Overridden { step, gate, reason }: view::Overridden) -> Self {
        Self { step, gate, reason }
    }
}

/// A referral with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralHistory {
    #[serde(flatten)]
    pub referral: Referral,
    /// The states the caller may bring it into now.
    pub next: Vec<ReferralState>,
    /// Oldest first.
    pub moves: Vec<ReferralMove>,
    /// Empty for employers.
    pub overrides: Vec<ReferralOverride>,
}

impl From<view::History> for ReferralHistory {
    fn from(history: view::History) -> Self {
        Self {
            referral: history.referral.into(),
            next: history.next.into_iter().map(ReferralState).collect(),
            moves: history.moves.into_iter().map(Into::into).collect(),
            overrides: history.overrides.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which referrals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReferralQuery {
    /// Not for employers: they see everybody's or nobody's.
    pub resident_id: Option<Id>,
    pub posting_id: Option<Id>,
    pub employer_id: Option<Id>,
    pub state: Option<ReferralState>,
    /// Only those still on their way.
    pub open: Option<YesNo>,
    /// Last moved on this day or before.
    pub silent_since: Option<Day>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Propose a posting to a resident
///
/// Refused (422 `gate_failed`) where the two do not fit today, with the reason; a counselor may answer for some gates, never for those
/// of law, body and care.
#[utoipa::path(operation_id = "create_referral", tag = "referrals", request_body = ReferralWrite, responses((status = 201, description = "The referral.", body = ReferralHistory)))]
#[post("/referrals")]
pub async fn create_referral(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<ReferralWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.overrides.len(), 0..=18, "/overrides")?;
    let (keys, moment, by, viewer) = (service.db.keys().clone(), service.moment(), service.by(), service.viewer());
    let new = Proposal::from(body.value);
    service.shows([new.resident]);
    once.run(&service, &body.raw, move |conn| {
        let id = app::propose(conn, &keys, &new, moment, by)?;
        let made = view::get(conn, &keys, &viewer, id, (moment.1, by))?;
        let location = format!("/api/v1/referrals/{id}");
        Outcome::created(location, Some(made.referral.version), &ReferralHistory::from(made))
    })
    .await
}

/// Propose postings to several residents
///
/// All of them or none: 422 names every entry that cannot be proposed.
#[utoipa::path(operation_id = "create_referrals", tag = "referrals", request_body = ReferralBatchWrite, responses((status = 200, description = "The referrals.", body = ReferralBatch)))]
#[post("/referral-batches")]
pub async fn create_referrals(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<ReferralBatchWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.items.len(), 1..=MOST, "/items")?;
    let (keys, moment, by) = (service.db.keys().clone(), service.moment(), service.by());
    let all: Vec<Proposal> = body.value.items.into_iter().map(Into::into).collect();
    service.shows(all.iter().map(|new| new.resident));
    once.run(&service, &body.raw, move |conn| {
        let ids = app::propose_all(conn, &keys, &all, moment, by)?;
        Outcome::ok(None, &ReferralBatch { referral_ids: ids.into_iter().map(Id).collect() })
    })
    .await
}

/// List referrals
///
/// An employer sees those it was told of, open ones while the consent is in force, without the people behind them.
#[utoipa::path(operation_id = "list_referrals", tag = "referrals", params(ReferralQuery), responses((status = 200, description = "A page of referrals.", body = Page<Referral>)))]
#[get("/referrals")]
pub async fn list_referrals(service: State, query: Query<ReferralQuery>) -> Result<HttpResponse, ApiError> {
    let (query, viewer) = (query.0, service.viewer());
    let filter = view::ReferralFilter {
        resident: query.resident_id.map(|id| id.0),
        posting: query.posting_id.map(|id| id.0),
        employer: query.employer_id.map(|id| id.0),
        state: query.state.map(|state| state.0),
        open: query.open.is_some_and(|open| open.0),
        silent_since: query.silent_since.map(|day| day.0),
        moved_since: None,
        // Whose rows they are is the viewer's to say.
        within: None,
        told_to: None,
    };
    let list = format!("referrals?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let (keys, today) = (service.db.keys().clone(), service.today());
    let found = service.read(move |conn| view::page(conn, &keys, &viewer, filter, (rows, today))).await?;
    service.shows(found.iter().filter_map(|row| row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Referral::from)))
}

/// Read a referral with its history
#[utoipa::path(operation_id = "get_referral", tag = "referrals", params(ById), responses((status = 200, description = "The referral.", body = ReferralHistory)))]
#[get("/referrals/{id}")]
pub async fn get_referral(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (viewer, by, id) = (service.viewer(), service.by(), path.0.id.0);
    let (keys, today) = (service.db.keys().clone(), service.today());
    let found = service.read(move |conn| view::get(conn, &keys, &viewer, id, (today, by))).await?;
    Ok(HttpResponse::Ok().json(ReferralHistory::from(found)))
}

/// Take a step of a referral
///
/// A hire takes a place of the posting, makes the job and closes the resident's other referrals; the end of a job frees the place.
#[utoipa::path(operation_id = "move_referral", tag = "referrals", params(ById), request_body = ReferralMoveWrite, responses((status = 200, description = "The referral.", body = ReferralHistory)))]
#[post("/referrals/{id}/moves")]
pub async fn move_referral(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ReferralMoveWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.overrides.len(), 0..=18, "/overrides")?;
    if let Some(consent) = &body.value.consent {
        check_count(consent.kinds.len(), 1..=10, "/consent/kinds")?;
    }
    let (id, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let (viewer, request) = (service.viewer(), body.value.request(moment.1));
    once.run(&service, &body.raw, move |conn| {
        moves::make(conn, &keys, &viewer, id, &request, moment, by)?;
        Outcome::ok(None, &ReferralHistory::from(view::after(conn, &keys, &viewer, id, (moment.1, by))?))
    })
    .await
}

/// Take the same step of several referrals
///
/// Each of them is looked at like one alone; all take the step, or none: 422 names every one that cannot.
#[utoipa::path(operation_id = "move_referrals", tag = "referrals", request_body = ReferralMovesWrite, responses((status = 200, description = "Done.", body = ReferralBatch)))]
#[post("/referral-moves")]
pub async fn move_referrals(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<ReferralMovesWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.referral_ids.len(), 1..=MOST, "/referral_ids")?;
    let (keys, moment, by, viewer) = (service.db.keys().clone(), service.moment(), service.by(), service.viewer());
    let write = body.value;
    let request = moves::Request {
        reason: write.reason.map(|reason| reason.0),
        note: write.note.map(|note| note.0),
        ..moves::Request::plain(write.from.0, write.to.0)
    };
    let ids: Vec<i64> = write.referral_ids.iter().map(|id| id.0).collect();
    let access = service.clone();
    once.run(&service, &body.raw, move |conn| {
        access.shows(moves::make_all(conn, &keys, &viewer, &ids, &request, moment, by)?);
        Outcome::ok(None, &ReferralBatch { referral_ids: ids.iter().copied().map(Id).collect() })
    })
    .await
}

/// Read name and phone of somebody referred to an employer
///
/// Only while the consent is in force: it is asked for on every request.
#[utoipa::path(operation_id = "get_referral_contact", tag = "referrals", params(ById), responses((status = 200, description = "Name and phone.", body = IntroductionContact), (status = 409, description = "Code `consent_missing`.", body = super::error::Problem, content_type = "application/problem+json")))]
#[get("/referrals/{id}/contact")]
pub async fn get_referral_contact(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let viewer = service.viewer();
    let (keys, today) = (service.db.keys().clone(), service.today());
    let (contact, _) = service.read(move |conn| view::contact(conn, &keys, &viewer, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(IntroductionContact::from(contact)))
}
