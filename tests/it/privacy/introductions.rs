//! Introductions: no name without a consent in force, and none a request after it is gone.

use serde_json::{Value, json};
use wangjia::app::Page;
use wangjia::app::privacy::acquaintance::Viewer;
use wangjia::app::privacy::introductions::{self as app_introductions, ListFilter};

use super::town::{PHONE, Town, word};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    name_and_phone_follow_the_consent,
    a_consent_becomes_a_referral,
    a_consent_holds_where_no_referral_can_begin,
    a_foreign_card_is_no_card,
    an_employer_sees_its_own_and_loses_whom_it_may_not_see,
    a_counselor_sees_those_of_the_own_grids,
);

const CONSENT: &str = "consented";

fn consented(kinds: &[&str]) -> Value {
    json!({"decision": "given", "kinds": kinds, "form": "written", "evidence": "柜 3"})
}

/// A request for the first card of a posting.
fn requested(town: &Town<'_>, posting: &str) -> Value {
    let card = town.cards(posting)[0]["card"].clone();
    let path = format!("/postings/{posting}/introductions");
    let asked = town.as_hr(posting, "POST", &path).json(&json!({"card": card})).send().expect(201).body;
    assert_eq!(asked["resident_id"], Value::Null, "an employer knows a card");
    town.app.get(&format!("/introductions/{}", id(&asked)))
}

/// Those an employer sees now.
fn seen_by(db: &TestDb, viewer: &Viewer) -> Vec<(i64, Option<i64>)> {
    let today = "2026-11-23".parse().unwrap();
    let page = (Page::first(50), today);
    let found = db.db.read(|conn| app_introductions::page(conn, db.db.keys(), viewer, ListFilter::default(), page));
    found.unwrap().into_iter().map(|row| (row.id, row.resident_id)).collect()
}

fn name_and_phone_follow_the_consent(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (employer, posting) = town.employer("第一制衣");
    let asked = requested(&town, &posting);
    assert_eq!(asked["status"], "requested");
    assert_eq!((asked["resident_id"].as_str(), asked["recipient_name"].as_str()), (Some(&*person), Some("第一制衣")));
    let path = format!("/introductions/{}", id(&asked));
    let again = json!({"card": asked["card"]});
    town.as_hr(&posting, "POST", &format!("/postings/{posting}/introductions"))
        .json(&again)
        .send()
        .problem(409, "already_exists");
    let contact = || town.as_hr(&posting, "GET", &format!("{path}/contact")).send();
    contact().problem(409, "consent_missing");
    let decide = |body: &Value| app.request("POST", &format!("{path}/decision")).json(body).send();
    decide(&consented(&["phone"])).field("/kinds", "missing");
    decide(&consented(&["name", "household"])).field("/kinds/1", "not_in_list");
    contact().problem(409, "consent_missing");

    let decided = decide(&consented(&["name", "phone"])).expect(200).body;
    assert_eq!((decided["status"].as_str(), decided["in_force"].as_bool()), (Some(CONSENT), Some(true)));
    decide(&consented(&["name"])).problem(409, "wrong_status");
    let consent = app.get(&format!("/consents/{}", decided["consent_id"].as_str().unwrap()));
    assert_eq!((consent["recipient_name"].as_str(), &consent["employer_id"]), (Some("第一制衣"), &json!(employer)));
    assert_eq!(contact().expect(200).body, json!({"name": "龙2妹", "phone": PHONE}));

    app.request("POST", &format!("/consents/{}/withdraw", id(&consent))).send().expect(200);
    assert!([404, 409].contains(&contact().status), "the employer loses the person");
    assert_eq!(app.get(&path)["status"], "closed");
    assert!(town.cards(&posting).is_empty(), "nor is there a card for whom the person turned down");
    assert_eq!(town.candidates(&posting).len(), 1, "the service itself goes on");
    let (_, other) = town.employer("第二制衣");
    assert_eq!(town.cards(&other).len(), 1, "and so do other employers");
    let asked = requested(&town, &other);
    let path = format!("/introductions/{}", id(&asked));
    let only_name = consented(&["name"]);
    app.request("POST", &format!("{path}/decision")).json(&only_name).send().expect(200);
    let contact = || town.as_hr(&other, "GET", &format!("{path}/contact")).send();
    assert_eq!(contact().expect(200).body, json!({"name": "龙2妹", "phone": null}));
    app.request("POST", &format!("{path}/close")).send().expect(200);
    assert!([404, 409].contains(&contact().status));
    app.request("POST", &format!("{path}/close")).send().problem(409, "wrong_status");
}

