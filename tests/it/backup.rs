//! Backup and restore: all rows of one moment, into either kind of database, or nothing at all.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use wangjia::app::audit::{self, Happened};
use wangjia::app::backup::{self, BackupError};
use wangjia::db::dump::{self, Catalogue, Row};
use wangjia::db::seal_stream::{Opened, PIECE, Sealing, StreamError};
use wangjia::db::{DatabaseUrl, Db, DbError, Keyring, load, migrate, settings};

use crate::audit::{act, at};
use crate::db::fixtures;
use crate::support::command::{ON_DEMO, json, text, wangjia};
use crate::support::{TestDb, keys, on_both};

on_both!(a_backup_under_load_is_one_moment, only_an_empty_database_is_loaded);

/// All rows of all tables, and the numbers given last. Entries of the audit up to one.
fn contents(db: &Db, entries: usize) -> BTreeMap<String, (Vec<Row>, Option<i64>)> {
    db.read(|conn| -> Result<_, DbError> {
        let catalogue = Catalogue::of(conn)?;
        let mut all = BTreeMap::new();
        for table in catalogue.tables().filter(|table| table.name != "audit_chain") {
            let mut rows = Vec::new();
            dump::batches(conn, table, |batch| -> Result<(), DbError> {
                rows.extend(batch);
                Ok(())
            })?;
            if table.name == "audit_events" {
                rows.truncate(entries);
            }
            all.insert(table.name.clone(), (rows, load::last_id(conn, table)?));
        }
        Ok(all)
    })
    .unwrap()
}

/// A community with everything: people, postings, recommendations, a plan, jobs.
fn demo(folder: &Path) -> Db {
    json(&wangjia(folder, &["demo", "--once", "--json", "--households", "80", "--as-of", "2026-11-23"]));
    let keys = Keyring::load(&folder.join("wangjia-demo.key")).unwrap();
    let db = Db::open_existing(&DatabaseUrl::sqlite(folder.join("wangjia-demo.db")), keys).unwrap();
    db.write_in_turn(|conn| {
        for n in 0..20 {
            let happened = Happened { subjects: vec![n, n + 1], ..Happened::default() };
            audit::append(conn, db.keys(), &act(1, "read", n), &happened, at(n))?;
        }
        Ok::<_, wangjia::app::error::AppError>(())
    })
    .unwrap();
    db
}

/// SQLite to both, PostgreSQL to both: every row of every table.
#[test]
fn every_row_goes_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let first = demo(folder.path());
    let file = |name: &str| folder.path().join(name);
    let made = backup::backup(&first, &file("first.wjb"), at(0)).unwrap();
    assert_eq!(std::fs::metadata(file("first.wjb")).unwrap().permissions().mode() & 0o777, 0o600);
    for table in ["residents", "postings", "memberships", "recommendations", "plans", "plan_placements", "skills"] {
        assert!(made.tables[table] > 0, "{table}");
    }
    let entries = made.tables["audit_events"] as usize;
    let expected = contents(&first, entries);
    assert_eq!(made.rows(), expected.values().map(|(rows, _)| rows.len() as u64).sum::<u64>() + 1);
    assert_eq!(backup::check(first.keys(), &file("first.wjb")).unwrap(), made);

    let check =
        |url: &DatabaseUrl, from: &str, entries: usize, expected: &BTreeMap<String, (Vec<Row>, Option<i64>)>| {
            backup::restore(url, first.keys(), &file(from), at(1)).unwrap();
            let db = Db::open_existing(url, first.keys().clone()).unwrap();
            let found = contents(&db, entries);
            for (table, rows) in expected {
                assert_eq!(rows, &found[table], "{table}");
            }
            let report = audit::verify(&db, None).unwrap();
            assert_eq!((report.fault, report.entries as usize), (None, entries + 1), "and the entry of the restore");
            db
        };
    let server = TestDb::empty_postgres();
    let on_postgres = check(&server.url, "first.wjb", entries, &expected);
    check(&DatabaseUrl::sqlite(file("second.db")), "first.wjb", entries, &expected);
    let second = backup::backup(&on_postgres, &file("second.wjb"), at(2)).unwrap();
    let entries = second.tables["audit_events"] as usize;
    let expected = contents(&on_postgres, entries);
    let server_two = TestDb::empty_postgres();
    check(&server_two.url, "second.wjb", entries, &expected);
    let last = check(&DatabaseUrl::sqlite(file("third.db")), "second.wjb", entries, &expected);

    // The restored one goes on: new numbers, old keys, use cases.
    let id = last.write(|conn| fixtures::stored_resident(conn, 9_999)).unwrap();
    assert!(Some(id) > expected["residents"].1);
    let coverage = |args: &[&str]| {
        json(&wangjia(folder.path(), &[&["coverage", "--json", "--as-of", "2026-11-23"], args].concat()))
    };
    let third = format!("sqlite://{}", file("second.db").display());
    assert_eq!(coverage(&ON_DEMO), coverage(&["--database-url", &third, "--key-file", "wangjia-demo.key"]));
}

