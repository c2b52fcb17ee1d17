//! What a run did, on its page and in the API: gates add up, groups add up, what is missing is said.

use serde_json::Value;
use wangjia::app::recommendations::run_all;

use super::support::{Desk, number, town};
use crate::accounts::support::noon;
use crate::api::app::TestApp;
use crate::support::{TestDb, on_both};

on_both!(a_run_is_told_with_gates_that_add_up_and_with_what_it_does_not_measure);

fn a_run_is_told_with_gates_that_add_up_and_with_what_it_does_not_measure(test: &TestDb) {
    town(test, str::to_owned);
    let made = run_all(&test.db, noon().date(), 5, &|_, _| Ok(())).unwrap();
    let app = TestApp::new(test);
    let path = format!("/recommendation-runs/{}/transparency", made.run);
    let told = app.get(&path);
    let n = |name: &str| told[name].as_u64().unwrap();
    assert_eq!((n("pairs"), n("eligible")), (made.n_pairs, made.n_eligible));
    assert_eq!(told["same_records"], true);
    let sum = |rows: &Value, field: &str| {
        rows.as_array().unwrap().iter().map(|row| row[field].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(
        sum(&told["gates"], "first") + n("eligible"),
        n("pairs"),
        "every pair is removed by one gate first, or eligible"
    );
    for gate in told["gates"].as_array().unwrap() {
        assert!(gate["any"].as_u64() >= gate["first"].as_u64(), "{gate}");
    }
    let legal = told["gates"].as_array().unwrap().iter().find(|gate| gate["gate"] == "age_legal").unwrap();
    assert!(legal["article"]["zh"].as_str().is_some_and(|article| article.contains('第')), "{legal}");
    assert!(n("pool") > 0);
    for grouping in told["groupings"].as_array().unwrap() {
        assert_eq!(sum(&grouping["groups"], "people"), n("pool"), "{grouping}");
        assert_eq!(sum(&grouping["groups"], "recommended"), n("recommended"), "{grouping}");
    }
    // Whoever was recommended by this run was shown; the others never were.
    for never in told["never_shown"].as_array().unwrap() {
        assert_eq!(never["people"].as_u64().unwrap(), n("pool") - n("recommended"), "{never}");
    }
    assert_eq!(told["not_measured"].as_array().unwrap().len(), 5);
    assert!(told["weights"].as_array().unwrap().iter().any(|weight| weight["n"].as_i64() > Some(0)));
    // A record that changes afterwards is said.
    let desk = Desk::new(test);
    assert!(desk.page("/fairness").contains(&format!("/fairness/runs/{}", made.run)));
    let page = desk.page(&format!("/fairness/runs/{}", made.run));
    assert_eq!((number(&page, "pairs"), number(&page, "eligible")), (made.n_pairs, made.n_eligible));
    assert!(page.contains("当时的记录重算"));
    let english = desk.page(&format!("/fairness/runs/{}?lang=en", made.run));
    assert!(english.contains("How the score is made") && !english.contains("分数怎么算"));
    test.write(|conn| {
        use diesel::prelude::*;
        use wangjia::db::schema::residents::dsl;
        diesel::update(dsl::residents).set(dsl::willing.eq(false)).execute(conn)?;
        Ok(())
    });
    assert_eq!(app.get(&path)["same_records"], false);
    app.request("GET", "/recommendation-runs/999/transparency").send().problem(404, "not_found");
}
