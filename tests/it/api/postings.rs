//! Postings and the law; recommendations for people and posts.

use serde_json::{Value, json};

use super::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    only_a_lawful_posting_is_published,
    declines_are_weighed_by_the_gates,
    places_become_free_by_the_day,
    recommendations_give_reasons
);

fn draft(employer: &str) -> Value {
    json!({
        "employer_id": employer, "title": "缝纫工", "channel": "micro_factory", "headcount": 3, "valid_from": "2026-11-01",
        "description": "限男性，乙肝携带者勿扰", "pay_kind": "monthly", "pay_min_fen": 280_000, "pay_max_fen": 340_000,
        "hours": [{"weekday": 1, "from": "08:00", "to": "17:30"}],
        "skills": [{"name": "平缝", "importance": "must", "level": 2}], "certificates": ["健康证"],
        "hazards": [{"kind": "noise", "grade": 1}], "place": "园区",
    })
}

fn only_a_lawful_posting_is_published(db: &TestDb) {
    let app = TestApp::new(db);
    let employer = app.employer("贵州苗绣");
    let posting = app.create("/postings", &draft(&employer));
    assert_eq!((posting["status"].as_str(), posting["vacancies"].as_i64()), (Some("draft"), Some(3)));
    let path = format!("/postings/{}", id(&posting));
    assert_eq!(app.get(&path), posting);
    let findings = app.get(&format!("{path}/law-check"))["items"].clone();
    let blocks = |list: &Value| list.as_array().unwrap().iter().filter(|f| f["level"] == "block").count();
    assert!(blocks(&findings) >= 2, "{findings}");
    assert!(findings.as_array().unwrap().iter().any(|f| f["excerpt"].as_str().unwrap().contains("男")), "{findings}");

    let act =
        |action: &str| app.request("POST", &format!("{path}/{action}")).header("if-match", &app.etag(&path)).send();
    app.request("POST", &format!("{path}/publish")).send().problem(428, "if_match_required");
    let refused = act("publish").problem(422, "posting_unlawful");
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), blocks(&findings));
    assert_eq!(refused.body["errors"][0]["pointer"], "/description");
    act("close").problem(409, "wrong_status");
    assert_eq!(app.get(&path)["status"], "draft");

    app.patch(&path, &json!({"description": "平缝熟练工优先"})).expect(200);
    assert_eq!(act("publish").expect(200).body["status"], "published");
    act("publish").problem(409, "wrong_status");
    // A published posting stays lawful: the change is refused as a whole.
    app.patch(&path, &json!({"description": "限男性", "headcount": 9})).problem(422, "posting_unlawful");
    assert_eq!(app.get(&path)["headcount"], 3);
    assert_eq!(app.get("/postings?open_on=2026-11-23&status=published")["items"].as_array().unwrap().len(), 1);
    assert!(app.get("/postings?open_on=2026-10-31")["items"].as_array().unwrap().is_empty());
    act("close").expect(200);
    act("publish").expect(200);

    let create = |change: Value| {
        let mut body = draft(&employer);
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        app.request("POST", "/postings").json(&body).send()
    };
    create(json!({"employer_id": "9999"})).field("/employer_id", "no_such_record");
    create(json!({"pay_max_fen": 1})).field("/pay_max_fen", "contradicts");
    create(json!({"pay_kind": null})).field("/pay_kind", "missing");
    create(json!({"age_min": 40, "age_max": 30})).field("/age_max", "contradicts");
    create(json!({"valid_until": "2026-10-01"})).field("/valid_until", "end_before_start");
    create(json!({"hours": [{"weekday": 1, "from": "18:00", "to": "17:30"}]})).field("/hours/0", "bad_hours");
    create(json!({"hazards": [{"kind": "noise"}, {"kind": "noise", "grade": 2}]})).field("/hazards/1/kind", "repeated");
    create(json!({"headcount": -1})).field("/headcount", "out_of_range");
    create(json!({"filled": 1})).field("/filled", "unknown");
    create(json!({"status": "published"})).field("/status", "unknown");
    // Words are no approval of special hours, and nothing said of the work is not enough to publish.
    let days: Vec<Value> = (1..=6).map(|day| json!({"weekday": day, "from": "08:00", "to": "18:00"})).collect();
    let rules = |change: Value| {
        let posting = create(change).expect(201).body;
        let findings = app.get(&format!("/postings/{}/law-check", id(&posting)))["items"].clone();
        let of = |f: &Value| format!("{} {}", f["level"].as_str().unwrap(), f["rule"].as_str().unwrap());
        findings.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let sound = json!({"description": "缝制校服", "hours": days});
    let with = |key: &str, value: Value| {
        let mut change = sound.clone();
        change[key] = value;
        rules(change)
    };
    assert!(with("special_hours_approval", json!("无")).contains(&"block overtime".to_owned()));
    assert!(with("special_hours_approval", json!("铜人社〔2026〕1号")).contains(&"allow hours_by_approval".to_owned()));
    let silent = json!({"description": null, "hours": [], "skills": [], "certificates": []});
    assert!(rules(silent).contains(&"block missing_conditions".to_owned()));
    assert!(with("note", json!("限男性")).contains(&"block sex".to_owned()));
    assert!(with("province", json!("限男性")).contains(&"block sex".to_owned()));
    create(json!({"code": "JC-1", "hazards": null})).expect(201);
    create(json!({"code": "JC-1"})).problem(409, "already_exists");
}

