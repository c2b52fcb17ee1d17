//! Heads of several rows, columns of one title, long and decorated titles.

use rust_xlsxwriter::{Format, Workbook};
use wangjia::domain::codes::{Region, WishKind};
use wangjia::ledger::field::Field;
use wangjia::ledger::title;

use super::{V, as_of, codes, day, id, read};
use crate::row;

/// Four levels with real merged areas: (text, top, left, bottom, right).
const FOUR_LEVELS: &[(&str, u32, u16, u32, u16)] = &[
    ("旺家社区劳动力就业意愿及去向台账", 0, 0, 0, 11),
    ("户编号", 1, 0, 4, 0),
    ("基本信息", 1, 1, 1, 4),
    ("姓名", 2, 1, 4, 1),
    ("身份证号", 2, 2, 4, 2),
    ("与户主关系", 2, 3, 4, 3),
    ("楼栋", 2, 4, 4, 4),
    ("已就业", 1, 5, 1, 7),
    ("务工情况", 2, 5, 3, 7),
    ("单位", 4, 5, 4, 5),
    ("务工去向", 4, 6, 4, 6),
    ("月收入", 4, 7, 4, 7),
    ("未就业", 1, 8, 1, 11),
    ("就业意愿", 2, 8, 2, 10),
    ("是否愿意就业", 3, 8, 4, 8),
    ("意愿去向", 3, 9, 3, 10),
    ("务工去向", 4, 9, 4, 9),
    ("工种", 4, 10, 4, 10),
    ("原因", 2, 11, 4, 11),
];

fn four_levels(data: &[Vec<&str>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for &(text, top, left, bottom, right) in FOUR_LEVELS {
        if (top, left) == (bottom, right) {
            sheet.write_string(top, left, text).unwrap();
        } else {
            sheet.merge_range(top, left, bottom, right, text, &Format::new()).unwrap();
        }
    }
    for (r, cells) in (5u32..).zip(data) {
        for (c, text) in (0u16..).zip(cells) {
            sheet.write_string(r, c, *text).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn four_levels_become_paths_and_mean_what_their_groups_say() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2));
    let bytes = four_levels(&[
        vec!["A1", "王五", &a, "户主", "1栋", "某厂", "省外", "3000", "", "", "", ""],
        vec!["A1", "李四", &b, "配偶", "1栋", "", "", "", "愿意", "乡(镇)内", "缝纫工", "照顾小孩"],
    ]);
    let ledger = wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    let head = ledger.heads[0].as_ref().unwrap();
    assert_eq!((head.row_number, head.first_data), (5, 5));
    assert_eq!(head.title(9), "未就业 > 就业意愿 > 意愿去向 > 务工去向");
    assert_eq!(head.title(0), "户编号");
    let [worker, idle] = &ledger.records.people[..] else { panic!("two people") };
    let job = worker.job.as_ref().unwrap();
    assert_eq!((job.employer.as_deref(), job.income), (Some("某厂"), Some(3000)));
    assert_eq!(job.region.map(|region| region.code()), Some("other_province"));
    assert!(worker.facts.wishes.is_empty(), "where somebody works is no wish");
    assert!(idle.job.is_none());
    assert_eq!(idle.facts.willing, Some(true));
    let wishes: Vec<_> = idle.facts.wishes.iter().map(|(kind, value)| (*kind, value.as_str())).collect();
    assert!(wishes.contains(&(WishKind::Region, "town")) && wishes.contains(&(WishKind::Occupation, "缝纫工")));
    assert_eq!(idle.facts.barriers.as_ref().map(Vec::len), Some(1));
}

/// A head of three rows with borders alone: what parts the columns of a label is no person.
#[test]
fn a_head_without_merged_cells_has_its_third_row() {
    let ledger = read(vec![
        row!["户主", "姓名", "关系", "身份证号", "务工信息", "", ""],
        row!["", "", "", "", "务工地点", "", "单位"],
        row!["", "", "", "", "省", "市", ""],
        row!["尹一", "尹一", "户主", id(1980, 1, 1, 1), "广东省", "东莞市", "甲厂"],
    ]);
    assert_eq!(ledger.heads[0].as_ref().unwrap().row_number, 3);
    let job = ledger.records.people[0].job.as_ref().unwrap();
    assert_eq!((job.employer.as_deref(), job.place.as_deref()), (Some("甲厂"), Some("广东省")));
    assert_eq!(job.region, Some(Region::OtherProvince));
}

/// A label merged down to the lowest row of the head says how far the head goes, however few of its titles are known.
#[test]
fn labels_merged_downwards_end_where_the_head_does() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in (0u16..).zip(["姓名", "身份证号", "联系电话"]) {
        sheet.merge_range(0, column, 1, column, title, &Format::new()).unwrap();
    }
    sheet.merge_range(0, 3, 0, 5, "就业情况", &Format::new()).unwrap();
    for (column, title) in (3u16..).zip(["就业单位", "甲", "2026年8月"]) {
        sheet.write_string(1, column, title).unwrap();
    }
    let a = id(1980, 1, 1, 1);
    for (column, text) in (0u16..).zip(["王五", &a, "13900000001", "某厂", "乙", "2600"]) {
        sheet.write_string(2, column, text).unwrap();
    }
    let ledger = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    let head = ledger.heads[0].as_ref().unwrap();
    assert_eq!((head.row_number, head.first_data), (2, 2));
    assert_eq!(head.title(3), "就业情况 > 就业单位");
    assert_eq!(codes(&ledger), ["column_unknown", "column_unknown", "columns_not_stored"]);
    assert_eq!(ledger.records.jobs[0].job.employer.as_deref(), Some("某厂"));
}

