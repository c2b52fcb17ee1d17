//! Published figures: no small count, nothing to subtract it from, and always of a finished month.

use serde_json::{Value, json};

use super::town::Town;
use crate::api::app::TestApp;
use crate::support::{TestDb, on_both};

on_both!(the_public_sees_no_few);

fn the_public_sees_no_few(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let by = |by: &str| app.get(&format!("/published/coverage?by={by}"));
    assert_eq!(by("grid")["total"]["households"], json!({"value": 0, "below": null}));
    for n in 0..9 {
        town.stranger(&format!("198{n}-01-01"));
    }
    let few = by("grid");
    assert_eq!(few["as_of"], "2026-10-31");
    assert_eq!(few["total"]["households"], json!({"value": null, "below": 10}));
    assert_eq!(few["groups"][0]["figures"]["uncovered"], json!({"value": null, "below": null}));
    for n in 0..18 {
        let person = town.stranger(&format!("19{}-03-01", 70 + n));
        if n < 14 {
            let job = json!({"channel": "outbound", "start_on": "2026-01-05"});
            app.create(&format!("/residents/{person}/spells"), &job);
        }
    }
    // 27 households in one grid: 14 covered, 13 not.
    let grid = by("grid");
    let group = &grid["groups"][0]["figures"];
    assert_eq!(group["households"], json!({"value": 30, "below": null}));
    assert_eq!((&group["covered"]["value"], &group["uncovered"]["value"]), (&json!(10), &json!(10)));
    // By channel the same households; a few at home would make the rest subtractable.
    fn values(value: &Value, found: &mut Vec<u64>) {
        match value {
            Value::Object(object) if object.contains_key("below") => found.extend(object["value"].as_u64()),
            Value::Object(object) => object.values().for_each(|value| values(value, found)),
            Value::Array(items) => items.iter().for_each(|value| values(value, found)),
            _ => {}
        }
    }
    for key in ["grid", "building", "township", "channel"] {
        let mut found = Vec::new();
        values(&by(key), &mut found);
        assert!(!found.is_empty() && found.iter().all(|value| value % 10 == 0), "{key}: {found:?}");
    }
    app.request("GET", "/published/coverage?by=grid&as_of=2026-11-23").send().field("?as_of", "unknown");
}
