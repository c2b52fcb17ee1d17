//! Adopting: exactly one plan is in force, promises are kept or the reason is said, counselors get the placements.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::db::declines::{self, DeclineData};

use super::town::{Old, Town, Young, adopt, placements, proposed, today};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    adopting_hands_the_placements_to_counselors,
    a_promise_is_broken_only_to_cover_a_household_and_says_which,
    a_household_is_named_only_where_it_alone_was_covered_instead,
    who_is_pinned_is_not_who_was_covered_instead,
    promises_that_cannot_be_kept_say_why,
    changed_records_are_adopted_only_on_request,
    every_promise_that_is_not_kept_has_its_reason,
    what_has_become_impossible_is_left_out,
    a_plan_of_another_day_is_looked_at_today,
    two_who_adopt_at_once_one_wins,
);

fn adopting_hands_the_placements_to_counselors(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Young]);
    town.home(&[Old]);
    town.posting(false, 1);
    town.posting(true, 1);
    let app = TestApp::new(db);
    let plan = id(&proposed(&app));
    adopt(&app, &plan, Some("7"), false).problem(409, "plan_not_current");
    let path = format!("/plans/{plan}/adopt");
    app.request("POST", &path).json(&json!({"adopted_by": "王主任"})).send().field("/expected_current", "missing");
    adopt(&app, "99", None, false).problem(404, "not_found");
    let body = json!({"expected_current": null, "adopted_by": "王主任"});
    let call = || app.request("POST", &path).header("idempotency-key", "adopt").json(&body).send().expect(200);
    let adopted = call();
    assert_eq!(call().bytes, adopted.bytes, "a retry adopts nothing again");
    let adopted = adopted.body;
    assert_eq!((adopted["recommended"].as_i64(), adopted["impossible"].as_i64()), (Some(2), Some(0)), "{adopted}");
    let shown = app.get(&format!("/plans/{plan}"));
    assert_eq!(
        (shown["standing"].as_str(), shown["adoption"]["adopted_by"].as_str()),
        (Some("adopted"), Some("王主任"))
    );
    let run = app.get(&format!("/recommendation-runs/{}", adopted["run_id"].as_str().unwrap()));
    assert_eq!((&run["plan_id"], run["recommendations"].as_i64()), (&shown["id"], Some(2)), "{run}");
    let rows = app.get(&format!("/recommendation-runs/{}/recommendations", adopted["run_id"].as_str().unwrap()));
    let number = |value: &Value| value.as_str().unwrap().parse::<i64>().unwrap();
    let rows: Vec<(i64, i64)> = rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (number(&row["resident_id"]), number(&row["posting_id"])))
        .collect();
    assert_eq!(rows, placements(&app, &plan));
    adopt(&app, &plan, Some(&plan), false).problem(409, "plan_adopted");
}

fn a_promise_is_broken_only_to_cover_a_household_and_says_which(db: &TestDb) {
    let mut town = Town::new(db);
    let first = town.home(&[Young]);
    let any = town.posting(false, 1);
    let app = TestApp::new(db);
    let parent = id(&proposed(&app));
    adopt(&app, &parent, None, false).expect(200);
    // A better posting is no reason to break a promise.
    let for_young = town.posting(true, 1);
    let kept = proposed(&app);
    assert_eq!(placements(&app, &id(&kept)), [(first.members[0], any)]);
    assert_eq!((kept["promises"].as_i64(), kept["objective"]["kept"].as_i64()), (Some(1), Some(1)));
    assert_eq!(kept["changes"], json!([{"kind": "kept", "count": 1}]));
    // A household that can be covered in no other way is.
    let second = town.home(&[Old]);
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [(first.members[0], for_young), (second.members[0], any)]);
    let changed = app.get(&format!("/plans/{}/diff?kind=changed", id(&plan)));
    let change = &changed["items"][0];
    assert_eq!(
        (change["reason"].as_str(), change["from"]["id"].as_str()),
        (Some("to_cover"), Some(any.to_string().as_str()))
    );
    assert_eq!(change["for_household_id"], second.id.to_string(), "{change}");
    assert_eq!(app.get(&format!("/plans/{}/diff?kind=new", id(&plan)))["items"].as_array().unwrap().len(), 1);
    // The other plan was made on the same parent and is out once this one is adopted.
    adopt(&app, &id(&plan), Some(&parent), false).expect(200);
    adopt(&app, &id(&kept), Some(&id(&plan)), true).problem(409, "plan_superseded");
    let standing = |plan: &str| app.get(&format!("/plans/{plan}"))["standing"].as_str().unwrap().to_owned();
    assert_eq!(
        [standing(&parent), standing(&id(&kept)), standing(&id(&plan))],
        ["superseded", "superseded", "adopted"]
    );
}

