//! The audit as a file: one entry a line, JSON.

use std::io::Write;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::{Entry, Filter, Happened, append, find};
use crate::app::Db;
use crate::app::access::Act;
use crate::app::error::AppError;

const PAGE: i64 = 500;

/// Writes all entries that stand now, and then the entry that tells of it; gives how many lines were written. Details are
/// opened only if asked for: they hold what people corrected.
///
/// # Errors
/// If the database or the writer fails, or a detail does not open.
pub fn export(db: &Db, act: &Act, out: &mut dyn Write, details: bool, now: NaiveDateTime) -> Result<u64, AppError> {
    let keys = details.then(|| db.keys());
    let written = db.read(|conn| -> Result<u64, AppError> {
        let (mut after, mut written) = (0, 0);
        loop {
            let page = find(conn, &Filter::default(), after, PAGE, keys)?;
            let Some(last) = page.last().map(|entry| entry.seq) else { return Ok(written) };
            for entry in &page {
                writeln!(out, "{}", line(entry)).map_err(anyhow::Error::from)?;
                written += 1;
            }
            after = last;
        }
    })?;
    out.flush().map_err(anyhow::Error::from)?;
    let happened = Happened { detail: Some(json!({ "entries": written, "details": details })), ..Happened::default() };
    db.write_in_turn(|conn| append(conn, db.keys(), act, &happened, now))?;
    Ok(written)
}

fn line(entry: &Entry) -> Value {
    let mut line = json!({
        "seq": entry.seq,
        "at": entry.at.and_utc().to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "actor": entry.actor_kind.code(),
        "account": entry.account.map(|id| id.to_string()),
        "role": entry.role,
        "scope": entry.scope,
        "action": entry.action,
        "object": entry.object_kind,
        "object_id": entry.object.map(|id| id.to_string()),
        "operation": entry.operation,
        "purpose": entry.purpose,
        "request_id": entry.request_id,
        "outcome": entry.outcome,
        "subjects": entry.subjects.iter().map(i64::to_string).collect::<Vec<_>>(),
        "hash": entry.hash,
    });
    if let Some(detail) = &entry.detail {
        line["detail"] = detail.clone();
    }
    line
}
