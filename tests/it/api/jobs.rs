//! Long work: imports and runs as jobs that can be followed, cancelled and taken up again.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::app::accounts;
use wangjia::app::error::AppError;
use wangjia::app::jobs::{JobKind, Queue};
use wangjia::app::work;
use wangjia::domain::access::Role;

use super::app::{TestApp, id};
use crate::support::{TestDb, on_both};

/// The account the test server's calls come from: its first.
const MINE: Option<i64> = Some(1);

on_both!(
    a_ledger_is_imported_as_a_job,
    a_run_is_stored,
    a_job_outlives_its_worker,
    a_lone_process_frees_what_was_cut_off,
    a_waiting_job_is_cancelled
);

/// The job stays its account's, what the import quotes of people does not. Leaves the roles as they were.
fn what_a_file_said_of_people_goes_with_the_role(db: &TestDb, app: &TestApp, job: &Value) {
    let (path, rows) = (format!("/jobs/{}", id(job)), format!("/jobs/{}/rejected-rows", id(job)));
    let roles = |grants: &[Grant]| {
        let change = |conn: &mut wangjia::app::Connection| {
            let account = accounts::get(conn, 1)?;
            accounts::replace_roles(conn, account.id, account.version, grants, super::app::noon())?;
            Ok::<_, AppError>(account.grants)
        };
        db.db.write(change).unwrap()
    };
    let administrator = Grant { role: Role::Administrator, area: None, employer: None };
    let before = roles(&[administrator]);
    let read = app.request("GET", &path).send().expect(200).body;
    assert!(read["state"] == "succeeded" && read.get("import").is_none(), "{read}");
    app.request("GET", &rows).send().problem(404, "not_found");
    roles(&before);
    app.request("GET", &rows).send().expect(200);
}

const LEDGER: &str = "网格,楼栋,户编号,户主姓名,姓名,与户主关系,性别,身份证号,出生日期,劳动技能,就业状态\n";

fn ledger(id_number: &str) -> String {
    format!("{LEDGER}第一网格,1号楼,H-1,杨胜,杨胜,户主,男,{id_number},1980-01-01,普通劳动力,未就业\n")
}

fn form(parts: &[(&str, Option<&str>, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, file_name, value) in parts {
        let file_name = file_name.map(|file_name| format!("; filename=\"{file_name}\"")).unwrap_or_default();
        body.push_str(&format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"{file_name}\r\n\r\n{value}\r\n"));
    }
    (body + "--x--\r\n").into_bytes()
}

fn upload(app: &TestApp, parts: &[(&str, Option<&str>, &str)]) -> super::app::Answer {
    app.request("POST", "/imports").body("multipart/form-data; boundary=x", &form(parts)).send()
}

