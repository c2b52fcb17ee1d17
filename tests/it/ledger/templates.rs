//! What we hand out comes back.

use wangjia::ledger::head::SheetKind;
use wangjia::ledger::{template, workbook};

use super::{as_of, codes, id, read};
use crate::row;

#[test]
fn templates_read_back_as_empty_ledgers() {
    for (bytes, kind, n) in [
        (template::labour_ledger().unwrap(), SheetKind::Labour, template::LABOUR_LEDGER.len()),
        (template::postings().unwrap(), SheetKind::Posting, template::POSTINGS.len()),
    ] {
        let ledger = wangjia::ledger::read(&bytes, "template.xlsx", as_of()).unwrap();
        assert_eq!(codes(&ledger), ["example_row", "sheet_not_data"]);
        let head = ledger.heads[0].as_ref().unwrap();
        assert_eq!((head.kind, head.titles().len()), (kind, n));
        assert!(head.notes.is_empty(), "every column of a template is known");
        assert!(ledger.records.people.is_empty() && ledger.records.postings.is_empty());
    }
}

/// The example row is what the guide promises: with its marks taken off it imports without an error.
#[test]
fn example_rows_are_correct() {
    for columns in [template::LABOUR_LEDGER, template::POSTINGS] {
        let titles = columns.iter().map(|(field, _)| field.title().into()).collect();
        let values = columns.iter().map(|(_, value)| value.replace("示例：", "").replace("示例", "1").into()).collect();
        let ledger = read(vec![titles, values]);
        assert_eq!(codes(&ledger), Vec::<&str>::new());
        assert_eq!(ledger.records.people.len() + ledger.records.postings.len(), 1);
    }
}

#[test]
fn rejected_rows_come_back_with_their_reason() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2));
    let ledger = read(vec![
        row!["标题行"],
        row!["户编号", "姓名", "与户主关系", "身份证号", "起始时间", "就业单位"],
        row!["A1", "王五", "户主", &a, "2026-03-01", "某厂"],
        row!["A1", "李四", "配偶", &b, "去年", "某厂"],
        row!["A1", "", "子女", "123", "", ""],
    ]);
    let bytes = template::rejected_rows(&ledger).unwrap().unwrap();
    let sheets = workbook::read(&bytes, "rejected.xlsx").unwrap().sheets;
    assert_eq!(sheets.len(), 1);
    let text = |row: usize, column: usize| sheets[0].rows[row].cell(column).display();
    assert_eq!(sheets[0].rows.len(), 3);
    assert_eq!(text(0, 6), "问题");
    assert_eq!((text(1, 1), text(1, 3), text(1, 4)), ("李四".to_owned(), b.clone(), "去年".to_owned()));
    assert!(text(1, 6).starts_with("起始时间：日期无法识别"), "{}", text(1, 6));
    assert!(text(2, 6).contains("姓名为空"), "{}", text(2, 6));

    // Corrected in place, it imports: the extra column is known and dropped.
    let again = read(vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "起始时间", "就业单位", "问题"],
        row!["A1", "李四", "配偶", &b, "2025-11-01", "某厂", text(1, 6)],
    ]);
    assert_eq!(codes(&again), Vec::<&str>::new());
    assert_eq!(again.records.people[0].note, None);
}

#[test]
fn no_rejected_rows_no_file() {
    let ledger =
        read(vec![row!["户编号", "姓名", "与户主关系", "身份证号"], row!["A1", "王五", "户主", id(1980, 1, 1, 1)]]);
    assert!(template::rejected_rows(&ledger).unwrap().is_none());
}