/// CSV has no merged cells: a label reaches over the blanks behind it.
#[test]
fn levels_without_merged_cells_are_understood_too() {
    let text = format!(
        "户编号,基本信息,,,就业意愿,,就业情况,\n,姓名,身份证号,与户主关系,工种,地点,单位,月收入\nA1,王五,{},户主,保安,省外,某厂,2800\n",
        id(1980, 1, 1, 1)
    );
    let ledger = wangjia::ledger::read(text.as_bytes(), "a.csv", as_of()).unwrap();
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    assert_eq!(ledger.heads[0].as_ref().unwrap().title(5), "就业意愿 > 地点");
    let row = &ledger.records.people[0];
    assert_eq!(row.facts.wishes.len(), 2);
    assert_eq!(row.job.as_ref().and_then(|job| job.income), Some(2800));
}

#[test]
fn one_title_means_different_things_in_different_places() {
    let (head, son) = (id(1960, 1, 1, 1), id(1990, 1, 1, 1));
    // By order: the first number is the head's, the second phone the helper's, the second period the course's.
    let ledger = read(vec![
        row![
            "户主",
            "身份证号",
            "姓名",
            "与户主关系",
            "身份证号",
            "联系电话",
            "就业单位",
            "开始时间",
            "帮扶责任人",
            "联系电话",
            "楼栋"
        ],
        row!["王父", &head, "王五", "子女", &son, "13900000001", "某厂", "2026-03-01", "李某", "13900000002", "1栋"],
    ]);
    let row = &ledger.records.people[0];
    assert_eq!(
        (row.id.as_str(), row.household.head_id.as_ref().map(|id| id.as_str())),
        (son.as_str(), Some(head.as_str()))
    );
    assert_eq!(row.facts.phone.as_deref(), Some("13900000001"));
    assert_eq!(row.job.as_ref().unwrap().start, Some(day(2026, 3, 1)));
    assert!(
        row.note.as_deref().unwrap().contains("13900000002"),
        "the helper's number is kept, not taken for the resident's"
    );

    // By path: a guardian's phone and last year's employer are nobody's present facts.
    let ledger = read(vec![
        row!["户编号", "本人", "", "", "", "监护人", "", "上年务工", "", "本年务工", ""],
        row!["", "姓名", "身份证号", "与户主关系", "联系电话", "姓名", "联系电话", "单位", "月收入", "单位", "月收入"],
        row!["A1", "王五", &son, "户主", "13900000001", "王父", "13900000002", "旧厂", "2000", "新厂", "3000"],
    ]);
    let row = &ledger.records.people[0];
    assert_eq!((row.name.as_str(), row.facts.phone.as_deref()), ("王五", Some("13900000001")));
    let job = row.job.as_ref().unwrap();
    assert_eq!((job.employer.as_deref(), job.income), (Some("新厂"), Some(3000)));
    assert!(row.note.as_deref().unwrap().contains("上年务工 > 单位：旧厂"), "{:?}", row.note);
}

