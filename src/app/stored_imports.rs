//! Import batches and their findings as they were stored.

use super::error::AppError;
use super::{Connection, Page};
use crate::db::imports::{self as rows, findings};
pub use crate::db::imports::{BatchRow as Batch, findings::FindingData as Finding};
use crate::domain::codes::Severity;

/// Batches by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, page: Page) -> Result<Vec<Batch>, AppError> {
    Ok(rows::page(conn, page)?)
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, id: i64) -> Result<Batch, AppError> {
    Ok(rows::get(conn, id)?)
}

/// The findings of a batch with their ids, of one severity or of all.
///
/// # Errors
/// `NotFound`.
pub fn findings(
    conn: &mut Connection,
    batch: i64,
    severity: Option<Severity>,
    page: Page,
) -> Result<Vec<(i64, Finding)>, AppError> {
    rows::get(conn, batch)?;
    Ok(findings::page(conn, batch, severity, page)?.into_iter().map(|row| (row.id, row.data)).collect())
}

/// Batches before an id, newest first.
///
/// # Errors
/// If the database fails.
pub fn latest(conn: &mut Connection, before: Option<i64>, limit: i64) -> Result<Vec<Batch>, AppError> {
    Ok(rows::latest(conn, before, limit)?)
}
