//! Labour ledgers: households, people and everything that hangs on them.

use wangjia::app::imports::import_file;
use wangjia::domain::codes::Severity;

use super::{accepting, codes, counts, fingerprint, import, import_with, number, options, prepared, rows, words};
use crate::ledger::{V, day, id};
use crate::row;
use crate::support::{TestDb, on_both};

fn titles() -> Vec<V> {
    row![
        "网格",
        "楼栋",
        "户编号",
        "户主姓名",
        "姓名",
        "与户主关系",
        "性别",
        "身份证号",
        "文化程度",
        "健康状况",
        "劳动技能",
        "联系电话",
        "迁出地",
        "就业状态",
        "就业渠道",
        "就业地域",
        "就业单位",
        "就业岗位",
        "起始时间",
        "月收入",
        "技能特长",
        "技能证书",
        "就业意愿",
        "意向岗位",
        "意向班次",
        "期望月薪",
        "未就业原因",
        "照护责任",
        "不能上班时段",
        "不接受条件",
        "自定义列",
    ]
}

/// A household of three: a worker, his wife who cares for a child, and the child.
fn household() -> Vec<Vec<V>> {
    let (a, b, c) = (id(1980, 1, 1, 1), id(1982, 2, 2, 2), id(2021, 3, 3, 1));
    vec![
        titles(),
        row![
            "一网格",
            "1栋",
            "A1",
            "王五",
            "王五",
            "户主",
            "男",
            a,
            "初中",
            "健康",
            "普通劳动力",
            "13900000001",
            "甲乡",
            "已就业",
            "外出务工",
            "省外",
            "浙江某厂",
            "普工",
            "2026-03-01",
            "4500",
            "砌筑3年",
            "",
            "愿意",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "随手记",
        ],
        row![
            "一网格",
            "1栋",
            "A1",
            "王五",
            "李四",
            "配偶",
            "女",
            b,
            "小学",
            "健康",
            "普通劳动力",
            "13900000002",
            "甲乡",
            "未就业",
            "",
            "",
            "",
            "",
            "",
            "",
            "平缝2年、绝世武功",
            "健康证(2027-05-01到期)",
            "愿意",
            "缝纫工",
            "长白班",
            "2600",
            "照顾孩子",
            "幼儿(照护人:李四):周一至周五 07:00-08:30、16:30-18:30",
            "周六 08:00-12:00",
            "夜班、加班",
            "",
        ],
        row![
            "一网格",
            "1栋",
            "A1",
            "王五",
            "王小",
            "子女",
            "男",
            c,
            "",
            "健康",
            "无劳动力",
            "",
            "甲乡",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            ""
        ],
    ]
}

fn a_household_is_stored_with_everything(test: &TestDb) {
    prepared(test);
    let report = import(test, household());
    assert_eq!(codes(&report), ["column_unknown", "skill_unmapped"]);
    assert_eq!(counts(&report), (3, 0, 0, 0));
    assert!(report.changes.is_empty() && report.rejected_file.is_none() && !report.stopped);
    let expect = [
        ("areas", 3),
        ("households", 1),
        ("household_events", 1),
        ("residents", 3),
        ("memberships", 3),
        ("employers", 1),
        ("employment_spells", 1),
        ("resident_skills", 3),
        ("resident_certificates", 1),
        ("resident_unavailable_hours", 1),
        ("resident_wishes", 2),
        ("resident_ruled_out", 2),
        ("care_duties", 1),
        ("care_duty_hours", 10),
        ("barriers", 1),
        ("unmapped_names", 1),
        ("import_batches", 1),
    ];
    for (table, n) in expect {
        assert_eq!(rows(test, table), n, "{table}");
    }
    assert_eq!(words(test, "SELECT name AS word FROM areas ORDER BY id"), ["旺家社区", "一网格", "1栋"]);
    assert_eq!(words(test, "SELECT relation AS word FROM memberships ORDER BY id"), ["head", "spouse", "child"]);
    assert_eq!(words(test, "SELECT name AS word FROM unmapped_names"), ["绝世武功"]);
    assert_eq!(number(test, "SELECT count(*) AS n FROM resident_skills WHERE skill_id IS NULL"), 1);
    assert_eq!(words(test, "SELECT r.name AS word FROM care_duties d JOIN residents r ON r.id = d.carer_id"), ["李四"]);
    assert_eq!(
        number(
            test,
            "SELECT count(*) AS n FROM employment_spells WHERE start_on = '2026-03-01' AND counted_from = start_on"
        ),
        1
    );
    assert_eq!(words(test, "SELECT kind AS word FROM employers"), ["outbound"]);
    assert_eq!(words(test, "SELECT kind AS word FROM barriers"), ["care"]);
    // Sealed: neither number, phone nor note stands anywhere as text.
    assert_eq!(
        number(test, "SELECT count(*) AS n FROM residents WHERE note_cipher IS NOT NULL AND phone_cipher IS NOT NULL"),
        1
    );
}

