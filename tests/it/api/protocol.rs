//! What holds for every request: errors, limits, languages, headers, pages of lists, preconditions.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;
use wangjia::api::server::{Door, ServeError, listen};
use wangjia::domain::text::Lang;

use super::app::{DEADLINE, TestApp, id};
use crate::support::{TestDb, on_both};

on_both!(lists_come_in_pages, updates_need_the_version_read, the_service_tells_its_state);

fn lists_come_in_pages(db: &TestDb) {
    let app = TestApp::new(db);
    let all: Vec<String> = (0..7).map(|n| app.employer(&format!("企业{n}"))).collect();
    let mut seen = Vec::new();
    let mut path = "/employers?limit=3".to_owned();
    for page in 0..9 {
        let body = app.get(&path);
        seen.extend(body["items"].as_array().unwrap().iter().map(id));
        if page == 0 {
            // A row that comes in between is on a later page, and none is shown twice or left out.
            seen.push(app.employer("后来的企业"));
            seen.pop();
        }
        match body["next_cursor"].as_str() {
            Some(cursor) => path = format!("/employers?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 8);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 8);
    assert!(all.iter().all(|id| seen.contains(id)));

    let cursor = app.get("/employers?limit=3")["next_cursor"].as_str().unwrap().to_owned();
    let mut changed = cursor.clone().into_bytes();
    changed[0] = if changed[0] == b'1' { b'2' } else { b'1' };
    let changed = String::from_utf8(changed).unwrap();
    for bad in [
        format!("/employers?cursor={changed}"),
        "/employers?cursor=zz".to_owned(),
        "/employers?cursor=".to_owned(),
        format!("/employers?cursor={cursor}&kind=local"),
        format!("/skills?cursor={cursor}"),
    ] {
        app.request("GET", &bad).send().field("?cursor", "bad_cursor");
    }
    for bad in ["0", "101", "-1", "1.5", "+5", "x", "", "99999999999999999999"] {
        app.request("GET", &format!("/employers?limit={bad}")).send().field("?limit", "out_of_range");
    }
    app.request("GET", "/employers?limit=1&limit=2").send().field("?limit", "repeated");
    app.request("GET", "/employers?offset=2").send().field("?offset", "unknown");
    app.request("GET", "/employers?kind=factory").send().field("?kind", "not_in_list");
    app.request("GET", "/employers/1?x=1").send().field("?x", "unknown");
    assert_eq!(app.get("/employers?name=%E5%90%8E%E6%9D%A5")["items"].as_array().unwrap().len(), 1);
}

fn updates_need_the_version_read(db: &TestDb) {
    let app = TestApp::new(db);
    let path = format!("/employers/{}", app.employer("景航服装"));
    let first = app.etag(&path);
    let patch = || app.request("PATCH", &path).json(&json!({"industry": "服装"}));
    patch().send().problem(428, "if_match_required");
    patch().header("if-match", "\"v9\"").send().problem(412, "changed_since_read");
    patch().header("if-match", &format!("W/{first}")).send().problem(412, "changed_since_read");
    patch().header("if-match", "nonsense").send().problem(412, "changed_since_read");
    let done = patch().header("if-match", &format!("\"other\", {first}")).send().expect(200);
    assert_eq!(done.body["industry"], "服装");
    let second = done.header("etag");
    assert_ne!(first, second);
    // Somebody else still holds the first version: his change is lost, not ours.
    patch().header("if-match", &first).send().problem(412, "changed_since_read");
    patch().header("if-match", "*").send().expect(200);
    // A merge patch: absent stays, null clears, unknown and misplaced fields are refused and change nothing.
    let cleared = app.patch(&path, &json!({"industry": null, "address": "A区3号"})).expect(200).body;
    assert!(cleared["industry"].is_null() && cleared["address"] == "A区3号" && cleared["name"] == "景航服装");
    // A patch that says nothing writes nothing.
    let version = app.etag(&path);
    assert_eq!(app.patch(&path, &json!({})).expect(200).header("etag"), version);
    app.request("PATCH", &path).header("if-match", &first).json(&json!({})).send().problem(412, "changed_since_read");
    app.patch(&path, &json!({"owner": "x"})).field("/owner", "unknown");
    app.patch(&path, &json!({"id": "7"})).field("/id", "unknown");
    app.patch(&path, &json!({"name": null})).field("/name", "missing");
    app.patch(&path, &json!({"kind": "bank"})).field("/kind", "not_in_list");
    app.patch(&path, &json!([1])).field("", "wrong_type");
    assert_eq!(app.get(&path)["address"], "A区3号");
}

fn the_service_tells_its_state(db: &TestDb) {
    let app = TestApp::new(db);
    assert_eq!(app.raw("GET", "/healthz").send().expect(200).body["status"], "ok");
    assert_eq!(app.raw("GET", "/readyz").send().expect(200).body["status"], "ok");
    app.get("/settings");
    let metrics = String::from_utf8(app.raw("GET", "/metrics").send().expect(200).bytes).unwrap();
    assert!(metrics.contains("http_requests_total") && metrics.contains("/api/v1/settings"), "{metrics}");
    assert_eq!(app.get("/scoring-policies/current")["version"], 1);
    assert!(app.get("/settings")["items"].as_array().unwrap().iter().any(|s| s["key"] == "decent_pay"));
    assert!(!app.get("/scoring-policies")["items"].as_array().unwrap().is_empty());
}

#[test]
fn a_wrong_address_or_method_is_answered_as_such() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    app.raw("GET", "/nowhere").send().problem(404, "not_found");
    for bad in ["999999", "0", "-1", "1x", "%00", "9223372036854775808", "01"] {
        app.request("GET", &format!("/employers/{bad}")).send().problem(404, "not_found");
    }
    for method in ["DELETE", "PUT", "OPTIONS", "TRACE", "BREW"] {
        let answer = app.request(method, "/employers").send().problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, POST, HEAD", "{method}");
    }
    let head = app.request("HEAD", "/employers").send().expect(200);
    assert!(head.bytes.is_empty());
    assert_eq!(app.raw("GET", "/docs").send().status, 307);
    let docs = app.raw("GET", "/docs/").send().expect(200);
    assert!(String::from_utf8(docs.bytes).unwrap().contains("swagger-ui"));
    let initializer = app.raw("GET", "/docs/swagger-initializer.js").send().expect(200);
    let initializer = String::from_utf8(initializer.bytes).unwrap();
    assert!(
        initializer.contains("/openapi.json") && initializer.contains("\"validatorUrl\": \"none\""),
        "{initializer}"
    );
    // A person is answered by pages: led to where work begins, told of a mistyped address in words.
    assert_eq!(app.raw("GET", "/").send().status, 303);
    let page = app.raw("GET", "/sign-in").send().expect(200);
    assert!(String::from_utf8(page.bytes).unwrap().contains("旺家"));
    let mistyped = app.raw("GET", "/nowhere").header("accept", "text/html").send().expect(404);
    assert!(String::from_utf8(mistyped.bytes).unwrap().contains("<h1>"));
}

#[test]
fn bodies_are_read_strictly() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    let post = || app.request("POST", "/employers");
    post().send().problem(415, "unsupported_media_type");
    post().body("text/plain", b"{}").send().problem(415, "unsupported_media_type");
    post().body("application/json; charset=gbk", b"{}").send().problem(415, "unsupported_media_type");
    post().header("content-encoding", "gzip").json(&json!({})).send().problem(415, "unsupported_media_type");
    post().body("application/json", b"{").send().problem(400, "malformed_json");
    let cut = post().body("application/json", b"{\n  \"name\": \"x\",\n}").send().problem(400, "malformed_json");
    assert_eq!(cut.body["detail"], "第 3 行第 1 列附近。");
    post().body("application/json", b"\xef\xbb\xbf{}").send().problem(400, "malformed_json");
    post().json(&json!({"kind": "tenant"})).send().field("/name", "missing");
    post().json(&json!({"name": "甲", "kind": "tenant", "version": 3})).send().field("/version", "unknown");
    post().body("application/json", br#"{"name":"a","name":"b","kind":"local"}"#).send().field("/name", "repeated");
    for (name, code) in [
        ("", "empty"),
        (" 甲", "bad_text"),
        ("甲\u{200b}", "bad_text"),
        ("甲\u{0}", "bad_text"),
        ("\u{202e}甲", "bad_text"),
    ] {
        post().json(&json!({"name": name, "kind": "local"})).send().field("/name", code);
    }
    post().json(&json!({"name": "甲".repeat(201), "kind": "local"})).send().field("/name", "too_long");
    post()
        .json(&json!({"name": "甲", "kind": "local", "tenant_until": "2026-02-29"}))
        .send()
        .field("/tenant_until", "bad_date");
    post()
        .json(&json!({"name": "甲", "kind": "local", "credit_code": "91520600MA6DL1R270"}))
        .send()
        .field("/credit_code", "bad_credit_code");
    // Composed and decomposed spellings of a name are one name.
    post().json(&json!({"name": "Cafe\u{301}", "kind": "local"})).send().expect(201);
    post().json(&json!({"name": "Caf\u{e9}", "kind": "local"})).send().problem(409, "already_exists");
    let body = app.request("POST", "/auth/sign-out").json(&json!({})).send();
    body.field("", "unknown");
    assert!(app.get("/employers")["items"].as_array().unwrap().len() == 1);
}

#[test]
fn errors_speak_the_language_asked_for() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    for (tag, start) in [
        ("", "没有找到"),
        ("zh-CN,en", "没有找到"),
        ("en-GB,zh;q=0.5", "Nothing"),
        ("fr", "没有找到"),
        ("en;q=0.5, zh;q=0.1", "Nothing"),
    ] {
        let title = app.request("GET", "/employers/5").header("accept-language", tag).send().body["title"].clone();
        assert!(title.as_str().unwrap().starts_with(start), "{tag}: {title}");
    }
    let answer = app.request("POST", "/employers").header("accept-language", "en").json(&json!({})).send();
    assert_eq!(answer.field("/name", "missing").body["errors"][0]["message"], "This field is required.");
    // Nothing was to be saved by a reading request.
    let read = app.request("GET", "/employers?limit=x").send();
    assert!(read.status == 422 && !read.body["title"].as_str().unwrap().contains("保存"), "{}", read.body);
}

#[test]
fn every_answer_has_the_safe_headers() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    for path in ["/api/v1/employers", "/api/v1/employers/5", "/nowhere", "/healthz", "/docs/"] {
        let answer = app.raw("GET", path).send();
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    assert_eq!(app.request("GET", "/employers").send().header("cache-control"), "no-store");
    let zipped = app.raw("GET", "/openapi.json").header("accept-encoding", "gzip").send();
    assert_eq!(zipped.header("content-encoding"), "gzip");
}

#[test]
fn a_foreign_page_cannot_use_the_service() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    let host = app.address.to_string();
    let post = || app.request("POST", "/communities").json(&json!({"name": "甲"}));
    post().header("origin", "http://evil.example").send().problem(403, "foreign_site");
    post().header("sec-fetch-site", "cross-site").send().problem(403, "foreign_site");
    app.request("GET", "/communities").header("host", "evil.example").send().problem(403, "foreign_site");
    post().header("origin", &format!("http://{host}")).send().expect(201);
}

