//! Enrolments: who may come, the days they come, the result, and what it shows.

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use super::School;
use crate::api::app::{account, id, id_number};
use crate::support::{TestDb, on_both};

on_both!(
    passing_shows_the_skill_with_course_and_day,
    a_level_that_is_higher_stays,
    each_step_follows_and_has_its_reason,
    a_result_entered_by_mistake_is_taken_back_with_what_it_showed,
    who_may_not_come_is_told_why,
    who_may_not_be_served_any_more_leaves,
    a_batch_is_enrolled_and_attends_together_or_not_at_all,
    a_counselor_reaches_her_own_people_only,
);

fn passing_shows_the_skill_with_course_and_day(db: &TestDb) {
    let school = School::new(db);
    let mut body = school.ending_course(5);
    body["skills"].as_array_mut().unwrap().push(json!({"skill_id": school.hairdressing, "level": 1}));
    let course = school.open(&body);
    let person = school.person("甲", 11);
    school.knows(&person, &[("做饭", 2)]);
    let before = school.app.etag(&format!("/residents/{person}"));
    let enrolment = school.enrolled(&course, &person);
    school.attend(&[&enrolment], "2026-11-20").expect(200);
    school.attend(&[&enrolment], "2026-11-23").expect(200);
    // Said again is said better, not twice.
    let longer = json!({"enrolment_ids": [enrolment], "day": "2026-11-23", "minutes": 300});
    school.app.request("POST", "/attendances").json(&longer).send().expect(200);
    let seen = school.app.get(&format!("/enrolments/{enrolment}"));
    assert_eq!((&seen["state"], &seen["next"]), (&json!("attended"), &json!(["passed", "failed", "dropped_out"])));
    assert_eq!((&seen["attended_days"], &seen["attended_minutes"]), (&json!(2), &json!(540)));
    assert_eq!(school.skills(&person).len(), 1, "nothing is known before the result");
    let done =
        school.step(&enrolment, json!({"from": "attended", "to": "passed", "note": "缝纫考核 88 分"})).expect(200);
    assert_eq!(done.body["shown"].as_array().unwrap().len(), 2);
    let steps: Vec<(&Value, &Value)> =
        done.body["moves"].as_array().unwrap().iter().map(|step| (&step["to"], &step["account_id"])).collect();
    let by = &json!("1");
    assert_eq!(steps, [(&json!("enrolled"), by), (&json!("attended"), by), (&json!("passed"), by)]);
    assert_eq!((&done.body["moves"][2]["note"], &done.body["next"]), (&json!("缝纫考核 88 分"), &json!(["attended"])));
    let skills = school.skills(&person);
    assert_eq!(skills.len(), 3, "{skills:?}");
    let sewing = skills.iter().find(|skill| skill["skill_id"] == json!(school.sewing)).unwrap();
    assert_eq!((&sewing["name"], &sewing["level"]), (&json!("缝纫"), &json!(3)));
    let shown = json!([{
        "course_id": course, "course": "缝纫初级班", "provider": "区职校", "level": 3, "shown_on": "2026-11-23",
    }]);
    assert_eq!(sewing["evidence"], shown);
    assert_eq!(skills.iter().find(|skill| skill["name"] == "做饭").unwrap()["evidence"], json!([]));
    assert_ne!(school.app.etag(&format!("/residents/{person}")), before, "the list is under the resident's version");
    // The seat was used, the person is done with it, and no step is taken twice.
    assert_eq!(school.taken(&course), json!(1));
    school.enrol(&course, &person).problem(409, "course_passed");
    school.step(&enrolment, json!({"from": "attended", "to": "passed"})).problem(409, "wrong_status");
    // A list that is replaced says something else; what the course showed stays known.
    school.knows(&person, &[("缝纫工", 2)]);
    let skills = school.skills(&person);
    assert_eq!((&skills[0]["level"], &skills[0]["evidence"]), (&json!(2), &shown));
    // The person's own copy has all of it.
    let copy = school.app.get(&format!("/residents/{person}/export"))["enrolments"].clone();
    assert_eq!((&copy[0]["state"], &copy[0]["course"]), (&json!("passed"), &json!("缝纫初级班")));
    assert_eq!((&copy[0]["moves"][2]["note"], &copy[0]["shown"][0]["level"]), (&json!("缝纫考核 88 分"), &json!(3)));
    // And the audit, who changed the person's skills by it.
    let entries = school.app.get(&format!("/audit/entries?resident_id={person}&limit=100"))["items"].clone();
    let moved = entries.as_array().unwrap().iter().find(|entry| entry["operation"] == "move_enrolment").unwrap();
    assert_eq!(
        (&moved["object"], &moved["object_id"], &moved["changed"]),
        (&json!("enrolment"), &json!(enrolment), &json!(true))
    );
}

