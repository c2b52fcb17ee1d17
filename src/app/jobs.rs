//! Long work: queued in the database, done by threads of the server, followed by the account that asked for it.
//!
//! A job survives a restart: it is a row, held by a lease that its worker renews; when the lease runs out another worker
//! takes it up, at most [`MAX_ATTEMPTS`] times. Work must therefore be safe to begin again; imports and runs are. Input and
//! result are sealed; the input is forgotten when the job ends, unless its work says that another job goes on from it
//! ([`Context::keep_input`]): then when that one takes it over, or with the job.
//!
//! Progress is kept in memory and written by the lease's heartbeat: the work itself may hold the one write transaction of
//! an SQLite database for its whole length.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::error::{AppError, Refusal};
use super::{Connection, DatabaseUrl, Db, Page, idempotency};
use crate::db::jobs as rows;
use crate::db::seal::SealedColumn;
use crate::db::{DbError, DbResult, settings};
use crate::domain::codes::JobState;
use crate::domain::text::Text;

/// A job that three workers did not survive will not survive a fourth.
pub const MAX_ATTEMPTS: i64 = 3;
/// How long a job stays with a worker that shows no sign of life.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// How often the end of a job is written down again where the database is busy; each try waits as long as a write does.
const SETTLE_TRIES: u32 = 20;
/// Without a sign of life for so long, a job is said to be interrupted: many heartbeats.
const SILENCE: TimeDelta = TimeDelta::seconds(20);
const HEARTBEAT: Duration = Duration::from_millis(500);
/// How often a worker looks for jobs that another process queued.
const IDLE: Duration = Duration::from_secs(1);
/// The last day for which the daily jobs were queued; lives in `meta`.
const DAILY_MARK: &str = "daily_jobs_queued_on";
/// What the server queues once a day, in this order.
const DAILY: [JobKind; 2] = [JobKind::Ageing, JobKind::Retention];
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    Import,
    RecommendationRun,
    Plan,
    /// Removes what has been kept long enough; queued by the server once a day.
    Retention,
    /// Reminds, closes and takes down what nobody answered or confirmed; queued by the server once a day.
    Ageing,
}

impl JobKind {
    pub const ALL: &'static [Self] =
        &[Self::Import, Self::RecommendationRun, Self::Plan, Self::Retention, Self::Ageing];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::RecommendationRun => "recommendation_run",
            Self::Plan => "plan",
            Self::Retention => "retention",
            Self::Ageing => "ageing",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A job as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    pub kind: JobKind,
    pub state: JobState,
    /// 0..=100.
    pub progress: i64,
    pub step: Text,
    pub cancel_requested: bool,
    /// What the work returned; only of a job that succeeded.
    pub result: Option<Vec<u8>>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// The jobs of this process: wakes the workers and knows the live progress. Cloning shares it.
#[derive(Clone, Default)]
pub struct Queue(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<Live>,
    changed: Condvar,
}

#[derive(Default)]
struct Live {
    stopping: bool,
    running: HashMap<i64, Arc<Signs>>,
}

/// Signs of life of one running job.
struct Signs {
    progress: Mutex<(u8, Text)>,
    cancel: AtomicBool,
    done: Mutex<bool>,
    ended: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every critical section of this file leaves whole values, so a panic elsewhere spoils nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn queued() -> Text {
    Text::new("已排队，等待处理。", "Queued; waiting for a worker.")
}

/// Its worker is gone; another takes it up when the lease has run out.
fn interrupted(lease_until: Option<NaiveDateTime>, now: NaiveDateTime) -> Text {
    const CHINA: TimeDelta = TimeDelta::hours(8);
    match lease_until.filter(|until| *until > now) {
        Some(until) => {
            // The first minute in which it certainly goes on.
            let at = (until + CHINA + TimeDelta::minutes(1)).format("%H:%M");
            Text::new(
                format!("处理被中断，{at} 前会自动继续。"),
                format!("Interrupted; it will continue by {at} (China time)."),
            )
        }
        None => Text::new("处理被中断，即将继续。", "Interrupted; it will continue shortly."),
    }
}

/// Puts jobs that stand as running back into the queue. Only for a process that knows it is the only one on its database.
///
/// # Errors
/// If the database fails.
pub fn free_all(conn: &mut Connection) -> Result<(), AppError> {
    let step = Text::new("上次处理被中断，已重新排队。", "Interrupted, and queued again.");
    rows::free_all(conn, &step)?;
    Ok(())
}

impl Queue {
    /// Queues a job in the caller's transaction; returns its id. Call [`Queue::wake`] after the commit.
    ///
    /// # Errors
    /// If the database fails.
    pub fn enqueue(
        conn: &mut Connection,
        db: &Db,
        kind: JobKind,
        input: &[u8],
        account: Option<i64>,
        now: NaiveDateTime,
    ) -> Result<i64, AppError> {
        let input = db.keys().seal(SealedColumn::JobInput, input).map_err(DbError::from)?;
        Ok(rows::insert(conn, kind.code(), &input, &queued(), account, now)?)
    }

