//! What time does to referrals and postings.

use chrono::TimeDelta;
use serde_json::json;
use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::audit::{self, Filter};
use wangjia::app::calendar_day;
use wangjia::app::referrals::ageing::{self, Aged};

use super::{Park, needs};
use crate::api::app::noon;
use crate::support::{TestDb, command, on_both};

on_both!(
    silence_is_reminded_then_closed,
    an_unconfirmed_posting_is_taken_down,
    answers_are_counted,
    jobs_on_other_records_are_followed,
);

fn age(db: &TestDb, days: i64, dry_run: bool) -> Aged {
    let act = Act::of_operator("change", ObjectKind::Referral, "referrals age");
    let now = noon() + TimeDelta::days(days);
    ageing::apply(&db.db, &act, (now, calendar_day(now)), dry_run).unwrap()
}

fn silence_is_reminded_then_closed(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let waiting = park.referral(&park.person("甲", 11), &posting, "referred");
    let proposed = park.referral(&park.person("乙", 13), &posting, "proposed");
    let hired = park.referral(&park.person("丙", 15), &posting, "hired");
    assert_eq!(age(db, 14, false), Aged::default());
    let due = Aged { reminded: 1, ..Aged::default() };
    assert_eq!((age(db, 15, true), age(db, 15, false), age(db, 16, false)), (due, due, Aged::default()));
    assert_eq!(park.told(&park.hr[0]).last().unwrap(), "referral_reminder");
    // An answer ends the silence: the clock begins anew.
    park.app.advance(TimeDelta::days(20));
    park.step(&park.hr[0], &waiting, "referred", "interview", json!({})).expect(200);
    assert_eq!(age(db, 34, false), Aged::default());
    assert_eq!(age(db, 35, false), due);
    assert_eq!(age(db, 59, false), Aged::default());
    assert_eq!(age(db, 60, false), Aged { expired: 1, ..Aged::default() });
    assert_eq!((park.state(&proposed), park.state(&waiting)), ("expired".to_owned(), "interview".to_owned()));
    assert_eq!(age(db, 80, false), Aged { expired: 1, ..Aged::default() });
    assert_eq!((park.state(&waiting), park.state(&hired)), ("expired".to_owned(), "hired".to_owned()));
    assert_eq!(park.told(&park.hr[0]).last().unwrap(), "referral_expired");
    let last = park.app.get(&format!("/referrals/{waiting}"))["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["reason"], &last["actor"]), (&json!("no_answer"), &json!("system")));
    park.step(&park.hr[0], &waiting, "interview", "offered", json!({})).problem(409, "wrong_status");
    // Each day that did something has its entry, and names whom it was about.
    let found = db.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, None)).unwrap();
    let entries: Vec<_> = found.iter().filter(|entry| entry.operation == "referrals age").collect();
    assert!(entries.len() == 4 && entries.iter().all(|entry| entry.subjects.len() == 1), "{entries:?}");
}

fn an_unconfirmed_posting_is_taken_down(db: &TestDb) {
    let park = Park::new(db);
    let [kept, silent] = park.employers.each_ref().map(|employer| park.app.posting(employer, 9));
    assert_eq!(park.app.get(&format!("/postings/{kept}"))["confirmed_on"], "2026-11-23");
    assert_eq!(age(db, 89, false), Aged::default());
    park.app.advance(TimeDelta::days(89));
    let confirm =
        |token: &str, posting: &str| park.app.by(token, "POST", &format!("/postings/{posting}/confirm")).send();
    confirm(&park.hr[1], &kept).problem(404, "not_found");
    assert_eq!(confirm(&park.hr[0], &kept).expect(200).body["confirmed_on"], "2027-02-20");
    assert_eq!(age(db, 90, false), Aged { unpublished: 1, ..Aged::default() });
    let status = |posting: &str| park.app.get(&format!("/postings/{posting}"))["status"].clone();
    assert_eq!((status(&kept), status(&silent)), (json!("published"), json!("draft")));
    assert_eq!(park.told(&park.hr[1]), ["posting_unpublished"]);
    confirm(&park.hr[1], &silent).problem(409, "posting_not_open");
    // Published again, it stands for as long again.
    park.app.advance(TimeDelta::days(1));
    let path = format!("/postings/{silent}");
    let publish = park.app.request("POST", &format!("{path}/publish")).header("if-match", &park.app.etag(&path));
    publish.send().expect(200);
    assert_eq!(age(db, 91, false), Aged::default());
}

