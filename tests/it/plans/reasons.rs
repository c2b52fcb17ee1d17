//! Each household a plan leaves uncovered has its class and the evidence for it.

use serde_json::{Value, json};
use wangjia::db::declines::{self, DeclineData};
use wangjia::db::residents::ResidentData;
use wangjia::domain::codes::MonitoringClass;

use super::town::{Home, Old, Town, Young, proposed, today};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    every_class_comes_with_its_evidence,
    sets_that_compete_are_written_once,
    what_people_decided_is_said_to_be_theirs,
);

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse().unwrap()).collect()
}

/// The row of a household in a plan.
fn row_of(app: &TestApp, plan: &Value, home: &Home) -> Value {
    let found = app.get(&format!("/plans/{}/households?household_id={}", id(plan), home.id));
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    found["items"][0].clone()
}

fn every_class_comes_with_its_evidence(db: &TestDb) {
    let mut town = Town::new(db);
    let unwilling = town.home_with(&[Old], MonitoringClass::None, |data| ResidentData { willing: Some(false), ..data });
    let (declining, too_old) = (town.home(&[Young]), town.home(&[Old]));
    let carer = town.home(&[Young]);
    let (lucky, late) = (town.home(&[Young]), town.home(&[Young]));
    let for_young = town.posting(true, 1);
    let decline = DeclineData {
        resident_id: declining.members[0],
        posting_id: for_young,
        declined_on: today(),
        reason: None,
        note_cipher: None,
        was_suitable: true,
    };
    db.write(|conn| declines::insert(conn, &decline).map(|_| ()));
    let app = TestApp::new(db);
    // The one adult of the household is the only one who can care.
    let duties = format!("/households/{}/care-duties", carer.id);
    let duty = json!({"items": [{"kind": "child", "carer_id": null, "hours": [{"weekday": 1, "from": "08:00", "to": "12:00"}]}]});
    app.request("PUT", &duties).header("if-match", &app.etag(&duties)).json(&duty).send().expect(200);

    let hours = json!([{"weekday": 1, "from": "08:00", "to": "12:00"}]);
    app.patch(&format!("/postings/{for_young}"), &json!({"hours": hours})).expect(200);

    let plan = proposed(&app);
    let class_and_evidence = |home: &Home| {
        let row = row_of(&app, &plan, home);
        (row["class"].as_str().unwrap_or_default().to_owned(), row["evidence"].clone())
    };
    let (class, evidence) = class_and_evidence(&unwilling);
    assert_eq!((class.as_str(), ids(&evidence["residents"])), ("unwilling", unwilling.members.clone()), "{evidence}");
    let (class, evidence) = class_and_evidence(&declining);
    assert_eq!(class, "declined", "{evidence}");
    assert_eq!(
        evidence["declined"],
        json!([{"resident_id": declining.members[0].to_string(), "posting_id": for_young.to_string()}]),
        "{evidence}"
    );
    let (class, evidence) = class_and_evidence(&too_old);
    assert_eq!((class.as_str(), evidence["pairs"].as_i64()), ("no_eligible_posting", Some(1)), "{evidence}");
    assert_eq!(evidence["gates"], json!([{"gate": "age_posting", "pairs": 1, "first": 1}]));
    let smallest = &evidence["smallest_relaxation"];
    assert_eq!((&smallest["gates"], &smallest["posting_id"]), (&json!(["age_posting"]), &json!(for_young.to_string())));
    let (class, evidence) = class_and_evidence(&carer);
    assert_eq!(class, "care_limit", "{evidence}");
    assert_eq!(
        evidence["barred_by_care"],
        json!([{"resident_id": carer.members[0].to_string(), "posting_id": for_young.to_string()}])
    );
    // Two households, one place.
    let rows = [row_of(&app, &plan, &lucky), row_of(&app, &plan, &late)];
    let left = rows.iter().find(|row| row["state"] == "uncovered").unwrap();
    assert_eq!(left["class"], "out_competed");
    let evidence = &left["evidence"];
    assert_eq!(ids(&evidence["posting_ids"]), [for_young], "{evidence}");
    assert_eq!(ids(&evidence["own_posting_ids"]), [for_young], "{evidence}");
    assert_eq!(
        (evidence["counts"]["vacancies"].as_i64(), evidence["counts"]["households"].as_i64()),
        (Some(1), Some(2))
    );
    let mut both = [ids(&evidence["placed_household_ids"]), ids(&evidence["uncovered_household_ids"])].concat();
    both.sort_unstable();
    assert_eq!(both, [lucky.id, late.id]);
    // Everybody reads why in both languages, and the counts of the plan are the lengths of its lists.
    for home in [&unwilling, &declining, &too_old, &carer] {
        let sentences = row_of(&app, &plan, home)["evidence"]["sentences"].clone();
        let said = |lang: &str| sentences[0][lang].as_str().unwrap().to_owned();
        assert!(said("en").starts_with(|c: char| c.is_ascii_alphanumeric()), "{sentences}");
        assert!(!said("zh").is_ascii() && said("zh") != said("en"), "{sentences}");
    }
    let counts = plan["uncovered"].as_array().unwrap();
    assert_eq!(counts.len(), 5, "{counts:?}");
    for count in counts {
        let list = app.raw("GET", count["list"].as_str().unwrap()).send().expect(200).body;
        assert_eq!(Some(list["items"].as_array().unwrap().len() as i64), count["households"].as_i64(), "{count}");
    }
}

