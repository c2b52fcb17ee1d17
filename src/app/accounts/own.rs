//! What somebody does with their own account: another password.
//!
//! Invariant: a new password ends every sign-in of the account, this one too; whoever changed it gets a new session, so a
//! token that was stolen before is worth nothing after.

use chrono::NaiveDateTime;

use super::passwords::{self, Password};
use super::rules::AccessRules;
use super::second_factor::check_password;
use super::sessions::{self, Opened};
use super::{own_words, rows};
use crate::app::access::Caller;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Db, Keyring};
use crate::db::sessions as session_rows;
use crate::domain::access::SessionKind;

/// A new password that may be set: its hash, and the hash of the one it replaces.
#[derive(Clone, Debug)]
pub struct Replacement {
    old: String,
    new: String,
}

/// Checks the present password and the new one. Needs a turn; writes nothing.
///
/// # Errors
/// `Invalid` at `/current_password` or `/new_password`.
pub fn check_new_password(
    db: &Db,
    caller: &Caller,
    current: Option<&Password>,
    new: Option<&Password>,
    now: NaiveDateTime,
) -> Result<Replacement, AppError> {
    let (row, rules, words) = db.read(|conn| -> Result<_, AppError> {
        let account = sessions::signed_in(conn, caller)?;
        let row = rows::get(conn, account)?;
        let words = own_words(conn, &row.data.login, &row.data.display_name, &caller.grants)?;
        Ok((row, AccessRules::load(conn, now)?, words))
    })?;
    check_password(row.data.password_hash.as_deref(), current, "/current_password")?;
    let new = new.ok_or_else(|| FieldError::new("/new_password", FieldCode::TooLong))?;
    if current == Some(new) {
        return Err(FieldError::new("/new_password", FieldCode::PasswordSame).into());
    }
    passwords::check(&rules, new, &words, "/new_password")?;
    let old = row.data.password_hash.ok_or(AppError::NotFound)?;
    Ok(Replacement { old, new: passwords::hash(new)? })
}

/// Sets the new password, ends every sign-in and begins a new one. API tokens stay: they do not rest on the password.
///
/// # Errors
/// `Invalid` at `/current_password` if it was changed meanwhile.
pub fn change_password(
    conn: &mut Connection,
    keys: &Keyring,
    caller: &Caller,
    replacement: &Replacement,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    let account = sessions::signed_in(conn, caller)?;
    let (session, mut row) = (caller.session.ok_or(AppError::NotFound)?, rows::get(conn, account)?);
    if row.data.password_hash.as_deref() != Some(&replacement.old) {
        return Err(FieldError::new("/current_password", FieldCode::WrongPassword).into());
    }
    row.data.password_hash = Some(replacement.new.clone());
    row.data.password_set_at = Some(now);
    row.data.must_change_password = false;
    rows::update(conn, account, row.version, &row.data, now)?;
    let label = session_rows::get(conn, session)?.data.label;
    session_rows::revoke_all(conn, account, &[SessionKind::Session], None, now)?;
    sessions::open(conn, keys, account, &label, caller.second_factor, now)
}

/// Checks the password of whoever is signed in, for an act that asks for it again. Needs a turn; writes nothing. Gives the
/// hash it fits, so that the act can tell that it still holds.
///
/// # Errors
/// `Invalid` at `/password`.
pub fn confirm_password(db: &Db, caller: &Caller, password: Option<&Password>) -> Result<String, AppError> {
    let hash = db.read(|conn| -> Result<_, AppError> {
        let account = sessions::signed_in(conn, caller)?;
        Ok(rows::get(conn, account)?.data.password_hash)
    })?;
    check_password(hash.as_deref(), password, "/password")?;
    hash.ok_or(AppError::NotFound)
}
