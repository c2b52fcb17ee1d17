//! Values planted in every way stand in no log line and no metric: names, numbers, phones, passwords, tokens, reasons.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::percent;
use super::world::operations;
use crate::api::app::id_number;
use crate::support::command::{text, wangjia};

const NAME: &str = "canarybird杨";
const PHONE: &str = "13987651234";
const PASSWORD: &str = "canary sings at four in the morning";
const REASON: &str = "canary理由季度抽查";
const NOTE: &str = "canarynote 家中有病人";

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn logs_and_metrics_hold_nothing_planted() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = wangjia(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    run(&["migrate"]);
    run(&["settings", "set", "second_factor_required", "none", "--from", "2020-01-01"]);
    run(&[
        "user",
        "add",
        "canary-login",
        "--name",
        NAME,
        "--role",
        "counselor",
        "--role",
        "official",
        "--role",
        "administrator",
    ]);
    let said = run(&["token", "add", "canary-login", "--label", "test"]);
    let token = said.split_whitespace().find(|word| word.starts_with("wjt_")).unwrap().to_owned();
    let mut server = Server(
        Command::new(env!("CARGO_BIN_EXE_wangjia"))
            .args(["serve", "--bind", "127.0.0.1:0", "--log-format", "json"])
            .env("WANGJIA_LOG", "trace")
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut log = BufReader::new(server.0.stderr.take().unwrap());
    let mut written = String::new();
    let address = loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "the server ended: {written}");
        let found = line.split("http://").nth(1).map(|rest| rest.split(['/', '（']).next().unwrap().to_owned());
        written.push_str(&line);
        if let Some(address) = found {
            break address;
        }
    };
    let reader = std::thread::spawn(move || {
        let mut rest = String::new();
        log.read_to_string(&mut rest).unwrap();
        rest
    });
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let once = |method: &str, path: &str, body: Option<&str>, bearer: &str| {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{address}{path}"))
            .header("authorization", format!("Bearer {bearer}"))
            .header("x-access-reason", percent(REASON))
            .header("x-request-id", "canary-request\u{1b}[31m".escape_default().to_string())
            .header("idempotency-key", "canary-key")
            .header("content-type", "application/json");
        let request = request.body(body.unwrap_or_default().to_owned()).unwrap();
        let mut answer = agent.run(request).unwrap();
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_to_string().unwrap_or_default())
    };
    // What was turned away as too many was not looked at: it is sent until it is.
    let call = |method: &str, path: &str, body: Option<&str>, bearer: &str| loop {
        match once(method, path, body, bearer) {
            (429, answer) if answer.contains("too_many_requests") => std::thread::sleep(Duration::from_millis(50)),
            looked_at => break looked_at,
        }
    };
    let number = id_number("1990-03-07", 11);
    let resident = json!({"name": NAME, "id_number": number, "phone": PHONE, "note": NOTE}).to_string();
    let (status, made) = call("POST", "/api/v1/residents", Some(&resident), &token);
    assert_eq!(status, 201, "{made}");
    let id = serde_json::from_str::<Value>(&made).unwrap()["id"].as_str().unwrap().to_owned();
    let sign_in = json!({"login": "canary-login", "password": PASSWORD}).to_string();
    assert_eq!(call("POST", "/api/v1/auth/sign-in", Some(&sign_in), "wjs_canarytoken").0, 401);
    // Every operation, with the planted values in path, query and body, well formed and not.
    for (method, path, _) in operations() {
        for record in [id.as_str(), number.as_str(), "canarybird"] {
            let path = path.replace("{id}", record);
            let body =
                json!({"name": NAME, "id_number": number, "canaryfield": PHONE, "note": NOTE, "password": PASSWORD});
            let body = (method != "GET").then(|| body.to_string());
            call(&method, &path, body.as_deref(), &token);
            call(&method, &format!("{path}?name=canarybird&phone={PHONE}"), Some("{\"canary\": "), &token);
        }
    }
    call("GET", &format!("/canarypath/{number}"), None, "wjt_canarytoken");
    let (status, metrics) = call("GET", "/metrics", None, &token);
    assert_eq!(status, 200, "{metrics}");
    drop(server);
    written.push_str(&reader.join().unwrap());
    assert!(written.lines().count() > 500, "the log has {} lines", written.lines().count());
    let stem = token.split_once('_').unwrap().1;
    for planted in ["canary", PHONE, PASSWORD, REASON, NOTE, number.as_str(), stem, "杨", "季度抽查"] {
        for (what, where_) in [("log", &written), ("metrics", &metrics)] {
            let line = where_.lines().find(|line| line.to_lowercase().contains(&planted.to_lowercase()));
            assert!(line.is_none(), "{planted} stands in the {what}: {}", line.unwrap_or_default());
        }
    }
    // One event is one line: nothing sent broke out of it.
    for line in written.lines().filter(|line| !line.is_empty()).skip(1) {
        assert!(serde_json::from_str::<Value>(line).is_ok() || line.contains("http://"), "{line}");
    }
}
