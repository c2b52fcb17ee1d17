//! Which household a row is of, where the sheet makes it easy to join two of them.

use rust_xlsxwriter::{Format, Workbook};
use wangjia::ledger::Ledger;
use wangjia::ledger::finding::Finding;
use wangjia::ledger::head::SheetKind;

use super::{V, as_of, codes, id, read, xlsx};
use crate::row;

/// A sheet of texts with merged areas of rows: (first row, last row, column), the text of the first.
fn merged(rows: &[Vec<&str>], areas: &[(u32, u32, u16)]) -> Ledger {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (r, row) in (0u32..).zip(rows) {
        for (c, text) in (0u16..).zip(row).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(r, c, *text).unwrap();
        }
    }
    for &(first, last, column) in areas {
        let text = rows[first as usize][usize::from(column)];
        sheet.merge_range(first, column, last, column, text, &Format::new()).unwrap();
    }
    wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap()
}

fn errors(ledger: &Ledger) -> Vec<(&'static str, u32)> {
    let errors = ledger.findings.iter().filter(|finding| finding.is_error());
    errors.map(|finding| (finding.code.code(), finding.row)).collect()
}

fn spoiled(id: &str) -> String {
    format!("{}{}", &id[..17], if id.ends_with('1') { '2' } else { '1' })
}

/// A count of the household beside its members' names: rows are people, and the household is the merged one's.
#[test]
fn a_block_of_members_with_counts_is_no_list_of_households() {
    let ids: Vec<String> = (0..6).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let titles = vec!["户主姓名", "楼栋", "家庭人口数", "劳动力人数", "家庭成员姓名", "身份证号码"];
    let ledger = merged(
        &[
            titles,
            vec!["王五", "1栋", "3", "3", "王五", &ids[0]],
            vec!["", "", "", "", "李四", &ids[1]],
            vec!["", "", "", "", "王小", &ids[2]],
            vec!["赵六", "1栋", "3", "3", "赵六", &ids[3]],
            vec!["", "", "", "", "孙七", &ids[4]],
            vec!["", "", "", "", "赵小", &ids[5]],
        ],
        &[(1, 3, 0), (1, 3, 1), (1, 3, 2), (1, 3, 3), (4, 6, 0), (4, 6, 1), (4, 6, 2), (4, 6, 3)],
    );
    assert_eq!(ledger.heads[0].as_ref().unwrap().kind, SheetKind::Labour);
    assert_eq!(ledger.household_of, [Some(0), Some(0), Some(0), Some(1), Some(1), Some(1)]);
    let names: Vec<&str> = ledger.records.people.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["王五", "李四", "王小", "赵六", "孙七", "赵小"]);
    assert_eq!(ledger.households.iter().map(|home| home.head).collect::<Vec<_>>(), [Some(0), Some(3)]);
}

/// Where a row is a whole household, rows merged into one cannot be read: nobody says who of them is the head.
#[test]
fn merged_rows_of_a_list_of_households_are_asked_about() {
    let (a, b, c) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2), id(1984, 1, 1, 1));
    let titles = vec!["楼栋", "劳动力人数", "姓名", "身份证号码"];
    let rows = [titles, vec!["1栋", "2", "王五", &a], vec!["", "", "李四", &b], vec!["2栋", "1", "赵六", &c]];
    let ledger = merged(&rows, &[(1, 2, 0), (1, 2, 1)]);
    assert_eq!(errors(&ledger), [("household_rows_merged", 2), ("household_rows_merged", 3)]);
    assert_eq!(ledger.records.people.len(), 1);
}

