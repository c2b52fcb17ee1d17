//! Every number of a page leads to a list that is as long as the number says; people's data needs a reason and is written down.

use std::collections::BTreeMap;

use wangjia::app::access::Grant;
use wangjia::app::audit::{self, Filter};
use wangjia::domain::access::Role;

use super::support::{Desk, entries, number, numbers_with_links, text, town};
use crate::accounts::support::noon;
use crate::support::{TestDb, on_both};

on_both!(
    every_number_opens_a_list_as_long,
    people_need_a_reason_and_are_written_down,
    a_list_is_of_ones_own_area,
    parameters_that_are_none_are_said,
    what_is_typed_in_the_town_is_shown_escaped,
    english_pages_are_english,
);

/// Opens the list of every number of a page, each list once.
#[track_caller]
fn follow(desk: &Desk, page: &str, opened: &mut BTreeMap<String, u64>) {
    let html = desk.page(page);
    let lists = numbers_with_links(&html)
        .into_iter()
        .filter(|(href, _)| href.starts_with("/coverage/households") || href.starts_with("/coverage/people"));
    let lists: Vec<(String, u64)> = lists.collect();
    assert!(lists.len() > 20, "{page} has {} numbers with a list", lists.len());
    for (href, shown) in lists {
        let entries = *opened.entry(href.clone()).or_insert_with(|| entries(&desk.page(&href)));
        assert_eq!(entries, shown, "{page}: {href}");
    }
}

fn every_number_opens_a_list_as_long(test: &TestDb) {
    town(test, str::to_owned);
    let desk = Desk::new(test);
    let mut opened = BTreeMap::new();
    for page in [
        "/coverage",
        "/coverage?by=building&sort=-uncovered",
        "/coverage?by=township",
        "/coverage?by=channel",
        "/coverage?as_of=2026-06-30",
        "/monthly?month=2026-11",
    ] {
        follow(&desk, page, &mut opened);
    }
    let html = desk.page("/coverage");
    let figures = [("covered", 2), ("uncovered", 3), ("exempt", 1), ("households", 6), ("stable_6m", 2), ("decent", 1)];
    for (id, n) in figures {
        assert_eq!(number(&html, id), n, "{id}");
    }
    for (id, n) in [("at_work", 2), ("older", 1), ("weak_or_half", 1), ("decent", 1), ("below", 1), ("pay_unknown", 0)]
    {
        assert_eq!(number(&html, &format!("worker-{id}")), n, "{id}");
    }
    // Two referrals, one of them told of and hired 200 days ago; the one entered by mistake is none.
    for (stage, n) in [("proposed", 2), ("referred", 1), ("hired", 1), ("stayed_3m", 1), ("stayed_6m", 1)] {
        let list = desk.page(&format!("/coverage/people?stage={stage}&since=2026-01-01"));
        assert_eq!(entries(&list), n, "{stage}");
    }
    // One lost its job three days ago; nothing else changed since October's end.
    assert!(html.contains("2 + 1 − 0 = 3"), "{html}");
    let postings = desk.page("/coverage/postings");
    assert!(postings.contains("平缝工") && postings.contains("锦程服饰"), "{postings}");
}

fn people_need_a_reason_and_are_written_down(test: &TestDb) {
    let town = town(test, str::to_owned);
    let desk = Desk::new(test);
    for page in ["/coverage/households?state=uncovered", "/coverage/people?figure=at_work"] {
        let led = desk.without_reason(page);
        assert_eq!((led.status, led.location.unwrap().split('?').next().unwrap()), (303, "/reason"), "{page}");
    }
    assert_eq!(desk.without_reason("/coverage").status, 200, "figures need none");
    let html = desk.page("/coverage/households?state=uncovered");
    assert!(html.contains("H0003") && html.contains("杨·阿3") && !html.contains("H0001"), "{html}");
    // Whose data was shown is written down, with the reason; who was not on the list is not in it.
    let about = |resident| {
        let filter = Filter { subject: Some(resident), ..Filter::default() };
        test.db.read(|conn| audit::find(conn, &filter, 0, 100, Some(test.db.keys()))).unwrap()
    };
    let entries = about(town.homes[2].1);
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0].operation, "page_coverage_households");
    assert!(format!("{:?}", entries[0].detail).contains("核对名单"), "{entries:?}");
    assert!(about(town.homes[0].1).is_empty());
}

