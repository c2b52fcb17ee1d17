//! Cards: the allow-list is a file, and nothing else of a person is in an answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wangjia::api::routes;

use super::town::{FREE_TEXT, PHONE, Town};
use crate::api::app::TestApp;
use crate::support::{TestDb, on_both};

on_both!(a_card_holds_the_allow_list_and_nothing_else, two_employers_cannot_join_their_lists, few_are_not_counted);

const GOLDEN: &str = include_str!("../golden/candidate_card.txt");

/// `path.to.key` of everything in a value; `[]` for the entries of a list.
fn keys_of(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                found.insert(path.clone());
                keys_of(value, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys_of(item, &format!("{path}[]"), found)),
        _ => {}
    }
}

/// The same of a schema of the document.
fn keys_of_schema(document: &Value, schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return keys_of_schema(document, &document.pointer(&reference[1..]).unwrap().clone(), path, found);
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        found.insert(path.clone());
        keys_of_schema(document, property, &path, found);
    }
    if let Some(items) = schema.get("items") {
        keys_of_schema(document, items, &format!("{path}[]"), found);
    }
}

fn golden() -> BTreeSet<String> {
    GOLDEN.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn the_documented_card_is_the_reviewed_one() {
    let document: Value = serde_json::from_str(&routes::document_json().unwrap()).unwrap();
    let answer = &document["paths"]["/api/v1/postings/{id}/cards"]["get"]["responses"]["200"]["content"];
    let mut found = BTreeSet::new();
    keys_of_schema(&document, &answer["application/json"]["schema"], "", &mut found);
    assert_eq!(found, golden(), "review tests/it/golden/candidate_card.txt before a field reaches an employer");
}

fn a_card_holds_the_allow_list_and_nothing_else(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let child = town.person("2010-11-23");
    let (_, posting) = town.employer("第一制衣");
    app.patch(&format!("/postings/{posting}"), &json!({"certificates": ["健康证"]})).expect(200);
    let answer = town.as_hr(&posting, "GET", &format!("/postings/{posting}/cards")).send().expect(200);
    let mut found = BTreeSet::new();
    keys_of(&answer.body, "", &mut found);
    assert_eq!(found, golden(), "review tests/it/golden/candidate_card.txt before a field reaches an employer");
    let cards = answer.body["items"].as_array().unwrap();
    assert_eq!(cards.len(), 1, "who is 16 today counts from tomorrow: {child}");
    let card = &cards[0];
    assert_eq!(card["age_band"], "30-39");
    assert_eq!(card["experience_years"], "3-5", "fifty months of the trade");
    assert_eq!(card["skills"], json!([{"name": "平缝", "level": 3}]), "free text stays");
    assert_eq!(card["certificates"], json!([{"name": "健康证", "valid": true}]), "only what is asked for");
    assert_eq!(card["reasons"], json!(["会平缝", "会锁边更好"]));
    assert_eq!(card["hours_fit"], false, "the posting gives no hours");
    // The code is random digits: any short number may be in it.
    let text = String::from_utf8(answer.bytes).unwrap().replace(card["card"].as_str().unwrap(), "");
    for secret in [
        PHONE,
        FREE_TEXT,
        "龙2妹",
        "1988",
        "05-01",
        "残疾",
        "苗",
        "chronic",
        "ordinary",
        "2777",
        "2111",
        "43",
        "腰",
        "529900",
        "第一网格",
        "1号楼",
        "female",
        "resident",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(!text.contains(&format!("\"{person}\"")));
    let english =
        town.as_hr(&posting, "GET", &format!("/postings/{posting}/cards")).header("accept-language", "en").send();
    assert!(!english.expect(200).body["items"][0]["reasons"].to_string().contains('会'));
    town.as_hr(&posting, "GET", "/postings/999/cards").send().problem(404, "not_found");
    town.as_hr(&posting, "GET", &format!("/postings/{posting}/cards?limit=0")).send().field("?limit", "out_of_range");
}

fn two_employers_cannot_join_their_lists(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    for birth in ["1980-01-01", "1985-01-01", "1990-01-01"] {
        town.person(birth);
    }
    let (employer, first) = town.employer("第一制衣");
    let (_, other) = town.employer("第二制衣");
    let second = app.posting(&employer, 3);
    let codes = |posting: &str| {
        let cards = town.cards(posting);
        cards.iter().map(|card| card["card"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(codes(&first).len(), 3);
    assert_eq!(codes(&first), codes(&second), "an employer knows a person by one code");
    assert!(codes(&first).is_disjoint(&codes(&other)));
    assert!(codes(&first).iter().all(|code| code.len() == 32));
}

fn few_are_not_counted(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let (_, posting) = town.employer("第一制衣");
    let total = |town: &Town<'_>| {
        let cards = town.as_hr(&posting, "GET", &format!("/postings/{posting}/cards")).send().expect(200);
        cards.body["total"].clone()
    };
    assert_eq!(total(&town), json!({"value": 0, "below": null}));
    let mut people = Vec::new();
    for n in 0..9 {
        people.push(town.person(&format!("198{n}-01-01")));
    }
    assert_eq!(total(&town), json!({"value": null, "below": 10}));
    for n in 0..15 {
        people.push(town.person(&format!("19{}-03-01", 70 + n)));
    }
    assert_eq!(total(&town), json!({"value": 24, "below": null}));
    let cards = town.cards(&posting);
    assert_eq!(cards.len(), 20, "an employer sees the best twenty");
    let suitability = |card: &Value| card["suitability"].as_u64().unwrap();
    assert!(cards.windows(2).all(|pair| suitability(&pair[0]) >= suitability(&pair[1])));
    // Who asks to be left out is not counted either.
    app.patch(&format!("/residents/{}", people[0]), &json!({"profile": {"no_automated_recommendation": true}}))
        .expect(200);
    app.patch(&format!("/residents/{}", people[1]), &json!({"profile": {"restricted": true}})).expect(200);
    assert_eq!(total(&town), json!({"value": 22, "below": null}));
}
