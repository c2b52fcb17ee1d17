//! The coverage of every day of a scripted month, replayed from events: as it is known now, and as it was reported that evening.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde_json::{Value, json};
use wangjia::api::coverage::Coverage;
use wangjia::app::coverage::coverage;
use wangjia::app::coverage::report::GroupBy;
use wangjia::app::events::{Known, Replayed, replay};
use wangjia::app::imports::{ImportOptions, import_file};
use wangjia::app::privacy::deletion;
use wangjia::app::{calendar_day, settings};
use wangjia::town::{FILES, Town, TownPlan, write};

use super::{family, job, join, last_position};
use crate::api::app::{TestApp, id, noon};
use crate::support::{TestDb, on_both};

on_both!(
    every_day_of_a_month_replays_as_known_now_and_as_reported_then,
    an_import_replays,
    an_erased_person_is_told_of_no_more,
);

/// What was read one evening.
struct Evening {
    day: NaiveDate,
    at: NaiveDateTime,
    position: i64,
    reported: Value,
}

fn evening(app: &TestApp, db: &TestDb, at: NaiveDateTime) -> Evening {
    let day = calendar_day(at);
    Evening { day, at, position: last_position(db), reported: app.get(&format!("/coverage?as_of={day}&by=grid")) }
}

fn replayed(db: &TestDb, on: NaiveDate, known: Known) -> Replayed {
    replay(&db.db, on, known, Some(GroupBy::Grid), None).unwrap()
}

fn as_answered(replayed: Replayed) -> Value {
    serde_json::to_value(Coverage::from(replayed.report)).unwrap()
}

/// Every past day as the tables and as the events say it.
fn agrees_with_the_tables(db: &TestDb, days: impl IntoIterator<Item = NaiveDate>) {
    for day in days {
        let live = coverage(&db.db, day, Some(GroupBy::Grid), None).unwrap();
        assert_eq!(replayed(db, day, Known::Now).report, live, "{day} as known now");
    }
}

