//! An import that is looked at before it is written: what was found, what somebody typed anew, and the go-ahead.
//!
//! A check is a job that keeps its input, so that the next one goes on from the very same file: with cells typed
//! anew, with columns read as somebody says, or writing what was found good. Invariant: a file is kept once. Whatever goes on from it takes it over, and nothing goes on from a
//! check twice.

use chrono::NaiveDateTime;

use super::error::AppError;
use super::imports::Said;
use super::jobs::{Job, JobKind, Queue};
use super::work::{ImportInput, ImportResult, frame, unframe};
use super::{Connection, Db, DbError};
use crate::db::jobs as rows;
use crate::db::seal::SealedColumn;
pub use crate::ledger::correction::Correction;

/// Longest value of a cell typed anew.
pub const LONGEST_VALUE: usize = 200;

/// A check as it stands.
#[derive(Debug)]
pub struct Check {
    pub job: Job,
    /// What was found, once it is done.
    pub result: Option<ImportResult>,
    /// Whether the file is still kept, so that something may go on from here.
    pub is_open: bool,
}

/// # Errors
/// `NotFound` for a job that imports nothing.
pub fn get(conn: &mut Connection, db: &Db, queue: &Queue, id: i64, now: NaiveDateTime) -> Result<Check, AppError> {
    let job = queue.get(conn, db, id, now)?;
    if job.kind != JobKind::Import {
        return Err(AppError::NotFound);
    }
    check(conn, job)
}

/// The files an account sent, latest first.
///
/// # Errors
/// If the database fails.
pub fn latest(
    conn: &mut Connection,
    db: &Db,
    queue: &Queue,
    account: i64,
    limit: i64,
    now: NaiveDateTime,
) -> Result<Vec<Check>, AppError> {
    let jobs = queue.latest(conn, db, account, Some(JobKind::Import), (None, limit), now)?;
    jobs.into_iter().map(|job| check(conn, job)).collect()
}

fn check(conn: &mut Connection, job: Job) -> Result<Check, AppError> {
    let result = job.result.as_deref().map(unframe).transpose()?.map(|(result, _): (ImportResult, _)| result);
    let is_open = result.is_some() && rows::has_input(conn, job.id)?;
    Ok(Check { job, result, is_open })
}

/// What goes on from a check.
#[derive(Clone, Debug)]
pub enum Next {
    /// Another check, with these cells typed anew.
    Correct(Vec<Correction>),
    /// Another check, with columns and words read as somebody says.
    Say(Said),
    /// Writing; with `true` the rows without errors where others have some.
    Write(bool),
}

/// Queues what goes on from a check; gives the new job. Call [`Queue::wake`] after the commit.
///
/// # Errors
/// `Stale` if something went on from it before, or the file is no longer kept.
pub fn go_on(
    conn: &mut Connection,
    db: &Db,
    check: i64,
    next: &Next,
    account: Option<i64>,
    now: NaiveDateTime,
) -> Result<i64, AppError> {
    let sealed = rows::input(conn, check)?.ok_or(AppError::Stale)?;
    if !rows::forget_input(conn, check, now)? {
        return Err(AppError::Stale);
    }
    let kept = db.keys().open(SealedColumn::JobInput, &sealed).map_err(DbError::from)?;
    let (mut input, file): (ImportInput, _) = unframe(&kept)?;
    match next {
        Next::Correct(corrections) => {
            for correction in corrections {
                input.corrections.retain(|earlier| !earlier.is_of_the_same_cell(correction));
                input.corrections.push(correction.clone());
            }
            input.dry_run = true;
        }
        Next::Say(said) => {
            input.said.extend(said.clone());
            input.dry_run = true;
        }
        Next::Write(accept_clean_rows) => {
            input.dry_run = false;
            input.accept_clean_rows = *accept_clean_rows;
        }
    }
    Queue::enqueue(conn, db, JobKind::Import, &frame(&input, file)?, account, now)
}

/// Lets go of the file of a check; nothing was written.
///
/// # Errors
/// `Stale` if it is not kept any more.
pub fn discard(conn: &mut Connection, check: i64, now: NaiveDateTime) -> Result<(), AppError> {
    if rows::forget_input(conn, check, now)? { Ok(()) } else { Err(AppError::Stale) }
}
