//! Counselors' decisions: kept to exactly, priced exactly, refused by name where they cannot be kept.

use serde_json::{Value, json};

use super::town::{Old, Town, Young, placements, propose_job, proposed};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(a_decision_costs_what_the_plan_without_it_is_worth_more, a_pin_that_cannot_be_kept_stops_the_plan_by_name);

fn decision(resident: i64, posting: i64, kind: &str) -> Value {
    json!({"resident_id": resident.to_string(), "posting_id": posting.to_string(), "kind": kind, "reason": "本人要求"})
}

fn a_decision_costs_what_the_plan_without_it_is_worth_more(db: &TestDb) {
    let mut town = Town::new(db);
    let (young, old) = (town.home(&[Young]), town.home(&[Old]));
    let (any, for_young) = (town.posting(false, 1), town.posting(true, 1));
    let app = TestApp::new(db);
    let forbidden = app.create("/plan-pins", &decision(young.members[0], for_young, "forbid"));
    assert_eq!(app.get(&format!("/plan-pins/{}", id(&forbidden))), forbidden);
    app.request("GET", "/plan-pins/99").send().problem(404, "not_found");
    let plan = proposed(&app);
    assert_eq!(plan["coverage"]["covered_after"], 1, "both want the one place that is left");
    let cost = &plan["overrides"][0];
    assert_eq!((cost["pin_id"].as_str(), cost["households"].as_i64()), (forbidden["id"].as_str(), Some(1)), "{cost}");
    assert_eq!(cost["cost"]["covered_weight"], 1);

    app.request("POST", "/plan-pins")
        .json(&decision(young.members[0], for_young, "pin"))
        .send()
        .problem(409, "pair_decided");
    let end = format!("/plan-pins/{}/end", id(&forbidden));
    let ended = app.request("POST", &end).send().expect(200).body;
    assert!(ended["ended_at"].is_string());
    app.request("POST", &end).send().problem(409, "pin_ended");
    app.request("POST", "/plan-pins/99/end").send().problem(404, "not_found");

    app.create("/plan-pins", &decision(young.members[0], any, "pin"));
    let second = decision(young.members[0], for_young, "pin");
    app.request("POST", "/plan-pins").json(&second).send().problem(409, "pair_decided");
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [(young.members[0], any)], "a pin holds although it costs a household");
    let row = &app.get(&format!("/plans/{}/placements", id(&plan)))["items"][0];
    assert_eq!(row["pinned"], true);
    assert_eq!(plan["overrides"][0]["households"], 1);

    let standing = app.get("/plan-pins?standing=true");
    assert_eq!(standing["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.get(&format!("/plan-pins?resident_id={}", young.members[0]))["items"].as_array().unwrap().len(), 2);
    app.request("POST", "/plan-pins").json(&decision(999, any, "pin")).send().field("/resident_id", "no_such_record");
    app.request("POST", "/plan-pins")
        .json(&decision(old.members[0], 999, "pin"))
        .send()
        .field("/posting_id", "no_such_record");
    let mut unknown = decision(old.members[0], any, "forbid");
    unknown["note"] = "x".into();
    app.request("POST", "/plan-pins").json(&unknown).send().field("/note", "unknown");
}

fn a_pin_that_cannot_be_kept_stops_the_plan_by_name(db: &TestDb) {
    let mut town = Town::new(db);
    let old = town.home(&[Old]);
    let for_young = town.posting(true, 1);
    let app = TestApp::new(db);
    let pin = id(&app.create("/plan-pins", &decision(old.members[0], for_young, "pin")));
    let job = propose_job(&app);
    assert_eq!(job["state"], "failed", "{job}");
    let said = job["step"].as_str().unwrap();
    assert!(said.contains(&format!("#{pin}")) && said.contains("不符合岗位条件"), "{said}");
    assert!(app.get("/plans")["items"].as_array().unwrap().is_empty(), "nothing is stored");
    // A posting that is closed cannot be pinned either.
    let path = format!("/postings/{for_young}");
    app.request("POST", &format!("{path}/close")).header("if-match", &app.etag(&path)).send().expect(200);
    let said = propose_job(&app)["step"].as_str().unwrap().to_owned();
    assert!(said.contains("岗位未发布或已关闭"), "{said}");
    app.request("POST", &format!("/plan-pins/{pin}/end")).send().expect(200);
    assert_eq!(proposed(&app)["placed"], 0);
}
