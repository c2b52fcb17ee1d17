//! What the columns of a posting and its hours say.

use proptest::prelude::*;
use wangjia::domain::advert::shift;
use wangjia::domain::codes::{PayKind, Shift};
use wangjia::domain::posting_law::*;
use wangjia::domain::text::Lang;
use wangjia::domain::week::Span;
use wangjia::domain::work_limits::WorkFacts;

use super::posting_law::{NO_HAZARDS, complete};

fn found(posting: &PostingFacts<'_>) -> Vec<(LawLevel, LawRule)> {
    check(posting).iter().map(|finding| (finding.level, finding.rule)).collect()
}

#[test]
fn missing_data_keep_a_posting_from_being_published() {
    let bare = PostingFacts { minimum_wage: complete().minimum_wage, ..PostingFacts::default() };
    let rules: Vec<_> = found(&bare);
    for rule in [
        LawRule::MissingEmployer,
        LawRule::MissingHeadcount,
        LawRule::MissingWork,
        LawRule::MissingConditions,
        LawRule::MissingPlace,
        LawRule::MissingPay,
        LawRule::MissingHazards,
    ] {
        assert!(rules.contains(&(LawLevel::Block, rule)), "{rule:?}");
    }
    assert_eq!(rules.len(), 7);
    assert_eq!(
        found(&PostingFacts { employer: Some("  "), ..complete() }),
        [(LawLevel::Block, LawRule::MissingEmployer)]
    );
    assert_eq!(
        found(&PostingFacts { headcount: Some(0), ..complete() }),
        [(LawLevel::Block, LawRule::MissingHeadcount)]
    );
    assert_eq!(found(&PostingFacts { pay_min_fen: None, ..complete() }), []);
    let no_pay = PostingFacts { pay_min_fen: None, pay_max_fen: None, ..complete() };
    assert_eq!(found(&no_pay), [(LawLevel::Block, LawRule::MissingPay)]);
}

#[test]
fn one_condition_of_the_work_is_enough() {
    let silent = PostingFacts { description: Some(" "), ..complete() };
    assert_eq!(found(&silent), [(LawLevel::Block, LawRule::MissingConditions)]);
    let (skills, hours) = (["平缝"], week(1..=5, 8, 16));
    for told in [
        PostingFacts { skills: &skills, ..silent.clone() },
        PostingFacts { certificates: &["健康证"], ..silent.clone() },
        PostingFacts { hours: &hours, ..silent.clone() },
        PostingFacts { shift: Some(Shift::Day), ..silent.clone() },
        PostingFacts { experience_months: Some(0), ..silent.clone() },
        PostingFacts { description: Some("缝制校服"), ..silent.clone() },
    ] {
        assert_eq!(found(&told), [], "{told:?}");
    }
    assert!(!found(&PostingFacts { skills: &[""], ..silent }).is_empty());
}

#[test]
fn an_employer_without_a_credit_code_is_shown_where_one_was_asked_for() {
    let with = |has_credit_code| found(&PostingFacts { has_credit_code, ..complete() });
    assert_eq!(with(Some(false)), [(LawLevel::Warn, LawRule::NoCreditCode)]);
    assert_eq!((with(Some(true)), with(None)), (vec![], vec![]));
}

#[test]
fn pay_is_compared_with_the_minimum_wage_of_its_kind() {
    let pay = |kind, fen| found(&PostingFacts { pay_kind: Some(kind), pay_min_fen: Some(fen), ..complete() });
    let below = [(LawLevel::Block, LawRule::BelowMinimumWage)];
    assert_eq!(pay(PayKind::Monthly, 189_000), []);
    assert_eq!(pay(PayKind::Monthly, 188_999), below);
    assert_eq!(pay(PayKind::Piece, 188_999), below);
    // 86.90 × 21.75 = 1890.07; 86.89 × 21.75 = 1889.85.
    assert_eq!(pay(PayKind::Daily, 8_690), []);
    assert_eq!(pay(PayKind::Daily, 8_689), below);
    assert_eq!(pay(PayKind::Hourly, 1_960), []);
    assert_eq!(pay(PayKind::Hourly, 1_959), below);
    let unknown = PostingFacts { minimum_wage: None, ..complete() };
    assert_eq!(found(&unknown), [(LawLevel::Warn, LawRule::NoMinimumWage)]);
    // Each kind of pay has its own figure.
    let monthly_only = Some(MinimumWage { monthly_yuan: Some(1890), hourly_fen: None });
    let with = |kind, minimum_wage| {
        found(&PostingFacts { pay_kind: Some(kind), pay_min_fen: Some(1_000), minimum_wage, ..complete() })
    };
    assert_eq!(with(PayKind::Monthly, monthly_only), below);
    assert_eq!(with(PayKind::Hourly, monthly_only), [(LawLevel::Warn, LawRule::NoMinimumWage)]);
}