/// What a writer puts in two tables in one transaction is in the backup twice or not at all.
fn a_backup_under_load_is_one_moment(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 1..=4_i64 {
            let stop = &stop;
            scope.spawn(move || {
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    n += 1;
                    db.db
                        .write_in_turn(|conn| {
                            audit::append(conn, &keys(), &act(thread, "read", n), &Happened::default(), at(n))?;
                            settings::set_meta(conn, &format!("writer {thread}"), &n.to_string())?;
                            fixtures::stored_resident(conn, u32::try_from(thread * 2_000 + n).unwrap())?;
                            Ok::<_, wangjia::app::error::AppError>(())
                        })
                        .unwrap();
                }
            });
        }
        let mut seen = 0;
        for round in 0..4 {
            // Each backup has to find more than the one before.
            while db.read(|conn| settings::meta(conn, "writer 1")).map_or(0, |n| n.parse::<i64>().unwrap()) <= seen {
                std::thread::yield_now();
            }
            let file = folder.path().join(format!("{round}.wjb"));
            let made = backup::backup(&db.db, &file, at(0)).unwrap();
            let target = DatabaseUrl::sqlite(folder.path().join(format!("{round}.db")));
            backup::restore(&target, &keys(), &file, at(1)).unwrap();
            let restored = Db::open_existing(&target, keys()).unwrap();
            assert_eq!(audit::verify(&restored, None).unwrap().fault, None);
            let mut written = 0;
            for thread in 1..=4 {
                let filter = audit::Filter { account: Some(thread), ..audit::Filter::default() };
                let entries = restored.read(|conn| audit::find(conn, &filter, 0, 100_000, None)).unwrap();
                let noted = restored.read(|conn| settings::meta(conn, &format!("writer {thread}"))).unwrap();
                assert_eq!(entries.len() as i64, noted.map_or(0, |n| n.parse().unwrap()));
                written += entries.len() as u64;
                if thread == 1 {
                    seen = entries.len() as i64;
                }
            }
            assert_eq!((made.tables["residents"], made.tables["audit_events"]), (written, written + round));
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// A file of several pieces; flipped, cut, lengthened, rearranged at hundreds of places: none is taken for a backup.
#[test]
fn damaged_files_are_refused_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = demo(folder.path());
    let file = folder.path().join("town.wjb");
    backup::backup(&db, &file, at(0)).unwrap();
    let good = std::fs::read(&file).unwrap();
    let head = 52;
    let pieces = (good.len() - head).div_ceil(PIECE + 16);
    assert!(pieces >= 2, "{} bytes", good.len());
    let bad = folder.path().join("bad.wjb");
    let refused = |bytes: &[u8], what: &str| {
        std::fs::write(&bad, bytes).unwrap();
        let found = backup::check(db.keys(), &bad);
        assert!(matches!(found, Err(BackupError::Stream(_) | BackupError::Disorder(_))), "{what}: {found:?}");
        assert!(found.unwrap_err().text().is_some());
    };
    let step = good.len() / 150;
    for at in (0..head + 40).chain((0..150).map(|n| n * step)).chain([good.len() - 1, good.len() - 17]) {
        let mut changed = good.clone();
        changed[at] ^= 1 << (at % 8);
        refused(&changed, &format!("byte {at}"));
    }
    let edges = (0..=pieces).flat_map(|n| [0, 1, 15, 16, 17].map(|extra| head + n * (PIECE + 16) + extra));
    for length in (0..head).chain(edges).chain((0..40).map(|n| n * good.len() / 40)).filter(|n| *n < good.len()) {
        refused(&good[..length], &format!("length {length}"));
    }
    refused(&[&good[..], b"x"].concat(), "longer");
    refused(&[&good[..], &good[..]].concat(), "twice");
    let piece = |n: usize| &good[head + n * (PIECE + 16)..(head + (n + 1) * (PIECE + 16)).min(good.len())];
    let mut swapped: Vec<&[u8]> = (0..pieces).map(piece).collect();
    swapped.swap(0, 1);
    refused(&[&good[..head], &swapped.concat()].concat(), "pieces swapped");
    refused(&[&good[..head], &good[head + PIECE + 16..]].concat(), "a piece left out");

    // Restoring one that breaks at its end takes everything back.
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&bad, &changed).unwrap();
    let target = folder.path().join("target.db");
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let before = files();
    assert!(matches!(
        backup::restore(&DatabaseUrl::sqlite(&target), db.keys(), &bad, at(1)),
        Err(BackupError::Stream(_))
    ));
    assert_eq!(files(), before);
    let server = TestDb::empty_postgres();
    assert!(matches!(backup::restore(&server.url, db.keys(), &bad, at(1)), Err(BackupError::Stream(_))));
    assert!(!server.read(migrate::has_foreign_tables) && server.read(migrate::is_new));
    // The same database takes the good one.
    backup::restore(&server.url, db.keys(), &file, at(1)).unwrap();
}

