//! Heads, kinds of sheets, columns in any order, households.

use wangjia::domain::codes::{Channel, Relation};
use wangjia::ledger::field::{Field, normalise_title};
use wangjia::ledger::group::HouseholdKey;
use wangjia::ledger::head::SheetKind;
use wangjia::ledger::words;

use super::{as_of, codes, day, id, read, xlsx};
use crate::row;

#[test]
fn every_title_belongs_to_one_field() {
    let mut seen = std::collections::HashMap::new();
    for &field in Field::ALL {
        for title in field.titles() {
            let other = seen.insert(normalise_title(title), field);
            assert!(other.is_none_or(|other| other == field), "{title}: {other:?} and {field:?}");
            assert_eq!(Field::of_title(title), Some(field));
        }
    }
    assert_eq!(Field::of_title(" 身 份证\n号（18位）* "), Some(Field::IdNumber));
    assert_eq!(Field::of_title("就业岗位(工种)"), Some(Field::JobTitle));
    assert_eq!(Field::of_title("姓名的由来"), None);
}

#[test]
fn the_head_is_found_below_titles_in_any_order() {
    let a = id(1980, 1, 1, 1);
    let ledger = read(vec![
        row!["旺家社区劳动力台账"],
        row!["填报单位：第一网格", "", "", "2026年11月1日"],
        row!["身份证\n号码*", "奇怪的列", "姓 名", "户编号", "与户主关系（必填）"],
        row![&a, "值", "王五", "A1", "户主"],
        row!["", "", "", "", ""],
        row!["合计：1人"],
    ]);
    assert_eq!(codes(&ledger), ["column_unknown", "row_not_data", "rows_blank"]);
    assert_eq!(ledger.records.people[0].note.as_deref(), Some("奇怪的列：值"));
    assert_eq!(ledger.records.people[0].at.row, 4);
}

#[test]
fn a_head_of_two_rows_is_merged() {
    let ledger = read(vec![
        row!["户编号", "基本信息", "", "", "就业信息", "", ""],
        row!["", "姓名", "身份证号", "与户主关系", "就业单位", "起始时间", "就业渠道"],
        row!["A1", "王五", id(1980, 1, 1, 1), "户主", "某厂", "2026-03", "微工厂"],
    ]);
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    let row = &ledger.records.people[0];
    assert_eq!(row.household.code.as_deref(), Some("A1"));
    let job = row.job.as_ref().unwrap();
    assert_eq!((job.channel, job.start), (Channel::MicroFactory, Some(day(2026, 3, 1))));
}

#[test]
fn kinds_are_known_by_their_columns() {
    let kind = |titles: &[&str]| {
        let rows = vec![titles.iter().map(|title| (*title).into()).collect(), row!["x", "y"]];
        let ledger = read(rows);
        ledger.heads[0].as_ref().unwrap().kind
    };
    assert_eq!(kind(&["户编号", "姓名", "身份证号", "就业单位", "起始时间"]), SheetKind::Labour);
    assert_eq!(kind(&["户主姓名*", "户主身份证号*", "户主电话*", "安置点名称"]), SheetKind::Household);
    assert_eq!(kind(&["所属区域", "姓名", "身份证", "性别", "劳动力数量", "联系方式"]), SheetKind::Household);
    assert_eq!(kind(&["姓名", "与户主关系", "身份证号", "劳动力数量", "户编号"]), SheetKind::Labour);
    assert_eq!(kind(&["户主姓名*", "户主证件号码*", "姓名*", "身份证号*", "劳动能力"]), SheetKind::Member);
    assert_eq!(kind(&["劳动力姓名*", "劳动力身份证号*", "就业渠道*", "就业类型*", "就业起始日期*"]), SheetKind::Job);
    assert_eq!(
        kind(&[
            "所属行政区",
            "姓名",
            "性别",
            "年龄",
            "身份证号",
            "就业类型",
            "就业地域",
            "就业单位名称",
            "就业起始年月",
            "就业终止年月"
        ]),
        SheetKind::Job
    );
    assert_eq!(kind(&["身份证号码", "结束日期"]), SheetKind::JobEnd);
    assert_eq!(kind(&["劳动力姓名*", "劳动力身份证号*", "创业项目*", "创业起始日期*"]), SheetKind::Business);
    assert_eq!(kind(&["劳动力姓名*", "劳动力身份证号*", "培训类型*", "培训起始日期*"]), SheetKind::Training);
    assert_eq!(kind(&["岗位编号", "企业名称", "岗位名称", "招聘人数"]), SheetKind::Posting);
    assert_eq!(kind(&["社区", "网格", "楼栋", "步行到园区分钟"]), SheetKind::Building);
}

