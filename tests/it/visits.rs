//! Visits, their week and the plan of it through the API, on both databases, with a clock that the test moves.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::app::audit::{self, Filter};
use wangjia::app::settings;
use wangjia::domain::access::Role;

use crate::api::app::{Answer, TestApp, account, id};
use crate::support::command::{ON_DEMO, text, wangjia};
use crate::support::{TestDb, command, on_both};

on_both!(
    a_visit_is_planned_made_and_corrected,
    what_cannot_be_is_named,
    next_steps_are_done_by_meeting_again,
    the_clock_counts_a_visit_once,
    a_week_counts_each_household_once,
    the_plan_takes_those_a_visit_is_worth_most_to,
    the_plan_keeps_promises_and_leaves_others_theirs,
    an_appointment_nobody_kept_stays_in_the_plan,
    everybodys_turn_comes,
    planned_visits_go_along_in_a_merge,
    barriers_say_who_opened_and_closed_them,
);

/// A community with two grids: 2号楼 and 10号楼 in the first, 1号楼 in the second. Today is Monday 23 November 2026.
struct Town<'a> {
    db: &'a TestDb,
    app: TestApp,
    grids: [String; 2],
    /// 2号楼, 10号楼, 1号楼.
    buildings: [String; 3],
    people: std::cell::Cell<u16>,
}

impl<'a> Town<'a> {
    fn new(db: &'a TestDb) -> Self {
        let app = TestApp::new(db);
        let community = id(&app.create("/communities", &json!({"name": "旺家社区"})));
        let grids = ["第一网格", "第二网格"]
            .map(|name| id(&app.create("/grids", &json!({"community_id": community, "name": name}))));
        let buildings = [(0, "2号楼"), (0, "10号楼"), (1, "1号楼")]
            .map(|(grid, name)| id(&app.create("/buildings", &json!({"grid_id": grids[grid], "name": name}))));
        Self { db, app, grids, buildings, people: std::cell::Cell::new(11) }
    }

    /// A household of one who could work; gives both ids.
    fn home(&self, building: usize, unit: &str) -> (String, String) {
        let order = self.people.get();
        self.people.set(order + 2);
        let body = json!({"building_id": self.buildings[building], "unit": unit});
        let household = id(&self.app.create("/households", &body));
        let resident = self.app.resident("龙大哥", "1990-03-07", order);
        let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
        self.app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        (household, resident)
    }

    fn works(&self, resident: &str, contract_until: Option<&str>) {
        let mut job = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-02-01"});
        if let Some(until) = contract_until {
            job["contract_until"] = until.into();
        }
        self.app.create(&format!("/residents/{resident}/spells"), &job);
    }

    fn visit(&self, household: &str, body: &Value) -> Answer {
        self.app.request("POST", &format!("/households/{household}/visits")).json(body).send()
    }

    fn visited(&self, household: &str, on: &str, findings: &[&str]) -> String {
        id(&self.visit(household, &json!({"visit_on": on, "findings": findings})).expect(201).body)
    }

    fn counselor(&self, login: &str, grid: usize) -> String {
        let area = Some(self.grids[grid].parse().unwrap());
        account(self.db, login, &[Grant { role: Role::Counselor, area, employer: None }])
    }

    fn official(&self, login: &str, grid: Option<usize>) -> String {
        let area = grid.map(|grid| self.grids[grid].parse().unwrap());
        account(self.db, login, &[Grant { role: Role::Official, area, employer: None }])
    }

    fn as_user(&self, token: &str, path: &str) -> Value {
        let call = self.app.by(token, "GET", path).header("x-access-reason", "check");
        call.send().expect(200).body
    }

    fn set(&self, key: &str, value: &str) {
        settings::set(&self.db.db, key, value, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()).unwrap();
    }
}

fn households(plan: &Value) -> Vec<&str> {
    plan["items"].as_array().unwrap().iter().map(|line| line["household_id"].as_str().unwrap()).collect()
}