fn only_an_empty_database_is_loaded(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.wjb");
    let source = TestDb::sqlite();
    source.write(|conn| fixtures::stored_posting(conn, 3));
    backup::backup(&source.db, &file, at(0)).unwrap();
    db.write(fixtures::building);
    let refused = backup::restore(&db.url, &keys(), &file, at(1));
    assert!(matches!(&refused, Err(BackupError::NotEmpty(table)) if table == "areas"), "{refused:?}");
    assert_eq!(db.read(wangjia::db::areas::all).len(), 3);
    // Migrated and empty is empty.
    db.write(|conn| {
        use diesel::prelude::*;
        for kind in ["building", "grid", "community"] {
            use wangjia::db::schema::areas;
            diesel::delete(areas::table.filter(areas::kind.eq(kind))).execute(conn)?;
        }
        // What was told of them is a record, too.
        use wangjia::db::schema::{event_streams, events};
        diesel::delete(events::table).execute(conn)?;
        diesel::delete(event_streams::table).execute(conn)?;
        Ok(())
    });
    backup::restore(&db.url, &keys(), &file, at(1)).unwrap();
    assert_eq!(db.read(wangjia::db::postings::all).len(), 1);
}

/// Other programs may share a database of PostgreSQL: their tables are neither saved nor in the way.
#[test]
fn tables_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.wjb");
    let db = TestDb::empty_postgres();
    // Before anything of ours is read, so that no catalogue is at hand.
    db.write(|conn| {
        use diesel::connection::SimpleConnection;
        Ok(conn.batch_execute("CREATE TABLE others (n NUMERIC PRIMARY KEY); INSERT INTO others VALUES (1.5)")?)
    });
    backup::backup(&TestDb::sqlite().db, &file, at(0)).unwrap();
    backup::restore(&db.url, &keys(), &file, at(1)).unwrap();
    let catalogue = db.read(Catalogue::of);
    assert!(catalogue.table("others").is_err() && catalogue.table("residents").is_ok());
    let again = folder.path().join("again.wjb");
    assert!(!backup::backup(&db.db, &again, at(2)).unwrap().tables.contains_key("others"));
}

