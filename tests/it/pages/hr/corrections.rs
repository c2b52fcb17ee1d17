//! What a clerk puts right: facts of a job, a leaving and a start that were none, a refusal by mistake. Nothing of what was said before is
//! gone.

use chrono::TimeDelta;
use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::app::audit::{self, Filter};
use wangjia::app::coverage::facts;
use wangjia::app::funnel::{self, FunnelStage};
use wangjia::db::{areas, reports};
use wangjia::domain::access::Role;
use wangjia::domain::referral::ReferralState;

use super::Bench;
use crate::accounts::support::{PASSWORD, account, noon};
use crate::api::app::id;
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(
    the_pay_of_a_running_job_is_put_right_and_the_old_one_stays_to_be_seen,
    a_leaving_that_was_none_is_corrected_while_it_is_fresh,
    a_refusal_by_mistake_asks_anew_and_stands,
    a_start_that_was_none_is_put_right_while_it_is_fresh,
    a_start_of_the_wrong_person_is_no_hire_and_stays_a_proposal,
);

/// A job with the first employer: person and spell.
fn job(bench: &Bench, start_on: &str) -> (String, String) {
    let person = bench.park.person("龙阿妹", 3);
    let body = json!({"channel": "micro_factory", "employer_id": bench.park.employers[0], "job_title": "锁边工",
        "start_on": start_on, "monthly_income": 260});
    let spell = id(&bench.park.app.create(&format!("/residents/{person}/spells"), &body));
    (person, spell)
}

#[track_caller]
fn version(bench: &Bench, spell: &str) -> String {
    let page = bench.get(&format!("/hr/roster/{spell}"));
    let (_, rest) = page.split_once("name=\"version\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn the_pay_of_a_running_job_is_put_right_and_the_old_one_stays_to_be_seen(test: &TestDb) {
    let bench = Bench::new(test);
    let (_, spell) = job(&bench, "2026-08-20");
    let path = format!("/hr/roster/{spell}");
    assert!(bench.get("/hr/roster").contains(&format!("href=\"{path}\"")));
    assert!(bench.get("/hr/roster").contains("0 个月"), "260 yuan count for nothing");
    let page = bench.get(&path);
    assert!(page.contains("没有改过") && page.contains("value=\"260\""), "{page}");
    let first = version(&bench, &spell);
    let fields = |changes: &[(&'static str, &'static str)]| {
        let mut all = vec![
            ("version", first.as_str()),
            ("start_on", "2026-08-20"),
            ("monthly_income", "2600"),
            ("why", "少写了一个零"),
        ];
        all.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
        all.extend(changes);
        all
    };
    let correct = format!("{path}/correct");
    for (n, (wrong, fault)) in [
        (("why", "错"), "why-fault"),
        (("start_on", "2026-11-24"), "start_on-fault"),
        (("monthly_income", "many"), "monthly_income-fault"),
        (("contract_until", "2026-08-01"), "contract_until-fault"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = bench.post(&correct, &format!("w{n}"), &fields(&[wrong]));
        assert_eq!(answer.status, 422, "{wrong:?}");
        assert!(answer.html.contains(&format!("id=\"{fault}\"")), "{wrong:?}: {}", answer.html);
    }
    let done = bench.post(&correct, "a", &fields(&[]));
    assert_eq!(done.location.as_deref(), Some(format!("{path}?done=corrected").as_str()), "{}", done.html);
    assert_eq!(bench.post(&correct, "a", &fields(&[])).location, done.location, "sent twice");
    assert_eq!(bench.post(&correct, "b", &fields(&[("monthly_income", "2700")])).status, 409, "overtaken");
    let page = bench.get(&path);
    assert!(page.contains("月收入：260 元 → 2600 元"), "{page}");
    assert!(bench.get("/hr/roster").contains("3 个月"), "the months are counted anew");
    let entries = test.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, Some(test.db.keys()))).unwrap();
    let why: Vec<_> = entries.iter().filter(|entry| entry.operation == "page_hr_correct_work").collect();
    assert_eq!(why.len(), 1, "once, with its reason");
    assert_eq!(why[0].detail.as_ref().unwrap()["reason"], "少写了一个零");
    let other = bench.site.get(&path, Some(&bench.tokens[1]));
    assert_eq!(other.status, 404, "another employer's");
    assert_eq!(bench.site.submit(&correct, &bench.tokens[1], "o", &fields(&[])).status, 404);
}