fn codes(line: &Value) -> Vec<&str> {
    line["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

/// The id of the account behind a token.
fn own_id(app: &TestApp, token: &str) -> String {
    app.by(token, "GET", "/auth/me").send().expect(200).body["id"].as_str().unwrap().to_owned()
}

fn planned_visits_go_along_in_a_merge(db: &TestDb) {
    let town = Town::new(db);
    let ((leaves, _), (stays, _)) = (town.home(0, "1单元101"), town.home(0, "1单元102"));
    let plan = |household: &str, on: &str| {
        id(&town.visit(household, &json!({"status": "planned", "visit_on": on})).expect(201).body)
    };
    let (same, other) = (plan(&leaves, "2026-11-25"), plan(&leaves, "2026-11-26"));
    let made = town.visited(&leaves, "2026-11-20", &["not_at_home"]);
    let there = plan(&stays, "2026-11-25");
    let path = format!("/households/{stays}");
    let merge = town.app.request("POST", &format!("{path}/merges")).header("if-match", &town.app.etag(&path));
    merge.json(&json!({"household_id": leaves, "on": "2026-11-23"})).send().expect(200);
    let now = |visit: &str| {
        let visit = town.app.get(&format!("/visits/{visit}"));
        (visit["household_id"].as_str().unwrap().to_owned(), visit["status"].as_str().unwrap().to_owned())
    };
    let at = |household: &str, status: &str| (household.to_owned(), status.to_owned());
    assert_eq!(now(&other), at(&stays, "planned"), "they live there now");
    assert_eq!((now(&same), now(&there)), (at(&leaves, "cancelled"), at(&stays, "planned")), "nobody goes twice");
    assert_eq!(now(&made), at(&leaves, "done"), "what was stays");
}

fn a_visit_is_planned_made_and_corrected(db: &TestDb) {
    let town = Town::new(db);
    let (household, resident) = town.home(0, "1单元101");
    let planned = town.visit(&household, &json!({"status": "planned", "visit_on": "2026-11-25"})).expect(201).body;
    assert_eq!(
        (&planned["status"], &planned["channel"], &planned["account_id"]),
        (&json!("planned"), &json!("door"), &json!("1"))
    );
    let path = format!("/visits/{}", id(&planned));
    // It is moved, then made by somebody else.
    let moved = town.app.patch(&path, &json!({"visit_on": "2026-11-24"})).expect(200).body;
    assert_eq!((&moved["visit_on"], &moved["account_id"]), (&json!("2026-11-24"), &json!("1")));
    town.app.advance(TimeDelta::days(1));
    let li = town.counselor("li.na", 0);
    let stale = town.app.etag(&path);
    let made = json!({
        "status": "done", "findings": ["barrier_found", "willing"], "found_note": "孩子没人带",
        "next_step": "solve_barrier", "next_on": "2026-11-30", "next_note": "问托管班",
    });
    let made = town.app.by(&li, "PATCH", &path).header("if-match", &stale).json(&made).send().expect(200).body;
    assert_eq!(made["account_id"], own_id(&town.app, &li));
    assert_eq!(made["findings"], json!(["willing", "barrier_found"]));
    assert_eq!((&made["found_note"], &made["next_note"]), (&json!("孩子没人带"), &json!("问托管班")));
    let late = town.app.request("PATCH", &path).header("if-match", &stale).json(&json!({"channel": "phone"})).send();
    late.problem(412, "changed_since_read");
    // A correction keeps whose visit it was; the audit keeps what it said before.
    let corrected = town.app.patch(&path, &json!({"findings": ["unwilling"], "channel": "phone"})).expect(200).body;
    assert_eq!((&corrected["findings"], &corrected["account_id"]), (&json!(["unwilling"]), &made["account_id"]));
    let found = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, Some(db.db.keys()))).unwrap();
    let said = found.last().unwrap().detail.as_ref().unwrap().to_string();
    assert!(said.contains("barrier_found") && said.contains("unwilling") && said.contains("door"), "{said}");
    // Made is made.
    town.app.patch(&path, &json!({"status": "planned", "findings": null})).field("/status", "contradicts");
    town.app.request("POST", &format!("{path}/cancel")).send().problem(409, "wrong_status");
    // Called off is called off.
    let other = id(&town.visit(&household, &json!({"status": "planned", "visit_on": "2026-11-27"})).expect(201).body);
    let cancel = || town.app.request("POST", &format!("/visits/{other}/cancel")).send();
    assert_eq!(cancel().expect(200).body["status"], "cancelled");
    cancel().problem(409, "wrong_status");
    town.app.patch(&format!("/visits/{other}"), &json!({"visit_on": "2026-11-28"})).problem(409, "wrong_status");
    // Lists show no notes, and are narrowed.
    let list = town.app.get(&format!("/visits?household_id={household}&status=done"))["items"].clone();
    assert_eq!((list.as_array().unwrap().len(), list[0].get("found_note")), (1, None));
    assert_eq!(town.app.get("/visits?from=2026-11-25")["items"].as_array().unwrap().len(), 1);
    let stranger = town.counselor("wu.di", 1);
    town.app.by(&stranger, "GET", &path).send().problem(404, "not_found");
    assert_eq!(town.as_user(&stranger, "/visits")["items"], json!([]));
    // Nothing else follows from it.
    assert_eq!(town.app.get(&format!("/residents/{resident}"))["profile"]["willing"], json!(null));
}