fn the_same_file_twice_changes_nothing(test: &TestDb) {
    prepared(test);
    import(test, household());
    let before = fingerprint(test);
    let again = import(test, household());
    assert_eq!(counts(&again), (0, 0, 3, 0));
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    assert_eq!(fingerprint(test), before);
    assert_eq!(number(test, "SELECT times_seen AS n FROM unmapped_names"), 1);
    // A day later too: what was classed on the first day stays so.
    let later = wangjia::app::imports::ImportOptions { as_of: day(2026, 11, 9), ..options() };
    let again = import_with(test, &[("Sheet1", household())], &later);
    assert_eq!(counts(&again), (0, 0, 3, 0));
    assert_eq!(fingerprint(test), before);
}

fn what_a_list_says_of_somebody_without_a_job_is_kept(test: &TestDb) {
    prepared(test);
    import(test, household());
    let list =
        || vec![row!["姓名", "身份证号", "就业单位", "补贴对象"], row!["王五", id(1980, 1, 1, 1), "", "保洁员 800"]];
    let told = import(test, list());
    assert_eq!(counts(&told), (0, 1, 0, 0));
    assert_eq!(told.changes.iter().map(|change| change.field.en).collect::<Vec<_>>(), ["note"]);
    assert_eq!(counts(&import(test, list())), (0, 0, 1, 0), "the same file twice changes nothing");
}

fn a_corrected_file_updates_by_id_number(test: &TestDb) {
    prepared(test);
    import(test, household());
    let mut corrected = household();
    corrected[1][8] = "高中".into(); // education
    corrected[1][11] = "13900000009".into(); // phone
    corrected[1][19] = "5000".into(); // income
    corrected[2][20] = "平缝3年".into(); // skills
    corrected[2][27] = "幼儿:周一至周五 07:00-08:30".into(); // care, no named carer
    corrected[2][9] = "".into(); // health left empty: not erased
    let report = import(test, corrected.clone());
    assert_eq!(counts(&report), (0, 2, 1, 0));
    let changed: Vec<(u32, &str)> = report.changes.iter().map(|change| (change.row, change.field.en)).collect();
    assert_eq!(changed, [(2, "education"), (2, "phone"), (3, "skills"), (2, "care duties"), (2, "monthly income"),]);
    let education = &report.changes[0];
    assert_eq!(education.before.as_ref().map(|text| text.zh.as_str()), Some("初中"));
    assert_eq!(education.after.as_ref().map(|text| text.en.as_str()), Some("senior middle school"));
    assert!(
        education.key.ends_with(&id(1980, 1, 1, 1)[16..]) && education.key.starts_with("****"),
        "{}",
        education.key
    );
    let shown = |field: &str| {
        let change = report.changes.iter().find(|change| change.field.en == field).unwrap();
        [&change.before, &change.after].map(|text| text.as_ref().map(|text| text.zh.clone()).unwrap_or_default())
    };
    let [before, after] = shown("phone");
    assert!(before.starts_with('*') && after.starts_with('*') && after.ends_with("09"), "{before} {after}");
    assert!(!before[..before.len() - 2].contains(|c: char| c.is_ascii_digit()), "{before}");
    assert!(shown("skills")[1].contains("平缝"), "{:?}", shown("skills"));
    assert_eq!(shown("care duties")[1], "***");
    let text = format!("{:?}", report.changes);
    assert!(!text.contains("13900000009") && !text.contains("王五"), "{text}");
    assert_eq!(rows(test, "residents"), 3);
    assert_eq!(rows(test, "resident_skills"), 2);
    assert_eq!(rows(test, "care_duty_hours"), 5);
    assert_eq!(words(test, "SELECT health AS word FROM residents ORDER BY id"), ["healthy", "healthy", "healthy"]);
    assert_eq!(number(test, "SELECT monthly_income AS n FROM employment_spells"), 5000);
    let before = fingerprint(test);
    assert_eq!(counts(&import(test, corrected)), (0, 0, 3, 0));
    assert_eq!(fingerprint(test), before);
}

