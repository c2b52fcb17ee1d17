//! A community with two grids and a park with two competing companies, and an account of every kind.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wangjia::app::access::{Grant, ObjectKind};
use wangjia::domain::access::Role;

use crate::api::app::{TestApp, account, id, id_number};
use crate::support::TestDb;

/// Two of everything: the first in grid 1 or of company A, the second in grid 2 or of company B.
pub struct World {
    pub app: TestApp,
    pub users: Vec<User>,
    things: BTreeMap<&'static str, [String; 2]>,
}

/// Somebody who asks, with what is sent along.
pub struct User {
    pub name: &'static str,
    pub token: Option<String>,
    pub reason: Option<&'static str>,
}

/// No record has it.
pub const ABSENT: &str = "999999999";

impl World {
    pub fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let mut things: BTreeMap<&'static str, [String; 2]> = BTreeMap::new();
        let community = id(&app.create("/communities", &json!({"name": "旺家社区"})));
        let other = id(&app.create("/communities", &json!({"name": "邻社区"})));
        let grids = ["第一网格", "第二网格"]
            .map(|name| id(&app.create("/grids", &json!({"community_id": community, "name": name}))));
        let buildings = grids.clone().map(|grid| {
            id(&app.create("/buildings", &json!({"grid_id": grid, "name": "1号楼", "minutes_to_park": 8})))
        });
        let households = buildings.clone().map(|building| app.household(&building));
        let residents = [("甲", "1990-03-07", 11), ("乙", "1991-04-08", 12)]
            .map(|(name, birth, order)| app.resident(name, birth, order));
        for (household, resident) in households.iter().zip(&residents) {
            let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
            app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        }
        let employers = ["甲电子厂", "乙服装厂"].map(|name| app.employer(name));
        let postings = employers.clone().map(|employer| app.posting(&employer, 3));
        let spells = residents.clone().map(|resident| {
            let body = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-02-01", "end_on": "2026-03-01"});
            id(&app.create(&format!("/residents/{resident}/spells"), &body))
        });
        let barriers = residents.clone().map(|resident| {
            let body = json!({"kind": "distance", "opened_on": "2026-02-01"});
            id(&app.create(&format!("/residents/{resident}/barriers"), &body))
        });
        let exemptions = households.clone().map(|household| {
            let body = json!({"decided_by": "社区", "reason": "全家外出", "valid_from": "2026-10-01", "valid_until": "2026-10-02"});
            id(&app.create(&format!("/households/{household}/exemptions"), &body))
        });
        let pins: Vec<String> = residents
            .iter()
            .zip(postings.iter().rev())
            .map(|(resident, posting)| {
                let body =
                    json!({"kind": "forbid", "resident_id": resident, "posting_id": posting, "reason": "本人不愿"});
                id(&app.create("/plan-pins", &body))
            })
            .collect();
        let plan = job_result(&app, "/plans");
        let run = job_result(&app, "/recommendation-runs");
        let consents = residents.clone().map(|resident| {
            let body = json!({"purpose": "employment_service", "decision": "given", "form": "written", "kinds": ["name", "skills"], "given_on": "2026-11-01"});
            id(&app.create(&format!("/residents/{resident}/consents"), &body))
        });
        let approvals = residents.clone().map(|resident| {
            id(&app.create(&format!("/residents/{resident}/deletion"), &json!({"reason": "本人要求删除"})))
        });
        let introductions = [0, 1].map(|i| introduction(db, &employers[i], &postings[i], &residents[i]));
        let referrals = [0, 1].map(|i| referral(db, &employers[i], &postings[i], &residents[i], &spells[i]));
        let notices = [0, 1].map(|i| notice(db, &employers[i], &referrals[i]));
        let recognitions = households
            .clone()
            .map(|household| id(&app.create(&format!("/households/{household}/recognitions"), &json!({}))));
        let visits = households.clone().map(|household| {
            let body = json!({"status": "planned", "visit_on": "2026-11-25"});
            id(&app.create(&format!("/households/{household}/visits"), &body))
        });
        // Late by today, so that officials see them.
        let concerns = residents.clone().map(|resident| {
            let body = json!({"about": "pay", "text": "工资晚发", "opened_on": "2026-11-02"});
            id(&app.create(&format!("/residents/{resident}/concerns"), &body))
        });
        let skill = app.get("/skills?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
        let course = json!({
            "name": "护理班", "first_on": "2026-11-01", "last_on": "2026-12-01", "seats": 9,
            "skills": [{"skill_id": skill, "level": 2}],
        });
        let course = id(&app.create("/courses", &course));
        let open = app.request("POST", &format!("/courses/{course}/open"));
        open.header("if-match", &app.etag(&format!("/courses/{course}"))).send().expect(200);
        let enrolments = residents
            .clone()
            .map(|resident| id(&app.create("/enrolments", &json!({"course_id": course, "resident_id": resident}))));
        let reports = [&community, &other]
            .map(|area| id(&app.create("/reports", &json!({"community_id": area, "month": "2026-10"}))));
        things.insert("report", reports);
        things.insert("communities", [community.clone(), other]);
        things.insert("grids", grids.clone());
        things.insert("buildings", buildings.clone());
        things.insert("household", households);
        things.insert("resident", residents);
        things.insert("employer", employers.clone());
        things.insert("posting", postings);
        things.insert("spell", spells);
        things.insert("barrier", barriers);
        things.insert("exemption", exemptions);
        things.insert("pin", [pins[0].clone(), pins[1].clone()]);
        things.insert("plan", [plan.clone(), plan]);
        things.insert("run", [run.clone(), run]);
        things.insert("consent", consents);
        things.insert("introduction", introductions);
        things.insert("approval", approvals);
        things.insert("referral", referrals);
        things.insert("notice", notices);
        things.insert("recognition", recognitions);
        things.insert("course", [course.clone(), course]);
        things.insert("enrolment", enrolments);
        things.insert("visit", visits);
        things.insert("concern", concerns);
        things.insert("account", ["1".to_owned(), "1".to_owned()]);
        things.insert("skill", [skill.clone(), skill]);
        let n = |text: &str| Some(text.parse::<i64>().unwrap());
        let area = |role, area: &str| Grant { role, area: n(area), employer: None };
        let plain = |role| Grant { role, area: None, employer: None };
        let hr = |employer: &str| Grant { role: Role::Hr, area: None, employer: n(employer) };
        let official = [area(Role::Official, &community)];
        let user =
            |name: &'static str, grants: &[Grant]| User { name, token: Some(account(db, name, grants)), reason: None };
        let mut users = vec![
            user("counselor-grid-1", &[area(Role::Counselor, &grids[0])]),
            user("counselor-grid-2", &[area(Role::Counselor, &grids[1])]),
            user("counselor-building", &[area(Role::Counselor, &buildings[0])]),
            user("counselor-all", &[plain(Role::Counselor)]),
            user("hr-a", &[hr(&employers[0])]),
            user("hr-b", &[hr(&employers[1])]),
            user("official-1", &[area(Role::Official, &grids[0])]),
            user("official", &official),
            user("administrator", &[plain(Role::Administrator)]),
            user("auditor", &[plain(Role::Auditor)]),
            user("no-role", &[]),
        ];
        let reasoned = users.iter().find(|user| user.name == "official-1").and_then(|user| user.token.clone());
        users.insert(7, User { name: "official-1+reason", token: reasoned, reason: Some("季度抽查") });
        users.push(User { name: "anonymous", token: None, reason: None });
        Self { app, users, things }
    }

