//! Who did or read what: entries bound to one another by a keyed hash, written with the change they tell of.
//!
//! [`append`] is part of the transaction that has the effect: no change without its entry, no entry without its change.
//! [`verify()`] walks the whole chain and says the first place where it is not what was written. [`find()`] and its sisters are
//! what auditors and the persons themselves may ask. [`prune()`] ends what is older than the law asks for.
//!
//! What cannot be seen from inside: the whole database put back to an older copy of itself. Its chain is genuine and ends
//! early. Therefore `wangjia audit verify` prints the head (number and hash) to be written down elsewhere, and
//! `--expect NUMBER:HASH` asks whether that head is still in the chain. Who has the keys can write a chain of their own; the
//! noted head shows that too.
//!
//! Cost of an entry: reading and moving the head, one insert (two with subjects), two keyed hashes. There is one chain, so
//! acts that are audited are written one at a time ([`Db::write_in_turn`](crate::db::Db::write_in_turn)).

mod acting;
mod export;
mod find;
mod prune;
mod state;
mod verify;

pub use acting::Acting;
pub use export::export;
pub use find::{Disclosure, Entry, Filter, account_of, find, incident, latest};
pub use prune::{KEPT_AT_LEAST, Walked, prune, walked};
pub use state::{State, state};
pub use verify::{Fault, Noted, Report, verify, verify_after, verify_within};

use chrono::NaiveDateTime;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::access::Act;
use super::error::AppError;
use super::{Connection, Db, Keyring};
use crate::db::DbResult;
use crate::db::audit as rows;
use crate::db::rows::cut;

/// The outcome of what was not refused.
pub const DONE: &str = "done";

/// What happened in an act.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// `done`, or the code of the refusal; empty is `done`.
    pub outcome: String,
    /// The object's rows before and after, where it was changed.
    pub before: Option<State>,
    pub after: Option<State>,
    /// Residents whose data was read or changed.
    pub subjects: Vec<i64>,
    /// More to keep, sealed.
    pub detail: Option<Value>,
}

/// Adds an entry; part of the transaction that has the effect. Gives its number.
///
/// # Errors
/// If the database fails, or the head of the chain is not genuine: then nothing may be done at all.
pub fn append(
    conn: &mut Connection,
    keys: &Keyring,
    act: &Act,
    happened: &Happened,
    now: NaiveDateTime,
) -> Result<i64, AppError> {
    Ok(append_row(conn, keys, act, happened, now)?)
}

/// A handle whose every write transaction is one act: it ends with the act's entry, or nothing of it is written.
#[must_use]
pub fn acting(db: &Db, act: Act) -> Db {
    let keys = db.keys().clone();
    db.closing_with(move |conn| append_row(conn, &keys, &act, &Happened::default(), crate::db::now()).map(|_| ()))
}

/// [`acting()`], at a moment that is given: where time is simulated.
#[must_use]
pub fn acting_at(db: &Db, act: Act, at: NaiveDateTime) -> Db {
    let keys = db.keys().clone();
    db.closing_with(move |conn| append_row(conn, &keys, &act, &Happened::default(), at).map(|_| ()))
}

fn append_row(
    conn: &mut Connection,
    keys: &Keyring,
    act: &Act,
    happened: &Happened,
    now: NaiveDateTime,
) -> DbResult<i64> {
    let mut subjects = happened.subjects.clone();
    subjects.sort_unstable();
    subjects.dedup();
    let outcome = if happened.outcome.is_empty() { DONE } else { &happened.outcome };
    let entry = rows::NewEntry {
        at: cut(now),
        actor_kind: act.caller.kind,
        account_id: act.caller.account,
        role: act.role.map(|role| role.code().to_owned()),
        scope: act.scope.clone(),
        action: act.action.to_owned(),
        object_kind: act.object.kind.code().to_owned(),
        object_id: act.object.id,
        operation: act.operation.clone(),
        purpose: act.purpose.to_owned(),
        request_id: act.request_id.clone(),
        outcome: outcome.to_owned(),
        before_hash: happened.before.as_ref().map(|state| state.hash(keys)),
        after_hash: happened.after.as_ref().map(|state| state.hash(keys)),
    };
    let detail = detail(act, happened).map(|detail| Zeroizing::new(detail.to_string()));
    rows::append(conn, keys, &entry, detail.as_ref().map(|text| text.as_bytes()), &subjects)
}

/// What is kept sealed: the typed reason, what changed with its old and new values, and what the use case adds. A deleted
/// object leaves no values here: what must be forgotten is not to live on in the audit.
fn detail(act: &Act, happened: &Happened) -> Option<Value> {
    let mut detail = match &happened.detail {
        Some(Value::Object(fields)) => fields.clone(),
        Some(other) => Map::from_iter([("more".to_owned(), other.clone())]),
        None => Map::new(),
    };
    if let Some(reason) = &act.reason {
        detail.insert("reason".to_owned(), reason.as_str().into());
    }
    if let (Some(before), Some(after)) = (&happened.before, &happened.after) {
        let changes = before.changes(after);
        if !changes.is_empty() {
            detail.insert("changed".to_owned(), changes.into());
        }
    }
    (!detail.is_empty()).then_some(Value::Object(detail))
}
