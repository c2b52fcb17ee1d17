//! What a referral does not let anybody do.

use serde_json::{Value, json};

use super::{Park, needs};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    a_step_follows_the_one_before_and_is_taken_once,
    each_side_takes_its_own_steps_with_its_own_reasons,
    nobody_passes_a_gate_that_fails,
    one_open_referral_to_an_employer,
    two_jobs_only_if_both_are_part_time_and_the_hours_fit,
    a_consent_withdrawn_ends_it_on_the_next_request,
    many_at_once_or_none,
    a_refusal_counts_only_if_the_offer_fitted,
);

const STATES: [&str; 12] = [
    "proposed",
    "consented",
    "referred",
    "interview",
    "offered",
    "hired",
    "ended",
    "refused_by_resident",
    "refused_by_employer",
    "withdrawn",
    "expired",
    "obsolete",
];

/// From every state on the way forward, every other state is tried.
fn a_step_follows_the_one_before_and_is_taken_once(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let resident = park.person("甲", 11);
    let referral = park.referral(&resident, &posting, "proposed");
    for pair in STATES[..7].windows(2) {
        let closing = ["refused_by_resident", "refused_by_employer", "withdrawn"];
        for to in STATES.iter().filter(|to| **to != pair[1] && !closing.contains(to)) {
            let refused = park.step(&park.counselor, &referral, pair[0], to, needs(to));
            assert_eq!((refused.status, refused.body["code"].as_str()), (409, Some("move_not_allowed")), "{to}");
        }
        park.step(&park.counselor, &referral, pair[0], pair[1], needs(pair[1])).expect(200);
        // The same step again, from the state it was seen in.
        park.step(&park.counselor, &referral, pair[0], pair[1], needs(pair[1])).problem(409, "wrong_status");
    }
    for to in STATES {
        park.step(&park.counselor, &referral, "ended", to, needs(to)).problem(409, "move_not_allowed");
    }
    let moves = park.app.get(&format!("/referrals/{referral}"))["moves"].as_array().unwrap().len();
    assert_eq!(moves, 7);
}

fn each_side_takes_its_own_steps_with_its_own_reasons(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let (hr, counselor) = (&park.hr[0], &park.counselor);
    let referral = park.referral(&park.person("甲", 11), &posting, "referred");
    for to in ["refused_by_resident", "withdrawn"] {
        park.step(hr, &referral, "referred", to, needs(to)).problem(409, "move_not_allowed");
    }
    let refuse = |token: &str, more: Value| park.step(token, &referral, "referred", "refused_by_employer", more);
    refuse(hr, json!({})).field("/reason", "missing");
    for not_the_employers in ["child_care", "pay", "not_looking", "hired_elsewhere"] {
        refuse(hr, json!({"reason": not_the_employers})).field("/reason", "not_in_list");
    }
    refuse(hr, json!({"reason": "married"})).field("/reason", "not_in_list");
    refuse(hr, json!({"reason": "skill_not_met", "hire": {"start_on": "2026-11-23"}})).field("/hire", "not_needed");
    // Another company's referral is none.
    park.step(&park.hr[1], &referral, "referred", "interview", json!({})).problem(404, "not_found");
    // What each side wrote the other does not read.
    park.step(hr, &referral, "referred", "interview", json!({"note": "周五面谈"})).expect(200);
    let told = json!({"reason": "child_care", "note": "孩子没人带"});
    park.step(counselor, &referral, "interview", "refused_by_resident", told).expect(200);
    let path = format!("/referrals/{referral}");
    let theirs = park.app.by(hr, "GET", &path).send().expect(200).body.to_string();
    assert!(theirs.contains("周五面谈") && !theirs.contains("孩子") && !theirs.contains("child_care"), "{theirs}");
    let all = park.app.get(&path).to_string();
    assert!(all.contains("周五面谈") && all.contains("孩子没人带"), "{all}");
    assert_eq!(park.told(hr), ["referral_received", "referral_refused"]);
    // Whom it has nothing to do with any more it does not call.
    park.app.by(hr, "GET", &format!("{path}/contact")).send().problem(409, "consent_missing");
}

fn change(app: &TestApp, posting: &str, body: &Value) {
    app.patch(&format!("/postings/{posting}"), body).expect(200);
}

