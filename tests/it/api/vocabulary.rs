//! The skill vocabulary and the queue of unknown names.

use serde_json::json;

use super::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(an_unknown_name_is_mapped_once);

fn an_unknown_name_is_mapped_once(db: &TestDb) {
    let app = TestApp::new(db);
    let resident = app.resident("杨胜", "1980-01-01", 1);
    let list = format!("/residents/{resident}/skills");
    let put = |body| app.request("PUT", &list).header("if-match", &app.etag(&list)).json(&body).send().expect(200);
    put(json!({"items": [{"name": "绕线圈儿", "level": 2}]}));
    let queue = app.get("/unmapped-names")["items"].clone();
    assert_eq!((queue[0]["name"].as_str(), queue[0]["times_seen"].as_i64()), (Some("绕线圈儿"), Some(1)));

    let skill = app.create("/skills", &json!({"code": "coil_winding_x", "category": "electronics", "name_zh": "线圈绕制工", "name_en": "coil winding"}));
    let path = format!("/skills/{}", id(&skill));
    let map = |name: &str, skill: &str| {
        app.request("POST", &format!("/unmapped-names/{name}/mapping")).json(&json!({"skill_id": skill})).send()
    };
    let name = id(&queue[0]);
    map(&name, "99999").field("/skill_id", "no_such_record");
    map(&name, &id(&skill)).expect(201);
    map(&name, &id(&skill)).problem(404, "not_found");
    assert!(app.get("/unmapped-names")["items"].as_array().unwrap().is_empty());
    assert_eq!(app.get(&list)["items"][0]["skill_id"], skill["id"], "what was recorded before is mapped too");

    let aliases = app.get(&format!("{path}/aliases"))["items"].clone();
    let names: Vec<&str> = aliases.as_array().unwrap().iter().map(|alias| alias["alias"].as_str().unwrap()).collect();
    assert_eq!(names, ["绕线圈儿"]);
    let add = |alias: &str| app.request("POST", &format!("{path}/aliases")).json(&json!({"alias": alias})).send();
    add("绕线圈儿").problem(409, "already_exists");
    add("平缝").problem(409, "already_exists");
    add("线圈绕制工").problem(409, "already_exists");
    add("绕电感").expect(201);
    let taken = json!({"code": "coil_winding_x", "category": "electronics", "name_zh": "另一个绕法", "name_en": "x"});
    app.request("POST", "/skills").json(&taken).send().problem(409, "already_exists");
    assert_eq!(app.patch(&path, &json!({"name_en": "winding coils"})).expect(200).body["name_en"], "winding coils");
    assert!(!app.get("/skills?category=electronics")["items"].as_array().unwrap().is_empty());
    assert_eq!(app.get("/skills?limit=100")["items"].as_array().unwrap().len(), 100);
}
