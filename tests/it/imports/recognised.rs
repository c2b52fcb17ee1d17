//! Who a row is, and what a later or an older ledger may say of them.

use wangjia::app::Page;
use wangjia::app::error::AppError;
use wangjia::app::imports::ImportOptions;
use wangjia::app::proposals::{self, ProposalFilter};

use super::proposals::BY;
use super::{codes, counts, fingerprint, import, import_with, number, options, prepared, rows, words};
use crate::ledger::{as_of, day, id};
use crate::row;
use crate::support::{TestDb, on_both};

on_both!(
    a_member_is_known_by_name_where_the_number_is_new,
    an_older_ledger_does_not_undo_a_newer_job,
    a_remark_of_a_death_is_proposed,
);

/// A number that was corrected makes no second person, and names pasted one row off rename nobody.
fn a_member_is_known_by_name_where_the_number_is_new(test: &TestDb) {
    prepared(test);
    let ids: Vec<String> = (0..4).map(|n| id(1980 + n, 1, 1, n as u16 + 1)).collect();
    let file = |code: &str, rows: &[(&str, &str, &str)]| {
        let mut all = vec![row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "单元房号"]];
        all.extend(rows.iter().map(|(name, relation, id)| row![code, *name, *relation, *id, "1栋", "101"]));
        all
    };
    let before = [("王五", "户主", ids[0].as_str()), ("李四", "配偶", &ids[1]), ("王小", "子女", &ids[2])];
    for code in ["A1", ""] {
        import(test, file(code, &before));
        let stored = fingerprint(test);
        let renumbered = [("王五", "户主", ids[3].as_str()), ("李四", "配偶", &ids[1]), ("王小", "子女", &ids[2])];
        let report = import(test, file(code, &renumbered));
        assert!(report.stopped && codes(&report).contains(&"id_changed"), "{code}: {:?}", codes(&report));
        let swapped = [("王五", "户主", ids[0].as_str()), ("王小", "配偶", &ids[1]), ("李四", "子女", &ids[2])];
        let report = import(test, file(code, &swapped));
        let refused = codes(&report).into_iter().filter(|code| *code == "id_of_somebody_else").count();
        assert_eq!((report.stopped, refused), (true, 2), "{code}: {:?}", codes(&report));
        assert_eq!(fingerprint(test), stored, "{code}");
    }
    // Two of one name who both stand in the file are two.
    let both = [before[0], before[1], before[2], ("王小", "子女", &ids[3])];
    assert_eq!(counts(&import(test, file("A1", &both))), (1, 0, 3, 0));
}

/// A ledger of last quarter, imported after one of this quarter, takes nothing back that began since.
fn an_older_ledger_does_not_undo_a_newer_job(test: &TestDb) {
    prepared(test);
    let person = id(1980, 1, 1, 1);
    let file = |employer: &str, start: &str| {
        vec![
            row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "就业单位", "起始时间"],
            row!["A1", "王五", "户主", &person, "1栋", employer, start],
        ]
    };
    import(test, file("深圳某厂", "2026-09-01"));
    let stored = fingerprint(test);
    let older = ImportOptions { as_of: day(2026, 6, 30), ..options() };
    let report = import_with(test, &[("S", file("景航服装", "2025-03-01"))], &older);
    assert_eq!((codes(&report), counts(&report)), (vec!["job_newer_on_record"], (0, 0, 1, 0)));
    assert_eq!(fingerprint(test), stored);
    // A job that was over by then is history, and added.
    let over = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "就业单位", "起始时间", "结束时间"],
        row!["A1", "王五", "户主", &person, "1栋", "景航服装", "2025-03-01", "2026-05-31"],
    ];
    assert_eq!(counts(&import_with(test, &[("S", over)], &older)).0, 1);
    assert_eq!(rows(test, "employment_spells"), 2);
}

/// A remark that somebody died is proposed as a column for it would be, on the day it gives or on the ledger's.
fn a_remark_of_a_death_is_proposed(test: &TestDb) {
    prepared(test);
    let file = |remarks: [&str; 3]| {
        let mut all = vec![row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "备注"]];
        for (n, remark) in remarks.into_iter().enumerate() {
            let relation = if n == 0 { "户主" } else { "其他" };
            all.push(row!["A1", format!("某人{n}"), relation, id(1980, 1, 1, 2 * n as u16 + 1), "1栋", remark]);
        }
        all
    };
    import(test, file(["", "", ""]));
    let report = import(test, file(["外嫁到邻县", "已去世", "死亡，2026.10.5"]));
    let proposed =
        words(test, "SELECT CAST(happened_on AS TEXT) AS word FROM household_proposals ORDER BY happened_on");
    assert_eq!(proposed, ["2026-10-05".to_owned(), as_of().to_string()]);
    assert_eq!(rows(test, "residents"), 3);
    let told = |code: &str| report.findings.iter().filter(|found| found.code.code() == code).count();
    assert_eq!((told("death_in_remark"), told("gone_in_remark"), told("death_to_confirm")), (2, 1, 2));
    // Once recorded, on whatever day somebody found out, the remark of later ledgers changes nothing.
    test.db
        .write(|conn| {
            let accepted = proposals::page(conn, &ProposalFilter::default(), Page::first(10))?;
            for one in accepted {
                let on = Some(day(2026, 9, 9));
                let moment = (options().now, as_of());
                proposals::accept(conn, test.db.keys(), (one.household, one.id), on, moment, BY)?;
            }
            Ok::<_, AppError>(())
        })
        .unwrap();
    let later = ImportOptions { as_of: day(2026, 12, 31), ..options() };
    let report = import_with(test, &[("S", file(["", "已去世", "死亡，2026.10.5"]))], &later);
    assert!(!codes(&report).contains(&"death_in_remark"), "{:?}", codes(&report));
    assert_eq!(number(test, "SELECT count(*) AS n FROM residents WHERE died_on = '2026-09-09'"), 2);
    assert_eq!(rows(test, "household_proposals"), 2);
}