    /// Tells a worker that there is something to do.
    pub fn wake(&self) {
        self.0.changed.notify_all();
    }

    /// # Errors
    /// `NotFound`, or if the database fails.
    pub fn get(&self, conn: &mut Connection, db: &Db, id: i64, now: NaiveDateTime) -> Result<Job, AppError> {
        let row = rows::get(conn, id)?;
        self.job(db, row, now)
    }

    /// Jobs of an account after an id, in order of id.
    ///
    /// # Errors
    /// If the database fails.
    pub fn page(
        &self,
        conn: &mut Connection,
        db: &Db,
        account: Option<i64>,
        page: Page,
        now: NaiveDateTime,
    ) -> Result<Vec<Job>, AppError> {
        rows::page(conn, account, page.after, page.limit)?.into_iter().map(|row| self.job(db, row, now)).collect()
    }

    /// Jobs of an account before an id, newest first; of one kind or of all.
    ///
    /// # Errors
    /// If the database fails.
    pub fn latest(
        &self,
        conn: &mut Connection,
        db: &Db,
        account: i64,
        kind: Option<JobKind>,
        (before, limit): (Option<i64>, i64),
        now: NaiveDateTime,
    ) -> Result<Vec<Job>, AppError> {
        let found = rows::latest(conn, account, kind.map(JobKind::code), before, limit)?;
        found.into_iter().map(|row| self.job(db, row, now)).collect()
    }

    fn job(&self, db: &Db, row: rows::JobRow, now: NaiveDateTime) -> Result<Job, AppError> {
        let open = |sealed| db.keys().open(SealedColumn::JobResult, &sealed).map(|plain| plain.to_vec());
        let result = row.result_cipher.map(open).transpose().map_err(DbError::from)?;
        let kind = JobKind::from_code(&row.kind).ok_or_else(|| anyhow::anyhow!("job of an unknown kind"))?;
        let mut job = Job {
            id: row.id,
            kind,
            state: row.state,
            progress: row.progress,
            step: Text::new(row.step_zh, row.step_en),
            cancel_requested: row.cancel_requested,
            result,
            created_at: row.created_at,
            updated_at: row.updated_at,
        };
        if job.state == JobState::Running {
            let signs = lock(&self.0.state).running.get(&job.id).cloned();
            if let Some(signs) = signs {
                let (progress, step) = lock(&signs.progress).clone();
                job.progress = i64::from(progress);
                job.step = step;
            } else if row.lease_until.is_none_or(|until| until < now + LEASE - SILENCE) {
                job.step = interrupted(row.lease_until, now);
            }
        }
        Ok(job)
    }

    /// Asks a running job to stop at once. Call before [`cancel`]: the job may hold the only write transaction.
    pub fn ask_to_stop(&self, id: i64) {
        if let Some(signs) = lock(&self.0.state).running.get(&id) {
            signs.cancel.store(true, Ordering::Release);
        }
    }

    /// Waits for work; returns whether the workers are to stop.
    fn rest(&self) -> bool {
        let live = lock(&self.0.state);
        if live.stopping {
            return true;
        }
        let (live, _) = self.0.changed.wait_timeout(live, IDLE).unwrap_or_else(PoisonError::into_inner);
        live.stopping
    }

