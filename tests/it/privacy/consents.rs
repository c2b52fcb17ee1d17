//! Consents: recorded strictly, counted on the next request, withdrawn in one call.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use serde_json::json;
use wangjia::app::error::{AppError, Refusal};
use wangjia::app::privacy::bases;
use wangjia::app::recommendations::{for_pair, for_resident};
use wangjia::db::{DbError, consents as rows};
use wangjia::domain::privacy::{LegalBasis, Purpose};
use wangjia::engine::gates::{Gate, Outcome};

use super::town::{Town, word};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    a_word_is_recorded_strictly,
    a_refusal_counts_on_the_next_request_and_the_counselor_s_path_stays,
    with_consent_as_the_basis_silence_is_no_consent,
    health_that_may_not_be_used_is_unknown,
    without_a_basis_nothing_is_computed,
);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn a_word_is_recorded_strictly(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let child = app.resident("杨小妹", "2014-01-01", 40);
    let youth = app.resident("杨小弟", "2011-01-01", 41);
    let (employer, _) = town.employer("第一制衣");
    let silent = app.employer("无地址厂");
    let path = format!("/residents/{person}/consents");
    let post = |path: &str, body| app.request("POST", path).json(&body).send();
    let introduction = json!({
        "purpose": "introduction", "decision": "given", "employer_id": employer, "kinds": ["name", "phone"], "form": "written",
        "evidence": "柜 3 第 12 页", "given_on": "2026-11-20", "valid_until": "2027-11-19",
    });
    let with = |key: &str, value: serde_json::Value| {
        let mut body = introduction.clone();
        body[key] = value;
        body
    };
    post(&path, with("given_on", json!("2026-11-24"))).field("/given_on", "in_the_future");
    post(&path, with("given_on", json!("1980-01-01"))).field("/given_on", "contradicts");
    post(&path, with("valid_until", json!("2026-11-19"))).field("/valid_until", "end_before_start");
    post(&path, with("employer_id", json!(null))).field("/employer_id", "missing");
    post(&path, with("employer_id", json!("999"))).field("/employer_id", "no_such_record");
    post(&path, with("kinds", json!([]))).field("/kinds", "empty");
    post(&path, with("kinds", json!(["name", "health"]))).field("/kinds/1", "not_in_list");
    post(&path, with("kinds", json!(["name", "name"]))).field("/kinds/1", "repeated");
    post(&path, with("purpose", json!("employment_service"))).field("/employer_id", "contradicts");
    post(&path, with("employer_id", json!(silent))).problem(409, "recipient_contact_missing");
    post(&path, with("recorded_by", json!("1"))).field("/recorded_by", "unknown");
    post("/residents/999/consents", introduction.clone()).problem(404, "not_found");
    let childs = format!("/residents/{child}/consents");
    post(&childs, word("employment_service", "given")).field("/form", "contradicts");
    let mut guarded = word("employment_service", "given");
    guarded["form"] = json!("guardian");
    post(&childs, guarded).expect(201);
    post(&format!("/residents/{youth}/consents"), introduction.clone()).problem(409, "under_working_age");

    let made = post(&path, introduction.clone()).expect(201);
    let consent = made.body.clone();
    assert_eq!(made.header("location"), format!("/api/v1/consents/{}", id(&consent)));
    assert_eq!(consent["recipient_name"], "第一制衣");
    assert_eq!(consent["recipient_contact"], "园区 3 号厂房");
    assert_eq!((&consent["kinds"], &consent["in_force"]), (&json!(["name", "phone"]), &json!(true)));
    // What was told stays as it was told.
    app.patch(&format!("/employers/{employer}"), &json!({"name": "改名制衣", "address": "别处"})).expect(200);
    assert_eq!(app.get(&format!("/consents/{}", id(&consent))), consent);

    let withdraw = format!("/consents/{}/withdraw", id(&consent));
    let gone = app.request("POST", &withdraw).send().expect(200).body;
    assert!(gone["withdrawn_at"].is_string());
    assert_eq!(gone["in_force"], false);
    app.request("POST", &withdraw).send().problem(409, "wrong_status");
    app.request("POST", "/consents/999/withdraw").send().problem(404, "not_found");
    let refusal = town.consent(&person, &word("employment_service", "refused"));
    app.request("POST", &format!("/consents/{refusal}/withdraw")).send().problem(409, "wrong_status");
    let all = app.get(&path)["items"].as_array().unwrap().len();
    assert_eq!(all, 2, "what was refused by the service is not on file");
}

