//! Households: members, heads, splits and merges keep their history; coverage follows.

use serde_json::{Value, json};

use super::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    areas_form_a_tree,
    members_come_and_go,
    households_split_and_merge,
    duties_go_along,
    coverage_adds_up,
    duties_and_exemptions
);

fn areas_form_a_tree(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let shown = app.get(&format!("/buildings/{building}"));
    let grid = shown["grid_id"].as_str().unwrap().to_owned();
    assert_eq!(app.get(&format!("/buildings?grid_id={grid}"))["items"], json!([shown]));
    app.request("GET", &format!("/grids/{building}")).send().problem(404, "not_found");
    app.request("POST", "/buildings")
        .json(&json!({"grid_id": building, "name": "2号楼"}))
        .send()
        .field("/grid_id", "no_such_record");
    app.request("POST", "/buildings")
        .json(&json!({"grid_id": grid, "name": "1号楼"}))
        .send()
        .problem(409, "already_exists");
    app.request("POST", "/communities").json(&json!({"name": "旺家社区"})).send().problem(409, "already_exists");
    app.request("POST", "/grids")
        .json(&json!({"community_id": "x", "name": "甲"}))
        .send()
        .field("/community_id", "bad_id");
    let path = format!("/buildings/{building}");
    app.patch(&path, &json!({"minutes_to_park": 1441})).field("/minutes_to_park", "out_of_range");
    assert_eq!(app.patch(&path, &json!({"minutes_to_park": 12})).expect(200).body["minutes_to_park"], 12);
    let community = app.get("/communities")["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        app.patch(&format!("/communities/{community}"), &json!({"name": "新旺家"})).expect(200).body["name"],
        "新旺家"
    );
    assert_eq!(app.patch(&format!("/grids/{grid}"), &json!({"name": "二网格"})).expect(200).body["name"], "二网格");
    assert_eq!(app.get(&format!("/grids?community_id={community}"))["items"].as_array().unwrap().len(), 1);
}

fn names(app: &TestApp, household: &str, query: &str) -> Vec<(String, String)> {
    let members = app.get(&format!("/households/{household}/members{query}"))["items"].clone();
    let pair = |m: &Value| (m["name"].as_str().unwrap().to_owned(), m["relation"].as_str().unwrap().to_owned());
    members.as_array().unwrap().iter().map(pair).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, relation)| ((*name).to_owned(), (*relation).to_owned())).collect()
}

struct Family {
    household: String,
    head: String,
    wife: String,
    son: String,
}

fn family(app: &TestApp, building: &str, first: u16) -> Family {
    let household = app.household(building);
    let head = app.resident("父亲", "1975-03-04", first);
    let wife = app.resident("母亲", "1977-03-04", first + 1);
    let son = app.resident("儿子", "2000-03-04", first + 2);
    for (person, relation) in [(&head, "head"), (&wife, "spouse"), (&son, "child")] {
        let body = json!({"resident_id": person, "relation": relation, "valid_from": "2020-01-01"});
        app.request("POST", &format!("/households/{household}/members")).json(&body).send().expect(200);
    }
    Family { household, head, wife, son }
}

