//! What one cell says.

use chrono::NaiveDate;
use wangjia::domain::codes::{CareKind, Hazard, PayKind};
use wangjia::domain::week::Span;
use wangjia::ledger::date::{Unreadable, read_date, read_period};
use wangjia::ledger::phrase::{self, NamedSkill};
use wangjia::ledger::words;
use wangjia::ledger::workbook::Cell;

use super::day;

#[track_caller]
fn reads(text: &str, expected: NaiveDate, month_only: bool) {
    let read = read_date(&Cell::Text(text.into())).unwrap().unwrap();
    assert_eq!((read.date, read.month_only), (expected, month_only), "{text}");
}

#[test]
fn dates_in_all_their_forms() {
    for text in [
        "1974-03-05",
        "1974-3-5",
        "1974.03.05",
        "1974.3.5",
        "1974/3/5",
        "1974/03/05 0:00:00",
        "1974-03-05T00:00:00",
        "1974年3月5日",
        "1974年03月05号",
        "19740305",
        "１９７４．０３．０５",
        " 1974 年 3 月 5 日",
        "27093",
        "74.3.5",
        "74年3月5日",
        "1974年3月5日起",
        "自1974.3.5开始",
    ] {
        reads(text, day(1974, 3, 5), false);
    }
    for text in [
        "1974年3月",
        "1974年03月",
        "1974.03",
        "1974-3",
        "1974/03",
        "197403",
        "74年3月",
        "1974年3月份",
        "1974年3月底",
        "1974年3月中旬",
    ] {
        reads(text, day(1974, 3, 1), true);
    }
    reads("26.3.5", day(2026, 3, 5), false);
    reads("2025年底", day(2025, 12, 1), true);
    reads("2025年初", day(2025, 1, 1), true);
    for cell in [Cell::Number(27093.0), Cell::Number(27093.75), Cell::Number(19_740_305.0), Cell::Date(day(1974, 3, 5))]
    {
        assert_eq!(read_date(&cell).unwrap().unwrap().date, day(1974, 3, 5), "{cell:?}");
    }
    assert_eq!(read_date(&Cell::Number(2024.03)).unwrap().unwrap().date, day(2024, 3, 1));
    assert_eq!(read_date(&Cell::Number(2024.12)).unwrap().unwrap().date, day(2024, 12, 1));
}

#[test]
fn dates_that_are_none_or_not_certain() {
    for text in ["", "  ", "无", "至今", "长期", "/", "—"] {
        assert_eq!(read_date(&Cell::Text(text.into())), Ok(None), "{text}");
    }
    for text in [
        "1974年13月",
        "1974-02-30",
        "19740230",
        "三月",
        "74-3-5",
        "35.3.5",
        "5/3/1974",
        "2026.3-8",
        "2026年3月-8月",
        "2026年3月至今",
        "2026.3.5-2026.8.31",
        "2025年",
        "1974",
        "3月5日",
        "1850-01-01",
        "2300-01-01",
        "12345678901",
    ] {
        assert_eq!(read_date(&Cell::Text(text.into())), Err(Unreadable), "{text}");
    }
    // A year alone, and a tenth that may be January or a clipped October.
    for number in [1974.0, 2024.1, -5.0, 1e12, f64::NAN, f64::INFINITY] {
        assert_eq!(read_date(&Cell::Number(number)), Err(Unreadable), "{number}");
    }
}

#[test]
fn several_phones_of_one_cell() {
    for (text, first, others) in [
        ("13985601234", "13985601234", vec![]),
        ("139 8560 1234", "13985601234", vec![]),
        ("+86 139-8560-1234", "13985601234", vec![]),
        ("13985601234.0", "13985601234", vec![]),
        ("13985601234\n15012345678", "13985601234", vec!["15012345678"]),
        ("本人13985601234 儿子15012345678", "13985601234", vec!["15012345678"]),
        ("13985601234 15012345678", "13985601234", vec!["15012345678"]),
        ("13985601234/15012345678、0856-5221234", "13985601234", vec!["15012345678", "08565221234"]),
        ("12", "12", vec![]),
        ("没有电话", "", vec![]),
    ] {
        assert_eq!(phrase::phones(text), (first.to_owned(), others.into_iter().map(str::to_owned).collect()), "{text}");
    }
}