#[test]
fn only_this_machine_is_served_without_accounts() {
    for address in ["0.0.0.0:0", "192.168.1.5:0", "[::]:0", "8.8.8.8:80"] {
        let address = address.parse::<SocketAddr>().unwrap();
        let door = Door { address, hosts: vec![], proxies: vec![], tls: None, insecure_http: true };
        let error = door.check(false).unwrap_err();
        assert!(matches!(error, ServeError::NoAccounts(_)));
        assert!(error.text().get(Lang::Zh).contains("127.0.0.1") && error.text().get(Lang::En).contains("127.0.0.1"));
    }
    let taken = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    assert!(matches!(listen(taken.local_addr().unwrap()), Err(ServeError::Listen { .. })));
}

/// What a server answers to bytes written by hand, and after how long.
fn talk(address: SocketAddr, request: &str, drip: Option<Duration>) -> (String, Duration) {
    let started = Instant::now();
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(drip.unwrap_or(Duration::from_secs(30)))).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                answer.extend_from_slice(&buffer[..n]);
                if drip.is_some() {
                    break;
                }
            }
            Err(_) => {
                // One more byte; the server may have closed by now.
                if drip.is_none() || socket.write_all(b" ").is_err() || started.elapsed() > Duration::from_secs(30) {
                    break;
                }
            }
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

