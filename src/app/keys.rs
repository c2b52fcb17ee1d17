//! The keys that seal: what each of them holds, a new one in place of the old, an old one put aside.
//!
//! A rotation adds a key to the key file and then seals every value again, a few at a time, while the service runs; running
//! programs follow the file by themselves. It may be killed at any moment: a value is under the old key or under the new one,
//! both are in the file, and the next rotation goes on where values are left instead of adding another key.
//!
//! The audit's details are sealed again like everything else: an entry binds its detail's plain text (`db::audit`). Backups
//! stay under the key they were made with; [`retire`] therefore puts a key into a file of its own and never throws it away.
//!
//! Cost: every sealed value is read and written once, [`BATCH`] a transaction, and writers take turns with them.

use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::NaiveDateTime;
use serde_json::json;

use super::access::{Act, ObjectKind};
use super::audit::{self, Happened};
use super::error::AppError;
use super::{Db, DbError};
use crate::db::reseal;
use crate::db::seal::SealError;

/// Values of a transaction: so few that nobody waits for it, and that PostgreSQL does not take it for one that reads the whole
/// table, which would have to give way to every writer.
const BATCH: usize = 50;
/// Passes over the whole database, for values that were written under the old key during the one before.
const PASSES: u32 = 5;

/// A seal key and how many values it seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    pub id: u8,
    /// In the key file; otherwise its values cannot be opened.
    pub known: bool,
    /// What is sealed now is sealed with it.
    pub newest: bool,
    pub values: i64,
}

/// All seal keys, in the file or in use.
///
/// # Errors
/// If the database fails.
pub fn list(db: &Db) -> Result<Vec<KeyUse>, AppError> {
    let counts = db.read(reseal::counts)?;
    let known = db.keys().seal_ids();
    let mut ids: Vec<u8> = known.iter().copied().chain(counts.keys().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let of = |id| KeyUse {
        id,
        known: known.contains(&id),
        newest: known.last() == Some(&id),
        values: counts.get(&id).copied().unwrap_or_default(),
    };
    Ok(ids.into_iter().map(of).collect())
}

/// How far a rotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    /// Values that were under other keys at the start.
    pub all: u64,
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key everything is under now.
    pub key: u8,
    /// Whether it was added now; otherwise an earlier rotation was finished.
    pub added: bool,
    pub values: u64,
    /// Values still under other keys: another program goes on sealing with one.
    pub left: i64,
}

/// Adds a key unless an earlier rotation is unfinished, and seals every value with the newest one. `progress` is told after
/// every transaction and may stop.
///
/// # Errors
/// `Cancelled` if `progress` stopped; if the database fails, a value does not open, or the keys came from the environment and
/// hold no newer key.
pub fn rotate(
    db: &Db,
    now: NaiveDateTime,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Rotated, AppError> {
    let added = left(db)? == 0;
    if added {
        let key = db.keys().add_seal_key().map_err(DbError::from)?;
        note(db, "add_key", json!({ "key": key }), now)?;
    }
    let key = db.keys().seal_ids().last().copied().unwrap_or_default();
    let all = u64::try_from(left(db)?).unwrap_or_default();
    let mut done = 0;
    let mut tell = |done| match progress(Progress { done, all }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(AppError::Cancelled),
    };
    let places = db.read(reseal::places)?;
    for _ in 0..PASSES {
        for place in &places {
            let mut after = 0;
            loop {
                let found = db.read(|conn| reseal::find(conn, db.keys(), place, after, BATCH))?;
                let Some(last) = found.last() else { break };
                after = last.number;
                done += db.write(|conn| reseal::replace(conn, db.keys(), place, &found))?;
                tell(done)?;
            }
        }
        // Last: as long as the check is under the old key, the rotation counts as unfinished.
        db.write(|conn| reseal::key_check(conn, db.keys()))?;
        if left(db)? == 0 {
            break;
        }
    }
    note(db, "rotate", json!({ "key": key, "values": done }), now)?;
    Ok(Rotated { key, added, values: done, left: left(db)? })
}

/// Values that are not under the newest key.
fn left(db: &Db) -> Result<i64, AppError> {
    let newest = db.keys().seal_ids().last().copied().unwrap_or_default();
    let counts = db.read(reseal::counts)?;
    Ok(counts.into_iter().filter(|(id, _)| *id != newest).map(|(_, number)| number).sum())
}

/// Puts a key nothing is under any more into a file beside the key file; gives its path. The backups made under it need it.
///
/// # Errors
/// `KeyInUse` while a value is under it, for the newest key and for one that is not there.
pub fn retire(db: &Db, id: u8, now: NaiveDateTime) -> Result<PathBuf, AppError> {
    let (keys, mut retired) = (db.keys(), None);
    // In turn, so that nobody is just writing values under it that cannot be counted yet.
    db.write_in_turn(|conn| {
        let path = match retired.take() {
            Some(path) => path,
            None => {
                let in_use = reseal::counts(conn)?.get(&id).is_some_and(|count| *count > 0);
                let seal_ids = keys.seal_ids();
                if in_use || seal_ids.last() == Some(&id) || !seal_ids.contains(&id) {
                    return Err(DbError::from(SealError::KeyInUse(id)).into());
                }
                keys.retire_seal_key(id).map_err(DbError::from)?
            }
        };
        retired = Some(path.clone());
        audit::append(conn, keys, &act("retire_key"), &about(json!({ "key": id })), now)?;
        Ok::<_, AppError>(path)
    })
}

fn act(action: &'static str) -> Act {
    Act::of_operator(action, ObjectKind::Service, "keys")
}

fn about(detail: serde_json::Value) -> Happened {
    Happened { detail: Some(detail), ..Happened::default() }
}

fn note(db: &Db, action: &'static str, detail: serde_json::Value, now: NaiveDateTime) -> Result<(), AppError> {
    let (act, happened) = (act(action), about(detail));
    db.write_in_turn(|conn| audit::append(conn, db.keys(), &act, &happened, now))?;
    Ok(())
}
