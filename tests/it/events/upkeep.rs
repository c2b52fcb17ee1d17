//! Events of a database that is older than they are, after migrations, backups and the end of their period.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::json;
use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::events::{Known, replay};
use wangjia::app::privacy::retention;
use wangjia::app::{backup, calendar_day};
use wangjia::db::events;
use wangjia::db::events::facts::{FACTS, Told};
use wangjia::db::schema::events as table;
use wangjia::db::{Db, DbError};

use super::{family, folded, followed, job, last_position};
use crate::api::app::{TestApp, noon};
use crate::support::{TestDb, keys, on_both};

on_both!(
    what_was_there_before_is_told_first,
    what_is_superseded_goes_in_its_time,
    a_backup_carries_them_to_either_database,
);

fn sql(db: &TestDb, text: &str) {
    db.write(|conn| conn.batch_execute(text).map_err(DbError::from));
}

/// Kind, row, operation and text of the events after a position.
fn told(db: &Db, after: i64) -> Vec<(String, i64, String, Option<String>)> {
    let read = db.read(|conn| -> Result<_, DbError> {
        let columns = (table::kind, table::row_id, table::operation, table::data);
        Ok(table::table.filter(table::position.gt(after)).order(table::position).select(columns).load(conn)?)
    });
    read.unwrap()
}

fn what_was_there_before_is_told_first(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let (_, person) = family(&app, &building, "甲", "1980-05-01", 11);
    let spell = job(&app, &person, &json!({"channel": "outbound", "start_on": "2026-05-01"}));
    let known = folded(&followed(&app, &app.token, 1000));
    // A database of the version before.
    db.write(events::remove);
    sql(
        db,
        "DROP TABLE events; DROP TABLE event_streams; DELETE FROM __diesel_schema_migrations WHERE version = '0013'",
    );
    sql(db, "UPDATE employment_spells SET monthly_income = 1234");
    assert_eq!(db.db.migrate().unwrap(), ["0013"]);
    let first = told(&db.db, 0);
    assert!(first.iter().all(|(_, _, operation, _)| operation == "created"), "{first:?}");
    let mut again = folded(&followed(&app, &app.token, 1000));
    let key = ("employment".to_owned(), spell.parse().unwrap());
    assert_eq!(again[&key]["monthly_income"], 1234);
    again.insert(key.clone(), known[&key].clone());
    assert_eq!(again, known, "told anew as it stands, with numbers from 1");
    let last = last_position(db);
    assert_eq!(i64::try_from(first.len()).unwrap(), last);
    // What is changed while there are no triggers, as by a migration, is told when they are put up again; all else is not.
    db.write(events::remove);
    sql(db, "UPDATE employment_spells SET monthly_income = 2345");
    sql(db, "UPDATE employers SET name = 'x'; DELETE FROM settings WHERE key = 'decent_pay'");
    db.db.migrate().unwrap();
    let since = told(&db.db, last);
    let short: Vec<(&str, &str)> =
        since.iter().map(|(kind, _, operation, _)| (kind.as_str(), operation.as_str())).collect();
    assert_eq!(short, [("setting", "removed"), ("employment", "changed")]);
    assert!(since[1].3.as_ref().unwrap().contains("2345"));
    db.db.migrate().unwrap();
    assert!(told(&db.db, last + 2).is_empty());
}

fn what_is_superseded_goes_in_its_time(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let (_, person) = family(&app, &building, "甲", "1980-05-01", 11);
    let spell = job(&app, &person, &json!({"channel": "outbound", "start_on": "2026-05-01"}));
    let income = |yuan: u32| app.patch(&format!("/spells/{spell}"), &json!({"monthly_income": yuan})).expect(200);
    income(1000);
    income(2000);
    let early = last_position(db);
    app.advance(TimeDelta::days(300));
    income(3000);
    let late = last_position(db);
    income(4000);
    let known = folded(&followed(&app, &app.token, 1000));
    let sweep = |days: i64| {
        let now = noon() + TimeDelta::days(days);
        let act = Act::of_operator("change", ObjectKind::Service, "privacy retention");
        let removed = retention::apply(&app.played(db), &act, (now, calendar_day(now)), false).unwrap();
        removed.iter().find(|row| row.table == "events").unwrap().rows
    };
    let count = || i64::try_from(super::stored(db).len()).unwrap();
    let on = calendar_day(noon());
    let decent = |known| replay(&db.db, on, known, None, None).map(|replayed| replayed.report.total.decent);
    assert_eq!((decent(Known::UpTo(early)).unwrap(), decent(Known::UpTo(late)).unwrap()), (0, 1));
    assert_eq!(sweep(36 * 30), 0, "not three years yet");
    let before = count();
    let gone = sweep(37 * 31);
    assert!(gone >= 2, "1000 superseded what was before, 2000 it: {gone}");
    assert_eq!(count(), before - i64::try_from(gone).unwrap());
    assert_eq!(sweep(37 * 31), 0);
    assert!(decent(Known::UpTo(early - 1)).is_err(), "what was known then is known no more");
    assert_eq!(
        (decent(Known::UpTo(early)).unwrap(), decent(Known::UpTo(late)).unwrap(), decent(Known::Now).unwrap()),
        (0, 1, 1)
    );
    let token = crate::api::app::account(db, "everybody", &[]);
    assert_eq!(folded(&followed(&app, &token, 1000)), known, "what the records say is still told");
}

fn a_backup_carries_them_to_either_database(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let (_, person) = family(&app, &building, "甲", "1980-05-01", 11);
    job(&app, &person, &json!({"channel": "outbound", "start_on": "2026-05-01"}));
    let events = told(&db.db, 0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.wjb");
    backup::backup(&db.db, &file, noon()).unwrap();
    for target in [TestDb::empty_sqlite(), TestDb::empty_postgres()] {
        backup::restore(&target.url, &keys(), &file, noon()).unwrap();
        assert_eq!(told(&target.db, 0), events, "the same texts, and nothing is told twice");
        target.write(|conn| conn.batch_execute("UPDATE employment_spells SET part_time = TRUE").map_err(DbError::from));
        let more = told(&target.db, i64::try_from(events.len()).unwrap());
        assert_eq!(more.len(), 1, "and they go on");
    }
}

/// The list of what is told holds no sealed column, and of free text and names none.
#[test]
fn the_list_tells_nothing_sealed() {
    let names = ["name", "phone", "id_number", "note", "decided_by", "code", "unit", "title", "place", "address"];
    for fact in FACTS {
        for told in fact.tells {
            let Told::Value(column) = told else { continue };
            let sealed = column.ends_with("_cipher") || column.ends_with("_index") || column.ends_with("_name");
            let is_area = fact.table == "areas" && *column == "name";
            assert!(!sealed && (is_area || !names.contains(column)), "{}.{column}", fact.table);
        }
    }
}
