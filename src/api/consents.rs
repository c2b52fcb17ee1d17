//! What residents agreed to or refused. A withdrawal takes one call and acts on the next request.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, Json, NoBody, NoQuery, Path, check_count};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{ConsentDecision, ConsentForm, DataKind, Day, Id, Line, Purpose};
use super::state::State;
use crate::app::privacy::consents::{self as app, NewConsent};

/// A word of a resident to be recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentWrite {
    pub purpose: Purpose,
    pub decision: ConsentDecision,
    /// The recipient of an introduction; its name and address are copied as they were told to the person.
    pub employer_id: Option<Id>,
    /// What the consent covers. For `sensitive_data`: health, work_capacity; for `introduction`: name, phone, skills, experience.
    #[serde(default)]
    pub kinds: Vec<DataKind>,
    /// Below 14 a guardian speaks.
    pub form: ConsentForm,
    /// Where the paper is kept or who witnessed.
    pub evidence: Option<Line>,
    /// Not after today.
    pub given_on: Day,
    /// Last valid day; without it the consent holds until it is withdrawn.
    pub valid_until: Option<Day>,
}

impl From<ConsentWrite> for NewConsent {
    fn from(write: ConsentWrite) -> Self {
        Self {
            purpose: write.purpose.0,
            decision: write.decision.0,
            employer_id: write.employer_id.map(|id| id.0),
            kinds: write.kinds.into_iter().map(|kind| kind.0).collect(),
            form: write.form.0,
            evidence: write.evidence.map(|line| line.0),
            given_on: write.given_on.0,
            valid_until: write.valid_until.map(|day| day.0),
        }
    }
}

/// A word of a resident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consent {
    pub id: Id,
    pub resident_id: Id,
    pub purpose: Purpose,
    pub decision: ConsentDecision,
    pub employer_id: Option<Id>,
    /// The recipient as it was told to the person.
    #[schema(example = "旺家制衣有限公司")]
    pub recipient_name: Option<String>,
    /// How the recipient can be reached, as it was told to the person.
    #[schema(example = "园区 3 号厂房")]
    pub recipient_contact: Option<String>,
    pub kinds: Vec<DataKind>,
    pub form: ConsentForm,
    pub evidence: Option<Line>,
    pub given_on: Day,
    pub valid_until: Option<Day>,
    /// When it was withdrawn; null = it was not.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Given, not withdrawn and not run out.
    #[schema(example = true)]
    pub in_force: bool,
}

impl From<app::Consent> for Consent {
    fn from(consent: app::Consent) -> Self {
        let data = consent.data;
        Self {
            id: Id(consent.id),
            resident_id: Id(data.resident_id),
            purpose: Purpose(data.purpose),
            decision: ConsentDecision(data.decision),
            employer_id: data.employer_id.map(Id),
            recipient_name: data.recipient_name,
            recipient_contact: data.recipient_contact,
            kinds: consent.kinds.into_iter().map(DataKind).collect(),
            form: ConsentForm(data.form),
            evidence: data.evidence.map(Line),
            given_on: Day(data.given_on),
            valid_until: data.valid_until.map(Day),
            withdrawn_at: data.withdrawn_at.map(|at| at.and_utc()),
            in_force: consent.in_force,
        }
    }
}

/// List what a resident agreed to or refused
#[utoipa::path(operation_id = "list_consents", tag = "privacy", params(ById), responses((status = 200, description = "Everything recorded, in the order recorded.", body = Items<Consent>)))]
#[get("/residents/{id}/consents")]
pub async fn list_consents(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let today = service.today();
    let found = service.read(move |conn| app::of(conn, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, Consent::from)))
}

/// Record what a resident agreed to or refused
///
/// A refusal takes the person out of automatic lists on the next request, whatever the legal basis.
#[utoipa::path(operation_id = "create_consent", tag = "privacy", params(ById), request_body = ConsentWrite, responses((status = 201, description = "The record.", body = Consent)))]
#[post("/residents/{id}/consents")]
pub async fn create_consent(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ConsentWrite>,
) -> Result<HttpResponse, ApiError> {
    let account = service.account();
    check_count(body.value.kinds.len(), 0..=10, "/kinds")?;
    let (id, moment, new) = (path.0.id.0, service.moment(), NewConsent::from(body.value));
    once.run(&service, &body.raw, move |conn| {
        let consent = app::record(conn, id, &new, moment, account)?;
        Outcome::created(format!("/api/v1/consents/{}", consent.id), None, &Consent::from(consent))
    })
    .await
}

/// Read a consent
#[utoipa::path(operation_id = "get_consent", tag = "privacy", params(ById), responses((status = 200, description = "The record.", body = Consent)))]
#[get("/consents/{id}")]
pub async fn get_consent(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let today = service.today();
    let consent = service.read(move |conn| app::get(conn, path.0.id.0, today)).await?;
    Ok(HttpResponse::Ok().json(Consent::from(consent)))
}

/// Withdraw a consent
///
/// Takes no reason. It acts on the next request and ends the introductions that rest on it; what was done before stays lawful.
#[utoipa::path(operation_id = "withdraw_consent", tag = "privacy", params(ById), responses((status = 200, description = "The record.", body = Consent)))]
#[post("/consents/{id}/withdraw")]
pub async fn withdraw_consent(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let account = service.account();
    let (id, moment) = (path.0.id.0, service.moment());
    once.run(&service, b"", move |conn| Outcome::ok(None, &Consent::from(app::withdraw(conn, id, moment, account)?)))
        .await
}
