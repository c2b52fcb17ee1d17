//! Brings the tables to this program's version, and refuses a database it does not understand.
//!
//! Invariant: all pending migrations and the key check are one transaction under one lock, so several processes may start
//! at once, and a migration that fails leaves the database as it was. Keys are compared before anything is changed. Migrations run
//! without the triggers that tell events; these are put up afterwards and tell what changed ([`super::events`]).

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{AnyConnection, MultiBackend};
use super::dump::Catalogue;
use super::error::{DbError, DbResult};
use super::events;
use super::keyring::{self, Keyring};
use super::rows::now;
use super::seal::{IndexField, Sealed, SealedColumn};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Key of the advisory lock on PostgreSQL; any number no other program on the server uses ("wangjia" in ASCII).
const LOCK: i64 = 0x0077_616e_676a_6961;

/// The migration that makes the audit's tables. The chain begins in the same transaction and never again: a chain that is gone
/// later was taken away.
const AUDIT_SINCE: &str = "0005";

/// What the sealed key check says when it opens.
const CHECK_TEXT: &[u8] = b"wangjia";
const SEAL_CHECK: &str = "seal_key_check";
const INDEX_CHECK: &str = "index_key_check";

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Runs what is missing and returns the versions applied now. Must run inside a write transaction.
pub(super) fn run(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<Vec<String>> {
    if let AnyConnection::Pg(pg) = conn {
        // Held until the transaction ends; on SQLite the immediate transaction is the lock.
        pg.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    }
    let is_new = is_new(conn)?;
    if !is_new {
        refuse_newer(&applied(conn)?, &known(conn)?)?;
        check_keys(conn, keys)?;
    }
    let source = embedded(conn);
    if applied(conn)?.len() < known(conn)?.len() {
        events::remove(conn)?;
    }
    let ran = conn.run_pending_migrations(source).map_err(DbError::Migration)?;
    let ran: Vec<String> = ran.iter().map(ToString::to_string).collect();
    if is_new {
        store_key_check(conn, keys)?;
    }
    if ran.iter().any(|version| version == AUDIT_SINCE) {
        super::audit::begin(conn, keys)?;
    }
    events::install(conn, now())?;
    Ok(ran)
}

/// Runs the migrations with these versions on a database without tables: what a backup of that age goes into. [`run`] then
/// brings it up to date.
pub(super) fn run_to(conn: &mut AnyConnection, versions: &[String]) -> DbResult<()> {
    refuse_newer(versions, &known(conn)?)?;
    let source = embedded(conn);
    let pending = conn.pending_migrations(source).map_err(DbError::Migration)?;
    for migration in pending.iter().filter(|migration| versions.contains(&migration.name().version().to_string())) {
        conn.run_migration(migration).map_err(DbError::Migration)?;
    }
    Ok(())
}

/// The tables that migrations of these versions make. On PostgreSQL other programs may have tables in the same schema; which
/// are ours is found by making them once more, in memory.
pub(super) fn tables_of(versions: &[String]) -> DbResult<Catalogue> {
    let memory = diesel::SqliteConnection::establish(":memory:");
    let memory = memory.map_err(|error| DbError::Migration(Box::new(error)))?;
    let mut memory = AnyConnection::Sqlite(memory);
    run_to(&mut memory, versions)?;
    Catalogue::read(&mut memory)
}

/// Whether every migration of this program has run, and no other.
pub fn is_current(conn: &mut AnyConnection) -> DbResult<bool> {
    let (mut applied, mut known) = (applied(conn)?, known(conn)?);
    applied.sort();
    known.sort();
    Ok(applied == known)
}

/// Takes back every migration: all tables and all data.
pub fn revert_all(conn: &mut AnyConnection) -> DbResult<()> {
    events::remove(conn)?;
    let source = embedded(conn);
    conn.revert_all_migrations(source).map(|_| ()).map_err(DbError::Migration)
}

/// Whether no migration has run yet; [`DbError::Foreign`] if the tables are another program's.
pub fn is_new(conn: &mut AnyConnection) -> DbResult<bool> {
    if !applied(conn)?.is_empty() {
        return Ok(false);
    }
    if is_foreign(conn)? { Err(DbError::Foreign) } else { Ok(true) }
}

/// Checks without changing anything that the tables are those of this program and that the keys fit.
pub(super) fn check(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    let applied = applied(conn)?;
    let known = known(conn)?;
    refuse_newer(&applied, &known)?;
    if applied.len() < known.len() {
        return Err(DbError::NotMigrated);
    }
    check_keys(conn, keys)
}

fn embedded(conn: &AnyConnection) -> EmbeddedMigrations {
    match conn {
        AnyConnection::Pg(_) => POSTGRES,
        AnyConnection::Sqlite(_) => SQLITE,
    }
}

/// Versions this program brings, for the kind of database of `conn`.
pub fn known(conn: &AnyConnection) -> DbResult<Vec<String>> {
    let all: Vec<Box<dyn Migration<MultiBackend>>> = embedded(conn).migrations().map_err(DbError::Migration)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// An SQLite file without our migrations but with tables. On PostgreSQL others may share a database.
fn is_foreign(conn: &mut AnyConnection) -> DbResult<bool> {
    match conn {
        AnyConnection::Pg(_) => Ok(false),
        AnyConnection::Sqlite(_) => has_foreign_tables(conn),
    }
}

/// Whether a database without our migrations has tables: in the file, or in the schema ours would go to.
pub fn has_foreign_tables(conn: &mut AnyConnection) -> DbResult<bool> {
    match conn {
        AnyConnection::Pg(c) => {
            let others = "EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE '%diesel_schema%')";
            Ok(diesel::select(sql::<Bool>(others)).get_result(c)?)
        }
        AnyConnection::Sqlite(c) => {
            let others = "EXISTS (SELECT 1 FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '%diesel_schema%')";
            Ok(diesel::select(sql::<Bool>(others)).get_result(c)?)
        }
    }
}

/// Versions the database has; none if it has no migration table. Read-only, unlike diesel's own query.
pub fn applied(conn: &mut AnyConnection) -> DbResult<Vec<String>> {
    let exists = match conn {
        AnyConnection::Pg(_) => "to_regclass('__diesel_schema_migrations') IS NOT NULL",
        AnyConnection::Sqlite(_) => {
            "EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations')"
        }
    };
    if !diesel::select(sql::<Bool>(exists)).get_result::<bool>(conn)? {
        return Ok(Vec::new());
    }
    Ok(__diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn)?)
}

fn refuse_newer(applied: &[String], known: &[String]) -> DbResult<()> {
    match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => Err(DbError::Newer(version.clone())),
        None => Ok(()),
    }
}

