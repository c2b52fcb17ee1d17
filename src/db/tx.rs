//! The handle everybody holds: a pool, the keys, and the two ways to use a connection.
//!
//! - [`Db::read`]: one read-only transaction; all queries see the same moment.
//! - [`Db::write`]: one write transaction. On SQLite it is immediate: the write lock is taken before anything is read, so
//!   nothing read can be overtaken and no lock error comes in the middle. On PostgreSQL it is serializable and run again
//!   when the server reports a conflict, so the closure must have no effect outside the database.
//!
//! Invariant: after an error or a panic of the closure nothing it wrote remains. Cost: one flush to disk a write (about
//! 0.25 ms on an SSD), so many rows belong into one `write`.
//!
//! [`Db::write_in_turn`] is a write that queues on PostgreSQL too.
//!
//! They are for one level. Inside, pass the connection on: a `write` inside a `write` answers [`DbError::Busy`].

use std::error::Error as StdError;
use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, NopErrorHandler, Pool, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use parking_lot::{FairMutex, FairMutexGuard, Mutex};

use super::connection::{AnyConnection, Manager};
use super::error::{DbError, DbResult};
use super::events::order;
use super::keyring::Keyring;
use super::migrate;
use super::rows::now;
use super::url::DatabaseUrl;

/// How long a write waits for others, and how long it is run again on PostgreSQL, before [`DbError::Busy`].
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How long a start waits for a migration that another process runs.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(120);
/// How long a call waits for a free or new connection, with its time in the queue.
const POOL_PATIENCE: Duration = Duration::from_secs(10);
const POOL_SIZE: u32 = 10;

/// A database: cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    closing: Option<Closing>,
    clock: Option<Clock>,
}

/// What time it is to those who are told of events.
type Clock = Arc<dyn Fn() -> NaiveDateTime + Send + Sync>;

/// What a handle adds at the end of each of its write transactions.
type Closing = Arc<dyn Fn(&mut AnyConnection) -> DbResult<()> + Send + Sync>;

struct Inner {
    url: DatabaseUrl,
    pool: Pool<Manager>,
    /// Whoever waits for a connection waits here, in the order of coming; the pool itself serves whoever asks at the right moment.
    next: FairMutex<()>,
    keys: Keyring,
    /// SQLite has one writer. Waiting here is in order and prompt; waiting in SQLite is polling with growing pauses. On PostgreSQL
    /// the queue of [`Db::write_in_turn`].
    writer: Turn,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({})", self.inner.url)
    }
}

