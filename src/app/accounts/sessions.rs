//! Sign-ins and API tokens: who sends this request?
//!
//! Invariant: the account, its roles and the session are read for every request, so disabling, revoking and a change of
//! roles hold from the next one. A token is looked up by its keyed hash only. A session ends `idle` after its last use and
//! `absolute` after sign-in, whichever is first; an API token on the day chosen when it was made, at most a year ahead.
//!
//! Cost of recognising a request: four reads by key. The time of last use moves once a minute ([`touch`]), so a session may
//! end up to a minute before it was unused for the full time, and a read costs no write.

use chrono::{NaiveDateTime, TimeDelta};

use super::rules::AccessRules;
use super::secrets::{self, Secret};
use crate::app::access::Caller;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Db, Keyring};
use crate::db::accounts as account_rows;
use crate::db::seal::{BlindIndex, IndexField};
use crate::db::sessions::{self as rows, SessionData, SessionRow};
use crate::domain::access::{ActorKind, SessionKind};

/// How often a use is noted.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// The longest an API token lasts, days.
pub const MOST_TOKEN_DAYS: i64 = 365;

/// Somebody who was recognised, and what the door needs to know beside.
#[derive(Clone, Debug)]
pub struct Recognised {
    pub caller: Caller,
    pub kind: SessionKind,
    /// The last noted use is more than a minute ago: [`touch`] is due.
    pub touch_due: bool,
}

/// Who sends this token; `None` if nobody does any more.
///
/// # Errors
/// If the database fails.
pub fn authenticate(
    conn: &mut Connection,
    keys: &Keyring,
    token: &str,
    now: NaiveDateTime,
) -> Result<Option<Caller>, AppError> {
    Ok(recognise(conn, keys, token, now)?.map(|recognised| recognised.caller))
}

/// [`authenticate`] with what the door needs to know beside.
///
/// # Errors
/// If the database fails.
pub fn recognise(
    conn: &mut Connection,
    keys: &Keyring,
    token: &str,
    now: NaiveDateTime,
) -> Result<Option<Recognised>, AppError> {
    let Some(index) = secrets::token_index(keys, token) else { return Ok(None) };
    let Some(SessionRow { id, data: session }) = rows::by_token(conn, &index)? else { return Ok(None) };
    let rules = AccessRules::load(conn, now)?;
    if session.revoked_at.is_some() || is_over(&session, &rules, now) {
        return Ok(None);
    }
    let account = account_rows::get(conn, session.account_id)?.data;
    if account.disabled_at.is_some() {
        return Ok(None);
    }
    let grants = super::grants_of(conn, session.account_id)?;
    let needs_factor = grants.iter().any(|grant| rules.second_factor.contains(&grant.role));
    // A program cannot type a new password, and its token is of its own: a password that is too old does not stop it.
    let is_person = session.kind == SessionKind::Session;
    let must_change = account.must_change_password || rules.is_expired(account.password_set_at, now);
    let caller = Caller {
        kind: ActorKind::Account,
        account: Some(session.account_id),
        session: Some(id),
        name: account.login,
        grants,
        second_factor: session.second_factor,
        must_change_password: is_person && must_change,
        must_set_up_second_factor: needs_factor && account.totp_confirmed_at.is_none(),
    };
    let touch_due = now - session.last_used_at >= NOTED_EVERY;
    Ok(Some(Recognised { caller, kind: session.kind, touch_due }))
}

fn is_over(session: &SessionData, rules: &AccessRules, now: NaiveDateTime) -> bool {
    let person = session.kind == SessionKind::Session;
    // The rule of today holds, should it be stricter than the one at sign-in.
    let too_old = person && now >= session.created_at + rules.absolute;
    let idle = person && now - session.last_used_at >= rules.idle;
    now >= session.expires_at || too_old || idle
}

/// Notes that a session was used, at most once a minute.
///
/// # Errors
/// If the database fails.
pub fn touch(db: &Db, session: i64, now: NaiveDateTime) -> Result<(), AppError> {
    db.write(|conn| -> Result<(), AppError> { Ok(rows::touch(conn, session, now - NOTED_EVERY, now)?) })
}

/// A sign-in or token made just now. Its secret is not kept and cannot be shown again.
#[derive(Clone, Debug)]
pub struct Opened {
    pub id: i64,
    pub account: i64,
    pub token: Secret,
    pub expires_at: NaiveDateTime,
}

/// Begins a sign-in.
pub(super) fn open(
    conn: &mut Connection,
    keys: &Keyring,
    account: i64,
    label: &str,
    second_factor: bool,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    let lasts = AccessRules::load(conn, now)?.absolute;
    insert(conn, keys, SessionKind::Session, account, label, second_factor, now, now + lasts)
}

/// Makes an API token of the account that is signed in.
///
/// # Errors
/// `Invalid` for more than [`MOST_TOKEN_DAYS`]; refused for a caller that is itself a token.
pub fn make_token(
    conn: &mut Connection,
    keys: &Keyring,
    caller: &Caller,
    label: &str,
    days: i64,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    let account = signed_in(conn, caller)?;
    add_token(conn, keys, account, label, days, caller.second_factor, now)
}

