//! Retention: what is removed after which time, on trial and in earnest, by hand and once a day.

use chrono::{NaiveDate, TimeDelta};
use diesel::connection::SimpleConnection;
use wangjia::app::audit::{self, Filter};
use wangjia::app::error::AppError;
use wangjia::app::privacy::retention::{self, Removed};
use wangjia::app::settings;
use wangjia::db::DbError;
use wangjia::domain::codes::JobState;

use super::sweeper;
use crate::api::app::TestApp;
use crate::support::{TestDb, command, on_both};

on_both!(what_was_kept_long_enough_goes, the_server_queues_it_once_a_day);

fn what_was_kept_long_enough_goes(db: &TestDb) {
    wangjia::app::setup::migrate(&db.db).unwrap();
    let blob = if db.is_postgres() { "'\\x00'" } else { "x'00'" };
    // Each table: one row that is old enough on 1 June 2026 and one that is not.
    let mut rows = String::new();
    for (n, old, young) in [(1, "2026-02-28", "2026-03-05"), (2, "2024-05-01", "2024-07-01")] {
        for (m, day) in [(1, old), (2, young)] {
            let batch = n * 10 + m;
            rows += &format!(
                "INSERT INTO import_batches (id, file_name, file_index, as_of, accept_clean_rows, created, updated, unchanged,
                 rejected, created_at) VALUES ({batch}, 'f', {blob}, '{day}', FALSE, 0, 0, 0, 1, '{day} 00:00:00');"
            );
            if n == 1 {
                rows += &format!(
                    "INSERT INTO import_rejected_rows (batch_id, sheet, row_number, cells_cipher) VALUES ({batch}, 's', 1, {blob});"
                );
            } else {
                rows += &format!(
                    "INSERT INTO import_findings (batch_id, code, severity, sheet, row_number, message_zh, message_en)
                     VALUES ({batch}, 'c', 'info', 's', 1, 'x', 'x');"
                );
            }
        }
    }
    for (day, state) in [("2026-04-30", "succeeded"), ("2026-05-15", "failed"), ("2020-01-01", "queued")] {
        rows += &format!(
            "INSERT INTO jobs (kind, state, created_at, updated_at) VALUES ('plan', '{state}', '{day} 00:00:00', '{day} 00:00:00');"
        );
    }
    rows += "INSERT INTO accounts (id, login, display_name, created_at, updated_at)
             VALUES (7, 'wang', 'x', '2025-01-01 00:00:00', '2025-01-01 00:00:00');";
    for (n, expires, revoked) in [
        (1, "2025-11-01", "NULL"),
        (2, "2025-12-15", "NULL"),
        (3, "2027-01-01", "'2025-11-01 00:00:00'"),
        (4, "2027-01-01", "NULL"),
    ] {
        let blob = if db.is_postgres() { format!("'\\x0{n}'") } else { format!("x'0{n}'") };
        rows += &format!(
            "INSERT INTO sessions (account_id, kind, token_index, label, created_at, last_used_at, expires_at, revoked_at)
             VALUES (7, 'session', {blob}, 'x', '2025-01-01 00:00:00', '2025-01-01 00:00:00', '{expires} 00:00:00', {revoked});"
        );
        if n < 3 {
            rows += &format!(
                "INSERT INTO one_time_secrets (kind, account_id, secret_index, created_at, expires_at)
                 VALUES ('reset', 7, {blob}, '2025-01-01 00:00:00', '{expires} 00:00:00');"
            );
        }
    }
    rows += "INSERT INTO employers (id, name, kind, created_at, updated_at)
             VALUES (1, 'x', 'tenant', '2020-01-01 00:00:00', '2020-01-01 00:00:00');";
    for day in ["2025-05-30", "2025-06-02"] {
        rows += &format!(
            "INSERT INTO notices (employer_id, kind, created_on, created_at)
             VALUES (1, 'posting_unpublished', '{day}', '{day} 00:00:00');"
        );
    }
    for (id, status, day) in [
        (1, "closed", "2023-05-01"),
        (2, "closed", "2023-07-01"),
        (3, "published", "2020-01-01"),
        (4, "closed", "2020-01-01"),
    ] {
        rows += &format!(
            "INSERT INTO postings (id, employer_id, title, status, channel, headcount, valid_from, created_at, updated_at)
             VALUES ({id}, 1, 'x', '{status}', 'local', 1, '2020-01-01', '{day} 00:00:00', '{day} 00:00:00');
             INSERT INTO posting_hours (posting_id, weekday, from_minute, to_minute) VALUES ({id}, 1, 480, 960);"
        );
    }
    let day = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    db.write(|conn| {
        conn.batch_execute(&rows).map_err(DbError::from)?;
        // Somebody declined posting 4: it stays as long as that is on file.
        let resident = crate::db::fixtures::stored_resident(conn, 1)?;
        let declined = format!(
            "INSERT INTO declines (resident_id, posting_id, declined_on, was_suitable) VALUES ({resident}, 4, '2020-01-02', FALSE)"
        );
        conn.batch_execute(&declined).map_err(DbError::from)?;
        // Three years for visits and closed concerns; an open one stays.
        let building = crate::db::fixtures::building(conn)?;
        let household = crate::db::fixtures::household(building, 1);
        let home = wangjia::db::households::insert(conn, &household, day.and_hms_opt(0, 0, 0).unwrap())?;
        // The third is what a clock counts: it stays, without what was written.
        let day = "2023-05-31";
        let recognised = format!(
            "INSERT INTO households (id, building_id, monitoring_class, version, created_at, updated_at)
             VALUES (77, {building}, 'none', 1, '{day} 00:00:00', '{day} 00:00:00');
             INSERT INTO recognitions (household_id, recognised_on, ended_on, end_reason, created_at, updated_at)
             VALUES (77, '2023-05-30', '2023-06-02', 'covered', '{day} 00:00:00', '{day} 00:00:00');"
        );
        conn.batch_execute(&recognised).map_err(DbError::from)?;
        for (n, home, day) in [(1, home, day), (2, home, "2023-06-01"), (3, 77, day)] {
            conn.batch_execute(&format!(
                "INSERT INTO visits (id, household_id, status, visit_on, channel, found_note_cipher, created_at, updated_at)
                 VALUES ({n}, {home}, 'done', '{day}', 'door', {blob}, '{day} 00:00:00', '{day} 00:00:00');
                 INSERT INTO visit_findings (visit_id, finding) VALUES ({n}, 'willing');"
            ))
            .map_err(DbError::from)?;
        }
        for (opened, closed) in [("2020-01-02", "'2023-05-31'"), ("2020-01-02", "'2023-06-01'"), ("2020-01-02", "NULL")] {
            let (outcome, answer) = if closed == "NULL" { ("NULL", "NULL") } else { ("'settled'", blob) };
            conn.batch_execute(&format!(
                "INSERT INTO concerns (resident_id, about, text_cipher, opened_on, due_on, closed_on, outcome, answer_cipher, created_at,
                 updated_at) VALUES ({resident}, 'pay', {blob}, '{opened}', '{opened}', {closed}, {outcome}, {answer},
                 '{opened} 00:00:00', '{opened} 00:00:00');"
            ))
            .map_err(DbError::from)?;
        }
        Ok(())
    });
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    let moment = (today.and_hms_opt(0, 0, 0).unwrap(), today);
    let expected: Vec<Removed> = [
        ("import_rejected_rows", 1),
        ("import_findings", 1),
        ("jobs", 1),
        ("sessions", 2),
        ("one_time_secrets", 1),
        ("notices", 1),
        ("visits", 1),
        ("concerns", 1),
        ("postings", 1),
        ("events", 0),
        ("residents", 0),
        ("audit_events", 0),
    ]
    .map(|(table, rows)| Removed { table: table.to_owned(), rows })
    .to_vec();
    assert_eq!(retention::apply(&db.db, &sweeper(), moment, true).unwrap(), expected);
    assert_eq!(retention::apply(&db.db, &sweeper(), moment, false).unwrap(), expected, "the trial removed nothing");
    let swept = || {
        let found = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, Some(db.db.keys()))).unwrap();
        found.into_iter().filter(|entry| entry.operation == "privacy retention").collect::<Vec<_>>()
    };
    let entries = swept();
    let [entry] = entries.as_slice() else { panic!("one entry, of what was removed in earnest: {entries:?}") };
    assert_eq!(entry.detail.as_ref().unwrap()["removed"]["sessions"], 2, "{:?}", entry.detail);
    let nothing = retention::apply(&db.db, &sweeper(), moment, false).unwrap();
    assert!(nothing.iter().all(|row| row.rows == 0), "{nothing:?}");
    let visits = db.read(|conn| wangjia::db::visits::list(conn, &wangjia::db::visits::VisitFilter::default()));
    let left: Vec<(i64, bool)> = visits.iter().map(|row| (row.id, row.data.found_note_cipher.is_some())).collect();
    assert_eq!(left, [(2, true), (3, false)]);
    // The administrator may keep longer, not shorter than the law.
    let from = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    settings::set(&db.db, "retention_jobs_days", "5", from).unwrap();
    assert_eq!(retention::apply(&db.db, &sweeper(), moment, true).unwrap()[2].rows, 1);
    for (key, least) in [
        ("retention_audit_months", 6),
        ("retention_sessions_months", 6),
        ("retention_employment_months", 24),
        ("retention_provision_months", 36),
        ("retention_postings_months", 36),
        ("retention_visits_months", 24),
        ("retention_concerns_months", 24),
        ("retention_events_months", 24),
        ("retention_rejected_rows_days", 1),
        ("small_cell_threshold", 5),
    ] {
        let below = settings::set(&db.db, key, &(least - 1).to_string(), from);
        assert!(matches!(below, Err(AppError::Invalid(_))), "{key}");
        settings::set(&db.db, key, &least.to_string(), from).unwrap();
    }
}