    pub fn user(&self, name: &str) -> &User {
        self.users.iter().find(|user| user.name == name).unwrap()
    }

    /// The first and the second of what `{id}` names in a path; the absent id where the world has none.
    pub fn pair(&self, kind: ObjectKind, path: &str) -> [String; 2] {
        let name = match kind {
            ObjectKind::Area => path.split('/').nth(3).unwrap(),
            kind => kind.code(),
        };
        self.things.get(name).cloned().unwrap_or_else(|| [ABSENT.to_owned(), ABSENT.to_owned()])
    }

    pub fn first(&self, kind: &str) -> &str {
        &self.things[kind][0]
    }

    pub fn second(&self, kind: &str) -> &str {
        &self.things[kind][1]
    }
}

fn job_result(app: &TestApp, path: &str) -> String {
    let job = app.request("POST", path).json(&json!({})).send().expect(202).body;
    let done = app.wait(job["id"].as_str().unwrap());
    assert_eq!(done["state"], "succeeded", "{done}");
    done["result"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// An open request of an employer, as it stands in the table.
fn introduction(db: &TestDb, employer: &str, posting: &str, resident: &str) -> String {
    use diesel::prelude::*;
    use wangjia::db::schema::introductions::dsl;
    let n = |text: &str| text.parse::<i64>().unwrap();
    let now = crate::api::app::noon();
    let made: i64 = db.write(|conn| {
        Ok(diesel::insert_into(dsl::introductions)
            .values((
                dsl::employer_id.eq(n(employer)),
                dsl::posting_id.eq(n(posting)),
                dsl::resident_id.eq(n(resident)),
                dsl::status.eq("requested"),
                dsl::recipient_name.eq("某厂"),
                dsl::created_at.eq(now),
                dsl::updated_at.eq(now),
            ))
            .returning(dsl::id)
            .get_result(conn)?)
    });
    made.to_string()
}

/// A referral whose job is over but for the word, as it stands in the table: the employer sees its own people.
fn referral(db: &TestDb, employer: &str, posting: &str, resident: &str, spell: &str) -> String {
    use diesel::prelude::*;
    use wangjia::db::schema::referrals::dsl;
    let n = |text: &str| text.parse::<i64>().unwrap();
    let now = crate::api::app::noon();
    let made: i64 = db.write(|conn| {
        Ok(diesel::insert_into(dsl::referrals)
            .values((
                dsl::employer_id.eq(n(employer)),
                dsl::posting_id.eq(n(posting)),
                dsl::resident_id.eq(n(resident)),
                dsl::spell_id.eq(n(spell)),
                dsl::state.eq("hired"),
                dsl::moved_on.eq(now.date()),
                dsl::referred_on.eq(now.date()),
                dsl::version.eq(1),
                dsl::created_at.eq(now),
                dsl::updated_at.eq(now),
            ))
            .returning(dsl::id)
            .get_result(conn)?)
    });
    made.to_string()
}

fn notice(db: &TestDb, employer: &str, referral: &str) -> String {
    use wangjia::db::notices::{NoticeData, insert};
    let n = |text: &str| text.parse::<i64>().unwrap();
    let now = crate::api::app::noon();
    let notice = NoticeData {
        employer_id: n(employer),
        kind: wangjia::domain::referral::NoticeKind::ReferralReceived,
        referral_id: Some(n(referral)),
        posting_id: None,
        created_on: now.date(),
        read_at: None,
        read_by: None,
        created_at: now,
    };
    db.write(|conn| insert(conn, &notice)).to_string()
}

/// Method, path pattern and id of every operation of the document.
pub fn operations() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&wangjia::api::routes::document_json().unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                found.push((method.to_uppercase(), path.clone(), id.to_owned()));
            }
        }
    }
    found
}

/// Somebody's ID number no resident of the world has.
pub fn stranger() -> String {
    id_number("1985-05-05", 77)
}
