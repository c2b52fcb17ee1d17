//! The household's clock through the API, on both databases, with a clock that the test moves.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::api::app::{TestApp, account, id};
use crate::support::{TestDb, command, on_both};

on_both!(
    a_household_is_recognised_served_and_covered,
    what_is_late_is_late_and_shown_by_grid,
    it_ends_by_a_person_when_the_rules_allow,
    a_household_is_recognised_when_nobody_works,
    suitable_offers_refused_are_counted,
    a_merge_ends_the_clock_of_the_household_that_is_gone,
);

/// A household of one, and a posting that suits.
struct Home {
    app: TestApp,
    household: String,
    resident: String,
    postings: [String; 3],
}

impl Home {
    fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let building = app.building();
        let (household, resident) = (app.household(&building), app.resident("甲", "1990-03-07", 11));
        let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
        app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        let postings = ["甲厂", "乙厂", "丙厂"].map(|name| {
            let employer = json!({"name": name, "kind": "tenant", "address": "园区"});
            app.posting(&id(&app.create("/employers", &employer)), 5)
        });
        Self { app, household, resident, postings }
    }

    /// A household of which everything is known, and postings that fit.
    fn known(db: &TestDb) -> Self {
        let home = Self::new(db);
        let known = json!({"profile": {"willing": true, "labour_class": "ordinary", "max_physical_grade": 3,
            "max_load_kg": 30, "no_forced_posture": false, "max_minutes": 60}});
        home.app.patch(&format!("/residents/{}", home.resident), &known).expect(200);
        for posting in &home.postings {
            let terms = json!({"hours": [{"weekday": 1, "from": "08:00", "to": "17:00"}], "region": "town"});
            home.app.patch(&format!("/postings/{posting}"), &terms).expect(200);
        }
        home
    }

    fn recognise(&self) -> String {
        id(&self.app.create(&format!("/households/{}/recognitions", self.household), &json!({})))
    }

    fn propose(&self, posting: usize) -> String {
        let body = json!({"resident_id": self.resident, "posting_id": self.postings[posting]});
        id(&self.app.create("/referrals", &body))
    }

    fn step(&self, referral: &str, body: Value) {
        self.app.request("POST", &format!("/referrals/{referral}/moves")).json(&body).send().expect(200);
    }

    /// The states of the five steps.
    fn clock(&self, recognition: &str) -> Vec<String> {
        let seen = self.app.get(&format!("/recognitions/{recognition}"));
        seen["steps"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap().to_owned()).collect()
    }

    fn served(&self, recognition: &str, body: Value) -> crate::api::app::Answer {
        self.app.request("POST", &format!("/recognitions/{recognition}/services")).json(&body).send()
    }
}

fn a_household_is_recognised_served_and_covered(db: &TestDb) {
    // Monday 23 November 2026.
    let home = Home::known(db);
    let clock = home.recognise();
    let path = format!("/recognitions/{clock}");
    let seen = home.app.get(&path);
    assert_eq!((&seen["recognised_on"], &seen["recognised_by"]), (&json!("2026-11-23"), &json!("1")));
    let due: Vec<&str> =
        seen["steps"].as_array().unwrap().iter().map(|step| step["due_on"].as_str().unwrap()).collect();
    assert_eq!(due, ["2026-11-26", "2026-11-30", "2026-11-30", "2026-11-30", "2026-11-30"]);
    assert_eq!(home.clock(&clock), ["open"; 5]);
    home.served(&clock, json!({"kind": "not_reached", "note": "家中无人"})).expect(200);
    assert_eq!(home.clock(&clock)[0], "open");
    home.served(&clock, json!({"kind": "guidance", "note": "建议先试短班"})).expect(200);
    home.served(&clock, json!({"kind": "training_offer"})).expect(200);
    assert_eq!(home.clock(&clock), ["done", "done", "open", "done", "open"]);
    // Offers are referrals; three of them, and the third is accepted. One by mistake is none.
    let mistake = home.propose(0);
    home.step(&mistake, json!({"from": "proposed", "to": "withdrawn", "reason": "entered_by_mistake"}));
    home.propose(0);
    let again = home.propose(1);
    home.step(&again, json!({"from": "proposed", "to": "withdrawn", "reason": "posting_changed"}));
    home.propose(1);
    assert_eq!(home.clock(&clock)[2], "open", "the same posting twice is one offer");
    let last = home.propose(2);
    assert_eq!(home.clock(&clock)[2], "done");
    home.step(&last, json!({"from": "proposed", "to": "consented", "consent": {"kinds": ["name"], "form": "written"}}));
    for (from, to) in [("consented", "referred"), ("referred", "interview"), ("interview", "offered")] {
        home.step(&last, json!({"from": from, "to": to}));
    }
    home.app.advance(TimeDelta::days(2));
    home.step(&last, json!({"from": "offered", "to": "hired", "hire": {"start_on": "2026-11-25"}}));
    let seen = home.app.get(&path);
    assert_eq!((&seen["covered_on"], &seen["steps"][4]["state"]), (&json!("2026-11-25"), &json!("done")));
    assert_eq!(seen["services"].as_array().unwrap().len(), 3);
    assert_eq!(seen["services"][1]["note"], "建议先试短班");
    // What cannot be.
    home.served(&clock, json!({"kind": "job_offer"})).field("/kind", "not_in_list");
    home.served(&clock, json!({"kind": "contact", "done_on": "2026-11-26"})).field("/done_on", "in_the_future");
    home.served(&clock, json!({"kind": "contact", "done_on": "2026-11-20"})).field("/done_on", "contradicts");
}

