//! Files as a whole: encodings, separators, names.

use wangjia::ledger::refusal::Refusal;
use wangjia::ledger::workbook;

use super::{V, as_of, codes, id, xlsx};
use crate::row;

fn csv() -> String {
    format!(
        "台账\n序号,户编号,姓名,与户主关系,身份证号\n1,A1,王五,户主,{}\n2,A1,欧阳娜,配偶,{}\n",
        id(1980, 1, 1, 1),
        id(1982, 2, 3, 2)
    )
}

#[track_caller]
fn holds_both(bytes: &[u8], name: &str) {
    let ledger = wangjia::ledger::read(bytes, name, as_of()).unwrap();
    let names: Vec<&str> = ledger.records.people.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["王五", "欧阳娜"]);
    assert_eq!(ledger.records.people[1].at.row, 4);
}

#[test]
fn csv_in_every_encoding_and_separator() {
    let text = csv();
    holds_both(text.as_bytes(), "a.csv");
    holds_both(format!("\u{feff}{text}").as_bytes(), "a.csv");
    holds_both(&encoding_rs::GB18030.encode(&text).0, "a.csv");
    holds_both(text.replace(',', "\t").as_bytes(), "a.csv");
    holds_both(text.replace(',', ";").as_bytes(), "a.txt");
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    holds_both(&utf16, "a.csv");
    // A character outside GBK, in four bytes.
    let rare = text.replace("王五", "王𠮷");
    let ledger = wangjia::ledger::read(&encoding_rs::GB18030.encode(&rare).0, "a.csv", as_of()).unwrap();
    assert_eq!(ledger.records.people[0].name, "王𠮷");
}

/// Short files are taken for another language's by any detector; the titles of a ledger decide.
#[test]
fn short_files_in_gb18030() {
    for text in ["姓名,身份证号\n丁,1\n", "岗位名称,企业名称,招聘人数\n保安,甲,1\n", "楼栋,步行到园区分钟\n1,5\n"]
    {
        assert!(wangjia::ledger::read(&encoding_rs::GB18030.encode(text).0, "a.csv", as_of()).is_ok(), "{text}");
    }
}

#[test]
fn csv_rows_are_counted_as_people_count_them() {
    let text = format!(
        "户编号,姓名,与户主关系,身份证号,备注\n\nA1,王五,户主,{},\"两\n行\"\nA1,李四,配偶,坏\n",
        id(1980, 1, 1, 1)
    );
    let ledger = wangjia::ledger::read(text.as_bytes(), "a.csv", as_of()).unwrap();
    assert_eq!(ledger.records.people[0].at.row, 3);
    assert_eq!(ledger.findings.iter().find(|f| f.is_error()).map(|f| f.row), Some(4));
}

#[test]
fn apostrophes_of_exports_are_taken_off() {
    let text = format!("户编号,姓名,与户主关系,身份证号,备注\nA1,王五,户主,'{},'=1+1\n", id(1980, 1, 1, 1));
    let ledger = wangjia::ledger::read(text.as_bytes(), "a.csv", as_of()).unwrap();
    assert_eq!(ledger.records.people[0].note.as_deref(), Some("备注：=1+1"));
}

#[test]
fn every_cut_of_a_good_file_is_refused_or_read() {
    let good = xlsx(&[("S", vec![row!["姓名", "身份证号"], row!["王五", "1"]])]);
    for end in (0..good.len()).step_by(97) {
        _ = workbook::read(&good[..end], "a.xlsx");
    }
}

/// The content decides; that the name says something else is told.
#[test]
fn a_wrong_extension_is_told_and_read() {
    let good = xlsx(&[(
        "S",
        vec![row!["户编号", "姓名", "与户主关系", "身份证号"], row!["A1", "王五", "户主", id(1980, 1, 1, 1)]],
    )]);
    for (bytes, name, is_told) in [
        (good.as_slice(), "a.xlsx", false),
        (&good, "a.XLSX", false),
        (&good, "a.xls", true),
        (&good, "a.csv", true),
        (&good, "a", true),
        (csv().as_bytes(), "a.csv", false),
        (csv().as_bytes(), "a.xls", true),
        (csv().as_bytes(), "a.xlsx", true),
    ] {
        let ledger = wangjia::ledger::read(bytes, name, as_of()).unwrap();
        assert!(!ledger.records.people.is_empty(), "{name}");
        assert_eq!(codes(&ledger).contains(&"file_misnamed"), is_told, "{name}");
    }
}

#[test]
fn a_flipped_byte_never_panics() {
    let good = xlsx(&[("S", vec![row!["姓名", "身份证号"], row!["王五", id(1980, 1, 1, 1)]])]);
    for at in (0..good.len()).step_by(13) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        _ = wangjia::ledger::read(&bad, "a.xlsx", as_of());
    }
}

#[test]
fn far_cells_do_not_cost_memory() {
    let mut writer = rust_xlsxwriter::Workbook::new();
    let sheet = writer.add_worksheet();
    sheet.write_string(0, 0, "姓名").unwrap();
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    assert_eq!(workbook::read(&bytes, "a.xlsx").unwrap_err(), Refusal::TooManyCells);
}

#[test]
fn names_never_make_paths() {
    for name in ["../../a.csv", "..\\..\\a.csv", "/etc/a.csv", "C:\\x\\a.csv"] {
        let sheets = workbook::read(csv().as_bytes(), name).unwrap().sheets;
        assert_eq!(sheets[0].name, "a");
    }
}

#[test]
fn a_file_without_any_known_table_is_refused() {
    let bytes = xlsx(&[("S", vec![row!["苹果", "梨"], row!["1", "2"]])]);
    assert_eq!(wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap_err(), Refusal::NoKnownSheet);
}

#[test]
fn numbers_and_dates_of_a_spreadsheet_are_read_by_type() {
    let rows = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "出生日期", "联系电话", "楼栋"],
        vec![
            V::N(12.0),
            "王五".into(),
            "户主".into(),
            id(1974, 3, 5, 1).into(),
            V::D(super::day(1974, 3, 5)),
            V::N(13_900_000_000.0),
            V::N(3.0),
        ],
    ];
    let ledger = super::read(rows);
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    let row = &ledger.records.people[0];
    assert_eq!(row.household.code.as_deref(), Some("12"));
    assert_eq!(row.household.building.as_deref(), Some("3"));
    assert_eq!(row.facts.phone.as_deref(), Some("13900000000"));
}
