//! The queue of long work. A worker holds a job by a lease; a lease that runs out sets the job free again.
//!
//! Invariant: `attempts` names the holder: every change of a running job is guarded by it, so a worker that lost its lease
//! changes nothing any more.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::schema::jobs;
use super::seal::Sealed;
use crate::domain::codes::JobState;
use crate::domain::text::{Label, Text};

const WHAT: Label = Label { zh: "任务", en: "job" };

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct JobRow {
    pub id: i64,
    pub kind: String,
    pub state: JobState,
    pub progress: i64,
    pub step_zh: String,
    pub step_en: String,
    pub cancel_requested: bool,
    pub result_cipher: Option<Sealed>,
    pub attempts: i64,
    pub lease_until: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// A job that a worker took.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct ClaimedJob {
    pub id: i64,
    pub kind: String,
    pub input_cipher: Option<Sealed>,
    pub attempts: i64,
    pub account_id: Option<i64>,
}

/// Queues a job; returns its id.
pub fn insert(
    conn: &mut AnyConnection,
    kind: &str,
    input: &Sealed,
    step: &Text,
    account: Option<i64>,
    now: NaiveDateTime,
) -> DbResult<i64> {
    Ok(diesel::insert_into(jobs::table)
        .values((
            jobs::kind.eq(kind),
            jobs::state.eq(JobState::Queued),
            jobs::step_zh.eq(&step.zh),
            jobs::step_en.eq(&step.en),
            jobs::input_cipher.eq(input),
            jobs::account_id.eq(account),
            jobs::created_at.eq(now),
            jobs::updated_at.eq(now),
        ))
        .returning(jobs::id)
        .get_result(conn)?)
}

pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<JobRow> {
    jobs::table.find(id).select(JobRow::as_select()).first(conn).or_not_found(WHAT)
}

/// Jobs of an account after an id, in order of id.
pub fn page(conn: &mut AnyConnection, account: Option<i64>, after: i64, rows: i64) -> DbResult<Vec<JobRow>> {
    let mut query = jobs::table.filter(jobs::id.gt(after)).into_boxed();
    query = match account {
        Some(account) => query.filter(jobs::account_id.eq(account)),
        None => query.filter(jobs::account_id.is_null()),
    };
    Ok(query.order(jobs::id).limit(rows).select(JobRow::as_select()).load(conn)?)
}

/// Jobs of an account before an id, newest first; of one kind or of all.
pub fn latest(
    conn: &mut AnyConnection,
    account: i64,
    kind: Option<&str>,
    before: Option<i64>,
    rows: i64,
) -> DbResult<Vec<JobRow>> {
    let mut query = jobs::table.filter(jobs::account_id.eq(account)).into_boxed();
    if let Some(before) = before {
        query = query.filter(jobs::id.lt(before));
    }
    if let Some(kind) = kind {
        query = query.filter(jobs::kind.eq(kind.to_owned()));
    }
    Ok(query.order(jobs::id.desc()).limit(rows).select(JobRow::as_select()).load(conn)?)
}

/// The next job that waits, or whose lease ran out.
pub fn next_free(conn: &mut AnyConnection, now: NaiveDateTime) -> DbResult<Option<ClaimedJob>> {
    let free = jobs::state.eq(JobState::Queued).or(jobs::state
        .eq(JobState::Running)
        .and(jobs::lease_until.is_null().or(jobs::lease_until.assume_not_null().lt(now))));
    Ok(jobs::table.filter(free).order(jobs::id).select(ClaimedJob::as_select()).first(conn).optional()?)
}

