//! Posting lists, the law's findings, and the link between jobs and places.

use super::{codes, counts, fingerprint, import, import_with, number, options, prepared, rows, words};
use crate::ledger::{V, id};
use crate::row;
use crate::support::{TestDb, on_both};

fn titles() -> Vec<V> {
    row![
        "岗位编号",
        "企业名称",
        "企业类型",
        "行业",
        "岗位名称",
        "招聘人数",
        "计薪方式",
        "薪资下限",
        "薪资上限",
        "班次",
        "工作时间",
        "夜班",
        "加班",
        "职业危害",
        "必备技能",
        "加分技能",
        "需要证书",
        "工作地点",
        "岗位描述",
        "统一社会信用代码",
    ]
}

fn posting(code: &str, title: &str, headcount: &str, description: &str) -> Vec<V> {
    row![
        code,
        "贵州苗绣",
        "园区微工厂",
        "服装制造",
        title,
        headcount,
        "月薪",
        "2600",
        "3800",
        "长白班",
        "周一至周五 08:00-12:00、13:30-17:30",
        "否",
        "否",
        "噪声",
        "平缝1年",
        "锁边",
        "健康证",
        "园区",
        description,
        "91520603MA6DHY0J50",
    ]
}

/// `n` households of one person each, who work for 贵州苗绣 as 平缝工.
fn workers(n: u16, more: Option<(&str, &str)>) -> Vec<Vec<V>> {
    let mut head =
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "就业单位", "就业岗位", "起始时间", "就业渠道"];
    head.extend(more.map(|(title, _)| V::from(title)));
    let mut all = vec![head];
    for i in 0..n {
        let mut row = row![
            format!("A{i}"),
            format!("工人{i}"),
            "户主",
            id(1975, 1, 1, i),
            "1栋",
            "贵州苗绣",
            "平缝工",
            "2026-03-01",
            "微工厂"
        ];
        row.extend(more.map(|(_, value)| V::from(value)));
        all.push(row);
    }
    all
}

fn a_posting_is_stored_with_its_lists(test: &TestDb) {
    prepared(test);
    let list = || vec![titles(), posting("P1", "平缝工", "5", "")];
    let report = import(test, list());
    assert_eq!((codes(&report).len(), counts(&report)), (0, (1, 0, 0, 0)), "{:?}", report.findings);
    for (table, n) in [
        ("employers", 1),
        ("postings", 1),
        ("posting_hours", 10),
        ("posting_skills", 2),
        ("posting_certificates", 1),
        ("posting_hazards", 1),
    ] {
        assert_eq!(rows(test, table), n, "{table}");
    }
    assert_eq!(words(test, "SELECT status AS word FROM postings"), ["published"]);
    assert_eq!(words(test, "SELECT channel AS word FROM postings"), ["micro_factory"]);
    assert_eq!(number(test, "SELECT pay_max_fen AS n FROM postings"), 380_000);
    assert_eq!(number(test, "SELECT count(*) AS n FROM postings WHERE skill_id IS NOT NULL AND hazards_known"), 1);
    let before = fingerprint(test);
    assert_eq!(counts(&import(test, list())), (0, 0, 1, 0));
    assert_eq!(fingerprint(test), before);
    let report = import(test, vec![titles(), posting("P1", "平缝工", "8", "")]);
    assert_eq!((counts(&report), number(test, "SELECT headcount AS n FROM postings")), ((0, 1, 0, 0), 8));
    assert_eq!(report.changes[0].after.as_ref().map(|text| text.zh.as_str()), Some("8"));
}

/// A hazard nobody knows is a hazard all the same; hours that are not given are asked for, whatever the shift is called.
fn unknown_hazards_and_missing_hours_are_told(test: &TestDb) {
    prepared(test);
    let mut row = posting("P1", "平缝工", "5", "");
    row[13] = "噪声、妖气".into();
    let report = import(test, vec![titles(), row]);
    assert_eq!(codes(&report), ["code_unknown"]);
    assert_eq!(
        report.findings.iter().find(|f| f.code.code() == "code_unknown").unwrap().column.as_deref(),
        Some("职业危害")
    );
    assert_eq!(words(test, "SELECT kind AS word FROM posting_hazards ORDER BY kind"), ["noise", "other"]);
    let mut row = posting("P2", "平缝组长", "5", "");
    row[10] = "".into();
    let report = import(test, vec![titles(), row]);
    assert_eq!(codes(&report), ["posting_incomplete"]);
    let finding = report.findings.iter().find(|f| f.code.code() == "posting_incomplete").unwrap();
    assert!(finding.text.zh.contains("工作时间") && finding.text.en.contains("working hours"), "{}", finding.text);
}

