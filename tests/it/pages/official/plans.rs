//! Plans: value and proof, the check that really runs, a new one as a job, adopting once, what one placement is worth.

use chrono::Days;
use wangjia::app::access::Grant;
use wangjia::app::plans::view;
use wangjia::db::spells::{self, SpellData};
use wangjia::domain::access::Role;

use super::support::{Desk, OFFICIAL, entries, number, text};
use crate::accounts::support::noon;
use crate::db::fixtures::{spell, time};
use crate::plans::town::{Old, Town, Young, today};
use crate::support::{TestDb, on_both};

on_both!(
    a_plan_is_told_with_its_proof_and_its_lists,
    the_check_runs_when_it_is_asked_for,
    a_plan_is_proposed_once_as_a_job,
    a_plan_is_adopted_once_and_only_over_the_one_that_was_seen,
    what_one_placement_is_worth_is_solved,
    whoever_is_in_charge_of_a_part_reads_only,
);

/// Three households for two places: one stays uncovered.
fn crowded(test: &TestDb) -> (Town<'_>, i64) {
    let mut town = Town::new(test);
    for ages in [&[Young][..], &[Old], &[Old]] {
        town.home(ages);
    }
    town.posting(false, 1);
    town.posting(true, 1);
    let plan = town.propose();
    (town, plan)
}

fn a_plan_is_told_with_its_proof_and_its_lists(test: &TestDb) {
    let (_, plan) = crowded(test);
    let desk = Desk::new(test);
    let html = desk.page(&format!("/plans/{plan}"));
    assert_eq!(number(&html, "newly"), 2);
    assert!(html.contains("已证明：没有更好的安排") && html.contains("上限也是这么多，差距 0"), "{html}");
    for rule in ["按适合度依次安排", "未覆盖户优先依次安排", "先到先得"] {
        assert!(html.contains(rule), "{rule}");
    }
    assert!(html.contains("岗位名额不足") && html.contains("待采用"), "{html}");
    for (filter, n) in [("planned=newly_covered", 2), ("class=out_competed", 1), ("planned=uncovered", 1)] {
        let list = desk.page(&format!("/coverage/households?plan={plan}&{filter}"));
        assert_eq!(entries(&list), n, "{filter}");
    }
    let left = desk.page(&format!("/coverage/households?plan={plan}&class=out_competed"));
    assert!(left.contains("可用空缺共 1 个"), "the evidence is told: {left}");
    let placements = desk.page(&format!("/plans/{plan}/placements"));
    assert_eq!(placements.matches("cost=").count(), 2, "{placements}");
    let list = desk.page("/plans");
    assert!(list.contains(&format!("第 {plan} 号")) && list.contains("待采用"), "{list}");
    for page in ["/plans/99", "/plans/99/placements", "/plans/99/verification", "/plans/x"] {
        assert_eq!(desk.get(page).status, 404, "{page}");
    }
    assert_eq!(desk.without_reason(&format!("/plans/{plan}/placements")).status, 303, "names need a reason");
}

fn the_check_runs_when_it_is_asked_for(test: &TestDb) {
    let (_, plan) = crowded(test);
    let desk = Desk::new(test);
    let html = desk.page(&format!("/plans/{plan}/verification"));
    assert!(html.contains("重新证明为最优") && html.contains("3 人 × 2 个岗位，全部 6 对"), "{html}");
    assert!(html.contains("2 个安排、3 户、2 个价格"), "{html}");
    // Somebody finds work: the plan proves another state than today's, and that is what is said.
    let resident = test.read(wangjia::db::residents::all)[0].id;
    test.write(|conn| {
        let from = today() - Days::new(1);
        let data = SpellData { start_on: Some(from), counted_from: from, end_on: None, ..spell(resident) };
        spells::insert(conn, &data, time())
    });
    let html = desk.page(&format!("/plans/{plan}/verification"));
    assert!(html.contains("记录或程序版本已有变化") && html.contains("没有重算"), "{html}");
}

