//! Who did or read what: entries bound to one another by a keyed hash, written with the change they tell of.

use chrono::NaiveDateTime;

use super::access::{Act, ObjectKind};
use super::error::AppError;
use super::{Connection, Keyring};

/// The rows of one object as text, to be compared with what they are after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State;

/// The rows of an object; `None` if there is no such object.
///
/// # Errors
/// If the database fails.
pub fn state(_: &mut Connection, _: &Keyring, _: ObjectKind, _: i64) -> Result<Option<State>, AppError> {
    Ok(None)
}

/// What happened in an act.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// The object's rows before and after, where it was changed.
    pub before: Option<State>,
    pub after: Option<State>,
    /// Residents whose data was read or changed.
    pub subjects: Vec<i64>,
    /// More to keep, sealed.
    pub detail: Option<serde_json::Value>,
}

/// Adds an entry; part of the transaction that has the effect. Gives its number.
///
/// # Errors
/// If the database fails.
pub fn append(_: &mut Connection, _: &Keyring, _: &Act, _: &Happened, _: NaiveDateTime) -> Result<i64, AppError> {
    Ok(0)
}