fn nobody_passes_a_gate_that_fails(db: &TestDb) {
    let park = Park::new(db);
    let app = &park.app;
    let posting = app.posting(&park.employers[0], 9);
    let resident = park.person("甲", 11);
    let propose = |overrides: Value| {
        let body = json!({"resident_id": resident, "posting_id": posting, "overrides": overrides});
        app.by(&park.counselor, "POST", "/referrals").json(&body).send()
    };
    // A gate of the body: nobody can answer for it.
    app.patch(&format!("/residents/{resident}"), &json!({"profile": {"max_load_kg": 10}})).expect(200);
    change(app, &posting, &json!({"load_kg": 30}));
    let refused = propose(json!([])).field("/posting_id", "gate_failed");
    assert!(refused.body["errors"][0]["message"].as_str().unwrap().contains("体力"), "{}", refused.body);
    propose(json!([{"gate": "capacity", "reason": "本人说可以"}])).field("/overrides/0/gate", "not_overridable");
    propose(json!([{"gate": "age_legal", "reason": "急"}])).field("/overrides/0/gate", "not_overridable");
    // A wish of the person: a counselor answers for it, with a reason, and only while it fails.
    change(app, &posting, &json!({"load_kg": 0}));
    propose(json!([{"gate": "pay_floor", "reason": "本人同意先试"}])).field("/overrides/0/gate", "not_needed");
    app.patch(&format!("/residents/{resident}"), &json!({"profile": {"pay_floor": 9000}})).expect(200);
    propose(json!([])).field("/posting_id", "gate_failed");
    let made = propose(json!([{"gate": "pay_floor", "reason": "本人同意先试"}])).expect(201).body;
    assert_eq!(made["overrides"], json!([{"step": 1, "gate": "pay_floor", "reason": "本人同意先试"}]));
    // What fails by the day it is referred or hired stops it there.
    let referral = id(&made);
    park.step(&park.counselor, &referral, "proposed", "consented", needs("consented")).expect(200);
    change(app, &posting, &json!({"load_kg": 30}));
    park.step(&park.counselor, &referral, "consented", "referred", json!({})).field("/posting_id", "gate_failed");
    change(app, &posting, &json!({"load_kg": 0, "age_max": 30}));
    let referred = |more: Value| park.step(&park.counselor, &referral, "consented", "referred", more);
    referred(json!({})).field("/posting_id", "gate_failed");
    referred(json!({"overrides": [{"gate": "age_posting", "reason": "企业同意放宽"}]})).expect(200);
    for (from, to) in [("referred", "interview"), ("interview", "offered")] {
        park.step(&park.hr[0], &referral, from, to, json!({})).expect(200);
    }
    change(app, &posting, &json!({"load_kg": 30}));
    // An employer is not told why: that would tell of the person's health, care and wishes. Nor does it answer for a gate.
    let refused =
        park.step(&park.hr[0], &referral, "offered", "hired", needs("hired")).problem(409, "conditions_changed");
    assert!(!refused.body.to_string().contains("体力"), "{}", refused.body);
    let answered = json!({"hire": {"start_on": "2026-11-23"}, "overrides": [{"gate": "pay_floor", "reason": "可以"}]});
    park.step(&park.hr[0], &referral, "offered", "hired", answered).field("/overrides", "not_needed");
    park.step(&park.counselor, &referral, "offered", "hired", needs("hired")).field("/posting_id", "gate_failed");
    assert_eq!(park.filled(&posting), 0);
    change(app, &posting, &json!({"load_kg": 0}));
    park.step(&park.hr[0], &referral, "offered", "hired", needs("hired")).expect(200);
    let steps = park.app.get(&format!("/referrals/{referral}"))["overrides"].clone();
    assert_eq!(
        (&steps[0]["step"], &steps[1]["step"], &steps[1]["gate"]),
        (&json!(1), &json!(3), &json!("age_posting"))
    );
    // Nobody under 16, whoever answers for it; nobody without a home.
    let child = app.resident("丁", "2014-05-01", 21);
    park.propose(&child, &posting).problem(409, "under_working_age");
    let homeless = app.resident("戊", "1990-05-01", 23);
    park.propose(&homeless, &posting).problem(409, "household_missing");
}

fn one_open_referral_to_an_employer(db: &TestDb) {
    let park = Park::new(db);
    let [one, two] = [0, 1].map(|_| park.app.posting(&park.employers[0], 2));
    let resident = park.person("甲", 11);
    let referral = park.referral(&resident, &one, "referred");
    park.propose(&resident, &one).problem(409, "referral_open");
    park.propose(&resident, &two).problem(409, "referral_open");
    let refusal = json!({"reason": "skill_not_met"});
    park.step(&park.hr[0], &referral, "referred", "refused_by_employer", refusal).expect(200);
    park.propose(&resident, &two).expect(201);
}

