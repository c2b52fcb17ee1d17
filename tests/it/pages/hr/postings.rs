//! The list of postings and the acts of one button.

use super::Bench;
use crate::support::{TestDb, on_both};

on_both!(
    the_list_says_what_is_free_and_sorts_by_its_links,
    a_posting_is_confirmed_refilled_copied_and_closed,
    what_is_anothers_does_not_exist,
);

fn the_list_says_what_is_free_and_sorts_by_its_links(test: &TestDb) {
    let bench = Bench::new(test);
    let html = bench.get("/hr/postings");
    assert!(html.contains("这里还没有岗位") && html.contains("/hr/postings/new"), "{html}");
    let app = &bench.park.app;
    for places in [3, 9, 5] {
        app.posting(&bench.park.employers[0], places);
    }
    app.posting(&bench.park.employers[1], 77);
    let html = bench.get("/hr/postings");
    assert!(html.contains("共要 17 人，已招 0 人，还空 17 人"), "{html}");
    assert!(!html.contains("0 / 77"), "another employer's posting");
    let order = |html: &str| -> Vec<String> {
        let free = html.split("data-label=\"还空\"><b>").skip(1);
        free.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    assert_eq!(order(&html), ["9", "5", "3"], "most free places first");
    assert!(html.contains("aria-sort=\"descending\"><a href=\"/hr/postings?sort=vacancies&#38;by=asc\""), "{html}");
    let html = bench.get("/hr/postings?sort=vacancies&by=asc");
    assert_eq!(order(&html), ["3", "5", "9"]);
    assert!(html.contains("aria-sort=\"ascending\""));
    // A column that is none sorts nothing and stands in no address.
    assert_eq!(order(&bench.get("/hr/postings?sort=%3Cscript%3E")), ["9", "5", "3"]);
}

fn a_posting_is_confirmed_refilled_copied_and_closed(test: &TestDb) {
    let bench = Bench::new(test);
    let app = &bench.park.app;
    let id = app.posting(&bench.park.employers[0], 3);
    let act = |act: &str, fields: &[(&str, &str)]| bench.post(&format!("/hr/postings/{id}/{act}"), act, fields);

    let answer = act("confirm", &[]);
    assert_eq!(
        (answer.status, answer.location.as_deref()),
        (303, Some(format!("/hr/postings?done=confirmed.{id}").as_str()))
    );
    assert_eq!(app.get(&format!("/postings/{id}"))["confirmed_on"], "2026-11-23");
    assert!(bench.get(&answer.location.unwrap()).contains("已记下：缝纫工今天确认还在招"));

    let answer = act("places", &[("headcount", "8")]);
    assert!(bench.get(&answer.location.unwrap()).contains("已招 0 / 8"));
    assert_eq!(app.get(&format!("/postings/{id}"))["headcount"], 8);
    let bad = act("places", &[("headcount", "0")]);
    assert_eq!(bad.status, 422, "{}", bad.html);

    // Sent twice, copied once.
    let first = act("copy", &[]).location.unwrap();
    assert_eq!(act("copy", &[]).location.as_deref(), Some(first.as_str()));
    assert_eq!(bench.postings().len(), 2);
    let html = bench.get(&first);
    assert!(html.contains("已复制成草稿") && html.contains("value=\"缝纫工\""), "{html}");

    let answer = act("close", &[]);
    assert!(answer.location.unwrap().starts_with("/hr/postings?done=closed."));
    assert_eq!(app.get(&format!("/postings/{id}"))["status"], "closed");
    assert!(bench.get("/hr/postings?show=closed").contains("缝纫工"));
    // It cannot be confirmed any more, and that is said in words.
    let refused = bench.post(&format!("/hr/postings/{id}/confirm"), "late", &[]);
    assert_eq!(refused.status, 409, "{}", refused.html);
}

fn what_is_anothers_does_not_exist(test: &TestDb) {
    let bench = Bench::new(test);
    let app = &bench.park.app;
    let foreign = app.posting(&bench.park.employers[1], 3);
    let person = bench.park.person("龙阿妹", 3);
    bench.park.fit(&person, &foreign);
    let referral = bench.park.referral(&person, &foreign, "hired");
    let spell = app.get(&format!("/referrals/{referral}"))["spell_id"].as_str().unwrap().to_owned();
    for path in [
        format!("/hr/postings/{foreign}"),
        format!("/hr/postings/{foreign}/edit"),
        format!("/hr/postings/{foreign}/candidates"),
        format!("/hr/referrals/{referral}"),
        "/hr/postings/999999".to_owned(),
        "/hr/introductions/1".to_owned(),
    ] {
        let answer = bench.site.get(&path, Some(&bench.tokens[0]));
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.html.contains("龙阿妹"));
    }
    let ended = [("ended_on", "2026-11-23"), ("reason", "resigned"), ("from", "hired"), ("to", "ended")];
    for path in [
        format!("/hr/postings/{foreign}/close"),
        format!("/hr/postings/{foreign}/copy"),
        format!("/hr/referrals/{referral}/answer"),
        format!("/hr/roster/{spell}/leaver"),
    ] {
        assert_eq!(bench.post(&path, "x", &ended).status, 404, "{path}");
    }
    assert_eq!(app.get(&format!("/postings/{foreign}"))["status"], "published");
    assert_eq!(bench.park.state(&referral), "hired");
    assert!(!bench.get("/hr/roster").contains("龙阿妹"));
    // An employer that is not the clerk's is none, in a form too; and what is checked for it says nothing.
    let fields = bench.terms(&[("employer_id", &bench.park.employers[1]), ("do", "publish")]);
    let answer = bench.post("/hr/postings/new", "y", &fields);
    assert_eq!(answer.status, 422);
    assert!(answer.html.contains("没有这条记录"), "{}", answer.html);
    let all = app.get("/postings");
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
    let fields = bench.terms(&[("id", &foreign)]);
    assert_eq!(bench.post("/hr/postings/check", "z", &fields).status, 404);
}
