//! Five templates of a provincial ledger, filled with generated rows under their own titles, import with no hand mapping.
//!
//! The templates are read from `WANGJIA_TEST_DATA`; where they are absent the same columns, written here by hand, stand in.

use std::path::PathBuf;

use wangjia::ledger::workbook;

use super::{counts, fingerprint, import_with, number, options, prepared, rows};
use crate::ledger::{V, id};
use crate::support::{TestDb, on_both};

const HOUSEHOLDS: &str = "贫困户信息导入模板.xlsx";
const MEMBERS: &str = "家庭成员信息导入模板.xlsx";
const JOBS: &str = "就业信息导入模板.xlsx";
const BUSINESSES: &str = "创业信息导入模板.xlsx";
const TRAININGS: &str = "培训信息导入模板.xlsx";

/// Sheets by name, the head first.
type Workbook = Vec<(String, Vec<Vec<V>>)>;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("WANGJIA_TEST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    folder.join("ledgers").is_dir().then_some(folder)
}

/// Sheets of a template: name and the rows it comes with, head first.
fn template(file: &str) -> Workbook {
    let Some(folder) = folder() else {
        println!("not run: the third-party template {file} is not on this machine; columns written by hand stand in");
        return by_hand(file);
    };
    let bytes = std::fs::read(folder.join("ledgers").join(file)).unwrap();
    let sheets = workbook::read(&bytes, file).unwrap().sheets;
    let text = |row: &workbook::Row| row.cells.iter().map(|cell| V::T(cell.display())).collect::<Vec<_>>();
    sheets.into_iter().map(|sheet| (sheet.name, sheet.rows.iter().map(text).collect())).collect()
}

fn by_hand(file: &str) -> Workbook {
    let head = |titles: &str| vec![titles.split(' ').map(V::from).collect::<Vec<_>>()];
    let one = |titles: &str| vec![("Sheet1".to_owned(), head(titles))];
    match file {
        HOUSEHOLDS => {
            let mut sheets =
                one("年份 户主姓名* 户主身份证号* 户主电话* 详细住址* 是否搬迁户* 安置点名称 是否残疾人 状态 备注");
            sheets.push((
                "Sheet2".to_owned(),
                vec![vec!["安置点名称".into()], vec!["甲安置点".into()], vec!["乙安置点".into()]],
            ));
            sheets
        }
        MEMBERS => one(
            "户主姓名* 户主证件号码* 姓名* 身份证号* 电话* 文化程度* 就业创业状态 就创业意愿 劳动能力 培训教育状态 培训教育意愿 是否残疾人 上学状态 备注",
        ),
        JOBS => {
            let mut sheets = one(
                "劳动力姓名* 劳动力身份证号* 就业渠道* 就业地域* 就业类型* 就业单位 就业单位性质 岗位工种 特色就业 就业起始日期* 就业终止日期 签订合同或协议（月）* 就业地址* 备注",
            );
            sheets.push(("结束".to_owned(), head("身份证号码 结束日期")));
            sheets
        }
        BUSINESSES => {
            one("劳动力姓名* 劳动力身份证号* 创业项目* 创业单位 创业地址* 登记注册* 创业起始日期* 带动就业人数")
        }
        TRAININGS => one(
            "劳动力姓名* 劳动力身份证号* 培训类型* 培训工种* 培训单位名称* 培训地址 培训起始日期* 培训终止日期 实际培训天数 苏陕协作 备注",
        ),
        other => panic!("no such template: {other}"),
    }
}

/// Adds a row to a sheet: the values named, under the titles that begin with these words.
fn fill(sheet: &mut Vec<Vec<V>>, values: &[(&str, &str)]) {
    let V::T(_) = &sheet[0][0] else { panic!("the head is text") };
    let row = sheet[0]
        .iter()
        .map(|title| {
            let V::T(title) = title else { panic!("titles are text") };
            let value = values.iter().find(|(wanted, _)| title.starts_with(wanted));
            V::from(value.map_or("", |(_, value)| *value))
        })
        .collect();
    for (wanted, _) in values {
        let known = sheet[0].iter().any(|title| matches!(title, V::T(title) if title.starts_with(wanted)));
        assert!(known, "the template has no column {wanted}");
    }
    sheet.push(row);
}

const N: u16 = 30;

fn head_of(i: u16) -> String {
    id(1970 + i32::from(i % 20), 1 + u32::from(i) % 12, 5, 2 * i + 1)
}

fn wife_of(i: u16) -> String {
    id(1972 + i32::from(i % 20), 1 + u32::from(i) % 12, 6, 2 * i)
}

