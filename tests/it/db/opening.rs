//! Opening a database: the right one, with the right keys, and never a new one by mistake.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::{BigInt, Text};
use wangjia::db::connection::Manager;
use wangjia::db::seal::SealError;
use wangjia::db::url::UrlError;
use wangjia::db::{AnyConnection, DatabaseUrl, Db, DbError, Keyring};
use wangjia::domain::text::Label;

use crate::support::{TestDb, keys, on_both};

on_both!(other_keys_are_refused, a_second_program_may_open_it);

fn other_keys_are_refused(db: &TestDb) {
    let (seal, index) = ("51".repeat(32), "1d".repeat(32));
    for (wrong, what) in [
        (format!("seal 1 {}\nindex {index}", "52".repeat(32)), "seal key"),
        (format!("seal 1 {seal}\nindex {}", "1e".repeat(32)), "index key"),
        (format!("seal 2 {seal}\nindex {index}"), "key id"),
    ] {
        let wrong = Keyring::from_text(&wrong).unwrap();
        let opened = Db::open_existing(&db.url, wrong.clone());
        assert!(matches!(opened, Err(DbError::WrongKeys)), "{what}: {opened:?}");
        let migrated = Db::open(&db.url, wrong).unwrap().migrate();
        assert!(matches!(migrated, Err(DbError::WrongKeys)), "{what}: {migrated:?}");
    }
    // A ring that grew by a newer seal key still fits.
    let grown = Keyring::from_text(&format!("seal 1 {seal}; seal 2 {}; index {index}", "52".repeat(32))).unwrap();
    Db::open_existing(&db.url, grown).unwrap();
}

fn a_second_program_may_open_it(db: &TestDb) {
    let other = Db::open_existing(&db.url, keys()).unwrap();
    db.write(|conn| wangjia::db::settings::set_meta(conn, "from", "the first"));
    let seen = other.read(|conn| wangjia::db::settings::meta(conn, "from")).unwrap();
    assert_eq!(seen.as_deref(), Some("the first"));
}

#[test]
fn a_mistyped_path_makes_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mistyped.db");
    let opened = Db::open_existing(&DatabaseUrl::sqlite(&path), keys());
    assert!(matches!(&opened, Err(DbError::NoDatabase(p)) if *p == path), "{opened:?}");
    let directory = Db::open_existing(&DatabaseUrl::sqlite(dir.path()), keys());
    assert!(matches!(directory, Err(DbError::NoDatabase(_))));
    let in_no_directory = Db::open(&DatabaseUrl::sqlite(dir.path().join("no/such/dir.db")), keys());
    assert!(matches!(in_no_directory, Err(DbError::Create { .. })));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

/// A pool that needs another connection after the file was lost gets an error, not an empty database.
#[test]
fn a_file_that_vanishes_is_not_replaced() {
    let db = TestDb::sqlite();
    let path = db.file().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(Manager::new(db.url.clone()).connect().is_err());
    assert!(!path.exists());
}

#[test]
fn files_of_others_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("notes.txt");
    std::fs::write(&text, "这不是数据库。".repeat(1000)).unwrap();
    let opened = Db::open(&DatabaseUrl::sqlite(&text), keys());
    assert!(matches!(opened, Err(DbError::Connect { .. })), "{opened:?}");
    assert_eq!(std::fs::read_to_string(&text).unwrap(), "这不是数据库。".repeat(1000));

    let other = DatabaseUrl::sqlite(dir.path().join("other.db"));
    let db = Db::open(&other, keys()).unwrap();
    db.write(|conn| Ok::<_, DbError>(conn.batch_execute("CREATE TABLE songs (title TEXT)")?)).unwrap();
    let migrated = db.migrate();
    assert!(matches!(migrated, Err(DbError::Foreign)), "{migrated:?}");
    assert!(matches!(Db::is_new(&other), Err(DbError::Foreign)));
    // Nor does the demo, which replaces databases, replace this one.
    assert!(wangjia::app::demo::fresh(&other, keys()).is_err());
    let tables: i64 = db
        .read(|conn| match conn {
            AnyConnection::Sqlite(c) => Ok::<_, DbError>(
                diesel::sql_query("SELECT count(*) AS n FROM sqlite_master").get_result::<Number>(c)?.n,
            ),
            AnyConnection::Pg(_) => unreachable!("an SQLite test"),
        })
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn new_keys_are_for_new_databases() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Db::is_new(&DatabaseUrl::sqlite(dir.path().join("none.db"))).unwrap());
    assert!(Db::is_new(&DatabaseUrl::sqlite(dir.path())).is_err());
    for (empty, migrated) in
        [(TestDb::empty_sqlite(), TestDb::sqlite()), (TestDb::empty_postgres(), TestDb::postgres())]
    {
        assert!(Db::is_new(&empty.url).unwrap());
        assert!(!Db::is_new(&migrated.url).unwrap());
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_new_file_is_private() {
    let db = TestDb::empty_sqlite();
    db.db.migrate().unwrap();
    let path = db.file().unwrap();
    for name in ["test.db", "test.db-wal", "test.db-shm"] {
        let file = path.with_file_name(name);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name}");
    }
}