#[test]
fn words_that_say_that_a_job_is_over() {
    for (state, is_over) in [
        ("已离职", true),
        ("已返乡", true),
        ("否（2026年5月已退出）", true),
        ("返乡创业", false),
        ("是", false),
        ("否", false),
        ("未就业", false),
    ] {
        assert_eq!(words::is_left(state), is_over, "{state}");
    }
    for (remark, is_over) in [("已离职，2026.5", true), ("退出监测户", false), ("返乡创业", false), ("丈夫离职", false)]
    {
        assert_eq!(words::says_left(remark), is_over, "{remark}");
    }
}

#[test]
fn remarks_that_tell_of_a_death() {
    for (remark, is_dead) in [
        ("已去世", true),
        ("死亡，2026.10.5", true),
        ("2026年10月病故", true),
        ("已故", true),
        ("父亲去世", false),
        ("丈夫已去世，带两个孩子", false),
        ("因病在家", false),
        ("", false),
    ] {
        assert_eq!(words::says_dead(remark), is_dead, "{remark}");
    }
    assert_eq!(phrase::day_within("死亡，2026.10.5"), Some(day(2026, 10, 5)));
    assert_eq!(phrase::day_within("2026年10月病故"), Some(day(2026, 10, 1)));
    assert_eq!(phrase::day_within("已去世"), None);
}

#[test]
fn periods_in_all_their_forms() {
    let read = |text: &str| read_period(&Cell::Text(text.into()));
    let told = |text: &str| read(text).unwrap().map(|read| (read.from.date, read.until.map(|until| until.date)));
    let spring = Some((day(2026, 3, 5), Some(day(2026, 8, 31))));
    for text in [
        "2026.3.5-2026.8.31",
        "2026-03-05-2026-08-31",
        "2026/3/5~2026/8/31",
        "2026年3月5日至2026年8月31日",
        "2026年3月5日 到 8月31日",
        "2026.3.5—8.31",
        "20260305-20260831",
        "自2026.3.5 —— 2026.8.31",
    ] {
        assert_eq!(told(text), spring, "{text}");
    }
    for text in ["2026.3-2026.8", "2026年3月至8月", "2026年3月-8月", "2026.3-8", "202603-202608"] {
        assert_eq!(told(text), Some((day(2026, 3, 1), Some(day(2026, 8, 1)))), "{text}");
    }
    assert_eq!(told("2026.3.5-20"), Some((day(2026, 3, 5), Some(day(2026, 3, 20)))));
    for text in ["2026年3月5日至今", "2026.3.5-至今", "2026-03-05", "2026年3月5日起"] {
        assert_eq!(told(text), Some((day(2026, 3, 5), None)), "{text}");
    }
    assert_eq!((told(""), told("无")), (None, None));
    for text in [
        "2026.8.31-2026.3.5",
        "3.5-8.31",
        "2026-2027",
        "2026.3.5-32",
        "8个月",
        "至今2026.3.5",
        "2026.3.5-2026.8.31-2027.1.1",
    ] {
        assert_eq!(read(text), Err(Unreadable), "{text}");
    }
}