fn the_server_queues_it_once_a_day(db: &TestDb) {
    let app = TestApp::new(db);
    // A second worker of the same database does not queue a second one.
    let mut second = TestApp::without_workers(db);
    second.start_workers(db);
    let mark = || db.read(|conn| wangjia::db::settings::meta(conn, "daily_jobs_queued_on"));
    let started = std::time::Instant::now();
    while mark().is_none() && started.elapsed().as_secs() < 30 {
        std::thread::yield_now();
    }
    // It is the program's own job and in nobody's list.
    let jobs = || {
        let now = "2026-11-30T00:00:00".parse().unwrap();
        let page = wangjia::app::Page::first(10);
        db.db.read(|conn| wangjia::app::jobs::Queue::default().page(conn, &db.db, None, page, now)).unwrap()
    };
    assert!(jobs().is_empty(), "a new database has nothing to remove");
    app.advance(TimeDelta::days(1));
    second.advance(TimeDelta::days(1));
    let has_ended = |state: JobState| !matches!(state, JobState::Queued | JobState::Running);
    let is_done = || jobs().len() == 2 && jobs().iter().all(|job| has_ended(job.state));
    while !is_done() && started.elapsed().as_secs() < 60 {
        std::thread::yield_now();
    }
    let found = jobs();
    let ended: Vec<_> = found.iter().map(|job| (job.kind.code(), job.state)).collect();
    assert_eq!(ended, [("ageing", JobState::Succeeded), ("retention", JobState::Succeeded)]);
    assert!(app.get("/jobs")["items"].as_array().unwrap().is_empty());
}

