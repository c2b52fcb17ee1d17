//! What employers are told: read by their HR, one by one or as a list of what is new.

use chrono::NaiveDateTime;

use crate::app::error::AppError;
use crate::app::{Connection, Moment, Page};
use crate::db::notices::{self as rows, NoticeData};
pub use crate::db::notices::{NoticeFilter, NoticeRow};
use crate::domain::referral::NoticeKind;

/// Tells an employer something, of a referral or of a posting as such.
pub(super) fn tell(
    conn: &mut Connection,
    employer: i64,
    kind: NoticeKind,
    (referral, posting): (Option<i64>, i64),
    (now, today): Moment,
) -> Result<(), AppError> {
    let notice = NoticeData {
        employer_id: employer,
        kind,
        referral_id: referral,
        posting_id: Some(posting),
        created_on: today,
        read_at: None,
        read_by: None,
        created_at: now,
    };
    rows::insert(conn, &notice)?;
    Ok(())
}

/// A page of notices by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &NoticeFilter, page: Page) -> Result<Vec<NoticeRow>, AppError> {
    Ok(rows::page(conn, filter, page)?)
}

/// Notes that a notice was read; who read it first stays.
///
/// # Errors
/// `NotFound`.
pub fn read(conn: &mut Connection, id: i64, by: Option<i64>, now: NaiveDateTime) -> Result<NoticeRow, AppError> {
    rows::mark_read(conn, id, by, now)?;
    Ok(rows::get(conn, id)?)
}

/// The newest notices, newest first; `before` is the id of the last one seen.
///
/// # Errors
/// If the database fails.
pub fn latest(
    conn: &mut Connection,
    filter: &NoticeFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<NoticeRow>, AppError> {
    Ok(rows::latest(conn, filter, before, limit)?)
}

/// Notes that everything these employers were told up to a notice was read.
///
/// # Errors
/// If the database fails.
pub fn read_all(
    conn: &mut Connection,
    employers: &[i64],
    last: i64,
    who: (Option<i64>, NaiveDateTime),
) -> Result<(), AppError> {
    Ok(rows::mark_all_read(conn, employers, last, who)?)
}
