//! What would close the gap, single what-ifs and a posting's diagnosis: what they promise is what a new plan then does.

use serde_json::{Value, json};

use wangjia::app::settings;
use wangjia::domain::codes::MonitoringClass;

use super::town::{Home, Old, Town, Young, proposed, today};
use crate::api::app::{Answer, TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    the_gap_says_what_a_new_plan_then_does,
    the_gap_is_kept_with_the_plan,
    what_ifs_are_exact,
    a_tenants_end_names_who_is_lost,
    a_full_posting_is_seen,
    an_answer_is_given_again_for_its_key,
    what_ifs_refuse_what_they_cannot_answer,
    a_diagnosis_counts_whom_each_requirement_shuts_out,
);

/// Two old people want the one place they may take; three places end at forty, for one young.
struct Short {
    olds: [Home; 2],
    young: Home,
    any: i64,
    for_young: i64,
}

fn short(town: &mut Town<'_>) -> Short {
    let olds = [town.home(&[Old]), town.home(&[Old])];
    let young = town.home(&[Young]);
    Short { olds, young, any: town.posting(false, 1), for_young: town.posting(true, 3) }
}

fn covered(plan: &Value) -> i64 {
    plan["coverage"]["covered_after"].as_i64().unwrap()
}

#[track_caller]
fn ranking<'a>(gap: &'a Value, kind: &str) -> &'a Value {
    let rankings = gap["rankings"].as_array().unwrap();
    rankings.iter().find(|ranking| ranking["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {gap}"))
}

fn the_gap_says_what_a_new_plan_then_does(db: &TestDb) {
    let mut town = Town::new(db);
    let Short { olds, any, for_young, .. } = short(&mut town);
    let app = TestApp::new(db);
    let plan = proposed(&app);
    assert_eq!(covered(&plan), 2);
    let gap = app.get(&format!("/plans/{}/gap", id(&plan)));
    let left = app.get(&format!("/plans/{}/households?state=uncovered", id(&plan)))["items"][0]["household_id"].clone();
    assert!(olds.iter().any(|home| home.id.to_string() == left.as_str().unwrap()));

    // One more place at the posting everybody may take: one household a unit. Five do no more, so they rank below.
    let vacancies = ranking(&gap, "more_vacancies");
    let best = &vacancies["best"][0];
    assert_eq!(
        (best["posting_id"].as_str(), best["units"].as_i64()),
        (Some(any.to_string().as_str()), Some(1)),
        "{gap}"
    );
    assert_eq!((best["gain"]["covered_weight"].as_i64(), &best["covers_household_ids"]), (Some(1), &json!([left])));
    assert_eq!(best["gives_way_household_ids"], json!([]));
    assert_eq!(vacancies["complete"], true);
    // Or the posting for the young takes them.
    let relaxed = &ranking(&gap, "relaxed")["best"][0];
    assert_eq!(relaxed["posting_id"], for_young.to_string(), "{gap}");
    assert_eq!(
        (relaxed["gain"]["covered_weight"].as_i64(), &relaxed["covers_household_ids"]),
        (Some(1), &json!([left]))
    );
    assert!(relaxed["text"].as_str().unwrap().contains("年龄"), "{relaxed}");

    // Done, it is what the next plan reaches.
    let path = format!("/postings/{any}");
    app.patch(&path, &json!({"headcount": 2})).expect(200);
    assert_eq!(covered(&proposed(&app)), 3);
}

fn the_gap_is_kept_with_the_plan(db: &TestDb) {
    let mut town = Town::new(db);
    short(&mut town);
    let app = TestApp::new(db);
    let gap = format!("/plans/{}/gap", id(&proposed(&app)));
    let before = app.get(&gap);
    town.home(&[Old]);
    town.posting(false, 5);
    assert_eq!(app.get(&gap), before, "the gap belongs to the plan, not to the records of today");
    let english = app.request("GET", &gap).header("accept-language", "en").send().expect(200).body;
    assert!(ranking(&english, "more_vacancies")["best"][0]["text"].as_str().unwrap().contains("1 more vacancy"));
    app.request("GET", "/plans/99/gap").send().problem(404, "not_found");
    // Nobody is left out: nothing would help.
    let all = id(&proposed(&app));
    for ranking in app.get(&format!("/plans/{all}/gap"))["rankings"].as_array().unwrap() {
        assert_eq!(ranking["best"], json!([]), "{ranking}");
    }
}

fn ask(app: &TestApp, plan: &Value, body: &Value) -> Answer {
    app.request("POST", &format!("/plans/{}/what-ifs", id(plan))).json(body).send()
}

