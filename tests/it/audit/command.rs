//! `wangjia audit` as its users call it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use diesel::prelude::*;
use serde_json::Value;
use wangjia::app::audit::{self, Happened};
use wangjia::db::schema::{accounts, audit_events};
use wangjia::db::{DatabaseUrl, Db, Keyring};

use super::{act, at};
use crate::support::command::{fed, json, text, wangjia};

fn installation(folder: &Path) -> Db {
    assert!(wangjia(folder, &["migrate"]).status.success());
    let keys = Keyring::load(&folder.join("wangjia.key")).unwrap();
    Db::open_existing(&DatabaseUrl::sqlite(folder.join("wangjia.db")), keys).unwrap()
}

fn add(db: &Db, count: i64) {
    for n in 0..count {
        let mut act = act(1, "read", n);
        act.reason = Some(format!("核实 {n}"));
        let happened = Happened { subjects: vec![n, n + 1], ..Happened::default() };
        db.write_in_turn(|conn| audit::append(conn, db.keys(), &act, &happened, at(n))).unwrap();
    }
}

#[test]
fn verify_says_the_head_and_where_the_chain_breaks() {
    let folder = tempfile::tempdir().unwrap();
    let db = installation(folder.path());
    let start = json(&wangjia(folder.path(), &["audit", "verify", "--json"]))["entries"].as_i64().unwrap();
    add(&db, 3);
    let report = json(&wangjia(folder.path(), &["audit", "verify", "--json"]));
    assert_eq!((report["whole"].as_bool(), report["entries"].as_i64()), (Some(true), Some(start + 3)));
    let head = report["head"].as_str().unwrap();
    assert!(text(&wangjia(folder.path(), &["audit", "verify"]).stdout).contains(head));
    add(&db, 2);
    assert!(wangjia(folder.path(), &["audit", "verify", "--expect", head]).status.success());
    let other = format!("{}:{}", start + 3, "0".repeat(64));
    assert_eq!(wangjia(folder.path(), &["audit", "verify", "--expect", &other]).status.code(), Some(1));
    assert_eq!(wangjia(folder.path(), &["audit", "verify", "--expect", "nonsense"]).status.code(), Some(2));

    let changed = start + 2;
    db.write(|conn| -> Result<_, wangjia::db::DbError> {
        Ok(diesel::update(audit_events::table.find(changed)).set(audit_events::purpose.eq("other")).execute(conn)?)
    })
    .unwrap();
    for lang in ["zh", "en"] {
        let output = wangjia(folder.path(), &["audit", "verify", "--lang", lang]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text(&output.stdout).contains(&format!(" {changed} "))
                || text(&output.stdout).contains(&format!("Entry {changed},"))
        );
    }
    let output = wangjia(folder.path(), &["audit", "verify", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (report["fault"]["code"].as_str(), report["fault"]["entry"].as_i64()),
        (Some("entry_changed"), Some(changed))
    );
}

#[test]
fn export_is_private_and_opens_details_only_if_asked() {
    let folder = tempfile::tempdir().unwrap();
    let db = installation(folder.path());
    add(&db, 4);
    let lines = |name: &str| -> Vec<Value> {
        let file = folder.path().join(name);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert!(wangjia(folder.path(), &["audit", "export", "plain.jsonl"]).status.success());
    let plain = lines("plain.jsonl");
    assert!(plain.len() >= 4 && plain.iter().all(|line| line.get("detail").is_none()));
    assert!(wangjia(folder.path(), &["audit", "export", "open.jsonl", "--details"]).status.success());
    let open = lines("open.jsonl");
    assert_eq!(open.len(), plain.len() + 1, "the first export is on record");
    let last = open.last().unwrap();
    assert_eq!((last["action"].as_str(), last["actor"].as_str()), (Some("read"), Some("operator")));
    assert!(open.iter().any(|line| line["detail"]["reason"] == "核实 3"));
    let before = std::fs::read(folder.path().join("plain.jsonl")).unwrap();
    assert_eq!(wangjia(folder.path(), &["audit", "export", "plain.jsonl"]).status.code(), Some(1));
    assert_eq!(std::fs::read(folder.path().join("plain.jsonl")).unwrap(), before);
}

/// An auditor needs no key to the data: the account's token opens the audit, and nothing sealed in it.
#[test]
fn an_auditor_works_with_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let db = installation(folder.path());
    add(&db, 2);
    let made = ["user", "add", "yang", "--name", "杨秀英", "--role", "auditor", "--password-stdin"];
    succeeded(&fed(folder.path(), &made, "eleven blue herons at noon\n"));
    let token = succeeded(&wangjia(folder.path(), &["token", "add", "yang", "--label", "审计"]));
    let token = token.lines().next().unwrap().to_owned();
    let run = |args: &[&str]| wangjia(folder.path(), &[args, &["--token", &token]].concat());
    succeeded(&run(&["audit", "verify"]));
    succeeded(&run(&["audit", "export", "plain.jsonl"]));
    succeeded(&run(&["audit", "incident", "--account", "yang", "--from", "2026-11-23", "--to", "2026-11-24"]));
    let lines = std::fs::read_to_string(folder.path().join("plain.jsonl")).unwrap();
    assert!(lines.lines().count() >= 4 && !lines.contains("核实"), "{lines}");
    for refused in [
        &["audit", "export", "open.jsonl", "--details"][..],
        &["audit", "prune", "--before", "2026-01-01"],
        &["coverage"],
    ] {
        let output = run(refused);
        assert_ne!(output.status.code(), Some(0), "{refused:?}: {}", text(&output.stdout));
    }
    assert!(!folder.path().join("open.jsonl").exists());
    // What the auditor did stands there under the auditor's name.
    let all = db.read(|conn| audit::find(conn, &audit::Filter::default(), 0, 100, None)).unwrap();
    let by_auditor: Vec<&str> =
        all.iter().filter(|entry| entry.account == Some(1)).map(|entry| entry.operation.as_str()).collect();
    assert!(by_auditor.contains(&"audit export") && by_auditor.contains(&"audit incident"), "{by_auditor:?}");
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn incident_names_whose_records_were_read() {
    let folder = tempfile::tempdir().unwrap();
    let db = installation(folder.path());
    db.write(|conn| -> Result<(), wangjia::db::DbError> {
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(1),
                accounts::login.eq("li.na"),
                accounts::display_name.eq("李娜"),
                accounts::must_change_password.eq(false),
                accounts::version.eq(1),
                accounts::created_at.eq(at(0)),
                accounts::updated_at.eq(at(0)),
            ))
            .execute(conn)?;
        Ok(())
    })
    .unwrap();
    add(&db, 4);
    let asked = |from, to| {
        json(&wangjia(
            folder.path(),
            &["audit", "incident", "--account", "li.na", "--from", from, "--to", to, "--json"],
        ))
    };
    let found = asked("2026-11-23", "2026-11-23");
    let residents: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["resident"].as_str().unwrap()).collect();
    assert_eq!(residents, ["0", "1", "2", "3", "4"]);
    assert_eq!(found[1]["times"], 2);
    assert_eq!(asked("2026-11-24", "2026-11-25"), Value::Array(Vec::new()));
    let nobody = wangjia(
        folder.path(),
        &["audit", "incident", "--account", "nobody", "--from", "2026-11-23", "--to", "2026-11-23"],
    );
    assert_eq!(nobody.status.code(), Some(1));
    assert_eq!(wangjia(folder.path(), &["audit", "prune", "--before", "2199-01-01"]).status.code(), Some(1));
    assert!(wangjia(folder.path(), &["audit", "verify"]).status.success());
}