fn every_day_of_a_month_replays_as_known_now_and_as_reported_then(db: &TestDb) {
    let app = TestApp::new(db);
    let first = app.building();
    let grid = app.get(&format!("/buildings/{first}"))["grid_id"].clone();
    let other_grid =
        app.create("/grids", &json!({"community_id": app.get("/communities")["items"][0]["id"], "name": "第二网格"}));
    let second = id(&app.create("/buildings", &json!({"grid_id": other_grid["id"], "name": "2号楼"})));
    assert_ne!(grid, other_grid["id"]);
    let tenant = app.employer("甲厂");
    let (homes, people): (Vec<_>, Vec<_>) =
        (0..6u16).map(|n| family(&app, &first, "某", &format!("19{}-05-01", 70 + n), 11 + 2 * n)).unzip();
    let spouse = app.resident("配", "1975-02-02", 102);
    join(&app, &homes[0], &spouse, "spouse");
    let mut spells: Vec<String> = Vec::new();
    let mut evenings = Vec::new();
    for n in 0..30_i64 {
        match n {
            1 => spells.push(job(&app, &people[0], &json!({"channel": "micro_factory", "employer_id": tenant, "start_on": "2026-11-01", "monthly_income": 2700, "evidence": "合同"}))),
            2 => spells.push(job(&app, &people[1], &json!({"channel": "outbound", "employer_name": "厂", "start_on": "2026-11-20", "contract_until": "2026-12-31"}))),
            // A correction of the past: the job began months ago and pays more.
            4 => drop(app.patch(&format!("/spells/{}", spells[1]), &json!({"start_on": "2026-03-01", "monthly_income": 5000})).expect(200)),
            6 => drop(app.patch(&format!("/residents/{}", people[2]), &json!({"profile": {"willing": false}})).expect(200)),
            7 => spells.push(job(&app, &people[2], &json!({"channel": "farming", "start_on": "2026-11-25"}))),
            8 => settings::set(&app.played(db), settings::FARMING_COUNTS, "true", "2026-11-26".parse().unwrap()).unwrap(),
            // It had ended before it was known to.
            10 => drop(app.request("POST", &format!("/spells/{}/end", spells[0])).json(&json!({"on": "2026-11-29"})).send().expect(200)),
            11 => drop(app.create(&format!("/households/{}/exemptions", homes[3]), &json!({"decided_by": "社区", "reason": "全家外出", "valid_from": "2026-11-25"}))),
            12 => drop(app.patch(&format!("/employers/{tenant}"), &json!({"tenant_until": "2026-12-20"})).expect(200)),
            13 => drop(app.patch(&format!("/residents/{}", people[4]), &json!({"profile": {"school_status": "university"}})).expect(200)),
            14 => drop(app.patch(&format!("/households/{}", homes[4]), &json!({"building_id": second, "township": "茶店"})).expect(200)),
            15 => spells.push(job(&app, &people[4], &json!({"channel": "flexible", "start_on": "2026-12-01", "part_time": true}))),
            17 => {
                let split = json!({"household": {"building_id": second}, "members": [{"resident_id": spouse}], "on": "2026-12-05"});
                let path = format!("/households/{}", homes[0]);
                app.request("POST", &format!("{path}/splits")).header("if-match", &app.etag(&path)).json(&split).send().expect(201);
            }
            19 => spells.push(job(&app, &spouse, &json!({"channel": "micro_factory", "employer_id": tenant, "start_on": "2026-12-06"}))),
            21 => drop(app.patch(&format!("/spells/{}", spells[0]), &json!({"end_on": null})).expect(200)),
            22 => drop(app.patch(&format!("/residents/{}", people[5]), &json!({"profile": {"died_on": "2026-12-10"}})).expect(200)),
            24 => {
                let path = format!("/households/{}", homes[1]);
                let merge = json!({"household_id": homes[2], "on": "2026-12-14"});
                app.request("POST", &format!("{path}/merges")).header("if-match", &app.etag(&path)).json(&merge).send().expect(200);
            }
            26 => drop(app.patch(&format!("/buildings/{second}"), &json!({"name": "12号楼"})).expect(200)),
            _ => {}
        }
        let at = noon() + TimeDelta::days(n) + TimeDelta::hours(9);
        app.advance(TimeDelta::hours(9));
        evenings.push(evening(&app, db, at));
        app.advance(TimeDelta::hours(15));
    }
    let told: std::collections::BTreeSet<String> = evenings
        .iter()
        .map(|evening| {
            json!([evening.reported["covered"], evening.reported["uncovered"], evening.reported["exempt"]]).to_string()
        })
        .collect();
    assert!(told.len() > 5, "the month has days that differ: {told:?}");
    let corrected = evenings
        .iter()
        .filter(|evening| app.get(&format!("/coverage?as_of={}&by=grid", evening.day)) != evening.reported);
    assert!(corrected.count() > 3, "what is known now is not what was reported then");
    for evening in &evenings {
        let then = as_answered(replayed(db, evening.day, Known::At(evening.at)));
        assert_eq!(then, evening.reported, "{} as reported", evening.day);
        assert_eq!(as_answered(replayed(db, evening.day, Known::UpTo(evening.position))), evening.reported);
    }
    agrees_with_the_tables(db, evenings.iter().map(|evening| evening.day));
    // Days long before there were events, too.
    agrees_with_the_tables(db, ["2026-02-28", "2026-03-01", "2026-10-31"].map(|day| day.parse().unwrap()));
    let before = Known::At("2026-11-01T00:00:00".parse().unwrap());
    assert!(replay(&db.db, evenings[0].day, before, None, None).is_err(), "nothing was told then");
    assert!(replay(&db.db, evenings[0].day, Known::UpTo(last_position(db) + 1), None, None).is_err());
}