fn what_is_late_is_late_and_shown_by_grid(db: &TestDb) {
    let home = Home::new(db);
    // A holiday on Thursday: the first service is due on Friday.
    db.db
        .write(|conn| {
            let day = wangjia::app::clock::calendar::CalendarDay {
                day: "2026-11-26".parse().unwrap(),
                is_working: false,
                name: Some("试".into()),
            };
            wangjia::app::clock::calendar::set(conn, &day)
        })
        .unwrap();
    assert_eq!(home.app.get("/calendar-days")["items"][0]["is_working"], false);
    let clock = home.recognise();
    home.app.advance(TimeDelta::days(4));
    assert_eq!(home.clock(&clock), ["open"; 5]);
    home.app.advance(TimeDelta::days(1));
    assert_eq!(home.clock(&clock), ["late", "open", "open", "open", "open"]);
    // Late stays late, though it is done.
    home.served(&clock, json!({"kind": "contact"})).expect(200);
    let first = home.app.get(&format!("/recognitions/{clock}"))["steps"][0].clone();
    assert_eq!((&first["state"], &first["done_on"]), (&json!("late"), &json!("2026-11-28")));
    let grids = home.app.get("/clock")["items"].clone();
    let (grid, sum) = (&grids[0], &grids[1]);
    assert_eq!((&grid["grid"], &sum["grid_id"]), (&json!("第一网格"), &json!(null)));
    for of in [grid, sum] {
        assert_eq!((&of["waiting"], &of["overdue"], &of["covered"]), (&json!(1), &json!(1), &json!(0)));
        assert_eq!(of["steps"]["first_service"], json!({"done": 0, "open": 0, "late": 1, "not_needed": 0}));
    }
    let list = home.app.get("/recognitions?open=true")["items"].clone();
    assert_eq!((list.as_array().unwrap().len(), &list[0]["household_id"]), (1, &json!(home.household)));
    // A counselor of another building sees none of it.
    let other = id(&home.app.create(
        "/grids",
        &json!({"community_id": home.app.get("/communities")["items"][0]["id"], "name": "第二网格"}),
    ));
    let grant = Grant { role: Role::Counselor, area: Some(other.parse().unwrap()), employer: None };
    let stranger = account(db, "stranger", &[grant]);
    let seen = |path: &str| home.app.by(&stranger, "GET", path).send();
    seen(&format!("/recognitions/{clock}")).problem(404, "not_found");
    assert_eq!(seen("/recognitions").expect(200).body["items"], json!([]));
    assert_eq!(seen("/clock").expect(200).body["items"][0]["waiting"], 0);
}

