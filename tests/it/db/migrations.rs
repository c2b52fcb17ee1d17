//! Migrating: several starters at once, a database of a newer program, a database that was never migrated.

use std::process::{Command, Stdio};
use std::sync::Barrier;

use diesel::connection::{Connection as _, SimpleConnection};
use wangjia::db::keyring::KEYS_VARIABLE;
use wangjia::db::migrate;
use wangjia::db::{DatabaseUrl, Db, DbError, Keyring};

use crate::support::{TestDb, keys, on_both};

on_both!(a_newer_database_is_refused);

/// Each starter has its own pool and connections, as another process would; exactly one of them makes the tables.
fn six_starters(url: &DatabaseUrl) {
    let barrier = Barrier::new(6);
    let applied: Vec<(usize, usize)> = std::thread::scope(|scope| {
        let starters: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let applied = Db::open(url, keys()).unwrap().migrate().unwrap().len();
                    let db = Db::open_existing(url, keys()).unwrap();
                    (applied, db.read(|conn| migrate::known(conn)).unwrap().len())
                })
            })
            .collect();
        starters.into_iter().map(|starter| starter.join().unwrap()).collect()
    });
    let all = applied[0].1;
    assert_eq!(applied.iter().map(|(applied, _)| applied).sum::<usize>(), all);
    assert!(applied.iter().all(|(applied, _)| *applied == 0 || *applied == all), "{applied:?}");
}

#[test]
fn six_starters_on_sqlite() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        // Not even the file is there yet.
        six_starters(&DatabaseUrl::sqlite(dir.path().join("new.db")));
    }
}

#[test]
fn six_starters_on_postgres() {
    for _ in 0..5 {
        six_starters(&TestDb::empty_postgres().url);
    }
}

/// The command itself, started six times at once in an empty directory: all succeed with one key file.
fn six_commands(url: &DatabaseUrl, address: &str) {
    let dir = tempfile::tempdir().unwrap();
    let key_file = dir.path().join("wangjia.key");
    let commands: Vec<_> = (0..6)
        .map(|_| {
            Command::new(env!("CARGO_BIN_EXE_wangjia"))
                .args(["migrate", "--database-url", address, "--key-file"])
                .arg(&key_file)
                .current_dir(dir.path())
                .env_remove(KEYS_VARIABLE)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for command in commands {
        let output = command.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    Db::open_existing(url, Keyring::load(&key_file).unwrap()).unwrap();
}

/// Longer than SQLite itself waits for a lock.
#[test]
fn a_start_waits_for_a_migration_on_a_slow_disk() {
    let db = TestDb::empty_sqlite();
    let mut other = diesel::SqliteConnection::establish(db.file().unwrap().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let started = scope.spawn(|| db.db.migrate());
        std::thread::sleep(std::time::Duration::from_millis(5_500));
        other.batch_execute("COMMIT").unwrap();
        assert!(!started.join().unwrap().unwrap().is_empty());
    });
}

#[test]
fn six_commands_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::sqlite(dir.path().join("new.db"));
    six_commands(&url, &url.to_string());
}

#[test]
fn six_commands_on_postgres() {
    let db = TestDb::empty_postgres();
    let DatabaseUrl::Postgres(address) = &db.url else { unreachable!("a PostgreSQL test") };
    six_commands(&db.url, address);
}

#[test]
fn an_empty_database_is_not_ready() {
    for db in [TestDb::empty_sqlite(), TestDb::empty_postgres()] {
        let opened = Db::open_existing(&db.url, keys());
        assert!(matches!(opened, Err(DbError::NotMigrated)), "{opened:?}");
    }
}

fn a_newer_database_is_refused(db: &TestDb) {
    db.write(|conn| Ok(conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")?));
    for refused in [Db::open_existing(&db.url, keys()).map(|_| ()), db.db.migrate().map(|_| ())] {
        assert!(matches!(&refused, Err(DbError::Newer(version)) if version == "9999"), "{refused:?}");
    }
}