#[test]
fn sheets_that_are_no_data_are_named() {
    let people = vec![row!["户编号", "姓名", "与户主关系", "身份证号"], row!["A1", "王五", "户主", id(1980, 1, 1, 1)]];
    let lookup = vec![row!["安置点名称"], row!["甲安置点"], row!["乙安置点"]];
    let other = vec![row!["苹果", "梨", "桃"], row!["1", "2", "3"]];
    let bytes = xlsx(&[("台账", people), ("Sheet2", lookup), ("水果", other), ("空", vec![])]);
    let ledger = wangjia::ledger::read(&bytes, "a.xlsx", as_of()).unwrap();
    assert_eq!(codes(&ledger), ["sheet_not_data", "sheet_unknown"]);
}

#[test]
fn a_missing_column_is_said_once() {
    let ledger = read(vec![
        row!["户编号", "姓名", "与户主关系", "性别"],
        row!["A1", "王五", "户主", "男"],
        row!["A1", "赵六", "配偶", "女"],
    ]);
    assert_eq!(codes(&ledger), ["column_missing"]);
    assert_eq!(ledger.rejected.len(), 2);
    assert!(ledger.findings[0].text.zh.contains("身份证号"));
}

#[test]
fn households_by_code_by_head_and_by_the_row_above() {
    let (a, b, c, d, e) =
        (id(1980, 1, 1, 1), id(1982, 1, 1, 2), id(2010, 1, 1, 1), id(1975, 1, 1, 1), id(1976, 1, 1, 2));
    let ledger = read(vec![
        row!["户编号", "户主姓名", "姓名", "与户主关系", "身份证号", "楼栋"],
        row!["A1", "王五", "王五", "户主", &a, "1栋"],
        row!["", "", "李四", "配偶", &b, ""],
        row!["", "王五", "王小", "户主之子", &c, ""],
        row!["", "孙七", "孙七", "本人", &d, "2栋"],
        row!["", "孙七", "钱八", "妻", &e, ""],
    ]);
    assert_eq!(codes(&ledger), ["household_code_missing"]);
    assert_eq!(ledger.household_of, [Some(0), Some(0), Some(0), Some(1), Some(1)]);
    assert_eq!(ledger.households[0].key, HouseholdKey::Code("A1".to_owned()));
    assert!(matches!(&ledger.households[1].key, HouseholdKey::Head(head) if head.as_str() == d));
    assert_eq!(ledger.records.people[2].relation, Some(Relation::Child));

    // A row that names another head than the one above belongs nowhere.
    let ledger = read(vec![
        row!["户编号", "户主姓名", "姓名", "与户主关系", "身份证号", "楼栋"],
        row!["A1", "王五", "王五", "户主", &a, "1栋"],
        row!["", "周九", "李四", "配偶", &b, "1栋"],
    ]);
    assert_eq!(ledger.household_of, [Some(0), None]);
}

