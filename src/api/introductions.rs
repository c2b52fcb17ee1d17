//! Introductions: an employer asks, the person decides, name and phone follow the consent.

use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, ProblemField};
use super::extract::{ById, Json, NoBody, NoQuery, Path, Query, check_count};
use super::guard;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{
    CardCode, ConsentDecision, ConsentForm, Cursor, DataKind, Day, Id, IntroductionStatus, Limit, Line,
};
use super::state::State;
use crate::app::Connection;
use crate::app::privacy::consents::Said;
use crate::app::privacy::{acquaintance, cards, introductions as app};

/// Whom an employer wants to get to know.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntroductionWrite {
    pub card: CardCode,
    /// When the employer would like to talk to the person; the person is told with the request.
    #[serde(default)]
    pub interview_on: Option<Day>,
}

/// What the person decided.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntroductionDecisionWrite {
    pub decision: ConsentDecision,
    /// Of a consent: `name` and, if the person wants to be called, `phone`; also skills and experience.
    #[serde(default)]
    pub kinds: Vec<DataKind>,
    pub form: ConsentForm,
    /// Where the paper is kept or who witnessed.
    pub evidence: Option<Line>,
    /// Today unless given.
    pub given_on: Option<Day>,
    /// Last valid day; without it the consent holds until it is withdrawn.
    pub valid_until: Option<Day>,
}

/// A request to be introduced.
#[derive(Debug, Serialize, ToSchema)]
pub struct Introduction {
    pub id: Id,
    pub employer_id: Id,
    pub posting_id: Id,
    pub status: IntroductionStatus,
    pub card: CardCode,
    /// Whether name and phone may be read now.
    #[schema(example = false)]
    pub in_force: bool,
    /// Who it is; left out for employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resident_id: Option<Id>,
    /// The consent, or the refusal; left out for employers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_id: Option<Id>,
    /// The recipient as it is told to the person.
    #[schema(example = "旺家制衣有限公司")]
    pub recipient_name: String,
    #[schema(example = "园区 3 号厂房")]
    pub recipient_contact: Option<String>,
    /// When the employer would like to talk to the person.
    pub interview_on: Option<Day>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<app::Introduction> for Introduction {
    fn from(introduction: app::Introduction) -> Self {
        Self {
            id: Id(introduction.id),
            employer_id: Id(introduction.employer_id),
            posting_id: Id(introduction.posting_id),
            status: IntroductionStatus(introduction.status),
            card: CardCode(introduction.card),
            in_force: introduction.in_force,
            resident_id: introduction.resident_id.map(Id),
            consent_id: introduction.consent_id.map(Id),
            recipient_name: introduction.recipient_name,
            recipient_contact: introduction.recipient_contact,
            interview_on: introduction.interview_on.map(Day),
            created_at: introduction.created_at.and_utc(),
            updated_at: introduction.updated_at.and_utc(),
        }
    }
}

/// A decision and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionDecision {
    #[serde(flatten)]
    pub introduction: Introduction,
    /// The referral it began, in the state `consented`; null after a refusal, or where `not_referred` says why there is none.
    pub referral_id: Option<Id>,
    /// The guards of a referral that do not pass. The consent holds all the same: a counselor may propose the posting when they do.
    pub not_referred: Vec<ProblemField>,
}

/// Whom an employer was introduced to; each only if the consent names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionContact {
    #[schema(example = "杨秀英")]
    pub name: Option<String>,
    /// In full.
    #[schema(example = "13900000000")]
    pub phone: Option<String>,
}

impl From<acquaintance::Contact> for IntroductionContact {
    fn from(contact: acquaintance::Contact) -> Self {
        Self { name: contact.name, phone: contact.phone }
    }
}

/// Which introductions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IntroductionQuery {
    pub posting_id: Option<Id>,
    pub status: Option<IntroductionStatus>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Ask to be introduced to a candidate
///
/// The card must be one of the posting's candidates today; any other is answered as one that does not exist. One request is open
/// for a posting and candidate at a time.
#[utoipa::path(operation_id = "request_introduction", tag = "privacy", params(ById), request_body = IntroductionWrite, responses((status = 201, description = "The request.", body = Introduction)))]
#[post("/postings/{id}/introductions")]
pub async fn request_introduction(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<IntroductionWrite>,
) -> Result<HttpResponse, ApiError> {
    let account = service.account();
    let viewer = service.viewer();
    let (id, moment, card, db) = (path.0.id.0, service.moment(), body.value.card.0, service.db.clone());
    let (keys, interview_on) = (db.keys().clone(), body.value.interview_on.map(|day| day.0));
    let find = move || cards::resident_of(&db, id, &card, moment.1);
    let record = move |conn: &mut Connection, resident: &i64| {
        let who = (&viewer, account);
        let introduction = app::request(conn, &keys, (id, *resident, interview_on), moment, who)?;
        let location = format!("/api/v1/introductions/{}", introduction.id);
        Outcome::created(location, None, &Introduction::from(introduction))
    };
    once.run_computed(&service, &body.raw, find, record).await
}

