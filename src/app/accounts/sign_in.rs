//! Signing in: is it this person?
//!
//! Three steps. [`SignIn::admit`] counts the attempt (no database); [`check`] reads the account and does the work of a
//! password check, off the async threads and in turn; [`open`] takes the second factor's code and begins the session, in one
//! transaction. Unknown login, disabled account, no password, wrong password and wrong code get the same answer, the first
//! four after the same work.
//!
//! Invariant: at most half of the cores check passwords at once and at most [`WAITING`] wait, so a flood of sign-ins holds a
//! bounded amount of memory (19 MiB for each that runs) and leaves cores to people who are signed in. Whoever finds no place
//! is told so at once.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::passwords::{self, Password};
use super::sessions::{self, Opened};
use super::throttle::{Attempt, Throttle};
use super::{rows, second_factor, secrets};
use crate::app::error::AppError;
use crate::app::{Connection, Db, Keyring};
use crate::db::sessions as session_rows;
use crate::domain::access::Login;

/// How many password checks may wait: 128 take two or three seconds of one core, as long as a person waits.
pub const WAITING: usize = 128;

/// How long a password somebody was given may be used to sign in.
pub const TEMPORARY_LASTS: TimeDelta = TimeDelta::days(7);

/// Counts attempts and gives turns. One per process, shared by all workers.
#[derive(Clone)]
pub struct SignIn(Arc<Inner>);

struct Inner {
    throttle: Throttle,
    /// A core to work on.
    cores: Arc<Semaphore>,
    /// A place to work or to wait.
    places: Arc<Semaphore>,
}

impl Default for SignIn {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).div_ceil(2);
        Self(Arc::new(Inner {
            throttle: Throttle::default(),
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores + WAITING)),
        }))
    }
}

/// A turn to hash; given back when dropped.
pub struct Turn {
    _place: OwnedSemaphorePermit,
    _core: OwnedSemaphorePermit,
}

impl SignIn {
    /// Waits for a turn to hash.
    ///
    /// # Errors
    /// `Busy` at once if too many wait already.
    pub async fn turn(&self) -> Result<Turn, AppError> {
        let place = Arc::clone(&self.0.places).try_acquire_owned().map_err(|_| AppError::Busy)?;
        let core = Arc::clone(&self.0.cores).acquire_owned().await.map_err(|_| AppError::Busy)?;
        Ok(Turn { _place: place, _core: core })
    }

    /// Lets an attempt in.
    ///
    /// # Errors
    /// `TooManyAttempts`.
    pub fn admit(&self, login: &str, address: IpAddr, now: NaiveDateTime) -> Result<Attempt, AppError> {
        // Whatever can be no login shares one place, so no long text is hashed.
        let login = Login::parse(login);
        self.0.throttle.take(login.as_ref().map_or("", Login::as_str), address, now)
    }

    /// Says how an attempt ended. One whose end nobody tells counts as failed: hanging up is no way around.
    pub fn settle(&self, attempt: Attempt, ended: Ended) {
        match ended {
            Ended::Succeeded => self.0.throttle.succeeded(attempt),
            Ended::Failed => {}
            Ended::NotLookedAt => self.0.throttle.give_back(attempt),
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The failures before it are forgotten.
    Succeeded,
    Failed,
    /// Busy, or a fault of ours: it does not count.
    NotLookedAt,
}

impl Ended {
    /// How the attempt with this result ended.
    #[must_use]
    pub fn of<T>(result: &Result<T, AppError>) -> Self {
        match result {
            Ok(_) => Self::Succeeded,
            Err(AppError::SignInRefused | AppError::Invalid(_)) => Self::Failed,
            Err(_) => Self::NotLookedAt,
        }
    }
}

/// What somebody typed.
#[derive(Clone, Debug)]
pub struct Typed {
    pub login: String,
    /// `None` = longer than any password.
    pub password: Option<Password>,
    /// Code of the second factor.
    pub code: Option<String>,
}

/// Somebody whose password is right. Not signed in yet.
#[derive(Clone, Debug)]
pub struct Checked {
    account: i64,
    hash: String,
    /// The same password hashed with today's parameters, if the stored hash is weaker.
    stronger: Option<String>,
    code: Option<String>,
}

/// Checks login and password. Needs a [`Turn`]; writes nothing.
///
/// # Errors
/// `SignInRefused`.
pub fn check(db: &Db, typed: &Typed, now: NaiveDateTime) -> Result<Checked, AppError> {
    let login = Login::parse(&typed.login);
    let account = match &login {
        Some(login) => db.read(|conn| -> Result<_, AppError> { Ok(rows::by_login(conn, login.as_str())?) })?,
        None => None,
    };
    let usable = |data: &rows::AccountData| {
        let stale = data.must_change_password && data.password_set_at.is_none_or(|set| now - set > TEMPORARY_LASTS);
        data.disabled_at.is_none() && !stale
    };
    let account = account.filter(|account| usable(&account.data));
    let hash = account.as_ref().and_then(|account| account.data.password_hash.clone());
    // No password is longer, so nothing can be the one; the work is done all the same.
    let empty = Password::new("").ok_or(AppError::SignInRefused)?;
    let fits = passwords::fits(typed.password.as_ref().unwrap_or(&empty), hash.as_deref());
    let (Some(account), Some(hash), Some(password), true) = (account, hash, &typed.password, fits) else {
        return Err(AppError::SignInRefused);
    };
    let stronger = passwords::is_weak(&hash).then(|| passwords::hash(password)).transpose()?;
    Ok(Checked { account: account.id, hash, stronger, code: typed.code.clone() })
}

/// Begins a session with a new token; the session of the cookie the browser came with ends, so a token planted there before
/// sign-in is worth nothing.
///
/// # Errors
/// `SignInRefused` if the second factor's code is wrong, or the account changed since it was checked.
pub fn open(
    conn: &mut Connection,
    keys: &Keyring,
    checked: &Checked,
    came_with: Option<&str>,
    label: &str,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    let row = rows::get(conn, checked.account)?;
    if row.data.disabled_at.is_some() || row.data.password_hash.as_deref() != Some(&checked.hash) {
        return Err(AppError::SignInRefused);
    }
    let has_factor = row.data.totp_confirmed_at.is_some();
    if has_factor {
        let code = checked.code.as_deref().ok_or(AppError::SignInRefused)?;
        if !second_factor::take_code(conn, keys, &row, code, now)? {
            return Err(AppError::SignInRefused);
        }
    }
    if let Some(stronger) = &checked.stronger {
        rows::rehash(conn, checked.account, &checked.hash, stronger)?;
    }
    end(conn, keys, came_with, now)?;
    sessions::open(conn, keys, checked.account, label, has_factor, now)
}

/// Ends the session of a token, whoever's it is: who holds it may end it.
///
/// # Errors
/// If the database fails.
pub fn end(conn: &mut Connection, keys: &Keyring, token: Option<&str>, now: NaiveDateTime) -> Result<(), AppError> {
    let Some(index) = token.and_then(|token| secrets::token_index(keys, token)) else { return Ok(()) };
    if let Some(session) = session_rows::by_token(conn, &index)? {
        session_rows::revoke(conn, session.id, now)?;
    }
    Ok(())
}