fn a_refusal_counts_on_the_next_request_and_the_counselor_s_path_stays(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let (first, second) = (town.person("1988-05-01"), town.person("1990-05-01"));
    let (_, posting) = town.employer("第一制衣");
    let run = app.request("POST", "/recommendation-runs").json(&json!({})).send().expect(202).body;
    assert_eq!(app.wait(&id(&run))["state"], "succeeded");
    let stored = || {
        let list = app.get("/recommendations");
        let ids = list["items"].as_array().unwrap().iter().map(|row| row["resident_id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let both = vec![first.clone(), second.clone()];
    assert_eq!((town.candidates(&posting), stored()), (both.clone(), both.clone()));
    let coverage = app.get("/coverage");

    town.consent(&first, &word("employment_service", "refused"));
    let only_second = vec![second.clone()];
    assert_eq!((town.candidates(&posting), stored()), (only_second.clone(), only_second.clone()));
    assert_eq!(town.cards(&posting).len(), 1);
    assert_eq!(app.get("/coverage"), coverage, "the statistic counts the household");
    // By hand the person is found, and so are the postings for one who asks.
    assert_eq!(app.get(&format!("/residents/{first}/recommendations"))["items"][0]["posting_id"], posting.as_str());
    assert_eq!(app.get("/residents?name=%E9%BE%992")["items"][0]["id"], first.as_str());

    let given = town.consent(&first, &word("employment_service", "given"));
    assert_eq!(town.candidates(&posting), both, "the later of two words of one day counts");
    app.request("POST", &format!("/consents/{given}/withdraw")).send().expect(200);
    assert_eq!((town.candidates(&posting), stored()), (only_second.clone(), only_second));
    // An older paper that is entered later does not undo the withdrawal.
    town.consent(&first, &word("employment_service", "given"));
    assert_eq!(town.candidates(&posting).len(), 1);
    let mut anew = word("employment_service", "given");
    anew["given_on"] = json!("2026-11-23");
    town.consent(&first, &anew);
    assert_eq!(town.candidates(&posting).len(), 2);
}

fn with_consent_as_the_basis_silence_is_no_consent(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    let set = |basis, from| bases::set(&db.db, Purpose::EmploymentService, basis, "社区公告 7", day(from));
    set(LegalBasis::Consent, "2026-11-24").unwrap();
    assert_eq!(town.candidates(&posting).len(), 1, "from tomorrow on");
    set(LegalBasis::Consent, "2026-11-23").unwrap();
    assert!(town.candidates(&posting).is_empty());
    let mut given = word("employment_service", "given");
    given["valid_until"] = json!("2026-11-22");
    town.consent(&person, &given);
    assert!(town.candidates(&posting).is_empty(), "it ran out yesterday");
    given["valid_until"] = json!("2026-11-23");
    town.consent(&person, &given);
    assert_eq!(town.candidates(&posting), [person.as_str()]);
    app.advance(chrono::TimeDelta::days(1));
    assert!(town.candidates(&posting).is_empty());

    let refused = bases::set(&db.db, Purpose::Introduction, LegalBasis::StatutoryDuty, "x", day("2026-11-23"));
    assert!(matches!(refused, Err(AppError::Refused(Refusal::IntroductionNeedsConsent, _))));
    assert!(set(LegalBasis::Consent, "1899-12-31").is_err());
    let listed = bases::list(&db.db).unwrap();
    assert_eq!(listed.len(), 5);
    assert_eq!(listed.iter().filter(|row| row.purpose == Purpose::EmploymentService).count(), 3);
}

fn health_that_may_not_be_used_is_unknown(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    app.patch(&format!("/residents/{person}"), &json!({"profile": {"labour_class": "lost"}})).expect(200);
    app.patch(&format!("/postings/{posting}"), &json!({"physical_grade": 3})).expect(200);
    let (resident, posting): (i64, i64) = (person.parse().unwrap(), posting.parse().unwrap());
    let capacity = || {
        let pair = for_pair(&db.db, resident, posting, day("2026-11-23")).unwrap().1;
        pair.explanation.gates.iter().find(|result| result.gate == Gate::Capacity).unwrap().check.outcome
    };
    assert_eq!(capacity(), Outcome::Fail, "lost capacity bars every post");
    let refusal = word("sensitive_data", "refused");
    town.consent(&person, &refusal);
    assert_eq!(capacity(), Outcome::Unknown, "nobody may look, so it has to be asked");
    let answer = for_resident(&db.db, resident, 5, day("2026-11-23")).unwrap();
    assert_eq!(answer.best.len(), 1);
    let sentences = answer.best[0].sentences.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join("；");
    assert!(!sentences.contains("丧失"), "{sentences}");
}

fn without_a_basis_nothing_is_computed(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    db.write(|conn| {
        let later = rows::BasisRow {
            purpose: Purpose::EmploymentService,
            basis: LegalBasis::StatutoryDuty,
            reference: "就业促进法 52".into(),
            valid_from: day("2026-12-01"),
        };
        let every = "DELETE FROM legal_bases WHERE purpose = 'employment_service'";
        conn.batch_execute(every).map_err(DbError::from)?;
        rows::set_basis(conn, &later)
    });
    for path in [
        format!("/residents/{person}/recommendations"),
        format!("/postings/{posting}/candidates"),
        "/introductions".to_owned(),
    ] {
        app.request("GET", &path).send().problem(409, "no_legal_basis");
    }
    let cards = town.as_hr(&posting, "GET", &format!("/postings/{posting}/cards"));
    cards.send().problem(409, "no_legal_basis");
    app.get("/coverage");
    app.advance(chrono::TimeDelta::days(8));
    assert_eq!(town.candidates(&posting).len(), 1);
}