#[test]
fn hours_of_the_week() {
    let span = |weekday, from, to| Span::new(weekday, from, to).unwrap();
    let weekdays = |from, to| (1..=5).map(|d| span(d, from, to)).collect::<Vec<_>>();
    assert_eq!(phrase::hours("周一至周五 16:30-18:00").unwrap(), weekdays(990, 1080));
    assert_eq!(phrase::hours("周一到周五16：30～18：00").unwrap(), weekdays(990, 1080));
    assert_eq!(phrase::hours("工作日 16:30—18:00").unwrap(), weekdays(990, 1080));
    let mut two = weekdays(420, 510);
    two.push(span(6, 480, 720));
    assert_eq!(phrase::hours("周一至周五 07:00-08:30；周六 08:00-12:00").unwrap(), two);
    assert_eq!(phrase::hours("周一、周三 16:00-17:00、19:00-20:00").unwrap().len(), 4);
    assert_eq!(phrase::hours("每天 全天").unwrap(), (1..=7).map(|d| span(d, 0, 1440)).collect::<Vec<_>>());
    assert_eq!(phrase::hours("周日 22:00-06:00").unwrap(), vec![span(1, 0, 360), span(7, 1320, 1440)]);
    assert_eq!(phrase::hours("周六 08:00-24:00").unwrap(), vec![span(6, 480, 1440)]);
    for text in [
        "",
        "上午",
        "周八 08:00-09:00",
        "周一 25:00-26:00",
        "周一 08:00",
        "周五至周一 08:00-09:00",
        "周一 08:00-08:00",
        "周一 08:61-09:00",
    ] {
        assert_eq!(phrase::hours(text), Err(Unreadable), "{text}");
    }
}

#[test]
fn care_duties() {
    let duties =
        phrase::care("幼儿:周一至周五 07:00-08:30、16:30-18:30；老人（照护人：张三）：周一至周日 08:00-18:00").unwrap();
    assert_eq!(duties.len(), 2);
    assert_eq!((duties[0].kind, duties[0].carer_name.as_deref(), duties[0].hours.len()), (CareKind::Child, None, 10));
    assert_eq!(
        (duties[1].kind, duties[1].carer_name.as_deref(), duties[1].hours.len()),
        (CareKind::Elder, Some("张三"), 7)
    );
    let one = phrase::care("病人:周一 08:00-09:00；周三 08:00-09:00").unwrap();
    assert_eq!((one.len(), one[0].hours.len()), (1, 2));
    for text in ["幼儿", "周一 08:00-09:00", "宠物:周一 08:00-09:00", "幼儿:随时", "幼儿(照护人:张三:周一 08:00-09:00"]
    {
        assert_eq!(phrase::care(text), Err(Unreadable), "{text}");
    }
}

#[test]
fn skills_with_level_and_months() {
    let skill = |name: &str, level, months| NamedSkill { name: name.to_owned(), level, months };
    assert_eq!(
        phrase::skills("平缝3年、锁边1年、做饭"),
        vec![skill("平缝", 2, Some(36)), skill("锁边", 2, Some(12)), skill("做饭", 2, None)]
    );
    assert_eq!(phrase::skills("电工(中级)18个月"), vec![skill("电工", 2, Some(18))]);
    assert_eq!(
        phrase::skills("焊工高级技师；缝纫师傅,砌筑熟练1年6个月/养猪学徒"),
        vec![skill("焊工", 5, None), skill("缝纫", 4, None), skill("砌筑", 3, Some(18)), skill("养猪", 1, None),]
    );
    assert_eq!(phrase::skills("高级电工 3年以上"), vec![skill("电工", 3, Some(36))]);
    assert_eq!(phrase::skills("做饭、做饭"), vec![skill("做饭", 2, None)]);
    assert!(phrase::skills("无").is_empty());
}

