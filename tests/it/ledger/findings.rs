//! Every kind of bad row gives its finding, once, at its place, without personal data.

use std::collections::BTreeSet;

use wangjia::domain::codes::Severity;
use wangjia::ledger::finding::FindingCode;

use super::{V, as_of, codes, id, read, xlsx};
use crate::row;

#[test]
fn the_table_is_sound() {
    let mut codes = BTreeSet::new();
    for &code in FindingCode::ALL {
        assert!(codes.insert(code.code()), "{} twice", code.code());
        let label = code.label();
        assert_eq!(label.zh.matches("{}").count(), label.en.matches("{}").count(), "{}", code.code());
        assert!(label.zh.ends_with('。') && label.en.ends_with('.'), "{}", code.code());
        assert!(!label.zh.contains('！') && !label.en.contains('!'), "{}", code.code());
    }
}

/// A person's row with an ID number that fits; `change` spoils one cell.
fn spoiled(titles: &str, change: &[(&str, V)]) -> Vec<Vec<V>> {
    let titles: Vec<&str> = titles.split(' ').collect();
    let value = |title: &str| -> V {
        match title {
            "户编号" => "A1".into(),
            "姓名" => "王五".into(),
            "与户主关系" => "户主".into(),
            "身份证号" => id(1980, 1, 1, 1).into(),
            _ => "".into(),
        }
    };
    let cells = titles
        .iter()
        .map(|title| change.iter().find(|(t, _)| t == title).map_or_else(|| value(title), |(_, v)| v.clone()));
    vec![titles.iter().map(|title| (*title).into()).collect(), cells.collect()]
}

#[track_caller]
fn finds(change: &[(&str, V)], expected: &[&str]) {
    let mut titles = vec!["户编号", "姓名", "与户主关系", "身份证号"];
    titles.extend(
        change
            .iter()
            .map(|(title, _)| *title)
            .filter(|title| !["户编号", "姓名", "与户主关系", "身份证号"].contains(title)),
    );
    let ledger = read(spoiled(&titles.join(" "), change));
    assert_eq!(codes(&ledger), expected, "{change:?}");
    let stored = ledger.records.people.len();
    let errors = ledger.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(stored, usize::from(!errors), "a row with an error yields no record");
    for finding in ledger.findings.iter().filter(|finding| finding.row > 0) {
        assert_eq!(finding.row, 2);
        assert!(finding.column.is_some(), "{finding:?}");
    }
}

#[test]
fn each_bad_cell_has_its_code() {
    finds(&[("身份证号", "".into())], &["id_missing"]);
    finds(&[("身份证号", V::N(5.299_001_98e17))], &["id_as_number"]);
    finds(&[("身份证号", "5.29900E+17".into())], &["id_as_number"]);
    finds(&[("身份证号", "529900800101001".into())], &["id_old_format"]);
    finds(&[("身份证号", "52990019800101".into())], &["id_malformed"]);
    finds(&[("身份证号", "529900197002301220".into())], &["id_birth_date"]);
    let wrong = id(1980, 1, 1, 1);
    let wrong = format!("{}{}", &wrong[..17], if wrong.ends_with('0') { '1' } else { '0' });
    finds(&[("身份证号", wrong.into())], &["id_checksum"]);
    finds(&[("身份证号", format!("{}43", id(1980, 1, 1, 1)).into())], &["id_suffix_cut"]);
    finds(&[("身份证号", format!("'{}", id(1980, 1, 1, 1)).into())], &[]);
    finds(&[("出生日期", "1980-01-02".into())], &["id_birth_differs"]);
    finds(&[("出生日期", "1980年1月".into())], &[]);
    finds(&[("性别", "女".into())], &["id_sex_differs"]);
    finds(&[("姓名", "".into())], &["name_missing"]);
    finds(&[("姓名", "王\u{202e}五".into())], &["text_not_allowed"]);
    finds(&[("姓名", "王".repeat(101).into())], &["text_not_allowed"]);
    finds(&[("与户主关系", "".into()), ("户主姓名", "赵六".into())], &["relation_missing"]);
    finds(&[("楼栋", "".into())], &["building_missing"]);
    finds(&[("起始时间", "五月".into())], &["date_unreadable"]);
    // What the number tells too, and what no rule needs, is kept in words.
    finds(&[("出生日期", "1980年五月初八".into())], &["words_unread"]);
    finds(&[("期望月薪", "很多".into())], &["words_unread"]);
    finds(&[("最大负重公斤", "9000".into())], &["number_unreadable"]);
    finds(&[("不能上班时段", "看情况".into())], &["hours_unreadable"]);
    finds(&[("照护责任", "幼儿".into())], &["hours_unreadable"]);
    finds(&[("健康状况", "尚可吧".into())], &["code_unknown"]);
    finds(&[("联系电话", "0856-5221234".into())], &["phone_format"]);
    finds(
        &[("就业单位", "某厂".into()), ("起始时间", "2026-01-01".into()), ("月收入", "2000-3000元".into())],
        &["income_is_range"],
    );
}

