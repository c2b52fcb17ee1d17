//! The rights of the person: a copy of everything, a number shown with a reason, deletion by two people, storage only until the
//! law's periods are over.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::app::error::{AppError, Refusal};
use wangjia::app::privacy::deletion::{self, Approval};
use wangjia::app::privacy::retention;
use wangjia::db::{AnyConnection, DbError};
use wangjia::domain::access::Role;
use wangjia::domain::privacy::ApprovalStatus;

use super::sweeper;
use super::town::{FREE_TEXT, PHONE, Town, word};

use crate::api::app::{TestApp, account, id, id_number};
use crate::db::schema::foreign_keys;
use crate::support::{TestDb, on_both};

on_both!(
    one_call_gives_everything_and_who_read_it,
    a_number_is_shown_with_a_reason,
    two_people_delete_and_what_must_be_kept_is_only_stored,
    when_the_periods_are_over_nothing_is_left,
);

/// Part of the export in which each reference to a resident is found; `""` = it hangs on another part.
const PARTS: [(&str, &str); 25] = [
    ("approvals.resident_id", "approvals"),
    ("barriers.resident_id", "barriers"),
    ("care_duties.carer_id", "care_duties"),
    ("concerns.resident_id", "concerns"),
    ("consents.resident_id", "consents"),
    ("declines.resident_id", "declines"),
    ("employment_spells.resident_id", "employment"),
    ("enrolments.resident_id", "enrolments"),
    ("household_events.resident_id", "household_events"),
    ("household_proposal_members.resident_id", "household_proposals"),
    ("introductions.resident_id", "introductions"),
    ("memberships.resident_id", "memberships"),
    ("plan_changes.resident_id", "plan_changes"),
    ("plan_pins.resident_id", "plan_decisions"),
    ("plan_placements.resident_id", "plan_placements"),
    ("recommendations.resident_id", "recommendations"),
    ("record_findings.resident_id", "record_findings"),
    ("referrals.resident_id", "referrals"),
    ("resident_certificates.resident_id", "certificates"),
    ("resident_ruled_out.resident_id", "ruled_out"),
    ("resident_skills.resident_id", "skills"),
    ("resident_unavailable_hours.resident_id", "unavailable_hours"),
    ("resident_wishes.resident_id", "wishes"),
    ("training_records.resident_id", "training"),
    ("audit_subjects.resident_id", "reads"),
];