fn members_come_and_go(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let family = family(&app, &building, 1);
    let (home, post) = (&family.household, |path: &str, body: Value| app.request("POST", path).json(&body).send());
    let members = format!("/households/{home}/members");
    post(&members, json!({"resident_id": family.son, "relation": "child"})).problem(409, "already_member");
    post(&members, json!({"resident_id": "9999", "relation": "child"})).field("/resident_id", "no_such_record");
    let guest = app.resident("客人", "1990-01-01", 50);
    post(&members, json!({"resident_id": guest, "relation": "head"})).problem(409, "head_must_stay");
    post("/households/9999/members", json!({"resident_id": guest, "relation": "other"})).problem(404, "not_found");
    let departures = format!("/households/{home}/departures");
    post(&departures, json!({"resident_id": family.head, "on": "2026-11-01"})).problem(409, "head_must_stay");
    post(&departures, json!({"resident_id": guest, "on": "2026-11-01"})).problem(409, "not_a_member");
    post(&departures, json!({"resident_id": family.son, "on": "2019-12-31"})).field("/on", "end_before_start");

    // The wife becomes the head; then the former head may leave.
    let head = format!("/households/{home}/head");
    let change = |tag: &str, body: Value| app.request("PUT", &head).header("if-match", tag).json(&body).send();
    let tag = app.etag(&format!("/households/{home}"));
    let body = json!({"resident_id": family.wife, "former_head_relation": "spouse", "on": "2026-10-01"});
    change(&tag, json!({"resident_id": guest, "former_head_relation": "spouse", "on": "2026-10-01"}))
        .problem(409, "not_a_member");
    change(&tag, json!({"resident_id": family.wife, "former_head_relation": "head", "on": "2026-10-01"}))
        .field("/former_head_relation", "contradicts");
    change(&tag, body.clone()).expect(200);
    change(&tag, body).problem(412, "changed_since_read");
    assert_eq!(
        names(&app, home, "?as_of=2026-09-30"),
        pairs(&[("父亲", "head"), ("母亲", "spouse"), ("儿子", "child")])
    );
    let mut now = names(&app, home, "?as_of=2026-11-23");
    now.sort();
    let mut expected = pairs(&[("儿子", "child"), ("母亲", "head"), ("父亲", "spouse")]);
    expected.sort();
    assert_eq!(now, expected);
    assert_eq!(names(&app, home, "").len(), 5);
    post(&departures, json!({"resident_id": family.head, "on": "2026-11-01"})).expect(200);
    assert_eq!(names(&app, home, "?as_of=2026-11-23").len(), 2);

    // Nobody is in two households on one day: not by a day to come, not by a day that was somebody else's.
    post(&departures, json!({"resident_id": family.son, "on": "2026-11-24"})).field("/on", "in_the_future");
    let third = format!("/households/{}/members", app.household(&building));
    post(&third, json!({"resident_id": family.head, "relation": "child"})).field("/relation", "contradicts");
    let rejoin =
        |from: Value| post(&third, json!({"resident_id": family.head, "relation": "head", "valid_from": from}));
    rejoin(json!("2026-10-31")).problem(409, "membership_overlaps");
    rejoin(json!("2019-12-31")).problem(409, "membership_overlaps");
    let back = rejoin(Value::Null).expect(200).body;
    assert_eq!(back["items"][0]["valid_from"], "2026-11-01", "since the last membership ended");

    // A move closes one membership and opens the other, on the same day.
    let other = app.household(&building);
    let moves = format!("/households/{other}/moves");
    post(&moves, json!({"resident_id": family.son, "relation": "head", "on": "2026-11-05"})).expect(200);
    post(&moves, json!({"resident_id": family.son, "relation": "other", "on": "2026-11-05"}))
        .problem(409, "same_household");
    post(&moves, json!({"resident_id": guest, "relation": "other", "on": "2026-11-05"})).problem(409, "not_a_member");
    assert_eq!(names(&app, home, "?as_of=2026-11-04").len(), 2);
    assert_eq!(names(&app, home, "?as_of=2026-11-05"), pairs(&[("母亲", "head")]));
    assert_eq!(app.get(&format!("/residents/{}", family.son))["household_id"], other.as_str());
    let kinds: Vec<String> = app.get(&format!("/households/{home}/events"))["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["head_change", "moved", "created"], "by the day they happened");
}

fn households_split_and_merge(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let family = family(&app, &building, 1);
    let path = format!("/households/{}", family.household);
    let split = |members: Value| {
        let body =
            json!({"household": {"building_id": building, "code": "H-2"}, "members": members, "on": "2026-11-02"});
        app.request("POST", &format!("{path}/splits")).header("if-match", &app.etag(&path)).json(&body).send()
    };
    split(json!([])).field("/members", "empty");
    split(json!([{"resident_id": family.head}])).problem(409, "head_must_stay");
    split(json!([{"resident_id": family.head}, {"resident_id": family.wife}, {"resident_id": family.son}]))
        .problem(409, "household_empty");
    split(json!([{"resident_id": family.son}, {"resident_id": family.son, "relation": "other"}]))
        .field("/members/1/resident_id", "repeated");
    // A refused split leaves nothing behind, not even the new household.
    assert_eq!(app.get("/households")["items"].as_array().unwrap().len(), 1);
    let new = id(&split(json!([{"resident_id": family.son}])).expect(201).body);
    assert_eq!(names(&app, &new, "?as_of=2026-11-02"), pairs(&[("儿子", "head")]));
    assert_eq!(names(&app, &family.household, "?as_of=2026-11-02").len(), 2);

    let merge = |other: &str| {
        let body = json!({"household_id": other, "on": "2026-11-20"});
        app.request("POST", &format!("{path}/merges")).header("if-match", &app.etag(&path)).json(&body).send()
    };
    merge(&family.household).problem(409, "same_household");
    merge("9999").field("/household_id", "no_such_record");
    merge(&new).expect(200);
    merge(&new).problem(409, "household_empty");
    assert_eq!(names(&app, &family.household, "?as_of=2026-11-20").len(), 3);
    assert!(names(&app, &new, "?as_of=2026-11-20").is_empty());
    // The merged household is history: it is not counted any more, but it was until then.
    assert_eq!(app.get("/coverage?as_of=2026-11-23")["households"], 1);
    assert_eq!(app.get("/coverage?as_of=2026-11-10")["households"], 2);
    assert_eq!(app.get("/households?code=H-2")["items"][0]["id"], new.as_str());
}

fn duties_go_along(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let family = family(&app, &building, 1);
    let path = format!("/households/{}", family.household);
    let duties = |household: &str| app.get(&format!("/households/{household}/care-duties"))["items"].clone();
    let hours = json!([{"weekday": 1, "from": "07:00", "to": "08:30"}]);
    let duty = |kind: &str, carer: Option<&str>, from: Option<&str>, until: Option<&str>| json!({"kind": kind, "carer_id": carer, "valid_from": from, "valid_until": until, "hours": hours});
    let (son, wife) = (Some(family.son.as_str()), Some(family.wife.as_str()));
    let body = json!({"items": [
        duty("child", son, None, None),
        duty("elder", wife, None, None),
        duty("patient", None, None, None),
        duty("elder", son, None, Some("2026-10-01")),
        duty("patient", son, Some("2026-12-01"), Some("2026-12-31")),
    ]});
    let put = |body: &Value| {
        let tag = app.etag(&format!("{path}/care-duties"));
        app.request("PUT", &format!("{path}/care-duties")).header("if-match", &tag).json(body).send()
    };
    put(&body).expect(200);
    let change = |kind: &str, body: Value, status: u16| {
        let change = app.request("POST", &format!("{path}/{kind}")).header("if-match", &app.etag(&path)).json(&body);
        change.send().expect(status).body
    };
    let household = json!({"building_id": building, "code": "H-2"});
    let body = json!({"household": household, "members": [{"resident_id": family.son}], "on": "2026-11-02"});
    let new = id(&change("splits", body, 201));
    // Those of the son go with him; what is over stays where it was.
    assert_eq!(
        duties(&new),
        json!([
            duty("patient", son, Some("2026-12-01"), Some("2026-12-31")),
            duty("child", son, Some("2026-11-02"), None)
        ])
    );
    let stayed = json!([
        duty("child", son, None, Some("2026-11-02")),
        duty("elder", wife, None, None),
        duty("patient", None, None, None),
        duty("elder", son, None, Some("2026-10-01")),
    ]);
    assert_eq!(duties(&family.household), stayed);
    // What was read can be written back, though the carer of a past duty has left.
    put(&json!({"items": stayed})).expect(200);

    change("merges", json!({"household_id": new, "on": "2026-11-20"}), 200);
    let left = duties(&new);
    assert_eq!(left, json!([duty("child", son, Some("2026-11-02"), Some("2026-11-20"))]));
    let merged = duties(&family.household);
    assert!(merged.as_array().unwrap().contains(&duty("child", son, Some("2026-11-20"), None)), "{merged}");
    assert!(merged.as_array().unwrap().contains(&duty("patient", son, Some("2026-12-01"), Some("2026-12-31"))));
    assert_eq!(merged.as_array().unwrap().len(), 6);
}

fn coverage_adds_up(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let first = family(&app, &building, 1);
    let second = family(&app, &building, 11);
    let old = app.household(&building);
    let grandmother = app.resident("奶奶", "1940-01-01", 30);
    let body = json!({"resident_id": grandmother, "relation": "head"});
    app.request("POST", &format!("/households/{old}/members")).json(&body).send().expect(200);
    app.create(
        &format!("/residents/{}/spells", first.son),
        &json!({"channel": "outbound", "start_on": "2026-03-01", "monthly_income": 5000}),
    );

    let now = app.get("/coverage?by=grid");
    assert_eq!(now["as_of"], "2026-11-23");
    let counts = |body: &Value| ["households", "covered", "uncovered", "exempt"].map(|key| body[key].as_u64().unwrap());
    assert_eq!(counts(&now), [3, 1, 1, 1]);
    assert_eq!(now["rate"], 0.5);
    assert_eq!(now["groups"][0]["key"], "第一网格");
    let statutory = |key: &str| now["statutory"][key].as_u64().unwrap();
    assert_eq!(["households", "employed", "zero_employment", "no_labour"].map(statutory), [2, 1, 1, 1]);
    assert_eq!(now["statutory"]["without_weak"]["rate"], 0.5);
    assert_eq!((now["decent"].as_u64(), now["stable_6m"].as_u64()), (Some(1), Some(1)));
    for by in ["grid", "building", "township", "channel"] {
        let report = app.get(&format!("/coverage?by={by}"));
        for key in ["covered", "uncovered", "exempt"] {
            let sum: u64 = report["groups"].as_array().unwrap().iter().map(|group| group[key].as_u64().unwrap()).sum();
            assert_eq!(sum, report[key].as_u64().unwrap(), "{by} {key}");
        }
    }
    // The list behind each number has as many entries.
    for state in ["covered", "uncovered", "exempt"] {
        let list = app.get(&format!("/coverage/households?state={state}"));
        assert_eq!(list["items"].as_array().unwrap().len() as u64, now[state].as_u64().unwrap());
    }
    for figure in
        ["to_help", "unwilling", "contested", "stable_3m", "stable_6m", "decent", "verified", "single_earner_risk"]
    {
        let list = app.get(&format!("/coverage/households?figure={figure}"));
        assert_eq!(list["items"].as_array().unwrap().len() as u64, now[figure].as_u64().unwrap(), "{figure}");
    }
    let outbound = app.get("/coverage/households?by=channel&key=outbound")["items"].clone();
    assert_eq!(outbound[0]["household_id"], first.household.as_str());
    assert_eq!(outbound[0]["head_name"], "父亲");
    let page = app.get("/coverage/households?limit=2");
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(app.get(&format!("/coverage/households?limit=2&cursor={cursor}"))["items"].as_array().unwrap().len(), 1);
    app.request("GET", "/coverage/households?by=grid").send().field("?key", "missing");
    app.request("GET", "/coverage/households?key=x").send().field("?by", "missing");
    app.request("GET", "/coverage?as_of=20261123").send().field("?as_of", "bad_date");
    app.request("GET", "/coverage?by=street").send().field("?by", "not_in_list");

    // The past is computed from the dates of the jobs.
    assert_eq!(app.get("/coverage?as_of=2026-02-28")["covered"], 0);
    let series = app.get("/coverage/series?months=9&until=2026-11-23")["items"].clone();
    let covered: Vec<u64> = series.as_array().unwrap().iter().map(|month| month["covered"].as_u64().unwrap()).collect();
    assert_eq!(covered, [0, 1, 1, 1, 1, 1, 1, 1, 1]);
    assert_eq!(series[0]["as_of"], "2026-02-28");
    assert!(app.get("/coverage/series?months=120&until=1900-01-30")["items"].as_array().unwrap().is_empty());
    for bad in ["0", "121", "x", "01"] {
        app.request("GET", &format!("/coverage/series?months={bad}")).send().field("?months", "out_of_range");
    }
    let unwilling = json!({"profile": {"willing": false}});
    for person in [&second.head, &second.wife, &second.son] {
        app.patch(&format!("/residents/{person}"), &unwilling).expect(200);
    }
    assert_eq!(app.get("/coverage")["unwilling"], 1);
}

fn duties_and_exemptions(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let family = family(&app, &building, 1);
    let path = format!("/households/{}", family.household);
    let put = |body: &Value| {
        let tag = app.etag(&format!("{path}/care-duties"));
        app.request("PUT", &format!("{path}/care-duties")).header("if-match", &tag).json(body).send()
    };
    let hours = json!([{"weekday": 1, "from": "07:00", "to": "08:30"}]);
    let duties = json!({"items": [{"kind": "child", "carer_id": family.wife, "valid_from": null, "valid_until": null, "hours": hours}]});
    assert_eq!(put(&duties).expect(200).body, duties);
    assert_eq!(app.get(&format!("{path}/care-duties")), duties);
    put(&json!({"items": [{"kind": "child", "carer_id": "9999", "hours": hours}]}))
        .field("/items/0/carer_id", "no_such_record");
    put(&json!({"items": [{"kind": "child", "hours": []}]})).field("/items/0/hours", "empty");
    put(
        &json!({"items": [{"kind": "child", "hours": hours, "valid_from": "2026-02-01", "valid_until": "2026-01-01"}]}),
    )
    .field("/items/0/valid_until", "end_before_start");

    let exempt = |until: Value| {
        let body =
            json!({"decided_by": "社区", "reason": "全户参军", "valid_from": "2026-11-01", "valid_until": until});
        app.request("POST", &format!("{path}/exemptions")).json(&body).send()
    };
    exempt(json!("2026-11-01")).field("/valid_until", "end_before_start");
    let exemption = id(&exempt(Value::Null).expect(201).body);
    assert_eq!(app.get("/coverage")["exempt"], 1);
    assert_eq!(app.get("/coverage?as_of=2026-10-31")["exempt"], 0);
    let end = |on: &str| app.request("POST", &format!("/exemptions/{exemption}/end")).json(&json!({"on": on})).send();
    end("2026-11-01").field("/on", "end_before_start");
    end("2026-11-20").expect(200);
    end("2026-11-21").problem(409, "wrong_status");
    assert_eq!(app.get("/coverage")["uncovered"], 1);
    assert_eq!(app.get(&format!("{path}/exemptions"))["items"].as_array().unwrap().len(), 1);

    let changed =
        app.patch(&path, &json!({"code": "H-1", "township": "茶店", "note": "低保户", "monitoring_class": "marginal"}));
    assert_eq!(changed.expect(200).body["note"], "低保户");
    assert!(
        app.get("/households?monitoring_class=marginal&township=%E8%8C%B6%E5%BA%97")["items"][0].get("note").is_none()
    );
    app.patch(&path, &json!({"building_id": "9999"})).field("/building_id", "no_such_record");
    let barrier = app.create(&format!("{path}/barriers"), &json!({"kind": "distance", "opened_on": "2026-11-01"}));
    assert_eq!(app.get(&format!("{path}/barriers"))["items"], json!([barrier]));
}
