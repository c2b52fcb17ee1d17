//! Jobs of a row: words for having none, what a status stands for, what is dropped and what is said of it.

use rust_xlsxwriter::{Formula, Workbook};
use wangjia::domain::codes::{Channel, Region};
use wangjia::ledger::Ledger;
use wangjia::ledger::field::Field;
use wangjia::ledger::head::SheetKind;

use super::xls::{X, XlsSheet, xls};
use super::{V, as_of, codes, day, id, read};
use crate::row;

const TITLES: &str = "就业状态 就业类型 就业单位 就业岗位 岗位编号 就业地域 月收入 起始时间 合同期限";

/// One household of one person, with these columns of a job.
fn ledger(values: [&str; 9]) -> Ledger {
    let mut head = row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号"];
    head.extend(TITLES.split(' ').map(V::from));
    let mut row = row!["A1", "1栋", "王五", "户主", id(1980, 1, 1, 1)];
    row.extend(values.map(V::from));
    read(vec![head, row])
}

#[test]
fn words_for_having_no_job_are_no_job() {
    for values in [
        ["未就业", "无", "无", "无", "无", "无", "无", "无", "无"],
        ["未就业", "", "", "待业", "", "", "", "", ""],
        ["未就业", "", "", "", "无", "", "", "", ""],
        ["", "在家", "", "", "", "", "", "", ""],
        ["", "", "无", "无", "", "", "", "", ""],
        ["否", "", "", "", "", "", "0", "", ""],
    ] {
        let ledger = ledger(values);
        assert_eq!(codes(&ledger), Vec::<&str>::new(), "{values:?}");
        assert!(ledger.records.people[0].job.is_none(), "{values:?}");
    }
    let farmer = ledger(["", "", "在家务农", "", "", "", "", "", ""]);
    let job = farmer.records.people[0].job.as_ref().unwrap();
    assert_eq!(
        (job.channel, job.employer.as_deref(), job.title.as_deref()),
        (Channel::Farming, None, Some("在家务农"))
    );
}

#[test]
fn what_is_said_of_a_job_beside_its_status_is_kept() {
    let told = ledger(["已就业", "", "", "", "", "省外", "4500", "", ""]);
    let job = told.records.people[0].job.as_ref().unwrap();
    assert_eq!((job.region, job.income, job.channel), (Some(Region::OtherProvince), Some(4500), Channel::Outbound));
    // A length of contract without a start has no last day.
    let told = ledger(["已就业", "", "某厂", "", "", "", "", "", "2年"]);
    assert_eq!(codes(&told), ["contract_start_missing"]);
    assert!(told.records.people[0].note.as_deref().is_some_and(|note| note.contains("2年")));
    // Neither a status nor a job: nothing is stored, and that is said.
    let told = ledger(["", "", "", "", "", "省外", "4500", "", ""]);
    assert_eq!(codes(&told), ["job_unclear"]);
    let row = &told.records.people[0];
    assert!(
        row.job.is_none() && row.note.as_deref().is_some_and(|note| note.contains("省外") && note.contains("4500"))
    );
}

/// A list of persons without columns of a household: who has no job in it gets none.
#[test]
fn a_list_of_jobs_holds_people_without_one() {
    let status = |n: u16, status: &str, employer: &str| row!["某人", id(1980, 1, 1, n), status, employer, ""];
    let told = read(vec![
        row!["姓名", "身份证号", "就业创业状态", "就业单位名称", "就业起始年月"],
        status(1, "已就业", "某厂"),
        status(3, "未就业", ""),
        status(5, "未就业", "无"),
        status(7, "", ""),
        status(9, "已就业", ""),
    ]);
    assert_eq!(told.heads[0].as_ref().unwrap().kind, SheetKind::Job);
    let rows: Vec<u32> = told.records.jobs.iter().map(|row| row.at.row).collect();
    assert_eq!(rows, [2, 6]);
    let idle: Vec<_> = told.records.idle.iter().map(|row| (row.at.row, row.employed)).collect();
    assert_eq!(idle, [(3, Some(false)), (4, Some(false)), (5, None)]);
    assert_eq!(codes(&told), ["job_missing"]);
    // A course in such a list is one, too.
    let told = read(vec![
        row!["姓名", "身份证号", "就业单位", "培训类型", "培训开始时间"],
        row!["某人", id(1980, 1, 1, 1), "某厂", "缝纫", "2025-03-01"],
    ]);
    assert_eq!((told.records.jobs.len(), told.records.trainings.len()), (1, 1));
    // Without the status what stands in any column of a job is one, and an empty row is none.
    let told = read(vec![
        row!["姓名", "身份证号", "就业单位", "就业地域"],
        row!["某人", id(1980, 1, 1, 1), "", "省外"],
        row!["某人", id(1980, 1, 1, 3), "", ""],
    ]);
    assert_eq!((told.records.jobs.len(), told.records.idle.len()), (1, 1));
}

