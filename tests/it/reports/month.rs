//! A month played and reported twice: frozen, signed, compared, corrected, never changed.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::db::AnyConnection;
use wangjia::domain::access::Role;

use crate::api::app::{TestApp, account, id};
use crate::support::{TestDb, on_both};

on_both!(
    a_month_is_frozen_signed_and_corrected_by_another_version,
    the_next_month_is_compared_with_what_was_frozen,
    nothing_of_a_report_can_be_changed_or_removed,
    lists_are_for_those_in_charge_with_a_reason,
    what_cannot_be_reported_is_refused,
);

/// Three households; two work in October, one of them since.
struct Village {
    app: TestApp,
    community: String,
    homes: Vec<String>,
    spells: Vec<String>,
    official: String,
}

fn village(db: &TestDb) -> Village {
    let app = TestApp::new(db);
    let building = app.building();
    let community = app.get("/communities")["items"][0]["id"].as_str().unwrap().to_owned();
    let mut homes = Vec::new();
    let mut spells = Vec::new();
    for (n, job) in [Some("2026-02-01"), Some("2026-10-05"), None].into_iter().enumerate() {
        let home = app.household(&building);
        let order = 11 + 2 * u16::try_from(n).unwrap();
        let person = app.resident("某", "1985-05-05", order);
        let member = json!({"resident_id": person, "relation": "head", "valid_from": "2026-01-01"});
        app.request("POST", &format!("/households/{home}/members")).json(&member).send().expect(200);
        if let Some(from) = job {
            let body = json!({"channel": "outbound", "employer_name": "厂", "start_on": from, "monthly_income": 3000});
            spells.push(id(&app.create(&format!("/residents/{person}/spells"), &body)));
        }
        homes.push(home);
    }
    let grant = Grant { role: Role::Official, area: community.parse().ok(), employer: None };
    let official = account(db, "official", &[grant]);
    Village { app, community, homes, spells, official }
}

impl Village {
    fn freeze(&self, month: &str) -> Value {
        let body = json!({"community_id": self.community, "month": month});
        self.app.by(&self.official, "POST", "/reports").json(&body).send().expect(201).body
    }

    fn read(&self, report: &Value) -> Value {
        self.app.by(&self.official, "GET", &format!("/reports/{}", id(report))).send().expect(200).body
    }

    fn list(&self, report: &Value, query: &str) -> Vec<String> {
        let path = format!("/reports/{}/lists?{query}", id(report));
        let call = self.app.by(&self.official, "GET", &path).header("x-access-reason", "verify");
        let body = call.send().expect(200).body;
        body["items"].as_array().unwrap().iter().map(id).collect()
    }

    fn end(&self, spell: usize, on: &str) {
        let path = format!("/spells/{}/end", self.spells[spell]);
        self.app.request("POST", &path).json(&json!({"on": on})).send().expect(200);
    }
}