#[test]
fn paths_of_all_kinds_open() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["旺家 社区.db", "100%.db", "a+b&c=d.db", "%41.db"] {
        let url: DatabaseUrl = format!("sqlite://{}", dir.path().join(name).display()).parse().unwrap();
        Db::open(&url, keys()).unwrap().migrate().unwrap();
        assert!(dir.path().join(name).is_file(), "{name}");
    }
    assert!(!dir.path().join("A.db").exists());
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// The promises every connection makes: to the disk (2 = FULL), about references, about waiting.
#[test]
fn sqlite_connections_keep_the_promises() {
    let db = TestDb::empty_sqlite();
    let number = |pragma: &str| {
        let sql = format!("SELECT {pragma} AS n FROM pragma_{pragma}");
        db.read(|conn| match conn {
            AnyConnection::Sqlite(c) => Ok(diesel::sql_query(sql).get_result::<Number>(c)?.n),
            AnyConnection::Pg(_) => unreachable!("an SQLite test"),
        })
    };
    assert_eq!(number("synchronous"), 2);
    assert_eq!(number("foreign_keys"), 1);
    assert_eq!(
        db.read(|conn| match conn {
            AnyConnection::Sqlite(c) =>
                Ok(diesel::sql_query("SELECT timeout AS n FROM pragma_busy_timeout").get_result::<Number>(c)?.n),
            AnyConnection::Pg(_) => unreachable!("an SQLite test"),
        }),
        5000
    );
    let mode = db.read(|conn| match conn {
        AnyConnection::Sqlite(c) => {
            Ok(diesel::sql_query("SELECT journal_mode AS word FROM pragma_journal_mode").get_result::<Word>(c)?.word)
        }
        AnyConnection::Pg(_) => unreachable!("an SQLite test"),
    });
    assert_eq!(mode, "wal");
}

/// Data nobody misses does not wait for the disk; the other promises stand.
#[test]
fn a_volatile_sqlite_database_exists_and_does_not_wait_for_the_disk() {
    let db = TestDb::sqlite();
    let volatile = Db::open_volatile(&db.url, keys()).unwrap();
    let number = |pragma: &str| {
        let sql = format!("SELECT {pragma} AS n FROM pragma_{pragma}");
        let read = volatile.read(|conn| match conn {
            AnyConnection::Sqlite(c) => Ok::<_, DbError>(diesel::sql_query(sql).get_result::<Number>(c)?.n),
            AnyConnection::Pg(_) => unreachable!("an SQLite test"),
        });
        read.unwrap()
    };
    assert_eq!((number("synchronous"), number("foreign_keys")), (0, 1));
    let absent = DatabaseUrl::sqlite(db.file().unwrap().with_file_name("absent.db"));
    assert!(matches!(Db::open_volatile(&absent, keys()), Err(DbError::NoDatabase(_))));
}

#[test]
fn postgres_writes_are_serializable_and_durable() {
    let db = TestDb::postgres();
    let show = |name: &str| {
        let sql = format!("SELECT current_setting('{name}') AS word");
        db.write(move |conn| match conn {
            AnyConnection::Pg(c) => Ok(diesel::sql_query(sql.as_str()).get_result::<Word>(c)?.word),
            AnyConnection::Sqlite(_) => unreachable!("a PostgreSQL test"),
        })
    };
    assert_eq!(show("transaction_isolation"), "serializable");
    assert_eq!(show("synchronous_commit"), "on");
    assert_eq!(show("TimeZone"), "UTC");
}

