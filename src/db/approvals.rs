//! What needs two people: asked for with a reason, decided once.
//!
//! Invariant (CHECK): two different accounts; (unique index) one open request for a resident and action.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::access::residents_within;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, Page, Stored};
use super::schema::approvals;
use super::seal::Sealed;
use crate::domain::privacy::{ApprovalAction, ApprovalStatus};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "审批", en: "approval" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = approvals, treat_none_as_default_value = false)]
pub struct ApprovalData {
    pub action: ApprovalAction,
    pub resident_id: i64,
    pub reason_cipher: Sealed,
    pub requested_by: Option<i64>,
    pub status: ApprovalStatus,
    pub decided_by: Option<i64>,
    pub decision_cipher: Option<Sealed>,
    pub created_at: NaiveDateTime,
    pub decided_at: Option<NaiveDateTime>,
}

pub type ApprovalRow = Stored<ApprovalData>;

rows::stored!(approvals, ApprovalData, WHAT);

/// What was asked about a resident, by id.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<ApprovalRow>> {
    Ok(approvals::table
        .filter(approvals::resident_id.eq(resident))
        .select((approvals::id, ApprovalData::as_select()))
        .order(approvals::id)
        .load(conn)?)
}

/// A page by id; `None` = of any state.
/// Those about residents in these areas; `None` = about anybody.
pub fn page(
    conn: &mut AnyConnection,
    status: Option<ApprovalStatus>,
    within: Option<&[i64]>,
    page: Page,
) -> DbResult<Vec<ApprovalRow>> {
    let mut query = approvals::table.into_boxed();
    if let Some(status) = status {
        query = query.filter(approvals::status.eq(status));
    }
    if let Some(areas) = within {
        query = query.filter(approvals::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query
        .filter(approvals::id.gt(page.after))
        .order(approvals::id)
        .limit(page.limit)
        .select((approvals::id, ApprovalData::as_select()))
        .load(conn)?)
}

/// Writes a decision down; `Changed` if there is one.
pub fn decide(
    conn: &mut AnyConnection,
    id: i64,
    status: ApprovalStatus,
    (by, reason): (Option<i64>, &Sealed),
    now: NaiveDateTime,
) -> DbResult<()> {
    let changed = diesel::update(approvals::table.find(id))
        .filter(approvals::status.eq(ApprovalStatus::Requested))
        .set((
            approvals::status.eq(status),
            approvals::decided_by.eq(by),
            approvals::decision_cipher.eq(reason),
            approvals::decided_at.eq(now),
        ))
        .execute(conn)?;
    if changed == 1 {
        return Ok(());
    }
    get(conn, id)?;
    Err(DbError::Changed(WHAT))
}
