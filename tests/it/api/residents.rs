//! Residents, their lists and their jobs.

use serde_json::{Value, json};

use super::app::{TestApp, id, id_number};
use crate::support::{TestDb, on_both};

on_both!(a_resident_is_recorded_and_masked, lists_are_replaced_whole, jobs_do_not_overlap_and_places_do_not_overfill);

fn a_resident_is_recorded_and_masked(db: &TestDb) {
    let app = TestApp::new(db);
    let number = id_number("1988-05-01", 22);
    let body = json!({
        "id_number": number, "name": "杨秀英", "phone": "13912345678", "sex": "female", "birth_date": "1988-05-01",
        "profile": {"labour_class": "ordinary", "willing": true, "expected_pay": 3000}, "note": "会苗绣",
    });
    let made = app.request("POST", "/residents").json(&body).send().expect(201);
    let path = format!("/residents/{}", id(&made.body));
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    let shown = app.get(&path);
    assert_eq!(shown["birth_date"], "1988-05-01");
    assert_eq!(shown["sex"], "female");
    assert_eq!(shown["profile"]["expected_pay"], 3000);
    assert_eq!(shown["note"], "会苗绣");
    assert!(shown["profile"]["education"].is_null());
    for text in [shown.to_string(), app.get("/residents").to_string()] {
        assert!(!text.contains(&number) && !text.contains("13912345678") && !text.contains("1234567"), "{text}");
        assert!(text.contains(&number[16..]) && text.contains("78\""));
    }
    assert!(app.get("/residents")["items"][0].get("note").is_none());

    let create = |body: Value| app.request("POST", "/residents").json(&body).send();
    create(json!({"id_number": number, "name": "另一人"})).problem(409, "id_number_taken");
    create(json!({"id_number": "529900880501222", "name": "乙"})).field("/id_number", "bad_id_number");
    create(json!({"id_number": number.replace("1988", "1989"), "name": "乙"})).field("/id_number", "bad_id_number");
    let other = id_number("1990-02-03", 11);
    create(json!({"id_number": other, "name": "乙", "sex": "female"})).field("/sex", "contradicts");
    create(json!({"id_number": other, "name": "乙", "birth_date": "1990-02-04"})).field("/birth_date", "contradicts");
    create(json!({"id_number": other, "name": "乙", "phone": "139"})).field("/phone", "bad_phone");
    create(json!({"id_number": other, "name": "乙", "profile": {"score": 1}})).field("/profile/score", "unknown");
    create(json!({"id_number": other, "name": "乙", "profile": {"max_physical_grade": 5}}))
        .field("/profile/max_physical_grade", "out_of_range");
    create(json!({"id_number": other, "name": "乙", "profile": {"died_on": "2027-01-01"}}))
        .field("/profile/died_on", "in_the_future");

    // Full-width digits and a small x find the same person; the number is in no address.
    let wide: String =
        number.chars().map(|c| c.to_digit(10).map_or('ｘ', |d| char::from_u32(0xff10 + d).unwrap())).collect();
    let search = |number: &str| app.request("POST", "/resident-searches").json(&json!({"id_number": number})).send();
    assert_eq!(search(&wide).expect(200).body["id"], shown["id"]);
    search(&other).problem(404, "not_found");
    search("1234").field("/id_number", "bad_id_number");

    let changed =
        app.patch(&path, &json!({"phone": null, "profile": {"willing": false, "expected_pay": null}})).expect(200).body;
    assert!(changed["phone_masked"].is_null() && changed["profile"]["expected_pay"].is_null());
    assert_eq!(changed["profile"]["willing"], false);
    assert_eq!(changed["profile"]["labour_class"], "ordinary");
    // Nobody is born after today, whether recorded anew or corrected.
    let unborn = id_number("2026-11-24", 22);
    create(json!({"id_number": unborn, "name": "乙"})).field("/id_number", "in_the_future");
    app.patch(&path, &json!({"id_number": unborn})).field("/id_number", "in_the_future");
    app.patch(&path, &json!({"id_number": id_number("2026-11-23", 22)})).expect(200);
    app.patch(&path, &json!({"name": null})).field("/name", "wrong_type");
    app.patch(&path, &json!({"sex": "male"})).field("/sex", "unknown");
    let named = || app.get("/residents?name=%E7%A7%80%E8%8B%B1&willing=false")["items"].as_array().unwrap().len();
    assert_eq!(named(), 1);
    // Restricted data is found by no name; the record itself stays.
    app.patch(&path, &json!({"profile": {"restricted": true}})).expect(200);
    assert_eq!((named(), app.get(&path)["profile"]["restricted"].as_bool()), (0, Some(true)));
    app.patch(&path, &json!({"profile": {"restricted": false}})).expect(200);
    assert_eq!(named(), 1);
    assert!(app.get("/residents?willing=true")["items"].as_array().unwrap().is_empty());
}

