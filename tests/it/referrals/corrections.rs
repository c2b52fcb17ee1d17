//! What a correction may not undo: the place a referral filled, the employer it was for, the day it led to, and what the law says of a job
//! however it is recorded.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::calendar_day;
use wangjia::app::referrals::ageing::{self, Aged};

use super::Park;
use crate::api::app::noon;
use crate::support::{TestDb, on_both};

on_both!(
    a_hired_job_keeps_its_place_and_its_days,
    a_posting_somebody_was_referred_to_keeps_its_employer,
    farming_stands_in_nobodys_way,
    the_law_holds_for_a_job_that_came_about_otherwise,
    a_correction_of_pay_asks_nothing_of_hours,
    who_offered_a_place_is_reminded_of_it,
    a_consent_that_is_over_agrees_to_nothing,
    a_closed_posting_interviews_nobody,
);

fn spell_of(park: &Park, referral: &str) -> String {
    park.app.get(&format!("/referrals/{referral}"))["spell_id"].as_str().unwrap().to_owned()
}

fn a_hired_job_keeps_its_place_and_its_days(db: &TestDb) {
    let park = Park::new(db);
    let (posting, other) = (park.app.posting(&park.employers[0], 1), park.app.posting(&park.employers[1], 1));
    let referral = park.referral(&park.person("甲", 11), &posting, "hired");
    let spell = format!("/spells/{}", spell_of(&park, &referral));
    park.app.patch(&spell, &json!({"posting_id": null})).field("/posting_id", "contradicts");
    park.app
        .patch(&spell, &json!({"posting_id": other, "employer_id": park.employers[1]}))
        .field("/posting_id", "contradicts");
    park.app.patch(&spell, &json!({"start_on": "2026-11-22"})).field("/start_on", "contradicts");
    park.app.patch(&spell, &json!({"start_on": "2026-12-24"})).field("/start_on", "in_the_future");
    park.app.patch(&spell, &json!({"monthly_income": 3100})).expect(200);
    assert_eq!((park.filled(&posting), park.state(&referral)), (1, "hired".to_owned()));
    park.propose(&park.person("乙", 13), &posting).problem(409, "posting_full");
    // A job nobody was referred to goes to a published posting or to none.
    let loose = json!({"channel": "local", "start_on": "2026-11-01"});
    let loose = park.app.create(&format!("/residents/{}/spells", park.person("丙", 15)), &loose);
    let draft = park.app.create("/postings", &json!({"employer_id": park.employers[0], "title": "缝纫工", "channel": "micro_factory", "headcount": 1, "valid_from": "2026-01-01"}))["id"].clone();
    park.app
        .patch(&format!("/spells/{}", loose["id"].as_str().unwrap()), &json!({"posting_id": draft}))
        .problem(409, "posting_not_open");
}

fn a_posting_somebody_was_referred_to_keeps_its_employer(db: &TestDb) {
    let park = Park::new(db);
    let (posting, fresh) = (park.app.posting(&park.employers[0], 2), park.app.posting(&park.employers[0], 2));
    park.referral(&park.person("甲", 11), &posting, "referred");
    let give =
        |posting: &str| park.app.patch(&format!("/postings/{posting}"), &json!({"employer_id": park.employers[1]}));
    give(&posting).field("/employer_id", "contradicts");
    give(&fresh).expect(200);
}

fn farming_stands_in_nobodys_way(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 1);
    let resident = park.person("甲", 11);
    let farming = json!({"channel": "farming", "start_on": "2020-03-01"});
    park.app.create(&format!("/residents/{resident}/spells"), &farming);
    park.referral(&resident, &posting, "hired");
    assert_eq!(park.filled(&posting), 1);
    let second = json!({"channel": "local", "start_on": "2026-11-01"});
    park.app
        .request("POST", &format!("/residents/{resident}/spells"))
        .json(&second)
        .send()
        .problem(409, "spell_overlaps");
}

fn the_law_holds_for_a_job_that_came_about_otherwise(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 1);
    let child = park.person_born("2014-05-05", "甲", 11);
    let record = |body: Value| park.app.request("POST", &format!("/residents/{child}/spells")).json(&body).send();
    record(json!({"channel": "micro_factory", "start_on": "2026-11-01", "posting_id": posting}))
        .field("/posting_id", "gate_failed");
    assert_eq!(park.filled(&posting), 0);
    // The fact itself is recorded, and asked about.
    record(json!({"channel": "micro_factory", "start_on": "2026-11-01"})).expect(201);
    assert_eq!(park.app.get("/spell-findings")["items"][0]["finding"], "started_under_16");
}

fn a_correction_of_pay_asks_nothing_of_hours(db: &TestDb) {
    let park = Park::new(db);
    let resident = park.person("甲", 11);
    let hours = |from: &str, to: &str| json!({"hours": [{"weekday": 1, "from": from, "to": to}]});
    let mut jobs = Vec::new();
    for (employer, (from, to)) in [("08:00", "11:00"), ("14:00", "17:00")].into_iter().enumerate() {
        let posting = park.app.posting(&park.employers[employer], 1);
        park.app.patch(&format!("/postings/{posting}"), &hours(from, to)).expect(200);
        let job =
            json!({"channel": "micro_factory", "start_on": "2026-11-01", "part_time": true, "posting_id": posting});
        let spell = park.app.create(&format!("/residents/{resident}/spells"), &job)["id"].as_str().unwrap().to_owned();
        jobs.push((posting, spell));
    }
    park.app.patch(&format!("/postings/{}", jobs[1].0), &hours("10:00", "13:00")).expect(200);
    park.app.patch(&format!("/spells/{}", jobs[1].1), &json!({"monthly_income": 900})).expect(200);
}

fn who_offered_a_place_is_reminded_of_it(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 1);
    park.referral(&park.person("甲", 11), &posting, "offered");
    let age = |days: i64| {
        let now = noon() + TimeDelta::days(days);
        let act = Act::of_operator("change", ObjectKind::Referral, "referrals age");
        ageing::apply(&db.db, &act, (now, calendar_day(now)), false).unwrap()
    };
    assert_eq!(age(14), Aged::default());
    assert_eq!(age(15), Aged { reminded: 1, ..Aged::default() });
    assert_eq!(park.told(&park.hr[0]).last().map(String::as_str), Some("referral_reminder"));
}

fn a_consent_that_is_over_agrees_to_nothing(db: &TestDb) {
    let park = Park::new(db);
    let referral = park.referral(&park.person("甲", 11), &park.app.posting(&park.employers[0], 1), "proposed");
    let over = json!({"consent": {"kinds": ["name"], "form": "written", "given_on": "2026-11-01", "valid_until": "2026-11-22"}});
    park.step(&park.counselor, &referral, "proposed", "consented", over).field("/consent/valid_until", "contradicts");
    assert_eq!(park.state(&referral), "proposed");
}

fn a_closed_posting_interviews_nobody(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 1);
    let referral = park.referral(&park.person("甲", 11), &posting, "referred");
    let path = format!("/postings/{posting}");
    park.app.request("POST", &format!("{path}/close")).header("if-match", &park.app.etag(&path)).send().expect(200);
    park.step(&park.hr[0], &referral, "referred", "interview", json!({})).problem(409, "posting_not_open");
}
