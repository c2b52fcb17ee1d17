//! `/audit/entries`: who did or read what, for auditors.

use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::Query;
use super::page::{Page, page, window};
use super::scalars::{Cursor, Day, Id, Limit};
use super::state::State;
use crate::app::audit::{self as app, Entry, Filter};
use crate::app::day_start;

/// Part of the audit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// What this account did.
    account_id: Option<Id>,
    /// What was read or changed of this resident.
    resident_id: Option<Id>,
    /// First day.
    from: Option<Day>,
    /// Last day, included.
    to: Option<Day>,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
}

/// An act. What people typed and the old values of what they changed stay sealed: `wangjia audit export --details` opens them.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Number in the chain.
    #[schema(example = 4711)]
    pub seq: i64,
    pub at: DateTime<Utc>,
    /// `account`, `operator` (command line with the keys), `system` or `anonymous`.
    #[schema(example = "account")]
    pub actor: String,
    pub account_id: Option<Id>,
    /// The role that allowed it.
    #[schema(example = "official")]
    pub role: Option<String>,
    /// Where that role is held: `area:3 area:4`, `employer:2`, `everywhere` or empty.
    #[schema(example = "area:3")]
    pub scope: String,
    /// The policy's word for what was done.
    #[schema(example = "read")]
    pub action: String,
    /// Kind of the object.
    #[schema(example = "resident")]
    pub object: String,
    pub object_id: Option<Id>,
    /// Operation id, page or command.
    #[schema(example = "get_resident")]
    pub operation: String,
    #[schema(example = "employment_service")]
    pub purpose: String,
    /// `X-Request-Id` of the answer.
    #[schema(example = "5f0c1ce2-6a0f-4b3c-9b55-1d1f6e7a2c11")]
    pub request_id: String,
    /// `done`, or the code of the refusal.
    #[schema(example = "done")]
    pub outcome: String,
    /// The object's rows are others than before.
    #[schema(example = false)]
    pub changed: bool,
    /// Residents whose data was read or changed.
    pub resident_ids: Vec<Id>,
    /// Whether something is kept sealed with it, such as the typed reason.
    #[schema(example = true)]
    pub has_detail: bool,
    /// Keyed hash that binds the entry to those before, in hexadecimal.
    #[schema(example = "9f2c86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a")]
    pub hash: String,
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at.and_utc(),
            actor: entry.actor_kind.code().to_owned(),
            account_id: entry.account.map(Id),
            role: entry.role,
            scope: entry.scope,
            action: entry.action,
            object: entry.object_kind,
            object_id: entry.object.map(Id),
            operation: entry.operation,
            purpose: entry.purpose,
            request_id: entry.request_id,
            outcome: entry.outcome,
            changed: entry.changed,
            resident_ids: entry.subjects.into_iter().map(Id).collect(),
            has_detail: entry.has_detail,
            hash: entry.hash,
        }
    }
}

/// Search the audit
///
/// Oldest first. Entries name residents by id only.
#[utoipa::path(operation_id = "list_audit_entries", tag = "audit", params(AuditQuery), responses((status = 200, description = "A page of entries.", body = Page<AuditEntry>)))]
#[get("/audit/entries")]
pub async fn list_audit_entries(service: State, query: Query<AuditQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = Filter {
        account: query.account_id.map(|id| id.0),
        subject: query.resident_id.map(|id| id.0),
        from: query.from.map(|day| day_start(day.0)),
        to: query.to.and_then(|day| day.0.succ_opt()).map(day_start),
        ..Filter::default()
    };
    let list = format!("audit?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let found = service.read(move |conn| app::find(conn, &filter, rows.after, rows.limit, None)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |entry| entry.seq, AuditEntry::from)))
}
