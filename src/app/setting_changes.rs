//! Who changed a rule, and when.
//!
//! Invariant: a change of a setting and the entry that names its row are written together, so that the history of a rule says
//! whose hand it was; values a database began with have no entry. Cost: one page of the audit for a thousand changes.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::access::{Act, Object, ObjectKind};
use super::audit::{self, Filter, Happened};
use super::error::AppError;
use super::{Connection, Db, accounts, settings};
use crate::db::settings as rows;
use crate::domain::access::{Action, ActorKind};

/// One change of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub at: NaiveDateTime,
    pub by: ActorKind,
    /// Display name of the account, if it was one's.
    pub who: Option<String>,
}

/// Sets a value from a day on, with the entry that says whose act it was.
///
/// # Errors
/// Those of [`settings::set`].
pub fn set(
    db: &Db,
    act: &Act,
    (key, value): (&str, &str),
    valid_from: NaiveDate,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    db.write_in_turn(|conn| {
        let old = rows::starting(conn, key, valid_from)?;
        let before = old.map(|id| audit::state(conn, db.keys(), ObjectKind::Setting, id)).transpose()?.flatten();
        settings::put(conn, key, value, valid_from)?;
        let id = rows::starting(conn, key, valid_from)?.ok_or_else(|| settings::unreadable(key))?;
        let after = audit::state(conn, db.keys(), ObjectKind::Setting, id)?;
        let act = Act { object: Object { kind: ObjectKind::Setting, id: Some(id) }, ..act.clone() };
        audit::append(conn, db.keys(), &act, &Happened { before, after, ..Happened::default() }, now)?;
        Ok(())
    })
}

/// The changes of each row of the settings, oldest first.
///
/// # Errors
/// If the database fails.
pub fn by_row(conn: &mut Connection) -> Result<BTreeMap<i64, Vec<Change>>, AppError> {
    const PAGE: i64 = 1_000;
    let filter = Filter {
        object_kind: Some(ObjectKind::Setting.code().to_owned()),
        action: Some(Action::Change.code().to_owned()),
        ..Filter::default()
    };
    let mut found: Vec<audit::Entry> = Vec::new();
    loop {
        let page = audit::find(conn, &filter, found.last().map_or(0, |entry| entry.seq), PAGE, None)?;
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    let mut changes: BTreeMap<i64, Vec<Change>> = BTreeMap::new();
    let names = accounts::names(conn, found.iter().filter_map(|entry| entry.account))?;
    for entry in found.into_iter().filter(|entry| entry.outcome == audit::DONE) {
        let Some(row) = entry.object else { continue };
        let who = entry.account.and_then(|account| names.get(&account)).map(|named| named.display_name.clone());
        changes.entry(row).or_default().push(Change { at: entry.at, by: entry.actor_kind, who });
    }
    Ok(changes)
}