fn two_jobs_only_if_both_are_part_time_and_the_hours_fit(db: &TestDb) {
    let park = Park::new(db);
    let hours = |from: &str, to: &str| json!({"hours": [{"weekday": 1, "from": from, "to": to}]});
    let [morning, noon] = park.employers.each_ref().map(|employer| park.app.posting(employer, 5));
    change(&park.app, &morning, &hours("08:00", "12:00"));
    change(&park.app, &noon, &hours("11:00", "14:00"));
    let resident = park.person("甲", 11);
    let path = format!("/residents/{resident}");
    let first = park.referral(&resident, &morning, "offered");
    let part = json!({"hire": {"start_on": "2026-11-23", "part_time": true}});
    park.step(&park.hr[0], &first, "offered", "hired", part.clone()).expect(200);
    // Who has work is proposed only if the person looks for more.
    park.propose(&resident, &noon).field("/posting_id", "gate_failed");
    park.app.patch(&path, &json!({"profile": {"seeking_change": true}})).expect(200);
    let second = park.referral(&resident, &noon, "offered");
    let told = |by| park.step(by, &second, "offered", "hired", needs("hired")).problem(409, "spell_overlaps").body;
    // Which job it is, is nothing for another employer to know.
    assert_eq!(told(&park.hr[1])["detail"], json!(null));
    park.step(&park.hr[1], &second, "offered", "hired", part.clone()).problem(409, "hours_overlap");
    assert_eq!(park.filled(&noon), 0);
    change(&park.app, &noon, &hours("13:00", "17:00"));
    park.step(&park.hr[1], &second, "offered", "hired", part).expect(200);
    assert_eq!((park.filled(&morning), park.filled(&noon)), (1, 1));
    // Hours that change afterwards are for somebody to look at.
    let found = |path: &str| park.app.get(path)["items"].as_array().unwrap().clone();
    assert_eq!(found("/spell-findings"), [] as [Value; 0]);
    change(&park.app, &noon, &hours("11:30", "17:00"));
    let meeting = found("/spell-findings");
    assert_eq!((meeting.len(), &meeting[0]["finding"]), (1, &json!("hours_meet")), "{meeting:?}");
    assert!(meeting[0]["spell_id"].as_str() > meeting[0]["other_spell_id"].as_str(), "{meeting:?}");
    assert_eq!(found("/spell-findings?finding=overlaps"), [] as [Value; 0]);
    let queue = found("/record-findings?kind=contradiction");
    assert_eq!((queue.len(), &queue[0]["code"]), (1, &json!("hours_meet")), "{queue:?}");
}

fn a_consent_withdrawn_ends_it_on_the_next_request(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 2);
    let resident = park.person("甲", 11);
    let referral = park.referral(&resident, &posting, "interview");
    let hr = &park.hr[0];
    let list = || park.app.by(hr, "GET", "/referrals").send().expect(200).body["items"].as_array().unwrap().len();
    let path = format!("/referrals/{referral}");
    assert_eq!(list(), 1);
    let consent = park.app.get(&path)["consent_id"].as_str().unwrap().to_owned();
    park.app.request("POST", &format!("/consents/{consent}/withdraw")).send().expect(200);
    assert_eq!((park.state(&referral), list()), ("withdrawn".to_owned(), 0));
    park.app.by(hr, "GET", &path).send().problem(404, "not_found");
    park.app.by(hr, "GET", &format!("{path}/contact")).send().problem(404, "not_found");
    park.step(hr, &referral, "interview", "offered", json!({})).problem(404, "not_found");
    assert_eq!(park.told(hr), ["referral_received", "referral_withdrawn"]);
    // The next one needs a new consent; one in force need not be given again.
    let next = park.referral(&resident, &posting, "proposed");
    park.step(&park.counselor, &next, "proposed", "consented", json!({})).problem(409, "consent_missing");
    park.step(&park.counselor, &next, "proposed", "consented", needs("consented")).expect(200);
    park.step(&park.counselor, &next, "consented", "withdrawn", needs("withdrawn")).expect(200);
    let last = park.referral(&resident, &posting, "proposed");
    park.step(&park.counselor, &last, "proposed", "consented", json!({})).expect(200);
    // Data that may only be stored goes nowhere.
    let asked = json!({"reason": "本人要求删除"});
    let approval = id(&park.app.create(&format!("/residents/{resident}/deletion"), &asked));
    let decided = json!({"decision": "approve", "reason": "核实无误"});
    let decide = format!("/approvals/{approval}/decision");
    park.app.by(&park.counselor, "POST", &decide).json(&decided).send().expect(200);
    assert_eq!(park.state(&last), "withdrawn");
}

