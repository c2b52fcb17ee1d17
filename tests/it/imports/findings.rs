//! One bad ledger: every kind of bad row in one workbook, every finding code exactly once.

use std::collections::BTreeMap;

use wangjia::app::coverage::households;
use wangjia::app::coverage::report::ListFilter;
use wangjia::domain::codes::{CoverageState, Severity};
use wangjia::ledger::finding::FindingCode;

use super::elsewhere::ELSEWHERE;
use super::{accepting, import, import_with, options, prepared};
use crate::ledger::{V, id};
use crate::row;
use crate::support::{TestDb, on_both};

struct Book {
    titles: Vec<String>,
    rows: Vec<Vec<V>>,
    next: u16,
}

impl Book {
    fn new(titles: &str) -> Self {
        Self { titles: titles.split(' ').map(str::to_owned).collect(), rows: Vec::new(), next: 0 }
    }

    /// A row of a household of its own, sound but for the values given. Returns its ID number.
    fn person(&mut self, values: &[(&str, V)]) -> String {
        self.next += 1;
        let id = id(1980, 1, 1, 2 * self.next + 1);
        let row = self.titles.iter().map(|title| {
            let given = values.iter().find(|(wanted, _)| wanted == title).map(|(_, value)| value.clone());
            given.unwrap_or_else(|| match title.as_str() {
                "户编号" => format!("H{}", self.next).into(),
                "姓名" => format!("某人{}", self.next).into(),
                "与户主关系" => "户主".into(),
                "身份证号" => id.clone().into(),
                "楼栋" => "1栋".into(),
                _ => "".into(),
            })
        });
        let row = row.collect();
        self.rows.push(row);
        id
    }

    /// The same with texts only.
    fn bad(&mut self, values: &[(&str, &str)]) -> String {
        let values: Vec<(&str, V)> = values.iter().map(|(title, value)| (*title, V::from(*value))).collect();
        self.person(&values)
    }

    fn sheet(self) -> Vec<Vec<V>> {
        let mut rows = vec![self.titles.iter().map(V::from).collect()];
        rows.extend(self.rows);
        rows
    }
}

/// Hours of the postings.
const HOURS: &str = "周一至周五 08:00-12:00、13:30-17:30";

const TITLES: &str = "户编号 户主姓名 姓名 与户主关系 身份证号 楼栋 单元房号 出生日期 性别 健康状况 劳动技能 在校生状况 联系电话 就业状态 就业渠道 就业地域 \
    就业单位 就业岗位 岗位编号 起始时间 结束时间 月收入 公益岗已用月数 不能上班时段 照护责任 技能特长 未知列 备注 说明 \
    劳动力数量 有就业意愿人数 已就业人数 已就业人员姓名";

/// What is stored before: a person of household Z1 and a head of Z2, a job without an end, two jobs of one person.
fn earlier(test: &TestDb) -> Vec<String> {
    let mut book = Book::new(TITLES);
    book.next = 200;
    let z1 = book.bad(&[("户编号", "Z1"), ("就业单位", "旧厂"), ("起始时间", "2026-01-01")]);
    let z2 = book.bad(&[("户编号", "Z2")]);
    let two = book.bad(&[("户编号", "Z3"), ("就业单位", "甲厂"), ("起始时间", "2026-01-01")]);
    let four = book.bad(&[("户编号", "Z4"), ("就业单位", "旧厂"), ("起始时间", "2026-01-01")]);
    let five =
        book.bad(&[("户编号", "Z5"), ("就业单位", "旧厂"), ("起始时间", "2026-01-01"), ("结束时间", "2026-02-01")]);
    let six = book.bad(&[("户编号", "Z6")]);
    let seven = book.bad(&[("户编号", "Z7"), ("就业单位", "旧厂"), ("起始时间", "2026-01-01")]);
    let eight = book.bad(&[("户编号", "Z8"), ("就业单位", "旧厂"), ("起始时间", "2026-01-01")]);
    let nine = book.bad(&[("户编号", "Z9")]);
    let report = import(test, book.sheet());
    assert_eq!(report.rejected, 0, "{:?}", report.findings);
    let mut again = Book::new("姓名 身份证号 就业单位 起始时间 是否兼职");
    again.bad(&[
        ("身份证号", &two),
        ("姓名", "某人203"),
        ("就业单位", "乙厂"),
        ("起始时间", "2026-02-01"),
        ("是否兼职", "是"),
    ]);
    import(test, again.sheet());
    let posting = |code: &str, headcount: &str| row![code, "满员厂", "普工", headcount, "2600", "长白班", "无", "园区"];
    let titles = row!["岗位编号", "企业名称", "岗位名称", "招聘人数", "薪资下限", "班次", "职业危害", "工作地点"];
    import(test, vec![titles, posting("FULL", "1")]);
    vec![z1, z2, two, four, five, six, seven, eight, nine]
}