fn a_leaving_that_was_none_is_corrected_while_it_is_fresh(test: &TestDb) {
    let bench = Bench::new(test);
    let (person, spell) = job(&bench, "2026-08-20");
    let leaver = format!("/hr/roster/{spell}/leaver");
    assert_eq!(bench.post(&leaver, "a", &[("ended_on", "2026-11-20"), ("reason", "resigned")]).status, 303);
    let path = format!("/hr/roster/{spell}/goes-on");
    assert!(bench.get(&format!("/hr/roster/{spell}")).contains(&format!("action=\"{path}\"")));
    let late = Site::new(test, noon() + TimeDelta::days(8));
    let token = late.sign_in("clerk-a", crate::accounts::support::PASSWORD, "").token.unwrap();
    assert_eq!(late.submit(&path, &token, "late", &[]).status, 409, "too long ago");
    assert_eq!(bench.post(&path, "b", &[]).status, 303);
    let page = bench.get(&format!("/hr/roster/{spell}"));
    assert!(page.contains("离岗日期：2026-11-20 → 没登记") && page.contains("没登记 → 2026-11-20"), "{page}");
    assert_eq!(bench.park.app.get(&format!("/spells/{spell}"))["end_on"], json!(null));
    // Whoever works elsewhere by now does not go on here.
    assert_eq!(bench.post(&leaver, "c", &[("ended_on", "2026-11-20"), ("reason", "resigned")]).status, 303);
    let elsewhere = json!({"channel": "local", "employer_name": "Shop", "start_on": "2026-11-21"});
    bench.park.app.create(&format!("/residents/{person}/spells"), &elsewhere);
    assert_eq!(bench.post(&path, "d", &[]).status, 409);
}

fn a_refusal_by_mistake_asks_anew_and_stands(test: &TestDb) {
    let bench = Bench::new(test);
    let (_, referral) = super::referrals::referred(&bench);
    let page = format!("/hr/referrals/{referral}");
    assert!(!bench.get(&page).contains("/again\""));
    let again = format!("{page}/again");
    assert_eq!(bench.post(&again, "early", &[]).status, 409, "nothing was refused");
    let no = [("from", "referred"), ("to", "refused_by_employer"), ("reason", "skill_not_met")];
    assert_eq!(bench.post(&format!("{page}/answer"), "no", &no).status, 303);
    assert!(bench.get(&page).contains(&format!("action=\"{again}\"")));
    let done = bench.post(&again, "a", &[]);
    assert_eq!(done.status, 303, "{}", done.html);
    let asked = bench.get(&done.location.unwrap());
    assert!(asked.contains("已请社区再介绍一次") && asked.contains("技能达不到要求"), "{asked}");
    let open = bench.park.app.get("/introductions?status=requested");
    assert_eq!(open["items"].as_array().unwrap().len(), 1, "{open}");
    assert_eq!(bench.park.app.get(&format!("/referrals/{referral}"))["state"], "refused_by_employer");
    assert_eq!(bench.post(&again, "b", &[]).status, 409, "it is asked already");
    assert_eq!(bench.site.submit(&again, &bench.tokens[1], "o", &[]).status, 404, "another employer's");
}

/// Somebody who is reported to have started today: posting, referral and spell.
fn started(bench: &Bench) -> (String, String, String) {
    let (posting, referral) = super::referrals::referred(bench);
    let start = [("from", "referred"), ("to", "hired"), ("start_on", "2026-11-23"), ("monthly_income", "2800")];
    let hired = bench.post(&format!("/hr/referrals/{referral}/answer"), "start", &start);
    assert_eq!(hired.status, 303, "{}", hired.html);
    let spell = bench.park.app.get(&format!("/referrals/{referral}"))["spell_id"].as_str().unwrap().to_owned();
    (posting, referral, spell)
}

