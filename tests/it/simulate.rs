//! A simulated year, as much of it as a test has time for: nothing that must hold is violated, the plan serves households best, the same
//! seed is the same year; and what is violated on purpose is seen.

use std::path::Path;

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use wangjia::app::simulation::invariants::{Check, Checker, Counted};
use wangjia::db::DbError;

use crate::api::app::{TestApp, id};
use crate::support::{TestDb, command, on_both};

const POLICIES: [&str; 3] = ["household_first", "score_greedy", "first_come"];

fn simulated(folder: &Path, days: u32, seed: u32, households: u32) -> Value {
    let [days, seed, households] = [days, seed, households].map(|n| n.to_string());
    let args = ["simulate", "--days", &days, "--seed", &seed, "--households", &households, "--json"];
    command::json(&command::wangjia(folder, &args))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Most of a season in a small community.
fn a_season(seed: u32) {
    let folder = tempfile::tempdir().unwrap();
    let (days, households) = (84, 140);
    let year = simulated(folder.path(), days, seed, households);
    assert_eq!(keys(&year), ["days", "policies", "seed", "violations"]);
    assert_eq!((&year["days"], &year["seed"], &year["violations"]), (&json!(days), &json!(seed), &json!([])));
    let mut of_policy = keys(&year["policies"]);
    of_policy.sort_unstable();
    assert_eq!(of_policy, ["first_come", "household_first", "score_greedy"]);
    let uncovered = POLICIES.map(|policy| {
        let course = &year["policies"][policy];
        assert_eq!(keys(course), ["covered_by_day", "hires", "uncovered_household_days"]);
        let covered = course["covered_by_day"].as_array().unwrap();
        assert_eq!(covered.len(), days as usize);
        assert!(covered.iter().all(|n| n.as_u64().unwrap() <= u64::from(households)));
        assert!(course["hires"].as_u64().unwrap() >= 10, "{policy}: {}", course["hires"]);
        course["uncovered_household_days"].as_u64().unwrap()
    });
    // All begin with the same community.
    let first_day = POLICIES.map(|policy| year["policies"][policy]["covered_by_day"][0].clone());
    assert!(first_day.iter().all(|covered| *covered == first_day[0]));
    assert!(uncovered[0] < uncovered[1].min(uncovered[2]), "{uncovered:?}");
    // Its database was its own.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_season_of_one_seed_holds_and_the_plan_covers_most() {
    a_season(1);
}

#[test]
fn a_season_of_another_seed_holds_and_the_plan_covers_most() {
    a_season(2);
}

#[test]
fn the_same_seed_is_the_same_year_and_another_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let year = |seed| simulated(folder.path(), 24, seed, 70);
    let first = year(3);
    assert_eq!(year(3), first);
    assert_ne!(year(4)["policies"], first["policies"]);
}

#[test]
fn people_read_a_table_and_are_told_what_is_out_of_range() {
    let folder = tempfile::tempdir().unwrap();
    let said = command::wangjia(folder.path(), &["simulate", "--days", "2", "--households", "40", "--lang", "en"]);
    let text = command::text(&said.stdout);
    assert!(said.status.success(), "{}", command::text(&said.stderr));
    for word in
        ["household-first plan", "best score first", "first come", "Nothing was violated", "everything is invented"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
    let zh = command::text(&command::wangjia(folder.path(), &["simulate", "--days", "1", "--households", "40"]).stdout);
    assert!(zh.contains("家庭优先计划") && zh.contains("均为虚构"), "{zh}");
    for args in [["--days", "0"], ["--households", "0"], ["--from", "2026-02-30"]] {
        let refused = command::wangjia(folder.path(), &["simulate", args[0], args[1]]);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
    }
}

on_both!(what_does_not_hold_is_seen, a_household_nobody_recognised_is_seen, a_changed_entry_of_the_audit_is_seen,);

/// A person at work through a referral, one at work otherwise, and one whose household is recognised.
struct Village<'a> {
    db: &'a TestDb,
    app: TestApp,
    residents: [String; 3],
    posting: String,
    day: NaiveDate,
}

