//! An enrolment is the training offer of a recognised household.

use serde_json::{Value, json};

use super::School;
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(an_enrolment_is_a_training_offer_counted_once);

fn an_enrolment_is_a_training_offer_counted_once(db: &TestDb) {
    let school = School::new(db);
    let app = &school.app;
    let courses = [0, 1, 2].map(|_| school.open(&school.sewing_course(5)));
    let person = school.person("甲", 11);
    // What came before the recognition counts for nothing.
    school.enrolled(&courses[0], &person);
    app.advance(chrono::TimeDelta::days(1));
    let household = app.get(&format!("/residents/{person}"))["household_id"].as_str().unwrap().to_owned();
    let clock = id(&app.create(&format!("/households/{household}/recognitions"), &json!({})));
    let path = format!("/recognitions/{clock}");
    let offers = || {
        let steps = app.get(&path)["steps"].clone();
        let step = steps.as_array().unwrap().iter().find(|step| step["step"] == "training_offer").unwrap();
        (step["state"].clone(), step["done"].clone(), step["account_id"].clone())
    };
    assert_eq!(offers(), (json!("open"), json!(0), json!(null)));
    let mistaken = school.enrolled(&courses[1], &person);
    assert_eq!(offers(), (json!("done"), json!(1), json!("1")));
    let first = app.get(&path)["steps"][0]["state"].clone();
    assert_eq!(first, json!("done"), "it is a service, too");
    assert_eq!(app.get(&path)["services"], json!([]), "nothing is written twice");
    school
        .step(&mistaken, json!({"from": "enrolled", "to": "dropped_out", "reason": "entered_by_mistake"}))
        .expect(200);
    assert_eq!(offers().1, json!(0));
    // Offered by hand, then taken up: the same offer.
    let served = |body: Value| app.request("POST", &format!("{path}/services")).json(&body).send().expect(200);
    served(json!({"kind": "training_offer"}));
    assert_eq!(offers().1, json!(1));
    school.enrolled(&courses[1], &person);
    assert_eq!(offers().1, json!(1));
    school.enrolled(&courses[2], &person);
    assert_eq!(offers().1, json!(2), "another course is another offer");
}
