//! Training through the API and the command line, on both databases.

mod clock;
mod courses;
mod enrolments;
mod plan;

use serde_json::{Value, json};

use crate::api::app::{Answer, TestApp, id};
use crate::support::TestDb;

/// A building of people without work, and what can be taught.
pub struct School {
    pub app: TestApp,
    pub building: String,
    pub sewing: String,
    pub hairdressing: String,
}

impl School {
    pub fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let building = app.building();
        let (sewing, hairdressing) = (skill(&app, "缝纫"), skill(&app, "美发"));
        Self { app, building, sewing, hairdressing }
    }

    /// What is sent for a course in sewing.
    pub fn sewing_course(&self, seats: u32) -> Value {
        json!({
            "name": "缝纫初级班", "provider": "区职校", "first_on": "2026-11-20", "last_on": "2026-12-20", "seats": seats,
            "skills": [{"skill_id": self.sewing, "level": 3}],
        })
    }

    /// The same, with today as its last day: who passes can be recorded.
    pub fn ending_course(&self, seats: u32) -> Value {
        let mut body = self.sewing_course(seats);
        body["last_on"] = json!("2026-11-23");
        body
    }

    /// An open course.
    pub fn open(&self, body: &Value) -> String {
        let course = id(&self.app.create("/courses", body));
        self.set(&course, "open").expect(200);
        course
    }

    /// `open`, `close` or `cancel`.
    pub fn set(&self, course: &str, status: &str) -> Answer {
        let etag = self.app.etag(&format!("/courses/{course}"));
        self.app.request("POST", &format!("/courses/{course}/{status}")).header("if-match", &etag).send()
    }

    /// Somebody in a household of one.
    pub fn person(&self, name: &str, order: u16) -> String {
        self.person_in(&self.building, name, order)
    }

    pub fn person_in(&self, building: &str, name: &str, order: u16) -> String {
        let (household, resident) = (self.app.household(building), self.app.resident(name, "1990-03-07", order));
        let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
        self.app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        resident
    }

    pub fn skills(&self, resident: &str) -> Vec<Value> {
        self.app.get(&format!("/residents/{resident}/skills"))["items"].as_array().unwrap().clone()
    }

    /// Makes these the person's skills: (name, level).
    pub fn knows(&self, resident: &str, skills: &[(&str, u32)]) {
        let items: Vec<Value> = skills.iter().map(|(name, level)| json!({"name": name, "level": level})).collect();
        let path = format!("/residents/{resident}/skills");
        let put = self.app.request("PUT", &path).header("if-match", &self.app.etag(&path));
        put.json(&json!({"items": items})).send().expect(200);
    }

    pub fn enrol(&self, course: &str, resident: &str) -> Answer {
        let body = json!({"course_id": course, "resident_id": resident});
        self.app.request("POST", "/enrolments").json(&body).send()
    }

    pub fn enrolled(&self, course: &str, resident: &str) -> String {
        id(&self.enrol(course, resident).expect(201).body)
    }

    pub fn attend(&self, enrolments: &[&str], day: &str) -> Answer {
        let body = json!({"enrolment_ids": enrolments, "day": day, "minutes": 240});
        self.app.request("POST", "/attendances").json(&body).send()
    }

    pub fn step(&self, enrolment: &str, body: Value) -> Answer {
        self.app.request("POST", &format!("/enrolments/{enrolment}/moves")).json(&body).send()
    }

    pub fn taken(&self, course: &str) -> Value {
        self.app.get(&format!("/courses/{course}"))["taken"].clone()
    }

    pub fn state(&self, enrolment: &str) -> Value {
        self.app.get(&format!("/enrolments/{enrolment}"))["state"].clone()
    }
}

/// The id of a skill by its Chinese name.
pub fn skill(app: &TestApp, name: &str) -> String {
    let mut path = "/skills?limit=100".to_owned();
    loop {
        let page = app.get(&path);
        if let Some(found) = page["items"].as_array().unwrap().iter().find(|skill| skill["name_zh"] == name) {
            return id(found);
        }
        path = format!("/skills?limit=100&cursor={}", page["next_cursor"].as_str().expect("the skill is built in"));
    }
}