#[test]
fn how_somebody_works_is_said_assumed_or_denied() {
    let list = |channel: &str, region: &str| {
        read(vec![
            row!["姓名", "身份证号", "就业单位", "就业渠道", "就业地域", "补贴对象"],
            row!["某人", id(1980, 1, 1, 1), "某厂", channel, region, "是"],
        ])
    };
    for (channel, region, found) in [
        ("微工厂", "", vec!["column_unknown"]),
        ("", "省外", vec!["column_unknown"]),
        ("", "", vec!["channel_assumed", "column_unknown"]),
        ("待业", "", vec!["column_unknown", "unemployed_with_job"]),
        ("无", "省外", vec!["column_unknown"]),
    ] {
        assert_eq!(codes(&list(channel, region)), found, "{channel} {region}");
    }
    // The group above the columns of the job says it, too.
    let grouped = |title: &str, employer: &str| {
        let told = read(vec![row!["姓名", "身份证号", title], row!["某人", id(1980, 1, 1, 1), employer]]);
        told.records.jobs.first().map(|row| (row.job.channel, row.job.channel_given))
    };
    assert_eq!(grouped("外出务工 > 务工单位", "某厂"), Some((Channel::Outbound, true)));
    assert_eq!(grouped("已就业 > 公益性岗位 > 就业单位", "社区"), Some((Channel::PublicWelfare, true)));
    assert_eq!(grouped("就业情况 > 就业单位", "某厂"), Some((Channel::Local, false)));
    // Of whom no job is told, what stands in other columns is kept all the same.
    let told =
        read(vec![row!["姓名", "身份证号", "就业单位", "补贴对象"], row!["某人", id(1980, 1, 1, 1), "", "保洁员 800"]]);
    assert_eq!(told.records.idle[0].note.as_deref(), Some("补贴对象：保洁员 800"));
    // Neither a day nor so many years.
    let wrong = read(vec![
        row!["姓名", "身份证号", "就业单位", "起始时间", "合同到期日"],
        row!["某人", id(1980, 1, 1, 1), "某厂", "2026-03-01", "2028-02-30"],
    ]);
    assert_eq!(codes(&wrong), ["contract_unread"]);
}

/// Whoever has left has no job, whatever else the row says of it; with a last day it is a job that is over.
#[test]
fn who_has_left_is_not_at_work() {
    let told = |titles: [&str; 2], values: [&str; 2]| {
        let mut head = row!["姓名", "身份证号", "用工单位", "岗位", "入职日期"];
        head.extend(titles.map(V::from));
        let mut row = row!["某人", id(1980, 1, 1, 1), "某厂", "车工", "2026-03-01"];
        row.extend(values.map(V::from));
        read(vec![head, row])
    };
    for (titles, values) in [
        (["是否在岗", "备注"], ["否", ""]),
        (["是否在岗", "备注"], ["否（2026年5月已退出）", ""]),
        (["是否在岗", "备注"], ["", "已离职"]),
        (["务工状况", "备注"], ["已返乡", ""]),
        (["是否在岗", "备注"], ["", "2026年8月去世"]),
    ] {
        let left = told(titles, values);
        assert_eq!(codes(&left), ["job_left"], "{values:?}");
        assert!(left.records.jobs.is_empty());
        let idle = &left.records.idle[0];
        assert_eq!(idle.employed, Some(false));
        assert!(idle.note.as_ref().is_some_and(|note| note.contains("用工单位：某厂")), "{:?}", idle.note);
    }
    let over = told(["是否在岗", "离职日期"], ["否", "2026-05-31"]);
    assert_eq!(over.records.jobs[0].job.end, Some(day(2026, 5, 31)));
    assert!(codes(&told(["是否在岗", "备注"], ["是", "老员工"])).is_empty());
    // A month lasts until the next one; a period tells both days.
    let months = told(["离职时间", "备注"], ["2026年5月", ""]);
    assert_eq!(months.records.jobs[0].job.end, Some(day(2026, 6, 1)));
    let period = read(vec![
        row!["姓名", "身份证号", "用工单位", "起止时间"],
        row!["某人", id(1980, 1, 1, 1), "某厂", "2026年3月至5月"],
    ]);
    let job = &period.records.jobs[0].job;
    assert_eq!((job.start, job.end), (Some(day(2026, 3, 1)), Some(day(2026, 6, 1))));
    let unknown =
        read(vec![row!["姓名", "身份证号", "用工单位", "末次在岗"], row!["某人", id(1980, 1, 1, 1), "某厂", "5月"]]);
    assert_eq!(codes(&unknown), ["column_telling"]);
}

