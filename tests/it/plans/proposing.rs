//! What a proposal holds: the best plan, its proof, its figures, the same for any number of threads.

use diesel::prelude::*;
use serde_json::{Value, json};
use wangjia::app::coverage::coverage;
use wangjia::app::plans::verify::{Verdict, verify};
use wangjia::app::settings;
use wangjia::db::plans;
use wangjia::db::residents::ResidentData;
use wangjia::domain::codes::{MonitoringClass, PlanState};

use super::town::{Old, Town, Young, placements, proposed, today};
use crate::api::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(
    a_plan_covers_the_most_households_and_proves_it,
    figures_are_those_of_the_rows_and_of_the_coverage_report,
    who_wants_no_automation_is_in_no_plan,
    a_monitored_household_weighs_what_the_setting_says,
    threads_change_nothing,
    a_damaged_plan_is_not_proved,
    no_row_of_a_plan_can_be_altered,
    lists_come_in_pages_and_refuse_what_they_do_not_know,
);

/// One place for anybody, one for the young: only one way covers both households.
fn a_plan_covers_the_most_households_and_proves_it(db: &TestDb) {
    let mut town = Town::new(db);
    let (young, old) = (town.home(&[Young]), town.home(&[Old]));
    let (any, for_young) = (town.posting(false, 1), town.posting(true, 1));
    let app = TestApp::new(db);
    let plan = proposed(&app);
    assert_eq!(placements(&app, &id(&plan)), [(young.members[0], for_young), (old.members[0], any)]);
    assert_eq!(plan["coverage"]["covered_before"], 0);
    assert_eq!(plan["coverage"]["covered_after"], 2);
    assert_eq!((plan["objective"]["covered_weight"].as_i64(), plan["placed"].as_i64()), (Some(2), Some(2)));
    assert_eq!(plan["proof"]["value"], plan["proof"]["bound"]);
    assert_eq!((plan["standing"].as_str(), &plan["parent_id"]), (Some("proposed"), &Value::Null));
    let rules: Vec<&str> =
        plan["baselines"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["score_greedy", "household_greedy", "first_come"]);
    for row in plan["baselines"].as_array().unwrap() {
        assert!(row["newly_covered"].as_i64() <= Some(2), "{row}");
    }
    assert!(plan["changes"].as_array().unwrap().iter().all(|row| row["kind"] == "new"), "{plan}");
    let verified = app.request("POST", &format!("/plans/{}/verify", id(&plan))).send().expect(200).body;
    assert_eq!(verified["verdict"], "proved", "{verified}");
    assert_eq!(verified["bound"], plan["proof"]["value"]);
    assert_eq!(app.get("/plans")["items"][0]["id"], plan["id"]);
    app.request("GET", "/plans/99").send().problem(404, "not_found");
    app.request("POST", "/plans").json(&json!({"day": "2026-11-23"})).send().field("/day", "unknown");
}

/// Prices in people's words: a third household for the place anybody may take makes it scarce.
fn figures_are_those_of_the_rows_and_of_the_coverage_report(db: &TestDb) {
    let mut town = Town::new(db);
    for ages in [&[Old, Old][..], &[Old], &[Young, Old], &[Young]] {
        town.home(ages);
    }
    let (any, _) = (town.posting(false, 1), town.posting(true, 3));
    let id = town.propose();
    let report = coverage(&db.db, today(), None, None).unwrap().total;
    let (plan, rows, prices) = db.read(|conn| {
        let rows = plans::households::of_plan(conn, id)?;
        Ok((plans::get(conn, id)?.data, rows, plans::prices::of_plan(conn, id)?))
    });
    let count = |state| rows.iter().filter(|row| row.state == state).count() as u64;
    assert_eq!((plan.households, plan.covered_before), (report.households as i64, report.covered as i64));
    assert_eq!(count(PlanState::Exempt), report.exempt);
    assert_eq!(count(PlanState::NewlyCovered) + count(PlanState::Uncovered), report.uncovered);
    assert_eq!((plan.covered_after, plan.uncovered), (3, 1));
    let covered: i64 = db.read(|conn| {
        use wangjia::db::schema::{plan_households as h, plan_placements as p};
        let homes = p::table.filter(p::plan_id.eq(id)).select(p::household_id);
        let all = h::table.filter(h::plan_id.eq(id)).filter(h::household_id.eq_any(homes)).filter(h::weight.gt(0));
        Ok(all.count().get_result(conn)?)
    });
    assert_eq!(covered, plan.covered_after - plan.covered_before);

    let app = TestApp::new(db);
    let shown = app.get(&format!("/plans/{id}"));
    let price = prices.iter().find(|row| row.posting_id == any).unwrap();
    assert_eq!(shown["scarcest"][0]["posting"]["id"], any.to_string(), "{shown}");
    assert_eq!(shown["scarcest"][0]["price"].as_i64(), Some(price.price));
    assert!(price.price > plan.fold_covered / 2, "one more place covers one more household: {price:?}");
    assert_eq!(
        shown["uncovered"].as_array().unwrap().iter().map(|row| row["households"].as_i64().unwrap()).sum::<i64>(),
        1
    );
    let link = shown["uncovered"][0]["list"].as_str().unwrap();
    assert_eq!(app.raw("GET", link).send().expect(200).body["items"].as_array().unwrap().len(), 1, "{link}");
}

