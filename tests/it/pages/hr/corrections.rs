//! What a clerk puts right: facts of a job, a leaving that was none, a refusal by mistake. Nothing of what was said before is gone.

use chrono::TimeDelta;
use serde_json::json;
use wangjia::app::audit::{self, Filter};

use super::Bench;
use crate::accounts::support::noon;
use crate::api::app::id;
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(
    the_pay_of_a_running_job_is_put_right_and_the_old_one_stays_to_be_seen,
    a_leaving_that_was_none_is_corrected_while_it_is_fresh,
    a_refusal_by_mistake_asks_anew_and_stands,
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
