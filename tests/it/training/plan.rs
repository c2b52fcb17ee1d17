//! The plan of seats: through the API, within the counselor's areas, and on the command line.

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use super::School;
use crate::api::app::{account, id};
use crate::support::command::{ON_DEMO, json as printed, text, wangjia};
use crate::support::{TestDb, on_both};

on_both!(
    seats_go_where_most_households_can_be_covered,
    who_does_not_want_or_cannot_come_is_left_out,
    a_counselor_sees_the_numbers_and_her_own_people,
);

impl School {
    /// A published posting for a seamstress of level 3, nobody is taught there.
    fn seamstress(&self, headcount: u32) -> String {
        let employer = self.app.employer(&format!("缝纫厂{headcount}"));
        let posting = self.app.posting(&employer, headcount);
        let path = format!("/postings/{posting}");
        let must = json!({"skills": [{"name": "缝纫", "importance": "must", "level": 3}], "valid_until": "2026-12-10"});
        self.app.patch(&path, &must).expect(200);
        posting
    }

    /// Somebody willing who can only do hair.
    fn hairdresser(&self, building: &str, order: u16) -> String {
        let person = self.person_in(building, &format!("某{order}"), order);
        self.knows(&person, &[("美发", 3)]);
        self.app.patch(&format!("/residents/{person}"), &json!({"profile": {"willing": true}})).expect(200);
        person
    }

    fn plan(&self, body: &Value) -> Value {
        self.app.request("POST", "/training-plans").json(body).send().expect(200).body
    }
}

fn residents(plan: &Value) -> Vec<&str> {
    plan["seats"].as_array().unwrap().iter().map(|seat| seat["resident_id"].as_str().unwrap()).collect()
}

fn seats_go_where_most_households_can_be_covered(db: &TestDb) {
    let school = School::new(db);
    let posting = school.seamstress(2);
    let people: Vec<String> = (0..3u16).map(|n| school.hairdresser(&school.building, 11 + 2 * n)).collect();
    let nothing = school.plan(&json!({}));
    assert_eq!((&nothing["seats_filled"], &nothing["proved_best"]), (&json!(0), &json!(true)));
    let course = school.open(&school.sewing_course(5));
    let mut hair = school.sewing_course(5);
    hair["skills"] = json!([{"skill_id": school.hairdressing, "level": 5}]);
    let useless = school.open(&hair);
    let plan = school.plan(&json!({}));
    let numbers = ["uncovered", "covered_without", "covered_with", "weight_with", "weight_at_most", "seats_filled"];
    assert_eq!(numbers.map(|name| plan[name].clone()), [3, 0, 2, 2, 2, 2].map(|n| json!(n)), "{plan}");
    assert_eq!(plan["proved_best"], json!(true));
    assert_eq!(plan["covers_household_ids"].as_array().unwrap().len(), 2);
    let seat = &plan["seats"][0];
    assert_eq!((&seat["course_id"], &seat["posting_id"]), (&json!(course), &json!(posting)));
    let said = seat["text"].as_str().unwrap();
    assert!(said.contains("缝纫（3 级）") && said.contains("缝纫厂2"), "{said}");
    assert!(said.contains("早于结业日"), "the posting ends before the course: {said}");
    let english = school.app.request("POST", "/training-plans").header("accept-language", "en").json(&json!({})).send();
    let said = english.expect(200).body["seats"][0]["text"].as_str().unwrap().to_owned();
    assert!(said.starts_with("with Sewing (level 3), 缝纫厂2 · 缝纫工 becomes possible"), "{said}");
    let [taught, other] = [&plan["courses"][0], &plan["courses"][1]];
    assert_eq!(taught["posting_ids"], json!([posting]));
    let figures = ["vacancies", "residents", "households", "alone", "alone_at_most", "free_seats", "filled_seats"];
    assert_eq!(figures.map(|name| taught[name].clone()), [2, 3, 3, 2, 2, 5, 2].map(|n| json!(n)), "{taught}");
    assert_eq!((&other["course_id"], &other["residents"], &other["alone"]), (&json!(useless), &json!(0), &json!(0)));
    // One seat left: one household.
    let path = format!("/courses/{course}");
    school.app.patch(&path, &json!({"seats": 1})).expect(200);
    let plan = school.plan(&json!({"course_ids": [course]}));
    assert_eq!((&plan["covered_with"], &plan["weight_at_most"]), (&json!(1), &json!(1)));
    // Nothing was enrolled by it. Whoever is in the course counts as trained, and holds the seat.
    assert_eq!(school.taken(&course), json!(0));
    school.enrolled(&course, &people[2]);
    let plan = school.plan(&json!({}));
    assert_eq!((&plan["covered_without"], &plan["covered_with"]), (&json!(1), &json!(1)), "{plan}");
    school.app.patch(&path, &json!({"seats": 5})).expect(200);
    let plan = school.plan(&json!({}));
    assert_eq!((&plan["covered_without"], &plan["covered_with"], residents(&plan).len()), (&json!(1), &json!(2), 1));
    assert!(!residents(&plan).contains(&people[2].as_str()));
    // What is not open cannot be asked for.
    let ask = |ids: Value| school.app.request("POST", "/training-plans").json(&json!({"course_ids": ids})).send();
    ask(json!([course, "999999"])).field("/course_ids/1", "no_such_record");
    ask(json!([course, course])).field("/course_ids/1", "repeated");
    school.set(&course, "close").expect(200);
    ask(json!([course])).field("/course_ids/0", "not_in_list");
}