fn a_level_that_is_higher_stays(db: &TestDb) {
    let school = School::new(db);
    let course = school.open(&school.ending_course(5));
    for (held, after) in [(5, 5), (1, 3)] {
        let person = school.person("某", 20 + held);
        // By another of its names: it is the same skill.
        school.knows(&person, &[("车衣工", held.into())]);
        let enrolment = school.enrolled(&course, &person);
        school.attend(&[&enrolment], "2026-11-21").expect(200);
        school.step(&enrolment, json!({"from": "attended", "to": "passed"})).expect(200);
        let skills = school.skills(&person);
        assert_eq!((skills.len(), &skills[0]["level"]), (1, &json!(after)), "{skills:?}");
        assert_eq!(skills[0]["evidence"][0]["level"], json!(3), "what the course showed, not what is held");
    }
}

fn each_step_follows_and_has_its_reason(db: &TestDb) {
    let school = School::new(db);
    let course = school.open(&school.sewing_course(2));
    let person = school.person("甲", 11);
    let first = school.enrolled(&course, &person);
    school.step(&first, json!({"from": "enrolled", "to": "passed"})).problem(409, "move_not_allowed");
    school.step(&first, json!({"from": "enrolled", "to": "attended"})).problem(409, "move_not_allowed");
    school.step(&first, json!({"from": "enrolled", "to": "cancelled"})).problem(409, "move_not_allowed");
    let out = |reason: Value| json!({"from": "enrolled", "to": "dropped_out", "reason": reason});
    school.step(&first, out(json!(null))).field("/reason", "missing");
    school.step(&first, out(json!("test_not_passed"))).field("/reason", "not_in_list");
    school.step(&first, out(json!("data_restricted"))).field("/reason", "not_in_list");
    school.step(&first, out(json!("found_work"))).expect(200);
    assert_eq!(school.taken(&course), json!(0), "the seat is free again");
    // Anew, and this time to the end.
    let again = school.enrolled(&course, &person);
    school.enrol(&course, &person).problem(409, "already_enrolled");
    school.attend(&[&first], "2026-11-23").field("/enrolment_ids/0", "wrong_status");
    school.attend(&[&again], "2026-11-24").field("/day", "in_the_future");
    let outside = school.attend(&[&again], "2026-11-19").field("/enrolment_ids/0", "contradicts");
    assert!(outside.body["errors"][0]["message"].as_str().unwrap().contains("2026-11-20"), "{}", outside.body);
    let none = json!({"enrolment_ids": [again], "day": "2026-11-23", "minutes": 0});
    school.app.request("POST", "/attendances").json(&none).send().field("/minutes", "out_of_range");
    assert_eq!(school.state(&again), json!("enrolled"));
    school.attend(&[&again], "2026-11-23").expect(200);
    let reasoned = json!({"from": "attended", "to": "passed", "reason": "other"});
    school.step(&again, reasoned).field("/reason", "not_needed");
    let early = school.step(&again, json!({"from": "attended", "to": "passed"})).field("/to", "contradicts");
    assert!(early.body["errors"][0]["message"].as_str().unwrap().contains("2026-12-20"), "{}", early.body);
    let failed = json!({"from": "attended", "to": "failed", "reason": "test_not_passed"});
    school.step(&again, failed).expect(200);
    assert_eq!((school.skills(&person).len(), school.taken(&course)), (0, json!(1)));
}

