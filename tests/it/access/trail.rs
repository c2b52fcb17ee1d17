//! Every reading of people's data and every change leaves an entry, and nothing else writes on a GET.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use wangjia::api::operations::Operation;
use wangjia::app::audit::{self, Filter};

use super::percent;
use super::world::{World, operations};
use crate::support::{TestDb, on_both};

on_both!(every_reading_of_people_is_written_down, a_change_has_its_entry_with_what_was_before, a_reason_is_kept);

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn entries(db: &TestDb) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM audit_events";
    db.read(|conn| Ok(diesel::sql_query(sql).get_result::<Count>(conn)?.n))
}

fn every_reading_of_people_is_written_down(db: &TestDb) {
    let world = World::new(db);
    let mut read = 0;
    for (method, path, id) in operations() {
        let operation = Operation::find(&id).unwrap();
        if method != "GET" {
            continue;
        }
        let record = operation.target.map_or(String::new(), |kind| world.pair(kind, &path)[0].clone());
        let before = entries(db);
        let answer = world.app.raw("GET", &path.replace("{id}", &record)).send();
        let expected = i64::from(operation.reads_people && answer.status == 200);
        assert_eq!(entries(db) - before, expected, "{id}: {}", answer.status);
        read += expected;
    }
    assert!(read >= 20, "{read} readings");
    let report = audit::verify(&db.db, None).unwrap();
    assert!(report.fault.is_none(), "{report:?}");
    // Whose data was read is known.
    let resident: i64 = world.first("resident").parse().unwrap();
    let about = Filter { subject: Some(resident), ..Filter::default() };
    let readings = db.db.read(|conn| audit::find(conn, &about, 0, 1_000, None)).unwrap();
    assert!(readings.len() >= 10, "{}", readings.len());
}

fn a_change_has_its_entry_with_what_was_before(db: &TestDb) {
    let world = World::new(db);
    let path = format!("/residents/{}", world.first("resident"));
    world.app.patch(&path, &json!({"name": "甲改"})).expect(200);
    let id: i64 = world.first("resident").parse().unwrap();
    let filter = Filter { object_kind: Some("resident".to_owned()), object: Some(id), ..Filter::default() };
    let found = db.db.read(|conn| audit::find(conn, &filter, 0, 100, Some(db.db.keys()))).unwrap();
    let last = found.iter().rfind(|entry| entry.operation == "update_resident").unwrap();
    let detail = last.detail.as_ref().unwrap().to_string();
    assert!(detail.contains("甲") && detail.contains("甲改"), "{detail}");
    // What was refused changed nothing and has no entry.
    let before = entries(db);
    world.app.request("PATCH", &path).header("if-match", "\"v1\"").json(&json!({"name": "乙"})).send().expect(412);
    assert_eq!(entries(db), before);
}

fn a_reason_is_kept(db: &TestDb) {
    let world = World::new(db);
    let official = world.user("official-1").token.as_deref().unwrap();
    let path = format!("/residents/{}", world.first("resident"));
    world.app.by(official, "GET", &path).send().problem(403, "reason_required");
    let short = world.app.by(official, "GET", &path).header("x-access-reason", "1").send();
    short.field("#X-Access-Reason", "too_short");
    let read = world.app.by(official, "GET", &path).header("x-access-reason", &percent("核实家庭就业情况")).send();
    read.expect(200);
    let found = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 10_000, Some(db.db.keys()))).unwrap();
    let last = found.last().unwrap();
    assert_eq!(last.role.as_deref(), Some("official"));
    assert!(last.detail.as_ref().unwrap().to_string().contains("核实家庭就业情况"));
}

/// Every table as text, but for the audit and the time a session was last used.
fn tables(db: &TestDb) -> BTreeMap<String, String> {
    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'audit%' AND name <> 'sessions'";
    let names: Vec<Name> = db.read(|conn| Ok(diesel::sql_query(sql).load(conn)?));
    let text = |table: &str| {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            row: String,
        }
        let columns: Vec<Name> =
            db.read(|conn| Ok(diesel::sql_query(format!("SELECT name FROM pragma_table_info('{table}')")).load(conn)?));
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({})", column.name)).collect();
        let sql = format!("SELECT {} AS row FROM {table} ORDER BY 1", quoted.join(" || ',' || "));
        let rows: Vec<Row> = db.read(|conn| Ok(diesel::sql_query(sql).load(conn)?));
        rows.into_iter().map(|row| row.row + "\n").collect::<String>()
    };
    names.iter().map(|table| (table.name.clone(), text(&table.name))).collect()
}

#[test]
fn no_get_changes_anything() {
    let db = TestDb::sqlite();
    let world = World::new(&db);
    let before = tables(&db);
    for (method, path, id) in operations() {
        let operation = Operation::find(&id).unwrap();
        if method == "GET" {
            for record in operation.target.map_or([String::new(), String::new()], |kind| world.pair(kind, &path)) {
                world.app.raw("GET", &path.replace("{id}", &record)).send();
            }
        }
    }
    for page in ["/", "/account", "/sign-in", "/docs/"] {
        world.app.raw("GET", page).send();
    }
    assert_eq!(tables(&db), before);
}