fn who_wants_no_automation_is_in_no_plan(db: &TestDb) {
    let mut town = Town::new(db);
    let no_automation = |data| ResidentData { no_automated_recommendation: true, ..data };
    let home = town.home_with(&[Young], MonitoringClass::None, no_automation);
    let posting = town.posting(false, 1);
    let id = town.propose();
    let app = TestApp::new(db);
    assert_eq!(placements(&app, &id.to_string()), []);
    // A counselor's pin is a person's decision.
    let pin = json!({"resident_id": home.members[0].to_string(), "posting_id": posting.to_string(), "kind": "pin", "reason": "本人同意"});
    app.create("/plan-pins", &pin);
    let plan = proposed(&app);
    assert_eq!(placements(&app, &crate::api::app::id(&plan)), [(home.members[0], posting)]);
    assert_eq!(plan["overrides"][0]["households"], -1, "without the pin one household less: {plan}");
    assert_eq!(verify(&db.db, crate::api::app::id(&plan).parse().unwrap()).unwrap().verdict, Verdict::Proved);
}

fn a_monitored_household_weighs_what_the_setting_says(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Old]);
    let watched = town.home_with(&[Old], MonitoringClass::Unstable, |data| data);
    town.posting(false, 1);
    let first = town.propose();
    settings::set(&db.db, settings::PLAN_WEIGHT_MONITORED, "3", today()).unwrap();
    let second = town.propose();
    let of = |id| db.read(|conn| Ok((plans::get(conn, id)?.data, plans::placements::of_plan(conn, id)?)));
    assert_eq!(of(first).0.covered, 1);
    let (plan, rows) = of(second);
    assert_eq!((plan.covered, plan.covered_after), (3, 1));
    assert_eq!(rows[0].household_id, watched.id);
    assert_eq!(verify(&db.db, first).unwrap().verdict, Verdict::RecordsChanged, "the setting is part of the input");
    assert!(settings::set(&db.db, settings::PLAN_WEIGHT_MONITORED, "0", today()).is_err());
}

fn threads_change_nothing(db: &TestDb) {
    let mut town = Town::new(db);
    for n in 0..30 {
        town.home(if n % 3 == 0 { &[Young, Old] } else { &[Old] });
    }
    for n in 0..6 {
        town.posting(n % 2 == 0, 2);
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let id = pool.install(|| town.propose());
        db.read(|conn| {
            Ok(format!(
                "{:?} {:?} {:?} {:?} {:?}",
                plans::get(conn, id)?.data,
                plans::placements::of_plan(conn, id)?,
                plans::prices::of_plan(conn, id)?,
                plans::baselines::of_plan(conn, id)?,
                plans::changes::of_plan(conn, id)?,
            )
            .replace(&format!("plan_id: {id},"), ""))
        })
    };
    assert_eq!(with(1), with(2));
}

fn a_damaged_plan_is_not_proved(db: &TestDb) {
    use wangjia::db::schema::{plan_placements, plan_prices, plans};
    let mut town = Town::new(db);
    town.home(&[Old]);
    town.home(&[Old]);
    town.posting(false, 1);
    let id = town.propose();
    assert_eq!(verify(&db.db, id).unwrap().verdict, Verdict::Proved);
    db.write(|conn| {
        Ok(diesel::update(plan_prices::table).set(plan_prices::price.eq(plan_prices::price + 1)).execute(conn)?)
    });
    assert_eq!(verify(&db.db, id).unwrap().verdict, Verdict::Violated("not_proved"));
    db.write(|conn| {
        Ok(diesel::update(plan_prices::table).set(plan_prices::price.eq(plan_prices::price - 1)).execute(conn)?)
    });
    db.write(|conn| {
        Ok(diesel::update(plans::table).set(plans::suitability.eq(plans::suitability + 1)).execute(conn)?)
    });
    assert_eq!(verify(&db.db, id).unwrap().verdict, Verdict::Violated("wrong_objective"));
    db.write(|conn| {
        Ok(diesel::update(plans::table).set(plans::suitability.eq(plans::suitability - 1)).execute(conn)?)
    });
    db.write(|conn| Ok(diesel::delete(plan_placements::table).execute(conn)?));
    assert_eq!(verify(&db.db, id).unwrap().verdict, Verdict::Violated("wrong_number_of_placements"));
}

