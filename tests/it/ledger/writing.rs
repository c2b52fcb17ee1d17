//! How cells are written: broken lines, invisible characters, quotation marks without a partner, lengths.

use rust_xlsxwriter::{Format, Workbook};
use wangjia::ledger::refusal::Refusal;
use wangjia::ledger::template;

use super::{as_of, codes, id, read};
use crate::row;

#[test]
fn what_is_typed_for_the_eye_is_read_as_meant() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 1));
    let ledger = read(vec![
        row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "联系电话", "就业单位", "备注"],
        row![
            "A1",
            "1栋\n2单元",
            "王五",
            "户主",
            &a,
            "\u{202d}13900000001\u{202c}",
            "贵州苗绣\n有限公司",
            "一家👨\u{200d}👩\u{200d}👧三口"
        ],
        row!["A2", "1栋", "李四", "户主", format!("\u{200b}{b}"), "1.38001E+10", "", ""],
    ]);
    assert_eq!(codes(&ledger), ["phone_format"]);
    let [one, other] = &ledger.records.people[..] else { panic!("two people") };
    assert_eq!(one.household.building.as_deref(), Some("1栋2单元"));
    assert_eq!(one.facts.phone.as_deref(), Some("13900000001"));
    assert_eq!(one.job.as_ref().and_then(|job| job.employer.as_deref()), Some("贵州苗绣有限公司"));
    assert_eq!(one.note.as_deref(), Some("备注：一家👨👩👧三口"));
    assert_eq!(other.facts.phone, None, "a phone that lost its digits is none");
}

fn csv(last: &[&str]) -> String {
    let rows = (1u16..).zip(last).map(|(n, text)| format!("H{n},1栋,某人,户主,{},{text}\n", id(1980, 1, 1, 2 * n + 1)));
    format!("户编号,楼栋,姓名,与户主关系,身份证号,备注\n{}", rows.collect::<String>())
}

#[test]
fn a_quotation_mark_without_a_partner_swallows_no_rows() {
    let read = |last: &[&str]| wangjia::ledger::read(csv(last).as_bytes(), "a.csv", as_of()).unwrap();
    let open = |last: &[&str]| {
        let ledger = read(last);
        let told = ledger.findings.iter().filter(|finding| finding.code.code() == "quote_open");
        let told: Vec<u32> = told.map(|finding| finding.row).collect();
        (told, ledger.records.people.iter().map(|row| row.at.row).collect::<Vec<_>>())
    };
    assert_eq!(open(&["身高5\"6", "\"未闭合", "好"]), (vec![3], vec![2, 4]));
    assert_eq!(open(&["\"未闭合", "\"也没有", "好"]), (vec![2, 3], vec![4]));
    assert_eq!(open(&["\"甲\"乙", "好"]), (vec![2], vec![3]));
    let ledger = read(&["\"他说\"\"好\"\"，\n第二行\"", "好"]);
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    assert_eq!(ledger.records.people[0].note.as_deref(), Some("备注：他说\"好\"，\n第二行"));
    assert_eq!(ledger.records.people[1].at.row, 3, "a cell of two lines is in one row");
}

#[test]
fn long_cells_are_told_or_refused_and_never_break_the_answer() {
    let long = "很长".repeat(20_000);
    let ledger = wangjia::ledger::read(csv(&["好", &long]).as_bytes(), "a.csv", as_of()).unwrap();
    assert_eq!(codes(&ledger), ["text_not_allowed"]);
    assert!(template::rejected_rows(&ledger).unwrap().is_some());
    let endless = csv(&[&"长".repeat(2 * 1024 * 1024)]);
    assert_eq!(wangjia::ledger::read(endless.as_bytes(), "a.csv", as_of()).err(), Some(Refusal::CellTooLong));
}

#[test]
fn a_file_of_separators_holds_nothing_and_says_so() {
    let text = format!("姓名,身份证号\n{}", ",\n".repeat(300_000));
    let ledger = wangjia::ledger::read(text.as_bytes(), "a.csv", as_of()).unwrap();
    assert!(codes(&ledger).contains(&"sheet_without_rows"));
    let text = format!("姓名,身份证号\n{}", ",\n".repeat(3_000_000));
    assert_eq!(wangjia::ledger::read(text.as_bytes(), "a.csv", as_of()).err(), Some(Refusal::TooManyCells));
}

/// A merged company speaks for all its postings; how many places there are, a merged cell does not say of each.
#[test]
fn merged_cells_of_a_company_speak_for_its_postings() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let rows = [
        ["企业名称", "岗位名称", "招聘人数", "薪资", "工作地点"],
        ["", "缝纫工", "5", "3000", ""],
        ["", "包装工", "3", "3000", ""],
        ["贵州苗绣", "绣工", "", "2600", "微工厂"],
        ["贵州苗绣", "绣花工", "", "2600", "微工厂"],
    ];
    for (r, row) in (0u32..).zip(rows) {
        for (c, text) in (0u16..).zip(row).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(r, c, text).unwrap();
        }
    }
    sheet.merge_range(1, 0, 2, 0, "景航服装", &Format::new()).unwrap();
    sheet.merge_range(1, 4, 2, 4, "微工厂", &Format::new()).unwrap();
    sheet.merge_range(3, 2, 4, 2, "8", &Format::new()).unwrap();
    let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    let shown: Vec<_> = ledger
        .records
        .postings
        .iter()
        .map(|row| (row.employer.as_str(), row.headcount, row.place.as_deref()))
        .collect();
    let park = Some("微工厂");
    assert_eq!(shown, [("景航服装", 5, park), ("景航服装", 3, park), ("贵州苗绣", 8, park)]);
    assert!(codes(&ledger).contains(&"headcount_missing"));
}