fn decide(app: &TestApp, introduction: &Value, body: &Value) -> Value {
    app.request("POST", &format!("/introductions/{}/decision", id(introduction))).json(body).send().expect(200).body
}

fn a_consent_becomes_a_referral(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    let decided = decide(&app, &requested(&town, &posting), &consented(&["name"]));
    assert_eq!((&decided["status"], &decided["not_referred"]), (&json!(CONSENT), &json!([])), "{decided}");
    let referral = app.get(&format!("/referrals/{}", decided["referral_id"].as_str().unwrap()));
    assert_eq!(
        (&referral["state"], &referral["resident_id"], &referral["posting_id"], &referral["consent_id"]),
        (&json!("consented"), &json!(person), &json!(posting), &decided["consent_id"]),
        "{referral}"
    );
    let steps: Vec<&Value> = referral["moves"].as_array().unwrap().iter().map(|step| &step["to"]).collect();
    assert_eq!(steps, ["proposed", "consented"]);

    // What a counselor has proposed already goes on.
    let (_, other) = town.employer("第二制衣");
    let asked = requested(&town, &other);
    let new = json!({"resident_id": person, "posting_id": other});
    let proposed = id(&app.create("/referrals", &new));
    assert_eq!(decide(&app, &asked, &consented(&["name"]))["referral_id"], proposed.as_str());
    assert_eq!(app.get(&format!("/referrals/{proposed}"))["state"], "consented");

    // A no begins nothing.
    let (_, third) = town.employer("第三制衣");
    let asked = requested(&town, &third);
    let no = json!({"decision": "refused", "kinds": ["name"], "form": "written"});
    let decided = decide(&app, &asked, &no);
    assert_eq!((&decided["referral_id"], &decided["not_referred"]), (&Value::Null, &json!([])), "{decided}");
    assert_eq!(app.get("/referrals")["items"].as_array().unwrap().len(), 2);
}

fn a_consent_holds_where_no_referral_can_begin(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (employer, posting) = town.employer("第一制衣");
    let asked = requested(&town, &posting);
    let other = app.posting(&employer, 1);
    app.create("/referrals", &json!({"resident_id": person, "posting_id": other}));
    let decided = decide(&app, &asked, &consented(&["name"]));
    assert_eq!((&decided["status"], &decided["in_force"]), (&json!(CONSENT), &json!(true)), "{decided}");
    assert_eq!((&decided["referral_id"], &decided["not_referred"][0]["code"]), (&Value::Null, &json!("referral_open")));
    assert_eq!(app.get("/referrals")["items"].as_array().unwrap().len(), 1);

    // A gate that fails by now is named.
    let (_, posting) = town.employer("第二制衣");
    let asked = requested(&town, &posting);
    app.patch(&format!("/residents/{person}"), &json!({"profile": {"pay_floor": 9000}})).expect(200);
    let decided = decide(&app, &asked, &consented(&["name"]));
    let why = &decided["not_referred"][0];
    assert_eq!((&why["pointer"], &why["code"]), (&json!("/posting_id"), &json!("gate_failed")), "{decided}");
    assert!(why["message"].as_str().unwrap().contains("9,000"), "{why}");
    assert_eq!((&decided["referral_id"], &decided["status"]), (&Value::Null, &json!(CONSENT)));
    assert_eq!(app.get("/referrals")["items"].as_array().unwrap().len(), 1, "nothing is half done");
}