#[test]
fn each_contradiction_has_its_code() {
    let job = |more: &[(&'static str, &str)]| -> Vec<(&'static str, V)> {
        let mut cells: Vec<(&str, V)> = vec![("就业单位", "某厂".into()), ("起始时间", "2026-01-01".into())];
        for (title, value) in more {
            cells.retain(|(known, _)| known != title);
            cells.push((title, (*value).into()));
        }
        cells
    };
    finds(&job(&[]), &[]);
    finds(&job(&[("身份证号", &id(2012, 1, 1, 1))]), &["underage_employed"]);
    finds(&job(&[("在校生状况", "上技校")]), &["in_school_employed"]);
    finds(&job(&[("劳动技能", "丧失劳动力")]), &["no_capacity_employed"]);
    finds(&[("劳动技能", "弱劳动力".into()), ("健康状况", "健康".into())], &["healthy_but_weak"]);
    finds(&[("劳动技能", "普通劳动力".into()), ("身份证号", id(1960, 1, 1, 1).into())], &["old_but_ordinary"]);
    finds(&job(&[("结束时间", "2025-12-31")]), &["end_before_start"]);
    finds(&job(&[("结束时间", "2027-12-31")]), &["end_in_future"]);
    finds(&job(&[("起始时间", "2026-12-01")]), &["start_in_future"]);
    finds(&job(&[("就业状态", "未就业")]), &["unemployed_with_job"]);
    finds(&job(&[("就业渠道", "微工厂"), ("就业地域", "省外")]), &["park_job_out_of_county"]);
    finds(&job(&[("就业渠道", "公益性岗位"), ("身份证号", &id(1950, 1, 1, 1))]), &["public_welfare_age"]);
    // The age counts while the job lasts: held from 64 to 66 and over since, it is nothing to look into.
    let past = [("身份证号", id(1950, 1, 1, 1)), ("起始时间", "2014-03-01".into()), ("结束时间", "2016-03-01".into())];
    let past: Vec<(&str, &str)> = past.iter().map(|(title, value)| (*title, value.as_str())).collect();
    finds(&job(&[&past[..], &[("就业渠道", "公益性岗位")]].concat()), &[]);
    let late = [("结束时间", "2022-03-01"), ("就业渠道", "公益性岗位"), past[0], past[1]];
    finds(&job(&late), &["public_welfare_age"]);
    finds(&job(&[("就业渠道", "公益性岗位"), ("就业地域", "省外")]), &["public_welfare_outside"]);
    // Three years at most, unless retirement was less than five years away when it began.
    let post = |start: &str, born: i32| finds_of_post(start, &id(born, 1, 1, 1));
    assert_eq!(post("2023-10-31", 1980), ["public_welfare_term"]);
    assert_eq!(post("2023-11-01", 1980), [""; 0]);
    assert_eq!(post("2020-01-01", 1962), [""; 0]);
    let ended = [("就业渠道", "公益性岗位"), ("起始时间", "2019-01-01"), ("结束时间", "2021-12-31")];
    finds(&job(&ended), &[]);
}

/// What is said of somebody in a public-welfare post since a day.
fn finds_of_post(start: &str, id: &str) -> Vec<&'static str> {
    let head = row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "就业渠道", "起始时间"];
    codes(&read(vec![head, row!["A1", "1栋", "王五", "户主", id, "公益性岗位", start]]))
}

