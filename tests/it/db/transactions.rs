//! Transactions: nothing half done, nothing lost under contention, nothing written by a read.

use chrono::NaiveDate;
use diesel::prelude::*;
use wangjia::db::schema::meta;
use wangjia::db::{AnyConnection, DbError, DbResult, settings};

use crate::support::{TestDb, on_both};

on_both!(contended_counter_loses_nothing, error_and_panic_roll_back, read_cannot_write, setting_of_a_day);

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