#[test]
fn decorated_long_and_wide_titles_are_read() {
    let read = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        title::read(&path).map(|reading| reading.field)
    };
    let long = format!("就业状态：{}", "1.已就业（含灵活就业、公益性岗位）2.未就业；".repeat(5));
    assert!(long.chars().count() > 100);
    for (path, field) in [
        (&[long.as_str()][..], Some(Field::Status)),
        (&["身份证号码\n（18位，末位Ｘ大写）*"], Some(Field::IdNumber)),
        (&["联系电话（户主）"], Some(Field::HeadPhone)),
        (&["户主信息", "姓名"], Some(Field::HeadName)),
        (&["家庭成员信息", "姓名"], Some(Field::Name)),
        (&["创业情况", "开始时间"], Some(Field::BusinessStart)),
        (&["参加培训情况", "开始时间"], Some(Field::TrainingStart)),
        (&["就业创业情况", "开始时间"], Some(Field::StartOn)),
        (&["紧急联系人", "联系电话"], None),
        (&["单位"], None),
        (&["就业信息", "单位"], Some(Field::Employer)),
        (&["姓名的由来"], None),
    ] {
        assert_eq!(read(path), field, "{path:?}");
    }
}

#[test]
fn titles_of_the_table_and_rows_of_data_are_no_levels() {
    // The title speaks of training, the first row of data holds the word 户主.
    let ledger = read(vec![
        row!["二〇二六年技能培训台账"],
        row!["户编号", "姓名", "与户主关系", "身份证号", "就业单位", "开始时间"],
        row!["A1", "王五", "户主", id(1980, 1, 1, 1), "某厂", "2026-03-01"],
    ]);
    let head = ledger.heads[0].as_ref().unwrap();
    assert_eq!((head.row_number, head.title(4)), (2, "就业单位"));
    assert_eq!(ledger.records.people.len(), 1);
    assert!(ledger.records.people[0].job.is_some());
}

#[test]
fn full_width_digits_are_digits() {
    let wide = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect()
    };
    let number = id(1980, 1, 1, 1);
    let ledger = read(vec![
        row!["户编号", "姓名", "与户主关系", "身份证号", "联系电话", "楼栋", "就业单位", "开始时间", "月收入"],
        vec![
            V::from("A1"),
            "王五".into(),
            "户主".into(),
            wide(&number).into(),
            wide("13900000001").into(),
            "1栋".into(),
            "某厂".into(),
            wide("2026.3.1").into(),
            wide("2800").into(),
        ],
    ]);
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    let row = &ledger.records.people[0];
    assert_eq!((row.id.as_str(), row.facts.phone.as_deref()), (number.as_str(), Some("13900000001")));
    let job = row.job.as_ref().unwrap();
    assert_eq!((job.start, job.income), (Some(day(2026, 3, 1)), Some(2800)));
}

/// A file of rejected rows has one row of paths, and is read as the file it came from.
#[test]
fn a_path_in_one_cell_is_a_path() {
    let ledger = read(vec![
        row![
            "户编号",
            "基本信息 > 姓名",
            "基本信息 > 身份证号",
            "与户主关系",
            "未就业 > 就业意愿 > 务工去向",
            "监护人 > 联系电话"
        ],
        row!["A1", "王五", id(1980, 1, 1, 1), "户主", "省外", "13900000002"],
    ]);
    let head = ledger.heads[0].as_ref().unwrap();
    assert_eq!(head.column(Field::WishRegion), Some(4));
    assert_eq!(ledger.records.people[0].facts.phone, None);
}
