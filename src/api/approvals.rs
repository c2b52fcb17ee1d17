//! What needs two people: one asks with a reason, another decides with a reason.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{ApprovalAction, ApprovalStatus, Cursor, Day, Id, Limit, Paragraph, code_of};
use super::state::State;
use crate::app::privacy::deletion as app;

/// Why a resident is to be deleted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeletionWrite {
    /// Kept encrypted.
    pub reason: Paragraph,
}

/// What to do with a request.
#[derive(Clone, Copy, Debug)]
pub enum Verdict {
    Approve,
    Refuse,
}

impl Verdict {
    fn from_code(code: &str) -> Option<Self> {
        match code {
            "approve" => Some(Self::Approve),
            "refuse" => Some(Self::Refuse),
            _ => None,
        }
    }
}

code_of! {
    VerdictCode(Verdict) = "`approve` or `refuse`.", ["approve", "refuse"];
}

/// A decision; whoever asked is told the reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalDecisionWrite {
    pub decision: VerdictCode,
    /// Kept encrypted.
    pub reason: Paragraph,
}

/// Something that needs two people.
#[derive(Debug, Serialize, ToSchema)]
pub struct Approval {
    pub id: Id,
    pub action: ApprovalAction,
    pub resident_id: Id,
    pub status: ApprovalStatus,
    /// Null once the resident is erased.
    pub reason: Option<Paragraph>,
    /// Account; null = the command line.
    pub requested_by: Option<Id>,
    pub decided_by: Option<Id>,
    /// Why it was decided so; null once the resident is erased.
    pub decision_reason: Option<Paragraph>,
    pub created_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Since when the data is only stored, because something has to be kept longer.
    pub restricted_on: Option<Day>,
    /// Since when the resident is erased.
    pub erased_on: Option<Day>,
}

impl From<app::Approval> for Approval {
    fn from(approval: app::Approval) -> Self {
        Self {
            id: Id(approval.id),
            action: ApprovalAction(approval.action),
            resident_id: Id(approval.resident_id),
            status: ApprovalStatus(approval.status),
            reason: approval.reason.map(Paragraph),
            requested_by: approval.requested_by.map(Id),
            decided_by: approval.decided_by.map(Id),
            decision_reason: approval.decision.map(Paragraph),
            created_at: approval.created_at.and_utc(),
            decided_at: approval.decided_at.map(|at| at.and_utc()),
            restricted_on: approval.restricted_on.map(Day),
            erased_on: approval.erased_on.map(Day),
        }
    }
}

/// Which approvals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApprovalQuery {
    pub status: Option<ApprovalStatus>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Ask for a resident to be deleted
///
/// Another person decides. While something about the resident has to be kept longer, the data is only stored until then.
#[utoipa::path(operation_id = "request_deletion", tag = "privacy", params(ById), request_body = DeletionWrite, responses((status = 201, description = "The request.", body = Approval)))]
#[post("/residents/{id}/deletion")]
pub async fn request_deletion(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<DeletionWrite>,
) -> Result<HttpResponse, ApiError> {
    let account = service.account();
    let (id, now, keys, reason) = (path.0.id.0, service.now(), service.db.keys().clone(), body.value.reason.0);
    once.run(&service, &body.raw, move |conn| {
        let approval = app::request(conn, &keys, id, &reason, (now, account))?;
        Outcome::created(format!("/api/v1/approvals/{}", approval.id), None, &Approval::from(approval))
    })
    .await
}

/// List approvals
#[utoipa::path(operation_id = "list_approvals", tag = "privacy", params(ApprovalQuery), responses((status = 200, description = "A page of approvals.", body = Page<Approval>)))]
#[get("/approvals")]
pub async fn list_approvals(service: State, query: Query<ApprovalQuery>) -> Result<HttpResponse, ApiError> {
    let status = query.0.status.map(|status| status.0);
    let list = format!("approvals?{status:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let keys = service.db.keys().clone();
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let found = service.read(move |conn| app::page(conn, &keys, status, within.as_deref(), rows)).await?;
    service.shows(found.iter().map(|row| row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Approval::from)))
}

/// Read an approval
#[utoipa::path(operation_id = "get_approval", tag = "privacy", params(ById), responses((status = 200, description = "The approval.", body = Approval)))]
#[get("/approvals/{id}")]
pub async fn get_approval(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let keys = service.db.keys().clone();
    let approval = service.read(move |conn| app::get(conn, &keys, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Approval::from(approval)))
}

/// Decide an approval
///
/// What is approved is done at once. Nobody decides their own request.
#[utoipa::path(operation_id = "decide_approval", tag = "privacy", params(ById), request_body = ApprovalDecisionWrite, responses((status = 200, description = "The approval.", body = Approval)))]
#[post("/approvals/{id}/decision")]
pub async fn decide_approval(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ApprovalDecisionWrite>,
) -> Result<HttpResponse, ApiError> {
    let account = service.account();
    let (id, moment, keys, write) = (path.0.id.0, service.moment(), service.db.keys().clone(), body.value);
    let verdict = (id, matches!(write.decision.0, Verdict::Approve));
    once.run(&service, &body.raw, move |conn| {
        let approval = app::decide(conn, &keys, verdict, &write.reason.0, moment, account)?;
        Outcome::ok(None, &Approval::from(approval))
    })
    .await
}