fn what_cannot_be_is_named(db: &TestDb) {
    let town = Town::new(db);
    let (household, _) = town.home(0, "1单元101");
    let refused = |body: Value, pointer: &str, code: &str| {
        town.visit(&household, &body).field(pointer, code);
    };
    refused(json!({"status": "planned"}), "/visit_on", "missing");
    refused(json!({"status": "planned", "visit_on": "2026-11-22"}), "/visit_on", "contradicts");
    let early = json!({"status": "planned", "visit_on": "2026-11-24", "findings": ["willing"], "found_note": "x", "next_step": "call", "next_on": "2026-11-25", "next_note": "y", "next_done_on": "2026-11-25"});
    for pointer in ["/findings", "/found_note", "/next_step", "/next_on", "/next_note", "/next_done_on"] {
        refused(early.clone(), pointer, "not_needed");
    }
    refused(json!({"status": "cancelled", "visit_on": "2026-11-24"}), "/status", "not_in_list");
    refused(json!({}), "/findings", "missing");
    refused(json!({"visit_on": "2026-11-24", "findings": ["willing"]}), "/visit_on", "in_the_future");
    refused(json!({"findings": ["willing", "willing"]}), "/findings/1", "repeated");
    refused(json!({"findings": ["not_at_home", "willing"]}), "/findings", "contradicts");
    refused(json!({"findings": ["rich"]}), "/findings/0", "not_in_list");
    refused(json!({"findings": vec!["willing"; 12]}), "/findings", "too_many");
    let step = |more: Value| {
        let mut body = json!({"visit_on": "2026-11-20", "findings": ["willing"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    refused(step(json!({"next_step": "call"})), "/next_on", "missing");
    refused(step(json!({"next_step": "call", "next_on": "2026-11-19"})), "/next_on", "end_before_start");
    refused(step(json!({"next_on": "2026-11-25"})), "/next_on", "not_needed");
    refused(step(json!({"next_note": "x"})), "/next_note", "not_needed");
    refused(step(json!({"next_done_on": "2026-11-21"})), "/next_done_on", "not_needed");
    let done = |on: &str| step(json!({"next_step": "call", "next_on": "2026-11-25", "next_done_on": on}));
    refused(done("2026-11-19"), "/next_done_on", "end_before_start");
    refused(done("2026-11-24"), "/next_done_on", "in_the_future");
    assert_eq!(town.app.get("/visits")["items"], json!([]), "nothing of it was written");
    town.visit("999", &json!({"findings": ["willing"]})).problem(404, "not_found");
    // Neighbours may know that they moved.
    town.visit(&household, &json!({"findings": ["not_at_home", "moved_away"]})).expect(201);
    // One sent twice is one.
    let twice = || {
        let path = format!("/households/{household}/visits");
        let call = town.app.request("POST", &path).header("idempotency-key", "door");
        id(&call.json(&json!({"findings": ["willing"]})).send().expect(201).body)
    };
    assert_eq!(twice(), twice());
}

fn next_steps_are_done_by_meeting_again(db: &TestDb) {
    let town = Town::new(db);
    let (household, called) = (town.home(0, "1单元101").0, town.home(0, "1单元102").0);
    let with = |(home, step): (&str, &str)| {
        let body =
            json!({"visit_on": "2026-11-20", "findings": ["willing"], "next_step": step, "next_on": "2026-11-27"});
        id(&town.visit(home, &body).expect(201).body)
    };
    let steps = [(household.as_str(), "propose_job"), (&household, "revisit"), (&called, "call")].map(with);
    let open = |until: &str| -> Vec<String> {
        let list = town.app.get(&format!("/visits?next_until={until}"))["items"].clone();
        list.as_array().unwrap().iter().map(id).collect()
    };
    assert_eq!((open("2026-11-26").len(), open("2026-11-27")), (0, steps.to_vec()));
    // Nobody was there; then calls that were answered; then a visit.
    town.visited(&household, "2026-11-21", &["not_at_home"]);
    assert_eq!(open("2026-11-27"), steps);
    for home in [&household, &called] {
        let call = json!({"visit_on": "2026-11-22", "channel": "phone", "findings": ["willing"]});
        town.visit(home, &call).expect(201);
    }
    assert_eq!(open("2026-11-27"), steps[..2]);
    // One of an earlier day changes nothing of what was to come after.
    town.visited(&household, "2026-11-19", &["nothing_new"]);
    assert_eq!(open("2026-11-27"), steps[..2]);
    town.visited(&household, "2026-11-23", &["nothing_new"]);
    assert_eq!(open("2026-11-27"), steps[..1]);
    let done = town.app.get(&format!("/visits/{}", steps[1]));
    assert_eq!(done["next_done_on"], "2026-11-23");
    // What no meeting does is said by hand.
    town.app.patch(&format!("/visits/{}", steps[0]), &json!({"next_done_on": "2026-11-23"})).expect(200);
    assert_eq!(open("2026-12-31"), Vec::<String>::new());
}

fn the_clock_counts_a_visit_once(db: &TestDb) {
    let town = Town::new(db);
    let (household, _) = town.home(0, "1单元101");
    town.visited(&household, "2026-11-20", &["willing"]);
    let clock = id(&town.app.create(&format!("/households/{household}/recognitions"), &json!({})));
    let seen = || town.app.get(&format!("/recognitions/{clock}"));
    let first = || seen()["steps"][0]["state"].as_str().unwrap().to_owned();
    assert_eq!(
        (first().as_str(), seen()["services"].as_array().unwrap().len()),
        ("open", 0),
        "what came before is none"
    );
    let away = town.visited(&household, "2026-11-23", &["not_at_home"]);
    let services = seen()["services"].clone();
    assert_eq!(
        (&services[0]["kind"], &services[0]["visit_id"], &services[0]["account_id"]),
        (&json!("not_reached"), &json!(away), &json!("1"))
    );
    assert_eq!(first(), "open");
    // The same by hand is the same.
    let by_hand = |kind: &str| {
        let path = format!("/recognitions/{clock}/services");
        town.app.request("POST", &path).json(&json!({"kind": kind})).send().expect(200);
    };
    by_hand("not_reached");
    assert_eq!(seen()["services"].as_array().unwrap().len(), 1);
    town.visited(&household, "2026-11-23", &["moved_away"]);
    let exit = || {
        let body = json!({"reason": "unreachable", "note": "三次未见"});
        town.app.request("POST", &format!("/recognitions/{clock}/exit")).json(&body).send()
    };
    exit().problem(409, "exit_not_allowed");
    // What is corrected counts as corrected.
    town.app.patch(&format!("/visits/{away}"), &json!({"findings": ["willing"]})).expect(200);
    let step = seen()["steps"][0].clone();
    assert_eq!(
        (&step["state"], &step["done_on"], &step["account_id"]),
        (&json!("done"), &json!("2026-11-23"), &json!("1"))
    );
    town.app.patch(&format!("/visits/{away}"), &json!({"findings": ["not_at_home"]})).expect(200);
    assert_eq!(first(), "open");
    town.app.advance(TimeDelta::days(1));
    town.visited(&household, "2026-11-24", &["not_at_home"]);
    exit().problem(409, "exit_not_allowed");
    town.app.advance(TimeDelta::days(1));
    town.visited(&household, "2026-11-25", &["not_at_home"]);
    assert_eq!(exit().expect(200).body["end_reason"], "unreachable", "on three days");
    // After its end nothing counts any more.
    town.app.advance(TimeDelta::days(1));
    town.visited(&household, "2026-11-26", &["willing"]);
    assert_eq!(seen()["services"].as_array().unwrap().len(), 4);
}

fn a_week_counts_each_household_once(db: &TestDb) {
    let town = Town::new(db);
    let homes = ["101", "102", "103"].map(|unit| town.home(0, unit).0);
    let (elsewhere, _) = town.home(2, "101");
    let [li, zhao, wu] = [("li.na", 0), ("zhao", 0), ("wu.di", 1)].map(|(login, grid)| town.counselor(login, grid));
    let visit = |token: &str, household: &str, on: &str, finding: &str| {
        let body = json!({"visit_on": on, "findings": [finding]});
        town.app.by(token, "POST", &format!("/households/{household}/visits")).json(&body).send().expect(201);
    };
    // Sunday is last week, Monday is this one.
    visit(&li, &homes[0], "2026-11-22", "willing");
    visit(&li, &homes[0], "2026-11-23", "not_at_home");
    visit(&li, &homes[1], "2026-11-23", "not_at_home");
    visit(&li, &homes[1], "2026-11-23", "willing");
    visit(&zhao, &homes[1], "2026-11-23", "willing");
    visit(&wu, &elsewhere, "2026-11-23", "willing");
    let planned = json!({"status": "planned", "visit_on": "2026-11-29"});
    for household in &homes[1..] {
        town.app.by(&li, "POST", &format!("/households/{household}/visits")).json(&planned).send().expect(201);
    }
    town.set("visit_weekly_target", "15");
    let own = town.as_user(&li, "/visit-progress?weeks=2")["items"].clone();
    let numbers =
        |row: &Value| [&row["target"], &row["visited"], &row["met"], &row["planned"]].map(|n| n.as_u64().unwrap());
    assert_eq!((numbers(&own[0]), numbers(&own[1])), ([15, 2, 1, 1], [15, 1, 1, 0]));
    assert_eq!((&own[0]["week_start"], &own[0]["name"]), (&json!("2026-11-23"), &json!("li.na")));
    // A counselor does not see the others; the official sees everybody in reach, those who did nothing too.
    town.app.by(&li, "GET", "/visit-progress/counselors").send().problem(403, "not_allowed");
    let by_name = |token: &str, path: &str| -> Vec<(String, [u64; 4])> {
        let rows = town.as_user(token, path)["items"].clone();
        rows.as_array().unwrap().iter().map(|row| (row["name"].as_str().unwrap().to_owned(), numbers(row))).collect()
    };
    let path = "/visit-progress/counselors?week=2026-11-29";
    let everybody: Vec<(String, [u64; 4])> = by_name(&town.official("zong", None), path);
    let named = |name: &str, numbers| (name.to_owned(), numbers);
    let (did_li, did_zhao, did_wu) =
        (named("li.na", [15, 2, 1, 1]), named("zhao", [15, 1, 1, 0]), named("wu.di", [15, 1, 1, 0]));
    let idle = named("everybody", [15, 0, 0, 0]);
    assert_eq!(everybody, [idle.clone(), did_li.clone(), did_zhao.clone(), did_wu]);
    assert_eq!(by_name(&town.official("wang", Some(0)), path), [idle, did_li, did_zhao]);
}

fn the_plan_takes_those_a_visit_is_worth_most_to(db: &TestDb) {
    let town = Town::new(db);
    let (safe, worker) = town.home(1, "1单元101");
    town.works(&worker, None);
    let (risky, worker) = town.home(1, "1单元102");
    town.works(&worker, Some("2026-12-31"));
    let (unwilling, person) = town.home(0, "1单元103");
    town.app.patch(&format!("/residents/{person}"), &json!({"profile": {"willing": false}})).expect(200);
    let (uncovered, _) = town.home(0, "2单元101");
    let (foreign, _) = town.home(2, "101");
    let li = town.counselor("li.na", 0);
    let plan = |target: &str, query: &str| {
        town.set("visit_weekly_target", target);
        town.as_user(&li, &format!("/visit-plan{query}"))
    };
    assert_eq!(households(&plan("1", "")), [uncovered.as_str()]);
    // Building by building, whatever it is worth.
    assert_eq!(households(&plan("2", "")), [uncovered.as_str(), &risky]);
    assert_eq!(households(&plan("3", "")), [unwilling.as_str(), &uncovered, &risky]);
    let all = plan("20", "");
    assert_eq!(households(&all), [unwilling.as_str(), &uncovered, &safe, &risky], "2号楼 before 10号楼; not {foreign}");
    assert_eq!(
        (&all["week_start"], &all["week_end"], &all["target"]),
        (&json!("2026-11-23"), &json!("2026-11-29"), &json!(20))
    );
    assert_eq!((&all["done"], &all["due"], &all["account_id"]), (&json!(0), &json!(4), &json!(own_id(&town.app, &li))));
    let reasons: Vec<Vec<&str>> = all["items"].as_array().unwrap().iter().map(codes).collect();
    assert_eq!(
        reasons,
        [
            vec!["unwilling", "never_visited"],
            vec!["uncovered", "willingness_unknown", "never_visited"],
            vec!["never_visited"],
            vec!["at_risk", "never_visited"],
        ]
    );
    let line = &all["items"][1];
    assert_eq!(
        (&line["building"], &line["unit"], &line["head_name"]),
        (&json!("2号楼"), &json!("2单元101"), &json!("龙大哥"))
    );
    assert_eq!(
        (&line["reasons"][0]["zh"], &line["reasons"][0]["en"]),
        (&json!("零就业，待帮扶"), &json!("nobody works"))
    );
    assert_eq!(households(&plan("20", &format!("?area_id={}", town.buildings[1]))), [safe.as_str(), &risky]);
    assert_eq!(households(&plan("20", &format!("?area_id={}", town.buildings[2]))), Vec::<&str>::new());
    // Asked and answered: no longer unknown, and not again this week.
    let visit = json!({"findings": ["willing"]});
    town.app.by(&li, "POST", &format!("/households/{uncovered}/visits")).json(&visit).send().expect(201);
    let after = plan("2", "");
    assert_eq!((households(&after), &after["done"]), (vec![risky.as_str()], &json!(1)));
    let next = plan("1", "?week=2026-12-06");
    assert_eq!((households(&next), &next["week_start"]), (vec![risky.as_str()], &json!("2026-11-30")));
    let next = plan("20", "?week=2026-12-07");
    let line = next["items"].as_array().unwrap().iter().find(|line| line["household_id"] == uncovered).unwrap();
    assert_eq!((codes(line), &line["value"], &line["due"]), (vec!["uncovered"], &json!(24), &json!(true)));
    assert_eq!(line["last_visited_on"], "2026-11-23");
    town.app.by(&li, "GET", "/visit-plan?week=2026-11-22").send().field("?week", "out_of_range");
    // Nobody at home: it was tried this week, and it is no visit.
    let visit = json!({"findings": ["not_at_home"]});
    town.app.by(&li, "POST", &format!("/households/{risky}/visits")).json(&visit).send().expect(201);
    assert_eq!(households(&plan("3", "")), [unwilling.as_str()], "two are done");
    assert_eq!(plan("20", "?week=2026-11-30")["items"][3]["last_visited_on"], json!(null));
}

fn the_plan_keeps_promises_and_leaves_others_theirs(db: &TestDb) {
    let town = Town::new(db);
    let homes = ["101", "102", "103", "104", "105"].map(|unit| town.home(0, unit).0);
    let (li, zhao) = (town.counselor("li.na", 0), town.counselor("zhao", 0));
    let official = town.official("wang", None);
    town.set("visit_weekly_target", "3");
    let say = |token: &str, household: &str, body: Value| {
        town.app.by(token, "POST", &format!("/households/{household}/visits")).json(&body).send().expect(201);
    };
    // All but the last were visited last week; then come an arranged visit, a step that falls due, and a recognition.
    for household in &homes[..4] {
        say(&zhao, household, json!({"visit_on": "2026-11-16", "findings": ["nothing_new"]}));
    }
    say(&li, &homes[3], json!({"status": "planned", "visit_on": "2026-11-26"}));
    say(
        &zhao,
        &homes[2],
        json!({"visit_on": "2026-11-17", "findings": ["willing"], "next_step": "revisit", "next_on": "2026-11-27"}),
    );
    town.app.create(&format!("/households/{}/recognitions", homes[1]), &json!({"recognised_on": "2026-11-20"}));
    let plan = town.as_user(&li, "/visit-plan");
    assert_eq!(households(&plan), [homes[1].as_str(), &homes[2], &homes[3]], "before one never visited");
    let first: Vec<&str> = plan["items"].as_array().unwrap().iter().map(|line| codes(line)[0]).collect();
    assert_eq!(first, ["clock", "next_step", "appointment"]);
    let clock = &plan["items"][0]["reasons"][0];
    assert_eq!(clock["zh"], "已认定零就业，尚未见面（2026-11-20 认定）");
    // What another counselor has arranged or done this week is not in one's own plan; for the areas together it is.
    say(&zhao, &homes[0], json!({"status": "planned", "visit_on": "2026-11-24"}));
    say(&zhao, &homes[4], json!({"findings": ["willing"]}));
    town.set("visit_weekly_target", "5");
    let plan = town.as_user(&li, "/visit-plan");
    assert_eq!((households(&plan), &plan["done"]), (vec![homes[1].as_str(), &homes[2], &homes[3]], &json!(0)));
    let plan = town.as_user(&official, "/visit-plan");
    assert_eq!((households(&plan), &plan["done"]), (homes[..4].iter().map(String::as_str).collect(), &json!(1)));
    assert_eq!(plan["account_id"], json!(null));
    let of_zhao = format!("/visit-plan?account_id={}", own_id(&town.app, &zhao));
    let plan = town.as_user(&official, &of_zhao);
    assert_eq!((households(&plan), &plan["done"]), (vec![homes[0].as_str(), &homes[1], &homes[2]], &json!(1)));
    // An official says why; a counselor of another grid reaches nobody in it; an account that visits nobody has no plan.
    town.app.by(&official, "GET", &of_zhao).send().problem(403, "reason_required");
    let wu = town.counselor("wu.di", 1);
    assert_eq!(households(&town.as_user(&wu, &of_zhao)), Vec::<&str>::new());
    let none = format!("/visit-plan?account_id={}", own_id(&town.app, &official));
    town.app.by(&li, "GET", &none).send().field("?account_id", "no_such_record");
    // Once somebody was met, and once somebody works, the clock asks for no visit.
    say(&li, &homes[1], json!({"visit_on": "2026-11-21", "findings": ["willing"]}));
    let plan = town.as_user(&li, "/visit-plan");
    let clocks = plan["items"].as_array().unwrap().iter().filter(|line| codes(line).contains(&"clock"));
    assert_eq!(clocks.count(), 0, "{plan}");
}

fn an_appointment_nobody_kept_stays_in_the_plan(db: &TestDb) {
    let town = Town::new(db);
    let homes = ["101", "102"].map(|unit| town.home(0, unit).0);
    let (li, zhao) = (town.counselor("li.na", 0), town.counselor("zhao", 0));
    town.set("visit_weekly_target", "1");
    let planned = json!({"status": "planned", "visit_on": "2026-11-29"});
    town.app.by(&li, "POST", &format!("/households/{}/visits", homes[1])).json(&planned).send().expect(201);
    town.app.advance(TimeDelta::days(8));
    let first = |token: &str| {
        let plan = town.as_user(token, "/visit-plan");
        (households(&plan)[0].to_owned(), codes(&plan["items"][0])[0].to_owned())
    };
    let ours = first(&li);
    assert_eq!((ours.0.as_str(), ours.1.as_str()), (homes[1].as_str(), "appointment"));
    assert_ne!(first(&zhao).1, "appointment", "another's");
    town.visited(&homes[1], "2026-11-30", &["nothing_new"]);
    let plan = town.as_user(&li, "/visit-plan");
    assert!(plan["items"].as_array().unwrap().iter().all(|line| !codes(line).contains(&"appointment")), "{plan}");
}

/// Four households, two a week, everybody at least every four weeks.
fn everybodys_turn_comes(db: &TestDb) {
    let town = Town::new(db);
    let homes: Vec<String> = ["101", "102", "103", "104"]
        .into_iter()
        .map(|unit| {
            let (household, worker) = town.home(0, unit);
            town.works(&worker, None);
            household
        })
        .collect();
    town.set("visit_weekly_target", "1");
    town.set("visit_every_weeks", "4");
    let li = town.counselor("li.na", 0);
    let mut visited = Vec::new();
    for _ in 0..8 {
        let plan = town.as_user(&li, "/visit-plan");
        let [household] = households(&plan)[..] else { panic!("{plan}") };
        let visit = json!({"findings": ["nothing_new"]});
        town.app.by(&li, "POST", &format!("/households/{household}/visits")).json(&visit).send().expect(201);
        assert_eq!(households(&town.as_user(&li, "/visit-plan")), Vec::<&str>::new(), "the target is met");
        visited.push(household.to_owned());
        town.app.advance(TimeDelta::days(7));
    }
    assert_eq!(visited[..4], homes);
    assert_eq!(visited[4..], homes);
}

fn barriers_say_who_opened_and_closed_them(db: &TestDb) {
    let town = Town::new(db);
    let (household, resident) = town.home(0, "101");
    let (li, zhao) = (town.counselor("li.na", 0), town.counselor("zhao", 0));
    for path in [format!("/households/{household}/barriers"), format!("/residents/{resident}/barriers")] {
        let open = json!({"kind": "care", "opened_on": "2026-11-20"});
        let opened = town.app.by(&li, "POST", &path).json(&open).send().expect(201).body;
        assert_eq!((&opened["opened_by"], &opened["closed_by"]), (&json!(own_id(&town.app, &li)), &json!(null)));
        let close = |on: &str| {
            let path = format!("/barriers/{}/close", id(&opened));
            town.app.by(&zhao, "POST", &path).json(&json!({"on": on})).send()
        };
        close("2026-11-24").field("/on", "in_the_future");
        let closed = close("2026-11-23").expect(200).body;
        assert_eq!(
            (&closed["closed_on"], &closed["closed_by"]),
            (&json!("2026-11-23"), &json!(own_id(&town.app, &zhao)))
        );
        assert_eq!(closed["opened_by"], opened["opened_by"]);
    }
}

#[test]
fn the_plan_of_the_demo_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| wangjia(folder.path(), &[args, &ON_DEMO[..]].concat());
    command::json(&wangjia(folder.path(), &["demo", "--once", "--json", "--households", "60"]));
    let plan = command::json(&run(&["visits", "plan", "--json"]));
    // The demo's last week has a few visits: those households are not due again, and count towards the target.
    let done = plan["done"].as_u64().unwrap();
    assert!((1..20).contains(&done), "{done}");
    assert_eq!((&plan["target"], &plan["due"]), (&json!(20), &json!(60 - done)));
    let lines = plan["items"].as_array().unwrap();
    assert_eq!(lines.len() as u64, 20 - done);
    for line in lines {
        let reasons = line["reasons"].as_array().unwrap();
        assert!(
            !reasons.is_empty() && reasons.iter().all(|why| why["zh"].is_string() && why["en"].is_string()),
            "{line}"
        );
    }
    // A covered household that is not at risk comes after every one where nobody works.
    let worth = |line: &Value| line["value"].as_u64().unwrap();
    let least = lines.iter().map(worth).min().unwrap();
    let uncovered = command::json(&run(&["coverage", "--list", "to_help", "--json"]));
    let planned: Vec<&Value> = lines.iter().map(|line| &line["household"]).collect();
    let left_out =
        uncovered.as_array().unwrap().iter().filter(|row| !planned.contains(&&row["household"])).count() as u64;
    assert!(left_out <= done || least == 12 * 24, "{left_out} left out, {least}");
    // Each building is walked to once.
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for line in lines {
        let at = (line["grid"].as_str().unwrap(), line["building"].as_str().unwrap());
        if seen.last() != Some(&at) {
            assert!(!seen.contains(&at), "{at:?} twice: {seen:?}");
            seen.push(at);
        }
    }
    let table = text(&run(&["visits", "plan", "--lang", "en"]).stdout);
    assert!(table.contains("target 20 households") && table.contains("never visited"), "{table}");
    let over = run(&["visits", "plan", "--week", "2020-01-01"]);
    assert_eq!(over.status.code(), Some(2), "{}", text(&over.stderr));
    assert_eq!(run(&["visits", "plan", "--counselor", "nobody"]).status.code(), Some(1));
    let nothing = command::json(&run(&["visits", "plan", "--area", "999999", "--json"]));
    assert_eq!(nothing["items"], json!([]));
    // A counselor in charge of everything who did nothing yet has the whole target to go, and the same households first.
    assert!(run(&["user", "add", "li.na", "--name", "李娜", "--role", "counselor"]).status.success());
    let own = command::json(&run(&["visits", "plan", "--counselor", "li.na", "--json"]));
    assert_eq!((&own["done"], own["items"].as_array().unwrap().len()), (&json!(0), 20));
    assert_eq!(own["due"], plan["due"]);
    let progress = command::json(&run(&["visits", "progress", "--weeks", "2", "--json"]));
    let own = progress.as_array().unwrap().iter().filter(|row| row["name"] == "李娜");
    let weeks: Vec<(&Value, &Value)> = own.map(|row| (&row["target"], &row["visited"])).collect();
    assert_eq!(weeks, [(&json!(20), &json!(0)); 2], "{progress}");
    assert_eq!(run(&["visits", "progress", "--weeks", "0"]).status.code(), Some(2));
}
