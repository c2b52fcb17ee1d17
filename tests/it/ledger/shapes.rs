//! What sheets have beside cells: merged data, hidden parts, formulas, both systems of days, several sheets, sums and blanks.

use rust_xlsxwriter::{Format, Formula, Workbook};

use super::corpus::{by_hand, hand_row};
use super::{V, as_of, codes, day, id, read, xlsx};
use crate::row;

fn write(sheet: &mut rust_xlsxwriter::Worksheet, rows: &[Vec<&str>]) {
    for (r, cells) in (0u32..).zip(rows) {
        for (c, text) in (0u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(r, c, *text).unwrap();
        }
    }
}

#[test]
fn merged_cells_of_the_household_speak_for_every_row() {
    let (a, b, c) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2), id(2010, 1, 1, 1));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write(
        sheet,
        &[
            vec!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "就业单位", "就业渠道"],
            vec!["", "", "王五", "户主", &a, "", "微工厂"],
            vec!["", "", "李四", "配偶", &b, "", "微工厂"],
            vec!["", "", "王小", "子女", &c, "", ""],
        ],
    );
    let plain = Format::new();
    sheet.merge_range(1, 0, 3, 0, "A1", &plain).unwrap();
    sheet.merge_range(1, 1, 3, 1, "1栋", &plain).unwrap();
    sheet.merge_range(1, 5, 2, 5, "某厂", &plain).unwrap();
    let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    let people = &ledger.records.people;
    assert!(people.iter().all(|row| row.household.code.as_deref() == Some("A1")));
    assert!(people.iter().all(|row| row.household.building.as_deref() == Some("1栋")));
    // An employer is one person's: it is not given to the next, and that is said.
    assert_eq!(people[0].job.as_ref().unwrap().employer.as_deref(), Some("某厂"));
    assert_eq!(people[1].job.as_ref().unwrap().employer, None);
    let told: Vec<_> = ledger.findings.iter().filter(|finding| finding.code.code() == "cells_merged").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].column.as_deref(), Some("就业单位"));
}

/// In a list of workers the company and the job are written once beside all of them; pay is one person's.
#[test]
fn a_company_beside_its_workers_is_theirs() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let [a, b] = [1, 3].map(|n| id(1980, 1, 1, n));
    write(
        sheet,
        &[
            vec!["企业名称", "姓名", "身份证号", "岗位工种", "入职时间", "月收入"],
            vec!["", "王五", &a, "", "2026-03-05", ""],
            vec!["", "李四", &b, "", "2026-03-06", ""],
        ],
    );
    sheet.merge_range(1, 0, 2, 0, "某厂", &Format::new()).unwrap();
    sheet.merge_range(1, 3, 2, 3, "平缝工", &Format::new()).unwrap();
    sheet.merge_range(1, 5, 2, 5, "2600", &Format::new()).unwrap();
    let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    let jobs = &ledger.records.jobs;
    assert!(jobs.len() == 2 && jobs.iter().all(|row| row.job.employer.as_deref() == Some("某厂")), "{jobs:?}");
    assert_eq!((jobs[0].job.income, jobs[1].job.income), (Some(2600), None));
    assert_eq!((jobs[0].job.title.as_deref(), jobs[1].job.title.as_deref()), (Some("平缝工"), Some("平缝工")));
    assert_eq!(codes(&ledger), ["cells_merged"]);
}

/// In a ledger what is merged beside several people is true of each only where each row says that they work.
#[test]
fn a_merged_job_of_a_ledger_is_that_of_all_who_work() {
    let read = |status: [&str; 2]| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let [a, b] = [1, 3].map(|n| id(1980, 1, 1, n));
        write(
            sheet,
            &[
                vec!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "是否务工", "务工单位"],
                vec!["A1", "王五", "户主", &a, "1栋", status[0], ""],
                vec!["A2", "李四", "户主", &b, "1栋", status[1], ""],
            ],
        );
        sheet.merge_range(1, 6, 2, 6, "某厂", &Format::new()).unwrap();
        let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
        let employers = ledger.records.people.iter().map(|row| row.job.as_ref().and_then(|job| job.employer.clone()));
        (employers.collect::<Vec<_>>(), codes(&ledger).contains(&"cells_merged"))
    };
    let factory = Some("某厂".to_owned());
    assert_eq!(read(["是", "是"]), (vec![factory.clone(), factory.clone()], false));
    assert_eq!(read(["是", "否"]), (vec![factory, None], true));
}

#[test]
fn what_is_hidden_is_read_and_said() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("一").unwrap();
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 1));
    write(
        sheet,
        &[
            vec!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"],
            vec!["A1", "王五", "户主", &a, "1栋"],
            vec!["A2", "李四", "户主", &b, "2栋"],
        ],
    );
    sheet.set_column_hidden(4).unwrap();
    sheet.set_row_hidden(2).unwrap();
    let hidden = workbook.add_worksheet().set_name("二").unwrap();
    let c = id(1984, 1, 1, 1);
    write(hidden, &[vec!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"], vec!["A3", "赵六", "户主", &c, "3栋"]]);
    hidden.set_hidden(true);
    let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), ["columns_hidden", "rows_hidden", "sheet_hidden"]);
    assert_eq!(ledger.records.people.len(), 3);
    assert_eq!(ledger.records.people[1].household.building.as_deref(), Some("2栋"));
    let said = |code: &str| ledger.findings.iter().find(|finding| finding.code.code() == code).unwrap().clone();
    assert!(said("columns_hidden").text.zh.contains("楼栋"));
    assert_eq!(said("sheet_hidden").sheet, "二");
}