#[test]
fn provincial_words_find_their_channel() {
    let titles = row![
        "劳动力姓名*",
        "劳动力身份证号*",
        "就业渠道*",
        "就业地域*",
        "就业类型*",
        "就业单位性质",
        "岗位工种",
        "特色就业",
        "就业起始日期*"
    ];
    let mut rows = vec![titles];
    let cases = [
        (["组织介绍", "乡（镇）内", "转移就业", "非农企业", "加工类", "社区工厂"], Channel::MicroFactory),
        (["亲友介绍", "省外", "转移就业", "非农企业", "制造类", ""], Channel::Outbound),
        (["自行就业", "县外市内", "转移就业", "个体户", "餐饮类", ""], Channel::Outbound),
        (["其他", "乡（镇）外县内", "转移就业", "国企", "服务类", ""], Channel::Local),
        (["组织介绍", "乡（镇）内", "转移就业", "公共事业类岗位", "服务类", "公益专岗"], Channel::PublicWelfare),
        (["组织介绍", "乡（镇）内", "转移就业", "村组公岗", "服务类", ""], Channel::PublicWelfare),
        (["自行就业", "乡（镇）内", "农业就业", "", "种植类", ""], Channel::Farming),
        (["自行就业", "乡（镇）内", "灵活就业", "", "季节工", ""], Channel::Flexible),
        (["自行就业", "乡（镇）内", "转移就业", "", "居家务工", ""], Channel::Flexible),
    ];
    for (i, (words, _)) in cases.iter().enumerate() {
        let mut row = row!["某人", id(1980, 1, 1, u16::try_from(i).unwrap() * 2 + 1)];
        row.extend(words.iter().map(|word| (*word).into()));
        row.push("2026-03-01".into());
        rows.push(row);
    }
    let ledger = read(rows);
    assert_eq!(codes(&ledger), Vec::<&str>::new());
    for (row, (words, expected)) in ledger.records.jobs.iter().zip(cases) {
        assert_eq!(row.job.channel, expected, "{words:?}");
    }
}

/// Every value of the provincial lists that has a meaning here is read without a finding.
#[test]
fn words_of_provincial_lists_are_known() {
    let education = "初中及以下 高中 职业高中 技工学校 中专 大专 大学以上 本科及以上 初中 小学 文盲或半文盲 10研究生以上 11博士 14硕士 21本科 31专科 41中等 44高中 47技工 61普通中学 71初级中学 81小学";
    for word in education.split(' ') {
        assert!(words::education(word).is_some(), "{word}");
    }
    for word in "普通劳动力 技能劳动力 丧失劳动力 无劳动力 弱劳动力".split(' ') {
        assert!(words::labour_class(word).is_some(), "{word}");
    }
    for word in
        "未就业创业 转移就业 农业就业 自主创业 04外出务工 99无转移状态 02务农 03返乡未就业 05自主创业 07灵活就业"
            .split(' ')
    {
        assert!(words::status(word).is_some(), "{word}");
    }
    for word in "乡（镇）内 乡（镇）外县内 县外市内 市外省内 省外 境外 县内 市外 长三角 珠三角".split(' ')
    {
        assert!(words::region(word).is_some(), "{word}");
    }
    for word in "有转移就业意愿 有创业意愿 无就业创业意愿".split(' ') {
        assert!(words::willing(word).is_some(), "{word}");
    }
    for word in "上中学 上职业院校 上技校 上普通高校".split(' ') {
        assert!(words::school(word).is_some(), "{word}");
    }
    for word in "转移就业技能培训 创业培训 岗位技能提升培训 农业实用技术培训 上技校".split(' ')
    {
        assert_eq!(words::willing_to_train(word), Some(true), "{word}");
    }
    assert_eq!(words::health("肢体残疾二级").map(|h| h.code()), Some("disabled"));
    assert_eq!(words::grade("Ⅳ"), Some(4));
    assert_eq!(words::relation("户主之妻"), Some(Relation::Spouse));
}

#[test]
fn the_phone_of_the_head_is_not_everybodys() {
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2));
    let ledger = read(vec![
        row!["户编号", "户主电话", "姓名", "与户主关系", "身份证号"],
        row!["A1", "13900000001", "王五", "户主", &a],
        row!["A1", "13900000001", "李四", "配偶", &b],
    ]);
    assert!(ledger.records.people.iter().all(|row| row.facts.phone.is_none()));
    let ledger = read(vec![row!["户主姓名", "户主身份证号", "户主电话"], row!["王五", &a, "13900000001"]]);
    assert_eq!(ledger.records.people[0].facts.phone.as_deref(), Some("13900000001"));
}

#[test]
fn names_are_stored_in_one_spelling() {
    let ledger = read(vec![
        row!["户编号", "姓名", "与户主关系", "身份证号"],
        row!["A1", " 张　三 ", "户主", id(1980, 1, 1, 1)],
        row!["A2", "阿依古丽•买买提", "户主", id(1980, 1, 1, 3)],
    ]);
    let names: Vec<&str> = ledger.records.people.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["张三", "阿依古丽·买买提"]);
}