impl<'a> Village<'a> {
    fn new(db: &'a TestDb) -> Self {
        let app = TestApp::new(db);
        let building = app.building();
        let employer = json!({"name": "甲厂", "kind": "tenant", "address": "园区"});
        let posting = app.posting(&id(&app.create("/employers", &employer)), 1);
        let residents = [("甲", 11), ("乙", 13), ("丙", 15)].map(|(name, order)| {
            let (household, resident) = (app.household(&building), app.resident(name, "1990-03-07", order));
            let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
            app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
            if name == "丙" {
                app.create(&format!("/households/{household}/recognitions"), &json!({}));
            }
            resident
        });
        let job = json!({"channel": "outbound", "employer_name": "东莞某厂", "start_on": "2026-01-05"});
        app.create(&format!("/residents/{}/spells", residents[1]), &job);
        let proposal = json!({"resident_id": residents[0], "posting_id": posting});
        let referral = id(&app.create("/referrals", &proposal));
        let steps = ["proposed", "consented", "referred", "interview", "offered", "hired"];
        for step in steps.windows(2) {
            let mut body = json!({"from": step[0], "to": step[1]});
            match step[1] {
                "consented" => body["consent"] = json!({"kinds": ["name"], "form": "written"}),
                "hired" => body["hire"] = json!({"start_on": "2026-11-23"}),
                _ => {}
            }
            app.request("POST", &format!("/referrals/{referral}/moves")).json(&body).send().expect(200);
        }
        Self { db, app, residents, posting, day: "2026-11-23".parse().unwrap() }
    }

    fn sql(&self, sql: &str) {
        self.db.write(|conn| Ok::<_, DbError>(conn.batch_execute(sql)?));
    }

    fn counted(&self) -> Counted {
        Counted::read(&self.db.db, self.day).unwrap()
    }

    fn checker(&self) -> Checker {
        Checker::begin(&self.db.db, self.day).unwrap()
    }

    /// What a checker finds once this has been done behind everybody's back; then it is undone.
    fn seen(&self, done: &str, undone: &str) -> Vec<Check> {
        let (mut checker, counted) = (self.checker(), self.counted());
        self.sql(done);
        let found = checker.check(&self.db.db, self.day, &counted).unwrap();
        self.sql(undone);
        assert!(found.iter().all(|found| !found.detail.zh.is_empty() && !found.detail.en.is_empty()));
        let mut checks: Vec<Check> = found.iter().map(|found| found.check).collect();
        checks.sort_unstable();
        checks.dedup();
        checks
    }
}

fn what_does_not_hold_is_seen(db: &TestDb) {
    let village = Village::new(db);
    let [first, second, third] = &village.residents;
    let posting = &village.posting;
    assert_eq!(village.seen("SELECT 1", "SELECT 1"), []);
    // The second one's job ends after the report was made.
    let end = |end: &str| format!("UPDATE employment_spells SET end_on = {end} WHERE resident_id = {second}");
    assert_eq!(village.seen(&end("'2026-11-20'"), &end("NULL")), [Check::Reconciliation]);
    // The third one dies: nobody is employable.
    let died = |day: &str| format!("UPDATE residents SET died_on = {day} WHERE id = {third}");
    assert_eq!(village.seen(&died("'2026-11-20'"), &died("NULL")), [Check::Reconciliation]);
    let away = |why: &str| format!("UPDATE residents SET absence = {why} WHERE id = {third}");
    assert_eq!(village.seen(&away("'prison'"), &away("NULL")), [Check::Reconciliation]);
    let farms =
        |channel: &str| format!("UPDATE employment_spells SET channel = '{channel}' WHERE resident_id = {second}");
    assert_eq!(village.seen(&farms("farming"), &farms("outbound")), [Check::Reconciliation]);
    // Two people at a posting for one.
    let there =
        |posting: &str| format!("UPDATE employment_spells SET posting_id = {posting} WHERE resident_id = {second}");
    assert_eq!(village.seen(&there(posting), &there("NULL")), [Check::OverFilled]);
    // The first one has the second one's job, too.
    let whose = |from: &str, to: &str| {
        format!("UPDATE employment_spells SET resident_id = {to} WHERE resident_id = {from} AND posting_id IS NULL")
    };
    assert_eq!(village.seen(&whose(second, first), &whose(first, second)), [Check::Reconciliation, Check::DoubleJob]);
    // The referral says hired; its job is over.
    let over = |end: &str| format!("UPDATE employment_spells SET end_on = {end} WHERE resident_id = {first}");
    assert_eq!(village.seen(&over("'2026-11-23'"), &over("NULL")), [Check::Reconciliation, Check::Referrals]);
    // Something done before the household was recognised.
    let early = "INSERT INTO household_services (recognition_id, kind, done_on, created_at) \
                 SELECT id, 'guidance', '2026-11-20', created_at FROM recognitions";
    assert_eq!(village.seen(early, "DELETE FROM household_services"), [Check::Clock]);
    assert_eq!(village.seen("SELECT 1", "SELECT 1"), []);
    // At the end: figures that are not those of all rows, be it in a measure no day looks at.
    let counted = village.counted();
    let until = |day: &str| format!("UPDATE employment_spells SET contract_until = {day} WHERE resident_id = {second}");
    village.sql(&until("'2026-11-30'"));
    let found = village.checker().finish(&db.db, village.day, &counted).unwrap();
    assert_eq!(found.iter().map(|found| found.check).collect::<Vec<_>>(), [Check::Reconciliation]);
    village.sql(&until("NULL"));
    assert_eq!(village.checker().finish(&db.db, village.day, &counted).unwrap(), []);
}