fn lists_are_replaced_whole(db: &TestDb) {
    let app = TestApp::new(db);
    let path = format!("/residents/{}", app.resident("杨胜", "1980-01-01", 1));
    let put = |list: &str, body: &Value| {
        let tag = app.etag(&format!("{path}/{list}"));
        app.request("PUT", &format!("{path}/{list}")).header("if-match", &tag).json(body).send()
    };
    let stale = app.etag(&path);
    let skills = put(
        "skills",
        &json!({"items": [{"name": "平缝", "level": 3, "months": 36}, {"name": "没人知道的手艺", "level": 1}]}),
    );
    let skills = skills.expect(200).body["items"].clone();
    assert!(skills[0]["skill_id"].is_string() && skills[1]["skill_id"].is_null(), "{skills}");
    app.request("PUT", &format!("{path}/wishes"))
        .header("if-match", &stale)
        .json(&json!({"items": []}))
        .send()
        .problem(412, "changed_since_read");
    put("skills", &json!({"items": [{"name": "平缝", "level": 3}, {"name": "平缝", "level": 2}]}))
        .field("/items/1/name", "repeated");
    put("skills", &json!({"items": [{"name": "平缝", "level": 6}]})).field("/items/0/level", "out_of_range");
    assert_eq!(app.get(&format!("{path}/skills"))["items"].as_array().unwrap().len(), 2);

    put("certificates", &json!({"items": [{"name": "健康证", "valid_until": "2027-05-01"}]})).expect(200);
    let hours = json!({"items": [{"weekday": 1, "from": "07:00", "to": "08:30"}, {"weekday": 7, "from": "00:00", "to": "24:00"}]});
    assert_eq!(put("unavailable-hours", &hours).expect(200).body, hours);
    put("unavailable-hours", &json!({"items": [{"weekday": 1, "from": "09:00", "to": "08:30"}]}))
        .field("/items/0", "bad_hours");
    put("unavailable-hours", &json!({"items": [{"weekday": 8, "from": "08:00", "to": "08:30"}]}))
        .field("/items/0/weekday", "out_of_range");
    put("unavailable-hours", &json!({"items": [{"weekday": 1, "from": "8:00", "to": "24:01"}]}))
        .field("/items/0/from", "bad_hours");
    let wishes = json!({"items": [{"kind": "channel", "value": "local"}, {"kind": "occupation", "value": "锁边工"}]});
    assert_eq!(put("wishes", &wishes).expect(200).body, wishes);
    put("wishes", &json!({"items": [{"kind": "shift", "value": "夜里"}]})).field("/items/0/value", "not_in_list");
    put("ruled-out-conditions", &json!({"items": ["night", "night"]})).field("/items/1", "repeated");
    assert_eq!(put("ruled-out-conditions", &json!({"items": ["night"]})).expect(200).body, json!({"items": ["night"]}));
    let many: Vec<Value> = (0..101).map(|n| json!({"name": format!("手艺{n}"), "level": 1})).collect();
    put("skills", &json!({"items": many})).field("/items", "too_many");

    let barrier = json!({"kind": "care", "opened_on": "2026-10-01", "note": "照顾老人"});
    let barrier = app.create(&format!("{path}/barriers"), &barrier);
    assert_eq!(app.get(&format!("{path}/barriers"))["items"], json!([barrier]));
    let close =
        |on: &str| app.request("POST", &format!("/barriers/{}/close", id(&barrier))).json(&json!({"on": on})).send();
    close("2026-09-30").field("/on", "end_before_start");
    assert_eq!(close("2026-11-01").expect(200).body["closed_on"], "2026-11-01");
    close("2026-11-02").problem(409, "wrong_status");
    app.request("POST", &format!("{path}/barriers"))
        .json(&json!({"kind": "care", "opened_on": "2026-11-24"}))
        .send()
        .field("/opened_on", "in_the_future");
}

