//! A POST sent twice has one effect and one answer.

use serde_json::json;

use super::app::{TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(a_retry_gets_the_first_answer, keys_used_at_once_have_one_effect, refusals_are_kept_too);

fn count(app: &TestApp) -> usize {
    app.get("/employers")["items"].as_array().unwrap().len()
}

fn a_retry_gets_the_first_answer(db: &TestDb) {
    let app = TestApp::new(db);
    let post = |key: &str, name: &str| {
        app.request("POST", "/employers")
            .header("idempotency-key", key)
            .json(&json!({"name": name, "kind": "local"}))
            .send()
    };
    let first = post("k1", "甲公司").expect(201);
    let again = post("k1", "甲公司").expect(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(first.header("etag"), again.header("etag"));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(count(&app), 1);

    // Even after the employer has changed, the answer is the first one.
    let path = format!("/employers/{}", id(&first.body));
    app.patch(&path, &json!({"industry": "包装"})).expect(200);
    assert_eq!(post("k1", "甲公司").expect(201).bytes, first.bytes);

    post("k1", "乙公司").problem(422, "idempotency_key_reused");
    let other_path = app.request("POST", "/communities").header("idempotency-key", "k1");
    other_path.json(&json!({"name": "甲公司", "kind": "local"})).send().field("/kind", "unknown");
    assert_eq!(count(&app), 1);
    post("k2", "乙公司").expect(201);

    for bad in [" ", "", "a b", "钥匙", &"x".repeat(201)] {
        post(bad, "丙公司").field("#Idempotency-Key", "bad_key");
    }
    // Kept for a day at least: nothing is purged after 47 hours, everything after 49.
    let keys = || {
        use diesel::prelude::*;
        db.read(|c| Ok(wangjia::db::schema::idempotency_keys::table.count().get_result::<i64>(c)?))
    };
    assert_eq!(keys(), 2);
    let now = "2026-11-23T04:00:00".parse::<chrono::NaiveDateTime>().unwrap();
    let purge = |hours| {
        let later = now + chrono::TimeDelta::hours(hours);
        db.db.write(|c| wangjia::app::idempotency::purge(c, later)).unwrap();
    };
    purge(47);
    assert_eq!(keys(), 2);
    purge(49);
    assert_eq!(keys(), 0);
}

fn keys_used_at_once_have_one_effect(db: &TestDb) {
    let app = TestApp::new(db);
    let other = TestApp::new(db);
    let apps = [&app, &other];
    for round in 0..5 {
        let name = format!("公司{round}");
        let answers: Vec<(u16, Vec<u8>)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|n| {
                    let (name, app) = (&name, apps[n % 2]);
                    scope.spawn(move || {
                        let call = app.request("POST", "/employers").header("idempotency-key", &format!("key-{round}"));
                        let answer = call.json(&json!({"name": name, "kind": "local"})).send();
                        (answer.status, answer.bytes)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let made: Vec<&Vec<u8>> = answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body).collect();
        assert!(!made.is_empty() && made.iter().all(|body| *body == made[0]), "round {round}");
        let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
        assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
        assert_eq!(count(&app), round + 1);
    }
}

fn refusals_are_kept_too(db: &TestDb) {
    let app = TestApp::new(db);
    let employer = app.employer("甲公司");
    let post = |lang: &str| {
        let call = app.request("POST", "/employers").header("idempotency-key", "k").header("accept-language", lang);
        call.json(&json!({"name": "甲公司", "kind": "local"})).send().problem(409, "already_exists")
    };
    let first = post("zh");
    app.patch(&format!("/employers/{employer}"), &json!({"name": "改名公司"})).expect(200);
    // The reason is gone, the key still stands for its first answer; it speaks the language of the moment.
    let again = post("en");
    assert_ne!(first.body["title"], again.body["title"]);
    assert_eq!(count(&app), 1);
}
