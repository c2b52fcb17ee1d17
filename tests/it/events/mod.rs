//! Events: everything that became of a fact, in the order of the commits, and the past replayed from them.

mod follow;
mod order;
mod past;
mod upkeep;

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::{Value, json};
use wangjia::db::schema::events;

use crate::api::app::{TestApp, id};
use crate::support::TestDb;

/// Every event the caller may see, page by page.
fn followed(app: &TestApp, token: &str, page: u32) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let answer = app.by(token, "GET", &format!("/events?after={after}&limit={page}")).send().expect(200).body;
        let items = answer["items"].as_array().unwrap().clone();
        let next = answer["next"].as_str().unwrap().to_owned();
        if items.is_empty() {
            assert_eq!(next, after, "nothing new: go on from where one was");
            return found;
        }
        assert_eq!(items.last().unwrap()["position"], next.as_str());
        found.extend(items);
        after = next;
    }
}

fn number(event: &Value, name: &str) -> i64 {
    event[name].as_i64().or_else(|| event[name].as_str()?.parse().ok()).unwrap_or_else(|| panic!("{name}: {event}"))
}

/// What another system knows after following: the last data of each record.
fn folded(followed: &[Value]) -> BTreeMap<(String, i64), Value> {
    let mut known = BTreeMap::new();
    for event in followed {
        let key = (event["kind"].as_str().unwrap().to_owned(), number(event, "record_id"));
        match event["operation"].as_str().unwrap() {
            "removed" => drop(known.remove(&key)),
            _ => drop(known.insert(key, event["data"].clone())),
        }
    }
    known
}

/// The references and the data of an event as they are stored.
type Stored = (Option<i64>, Option<i64>, Option<i64>, Option<String>);

/// Positions and texts of all events, by the table itself.
fn stored(db: &TestDb) -> Vec<Stored> {
    db.read(|conn| {
        let columns = (events::position, events::community_id, events::seq, events::data);
        Ok(events::table.order(events::id).select(columns).load(conn)?)
    })
}

fn last_position(db: &TestDb) -> i64 {
    db.read(wangjia::db::events::last)
}

/// A household with its head.
fn family(app: &TestApp, building: &str, name: &str, birth: &str, order: u16) -> (String, String) {
    let (household, resident) = (app.household(building), app.resident(name, birth, order));
    join(app, &household, &resident, "head");
    (household, resident)
}

fn join(app: &TestApp, household: &str, resident: &str, relation: &str) {
    let member = json!({"resident_id": resident, "relation": relation, "valid_from": "2026-01-01"});
    app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
}

fn job(app: &TestApp, resident: &str, body: &Value) -> String {
    id(&app.create(&format!("/residents/{resident}/spells"), body))
}
