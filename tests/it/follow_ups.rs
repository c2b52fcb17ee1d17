//! Follow-ups after a hire, jobs that cannot be, and who is about to lose the only job; on both databases.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::api::app::{Answer, TestApp, account, id};
use crate::support::{TestDb, on_both};

on_both!(
    a_job_is_asked_about_after_one_three_and_six_months,
    who_left_is_out_of_the_job_and_the_household_uncovered,
    an_answer_is_what_it_can_be,
    jobs_that_cannot_be_are_found_and_mended,
    the_only_earner_is_named_before_the_job_ends,
);

/// A household of one with a job since today.
struct Home {
    app: TestApp,
    household: String,
    resident: String,
    spell: String,
}

impl Home {
    fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let building = app.building();
        let (household, resident) = (app.household(&building), app.resident("甲", "1990-03-07", 11));
        let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
        app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        let job = json!({"channel": "outbound", "employer_name": "某厂", "start_on": "2026-11-23", "evidence": "合同"});
        let spell = id(&app.create(&format!("/residents/{resident}/spells"), &job));
        Self { app, household, resident, spell }
    }

    fn answer(&self, body: Value) -> Answer {
        self.app.request("POST", &format!("/spells/{}/follow-ups", self.spell)).json(&body).send()
    }

    /// Months asked for, with the state.
    fn open(&self) -> Vec<(i64, String)> {
        let items = self.app.get("/follow-ups")["items"].as_array().unwrap().clone();
        let of = |item: &Value| (item["months"].as_i64().unwrap(), item["state"].as_str().unwrap().to_owned());
        items.iter().map(of).collect()
    }

    fn coverage(&self, figure: &str) -> i64 {
        self.app.get("/coverage")[figure].as_i64().unwrap()
    }
}

fn a_job_is_asked_about_after_one_three_and_six_months(db: &TestDb) {
    let home = Home::new(db);
    let due = |months: i64, state: &str| vec![(months, state.to_owned())];
    assert_eq!(home.open(), []);
    home.app.advance(TimeDelta::days(29));
    assert_eq!(home.open(), []);
    home.app.advance(TimeDelta::days(1));
    assert_eq!((home.open(), home.coverage("verified")), (due(1, "due"), 0));
    home.answer(json!({"months": 1, "outcome": "not_reached"})).expect(200);
    assert_eq!(home.app.get("/follow-ups")["items"][0]["attempts"], 1);
    home.app.advance(TimeDelta::days(8));
    assert_eq!(home.open(), due(1, "overdue"));
    assert_eq!(home.app.get("/follow-ups?state=due")["items"], json!([]));
    let answer = json!({"months": 1, "outcome": "in_job", "monthly_income": 3100, "note": "班长很照顾"});
    let asked = home.answer(answer.clone()).expect(200).body["items"].clone();
    assert_eq!((&asked[1]["outcome"], &asked[1]["note"]), (&json!("in_job"), &json!("班长很照顾")));
    assert_eq!(home.open(), []);
    // The job is verified by it, and pays what is paid by now: the quality of coverage follows.
    let spell = home.app.get(&format!("/spells/{}", home.spell));
    assert_eq!((&spell["verified_on"], &spell["monthly_income"]), (&json!("2026-12-31"), &json!(3100)));
    assert_eq!((home.coverage("verified"), home.coverage("decent"), home.coverage("stable_3m")), (1, 1, 0));
    home.answer(answer).problem(409, "already_exists");
    home.app.advance(TimeDelta::days(54));
    assert_eq!((home.open(), home.coverage("stable_3m")), (due(3, "due"), 1));
    // Six months have come: nobody is asked about three any more.
    home.app.advance(TimeDelta::days(89));
    assert_eq!((home.open(), home.coverage("stable_6m")), (due(6, "due"), 1));
    home.answer(json!({"months": 6, "outcome": "in_job"})).expect(200);
    assert_eq!(home.open(), []);
    // A counselor of another grid sees nothing of it.
    let community = home.app.get("/communities")["items"][0]["id"].clone();
    let grid = id(&home.app.create("/grids", &json!({"community_id": community, "name": "第二网格"})));
    let grant = Grant { role: Role::Counselor, area: Some(grid.parse().unwrap()), employer: None };
    let stranger = account(db, "stranger", &[grant]);
    let path = format!("/spells/{}/follow-ups", home.spell);
    home.app.by(&stranger, "GET", &path).send().problem(404, "not_found");
}