fn an_error_stops_the_file(test: &TestDb) {
    prepared(test);
    let mut bad = household();
    bad[2][7] = "123".into();
    let report = import(test, bad.clone());
    assert!(report.stopped);
    assert_eq!(counts(&report), (0, 0, 0, 1));
    assert_eq!(report.count(Severity::Error), 1);
    for table in ["residents", "households", "areas", "employment_spells", "unmapped_names"] {
        assert_eq!(rows(test, table), 0, "{table}");
    }
    // That it was tried is on record, with its finding, and the row to correct, sealed.
    assert_eq!((rows(test, "import_batches"), rows(test, "import_rejected_rows")), (1, 1));
    assert_eq!(words(test, "SELECT code AS word FROM import_findings WHERE severity = 'error'"), ["id_malformed"]);

    let report = import_with(test, &[("Sheet1", bad)], &super::accepting());
    assert!(!report.stopped);
    assert_eq!(counts(&report), (2, 0, 0, 1));
    assert_eq!(rows(test, "residents"), 2);

    // The returned rows, corrected, complete the household.
    let file = report.rejected_file.unwrap();
    let sheets = wangjia::ledger::workbook::read(&file, "rejected.xlsx").unwrap().sheets;
    let mut rows_back: Vec<Vec<V>> =
        sheets[0].rows.iter().map(|row| row.cells.iter().map(|cell| V::T(cell.display())).collect()).collect();
    assert_eq!(rows_back.len(), 2);
    rows_back[1][7] = id(1982, 2, 2, 2).into();
    let report = import(test, rows_back);
    assert_eq!(counts(&report), (1, 0, 0, 0));
    assert_eq!((rows(test, "residents"), rows(test, "households")), (3, 1));
    assert_eq!(words(test, "SELECT relation AS word FROM memberships ORDER BY id"), ["head", "child", "spouse"]);
}

fn a_dry_run_writes_nothing(test: &TestDb) {
    prepared(test);
    let before = fingerprint(test);
    let dry = wangjia::app::imports::ImportOptions { dry_run: true, ..options() };
    let report = import_with(test, &[("Sheet1", household())], &dry);
    assert_eq!((counts(&report), report.batch_id), ((3, 0, 0, 0), None));
    assert_eq!(fingerprint(test), before);
    assert_eq!(rows(test, "import_batches"), 0);
}

fn households_without_code_or_building(test: &TestDb) {
    prepared(test);
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 2, 2, 2));
    let rows_without = vec![
        row!["户主姓名", "户主身份证号", "姓名", "身份证号", "与户主关系", "楼栋"],
        row!["王五", &a, "王五", &a, "户主", ""],
        row!["王五", &a, "李四", &b, "配偶", ""],
    ];
    let report = import(test, rows_without.clone());
    assert_eq!(codes(&report), ["building_missing"]);
    assert_eq!(rows(test, "households"), 1);
    assert_eq!(
        words(test, "SELECT a.name AS word FROM households h JOIN areas a ON a.id = h.building_id"),
        ["unassigned"]
    );
    assert_eq!(counts(&import(test, rows_without)), (0, 0, 2, 0));

    // The code and the building come later: the household is found by its head.
    let report = import(
        test,
        vec![
            row!["户编号", "网格", "楼栋", "姓名", "身份证号", "与户主关系"],
            row!["A7", "一网格", "3栋", "王五", &a, "户主"],
        ],
    );
    assert_eq!(counts(&report), (0, 1, 0, 0));
    assert_eq!(words(test, "SELECT code AS word FROM households"), ["A7"]);
    assert_eq!(words(test, "SELECT a.name AS word FROM households h JOIN areas a ON a.id = h.building_id"), ["3栋"]);
}