    fn stopping(&self) -> bool {
        lock(&self.0.state).stopping
    }
}

/// Cancels a job: a waiting one at once, a running one as soon as its work notices.
///
/// # Errors
/// `NotFound`; refused if the job has ended.
pub fn cancel(conn: &mut Connection, id: i64, now: NaiveDateTime) -> Result<(), AppError> {
    let step = Text::new("已取消，未开始处理。", "Cancelled before it began.");
    match rows::cancel(conn, id, &step, now)? {
        JobState::Queued | JobState::Running => Ok(()),
        JobState::Succeeded | JobState::Failed | JobState::Cancelled => Err(Refusal::JobFinished.into()),
    }
}

/// What the work of a job is given.
pub struct Context<'a> {
    pub db: &'a Db,
    pub job_id: i64,
    pub now: DateTime<Utc>,
    /// Whose job it is; `None` = the command line's.
    pub account: Option<i64>,
    attempt: i64,
    clock: &'a Clock,
    signs: &'a Signs,
    keeps_input: AtomicBool,
}

impl Context<'_> {
    /// Says that another job may go on from this one's input, so that it is not forgotten yet.
    pub fn keep_input(&self) {
        self.keeps_input.store(true, Ordering::Release);
    }

    /// Says how far the work is.
    ///
    /// # Errors
    /// `Cancelled` if somebody asked to stop: pass it on, so that nothing half done is kept.
    pub fn progress(&self, percent: u8, step: Text) -> Result<(), AppError> {
        *lock(&self.signs.progress) = (percent.min(100), step);
        if self.signs.cancel.load(Ordering::Acquire) { Err(AppError::Cancelled) } else { Ok(()) }
    }

    /// Makes sure that what the transaction at hand commits is committed once: call it last in a transaction that may take
    /// longer than the lease.
    ///
    /// SQLite has one writer, so the lease could not be renewed beside such a transaction: it is renewed within. On PostgreSQL
    /// it was, and writing the row here would make the two collide: another connection looks whose the job is.
    ///
    /// # Errors
    /// `Cancelled` if another worker has taken the job over: pass it on.
    pub fn hold(&self, conn: &mut Connection) -> Result<(), AppError> {
        let mine = (self.job_id, self.attempt);
        let held = match self.db.url() {
            DatabaseUrl::Sqlite(_) => {
                let now = (self.clock)().naive_utc();
                rows::hold(conn, mine, now + LEASE, now)?
            }
            DatabaseUrl::Postgres(_) => self.db.read(|conn| rows::is_held(conn, mine))?,
        };
        if held { Ok(()) } else { Err(AppError::Cancelled) }
    }
}

/// Does one kind of job: input in, result out, both JSON or bytes of the kind's own form.
pub type Work = fn(&Context<'_>, JobKind, &[u8]) -> Result<Vec<u8>, AppError>;

/// The worker threads; they finish or give up their jobs when this is dropped.
pub struct Workers {
    queue: Queue,
    threads: Vec<JoinHandle<()>>,
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

impl Workers {
    /// Starts `count` threads.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(db: &Db, queue: &Queue, clock: &Clock, work: Work, count: usize) -> std::io::Result<Self> {
        let mut threads = Vec::new();
        for number in 0..count {
            let worker = Worker { db: db.clone(), queue: queue.clone(), clock: Arc::clone(clock), work };
            let thread = std::thread::Builder::new().name(format!("job-{number}")).spawn(move || worker.run())?;
            threads.push(thread);
        }
        Ok(Self { queue: queue.clone(), threads })
    }
}

impl Drop for Workers {
    /// Running jobs are asked to stop and go back to the queue: a restart takes them up again.
    fn drop(&mut self) {
        {
            let mut live = lock(&self.queue.0.state);
            live.stopping = true;
            for signs in live.running.values() {
                signs.cancel.store(true, Ordering::Release);
            }
        }
        self.queue.wake();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a job thread panicked");
            }
        }
    }
}

struct Worker {
    db: Db,
    queue: Queue,
    clock: Clock,
    work: Work,
}