/// List introductions
///
/// Employers see their own, without the people behind them; whoever withdrew the consent is no longer among them.
#[utoipa::path(operation_id = "list_introductions", tag = "privacy", params(IntroductionQuery), responses((status = 200, description = "A page of introductions.", body = Page<Introduction>)))]
#[get("/introductions")]
pub async fn list_introductions(service: State, query: Query<IntroductionQuery>) -> Result<HttpResponse, ApiError> {
    let viewer = service.viewer();
    let query = query.0;
    let filter =
        app::ListFilter { posting: query.posting_id.map(|id| id.0), status: query.status.map(|status| status.0) };
    let list = format!("introductions?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let (keys, today) = (service.db.keys().clone(), service.today());
    let found = service.read(move |conn| app::page(conn, &keys, &viewer, filter, (rows, today))).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Introduction::from)))
}

/// Read an introduction
#[utoipa::path(operation_id = "get_introduction", tag = "privacy", params(ById), responses((status = 200, description = "The introduction.", body = Introduction)))]
#[get("/introductions/{id}")]
pub async fn get_introduction(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let viewer = service.viewer();
    let (keys, today) = (service.db.keys().clone(), service.today());
    let found = service.read(move |conn| app::get(conn, &keys, &viewer, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(Introduction::from(found)))
}

/// Record what the person decided about an introduction
///
/// The consent is recorded with it, the recipient as it was told to the person. Where every guard of a referral passes, the consent becomes one,
/// in the state `consented`.
#[utoipa::path(operation_id = "decide_introduction", tag = "privacy", params(ById), request_body = IntroductionDecisionWrite, responses((status = 200, description = "The introduction and the referral.", body = IntroductionDecision)))]
#[post("/introductions/{id}/decision")]
pub async fn decide_introduction(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<IntroductionDecisionWrite>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let (viewer, by) = (service.viewer(), service.by());
    check_count(body.value.kinds.len(), 0..=10, "/kinds")?;
    let (id, moment, keys, write) = (path.0.id.0, service.moment(), service.db.keys().clone(), body.value);
    let said = Said {
        decision: write.decision.0,
        kinds: write.kinds.into_iter().map(|kind| kind.0).collect(),
        form: write.form.0,
        evidence: write.evidence.map(|line| line.0),
        given_on: write.given_on.map_or(moment.1, |day| day.0),
        valid_until: write.valid_until.map(|day| day.0),
    };
    once.run(&service, &body.raw, move |conn| {
        let decided = app::decide(conn, &keys, id, &said, moment, (&viewer, by))?;
        let answer = IntroductionDecision {
            introduction: decided.introduction.into(),
            referral_id: decided.referral_id.map(Id),
            not_referred: decided.not_referred.iter().map(|why| ProblemField::new(why, lang)).collect(),
        };
        Outcome::ok(None, &answer)
    })
    .await
}

/// End an introduction
#[utoipa::path(operation_id = "close_introduction", tag = "privacy", params(ById), responses((status = 200, description = "The introduction.", body = Introduction)))]
#[post("/introductions/{id}/close")]
pub async fn close_introduction(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let viewer = service.viewer();
    let (id, moment, keys) = (path.0.id.0, service.moment(), service.db.keys().clone());
    once.run(&service, b"", move |conn| {
        Outcome::ok(None, &Introduction::from(app::close(conn, &keys, id, moment, &viewer)?))
    })
    .await
}

/// Read name and phone of somebody an employer was introduced to
///
/// Only while the consent is in force: it is asked for on every request.
#[utoipa::path(operation_id = "get_introduction_contact", tag = "privacy", params(ById), responses((status = 200, description = "Name and phone.", body = IntroductionContact), (status = 409, description = "Code `consent_missing`.", body = super::error::Problem, content_type = "application/problem+json")))]
#[get("/introductions/{id}/contact")]
pub async fn get_introduction_contact(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let viewer = service.viewer();
    let (keys, today) = (service.db.keys().clone(), service.today());
    let (contact, _) = service.read(move |conn| app::contact(conn, &keys, &viewer, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(IntroductionContact::from(contact)))
}
