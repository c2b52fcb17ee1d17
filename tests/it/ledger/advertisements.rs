//! Posting lists whose cells are written as advertisements are.

use wangjia::domain::codes::{PayKind, Shift};
use wangjia::ledger::record::PostingRow;

use super::{codes, read};
use crate::row;

/// The posting of a row with these columns beside the ones that must be there, and the codes of its findings.
fn posting(columns: &[(&str, &str)]) -> (Option<PostingRow>, Vec<&'static str>) {
    let mut titles = row!["企业名称", "岗位名称", "职业危害", "工作地点"];
    let mut cells = row!["某厂", "平缝工", "无", "园区"];
    let always = [("招聘人数", "5"), ("薪资", "2600"), ("工作时间", "周一至周五 08:00-12:00、13:30-17:30")];
    let more = always.iter().filter(|(title, _)| columns.iter().all(|(other, _)| other != title));
    for (title, text) in more.chain(columns) {
        titles.push((*title).into());
        cells.push((*text).into());
    }
    let ledger = read(vec![titles, cells]);
    (ledger.records.postings.first().cloned(), codes(&ledger))
}

fn stored(columns: &[(&str, &str)], expected: &[&str]) -> PostingRow {
    let (row, codes) = posting(columns);
    assert_eq!(codes, expected, "{columns:?}");
    row.unwrap()
}

#[test]
fn pay_in_words() {
    let pay = |text: &str, expected: &[&str]| {
        let row = stored(&[("薪资", text)], expected);
        ((row.pay_kind, row.pay_min_fen, row.pay_max_fen), row.note)
    };
    let (monthly, piece) = (Some(PayKind::Monthly), Some(PayKind::Piece));
    let note = |text: &str| Some(format!("薪资：{text}"));
    assert_eq!(pay("3000-4500元/月", &[]), ((monthly, Some(300_000), Some(450_000)), None));
    assert_eq!(pay("4千及以下", &[]), ((monthly, None, Some(400_000)), None));
    assert_eq!(pay("150元/天", &[]), ((Some(PayKind::Daily), Some(15_000), None), None));
    assert_eq!(pay("三千以上", &[]), ((monthly, Some(300_000), None), None));
    // What the columns cannot hold stays readable in the note.
    assert_eq!(pay("2800+提成", &[]), ((monthly, Some(280_000), None), note("2800+提成")));
    assert_eq!(pay("1-1.2万·13薪", &[]), ((monthly, Some(1_000_000), Some(1_200_000)), note("1-1.2万·13薪")));
    assert_eq!(pay("计件4000-6000元/月", &[]), ((piece, Some(400_000), Some(600_000)), None));
    assert_eq!(pay("面议", &["posting_incomplete"]), ((None, None, None), note("面议")));
    let food = pay("3000元，包吃住", &["words_unread"]);
    assert_eq!(food, ((monthly, Some(300_000), None), note("3000元，包吃住")));
    let piece_price = pay("0.8元/件", &["pay_not_monthly", "posting_incomplete"]);
    assert_eq!(piece_price, ((None, None, None), note("0.8元/件")));
    let unread = pay("男4000女3500", &["posting_incomplete", "words_unread"]);
    assert_eq!(unread, ((None, None, None), note("男4000女3500")));
    // A second sum that a word keeps apart is shown, and the wage is stored.
    let trial = pay("3000元/月，试用期2500", &["words_unread"]);
    assert_eq!(trial, ((monthly, Some(300_000), None), note("3000元/月，试用期2500")));
    let bonus = pay("2600+全勤200", &["words_unread"]);
    assert_eq!(bonus, ((monthly, Some(260_000), None), note("2600+全勤200")));
    assert_eq!(pay("2000元/半月", &[]), ((monthly, Some(400_000), None), note("2000元/半月")));
    // A sum without a unit that nobody is paid a month is not stored.
    for text in ["150-200", "20", "18-22", "4000，日结"] {
        let found = pay(text, &["pay_not_monthly", "posting_incomplete"]);
        assert_eq!(found, ((None, None, None), note(text)), "{text}");
    }
}