fn sets_that_compete_are_written_once(db: &TestDb) {
    let mut town = Town::new(db);
    let homes: Vec<Home> = (0..4).map(|_| town.home(&[Old])).collect();
    let posting = town.posting(false, 1);
    let app = TestApp::new(db);
    let plan = proposed(&app);
    let rows: Vec<Value> = homes.iter().map(|home| row_of(&app, &plan, home)).collect();
    let left: Vec<&Value> = rows.iter().filter(|row| row["state"] == "uncovered").collect();
    assert_eq!(left.len(), 3);
    let (full, short): (Vec<&&Value>, Vec<&&Value>) =
        left.iter().partition(|row| row["evidence"]["posting_ids"].is_array());
    assert_eq!((full.len(), ids(&full[0]["evidence"]["posting_ids"])), (1, vec![posting]));
    for row in short {
        assert_eq!(full[0]["household_id"], row["evidence"]["same_set_as_household_id"], "{row}");
        assert_eq!(row["evidence"]["counts"]["stay_uncovered"], 3);
    }
}

/// A household is not called unwilling, declining or barred where somebody else decided, or where it simply got no place.
fn what_people_decided_is_said_to_be_theirs(db: &TestDb) {
    let mut town = Town::new(db);
    let (shut_out, opted_out) = (
        town.home(&[Old]),
        town.home_with(&[Old], MonitoringClass::None, |data| ResidentData {
            no_automated_recommendation: true,
            ..data
        }),
    );
    let (any, lucky) = (town.posting(false, 1), town.home(&[Old]));
    let app = TestApp::new(db);
    let forbid = json!({"resident_id": shut_out.members[0].to_string(), "posting_id": any.to_string(), "kind": "forbid", "reason": "需先体检"});
    app.create("/plan-pins", &forbid);
    let plan = proposed(&app);
    assert_eq!(row_of(&app, &plan, &lucky)["state"], "newly_covered");
    let row = row_of(&app, &plan, &shut_out);
    assert_eq!(row["class"], "no_eligible_posting");
    assert_eq!(row["evidence"]["forbidden"].as_array().unwrap().len(), 1, "{row}");
    assert!(row["evidence"]["sentences"][0]["zh"].as_str().unwrap().contains("由工作人员排除"), "{row}");
    let row = row_of(&app, &plan, &opted_out);
    assert_eq!(row["evidence"]["left_out"], json!([opted_out.members[0].to_string()]), "{row}");
    assert_eq!(row["evidence"]["sentences"].as_array().unwrap().len(), 1, "{row}");
    assert!(row["evidence"]["sentences"][0]["zh"].as_str().unwrap().contains("不作自动推荐"), "{row}");
}
