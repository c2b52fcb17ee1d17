//! How the audit forgets: whole from its old end, by a day, and never what is younger than the law asks for.

use chrono::{Months, NaiveDate, NaiveDateTime};
use serde_json::json;

use super::{Happened, append, verify_within};
use crate::app::access::Act;
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Keyring, calendar_day, day_start};
use crate::db::audit as rows;

/// Network logs are kept for six months at least (网络安全法 23).
pub const KEPT_AT_LEAST: Months = Months::new(6);

/// Removes the entries of the days before one, and says so in an entry; gives how many went. If there are any, the
/// chain is walked first: what would show that it was tampered with is not removed.
///
/// # Errors
/// `Invalid` at `/before` for a day less than six months ago; refused if the chain is broken.
pub fn prune(
    conn: &mut Connection,
    keys: &Keyring,
    act: &Act,
    before: NaiveDate,
    now: NaiveDateTime,
) -> Result<usize, AppError> {
    let latest = calendar_day(now).checked_sub_months(KEPT_AT_LEAST).unwrap_or(NaiveDate::MIN);
    if before > latest {
        return Err(FieldError::new("/before", FieldCode::OutOfRange).into());
    }
    let Some(last) = rows::last_before(conn, day_start(before))? else { return Ok(0) };
    if verify_within(conn, keys, None)?.fault.is_some() {
        return Err(Refusal::AuditBroken.into());
    }
    let gone = rows::remove_until(conn, keys, last)?;
    if gone > 0 {
        let detail = json!({ "before": before.to_string(), "removed": gone, "removed_until": last.to_string() });
        append(conn, keys, act, &Happened { detail: Some(detail), ..Happened::default() }, now)?;
    }
    Ok(gone)
}