/// A place in another province is out of the province, whatever column it stands in.
#[test]
fn where_somebody_works_tells_how() {
    let told = |title: &str, place: &str| {
        let ledger =
            read(vec![row!["姓名", "身份证号", "用工单位", title], row!["某人", id(1980, 1, 1, 1), "某厂", place]]);
        let job = ledger.records.jobs[0].job.clone();
        (job.channel, job.region, job.place, codes(&ledger).len())
    };
    let out = |place: &str| (Channel::Outbound, Some(Region::OtherProvince), Some(place.to_owned()), 0);
    assert_eq!(told("务工地点", "广东省 东莞市"), out("广东省 东莞市"));
    assert_eq!(told("务工地址", "浙江义乌"), out("浙江义乌"));
    assert_eq!(told("务工区域", "宁波"), out("宁波"));
    assert_eq!(told("务工地点", "省外"), (Channel::Outbound, Some(Region::OtherProvince), None, 0));
    assert_eq!(told("务工地址", "贵阳"), (Channel::Local, None, Some("贵阳".to_owned()), 0));
}

/// What stands above the head holds for all rows that have no column of it.
#[test]
fn the_title_of_a_list_names_employer_and_channel() {
    let list = |title: &str, sheet: &str| {
        let rows = vec![
            row![title, "", ""],
            row!["姓名", "身份证号", "入职日期"],
            row!["某人", id(1980, 1, 1, 1), "2026-03-01"],
        ];
        let ledger = wangjia::ledger::read(&super::xlsx(&[(sheet, rows)]), "test.xlsx", as_of()).unwrap();
        let job = ledger.records.jobs[0].job.clone();
        (job.employer, job.channel, codes(&ledger).join(" "))
    };
    let (employer, channel, found) = list("用工单位：铜仁旺芯电子有限公司（微工厂）", "S");
    assert_eq!((employer.as_deref(), channel), (Some("铜仁旺芯电子有限公司"), Channel::MicroFactory));
    assert_eq!(found, "channel_from_title employer_from_title");
    let (employer, channel, found) = list("2026年景航服装厂员工花名册", "S");
    assert_eq!(
        (employer.as_deref(), channel, found.as_str()),
        (Some("景航服装厂"), Channel::Local, "employer_from_title")
    );
    // Rows that are sent back take it along.
    let bad = vec![
        row!["用工单位：铜仁旺芯电子有限公司（微工厂）", "", ""],
        row!["姓名", "身份证号", "入职日期"],
        row!["某人", "12345", "2026-03-01"],
    ];
    let sent = wangjia::ledger::read(&super::xlsx(&[("S", bad)]), "a.xlsx", as_of()).unwrap();
    let back = wangjia::ledger::template::rejected_rows(&sent).unwrap().unwrap();
    let back = wangjia::ledger::read(&back, "b.xlsx", as_of()).unwrap();
    let cells: Vec<String> = back.sheets[0].rows[1].cells.iter().map(|cell| cell.display()).collect();
    assert!(cells.ends_with(&["铜仁旺芯电子有限公司".to_owned(), "微工厂".to_owned()]), "{cells:?}");
    let head = back.heads[0].as_ref().unwrap();
    assert_eq!((head.column(Field::Employer), head.column(Field::Channel)), (Some(4), Some(5)));
    assert_eq!(list("外出务工和就近就业人员台账", "S").1, Channel::Local, "two ways are neither");
    let (employer, channel, _) = list("人员台账", "公益性岗位");
    assert_eq!((employer, channel), (None, Channel::PublicWelfare));
}

/// Sums in the unit their title gives; what is no month's income is not taken for one.
#[test]
fn the_unit_of_a_title_is_the_unit_of_its_sums() {
    let told = |title: &str, sum: &str| {
        let ledger =
            read(vec![row!["姓名", "身份证号", "用工单位", title], row!["某人", id(1980, 1, 1, 1), "某厂", sum]]);
        (ledger.records.jobs[0].job.income, codes(&ledger).join(" "))
    };
    for (title, sum, yuan) in [
        ("月收入（千元）", "3.5", 3500),
        ("月收入(万元)", "0.35", 3500),
        ("月收入（千元）", "3500元", 3500),
        ("工资收入（元/天）", "180", 3915),
        ("月收入（元）", "3500", 3500),
    ] {
        assert_eq!(told(title, sum), (Some(yuan), String::new()), "{title} {sum}");
    }
    assert_eq!(told("月收入", "3.5"), (None, "income_unlikely".to_owned()));
    assert_eq!(told("月收入（百元）", "35"), (None, "income_unlikely".to_owned()));
    assert_eq!(told("月收入", "看情况"), (None, "words_unread".to_owned()));
}