/// Reason and household of what a plan changed.
fn changed(app: &TestApp, plan: &Value) -> Vec<(Value, Value)> {
    let diff = app.get(&format!("/plans/{}/diff?kind=changed", id(plan)));
    let rows = diff["items"].as_array().unwrap().iter();
    rows.map(|row| (row["reason"].clone(), row["for_household_id"].clone())).collect()
}

fn a_household_is_named_only_where_it_alone_was_covered_instead(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Young]);
    town.home(&[Young]);
    town.posting(false, 2);
    let app = TestApp::new(db);
    let parent = id(&proposed(&app));
    adopt(&app, &parent, None, false).expect(200);
    // Both give way, each to one of two: nobody can say which to which.
    town.posting(true, 2);
    town.home(&[Old]);
    town.home(&[Old]);
    assert_eq!(changed(&app, &proposed(&app)), vec![(json!("to_cover"), Value::Null); 2]);
}

fn who_is_pinned_is_not_who_was_covered_instead(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Young]);
    let any = town.posting(false, 2);
    let app = TestApp::new(db);
    let parent = id(&proposed(&app));
    adopt(&app, &parent, None, false).expect(200);
    // The second place is a person's decision; the first is the promise, until somebody can be covered only there.
    town.posting(true, 1);
    let (pinned, covered) = (town.home(&[Old]), town.home(&[Old]));
    let decision = json!({
        "resident_id": pinned.members[0].to_string(), "posting_id": any.to_string(), "kind": "pin", "reason": "已录用",
    });
    app.create("/plan-pins", &decision);
    let named = json!(covered.id.to_string());
    assert_eq!(changed(&app, &proposed(&app)), [(json!("to_cover"), named)]);
}

fn promises_that_cannot_be_kept_say_why(db: &TestDb) {
    let mut town = Town::new(db);
    let homes = [town.home(&[Young]), town.home(&[Young]), town.home(&[Young])];
    let (closes, stays) = (town.posting(false, 1), town.posting(true, 2));
    let app = TestApp::new(db);
    let parent = id(&proposed(&app));
    adopt(&app, &parent, None, false).expect(200);
    let before = placements(&app, &parent);
    let closed = format!("/postings/{closes}");
    app.request("POST", &format!("{closed}/close")).header("if-match", &app.etag(&closed)).send().expect(200);
    let declining = before.iter().find(|(_, posting)| *posting == stays).unwrap().0;
    let decline = DeclineData {
        resident_id: declining,
        posting_id: stays,
        declined_on: today(),
        reason: None,
        note_cipher: None,
        was_suitable: true,
    };
    db.write(|conn| declines::insert(conn, &decline).map(|_| ()));
    let plan = id(&proposed(&app));
    let diff = app.get(&format!("/plans/{plan}/diff"));
    let reason_of = |resident: i64| {
        let (rows, resident) = (diff["items"].as_array().unwrap(), resident.to_string());
        rows.iter().find(|row| row["resident_id"] == resident).unwrap()["reason"].clone()
    };
    assert_eq!(reason_of(declining), "declined");
    let of_closed = before.iter().find(|(_, posting)| *posting == closes).unwrap().0;
    assert_eq!(reason_of(of_closed), "posting_closed");
    assert_eq!(homes.len(), before.len());
}

