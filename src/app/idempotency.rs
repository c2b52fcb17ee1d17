//! Idempotency keys: what was asked under a key, and what the answer was.
//!
//! Invariant: the database holds neither key nor request nor a readable answer, only keyed hashes and a sealed body.

use chrono::{NaiveDateTime, TimeDelta};

use super::error::AppError;
use crate::db::idempotency as rows;
use crate::db::seal::{BlindIndex, IndexField, SealedColumn};
use crate::db::{AnyConnection, DbError, Keyring};

/// How long an answer can be replayed for certain. Twice the promise of a day, so that an hourly purge never cuts it short.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(48);

/// A request as it is recognised again.
pub struct Request {
    pub key: BlindIndex,
    request: BlindIndex,
}

impl Request {
    /// Two requests are the same if method, path with query, and body bytes are.
    #[must_use]
    pub fn new(keys: &Keyring, key: &str, method_and_path: &str, body: &[u8]) -> Self {
        let mut request = keys.hasher(IndexField::IdempotencyRequest);
        request.update(method_and_path.as_bytes());
        request.update(&[0]);
        request.update(body);
        Self { key: keys.index(IndexField::IdempotencyKey, key.as_bytes()), request: request.finish() }
    }
}

/// The answer to a request.
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    /// Version of the entity, for `ETag`.
    pub version: Option<i64>,
    pub body: Vec<u8>,
}

pub enum Found {
    Nothing,
    Answer(Answer),
    /// The key belongs to another request.
    OtherRequest,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Headers {
    location: Option<String>,
    version: Option<i64>,
}

/// Looks a request up.
///
/// # Errors
/// If the database fails or the answer cannot be opened.
pub fn find(conn: &mut AnyConnection, keys: &Keyring, request: &Request) -> Result<Found, AppError> {
    let Some(row) = rows::find(conn, &request.key)? else { return Ok(Found::Nothing) };
    if row.request_index != request.request {
        return Ok(Found::OtherRequest);
    }
    let (Some(status), Some(headers), Some(sealed)) = (row.status, row.headers, row.answer_cipher) else {
        return Ok(Found::Nothing);
    };
    let headers: Headers = serde_json::from_str(&headers).map_err(anyhow::Error::from)?;
    let body = keys.open(SealedColumn::IdempotentAnswer, &sealed).map_err(DbError::from)?;
    let status = u16::try_from(status).map_err(anyhow::Error::from)?;
    Ok(Found::Answer(Answer { status, location: headers.location, version: headers.version, body: body.to_vec() }))
}

/// Keeps an answer; part of the transaction that has the effect.
///
/// # Errors
/// `KeyTaken` if another process was first.
pub fn keep(
    conn: &mut AnyConnection,
    keys: &Keyring,
    request: &Request,
    answer: &Answer,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let headers = Headers { location: answer.location.clone(), version: answer.version };
    let row = rows::NewIdempotencyKey {
        key_index: request.key.clone(),
        request_index: request.request.clone(),
        status: Some(i64::from(answer.status)),
        headers: Some(serde_json::to_string(&headers).map_err(anyhow::Error::from)?),
        answer_cipher: Some(keys.seal(SealedColumn::IdempotentAnswer, &answer.body).map_err(DbError::from)?),
        created_at: now,
    };
    match rows::insert(conn, &row) {
        Ok(_) => Ok(()),
        Err(DbError::Conflict(_)) => Err(AppError::KeyTaken),
        Err(error) => Err(error.into()),
    }
}

/// Forgets answers that nobody can rely on any more; returns how many.
///
/// # Errors
/// If the database fails.
pub fn purge(conn: &mut AnyConnection, now: NaiveDateTime) -> Result<usize, AppError> {
    Ok(rows::purge(conn, now - KEPT_FOR)?)
}