fn jobs_do_not_overlap_and_places_do_not_overfill(db: &TestDb) {
    let app = TestApp::new(db);
    let employer = app.employer("景航服装");
    let posting = app.posting(&employer, 2);
    let people: Vec<String> = (0..6).map(|n| app.resident("工人", "1985-06-07", 100 + n)).collect();
    let hire =
        |resident: &str, body: Value| app.request("POST", &format!("/residents/{resident}/spells")).json(&body).send();
    let job =
        json!({"channel": "micro_factory", "posting_id": posting, "start_on": "2026-11-01", "monthly_income": 2800});

    // Six people, two places, all at once: two are hired.
    let hired: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = people.iter().map(|person| scope.spawn(|| hire(person, job.clone()).status)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(hired.iter().filter(|status| **status == 201).count(), 2, "{hired:?}");
    assert_eq!(hired.iter().filter(|status| **status == 409).count(), 4, "{hired:?}");
    let shown = app.get(&format!("/postings/{posting}"));
    assert_eq!((shown["filled"].as_i64(), shown["vacancies"].as_i64()), (Some(2), Some(0)));

    let worker = &people[hired.iter().position(|status| *status == 201).unwrap()];
    let out = &people[hired.iter().position(|status| *status == 409).unwrap()];
    let second = hire(worker, json!({"channel": "local", "start_on": "2026-11-10"})).problem(409, "spell_overlaps");
    let other = app.get(&format!("/spells?resident_id={worker}"))["items"][0].clone();
    let (number, since) = (other["id"].as_str().unwrap(), other["counted_from"].as_str().unwrap());
    assert_eq!(second.body["detail"], json!(format!("另一份工作：#{number}，{since} 起。")));
    hire(worker, json!({"channel": "local", "start_on": "2025-01-01", "end_on": "2026-11-01"})).expect(201);
    hire(out, json!({"channel": "local", "start_on": "2026-11-10", "end_on": "2026-11-09"}))
        .field("/end_on", "end_before_start");
    hire(out, json!({"channel": "local", "posting_id": "99999"})).field("/posting_id", "no_such_record");
    hire(out, json!({"channel": "local", "employer_id": "99999"})).field("/employer_id", "no_such_record");
    hire(out, json!({"channel": "local", "verified_on": "2026-11-24"})).field("/verified_on", "in_the_future");
    let unknown_start = hire(out, json!({"channel": "flexible", "part_time": true})).expect(201).body;
    assert!(unknown_start["start_on"].is_null() && unknown_start["counted_from"] == "2026-11-23");
    hire(out, json!({"channel": "flexible", "part_time": true, "start_on": "2026-11-20"})).expect(201);
    hire("99999", json!({"channel": "local"})).problem(404, "not_found");

    // A job that ends frees its place; the one below the headcount may not be taken away.
    app.patch(&format!("/postings/{posting}"), &json!({"headcount": 1})).problem(409, "headcount_below_filled");
    let spell = app.get(&format!("/spells?resident_id={worker}&posting_id={posting}"))["items"][0].clone();
    let end = |on: &str| app.request("POST", &format!("/spells/{}/end", id(&spell))).json(&json!({"on": on})).send();
    end("2026-10-31").field("/on", "end_before_start");
    assert_eq!(end("2026-11-20").expect(200).body["end_on"], "2026-11-20");
    end("2026-11-21").problem(409, "spell_ended");
    assert_eq!(app.get(&format!("/postings/{posting}"))["filled"], 1);
    // Correcting the end brings the place back; moving the job to nobody frees it again.
    let path = format!("/spells/{}", id(&spell));
    app.patch(&path, &json!({"end_on": null})).expect(200);
    assert_eq!(app.get(&format!("/postings/{posting}"))["filled"], 2);
    app.patch(&path, &json!({"posting_id": null, "employer_name": "别处", "note": "换了"})).expect(200);
    assert_eq!(app.get(&format!("/postings/{posting}"))["filled"], 1);
    assert_eq!(app.get("/spells?active_on=2026-11-23&channel=micro_factory")["items"].as_array().unwrap().len(), 2);
    app.patch(&path, &json!({"channel": "local", "resident_id": out})).field("/resident_id", "unknown");
}
