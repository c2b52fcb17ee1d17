//! What people say of a file's columns and words is used, remembered with the import, and used again.

use std::process::{Command, Output};

use wangjia::app::error::AppError;
use wangjia::app::imports::mapping::show;
use wangjia::app::imports::{File, ImportOptions, ImportReport, Said, import_file, import_guarded};

use super::{number, options, prepared, rows, words};
use crate::ledger::{V, id, xlsx};
use crate::row;
use crate::support::{TestDb, on_both};

const HEAD: [&str; 8] = ["户编号", "姓名", "与户主关系", "证件", "楼栋", "就业单位", "务工地域", "随访"];

fn strange(first: u16, n: u16) -> Vec<Vec<V>> {
    let mut all = vec![HEAD.map(V::from).to_vec()];
    for i in first..first + n {
        all.push(row![format!("A{i}"), "王五", "户主", id(1980, 1, 1, 2 * i + 1), "1栋", "某厂", "镇上", "李某"]);
    }
    all
}

fn said() -> Said {
    let pair = |column: &str, field: &str| (column.to_owned(), field.to_owned());
    Said {
        columns: vec![pair("证件", "id_number"), pair("随访", "-")],
        words: vec![("务工地域".to_owned(), "镇上".to_owned(), "乡(镇)内".to_owned())],
        ..Said::default()
    }
}

fn import_said(test: &TestDb, bytes: &[u8], options: &ImportOptions, said: &Said) -> Result<ImportReport, AppError> {
    let file = File { said, ..File::plain("a.xlsx", bytes) };
    import_guarded(&test.db, &file, options, &mut |_, _| Ok(()), &mut |_| Ok(()))
}

#[track_caller]
fn import(test: &TestDb, rows: Vec<Vec<V>>, options: &ImportOptions, said: &Said) -> ImportReport {
    import_said(test, &xlsx(&[("台账", rows)]), options, said).unwrap()
}

fn remembered(test: &TestDb) -> (i64, i64) {
    (rows(test, "column_mappings"), rows(test, "word_mappings"))
}

fn what_was_said_once_is_remembered(test: &TestDb) {
    prepared(test);
    let file = xlsx(&[("台账", strange(0, 2))]);
    // Nobody said anything: the needed columns are missing.
    let report = import_file(&test.db, &file, "a.xlsx", &options(), &mut |_, _| Ok(())).unwrap();
    assert!(report.stopped);
    // Looking and trying write nothing.
    let shown = show(&test.db, &file, "a.xlsx", &said()).unwrap();
    assert!(shown.sheets[0].missing.is_empty());
    let dry = import(test, strange(0, 2), &ImportOptions { dry_run: true, ..options() }, &said());
    assert_eq!((dry.stopped, dry.created), (false, 2));
    assert_eq!(remembered(test), (0, 0));

    let report = import(test, strange(0, 2), &options(), &said());
    assert_eq!((report.stopped, report.created), (false, 2), "{:?}", report.findings);
    assert_eq!(remembered(test), (2, 1));
    assert_eq!(words(test, "SELECT region AS word FROM employment_spells ORDER BY id"), ["town", "town"]);

    // The next file of the same source needs no word.
    let file = xlsx(&[("另一张", strange(10, 3))]);
    let shown = show(&test.db, &file, "b.xlsx", &Said::default()).unwrap();
    assert!(shown.sheets[0].columns[3].is_used && shown.sheets[0].missing.is_empty());
    let report = import_file(&test.db, &file, "b.xlsx", &options(), &mut |_, _| Ok(())).unwrap();
    assert_eq!((report.stopped, report.created), (false, 3));
    assert!(report.findings.iter().all(|f| !["code_unknown", "column_unknown"].contains(&f.code.code())));

    // Saying something else takes its place, and is one row still.
    let other = Said { columns: vec![("随访".to_owned(), "帮扶责任人".to_owned())], ..Said::default() };
    import(test, strange(10, 3), &options(), &other);
    assert_eq!(remembered(test), (2, 1));
    assert_eq!(number(test, "SELECT count(*) AS n FROM column_mappings WHERE field = 'helper'"), 1);
    assert_eq!(number(test, "SELECT count(*) AS n FROM households WHERE helper_name = '李某'"), 3);
}