/// Whoever was promised a place and has it no more reads why, and who works there by now is no loss.
fn every_promise_that_is_not_kept_has_its_reason(db: &TestDb) {
    let mut town = Town::new(db);
    (0..6).for_each(|_| drop(town.home(&[Young])));
    let hires = town.posting(false, 1);
    let shrinks = town.posting(false, 2);
    let (given, left, opted) = (town.posting(false, 1), town.posting(false, 1), town.posting(false, 1));
    let app = TestApp::new(db);
    let parent = id(&proposed(&app));
    adopt(&app, &parent, None, false).expect(200);
    let at = |posting: i64| -> Vec<i64> {
        let rows = placements(&app, &parent);
        rows.into_iter().filter(|(_, other)| *other == posting).map(|(resident, _)| resident).collect()
    };
    let job = json!({"posting_id": hires.to_string(), "channel": "micro_factory", "start_on": "2026-11-20"});
    app.create(&format!("/residents/{}/spells", at(hires)[0]), &job);
    app.patch(&format!("/postings/{shrinks}"), &json!({"headcount": 1})).expect(200);
    let pin = |resident: i64, posting: i64| {
        let pin = json!({"resident_id": resident.to_string(), "posting_id": posting.to_string(), "kind": "pin", "reason": "已谈妥"});
        app.create("/plan-pins", &pin);
    };
    let newcomer = town.home(&[Young]).members[0];
    pin(newcomer, given);
    let elsewhere = town.posting(false, 1);
    pin(at(left)[0], elsewhere);
    let opt_out = json!({"profile": {"no_automated_recommendation": true}});
    app.patch(&format!("/residents/{}", at(opted)[0]), &opt_out).expect(200);

    let plan = id(&proposed(&app));
    let diff = app.get(&format!("/plans/{plan}/diff?limit=100"));
    let row_of = |resident: i64| {
        let (rows, resident) = (diff["items"].as_array().unwrap(), resident.to_string());
        let row = rows.iter().find(|row| row["resident_id"] == resident).unwrap();
        (row["kind"].as_str().unwrap().to_owned(), row["reason"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(row_of(at(hires)[0]), ("fulfilled".to_owned(), "hired".to_owned()), "{diff}");
    assert_eq!(row_of(at(given)[0]).1, "place_pinned", "{diff}");
    assert_eq!(row_of(at(left)[0]), ("changed".to_owned(), "pinned_elsewhere".to_owned()), "{diff}");
    assert_eq!(row_of(at(opted)[0]), ("dropped".to_owned(), "no_automation".to_owned()), "{diff}");
    let of_shrinking: Vec<String> = at(shrinks).into_iter().map(|resident| row_of(resident).1).collect();
    assert!(of_shrinking.contains(&"fewer_vacancies".to_owned()), "{diff}");
}

fn what_has_become_impossible_is_left_out(db: &TestDb) {
    let mut town = Town::new(db);
    let homes: Vec<_> = (0..5).map(|_| town.home(&[Young])).collect();
    let posting = town.posting(false, 5);
    let app = TestApp::new(db);
    let plan = id(&proposed(&app));
    assert_eq!(placements(&app, &plan).len(), 5);
    // One opts out, one pair is decided against, and two places are left for the three others.
    let resident = |n: usize| homes[n].members[0].to_string();
    app.patch(&format!("/residents/{}", resident(0)), &json!({"profile": {"no_automated_recommendation": true}}))
        .expect(200);
    let forbid =
        json!({"resident_id": resident(1), "posting_id": posting.to_string(), "kind": "forbid", "reason": "本人不愿"});
    app.create("/plan-pins", &forbid);
    app.patch(&format!("/postings/{posting}"), &json!({"headcount": 2})).expect(200);
    adopt(&app, &plan, None, false).problem(409, "plan_records_changed");
    let adopted = adopt(&app, &plan, None, true).expect(200).body;
    assert_eq!((adopted["recommended"].as_i64(), adopted["impossible"].as_i64()), (Some(2), Some(3)), "{adopted}");
    let rows = app.get(&format!("/recommendation-runs/{}/recommendations", adopted["run_id"].as_str().unwrap()));
    let recommended: Vec<&str> =
        rows["items"].as_array().unwrap().iter().map(|row| row["resident_id"].as_str().unwrap()).collect();
    assert_eq!(recommended, [resident(2), resident(3)]);
}

fn a_plan_of_another_day_is_looked_at_today(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Young]);
    town.posting(false, 1);
    let app = TestApp::new(db);
    let plan = id(&proposed(&app));
    app.advance(TimeDelta::days(1));
    adopt(&app, &plan, None, false).problem(409, "plan_records_changed");
    // The posting's last day has passed.
    app.advance(TimeDelta::days(90));
    let adopted = adopt(&app, &plan, None, true).expect(200).body;
    assert_eq!((adopted["recommended"].as_i64(), adopted["impossible"].as_i64()), (Some(0), Some(1)), "{adopted}");
    assert_eq!(adopted["records_unchanged"], false);
}

fn changed_records_are_adopted_only_on_request(db: &TestDb) {
    let mut town = Town::new(db);
    let home = town.home(&[Old]);
    let posting = town.posting(false, 1);
    let app = TestApp::new(db);
    let plan = id(&proposed(&app));
    town.home(&[Old]);
    let verified = app.request("POST", &format!("/plans/{plan}/verify")).header("accept-language", "en").send();
    let verified = verified.expect(200).body;
    assert_eq!(
        (verified["verdict"].as_str(), &verified["bound"]),
        (Some("records_changed"), &Value::Null),
        "{verified}"
    );
    assert!(verified["message"].as_str().unwrap().contains("2026-11-23 12:00"), "{verified}");
    adopt(&app, &plan, None, false).problem(409, "plan_records_changed");
    let closed = format!("/postings/{posting}");
    app.request("POST", &format!("{closed}/close")).header("if-match", &app.etag(&closed)).send().expect(200);
    let adopted = adopt(&app, &plan, None, true).expect(200).body;
    assert_eq!((adopted["recommended"].as_i64(), adopted["impossible"].as_i64()), (Some(0), Some(1)), "{adopted}");
    assert_eq!(adopted["records_unchanged"], false);
    assert_eq!(placements(&app, &plan), [(home.members[0], posting)], "the plan itself stays as it was");
}

fn two_who_adopt_at_once_one_wins(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Old]);
    town.posting(false, 1);
    let (app, other) = (TestApp::new(db), TestApp::new(db));
    let apps = [&app, &other];
    let mut current: Option<String> = None;
    for round in 0..5 {
        app.advance(TimeDelta::seconds(1));
        let plans: Vec<String> = (0..4).map(|_| town.propose().to_string()).collect();
        let barrier = std::sync::Barrier::new(plans.len());
        let statuses: Vec<(u16, String)> = std::thread::scope(|scope| {
            let threads: Vec<_> = plans
                .iter()
                .enumerate()
                .map(|(n, plan)| {
                    let (barrier, current, app) = (&barrier, current.as_deref(), apps[n % 2]);
                    scope.spawn(move || {
                        barrier.wait();
                        loop {
                            let answer = adopt(app, plan, current, false);
                            // All computing places may be taken: try again, as a client does.
                            if answer.status != 503 {
                                return (answer.status, plan.clone());
                            }
                        }
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won: Vec<&String> = statuses.iter().filter(|(status, _)| *status == 200).map(|(_, plan)| plan).collect();
        assert_eq!(won.len(), 1, "round {round}: {statuses:?}");
        assert!(statuses.iter().all(|(status, _)| matches!(status, 200 | 409)), "{statuses:?}");
        current = Some(won[0].clone());
        let adopted = app.get("/plans?limit=100")["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["standing"] == "adopted")
            .count();
        assert_eq!(adopted, 1);
    }
}
