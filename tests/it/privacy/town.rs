//! A small town for privacy: sewing people with skills, two employers with a posting each.

use serde_json::{Value, json};

use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::api::app::{Call, TestApp, account, id, id_number};
use crate::support::TestDb;

/// Values that must never reach an employer.
pub const PHONE: &str = "13987654321";
pub const FREE_TEXT: &str = "阿妹家传的手艺13812340000";

pub struct Town<'a> {
    pub app: &'a TestApp,
    db: &'a TestDb,
    building: String,
    people: u16,
}

impl<'a> Town<'a> {
    pub fn new(app: &'a TestApp, db: &'a TestDb) -> Self {
        Self { app, db, building: app.building(), people: 0 }
    }

    /// A person born on a day, alone in a household, who sews; gives the resident's id.
    pub fn person(&mut self, birth: &str) -> String {
        self.people += 1;
        let order = self.people * 2;
        let body = json!({
            "id_number": id_number(birth, order), "name": format!("龙{order}妹"), "phone": PHONE,
            "profile": {
                "labour_class": "ordinary", "school_status": "not_in_school", "willing": true, "health": "chronic_illness",
                "ethnicity": "苗族", "max_physical_grade": 2, "max_load_kg": 10, "no_forced_posture": false,
                "expected_pay": 2777, "pay_floor": 2111, "max_minutes": 43,
            },
            "note": "腰不好",
        });
        let resident = self.housed(&body);
        self.put(
            &format!("/residents/{resident}/skills"),
            &json!([{"name": "平缝", "level": 3, "months": 50}, {"name": FREE_TEXT, "level": 5}]),
        );
        self.put(
            &format!("/residents/{resident}/certificates"),
            &json!([{"name": "健康证", "valid_until": "2027-05-01"}, {"name": "残疾证"}]),
        );
        resident
    }

    /// A person of whom nothing else is known, alone in a household.
    pub fn stranger(&mut self, birth: &str) -> String {
        self.people += 1;
        let order = self.people * 2;
        self.housed(&json!({"id_number": id_number(birth, order), "name": format!("石{order}")}))
    }

    fn housed(&self, body: &Value) -> String {
        let resident = id(&self.app.create("/residents", body));
        let household = self.app.household(&self.building);
        let member = json!({"resident_id": resident, "relation": "head"});
        let members = format!("/households/{household}/members");
        self.app.request("POST", &members).json(&member).send().expect(200);
        resident
    }

    pub fn put(&self, path: &str, items: &Value) {
        let tag = self.app.etag(path);
        let items = json!({"items": items});
        self.app.request("PUT", path).header("if-match", &tag).json(&items).send().expect(200);
    }

    /// An employer that can be told to people, with a published sewing posting: both ids.
    pub fn employer(&self, name: &str) -> (String, String) {
        let body = json!({"name": name, "kind": "tenant", "address": "园区 3 号厂房"});
        let employer = id(&self.app.create("/employers", &body));
        let posting = self.app.posting(&employer, 9);
        let skills = json!([
            {"name": "平缝", "importance": "must", "level": 2}, {"name": "锁边", "importance": "nice", "level": 1},
        ]);
        self.app.patch(&format!("/postings/{posting}"), &json!({"skills": skills})).expect(200);
        (employer, posting)
    }

    pub fn consent(&self, resident: &str, body: &Value) -> String {
        id(&self.app.create(&format!("/residents/{resident}/consents"), body))
    }

    /// The residents a counselor's automatic list of a posting holds.
    pub fn candidates(&self, posting: &str) -> Vec<String> {
        let list = self.app.get(&format!("/postings/{posting}/candidates"));
        let ids = list["items"].as_array().unwrap().iter().map(|item| item["resident_id"].as_str().unwrap().to_owned());
        ids.collect()
    }

    pub fn cards(&self, posting: &str) -> Vec<Value> {
        let cards = self.as_hr(posting, "GET", &format!("/postings/{posting}/cards")).send().expect(200);
        cards.body["items"].as_array().unwrap().clone()
    }

    /// A request of the HR clerk of a posting's employer.
    pub fn as_hr(&self, posting: &str, method: &str, path: &str) -> Call<'_> {
        let employer = self.app.get(&format!("/postings/{posting}"))["employer_id"].as_str().unwrap().to_owned();
        let grant = Grant { role: Role::Hr, area: None, employer: Some(employer.parse().unwrap()) };
        let token = account(self.db, &format!("hr-{employer}"), &[grant]);
        self.app.by(&token, method, path)
    }
}

/// A refusal or consent to the service itself.
pub fn word(purpose: &str, decision: &str) -> Value {
    let kinds =
        if purpose == "sensitive_data" { json!(["health", "work_capacity"]) } else { json!(["name", "skills"]) };
    json!({"purpose": purpose, "decision": decision, "kinds": kinds, "form": "written", "given_on": "2026-11-20"})
}