fn a_ledger_is_imported_as_a_job(db: &TestDb) {
    let app = TestApp::new(db);
    let good = ledger(&super::app::id_number("1980-01-01", 1));
    let dry = upload(&app, &[("file", Some("台账.csv"), &good), ("dry_run", None, "true")]).expect(202);
    let dry_job = app.wait(&id(&dry.body));
    assert_eq!(dry_job["state"], "succeeded", "{dry_job}");
    assert_eq!((dry_job["import"]["created"].as_u64(), dry_job["result"].is_null()), (Some(1), true), "{dry_job}");
    assert!(app.get("/residents")["items"].as_array().unwrap().is_empty());

    let started =
        upload(&app, &[("file", Some("../../etc/台账.csv"), &good), ("as_of", None, "2026-11-20")]).expect(202);
    assert_eq!(started.header("location"), format!("/api/v1/jobs/{}", id(&started.body)));
    let job = app.wait(&id(&started.body));
    assert_eq!((job["state"].as_str(), job["progress"].as_i64()), (Some("succeeded"), Some(100)), "{job}");
    let import = app.raw("GET", job["result"].as_str().unwrap()).send().expect(200).body;
    assert_eq!((import["file_name"].as_str(), import["as_of"].as_str()), (Some("台账.csv"), Some("2026-11-20")));
    assert_eq!(app.get("/residents")["items"][0]["name"], "杨胜");
    assert_eq!(app.get("/households?code=H-1")["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.get("/imports")["items"], json!([import]));
    app.request("GET", &format!("/jobs/{}/rejected-rows", id(&job))).send().problem(404, "not_found");

    // A wrong check character: the file is stopped, the finding has row and column and no number in the clear.
    let number = super::app::id_number("1980-01-01", 3);
    let last = if number.ends_with('1') { "2" } else { "1" };
    let bad = ledger(&format!("{}{last}", &number[..17]));
    let job = app.wait(&id(&upload(&app, &[("file", Some("a.csv"), &bad)]).expect(202).body));
    assert_eq!((job["import"]["stopped"].as_bool(), job["import"]["errors"].as_u64()), (Some(true), Some(1)), "{job}");
    assert!(!job.to_string().contains(&number[..17]));
    let path = job["result"].as_str().unwrap().to_owned();
    let findings = app.raw("GET", &format!("{path}/findings?severity=error")).send().expect(200).body;
    assert_eq!(findings["items"][0]["row"], 2, "{findings}");
    let english = app.raw("GET", &format!("{path}/findings")).header("accept-language", "en").send().expect(200).body;
    assert_ne!(english["items"][0]["message"], findings["items"][0]["message"]);
    let rows = app.request("GET", &format!("/jobs/{}/rejected-rows", id(&job))).send().expect(200);
    assert!(rows.bytes.starts_with(b"PK") && rows.header("content-disposition").contains("rejected-rows.xlsx"));
    what_a_file_said_of_people_goes_with_the_role(db, &app, &job);

    let job = app.wait(&id(&upload(&app, &[("file", Some("a.csv"), "甲,乙\n1,2\n")]).expect(202).body));
    assert_eq!(job["state"], "failed", "{job}");

    upload(&app, &[("as_of", None, "2026-11-20")]).field("/file", "missing");
    upload(&app, &[("file", Some("a.csv"), "x"), ("file", Some("b.csv"), "y")]).field("/file", "repeated");
    upload(&app, &[("file", Some("a.csv"), "x"), ("path", None, "y")]).field("/path", "unknown");
    upload(&app, &[("file", Some("a.csv"), "x"), ("as_of", None, "heute")]).field("/as_of", "bad_date");
    upload(&app, &[("file", Some("a.csv"), "x"), ("dry_run", None, "1")]).field("/dry_run", "not_in_list");
    app.request("POST", "/imports").json(&json!({})).send().problem(415, "unsupported_media_type");
    app.request("POST", "/imports")
        .body("multipart/form-data; boundary=x", b"--y")
        .send()
        .problem(400, "malformed_request");
    app.request("POST", "/imports").body("multipart/form-data", b"--y").send().problem(400, "malformed_request");
}

fn a_run_is_stored(db: &TestDb) {
    let app = TestApp::new(db);
    let building = app.building();
    let household = app.household(&building);
    let resident = app.resident("杨秀英", "1988-05-01", 22);
    let body = json!({"resident_id": resident, "relation": "head"});
    app.request("POST", &format!("/households/{household}/members")).json(&body).send().expect(200);
    app.posting(&app.employer("景航服装"), 5);
    let start = || {
        let call = app.request("POST", "/recommendation-runs").header("idempotency-key", "run");
        call.json(&json!({"per_resident": 3})).send().expect(202)
    };
    let job = id(&start().body);
    assert_eq!(id(&start().body), job, "a retry starts no second run");
    let job = app.wait(&job);
    assert_eq!(job["state"], "succeeded", "{job}");
    let run = app.raw("GET", job["result"].as_str().unwrap()).send().expect(200).body;
    assert_eq!((run["recommendations"].as_i64(), run["per_resident"].as_i64()), (Some(1), Some(3)), "{run}");
    let list = app.get(&format!("/recommendation-runs/{}/recommendations", id(&run)));
    assert_eq!(list["items"][0]["resident_id"], resident.as_str());
    assert_eq!(app.get("/recommendation-runs")["items"], json!([run]));
    // The newest run's, for everybody, for a resident, for a posting.
    let newest = |query: &str| app.get(&format!("/recommendations{query}"))["items"].clone();
    assert_eq!(newest(""), list["items"]);
    let first = &list["items"][0];
    assert_eq!(first["run_id"], run["id"]);
    let (resident, posting) = (first["resident_id"].as_str().unwrap(), first["posting_id"].as_str().unwrap());
    assert_eq!(newest(&format!("?resident_id={resident}&posting_id={posting}")), json!([first]));
    assert!(newest("?resident_id=9999").as_array().unwrap().is_empty());
    app.request("POST", "/recommendation-runs")
        .json(&json!({"per_resident": 51}))
        .send()
        .field("/per_resident", "out_of_range");
    app.request("GET", "/recommendation-runs/99/recommendations").send().problem(404, "not_found");
    app.request("POST", &format!("/jobs/{}/cancel", id(&job))).send().problem(409, "job_finished");
}

/// A worker that died left the job running under a lease; when that runs out, another takes the job up.
fn a_job_outlives_its_worker(db: &TestDb) {
    let mut app = TestApp::without_workers(db);
    let now = "2026-11-23T04:00:00".parse::<chrono::NaiveDateTime>().unwrap();
    let input = work::frame(&json!({"as_of": "2026-11-23", "per_resident": 3}), &[]).unwrap();
    let enqueue = || db.db.write(|c| Queue::enqueue(c, &db.db, JobKind::RecommendationRun, &input, MINE, now)).unwrap();
    let (left, hopeless) = (enqueue(), enqueue());
    db.write(|c| {
        use wangjia::db::jobs;
        for (id, times) in [(left, 1), (hopeless, 3)] {
            for attempts in 0..times {
                let job = jobs::ClaimedJob { id, kind: String::new(), input_cipher: None, attempts, account_id: None };
                assert!(jobs::take(c, &job, now + TimeDelta::seconds(120), now)?);
            }
        }
        Ok(())
    });
    app.start_workers(db);
    let waiting = id(&app.request("POST", "/recommendation-runs").json(&json!({})).send().expect(202).body);
    assert_eq!(app.wait(&waiting)["state"], "succeeded", "a free job is done first");
    let held = app.get(&format!("/jobs/{left}"));
    assert_eq!(held["state"], "running", "its lease still holds");
    assert!(!held["step"].as_str().unwrap().contains("中断"), "{held}");
    app.advance(TimeDelta::seconds(60));
    let silent = app.get(&format!("/jobs/{left}"));
    assert!(silent["step"].as_str().unwrap().contains("处理被中断，12:03 前会自动继续"), "{silent}");
    app.advance(TimeDelta::seconds(61));
    assert_eq!(app.wait(&left.to_string())["state"], "succeeded");
    let given_up = app.wait(&hopeless.to_string());
    assert_eq!(given_up["state"], "failed", "{given_up}");
    assert!(given_up["step"].as_str().unwrap().contains("放弃"), "{given_up}");
}

/// The only process on a database need not wait for the lease of the one before it.
fn a_lone_process_frees_what_was_cut_off(db: &TestDb) {
    let mut app = TestApp::without_workers(db);
    let now = "2026-11-23T04:00:00".parse::<chrono::NaiveDateTime>().unwrap();
    let input = work::frame(&json!({"as_of": "2026-11-23", "per_resident": 3}), &[]).unwrap();
    let id = db.db.write(|c| Queue::enqueue(c, &db.db, JobKind::RecommendationRun, &input, MINE, now)).unwrap();
    db.write(|c| {
        let job = wangjia::db::jobs::ClaimedJob {
            id,
            kind: String::new(),
            input_cipher: None,
            attempts: 0,
            account_id: None,
        };
        assert!(wangjia::db::jobs::take(c, &job, now + TimeDelta::seconds(120), now)?);
        Ok(())
    });
    db.db.write(wangjia::app::jobs::free_all).unwrap();
    let freed = app.get(&format!("/jobs/{id}"));
    assert_eq!(freed["state"], "queued", "{freed}");
    app.start_workers(db);
    assert_eq!(app.wait(&id.to_string())["state"], "succeeded", "without a minute passing");
}

fn a_waiting_job_is_cancelled(db: &TestDb) {
    let mut app = TestApp::without_workers(db);
    let start = || id(&app.request("POST", "/recommendation-runs").json(&json!({})).send().expect(202).body);
    let (first, second) = (start(), start());
    assert_eq!(app.get(&format!("/jobs/{first}"))["state"], "queued");
    let cancelled = app.request("POST", &format!("/jobs/{first}/cancel")).send().expect(200).body;
    assert_eq!(cancelled["state"], "cancelled");
    app.request("POST", &format!("/jobs/{first}/cancel")).send().problem(409, "job_finished");
    app.request("POST", "/jobs/999/cancel").send().problem(404, "not_found");
    app.start_workers(db);
    assert_eq!(app.wait(&second)["state"], "succeeded");
    assert_eq!(app.get(&format!("/jobs/{first}"))["state"], "cancelled");
    let all: Vec<Value> = app.get("/jobs")["items"].as_array().unwrap().clone();
    assert_eq!(all.len(), 2);
}