#[test]
fn the_command_says_what_it_removes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| command::wangjia(folder.path(), args);
    assert!(run(&["migrate"]).status.success());
    let trial = command::json(&run(&["privacy", "retention", "--dry-run", "--json"]));
    assert_eq!(trial.as_array().unwrap().len(), 12);
    assert!(command::text(&run(&["--lang", "en", "privacy", "retention"]).stdout).contains("removed"));
    let bases = command::json(&run(&["privacy", "bases", "--json"]));
    assert_eq!(bases.as_array().unwrap().len(), 3);
    let set = run(&[
        "--lang",
        "en",
        "privacy",
        "basis",
        "sensitive_data",
        "consent",
        "--reference",
        "PIPL 29",
        "--from",
        "2027-01-01",
    ]);
    assert!(command::text(&set.stdout).contains("from 2027-01-01"), "{}", command::text(&set.stderr));
    // Both are on record.
    assert!(run(&["audit", "export", "all.jsonl"]).status.success());
    let all = std::fs::read_to_string(folder.path().join("all.jsonl")).unwrap();
    for operation in ["privacy retention", "privacy basis"] {
        let entries = all.lines().filter(|line| line.contains(&format!("\"operation\":\"{operation}\""))).count();
        assert_eq!(entries, 1, "{operation}: {all}");
    }
    let refused = run(&["--lang", "en", "privacy", "basis", "introduction", "statutory_duty", "--reference", "x"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(command::text(&refused.stderr).contains("consent"));
}
