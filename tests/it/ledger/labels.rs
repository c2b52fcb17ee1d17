//! Labels of groups that say more than one thing, second tables, and rows that only look like data or like none.

use wangjia::ledger::field::Field as F;
use wangjia::ledger::title;

use super::{V, codes, id, read};
use crate::row;

fn field(group: &str, title: &str) -> Option<F> {
    title::read(&[group.to_owned(), title.to_owned()]).map(|reading| reading.field)
}

#[test]
fn a_label_of_two_owners_decides_nothing_between_them() {
    for (group, title, expected) in [
        ("户主及家庭成员基本情况", "姓名", Some(F::Name)),
        ("户主及家庭成员基本情况", "身份证号", Some(F::IdNumber)),
        ("户主及家庭成员基本情况", "联系电话", Some(F::Phone)),
        ("户主基本情况", "姓名", Some(F::HeadName)),
        ("就业情况及就业意愿", "就业单位", Some(F::Employer)),
        ("就业情况及就业意愿", "就业岗位", Some(F::JobTitle)),
        ("就业情况及就业意愿", "月收入", Some(F::Income)),
        ("就业情况及就业意愿", "起始时间", Some(F::StartOn)),
        ("就业情况及就业意愿", "意向岗位", Some(F::WishOccupation)),
        ("就业情况及就业意愿", "工种", None),
        ("就业情况及就业意愿", "单位", None),
        ("就业意愿及去向", "工种", Some(F::WishOccupation)),
        ("帮扶对象基本信息", "姓名", Some(F::Name)),
        ("帮扶对象基本信息", "身份证号", Some(F::IdNumber)),
        ("帮扶责任人基本信息", "姓名", Some(F::Helper)),
        ("帮扶责任人基本信息", "联系电话", None),
        ("就业培训情况", "就业单位", Some(F::Employer)),
        ("就业培训情况", "就业岗位", Some(F::JobTitle)),
        ("就业培训情况", "起始时间", None),
        ("转移就业技能培训", "开始时间", Some(F::TrainingStart)),
        ("创业情况", "地点", Some(F::BusinessPlace)),
        ("劳动力就业情况", "单位", Some(F::Employer)),
        ("务工介绍人", "联系电话", None),
        ("去年就业情况", "就业单位", None),
    ] {
        assert_eq!(field(group, title), expected, "{group} > {title}");
    }
}

#[test]
fn of_groups_with_years_the_latest_is_of_now() {
    let groups = |first: &str, second: &str| {
        let a = id(1980, 1, 1, 1);
        read(vec![
            row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", first, "", second, ""],
            row!["", "", "", "", "", "就业单位", "月收入", "就业单位", "月收入"],
            row!["A1", "1栋", "王五", "户主", &a, "鞋厂", "4000", "景航服装", "2600"],
        ])
    };
    let job = |first, second| {
        let ledger = groups(first, second);
        let job = ledger.records.people[0].job.clone().unwrap();
        (job.employer.unwrap(), job.income.unwrap())
    };
    assert_eq!(job("2025年就业情况", "2026年就业情况"), ("景航服装".to_owned(), 2600));
    assert_eq!(job("2026年就业情况", "2025年就业情况"), ("鞋厂".to_owned(), 4000));
    assert!(groups("2025年就业情况", "2026年就业情况").records.people[0].note.as_deref().unwrap().contains("鞋厂"));
}

/// What stands below a second head means what that head says.
#[test]
fn a_second_head_on_the_sheet_is_read_as_its_own() {
    let ids: Vec<String> = (0..3).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let ledger = read(vec![
        row!["一、已就业人员"],
        row!["序号", "户编号", "楼栋", "姓名", "与户主关系", "身份证号", "就业单位", "就业岗位", "月收入"],
        row!["1", "A1", "1栋", "王五", "户主", &ids[0], "景航服装", "缝纫", "2600"],
        row!["合  计", "", "", "1人"],
        row!["二、未就业人员"],
        row!["序号", "户编号", "楼栋", "姓名", "与户主关系", "身份证号", "意向企业", "意向岗位", "期望月薪"],
        row!["1", "K1", "2栋", "李四", "户主", &ids[1], "贵州苗绣", "绣工", "3000"],
    ]);
    assert_eq!(ledger.sheet_name(1), "Sheet1（第5行起）");
    let [worker, idle] = &ledger.records.people[..] else { panic!("two people") };
    assert!(worker.job.is_some() && idle.job.is_none());
    assert_eq!((idle.at.row, idle.facts.expected_pay, idle.facts.wishes.len()), (7, Some(3000), 2));
    assert_eq!(codes(&ledger), ["row_not_data"]);

    // A head printed again at the top of a page belongs to the same table.
    let head = || row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号"];
    let ledger = read(vec![
        head(),
        row!["A1", "1栋", "王五", "户主", &ids[0]],
        row!["劳动力台账（续）"],
        head(),
        row!["", "", "王小", "之子", &ids[2]],
    ]);
    assert_eq!(codes(&ledger), ["row_not_data", "row_not_data"]);
    assert_eq!(ledger.household_of, [Some(0), Some(0)]);
}

#[test]
fn sums_and_prepared_rows_are_no_people() {
    let ids: Vec<String> = (0..2).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let ledger = read(vec![
        row!["序号", "户编号", "楼栋", "姓名", "与户主关系", "身份证号", "年龄", "社区"],
        row!["1", "A1", "1栋", "王五", "户主", &ids[0], "46", "旺家社区"],
        row!["第1小计", "", "", "1人"],
        row!["合  计", "", "", "1人"],
        row!["2", "", "", "", "", "", "0", "旺家社区"],
        row!["3", "", "", "", "", "", "126", ""],
        row!["4", "", "2栋", "", "", "", "", "旺家社区"],
    ]);
    assert_eq!(codes(&ledger), ["row_not_data", "row_not_data", "row_not_data"]);
    assert_eq!((ledger.records.people.len(), ledger.rejected.len()), (1, 0));
    // A household without a name in its row is a question.
    let ledger = read(vec![
        row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号"],
        row!["A1", "1栋", "王五", "户主", &ids[0]],
        row!["A2", "1栋", "", "", ""],
    ]);
    assert_eq!(ledger.rejected.len(), 1);
}

#[test]
fn titles_of_postings_that_look_like_signatures() {
    let names = |rows: Vec<Vec<V>>| {
        let mut all = vec![row!["岗位名称", "企业名称", "招聘人数", "薪资"]];
        all.extend(rows);
        let titles = read(all).records.postings.into_iter().map(|row| row.title);
        titles.collect::<Vec<_>>()
    };
    let sheet = vec![
        row!["审核员", "景航服装", "2", "3000-3500"],
        row!["联系人专员", "景航服装", "1", "3000"],
        row!["负责人", "景航服装", "1", "5000"],
        row!["合计", "", "4", ""],
        row!["制表人：张三", "", "审核人：李四", ""],
    ];
    assert_eq!(names(sheet), ["审核员", "联系人专员", "负责人"]);
}

/// A building list has no note for what it cannot use.
#[test]
fn a_column_nobody_uses_is_not_said_to_be_kept() {
    let ledger = read(vec![row!["楼栋", "劳动力人数", "户数", "人数"], row!["1栋", "9", "5", "15"]]);
    let told: Vec<&str> = ledger.findings.iter().map(|finding| finding.text.zh.as_str()).collect();
    assert!(told.len() == 2 && told.iter().all(|text| text.contains("未保存")), "{told:?}");
}
