//! The second factor: codes of six digits that change every 30 seconds (TOTP, RFC 6238), from an app on a phone.
//!
//! Invariant: the secret is sealed in the database, shown once when it is made, and asked for only after a code of it was
//! shown to work. A code of the step before or after is taken too (clocks differ); none is taken twice (RFC 6238 §5.2).

use chrono::NaiveDateTime;
use totp_rs::{Builder, Secret as TotpSecret, Totp};

use super::passwords::{self, Password};
use super::{rows, sessions};
use crate::app::access::Caller;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Keyring};
use crate::db::DbError;
use crate::db::accounts::AccountRow;
use crate::db::seal::SealedColumn;
use crate::db::sessions as session_rows;
use crate::domain::access::SessionKind;

/// What an authenticator app is given: shown once.
#[derive(Clone)]
pub struct Begun {
    /// The secret in Base32, for typing.
    pub secret: String,
    /// `otpauth://` address, for a QR code.
    pub url: String,
}

/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

fn totp(secret: [u8; SECRET_BYTES], login: &str) -> Result<Totp, AppError> {
    let builder = Builder::new().with_secret(TotpSecret::new_stack(secret)).with_skew(1);
    let built = builder.with_issuer(Some("Wangjia")).with_account_name(login).build();
    Ok(built.map_err(|error| anyhow::anyhow!("totp: {error:?}"))?)
}

/// Makes a new secret for whoever is signed in. It is asked for once [`confirm`] has seen a code of it.
///
/// # Errors
/// Refused if a second factor is in use, or for an API token.
pub fn begin(conn: &mut Connection, keys: &Keyring, caller: &Caller, now: NaiveDateTime) -> Result<Begun, AppError> {
    let mut row = own(conn, caller)?;
    if row.data.totp_confirmed_at.is_some() {
        return Err(Refusal::SecondFactorSetUp.into());
    }
    let secret = rand::random::<[u8; SECRET_BYTES]>();
    let totp = totp(secret, &row.data.login)?;
    row.data.totp_cipher = Some(keys.seal(SealedColumn::AccountTotp, &secret).map_err(DbError::from)?);
    row.data.totp_last_step = None;
    rows::update(conn, row.id, row.version, &row.data, now)?;
    let url = totp.to_url().map_err(|error| anyhow::anyhow!("totp: {error:?}"))?;
    Ok(Begun { secret: totp.secret().to_base32(), url })
}

/// Puts the secret into use: the code shows that the app has it. Other sign-ins of the account end; this one counts as shown.
///
/// # Errors
/// `Invalid` at `/code`; refused if none was begun.
pub fn confirm(
    conn: &mut Connection,
    keys: &Keyring,
    caller: &Caller,
    code: &str,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let mut row = own(conn, caller)?;
    if row.data.totp_confirmed_at.is_some() {
        return Err(Refusal::SecondFactorSetUp.into());
    }
    if row.data.totp_cipher.is_none() {
        return Err(Refusal::SecondFactorNotSetUp.into());
    }
    let step = step_of(keys, &row, code, now)?.ok_or_else(wrong_code)?;
    row.data.totp_confirmed_at = Some(now);
    row.data.totp_last_step = Some(step);
    rows::update(conn, row.id, row.version, &row.data, now)?;
    session_rows::revoke_all(conn, row.id, &[SessionKind::Session], caller.session, now)?;
    if let Some(session) = caller.session {
        session_rows::second_factor_shown(conn, session)?;
    }
    Ok(())
}

/// Whether the present password of whoever is signed in is this one. Needs a turn; writes nothing. Gives the hash it fits.
///
/// # Errors
/// `Invalid` at `pointer`.
pub fn check_password(kept: Option<&str>, password: Option<&Password>, pointer: &str) -> Result<(), AppError> {
    let fits = password.is_some_and(|password| passwords::fits(password, kept));
    if fits { Ok(()) } else { Err(FieldError::new(pointer, FieldCode::WrongPassword).into()) }
}

/// Removes the second factor of whoever is signed in; the password was checked before (`hash` is what it fitted).
///
/// # Errors
/// `Invalid` at `/code`, or at `/password` if it changed meanwhile; refused if there is none.
pub fn remove(
    conn: &mut Connection,
    keys: &Keyring,
    caller: &Caller,
    hash: &str,
    code: &str,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let row = own(conn, caller)?;
    if row.data.totp_confirmed_at.is_none() {
        return Err(Refusal::SecondFactorNotSetUp.into());
    }
    if row.data.password_hash.as_deref() != Some(hash) {
        return Err(FieldError::new("/password", FieldCode::WrongPassword).into());
    }
    if !take_code(conn, keys, &row, code, now)? {
        return Err(wrong_code());
    }
    clear(conn, row.id, now)?;
    session_rows::revoke_all(conn, row.id, &[SessionKind::Session], caller.session, now)?;
    Ok(())
}

/// Takes the second factor away.
pub(super) fn clear(conn: &mut Connection, account: i64, now: NaiveDateTime) -> Result<(), AppError> {
    let mut row = rows::get(conn, account)?;
    row.data.totp_cipher = None;
    row.data.totp_confirmed_at = None;
    row.data.totp_last_step = None;
    rows::update(conn, account, row.version, &row.data, now)?;
    Ok(())
}

fn own(conn: &mut Connection, caller: &Caller) -> Result<AccountRow, AppError> {
    let account = sessions::signed_in(conn, caller)?;
    Ok(rows::get(conn, account)?)
}

fn wrong_code() -> AppError {
    FieldError::new("/code", FieldCode::WrongCode).into()
}

/// Whether a code is right and was not used before; marks it used.
pub(super) fn take_code(
    conn: &mut Connection,
    keys: &Keyring,
    row: &AccountRow,
    code: &str,
    now: NaiveDateTime,
) -> Result<bool, AppError> {
    match step_of(keys, row, code, now)? {
        Some(step) => Ok(rows::take_step(conn, row.id, step)?),
        None => Ok(false),
    }
}

/// The time step a code belongs to, if it is one of those accepted now.
fn step_of(keys: &Keyring, row: &AccountRow, code: &str, now: NaiveDateTime) -> Result<Option<i64>, AppError> {
    let code: String = code.chars().filter(|c| *c != ' ').take(7).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let Some(sealed) = &row.data.totp_cipher else { return Ok(None) };
    let secret = keys.open(SealedColumn::AccountTotp, sealed).map_err(DbError::from)?;
    let secret = <[u8; SECRET_BYTES]>::try_from(secret.as_slice()).map_err(anyhow::Error::from)?;
    let seconds = u64::try_from(now.and_utc().timestamp()).map_err(anyhow::Error::from)?;
    let step = totp(secret, &row.data.login)?.check(&code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}
