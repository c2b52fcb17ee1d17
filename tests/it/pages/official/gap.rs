//! The gap: classes that add up, changes side by side, what the reader tries, a tenant that closes.

use chrono::Days;
use wangjia::db::residents::ResidentData;
use wangjia::db::spells::{self, SpellData};
use wangjia::domain::codes::{LabourClass, MonitoringClass};

use super::support::{Desk, number, text};
use crate::db::fixtures::{spell, time};
use crate::plans::town::{Old, Town, Young, today};
use crate::support::{TestDb, on_both};

on_both!(
    the_gap_is_told_by_class_and_adds_up,
    changes_stand_side_by_side,
    what_is_tried_is_solved,
    without_a_plan_it_says_what_to_do,
    runs_and_plans_are_compared_by_group,
);

/// Four households, one place for anybody and one for the young: two stay uncovered.
fn crowded(test: &TestDb) -> (Town<'_>, i64) {
    let mut town = Town::new(test);
    for ages in [&[Young][..], &[Old], &[Old], &[Old]] {
        town.home(ages);
    }
    town.posting(false, 1);
    town.posting(true, 2);
    let plan = town.propose();
    (town, plan)
}

fn the_gap_is_told_by_class_and_adds_up(test: &TestDb) {
    crowded(test);
    let desk = Desk::new(test);
    let html = desk.page("/gap");
    let n = |id| number(&html, id);
    assert_eq!((n("uncovered"), n("coverable"), n("left")), (4, 2, 2));
    assert!(
        html.contains("岗位名额不足") && html.contains("3 户只适合这 1 个岗位，共 1 个空缺，至少 2 户落空"),
        "{html}"
    );
    assert!(html.contains("由价格证明没用"), "how thoroughly it was looked: {html}");
}

fn changes_stand_side_by_side(test: &TestDb) {
    crowded(test);
    let desk = Desk::new(test);
    let html = desk.page("/gap");
    let tokens: Vec<&str> =
        html.split("name=\"compare\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(tokens.len() >= 2, "{html}");
    assert!(!html.contains("id=\"compare\""), "nothing is compared yet");
    let both = desk.page(&format!("/gap?compare={}&compare={}", tokens[0], tokens[1]));
    let table = both.split("id=\"compare\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(table.matches("scope=\"col\"").count(), 4, "as it is and two changes: {table}");
    assert!(table.contains("50.00"), "2 of 4 as it is: {table}");
    assert_eq!(both.matches(" checked").count(), 2);
    // What is no change of the ranking is not compared.
    assert!(!desk.page("/gap?compare=course.99&compare=x").contains("id=\"compare\""));
}

fn what_is_tried_is_solved(test: &TestDb) {
    let (town, plan) = crowded(test);
    let desk = Desk::new(test);
    let any = test.read(wangjia::db::postings::all).iter().find(|row| row.data.age_max == Some(55)).unwrap().id;
    let tried = desk.page(&format!("/gap?plan={plan}&try=more_vacancies&posting={any}&n=1"));
    assert!(text(&tried, "tried").contains("可多覆盖 1 户"), "{}", text(&tried, "tried"));
    let young = test.read(wangjia::db::postings::all).iter().find(|row| row.data.age_max == Some(40)).unwrap().id;
    let wider = desk.page(&format!("/gap?plan={plan}&try=age&posting={young}&n=55"));
    assert!(text(&wider, "tried").contains("可多覆盖 1 户"), "{}", text(&wider, "tried"));
    for fault in [
        "try=more_vacancies&n=1",
        "try=more_vacancies&posting=1",
        "try=age&posting=1&n=7",
        "try=none",
        "try=course&n=5",
    ] {
        let answer = desk.get(&format!("/gap?plan={plan}&{fault}"));
        assert_eq!(answer.status, 422, "{fault}");
        assert!(answer.html.contains("id=\"said\"") && answer.html.contains("试一个改动"), "{fault}");
    }
    // The only tenant closes: nobody works there, so nobody loses a job, and its two places are gone.
    let firm = test.read(wangjia::db::employers::all)[0].id;
    let closed = desk.page(&format!("/gap?plan={plan}&tenant={firm}"));
    assert!(text(&closed, "closed").contains("撤出"), "{}", text(&closed, "closed"));
    // The records change: what is tried would be about another state, and that is said.
    let resident = test.read(wangjia::db::residents::all)[3].id;
    test.write(|conn| {
        let from = today() - Days::new(1);
        spells::insert(
            conn,
            &SpellData { start_on: Some(from), counted_from: from, end_on: None, ..spell(resident) },
            time(),
        )
    });
    let stale = desk.get(&format!("/gap?plan={plan}&try=more_vacancies&posting={any}&n=1"));
    assert_eq!(stale.status, 409);
    assert!(stale.html.contains("id=\"left\""), "the page is still there: {}", stale.html);
    assert!(town.propose() > plan);
}

fn without_a_plan_it_says_what_to_do(test: &TestDb) {
    Town::new(test);
    let desk = Desk::new(test);
    for page in ["/gap", "/fairness"] {
        let html = desk.page(page);
        assert!(html.contains("class=\"empty\"") && html.contains("href=\"/plans\""), "{page}: {html}");
    }
    assert_eq!(desk.get("/gap?plan=7").status, 404);
    assert!(desk.page("/monthly").contains("截至月底还没有方案"));
}

/// Thirty-one skilled people who may take the places and thirty ordinary ones who may not: a flag, with n and p.
fn runs_and_plans_are_compared_by_group(test: &TestDb) {
    let mut town = Town::new(test);
    let skilled = |data| ResidentData { labour_class: Some(LabourClass::Skilled), ..data };
    for _ in 0..30 {
        town.home_with(&[Young], MonitoringClass::None, skilled);
        town.home(&[Old]);
    }
    town.home_with(&[Young], MonitoringClass::None, skilled);
    town.posting(true, 15);
    town.propose();
    let desk = Desk::new(test);
    let of_class =
        |html: &str| html.split("id=\"by-class\"").nth(1).unwrap().split("</table>").next().unwrap().to_owned();
    let html = desk.page("/fairness?of=plan");
    assert_eq!((number(&html, "people"), number(&html, "chosen"), number(&html, "flags")), (61, 15, 1));
    let classes = of_class(&html);
    assert!(classes.contains("低于五分之四，要看看") && classes.contains("&#60; 0.001"), "{classes}");
    assert!(classes.contains("48.38") && classes.contains(">0.00<"), "15 of 31, and a ratio of nothing: {classes}");
    // All are women: one group is compared with nobody.
    let sexes = html.split("id=\"by-sex\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(sexes.contains("人太少，不好说") && !html.contains("曝光（比值）"), "{sexes}");

    wangjia::app::recommendations::run_all(&test.db, today(), 3, &|_, _| Ok(())).unwrap();
    let html = desk.page("/fairness");
    assert_eq!((number(&html, "people"), number(&html, "chosen")), (61, 31), "{html}");
    assert!(html.contains("曝光（比值）") && of_class(&html).contains("100.00"), "{html}");
    assert!(desk.page("/monthly?month=2026-11").contains("61 人中，31 人得到过推荐"));
}
