//! How is a person deleted? One person asks with a reason, another decides with a reason.
//!
//! Invariant: nobody decides their own request. What is approved is done in the same transaction: everything is erased, or, while
//! the law wants something kept, the data is only stored (PIPL 47) and erased by the retention job later.

use chrono::{NaiveDate, NaiveDateTime};

use super::retention;
use crate::app::error::{AppError, Refusal};
use crate::app::training::enrolments;
use crate::app::{Page, referrals};
use crate::db::approvals::{self as rows, ApprovalData, ApprovalRow};
use crate::db::seal::SealedColumn;
use crate::db::{AnyConnection, DbError, Keyring, residents};
use crate::domain::privacy::{ApprovalAction, ApprovalStatus};

/// A request as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub id: i64,
    pub action: ApprovalAction,
    pub resident_id: i64,
    pub status: ApprovalStatus,
    /// `None` once the person is erased.
    pub reason: Option<String>,
    pub requested_by: Option<i64>,
    pub decided_by: Option<i64>,
    /// Why it was decided so.
    pub decision: Option<String>,
    pub created_at: NaiveDateTime,
    pub decided_at: Option<NaiveDateTime>,
    /// Since when the data is only stored.
    pub restricted_on: Option<NaiveDate>,
    pub erased_on: Option<NaiveDate>,
}

/// Asks for a resident to be deleted.
///
/// # Errors
/// `NotFound`; refused while a request is open.
pub fn request(
    conn: &mut AnyConnection,
    keys: &Keyring,
    resident: i64,
    reason: &str,
    (now, by): (NaiveDateTime, Option<i64>),
) -> Result<Approval, AppError> {
    residents::get(conn, resident)?;
    let data = ApprovalData {
        action: ApprovalAction::DeleteResident,
        resident_id: resident,
        reason_cipher: keys.seal_text(SealedColumn::ApprovalReason, reason).map_err(DbError::from)?,
        requested_by: by,
        status: ApprovalStatus::Requested,
        decided_by: None,
        decision_cipher: None,
        created_at: now,
        decided_at: None,
    };
    let id = rows::insert(conn, &data)?;
    get(conn, keys, id)
}

/// A page of requests by id.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut AnyConnection,
    keys: &Keyring,
    status: Option<ApprovalStatus>,
    within: Option<&[i64]>,
    page: Page,
) -> Result<Vec<Approval>, AppError> {
    rows::page(conn, status, within, page)?.into_iter().map(|row| view(conn, keys, row)).collect()
}

/// One request.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut AnyConnection, keys: &Keyring, id: i64) -> Result<Approval, AppError> {
    let row = rows::get(conn, id)?;
    view(conn, keys, row)
}

/// What was asked about a resident.
pub(super) fn of(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Approval>, AppError> {
    rows::of_resident(conn, resident)?.into_iter().map(|row| view(conn, keys, row)).collect()
}

/// Decides a request with a reason (PIPL 50), and does what was approved.
///
/// # Errors
/// `NotFound`; refused for one's own request and for one that was decided.
pub fn decide(
    conn: &mut AnyConnection,
    keys: &Keyring,
    (id, approve): (i64, bool),
    reason: &str,
    (now, today): (NaiveDateTime, NaiveDate),
    by: Option<i64>,
) -> Result<Approval, AppError> {
    let row = rows::get(conn, id)?;
    if row.data.status != ApprovalStatus::Requested {
        return Err(Refusal::WrongStatus.being(row.data.status.label()));
    }
    // Two without an account cannot be told apart.
    if row.data.requested_by == by {
        return Err(Refusal::OwnRequest.into());
    }
    let status = if approve { ApprovalStatus::Approved } else { ApprovalStatus::Refused };
    let sealed = keys.seal_text(SealedColumn::ApprovalDecision, reason).map_err(DbError::from)?;
    rows::decide(conn, id, status, (by, &sealed), now)?;
    if approve && !retention::erase_if_free(conn, keys, row.data.resident_id, (now, today))? {
        residents::restrict(conn, row.data.resident_id, today, now)?;
        referrals::reconsider(conn, row.data.resident_id, (now, today))?;
        enrolments::reconsider(conn, row.data.resident_id, (now, today))?;
    }
    get(conn, keys, id)
}

fn view(conn: &mut AnyConnection, keys: &Keyring, row: ApprovalRow) -> Result<Approval, AppError> {
    let data = row.data;
    let (restricted_on, erased_on) = residents::standing(conn, data.resident_id)?;
    let reason = keys.open_text(SealedColumn::ApprovalReason, &data.reason_cipher).map_err(DbError::from)?;
    let decision = data.decision_cipher.as_ref().map(|sealed| keys.open_text(SealedColumn::ApprovalDecision, sealed));
    let decision = decision.transpose().map_err(DbError::from)?;
    Ok(Approval {
        id: row.id,
        action: data.action,
        resident_id: data.resident_id,
        status: data.status,
        reason: Some(reason.as_str().to_owned()).filter(|_| erased_on.is_none()),
        requested_by: data.requested_by,
        decided_by: data.decided_by,
        decision: decision.map(|text| text.as_str().to_owned()).filter(|_| erased_on.is_none()),
        created_at: data.created_at,
        decided_at: data.decided_at,
        restricted_on,
        erased_on,
    })
}