impl Db {
    /// Opens a database for [`Db::migrate`]; a missing SQLite file is created (empty, readable by its owner only).
    pub fn open(url: &DatabaseUrl, keys: Keyring) -> DbResult<Self> {
        if let DatabaseUrl::Sqlite(path) = url {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(DbError::Create { path: path.clone(), source }),
                Ok(_) => {}
            }
        }
        Self::connect(Manager::new(url.clone()), url, keys)
    }

    /// As [`Db::open_existing`], without waiting for the disk on SQLite: a power cut may lose or break it. For copies and inventions that
    /// nobody misses.
    pub fn open_volatile(url: &DatabaseUrl, keys: Keyring) -> DbResult<Self> {
        let db = Self::connect(Manager::volatile(url.clone()), url, keys)?;
        db.read(|conn| migrate::check(conn, db.keys()))?;
        Ok(db)
    }

    /// Opens a database that is ready for use: it exists, has this program's tables, and the keys are its own.
    pub fn open_existing(url: &DatabaseUrl, keys: Keyring) -> DbResult<Self> {
        let db = Self::connect(Manager::new(url.clone()), url, keys)?;
        db.read(|conn| migrate::check(conn, db.keys()))?;
        Ok(db)
    }

    /// Whether nobody has migrated this database yet (or the SQLite file is not there): only then may new keys be made for
    /// it, because keys made later would not fit. [`DbError::Foreign`] if the file is another program's database.
    pub fn is_new(url: &DatabaseUrl) -> DbResult<bool> {
        match first_connection(&Manager::new(url.clone()), url) {
            Ok(mut conn) => migrate::is_new(&mut conn),
            Err(DbError::NoDatabase(path)) if !path.exists() => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn connect(manager: Manager, url: &DatabaseUrl, keys: Keyring) -> DbResult<Self> {
        drop(first_connection(&manager, url)?);
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            .min_idle(Some(0))
            .connection_timeout(POOL_PATIENCE)
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(manager);
        let inner = Inner { url: url.clone(), pool, next: FairMutex::default(), keys, writer: Turn::default() };
        Ok(Self { inner: Arc::new(inner), closing: None, clock: None })
    }

    /// Brings the tables to this program's version; returns the versions applied now. Safe to call from several
    /// processes at once. Refuses a newer database and other keys.
    pub fn migrate(&self) -> DbResult<Vec<String>> {
        let _turn = self.turn()?;
        let mut conn = self.connection()?;
        let begin = match &mut *conn {
            AnyConnection::Sqlite(_) => Begin::Immediate,
            // The advisory lock orders the starters; a serializable snapshot would be older than the lock.
            AnyConnection::Pg(_) => Begin::ReadCommitted,
        };
        // Whoever starts beside a migration waits for its end, however slow the disk.
        patiently(&mut conn, begin, MIGRATION_PATIENCE, &mut |conn| migrate::run(conn, &self.inner.keys))
    }

    /// A handle of the same database whose write transactions each end with `closing`, one at a time: for acts that are
    /// audited as a whole.
    #[must_use]
    pub fn closing_with(&self, closing: impl Fn(&mut AnyConnection) -> DbResult<()> + Send + Sync + 'static) -> Self {
        Self { closing: Some(Arc::new(closing)), ..self.clone() }
    }

    /// A handle of the same database to whose writes it is the time another clock shows: for days that are played.
    #[must_use]
    pub fn by_clock(&self, clock: impl Fn() -> NaiveDateTime + Send + Sync + 'static) -> Self {
        Self { clock: Some(Arc::new(clock)), ..self.clone() }
    }

    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.inner.keys
    }

    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.inner.url
    }

    /// Whether a connection answers: for readiness checks.
    pub fn ping(&self) -> DbResult<()> {
        self.read(|conn| Ok(conn.batch_execute("SELECT 1")?))
    }

    /// Runs queries that only read, all at one moment of the database. A write inside fails.
    pub fn read<T, E: From<DbError>>(&self, f: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.connection()?;
        let sqlite = matches!(&*conn, AnyConnection::Sqlite(_));
        if sqlite {
            conn.batch_execute("PRAGMA query_only = ON").map_err(DbError::from)?;
        }
        let mut f = Some(f);
        let result = run(&mut conn, if sqlite { Begin::Deferred } else { Begin::Snapshot }, &mut |conn| {
            // `run` calls its closure once.
            f.take().map_or_else(|| Err(DbError::Busy.into()), |f| f(conn))
        });
        if sqlite {
            conn.batch_execute("PRAGMA query_only = OFF").map_err(DbError::from)?;
        }
        result
    }

    /// Runs a write transaction; see the module's description. The closure may run more than once on PostgreSQL.
    ///
    /// A conflict is recognised in the error's `source()` chain, so an error type must keep its cause.
    pub fn write<T, E>(&self, mut f: impl FnMut(&mut AnyConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError> + StdError + 'static,
    {
        if let Some(closing) = &self.closing {
            return self.write_in_turn(|conn| {
                let done = f(conn)?;
                closing(conn)?;
                Ok(done)
            });
        }
        let _turn = self.turn()?;
        write_on(&mut *self.connection()?, self.clock.as_ref(), &mut f)
    }

    /// As [`Db::write`], one at a time on PostgreSQL too: for transactions that all move the same row, such as the audit's
    /// head, and would only be run again and again beside one another.
    ///
    /// The turn is taken before the transaction begins, so that its snapshot is younger than the last one's commit: first
    /// among this process's threads, without a connection, then among processes by an advisory lock of the session. Cost:
    /// such writes queue, so their number a second is one over the length of one; on PostgreSQL two more round trips each, and a
    /// pooler between must keep sessions.
    pub fn write_in_turn<T, E>(&self, mut f: impl FnMut(&mut AnyConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<DbError> + StdError + 'static,
    {
        let _turn = self.inner.writer.take(PATIENCE).ok_or(DbError::Busy)?;
        let mut conn = self.connection()?;
        let mut locked = Locked::take(&mut conn)?;
        write_on(locked.conn(), self.clock.as_ref(), &mut f)
    }

    fn connection(&self) -> DbResult<PooledConnection<Manager>> {
        let until = Instant::now() + POOL_PATIENCE;
        let _next = self.inner.next.try_lock_until(until).ok_or(DbError::Busy)?;
        self.inner.pool.get_timeout(until.saturating_duration_since(Instant::now())).map_err(DbError::Pool)
    }

    fn turn(&self) -> DbResult<Option<TurnGuard<'_>>> {
        match &self.inner.url {
            DatabaseUrl::Sqlite(_) => self.inner.writer.take(PATIENCE).ok_or(DbError::Busy).map(Some),
            DatabaseUrl::Postgres(_) => Ok(None),
        }
    }
}

/// A write transaction, run again while it meets others.
fn write_on<T, E>(
    conn: &mut AnyConnection,
    clock: Option<&Clock>,
    f: &mut dyn FnMut(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<DbError> + StdError + 'static,
{
    let mut work = |conn: &mut AnyConnection| -> Result<T, E> {
        if let (AnyConnection::Pg(pg), Some(clock)) = (&mut *conn, clock) {
            let sql = format!("SET LOCAL {} = '{}'", order::CLOCK, clock());
            pg.batch_execute(&sql).map_err(DbError::from)?;
        }
        let done = f(conn)?;
        order::close(conn, clock.map_or_else(now, |clock| clock()))?;
        Ok(done)
    };
    let begin = match conn {
        AnyConnection::Sqlite(_) => Begin::Immediate,
        AnyConnection::Pg(_) => Begin::Serializable,
    };
    patiently(conn, begin, PATIENCE, &mut work)
}

/// A transaction, run again while it meets others.
fn patiently<T, E>(
    conn: &mut AnyConnection,
    begin: Begin,
    patience: Duration,
    work: &mut dyn FnMut(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<DbError> + StdError + 'static,
{
    let started = Instant::now();
    let mut pause = Pause::default();
    loop {
        match run(conn, begin, work) {
            Err(error) if is_conflict(&error) => {
                if started.elapsed() > patience {
                    return Err(DbError::Busy.into());
                }
                pause.take();
            }
            result => return result,
        }
    }
}

/// Key of the advisory lock of [`Db::write_in_turn`]; next to that of migrations.
const TURN_LOCK: i64 = 0x0077_616e_676a_6962;

/// A connection that holds the turn among processes; gives it back when dropped, be it by an error or a panic. On SQLite the
/// immediate transaction is the turn.
struct Locked<'c>(&'c mut AnyConnection);

impl<'c> Locked<'c> {
    fn take(conn: &'c mut AnyConnection) -> DbResult<Self> {
        if let AnyConnection::Pg(pg) = conn {
            let sql =
                format!("SET LOCAL lock_timeout = {}; SELECT pg_advisory_lock({TURN_LOCK})", PATIENCE.as_millis());
            pg.batch_execute(&sql).map_err(|error| match error {
                DieselError::DatabaseError(DatabaseErrorKind::Unknown, _) => DbError::Busy,
                other => DbError::Query(other),
            })?;
        }
        Ok(Self(conn))
    }

    fn conn(&mut self) -> &mut AnyConnection {
        self.0
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if let AnyConnection::Pg(pg) = &mut *self.0
            && let Err(error) = pg.batch_execute(&format!("SELECT pg_advisory_unlock({TURN_LOCK})"))
        {
            // A connection that cannot say this is broken: the pool drops it, and the server frees what it held.
            tracing::warn!(%error, "the turn to write was not given back; it ends with the connection");
        }
    }
}

/// A connection outside the pool: its error says what is wrong, the pool's would only say "timed out".
fn first_connection(manager: &Manager, url: &DatabaseUrl) -> DbResult<AnyConnection> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.is_file()
    {
        return Err(DbError::NoDatabase(path.clone()));
    }
    manager.connect().map_err(|source| DbError::Connect { url: url.clone(), source })
}

/// How a transaction starts.
#[derive(Clone, Copy)]
enum Begin {
    Deferred,
    Immediate,
    ReadCommitted,
    Snapshot,
    Serializable,
}

impl Begin {
    const fn sql(self) -> &'static str {
        match self {
            Self::Deferred => "BEGIN",
            Self::Immediate => "BEGIN IMMEDIATE",
            Self::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED",
            Self::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }
}

/// One transaction: commit if the closure succeeds, roll back if it fails or panics.
fn run<T, E: From<DbError>>(
    conn: &mut AnyConnection,
    begin: Begin,
    f: &mut dyn FnMut(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, begin.sql()),
        AnyConnection::Pg(pg) => AnsiTransactionManager::begin_transaction_sql(pg, begin.sql()),
    }
    .map_err(DbError::from)?;
    let mut open = Open { conn, done: false };
    let value = f(open.conn)?;
    open.done = true;
    <AnyConnection as TransactionManager<AnyConnection>>::commit_transaction(open.conn).map_err(DbError::from)?;
    Ok(value)
}

/// An open transaction; rolled back when dropped, be it by an early return or by a panic.
struct Open<'c> {
    conn: &'c mut AnyConnection,
    done: bool,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        if let Err(error) = <AnyConnection as TransactionManager<AnyConnection>>::rollback_transaction(self.conn) {
            // The pool throws a connection away whose transaction is still open; the database rolls back by itself.
            tracing::warn!(%error, "rollback failed; the connection is dropped");
        }
    }
}

/// Whether running the transaction again can succeed: PostgreSQL's 40001 and 40P01, what somebody else inserted since it was looked for,
/// and SQLite's "locked" at `BEGIN IMMEDIATE`, which happens when another process writes for longer than `busy_timeout`.
fn is_conflict(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        // `#[error(transparent)]` hides a layer from the chain, so both layers are looked for.
        let query = match error.downcast_ref::<DbError>() {
            Some(DbError::Overtaken(_)) => return true,
            Some(DbError::Query(query)) => Some(query),
            _ => error.downcast_ref::<DieselError>(),
        };
        if let Some(query) = query {
            return is_query_conflict(query);
        }
        cause = error.source();
    }
    false
}