#[test]
fn formulas_count_with_their_stored_values() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let a = id(1980, 1, 1, 1);
    write(
        sheet,
        &[vec!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "备注"], vec!["", "王五", "户主", &a, "1栋", ""]],
    );
    sheet.write_formula(1, 0, Formula::new("=\"A\"&1").set_result("A1")).unwrap();
    let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    assert_eq!(ledger.records.people[0].household.code.as_deref(), Some("A1"));
}

#[test]
fn a_formula_nobody_worked_out_is_said() {
    let a = id(1980, 1, 1, 1);
    for empty in ["<f>B1</f>", "<f>B1</f><v></v>", "<f>B1</f><v/>"] {
        let sheet = [
            hand_row(1, &["户编号", "姓名", "与户主关系", "身份证号", "楼栋"]),
            hand_row(2, &["A1", "王五", "户主", &a, empty]),
        ];
        let ledger = wangjia::ledger::read(&by_hand(&sheet.concat(), false), "a.xlsx", as_of()).unwrap();
        let mut found = codes(&ledger);
        found.retain(|code| *code != "building_missing");
        assert_eq!(found, ["formula_unvalued"], "{empty}");
    }
    // Where it is the number itself, the row cannot be stored.
    let sheet = [
        hand_row(1, &["户编号", "姓名", "与户主关系", "身份证号", "楼栋"]),
        hand_row(2, &["A1", "王五", "户主", "<f>B1</f>", "1栋"]),
    ];
    let ledger = wangjia::ledger::read(&by_hand(&sheet.concat(), false), "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), ["formula_unvalued", "id_missing"]);
}

#[test]
fn plain_day_numbers_of_the_1904_system() {
    let a = id(1974, 3, 5, 1);
    let serial = format!("<v>{}</v>", 27093 - 1462);
    let sheet = [
        hand_row(1, &["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "出生日期"]),
        hand_row(2, &["A1", "王五", "户主", &a, "1栋", &serial]),
    ];
    let ledger = wangjia::ledger::read(&by_hand(&sheet.concat(), true), "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    let ledger = wangjia::ledger::read(&by_hand(&sheet.concat(), false), "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), ["id_birth_differs"], "the same number is another day in the other system");
}

#[test]
fn sums_and_blank_rows_are_passed_over_and_said() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 1));
    let ledger = read(vec![
        row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "期望月薪", "最低月薪", "最远上班分钟"],
        row!["1", "2", "3", "4", "5", "6", "7", "8"],
        row!["A1", "1栋", "王五", "户主", &a, "3000", "2600", "30"],
        vec!["第一网格小计".into(), V::N(1.0), V::N(1.0), V::N(1.0), V::N(1.0), V::N(3000.0), V::N(2600.0), V::N(30.0)],
        row![""],
        row![""],
        row!["A2", "1栋", "李四", "户主", &b, "3000", "2600", "30"],
        row!["合 计", "2", "2", "2", "2", "6000", "5200", "60"],
    ]);
    assert_eq!(codes(&ledger), ["row_not_data", "row_not_data", "row_not_data", "rows_blank"]);
    assert_eq!(ledger.records.people.len(), 2);
    let blank = ledger.findings.iter().find(|finding| finding.code.code() == "rows_blank").unwrap();
    assert!(blank.text.zh.contains("2 个空行"));
}

#[test]
fn every_sheet_that_fits_is_read_and_the_others_are_named() {
    let people = |code: &str, year| {
        vec![
            row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"],
            row![code, "王五", "户主", id(year, 1, 1, 1), "1栋"],
        ]
    };
    let other = vec![row!["物资", "数量", "单价"], row!["桌子", "3", "100"]];
    let bytes = xlsx(&[("第一网格", people("A1", 1980)), ("物资", other), ("第二网格", people("A2", 1981))]);
    let ledger = wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap();
    assert_eq!(ledger.records.people.len(), 2);
    let unknown: Vec<_> =
        ledger.findings.iter().filter(|f| f.code.code() == "sheet_unknown").map(|f| f.sheet.as_str()).collect();
    assert_eq!(unknown, ["物资"]);
}

#[test]
fn days_with_and_without_a_format_are_days() {
    let ledger = read(vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "出生日期", "就业单位", "起始时间"],
        vec![
            "A1".into(),
            "王五".into(),
            "户主".into(),
            id(1974, 3, 5, 1).into(),
            "1栋".into(),
            V::N(27093.0),
            "某厂".into(),
            V::D(day(2026, 3, 1)),
        ],
    ]);
    assert_eq!(codes(&ledger), Vec::<&str>::new());
}
