//! The demo never takes the place of somebody's data.

use wangjia::app::demo::{DemoError, fresh};
use wangjia::app::setup;
use wangjia::db::{Db, areas};

use crate::db::fixtures::building;
use crate::support::{TestDb, keys, on_both};

fn a_database_without_the_mark_is_left_alone(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    db.write(building);
    assert!(matches!(fresh(&db.url, keys()), Err(DemoError::NotADemo(_))));
    assert_eq!(db.read(areas::all).len(), 3, "nothing was removed");
}

/// Tables of another program in the place where the demo's would go.
fn tables_of_others_are_left_alone(db: &TestDb) {
    use diesel::connection::SimpleConnection;
    use wangjia::app::demo::DemoError as E;
    use wangjia::db::{AnyConnection, DbError};
    let other = "CREATE TABLE ledger_of_others (n INTEGER); INSERT INTO ledger_of_others VALUES (7)";
    db.write(|conn| {
        wangjia::db::migrate::revert_all(conn)?;
        match conn {
            AnyConnection::Pg(c) => c.batch_execute(other)?,
            AnyConnection::Sqlite(c) => c.batch_execute(other)?,
        }
        Ok(())
    });
    assert!(matches!(fresh(&db.url, keys()), Err(E::NotADemo(_) | E::Db(DbError::Foreign))));
    assert!(
        matches!(fresh(&db.url, keys()), Err(E::NotADemo(_) | E::Db(DbError::Foreign))),
        "nothing of ours was left"
    );
}

fn a_demo_is_replaced_by_an_empty_one(db: &TestDb) {
    // The fixture's database has tables and no mark: start from nothing instead.
    db.write(wangjia::db::migrate::revert_all);
    let first = fresh(&db.url, keys()).unwrap();
    first.write(building).unwrap();
    drop(first);
    let second = fresh(&db.url, keys()).unwrap();
    assert!(second.read(areas::all).unwrap().is_empty());
    drop(second);
    assert!(Db::open_existing(&db.url, keys()).is_ok());
}

on_both!(
    a_database_without_the_mark_is_left_alone,
    tables_of_others_are_left_alone,
    a_demo_is_replaced_by_an_empty_one
);
