//! What the service hands out can be handed in: every list read back changes nothing at all, whatever its columns.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;
use wangjia::app::error::AppError;
use wangjia::app::exports::{self, Form};
use wangjia::app::imports::{ImportOptions, import_file};
use wangjia::app::ledgers::{LedgerKind, columns, ledger};
use wangjia::app::postings::PostingFilter;
use wangjia::db::{DbError, dump};
use wangjia::domain::text::Lang;

use crate::api::app::{TestApp, noon};
use crate::ledgers::{ask, options, town};
use crate::support::{TestDb, on_both};

on_both!(every_list_that_was_handed_out_changes_nothing_when_it_is_handed_in);

/// Every ledger with its own columns and those that name the person, and the postings: read back, nothing becomes another; what is no list
/// to read back is refused as such.
fn every_list_that_was_handed_out_changes_nothing_when_it_is_handed_in(test: &TestDb) {
    let app = TestApp::new(test);
    town(test);
    let person = app.get("/residents")["items"][0]["id"].as_str().unwrap().to_owned();
    app.patch(&format!("/residents/{person}"), &json!({"note": "想先参加培训"})).expect(200);
    let farming = json!({"channel": "farming", "start_on": "2026-02-01"});
    let everybody = app.get("/residents?limit=100")["items"].as_array().unwrap().clone();
    let works = |one: &serde_json::Value| app.get(&format!("/spells?resident_id={}", id(one)))["items"] != json!([]);
    let idle = everybody.iter().find(|one| one["id"] != *person && !works(one));
    app.create(&format!("/residents/{}/spells", id(idle.unwrap())), &farming);
    let before = contents(test);
    let mut read = Vec::new();
    for kind in LedgerKind::ALL {
        let mut codes: Vec<&str> = columns::template(*kind).iter().map(|column| column.code).collect();
        codes.extend(["id_number", "phone"]);
        let found = test.db.read(|conn| ledger(conn, test.db.keys(), &ask(*kind, &codes))).unwrap();
        for (form, extension) in [(Form::Xlsx, "xlsx"), (Form::Csv, "csv")] {
            let name = format!("{}.{extension}", kind.code());
            let bytes = found.write(form).unwrap();
            match import_file(&test.db, &bytes, &name, &options(), &mut |_, _| Ok(())) {
                // Of a list without a person the importer says what it misses.
                Ok(report) if report.stopped => assert_eq!(report.findings[0].code.code(), "column_missing", "{name}"),
                Ok(report) => {
                    assert_eq!((report.created, report.updated), (0, 0), "{name}: {report:?}");
                    read.push(*kind);
                }
                Err(AppError::Invalid(errors)) if errors[0].code == "file_no_known_sheet" => {}
                Err(error) => panic!("{name}: {error}"),
            }
            assert!(contents(test) == before, "{name} changed something");
        }
    }
    for kind in
        [LedgerKind::People, LedgerKind::Employed, LedgerKind::NotEmployed, LedgerKind::ToHelp, LedgerKind::ParkRoster]
    {
        assert!(read.contains(&kind), "{kind:?}");
    }
    let filter = PostingFilter::default();
    let list = test.db.read(|conn| exports::postings(conn, &filter, noon().date(), Lang::Zh)).unwrap();
    let later = ImportOptions { as_of: noon().date() + TimeDelta::days(30), ..options() };
    let report =
        import_file(&test.db, &list.write(Form::Xlsx).unwrap(), "postings.xlsx", &later, &mut |_, _| Ok(())).unwrap();
    assert_eq!((report.stopped, report.created, report.updated), (false, 0, 0), "{report:?}");
    assert!(contents(test) == before, "an old list confirms nothing");
}

fn id(row: &serde_json::Value) -> &str {
    row["id"].as_str().unwrap()
}

/// Every row of every table that is no bookkeeping of the imports themselves.
fn contents(test: &TestDb) -> BTreeMap<String, Vec<dump::Row>> {
    const OF_IMPORTS: [&str; 7] = [
        "import_batches",
        "import_findings",
        "import_rejected_rows",
        "record_findings",
        "audit_events",
        "audit_subjects",
        "audit_chain",
    ];
    test.db
        .read(|conn| {
            let tables = dump::Catalogue::of(conn)?;
            let mut all: BTreeMap<String, Vec<dump::Row>> = BTreeMap::new();
            for table in tables.tables().filter(|table| !OF_IMPORTS.contains(&table.name.as_str())) {
                let rows: &mut Vec<dump::Row> = all.entry(table.name.clone()).or_default();
                dump::batches(conn, table, |batch| -> Result<(), DbError> {
                    rows.extend(batch);
                    Ok(())
                })?;
            }
            Ok::<_, DbError>(all)
        })
        .unwrap()
}
