//! Courses: what is said of them, their status, their seats.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::School;
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(
    a_course_is_planned_opened_changed_and_cancelled,
    what_cannot_be_taught_is_said_where,
    the_last_seats_go_to_as_many_as_there_are,
);

fn a_course_is_planned_opened_changed_and_cancelled(db: &TestDb) {
    let school = School::new(db);
    let app = &school.app;
    let mut body = school.sewing_course(2);
    body["hours"] = json!([{"weekday": 1, "from": "09:00", "to": "11:30"}]);
    let made = app.create("/courses", &body);
    let (course, path) = (id(&made), format!("/courses/{}", id(&made)));
    assert_eq!((&made["status"], &made["taken"], &made["seats"]), (&json!("planned"), &json!(0), &json!(2)));
    let taught = json!([{"skill_id": school.sewing, "name": "缝纫", "name_en": "Sewing", "level": 3}]);
    assert_eq!((&made["skills"], &made["hours"]), (&taught, &body["hours"]));
    let people: Vec<String> = (0..3u16).map(|n| school.person("某", 11 + 2 * n)).collect();
    school.enrol(&course, &people[0]).problem(409, "course_not_open");
    school.set(&course, "close").problem(409, "wrong_status");
    school.set(&course, "open").expect(200);
    let first = school.enrolled(&course, &people[0]);
    school.enrolled(&course, &people[1]);
    school.enrol(&course, &people[2]).problem(409, "course_full");
    app.patch(&path, &json!({"seats": 1})).problem(409, "seats_below_taken");
    // Nobody overwrites what they have not seen; a seat taken is no change of the course.
    let etag = app.etag(&path);
    app.patch(&path, &json!({"seats": 3, "provider": null})).expect(200);
    let stale = app.request("PATCH", &path).header("if-match", &etag).json(&json!({"seats": 9})).send();
    stale.problem(412, "changed_since_read");
    let now = app.get(&path);
    assert_eq!((&now["seats"], &now["taken"], &now["provider"]), (&json!(3), &json!(2), &json!(null)));
    school.set(&course, "close").expect(200);
    school.enrol(&course, &people[2]).problem(409, "course_not_open");
    let open = app.get("/courses?status=open")["items"].clone();
    assert_eq!(open, json!([]));
    assert_eq!(app.get("/courses?not_over_on=2026-12-20&name=%E5%88%9D%E7%BA%A7")["items"][0]["id"], json!(course));
    assert_eq!(app.get("/courses?not_over_on=2026-12-21")["items"], json!([]));
    // Cancelling ends what is open, gives the seats back, and is for good.
    school.set(&course, "cancel").expect(200);
    assert_eq!((school.state(&first), school.taken(&course)), (json!("cancelled"), json!(0)));
    let last = app.get(&format!("/enrolments/{first}"))["moves"][1].clone();
    assert_eq!((&last["reason"], &last["actor"]), (&json!("course_cancelled"), &json!("system")));
    school.set(&course, "open").problem(409, "wrong_status");
    app.patch(&path, &json!({"seats": 5})).problem(409, "wrong_status");
    // What took place cannot be cancelled, and what is over not be opened.
    let other = school.open(&school.ending_course(2));
    let enrolment = school.enrolled(&other, &people[2]);
    school.attend(&[&enrolment], "2026-11-21").expect(200);
    school.step(&enrolment, json!({"from": "attended", "to": "passed"})).expect(200);
    school.set(&other, "cancel").problem(409, "wrong_status");
    let mut over = school.ending_course(2);
    (over["first_on"], over["last_on"]) = (json!("2026-10-01"), json!("2026-11-22"));
    let over = id(&app.create("/courses", &over));
    school.set(&over, "open").problem(409, "course_not_open");
}

fn what_cannot_be_taught_is_said_where(db: &TestDb) {
    let school = School::new(db);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = school.sewing_course(5);
        change(&mut body);
        school.app.request("POST", "/courses").json(&body).send()
    };
    with(&|body| body["last_on"] = json!("2026-11-19")).field("/last_on", "end_before_start");
    with(&|body| body["skills"] = json!([])).field("/skills", "empty");
    with(&|body| body["seats"] = json!(0)).field("/seats", "out_of_range");
    with(&|body| body["skills"][0]["level"] = json!(6)).field("/skills/0/level", "out_of_range");
    with(&|body| body["skills"][0]["skill_id"] = json!("999999")).field("/skills/0/skill_id", "no_such_record");
    let twice = with(&|body| {
        let skill = body["skills"][0].clone();
        body["skills"].as_array_mut().unwrap().push(skill);
    });
    twice.field("/skills/1/skill_id", "repeated");
    let hours = json!([{"weekday": 1, "from": "12:00", "to": "09:00"}]);
    with(&|body| body["hours"] = hours.clone()).field("/hours/0", "bad_hours");
    assert_eq!(school.app.get("/courses")["items"], json!([]));
}

fn the_last_seats_go_to_as_many_as_there_are(db: &TestDb) {
    let school = School::new(db);
    let course = school.open(&school.sewing_course(3));
    let people: Vec<String> = (0..24u16).map(|n| school.person("某", 101 + 2 * n)).collect();
    let barrier = Barrier::new(people.len());
    let come = |person: &String| {
        barrier.wait();
        let answer = school.enrol(&course, person);
        (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
    };
    let answers: Vec<(u16, String)> = std::thread::scope(|scope| {
        let clients: Vec<_> = people.iter().map(|person| scope.spawn(|| come(person))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 3, "{answers:?}");
    let mut others = answers.iter().filter(|(status, _)| *status != 201);
    assert!(others.all(|(status, code)| *status == 409 && code == "course_full"), "{answers:?}");
    assert_eq!(school.taken(&course), json!(3));
    let list = school.app.get(&format!("/enrolments?course_id={course}&open=true"))["items"].clone();
    assert_eq!(list.as_array().unwrap().len(), 3);
    // The table itself keeps it, whatever a program does.
    let forced = db.db.write(|conn| {
        use diesel::prelude::*;
        use wangjia::db::schema::courses::dsl;
        Ok::<_, wangjia::db::DbError>(diesel::update(dsl::courses).set(dsl::taken.eq(dsl::seats + 1)).execute(conn)?)
    });
    assert!(forced.is_err());
    // Twice the same person at once is once.
    let one = school.open(&school.sewing_course(9));
    let barrier = Barrier::new(8);
    let again = || {
        barrier.wait();
        school.enrol(&one, &people[0]).status
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..8).map(|_| scope.spawn(again)).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(school.taken(&one), json!(1));
}