fn a_plan_is_proposed_once_as_a_job(test: &TestDb) {
    let mut town = Town::new(test);
    town.home(&[Young]);
    town.posting(false, 1);
    let desk = Desk::new(test);
    assert!(desk.page("/plans").contains("还没有方案"));
    let first = desk.site.submit("/plans", &desk.token, "0123", &[]);
    let second = desk.site.submit("/plans", &desk.token, "0123", &[]);
    let job = first.location.unwrap();
    assert_eq!((first.status, second.location.as_deref()), (303, Some(job.as_str())), "a second click is the first");
    let html = desk.page(&job);
    assert!(html.contains("正在做方案") && html.contains("<progress"), "{html}");
    // Another account's job is nobody else's to see.
    let other = Desk::of(test, "second", OFFICIAL, noon());
    assert_eq!(other.get(&job).status, 404);
    // Without its token the form does nothing.
    let forged = desk.site.post("/plans", Some(&desk.token), &[("once", "77")]);
    assert_eq!(forged.status, 403);
}

fn a_plan_is_adopted_once_and_only_over_the_one_that_was_seen(test: &TestDb) {
    let (town, plan) = crowded(test);
    let desk = Desk::new(test);
    let adopt = |plan: i64, once: &str, expected: &str| {
        let form = [("expected_current", expected)];
        desk.site.submit(&format!("/plans/{plan}/adopt"), &desk.token, once, &form)
    };
    // It was thought that plan 99 is in force: nothing happens, and the page says why.
    let refused = adopt(plan, "a", "99");
    assert_eq!(refused.status, 409);
    assert!(text(&refused.html, "said").len() > 10 && refused.html.contains("待采用"), "{}", refused.html);
    let (first, second) = (adopt(plan, "b", ""), adopt(plan, "b", ""));
    assert_eq!((first.status, &first.location), (303, &second.location), "{}", first.html);
    assert_eq!(first.location.unwrap(), format!("/plans/{plan}?done=adopted"));
    assert_eq!(test.db.read(view::current).unwrap(), Some(plan));
    let html = desk.page(&format!("/plans/{plan}?done=adopted"));
    assert!(html.contains("安排已交给工作人员逐一确认") && html.contains("杨秀英"), "{html}");
    assert!(!html.contains("name=\"expected_current\""), "what is adopted is not adopted again");
    // The next plan knows its promises.
    let next = town.propose();
    assert!(desk.page(&format!("/plans/{next}")).contains("2 个，保住 2 个"));
    assert!(desk.page(&format!("/plans/{next}/changes?kind=kept")).contains("保留"));
}

fn what_one_placement_is_worth_is_solved(test: &TestDb) {
    let (_, plan) = crowded(test);
    let desk = Desk::new(test);
    let placements = test.read(|conn| wangjia::db::plans::placements::page(conn, plan, wangjia::db::Page::first(9)));
    // Only one young person for the place of the young: without that placement a household is lost.
    let young = placements[0].id;
    let html = desk.page(&format!("/plans/{plan}/placements?cost={young}"));
    assert!(text(&html, "cost").contains("从多覆盖 2 户变成 1 户，H000"), "{}", text(&html, "cost"));
    // Another household is waiting for the place anybody may take.
    let any = placements.iter().find(|row| row.id != young).unwrap().id;
    let html = desk.page(&format!("/plans/{plan}/placements?cost={any}"));
    assert!(text(&html, "cost").contains("还是多覆盖 2 户"), "{}", text(&html, "cost"));
    assert_eq!(desk.get(&format!("/plans/{plan}/placements?cost=999")).status, 404);
}

fn whoever_is_in_charge_of_a_part_reads_only(test: &TestDb) {
    let (_, plan) = crowded(test);
    let building = test.read(wangjia::db::areas::all)[2].id;
    let desk = Desk::of(test, "part", Grant { role: Role::Official, area: Some(building), employer: None }, noon());
    let html = desk.page("/plans");
    assert!(!html.contains("action=\"/plans\"") && html.contains("您可以看和验证"), "{html}");
    assert!(!desk.page(&format!("/plans/{plan}")).contains("name=\"expected_current\""));
    assert_eq!(desk.site.submit("/plans", &desk.token, "x", &[]).status, 403);
    assert_eq!(desk.site.submit(&format!("/plans/{plan}/adopt"), &desk.token, "y", &[]).status, 403);
}