fn a_list_is_of_ones_own_area(test: &TestDb) {
    let town = town(test, str::to_owned);
    let grid = test.read(|conn| {
        let all = wangjia::db::snapshot::all_areas(conn)?;
        Ok(all.into_iter().find(|area| area.name == "第二网格").unwrap().id)
    });
    let desk = Desk::of(test, "grid", Grant { role: Role::Official, area: Some(grid), employer: None }, noon());
    let html = desk.page("/coverage");
    assert_eq!(number(&html, "households"), 3);
    assert!(!html.contains("第一网格"), "{html}");
    follow(&desk, "/coverage", &mut BTreeMap::new());
    assert!(town.community > 0);
    // HR has no business with the figures.
    let firm = test.read(wangjia::db::employers::all)[0].id;
    let hr = Grant { role: Role::Hr, area: None, employer: Some(firm) };
    let token = {
        crate::accounts::support::account(test, "clerk", &[hr]);
        desk.site.sign_in("clerk", crate::accounts::support::PASSWORD, "").token.unwrap()
    };
    for page in ["/coverage", "/coverage/households", "/monthly", "/fairness", "/plans", "/gap"] {
        assert_eq!(desk.site.get(page, Some(&token)).status, 403, "{page}");
    }
}

fn parameters_that_are_none_are_said(test: &TestDb) {
    town(test, str::to_owned);
    let desk = Desk::new(test);
    for page in [
        "/coverage/households?state=happy",
        "/coverage/households?figure=none",
        "/coverage/households?plan=x",
        "/coverage/people?stage=none",
    ] {
        assert_eq!(desk.get(page).status, 422, "{page}");
    }
    assert_eq!(desk.get("/coverage/households?plan=99").status, 404);
    // A day that has not come, and one that is none, is today.
    for page in ["/coverage?as_of=2031-01-01", "/coverage?as_of=never"] {
        assert!(desk.page(page).contains("2026 年 11 月 23 日"), "{page}");
    }
    // Nothing is counted before there were rules; the first month has none before it.
    assert!(desk.page("/coverage?as_of=1800-01-01").contains("1900 年 1 月 1 日"));
    assert!(desk.page("/monthly?month=1900-01").contains("1900 年 1 月"));
    let sorted = desk.page("/coverage?sort=-uncovered");
    assert!(sorted.contains("aria-sort=\"descending\""), "{sorted}");
    assert_eq!(text(&sorted, "rate"), "40.00", "2 of 5");
}

fn what_is_typed_in_the_town_is_shown_escaped(test: &TestDb) {
    town(test, |name| format!("<script>alert(1)</script>\"'{name}"));
    let desk = Desk::new(test);
    let plan = wangjia::app::plans::propose(&test.db, crate::plans::town::proposal(), &|_, _| Ok(())).unwrap();
    for page in [
        "/coverage".to_owned(),
        "/coverage?by=township".to_owned(),
        "/coverage/households".to_owned(),
        "/coverage/people".to_owned(),
        "/coverage/people?stage=proposed".to_owned(),
        "/coverage/postings".to_owned(),
        "/gap".to_owned(),
        "/plans".to_owned(),
        format!("/plans/{plan}"),
        format!("/plans/{plan}/placements"),
        format!("/plans/{plan}/changes"),
        "/fairness?of=plan".to_owned(),
        "/monthly?month=2026-11".to_owned(),
    ] {
        let html = desk.page(&page);
        assert!(!html.contains("<script>alert") && !html.contains("\"'第"), "{page}: {html}");
    }
}

fn english_pages_are_english(test: &TestDb) {
    let latin = |name: &str| {
        let letter = |c: char| if c.is_ascii() { c.to_string() } else { format!("{:x}", u32::from(c)) };
        name.chars().map(letter).collect::<String>()
    };
    town(test, latin);
    let desk = Desk::new(test);
    let plan = wangjia::app::plans::propose(&test.db, crate::plans::town::proposal(), &|_, _| Ok(())).unwrap();
    for page in [
        "/coverage?lang=en".to_owned(),
        "/coverage?by=channel&lang=en".to_owned(),
        "/coverage/households?lang=en".to_owned(),
        "/coverage/people?lang=en".to_owned(),
        "/coverage/people?stage=proposed&lang=en".to_owned(),
        "/coverage/postings?lang=en".to_owned(),
        "/gap?lang=en".to_owned(),
        "/plans?lang=en".to_owned(),
        format!("/plans/{plan}?lang=en"),
        format!("/plans/{plan}/verification?lang=en"),
        format!("/plans/{plan}/placements?lang=en"),
        format!("/plans/{plan}/changes?lang=en"),
        "/fairness?of=plan&lang=en".to_owned(),
        "/monthly?month=2026-11&lang=en".to_owned(),
    ] {
        let html = desk.page(&page);
        // The way back, the reason as it was typed, and who is signed in.
        let own = html.replace("中文", "").replace("核对名单", "").replace("杨秀英", "").replace("1单元101", "");
        let chinese: String = own.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
        assert!(chinese.is_empty(), "{page}: {chinese} in {html}");
    }
}