/// Of a list that is no ledger, columns of the person are not stored; that is said.
#[test]
fn columns_that_are_not_stored_are_named() {
    let ledger = read(vec![
        row!["姓名", "性别", "身份证号", "用工单位", "联系电话", "技能特长"],
        row!["某人", "男", id(1980, 1, 1, 1), "某厂", "13900000001", "电焊"],
    ]);
    let found = ledger.findings.iter().find(|found| found.code.code() == "columns_not_stored").unwrap();
    assert!(found.text.zh.contains("联系电话、技能特长") && !found.text.zh.contains("性别"), "{}", found.text.zh);
}

/// Blocks of columns side by side, each of another job: whichever is filled is read, and of two that are filled both.
#[test]
fn each_block_of_columns_is_a_job_of_its_own() {
    let told = |titles: Vec<V>, values: &[&str]| {
        let mut row = row!["A1", "某人", "户主", id(1980, 1, 1, 1), "1栋"];
        row.extend(values.iter().map(|value| V::from(*value)));
        let mut head = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"];
        head.extend(titles);
        let ledger = read(vec![head, row]);
        let person = ledger.records.people[0].job.iter();
        let jobs = person.chain(ledger.records.jobs.iter().map(|row| &row.job));
        let jobs: Vec<String> = jobs
            .map(|job| {
                let words = [job.employer.as_deref(), job.title.as_deref(), job.place.as_deref()];
                format!("{} {}", job.channel.code(), words.map(Option::unwrap_or_default).join("/"))
            })
            .collect();
        (jobs, ledger.records.people[0].note.clone(), codes(&ledger).contains(&"column_twice"))
    };
    let ways = || {
        row![
            "外出务工 > 务工单位",
            "外出务工 > 务工地址",
            "本地就业 > 就业单位",
            "本地就业 > 上岗时间",
            "公益性岗位 > 岗位",
            "公益性岗位 > 时间",
            "备注"
        ]
    };
    for (values, jobs) in [
        (["某厂", "义乌", "", "", "", "", ""], vec!["outbound 某厂//义乌"]),
        (["", "", "超市", "2026-07-15", "", "", ""], vec!["local 超市//"]),
        (["/", "无", "", "", "保洁员", "2026.8", ""], vec!["public_welfare /保洁员/"]),
        (["某厂", "义乌", "", "", "保洁员", "2026.8", ""], vec!["outbound 某厂//义乌", "public_welfare /保洁员/"]),
        (["", "", "", "", "", "", ""], vec![]),
    ] {
        let (found, note, twice) = told(ways(), &values);
        assert_eq!((found, note, twice), (jobs.iter().map(|&job| job.to_owned()).collect(), None, false), "{values:?}");
    }
    // The same things asked twice, under labels that name no way of working.
    let twice = || row!["务工情况一 > 单位", "务工情况一 > 开始时间", "务工情况二 > 单位", "务工情况二 > 开始时间"];
    let (found, ..) = told(twice(), &["甲厂", "2026-03-01", "乙厂", "2026-09-01"]);
    assert_eq!(found, ["local 甲厂//", "local 乙厂//"]);
    // One job under several labels is one.
    let parts = row!["就业单位 > 企业名称", "就业单位 > 地址", "就业岗位 > 岗位名称", "就业岗位 > 上岗时间"];
    assert_eq!(told(parts, &["某厂", "园区", "缝纫工", "2026-03-01"]).0, ["local 某厂/缝纫工/园区"]);
}

#[test]
fn a_household_that_was_poor_is_no_longer_watched_and_said_to_have_been() {
    let told = read(vec![
        row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "监测对象类别"],
        row!["A1", "1栋", "王五", "户主", id(1980, 1, 1, 1), "脱贫户"],
        row!["A2", "1栋", "李四", "户主", id(1980, 1, 1, 3), "否"],
    ]);
    let notes: Vec<_> = told.records.people.iter().map(|row| row.note.as_deref()).collect();
    assert_eq!(notes, [Some("监测对象类别：脱贫户"), None]);
}