/// A backup whose lines were changed by somebody with the keys.
fn rewritten(from: &Path, to: &Path, change: impl FnOnce(&mut Vec<Value>)) {
    let mut text = String::new();
    let opened = Opened::begin(&keys(), std::fs::File::open(from).unwrap()).unwrap();
    GzDecoder::new(opened).read_to_string(&mut text).unwrap();
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut lines);
    let sealing = Sealing::begin(&keys(), std::fs::File::create(to).unwrap()).unwrap();
    let mut out = GzEncoder::new(sealing, flate2::Compression::default());
    for line in lines {
        writeln!(out, "{line}").unwrap();
    }
    out.finish().unwrap().finish().unwrap();
}

#[test]
fn other_ages_and_other_keys() {
    let folder = tempfile::tempdir().unwrap();
    let (file, other) = (folder.path().join("town.wjb"), folder.path().join("other.wjb"));
    let source = TestDb::sqlite();
    backup::backup(&source.db, &file, at(0)).unwrap();
    let target = DatabaseUrl::sqlite(folder.path().join("target.db"));
    let refused = |keys: &Keyring, from: &Path| backup::restore(&target, keys, from, at(1)).unwrap_err();

    rewritten(&file, &other, |lines| lines[0]["versions"].as_array_mut().unwrap().push("9999".into()));
    assert!(matches!(refused(&keys(), &other), BackupError::Newer(version) if version == "9999"));
    rewritten(&file, &other, |lines| lines[0]["wangjia_backup"] = 2.into());
    assert!(matches!(refused(&keys(), &other), BackupError::Newer(_)));
    rewritten(&file, &other, |lines| {
        let rows = lines.iter_mut().find(|line| line.is_array()).unwrap();
        rows[0][1] = "other".into();
    });
    assert!(matches!(refused(&keys(), &other), BackupError::Disorder(_)));

    let ring = |seal: &str, index: &str| Keyring::from_text(&format!("{seal}\nindex {}", index.repeat(32))).unwrap();
    let one = format!("seal 1 {}", "51".repeat(32));
    let missing = refused(&ring(&format!("seal 2 {}", "51".repeat(32)), "1d"), &file);
    assert!(matches!(missing, BackupError::Stream(StreamError::KeyMissing(1))), "{missing:?}");
    let wrong = refused(&ring(&format!("seal 1 {}", "52".repeat(32)), "1d"), &file);
    assert!(matches!(wrong, BackupError::Stream(StreamError::WrongKey)), "{wrong:?}");
    assert!(matches!(refused(&ring(&one, "1e"), &file), BackupError::WrongKeys));
    std::fs::write(&other, "a text").unwrap();
    assert!(matches!(refused(&keys(), &other), BackupError::Stream(StreamError::NotOurs)));
    assert!(matches!(refused(&keys(), &folder.path().join("none")), BackupError::File { .. }));
    assert!(!target.sqlite_path().unwrap().exists());

    // One of a program that knew no accounts goes into tables of its age, which are then brought up to date.
    let later = [
        "accounts",
        "account_roles",
        "sessions",
        "one_time_secrets",
        "audit_events",
        "audit_subjects",
        "audit_chain",
        "legal_bases",
        "consents",
        "consent_kinds",
        "introductions",
        "approvals",
        "referrals",
        "referral_moves",
        "referral_overrides",
        "notices",
        "recognitions",
        "household_services",
        "follow_ups",
        "calendar_days",
        "courses",
        "course_skills",
        "course_hours",
        "enrolments",
        "enrolment_moves",
        "attendances",
        "skill_evidence",
        "visits",
        "visit_findings",
        "concerns",
        "reports",
        "report_figures",
        "report_changes",
        "report_signatures",
        "saved_views",
        "events",
        "event_streams",
        "column_mappings",
        "word_mappings",
        "household_proposals",
        "household_proposal_members",
        "record_findings",
    ];
    let columns = [
        "account_id",
        "registered_by",
        "restricted_on",
        "erased_on",
        "confirmed_on",
        "opened_by",
        "closed_by",
        "ignored_at",
    ];
    rewritten(&file, &other, |lines| {
        lines[0]["versions"].as_array_mut().unwrap().retain(|version| version.as_str().unwrap() < "0005");
        let mut skipping = false;
        lines.retain(|line| {
            if let Some(table) = line.get("table").and_then(Value::as_str) {
                skipping = later.contains(&table);
            } else if line.is_object() {
                skipping = false;
            }
            !skipping
        });
        for line in lines.iter_mut() {
            if let Some(names) = line.get_mut("columns").and_then(Value::as_array_mut) {
                names.retain(|name| !columns.contains(&name.as_str().unwrap()));
            }
            if let Some(end) = line.get_mut("end").and_then(Value::as_object_mut) {
                end.retain(|table, _| !later.contains(&table.as_str()));
            }
        }
    });
    backup::restore(&target, &keys(), &other, at(1)).unwrap();
    let db = Db::open_existing(&target, keys()).unwrap();
    assert_eq!(audit::verify(&db, None).unwrap().entries, 1);
    let server = TestDb::empty_postgres();
    backup::restore(&server.url, &keys(), &other, at(1)).unwrap();
    assert_eq!(audit::verify(&server.db, None).unwrap().entries, 1);
}

