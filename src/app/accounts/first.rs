//! The first administrator: who may make the account all others are made with?
//!
//! Whoever reads the output of the server's start. While there is no account, each start makes one secret, which replaces the
//! one before, works once and for a day; only its keyed hash is kept. So there is no default account and no default password,
//! and a service that was reachable before it was set up cannot be taken over by whoever comes first.

use chrono::{NaiveDateTime, TimeDelta};

use super::passwords::{self, Password};
use super::reset::{self, OneTime};
use super::rules::AccessRules;
use super::secrets;
use super::{Account, Initial, NewAccount, own_words, rows};
use crate::app::access::Grant;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Db, Keyring};
use crate::db::sessions::secrets::{self as secret_rows, SecretRow};
use crate::domain::access::{Login, Role, SecretKind};

/// How long the secret works.
pub const SECRET_LASTS: TimeDelta = TimeDelta::hours(24);

/// A new secret for the first administrator; `None` if there are accounts.
///
/// # Errors
/// If the database fails.
pub fn announce(db: &Db, now: NaiveDateTime) -> Result<Option<OneTime>, AppError> {
    db.write(|conn| -> Result<_, AppError> {
        if rows::any(conn)? {
            return Ok(None);
        }
        secret_rows::forget(conn, SecretKind::FirstAdministrator, None)?;
        let until = now + SECRET_LASTS;
        reset::make(conn, db.keys(), SecretKind::FirstAdministrator, None, now, until).map(Some)
    })
}

/// Whoever is to be the first administrator.
#[derive(Clone, Debug)]
pub struct First {
    pub login: Login,
    pub display_name: String,
}

/// Checks the secret and the password; gives the password's hash. Needs a turn; writes nothing.
///
/// # Errors
/// `Invalid` at `/secret` or `/password`.
pub fn check(
    db: &Db,
    secret: &str,
    first: &First,
    password: Option<&Password>,
    now: NaiveDateTime,
) -> Result<String, AppError> {
    let (rules, words) = db.read(|conn| -> Result<_, AppError> {
        find(conn, db.keys(), secret, now)?;
        let words = own_words(conn, first.login.as_str(), &first.display_name, &[])?;
        Ok((AccessRules::load(conn, now)?, words))
    })?;
    let password = password.ok_or_else(|| FieldError::new("/password", FieldCode::TooLong))?;
    passwords::check(&rules, password, &words, "/password")?;
    passwords::hash(password)
}

/// Makes the account and uses the secret up.
///
/// # Errors
/// `Invalid` at `/secret` if it was used, or if there is an account meanwhile.
pub fn make(
    conn: &mut Connection,
    keys: &Keyring,
    secret: &str,
    first: &First,
    hash: &str,
    now: NaiveDateTime,
) -> Result<Account, AppError> {
    let secret = find(conn, keys, secret, now)?;
    secret_rows::used(conn, secret.id, now)?;
    let new = NewAccount {
        login: first.login.clone(),
        display_name: first.display_name.clone(),
        grants: vec![Grant { role: Role::Administrator, area: None, employer: None }],
    };
    super::create(conn, &new, Some(&Initial { hash: hash.to_owned(), is_temporary: false }), now)
}

fn find(conn: &mut Connection, keys: &Keyring, secret: &str, now: NaiveDateTime) -> Result<SecretRow, AppError> {
    let bad = || AppError::from(FieldError::new("/secret", FieldCode::BadSecret));
    if rows::any(conn)? {
        return Err(bad());
    }
    let index = secrets::one_time_index(keys, secret).ok_or_else(bad)?;
    secret_rows::usable(conn, SecretKind::FirstAdministrator, &index, now)?.ok_or_else(bad)
}