#[test]
fn the_kind_of_pay_is_the_unit_of_a_bare_sum() {
    let kind = |kind: &str, text: &str, expected: &[&str]| {
        let row = stored(&[("计薪方式", kind), ("薪资", text)], expected);
        (row.pay_kind, row.pay_min_fen)
    };
    assert_eq!(kind("日薪", "150", &[]), (Some(PayKind::Daily), Some(15_000)));
    assert_eq!(kind("时薪", "18-22", &[]), (Some(PayKind::Hourly), Some(1_800)));
    assert_eq!(kind("计件", "4000-6000元/月", &[]), (Some(PayKind::Piece), Some(400_000)));
    // The unit beside the sum is the sum's.
    assert_eq!(kind("月薪", "20元/小时", &["words_unread"]), (Some(PayKind::Hourly), Some(2_000)));
    assert_eq!(kind("日结", "4500", &["pay_not_monthly", "posting_incomplete"]), (Some(PayKind::Daily), None));
}

#[test]
fn headcounts_in_words() {
    let headcount = |text: &str, expected: &[&str]| {
        let row = stored(&[("招聘人数", text)], expected);
        (row.headcount, row.note)
    };
    assert_eq!(headcount("3名", &[]), (3, None));
    assert_eq!(headcount("十人", &[]), (10, None));
    assert_eq!(headcount("10-15人", &["headcount_is_range"]), (10, Some("招聘人数：10-15人".to_owned())));
    assert_eq!(headcount("20人以上", &["headcount_is_range"]).0, 20);
    // The sum of the parts, and what the parts were is said.
    for (text, places) in [("10人（男5女5）", 10), ("3男2女", 5), ("5名（含2名学徒）", 5)] {
        assert_eq!(headcount(text, &["headcount_is_range"]), (places, Some(format!("招聘人数：{text}"))), "{text}");
    }
    for text in ["1O", "普工10、质检2", "8人/班"] {
        let (row, codes) = posting(&[("招聘人数", text)]);
        assert_eq!((row.is_none(), codes.as_slice()), (true, ["number_unreadable"].as_slice()), "{text}");
    }
    // No posting is stored without a number, and the words say why.
    for text in ["若干", "待定", ""] {
        let (row, codes) = posting(&[("招聘人数", text)]);
        assert_eq!((row.is_none(), codes.as_slice()), (true, ["headcount_missing"].as_slice()), "{text}");
    }
}

#[test]
fn ages_by_sex_are_told() {
    let ages = |title: &str, text: &str, expected: &[&str]| {
        let row = stored(&[(title, text)], expected);
        ((row.age_min, row.age_max, row.age_is_soft), row.note)
    };
    assert_eq!(ages("年龄要求", "18-45岁", &[]), ((Some(18), Some(45), Some(false)), None));
    assert_eq!(ages("年龄", "35岁以下优先", &[]), ((None, Some(35), Some(true)), None));
    assert_eq!(ages("年龄", "不限", &[]), ((None, None, None), None));
    let text = "女18-45岁、男18-50岁,能力突出者可放宽";
    let by_sex = ages("年龄要求", text, &["age_of_one_sex"]);
    assert_eq!(by_sex, ((Some(18), Some(50), Some(true)), Some(format!("年龄要求：{text}"))));
    let unread = ages("年龄要求", "18-45岁，身体健康", &["words_unread"]);
    assert_eq!(unread, ((Some(18), Some(45), Some(false)), Some("年龄要求：18-45岁，身体健康".to_owned())));
    assert_eq!(ages("年龄要求", "面谈", &["words_unread"]).0, (None, None, None));
    // Nothing is stored for ages that are not wanted, nor for one sex where the other has none.
    assert_eq!(ages("年龄要求", "60以上勿扰", &["words_unread"]).0, (None, None, None));
    assert_eq!(ages("年龄要求", "男60女55以下", &["age_of_one_sex"]).0, (None, Some(60), Some(false)));
    assert_eq!(ages("年龄要求", "男不限，女50以下", &["age_of_one_sex"]).0, (None, None, None));
    assert_eq!(ages("年龄要求", "50岁以下，条件优秀者年龄不限", &[]).0, (None, Some(50), Some(true)));
    assert_eq!(ages("年龄要求", "18-45岁（未婚优先）", &["words_unread"]).0, (Some(18), Some(45), Some(false)));
    // A column of its own is believed before the words.
    let both = stored(&[("年龄要求", "45岁以下优先"), ("最高年龄", "50"), ("年龄可放宽", "否")], &[]);
    assert_eq!((both.age_max, both.age_is_soft), (Some(50), Some(false)));
    let (row, reversed) = posting(&[("年龄要求", "45岁以下"), ("最低年龄", "50")]);
    assert!(row.is_none() && reversed == ["age_reversed"], "{reversed:?}");
}