fn an_import_replays(db: &TestDb) {
    wangjia::app::setup::migrate(&db.db).unwrap();
    let as_of: NaiveDate = "2026-11-23".parse().unwrap();
    let town = Town::generate(&TownPlan { seed: 3, households: 120, postings: 12, as_of }).unwrap();
    let options = ImportOptions { as_of, now: noon(), dry_run: false, accept_clean_rows: false };
    let import = || {
        let dir = tempfile::tempdir().unwrap();
        for (path, file) in write(&town, dir.path(), false).unwrap().iter().zip(FILES) {
            import_file(&db.db, &std::fs::read(path).unwrap(), file, &options, &mut |_, _| Ok(())).unwrap();
        }
    };
    import();
    let month_ends = ["2025-12-31", "2026-03-31", "2026-08-31", "2026-11-23"].map(|day| day.parse().unwrap());
    agrees_with_the_tables(db, month_ends);
    assert!(replayed(db, as_of, Known::Now).report.total.covered > 20);
    let told = last_position(db);
    import();
    assert_eq!(last_position(db), told, "the same files again change nothing, so nothing is told");
}

fn an_erased_person_is_told_of_no_more(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let (home, person) = family(&app, &building, "甲", "1980-05-01", 11);
    let mate = app.resident("乙", "1982-05-01", 13);
    join(&app, &home, &mate, "sibling");
    job(&app, &mate, &json!({"channel": "outbound", "start_on": "2019-01-01", "end_on": "2020-01-01"}));
    app.create(&format!("/residents/{mate}/barriers"), &json!({"kind": "care", "opened_on": "2026-01-01"}));
    let evening = evening(&app, db, noon());
    let in_2019: NaiveDate = "2019-06-01".parse().unwrap();
    let then = replayed(db, in_2019, Known::UpTo(evening.position));
    assert_eq!(then.forgotten, 0);
    let export = app.get(&format!("/residents/{mate}/export"));
    let told = export["events"].as_array().unwrap();
    let of_mate =
        super::followed(&app, &app.token, 100).into_iter().filter(|event| event["resident_id"] == mate.as_str());
    assert_eq!(told.len(), of_mate.count(), "the person's copy has what is told of the person");
    let resident: i64 = mate.parse().unwrap();
    let today = calendar_day(noon());
    let played = app.played(db);
    let asked = played
        .write(|conn| deletion::request(conn, played.keys(), resident, "本人要求删除", (noon(), Some(1))))
        .unwrap();
    let done =
        played.write(|conn| deletion::decide(conn, played.keys(), (asked.id, true), "同意", (noon(), today), Some(2)));
    assert_eq!(done.unwrap().erased_on, Some(today));
    agrees_with_the_tables(db, [in_2019, today]);
    assert_eq!(replayed(db, today, Known::Now).forgotten, 1, "the bare row of the person");
    // What was reported then cannot be told any more as it was, and says so.
    let then = replayed(db, in_2019, Known::UpTo(evening.position));
    assert!(then.forgotten >= 3, "{then:?}");
    let all = super::followed(&app, &app.token, 100);
    let about_home: Vec<_> = all.iter().filter(|event| event["household_id"] == home.as_str()).collect();
    assert!(about_home.len() > 5, "that something happened is still told");
    for event in &all {
        assert_ne!(event["resident_id"], mate.as_str(), "{event}");
        let names = |name: &str| event["data"][name] == mate.as_str();
        assert!(!names("resident_id") && !names("carer_id"), "{event}");
        assert!(
            event["kind"] != "resident" || event["record_id"] != mate.as_str() || event["data"].is_null(),
            "{event}"
        );
    }
    let others = all.iter().filter(|event| event["resident_id"] == person.as_str() && event["data"].is_object());
    assert!(others.count() >= 2, "what is known of others stays");
    assert_eq!(app.get(&format!("/residents/{person}"))["id"], person.as_str());
}
