//! Around every page: the doors, where work begins, the reason an official gives, forms that are sent twice.

use wangjia::api::page_doors;
use wangjia::app::access::Grant;
use wangjia::app::audit::{self, Filter};
use wangjia::app::settings;
use wangjia::domain::access::Role;

use crate::accounts::support::{ADMINISTRATOR, AUDITOR, PASSWORD, account, noon};
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(
    work_begins_at_the_workbench_of_the_role,
    a_way_is_shown_exactly_where_its_door_opens,
    people_are_shown_to_an_official_only_with_a_typed_reason_of_this_sign_in,
    a_form_of_another_sign_in_changes_nothing,
);

const OFFICIAL: Grant = Grant { role: Role::Official, area: None, employer: None };
const COUNSELOR: Grant = Grant { role: Role::Counselor, area: None, employer: None };

#[track_caller]
fn signed_in(site: &Site, login: &str) -> String {
    site.sign_in(login, PASSWORD, "").token.unwrap()
}

/// Without a second factor, which every role but these tests' needs.
fn site(test: &TestDb) -> Site {
    let site = Site::new(test, noon());
    settings::set(&test.db, "second_factor_required", "none", noon().date()).unwrap();
    site
}

/// Whoever knocks without sign-in is led to it: the page exists, and its door has a lock.
#[test]
fn every_door_leads_to_a_page_and_is_locked() {
    let test = TestDb::sqlite();
    let site = site(&test);
    account(&test, "owner", &[ADMINISTRATOR]);
    const OPEN: [&str; 7] = [
        "page_sign_in",
        "page_reset",
        "page_first_administrator",
        "page_docs",
        "page_home",
        "page_vacancies",
        "page_vacancy",
    ];
    let mut looked_at = 0;
    for (method, pattern, operation) in page_doors::all() {
        if OPEN.contains(&operation.id) {
            continue;
        }
        let path = pattern.replace("{id}", "1").replace("{posting}", "1").replace("{area}", "1");
        assert!(!path.contains('{'), "{pattern}: give the parameter a value here");
        let answer = if *method == "GET" { site.get(&path, None) } else { site.post(&path, None, &[]) };
        let to = answer.location.unwrap_or_default();
        assert_eq!((answer.status, to.as_str()), (303, "/sign-in"), "{method} {pattern} ({})", operation.id);
        looked_at += 1;
    }
    assert!(looked_at > 5);
}

fn work_begins_at_the_workbench_of_the_role(test: &TestDb) {
    let site = site(test);
    for (login, grants, begins) in [
        ("official", vec![OFFICIAL], "/coverage"),
        ("counselor", vec![COUNSELOR], "/today"),
        ("both", vec![COUNSELOR, OFFICIAL], "/coverage"),
        ("owner", vec![ADMINISTRATOR], "/admin/accounts"),
        ("auditor", vec![AUDITOR], "/admin/settings"),
        ("nobody", vec![], "/account"),
    ] {
        account(test, login, &grants);
        let token = signed_in(&site, login);
        assert_eq!(site.get("/", Some(&token)).location.as_deref(), Some(begins), "{login}");
    }
    let token = signed_in(&site, "both");
    assert_eq!(site.get("/?lang=en", Some(&token)).location.as_deref(), Some("/coverage?lang=en"));
}

/// The ways of everybody's navigation open, and what is not in it is no way of theirs.
fn a_way_is_shown_exactly_where_its_door_opens(test: &TestDb) {
    let site = site(test);
    account(test, "official", &[OFFICIAL]);
    account(test, "auditor", &[AUDITOR]);
    for (login, shown, hidden) in
        [("official", "/gap", "/admin/accounts"), ("auditor", "/admin/audit", "/admin/accounts")]
    {
        let token = signed_in(&site, login);
        let html = site.get("/account", Some(&token)).html;
        let ways: Vec<&str> = html
            .split("<nav class=\"nav\"")
            .nth(1)
            .and_then(|rest| rest.split("</nav>").next())
            .map(|nav| nav.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect())
            .unwrap();
        assert!(ways.contains(&shown) && !ways.contains(&hidden), "{login}: {ways:?}");
    }
}

fn people_are_shown_to_an_official_only_with_a_typed_reason_of_this_sign_in(test: &TestDb) {
    let site = site(test);
    account(test, "official", &[OFFICIAL]);
    let token = signed_in(&site, "official");
    let led = site.get("/households?state=uncovered", Some(&token));
    assert_eq!((led.status, led.location.as_deref()), (303, Some("/reason?then=%2Fhouseholds%3Fstate%3Duncovered")));
    let short = site.submit("/reason", &token, "", &[("reason", "1"), ("then", "/households")]);
    assert!(short.html.contains("内容过短") && short.cookies.is_empty(), "{}", short.html);
    let given = site.submit("/reason", &token, "", &[("reason", "核对 11 月名单"), ("then", "/households")]);
    assert_eq!(given.location.as_deref(), Some("/households"));
    let (name, value) = given.cookies.into_iter().next().unwrap();
    let seen = site.get_with("/households", &token, (&name, &value));
    assert_eq!(seen.status, 200, "{}", seen.html);
    assert!(seen.html.contains("核对 11 月名单"));
    let entries = test.db.read(|conn| audit::find(conn, &Filter::default(), 0, 100, Some(test.db.keys()))).unwrap();
    let reasons: Vec<String> =
        entries.iter().filter_map(|entry| entry.detail.as_ref()?["reason"].as_str().map(str::to_owned)).collect();
    assert_eq!(reasons, ["核对 11 月名单"], "only the reading it opened");
    // Another sign-in has given no reason.
    let other = signed_in(&site, "official");
    assert_eq!(site.get_with("/households", &other, (&name, &value)).status, 303);
    let away = site.submit("/reason", &token, "", &[("reason", "核对名单"), ("then", "//evil.example/")]);
    assert_eq!(away.location.as_deref(), Some("/"));
}

fn a_form_of_another_sign_in_changes_nothing(test: &TestDb) {
    let site = site(test);
    account(test, "official", &[OFFICIAL]);
    let (one, other) = (signed_in(&site, "official"), signed_in(&site, "official"));
    let csrf = site.csrf(&other);
    let refused = site.post("/reason", Some(&one), &[("csrf", &csrf), ("reason", "核对名单"), ("then", "/")]);
    assert_eq!(refused.status, 403);
    assert!(refused.html.contains("没有保存") && refused.cookies.is_empty(), "{}", refused.html);
}