#[test]
fn addresses() {
    #[track_caller]
    fn check(url: &str, expect: Result<&str, UrlError>) {
        assert_eq!(url.parse::<DatabaseUrl>().map(|url| url.to_string()).as_deref(), expect.as_ref().map(|s| *s));
    }
    check("sqlite://wangjia.db", Ok("sqlite://wangjia.db"));
    check("sqlite:///var/lib/wangjia.db", Ok("sqlite:///var/lib/wangjia.db"));
    check("  sqlite://./wangjia.db\n", Ok("sqlite://./wangjia.db"));
    check("postgres://user@host/db", Ok("postgres://user@host/db"));
    check("postgresql://user:se:cret@host:5432/db?password=x&sslmode=require", Ok("postgresql://user@host:5432/db"));
    check("postgres://user:p@ss@host/db", Ok("postgres://user@host/db"));
    check("wangjia.db", Err(UrlError::Scheme));
    check("postgresql:none", Err(UrlError::Scheme));
    check("host=127.0.0.1 dbname=wangjia", Err(UrlError::Scheme));
    check("mysql://user@host/db", Err(UrlError::Scheme));
    check("SQLITE://wangjia.db", Err(UrlError::Scheme));
    check("", Err(UrlError::Scheme));
    check("sqlite://", Err(UrlError::NoPath));
    check("sqlite://dir/", Err(UrlError::NoPath));
    check("sqlite://:memory:", Err(UrlError::InMemory));
    check("sqlite://wangjia.db?mode=memory", Err(UrlError::Options));
}

/// The message names the place but not the password.
#[test]
fn an_unreachable_server_is_named_without_its_password() {
    let url: DatabaseUrl = "postgres://user:secret@127.0.0.1:1/db".parse().unwrap();
    let error = Db::open_existing(&url, keys()).unwrap_err();
    assert!(matches!(error, DbError::Connect { .. }));
    let shown = format!("{} {error} {url:?}", error.text());
    assert!(shown.contains("127.0.0.1:1/db") && !shown.contains("secret"), "{shown}");
}

/// Every error speaks both languages and keeps causes, SQL and values to the log.
#[test]
fn errors_speak_both_languages() {
    let what = Label { zh: "居民", en: "resident" };
    let path = || PathBuf::from("/data/wangjia.db");
    let query = || diesel::result::Error::QueryBuilderError("SELECT canary".into());
    let io = || std::io::Error::other("canary");
    let connect =
        |url: &str| DbError::Connect { url: url.parse().unwrap(), source: diesel::r2d2::Error::QueryError(query()) };
    let errors = [
        DbError::Url(UrlError::Scheme),
        DbError::Url(UrlError::NoPath),
        DbError::Url(UrlError::InMemory),
        DbError::Url(UrlError::Options),
        DbError::NoDatabase(path()),
        DbError::Create { path: path(), source: io() },
        connect("sqlite://wangjia.db"),
        connect("postgres://user:canary@host/db"),
        DbError::Foreign,
        DbError::Busy,
        DbError::NotMigrated,
        DbError::Newer("0009".into()),
        DbError::Migration("canary".into()),
        DbError::WrongKeys,
        DbError::NotFound(what),
        DbError::Conflict(what),
        DbError::Changed(what),
        DbError::Full,
        DbError::Query(query()),
        DbError::Seal(SealError::Random),
        DbError::Seal(SealError::DoesNotOpen("residents.canary")),
        DbError::Seal(SealError::UnknownSuite("residents.canary")),
        DbError::Seal(SealError::KeyMissing { column: "residents.canary", key_id: 2 }),
        DbError::Seal(SealError::KeyFile { path: path(), source: io() }),
        DbError::Seal(SealError::KeyFileExists(path())),
        DbError::Seal(SealError::KeyFileOpen(path())),
        DbError::Seal(SealError::KeyLine(3)),
        DbError::Seal(SealError::KeysIncomplete),
    ];
    for error in errors {
        let text = error.text();
        assert!(text.zh.ends_with('。') && text.en.ends_with('.'), "{text}");
        assert!(text.en.is_ascii() && !text.zh.is_ascii(), "{text}");
        assert!(!text.to_string().contains(['!', '！']) && !text.to_string().contains("canary"), "{text}");
        assert!(!error.code().is_empty() && error.code().is_ascii());
    }
}