fn a_head_known_from_members_only_is_registered(test: &TestDb) {
    prepared(test);
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 2, 2, 2));
    let rows_only = vec![
        row!["户主姓名*", "户主证件号码*", "姓名*", "身份证号*", "电话*"],
        row!["王五", &a, "李四", &b, "13900000002"],
    ];
    let report = import(test, rows_only.clone());
    assert_eq!(codes(&report), ["head_added"]);
    assert_eq!((rows(test, "residents"), rows(test, "households"), rows(test, "memberships")), (2, 1, 2));
    assert_eq!(
        number(
            test,
            "SELECT count(*) AS n FROM memberships m JOIN residents r ON r.id = m.resident_id WHERE m.relation = 'head' AND r.name = '王五'"
        ),
        1
    );
    let report = import(test, rows_only);
    assert_eq!((codes(&report).len(), counts(&report)), (0, (0, 0, 1, 0)));
}

/// One ID number for two people: the row given back must not rename the person whose number it is.
fn nobody_is_renamed_by_a_row_of_another_household(test: &TestDb) {
    prepared(test);
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 2, 2, 2));
    let titles = || row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "就业单位", "起始时间"];
    let first = vec![
        titles(),
        row!["A1", "王五", "户主", &a, "1栋", "", ""],
        row!["A2", "赵六", "户主", &a, "2栋", "某厂", "2026-01-01"],
        row!["A2", "李四", "配偶", &b, "2栋", "", ""],
    ];
    let report = import_with(test, &[("S", first)], &accepting());
    assert_eq!(words(test, "SELECT name AS word FROM residents ORDER BY name"), ["李四", "王五"]);
    let given_back = report.rejected_file.unwrap();
    let before = fingerprint(test);
    for options in [options(), accepting()] {
        let again = import_file(&test.db, &given_back, "rejected.xlsx", &options, &mut |_, _| Ok(())).unwrap();
        assert!(codes(&again).contains(&"id_of_somebody_else"), "{:?}", codes(&again));
        assert_eq!(counts(&again), (0, 0, 0, 1));
        assert_eq!(fingerprint(test), before, "nobody is renamed, moved or given a job");
    }
    // In the same household it is a correction of the name, and with the same name a move, as ever.
    let report = import(test, vec![titles(), row!["A1", "王武", "户主", &a, "1栋", "", ""]]);
    assert_eq!((codes(&report), counts(&report)), (vec!["name_differs"], (0, 1, 0, 0)));
    let report = import(test, vec![titles(), row!["A2", "王武", "兄弟姐妹", &a, "2栋", "", ""]]);
    assert_eq!(codes(&report), ["household_moved", "no_head"]);
}

/// What is nobody's secret is shown as it was and as it is.
fn changes_show_their_values(test: &TestDb) {
    prepared(test);
    let titles = || {
        row![
            "户编号",
            "姓名",
            "与户主关系",
            "身份证号",
            "网格",
            "楼栋",
            "劳动技能",
            "健康状况",
            "就业单位",
            "就业岗位",
            "就业地址",
            "起始时间"
        ]
    };
    let a = id(1980, 1, 1, 1);
    let person = |building: &str, class: &str, health: &str, employer: &str, title: &str, place: &str| {
        vec![
            titles(),
            row!["A1", "王五", "户主", &a, "网格一", building, class, health, employer, title, place, "2026-03-01"],
        ]
    };
    import(test, person("", "普通劳动力", "健康", "甲厂", "普工", "甲乡"));
    let report = import(test, person("2栋", "弱劳动力", "残疾", "乙厂", "保安", "乙乡"));
    for (field, before, after) in [
        ("building", "网格一 unassigned", "网格一 2栋"),
        ("employer", "甲厂", "乙厂"),
        ("job title", "普工", "保安"),
        ("place", "甲乡", "乙乡"),
        ("health", "***", "***"),
    ] {
        let change = report.changes.iter().find(|change| change.field.en == field).unwrap_or_else(|| panic!("{field}"));
        let shown = |text: &Option<wangjia::domain::text::Text>| text.as_ref().map(|text| text.zh.clone());
        assert_eq!((shown(&change.before).as_deref(), shown(&change.after).as_deref()), (Some(before), Some(after)));
    }
    let class = report.changes.iter().find(|change| change.field.en == "labour class").unwrap();
    assert!(class.before.as_ref().is_some_and(|text| text.zh != "***"), "{class:?}");
}