fn what_ifs_are_exact(db: &TestDb) {
    let mut town = Town::new(db);
    let Short { any, for_young, .. } = short(&mut town);
    let app = TestApp::new(db);
    let plan = proposed(&app);
    let gain = |body: &Value| {
        let worth = ask(&app, &plan, body).expect(200).body["worth"].clone();
        let covers = worth["covers_household_ids"].as_array().unwrap().len() as i64;
        let gives_way = worth["gives_way_household_ids"].as_array().unwrap().len() as i64;
        let gain = worth["gain"]["covered_weight"].as_i64().unwrap();
        assert_eq!(gain, covers - gives_way, "{worth}");
        gain
    };
    assert_eq!(gain(&json!({"kind": "more_vacancies", "posting_id": any.to_string(), "vacancies": 1})), 1);
    assert_eq!(gain(&json!({"kind": "more_vacancies", "posting_id": for_young.to_string(), "vacancies": 9})), 0);
    let age = |max| json!({"kind": "age", "posting_id": for_young.to_string(), "age_min": 18, "age_max": max});
    assert_eq!((gain(&age(42)), gain(&age(55))), (0, 1), "they are 44");
    ask(&app, &plan, &age(30)).field("/age_max", "contradicts");
    ask(&app, &plan, &age(17)).field("/age_min", "contradicts");
    ask(&app, &plan, &json!({"kind": "age", "posting_id": for_young.to_string(), "age_min": 10}))
        .field("/age_min", "out_of_range");
    assert_eq!(gain(&json!({"kind": "training", "posting_id": for_young.to_string()})), 0);
    let hours = json!([{"weekday": 1, "from": "08:00", "to": "12:00"}]);
    assert_eq!(gain(&json!({"kind": "hours", "posting_id": any.to_string(), "without_hours": hours})), 0);
    assert_eq!(app.get("/plans")["items"].as_array().unwrap().len(), 1, "a question stores no plan");
}

fn what_ifs_refuse_what_they_cannot_answer(db: &TestDb) {
    let mut town = Town::new(db);
    let Short { any, .. } = short(&mut town);
    let app = TestApp::new(db);
    let plan = proposed(&app);
    let any = any.to_string();
    ask(&app, &plan, &json!({"kind": "more_vacancies", "posting_id": any})).field("/vacancies", "missing");
    ask(&app, &plan, &json!({"kind": "more_vacancies", "vacancies": 1})).field("/posting_id", "missing");
    ask(&app, &plan, &json!({"kind": "more_vacancies", "posting_id": any, "vacancies": 0}))
        .field("/vacancies", "out_of_range");
    ask(&app, &plan, &json!({"kind": "training", "posting_id": "999"})).field("/posting_id", "no_such_record");
    ask(&app, &plan, &json!({"kind": "hours", "posting_id": any})).field("/without_hours", "missing");
    let backwards = json!([{"weekday": 1, "from": "12:00", "to": "08:00"}]);
    ask(&app, &plan, &json!({"kind": "hours", "posting_id": any, "without_hours": backwards}))
        .field("/without_hours/0", "bad_hours");
    ask(&app, &plan, &json!({"kind": "course", "skill": "无此技能", "seats": 3})).field("/skill", "no_such_record");
    ask(&app, &plan, &json!({"kind": "tenant_removed", "employer_id": "999"})).field("/employer_id", "no_such_record");
    ask(&app, &plan, &json!({"kind": "miracle"})).field("/kind", "not_in_list");
    ask(&app, &json!({"id": "99"}), &json!({"kind": "training", "posting_id": any})).problem(404, "not_found");
    town.home(&[Old]);
    ask(&app, &plan, &json!({"kind": "training", "posting_id": any})).problem(409, "plan_outdated");
}