fn store_key_check(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    let sealed = keys.seal(SealedColumn::KeyCheck, CHECK_TEXT)?;
    super::settings::set_meta(conn, SEAL_CHECK, &keyring::to_hex(sealed.as_bytes()))?;
    super::settings::set_meta(conn, INDEX_CHECK, &keys.index(IndexField::KeyCheck, CHECK_TEXT).to_hex())
}

/// The id of the seal key the key check is sealed with; 0 if it cannot be read.
pub(super) fn key_check_id(conn: &mut AnyConnection) -> DbResult<u8> {
    let seal = super::settings::meta(conn, SEAL_CHECK)?.ok_or(DbError::WrongKeys)?;
    Ok(seal.get(2..4).and_then(|id| u8::from_str_radix(id, 16).ok()).unwrap_or_default())
}

/// Seals the key check with the newest key.
pub(super) fn reseal_key_check(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    check_keys(conn, keys)?;
    store_key_check(conn, keys)
}

/// Both kinds of key are checked: a ring with one right and one wrong key would store rows nobody can find or open.
fn check_keys(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    let stored = |conn: &mut AnyConnection, key| super::settings::meta(conn, key)?.ok_or(DbError::WrongKeys);
    let index = stored(conn, INDEX_CHECK)?;
    let seal = stored(conn, SEAL_CHECK)?;
    let mut sealed = vec![0; seal.len() / 2];
    let opens = keyring::from_hex(&seal, &mut sealed)
        && keys.open(SealedColumn::KeyCheck, &Sealed::from_bytes(sealed)).is_ok_and(|plain| *plain == CHECK_TEXT);
    if opens && index == keys.index(IndexField::KeyCheck, CHECK_TEXT).to_hex() {
        Ok(())
    } else {
        Err(DbError::WrongKeys)
    }
}