fn every_finding_once(test: &TestDb) {
    prepared(test);
    let known = earlier(test);
    let mut b = Book::new(TITLES);
    // Identity.
    b.bad(&[("身份证号", "")]);
    b.person(&[("身份证号", V::N(5.299_001_98e17))]);
    b.bad(&[("身份证号", "529900800101001")]);
    b.bad(&[("身份证号", "5299")]);
    b.bad(&[("身份证号", "529900197002301220")]);
    let sound = id(1981, 1, 1, 1);
    let wrong = format!("{}{}", &sound[..17], if sound.ends_with('0') { '1' } else { '0' });
    b.bad(&[("身份证号", &wrong)]);
    b.bad(&[("身份证号", &format!("{sound}43"))]);
    b.bad(&[("出生日期", "1980-01-02")]);
    b.bad(&[("性别", "女")]);
    let first = b.bad(&[("户编号", "D1")]);
    b.bad(&[("户编号", "D1"), ("身份证号", &first)]);
    b.bad(&[("户编号", "D2"), ("身份证号", &first)]);
    b.bad(&[("姓名", "")]);
    b.bad(&[("姓名", "王\u{202e}五")]);
    b.bad(&[("身份证号", &known[0]), ("户编号", "Z1"), ("姓名", "改名")]);
    b.bad(&[("身份证号", &known[5]), ("户编号", "W1"), ("姓名", "别人")]);
    // Households.
    b.bad(&[("户编号", ""), ("户主姓名", "不知名"), ("与户主关系", "子女")]);
    b.bad(&[("户编号", "N1"), ("与户主关系", "配偶")]);
    b.bad(&[("户编号", "T1")]);
    b.bad(&[("户编号", "T1")]);
    let new_head = b.bad(&[("户编号", "Z2")]);
    b.bad(&[("户编号", "D1"), ("与户主关系", "")]);
    b.bad(&[("身份证号", &known[1]), ("户编号", "Z1"), ("与户主关系", "子女"), ("姓名", "某人202")]);
    b.bad(&[("户编号", "D1"), ("与户主关系", "子女"), ("楼栋", "9栋")]);
    b.bad(&[("楼栋", "")]);
    b.bad(&[("户编号", "")]);
    b.bad(&[("照护责任", "幼儿(照护人:查无此人):周一 08:00-09:00")]);
    let at_work = [("就业单位", "某厂"), ("起始时间", "2026-01-01"), ("劳动力数量", "1"), ("已就业人数", "1")];
    b.bad(&[&at_work[..], &[("有就业意愿人数", "1")]].concat());
    b.bad(&[&at_work[..], &[("已就业人员姓名", "张三、李四")]].concat());
    b.bad(&[("劳动力数量", "3人")]);
    b.bad(&[("已就业人数", "1")]);
    // Cells.
    b.bad(&[("就业单位", "某厂"), ("起始时间", "五月")]);
    b.bad(&[("公益岗已用月数", "很多")]);
    b.bad(&[("不能上班时段", "看情况")]);
    b.bad(&[("健康状况", "尚可吧")]);
    b.bad(&[("联系电话", "0856-5221234")]);
    b.bad(&[("联系电话", "13900000001")]);
    let foreign =
        wangjia::domain::resident_id::ResidentId::compose("529901", crate::ledger::day(1982, 1, 1), 2).unwrap();
    b.bad(&[("联系电话", "13900000001"), ("身份证号", foreign.as_str())]);
    let job = |more: &[(&'static str, &'static str)]| -> Vec<(&'static str, &'static str)> {
        let mut cells = vec![("就业单位", "某厂"), ("起始时间", "2026-01-01")];
        for &(title, value) in more {
            cells.retain(|(known, _)| *known != title);
            cells.push((title, value));
        }
        cells
    };
    b.bad(&job(&[("月收入", "2000-3000元")]));
    // Contradictions.
    let child = id(2012, 1, 1, 1);
    b.person(&[("身份证号", child.into()), ("就业单位", "某厂".into()), ("起始时间", "2026-01-01".into())]);
    b.bad(&job(&[("在校生状况", "上技校")]));
    b.bad(&job(&[("劳动技能", "丧失劳动力")]));
    b.bad(&[("劳动技能", "弱劳动力"), ("健康状况", "健康")]);
    b.person(&[("劳动技能", "普通劳动力".into()), ("身份证号", id(1960, 1, 1, 1).into())]);
    b.bad(&job(&[("结束时间", "2025-12-31")]));
    b.bad(&job(&[("结束时间", "2027-12-31")]));
    b.bad(&job(&[("起始时间", "2026-12-01")]));
    b.bad(&job(&[("起始时间", "")]));
    b.bad(&[("就业状态", "已就业")]);
    b.bad(&job(&[("就业状态", "未就业")]));
    b.bad(&job(&[("就业渠道", "微工厂"), ("就业地域", "省外")]));
    b.person(&[
        ("身份证号", id(1950, 1, 1, 1).into()),
        ("就业单位", "某社区".into()),
        ("起始时间", "2026-01-01".into()),
        ("就业渠道", "公益性岗位".into()),
    ]);
    b.bad(&job(&[("就业渠道", "公益性岗位"), ("就业单位", "某街道"), ("就业地域", "省外")]));
    b.bad(&job(&[("就业渠道", "公益性岗位"), ("就业单位", "某街道"), ("起始时间", "2022-01-01")]));
    b.bad(&[("身份证号", &known[3]), ("户编号", "Z4"), ("就业状态", "未就业"), ("姓名", "某人204")]);
    b.bad(&[("身份证号", &known[4]), ("户编号", "Z5"), ("就业状态", "已就业"), ("姓名", "某人205")]);
    b.bad(&[
        ("身份证号", &known[2]),
        ("户编号", "Z3"),
        ("就业单位", "丙厂"),
        ("起始时间", "2026-03-01"),
        ("姓名", "某人203"),
    ]);
    let moved_on = |id: usize, household, name, start| {
        [
            ("身份证号", known[id].as_str()),
            ("户编号", household),
            ("姓名", name),
            ("就业单位", "新厂"),
            ("起始时间", start),
        ]
    };
    b.bad(&moved_on(6, "Z7", "某人207", "2026-03-01"));
    b.bad(&moved_on(7, "Z8", "某人208", "2025-12-01"));
    // Postings.
    b.bad(&[("就业单位", "满员厂"), ("就业岗位", "普工"), ("起始时间", "2026-01-01")]);
    b.bad(&[("就业单位", "满员厂"), ("就业岗位", "普工"), ("起始时间", "2026-01-01")]);
    b.bad(&job(&[("岗位编号", "NONE")]));
    b.bad(&job(&[("就业单位", "双岗厂"), ("就业岗位", "普工")]));
    b.bad(&[("技能特长", "绝世武功")]);
    b.bad(&[("未知列", "值"), ("备注", "一"), ("说明", "二")]);
    b.rows.push(row!["示例", "", "示例：张某"]);
    b.rows.push(row!["合计：60人"]);
    let ledger = b.sheet();

    let ends = vec![
        row!["身份证号码", "结束日期"],
        row![&new_head, "2026-05-01"],
        row![&known[2], "2026-05-01"],
        row![id(1999, 9, 9, 9), "2026-05-01"],
    ];
    let course = || row!["改名", &known[0], "创业培训", "2026-01-05"];
    let trainings = vec![row!["劳动力姓名", "劳动力身份证号", "培训类型", "培训起始日期"], course(), course()];
    let titles = row![
        "岗位编号",
        "企业名称",
        "岗位名称",
        "招聘人数",
        "薪资下限",
        "薪资上限",
        "班次",
        "职业危害",
        "工作地点",
        "最低年龄",
        "最高年龄",
        "有效期起",
        "有效期止",
        "统一社会信用代码",
        "岗位描述",
        "工作时间"
    ];
    const CODE: &str = "91520603MA6DHY0J50";
    let posting = |changes: &[(usize, &str)]| {
        let mut row =
            row!["", "清白厂", "普工", "5", "2600", "3000", "长白班", "无", "园区", "", "", "", "", CODE, "", HOURS];
        for (column, text) in changes {
            row[*column] = (*text).into();
        }
        row
    };
    let postings = vec![
        titles,
        posting(&[(1, "")]),
        posting(&[(2, "")]),
        posting(&[(3, "")]),
        posting(&[(2, "裁剪工"), (4, "4000")]),
        posting(&[(2, "整烫工"), (9, "50"), (10, "40")]),
        posting(&[(2, "保安"), (11, "2026-05-01"), (12, "2026-04-01")]),
        posting(&[(2, "保洁员"), (13, "91520600MA6H000000")]),
        posting(&[(2, "厨师"), (14, "会做黔菜"), (15, "")]),
        posting(&[(2, "打包工")]),
        posting(&[(2, "打包工")]),
        posting(&[(2, "锁边工"), (3, "10-15人")]),
        posting(&[(2, "钉扣工"), (5, "5000元/次")]),
        posting(&[(2, "熨烫工"), (5, "3000元，包吃住")]),
        posting(&[(2, "验布工"), (15, "8:00-12:00、13:30-16:30")]),
        posting(&[(2, "质检员"), (14, "缴纳押金500元")]),
        posting(&[(2, "搬运工"), (9, "18"), (10, "45")]),
        posting(&[(0, "D1"), (1, "双岗厂"), (13, "")]),
        posting(&[(0, "D2"), (1, "双岗厂"), (13, "")]),
    ];
    let below = vec![
        row!["岗位编号", "企业名称", "岗位名称", "招聘人数", "薪资下限", "班次", "职业危害", "工作地点", "工作时间"],
        row!["FULL", "满员厂", "普工", "0", "2600", "长白班", "无", "园区", HOURS],
    ];
    let heads = vec![
        row!["户主姓名", "户主证件号码", "姓名", "身份证号"],
        row!["新户主", id(1966, 6, 6, 6), "新成员", id(1977, 7, 7, 7)],
    ];
    let workshop = |name: &str, start: &str| row![&known[8], name, "微工厂", start, "是"];
    let workshops = vec![
        row!["身份证号", "就业单位", "就业渠道", "起始时间", "是否兼职"],
        workshop("甲坊", "2026-01-01"),
        workshop("乙坊", "2026-03-01"),
    ];
    let lookup = vec![row!["安置点名称"], row!["甲"]];
    let strange = vec![row!["苹果", "梨", "桃"], row!["1", "2", "3"]];
    let no_id = vec![row!["户编号", "姓名", "与户主关系", "性别"], row!["X1", "无号", "户主", "男"]];
    let sheets = [
        ("台账", ledger),
        ("结束", ends),
        ("培训", trainings),
        ("岗位", postings),
        ("成员", heads),
        ("车间", workshops),
        ("选项", lookup),
        ("水果", strange),
        ("无号", no_id),
    ];
    let report = import_with(test, &sheets, &accepting());
    // Places are counted after the first workbook has filled the one there is.
    let second = import_with(test, &[("减员", below)], &accepting());

    let mut seen: BTreeMap<FindingCode, Vec<String>> = BTreeMap::new();
    for finding in report.findings.iter().chain(&second.findings) {
        seen.entry(finding.code).or_default().push(format!("{} {}", finding.sheet, finding.row));
    }
    // Of most people and jobs here none of these is written; `what_is_not_recorded_is_told` and `ledger::jobs` look at them.
    for code in [FindingCode::SchoolMissing, FindingCode::LabourClassMissing, FindingCode::ChannelAssumed] {
        seen.insert(code, vec![String::new()]);
    }
    let mut wrong = Vec::new();
    for &code in FindingCode::ALL {
        let places = seen.remove(&code).unwrap_or_default();
        let elsewhere = ELSEWHERE.iter().any(|(other, _)| *other == code);
        if places.len() != usize::from(!elsewhere) {
            wrong.push(format!("{}: {places:?}", code.code()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// An unknown school status or class counts as employable, with a finding: at the row where the sheet asks, else once a sheet.
fn what_is_not_recorded_is_told(test: &TestDb) {
    prepared(test);
    let sheet = |asked: bool, rows: &[(u16, i32, &str, &str)]| {
        let mut head = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"];
        if asked {
            head.extend(row!["在校生状况", "劳动技能"]);
        }
        let mut all = vec![head];
        for (n, year, school, class) in rows {
            let mut row = row![format!("A{n}"), "王五", "户主", id(*year, 1, 1, *n), "1栋"];
            if asked {
                row.extend(row![*school, *class]);
            }
            all.push(row);
        }
        all
    };
    let missing = |sheets: &[(&str, Vec<Vec<V>>)]| -> Vec<(String, u32)> {
        let report = import_with(test, sheets, &options());
        let told = report.findings.into_iter().filter(|finding| finding.code.code().ends_with("_missing"));
        let told = told.inspect(|finding| assert_eq!(finding.severity, Severity::Info));
        told.map(|finding| (finding.code.code().to_owned(), finding.row)).collect()
    };
    let pair =
        |school: u32, class: u32| [("school_missing".to_owned(), school), ("labour_class_missing".to_owned(), class)];
    // Only people of labour age, and only what does not decide already: a pupil's class changes nothing.
    let people = [
        (1, 1980, "", ""),
        (2, 2015, "", ""),
        (3, 1950, "", ""),
        (4, 2008, "高中", ""),
        (5, 1980, "不在校", "普通劳动力"),
    ];
    assert_eq!(missing(&[("甲", sheet(true, &people))]), pair(2, 2));
    assert_eq!(missing(&[("乙", sheet(false, &[(6, 1980, "", ""), (7, 1981, "", "")]))]), pair(0, 0));
    // What is on record need not stand in the file.
    assert!(missing(&[("乙", sheet(false, &[(5, 1980, "", "")]))]).is_empty());
    let filter = ListFilter { state: Some(CoverageState::Uncovered), ..ListFilter::default() };
    let lines = households(&test.db, options().as_of, &filter, None).unwrap();
    let unrecorded: Vec<_> = lines.iter().map(|line| line.unrecorded.len()).collect();
    assert_eq!(unrecorded, [2, 0, 2, 2], "A1, A5, A6 and A7 are uncovered");
}

/// The counts of a household list are compared with its people, once those are known, and with one another.
fn households_are_counted(test: &TestDb) {
    prepared(test);
    let titles = row!["户主姓名", "户主身份证号", "劳动力数量", "有就业创业意愿人数", "已就业创业人数"];
    let [head, partner, child] = [id(1980, 1, 1, 1), id(1982, 1, 1, 3), id(2015, 1, 1, 5)];
    let list = |labour: &str, willing: &str, employed: &str| {
        ("户", vec![titles.clone(), row!["王五", &head, labour, willing, employed]])
    };
    let told = |sheets: &[(&str, Vec<Vec<V>>)]| -> Vec<(&'static str, String)> {
        let report = import_with(test, sheets, &options());
        let told = report.findings.into_iter().filter(|finding| finding.severity == Severity::Warning);
        told.map(|finding| (finding.code.code(), finding.text.zh)).collect()
    };
    let codes = |sheets: &[(&str, Vec<Vec<V>>)]| told(sheets).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert!(codes(&[list("9", "2", "0")]).is_empty(), "of a list of heads the members are not known");
    assert_eq!(codes(&[list("2", "2", "1")]), ["counts_exceed_labour"]);
    let members = vec![
        row!["户主身份证号", "姓名", "身份证号"],
        row![&head, "王五", &head],
        row![&head, "李四", &partner],
        row![&head, "王小五", &child],
    ];
    let jobs = vec![row!["身份证号", "就业单位", "起始时间"], row![&partner, "某厂", "2026-01-01"]];
    assert_eq!(codes(&[list("2", "1", "1"), ("成员", members), ("就业", jobs)]), Vec::<&str>::new());
    // Later lists are compared with what is on record.
    let differing = told(&[list("3", "0", "2")]);
    let (codes, texts): (Vec<_>, Vec<_>) = differing.into_iter().unzip();
    assert_eq!(codes, ["labour_count_differs", "employed_count_differs"]);
    assert!(texts[0].contains("3 ≠ 2") && texts[1].contains("2 ≠ 1"), "{texts:?}");
    assert_eq!(told(&[list("两三个", "", "")])[0].0, "words_unread");
}

on_both!(every_finding_once, what_is_not_recorded_is_told, households_are_counted);