fn a_tenants_end_names_who_is_lost(db: &TestDb) {
    let mut town = Town::new(db);
    let Short { olds, young, any, .. } = short(&mut town);
    // One household lives on a job at the tenant that no posting here is about, one has another job besides, one is monitored.
    let (single, double) = (town.home(&[Old]), town.home(&[Old, Old]));
    let watched = town.home_with(&[Old], MonitoringClass::Unstable, |data| data);
    settings::set(&db.db, settings::PLAN_WEIGHT_MONITORED, "3", today()).unwrap();
    let app = TestApp::new(db);
    let tenant = app.get(&format!("/postings/{any}"))["employer_id"].clone();
    let other = app.employer("景航服装");
    let works = |resident: i64, employer: &Value| {
        let job = json!({"employer_id": employer, "channel": "micro_factory", "start_on": "2026-09-01"});
        app.create(&format!("/residents/{resident}/spells"), &job);
    };
    works(single.members[0], &tenant);
    works(double.members[0], &tenant);
    works(double.members[1], &json!(other));
    works(watched.members[0], &tenant);
    let plan = proposed(&app);
    assert_eq!(plan["coverage"]["covered_before"], 3);

    let answer = ask(&app, &plan, &json!({"kind": "tenant_removed", "employer_id": tenant})).expect(200).body;
    let shock = &answer["shock"];
    let list = |name: &str| -> Vec<String> {
        let ids = shock[name].as_array().unwrap().iter();
        ids.map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    // Nothing is left to work at, so everybody who lived on the tenant is lost for good: two by the plan, two by their jobs.
    let lost = list("lost_household_ids");
    assert_eq!((lost.len(), list("left_household_ids")), (4, lost.clone()), "{answer}");
    for (home, is_lost) in [(&young, true), (&single, true), (&watched, true), (&double, false)] {
        assert_eq!(lost.contains(&home.id.to_string()), is_lost, "{shock}");
    }
    assert_eq!(lost.iter().filter(|id| olds.iter().any(|home| home.id.to_string() == **id)).count(), 1);
    for none in ["covered_again_household_ids", "displaced_household_ids", "gained_household_ids"] {
        assert!(list(none).is_empty(), "{none}: {shock}");
    }
    // A monitored household weighs three.
    assert_eq!(answer["worth"]["gain"]["covered_weight"], -6, "{answer}");
    assert!(answer["worth"]["text"].as_str().unwrap().contains("少覆盖 4 户"), "{answer}");
    // An employer without a posting has workers all the same.
    let gone = ask(&app, &plan, &json!({"kind": "tenant_removed", "employer_id": other})).expect(200).body;
    assert_eq!(
        (gone["shock"]["lost_household_ids"].clone(), &gone["worth"]["gain"]["covered_weight"]),
        (json!([]), &json!(0))
    );
}

/// A posting whose places are all taken is where another place may be wanted most.
fn a_full_posting_is_seen(db: &TestDb) {
    let mut town = Town::new(db);
    let (worker, waiting) = (town.home(&[Old]), town.home(&[Old]));
    let full = town.posting(false, 1);
    let app = TestApp::new(db);
    let job = json!({"posting_id": full.to_string(), "channel": "micro_factory", "start_on": "2026-09-01"});
    app.create(&format!("/residents/{}/spells", worker.members[0]), &job);
    let plan = proposed(&app);
    assert_eq!((covered(&plan), plan["placed"].as_i64()), (1, Some(0)));
    let row = app.get(&format!("/plans/{}/households?state=uncovered", id(&plan)))["items"][0].clone();
    assert_eq!(
        (row["household_id"].as_str(), row["class"].as_str()),
        (Some(waiting.id.to_string().as_str()), Some("out_competed"))
    );
    assert_eq!(row["evidence"]["own_posting_ids"], json!([full.to_string()]), "{row}");
    let gap = app.get(&format!("/plans/{}/gap", id(&plan)));
    let best = &ranking(&gap, "more_vacancies")["best"][0];
    assert_eq!((&best["posting_id"], &best["gain"]["covered_weight"]), (&json!(full.to_string()), &json!(1)), "{gap}");
    assert_eq!(plan["scarcest"][0]["one_more"]["covered_weight"], 1);
    app.patch(&format!("/postings/{full}"), &json!({"headcount": 2})).expect(200);
    assert_eq!(covered(&proposed(&app)), 2);
}

/// The first answer is kept, also where the work is done before the transaction.
fn an_answer_is_given_again_for_its_key(db: &TestDb) {
    let mut town = Town::new(db);
    let Short { any, .. } = short(&mut town);
    let app = TestApp::new(db);
    let plan = proposed(&app);
    let body = json!({"kind": "more_vacancies", "posting_id": any.to_string(), "vacancies": 1});
    let path = format!("/plans/{}/what-ifs", id(&plan));
    let send = || app.request("POST", &path).header("idempotency-key", "k1").json(&body).send();
    let first = send().expect(200).body;
    town.home(&[Old]);
    let again = send().expect(200);
    assert_eq!((&again.body, again.header("idempotent-replayed").as_str()), (&first, "true"));
    ask(&app, &plan, &body).problem(409, "plan_outdated");
}

fn a_diagnosis_counts_whom_each_requirement_shuts_out(db: &TestDb) {
    let mut town = Town::new(db);
    let Short { for_young, .. } = short(&mut town);
    let app = TestApp::new(db);
    let found = app.get(&format!("/postings/{for_young}/diagnosis"));
    let residents = |count: &Value| count["residents"].as_i64();
    assert_eq!((residents(&found["seekers"]), residents(&found["candidates"])), (Some(3), Some(1)), "{found}");
    let age = found["requirements"].as_array().unwrap().iter().find(|row| row["code"] == "age_posting").unwrap();
    assert_eq!((residents(&age["any"]), residents(&age["alone"])), (Some(2), Some(2)), "{age}");
    assert_eq!(age["alone"]["uncovered_households"], 2);
    let wider = found["relaxations"].as_array().unwrap().iter().find(|row| row["code"] == "age").unwrap();
    assert_eq!((residents(&wider["adds"]), wider["opens_households"].as_i64()), (Some(2), Some(2)), "{wider}");
    assert!(
        wider["text"].as_str().unwrap().contains("45"),
        "they are 44, and people write such limits in fives: {wider}"
    );
    // Done, they are candidates.
    app.patch(&format!("/postings/{for_young}"), &json!({"age_max": 44})).expect(200);
    let found = app.get(&format!("/postings/{for_young}/diagnosis"));
    assert_eq!(residents(&found["candidates"]), Some(3), "{found}");
    app.request("GET", "/postings/999/diagnosis").send().problem(404, "not_found");
}