fn it_ends_by_a_person_when_the_rules_allow(db: &TestDb) {
    let home = Home::new(db);
    let clock = home.recognise();
    let path = format!("/recognitions/{clock}/exit");
    let exit =
        |reason: &str| home.app.request("POST", &path).json(&json!({"reason": reason, "note": "三次上门"})).send();
    let why = |reason: &str| exit(reason).problem(409, "exit_not_allowed").body["detail"].as_str().unwrap().to_owned();
    assert_eq!(why("unreachable"), "认定以来有 0 天联系未果的记录，规则要求 3 天。");
    assert_eq!(why("suitable_offers_refused"), "认定以来记录了 0 次拒绝合适岗位，规则要求 3 次。");
    assert_eq!(why("nobody_employable"), "户内目前有可就业的人。");
    exit("covered").field("/reason", "not_in_list");
    // Refusals of what did not fit, or is not known to fit, do not count.
    for posting in 0..3 {
        let referral = home.propose(posting);
        home.step(&referral, json!({"from": "proposed", "to": "refused_by_resident", "reason": "pay"}));
    }
    let declines = home.app.get(&format!("/residents/{}/declines", home.resident))["items"].clone();
    assert!(declines.as_array().unwrap().iter().all(|decline| decline["was_suitable"] == false), "{declines}");
    exit("suitable_offers_refused").problem(409, "exit_not_allowed");
    // Three calls in one day are one attempt.
    for _ in 0..3 {
        home.served(&clock, json!({"kind": "not_reached"})).expect(200);
    }
    for day in 1..=2 {
        assert!(why("unreachable").contains(&format!("有 {day} 天")), "{}", why("unreachable"));
        home.app.advance(TimeDelta::days(1));
        home.served(&clock, json!({"kind": "not_reached"})).expect(200);
    }
    // Nothing ended by itself.
    assert_eq!(home.app.get(&format!("/recognitions/{clock}"))["ended_on"], json!(null));
    let ended = exit("unreachable").expect(200).body;
    assert_eq!((&ended["ended_on"], &ended["end_reason"]), (&json!("2026-11-25"), &json!("unreachable")));
    assert_eq!((&ended["end_note"], &ended["ended_by"]), (&json!("三次上门"), &json!("1")));
    assert_eq!(exit("moved_away").problem(409, "wrong_status").body["detail"], json!("已于 2026-11-25 结束。"));
    home.served(&clock, json!({"kind": "contact"})).problem(409, "wrong_status");
}

fn a_household_is_recognised_when_nobody_works(db: &TestDb) {
    let home = Home::new(db);
    let path = format!("/households/{}/recognitions", home.household);
    let recognise = |body: Value| home.app.request("POST", &path).json(&body).send();
    recognise(json!({"recognised_on": "2026-11-24"})).field("/recognised_on", "in_the_future");
    let job = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-11-01"});
    let spell = id(&home.app.create(&format!("/residents/{}/spells", home.resident), &job));
    recognise(json!({})).problem(409, "not_uncovered");
    home.app.request("POST", &format!("/spells/{spell}/end")).json(&json!({"on": "2026-11-20"})).send().expect(200);
    let first = id(&recognise(json!({"recognised_on": "2026-11-21"})).expect(201).body);
    recognise(json!({})).problem(409, "already_recognised");
    // Somebody worked in between: a new recognition, and the old one says so.
    let job = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-11-22"});
    let spell = id(&home.app.create(&format!("/residents/{}/spells", home.resident), &job));
    home.app.request("POST", &format!("/spells/{spell}/end")).json(&json!({"on": "2026-11-23"})).send().expect(200);
    let again = home.app.get("/due?kind=clock_step")["items"].clone();
    assert_eq!(again[0]["text"], "2026-11-22 有人就业，现在又没有人了，请重新认定");
    recognise(json!({})).expect(201);
    let old = home.app.get(&format!("/recognitions/{first}"));
    assert_eq!((&old["ended_on"], &old["end_reason"]), (&json!("2026-11-22"), &json!("covered")));
}