/// A job with an end to come holds its place until that day, then no longer: nobody has to write anything.
fn places_become_free_by_the_day(db: &TestDb) {
    let app = TestApp::new(db);
    let employer = app.employer("贵州苗绣");
    let posting = app.posting(&employer, 2);
    let path = format!("/postings/{posting}");
    let [first, second, third] = [22, 24, 26].map(|order| app.resident("杨一", "1988-05-01", order));
    let hire = |resident: &str, end: &str| {
        let body = json!({"channel": "micro_factory", "posting_id": posting, "start_on": "2026-03-01", "end_on": end});
        app.request("POST", &format!("/residents/{resident}/spells")).json(&body).send()
    };
    hire(&first, "2026-12-01").expect(201);
    hire(&second, "2027-12-01").expect(201);
    hire(&third, "2027-12-01").problem(409, "posting_full");
    let places = |posting: &Value| (posting["filled"].as_i64().unwrap(), posting["vacancies"].as_i64().unwrap());
    assert_eq!(places(&app.get(&path)), (2, 0));
    let open = |on: &str| app.get(&format!("/postings?open_on={on}"))["items"].as_array().unwrap().len();
    assert_eq!((open("2026-11-23"), open("2026-12-01")), (0, 1));
    app.patch(&path, &json!({"headcount": 1})).problem(409, "headcount_below_filled");

    app.advance(chrono::TimeDelta::days(8));
    assert_eq!(places(&app.get(&path)), (1, 1));
    assert_eq!(places(&app.get("/postings")["items"][0]), (1, 1));
    assert_eq!(app.patch(&path, &json!({"headcount": 1})).expect(200).body["headcount"], 1);
    hire(&third, "2027-12-01").problem(409, "posting_full");
}

