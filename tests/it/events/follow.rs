//! Following over the API and on the command line: what is told, to whom, and what never is.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use super::{family, folded, followed, job, join, number};
use crate::api::app::{TestApp, account, id};
use crate::support::{TestDb, command, on_both};

on_both!(
    following_gives_what_the_records_say,
    whoever_follows_an_area_knows_everybody_in_it,
    only_those_who_may_see_people_follow,
    nothing_that_names_a_person_is_told,
);

fn following_gives_what_the_records_say(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let (home, person) = family(&app, &building, "甲", "1980-05-01", 11);
    let spell = job(&app, &person, &json!({"channel": "outbound", "start_on": "2026-05-01", "monthly_income": 3000}));
    app.patch(&format!("/spells/{spell}"), &json!({"monthly_income": 4000, "evidence": "合同"})).expect(200);
    let before = followed(&app, &app.token, 1000);
    // What is not told changes nothing.
    app.patch(&format!("/spells/{spell}"), &json!({"job_title": "车位工", "note": "常加班"})).expect(200);
    assert_eq!(followed(&app, &app.token, 7), before, "however large the page");
    app.request("POST", &format!("/spells/{spell}/end")).json(&json!({"on": "2026-11-20"})).send().expect(200);
    let duty =
        app.create(&format!("/residents/{person}/barriers"), &json!({"kind": "care", "opened_on": "2026-11-20"}));
    let all = followed(&app, &app.token, 1000);
    let positions: Vec<i64> = all.iter().map(|event| number(event, "position")).collect();
    assert_eq!(positions, (1..=all.len() as i64).collect::<Vec<_>>());
    let known = folded(&all);
    let told = &known[&("employment".to_owned(), spell.parse().unwrap())];
    assert_eq!(
        *told,
        json!({"resident_id": person, "employer_id": null, "posting_id": null, "channel": "outbound", "region": null,
            "start_on": "2026-05-01", "counted_from": "2026-05-01", "end_on": "2026-11-20", "monthly_income": 4000,
            "part_time": false, "contract_until": null, "has_evidence": true, "verified_on": null})
    );
    assert_eq!(known[&("barrier".to_owned(), id(&duty).parse().unwrap())]["kind"], "care");
    assert_eq!(known[&("membership".to_owned(), 1)]["household_id"], home.as_str());
    let [.., ended, opened] = all.as_slice() else { panic!("{all:?}") };
    for (event, kind, operation) in [(ended, "employment", "changed"), (opened, "barrier", "created")] {
        assert_eq!((&event["kind"], &event["operation"]), (&json!(kind), &json!(operation)));
        assert_eq!(
            (&event["resident_id"], &event["household_id"], &event["area_id"]),
            (&json!(person), &json!(home), &json!(building))
        );
        assert!(event["community_id"].is_string() && event["seq"].is_i64());
        assert_eq!(event["recorded_at"], "2026-11-23T04:00:00Z");
    }
    let jobs = app.get("/events?kind=employment");
    assert_eq!(jobs["items"].as_array().unwrap().len(), 3);
    assert_eq!(
        app.get(&format!("/events?kind=employment&after={}", jobs["next"].as_str().unwrap()))["items"],
        json!([])
    );
    assert_eq!(app.get("/events?after=999999"), json!({"items": [], "next": "999999"}));
    let refused = |query: &str, field: &str, code: &str| {
        app.request("GET", &format!("/events?{query}")).send().field(field, code);
    };
    refused("after=x", "?after", "bad_id");
    refused("after=-1", "?after", "bad_id");
    refused("limit=1001", "?limit", "out_of_range");
    refused("kind=gossip", "?kind", "not_in_list");
}

fn whoever_follows_an_area_knows_everybody_in_it(db: &TestDb) {
    let app = TestApp::new(db);
    let first = app.building();
    let grid = app.get(&format!("/buildings/{first}"))["grid_id"].as_str().unwrap().to_owned();
    let other_grid =
        app.create("/grids", &json!({"community_id": app.get("/communities")["items"][0]["id"], "name": "第二网格"}));
    let second = id(&app.create("/buildings", &json!({"grid_id": other_grid["id"], "name": "2号楼"})));
    let (home, person) = family(&app, &second, "甲", "1980-05-01", 11);
    let spell = job(&app, &person, &json!({"channel": "outbound", "start_on": "2026-05-01"}));
    let exempt = json!({"decided_by": "村委会", "reason": "全家外出", "valid_from": "2026-11-25"});
    app.create(&format!("/households/{home}/exemptions"), &exempt);
    let exemption = "1".to_owned();
    let grant = |area: &str| Grant { role: Role::Counselor, area: area.parse().ok(), employer: None };
    let (wang, li) = (account(db, "wang", &[grant(&grid)]), account(db, "li.na", &[grant(&id(&other_grid))]));
    let knows = |token: &str, kind: &str, record: &str| {
        folded(&followed(&app, token, 100)).contains_key(&(kind.to_owned(), record.parse().unwrap()))
    };
    let facts = [("resident", &person), ("employment", &spell), ("household", &home), ("exemption", &exemption)];
    assert!(facts.iter().all(|(kind, record)| !knows(&wang, kind, record)), "it is another's grid");
    assert!(
        facts.iter().all(|(kind, record)| knows(&li, kind, record)),
        "registered before the person joined a household"
    );
    // The household moves: both are told.
    app.patch(&format!("/households/{home}"), &json!({"building_id": first})).expect(200);
    assert!(facts.iter().all(|(kind, record)| knows(&wang, kind, record)));
    let left = folded(&followed(&app, &li, 100));
    assert_eq!(left[&("household".to_owned(), home.parse().unwrap())]["building_id"], first.as_str());
    // A member moves alone.
    let (there, other) = family(&app, &second, "乙", "1981-05-01", 13);
    join(&app, &there, &app.resident("丙", "2001-05-01", 15), "child");
    let child =
        app.get(&format!("/households/{there}/members"))["items"][1]["resident_id"].as_str().unwrap().to_owned();
    app.advance(TimeDelta::days(1));
    let moved = json!({"resident_id": child, "relation": "other", "on": "2026-11-24"});
    app.request("POST", &format!("/households/{home}/moves")).json(&moved).send().expect(200);
    assert!(knows(&wang, "resident", &child) && !knows(&wang, "resident", &other));
    // The whole house's facts are everybody's who follows.
    app.employer("甲厂");
    assert!(knows(&wang, "employer", "1") && knows(&wang, "setting", "1"));
}