fn many_at_once_or_none(db: &TestDb) {
    let park = Park::new(db);
    let app = &park.app;
    let posting = app.posting(&park.employers[0], 50);
    let people: Vec<String> = (0..30u16).map(|n| park.person("某", 101 + 2 * n)).collect();
    let items: Vec<Value> =
        people.iter().map(|resident| json!({"resident_id": resident, "posting_id": posting})).collect();
    let propose = |items: &[Value], key: &str| {
        let call = app.by(&park.counselor, "POST", "/referral-batches").header("idempotency-key", key);
        call.json(&json!({"items": items})).send()
    };
    let count = || app.get("/referrals?limit=100")["items"].as_array().unwrap().len();
    // One that cannot be proposed, one that is not there: both are named and nothing is done.
    let child = app.resident("丁", "2014-05-01", 21);
    let mut bad = items.clone();
    bad[7] = json!({"resident_id": child, "posting_id": posting});
    propose(&bad, "one").field("/items/7", "under_working_age");
    bad[9] = json!({"resident_id": "999999999", "posting_id": posting});
    propose(&bad, "two").field("/items/9/resident_id", "no_such_record");
    assert_eq!(count(), 0);
    let made = propose(&items, "three").expect(200);
    assert_eq!(made.body["referral_ids"].as_array().unwrap().len(), 30);
    assert_eq!((propose(&items, "three").expect(200).bytes, count()), (made.bytes, 30));
    // The same of steps.
    let ids: Vec<String> =
        made.body["referral_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    for id in &ids {
        park.step(&park.counselor, id, "proposed", "consented", needs("consented")).expect(200);
    }
    let step = |token: &str, ids: &[String], from: &str, to: &str| {
        let body = json!({"referral_ids": ids, "from": from, "to": to});
        app.by(token, "POST", "/referral-moves").json(&body).send()
    };
    park.step(&park.counselor, &ids[4], "consented", "withdrawn", needs("withdrawn")).expect(200);
    step(&park.counselor, &ids, "consented", "referred").field("/referral_ids/4", "wrong_status");
    assert_eq!(park.state(&ids[0]), "consented");
    let others: Vec<String> = ids.iter().filter(|id| **id != ids[4]).cloned().collect();
    step(&park.counselor, &others, "consented", "referred").expect(200);
    assert_eq!(park.told(&park.hr[0]).len(), 29);
    // Another company's HR cannot even name them.
    step(&park.hr[1], &others, "referred", "interview").field("/referral_ids/0", "no_such_record");
    step(&park.hr[0], &others, "referred", "interview").expect(200);
    assert!(others.iter().all(|id| park.state(id) == "interview"));
}

fn a_refusal_counts_only_if_the_offer_fitted(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 5);
    let declined = |resident: &str| park.app.get(&format!("/residents/{resident}/declines"))["items"][0].clone();
    let resident = park.person("甲", 11);
    // Everything known and fitting: it counts.
    park.fit(&resident, &posting);
    let referral = park.referral(&resident, &posting, "offered");
    park.step(&park.counselor, &referral, "offered", "refused_by_resident", json!({"reason": "child_care"}))
        .expect(200);
    let decline = declined(&resident);
    assert_eq!((&decline["was_suitable"], &decline["reason"]), (&json!(true), &json!("care")), "{decline}");
    // A gate that had to be answered for: it does not.
    let other = park.person("乙", 13);
    park.app.patch(&format!("/residents/{other}"), &json!({"profile": {"pay_floor": 9000}})).expect(200);
    let body =
        json!({"resident_id": other, "posting_id": posting, "overrides": [{"gate": "pay_floor", "reason": "先试"}]});
    let referral = id(&park.app.create("/referrals", &body));
    park.step(&park.counselor, &referral, "proposed", "refused_by_resident", json!({"reason": "pay"})).expect(200);
    assert_eq!(declined(&other)["was_suitable"], false);
}