fn an_unlawful_posting_is_a_draft(test: &TestDb) {
    prepared(test);
    let report = import(test, vec![titles(), posting("P1", "平缝工", "5", "限女性，缴纳押金500元")]);
    assert!(!report.stopped);
    assert!(codes(&report).contains(&"posting_unlawful"), "{:?}", codes(&report));
    assert_eq!(
        (rows(test, "postings"), words(test, "SELECT status AS word FROM postings")),
        (1, vec!["draft".to_owned()])
    );
    let finding = report.findings.iter().find(|finding| finding.code.code() == "posting_unlawful").unwrap();
    assert!(finding.text.zh.contains('法') && !finding.text.en.is_empty(), "{:?}", finding.text);
    // Workers of a draft are not linked to it; corrected, it is published.
    import(test, workers(1, None));
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE posting_id IS NULL"), 1);
    let report = import(test, vec![titles(), posting("P1", "平缝工", "5", "包教包会")]);
    assert_eq!(counts(&report), (0, 1, 0, 0));
    assert_eq!(words(test, "SELECT status AS word FROM postings"), ["published"]);
    assert_eq!(number(test, "SELECT filled AS n FROM postings"), 1);
}

fn jobs_take_the_places_of_their_posting(test: &TestDb) {
    prepared(test);
    import(test, vec![titles(), posting("P1", "平缝工", "2", "")]);
    let report = import(test, workers(3, None));
    assert_eq!((codes(&report), counts(&report)), (vec!["posting_full"], (3, 0, 0, 0)));
    assert_eq!(number(test, "SELECT filled AS n FROM postings"), 2);
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE posting_id IS NULL"), 1);
    let before = fingerprint(test);
    let again = import(test, workers(3, None));
    assert_eq!((codes(&again), counts(&again)), (vec!["posting_full"], (0, 0, 3, 0)));
    assert_eq!(fingerprint(test), before);

    assert_eq!(codes(&import(test, vec![titles(), posting("P1", "平缝工", "1", "")])), ["headcount_below_filled"]);
    // One leaves, and the third takes the place.
    let ends = vec![row!["身份证号码", "结束日期"], row![id(1975, 1, 1, 0), "2026-10-01"]];
    import(test, ends);
    assert_eq!(number(test, "SELECT filled AS n FROM postings"), 1);
    let report = import(test, workers(3, None));
    assert_eq!((codes(&report).len(), counts(&report)), (0, (0, 1, 2, 0)));
    assert_eq!(number(test, "SELECT filled AS n FROM postings"), 2);
}

fn jobs_stored_before_their_posting_are_linked(test: &TestDb) {
    prepared(test);
    import(test, workers(3, None));
    let report = import(test, vec![titles(), posting("P1", "平缝工", "2", "")]);
    assert_eq!(codes(&report), ["posting_full"]);
    assert_eq!(number(test, "SELECT filled AS n FROM postings"), 2);
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE posting_id IS NOT NULL"), 2);
}

fn codes_decide_between_postings_of_one_title(test: &TestDb) {
    prepared(test);
    import(test, vec![titles(), posting("P1", "平缝工", "2", ""), posting("P2", "平缝工", "2", "")]);
    let report = import(test, workers(1, None));
    assert_eq!(codes(&report), ["posting_ambiguous"]);
    let report = import(test, workers(1, Some(("岗位编号", "P2"))));
    assert_eq!((codes(&report).len(), counts(&report)), (0, (0, 1, 0, 0)));
    assert_eq!(words(test, "SELECT code AS word FROM postings WHERE filled = 1"), ["P2"]);
    let report = import(test, workers(2, Some(("岗位编号", "P9"))));
    assert_eq!(codes(&report), ["posting_unknown"]);
}

fn postings_and_workers_in_one_workbook(test: &TestDb) {
    prepared(test);
    let sheets = [("台账", workers(2, None)), ("岗位", vec![titles(), posting("", "平缝工", "2", "")])];
    let report = import_with(test, &sheets, &options());
    assert_eq!((codes(&report).len(), counts(&report)), (0, (3, 0, 0, 0)));
    assert_eq!(number(test, "SELECT filled AS n FROM postings"), 2);
    let before = fingerprint(test);
    assert_eq!(counts(&import_with(test, &sheets, &options())), (0, 0, 3, 0));
    assert_eq!(fingerprint(test), before);
}

on_both!(
    a_posting_is_stored_with_its_lists,
    unknown_hazards_and_missing_hours_are_told,
    an_unlawful_posting_is_a_draft,
    jobs_take_the_places_of_their_posting,
    jobs_stored_before_their_posting_are_linked,
    codes_decide_between_postings_of_one_title,
    postings_and_workers_in_one_workbook,
);