fn value(report: &Value, code: &str) -> Value {
    let figures = report["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["code"] == code && figure["group"] == "").unwrap()["value"].clone()
}

fn a_month_is_frozen_signed_and_corrected_by_another_version(db: &TestDb) {
    let village = village(db);
    let report = village.freeze("2026-10");
    let said = |report: &Value| ["households", "covered", "uncovered", "exempt"].map(|code| value(report, code));
    assert_eq!(said(&report), [json!(3), json!(2), json!(1), json!(0)]);
    assert_eq!((&report["version"], &report["rate"], &report["genuine"]), (&json!(1), &json!(0.6666), &json!(true)));
    assert_eq!(village.list(&report, "figure=uncovered"), [village.homes[2].clone()]);
    assert_eq!(village.list(&report, "figure=jobs_begun"), [village.spells[1].clone()]);
    let found = json!([{"from": "uncovered", "to": "covered", "reason": "found_job", "households": 1}]);
    assert_eq!(report["changes"], found);
    assert_eq!(village.list(&report, "reason=found_job&from=uncovered&to=covered"), [village.homes[1].clone()]);
    let path = format!("/reports/{}", id(&report));
    let post = |token: &str, path: &str, body: &Value| village.app.by(token, "POST", path).json(body).send();
    let signed = village.app.by(&village.official, "POST", &format!("{path}/signature")).send().expect(200).body;
    assert_eq!(signed["signature"]["name"], "official");
    assert_eq!(signed["signature"]["content_hash"], report["content_hash"]);
    village.app.by(&village.official, "POST", &format!("{path}/signature")).send().problem(409, "report_signed");
    let again = json!({"community_id": village.community, "month": "2026-10"});
    post(&village.official, "/reports", &again).problem(409, "report_frozen");
    // Whoever asks what is stored about them is told of it.
    let told = |home: usize| {
        let members = village.app.get(&format!("/households/{}/members", village.homes[home]));
        let person = members["items"][0]["resident_id"].as_str().unwrap().to_owned();
        village.app.get(&format!("/residents/{person}/export"))["reports"].clone()
    };
    let newcomer = &told(1)[0];
    assert_eq!((&newcomer["id"], &newcomer["month"]), (&report["id"], &json!("2026-10-01")));
    assert!(
        newcomer["counted_in"]["covered"].is_string() && newcomer["counted_in"]["jobs_begun"].is_string(),
        "{newcomer}"
    );
    assert_eq!(newcomer["household_changes"], json!(["found_job"]));
    let other = &told(2)[0];
    assert!(other["counted_in"]["uncovered"].is_string() && other["counted_in"]["covered"].is_null(), "{other}");
    let why = json!({"reason": "离职日期登记有误"});
    post(&village.official, &format!("{path}/corrections"), &why).problem(409, "report_unchanged");
    // The job had ended in October already; nobody knew.
    village.end(0, "2026-10-20");
    assert_eq!(village.read(&report), signed, "what is frozen stays");
    let second = post(&village.official, &format!("{path}/corrections"), &why).expect(201).body;
    assert_eq!(
        (&second["version"], &second["corrects_id"], &second["reason"]),
        (&json!(2), &report["id"], &why["reason"])
    );
    assert_eq!(said(&second), [json!(3), json!(1), json!(2), json!(0)]);
    let corrections = second["corrections"].as_array().unwrap();
    let uncovered = corrections.iter().find(|row| row["code"] == "uncovered").unwrap();
    assert_eq!(*uncovered, json!({"code": "uncovered", "group": "", "was": 1, "is": 2, "entered": 1, "left": 0}));
    assert!(corrections.iter().any(|row| row["code"] == "jobs_ended"));
    assert!(!corrections.iter().any(|row| row["code"] == "households"), "what did not change is not in it");
    let first = village.read(&report);
    assert_eq!((&first["corrected_by_id"], &first["content_hash"]), (&second["id"], &report["content_hash"]));
    assert_eq!(village.list(&report, "figure=uncovered"), [village.homes[2].clone()], "its list stays, too");
    post(&village.official, &format!("{path}/corrections"), &why).problem(409, "report_corrected");
    let listed = village.app.by(&village.official, "GET", "/reports?month=2026-10").send().expect(200).body;
    let versions: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|row| &row["version"]).collect();
    assert_eq!(versions, [1, 2]);
}

fn the_next_month_is_compared_with_what_was_frozen(db: &TestDb) {
    let village = village(db);
    let september = village.freeze("2026-09");
    assert_eq!((value(&september, "covered"), &september["compared_id"]), (json!(1), &json!(null)));
    // After September was reported, its only job turns out to have ended in August; the third household's decision is of October.
    village.end(0, "2026-08-15");
    let decision = json!({"decided_by": "社区", "reason": "全家外出", "valid_from": "2026-10-09"});
    village.app.create(&format!("/households/{}/exemptions", village.homes[2]), &decision);
    let october = village.freeze("2026-10");
    assert_eq!(october["compared_id"], september["id"]);
    let changes = json!([
        {"from": "covered", "to": "uncovered", "reason": "corrected", "households": 1},
        {"from": "uncovered", "to": "covered", "reason": "found_job", "households": 1},
        {"from": "uncovered", "to": "exempt", "reason": "exempted", "households": 1},
    ]);
    assert_eq!(october["changes"], changes);
    let figures = october["figures"].as_array().unwrap();
    for (code, before, now) in [("covered", 1, 1), ("uncovered", 2, 1), ("exempt", 0, 1)] {
        let row = figures.iter().find(|row| row["code"] == code).unwrap();
        assert_eq!((&row["before"], &row["value"]), (&json!(before), &json!(now)), "{code}");
        let moved = |side: &str| -> i64 {
            let rows = october["changes"].as_array().unwrap().iter().filter(|row| row[side] == code);
            rows.map(|row| row["households"].as_i64().unwrap()).sum()
        };
        assert_eq!(before + moved("to") - moved("from"), now, "{code}: before + entered - left = now");
    }
    // In October the job is known to have ended before: it ended in no month that is still to be reported.
    assert_eq!(value(&october, "jobs_ended"), 0);
}

