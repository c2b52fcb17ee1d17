//! What a file would be read as, shown before anything is written, and corrected.

use std::collections::BTreeMap;

use wangjia::domain::codes::Region;
use wangjia::ledger::field::Field;
use wangjia::ledger::mapping::{self, Mapping, Meanings};
use wangjia::ledger::title::Why;
use wangjia::ledger::workbook::{self, Workbook};

use super::{V, as_of, codes, id, xlsx};
use crate::row;

fn book(rows: Vec<Vec<V>>) -> Workbook {
    workbook::read(&xlsx(&[("台账", rows)]), "a.xlsx").unwrap()
}

fn shown(book: &Workbook) -> Mapping {
    mapping::of(book, &Meanings::default())
}

fn strange() -> Vec<Vec<V>> {
    vec![
        row!["户编号", "姓名", "与户主关系", "证件", "务工地域", "性别码", "随访", "学历层次"],
        row!["A1", "王五", "户主", id(1980, 1, 1, 1), "镇上", "男", "甲", "初中"],
        row!["A2", "李四", "户主", id(1981, 1, 1, 1), "省外", "男", "乙", "初中"],
        row!["A3", "赵六", "户主", id(1982, 1, 1, 1), "镇上", "男", "", "高中"],
    ]
}

#[test]
fn every_column_has_a_guess_a_reason_and_a_runner_up() {
    let mapping = shown(&book(strange()));
    let columns = &mapping.sheets[0].columns;
    assert_eq!(columns.len(), 8);
    assert_eq!(mapping.sheets[0].missing, [Field::IdNumber]);
    let guessed = |index: usize| {
        let guess = columns[index].guess.unwrap();
        (guess.field, guess.why, columns[index].is_used)
    };
    assert_eq!(guessed(0), (Field::HouseholdCode, Why::Title, true));
    assert_eq!(columns[0].guess.unwrap().confidence, 100);
    assert!(columns[0].runner_up.is_some_and(|other| other.confidence < 80));
    // Telling values and resembling titles are suggestions, never used without a person.
    assert_eq!(guessed(3), (Field::IdNumber, Why::Values, false));
    assert_eq!(guessed(5), (Field::Sex, Why::Values, false));
    assert_eq!(guessed(7), (Field::Education, Why::Similar, false));
    assert!(columns[7].guess.unwrap().confidence < 80);
    assert!(columns[6].guess.is_none_or(|guess| guess.confidence < 80), "nobody knows what 随访 is");
}

/// Of a sheet that is passed over it is still shown what its titles are known as.
#[test]
fn a_sheet_of_no_kind_is_shown_too() {
    let mapping = shown(&book(vec![row!["楼长", "姓名", "性别", "苹果"], row!["x", "y", "男", "z"]]));
    let sheet = &mapping.sheets[0];
    assert_eq!((sheet.kind, sheet.head_row), (None, 1));
    assert!(sheet.columns.iter().all(|column| !column.is_used));
    assert_eq!(sheet.columns[1].guess.map(|guess| guess.field), Some(Field::Name));
}

#[test]
fn samples_of_people_are_masked() {
    let mapping = shown(&book(strange()));
    let samples: Vec<&String> = mapping.sheets[0].columns.iter().flat_map(|column| &column.samples).collect();
    assert!(!samples.is_empty());
    for personal in ["王五", &id(1980, 1, 1, 1)] {
        assert!(samples.iter().all(|sample| !sample.contains(personal)), "{samples:?}");
    }
}

#[test]
fn what_somebody_says_of_a_column_goes_before_its_title() {
    let book = book(strange());
    let before = shown(&book);
    let sheet = &before.sheets[0];
    let fingerprint = sheet.fingerprint.clone().unwrap();
    let mut meanings = Meanings::default();
    for (index, field) in [(3, Some(Field::IdNumber)), (4, None), (5, Some(Field::Sex)), (7, Some(Field::Education))] {
        meanings.say_column(fingerprint.clone(), sheet.columns[index].key.clone(), field);
    }
    let after = mapping::of(&book, &meanings);
    assert!(after.sheets[0].missing.is_empty());
    assert_eq!(after.sheets[0].columns[3].guess.unwrap().why, Why::Given);
    let ledger = wangjia::ledger::read_as_said(book.clone(), as_of(), &meanings, &[]).unwrap();
    assert_eq!(ledger.records.people.len(), 3);
    assert_eq!(ledger.records.people[0].name, "王五");
    assert!(ledger.records.people[0].job.is_none(), "the column said to be a note is one");
    assert!(ledger.records.people[0].note.as_deref().unwrap().contains("务工地域：镇上"));

    // The meanings belong to this head: another one is read by its titles.
    let mut other = strange();
    other[0].push("新列".into());
    let other = workbook::read(&xlsx(&[("台账", other)]), "a.xlsx").unwrap();
    assert_ne!(shown(&other).sheets[0].fingerprint, Some(fingerprint));
    assert!(wangjia::ledger::read_as_said(other, as_of(), &meanings, &[]).unwrap().records.people.is_empty());
}