/// Whatever is changed of a plan in the database is found, also where the sums still agree, and also once the records have changed.
fn no_row_of_a_plan_can_be_altered(db: &TestDb) {
    let mut town = Town::new(db);
    town.home(&[Old]);
    town.home(&[Old, Young]);
    let posting = town.posting(false, 1);
    let app = TestApp::new(db);
    let resident = town.home(&[Young]).members[0];
    let forbid = json!({"resident_id": resident.to_string(), "posting_id": posting.to_string(), "kind": "forbid", "reason": "本人要求"});
    app.create("/plan-pins", &forbid);
    let alterations = [
        "UPDATE plans SET covered_before = covered_before + 1, covered_after = covered_after + 1, uncovered = uncovered - 1 WHERE id = {}",
        "UPDATE plans SET households = households + 5 WHERE id = {}",
        "UPDATE plans SET promises = 9 WHERE id = {}",
        "UPDATE plan_baselines SET covered = 40, households = 40 WHERE plan_id = {}",
        "UPDATE plan_households SET state = 'exempt', class = NULL, evidence = NULL WHERE state = 'uncovered' AND plan_id = {}",
        "UPDATE plan_households SET evidence = '{{}}' WHERE state = 'uncovered' AND plan_id = {}",
        "UPDATE plan_placements SET pinned = TRUE WHERE plan_id = {}",
        "UPDATE plan_overrides SET covered_without = covered_without + 1 WHERE plan_id = {}",
        "UPDATE plan_changes SET to_posting_id = NULL WHERE plan_id = {}",
        "DELETE FROM plan_gaps WHERE plan_id = {}",
    ];
    let verdict = |id| verify(&db.db, id).unwrap().verdict;
    let mut altered = Vec::new();
    for alteration in alterations {
        let id = town.propose();
        assert_eq!(verdict(id), Verdict::Proved);
        let sql = alteration.replace("{}", &id.to_string()).replace("{{", "{").replace("}}", "}");
        let changed = db.write(|conn| Ok(diesel::sql_query(sql.as_str()).execute(conn)?));
        assert!(changed > 0, "{alteration}");
        assert!(matches!(verdict(id), Verdict::Violated(_)), "{alteration}: {:?}", verdict(id));
        altered.push(id);
    }
    let untouched = town.propose();
    town.home(&[Old]);
    assert_eq!(verdict(untouched), Verdict::RecordsChanged);
    for id in altered {
        assert!(matches!(verdict(id), Verdict::Violated(_)), "plan {id}");
    }
}

fn lists_come_in_pages_and_refuse_what_they_do_not_know(db: &TestDb) {
    let mut town = Town::new(db);
    for _ in 0..5 {
        town.home(&[Old]);
    }
    town.posting(false, 3);
    town.posting(true, 3);
    let id = town.propose();
    let app = TestApp::new(db);
    for (list, all) in [("placements", 3), ("households", 5), ("prices", 2), ("diff", 3)] {
        let mut path = format!("/plans/{id}/{list}?limit=2");
        let mut found = 0;
        loop {
            let page = app.get(&path);
            found += page["items"].as_array().unwrap().len();
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/plans/{id}/{list}?limit=2&cursor={cursor}");
        }
        assert_eq!(found, all, "{list}");
        app.request("GET", &format!("/plans/{id}/{list}?page=2")).send().field("?page", "unknown");
        app.request("GET", &format!("/plans/77/{list}")).send().problem(404, "not_found");
    }
    let uncovered = app.get(&format!("/plans/{id}/households?state=uncovered"));
    assert_eq!(uncovered["items"].as_array().unwrap().len(), 2);
    app.request("GET", &format!("/plans/{id}/households?class=lazy")).send().field("?class", "not_in_list");
}
