//! Transactions: nothing half done, nothing lost under contention, nothing written by a read.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use wangjia::db::schema::meta;
use wangjia::db::{AnyConnection, Db, DbError, DbResult, settings};

use crate::support::{TestDb, keys, on_both};

on_both!(
    contended_counter_loses_nothing,
    contending_programs_lose_nothing,
    conflicts_are_seen_through_other_errors,
    error_and_panic_roll_back,
    read_cannot_write,
    reads_see_one_moment,
    setting_of_a_day,
);

fn count(conn: &mut AnyConnection) -> DbResult<u32> {
    Ok(settings::meta(conn, "count")?.map_or(0, |count| count.parse().unwrap()))
}

/// Read, then write what depends on it, 8 threads x 100: every lock error or lost update would show.
fn contended_counter_loses_nothing(db: &TestDb) {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..100 {
                    db.write(|conn| {
                        let count = count(conn)?;
                        settings::set_meta(conn, "count", &(count + 1).to_string())
                    });
                }
            });
        }
    });
    assert_eq!(db.read(count), 800);
}

/// The same from eight programs: they share no queue, only the database's own locks.
fn contending_programs_lose_nothing(db: &TestDb) {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let own = Db::open_existing(&db.url, keys()).unwrap();
                for _ in 0..25 {
                    own.write(|conn| {
                        let count = count(conn)?;
                        settings::set_meta(conn, "count", &(count + 1).to_string())
                    })
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(db.read(count), 200);
}

/// An error of another layer, the way `thiserror` makes it.
#[derive(Debug, thiserror::Error)]
enum OuterError {
    #[error(transparent)]
    Hidden(DbError),
    #[error("outer")]
    Shown(#[source] DbError),
}

impl From<DbError> for OuterError {
    fn from(error: DbError) -> Self {
        // Both kinds of wrapping in turn.
        static TURN: AtomicU32 = AtomicU32::new(0);
        if TURN.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) { Self::Hidden(error) } else { Self::Shown(error) }
    }
}

fn conflicts_are_seen_through_other_errors(db: &TestDb) {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    db.db
                        .write(|conn| -> Result<(), OuterError> {
                            let count = count(conn)?;
                            Ok(settings::set_meta(conn, "count", &(count + 1).to_string())?)
                        })
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(db.read(count), 200);
}

/// What is written between two queries of one read is not seen by the second.
fn reads_see_one_moment(db: &TestDb) {
    let (before, after) = db.read(|conn| {
        let before = count(conn)?;
        db.write(|conn| settings::set_meta(conn, "count", "7"));
        Ok((before, count(conn)?))
    });
    assert_eq!((before, after), (0, 0));
    assert_eq!(db.read(count), 7);
}

fn error_and_panic_roll_back(db: &TestDb) {
    let result: Result<(), DbError> = db.db.write(|conn| {
        settings::set_meta(conn, "half", "done")?;
        Err(DbError::Full)
    });
    assert!(matches!(result, Err(DbError::Full)));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        db.write(|conn| {
            settings::set_meta(conn, "half", "done")?;
            panic!("on purpose");
            #[expect(unreachable_code, reason = "gives the closure its type")]
            Ok(())
        });
    }));
    assert!(panicked.is_err());
    // The next write needs the lock the panicking one held.
    db.write(|conn| settings::set_meta(conn, "whole", "done"));
    assert_eq!(db.read(|conn| settings::meta(conn, "half")), None);
    assert_eq!(db.read(|conn| settings::meta(conn, "whole")), Some("done".to_owned()));
}

fn read_cannot_write(db: &TestDb) {
    let result: DbResult<()> = db.db.read(|conn| settings::set_meta(conn, "from a read", "1"));
    assert!(matches!(result, Err(DbError::Query(_))), "{result:?}");
    // Connections of the pool are not left read-only.
    for n in 0..20 {
        db.write(|conn| settings::set_meta(conn, "n", &n.to_string()));
    }
    let n: i64 = db.read(|conn| Ok(meta::table.filter(meta::key.eq("from a read")).count().get_result(conn)?));
    assert_eq!(n, 0);
}

/// Before the closure has read anything the lock is held: another program cannot begin to write in between.
#[test]
fn a_write_holds_the_lock_from_its_start() {
    let db = TestDb::sqlite();
    let file = db.file().unwrap();
    let mut other = diesel::SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let refused = db.write(|_| Ok(other.batch_execute("BEGIN IMMEDIATE")));
    assert!(refused.unwrap_err().to_string().contains("locked"));
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
}

/// A write that waits for itself is told at once.
#[test]
fn a_write_inside_a_write_is_refused() {
    let db = TestDb::sqlite();
    let inner = db.write(|_| Ok(db.db.write(|conn| settings::set_meta(conn, "inner", "1"))));
    assert!(matches!(inner, Err(DbError::Busy)), "{inner:?}");
    db.write(|conn| settings::set_meta(conn, "after", "1"));
}

fn setting_of_a_day(db: &TestDb) {
    let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
    db.write(|conn| {
        settings::set_from(conn, "decent_pay", "1800", day(1))?;
        settings::set_from(conn, "decent_pay", "1999", day(10))?;
        settings::set_from(conn, "decent_pay", "2000", day(10))
    });
    let on = |d| db.read(|conn| settings::setting_on(conn, "decent_pay", day(d)));
    assert_eq!(on(1).as_deref(), Some("1800"));
    assert_eq!(on(9).as_deref(), Some("1800"));
    assert_eq!(on(10).as_deref(), Some("2000"));
    assert_eq!(
        db.read(|conn| settings::setting_on(conn, "decent_pay", NaiveDate::from_ymd_opt(2026, 2, 28).unwrap())),
        None
    );
    assert_eq!(db.read(settings::all).len(), 2);
}