/// Makes an API token of any account: for the operator.
///
/// # Errors
/// `Invalid` for more than [`MOST_TOKEN_DAYS`]; refused for a disabled account.
pub fn make_token_for(
    conn: &mut Connection,
    keys: &Keyring,
    account: i64,
    label: &str,
    days: i64,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    if super::get(conn, account)?.disabled_at.is_some() {
        return Err(Refusal::AccountDisabled.into());
    }
    add_token(conn, keys, account, label, days, false, now)
}

fn add_token(
    conn: &mut Connection,
    keys: &Keyring,
    account: i64,
    label: &str,
    days: i64,
    second_factor: bool,
    now: NaiveDateTime,
) -> Result<Opened, AppError> {
    if !(1..=MOST_TOKEN_DAYS).contains(&days) {
        return Err(FieldError::new("/days", FieldCode::OutOfRange).into());
    }
    let until = now + TimeDelta::days(days);
    insert(conn, keys, SessionKind::ApiToken, account, label, second_factor, now, until)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn insert(
    conn: &mut Connection,
    keys: &Keyring,
    kind: SessionKind,
    account: i64,
    label: &str,
    second_factor: bool,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<Opened, AppError> {
    let token = secrets::token(kind);
    let token_index = keys.index(IndexField::SessionToken, token.reveal().as_bytes());
    let data = SessionData {
        account_id: account,
        kind,
        token_index,
        label: label.to_owned(),
        second_factor,
        created_at: now,
        last_used_at: now,
        expires_at,
        revoked_at: None,
    };
    let id = rows::insert(conn, &data)?;
    Ok(Opened { id, account, token, expires_at })
}

/// The account of somebody who is signed in in person.
///
/// # Errors
/// Refused for an API token; `NotFound` for whoever has no account.
pub(super) fn signed_in(conn: &mut Connection, caller: &Caller) -> Result<i64, AppError> {
    let (Some(account), Some(session)) = (caller.account, caller.session) else { return Err(AppError::NotFound) };
    match rows::get(conn, session)?.data.kind {
        SessionKind::Session => Ok(account),
        SessionKind::ApiToken => Err(Refusal::SignInNeeded.into()),
    }
}

/// A sign-in or token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: i64,
    pub kind: SessionKind,
    pub label: String,
    pub second_factor: bool,
    pub created_at: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
}

/// What of an account is open, oldest first.
///
/// # Errors
/// If the database fails.
pub fn list(conn: &mut Connection, account: i64, now: NaiveDateTime) -> Result<Vec<Session>, AppError> {
    let rules = AccessRules::load(conn, now)?;
    let open = rows::live(conn, account, now)?.into_iter().filter(|row| !is_over(&row.data, &rules, now));
    Ok(open
        .map(|SessionRow { id, data }| Session {
            id,
            kind: data.kind,
            label: data.label,
            second_factor: data.second_factor,
            created_at: data.created_at,
            last_used_at: data.last_used_at,
            expires_at: data.expires_at,
        })
        .collect())
}

/// Ends one sign-in or token of an account.
///
/// # Errors
/// `NotFound` if it is another's, as if there were none.
pub fn revoke(conn: &mut Connection, account: i64, session: i64, now: NaiveDateTime) -> Result<(), AppError> {
    if rows::get(conn, session)?.data.account_id != account {
        return Err(AppError::NotFound);
    }
    Ok(rows::revoke(conn, session, now)?)
}

/// Ends every sign-in and token of an account; gives how many.
///
/// # Errors
/// `NotFound`.
pub fn revoke_all(conn: &mut Connection, account: i64, now: NaiveDateTime) -> Result<usize, AppError> {
    super::get(conn, account)?;
    Ok(rows::revoke_all(conn, account, SessionKind::ALL, None, now)?)
}

/// What a form or script of a session shows to prove that it is a page of that session: a keyed hash of the token's hash.
/// It changes with every sign-in, opens nothing by itself, and cannot be made from the database without the keys.
fn csrf_index(keys: &Keyring, token: &BlindIndex) -> BlindIndex {
    keys.index(IndexField::CsrfToken, token.as_bytes())
}

/// The CSRF token of the session with this session token; `None` if it is no token.
#[must_use]
pub fn csrf_token(keys: &Keyring, token: &str) -> Option<String> {
    secrets::token_index(keys, token).map(|index| csrf_index(keys, &index).to_hex())
}

/// The CSRF token of the session a caller came with.
///
/// # Errors
/// `NotFound` if the caller came with none.
pub fn csrf_token_of(conn: &mut Connection, keys: &Keyring, caller: &Caller) -> Result<String, AppError> {
    let session = rows::get(conn, caller.session.ok_or(AppError::NotFound)?)?;
    Ok(csrf_index(keys, &session.data.token_index).to_hex())
}

/// Whether what a request shows is the CSRF token of its session. Takes the same time wherever they differ.
#[must_use]
pub fn csrf_ok(keys: &Keyring, token: &str, shown: &str) -> bool {
    let Some(expected) = csrf_token(keys, token) else { return false };
    expected.len() == shown.len() && expected.bytes().zip(shown.bytes()).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}