fn a_result_entered_by_mistake_is_taken_back_with_what_it_showed(db: &TestDb) {
    let school = School::new(db);
    let course = school.open(&school.ending_course(9));
    let pass = json!({"from": "attended", "to": "passed"});
    let back = |from: &str| json!({"from": from, "to": "attended", "reason": "entered_by_mistake", "note": "登记错人"});
    // Who held nothing, less, and more than the course teaches; the last one somebody has looked at since.
    for (order, held, since, after) in [
        (11, None, None, None),
        (12, Some(1), None, Some(1)),
        (13, Some(5), None, Some(5)),
        (14, None, Some(4), Some(4)),
    ] {
        let person = school.person("某", order);
        if let Some(level) = held {
            school.knows(&person, &[("缝纫", level)]);
        }
        let enrolment = school.enrolled(&course, &person);
        school.attend(&[&enrolment], "2026-11-21").expect(200);
        school.step(&enrolment, pass.clone()).expect(200);
        assert_eq!(school.skills(&person)[0]["level"], json!(held.unwrap_or(0).max(3)));
        if let Some(level) = since {
            school.knows(&person, &[("缝纫", level)]);
        }
        school.step(&enrolment, json!({"from": "passed", "to": "attended"})).field("/reason", "missing");
        let taken_back = school.step(&enrolment, back("passed")).expect(200).body;
        assert_eq!((&taken_back["state"], &taken_back["shown"]), (&json!("attended"), &json!([])));
        let levels: Vec<Value> = school.skills(&person).iter().map(|skill| skill["level"].clone()).collect();
        assert_eq!(levels, after.map(|level| json!(level)).into_iter().collect::<Vec<_>>(), "{order}");
        // The right result can be entered now, and the wrong one stays told.
        school.step(&enrolment, json!({"from": "attended", "to": "failed", "reason": "test_not_passed"})).expect(200);
        let told = school.step(&enrolment, back("failed")).expect(200).body["moves"].clone();
        let told: Vec<&str> = told.as_array().unwrap().iter().filter_map(|step| step["to"].as_str()).collect();
        assert_eq!(told, ["enrolled", "attended", "passed", "attended", "failed", "attended"]);
    }
    assert_eq!(school.taken(&course), json!(4));
    // Two courses in one skill: what the second found was the first one's doing, and goes with both.
    let person = school.person("某", 15);
    let both = [course, school.open(&school.ending_course(9))].map(|course| school.enrolled(&course, &person));
    for enrolment in &both {
        school.attend(&[enrolment], "2026-11-21").expect(200);
        school.step(enrolment, pass.clone()).expect(200);
    }
    school.step(&both[0], back("passed")).expect(200);
    assert_eq!(school.skills(&person)[0]["level"], json!(3), "the second course shows it, too");
    school.step(&both[1], back("passed")).expect(200);
    assert_eq!(school.skills(&person), [] as [Value; 0]);
}

fn who_may_not_come_is_told_why(db: &TestDb) {
    let school = School::new(db);
    let app = &school.app;
    let course = school.open(&school.sewing_course(5));
    let number = id_number("2011-01-01", 31);
    let child = id(&app.create("/residents", &json!({"name": "小", "id_number": number})));
    school.enrol(&course, &child).problem(409, "too_young_to_train");
    let person = school.person("甲", 11);
    let no =
        json!({"purpose": "employment_service", "decision": "refused", "form": "written", "given_on": "2026-11-01"});
    app.create(&format!("/residents/{person}/consents"), &no);
    school.enrol(&course, &person).problem(409, "service_not_agreed");
    school.enrol("999999", &person).field("/course_id", "no_such_record");
    school.enrol(&course, "999999").field("/resident_id", "no_such_record");
    assert_eq!(school.taken(&course), json!(0));
    // The same request again is the same enrolment.
    let other = school.person("乙", 13);
    let send = || {
        let body = json!({"course_id": course, "resident_id": other});
        app.request("POST", "/enrolments").header("idempotency-key", "one").json(&body).send().expect(201).body
    };
    assert_eq!(id(&send()), id(&send()));
    assert_eq!(school.taken(&course), json!(1));
}