/// A column more, another order: it is the same source. Other columns: it is not.
fn a_head_that_is_nearly_the_same_is_read_the_same_way(test: &TestDb) {
    prepared(test);
    import(test, strange(0, 1), &options(), &said());
    let mut more = strange(10, 1);
    for row in &mut more {
        row.swap(0, 1);
        row.push(if matches!(&row[3], V::T(text) if text == "证件") { "民族".into() } else { "苗族".into() });
    }
    let show = |rows: Vec<Vec<V>>| show(&test.db, &xlsx(&[("台账", rows)]), "b.xlsx", &Said::default()).unwrap();
    assert!(show(more.clone()).sheets[0].missing.is_empty());
    // What is said of this head goes before what was said of the other, and takes nothing else away.
    let other = Said { columns: vec![("随访".to_owned(), "帮扶责任人".to_owned())], ..Said::default() };
    import(test, more.clone(), &options(), &other);
    assert_eq!(number(test, "SELECT count(*) AS n FROM households WHERE helper_name = '李某'"), 1);
    assert!(show(more).sheets[0].missing.is_empty() && show(strange(20, 1)).sheets[0].missing.is_empty());
    let foreign = vec![row!["户编号", "姓名", "与户主关系", "证件"], row!["A7", "王五", "户主", id(1980, 1, 1, 9)]];
    assert!(!show(foreign).sheets[0].missing.is_empty());
}

/// A word of a column that is named in the same breath, by the file's own title.
fn a_word_of_a_column_named_now_is_understood(test: &TestDb) {
    prepared(test);
    let sheet = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "现况"],
        row!["A1", "王五", "户主", id(1980, 1, 1, 1), "1栋", "在外头"],
    ];
    let said = Said {
        columns: vec![("现况".to_owned(), "就业状态".to_owned())],
        words: vec![("现况".to_owned(), "在外头".to_owned(), "已就业".to_owned())],
        ..Said::default()
    };
    let report = import(test, sheet, &options(), &said);
    assert_eq!((report.stopped, rows(test, "employment_spells")), (false, 1), "{:?}", report.findings);
}

fn what_does_not_exist_is_refused_and_nothing_stored(test: &TestDb) {
    prepared(test);
    let file = xlsx(&[("台账", strange(0, 1))]);
    let column =
        |column: &str, field: &str| Said { columns: vec![(column.to_owned(), field.to_owned())], ..Said::default() };
    let word = Said {
        words: vec![("务工地域".to_owned(), "镇上".to_owned(), "月亮上".to_owned())], ..Said::default()
    };
    for (said, pointer) in
        [(column("没有的列", "姓名"), "/map"), (column("证件", "没有的字段"), "/map"), (word, "/map_value")]
    {
        let error = import_said(test, &file, &options(), &said).unwrap_err();
        assert!(matches!(&error, AppError::Invalid(fields) if fields[0].pointer == pointer), "{error:?}");
    }
    assert_eq!((remembered(test), rows(test, "import_batches"), rows(test, "residents")), ((0, 0), 0, 0));
}

on_both!(
    what_was_said_once_is_remembered,
    a_head_that_is_nearly_the_same_is_read_the_same_way,
    a_word_of_a_column_named_now_is_understood,
    what_does_not_exist_is_refused_and_nothing_stored,
);

fn wangjia(folder: &std::path::Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wangjia"));
    command.current_dir(folder).env_clear().args(args).args(["--database-url", "sqlite://town.db", "--lang", "en"]);
    command.output().unwrap()
}

#[test]
fn the_command_shows_corrects_and_remembers() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = wangjia(folder.path(), args);
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let migrated = run(&["migrate"]);
    assert_eq!(migrated.0, Some(0), "{}", migrated.2);
    std::fs::write(folder.path().join("a.xlsx"), xlsx(&[("台账", strange(0, 3))])).unwrap();
    let import = |more: &[&str]| run(&[&["import", "a.xlsx", "--as-of", "2026-11-01"], more].concat());

    let (code, shown, _) = import(&["--show-mapping", "--json"]);
    assert_eq!(code, Some(0));
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let column = &shown["files"][0]["sheets"][0]["columns"][3];
    assert_eq!((column["path"][0].as_str(), column["guess"]["field"].as_str()), (Some("证件"), Some("id_number")));
    assert_eq!(column["is_used"], false);
    assert!(!column["samples"][0].as_str().unwrap().starts_with("5299"));
    assert!(import(&["--show-mapping"]).1.contains("A preview: nothing was written."));

    assert_eq!(import(&[]).0, Some(1), "without a word the needed columns are missing");
    let (code, _, error) = import(&["--map", "证件=没有的字段"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("There is no field"), "{error}");
    assert_eq!(import(&["--map", "证件"]).0, Some(2));
    let maps = ["--map", "证件=id_number", "--map-value", "务工地域:镇上=乡(镇)内"];
    assert_eq!(import(&maps).0, Some(0));
    let (code, again, _) = import(&[]);
    assert_eq!(code, Some(0), "remembered: {again}");
    assert!(again.contains("0 rows created, 0 updated, 3 unchanged"), "{again}");
}
