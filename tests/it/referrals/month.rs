//! From a proposal to a job and out of it again, by counselor and HR.

use serde_json::json;
use wangjia::app::audit::{self, Filter};

use super::{Park, needs};
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(a_referral_becomes_a_job_and_the_place_is_filled_again, a_hire_closes_what_else_was_open);

fn a_referral_becomes_a_job_and_the_place_is_filled_again(db: &TestDb) {
    let park = Park::new(db);
    let (app, counselor, hr, other) = (&park.app, &park.counselor, &park.hr[0], &park.hr[1]);
    let posting = app.posting(&park.employers[0], 1);
    let (first, second) = (park.person("甲", 11), park.person("乙", 13));
    assert_eq!(park.coverage(), (0, 2));
    let referral = id(&park.propose(&first, &posting).expect(201).body);
    let path = format!("/referrals/{referral}");
    let sees = |token: &str| app.by(token, "GET", &path).send().status;
    // The employer knows nothing before the person agreed and it was told.
    assert_eq!((sees(hr), sees(other)), (404, 404));
    park.step(counselor, &referral, "proposed", "consented", needs("consented")).expect(200);
    assert_eq!((sees(hr), park.told(hr)), (404, vec![]));
    park.step(counselor, &referral, "consented", "referred", json!({})).expect(200);
    assert_eq!((sees(hr), sees(other), park.told(hr)), (200, 404, vec!["referral_received".to_owned()]));
    let seen = app.by(hr, "GET", &path).send().expect(200).body;
    assert!(seen.get("resident_id").is_none() && seen.get("consent_id").is_none(), "{seen}");
    assert_eq!(seen["next"], json!(["interview", "refused_by_employer"]));
    let contact = app.by(hr, "GET", &format!("{path}/contact")).send().expect(200).body;
    assert_eq!(contact["name"], "甲");
    for (from, to) in [("referred", "interview"), ("interview", "offered")] {
        park.step(hr, &referral, from, to, json!({})).expect(200);
    }
    park.step(hr, &referral, "offered", "hired", json!({})).field("/hire", "missing");
    assert_eq!((park.filled(&posting), park.coverage()), (0, (0, 2)));
    let hire = json!({"hire": {"start_on": "2026-11-23", "monthly_income": 2900, "contract_until": "2027-11-22", "evidence": "合同"}});
    park.step(hr, &referral, "offered", "hired", hire).expect(200);
    assert_eq!((park.filled(&posting), park.coverage()), (1, (1, 1)));
    let spells = app.get(&format!("/spells?resident_id={first}"));
    let spell = &spells["items"][0];
    assert_eq!((&spell["posting_id"], &spell["monthly_income"]), (&json!(posting), &json!(2900)));
    let listed = |filter: &str| app.get(&format!("/referrals?{filter}"))["items"].as_array().unwrap().len();
    assert_eq!((listed("open=true"), listed("state=hired"), listed("silent_since=2026-11-22")), (0, 1, 0));
    let notice = app.by(hr, "GET", "/notices?unread=true").send().expect(200).body["items"][0].clone();
    assert_eq!((&notice["referral_id"], &notice["text"]), (&json!(referral), &json!("收到推荐人选")));
    let read = format!("/notices/{}/read", notice["id"].as_str().unwrap());
    app.by(other, "POST", &read).send().problem(404, "not_found");
    assert!(app.by(hr, "POST", &read).send().expect(200).body["read_at"].is_string());
    assert_eq!(app.by(hr, "GET", "/notices?unread=true").send().expect(200).body["items"], json!([]));
    // Full: nobody else can be proposed. Then it is left, and filled again.
    park.propose(&second, &posting).problem(409, "posting_full");
    park.step(hr, &referral, "hired", "ended", needs("ended")).expect(200);
    assert_eq!((park.filled(&posting), park.coverage()), (0, (0, 2)));
    let again = park.referral(&second, &posting, "hired");
    assert_eq!((park.filled(&posting), park.coverage(), park.state(&again)), (1, (1, 1), "hired".to_owned()));
    // The history says who did what, in order.
    let history = app.get(&path);
    let moves = history["moves"].as_array().unwrap();
    let to: Vec<&str> = moves.iter().map(|step| step["to"].as_str().unwrap()).collect();
    assert_eq!(to, ["proposed", "consented", "referred", "interview", "offered", "hired", "ended"]);
    let roles: Vec<&str> = moves.iter().map(|step| step["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["counselor", "counselor", "counselor", "hr", "hr", "hr", "hr"]);
    // Reading the name was written down, with whose it is.
    let filter = Filter { subject: Some(first.parse().unwrap()), ..Filter::default() };
    let found = db.db.read(|conn| audit::find(conn, &filter, 0, 1_000, None)).unwrap();
    assert!(found.iter().any(|entry| entry.operation == "get_referral_contact"));
    assert!(found.iter().any(|entry| entry.operation == "move_referral" && entry.role.as_deref() == Some("hr")));
    // A job that ends by its own record ends its referral, too.
    let spell = app.get(&format!("/spells?resident_id={second}"))["items"][0]["id"].as_str().unwrap().to_owned();
    app.request("POST", &format!("/spells/{spell}/end"))
        .json(&json!({"on": "2026-11-23"}))
        .send()
        .field("/reason", "missing");
    let end = json!({"on": "2026-11-23", "reason": "resigned"});
    app.request("POST", &format!("/spells/{spell}/end")).json(&end).send().expect(200);
    assert_eq!((park.state(&again), park.filled(&posting), park.coverage()), ("ended".to_owned(), 0, (0, 2)));
}

fn a_hire_closes_what_else_was_open(db: &TestDb) {
    let park = Park::new(db);
    let [one, two] = park.employers.each_ref().map(|employer| park.app.posting(employer, 2));
    let resident = park.person("甲", 11);
    let hired = park.referral(&resident, &one, "offered");
    let waiting = park.referral(&resident, &two, "referred");
    park.step(&park.hr[0], &hired, "offered", "hired", needs("hired")).expect(200);
    assert_eq!((park.state(&hired), park.state(&waiting)), ("hired".to_owned(), "obsolete".to_owned()));
    assert_eq!(park.told(&park.hr[1]), ["referral_received", "referral_obsolete"]);
    let last = park.app.get(&format!("/referrals/{waiting}"))["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["reason"], &last["actor"]), (&json!("hired_elsewhere"), &json!("system")));
    park.step(&park.hr[1], &waiting, "referred", "interview", json!({})).problem(409, "wrong_status");
    // A job recorded without a referral does the same.
    let other = park.person("乙", 13);
    let waiting = park.referral(&other, &two, "interview");
    let job = json!({"channel": "outbound", "employer_name": "东莞某厂", "start_on": "2026-11-20"});
    park.app.create(&format!("/residents/{other}/spells"), &job);
    assert_eq!(park.state(&waiting), "obsolete");
    // One that is over already does not.
    let third = park.person("丙", 15);
    let waiting = park.referral(&third, &two, "interview");
    let past =
        json!({"channel": "outbound", "employer_name": "东莞某厂", "start_on": "2025-11-20", "end_on": "2026-01-20"});
    park.app.create(&format!("/residents/{third}/spells"), &past);
    assert_eq!(park.state(&waiting), "interview");
}