/// Takes a job: it runs, under a lease, with one attempt more. Returns whether it was still as read.
pub fn take(
    conn: &mut AnyConnection,
    job: &ClaimedJob,
    lease_until: NaiveDateTime,
    now: NaiveDateTime,
) -> DbResult<bool> {
    let changed = diesel::update(jobs::table.find(job.id).filter(jobs::attempts.eq(job.attempts)))
        .set((
            jobs::state.eq(JobState::Running),
            jobs::attempts.eq(job.attempts + 1),
            jobs::lease_until.eq(lease_until),
            jobs::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Puts every running job back into the queue: for a database on which nobody else can be at work.
pub fn free_all(conn: &mut AnyConnection, step: &Text) -> DbResult<usize> {
    Ok(diesel::update(jobs::table.filter(jobs::state.eq(JobState::Running)))
        .set((
            jobs::state.eq(JobState::Queued),
            jobs::step_zh.eq(&step.zh),
            jobs::step_en.eq(&step.en),
            jobs::lease_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?)
}

/// Notes progress and renews the lease. `None` if the job is no longer this holder's, else whether to cancel.
pub fn renew(
    conn: &mut AnyConnection,
    (id, attempt): (i64, i64),
    progress: i64,
    step: &Text,
    lease_until: NaiveDateTime,
    now: NaiveDateTime,
) -> DbResult<Option<bool>> {
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq(JobState::Running));
    Ok(diesel::update(mine)
        .set((
            jobs::progress.eq(progress),
            jobs::step_zh.eq(&step.zh),
            jobs::step_en.eq(&step.en),
            jobs::lease_until.eq(lease_until),
            jobs::updated_at.eq(now),
        ))
        .returning(jobs::cancel_requested)
        .get_result(conn)
        .optional()?)
}

/// Renews the lease and nothing else: the last thing work does in a long write transaction where nobody else can write
/// meanwhile, so that the lease may have run out unnoticed. Whoever waits for the lock to take the job then finds it taken.
/// Returns whether the job still is this holder's.
pub fn hold(
    conn: &mut AnyConnection,
    (id, attempt): (i64, i64),
    lease_until: NaiveDateTime,
    now: NaiveDateTime,
) -> DbResult<bool> {
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq(JobState::Running));
    let renewed =
        diesel::update(mine).set((jobs::lease_until.eq(lease_until), jobs::updated_at.eq(now))).execute(conn)?;
    Ok(renewed == 1)
}

/// Whether the job is this holder's.
pub fn is_held(conn: &mut AnyConnection, (id, attempt): (i64, i64)) -> DbResult<bool> {
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq(JobState::Running));
    Ok(mine.select(jobs::id).first::<i64>(conn).optional()?.is_some())
}

/// The input of a job that still has it.
pub fn input(conn: &mut AnyConnection, id: i64) -> DbResult<Option<Sealed>> {
    jobs::table.find(id).select(jobs::input_cipher).first(conn).or_not_found(WHAT)
}

/// Whether a job still has its input.
pub fn has_input(conn: &mut AnyConnection, id: i64) -> DbResult<bool> {
    let kept = jobs::table.find(id).filter(jobs::input_cipher.is_not_null());
    Ok(kept.select(jobs::id).first::<i64>(conn).optional()?.is_some())
}

/// Forgets the input of a job that has ended. Returns whether there was one.
pub fn forget_input(conn: &mut AnyConnection, id: i64, now: NaiveDateTime) -> DbResult<bool> {
    let ended = [JobState::Succeeded, JobState::Failed, JobState::Cancelled];
    let kept = jobs::table.find(id).filter(jobs::input_cipher.is_not_null()).filter(jobs::state.eq_any(ended));
    let changed =
        diesel::update(kept).set((jobs::input_cipher.eq(None::<Sealed>), jobs::updated_at.eq(now))).execute(conn)?;
    Ok(changed == 1)
}

/// What is left of a job when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Forgotten,
    /// For another job that goes on from it.
    Kept,
}

/// Ends a job of this holder. Returns whether it still was this holder's.
pub fn finish(
    conn: &mut AnyConnection,
    (id, attempt): (i64, i64),
    state: JobState,
    (result, input): (Option<&Sealed>, Input),
    step: &Text,
    now: NaiveDateTime,
) -> DbResult<bool> {
    let mine = jobs::table.find(id).filter(jobs::attempts.eq(attempt)).filter(jobs::state.eq(JobState::Running));
    let changed = diesel::update(mine)
        .set((
            jobs::state.eq(state),
            jobs::step_zh.eq(&step.zh),
            jobs::step_en.eq(&step.en),
            jobs::result_cipher.eq(result),
            jobs::lease_until.eq(None::<NaiveDateTime>),
            jobs::updated_at.eq(now),
        ))
        .execute(conn)?;
    if changed == 1 && input == Input::Forgotten {
        diesel::update(jobs::table.find(id)).set(jobs::input_cipher.eq(None::<Sealed>)).execute(conn)?;
    }
    if changed == 1 && state == JobState::Succeeded {
        diesel::update(jobs::table.find(id)).set(jobs::progress.eq(100)).execute(conn)?;
    }
    Ok(changed == 1)
}

/// Cancels a job that waits; asks the holder of a running one to stop. Returns the state it had.
pub fn cancel(conn: &mut AnyConnection, id: i64, step: &Text, now: NaiveDateTime) -> DbResult<JobState> {
    let state: JobState = jobs::table.find(id).select(jobs::state).first(conn).or_not_found(WHAT)?;
    if state == JobState::Queued {
        diesel::update(jobs::table.find(id))
            .set((
                jobs::state.eq(JobState::Cancelled),
                jobs::step_zh.eq(&step.zh),
                jobs::step_en.eq(&step.en),
                jobs::input_cipher.eq(None::<Sealed>),
                jobs::updated_at.eq(now),
            ))
            .execute(conn)?;
    } else if state == JobState::Running {
        diesel::update(jobs::table.find(id))
            .set((jobs::cancel_requested.eq(true), jobs::updated_at.eq(now)))
            .execute(conn)?;
    }
    Ok(state)
}
