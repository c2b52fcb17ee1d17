//! The report on the official's pages: freeze, sign, correct, open the lists, take it along.

use wangjia::app::reports::view;
use wangjia::db::Page;
use wangjia::ledger::workbook;

use crate::pages::official::support::{Desk, entries, numbers_with_links, town};
use crate::support::{TestDb, on_both};

on_both!(a_month_is_frozen_signed_and_corrected_on_its_pages);

fn a_month_is_frozen_signed_and_corrected_on_its_pages(test: &TestDb) {
    let town = town(test, str::to_owned);
    let desk = Desk::new(test);
    assert_eq!(desk.get("/reports").location.as_deref(), Some("/monthly"), "where the reports are");
    let month = desk.page("/monthly?month=2026-10");
    assert!(month.contains("冻结旺家社区这个月"));
    assert!(!desk.page("/monthly?month=2026-11").contains("/monthly/freeze"), "it still runs");
    let community = town.community.to_string();
    let fields = [("community", community.as_str()), ("month", "2026-10")];
    let send = || desk.site.submit("/monthly/freeze", &desk.token, "once-1", &fields);
    let to = send().location.unwrap();
    assert_eq!(send().location.as_deref(), Some(to.as_str()), "sent twice, done once");
    let reports = || test.db.read(|conn| view::page(conn, (None, None), Page::first(9))).unwrap();
    assert_eq!(reports().len(), 1);
    let id = reports()[0].id;
    let page = desk.page(&to);
    assert!(page.contains("已冻结") && page.contains("签发这一版"));
    assert!(desk.page("/monthly?month=2026-10").contains("第 1 版"));
    // Every number opens a list of as many entries.
    let links: Vec<(String, u64)> =
        numbers_with_links(&page).into_iter().filter(|(href, _)| href.contains("/lists?")).collect();
    assert!(links.len() > 30, "{links:?}");
    for (href, number) in links {
        let list = desk.page(&href);
        assert_eq!(entries(&list), number, "{href}");
    }
    assert_eq!(desk.without_reason(&format!("/reports/{id}/lists?figure=covered")).status, 303);
    // In English nothing but names is Chinese.
    let english = desk.page(&format!("/reports/{id}?lang=en"));
    let (_, main) = english.split_once("<main").unwrap();
    let main = main.replace("旺家社区", "").replace("第一网格", "").replace("第二网格", "").replace("核对名单", "");
    let main = main.split("</main>").next().unwrap();
    assert!(!main.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{main}");
    let sign = |form: &str| desk.site.submit(&format!("/reports/{id}/sign"), &desk.token, form, &[]);
    assert_eq!(sign("s-1").status, 303);
    assert_eq!(sign("s-2").status, 409, "signed once");
    assert!(desk.page(&format!("/reports/{id}")).contains("已签发"));
    // A correction needs a reason, and something to correct.
    let correct = |form: &str, reason: &str| {
        desk.site.submit(&format!("/reports/{id}/correct"), &desk.token, form, &[("reason", reason)])
    };
    let short = correct("c-1", "<b>");
    assert_eq!(short.status, 422);
    assert!(
        !short.html.contains("<b>\"") && short.html.contains("&#60;b&#62;") && short.html.contains("过短"),
        "{}",
        short.html
    );
    let same = correct("c-2", "没有变化");
    assert_eq!(same.status, 409);
    assert!(same.html.contains("没有变化，不需要更正"));
    test.write(|conn| {
        use diesel::prelude::*;
        use wangjia::db::schema::employment_spells::dsl;
        let end: chrono::NaiveDate = "2026-10-10".parse().unwrap();
        diesel::update(dsl::employment_spells.filter(dsl::resident_id.eq(town.homes[0].1)))
            .set(dsl::end_on.eq(end))
            .execute(conn)?;
        Ok(())
    });
    let to = correct("c-3", "离职<script>日期").location.unwrap();
    let second = desk.page(&to);
    assert!(second.contains("第 2 版") && second.contains("这次更正改了什么") && !second.contains("<script>日期"));
    assert!(desk.page(&format!("/reports/{id}")).contains("后来有更正"));
    // The files say the same.
    let answer = desk.page(&format!("/reports/{id}/report.json"));
    let first: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((&first["version"], &first["genuine"]), (&1.into(), &true.into()));
    let second = reports()[1].id;
    let report = test.db.read(|conn| view::report(conn, second)).unwrap();
    let json = wangjia::app::reports::file::json(&report);
    assert_eq!((&json["version"], &json["reason"]), (&2.into(), &"离职<script>日期".into()));
    let sheet = wangjia::app::reports::file::xlsx(&report, wangjia::domain::text::Lang::Zh).unwrap();
    let rows = &workbook::read(&sheet, "report.xlsx").unwrap().sheets[0].rows;
    let covered = rows
        .iter()
        .find(|row| row.cells.first().is_some_and(|cell| format!("{cell:?}").contains("\"已覆盖\"")))
        .unwrap();
    assert!(format!("{:?}", covered.cells[1]).contains(&json["figures"][1]["value"].to_string()), "{covered:?}");
}
