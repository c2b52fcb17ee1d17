//! Databases for tests: each test gets its own, fresh and migrated, on SQLite or on PostgreSQL.
//!
//! PostgreSQL is not optional: a test on it fails with a clear message if `WANGJIA_TEST_POSTGRES` does not name a server on
//! which databases may be created (`tests/run` starts one).

pub mod command;
pub mod site;

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wangjia::db::{AnyConnection, DatabaseUrl, Db, DbError, Keyring};

/// Address of a PostgreSQL server for tests, such as `postgres://postgres@127.0.0.1:5432/postgres`.
pub const POSTGRES_VARIABLE: &str = "WANGJIA_TEST_POSTGRES";

/// The template of a database without tables, sorted by code point as SQLite sorts.
const EMPTY: &str = "template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";

/// A database of one test; gone when dropped.
pub struct TestDb {
    pub db: Db,
    pub url: DatabaseUrl,
    place: Place,
}

enum Place {
    /// Kept for its destructor, which removes the directory.
    Dir {
        _dir: tempfile::TempDir,
    },
    Server {
        admin: String,
        name: String,
    },
}

impl TestDb {
    /// A copy of a database that was migrated once in this process; writes do not wait for the disk.
    pub fn sqlite() -> Self {
        static MIGRATED: LazyLock<Vec<u8>> = LazyLock::new(|| {
            let first = TestDb::empty_sqlite();
            first.db.migrate().unwrap();
            let file = first.url.sqlite_path().unwrap();
            let copy = file.with_extension("copy");
            let mut conn = diesel::SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            conn.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
            std::fs::read(copy).unwrap()
        });
        let (dir, url) = sqlite_place();
        std::fs::write(url.sqlite_path().unwrap(), &*MIGRATED).unwrap();
        let db = Db::open_volatile(&url, keys()).unwrap();
        Self { db, url, place: Place::Dir { _dir: dir } }
    }

    /// A copy of a database that was migrated once in this process; that one stays on the server.
    pub fn postgres() -> Self {
        static MIGRATED: LazyLock<String> = LazyLock::new(|| {
            let name = format!("wangjia_test_{}_migrated", std::process::id());
            let url = create_postgres(&name, EMPTY);
            // Its connections are closed with it: a database in use is no template.
            Db::open(&url, keys()).unwrap().migrate().unwrap();
            name
        });
        Self::on_server(&MIGRATED)
    }

    /// Without tables, and as careful as in service.
    pub fn empty_sqlite() -> Self {
        let (dir, url) = sqlite_place();
        let db = Db::open(&url, keys()).unwrap();
        Self { db, url, place: Place::Dir { _dir: dir } }
    }

    /// Without tables.
    pub fn empty_postgres() -> Self {
        Self::on_server(EMPTY)
    }

    fn on_server(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("wangjia_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let url = create_postgres(&name, template);
        let db = Db::open(&url, keys()).unwrap();
        Self { db, url, place: Place::Server { admin: admin(), name } }
    }

    /// The SQLite file.
    pub fn file(&self) -> Option<PathBuf> {
        self.url.sqlite_path().map(std::borrow::ToOwned::to_owned)
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Server { .. })
    }

    /// Runs a write that must succeed.
    #[track_caller]
    pub fn write<T>(&self, f: impl FnMut(&mut AnyConnection) -> Result<T, DbError>) -> T {
        self.db.write(f).unwrap()
    }

    /// Runs a read that must succeed.
    #[track_caller]
    pub fn read<T>(&self, f: impl FnOnce(&mut AnyConnection) -> Result<T, DbError>) -> T {
        self.db.read(f).unwrap()
    }
}

/// A folder of its own for a database file.
fn sqlite_place() -> (tempfile::TempDir, DatabaseUrl) {
    let dir = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::sqlite(dir.path().join("test.db"));
    (dir, url)
}

fn admin() -> String {
    std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
        panic!("this test needs PostgreSQL: set {POSTGRES_VARIABLE} to the address of a server, or use tests/run")
    })
}

/// An address of a new database made of a template.
fn create_postgres(name: &str, template: &str) -> DatabaseUrl {
    let admin = admin();
    let mut server = diesel::PgConnection::establish(&admin).unwrap();
    server.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
    server.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
    let (server_address, _) = admin.rsplit_once('/').expect("an address with a database name");
    format!("{server_address}/{name}").parse().unwrap()
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Place::Server { admin, name } = &self.place {
            let dropped =
                diesel::PgConnection::establish(admin).map_err(|error| error.to_string()).and_then(|mut server| {
                    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                    server.batch_execute(&sql).map_err(|error| error.to_string())
                });
            // A second panic while unwinding would hide the first.
            if let Err(error) = dropped {
                eprintln!("test database {name} was left behind: {error}");
            }
        }
    }
}

/// Fixed keys, so that a test's hashes are the same in every run.
pub fn keys() -> Keyring {
    Keyring::from_text(&format!("seal 1 {}\nindex {}", "51".repeat(32), "1d".repeat(32))).unwrap()
}

/// Makes each named function `fn(&TestDb)` two tests: `sqlite::name` and `postgres::name`. Once per module.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&$crate::support::TestDb::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(&$crate::support::TestDb::postgres()); })+
        }
    };
}
pub(crate) use on_both;
