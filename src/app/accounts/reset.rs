//! A lost password: an administrator ends the old one and hands over a secret that sets a new one.
//!
//! Invariant: nobody but the owner knows the new password. The secret works once, for [`SECRET_LASTS`]; only its keyed hash
//! is kept; a second reset replaces it. With the reset every sign-in and token of the account ends.

use chrono::{NaiveDateTime, TimeDelta};

use super::passwords::{self, Password};
use super::rules::AccessRules;
use super::secrets::{self, Secret};
use super::{Initial, end_all, own_words, rows, second_factor};
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Db, Keyring};
use crate::db::sessions::secrets::{self as secret_rows, SecretData, SecretRow};
use crate::domain::access::SecretKind;

/// How long the secret works: over a weekend, not over a month.
pub const SECRET_LASTS: TimeDelta = TimeDelta::hours(72);

/// A secret and how long it works.
#[derive(Clone, Debug)]
pub struct OneTime {
    pub secret: Secret,
    pub expires_at: NaiveDateTime,
}

/// Takes the password of an account away and gives a secret that sets a new one; with `second_factor` that is taken away too.
///
/// # Errors
/// `NotFound`; refused for a disabled account.
pub fn begin(
    conn: &mut Connection,
    keys: &Keyring,
    account: i64,
    second_factor: bool,
    now: NaiveDateTime,
) -> Result<OneTime, AppError> {
    let mut row = rows::get(conn, account)?;
    if row.data.disabled_at.is_some() {
        return Err(Refusal::AccountDisabled.into());
    }
    row.data.password_hash = None;
    row.data.password_set_at = None;
    row.data.must_change_password = false;
    rows::update(conn, account, row.version, &row.data, now)?;
    if second_factor {
        second_factor::clear(conn, account, now)?;
    }
    end_all(conn, account, now)?;
    secret_rows::forget(conn, SecretKind::Reset, Some(account))?;
    make(conn, keys, SecretKind::Reset, Some(account), now, now + SECRET_LASTS)
}

pub(super) fn make(
    conn: &mut Connection,
    keys: &Keyring,
    kind: SecretKind,
    account_id: Option<i64>,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<OneTime, AppError> {
    let secret = secrets::one_time();
    let secret_index = secrets::one_time_index(keys, secret.reveal()).ok_or(AppError::NotFound)?;
    secret_rows::insert(
        conn,
        &SecretData { kind, account_id, secret_index, created_at: now, expires_at, used_at: None },
    )?;
    Ok(OneTime { secret, expires_at })
}

/// Gives an account another password, and ends every sign-in and token of it: for the operator.
///
/// # Errors
/// `NotFound`; refused for a disabled account.
pub fn set_password(
    conn: &mut Connection,
    account: i64,
    initial: &Initial,
    second_factor: bool,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let mut row = rows::get(conn, account)?;
    if row.data.disabled_at.is_some() {
        return Err(Refusal::AccountDisabled.into());
    }
    row.data.password_hash = Some(initial.hash.clone());
    row.data.password_set_at = Some(now);
    row.data.must_change_password = initial.is_temporary;
    rows::update(conn, account, row.version, &row.data, now)?;
    if second_factor {
        second_factor::clear(conn, account, now)?;
    }
    secret_rows::forget(conn, SecretKind::Reset, Some(account))?;
    end_all(conn, account, now)
}

/// Checks a secret and the password it is to set; gives that password's hash. Needs a turn; writes nothing.
///
/// # Errors
/// `Invalid` at `/secret` or `/password`.
pub fn check(db: &Db, secret: &str, password: Option<&Password>, now: NaiveDateTime) -> Result<String, AppError> {
    let (rules, words) = db.read(|conn| -> Result<_, AppError> {
        let (_, account) = find(conn, db.keys(), secret, now)?;
        let account = super::get(conn, account)?;
        let words = own_words(conn, &account.login, &account.display_name, &account.grants)?;
        Ok((AccessRules::load(conn, now)?, words))
    })?;
    let password = password.ok_or_else(|| FieldError::new("/password", FieldCode::TooLong))?;
    passwords::check(&rules, password, &words, "/password")?;
    passwords::hash(password)
}

/// Uses a secret up and sets the password. Gives the account. Nobody is signed in by it: the second factor may be due.
///
/// # Errors
/// `Invalid` at `/secret` if it was used meanwhile.
pub fn finish(
    conn: &mut Connection,
    keys: &Keyring,
    secret: &str,
    hash: &str,
    now: NaiveDateTime,
) -> Result<i64, AppError> {
    let (secret, account) = find(conn, keys, secret, now)?;
    secret_rows::used(conn, secret.id, now)?;
    let mut row = rows::get(conn, account)?;
    row.data.password_hash = Some(hash.to_owned());
    row.data.password_set_at = Some(now);
    row.data.must_change_password = false;
    rows::update(conn, account, row.version, &row.data, now)?;
    end_all(conn, account, now)?;
    Ok(account)
}

fn find(conn: &mut Connection, keys: &Keyring, secret: &str, now: NaiveDateTime) -> Result<(SecretRow, i64), AppError> {
    let bad = || AppError::from(FieldError::new("/secret", FieldCode::BadSecret));
    let index = secrets::one_time_index(keys, secret).ok_or_else(bad)?;
    let row = secret_rows::usable(conn, SecretKind::Reset, &index, now)?.ok_or_else(bad)?;
    let account = row.data.account_id.ok_or_else(bad)?;
    if rows::get(conn, account)?.data.disabled_at.is_some() {
        return Err(bad());
    }
    Ok((row, account))
}