#[test]
fn each_cross_row_check_has_its_code() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2));
    let titles = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "联系电话"];
    let check = |rows: Vec<Vec<V>>, expected: &[&str], n_people: usize| {
        let mut all = vec![titles.clone()];
        all.extend(rows);
        let ledger = read(all);
        assert_eq!(codes(&ledger), expected);
        assert_eq!(ledger.records.people.len(), n_people);
    };
    let first = row!["A1", "王五", "户主", &a, "1栋", "13900000001"];
    check(vec![first.clone(), row!["A1", "王五", "户主", &a, "1栋", ""]], &["duplicate_id"], 1);
    check(vec![first.clone(), row!["A2", "王五", "户主", &a, "2栋", ""]], &["id_in_two_households"], 1);
    check(vec![first.clone(), row!["A1", "李四", "户主", &b, "1栋", ""]], &["two_heads"], 2);
    check(vec![first.clone(), row!["A1", "李四", "配偶", &b, "2栋", ""]], &["household_facts_differ"], 2);
    check(
        vec![
            first,
            row![
                "A1",
                "李四",
                "配偶",
                wangjia::domain::resident_id::ResidentId::compose("529901", super::day(1982, 1, 1), 2)
                    .unwrap()
                    .as_str(),
                "1栋",
                "13900000001"
            ],
        ],
        &["phone_shared"],
        2,
    );
}

/// Every rule of consistency that offices and this project have written down, and the codes that check it.
#[rustfmt::skip]
const RULES: &[(&str, &[&str])] = &[
    // The checks the field's own notes ask for.
    ("the check character of the ID number", &["id_checksum", "id_malformed", "id_missing", "id_as_number"]),
    ("15-digit ID numbers are refused with a message", &["id_old_format"]),
    ("ID number against birth date and sex", &["id_birth_date", "id_birth_differs", "id_sex_differs"]),
    ("duplicate ID number", &["duplicate_id"]),
    ("same ID number in two households", &["id_in_two_households", "id_of_somebody_else", "household_moved"]),
    ("no head or two heads", &["no_head", "two_heads"]),
    ("under 16 but employed", &["underage_employed"]),
    ("in school but employed", &["in_school_employed"]),
    ("lost or no labour class but employed", &["no_capacity_employed"]),
    ("healthy, 16 to 59 and no student, marked weak", &["healthy_but_weak"]),
    ("60 or older, marked ordinary or skilled", &["old_but_ordinary"]),
    ("overlapping spells", &["overlapping_spells"]),
    ("end before start", &["end_before_start"]),
    ("end in the future", &["end_in_future"]),
    ("phone not 11 digits", &["phone_format"]),
    ("one phone for people of different counties", &["phone_shared"]),
    ("out-of-county job with a park channel", &["park_job_out_of_county"]),
    ("public-welfare post under 16 or from 70", &["public_welfare_age"]),
    ("public-welfare post for three years at most", &["public_welfare_term"]),
    ("a household without a building is unassigned", &["building_missing", "building_column_missing"]),
    ("a household without a code is known by its head", &["household_code_missing", "household_unidentified"]),
    ("a status without a job is a spell of unknown start", &["status_without_job", "employed_on_record_ended"]),
    ("an unknown school status or class is a finding", &["school_missing", "labour_class_missing"]),
    ("a company's credit code", &["credit_code_invalid", "employer_code_missing"]),
    // The rules recovered from the provincial system.
    ("willing + employed <= labourers", &["counts_exceed_labour"]),
    ("the ledger's count and the report's are the same", &["labour_count_differs", "employed_count_differs", "employed_names_differ"]),
    ("one active employment record per person", &["overlapping_spells", "job_changed", "job_corrected"]),
    ("same ID number not in two workshops", &["in_two_workshops"]),
    ("public-welfare posts never out of province", &["public_welfare_outside"]),
    ("start date mandatory", &["start_missing"]),
    ("end date never in the future", &["end_in_future"]),
    ("households split, merge, change head", &["household_moved", "head_changed", "member_missing", "death_to_confirm", "household_rehoused"]),
];