fn declines_are_weighed_by_the_gates(db: &TestDb) {
    let app = TestApp::new(db);
    let household = app.household(&app.building());
    let resident = app.resident("杨秀英", "1988-05-01", 22);
    let body = json!({"resident_id": resident, "relation": "head"});
    app.request("POST", &format!("/households/{household}/members")).json(&body).send().expect(200);
    let employer = app.employer("景航服装");
    let (first, second) = (app.posting(&employer, 5), app.posting(&employer, 5));
    let path = format!("/residents/{resident}/declines");
    let decline = |posting: &str, on: &str| {
        let body = json!({"posting_id": posting, "declined_on": on, "reason": "distance", "note": "孩子没人接"});
        app.request("POST", &path).json(&body).send()
    };
    let proposed = || app.get(&format!("/residents/{resident}/recommendations"))["items"].as_array().unwrap().len();
    assert_eq!(proposed(), 2);
    // Whether she wants to work at all is not known: a gate that cannot be decided is no pass.
    let unsure = decline(&first, "2026-11-20").expect(201);
    assert_eq!(unsure.body["was_suitable"], false);
    assert_eq!(unsure.header("location"), format!("/api/v1{path}"));
    let profile = json!({"willing": true, "labour_class": "ordinary", "school_status": "not_in_school", "max_minutes": 30,
        "max_physical_grade": 3, "max_load_kg": 25, "no_forced_posture": false});
    app.patch(&format!("/residents/{resident}"), &json!({"profile": profile})).expect(200);
    let sure = decline(&second, "2026-11-23").expect(201).body;
    assert_eq!((sure["was_suitable"].as_bool(), sure["note"].as_str()), (Some(true), Some("孩子没人接")), "{sure}");
    assert_eq!(proposed(), 0, "what was declined is not proposed again");
    // Asked again within the period, she declines what should not have been offered.
    assert_eq!(decline(&first, "2026-11-23").expect(201).body["was_suitable"], false);

    decline(&first, "2026-11-23").problem(409, "already_exists");
    decline(&first, "2026-11-24").field("/declined_on", "in_the_future");
    decline(&first, "2025-12-31").field("/declined_on", "contradicts");
    decline("9999", "2026-11-23").field("/posting_id", "no_such_record");
    app.request("POST", "/residents/9999/declines")
        .json(&json!({"posting_id": first, "declined_on": "2026-11-23"}))
        .send()
        .problem(404, "not_found");
    let draft = id(&app.create("/postings", &draft(&employer)));
    decline(&draft, "2026-11-23").problem(409, "posting_not_open");
    let odd = json!({"posting_id": first, "declined_on": "2026-11-22", "reason": "weather"});
    app.request("POST", &path).json(&odd).send().field("/reason", "not_in_list");
    let bare = json!({"posting_id": first, "declined_on": "2026-11-22"});
    let twice =
        || app.request("POST", &path).header("idempotency-key", "decline-1").json(&bare).send().expect(201).body;
    assert_eq!(twice(), twice());
    let days: Vec<Value> =
        app.get(&path)["items"].as_array().unwrap().iter().map(|item| item["declined_on"].clone()).collect();
    assert_eq!(days, ["2026-11-20", "2026-11-22", "2026-11-23", "2026-11-23"]);
}

fn recommendations_give_reasons(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let household = app.household(&building);
    let resident = app.resident("杨秀英", "1988-05-01", 22);
    let body = json!({"resident_id": resident, "relation": "head"});
    app.request("POST", &format!("/households/{household}/members")).json(&body).send().expect(200);
    let list = format!("/residents/{resident}/skills");
    let skills = json!({"items": [{"name": "平缝", "level": 3, "months": 36}]});
    app.request("PUT", &list).header("if-match", &app.etag(&list)).json(&skills).send().expect(200);
    let posting = app.posting(&app.employer("景航服装"), 5);

    let answer = app.get(&format!("/residents/{resident}/recommendations"));
    let best = &answer["items"][0];
    assert_eq!(best["posting_id"], posting.as_str(), "{answer}");
    assert_eq!((best["rank"].as_i64(), best["eligible"].as_bool()), (Some(1), Some(true)));
    let points: u64 = best["parts"].as_array().unwrap().iter().map(|part| part["points"].as_u64().unwrap()).sum();
    assert_eq!(points, best["suitability"].as_u64().unwrap());
    let english =
        app.request("GET", &format!("/residents/{resident}/recommendations")).header("accept-language", "en").send();
    assert_ne!(english.body["items"][0]["sentences"], best["sentences"]);
    assert_eq!(english.body["computed_from"], answer["computed_from"]);

    for order in ["household_first", "suitability"] {
        let candidates = app.get(&format!("/postings/{posting}/candidates?order={order}"));
        assert_eq!(candidates["items"][0]["resident_id"], resident.as_str());
        assert_eq!(candidates["items"][0]["household_uncovered"], true);
    }
    app.request("GET", &format!("/postings/{posting}/candidates?order=age")).send().field("?order", "not_in_list");
    app.request("GET", "/residents/9999/recommendations").send().problem(404, "not_found");
    app.request("GET", "/postings/9999/candidates").send().problem(404, "not_found");

    // A person who asked for no automated recommendation is in no list of candidates.
    app.patch(&format!("/residents/{resident}"), &json!({"profile": {"no_automated_recommendation": true}}))
        .expect(200);
    assert!(app.get(&format!("/postings/{posting}/candidates"))["items"].as_array().unwrap().is_empty());
}