/// The rows below a head that could not be read are not of the household above it.
#[test]
fn rows_below_an_unread_head_belong_to_nobody() {
    let ids: Vec<String> = (0..6).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let bad = spoiled(&ids[2]);
    let titles = row!["户编号", "户主姓名", "楼栋", "姓名", "与户主关系", "身份证号"];
    let sheet = |code: &str| {
        read(vec![
            titles.clone(),
            row![code, "王五", "1栋", "王五", "户主", &ids[0]],
            row!["", "", "", "李四", "配偶", &ids[1]],
            row![if code.is_empty() { "" } else { "H2" }, "赵六", "2栋", "赵六", "户主", &bad],
            row!["", "", "", "孙七", "配偶", &ids[3]],
            row!["", "", "", "赵小", "之子", &ids[4]],
            row![if code.is_empty() { "" } else { "H3" }, "周九", "3栋", "周九", "户主", &ids[5]],
        ])
    };
    for code in ["H1", ""] {
        let ledger = sheet(code);
        assert_eq!(errors(&ledger), [("id_checksum", 4), ("household_unread", 5), ("household_unread", 6)]);
        let rows: Vec<u32> = ledger.records.people.iter().map(|row| row.at.row).collect();
        assert_eq!((rows, ledger.household_of.clone()), (vec![2, 3, 7], vec![Some(0), Some(0), Some(1)]));
    }
    // A member's row that cannot be read begins no household, nor does one more row of the same code.
    let ledger = read(vec![
        titles,
        row!["H1", "王五", "1栋", "王五", "户主", &ids[0]],
        row!["", "", "", "李四", "配偶", &bad],
        row!["H1", "", "", "王小", "之子", "坏"],
        row!["", "", "", "王小小", "之女", &ids[3]],
    ]);
    assert_eq!(ledger.household_of, [Some(0), Some(0)]);
}

/// A number that is another head's: the row is refused, and its family is not the other's.
#[test]
fn a_head_under_anothers_number_takes_no_family_along() {
    let ids: Vec<String> = (0..3).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let ledger = read(vec![
        row!["楼栋", "姓名", "与户主关系", "身份证号"],
        row!["1栋", "王五", "户主", &ids[0]],
        row!["1栋", "李四", "配偶", &ids[1]],
        row!["2栋", "赵六", "户主", &ids[0]],
        row!["2栋", "赵小", "之子", &ids[2]],
    ]);
    assert_eq!(errors(&ledger), [("duplicate_id", 4), ("household_unread", 5)]);
    assert_eq!(ledger.household_of, [Some(0), Some(0)]);
}

#[test]
fn a_head_below_its_family_is_found_by_name() {
    let ids: Vec<String> = (0..6).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let rows = [
        vec!["户主姓名", "楼栋", "家庭成员姓名", "与户主关系", "身份证号码"],
        vec!["王五", "1栋", "李四", "配偶", &ids[0]],
        vec!["", "", "王五", "户主", &ids[1]],
        vec!["", "", "王小", "之子", &ids[2]],
        vec!["赵六", "2栋", "孙七", "配偶", &ids[3]],
        vec!["", "", "赵六", "户主", &ids[4]],
    ];
    let merges = [(1, 3, 0), (1, 3, 1), (4, 5, 0), (4, 5, 1)];
    for ledger in [merged(&rows, &merges), merged(&rows, &[])] {
        assert_eq!(errors(&ledger), []);
        assert_eq!(ledger.household_of, [Some(0), Some(0), Some(0), Some(1), Some(1)]);
    }
    // A name that no row of the block bears stays a question, for the blank row below it too.
    let ledger = read(vec![
        row!["户编号", "户主姓名", "姓名", "与户主关系", "身份证号"],
        row!["A1", "王五", "王五", "户主", &ids[0]],
        row!["", "周九", "李四", "配偶", &ids[1]],
        row!["", "", "王小", "之子", &ids[2]],
    ]);
    assert_eq!(ledger.household_of, [Some(0), None, None]);
}

