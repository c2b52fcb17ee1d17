//! What employers are told: read by their HR, one by one or as a list of what is new.

use chrono::NaiveDateTime;

use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::db::notices as rows;
pub use crate::db::notices::{NoticeFilter, NoticeRow};

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