/// A ledger may have columns of a business and of courses: it is a ledger all the same, and they are one person's.
#[test]
fn a_business_or_a_course_in_a_ledger_is_one_persons() {
    let titles = row![
        "户编号",
        "楼栋",
        "姓名",
        "与户主关系",
        "身份证号",
        "就业状态",
        "就业单位",
        "创业项目",
        "培训类型",
        "培训开始时间"
    ];
    let person = |n: u16, more: [&str; 5]| {
        let mut row = row![format!("A{n}"), "1栋", "某人", "户主", id(1980, 1, 1, n)];
        row.extend(more.map(V::from));
        row
    };
    let told = read(vec![
        titles,
        person(1, ["已就业", "某厂", "", "", ""]),
        person(3, ["未就业", "", "小卖部", "", ""]),
        person(5, ["未就业", "", "", "缝纫培训", "2025.3"]),
        person(7, ["已就业", "某厂", "小卖部", "", ""]),
        person(9, ["未就业", "", "", "缝纫培训", ""]),
    ]);
    assert_eq!(told.heads[0].as_ref().unwrap().kind, SheetKind::Labour);
    let channel = |row: usize| told.records.people[row].job.as_ref().map(|job| job.channel);
    assert_eq!(
        [0, 1, 2, 3, 4].map(channel),
        [Some(Channel::Local), Some(Channel::SelfEmployed), None, Some(Channel::Local), None]
    );
    // Beside a job it is one more.
    let beside: Vec<_> = told.records.jobs.iter().map(|row| (row.at.row, row.job.channel)).collect();
    assert_eq!(beside, [(5, Channel::SelfEmployed)]);
    let courses: Vec<_> = told.records.trainings.iter().map(|row| (row.at.row, row.start)).collect();
    assert_eq!(courses, [(4, day(2025, 3, 1))]);
    assert!(told.records.people[4].note.as_deref().is_some_and(|note| note.contains("缝纫培训")));
    assert_eq!(codes(&told), ["unemployed_with_job"]);
}

/// Read as empty, an end nobody can read would make a job go on.
#[test]
fn an_end_that_is_an_error_is_one() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let (a, b) = (id(1980, 1, 1, 1), id(1980, 1, 1, 3));
    let titles = ["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "就业单位", "起始时间", "结束时间"];
    let rows: [[&str; 8]; 3] = [
        titles,
        ["A1", "1栋", "王五", "户主", &a, "某厂", "2024-03-05", ""],
        ["A2", "1栋", "李四", "户主", &b, "某厂", "", ""],
    ];
    for (r, row) in (0u32..).zip(rows) {
        for (c, text) in (0u16..).zip(row).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(r, c, text).unwrap();
        }
    }
    sheet.write_formula(1, 7, Formula::new("=B9").set_result("#REF!")).unwrap();
    sheet.write_formula(2, 6, Formula::new("=B9").set_result("#REF!")).unwrap();
    let told = wangjia::ledger::read(&workbook.save_to_buffer().unwrap(), "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&told), ["cell_error", "date_unreadable"]);
    let rows: Vec<u32> = told.records.people.iter().map(|row| row.at.row).collect();
    assert_eq!(rows, [3], "a start that cannot be read is unknown");
}

/// A program that cannot calculate writes every formula without a result.
#[test]
fn formulas_of_an_xls_that_nobody_worked_out_are_said() {
    let book = |results: [X; 2]| {
        let a = id(1980, 1, 1, 1);
        let head: Vec<X> = ["户编号", "楼栋", "姓名", "与户主关系", "身份证号", "民族", "备注"].map(X::from).to_vec();
        let mut row: Vec<X> = ["A1", "1栋", "王五", "户主", &a].map(X::from).to_vec();
        row.extend(results);
        let bytes = xls(&[XlsSheet { rows: vec![head, row], ..XlsSheet::default() }]);
        codes(&wangjia::ledger::read(&bytes, "a.xls", as_of()).unwrap())
    };
    assert_eq!(book([X::Blank, X::Blank]), ["formula_unvalued", "formula_unvalued"]);
    assert_eq!(book([X::Blank, X::Worked(2600.0)]), Vec::<&str>::new());
}

#[test]
fn an_age_that_contradicts_the_number_is_said() {
    let told = |age: &str| {
        codes(&read(vec![
            row!["户编号", "姓名", "与户主关系", "身份证号", "年龄"],
            row!["A1", "王五", "户主", id(1980, 1, 1, 1), age],
        ]))
    };
    for age in ["46", "47岁", "48", "45", "", "不详"] {
        assert_eq!(told(age), Vec::<&str>::new(), "{age}");
    }
    assert_eq!(told("25"), ["id_age_differs"]);
}