#[test]
fn codes_that_are_none_join_nobody() {
    let rows = |codes: [V; 3]| {
        let mut rows = vec![row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号"]];
        for (n, code) in (1u16..).zip(codes) {
            rows.push(vec![
                code,
                format!("{n}栋").into(),
                "某人".into(),
                "户主".into(),
                id(1980, 1, 1, 2 * n + 1).into(),
            ]);
        }
        read(rows)
    };
    for codes in [["无", "无", "无"], ["0", "0", "0"], ["/", "/", "/"], ["H1", "同上", "同上"], ["H1", "〃", ""]]
    {
        let ledger = rows(codes.map(V::from));
        assert_eq!(ledger.household_of, [Some(0), Some(1), Some(2)], "{codes:?}");
        assert_eq!(errors(&ledger), [], "{codes:?}");
    }
    // Digits that a spreadsheet has rounded away.
    let number = 520_603_001_001_000_123.0;
    for ledger in [rows([number, number, number].map(V::N)), rows(["5.20603E+17"; 3].map(V::from))] {
        assert_eq!(errors(&ledger).len(), 3);
        assert!(errors(&ledger).iter().all(|(code, _)| *code == "code_as_number"));
    }
}

/// 户号 may be a door number, which every building has.
#[test]
fn one_code_in_two_buildings_is_asked_about() {
    let ids: Vec<String> = (0..4).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let ledger = read(vec![
        row!["楼栋", "户号", "姓名", "与户主关系", "身份证号"],
        row!["1栋", "101", "王五", "户主", &ids[0]],
        row!["1栋", "102", "李四", "户主", &ids[1]],
        row!["2栋", "101", "赵六", "户主", &ids[2]],
        row!["2栋", "101", "赵小", "之子", &ids[3]],
    ]);
    assert_eq!(
        errors(&ledger),
        [("household_code_shared", 2), ("household_code_shared", 4), ("household_code_shared", 5)]
    );
    assert!(ledger.findings.iter().any(|finding| finding.row == 2 && finding.text.zh.contains("第4行")));
    let rows: Vec<u32> = ledger.records.people.iter().map(|row| row.at.row).collect();
    assert_eq!(rows, [3]);
}

#[test]
fn as_above_is_what_stands_above() {
    let ids: Vec<String> = (0..4).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let ledger = read(vec![
        row!["户编号", "网格", "楼栋", "姓名", "与户主关系", "身份证号", "迁出地", "就业单位"],
        row!["H1", "一网格", "1栋", "王五", "户主", &ids[0], "大坪乡", "某厂"],
        row!["H2", "同上", "〃", "李四", "户主", &ids[1], "\"", "同上"],
        row!["H3", "无", "无", "赵六", "户主", &ids[2], "无", ""],
        row!["H4", "同上", "同上", "同上", "户主", &ids[3], "", "同上"],
    ]);
    let homes: Vec<_> =
        ledger.households.iter().map(|home| (home.words.grid.as_deref(), home.words.building.as_deref())).collect();
    assert_eq!(homes, [(Some("一网格"), Some("1栋")), (Some("一网格"), Some("1栋")), (None, None)]);
    assert_eq!(ledger.households[1].words.township.as_deref(), Some("大坪乡"));
    assert_eq!(ledger.records.people[1].job.as_ref().and_then(|job| job.employer.as_deref()), Some("某厂"));
    assert_eq!(
        errors(&ledger),
        [("ditto_unread", 5), ("ditto_unread", 5)],
        "a name is nobody else's, and above is nothing"
    );
}

/// A sheet of all and one of each building say the same: one record. Of two months none goes before the other.
#[test]
fn one_person_on_two_sheets() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2));
    let titles = row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "联系电话", "就业状态", "就业单位"];
    let person = |id: &str, relation: &str, phone: &str, status: &str, employer: &str| {
        row!["A1", "1栋", if relation == "户主" { "王五" } else { "李四" }, relation, id, phone, status, employer]
    };
    let read = |second: Vec<Vec<V>>| {
        let all = vec![titles.clone(), person(&a, "户主", "", "未就业", ""), person(&b, "配偶", "", "", "")];
        let bytes = xlsx(&[("总表", all), ("1栋", second)]);
        wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap()
    };
    let same =
        read(vec![titles.clone(), person(&a, "户主", "13900000001", "未就业", ""), person(&b, "配偶", "", "", "")]);
    assert_eq!(codes(&same), Vec::<&str>::new());
    assert_eq!(same.records.people.len(), 2);
    assert_eq!(same.records.people[0].facts.phone.as_deref(), Some("13900000001"), "what only one sheet says is kept");
    let differing = read(vec![titles.clone(), person(&a, "户主", "", "已就业", "某厂")]);
    assert_eq!(codes(&differing), ["person_in_two_sheets", "person_in_two_sheets"]);
    let told: Vec<&Finding> = differing.findings.iter().filter(|finding| finding.is_error()).collect();
    assert!(told[0].text.zh.contains("“总表”表第2行") && told[1].text.zh.contains("“1栋”表第2行"), "{told:?}");
    let rows: Vec<&str> = differing.records.people.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(rows, ["李四"], "neither is stored");
}
