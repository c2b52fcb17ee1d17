//! One connection type for both databases, and the pool's rule for making connections.
//!
//! Invariant: a connection is made for the kind of database the address names, with the same promises on both: a
//! committed transaction is on disk, foreign keys hold, times are UTC. Opening an SQLite file never creates it.
//! Cost: about a millisecond a connection; the pool keeps them.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::r2d2::{ManageConnection, R2D2Connection};

use super::url::DatabaseUrl;

/// A connection to either database. Queries are written once, against this type.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Pg(diesel::PgConnection),
    Sqlite(diesel::SqliteConnection),
}

/// A query both databases can render although the derived `MultiBackend` refuses it (`ON CONFLICT`, `UNION`).
pub struct Both<Q>(pub Q);

impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryFragment<MultiBackend> for Both<Q>
where
    Q: QueryFragment<diesel::pg::Pg> + QueryFragment<diesel::sqlite::Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q> RunQueryDsl<AnyConnection> for Both<Q> {}

/// Runs the same expression on the concrete connection: for queries that exist on both but not on `MultiBackend`, such as
/// an insert of many rows.
macro_rules! on_each {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::AnyConnection::Pg($c) => $body,
            $crate::db::AnyConnection::Sqlite($c) => $body,
        }
    };
}
pub(crate) use on_each;

/// Makes connections for the pool.
#[derive(Clone, Debug)]
pub struct Manager {
    url: DatabaseUrl,
    /// Whether a committed transaction survives a power cut.
    durable: bool,
}

/// How long a connection waits while another process switches a new file to WAL.
const WAL_PATIENCE: Duration = Duration::from_secs(10);

impl Manager {
    #[must_use]
    pub fn new(url: DatabaseUrl) -> Self {
        Self { url, durable: true }
    }

    /// Connections that do not wait for the disk, on SQLite: for data that nobody misses.
    #[must_use]
    pub fn volatile(url: DatabaseUrl) -> Self {
        Self { url, durable: false }
    }
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, Self::Error> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => connect_sqlite(path, self.durable).map(AnyConnection::Sqlite),
            DatabaseUrl::Postgres(url) => connect_postgres(url).map(AnyConnection::Pg),
        }
    }

    fn is_valid(&self, conn: &mut AnyConnection) -> Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    /// A connection that was dropped in the middle of a transaction or while its thread panicked is thrown away.
    fn has_broken(&self, conn: &mut AnyConnection) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

fn connect_sqlite(path: &Path, durable: bool) -> Result<diesel::SqliteConnection, diesel::r2d2::Error> {
    let mut conn = diesel::SqliteConnection::establish(&sqlite_uri(path))?;
    // `busy_timeout` first, so that the other statements wait for a lock instead of failing.
    conn.batch_execute("PRAGMA busy_timeout = 5000")?;
    // Switching a new file to WAL can answer "locked" without waiting when several processes start at once.
    let started = Instant::now();
    while let Err(error) = conn.batch_execute("PRAGMA journal_mode = WAL") {
        if !error.to_string().contains("locked") || started.elapsed() > WAL_PATIENCE {
            return Err(error.into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    // FULL: an acknowledged write survives a power cut; NORMAL loses it. Temporary tables hold personal data: memory only.
    conn.batch_execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; \
         PRAGMA cache_size = -16384",
    )?;
    if !durable {
        conn.batch_execute("PRAGMA synchronous = OFF")?;
    }
    Ok(conn)
}

/// `file:` URI in read-write mode without creation, so that not even a lost file is silently replaced by an empty one.
fn sqlite_uri(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri.push_str("?mode=rw");
    uri
}

fn connect_postgres(url: &str) -> Result<diesel::PgConnection, diesel::r2d2::Error> {
    let mut conn = diesel::PgConnection::establish(url)?;
    conn.batch_execute("SET TIME ZONE 'UTC'; SET synchronous_commit = on; SET client_min_messages = warning")?;
    Ok(conn)
}
