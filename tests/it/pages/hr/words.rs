//! What is typed is shown and not run; English pages speak English.

use serde_json::json;

use super::{Bench, done_id};
use crate::support::{TestDb, on_both};

on_both!(
    what_is_typed_is_shown_and_not_run,
    english_pages_hold_no_chinese_but_data,
    an_account_without_an_employer_is_told_so
);

const PAYLOAD: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'";

/// Every text field of the posting form.
const TEXTS: [&str; 9] =
    ["title", "code", "description", "place", "province", "special_hours_approval", "note", "skill_0", "certificates"];

fn what_is_typed_is_shown_and_not_run(test: &TestDb) {
    let bench = Bench::new(test);
    let harmless = |html: &str| {
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
        assert!(html.contains("&#60;script&#62;alert(1)"), "it is shown: {html}");
    };
    for name in TEXTS {
        harmless(&bench.post("/hr/postings/check", "", &bench.terms(&[(name, PAYLOAD)])).html);
    }
    let typed: Vec<(&str, &str)> =
        TEXTS.iter().map(|name| (*name, if *name == "code" { "<script>alert(1)" } else { PAYLOAD })).collect();
    let fields = bench.terms(&[typed.as_slice(), &[("do", "draft")]].concat());
    let location = bench.post("/hr/postings/new", "a", &fields).location.unwrap();
    harmless(&bench.get(&location));
    harmless(&bench.get("/hr/postings?show=draft"));
    let id = bench.postings()[0]["id"].as_str().unwrap().to_owned();
    harmless(&bench.get(&format!("/hr/postings/{id}/edit")));
    // Fields of numbers and choices keep what was typed, harmless too.
    for name in ["headcount", "pay_min", "age_max", "load_kg", "valid_until", "from_0", "employer_id"] {
        let html = bench.post("/hr/postings/check", "", &bench.terms(&[(name, PAYLOAD)])).html;
        assert!(!html.contains("<script>alert"), "{name}: {html}");
    }
    // Names of people and jobs on the roster.
    let person = bench.park.person("<script>alert(1)</script>", 3);
    let body = json!({"channel": "micro_factory", "employer_id": bench.park.employers[0], "start_on": "2026-08-20",
        "job_title": PAYLOAD});
    bench.park.app.create(&format!("/residents/{person}/spells"), &body);
    harmless(&bench.get("/hr/roster"));
}

fn english_pages_hold_no_chinese_but_data(test: &TestDb) {
    let bench = Bench::new(test);
    let fields = bench.terms(&[
        ("title", "Sewing"),
        ("do", "publish"),
        ("place", "park"),
        ("age_max", "45"),
        ("skill_0", "sewing"),
        ("lang", "en"),
    ]);
    let answer = bench.site.submit("/hr/postings/new?lang=en", &bench.tokens[0], "a", &fields);
    let location = answer.location.unwrap();
    assert!(location.ends_with("&lang=en"), "{location}");
    let posting = done_id(location.split('&').next().unwrap());
    let person = bench.park.person("Li", 3);
    bench.park.fit(&person, &posting);
    let referral = bench.park.referral(&person, &posting, "referred");
    let body = json!({"channel": "micro_factory", "employer_id": bench.park.employers[0], "start_on": "2026-08-20",
        "job_title": "Hemming"});
    let worker = bench.park.person("An", 5);
    bench.park.app.create(&format!("/residents/{worker}/spells"), &body);
    let bad = bench.terms(&[("title", ""), ("place", "park"), ("description", "male only"), ("do", "publish")]);
    let mut pages = vec![(
        "refused form".to_owned(),
        bench.site.submit("/hr/postings/new?lang=en", &bench.tokens[0], "b", &bad).html,
    )];
    for path in [
        location,
        "/hr/postings/new?lang=en".to_owned(),
        format!("/hr/postings/{posting}?lang=en"),
        format!("/hr/postings/{posting}/edit?lang=en"),
        format!("/hr/postings/{posting}/candidates?lang=en"),
        "/hr/candidates?lang=en".to_owned(),
        "/hr/referrals?lang=en".to_owned(),
        "/hr/referrals?state=hired&lang=en".to_owned(),
        format!("/hr/referrals/{referral}?lang=en"),
        "/hr/roster?lang=en".to_owned(),
        "/hr/notices?lang=en".to_owned(),
    ] {
        pages.push((path.clone(), bench.get(&path)));
    }
    for (path, html) in pages {
        // Names out of the data, words one may type, and the way back.
        let mut rest = html;
        let advertised = ["4千及以下", "18-50岁，35岁以下优先", "8:00-17:30，单休", "10-15人"];
        let data = ["甲电子厂", "杨秀英", "中文", "平缝", "园区 3 号厂房", "园区", "居家"];
        for data in data.into_iter().chain(advertised) {
            rest = rest.replace(data, "");
        }
        let found: String = rest.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
        assert!(found.is_empty(), "{path}: {found}\n{rest}");
    }
}

fn an_account_without_an_employer_is_told_so(test: &TestDb) {
    use crate::accounts::support::{PASSWORD, account};
    use wangjia::app::access::Grant;
    use wangjia::domain::access::Role;
    let bench = Bench::new(test);
    bench.park.app.posting(&bench.park.employers[0], 3);
    account(test, "visitor", &[Grant { role: Role::Counselor, area: None, employer: None }]);
    let token = bench.site.sign_in("visitor", PASSWORD, "").token.unwrap();
    let answer = bench.site.get("/hr/postings", Some(&token));
    assert_eq!(answer.status, 200);
    assert!(answer.html.contains("您的账号还没有对应的企业") && !answer.html.contains("缝纫工"), "{}", answer.html);
    // What is HR's alone does not open.
    for path in ["/hr/candidates", "/hr/roster", "/hr/notices"] {
        assert_eq!(bench.site.get(path, Some(&token)).status, 403, "{path}");
    }
}