#[test]
fn ages_in_columns_and_words() {
    let ages = |age_min, age_max| found(&PostingFacts { age_min, age_max, ..complete() });
    assert_eq!(ages(Some(16), None), []);
    assert_eq!(ages(Some(15), None), [(LawLevel::Block, LawRule::UnderSixteen)]);
    assert_eq!(ages(Some(18), Some(45)), [(LawLevel::Warn, LawRule::AgeLimit)]);
    let said = |text| found(&PostingFacts { description: Some(text), ..complete() });
    for text in ["35岁以下", "18-45岁", "18至50周岁", "45周岁以内", "十八岁到四十五岁", "年龄不超过50岁", "90后优先"]
    {
        assert_eq!(said(text), [(LawLevel::Warn, LawRule::AgeLimit)], "{text}");
    }
    for text in ["年满18周岁", "满16周岁", "16岁以上", "辅导6-12岁儿童", "照看3岁幼儿"] {
        assert_eq!(said(text), [], "{text}");
    }
}

#[test]
fn different_ages_for_both_sexes_are_shown_and_for_one_sex_refused() {
    let said = |text| found(&PostingFacts { description: Some(text), ..complete() });
    assert!(!said("男女不限，男50岁以下，女45岁以下").contains(&(LawLevel::Block, LawRule::Sex)));
    assert!(said("男女不限，男50岁以下，女45岁以下").contains(&(LawLevel::Warn, LawRule::Sex)));
    assert!(said("男50岁以下").contains(&(LawLevel::Block, LawRule::Sex)));
}

fn week(days: std::ops::RangeInclusive<u8>, from: u16, to: u16) -> Vec<Span> {
    days.filter_map(|weekday| Span::new(weekday, from * 60, to * 60)).collect()
}

#[test]
fn hours_on_both_sides_of_the_limits() {
    let hours = |spans: &[Span]| found(&PostingFacts { hours: spans, ..complete() });
    let long = (LawLevel::Warn, LawRule::LongHours);
    assert_eq!(hours(&week(1..=5, 8, 16)), []);
    // 6 × 8 = 48 hours: 8 above, 34.7 a month.
    assert_eq!(hours(&week(1..=6, 8, 16)), [long]);
    // The worked example: 6 × 10 = 60 hours, 20 above, 87 a month.
    assert_eq!(hours(&week(1..=6, 8, 18)), [(LawLevel::Block, LawRule::Overtime), long]);
    assert_eq!(hours(&week(1..=4, 8, 19)), [long]);
    assert_eq!(hours(&week(1..=3, 8, 20)), [(LawLevel::Block, LawRule::DailyHours), long]);
    assert_eq!(hours(&week(1..=7, 8, 13)), [(LawLevel::Block, LawRule::RestDay)]);
    // 48.3 hours a week are 36 hours of overtime a month: 48 h 18 min is the last that passes.
    let mut spans = week(1..=6, 8, 16);
    spans[0] = Span::new(1, 480, 480 + 498).unwrap();
    assert_eq!(hours(&spans), [long]);
    spans[0] = Span::new(1, 480, 480 + 499).unwrap();
    assert_eq!(hours(&spans), [(LawLevel::Block, LawRule::Overtime), long]);
}

#[test]
fn an_approval_of_special_hours_is_believed_and_shown() {
    let spans = week(1..=6, 8, 18);
    let approved = PostingFacts {
        hours: &spans,
        special_hours_approval: Some("铜人社工时〔2026〕12号"),
        description: Some("月休2天"),
        ..complete()
    };
    assert_eq!(found(&approved), [(LawLevel::Allow, LawRule::HoursByApproval)]);
    assert!(!is_blocked(&check(&approved)));
    for none in [" ", "无", "没有", "否", "不适用", "无2026", "办理中", "已批准", "N/A", "0", "1"] {
        assert!(is_blocked(&check(&PostingFacts { special_hours_approval: Some(none), ..approved.clone() })), "{none}");
        assert_eq!(approval(Some(none)), None);
    }
    assert_eq!(approval(Some(" 无锡人社工时〔2026〕３号 ")), Some("无锡人社工时〔2026〕３号"));
}