fn who_may_not_be_served_any_more_leaves(db: &TestDb) {
    let school = School::new(db);
    let course = school.open(&school.sewing_course(5));
    let (person, stays) = (school.person("甲", 11), school.person("乙", 13));
    let (enrolment, other) = (school.enrolled(&course, &person), school.enrolled(&course, &stays));
    let no =
        json!({"purpose": "employment_service", "decision": "refused", "form": "written", "given_on": "2026-11-23"});
    school.app.create(&format!("/residents/{person}/consents"), &no);
    assert_eq!((school.state(&enrolment), school.state(&other)), (json!("dropped_out"), json!("enrolled")));
    let last = school.app.get(&format!("/enrolments/{enrolment}"))["moves"][1].clone();
    assert_eq!((&last["reason"], &last["actor"]), (&json!("data_restricted"), &json!("system")));
    assert_eq!(school.taken(&course), json!(1));
    let died = json!({"profile": {"died_on": "2026-11-22"}});
    school.app.patch(&format!("/residents/{stays}"), &died).expect(200);
    assert_eq!((school.state(&other), school.taken(&course)), (json!("dropped_out"), json!(0)));
}

fn a_batch_is_enrolled_and_attends_together_or_not_at_all(db: &TestDb) {
    let school = School::new(db);
    let course = school.open(&school.sewing_course(3));
    let people: Vec<String> = (0..4u16).map(|n| school.person("某", 11 + 2 * n)).collect();
    let batch = |people: &[String]| {
        let items: Vec<Value> =
            people.iter().map(|person| json!({"course_id": course, "resident_id": person})).collect();
        school.app.request("POST", "/enrolment-batches").json(&json!({"items": items})).send()
    };
    batch(&people).field("/items/3", "course_full");
    assert_eq!(school.taken(&course), json!(0), "all or none");
    let made = batch(&people[..3]).expect(200).body["enrolment_ids"].clone();
    let ids: Vec<&str> = made.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!((ids.len(), school.taken(&course)), (3, json!(3)));
    school.step(ids[2], json!({"from": "enrolled", "to": "dropped_out", "reason": "never_came"})).expect(200);
    school.attend(&ids, "2026-11-21").field("/enrolment_ids/2", "wrong_status");
    assert_eq!(school.state(ids[0]), json!("enrolled"));
    school.attend(&ids[..2], "2026-11-21").expect(200);
    assert_eq!((school.state(ids[0]), school.state(ids[1])), (json!("attended"), json!("attended")));
}

fn a_counselor_reaches_her_own_people_only(db: &TestDb) {
    let school = School::new(db);
    let app = &school.app;
    let community = app.get("/communities")["items"][0]["id"].clone();
    let grid = id(&app.create("/grids", &json!({"community_id": community, "name": "第二网格"})));
    let building = json!({"grid_id": grid, "name": "2号楼", "minutes_to_park": 8});
    let building = id(&app.create("/buildings", &building));
    let (here, there) = (school.person("甲", 11), school.person_in(&building, "乙", 13));
    let course = school.open(&school.sewing_course(5));
    let (mine, theirs) = (school.enrolled(&course, &there), school.enrolled(&course, &here));
    let grant = Grant { role: Role::Counselor, area: Some(grid.parse().unwrap()), employer: None };
    let counselor = account(db, "grid-2", &[grant]);
    let by = |method: &str, path: &str| app.by(&counselor, method, path);
    let listed = by("GET", "/enrolments").send().expect(200).body["items"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["id"]), (1, &json!(mine)));
    by("GET", &format!("/enrolments/{theirs}")).send().problem(404, "not_found");
    let out = json!({"from": "enrolled", "to": "dropped_out", "reason": "health"});
    by("POST", &format!("/enrolments/{theirs}/moves")).json(&out).send().problem(404, "not_found");
    let came = json!({"enrolment_ids": [mine, theirs], "day": "2026-11-21", "minutes": 60});
    by("POST", "/attendances").json(&came).send().field("/enrolment_ids/1", "no_such_record");
    let new = json!({"course_id": course, "resident_id": here});
    by("POST", "/enrolments").json(&new).send().field("/resident_id", "no_such_record");
    let batch = json!({"items": [new]});
    by("POST", "/enrolment-batches").json(&batch).send().field("/items/0/resident_id", "no_such_record");
    assert_eq!(school.state(&theirs), json!("enrolled"));
}
