//! The month on paper: from the same figures, reconciled with the month before, of a day that is named.

use super::support::{Desk, number, text, town};
use crate::support::{TestDb, on_both};

on_both!(a_month_is_told_and_reconciles, a_month_has_its_neighbours);

fn a_month_is_told_and_reconciles(test: &TestDb) {
    town(test, str::to_owned);
    let desk = Desk::new(test);
    let html = desk.page("/monthly?month=2026-11");
    assert!(
        html.contains("<b>2026 年 11 月</b>") && html.contains("数据截至 2026 年 11 月 23 日，本月还没结束"),
        "{html}"
    );
    assert!(html.contains("还没有冻结"), "{html}");
    assert_eq!(number(&html, "uncovered"), 3);
    assert_eq!(text(&html, "rate"), "40.00");
    assert_eq!(text(&html, "flow"), "2026-10-31 以来：新增 1 户，退出 0 户。2 + 1 − 0 = 3。");
    assert!(html.contains("比上月末多 1 户") && html.contains("失去了工作"), "{html}");
    for signature in ["填报人：", "审核人：", "日期："] {
        assert!(html.contains(signature));
    }
    // Two were recognised; the first service of one is late by now, the other's is still in time.
    let clock = html.split("id=\"clock\"").nth(1).unwrap().split("</section>").next().unwrap();
    let first = clock.split("<tr>").nth(2).unwrap();
    assert!(first.contains("3 个工作日内首次服务") && first.contains("stand=late"), "{first}");
    assert!(first.contains(">0</a>") && first.contains(">1</a>"), "{first}");
    // The same figures as the coverage page of that day.
    let coverage = desk.page("/coverage?as_of=2026-11-23");
    assert_eq!(number(&coverage, "uncovered"), 3);
    assert!(coverage.contains("2 + 1 − 0 = 3"));
}

fn a_month_has_its_neighbours(test: &TestDb) {
    town(test, str::to_owned);
    let desk = Desk::new(test);
    let october = desk.page("/monthly");
    assert!(october.contains("数据截至 2026 年 10 月 31 日") && !october.contains("本月还没结束"), "{october}");
    assert!(october.contains("/monthly?month=2026-09") && october.contains("/monthly?month=2026-11"));
    assert_eq!(number(&october, "uncovered"), 2, "one still had its job");
    let november = desk.page("/monthly?month=2026-11");
    assert!(!november.contains("/monthly?month=2026-12"), "it has not begun");
}
