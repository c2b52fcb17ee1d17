//! Standing decisions of counselors: this resident to that posting, or never.
//!
//! A decision holds from the next proposal on until it is ended; a plan already made is not changed. At most one decision stands for
//! a pair and at most one pin for a resident. Whether a pin can be kept (gates, vacancies, the household's limit) is found out when a
//! plan is proposed, because it depends on the records of that moment.

use chrono::NaiveDateTime;

use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Page};
pub use crate::db::plan_pins::PinFilter;
use crate::db::plan_pins::{self as rows, PinData, PinRow};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, Keyring, postings, residents};
use crate::domain::codes::PinKind;

/// A decision, standing or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub id: i64,
    pub resident_id: i64,
    pub posting_id: i64,
    pub kind: PinKind,
    /// Sealed at rest.
    pub reason: String,
    pub made_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
}

fn opened(keys: &Keyring, row: PinRow) -> Result<Pin, AppError> {
    let reason = reason(keys, &row.data)?;
    let PinData { resident_id, posting_id, kind, made_at, ended_at, .. } = row.data;
    Ok(Pin { id: row.id, resident_id, posting_id, kind, reason, made_at, ended_at })
}

/// Why a decision was made.
pub(super) fn reason(keys: &Keyring, data: &PinData) -> Result<String, AppError> {
    let reason = keys.open_text(SealedColumn::PlanPinReason, &data.reason_cipher).map_err(DbError::from)?;
    Ok(reason.as_str().to_owned())
}

/// A page of decisions by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, keys: &Keyring, filter: &PinFilter, page: Page) -> Result<Vec<Pin>, AppError> {
    rows::page(conn, filter, page)?.into_iter().map(|row| opened(keys, row)).collect()
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64) -> Result<Pin, AppError> {
    opened(keys, rows::get(conn, id)?)
}

/// Makes a decision.
///
/// # Errors
/// `Invalid` if there is no such resident or posting; refused if a decision about the pair, or another pin of the resident,
/// stands.
pub fn make(
    conn: &mut Connection,
    keys: &Keyring,
    (resident_id, posting_id, kind): (i64, i64, PinKind),
    reason: &str,
    now: NaiveDateTime,
) -> Result<Pin, AppError> {
    check_exists(residents::get(conn, resident_id).map(|_| ()), "/resident_id")?;
    check_exists(postings::get(conn, posting_id).map(|_| ()), "/posting_id")?;
    let reason_cipher = keys.seal_text(SealedColumn::PlanPinReason, reason).map_err(DbError::from)?;
    let data = PinData { resident_id, posting_id, kind, reason_cipher, made_at: now, ended_at: None };
    let id = rows::insert(conn, &data).map_err(|error| match error {
        DbError::Conflict(_) => Refusal::PairDecided.into(),
        error => AppError::from(error),
    })?;
    get(conn, keys, id)
}

/// Ends a decision: the next proposal is made without it.
///
/// # Errors
/// `NotFound`; refused if it has ended.
pub fn end(conn: &mut Connection, keys: &Keyring, id: i64, now: NaiveDateTime) -> Result<Pin, AppError> {
    match rows::end(conn, id, now) {
        Ok(()) => get(conn, keys, id),
        Err(DbError::Changed(_)) => Err(Refusal::PinEnded.into()),
        Err(error) => Err(error.into()),
    }
}

fn check_exists(found: Result<(), DbError>, pointer: &str) -> Result<(), AppError> {
    match found {
        Err(DbError::NotFound(_)) => Err(FieldError::new(pointer, FieldCode::NoSuchRecord).into()),
        found => Ok(found?),
    }
}
