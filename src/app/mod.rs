//! Use cases: the only layer that sees `db`, `ledger` and `engine`.
//!
//! Invariant: a use case takes a connection inside a transaction somebody else opened, or a [`Db`] if it orders its own;
//! it reads no clock: now and today are passed in. A row whose columns are all the caller's to decide and to see is the value
//! too and is named here; a row with sealed columns never leaves.

pub mod access;
pub mod accounts;
pub mod areas;
pub mod audit;
pub mod backup;
pub mod barriers;
pub mod checks;
pub mod clock;
pub mod concerns;
pub mod coverage;
pub mod declines;
pub mod demo;
pub mod demo_courses;
pub mod demo_days;
pub mod diagnosis;
pub mod due;
pub mod employers;
pub mod error;
pub mod events;
pub mod exports;
pub mod fairness;
pub mod follow_ups;
pub mod funnel;
mod grouped;
pub mod household_changes;
pub mod households;
pub mod idempotency;
pub mod imports;
pub mod instance;
pub mod jobs;
pub mod keys;
pub mod ledgers;
pub mod mapped;
pub mod numbers;
pub mod occupations;
pub mod os;
pub mod overview;
pub mod permits;
pub mod plans;
pub mod policies;
mod posting_check;
pub mod postings;
pub mod privacy;
pub mod proposals;
pub mod recommendations;
pub mod record_findings;
pub mod referrals;
pub mod reports;
pub mod resident_lists;
pub mod residents;
pub mod roster;
pub mod search;
pub mod setting_changes;
pub mod settings;
pub mod setup;
pub mod simulation;
pub mod skills;
pub mod snapshot;
pub mod spell_findings;
pub mod spells;
pub mod steps;
pub mod stored_imports;
pub mod stored_runs;
pub mod training;
pub mod transparency;
pub mod vacancies;
pub mod visits;
pub mod vocabulary;
pub mod work;
pub mod work_changes;

pub use crate::db::error::chain;
pub use crate::db::{AnyConnection as Connection, DatabaseUrl, Db, DbError, Keyring, Page, now};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use error::AppError;

use crate::db::seal::{IndexField, Sealed, SealedColumn};

/// When something is written, and the day it is about.
pub type Moment = (NaiveDateTime, NaiveDate);

/// Keyed hash of what is not stored, in hexadecimal: tells whether this installation made it.
#[must_use]
pub fn keyed_hash(db: &Db, bytes: &[u8]) -> String {
    db.keys().index(IndexField::Cursor, bytes).to_hex()
}

/// A record as its readers see it: what it says, and the version an update must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<T> {
    pub id: i64,
    pub version: i64,
    pub fields: T,
}

impl<T> From<crate::db::Versioned<T>> for Record<T> {
    fn from(row: crate::db::Versioned<T>) -> Self {
        Self { id: row.id, version: row.version, fields: row.data }
    }
}

/// Opens a sealed note.
fn open_note(keys: &Keyring, column: SealedColumn, note: Option<&Sealed>) -> Result<Option<String>, AppError> {
    let open = |sealed| keys.open_text(column, sealed).map(|text| text.as_str().to_owned());
    Ok(note.map(open).transpose().map_err(DbError::from)?)
}

/// Seals a note.
fn seal_note(keys: &Keyring, column: SealedColumn, note: Option<&str>) -> Result<Option<Sealed>, AppError> {
    Ok(note.map(|note| keys.seal_text(column, note)).transpose().map_err(DbError::from)?)
}

/// The calendar day in Asia/Shanghai, which is "today" by definition. China has kept UTC+8 without summer time since 1991.
#[must_use]
pub fn calendar_day(utc: NaiveDateTime) -> NaiveDate {
    utc.checked_add_signed(TimeDelta::hours(8)).unwrap_or(utc).date()
}

/// Midnight in China at the start of a day, in UTC.
#[must_use]
pub fn day_start(day: NaiveDate) -> NaiveDateTime {
    day.and_time(chrono::NaiveTime::MIN) - TimeDelta::hours(8)
}

/// The version of a household, for the precondition of an update.
///
/// # Errors
/// `NotFound`.
pub fn household_version(conn: &mut Connection, id: i64) -> Result<i64, AppError> {
    Ok(crate::db::households::get(conn, id)?.version)
}

/// The version of a resident, for the precondition of an update.
///
/// # Errors
/// `NotFound`.
pub fn resident_version(conn: &mut Connection, id: i64) -> Result<i64, AppError> {
    Ok(crate::db::residents::get(conn, id)?.version)
}
