//! Accounts.
use chrono::NaiveDateTime;

use super::access::Caller;
use super::error::AppError;
use super::{Connection, Keyring};

/// # Errors
/// If the database fails.
pub fn authenticate(_: &mut Connection, _: &Keyring, _: &str, _: NaiveDateTime) -> Result<Option<Caller>, AppError> {
    Ok(None)
}
