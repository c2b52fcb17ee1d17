//! A ledger on its way in: looked at, corrected in the browser, written.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wangjia::app::jobs::{Queue, Workers};
use wangjia::app::{residents, work};
use wangjia::domain::codes::JobState;

use super::{ADMINISTRATOR, COUNSELOR, TYPED, chinese, signed_in, site};
use crate::accounts::support::noon;
use crate::imports::{number, words};
use crate::ledger::{V, id, xlsx};
use crate::row;
use crate::support::site::{Answer, Site};
use crate::support::{TestDb, on_both};

on_both!(
    an_error_is_corrected_in_the_browser_and_the_file_written,
    rows_without_errors_are_written_where_somebody_says_so,
    a_word_of_a_closed_list_is_chosen,
    a_file_goes_on_once_and_can_be_let_go,
    imports_are_for_whoever_is_in_charge_of_everything,
);

/// Three households; the second one's ID number has a wrong check character.
fn ledger() -> (Vec<u8>, String) {
    let right = id(1981, 2, 2, 3);
    let last = if right.ends_with('1') { "2" } else { "1" };
    let wrong = format!("{}{last}", &right[..17]);
    let mut rows: Vec<Vec<V>> = vec![row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "技能特长"]];
    for (code, name, number) in
        [("A1", "王五", id(1980, 1, 1, 1)), ("A2", TYPED, wrong), ("A3", "李六", id(1982, 3, 3, 5))]
    {
        rows.push(row![code, name, "户主", number, "1栋", "平缝3年"]);
    }
    (xlsx(&[("台账", rows)]), right)
}

#[track_caller]
pub(super) fn upload(site: &Site, token: &str, once: &str, name: &str, bytes: &[u8]) -> Answer {
    let csrf = site.csrf(token);
    let fields = [("csrf", csrf.as_str()), ("once", once), ("as_of", "2026-11-01")];
    site.upload("/admin/imports", token, &fields, (name, bytes))
}