#[test]
fn every_rule_of_consistency_has_a_check() {
    for (rule, codes) in RULES {
        for code in *codes {
            assert!(FindingCode::ALL.iter().any(|known| known.code() == *code), "{rule}: {code}");
        }
    }
}

#[test]
fn a_household_is_counted_once() {
    let sheet = |counts: [&str; 4]| {
        let mut head = row!["户编号", "姓名", "与户主关系", "身份证号"];
        head.extend(row!["劳动力数量", "有就业意愿人数", "已就业人数", "已就业人员姓名"]);
        let mut rows = vec![head];
        for (n, relation) in [(1, "户主"), (2, "配偶")] {
            let mut row = row!["A1", "王五", relation, id(1980, 1, 1, n)];
            row.extend(row![counts[0], counts[1], counts[2], counts[3]]);
            rows.push(row);
        }
        let ledger = read(rows);
        assert_eq!(ledger.records.people.len(), 2, "a count spoils no row");
        codes(&ledger)
    };
    assert_eq!(sheet(["2", "1", "1", "李四"]), Vec::<&str>::new());
    assert_eq!(sheet(["2人", "2", "1", ""]), ["counts_exceed_labour"]);
    assert_eq!(sheet(["", "2", "1", ""]), Vec::<&str>::new());
    assert_eq!(sheet(["0", "0", "1", "无"]), ["counts_exceed_labour", "employed_names_differ"]);
    assert_eq!(sheet(["2", "", "2", "李 四"]), Vec::<&str>::new(), "a blank may part two names");
    assert_eq!(sheet(["若干", "", "", ""]), ["words_unread", "words_unread"]);
}

#[test]
fn each_bad_posting_has_its_code() {
    let titles = row![
        "企业名称",
        "岗位名称",
        "招聘人数",
        "薪资下限",
        "薪资上限",
        "班次",
        "职业危害",
        "工作地点",
        "最低年龄",
        "最高年龄",
        "有效期起",
        "有效期止",
        "统一社会信用代码",
        "工作时间"
    ];
    let hours = "周一至周五 08:00-12:00、13:30-17:30";
    let good = ["某厂", "平缝工", "5", "2600", "3000", "长白班", "无", "园区", "", "", "", "", "", hours];
    let check = |changes: &[(usize, &str)], expected: &[&str]| {
        let mut row: Vec<V> = good.iter().map(|text| (*text).into()).collect();
        for (column, text) in changes {
            row[*column] = (*text).into();
        }
        assert_eq!(codes(&read(vec![titles.clone(), row])), expected, "{changes:?}");
    };
    check(&[], &[]);
    check(&[(0, "")], &["employer_missing"]);
    check(&[(1, "")], &["title_missing"]);
    check(&[(2, "")], &["headcount_missing"]);
    check(&[(2, "若干")], &["headcount_missing"]);
    check(&[(2, "见附件")], &["number_unreadable"]);
    check(&[(2, "-5")], &["number_unreadable"]);
    check(&[(2, "10-15人")], &["headcount_is_range"]);
    check(&[(2, "5名（急）")], &["words_unread"]);
    check(&[(4, "5000元/次")], &["pay_not_monthly"]);
    check(&[(4, "看情况")], &["words_unread"]);
    check(&[(3, "3000-2000")], &["pay_reversed"]);
    check(&[(13, "8:00-17:30")], &["hours_days_assumed"]);
    check(&[(13, "随时")], &["hours_unreadable"]);
    check(&[(5, "两班倒，12小时")], &[]);
    check(&[(5, "猫班")], &["code_unknown"]);
    check(&[(3, "4000")], &["pay_reversed"]);
    check(&[(8, "50"), (9, "40")], &["age_reversed"]);
    check(&[(10, "2026-05-01"), (11, "2026-04-01")], &["validity_reversed"]);
    check(&[(12, "91520600MA6H000000")], &["credit_code_invalid"]);
    check(&[(3, ""), (4, ""), (5, ""), (6, ""), (13, "")], &["posting_incomplete"]);
    check(&[(13, "")], &["posting_incomplete"]);
    check(&[(6, "噪声、妖气")], &["code_unknown"]);
    let row = || good.iter().map(|text| (*text).into()).collect::<Vec<V>>();
    assert_eq!(codes(&read(vec![titles.clone(), row(), row()])), ["duplicate_posting"]);
}