fn who_left_is_out_of_the_job_and_the_household_uncovered(db: &TestDb) {
    let home = Home::new(db);
    home.app.advance(TimeDelta::days(92));
    assert_eq!(home.coverage("covered"), 1);
    home.answer(json!({"months": 3, "outcome": "left", "ended_on": "2027-02-20"})).expect(200);
    let spell = home.app.get(&format!("/spells/{}", home.spell));
    assert_eq!((&spell["end_on"], home.coverage("covered")), (&json!("2027-02-20"), 0));
    assert_eq!(home.open(), []);
    home.answer(json!({"months": 6, "outcome": "not_reached"})).problem(409, "spell_ended");
}

fn an_answer_is_what_it_can_be(db: &TestDb) {
    let home = Home::new(db);
    home.answer(json!({"months": 2, "outcome": "not_reached"})).field("/months", "not_in_list");
    home.answer(json!({"months": 1, "outcome": "in_job"})).field("/done_on", "contradicts");
    // Who has left is not asked later; that is told under the next question, not under a later one.
    for months in [3, 6] {
        home.answer(json!({"months": months, "outcome": "left", "ended_on": "2026-11-23"}))
            .field("/months", "contradicts");
    }
    home.app.advance(TimeDelta::days(40));
    let answer = |more: Value| {
        let mut body = json!({"months": 1, "outcome": "in_job"});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        home.answer(body)
    };
    answer(json!({"done_on": "2027-01-03"})).field("/done_on", "in_the_future");
    answer(json!({"done_on": "2026-12-22"})).field("/done_on", "contradicts");
    answer(json!({"ended_on": "2026-12-01"})).field("/ended_on", "not_needed");
    answer(json!({"outcome": "left"})).field("/ended_on", "missing");
    let left = |on: &str| answer(json!({"outcome": "left", "ended_on": on}));
    left("2027-02-01").field("/ended_on", "in_the_future");
    left("2026-11-01").field("/ended_on", "end_before_start");
    let pay = json!({"outcome": "not_reached", "monthly_income": 3000, "evidence": "工资条"});
    answer(pay).field("/evidence", "not_needed");
    let nothing = home.app.get(&format!("/spells/{}/follow-ups", home.spell));
    assert_eq!(nothing["items"], json!([]), "a refused answer leaves nothing");
}

fn jobs_that_cannot_be_are_found_and_mended(db: &TestDb) {
    let home = Home::new(db);
    let found = |query: &str| {
        let items = home.app.get(&format!("/spell-findings{query}"))["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["finding"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(""), Vec::<String>::new());
    // A ledger brings a second full-time job: it is not lost, and not silent.
    db.write(|conn| {
        let mut job = crate::db::fixtures::spell(home.resident.parse().unwrap());
        job.counted_from = "2026-11-24".parse().unwrap();
        (job.start_on, job.end_on, job.part_time) = (Some(job.counted_from), None, false);
        (job.contract_until, job.verified_on) = (None, None);
        wangjia::db::spells::insert(conn, &job, crate::api::app::noon())
    });
    home.app
        .patch(&format!("/residents/{}", home.resident), &json!({"profile": {"school_status": "university"}}))
        .expect(200);
    home.app.advance(TimeDelta::days(2));
    assert_eq!(found(""), ["in_school", "overlaps", "in_school"]);
    assert_eq!(found("?finding=overlaps"), ["overlaps"]);
    assert_eq!(found(&format!("?finding=overlaps&household_id={}", home.household)), ["overlaps"]);
    let line = home.app.get("/spell-findings?finding=overlaps")["items"][0].clone();
    assert_eq!(line["other_spell_id"], json!(home.spell));
    let second = line["spell_id"].as_str().unwrap();
    home.app.request("POST", &format!("/spells/{second}/end")).json(&json!({"on": "2026-11-24"})).send().expect(200);
    home.app
        .patch(&format!("/residents/{}", home.resident), &json!({"profile": {"school_status": "not_in_school"}}))
        .expect(200);
    assert_eq!(found(""), Vec::<String>::new());
}

fn the_only_earner_is_named_before_the_job_ends(db: &TestDb) {
    let home = Home::new(db);
    let list = || home.app.get("/coverage/households?figure=single_earner_risk")["items"].clone();
    assert_eq!(list(), json!([]));
    home.app.patch(&format!("/spells/{}", home.spell), &json!({"contract_until": "2027-01-31"})).expect(200);
    let line = list()[0].clone();
    assert_eq!(line["single_earner_risk"], "contract_end");
    let earner = json!({"resident_id": home.resident, "spell_id": home.spell, "ends_on": "2027-01-31"});
    assert_eq!(line["single_earner"], earner);
}