fn is_query_conflict(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::RollbackErrorOnCommit { commit_error, .. } => is_query_conflict(commit_error),
        // Diesel knows no kind for a deadlock and gives no SQLSTATE: the message is all there is, in the server's language.
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, info) => {
            ["deadlock detected", "检测到死锁", "database is locked"].iter().any(|text| info.message().contains(text))
        }
        _ => false,
    }
}

/// Pauses between tries: random, growing to 50 ms, so that contenders do not meet again in step.
#[derive(Default)]
struct Pause {
    tries: u32,
}

impl Pause {
    fn take(&mut self) {
        let most = 1_000 << self.tries.min(6);
        self.tries += 1;
        std::thread::sleep(Duration::from_micros(rand::random_range(0..most.min(50_000))));
    }
}

/// One holder at a time, in the order of coming, with a limit on waiting.
///
/// Order matters: with a lock that the next comer may snatch, some of sixty-four clients waited until their patience ended.
#[derive(Default)]
struct Turn {
    queue: FairMutex<()>,
    holder: Mutex<Option<ThreadId>>,
}

struct TurnGuard<'t> {
    turn: &'t Turn,
    _held: FairMutexGuard<'t, ()>,
}

impl Turn {
    /// `None` if it was not free in time, or never can be: the caller holds it itself.
    fn take(&self, patience: Duration) -> Option<TurnGuard<'_>> {
        let me = std::thread::current().id();
        if *self.holder.lock() == Some(me) {
            return None;
        }
        let held = self.queue.try_lock_for(patience)?;
        *self.holder.lock() = Some(me);
        Some(TurnGuard { turn: self, _held: held })
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        *self.turn.holder.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Somebody who gives a turn back and wants the next one at once stands behind those who wait already.
    #[test]
    fn nobody_snatches_a_turn_from_those_who_wait() {
        const WAITING: usize = 8;
        const MANY: usize = 1_000;
        let (turn, served) = (Turn::default(), AtomicUsize::new(0));
        let mut mine = 0;
        std::thread::scope(|scope| {
            let first = turn.take(PATIENCE).unwrap();
            let (coming, turn) = (Arc::new(Barrier::new(WAITING + 1)), &turn);
            for _ in 0..WAITING {
                let (coming, served) = (Arc::clone(&coming), &served);
                scope.spawn(move || {
                    coming.wait();
                    let _turn = turn.take(PATIENCE).unwrap();
                    served.fetch_add(1, Ordering::SeqCst);
                });
            }
            coming.wait();
            drop(first);
            while served.load(Ordering::SeqCst) < WAITING && mine < MANY {
                let _turn = turn.take(PATIENCE).unwrap();
                std::thread::sleep(Duration::from_millis(1));
                mine += 1;
            }
        });
        assert!(mine < MANY / 2, "taken {mine} times while {WAITING} others waited");
    }

    #[test]
    fn a_turn_within_a_turn_is_refused() {
        let turn = Turn::default();
        let held = turn.take(PATIENCE).unwrap();
        assert!(turn.take(PATIENCE).is_none());
        drop(held);
        assert!(turn.take(PATIENCE).is_some());
    }
}
