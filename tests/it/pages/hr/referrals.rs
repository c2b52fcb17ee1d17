//! Referrals: one click an answer, concrete words, and a hire that takes a place.

use super::{Bench, done_id};
use crate::support::{TestDb, on_both};

on_both!(
    a_clerk_posts_a_vacancy_and_hires,
    who_does_not_suit_is_refused_with_a_reason_of_the_list,
    a_bad_start_is_told_at_its_field_and_nothing_is_stored,
);

/// Posts a vacancy on the page and gets somebody referred to it; gives both ids.
pub(super) fn referred(bench: &Bench) -> (String, String) {
    let fields = bench.terms(&[("do", "publish")]);
    let location = bench.post("/hr/postings/new", "posting", &fields).location.unwrap();
    let posting = done_id(&location);
    let person = bench.park.person("龙阿妹", 3);
    bench.park.fit(&person, &posting);
    let referral = bench.park.referral(&person, &posting, "referred");
    (posting, referral)
}

fn a_clerk_posts_a_vacancy_and_hires(test: &TestDb) {
    let bench = Bench::new(test);
    assert!(bench.get("/hr/referrals").contains("现在没有等您答复的人"));
    let (posting, referral) = referred(&bench);
    let list = bench.get("/hr/postings");
    assert!(list.contains("等您答复 1 人") && list.contains("今天收到") && !list.contains("龙阿妹"), "{list}");
    let waiting = bench.get(&format!("/hr/referrals?posting={posting}"));
    assert!(waiting.contains("约面试") && !waiting.contains("龙阿妹"), "{waiting}");
    let own = format!("/hr/referrals/{referral}");
    assert!(bench.get(&own).contains("龙阿妹"), "the person agreed to be named");
    let answer = |once: &str, fields: &[(&str, &str)]| bench.post(&format!("{own}/answer"), once, fields);

    let interview = [("from", "referred"), ("to", "interview")];
    let noted = answer("a", &interview);
    assert_eq!(noted.location, Some(format!("/hr/referrals?done=interview.{posting}")), "{}", noted.html);
    assert_eq!(answer("a", &interview).location, noted.location, "sent twice");
    assert!(bench.get(&noted.location.unwrap()).contains("已登记约面试：平车缝纫工。社区会转告本人"));
    // The same from a page that was left open: it stands elsewhere by now.
    assert_eq!(answer("b", &interview).status, 409);

    // Hired on the spot: the offer is a step of the history all the same.
    let start = [("from", "interview"), ("to", "hired"), ("start_on", "2026-11-23"), ("monthly_income", "2800")];
    let hired = answer("c", &start);
    assert_eq!(hired.location, Some(format!("/hr/referrals?done=hired.{posting}")), "{}", hired.html);
    assert!(bench.get(&hired.location.unwrap()).contains("已登记到岗 1 人。平车缝纫工：已招 1 / 2"));
    let app = &bench.park.app;
    let history = app.get(&format!("/referrals/{referral}"));
    let steps: Vec<&str> = history["moves"].as_array().unwrap().iter().map(|m| m["to"].as_str().unwrap()).collect();
    assert_eq!(steps, ["proposed", "consented", "referred", "interview", "offered", "hired"]);
    let spell = app.get(&format!("/spells/{}", history["spell_id"].as_str().unwrap()));
    assert_eq!((spell["start_on"].as_str(), spell["monthly_income"].as_i64()), (Some("2026-11-23"), Some(2800)));
    assert_eq!(bench.park.filled(&posting), 1);
    let roster = bench.get("/hr/roster");
    assert!(roster.contains("龙阿妹") && roster.contains("现在在岗 1 人"), "{roster}");

    let left = answer("d", &[("from", "hired"), ("to", "ended"), ("ended_on", "2026-11-23"), ("reason", "resigned")]);
    assert_eq!(left.location, Some(format!("/hr/referrals?done=ended.{posting}")), "{}", left.html);
    assert_eq!((bench.park.state(&referral).as_str(), bench.park.filled(&posting)), ("ended", 0));
    assert!(bench.get("/hr/referrals?state=ended").contains("平车缝纫工"));
}

fn who_does_not_suit_is_refused_with_a_reason_of_the_list(test: &TestDb) {
    let bench = Bench::new(test);
    let (posting, referral) = referred(&bench);
    let own = format!("/hr/referrals/{referral}");
    let page = bench.get(&own);
    assert!(
        page.contains("技能达不到要求") && !page.contains("要照看孩子"),
        "only reasons that are an employer's: {page}"
    );
    let refuse = |once: &str, reason: &str| {
        let fields = [("from", "referred"), ("to", "refused_by_employer"), ("reason", reason), ("note", "<b>手慢</b>")];
        bench.post(&format!("{own}/answer"), once, &fields)
    };
    let without = refuse("a", "");
    assert_eq!(without.status, 422);
    assert!(without.html.contains("id=\"f-reason\"") && without.html.contains("&#60;b&#62;手慢"), "{}", without.html);
    assert_eq!(refuse("b", "child_care").status, 422, "not the employer's to say");
    assert_eq!(bench.park.state(&referral), "referred");
    let noted = refuse("c", "skill_not_met");
    assert_eq!(noted.location, Some(format!("/hr/referrals?done=refused_by_employer.{posting}")), "{}", noted.html);
    assert!(bench.get(&noted.location.unwrap()).contains("社区会另找人选"));
    assert_eq!(bench.park.state(&referral), "refused_by_employer");
}

fn a_bad_start_is_told_at_its_field_and_nothing_is_stored(test: &TestDb) {
    let bench = Bench::new(test);
    let (posting, referral) = referred(&bench);
    let answer = |once: &str, day: &str, pay: &str| {
        let fields = [("from", "referred"), ("to", "hired"), ("start_on", day), ("monthly_income", pay)];
        bench.post(&format!("/hr/referrals/{referral}/answer"), once, &fields)
    };
    for (once, day, pay, at) in [
        ("a", "2026-11-24", "2800", "f-start_on"),
        ("b", "", "2800", "f-start_on"),
        ("c", "2026-11-23", "2800 元", "f-monthly_income"),
    ] {
        let told = answer(once, day, pay);
        assert_eq!(told.status, 422, "{}", told.html);
        assert!(told.html.contains(&format!("id=\"{at}\"")) && told.html.contains("role=\"alert\""), "{}", told.html);
        assert!(told.html.contains(&format!("value=\"{pay}\"")), "{}", told.html);
    }
    // The steps before the one that failed are not taken either.
    assert_eq!((bench.park.state(&referral).as_str(), bench.park.filled(&posting)), ("referred", 0));
}
