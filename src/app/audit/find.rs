//! What auditors, and the persons entries are about, may ask of the audit.
//!
//! Invariant: nothing here opens a detail unless keys are given. Cost: indexed by account, object, time and resident.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde_json::Value;

use crate::app::error::AppError;
use crate::app::{Connection, DbError, Keyring};
use crate::db::audit as rows;
use crate::domain::access::ActorKind;

pub use crate::db::audit::Filter;

/// An entry as it is shown.
#[derive(Clone, Debug)]
pub struct Entry {
    pub seq: i64,
    pub at: NaiveDateTime,
    pub actor_kind: ActorKind,
    pub account: Option<i64>,
    pub role: Option<String>,
    pub scope: String,
    pub action: String,
    pub object_kind: String,
    pub object: Option<i64>,
    pub operation: String,
    pub purpose: String,
    pub request_id: String,
    pub outcome: String,
    /// The object's rows are others than before.
    pub changed: bool,
    pub subjects: Vec<i64>,
    /// Whether something is kept sealed, and what, if keys were given.
    pub has_detail: bool,
    pub detail: Option<Value>,
    /// In hexadecimal.
    pub hash: String,
}

/// Entries after a number, oldest first; their details opened if `keys` are given.
///
/// # Errors
/// If the database fails or a detail does not open.
pub fn find(
    conn: &mut Connection,
    filter: &Filter,
    after: i64,
    limit: i64,
    keys: Option<&Keyring>,
) -> Result<Vec<Entry>, AppError> {
    let found = rows::page(conn, filter, after, limit)?;
    entries(conn, found, keys)
}

/// Entries before a number, newest first; their details stay sealed.
///
/// # Errors
/// If the database fails.
pub fn latest(conn: &mut Connection, filter: &Filter, before: i64, limit: i64) -> Result<Vec<Entry>, AppError> {
    let found = rows::latest(conn, filter, before, limit)?;
    entries(conn, found, None)
}

fn entries(conn: &mut Connection, found: Vec<rows::EntryRow>, keys: Option<&Keyring>) -> Result<Vec<Entry>, AppError> {
    let numbers: Vec<i64> = found.iter().map(|row| row.seq).collect();
    let mut about: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (seq, resident) in rows::subjects(conn, &numbers)? {
        about.entry(seq).or_default().push(resident);
    }
    found.into_iter().map(|row| entry(row, &mut about, keys)).collect()
}

fn entry(row: rows::EntryRow, about: &mut BTreeMap<i64, Vec<i64>>, keys: Option<&Keyring>) -> Result<Entry, AppError> {
    let detail = match keys {
        Some(keys) => rows::open_detail(keys, row.detail_cipher.as_ref()).map_err(DbError::from)?,
        None => None,
    };
    let detail = detail.map(|text| serde_json::from_slice(&text)).transpose().map_err(anyhow::Error::from)?;
    Ok(Entry {
        seq: row.seq,
        at: row.at,
        actor_kind: row.actor_kind,
        account: row.account_id,
        role: row.role,
        scope: row.scope,
        action: row.action,
        object_kind: row.object_kind,
        object: row.object_id,
        operation: row.operation,
        purpose: row.purpose,
        request_id: row.request_id,
        outcome: row.outcome,
        changed: row.before_hash != row.after_hash,
        subjects: about.remove(&row.seq).unwrap_or_default(),
        has_detail: row.detail_cipher.is_some(),
        detail,
        hash: crate::db::audit::hex(&row.hash),
    })
}

/// The account of a sign-in name.
///
/// # Errors
/// `NotFound`.
pub fn account_of(conn: &mut Connection, login: &str) -> Result<i64, AppError> {
    rows::account_of(conn, login)?.ok_or(AppError::NotFound)
}

/// Everything of a kind, page by page.
fn all(conn: &mut Connection, filter: &Filter, mut f: impl FnMut(Entry)) -> Result<(), AppError> {
    const PAGE: i64 = 1_000;
    let mut after = 0;
    loop {
        let page = find(conn, filter, after, PAGE, None)?;
        let Some(last) = page.last().map(|entry| entry.seq) else { return Ok(()) };
        page.into_iter().for_each(&mut f);
        after = last;
    }
}

/// A resident whose records an account read, how often and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    pub resident: i64,
    pub times: u64,
    pub first_at: NaiveDateTime,
    pub last_at: NaiveDateTime,
    /// Operations, each once, by name.
    pub operations: Vec<String>,
}

/// Whose records an account read or changed from one moment until before another: who must be told of a leak (PIPL 57).
///
/// # Errors
/// If the database fails.
pub fn incident(
    conn: &mut Connection,
    account: i64,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> Result<Vec<Disclosure>, AppError> {
    let mut found: BTreeMap<i64, Disclosure> = BTreeMap::new();
    let filter = Filter { account: Some(account), from: Some(from), to: Some(to), ..Filter::default() };
    all(conn, &filter, |entry| {
        if entry.outcome != super::DONE {
            return;
        }
        for resident in entry.subjects {
            let known = found.entry(resident).or_insert_with(|| Disclosure {
                resident,
                times: 0,
                first_at: entry.at,
                last_at: entry.at,
                operations: Vec::new(),
            });
            known.times += 1;
            known.first_at = known.first_at.min(entry.at);
            known.last_at = known.last_at.max(entry.at);
            if !known.operations.contains(&entry.operation) {
                known.operations.push(entry.operation.clone());
            }
        }
    })?;
    let mut found: Vec<Disclosure> = found.into_values().collect();
    found.iter_mut().for_each(|disclosure| disclosure.operations.sort());
    Ok(found)
}