fn nobody_is_moved_and_no_head_changed_silently(test: &TestDb) {
    prepared(test);
    let (a, b, c) = (id(1980, 1, 1, 1), id(1982, 2, 2, 2), id(1975, 1, 1, 1));
    let titles = || row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"];
    import(
        test,
        vec![
            titles(),
            row!["A1", "王五", "户主", &a, "1栋"],
            row!["A1", "李四", "配偶", &b, "1栋"],
            row!["A2", "孙七", "户主", &c, "1栋"],
        ],
    );
    let before = fingerprint(test);
    let report = import(test, vec![titles(), row!["A2", "李四", "配偶", &b, "1栋"]]);
    assert_eq!((codes(&report), counts(&report)), (vec!["household_moved"], (0, 0, 1, 0)));
    let report = import(test, vec![titles(), row!["A9", "李四", "户主", &b, "1栋"]]);
    assert_eq!(codes(&report), ["household_moved"]);
    let report = import(test, vec![titles(), row!["A1", "李四", "户主", &b, "1栋"]]);
    assert_eq!(codes(&report), ["head_changed"]);
    assert_eq!(fingerprint(test), before);
    // A relation that is not the head's is corrected.
    let report = import(test, vec![titles(), row!["A1", "李四", "兄弟姐妹", &b, "1栋"]]);
    assert_eq!(counts(&report), (0, 1, 0, 0));
    assert_eq!(number(test, "SELECT count(*) AS n FROM memberships WHERE relation = 'sibling'"), 1);
}

fn several_sheets_and_their_order_do_not_matter(test: &TestDb) {
    prepared(test);
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 2, 2, 2));
    let people = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "联系电话"],
        row!["A1", "王五", "户主", &a, "1栋", "13900000001"],
        row!["A1", "李四", "配偶", &b, "1栋", ""],
    ];
    let heads = vec![row!["户主姓名", "户主身份证号", "户主电话"], row!["王五", &a, "13900000002"]];
    let jobs = vec![
        row!["劳动力姓名", "劳动力身份证号", "就业单位", "岗位工种", "就业起始日期"],
        row!["李四", &b, "某厂", "普工", "2026-02-01"],
    ];
    let buildings = vec![row!["社区", "网格", "楼栋", "步行到园区分钟"], row!["旺家社区", "二网格", "1栋", "12"]];
    let sheets = [("就业", jobs), ("户", heads), ("人", people), ("楼", buildings)];
    let report = import_with(test, &sheets, &options());
    assert_eq!(report.rejected, 0, "{:?}", report.findings);
    assert_eq!((rows(test, "households"), rows(test, "residents"), rows(test, "employment_spells")), (1, 2, 1));
    assert_eq!(
        number(test, "SELECT a.minutes_to_park AS n FROM households h JOIN areas a ON a.id = h.building_id"),
        12
    );
    let before = fingerprint(test);
    let again = import_with(test, &sheets, &options());
    assert_eq!((again.created, again.updated), (0, 0), "{:?}", again.changes);
    assert_eq!(fingerprint(test), before);
}

on_both!(
    a_household_is_stored_with_everything,
    the_same_file_twice_changes_nothing,
    what_a_list_says_of_somebody_without_a_job_is_kept,
    a_corrected_file_updates_by_id_number,
    an_error_stops_the_file,
    a_dry_run_writes_nothing,
    households_without_code_or_building,
    a_head_known_from_members_only_is_registered,
    nobody_is_renamed_by_a_row_of_another_household,
    changes_show_their_values,
    nobody_is_moved_and_no_head_changed_silently,
    several_sheets_and_their_order_do_not_matter,
);