#[test]
fn each_finding_of_files_and_columns_has_its_code() {
    let a = id(1980, 1, 1, 1);
    let ledger = read(vec![
        row!["户主姓名", "户主身份证号", "户主电话", "门牌颜色", "门牌颜色"],
        row!["王五", &a, "13900000001", "已脱贫", ""],
    ]);
    assert_eq!(super::all_codes(&ledger), ["building_column_missing", "column_unknown", "column_unknown"]);
    let ledger = read(vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "备注", "说明"],
        row!["A1", "王五", "户主", &a, "一", "二"],
    ]);
    assert_eq!(super::all_codes(&ledger), ["building_column_missing", "column_twice"]);
    assert_eq!(ledger.records.people[0].note.as_deref(), Some("备注：一；说明：二"));

    // One sheet a building: its name says which.
    let rows = vec![row!["户编号", "姓名", "与户主关系", "身份证号"], row!["A1", "王五", "户主", &a]];
    let ledger = wangjia::ledger::read(&xlsx(&[("３栋", rows)]), "test.xlsx", as_of()).unwrap();
    assert_eq!(super::all_codes(&ledger), ["building_from_sheet"]);
    assert_eq!(ledger.findings[0].text.zh, "本表没有楼栋列，按工作表名登记为“3栋”；不对的请加上楼栋列。");
    assert_eq!(ledger.records.people[0].household.building.as_deref(), Some("3栋"));

    let course = row!["王五", &a, "创业培训", "2026-01-05"];
    let ledger = read(vec![row!["劳动力姓名", "劳动力身份证号", "培训类型", "培训起始日期"], course.clone(), course]);
    assert_eq!(codes(&ledger), ["duplicate_training"]);
    assert_eq!(ledger.records.trainings.len(), 1);
}

#[test]
fn formula_errors_count_as_empty() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in ["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "民族"].iter().enumerate()
    {
        sheet.write_string(0, u16::try_from(column).unwrap(), *title).unwrap();
    }
    for (column, value) in ["A1", "王五", "户主", &id(1980, 1, 1, 1), "1栋"].iter().enumerate() {
        sheet.write_string(1, u16::try_from(column).unwrap(), *value).unwrap();
    }
    sheet.write_formula(1, 5, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let ledger = wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), ["cell_error"]);
    assert_eq!(ledger.records.people[0].facts.ethnicity, None);
}

/// What was typed into a bad row never appears in its findings, but for the last two characters of long values.
#[test]
fn findings_hold_no_personal_data() {
    let wrong = "529900198001010019";
    let ledger = read(vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "联系电话", "健康状况", "楼栋"],
        row!["A1", "独孤求败", "户主", wrong, "13911112222x", "说不清的毛病", "1栋"],
        row!["A2", "独孤求败", "户主", id(1980, 1, 1, 1), "139-1111", "说不清的毛病", "1栋"],
    ]);
    assert!(ledger.findings.len() >= 4);
    for finding in &ledger.findings {
        let text = format!("{finding:?}");
        for secret in ["独孤", "5299001980", "13911", "1391111", "说不清"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

/// Disability type and grade are health data nobody needs: not in a note, not in a finding.
#[test]
fn disability_details_are_dropped() {
    let a = id(1980, 1, 1, 1);
    let bytes = xlsx(&[(
        "S",
        vec![
            row!["户编号", "姓名", "与户主关系", "身份证号", "残疾等级", "残疾证号", "是否残疾人"],
            row!["A1", "王五", "户主", format!("{a}43"), "三级", format!("{a}43"), "是(三级)"],
        ],
    )]);
    let ledger = wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap();
    let row = &ledger.records.people[0];
    assert_eq!((row.id.as_str(), row.note.as_deref()), (a.as_str(), None));
    assert_eq!(row.facts.health.map(|health| health.code()), Some("disabled"));
}