impl Worker {
    fn run(&self) {
        let mut purged = None::<Instant>;
        let mut seen = None;
        loop {
            let today = super::calendar_day(self.now());
            if seen != Some(today) {
                match self.db.write(|conn| self.queue_daily(conn, today)) {
                    Ok(()) => seen = Some(today),
                    Err(error) => tracing::warn!(error = error.for_log(), "the daily jobs were not queued"),
                }
            }
            if purged.is_none_or(|last| last.elapsed() > PURGE_EVERY) {
                purged = Some(Instant::now());
                if let Err(error) = self.db.write(|conn| idempotency::purge(conn, self.now())) {
                    tracing::warn!(error = error.for_log(), "old answers were not purged");
                }
            }
            if self.queue.stopping() {
                return;
            }
            match self.claim() {
                Ok(Some(job)) => self.perform(&job),
                Ok(None) => {
                    if self.queue.rest() {
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(error = error.for_log(), "no job could be taken");
                    if self.queue.rest() {
                        return;
                    }
                }
            }
        }
    }

    fn now(&self) -> NaiveDateTime {
        (self.clock)().naive_utc()
    }

    /// Queues the day's jobs, unless a worker of this database has, or the database is new today.
    fn queue_daily(&self, conn: &mut Connection, today: NaiveDate) -> Result<(), AppError> {
        let day = today.to_string();
        let last = settings::meta(conn, DAILY_MARK)?;
        if last.as_deref() == Some(day.as_str()) {
            return Ok(());
        }
        settings::set_meta(conn, DAILY_MARK, &day)?;
        if last.is_some() {
            for kind in DAILY {
                Queue::enqueue(conn, &self.db, kind, &[], None, self.now())?;
            }
        }
        Ok(())
    }

    /// Takes the next free job. Looks without a write first: idle workers do not disturb.
    fn claim(&self) -> Result<Option<rows::ClaimedJob>, AppError> {
        let now = self.now();
        if self.db.read(|conn| rows::next_free(conn, now))?.is_none() {
            return Ok(None);
        }
        self.db.write(|conn| -> Result<_, AppError> {
            let Some(mut job) = rows::next_free(conn, now)? else { return Ok(None) };
            if !rows::take(conn, &job, now + LEASE, now)? {
                return Ok(None);
            }
            job.attempts += 1;
            if job.attempts > MAX_ATTEMPTS {
                let step = Text::new(
                    "多次中断，已放弃。请联系管理员查看日志。",
                    "Given up after several interruptions. Please ask the administrator to read the log.",
                );
                let nothing = (None, rows::Input::Forgotten);
                rows::finish(conn, (job.id, job.attempts), JobState::Failed, nothing, &step, now)?;
                return Ok(None);
            }
            Ok(Some(job))
        })
    }

    fn perform(&self, job: &rows::ClaimedJob) {
        let signs = Arc::new(Signs {
            progress: Mutex::new((0, Text::new("已开始。", "Started."))),
            cancel: AtomicBool::new(false),
            done: Mutex::new(false),
            ended: Condvar::new(),
        });
        lock(&self.queue.0.state).running.insert(job.id, Arc::clone(&signs));
        let settled = std::thread::scope(|scope| {
            let keeper = scope.spawn(|| self.keep_alive(job, &signs));
            let dismiss = || {
                *lock(&signs.done) = true;
                signs.ended.notify_all();
            };
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| self.work(job, &signs)));
            let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("panic in a job").into()));
            if self.queue.stopping() {
                // The job goes back to the queue: a renewal after that would take it out again.
                dismiss();
                if keeper.join().is_err() {
                    tracing::error!(job = job.id, "panic while a lease was renewed");
                }
            }
            // Otherwise the lease is kept until the end is written down: a job whose end is not recorded is done again.
            let settled = std::panic::catch_unwind(AssertUnwindSafe(|| self.settle(job, outcome)));
            dismiss();
            settled
        });
        match settled {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(job = job.id, error = error.for_log(), "the end of a job was not recorded");
            }
            Err(_) => tracing::error!(job = job.id, "panic while the end of a job was recorded"),
        }
        lock(&self.queue.0.state).running.remove(&job.id);
    }

    fn work(&self, job: &rows::ClaimedJob, signs: &Signs) -> Result<(Vec<u8>, rows::Input), AppError> {
        let kind = JobKind::from_code(&job.kind).ok_or_else(|| anyhow::anyhow!("job of an unknown kind"))?;
        let sealed = job.input_cipher.as_ref().ok_or_else(|| anyhow::anyhow!("job without input"))?;
        let input = self.db.keys().open(SealedColumn::JobInput, sealed).map_err(DbError::from)?;
        let now = (self.clock)();
        let context = Context {
            db: &self.db,
            job_id: job.id,
            now,
            account: job.account_id,
            attempt: job.attempts,
            clock: &self.clock,
            signs,
            keeps_input: AtomicBool::new(false),
        };
        let result = (self.work)(&context, kind, &input)?;
        let kept = context.keeps_input.load(Ordering::Acquire);
        Ok((result, if kept { rows::Input::Kept } else { rows::Input::Forgotten }))
    }

    /// Renews the lease, writes the progress down, and looks whether another process asked to stop.
    fn keep_alive(&self, job: &rows::ClaimedJob, signs: &Signs) {
        let mut written = None;
        loop {
            let done = lock(&signs.done);
            let (done, _) = signs.ended.wait_timeout(done, HEARTBEAT).unwrap_or_else(PoisonError::into_inner);
            if *done {
                return;
            }
            drop(done);
            let (progress, step) = lock(&signs.progress).clone();
            let now = self.now();
            let renewed: DbResult<_> = self
                .db
                .write(|conn| rows::renew(conn, (job.id, job.attempts), i64::from(progress), &step, now + LEASE, now));
            match renewed {
                Ok(Some(false)) => written = Some(()),
                // Cancelled elsewhere, or taken over by another worker: stop.
                Ok(Some(true) | None) => signs.cancel.store(true, Ordering::Release),
                // The work may hold the write lock; the lease is much longer than any pause.
                Err(error) => tracing::debug!(job = job.id, first = written.is_none(), %error, "lease not renewed"),
            }
        }
    }

    fn settle(
        &self,
        job: &rows::ClaimedJob,
        outcome: Result<(Vec<u8>, rows::Input), AppError>,
    ) -> Result<(), AppError> {
        let now = self.now();
        let mine = (job.id, job.attempts);
        let mut input = rows::Input::Forgotten;
        let (state, result, step) = match outcome {
            Ok((result, kept)) => {
                input = kept;
                let sealed = self.db.keys().seal(SealedColumn::JobResult, &result).map_err(DbError::from)?;
                (JobState::Succeeded, Some(sealed), Text::new("已完成。", "Done."))
            }
            Err(AppError::Cancelled) if self.queue.stopping() => {
                // Free it now instead of waiting for the lease to run out.
                let step = queued();
                self.db.write(|conn| rows::renew(conn, mine, 0, &step, now, now))?;
                return Ok(());
            }
            Err(AppError::Cancelled) => {
                (JobState::Cancelled, None, Text::new("已取消，未保存任何更改。", "Cancelled; nothing was saved."))
            }
            Err(AppError::Invalid(errors) | AppError::Unlawful(errors)) => {
                let join = |of: fn(&Text) -> &String| {
                    errors.iter().map(|e| of(&e.text).as_str()).collect::<Vec<_>>().join(" ")
                };
                (JobState::Failed, None, Text::new(join(|t| &t.zh), join(|t| &t.en)))
            }
            Err(AppError::Refused(refusal, because)) => (JobState::Failed, None, refusal.told(because.as_deref())),
            Err(error) => {
                tracing::error!(job = job.id, error = error.for_log(), "a job failed");
                let step = Text::new(
                    "处理时出错，未保存任何更改。请联系管理员查看日志。",
                    "The work failed; nothing was saved. Please ask the administrator to read the log.",
                );
                (JobState::Failed, None, step)
            }
        };
        let mut tries = 0;
        loop {
            match self.db.write(|conn| rows::finish(conn, mine, state, (result.as_ref(), input), &step, now)) {
                Ok(true) => return Ok(()),
                Ok(false) => {
                    tracing::warn!(job = job.id, "a job was ended by somebody else");
                    return Ok(());
                }
                // Somebody else writes for long. The lease is renewed as soon as that ends, and so is the end recorded.
                Err(DbError::Busy | DbError::Pool(_)) if tries < SETTLE_TRIES && !self.queue.stopping() => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }
}
