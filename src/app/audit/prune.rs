//! How the audit forgets: whole from its old end, by a day, and never what is younger than the law asks for.
//!
//! What would show that it was tampered with is not removed: the chain is walked first, as a read that nobody waits for ([`walked()`]); the
//! removal itself ([`prune()`]) walks only what was added since.

use chrono::{Months, NaiveDate, NaiveDateTime};
use serde_json::json;

use super::{Happened, Noted, append, verify, verify_after};
use crate::app::access::Act;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Db, Keyring, day_start};
use crate::db::audit as rows;

/// Network logs are kept for six months at least (网络安全法 23).
pub const KEPT_AT_LEAST: Months = Months::new(6);

/// That there are entries of the days before one, and that the chain was whole up to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    before: NaiveDate,
    good: Noted,
}

/// Walks the chain if it has entries of the days before one; `None` = it has none, and nothing is to be removed. Cost: as [`verify()`].
///
/// # Errors
/// `Invalid` at `/before` for a day less than six months ago; refused if the chain is broken.
pub fn walked(db: &Db, before: NaiveDate, today: NaiveDate) -> Result<Option<Walked>, AppError> {
    let latest = today.checked_sub_months(KEPT_AT_LEAST).unwrap_or(NaiveDate::MIN);
    if before > latest {
        return Err(FieldError::new("/before", FieldCode::OutOfRange).into());
    }
    if db.read(|conn| rows::last_before(conn, day_start(before)))?.is_none() {
        return Ok(None);
    }
    let found = verify(db, None)?;
    if found.fault.is_some() {
        return Err(Refusal::AuditBroken.into());
    }
    Ok(Some(Walked { before, good: Noted { seq: found.last_seq, hash: found.last_hash } }))
}

/// Removes the old entries of a chain that was walked, and says so in an entry; gives how many went.
///
/// # Errors
/// Refused if what was added since the walk breaks the chain.
pub fn prune(
    conn: &mut Connection,
    keys: &Keyring,
    act: &Act,
    Walked { before, good }: &Walked,
    now: NaiveDateTime,
) -> Result<usize, AppError> {
    let Some(last) = rows::last_before(conn, day_start(*before))? else { return Ok(0) };
    if verify_after(conn, keys, good)?.fault.is_some() {
        return Err(Refusal::AuditBroken.into());
    }
    let gone = rows::remove_until(conn, keys, last)?;
    if gone > 0 {
        let detail = json!({ "before": before.to_string(), "removed": gone, "removed_until": last.to_string() });
        append(conn, keys, act, &Happened { detail: Some(detail), ..Happened::default() }, now)?;
    }
    Ok(gone)
}