fn a_household_nobody_recognised_is_seen(db: &TestDb) {
    let village = Village::new(db);
    let ended = "UPDATE recognitions SET ended_on = '2026-11-23', end_reason = 'by_mistake'";
    assert_eq!(village.seen(ended, "UPDATE recognitions SET ended_on = NULL, end_reason = NULL"), [Check::Clock]);
    // One from before somebody worked is over: the next day the household is uncovered again.
    let mut checker = village.checker();
    let third = &village.residents[2];
    let covered = village.counted();
    let job =
        format!("UPDATE employment_spells SET resident_id = {third} WHERE resident_id = {}", village.residents[1]);
    village.sql(&job);
    let before = checker.check(&village.db.db, village.day, &village.counted()).unwrap();
    assert!(before.iter().any(|found| found.check == Check::Clock), "the other one is uncovered and not recognised");
    assert_ne!(village.counted().states, covered.states);
    village.sql(&format!("UPDATE employment_spells SET end_on = '2026-11-24' WHERE resident_id = {third}"));
    let next = village.day.succ_opt().unwrap();
    let again = checker.check(&village.db.db, next, &Counted::read(&village.db.db, next).unwrap()).unwrap();
    let of_clock = again.iter().filter(|found| found.check == Check::Clock).count();
    assert!(of_clock >= 2, "both are uncovered, neither recognition stands: {again:?}");
}

fn a_changed_entry_of_the_audit_is_seen(db: &TestDb) {
    let village = Village::new(db);
    // An entry of before is only looked at when all are; a new one every day.
    let mut checker = village.checker();
    let change = |operation: &str| {
        format!("UPDATE audit_events SET operation = '{operation}' WHERE seq = (SELECT MAX(seq) FROM audit_events)")
    };
    assert_eq!(checker.finish(&db.db, village.day, &village.counted()).unwrap(), []);
    village.sql(&change("changed"));
    assert_eq!(checker.check(&db.db, village.day, &village.counted()).unwrap(), []);
    let found = checker.finish(&db.db, village.day, &village.counted()).unwrap();
    assert_eq!(found.iter().map(|found| found.check).collect::<Vec<_>>(), [Check::AuditChain]);
    village.sql(&change("move_referral"));
    assert_eq!(checker.finish(&db.db, village.day, &village.counted()).unwrap(), []);
    village.app.employer("乙厂");
    let good = checker.check(&db.db, village.day, &village.counted()).unwrap();
    assert_eq!(good, []);
    village.app.employer("丙厂");
    village.sql(&change("changed"));
    let found = checker.check(&db.db, village.day, &village.counted()).unwrap();
    assert_eq!(found.iter().map(|found| found.check).collect::<Vec<_>>(), [Check::AuditChain]);
}