#[test]
fn words_of_lists_are_explained_once() {
    let rows = vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "就业单位", "务工地域", "意向渠道"],
        row!["A1", "王五", "户主", id(1980, 1, 1, 1), "1栋", "某厂", "镇 上", "园区、微工厂"],
    ];
    let book = book(rows);
    let ledger = wangjia::ledger::read_as_said(book.clone(), as_of(), &Meanings::default(), &[]).unwrap();
    assert_eq!(codes(&ledger), ["code_unknown", "code_unknown"]);
    let mut meanings = Meanings::default();
    meanings.say_word(Field::Region, "镇上", "乡(镇)内".to_owned());
    meanings.say_word(Field::WishChannel, "园区", "微工厂".to_owned());
    let ledger = wangjia::ledger::read_as_said(book, as_of(), &meanings, &[]).unwrap();
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    assert_eq!(ledger.records.people[0].job.as_ref().unwrap().region, Some(Region::Town));
}

#[test]
fn names_of_fields_are_stable_and_different() {
    let mut codes: Vec<String> = Field::ALL.iter().map(|field| field.code()).collect();
    assert!(codes.contains(&"id_number".to_owned()) && codes.contains(&"willing_to_train".to_owned()));
    for (field, code) in Field::ALL.iter().zip(&codes) {
        assert_eq!(Field::of_code(code), Some(*field));
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Field::ALL.len());
}

/// Sheets of the third-party export that are about other things than people and their work.
const OTHER_SHEETS: &[&str] = &["社区工厂台账", "信用乡村台账", "创业基地园区中心台账", "扶贫基地台账"];

/// Columns nobody maps without a person, and why.
const UNMAPPED: &[(&str, &str)] = &[
    ("技校名称", SCHOOLING),
    ("技校地址", SCHOOLING),
    ("入学日期", SCHOOLING),
    ("毕业日期", SCHOOLING),
    ("所学专业", SCHOOLING),
    ("毕业后就业日期", SCHOOLING),
    ("技校区域", SCHOOLING),
    ("学年制", SCHOOLING),
    ("享受助学金", SCHOOLING),
    ("享受雨露计划补贴", SCHOOLING),
    ("享受免学费补贴", SCHOOLING),
    (
        "培训/创业年月",
        "one cell for the month of either of two things; which of them it is only the row's other cells tell",
    ),
    ("在苏就业年月", "the month of a job in a partner province with no employer beside it: no job can be made of it"),
    ("在陕就业年月", "as the one in the partner province"),
    ("在陕创业年月", "the month of a business with neither name nor project"),
];
const SCHOOLING: &str =
    "a school's register; here schooling is only the person's school status, the rest stays in the note";

/// At least 90 of 100 cells of the heads about residents, households, jobs, self-employment and training have their field.
#[test]
fn nine_tenths_of_the_third_party_heads_map_without_help() {
    let folder =
        std::env::var_os("WANGJIA_TEST_DATA").map_or_else(|| "../shared/data".into(), std::path::PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join("ledgers/export-headers.tsv")) else {
        println!("not run: the third-party export heads are not on this machine");
        return;
    };
    let (mut cells, mut used, mut read_by_rules, mut sheets) = (0, 0, 0, 0);
    let mut unmapped: BTreeMap<String, usize> = BTreeMap::new();
    let mut name = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(heading) = line.strip_prefix("# ") {
            name = heading.split_once(' ').map_or(heading, |(_, name)| name);
            continue;
        }
        if OTHER_SHEETS.contains(&name) || line.contains("招聘会") {
            continue;
        }
        sheets += 1;
        let titles: Vec<V> = line.split('\t').map(V::from).collect();
        cells += titles.len();
        let mapping = shown(&book(vec![titles]));
        let sheet = &mapping.sheets[0];
        assert!(sheet.kind.is_some(), "{name} is known");
        for column in &sheet.columns {
            match column.guess.filter(|_| column.is_used) {
                Some(guess) => {
                    used += 1;
                    read_by_rules += usize::from(!guess.field.is_noted());
                }
                None => *unmapped.entry(column.path.concat()).or_default() += 1,
            }
        }
    }
    assert!(sheets >= 16, "{sheets}");
    println!(
        "{used} of {cells} cells have a field, {read_by_rules} of them one that is more than a note; unmapped: {unmapped:?}"
    );
    assert!(used * 10 >= cells * 9, "{used} of {cells}: {unmapped:?}");
    let listed: Vec<&str> = UNMAPPED.iter().map(|(title, _)| *title).collect();
    let unlisted: Vec<_> = unmapped.keys().filter(|title| !listed.contains(&title.as_str())).collect();
    assert!(unlisted.is_empty(), "without a reason: {unlisted:?}");
    let mapped_by_now: Vec<_> = listed.iter().filter(|title| !unmapped.contains_key(**title)).collect();
    assert!(mapped_by_now.is_empty(), "listed and yet mapped: {mapped_by_now:?}");
}