#[test]
fn hours_told_in_words_figures_and_by_the_clock() {
    let said = |text| found(&PostingFacts { description: Some(text), ..complete() });
    let (long, block) = ((LawLevel::Warn, LawRule::LongHours), |rule| (LawLevel::Block, rule));
    // The worked example of law.md §5, half an hour longer.
    for text in ["每天工作10.5小时，单休", "每天十小时，单休", "每天10h，单休", "8:00-20:00，单休"]
    {
        assert_eq!(said(text), [block(LawRule::Overtime), long], "{text}");
    }
    for text in [
        "每天11.5小时",
        "每天十二小时",
        "每天12h",
        "12H/天",
        "8:00-21:00",
        "8:00至21:00",
        "20:00-次日9:00",
        "20:00-9:00",
    ] {
        assert_eq!(said(text), [block(LawRule::DailyHours), long], "{text}");
    }
    assert_eq!(said("每天9.5小时"), [long]);
    assert_eq!(said("每周工作45小时"), [long]);
    for text in ["每天7小时，单休", "每天八小时", "9:00-18:00", "8:00-12:00，14:00-18:00", "8:00-18:00，午休2小时"]
    {
        assert_eq!(said(text), [], "{text}");
    }
    // Half a day too long is not half of nine: the excerpt is the number as written.
    let findings = check(&PostingFacts { description: Some("每天工作11.5小时"), ..complete() });
    assert_eq!(findings[0].excerpt, "11.5小时");
}

#[test]
fn the_hours_of_all_shifts_are_not_those_of_one_person() {
    let around_the_clock = week(1..=7, 0, 24);
    let shifts = |shift| found(&PostingFacts { hours: &around_the_clock, shift: Some(shift), ..complete() });
    assert_eq!(shifts(Shift::ThreeShift), [(LawLevel::Warn, LawRule::LongHours)]);
    assert!(shifts(Shift::TwoShift).contains(&(LawLevel::Block, LawRule::DailyHours)));
    assert!(shifts(Shift::Day).contains(&(LawLevel::Block, LawRule::DailyHours)));
}

#[test]
fn part_time_work_above_24_hours_is_shown() {
    let part_time = |to| {
        let spans = week(1..=6, 8, to);
        found(&PostingFacts { hours: &spans, description: Some("非全日制用工"), ..complete() })
    };
    assert_eq!(part_time(12), []);
    assert_eq!(part_time(13), [(LawLevel::Warn, LawRule::PartTimeHours)]);
    // 3 × 5 hours are below 24 a week and above 4 a day on average.
    let spans = week(1..=3, 8, 13);
    let few_days = PostingFacts { hours: &spans, description: Some("非全日制用工"), ..complete() };
    assert_eq!(found(&few_days), [(LawLevel::Warn, LawRule::PartTimeHours)]);
    let said = |text| found(&PostingFacts { description: Some(text), ..complete() });
    assert_eq!(said("非全日制，每天4.5小时"), [(LawLevel::Warn, LawRule::PartTimeHours)]);
    assert_eq!(said("非全日制，每周工作26小时"), [(LawLevel::Warn, LawRule::PartTimeHours)]);
    assert_eq!(said("非全日制，每天4小时，每周不超过24小时"), []);
    assert_eq!(said("每天5小时"), []);
}

#[test]
fn asking_for_men_is_allowed_only_with_a_stated_fact() {
    let with = |text, work| found(&PostingFacts { description: Some(text), work, ..complete() });
    let base = WorkFacts { hazards: Some(NO_HAZARDS), ..WorkFacts::default() };
    let allowed = [(LawLevel::Allow, LawRule::SexByLaw)];
    let refused = [(LawLevel::Block, LawRule::Sex)];
    for work in [
        WorkFacts { underground_mine: Some(true), ..base },
        WorkFacts { physical_grade: Some(4), ..base },
        WorkFacts { load_kg: Some(26), ..base },
        WorkFacts { load_kg: Some(21), lifts_per_hour: Some(6), ..base },
    ] {
        assert_eq!(with("限男性", work), allowed, "{work:?}");
        assert_eq!(with("女士勿扰", work), allowed, "{work:?}");
        assert_eq!(with("限女性", work), refused, "{work:?}");
        assert_eq!(with("男士勿扰", work), refused, "{work:?}");
    }
    for work in [
        base,
        WorkFacts { underground_mine: Some(false), ..base },
        WorkFacts { physical_grade: Some(3), ..base },
        WorkFacts { load_kg: Some(25), lifts_per_hour: Some(5), ..base },
        WorkFacts { load_kg: Some(25), ..base },
        WorkFacts { load_kg: Some(20), lifts_per_hour: Some(60), ..base },
    ] {
        assert_eq!(with("限男性", work), refused, "{work:?}");
    }
}