/// Lets a worker do what is queued.
#[track_caller]
pub(super) fn work_off(test: &TestDb) {
    let clock: wangjia::app::jobs::Clock = Arc::new(|| noon().and_utc());
    // A queue of its own, as another process has: dropped workers close theirs.
    let workers = Workers::start(&test.db, &Queue::default(), &clock, work::perform, 1).unwrap();
    let patience = Instant::now() + Duration::from_secs(30);
    while number(test, "SELECT count(*) AS n FROM jobs WHERE state IN ('queued', 'running')") > 0 {
        assert!(Instant::now() < patience, "the job does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(workers);
}

#[track_caller]
pub(super) fn led(answer: &Answer) -> String {
    answer.location.clone().unwrap_or_else(|| panic!("{}: {}", answer.status, answer.html))
}

pub(super) fn people(test: &TestDb) -> i64 {
    number(test, "SELECT count(*) AS n FROM residents")
}

fn an_error_is_corrected_in_the_browser_and_the_file_written(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let (bytes, right) = ledger();
    let first = led(&upload(&site, &token, "u", "台账.xlsx", &bytes));
    assert_eq!(led(&upload(&site, &token, "u", "台账.xlsx", &bytes)), first, "sent twice, looked at once");
    assert_eq!(number(test, "SELECT count(*) AS n FROM jobs"), 1);
    let waiting = site.get(&first, Some(&token)).html;
    assert!(waiting.contains("<progress") && waiting.contains("id=\"progress\""), "{waiting}");
    assert!(waiting.contains("<noscript><meta http-equiv=\"refresh\"") && waiting.contains("progress.js"), "{waiting}");
    work_off(test);
    let page = site.get(&first, Some(&token)).html;
    assert!(page.contains("有 1 个错误要改，现在还没写入任何数据") && !page.contains("http-equiv"), "{page}");
    assert!(page.contains("id_checksum") && page.contains("第 3 行") && page.contains("台账.xlsx"), "{page}");
    assert!(!page.contains(TYPED) && !page.contains(&right[..17]), "values are masked: {page}");
    assert_eq!(people(test), 0);
    // The field of that finding.
    let row = page.split("id_checksum</small>").nth(1).unwrap().split("</tr>").next().unwrap();
    let field = row.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(row.contains("aria-label=\"第 3 行 身份证号 的新值\""), "{row}");
    let correct = format!("{first}/correct");
    let nothing = site.submit(&correct, &token, "", &[]);
    assert!(nothing.status == 422 && nothing.html.contains("没有填新的值"), "{}", nothing.html);
    let long = "9".repeat(201);
    let long = site.submit(&correct, &token, "", &[(field, long.as_str())]);
    assert!(long.status == 422 && long.html.contains("内容过长"), "{}", long.html);
    let typed = site.submit(&correct, &token, "c", &[(field, right.as_str())]);
    let second = led(&typed);
    assert_eq!(second.split('?').nth(1), Some("done=corrected"));
    assert_eq!(led(&site.submit(&correct, &token, "c", &[(field, right.as_str())])), second, "once");
    work_off(test);
    let page = site.get(&second, Some(&token)).html;
    assert!(page.contains("没有错误，可以写入") && page.contains("已改 1 格"), "{page}");
    assert!(page.contains("写入 3 行") && !page.contains(&right), "{page}");
    assert_eq!(people(test), 0, "looked at, not written");
    // The old check is closed: the file went on.
    let old = site.get(&first, Some(&token)).html;
    assert!(old.contains("已经接着往下办") && !old.contains("name=\"fix-"), "{old}");
    let path = second.split('?').next().unwrap().to_owned();
    let third = led(&site.submit(&format!("{path}/write"), &token, "w", &[]));
    work_off(test);
    let page = site.get(&third, Some(&token)).html;
    assert!(page.contains("已写入") && page.contains("/admin/imports/stored/"), "{page}");
    assert!(!page.contains("正在写入"), "it is over: {page}");
    assert_eq!(people(test), 3);
    let keys = test.db.keys();
    let found = test.db.read(|conn| residents::by_id_number(conn, keys, &right, noon().date()));
    assert!(found.is_ok(), "the number that was typed is the one that is stored");
    assert_eq!(number(test, "SELECT count(*) AS n FROM jobs WHERE input_cipher IS NOT NULL"), 0, "the file is gone");
    let list = site.get("/admin/imports", Some(&token)).html;
    assert!(list.contains("台账.xlsx") && list.contains("已写入"), "{list}");
    assert_eq!(list.matches("已接着办").count(), 2, "{list}");
    let stored = third_stored(&page);
    let stored = site.get(&stored, Some(&token)).html;
    assert!(stored.contains("新增的行") && stored.contains("台账.xlsx"), "{stored}");
    for path in [path.as_str(), "/admin/imports"] {
        let english = site.get(&format!("{path}?lang=en"), Some(&token)).html;
        assert_eq!(chinese(&english, &["台账", "劳动技能", "在校生状况", "身份证号", "姓名"]), "", "{path}");
    }
}

fn third_stored(page: &str) -> String {
    let rest = page.split("href=\"/admin/imports/stored/").nth(1).unwrap();
    format!("/admin/imports/stored/{}", rest.split('"').next().unwrap())
}

fn rows_without_errors_are_written_where_somebody_says_so(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let (bytes, _) = ledger();
    let first = led(&upload(&site, &token, "", "台账.xlsx", &bytes));
    work_off(test);
    let csv = site.get(&format!("{first}/findings.csv?severity=error"), Some(&token));
    assert!(csv.status == 200 && csv.html.contains("id_checksum") && csv.html.lines().count() == 2, "{}", csv.html);
    let filtered = site.get(&format!("{first}?severity=error"), Some(&token)).html;
    assert!(filtered.contains("第 1 到 1 个，共 1 个"), "{filtered}");
    assert!(site.get(&format!("{first}?code=two_heads"), Some(&token)).html.contains("这里没有这样的问题"));
    // Without the box nothing is written, and the file waits to be corrected.
    let stopped = led(&site.submit(&format!("{first}/write"), &token, "", &[]));
    work_off(test);
    let page = site.get(&stopped, Some(&token)).html;
    assert!(page.contains("有 1 个错误要改") && page.contains("name=\"fix-"), "{page}");
    assert_eq!(people(test), 0);
    let path = stopped.split('?').next().unwrap();
    let written = led(&site.submit(&format!("{path}/write"), &token, "", &[("clean_rows", "yes")]));
    work_off(test);
    let page = site.get(&written, Some(&token)).html;
    assert!(page.contains("已写入") && page.contains("下载有错误的行"), "{page}");
    assert_eq!(people(test), 2);
    assert_eq!(words(test, "SELECT state AS word FROM jobs ORDER BY id"), [JobState::Succeeded.code(); 3]);
}

fn a_word_of_a_closed_list_is_chosen(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let rows = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "健康状况"],
        row!["A1", "王五", "户主", id(1980, 1, 1, 1), "1栋", "还行"],
    ];
    let first = led(&upload(&site, &token, "", "台账.xlsx", &xlsx(&[("台账", rows)])));
    work_off(test);
    let page = site.get(&first, Some(&token)).html;
    let row = page.split("code_unknown</small>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("<select") && row.contains("<option>健康</option>"), "{row}");
    let field = row.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = led(&site.submit(&format!("{first}/correct"), &token, "", &[(field, "健康")]));
    work_off(test);
    assert!(!site.get(&second, Some(&token)).html.contains("code_unknown"));
}

fn a_file_goes_on_once_and_can_be_let_go(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let other = signed_in(test, &site, "other", &[COUNSELOR]);
    let (bytes, _) = ledger();
    let csrf = site.csrf(&token);
    // No file, no day, a file of another session's page, a file that is none.
    let fields = [("csrf", csrf.as_str()), ("as_of", "2026-11-01")];
    let none = site.upload("/admin/imports", &token, &fields, ("", b""));
    assert!(none.status == 422 && none.html.contains("id=\"file-fault\""), "{}", none.html);
    let dayless = [("csrf", csrf.as_str()), ("as_of", "<script>")];
    let dayless = site.upload("/admin/imports", &token, &dayless, ("a.xlsx", &bytes));
    assert!(dayless.status == 422 && dayless.html.contains("id=\"as_of-fault\""), "{}", dayless.html);
    let foreign = site.upload("/admin/imports", &other, &fields, ("a.xlsx", &bytes));
    assert!(foreign.status == 403 && foreign.html.contains("上次登录"), "{}", foreign.html);
    assert_eq!(number(test, "SELECT count(*) AS n FROM jobs"), 0);
    let bad = led(&upload(&site, &token, "", "x.xlsx", b"%PDF-1.7"));
    work_off(test);
    let page = site.get(&bad, Some(&token)).html;
    assert!(page.contains("未成功") && page.contains("文件内容不是表格"), "{page}");

    let first = led(&upload(&site, &token, "", "台账.xlsx", &bytes));
    let cancelled = led(&site.submit(&format!("{first}/discard"), &token, "", &[]));
    assert_eq!(cancelled.split('?').nth(1), Some("done=cancelled"));
    assert!(site.get(&cancelled, Some(&token)).html.contains("已取消"));
    let kept = led(&upload(&site, &token, "", "台账.xlsx", &bytes));
    work_off(test);
    // Another's file is none.
    assert_eq!(site.get(&kept, Some(&other)).status, 404);
    for what in ["write", "correct", "discard"] {
        assert_eq!(site.submit(&format!("{kept}/{what}"), &other, "", &[]).status, 404, "{what}");
    }
    assert_eq!(number(test, "SELECT count(*) AS n FROM jobs WHERE input_cipher IS NOT NULL"), 1);
    let gone = led(&site.submit(&format!("{kept}/discard"), &token, "", &[]));
    assert!(site.get(&gone, Some(&token)).html.contains("已丢弃"));
    assert_eq!(number(test, "SELECT count(*) AS n FROM jobs WHERE input_cipher IS NOT NULL"), 0);
    let late = site.submit(&format!("{kept}/write"), &token, "", &[]);
    assert!(late.status == 409 && late.html.contains("刚刚有人改过"), "{}", late.html);
}

fn imports_are_for_whoever_is_in_charge_of_everything(test: &TestDb) {
    let site = site(test);
    let owner = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    assert_eq!(site.get("/admin/imports", Some(&owner)).status, 403);
    // A job stays its account's when the role is gone; what an import quotes does not.
    let token = signed_in(test, &site, "counselor", &[COUNSELOR]);
    let (bytes, _) = ledger();
    let first = led(&upload(&site, &token, "", "台账.xlsx", &bytes));
    work_off(test);
    let id = number(test, "SELECT id AS n FROM accounts WHERE login = 'counselor'");
    let version = number(test, "SELECT version AS n FROM accounts WHERE login = 'counselor'").to_string();
    let change = [("version", version.as_str()), ("grant", "counselor::")];
    assert_eq!(site.submit(&format!("/admin/accounts/{id}/roles/remove"), &owner, "", &change).status, 303);
    let token = site.sign_in("counselor", crate::accounts::support::PASSWORD, "").token.unwrap();
    assert_eq!(site.get(&first, Some(&token)).status, 404);
    assert!(!site.get("/admin/jobs", Some(&token)).html.contains("看结果"));
    assert_eq!(site.get("/admin/imports/stored/1", Some(&token)).status, 403);
}