fn answers_are_counted(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let referrals: Vec<String> = [11, 13, 15, 17]
        .into_iter()
        .map(|order| park.referral(&park.person("某", order), &posting, "referred"))
        .collect();
    let rate = |token: &str| {
        let path = format!("/employers/{}/response-rate", park.employers[0]);
        park.app.by(token, "GET", &path).send()
    };
    let figures = |of: &[&str]| {
        let body = rate(&park.hr[0]).expect(200).body;
        of.iter().map(|key| body[key].clone()).collect::<Vec<_>>()
    };
    let keys = ["referred", "answered", "answered_in_time", "waiting", "overdue", "median_days", "rate"];
    assert_eq!(json!(figures(&keys)), json!([4, 0, 0, 4, 0, null, null]));
    park.app.advance(TimeDelta::days(3));
    park.step(&park.hr[0], &referrals[0], "referred", "interview", json!({})).expect(200);
    park.app.advance(TimeDelta::days(17));
    let refused = needs("refused_by_employer");
    park.step(&park.hr[0], &referrals[1], "referred", "refused_by_employer", refused).expect(200);
    // The person's own no asks nothing of the employer.
    park.step(&park.counselor, &referrals[2], "referred", "refused_by_resident", json!({"reason": "pay"})).expect(200);
    assert_eq!(json!(figures(&keys)), json!([4, 2, 1, 1, 1, 20, 3333]));
    rate(&park.hr[1]).problem(404, "not_found");
}

/// What other records say of a person's work is followed, at the latest on the next day.
fn jobs_on_other_records_are_followed(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let (person, other) = (park.person("甲", 11), park.person("乙", 13));
    let hired = park.referral(&person, &posting, "hired");
    let waiting = park.referral(&other, &posting, "referred");
    let spell = park.app.get(&format!("/spells?resident_id={person}"))["items"][0]["id"].as_str().unwrap().to_owned();
    // A ledger ends the one job and knows of another: neither goes through a referral.
    db.write(|conn| {
        use diesel::prelude::*;
        use wangjia::db::schema::employment_spells::dsl;
        let id: i64 = spell.parse().unwrap();
        let on: chrono::NaiveDate = "2026-11-24".parse().unwrap();
        diesel::update(dsl::employment_spells.find(id)).set(dsl::end_on.eq(on)).execute(conn)?;
        let mut job = crate::db::fixtures::spell(other.parse().unwrap());
        job.counted_from = "2026-11-25".parse().unwrap();
        job.start_on = Some(job.counted_from);
        job.part_time = false;
        job.end_on = None;
        wangjia::db::spells::insert(conn, &job, noon())
    });
    assert_eq!(age(db, 0, false), Aged::default());
    assert_eq!(age(db, 2, false), Aged { obsolete: 1, ended: 1, ..Aged::default() });
    assert_eq!((park.state(&hired), park.state(&waiting)), ("ended".to_owned(), "obsolete".to_owned()));
    // A correction that ends a job ends its referral at once.
    let third = park.referral(&park.person("丙", 15), &posting, "hired");
    let spell = park.app.get(&format!("/referrals/{third}"))["spell_id"].as_str().unwrap().to_owned();
    park.app.patch(&format!("/spells/{spell}"), &json!({"end_on": "2026-11-23"})).expect(200);
    assert_eq!(park.state(&third), "ended");
}

#[test]
fn the_command_ages() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| command::wangjia(folder.path(), args);
    assert!(run(&["migrate"]).status.success());
    let aged = command::json(&run(&["referrals", "age", "--dry-run", "--json"]));
    assert_eq!(aged, json!({"reminded": 0, "expired": 0, "withdrawn": 0, "obsolete": 0, "ended": 0, "unpublished": 0}));
    assert!(command::text(&run(&["referrals", "age"]).stdout).contains('0'));
}