#[test]
fn large_and_slow_bodies_are_cut() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    let head = |path: &str, kind: &str, length: usize| {
        let token = &app.token;
        format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\n"
        )
    };
    for (path, kind, length) in [
        ("/api/v1/employers", "application/json", 300_000),
        ("/api/v1/imports", "multipart/form-data; boundary=x", 80_000_000),
    ] {
        let (answer, _) = talk(app.address, &(head(path, kind, length) + "connection: close\r\n\r\n{"), None);
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("body_too_large"), "{answer}");
    }
    for (path, kind) in [
        ("/api/v1/employers", "application/json"),
        ("/api/v1/imports", "multipart/form-data; boundary=x"),
        ("/api/v1/jobs/1/cancel", "text/plain"),
    ] {
        let length = if path.ends_with("cancel") { 0 } else { 1000 };
        if length == 0 {
            continue;
        }
        let request = head(path, kind, length) + "\r\n{";
        let (answer, took) = talk(app.address, &request, Some(Duration::from_millis(200)));
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body_timeout"), "{path}: {answer}");
        assert!(took < DEADLINE * 5, "{path} took {took:?}");
    }
    // A chunked body has no announced length: it is counted.
    let chunk = format!("{:x}\r\n{}\r\n", 200_000, " ".repeat(200_000));
    let request = format!(
        "POST /api/v1/employers HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-type: \
         application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        app.token
    ) + &chunk
        + &chunk
        + "0\r\n\r\n";
    let (answer, _) = talk(app.address, &request, None);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
