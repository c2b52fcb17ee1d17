//! The OpenAPI document: committed, complete, true, and the table of errors walked.

use std::collections::BTreeSet;

use serde_json::Value;
use wangjia::api::error::ErrorCode;
use wangjia::api::routes;
use wangjia::app::error::{FieldCode, Refusal};

use super::app::TestApp;
use crate::support::TestDb;

fn document() -> Value {
    serde_json::from_str(&routes::document_json().unwrap()).unwrap()
}

/// Method, path and operation of everything documented.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().iter();
        let methods =
            methods.filter(|(method, _)| ["get", "post", "put", "patch", "delete"].contains(&method.as_str()));
        methods.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn the_committed_document_is_the_generated_one() {
    let committed = include_str!("../../../openapi/openapi.json");
    let generated = routes::document_json().unwrap();
    assert!(committed == generated, "run: cargo run -- openapi > openapi/openapi.json");
}

#[test]
fn every_documented_operation_answers_and_no_other_method_does() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    let document = document();
    let operations = operations(&document);
    assert!(operations.len() > 60, "{}", operations.len());
    for (method, path, operation) in &operations {
        let address = path.replace("{id}", "1");
        let answer = app.raw(method, &address).send();
        assert_ne!(answer.status, 405, "{method} {path}");
        let documented = operation["responses"].as_object().unwrap();
        assert!(documented.contains_key(&answer.status.to_string()), "{method} {path} answered {}", answer.status);
    }
    let paths: BTreeSet<&String> = operations.iter().map(|(_, path, _)| path).collect();
    for path in paths {
        let mut known: BTreeSet<&str> =
            operations.iter().filter(|(_, other, _)| other == path).map(|(method, ..)| method.as_str()).collect();
        if known.contains("GET") {
            known.insert("HEAD");
        }
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            if !known.contains(method) {
                let answer = app.raw(method, &path.replace("{id}", "1")).send().problem(405, "method_not_allowed");
                let allow = answer.header("allow");
                assert_eq!(allow.split(", ").collect::<BTreeSet<_>>(), known, "{path}");
            }
        }
    }
}

/// The functions registered in the route list, read off its source: `.service(module::function)`.
#[test]
fn every_handler_is_in_the_list() {
    let mut handlers = BTreeSet::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue; // the doors of the pages: no handlers
        }
        let source = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = source.lines().collect();
        for pair in lines.windows(2) {
            let macros = ["#[get(", "#[post(", "#[put(", "#[patch(", "#[delete("];
            if macros.iter().any(|start| pair[0].starts_with(start))
                && let Some(name) = pair[1].strip_prefix("pub async fn ")
            {
                handlers.insert(name.split('(').next().unwrap().to_owned());
            }
        }
    }
    let list = include_str!("../../../src/api/routes.rs");
    for handler in &handlers {
        assert!(list.contains(&format!("::{handler})")), "{handler} is in no route list");
    }
    assert_eq!(handlers.len(), operations(&document()).len());
}

#[test]
fn every_operation_says_what_it_must() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(id.contains('_') && ids.insert(id), "{what}");
        assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{what}");
        let parameters: Vec<&str> = operation["parameters"]
            .as_array()
            .map(|list| list.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect())
            .unwrap_or_default();
        // Answers with secrets are not kept.
        let keyless = ["auth", "accounts"].contains(&operation["tags"][0].as_str().unwrap());
        let has_key = parameters.contains(&"Idempotency-Key");
        assert!(has_key == (method == "POST") || (keyless && !has_key), "{what}");
        if ["PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
            assert!(parameters.contains(&"If-Match"), "{what}");
        }
        if path.contains("{id}") {
            assert!(parameters.contains(&"id"), "{what}");
        }
        let success = operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
        assert_eq!(success.count(), 1, "{what}");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert!(schema["description"].is_string() || name.starts_with("Page_") || name.starts_with("Items_"), "{name}");
        let properties = schema["properties"].as_object();
        for (field, property) in properties.into_iter().flatten() {
            let refers =
                property.get("$ref").is_some() || property.get("oneOf").is_some() || property.get("items").is_some();
            let says = property["description"].is_string()
                || property["example"] != Value::Null
                || property.get("format").is_some();
            assert!(refers || says, "{name}.{field} is not described: {property}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    found.insert(reference.clone());
                }
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in found {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

/// Every code of the table stands in the document, and outside of the table something uses it.
#[test]
fn every_error_code_is_used_and_documented() {
    let document = document();
    let about = document["info"]["description"].as_str().unwrap();
    let mut codes = BTreeSet::new();
    for code in ErrorCode::all() {
        assert!(codes.insert(code.code()), "{} stands twice", code.code());
        assert!(about.contains(&format!("| {} | `{}` |", code.status().as_u16(), code.code())), "{}", code.code());
        assert!(!code.text().zh.is_empty() && !code.text().en.is_empty());
    }
    let mut source = String::new();
    let mut open = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                source.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let used = |name: String| assert!(source.matches(name.as_str()).count() > 0, "{name} is never used");
    for refusal in Refusal::ALL {
        used(format!("Refusal::{refusal:?}"));
    }
    for code in FieldCode::ALL {
        used(format!("FieldCode::{code:?}"));
    }
    for code in ErrorCode::all() {
        if !matches!(code, ErrorCode::Refused(_)) {
            used(format!("ErrorCode::{code:?}"));
        }
    }
}
