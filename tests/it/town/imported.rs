//! The files in a database: what the importer makes of them is the town.

use std::collections::BTreeMap;

use wangjia::app::coverage::coverage;
use wangjia::app::imports::{ImportOptions, ImportReport, import_file};
use wangjia::app::setup;
use wangjia::db::postings;
use wangjia::domain::codes::Severity;
use wangjia::town::{FILES, Town, write};

use super::figures::tally;
use super::{day, small};
use crate::support::{TestDb, on_both};

fn import(db: &TestDb, town: &Town) -> Vec<ImportReport> {
    let dir = tempfile::tempdir().unwrap();
    let now = day(2026, 11, 23).and_hms_opt(9, 0, 0).unwrap();
    let options = ImportOptions { as_of: town.plan.as_of, now, dry_run: false, accept_clean_rows: false };
    let paths = write(town, dir.path(), false).unwrap();
    let files = paths.iter().zip(FILES);
    files
        .map(|(path, file)| {
            import_file(&db.db, &std::fs::read(path).unwrap(), file, &options, &mut |_, _| Ok(())).unwrap()
        })
        .collect()
}

fn an_imported_town_is_the_town(db: &TestDb) {
    setup::migrate(&db.db).unwrap();
    let town = small(6);
    let rows = [town.buildings.len(), town.postings.len(), town.people.len()].map(|n| n as u64);
    for (report, rows) in import(db, &town).iter().zip(rows) {
        assert_eq!((report.count(Severity::Error), report.rejected), (0, 0));
        assert_eq!((report.created, report.updated, report.unchanged), (rows, 0, 0));
    }
    for (report, rows) in import(db, &town).iter().zip(rows) {
        assert_eq!((report.created, report.updated, report.unchanged), (0, 0, rows), "a second time changes nothing");
    }

    assert_eq!(coverage(&db.db, town.plan.as_of, None, None).unwrap().total, tally(&town, town.plan.as_of));
    let stored = db.read(postings::all);
    let places: BTreeMap<_, _> =
        stored.iter().map(|row| (row.data.code.clone(), (row.data.headcount, row.filled))).collect();
    let meant = town
        .postings
        .iter()
        .map(|posting| (Some(posting.code.clone()), (i64::from(posting.headcount), i64::from(posting.filled))));
    assert_eq!(places, meant.collect(), "every job at a posting is linked to it");
}

on_both!(an_imported_town_is_the_town);
