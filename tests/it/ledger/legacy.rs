//! `.xls`: what is read of it, and that another reader reads the same.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xls};
use wangjia::ledger::workbook::{self, Cell, Format};

use super::xls::{Options, X, XlsSheet, xls, xls_with};
use super::{as_of, codes, day, id};

fn ledger(n: u16) -> XlsSheet {
    let mut rows: Vec<Vec<X>> = vec![
        ["户编号", "姓名", "与户主关系", "身份证号", "出生日期", "联系电话", "楼栋", "最远上班分钟"]
            .map(X::from)
            .to_vec(),
    ];
    for i in 0..n {
        rows.push(vec![
            format!("A{i}").into(),
            if i % 2 == 0 { "王五".into() } else { "Wang".into() },
            "户主".into(),
            id(1974, 3, 5, 2 * i + 1).into(),
            X::D(27093.0),
            X::T(format!("139{i:08}")),
            format!("{}栋", i % 7).into(),
            X::N(f64::from(i % 60)),
        ]);
    }
    XlsSheet { name: "台账", rows, ..XlsSheet::default() }
}

#[test]
fn a_legacy_ledger_is_read_like_any_other() {
    let bytes = xls(&[ledger(300)]);
    let book = workbook::read(&bytes, "a.xls").unwrap();
    assert_eq!((book.format, book.is_misnamed), (Format::Xls, false));
    let read = wangjia::ledger::read(&bytes, "a.xls", as_of()).unwrap();
    assert_eq!(codes(&read), Vec::<&str>::new());
    assert_eq!(read.records.people.len(), 300);
    let row = &read.records.people[299];
    assert_eq!((row.at.row, row.name.as_str(), row.facts.phone.as_deref()), (301, "Wang", Some("13900000299")));
    assert_eq!((row.household.building.as_deref(), row.facts.max_minutes), (Some("5栋"), Some(59)));
}

/// Strings broken anywhere, narrow and wide, are put together again.
#[test]
fn strings_broken_over_records_are_whole_again() {
    let whole = workbook::read(&xls(&[ledger(60)]), "a.xls").unwrap();
    for break_at in [12, 13, 14, 15, 40, 41, 255, 1000] {
        let broken = xls_with(&[ledger(60)], Options { break_at: Some(break_at), ..Options::default() });
        assert_eq!(workbook::read(&broken, "a.xls").unwrap(), whole, "{break_at}");
    }
}

/// Everything a cell can hold, as an independent reader reads it.
#[test]
fn another_reader_reads_the_same_cells() {
    let cells = vec![
        vec![X::from("文字"), "plain".into(), X::N(12.0), X::N(-7.0), X::N(3.25), X::N(1e12)],
        vec![X::B(true), X::Error, X::F(Some("结果".to_owned())), X::D(45000.0), X::from(""), "末".into()],
    ];
    let sheets = [XlsSheet { name: "甲", rows: cells, ..XlsSheet::default() }, ledger(40)];
    let bytes = xls(&sheets);
    let ours = workbook::read(&bytes, "a.xls").unwrap().sheets;
    let mut theirs: Xls<_> = Xls::new(Cursor::new(bytes.as_slice())).unwrap();
    assert_eq!(theirs.sheet_names(), ["甲", "台账"]);
    let mut compared = 0;
    for sheet in &ours {
        let range = theirs.worksheet_range(&sheet.name).unwrap();
        for (row, column, value) in range.used_cells() {
            let cell = sheet.rows.iter().find(|r| r.number as usize == row + 1).unwrap().cell(column);
            let same = match (cell, value) {
                (Cell::Text(text), Data::String(other)) => **text == **other,
                (Cell::Number(number), Data::Float(other)) => number == other,
                (Cell::Number(number), Data::Int(other)) => *number == *other as f64,
                (Cell::Bool(value), Data::Bool(other)) => value == other,
                (Cell::Error, Data::Error(_)) => true,
                (Cell::Date(date), Data::DateTime(other)) => Some(*date) == other.as_datetime().map(|at| at.date()),
                _ => false,
            };
            assert!(same, "{cell:?} and {value:?} at {row}, {column}");
            compared += 1;
        }
    }
    assert_eq!(compared, 11 + 41 * 8);
}

#[test]
fn merges_hidden_parts_and_formulas_are_noted() {
    let mut source = ledger(3);
    source.merges = vec![[1, 3, 0, 0]];
    for row in [2, 3] {
        source.rows[row][0] = "".into();
        source.rows[row][2] = "其他".into();
    }
    source.hidden_columns = vec![6];
    source.hidden_rows = vec![2];
    source.rows[1][7] = X::F(None);
    let read = wangjia::ledger::read(&xls(&[source]), "a.xls", as_of()).unwrap();
    let mut found = codes(&read);
    found.retain(|code| !["two_heads", "household_facts_differ"].contains(code));
    assert_eq!(found, ["columns_hidden", "formula_unvalued", "rows_hidden"]);
    assert!(read.records.people.iter().all(|row| row.household.code.as_deref() == Some("A0")));
    let unvalued = read.findings.iter().find(|finding| finding.code.code() == "formula_unvalued").unwrap();
    assert_eq!((unvalued.row, unvalued.column.as_deref()), (2, Some("最远上班分钟")));
}

#[test]
fn days_count_from_1904_where_the_file_says_so() {
    let rows = vec![
        ["户编号", "姓名", "与户主关系", "身份证号", "出生日期", "核实日期", "就业单位", "起始时间"]
            .map(X::from)
            .to_vec(),
        vec![
            "A1".into(),
            "王五".into(),
            "户主".into(),
            id(1974, 3, 5, 1).into(),
            // With a date format, and without.
            X::D(27093.0 - 1462.0),
            X::N(45000.0 - 1462.0),
            "某厂".into(),
            X::N(2024.03),
        ],
    ];
    let source = XlsSheet { name: "S", rows, ..XlsSheet::default() };
    let bytes = xls_with(&[source], Options { is_1904: true, ..Options::default() });
    let read = wangjia::ledger::read(&bytes, "a.xls", as_of()).unwrap();
    assert_eq!(codes(&read), Vec::<&str>::new(), "the birth date agrees with the number");
    let job = read.records.people[0].job.as_ref().unwrap();
    assert_eq!((job.verified_on, job.start), (Some(day(2023, 3, 15)), Some(day(2024, 3, 1))));
}