fn nothing_of_a_report_can_be_changed_or_removed(db: &TestDb) {
    let village = village(db);
    let report = village.freeze("2026-10");
    village.app.by(&village.official, "POST", &format!("/reports/{}/signature", id(&report))).send().expect(200);
    let run = |sql: &str| -> Result<(), String> {
        let done = db.db.write(|conn| {
            Ok::<_, wangjia::db::DbError>(match conn {
                AnyConnection::Sqlite(c) => c.batch_execute(sql).map_err(|error| error.to_string()),
                AnyConnection::Pg(c) => c.batch_execute(sql).map_err(|error| error.to_string()),
            })
        });
        done.map_err(|error| error.to_string())?
    };
    for (table, set) in [
        ("reports", "content_hash = 'x'"),
        ("report_figures", "value = value + 1"),
        ("report_changes", "households = households + 1"),
        ("report_signatures", "name = 'x'"),
    ] {
        for sql in [format!("UPDATE {table} SET {set}"), format!("DELETE FROM {table}")] {
            let refused = run(&sql).expect_err(&sql);
            assert!(refused.contains("a report is never"), "{sql}: {refused}");
        }
    }
    let after = village.read(&report);
    assert_eq!((&after["genuine"], &after["figures"]), (&json!(true), &report["figures"]));
    // What is added beside it is seen: the report is not what was signed.
    run("INSERT INTO report_changes (report_id, from_state, to_state, reason, households, subjects) SELECT id, 'covered', 'exempt', 'exempted', 1, '1' FROM reports").unwrap();
    assert_eq!(village.read(&report)["genuine"], false);
}

fn lists_are_for_those_in_charge_with_a_reason(db: &TestDb) {
    let village = village(db);
    let report = village.freeze("2026-10");
    let path = format!("/reports/{}/lists?figure=covered", id(&report));
    village.app.by(&village.official, "GET", &path).send().problem(403, "reason_required");
    assert_eq!(village.list(&report, "figure=covered").len(), 2);
    let grid = village.app.get("/grids")["items"][0]["id"].as_str().unwrap().parse().ok();
    let of_grid = account(db, "grid", &[Grant { role: Role::Official, area: grid, employer: None }]);
    for part in [path.clone(), format!("/reports/{}", id(&report))] {
        let call = village.app.by(&of_grid, "GET", &part).header("x-access-reason", "verify");
        call.send().problem(404, "not_found");
    }
    let listed = village.app.by(&of_grid, "GET", "/reports").send().expect(200).body;
    assert_eq!(listed["items"], json!([]));
    // Whose data was shown is written down.
    let filter = wangjia::app::audit::Filter::default();
    let found = db.db.read(|conn| wangjia::app::audit::find(conn, &filter, 0, 1_000, None)).unwrap();
    assert_eq!(
        found.iter().filter(|entry| entry.operation == "list_report_entries" && entry.outcome == "done").count(),
        1
    );
    assert!(found.iter().any(|entry| entry.operation == "freeze_monthly_report"));
}

fn what_cannot_be_reported_is_refused(db: &TestDb) {
    let village = village(db);
    let post = |body: Value| village.app.by(&village.official, "POST", "/reports").json(&body).send();
    for (month, code) in
        [("2026-11", "out_of_range"), ("2027-01", "out_of_range"), ("2026-13", "bad_date"), ("2026-1", "bad_date")]
    {
        post(json!({"community_id": village.community, "month": month})).field("/month", code);
    }
    post(json!({"community_id": "999999", "month": "2026-10"})).field("/community_id", "no_such_record");
    // No field takes a figure.
    post(json!({"community_id": village.community, "month": "2026-10", "covered": 3})).field("/covered", "unknown");
    post(json!({"community_id": village.community, "month": "1899-12"})).field("/month", "bad_date");
    // The first month there are rules for has none before it to be compared with by rules of its own.
    let first = village.freeze("1900-01");
    assert!(village.read(&first)["figures"].as_array().unwrap().iter().all(|figure| figure["value"] == 0));
    let report = village.freeze("2026-10");
    let lists = |query: &str| {
        let path = format!("/reports/{}/lists{query}", id(&report));
        village.app.by(&village.official, "GET", &path).header("x-access-reason", "verify").send()
    };
    lists("").field("?figure", "missing");
    lists("?figure=nothing").problem(404, "not_found");
    lists("?figure=grid_covered").problem(404, "not_found");
}