/// All five files, in the order a province hands them over. Every list value of the drop-downs occurs.
fn files() -> Vec<(&'static str, Workbook)> {
    let pick = |list: &'static [&'static str], i: u16| list[usize::from(i) % list.len()];
    let mut households = template(HOUSEHOLDS);
    let mut members = template(MEMBERS);
    let mut jobs = template(JOBS);
    let mut businesses = template(BUSINESSES);
    let mut trainings = template(TRAININGS);
    for i in 0..N {
        let (head, wife) = (head_of(i), wife_of(i));
        let (name, phone) = (format!("户主{i}"), format!("139000{i:05}"));
        fill(
            &mut households[0].1,
            &[
                ("户主姓名", &name),
                ("户主身份证号", &head),
                ("户主电话", &phone),
                ("安置点名称", "甲安置点"),
                ("是否残疾人", "否"),
            ],
        );
        for (person, id) in [(&name, &head), (&format!("妻子{i}"), &wife)] {
            fill(
                &mut members[0].1,
                &[
                    ("户主姓名", &name),
                    ("户主证件号码", &head),
                    ("姓名", person),
                    ("身份证号", id),
                    ("电话", &phone),
                    ("文化程度", pick(&["本科及以上", "大专", "高中", "初中", "小学", "文盲或半文盲"], i)),
                    ("就业创业状态", if i < 20 && id == &head { "转移就业" } else { "未就业创业" }),
                    ("就创业意愿", pick(&["有转移就业意愿", "有创业意愿", "无就业创业意愿"], i)),
                    ("劳动能力", pick(&["普通劳动力", "技能劳动力"], i)),
                    ("培训教育状态", "未参加培训"),
                    ("培训教育意愿", pick(&["转移就业技能培训", "创业培训", "上技校"], i)),
                    ("是否残疾人", "否"),
                ],
            );
        }
        if i < 20 {
            fill(
                &mut jobs[0].1,
                &[
                    ("劳动力姓名", &name),
                    ("劳动力身份证号", &head),
                    ("就业渠道", pick(&["组织介绍", "亲友介绍", "自行就业", "其他"], i)),
                    ("就业地域", pick(&["乡（镇）内", "乡（镇）外县内", "县外市内", "市外省内", "省外", "境外"], i)),
                    ("就业类型", "转移就业"),
                    ("就业单位", &format!("企业{}", i % 4)),
                    ("就业单位性质", pick(&["国企", "非农企业", "个体户"], i)),
                    ("岗位工种", pick(&["餐饮类", "加工类", "建筑类"], i)),
                    ("就业起始日期", "2026/3/1"),
                    ("签订合同或协议", "12"),
                    ("就业地址", "某地"),
                ],
            );
        } else {
            fill(
                &mut businesses[0].1,
                &[
                    ("劳动力姓名", &name),
                    ("劳动力身份证号", &head),
                    ("创业项目", "养殖类"),
                    ("创业地址", "某村"),
                    ("登记注册", "是"),
                    ("创业起始日期", "2025-06-01"),
                ],
            );
        }
        fill(
            &mut trainings[0].1,
            &[
                ("劳动力姓名", &format!("妻子{i}")),
                ("劳动力身份证号", &wife),
                ("培训类型", "创业培训"),
                ("培训工种", "加工类"),
                ("培训单位名称", "某校"),
                ("培训起始日期", "2026-01-05"),
                ("实际培训天数", "7"),
            ],
        );
    }
    fill(&mut jobs[1].1, &[("身份证号码", &head_of(0)), ("结束日期", "2026-09-30")]);
    vec![
        ("households", households),
        ("members", members),
        ("jobs", jobs),
        ("businesses", businesses),
        ("trainings", trainings),
    ]
}

fn all_five_import_without_mapping(test: &TestDb) {
    prepared(test);
    let files = files();
    let mut before = Vec::new();
    for round in 0..2 {
        for (name, sheets) in &files {
            let sheets: Vec<(&str, Vec<Vec<V>>)> =
                sheets.iter().map(|(name, rows)| (name.as_str(), rows.clone())).collect();
            let report = import_with(test, &sheets, &options());
            let errors: Vec<_> = report.findings.iter().filter(|finding| finding.is_error()).collect();
            assert!(errors.is_empty() && report.rejected == 0, "{name}: {errors:?}");
            let unread: Vec<_> =
                report.findings.iter().filter(|finding| finding.code.code() == "code_unknown").collect();
            assert!(unread.is_empty(), "{name}: {unread:?}");
            if round == 1 {
                assert_eq!((report.created, report.updated), (0, 0), "{name}: {:?}", report.changes);
            }
            if *name == "households" && round == 0 {
                assert!(
                    report.findings.iter().any(|finding| finding.code.code() == "sheet_not_data"),
                    "the lookup sheet is named"
                );
                assert_eq!(counts(&report).0, u64::from(N));
            }
        }
        if round == 0 {
            let n = i64::from(N);
            assert_eq!(
                (rows(test, "households"), rows(test, "residents"), rows(test, "memberships")),
                (n, 2 * n, 2 * n)
            );
            assert_eq!(number(test, "SELECT count(*) AS n FROM memberships WHERE relation = 'head'"), n);
            assert_eq!((rows(test, "employment_spells"), rows(test, "training_records")), (n, n));
            assert_eq!(
                number(test, "SELECT count(*) AS n FROM employment_spells WHERE channel = 'self_employed'"),
                n - 20
            );
            assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE end_on = '2026-09-30'"), 1);
            assert_eq!(
                number(test, "SELECT count(*) AS n FROM employment_spells WHERE start_on IS NULL"),
                0,
                "the status became the job"
            );
            before = fingerprint(test);
        }
    }
    assert_eq!(fingerprint(test), before, "the same five files again change nothing");
}

on_both!(all_five_import_without_mapping);

/// The export column sets of the same system: each one that is about people or jobs is recognised.
#[test]
fn export_heads_are_recognised() {
    let Some(folder) = folder() else {
        println!("not run: the third-party export heads are not on this machine");
        return;
    };
    let text = std::fs::read_to_string(folder.join("ledgers/export-headers.tsv")).unwrap();
    let mut seen = 0;
    for line in text.lines().filter(|line| !line.starts_with('#') && line.contains('\t')) {
        let titles: Vec<V> = line.split('\t').map(V::from).collect();
        let about_people = line.contains("身份证");
        let bytes = crate::ledger::xlsx(&[("S", vec![titles, vec!["x".into(), "y".into()]])]);
        let known = wangjia::ledger::read(&bytes, "a.xlsx", crate::ledger::as_of());
        if about_people {
            seen += 1;
            assert!(known.is_ok(), "{line}");
        }
    }
    assert!(seen >= 10, "{seen}");
}