#[test]
fn the_commands() {
    let folder = tempfile::tempdir().unwrap();
    drop(demo(folder.path()));
    let run = |args: &[&str]| wangjia(folder.path(), &[args, &["--key-file", "wangjia-demo.key"]].concat());
    let demo = ["--database-url", "sqlite://wangjia-demo.db"];
    assert!(run(&[&["backup", "town.wjb"], &demo[..]].concat()).status.success());
    let again = run(&[&["backup", "town.wjb"], &demo[..]].concat());
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("town.wjb"));
    let checked = run(&["restore", "town.wjb", "--check", "--lang", "en"]);
    assert!(checked.status.success() && text(&checked.stdout).contains("whole"));
    assert!(run(&["restore", "town.wjb", "--database-url", "sqlite://new.db"]).status.success());
    assert!(run(&["audit", "verify", "--database-url", "sqlite://new.db"]).status.success());
    let full = run(&["restore", "town.wjb", "--database-url", "sqlite://new.db"]);
    assert_eq!(full.status.code(), Some(1));
    assert!(
        wangjia(folder.path(), &["migrate", "--database-url", "sqlite://else.db", "--key-file", "else.key"])
            .status
            .success()
    );
    for lang in ["zh", "en"] {
        let other =
            wangjia(folder.path(), &["restore", "town.wjb", "--check", "--key-file", "else.key", "--lang", lang]);
        assert_eq!(other.status.code(), Some(1));
        assert!(text(&other.stderr).contains(if lang == "zh" {
            "密钥与此备份不符"
        } else {
            "do not belong to this backup"
        }));
    }
    let wrong = wangjia(
        folder.path(),
        &["backup", "x.wjb", "--database-url", "sqlite://wangjia-demo.db", "--key-file", "else.key"],
    );
    assert_eq!(wrong.status.code(), Some(1));
    assert!(!folder.path().join("x.wjb").exists());
    // Nothing readable in the file.
    let bytes = std::fs::read(folder.path().join("town.wjb")).unwrap();
    for words in ["residents", "\"table\"", "旺家"] {
        assert!(!bytes.windows(words.len()).any(|part| part == words.as_bytes()), "{words}");
    }
}