fn only_those_who_may_see_people_follow(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    family(&app, &building, "甲", "1980-05-01", 11);
    let plain = |role| Grant { role, area: None, employer: None };
    let hr = Grant { role: Role::Hr, area: None, employer: app.employer("甲厂").parse().ok() };
    for (login, grant) in [("xiao", hr), ("guan", plain(Role::Administrator)), ("shen", plain(Role::Auditor))] {
        app.by(&account(db, login, &[grant]), "GET", "/events").send().problem(403, "not_allowed");
    }
    let official = account(db, "zhang", &[plain(Role::Official)]);
    app.by(&official, "GET", "/events").send().problem(403, "reason_required");
    let seen = app.by(&official, "GET", "/events").header("x-access-reason", "quarterly").send().expect(200).body;
    assert!(!seen["items"].as_array().unwrap().is_empty());
    // Reading people is written down; waiting for news is not.
    let entries = || {
        let page = app.get("/audit/entries?limit=100");
        let all = page["items"].as_array().unwrap().clone();
        all.into_iter().filter(|entry| entry["operation"] == "list_events").collect::<Vec<Value>>()
    };
    let read = entries();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0]["resident_ids"], json!(["1"]));
    let next = seen["next"].as_str().unwrap();
    let path = format!("/events?after={next}");
    app.by(&official, "GET", &path).header("x-access-reason", "quarterly").send().expect(200);
    assert_eq!(entries().len(), 1);
}

fn nothing_that_names_a_person_is_told(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let number = crate::api::app::id_number("1980-05-01", 11);
    let person = id(&app.create(
        "/residents",
        &json!({"name": "金丝雀", "id_number": number, "phone": "13987654321", "note": "金丝雀注"}),
    ));
    let home =
        id(&app.create("/households", &json!({"building_id": building, "code": "金丝雀户", "unit": "金丝雀室"})));
    join(&app, &home, &person, "head");
    job(
        &app,
        &person,
        &json!({"channel": "outbound", "employer_name": "金丝雀厂", "job_title": "金丝雀工", "place": "金丝雀路",
        "evidence": "金丝雀证", "note": "金丝雀注", "start_on": "2026-05-01"}),
    );
    app.create(
        &format!("/residents/{person}/barriers"),
        &json!({"kind": "care", "opened_on": "2026-11-20", "note": "金丝雀注"}),
    );
    app.create(
        &format!("/households/{home}/exemptions"),
        &json!({"decided_by": "金丝雀", "reason": "金丝雀", "valid_from": "2026-11-25"}),
    );
    let told =
        serde_json::to_string(&super::stored(db)).unwrap() + &json!(followed(&app, &app.token, 1000)).to_string();
    for secret in ["金丝雀", "13987654321", number.as_str()] {
        assert!(!told.contains(secret), "{secret} is told");
    }
}

#[test]
fn the_command_follows_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    let demo = command::wangjia(folder.path(), &["demo", "--once", "--json", "--households", "60"]);
    assert!(demo.status.success(), "{}", command::text(&demo.stderr));
    let run = |args: &[&str]| command::wangjia(folder.path(), &[args, &command::ON_DEMO].concat());
    let lines = |args: &[&str]| -> Vec<Value> {
        let output = run(args);
        assert!(output.status.success(), "{}", command::text(&output.stderr));
        command::text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let all = lines(&["events", "--json"]);
    assert!(all.len() > 300, "{}", all.len());
    let positions: Vec<i64> = all.iter().map(|event| number(event, "position")).collect();
    assert_eq!(positions, (1..=all.len() as i64).collect::<Vec<_>>());
    let rest = lines(&["events", "--after", "250", "--limit", "3", "--json"]);
    assert_eq!(rest, all[250..253]);
    let jobs = lines(&["events", "--kind", "employment", "--json"]);
    assert!(!jobs.is_empty() && jobs.iter().all(|event| event["kind"] == "employment"));
    let replayed = command::json(&run(&["events", "replay", "--on", "2026-06-30", "--json"]));
    let reported = command::json(&run(&["coverage", "--as-of", "2026-06-30", "--json"]));
    for (name, figure) in reported.as_object().unwrap() {
        assert_eq!(replayed[name], *figure, "{name}");
    }
    assert_eq!(replayed["position"], all.len().to_string());
    for (lang, word) in [("zh", "变动记录重算"), ("en", "Replayed from the events")] {
        let table = run(&["events", "replay", "--on", "2026-06-30", "--lang", lang]);
        assert!(command::text(&table.stdout).contains(word));
        let early = run(&["events", "replay", "--on", "2026-06-30", "--known-at", "2020-01-01", "--lang", lang]);
        assert_eq!(early.status.code(), Some(1));
    }
    assert_eq!(run(&["events", "--kind", "gossip"]).status.code(), Some(2));
    assert!(command::text(&run(&["events", "--limit", "5", "--lang", "en"]).stdout).contains("recorded"));
}