/// The offers passed every gate on their day: as many refusals as the rules say allow the exit, nobody is put out by them.
fn suitable_offers_refused_are_counted(db: &TestDb) {
    let home = Home::known(db);
    let clock = home.recognise();
    let path = format!("/recognitions/{clock}/exit");
    let exit = |reason: &str| home.app.request("POST", &path).json(&json!({"reason": reason, "note": "已核实"})).send();
    for posting in 0..3 {
        exit("suitable_offers_refused").problem(409, "exit_not_allowed");
        let referral = home.propose(posting);
        home.step(&referral, json!({"from": "proposed", "to": "refused_by_resident", "reason": "pay"}));
    }
    let seen = home.app.get(&format!("/recognitions/{clock}"));
    assert_eq!((&seen["state"], &seen["steps"][2]["done"]), (&json!("running"), &json!(3)));
    assert_eq!(home.app.get("/recognitions?state=overdue")["items"], json!([]));
    home.app.advance(TimeDelta::days(30));
    let grid = home.app.get("/clock")["items"][0]["grid_id"].as_str().unwrap().to_owned();
    for query in ["state=overdue".to_owned(), format!("state=overdue&grid_id={grid}")] {
        assert_eq!(home.app.get(&format!("/recognitions?{query}"))["items"][0]["id"], json!(clock));
    }
    assert_eq!(home.app.get("/recognitions?grid_id=999999")["items"], json!([]));
    assert_eq!(exit("suitable_offers_refused").expect(200).body["state"], "ended");
    // Before the day on which it ended nothing is recognised anew; while somebody works there is nothing to leave.
    let again = format!("/households/{}/recognitions", home.household);
    let recognise = |on: &str| home.app.request("POST", &again).json(&json!({"recognised_on": on})).send();
    recognise("2026-12-01").field("/recognised_on", "contradicts");
    let second = id(&recognise("2026-12-23").expect(201).body);
    let job = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-12-23"});
    home.app.create(&format!("/residents/{}/spells", home.resident), &job);
    let path = format!("/recognitions/{second}/exit");
    let away = json!({"reason": "moved_away", "note": "已搬走"});
    home.app.request("POST", &path).json(&away).send().problem(409, "exit_covered");
}

fn a_merge_ends_the_clock_of_the_household_that_is_gone(db: &TestDb) {
    let home = Home::new(db);
    let clock = home.recognise();
    let other = home.app.household(home.app.get("/buildings")["items"][0]["id"].as_str().unwrap());
    let parent = home.app.resident("乙", "1960-03-07", 13);
    let member = json!({"resident_id": parent, "relation": "head", "valid_from": "2026-01-01"});
    home.app.request("POST", &format!("/households/{other}/members")).json(&member).send().expect(200);
    let path = format!("/households/{other}");
    let merge = json!({"household_id": home.household, "on": "2026-11-23"});
    let call = home.app.request("POST", &format!("{path}/merges")).header("if-match", &home.app.etag(&path));
    call.json(&merge).send().expect(200);
    let seen = home.app.get(&format!("/recognitions/{clock}"));
    assert_eq!((&seen["ended_on"], &seen["end_reason"]), (&json!("2026-11-23"), &json!("merged")));
    assert_eq!(home.app.get("/clock")["items"].as_array().unwrap().last().unwrap()["waiting"], 0);
    let exit = json!({"reason": "merged", "note": "合户"});
    let path = format!("/recognitions/{clock}/exit");
    home.app.request("POST", &path).json(&exit).send().problem(409, "wrong_status");
}

#[test]
fn the_calendar_is_set_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| command::wangjia(folder.path(), args);
    assert!(run(&["migrate"]).status.success());
    assert!(run(&["calendar", "set", "2027-02-08", "--off", "--name", "春节"]).status.success());
    assert!(run(&["calendar", "set", "2027-02-14", "--working"]).status.success());
    assert_eq!(run(&["calendar", "set", "2027-02-14"]).status.code(), Some(2));
    let days = command::json(&run(&["calendar", "list", "--json"]));
    assert_eq!(days.as_array().unwrap().len(), 2);
    assert_eq!(days[0], json!({"day": "2027-02-08", "is_working": false, "name": "春节"}));
    assert!(run(&["calendar", "remove", "2027-02-14"]).status.success());
    assert_eq!(run(&["calendar", "remove", "2027-02-14"]).status.code(), Some(1));
}