/// Households with and without a job today.
fn coverage(bench: &Bench) -> (Option<i64>, Option<i64>) {
    let figures = bench.park.app.get("/coverage");
    (figures["covered"].as_i64(), figures["uncovered"].as_i64())
}

fn waiting(bench: &Bench) -> Vec<Value> {
    bench.park.app.get("/due?kind=no_start")["items"].as_array().unwrap().clone()
}

fn a_start_that_was_none_is_put_right_while_it_is_fresh(test: &TestDb) {
    let bench = Bench::new(test);
    let (posting, referral, spell) = started(&bench);
    assert_eq!((bench.park.filled(&posting), coverage(&bench)), (1, (Some(1), Some(0))));
    let (page, path) = (format!("/hr/roster/{spell}"), format!("/hr/roster/{spell}/no-start"));
    assert!(bench.get(&page).contains(&format!("action=\"{path}\"")));
    let said = |reason: &'static str, words: &'static str| [("reason", reason), ("said", words)];
    for (n, (reason, words, fault)) in [
        ("", "约好了没有来", "reason-fault"),
        ("resigned", "约好了没有来", "reason-fault"),
        ("did_not_appear", "没来", "said-fault"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = bench.post(&path, &format!("w{n}"), &said(reason, words));
        assert_eq!(answer.status, 422, "{reason} {words}");
        assert!(answer.html.contains(&format!("id=\"{fault}\"")), "{reason} {words}: {}", answer.html);
        assert!(answer.html.contains(&format!("value=\"{words}\"")), "what was typed stays: {}", answer.html);
        assert!(answer.html.contains("value=\"2800\""), "the other form is as on record: {}", answer.html);
    }
    let right = said("did_not_appear", "约好了没有来");
    assert_eq!(bench.site.get(&page, Some(&bench.tokens[1])).status, 404, "another employer's");
    assert_eq!(bench.site.submit(&path, &bench.tokens[1], "o", &right).status, 404, "another employer's");
    let late = Site::new(test, noon() + TimeDelta::days(8));
    let token = late.sign_in("clerk-a", PASSWORD, "").token.unwrap();
    assert!(!late.get(&page, Some(&token)).html.contains("/no-start"));
    assert_eq!(late.submit(&path, &token, "late", &right).status, 409, "too long ago");
    assert_eq!((bench.park.state(&referral).as_str(), waiting(&bench).len()), ("hired", 0));

    let done = bench.post(&path, "a", &right);
    assert_eq!(done.location.as_deref(), Some(format!("{page}?done=no-start").as_str()), "{}", done.html);
    assert_eq!(bench.post(&path, "a", &right).location, done.location, "sent twice");
    assert_eq!(bench.post(&path, "b", &right).status, 409, "it was put right already");
    // The place is free, the household has nobody at work, on the same day.
    assert_eq!((bench.park.filled(&posting), coverage(&bench)), (0, (Some(0), Some(1))));
    let job = bench.park.app.get(&format!("/spells/{spell}"));
    assert_eq!((&job["start_on"], &job["end_on"]), (&json!("2026-11-23"), &json!("2026-11-23")));
    // What was said stays, and what is said now: with the job, the referral and the audit.
    let shown = bench.get(&page);
    assert!(shown.contains("后来更正：没有上岗") && shown.contains("离岗日期：没登记 → 2026-11-23"), "{shown}");
    assert!(bench.get(&format!("/hr/referrals/{referral}")).contains("更正：没有上岗：未到场"));
    assert!(!bench.get("/hr/roster").contains("龙阿妹"), "never employed");
    let history = bench.park.app.get(&format!("/referrals/{referral}"));
    let last = history["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["to"], &last["reason"]), (&json!("ended"), &json!("did_not_appear")));
    assert_eq!((&last["note"], &last["role"]), (&json!("约好了没有来"), &json!("hr")));
    let entries = test.db.read(|conn| audit::find(conn, &Filter::default(), 0, 1_000, Some(test.db.keys()))).unwrap();
    let why: Vec<_> = entries
        .iter()
        .filter(|entry| {
            entry.operation == "page_hr_no_start" && entry.detail.as_ref().is_some_and(|d| d["reason"].is_string())
        })
        .collect();
    assert!(why.iter().any(|entry| entry.detail.as_ref().unwrap()["reason"] == "约好了没有来"), "{entries:?}");

    // The counselor hears of it, finds it with the household, and it waits until the person has an offer again.
    let told = waiting(&bench);
    assert_eq!((told.len(), &told[0]["resident_id"]), (1, &history["resident_id"]), "{told:?}");
    assert!(told[0]["text"].as_str().unwrap().contains("报过上岗，其实没有（未到场）"), "{told:?}");
    account(test, "guide", &[Grant { role: Role::Counselor, area: None, employer: None }]);
    let token = bench.site.sign_in("guide", PASSWORD, "").token.unwrap();
    let today = bench.site.get("/today", Some(&token)).html;
    assert!(today.contains("报过上岗，其实没有") && today.contains("记走访"), "{today}");
    let (_, home) = today.split_once("href=\"/households/").unwrap();
    let home: String = home.chars().take_while(char::is_ascii_digit).collect();
    let card = bench.site.get(&format!("/households/{home}"), Some(&token)).html;
    assert!(card.contains("更正：没有上岗 · 未到场 · 约好了没有来"), "{card}");
    bench.park.referral(history["resident_id"].as_str().unwrap(), &posting, "proposed");
    assert_eq!(waiting(&bench).len(), 0, "a new offer");
}

fn a_start_of_the_wrong_person_is_no_hire_and_stays_a_proposal(test: &TestDb) {
    let bench = Bench::new(test);
    // A job the community entered is not the employer's to take back.
    let (_, own) = job(&bench, "2026-11-23");
    let said = [("reason", "entered_by_mistake"), ("said", "点错了一行")];
    assert!(!bench.get(&format!("/hr/roster/{own}")).contains("/no-start"));
    assert_eq!(bench.post(&format!("/hr/roster/{own}/no-start"), "own", &said).status, 409);
    let (posting, referral) = {
        let fields = bench.terms(&[("do", "publish")]);
        let location = bench.post("/hr/postings/new", "posting", &fields).location.unwrap();
        let posting = super::done_id(&location);
        let person = bench.park.person("石阿哥", 5);
        bench.park.fit(&person, &posting);
        let referral = bench.park.referral(&person, &posting, "hired");
        (posting, referral)
    };
    let counted = || {
        test.db
            .read(|conn| {
                let month = ("2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap());
                let areas: Vec<i64> = areas::all(conn)?.into_iter().map(|row| row.id).collect();
                let work = reports::Work { from: month.0, to: month.1, areas: &areas };
                let told = [ReferralState::Proposed, ReferralState::Hired].map(|state| work.referrals(conn, state));
                let [proposed, hired] = told.map(|found| found.unwrap().len() as u64);
                let facts = facts::load(conn)?;
                let funnel = funnel::funnel(conn, &facts, month, None).unwrap();
                let stages = [FunnelStage::Proposed, FunnelStage::Hired].map(|stage| funnel.of(stage));
                Ok::<_, wangjia::db::DbError>(([proposed, hired], stages))
            })
            .unwrap()
    };
    assert_eq!(counted(), ([1, 1], [1, 1]));
    let spell = bench.park.app.get(&format!("/referrals/{referral}"))["spell_id"].as_str().unwrap().to_owned();
    assert_eq!(bench.post(&format!("/hr/roster/{spell}/no-start"), "a", &said).status, 303);
    assert_eq!((bench.park.state(&referral).as_str(), bench.park.filled(&posting)), ("ended", 0));
    assert_eq!(counted(), ([1, 0], [1, 0]), "a proposal, and nobody hired");
}
