//! Referrals, played by three roles through the API on both databases.

mod ageing;
mod contention;
mod corrections;
mod guards;
mod history;
mod month;
mod pairs;
mod words;

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::api::app::{Answer, TestApp, account, id};
use crate::support::TestDb;

/// A building of people without work, and two companies in the park with an account each.
pub struct Park {
    pub app: TestApp,
    building: String,
    pub employers: [String; 2],
    pub counselor: String,
    hr: [String; 2],
}

impl Park {
    pub fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let building = app.building();
        let employers = ["甲电子厂", "乙服装厂"].map(|name| {
            let new = json!({"name": name, "kind": "tenant", "address": "园区 3 号厂房"});
            id(&app.create("/employers", &new))
        });
        let counselor = account(db, "counselor", &[Grant { role: Role::Counselor, area: None, employer: None }]);
        let hr = [0, 1].map(|i| {
            let grant = Grant { role: Role::Hr, area: None, employer: Some(employers[i].parse().unwrap()) };
            account(db, ["hr-a", "hr-b"][i], &[grant])
        });
        Self { app, building, employers, counselor, hr }
    }

    /// Somebody in a household of one.
    pub fn person(&self, name: &str, order: u16) -> String {
        self.person_born("1990-03-07", name, order)
    }

    fn person_born(&self, birth: &str, name: &str, order: u16) -> String {
        let (household, resident) = (self.app.household(&self.building), self.app.resident(name, birth, order));
        let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
        self.app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        resident
    }

    /// Makes everything known that the gates of a resident and a posting ask for; both fit.
    pub fn fit(&self, resident: &str, posting: &str) {
        let known = json!({"profile": {"willing": true, "labour_class": "ordinary", "max_physical_grade": 3,
            "max_load_kg": 30, "no_forced_posture": false, "max_minutes": 60}});
        self.app.patch(&format!("/residents/{resident}"), &known).expect(200);
        let terms = json!({"hours": [{"weekday": 1, "from": "08:00", "to": "17:00"}], "region": "town"});
        self.app.patch(&format!("/postings/{posting}"), &terms).expect(200);
    }

    fn propose(&self, resident: &str, posting: &str) -> Answer {
        let body = json!({"resident_id": resident, "posting_id": posting});
        self.app.by(&self.counselor, "POST", "/referrals").json(&body).send()
    }

    /// A step by somebody, with what it needs.
    fn step(&self, token: &str, referral: &str, from: &str, to: &str, more: Value) -> Answer {
        let mut body = json!({"from": from, "to": to});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.app.by(token, "POST", &format!("/referrals/{referral}/moves")).json(&body).send()
    }

    /// A referral of a resident that has come as far as a state.
    pub fn referral(&self, resident: &str, posting: &str, state: &str) -> String {
        let referral = id(&self.propose(resident, posting).expect(201).body);
        let steps = ["proposed", "consented", "referred", "interview", "offered", "hired"];
        let last = steps.iter().position(|step| *step == state).unwrap();
        for pair in steps[..=last].windows(2) {
            self.step(&self.counselor, &referral, pair[0], pair[1], needs(pair[1])).expect(200);
        }
        referral
    }

    pub fn state(&self, referral: &str) -> String {
        self.app.get(&format!("/referrals/{referral}"))["state"].as_str().unwrap().to_owned()
    }

    pub fn filled(&self, posting: &str) -> i64 {
        self.app.get(&format!("/postings/{posting}"))["filled"].as_i64().unwrap()
    }

    /// Households with and without a job today.
    fn coverage(&self) -> (i64, i64) {
        let figures = self.app.get("/coverage");
        (figures["covered"].as_i64().unwrap(), figures["uncovered"].as_i64().unwrap())
    }

    /// What an employer was told, newest last.
    fn told(&self, token: &str) -> Vec<String> {
        let page = self.app.by(token, "GET", "/notices").send().expect(200).body;
        page["items"].as_array().unwrap().iter().map(|n| n["kind"].as_str().unwrap().to_owned()).collect()
    }
}

/// What a step needs, for the steps that need something.
fn needs(to: &str) -> Value {
    match to {
        "consented" => json!({"consent": {"kinds": ["name", "phone"], "form": "written"}}),
        "hired" => json!({"hire": {"start_on": "2026-11-23"}}),
        "ended" => json!({"ended_on": "2026-11-23", "reason": "resigned"}),
        "refused_by_resident" => json!({"reason": "pay"}),
        "refused_by_employer" => json!({"reason": "skill_not_met"}),
        "withdrawn" => json!({"reason": "entered_by_mistake"}),
        _ => json!({}),
    }
}