#[test]
fn a_finding_says_where_what_and_which_article_in_both_languages() {
    let findings = check(&PostingFacts { description: Some("要求：只招男工，包吃"), ..complete() });
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].field, findings[0].excerpt.as_str()), (PostingField::Description, "只招男"));
    let text = findings[0].text();
    assert!(text.zh.contains("描述") && text.zh.contains("只招男") && text.zh.contains("第四十三条"), "{}", text.zh);
    assert!(text.en.contains("description") && text.en.contains("art. 43"), "{}", text.en);
    // A note is sealed where it is stored: the sentence may be stored in clear and does not repeat it.
    let findings = check(&PostingFacts { note: Some("要求：只招男工，包吃"), ..complete() });
    let text = findings[0].text();
    assert_eq!((findings[0].field, findings[0].excerpt.as_str()), (PostingField::Note, "只招男"));
    assert!(text.zh.contains("备注") && !text.zh.contains("只招男"), "{}", text.zh);
    assert!(text.en.contains("note") && !text.en.contains("只招男"), "{}", text.en);
    let skills = ["平缝", "限♂"];
    let findings = check(&PostingFacts { skills: &skills, ..complete() });
    assert_eq!((findings[0].field, findings[0].excerpt.as_str()), (PostingField::Skills, "限♂"));
}

#[test]
fn every_rule_has_an_article_in_both_languages() {
    for rule in LawRule::ALL {
        assert!(!rule.article().zh.is_empty() && !rule.article().en.is_empty(), "{rule:?}");
    }
}

#[test]
fn a_hostile_text_is_read_in_linear_time() {
    let time = |times: usize| {
        let text = "限不收男无女勿扰押身份证乙要求18-".repeat(times);
        let start = std::time::Instant::now();
        let findings = check(&PostingFacts { description: Some(&text), ..complete() });
        assert!(is_blocked(&findings));
        start.elapsed().as_micros().max(1)
    };
    // The best of three: other work on the machine only adds time.
    let time = |times| (0..3).map(|_| time(times)).min().unwrap_or(1);
    let (small, large) = (time(200), time(3200));
    // Sixteen times the text; a quadratic reading would take 256 times as long.
    assert!(large < small * 80, "{small} µs, {large} µs");
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_the_same_twice(text in "\\PC{0,80}") {
        let posting = PostingFacts { description: Some(&text), ..complete() };
        let first = check(&posting);
        for finding in &first {
            prop_assert!(!finding.text().zh.is_empty());
            prop_assert!(text.contains(&finding.excerpt));
        }
        prop_assert_eq!(first, check(&posting));
    }

    #[test]
    fn words_made_of_the_tables_characters_never_panic(text in "[限男女乙肝押金岁十一小时0-9每天未满婚、。 -]{0,40}") {
        let findings = check(&PostingFacts { description: Some(&text), ..complete() });
        prop_assert!(findings.iter().all(|finding| text.contains(&finding.excerpt)));
    }

    #[test]
    fn separators_hide_nothing(which in 0usize..4, gap in "[ \\-_.*~/·\u{200b}\u{3000}]{0,3}") {
        let (word, rule) = [
            ("限男性", LawRule::Sex),
            ("乙肝", LawRule::Carrier),
            ("押金", LawRule::Fee),
            ("已婚", LawRule::Marriage),
        ][which];
        let spread: String = word.chars().flat_map(|c| format!("{c}{gap}").chars().collect::<Vec<_>>()).collect();
        let findings = found(&PostingFacts { description: Some(&spread), ..complete() });
        prop_assert!(findings.contains(&(LawLevel::Block, rule)), "{}", spread);
    }
}

/// Hours as posted are those of one person: shifts that follow one another, breaks told and nights are no longer days.
#[test]
fn posted_hours_are_judged_as_one_person_works_them() {
    let judged = |text: &str| -> Vec<(LawLevel, LawRule, String)> {
        let read = shift::read(text).unwrap();
        let note = format!("工作时间：{text}");
        let week = read.said.week().unwrap().spans;
        let facts = PostingFacts { note: Some(&note), hours: &week, shift: read.said.shift, ..complete() };
        check(&facts).into_iter().map(|finding| (finding.level, finding.rule, finding.excerpt)).collect()
    };
    let six_days = vec![(LawLevel::Warn, LawRule::LongHours, "每天8小时、每周48小时".to_owned())];
    for text in ["6:00-14:00/14:00-22:00", "7:30-17:30中午休息2小时", "8:00-17:30，午休90分钟", "22:00-6:00"]
    {
        assert_eq!(judged(text), six_days, "{text}");
    }
    let is_blocked = |text: &str| judged(text).iter().any(|(level, ..)| *level == LawLevel::Block);
    for text in [
        "7:30-12:00,12:00-20:00",
        "7:30-17:30",
        "8:00-14:00，15:00-22:00",
        "9:00-21:00",
        "8:00-12:00，13:30-20:00，午休1.5小时",
    ] {
        assert!(is_blocked(text), "{text}");
    }
    let spans: Vec<Span> = (1..=6).filter_map(|day| Span::new(day, 480, 1080)).collect();
    let found = check(&PostingFacts { hours: &spans, ..complete() });
    assert_eq!(found[0].quoted(Lang::En), "10 hours a day, 60 hours a week");
    let text = found[0].text();
    assert!(text.zh.contains("每天10小时、每周60小时") && text.en.contains("10 hours a day"), "{text:?}");
}