#[test]
fn ages_are_read_out_of_a_column_of_requirements_that_speaks_of_them() {
    let column = "岗位要求（年龄、性别、学历等）";
    let row = stored(&[(column, "女18-45岁、男18-50岁,能力突出者可放宽")], &["age_of_one_sex"]);
    assert_eq!((row.age_min, row.age_max, row.age_is_soft), (Some(18), Some(50), Some(true)));
    assert_eq!(row.description.as_deref(), Some("女18-45岁、男18-50岁,能力突出者可放宽"));
    assert_eq!(stored(&[(column, "18—38岁，男女不限，初中以上")], &[]).age_max, Some(38));
    assert_eq!(stored(&[("岗位要求", "18—38岁，男女不限")], &[]).age_max, None, "the title promises no ages");
}

#[test]
fn a_sex_asked_for_is_kept_for_the_law_to_read() {
    for (text, note) in
        [("男女不限", None), ("不限", None), ("女", Some("性别：女")), ("男性优先", Some("性别：男性优先"))]
    {
        assert_eq!(stored(&[("性别", text)], &[]).note.as_deref(), note, "{text}");
    }
    assert_eq!(stored(&[("性别要求", "妖")], &["words_unread"]).note.as_deref(), Some("性别要求：妖"));
}

#[test]
fn working_time_in_words() {
    let time = |columns: &[(&str, &str)], expected: &[&str]| stored(columns, expected);
    let days = |row: &PostingRow| {
        let mut days: Vec<u8> = row.hours.iter().flatten().map(|span| span.weekday).collect();
        days.dedup();
        days
    };
    let row = time(&[("工作时间", "8:00-17:30, 单休")], &["hours_days_assumed"]);
    assert_eq!((days(&row), row.note.as_deref()), (vec![1, 2, 3, 4, 5, 6], Some("工作时间：8:00-17:30, 单休")));
    let row = time(&[("工作时间", "8:00-12:00，13:30-17:30，周六日休息")], &[]);
    assert_eq!((days(&row), row.hours.map(|spans| spans.len())), (vec![1, 2, 3, 4, 5], Some(10)));
    let row = time(&[("工作时间", "两班倒，12小时制，月休4天")], &["posting_incomplete"]);
    assert_eq!((row.shift, row.hours), (Some(Shift::TwoShift), None));
    assert_eq!(row.note.as_deref(), Some("工作时间：两班倒，12小时制，月休4天"));
    // The two columns are used for each other.
    let row = time(&[("班次", "长白班 周一至周五 8:00-17:00，不上夜班"), ("工作时间", "")], &[]);
    assert_eq!((row.shift, days(&row), row.night_work), (Some(Shift::Day), vec![1, 2, 3, 4, 5], Some(false)));
    // Shifts that take turns, times in words, and words that leave the hours open.
    let row = time(&[("工作时间", "6:00-14:00/14:00-22:00")], &["hours_days_assumed"]);
    assert_eq!((row.shift, days(&row)), (Some(Shift::TwoShift), vec![1, 2, 3, 4, 5, 6]));
    for text in ["早8晚6", "朝九晚五", "8-17点"] {
        assert_eq!(days(&time(&[("工作时间", text)], &["hours_days_assumed"])), vec![1, 2, 3, 4, 5, 6], "{text}");
    }
    for text in ["全职", "居家", "白夜班轮换"] {
        let row = time(&[("工作时间", text)], &["posting_incomplete"]);
        assert_eq!((row.hours, row.note), (None, Some(format!("工作时间：{text}"))), "{text}");
    }
    // An hour that cannot be read is an error and never a missing hour.
    let (row, unreadable) = posting(&[("工作时间", "8:00-17:30，妖气")]);
    assert!(row.is_none() && unreadable == ["hours_unreadable"], "{unreadable:?}");
}