fn a_foreign_card_is_no_card(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    town.person("1988-05-01");
    let (_, first) = town.employer("第一制衣");
    let (_, second) = town.employer("第二制衣");
    let card = town.cards(&first)[0]["card"].clone();
    let ask = |posting: &str, card: &Value| {
        let path = format!("/postings/{posting}/introductions");
        // A posting that is not there has no clerk of its own.
        town.as_hr(if posting == "999" { &second } else { posting }, "POST", &path).json(&json!({"card": card})).send()
    };
    let body = |answer: crate::api::app::Answer| {
        let mut body = answer.problem(404, "not_found").body;
        body["request_id"] = Value::Null;
        body["instance"] = Value::Null;
        body
    };
    let foreign = body(ask(&second, &card));
    assert_eq!(foreign, body(ask(&second, &json!("0".repeat(32)))), "a foreign card is like a made-up one");
    assert_eq!(foreign, body(ask("999", &card)), "and like one of no posting");
    ask(&first, &json!("xyz")).field("/card", "bad_id");
    ask(&first, &card).expect(201);
    assert_eq!(app.get("/introductions")["items"].as_array().unwrap().len(), 1);
}

fn an_employer_sees_its_own_and_loses_whom_it_may_not_see(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (first, posting) = town.employer("第一制衣");
    let (second, _) = town.employer("第二制衣");
    let asked: i64 = id(&requested(&town, &posting)).parse().unwrap();
    let viewer = |employer: &str| Viewer::Employers(vec![employer.parse().unwrap()]);
    let seen = |employer: &str| seen_by(db, &viewer(employer));
    let today = "2026-11-23".parse().unwrap();
    let contact = |viewer: &Viewer| {
        db.db
            .read(|conn| app_introductions::contact(conn, db.db.keys(), viewer, asked, today))
            .map_err(|e| e.to_string())
    };
    assert_eq!(seen(&first), [(asked, None)], "without the person behind it");
    assert!(seen(&second).is_empty());
    let path = format!("/introductions/{asked}");
    app.request("POST", &format!("{path}/decision")).json(&consented(&["name", "phone"])).send().expect(200);
    assert_eq!(contact(&viewer(&first)).unwrap().0.name.as_deref(), Some("龙2妹"));
    assert_eq!(contact(&viewer(&second)).unwrap_err(), "not found");

    // Restriction, and its end.
    let resident = format!("/residents/{person}");
    let restrict = |on: bool| app.patch(&resident, &json!({"profile": {"restricted": on}})).expect(200);
    restrict(true);
    assert!(seen(&first).is_empty());
    assert_eq!(contact(&viewer(&first)).unwrap_err(), "not found");
    assert_eq!(contact(&Viewer::Everything).unwrap_err(), "refused: consent_missing");
    restrict(false);
    assert_eq!(seen(&first).len(), 1);
    // A refusal of the whole service, taken back by a later word.
    town.consent(&person, &word("employment_service", "refused"));
    assert!(seen(&first).is_empty() && contact(&viewer(&first)).is_err());
    town.consent(&person, &word("employment_service", "given"));
    assert!(contact(&viewer(&first)).is_ok());
    // A refusal of this employer, recorded apart from the request.
    let no = json!({
        "purpose": "introduction", "decision": "refused", "employer_id": first, "form": "spoken", "given_on": "2026-11-23",
    });
    town.consent(&person, &no);
    assert!(seen(&first).is_empty());
    assert_eq!(contact(&viewer(&first)).unwrap_err(), "not found");
    assert_eq!(seen_by(db, &Viewer::Everything).len(), 1, "the counselor still sees what became of it");
}

fn a_counselor_sees_those_of_the_own_grids(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    let asked: i64 = id(&requested(&town, &posting)).parse().unwrap();
    let building: i64 = id(&app.get("/buildings")["items"][0]).parse().unwrap();
    assert_eq!(seen_by(db, &Viewer::Areas(vec![building])), [(asked, Some(person.parse().unwrap()))]);
    assert!(seen_by(db, &Viewer::Areas(vec![])).is_empty());
    assert!(seen_by(db, &Viewer::Areas(vec![9_999])).is_empty());
    let no = json!({"decision": "refused", "form": "spoken"});
    let refused = app.request("POST", &format!("/introductions/{asked}/decision")).json(&no).send().expect(200).body;
    assert_eq!(refused["status"], "refused");
    assert!(town.cards(&posting).is_empty());
}
