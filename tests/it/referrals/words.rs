//! What each side says and when it stops to hold.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::calendar_day;
use wangjia::app::referrals::ageing::{self, Aged};

use super::{Park, needs};
use crate::api::app::noon;
use crate::support::{TestDb, on_both};

on_both!(
    nobody_is_proposed_who_does_not_want_the_service,
    a_consent_that_runs_out_ends_the_referral,
    a_restriction_ends_what_is_open,
    a_hazard_waits_for_the_health_check,
    days_are_days_that_can_be,
    an_employer_gives_no_private_reasons,
    a_no_is_always_taken,
    a_job_that_leaves_time_closes_nothing,
);

fn say(park: &Park, resident: &str, decision: &str) {
    let word = json!({"purpose": "employment_service", "decision": decision, "given_on": "2026-11-23", "form": "spoken", "kinds": ["name"]});
    park.app.create(&format!("/residents/{resident}/consents"), &word);
}

fn nobody_is_proposed_who_does_not_want_the_service(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let resident = park.person("甲", 11);
    let open = park.referral(&resident, &posting, "interview");
    say(&park, &resident, "refused");
    // What was open ends with the word, and the employer is told that it waits no more.
    assert_eq!(park.state(&open), "withdrawn");
    assert_eq!(park.told(&park.hr[0]), ["referral_received", "referral_withdrawn"]);
    let last = park.app.get(&format!("/referrals/{open}"))["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["reason"], &last["actor"]), (&json!("data_restricted"), &json!("system")));
    park.propose(&resident, &posting).problem(409, "service_not_agreed");
    say(&park, &resident, "given");
    park.propose(&resident, &posting).expect(201);
}

fn a_consent_that_runs_out_ends_the_referral(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let referral = park.referral(&park.person("甲", 11), &posting, "proposed");
    let until = json!({"consent": {"kinds": ["name"], "form": "written", "valid_until": "2026-11-25"}});
    park.step(&park.counselor, &referral, "proposed", "consented", until).expect(200);
    park.step(&park.counselor, &referral, "consented", "referred", json!({})).expect(200);
    let age = |days: i64| {
        let act = Act::of_operator("change", ObjectKind::Referral, "referrals age");
        let now = noon() + TimeDelta::days(days);
        ageing::apply(&db.db, &act, (now, calendar_day(now)), false).unwrap()
    };
    assert_eq!(age(2), Aged::default());
    assert_eq!(age(3), Aged { withdrawn: 1, ..Aged::default() });
    let seen = park.app.get(&format!("/referrals/{referral}"));
    assert_eq!((&seen["state"], &seen["moves"][3]["reason"]), (&json!("withdrawn"), &json!("consent_expired")));
}

fn a_restriction_ends_what_is_open(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let resident = park.person("甲", 11);
    let open = park.referral(&resident, &posting, "proposed");
    park.app.patch(&format!("/residents/{resident}"), &json!({"profile": {"restricted": true}})).expect(200);
    assert_eq!(park.state(&open), "withdrawn");
    park.propose(&resident, &posting).problem(409, "data_restricted");
}

/// 职业病防治法 35: nobody begins to work at a hazard before the health check; a proposal may wait for it.
fn a_hazard_waits_for_the_health_check(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let hazard = json!({"hazards": [{"kind": "noise", "grade": 1}]});
    park.app.patch(&format!("/postings/{posting}"), &hazard).expect(200);
    let resident = park.person("甲", 11);
    let referral = park.referral(&resident, &posting, "offered");
    park.step(&park.counselor, &referral, "offered", "hired", needs("hired")).field("/posting_id", "gate_failed");
    park.step(&park.hr[0], &referral, "offered", "hired", needs("hired")).problem(409, "conditions_changed");
    let checked = json!({"profile": {"hazard_check_until": "2027-11-01"}});
    park.app.patch(&format!("/residents/{resident}"), &checked).expect(200);
    park.step(&park.hr[0], &referral, "offered", "hired", needs("hired")).expect(200);
}

fn days_are_days_that_can_be(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let referral = park.referral(&park.person("甲", 11), &posting, "offered");
    let hire = |on: &str| park.step(&park.counselor, &referral, "offered", "hired", json!({"hire": {"start_on": on}}));
    hire("2099-01-01").field("/hire/start_on", "in_the_future");
    // Before the employer was told it was another way that led there.
    let told = hire("2026-11-22").field("/hire/start_on", "contradicts").body["errors"][0]["message"].clone();
    assert_eq!(told, "上岗日期早于转介日期 2026-11-23。请填写 2026-11-23 或以后的日期。");
    assert_eq!(park.filled(&posting), 0);
    hire("2026-11-23").expect(200);
    let end = |on: &str| {
        park.step(&park.counselor, &referral, "hired", "ended", json!({"reason": "resigned", "ended_on": on}))
    };
    end("2099-01-01").field("/ended_on", "in_the_future");
    let told = end("2026-11-22").field("/ended_on", "end_before_start").body["errors"][0]["message"].clone();
    assert_eq!(told, "离岗日期早于上岗日期 2026-11-23。请填写 2026-11-23 或以后的日期。");
    // A contract that ends later does not end the referral before its day.
    let spell = park.app.get(&format!("/referrals/{referral}"))["spell_id"].as_str().unwrap().to_owned();
    let later = json!({"on": "2026-12-24"});
    park.app.request("POST", &format!("/spells/{spell}/end")).json(&later).send().expect(200);
    assert_eq!((park.state(&referral), park.filled(&posting)), ("hired".to_owned(), 1));
}

fn an_employer_gives_no_private_reasons(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let referral = park.referral(&park.person("甲", 11), &posting, "hired");
    let end = |token: &str, reason: &str| {
        park.step(token, &referral, "hired", "ended", json!({"reason": reason, "ended_on": "2026-11-23"}))
    };
    for private in ["child_care", "elder_care", "health"] {
        end(&park.hr[0], private).field("/reason", "not_in_list");
    }
    end(&park.counselor, "child_care").expect(200);
    let theirs = park.app.by(&park.hr[0], "GET", &format!("/referrals/{referral}")).send().expect(200).body;
    assert!(!theirs.to_string().contains("child_care"), "{theirs}");
}

/// Whatever has become of the posting or the person: a resident's no is recorded.
fn a_no_is_always_taken(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let resident = park.person("甲", 11);
    let referral = park.referral(&resident, &posting, "interview");
    let path = format!("/postings/{posting}");
    let close = park.app.request("POST", &format!("{path}/close")).header("if-match", &park.app.etag(&path));
    close.send().expect(200);
    park.step(&park.counselor, &referral, "interview", "refused_by_resident", json!({"reason": "pay"})).expect(200);
    assert_eq!(park.state(&referral), "refused_by_resident");
    let declines: Value = park.app.get(&format!("/residents/{resident}/declines"))["items"].clone();
    assert!(declines.as_array().unwrap().iter().all(|one| one["was_suitable"] == false), "{declines}");
}

/// Part-time work recorded at the door leaves a referral open, a full-time job does not; a job taken back follows again.
fn a_job_that_leaves_time_closes_nothing(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let resident = park.person("甲", 11);
    let open = park.referral(&resident, &posting, "referred");
    let job = |start_on: &str, part_time: bool| {
        let job = json!({"channel": "flexible", "start_on": start_on, "part_time": part_time});
        park.app.create(&format!("/residents/{resident}/spells"), &job)["id"].as_str().unwrap().to_owned()
    };
    let few_hours = job("2026-11-20", true);
    assert_eq!(park.state(&open), "referred");
    let end = json!({"on": "2026-11-22"});
    park.app.request("POST", &format!("/spells/{few_hours}/end")).json(&end).send().expect(200);
    job("2026-11-22", false);
    assert_eq!(park.state(&open), "obsolete");
}
