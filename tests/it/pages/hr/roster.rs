//! The roster: one's own people, the months that count, a leaver, and a sheet that runs nothing.

use std::io::Read as _;

use serde_json::json;
use wangjia::app::exports::Form;
use wangjia::app::roster;

use super::Bench;
use crate::api::app::id;
use crate::support::{TestDb, on_both};

on_both!(
    months_count_by_days_and_pay_and_a_leaver_is_noted_once,
    whose_data_may_only_be_stored_is_not_listed,
    the_sheet_holds_text_as_text,
    the_sheet_has_the_columns_somebody_saved,
);

/// A job on record with the first employer, not come by a referral.
fn job(bench: &Bench, name: &str, order: u16, body: &serde_json::Value) -> (String, String) {
    let person = bench.park.person(name, order);
    let spell = bench.park.app.create(&format!("/residents/{person}/spells"), body);
    (person, id(&spell))
}

fn months_count_by_days_and_pay_and_a_leaver_is_noted_once(test: &TestDb) {
    let bench = Bench::new(test);
    assert!(bench.get("/hr/roster").contains("这一年还没有登记在岗的人"));
    let employer = bench.park.employers[0].as_str();
    let body = json!({"channel": "micro_factory", "employer_id": employer, "job_title": "锁边工",
        "start_on": "2026-08-20", "monthly_income": 2700});
    let (_, spell) = job(&bench, "龙阿妹", 3, &body);
    let html = bench.get("/hr/roster");
    // August has 12 days; September, October and November (23 days) count.
    assert!(html.contains("3 个月") && html.contains("8 月：12 天"), "{html}");
    assert!(html.contains("在岗满 15 天、月收入不低于 2600 元"), "{html}");
    assert!(bench.get("/hr/roster?year=2025").contains("这一年还没有登记"));
    let path = format!("/hr/roster/{spell}/leaver");
    let leave = |once: &str, on: &str, reason: &str| bench.post(&path, once, &[("ended_on", on), ("reason", reason)]);
    assert_eq!(leave("a", "2026-11-24", "resigned").status, 422, "tomorrow");
    assert_eq!(leave("b", "2026-11-20", "health").status, 422, "not the employer's to say");
    let left = leave("c", "2026-11-10", "resigned");
    assert_eq!(left.location.as_deref(), Some("/hr/roster?done=left"), "{}", left.html);
    assert_eq!(leave("c", "2026-11-10", "resigned").location, left.location, "sent twice");
    assert_eq!(leave("d", "2026-11-11", "resigned").status, 409, "it has ended");
    assert_eq!(bench.park.app.get(&format!("/spells/{spell}"))["end_on"], "2026-11-10");
    let html = bench.get("/hr/roster");
    assert!(html.contains("2 个月") && html.contains("11 月：9 天") && html.contains("现在在岗 0 人"), "{html}");
}

fn whose_data_may_only_be_stored_is_not_listed(test: &TestDb) {
    let bench = Bench::new(test);
    let body = json!({"channel": "micro_factory", "employer_id": bench.park.employers[0], "start_on": "2026-08-20"});
    let (_, _) = job(&bench, "龙阿妹", 3, &body);
    let (person, _) = job(&bench, "石阿哥", 5, &body);
    let number: i64 = person.parse().unwrap();
    test.write(|conn| {
        use diesel::prelude::*;
        use wangjia::db::schema::residents::dsl;
        diesel::update(dsl::residents.find(number)).set(dsl::restricted.eq(true)).execute(conn)?;
        Ok(())
    });
    let html = bench.get("/hr/roster");
    assert!(html.contains("龙阿妹") && !html.contains("石阿哥"), "{html}");
}

fn the_sheet_holds_text_as_text(test: &TestDb) {
    let bench = Bench::new(test);
    let body = json!({"channel": "micro_factory", "employer_id": bench.park.employers[0], "start_on": "2026-08-20",
        "job_title": "=HYPERLINK(\"http://evil.example\",\"x\")", "monthly_income": 2700});
    job(&bench, "+cmd|' /C calc'!A0", 3, &body);
    let own = [bench.park.employers[0].parse().unwrap()];
    let today = "2026-11-23".parse().unwrap();
    let roster = test.db.read(|conn| roster::of_employers(conn, &own, 2026, today)).unwrap();
    let bytes = roster::table(&roster, &[]).unwrap().write(Form::Xlsx).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let (sheet, strings, styles) =
        (part("xl/worksheets/sheet1.xml"), part("xl/sharedStrings.xml"), part("xl/styles.xml"));
    assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "{sheet}");
    let all = format!("{sheet}{strings}");
    assert!(all.contains("+cmd|") && all.contains("=HYPERLINK(") && styles.contains("quotePrefix=\"1\""), "{all}");
    assert!(all.contains("2026年计入补贴月数") && all.contains("12天") && all.contains("计入"), "{all}");
}

fn the_sheet_has_the_columns_somebody_saved(test: &TestDb) {
    let bench = Bench::new(test);
    let body = json!({"channel": "micro_factory", "employer_id": bench.park.employers[0], "start_on": "2026-08-20", "monthly_income": 2700});
    job(&bench, "龙阿妹", 3, &body);
    let whole = bench.get("/hr/roster.csv");
    assert!(whole.lines().next().unwrap().ends_with("12月,2026年计入补贴月数"), "{whole}");
    let fields =
        [("kind", "roster"), ("name", "报补贴"), ("c_months_counted", "2"), ("c_name", "1"), ("c_month_8", "3")];
    let saved = bench.post("/hr/roster/views", "a", &fields);
    assert_eq!(saved.location.as_deref(), Some("/hr/roster?done=saved&list=roster"), "{}", saved.html);
    let page = bench.get("/hr/roster");
    assert!(page.contains("姓名、计入补贴月数、8月"), "{page}");
    let (_, rest) = page.split_once("name=\"view\"><option value=\"").unwrap();
    let view = rest.split('"').next().unwrap();
    let csv = bench.get(&format!("/hr/roster.csv?view={view}"));
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines, ["姓名,2026年计入补贴月数,8月", "龙阿妹,3,12天"]);
    let removed = bench.post(&format!("/hr/roster/views/{view}/remove"), "b", &[]);
    assert_eq!(removed.location.as_deref(), Some("/hr/roster?done=removed"), "{}", removed.html);
}