#[test]
fn certificates_hazards_and_money() {
    let held = phrase::certificates("低压电工证（2027-05-01到期）、健康证、特种设备(叉车)证").unwrap();
    assert_eq!(held[0].valid_until, Some(day(2027, 5, 1)));
    assert_eq!(held.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["低压电工证", "健康证", "特种设备(叉车)证"]);
    assert_eq!(phrase::certificates("电工证(2027年15月到期)"), Err(Unreadable));

    assert_eq!(phrase::hazards("无"), (vec![], vec![]));
    assert_eq!(
        phrase::hazards("粉尘Ⅱ级、噪声、高空作业").0,
        vec![(Hazard::Dust, Some(2)), (Hazard::Noise, None), (Hazard::Height, None)]
    );
    let (kinds, unknown) = phrase::hazards("打印机碎屑、噪声");
    assert_eq!(kinds, vec![(Hazard::Other, None), (Hazard::Noise, None)]);
    assert_eq!(unknown, ["打印机碎屑"]);
    assert_eq!(phrase::hazards("其他"), (vec![(Hazard::Other, None)], vec![]));

    let money = |text: &str| phrase::money(text).and_then(|m| Some((m.min_fen?, m.max_fen, m.kind)));
    assert_eq!(money("2600"), Some((260_000, None, None)));
    assert_eq!(money("2,600元"), Some((260_000, None, None)));
    assert_eq!(money("3000-4500元/月"), Some((300_000, Some(450_000), Some(PayKind::Monthly))));
    assert_eq!(money("18.5元/小时"), Some((1_850, None, Some(PayKind::Hourly))));
    assert_eq!(money("0.3万"), Some((300_000, None, None)));
    assert_eq!(money("3000元以上"), Some((300_000, None, None)));
    assert_eq!(money("2833.3333333333335"), Some((283_333, None, None)));
    assert_eq!(money("两千"), Some((200_000, None, None)));
    for text in ["面议", "-100", "3000-", "1e5", "4000以下", "0.8元/件", "3000元包吃住"] {
        assert_eq!(money(text), None, "{text}");
    }
}

/// Letters that mean something to one of the grammars, so that random texts get far into them.
const LETTERS: &str = "0123456789年月日号.-/:：；;、,，（）() 周一二三四五六日天至到全每幼儿老人照护人个级高技师熟练元万千以上无到期ⅣI\n\u{3000}\u{200b}𠮷é";

proptest::proptest! {
    /// No text makes a reader panic or overflow; what is read as hours is a week's hours.
    #[test]
    fn readers_take_any_text(picks in proptest::collection::vec(0usize..90, 0..40), odd in ".*") {
        let letters: Vec<char> = LETTERS.chars().collect();
        let text: String = picks.iter().map(|i| letters[i % letters.len()]).collect();
        for text in [text.as_str(), odd.as_str(), "周一 65000:00-65000:01", "99999999999999年", "65535年65535个月"] {
            _ = read_date(&Cell::Text(text.into()));
            if let Ok(Some(read)) = read_period(&Cell::Text(text.into())) {
                proptest::prop_assert!(read.until.is_none_or(|until| until.date >= read.from.date));
            }
            for span in phrase::hours(text).unwrap_or_default() {
                proptest::prop_assert!((1..=7).contains(&span.weekday) && span.from < span.to && span.to <= 1440);
            }
            _ = phrase::care(text);
            _ = phrase::certificates(text);
            _ = phrase::hazards(text);
            _ = phrase::money(text);
            for skill in phrase::skills(text) {
                proptest::prop_assert!((1..=5).contains(&skill.level) && !skill.name.is_empty());
            }
        }
    }

    /// Nor does any row of cells: each becomes a record or an error, never both, never neither but for skipped rows.
    #[test]
    fn any_row_is_a_record_or_an_error(cells in proptest::collection::vec(".{0,12}", 8)) {
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace(['"', '\0'], ""))).collect();
        let text = format!("姓名,身份证号,与户主关系,户编号,起始时间,技能特长,照护责任,月收入\n{}\n", quoted.join(","));
        if let Ok(ledger) = wangjia::ledger::read(text.as_bytes(), "a.csv", super::as_of()) {
            let skipped = ledger.findings.iter().any(|finding| ["row_not_data", "example_row"].contains(&finding.code.code()));
            let stored = ledger.records.people.len();
            let failed = ledger.findings.iter().any(|finding| finding.is_error());
            proptest::prop_assert!(skipped || stored + usize::from(failed) <= 1);
            for finding in &ledger.findings {
                proptest::prop_assert!(!finding.text.zh.is_empty() && !finding.text.en.is_empty());
            }
        }
    }
}