fn who_does_not_want_or_cannot_come_is_left_out(db: &TestDb) {
    let school = School::new(db);
    school.seamstress(9);
    let people: Vec<String> = (0..5u16).map(|n| school.hairdresser(&school.building, 11 + 2 * n)).collect();
    let mut body = school.sewing_course(9);
    body["hours"] = json!([{"weekday": 3, "from": "19:00", "to": "21:00"}]);
    let course = school.open(&body);
    let no = json!({"profile": {"willing_to_train": false}});
    school.app.patch(&format!("/residents/{}", people[0]), &no).expect(200);
    let busy = |weekday: u32| json!({"items": [{"weekday": weekday, "from": "20:00", "to": "22:00"}]});
    for (person, weekday) in [(&people[1], 3), (&people[2], 4)] {
        let path = format!("/residents/{person}/unavailable-hours");
        let put = school.app.request("PUT", &path).header("if-match", &school.app.etag(&path));
        put.json(&busy(weekday)).send().expect(200);
    }
    let no_list = json!({"profile": {"no_automated_recommendation": true}});
    school.app.patch(&format!("/residents/{}", people[3]), &no_list).expect(200);
    let plan = school.plan(&json!({}));
    assert_eq!(residents(&plan), [people[2].as_str(), people[4].as_str()], "{plan}");
    // A counselor may enrol whom the plan leaves out: it is a proposal.
    school.enrolled(&course, &people[0]);
}

fn a_counselor_sees_the_numbers_and_her_own_people(db: &TestDb) {
    let school = School::new(db);
    let app = &school.app;
    let community = app.get("/communities")["items"][0]["id"].clone();
    let grid = id(&app.create("/grids", &json!({"community_id": community, "name": "第二网格"})));
    let building = json!({"grid_id": grid, "name": "2号楼", "minutes_to_park": 8});
    let building = id(&app.create("/buildings", &building));
    school.seamstress(9);
    let here = school.hairdresser(&school.building, 11);
    let there = school.hairdresser(&building, 13);
    school.open(&school.sewing_course(9));
    let all = school.plan(&json!({}));
    assert_eq!(residents(&all), [here.as_str(), there.as_str()]);
    let grant = |role, area: Option<&str>| Grant { role, area: area.map(|area| area.parse().unwrap()), employer: None };
    let asks = |who: &str, grant: Grant| {
        let token = account(db, who, &[grant]);
        app.by(&token, "POST", "/training-plans").json(&json!({})).send()
    };
    let own = asks("grid-2", grant(Role::Counselor, Some(&grid))).expect(200).body;
    assert_eq!(residents(&own), [there.as_str()]);
    assert_eq!((&own["seats_filled"], &own["covered_with"]), (&json!(2), &json!(2)));
    assert_eq!(own["covers_household_ids"].as_array().unwrap().len(), 1);
    // An official sees the numbers, and nobody without a reason.
    let official = asks("official", grant(Role::Official, None)).expect(200).body;
    assert_eq!((&official["seats"], &official["covered_with"]), (&json!([]), &json!(2)));
    asks("auditor", grant(Role::Auditor, None)).problem(403, "not_allowed");
}

#[test]
fn the_plan_is_printed_by_command() {
    let folder = tempfile::tempdir().unwrap();
    // As of today, as the command counts: what is over is not listed.
    printed(&wangjia(folder.path(), &["demo", "--once", "--json", "--households", "60"]));
    let training = |args: &[&str]| wangjia(folder.path(), &[&["training"], args, &ON_DEMO[..]].concat());
    let courses = printed(&training(&["courses", "--json"]));
    let statuses: Vec<&Value> = courses.as_array().unwrap().iter().map(|course| &course["status"]).collect();
    assert_eq!(statuses, ["open", "open", "planned"], "{courses}");
    let plan = printed(&training(&["plan", "--json"]));
    assert_eq!(plan["proved_best"], true, "{plan}");
    assert_eq!(plan["seats"].as_array().unwrap().len() as u64, plan["seats_filled"].as_u64().unwrap());
    assert!(plan["covered_with"].as_i64() >= plan["covered_without"].as_i64(), "{plan}");
    assert_eq!(plan["courses"].as_array().unwrap().len(), 2, "the planned one takes nobody yet: {plan}");
    assert!(plan["uncovered"].as_i64() > Some(0), "{plan}");
    let shown = training(&["plan", "--lang", "en"]);
    assert!(text(&shown.stdout).contains("proved"), "{}", text(&shown.stdout));
    assert_eq!(training(&["plan", "--course", "7"]).status.code(), Some(1));
}
