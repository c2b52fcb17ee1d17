//! Imports on both databases: what is stored, what is refused, what a repetition changes.

mod elsewhere;
mod findings;
mod jobs;
mod ledgers;
mod lists;
mod mapping;
mod posting_law;
mod postings;
mod proposals;
mod recognised;
mod records;
mod safety;
mod third_party;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use wangjia::app::imports::{ImportOptions, ImportReport, import_file};
use wangjia::app::setup;

use crate::ledger::{V, as_of, xlsx};
use crate::support::TestDb;

/// A database with tables, settings and vocabulary.
pub fn prepared(test: &TestDb) -> &TestDb {
    setup::migrate(&test.db).unwrap();
    test
}

pub fn options() -> ImportOptions {
    ImportOptions {
        as_of: as_of(),
        now: as_of().and_hms_opt(1, 2, 3).unwrap(),
        dry_run: false,
        accept_clean_rows: false,
    }
}

pub fn accepting() -> ImportOptions {
    ImportOptions { accept_clean_rows: true, ..options() }
}

#[track_caller]
pub fn import_with(test: &TestDb, sheets: &[(&str, Vec<Vec<V>>)], options: &ImportOptions) -> ImportReport {
    import_file(&test.db, &xlsx(sheets), "test.xlsx", options, &mut |_, _| Ok(())).unwrap()
}

/// One sheet, all or nothing.
#[track_caller]
pub fn import(test: &TestDb, rows: Vec<Vec<V>>) -> ImportReport {
    import_with(test, &[("Sheet1", rows)], &options())
}

/// (created, updated, unchanged, rejected)
pub fn counts(report: &ImportReport) -> (u64, u64, u64, u64) {
    (report.created, report.updated, report.unchanged, report.rejected)
}

/// The codes of the findings but for those that most of these sheets have.
pub fn codes(report: &ImportReport) -> Vec<&'static str> {
    let mut codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.code()).collect();
    codes.retain(|code| {
        ![
            "building_column_missing",
            "channel_assumed",
            "posting_wage_unchecked",
            "school_missing",
            "labour_class_missing",
        ]
        .contains(code)
    });
    codes.sort_unstable();
    codes
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Nullable<Text>)]
    word: Option<String>,
}

/// The number a query gives as column `n`: tests look at the tables as a stranger would.
#[track_caller]
pub fn number(test: &TestDb, sql: &str) -> i64 {
    test.read(|conn| Ok(diesel::sql_query(sql).get_result::<Number>(conn)?)).n
}

/// Number of rows of a table.
#[track_caller]
pub fn rows(test: &TestDb, table: &str) -> i64 {
    number(test, &format!("SELECT count(*) AS n FROM {table}"))
}

/// The texts a query gives as column `word`.
#[track_caller]
pub fn words(test: &TestDb, sql: &str) -> Vec<String> {
    let rows = test.read(|conn| Ok(diesel::sql_query(sql).load::<Word>(conn)?));
    rows.into_iter().map(|row| row.word.unwrap_or_default()).collect()
}

/// Everything an import may write but the record of the import itself.
const TABLES: &[&str] = &[
    "areas",
    "households",
    "household_events",
    "residents",
    "memberships",
    "resident_skills",
    "resident_certificates",
    "resident_unavailable_hours",
    "resident_wishes",
    "resident_ruled_out",
    "care_duties",
    "care_duty_hours",
    "employers",
    "postings",
    "posting_hours",
    "posting_skills",
    "posting_certificates",
    "posting_hazards",
    "employment_spells",
    "training_records",
    "barriers",
    "unmapped_names",
];

/// Number of rows and sum of versions of every table an import may write.
pub fn fingerprint(test: &TestDb) -> Vec<(String, i64, i64)> {
    TABLES
        .iter()
        .map(|table| {
            let versioned =
                ["areas", "households", "residents", "employers", "postings", "employment_spells"].contains(table);
            let sum = if versioned {
                "CAST(coalesce(sum(version), 0) AS BIGINT)"
            } else {
                "CAST(coalesce(max(id), 0) AS BIGINT)"
            };
            ((*table).to_owned(), rows(test, table), number(test, &format!("SELECT {sum} AS n FROM {table}")))
        })
        .collect()
}