/// References that stay after an erasure, as a number without anything behind it.
const KEPT_AS_NUMBER: [&str; 5] = [
    "approvals.resident_id",
    "audit_subjects.resident_id",
    "plan_changes.resident_id",
    "plan_pins.resident_id",
    "plan_placements.resident_id",
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Rows of each reference that name a resident.
fn rows_about(db: &TestDb, resident: &str) -> BTreeMap<String, i64> {
    let keys = foreign_keys(db).into_iter().filter(|key| key.ends_with("-> residents.id"));
    let mut columns: Vec<String> = keys.map(|key| key.split(' ').next().unwrap().to_owned()).collect();
    columns.push("audit_subjects.resident_id".to_owned());
    let count = |conn: &mut AnyConnection, column: &str| {
        let (table, name) = column.split_once('.').unwrap();
        let sql = format!("SELECT count(*) AS n FROM {table} WHERE {name} = {resident}");
        let row: Count = match conn {
            AnyConnection::Sqlite(c) => diesel::sql_query(sql).get_result(c),
            AnyConnection::Pg(c) => diesel::sql_query(sql).get_result(c),
        }
        .unwrap();
        row.n
    };
    db.read(|conn| Ok(columns.into_iter().map(|column| (column.clone(), count(conn, &column))).collect()))
}

fn sql(db: &TestDb, text: &str) {
    db.write(|conn| conn.batch_execute(text).map_err(DbError::from));
}

/// A person about whom there is a row in every table; gives the id.
fn known_all_over(db: &TestDb, town: &mut Town<'_>) -> String {
    let app = town.app;
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    let (_, other) = town.employer("第二制衣");
    let path = format!("/residents/{person}");
    let evening = json!([{"weekday": 1, "from": "20:00", "to": "22:00"}]);
    town.put(&format!("{path}/unavailable-hours"), &evening);
    town.put(&format!("{path}/wishes"), &json!([{"kind": "channel", "value": "micro_factory"}]));
    town.put(&format!("{path}/ruled-out-conditions"), &json!(["night"]));
    app.create(
        &format!("{path}/spells"),
        &json!({
            "channel": "outbound", "employer_name": "老厂", "start_on": "2019-01-01", "end_on": "2020-01-01", "note": "流水线",
        }),
    );
    app.create(&format!("{path}/barriers"), &json!({"kind": "care", "opened_on": "2026-01-01", "note": "孩子小"}));
    let home = app.get(&path)["household_id"].as_str().unwrap().to_owned();
    let duties =
        json!([{"kind": "child", "carer_id": person, "hours": [{"weekday": 2, "from": "20:00", "to": "21:00"}]}]);
    town.put(&format!("/households/{home}/care-duties"), &duties);
    let run = app.request("POST", "/recommendation-runs").json(&json!({})).send().expect(202).body;
    assert_eq!(app.wait(&id(&run))["state"], "succeeded");
    let pin = json!({"resident_id": person, "posting_id": posting, "kind": "pin", "reason": "本人要求"});
    app.create("/plan-pins", &pin);
    let plan = app.request("POST", "/plans").json(&json!({})).send().expect(202).body;
    let plan = app.wait(&id(&plan))["result"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let declined = json!({"posting_id": other, "declined_on": "2026-11-23", "reason": "pay", "note": "太低"});
    app.create(&format!("{path}/declines"), &declined);
    town.consent(&person, &word("employment_service", "given"));
    let card = town.cards(&posting)[0]["card"].clone();
    let asks = format!("/postings/{posting}/introductions");
    let asked = town.as_hr(&posting, "POST", &asks).json(&json!({"card": card})).send().expect(201).body;
    app.create("/referrals", &json!({"resident_id": person, "posting_id": posting, "note": "先看车间"}));
    let yes = json!({"decision": "given", "kinds": ["name"], "form": "written"});
    app.request("POST", &format!("/introductions/{}/decision", id(&asked))).json(&yes).send().expect(200);
    let skill = app.get("/skills?limit=1")["items"][0]["id"].clone();
    let course = json!({
        "name": "护理班", "first_on": "2026-11-01", "last_on": "2026-11-23", "seats": 1, "skills": [{"skill_id": skill, "level": 2}],
    });
    let course = id(&app.create("/courses", &course));
    let opens = format!("/courses/{course}/open");
    app.request("POST", &opens).header("if-match", &app.etag(&format!("/courses/{course}"))).send().expect(200);
    let takes = app.create("/enrolments", &json!({"course_id": course, "resident_id": person, "note": "想学护理"}));
    let came = json!({"enrolment_ids": [takes["id"]], "day": "2026-11-20", "minutes": 90});
    app.request("POST", "/attendances").json(&came).send().expect(200);
    let passed = json!({"from": "attended", "to": "passed"});
    app.request("POST", &format!("/enrolments/{}/moves", id(&takes))).json(&passed).send().expect(200);
    let concern = json!({"about": "pay", "posting_id": posting, "text": "加班费少了", "answer": {"outcome": "settled", "text": "企业已补发"}});
    app.create(&format!("{path}/concerns"), &concern);
    let visit = json!({"findings": ["willing"], "found_note": "说话和气", "next_step": "revisit", "next_on": "2026-12-01", "next_note": "带上合同"});
    app.create(&format!("/households/{home}/visits"), &visit);
    let asked = app.create(&format!("{path}/deletion"), &json!({"reason": "先问一问"}));
    db.db.write(|conn| decide(conn, db, &id(&asked), false, Some(2))).unwrap();
    sql(
        db,
        &format!(
            "INSERT INTO training_records (resident_id, kind, start_on) VALUES ({person}, '缝纫班', '2025-01-01');
             INSERT INTO household_events (household_id, kind, resident_id, happened_on, created_at)
             VALUES ({home}, 'head_change', {person}, '2025-01-01', '2025-01-01 00:00:00');
             INSERT INTO household_proposals (household_id, kind, happened_on, state, created_at)
             VALUES ({home}, 'left', '2025-01-01', 'open', '2025-01-01 00:00:00');
             INSERT INTO household_proposal_members (proposal_id, resident_id, relation)
             SELECT max(id), {person}, 'other' FROM household_proposals;
             INSERT INTO import_batches (file_name, file_index, as_of, accept_clean_rows, created, updated, unchanged, rejected, created_at)
             VALUES ('台账.xlsx', '', '2026-11-23', FALSE, 0, 1, 0, 0, '2026-11-23 00:00:00');
             INSERT INTO import_findings (batch_id, code, severity, sheet, row_number, message_zh, message_en)
             SELECT max(id), 'in_school_employed', 'warning', '台账', 2, '在校', 'in school' FROM import_batches;
             INSERT INTO record_findings (finding_id, household_id, resident_id)
             SELECT max(id), {home}, {person} FROM import_findings;
             INSERT INTO plan_changes (plan_id, resident_id, kind, to_posting_id)
             SELECT {plan}, {person}, 'new', {posting} WHERE NOT EXISTS (SELECT 1 FROM plan_changes WHERE resident_id = {person});"
        ),
    );
    let grant = Grant { role: Role::Counselor, area: None, employer: None };
    let wang = account(db, "wang", &[grant]);
    app.by(&wang, "GET", &path).send().expect(200);
    person
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn noon() -> NaiveDateTime {
    today().and_hms_opt(4, 0, 0).unwrap()
}

fn decide(
    conn: &mut AnyConnection,
    db: &TestDb,
    approval: &str,
    approve: bool,
    by: Option<i64>,
) -> Result<Approval, AppError> {
    deletion::decide(conn, db.db.keys(), (approval.parse().unwrap(), approve), "理由充分", (noon(), today()), by)
}

fn one_call_gives_everything_and_who_read_it(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = known_all_over(db, &mut town);
    let about = rows_about(db, &person);
    let listed: BTreeMap<&str, &str> = PARTS.into_iter().collect();
    assert_eq!(
        about.keys().map(String::as_str).collect::<Vec<_>>(),
        listed.keys().copied().collect::<Vec<_>>(),
        "a table refers to residents and has no part in the export"
    );
    let export = app.get(&format!("/residents/{person}/export"));
    for (column, rows) in &about {
        let part = export[listed[column.as_str()]].as_array().unwrap().len();
        assert!(*rows > 0, "the test knows nobody with {column}");
        assert_eq!(i64::try_from(part).unwrap(), *rows, "{column}");
    }
    let profile = &export["resident"];
    assert_eq!(profile["id_number"], id_number("1988-05-01", 2));
    assert_eq!((&profile["phone"], &profile["note"]), (&json!(PHONE), &json!("腰不好")));
    assert_eq!((&profile["health"], &profile["pay_floor"]), (&json!("chronic_illness"), &json!(2111)));
    let text = export.to_string();
    let visits = export["visits"].as_array().unwrap();
    assert_eq!((visits.len(), &visits[0]["findings"]), (1, &json!(["willing"])));
    assert!(!text.contains("说话和气"), "what was written of a visit may be about others");
    for stored in [
        FREE_TEXT,
        "残疾证",
        "老厂",
        "流水线",
        "孩子小",
        "太低",
        "本人要求",
        "先问一问",
        "理由充分",
        "第一制衣",
        "想学护理",
        "加班费少了",
        "企业已补发",
    ] {
        assert!(text.contains(stored), "{stored} is stored and not given");
    }
    let reads = export["reads"].as_array().unwrap();
    let by_wang: Vec<_> = reads.iter().filter(|read| read["who"] == "wang").collect();
    let [read] = by_wang.as_slice() else { panic!("{reads:?}") };
    assert_eq!((&read["operation"], &read["role"]), (&json!("get_resident"), &json!("counselor")));
    app.request("GET", "/residents/999/export").send().problem(404, "not_found");
}

fn a_number_is_shown_with_a_reason(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let path = format!("/residents/{person}/reveal");
    let reveal = |body: Value| app.request("POST", &path).json(&body).send();
    assert_eq!(reveal(json!({"what": "phone", "reason": "上门前联系"})).expect(200).body, json!({"value": PHONE}));
    let number = reveal(json!({"what": "id_number", "reason": "办理社保"})).expect(200).body;
    assert_eq!(number["value"], id_number("1988-05-01", 2));
    reveal(json!({"what": "phone"})).field("/reason", "missing");
    reveal(json!({"what": "phone", "reason": ""})).field("/reason", "empty");
    reveal(json!({"what": "health", "reason": "x"})).field("/what", "not_in_list");
    app.request("GET", &path).send().problem(405, "method_not_allowed");
    app.patch(&format!("/residents/{person}"), &json!({"phone": null, "profile": {"restricted": true}})).expect(200);
    reveal(json!({"what": "id_number", "reason": "x"})).problem(409, "data_restricted");
}

fn two_people_delete_and_what_must_be_kept_is_only_stored(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = town.person("1988-05-01");
    let (_, posting) = town.employer("第一制衣");
    let path = format!("/residents/{person}");
    let job = json!({"channel": "outbound", "start_on": "2019-01-01", "end_on": "2025-06-01"});
    app.create(&format!("{path}/spells"), &job);
    let past = app.get("/coverage?as_of=2025-03-01");
    assert_eq!(past["covered"], 1);
    app.request("POST", &format!("{path}/deletion")).json(&json!({})).send().field("/reason", "missing");
    app.request("POST", "/residents/999/deletion").json(&json!({"reason": "x"})).send().problem(404, "not_found");
    let resident: i64 = person.parse().unwrap();
    let ask = |by| {
        let asked = db.db.write(|conn| deletion::request(conn, db.db.keys(), resident, "本人要求删除", (noon(), by)));
        asked.map(|approval| approval.id.to_string())
    };
    let asked = ask(Some(1)).unwrap();
    assert!(matches!(ask(Some(3)), Err(AppError::Refused(Refusal::AlreadyExists, _))));
    let decided = |approve, by| db.db.write(|conn| decide(conn, db, &asked, approve, by));
    assert!(matches!(decided(true, Some(1)), Err(AppError::Refused(Refusal::OwnRequest, _))), "not one's own");
    assert_eq!(app.get("/approvals?status=requested")["items"][0]["reason"], "本人要求删除");
    assert_eq!(decided(false, Some(2)).unwrap().status, ApprovalStatus::Refused);
    let refused = app.get(&format!("/approvals/{asked}"));
    assert_eq!((&refused["status"], &refused["decision_reason"]), (&json!("refused"), &json!("理由充分")));
    assert_eq!(town.candidates(&posting).len(), 1, "a refusal changes nothing");
    assert!(matches!(decided(true, Some(2)), Err(AppError::Refused(Refusal::WrongStatus, _))));
    // Nobody signed in is nobody to tell apart.
    let asked = app.create(&format!("{path}/deletion"), &json!({"reason": "再问"}));
    let decision = json!({"decision": "approve", "reason": "同意"});
    let own = app.request("POST", &format!("/approvals/{}/decision", id(&asked))).json(&decision).send();
    own.problem(409, "own_request");

    let before = app.get("/coverage");
    let approved = db.db.write(|conn| decide(conn, db, &id(&asked), true, Some(2))).unwrap();
    assert_eq!((approved.restricted_on, approved.erased_on), (Some(today()), None), "the job ended 17 months ago");
    assert!(app.get("/residents")["items"].as_array().unwrap().is_empty());
    let number = json!({"id_number": id_number("1988-05-01", 2)});
    app.request("POST", "/resident-searches").json(&number).send().problem(404, "not_found");
    let home = app.get(&path)["household_id"].as_str().unwrap().to_owned();
    assert!(app.get(&format!("/households/{home}/members"))["items"].as_array().unwrap().is_empty());
    assert!(town.candidates(&posting).is_empty() && town.cards(&posting).is_empty());
    app.request("POST", &format!("{path}/consents"))
        .json(&word("employment_service", "given"))
        .send()
        .problem(409, "data_restricted");
    app.request("PATCH", &path)
        .header("if-match", "*")
        .json(&json!({"profile": {"restricted": false}}))
        .send()
        .problem(409, "data_restricted");
    assert_eq!(app.get("/coverage?as_of=2025-03-01"), past, "figures of past days stay");
    assert_eq!(app.get("/coverage")["households"], before["households"]);

    let sweep = |days: i64, dry_run| {
        let now = noon() + TimeDelta::days(days);
        let removed = retention::apply(&db.db, &sweeper(), (now, now.date()), dry_run).unwrap();
        removed.iter().find(|row| row.table == "residents").unwrap().rows
    };
    assert_eq!(sweep(180, false), 0, "23 months after the job");
    assert_eq!((sweep(200, true), sweep(200, true)), (1, 1), "a trial removes nothing");
    assert_eq!((sweep(200, false), sweep(200, false)), (1, 0));
    app.request("GET", &path).send().problem(404, "not_found");
}

fn when_the_periods_are_over_nothing_is_left(db: &TestDb) {
    let app = TestApp::new(db);
    let mut town = Town::new(&app, db);
    let person = known_all_over(db, &mut town);
    let other = town.person("1990-01-01");
    let plan = id(&app.get("/plans")["items"][0]);
    let asked = app.create(&format!("/residents/{person}/deletion"), &json!({"reason": "本人要求删除"}));
    let approved = db.db.write(|conn| decide(conn, db, &id(&asked), true, Some(2))).unwrap();
    assert!(approved.erased_on.is_none(), "given to an employer today");
    let later = noon() + TimeDelta::days(37 * 31);
    let removed = retention::apply(&db.db, &sweeper(), (later, later.date()), false).unwrap();
    assert_eq!(removed.iter().find(|row| row.table == "residents").unwrap().rows, 1);
    for (column, rows) in rows_about(db, &person) {
        assert!(rows == 0 || KEPT_AS_NUMBER.contains(&column.as_str()), "{column}: {rows}");
    }
    // The old sign-in went with its time.
    let token = account(db, "everybody", &[]);
    let get = |path: &str| app.by(&token, "GET", path).send();
    get(&format!("/residents/{person}")).problem(404, "not_found");
    get(&format!("/residents/{person}/export")).problem(404, "not_found");
    let approval = get(&format!("/approvals/{}", id(&asked))).expect(200).body;
    assert!(approval["reason"].is_null() && approval["decision_reason"].is_null() && approval["erased_on"].is_string());
    // The plan still proves itself, and its lists can be read.
    let placements = get(&format!("/plans/{plan}/placements")).expect(200).body;
    assert!(!placements.to_string().contains("龙2妹"), "{placements}");
    let columns = "name || coalesce(ethnicity, '') || coalesce(health, '') || coalesce(labour_class, '')";
    let left = db.read(|conn| {
        let sql = format!(
            "SELECT count(*) AS n FROM residents WHERE id = {person} AND {columns} = '' AND phone_index IS NULL"
        );
        let row: Count = match conn {
            AnyConnection::Sqlite(c) => diesel::sql_query(sql).get_result(c)?,
            AnyConnection::Pg(c) => diesel::sql_query(sql).get_result(c)?,
        };
        Ok(row.n)
    });
    assert_eq!(left, 1, "the row is a bare number");
    let noted = db.read(|conn| {
        let sql =
            "SELECT count(*) AS n FROM visits WHERE found_note_cipher IS NOT NULL OR next_note_cipher IS NOT NULL";
        let row: Count = match conn {
            AnyConnection::Sqlite(c) => diesel::sql_query(sql).get_result(c)?,
            AnyConnection::Pg(c) => diesel::sql_query(sql).get_result(c)?,
        };
        Ok(row.n)
    });
    assert_eq!(noted, 0, "nothing is left that was written of somebody who lived alone");
    assert_eq!(get("/residents").expect(200).body["items"][0]["id"], other.as_str(), "and others are untouched");
    // The number is free again: the same person may come back.
    let again = json!({"id_number": id_number("1988-05-01", 2), "name": "龙2妹"});
    let back = app.by(&token, "POST", "/residents").json(&again).send().expect(201).body;
    assert_ne!(id(&back), person);
}
