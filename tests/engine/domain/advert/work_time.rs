//! Shifts, hours and rest in words.

use wangjia::domain::advert::shift::{Rest, WorkTime, named, read};
use wangjia::domain::advert::weekdays;
use wangjia::domain::codes::Shift;
use wangjia::domain::week::Span;

fn whole(text: &str) -> WorkTime {
    let read = read(text).unwrap_or_else(|| panic!("{text}"));
    assert!(read.unread.is_empty(), "{text}: {:?}", read.unread);
    read.said
}

#[test]
fn shifts_are_named() {
    for (text, shift) in [
        ("长白班", Shift::Day),
        ("两班倒", Shift::TwoShift),
        ("三班两倒", Shift::TwoShift),
        ("三班倒", Shift::ThreeShift),
        ("四班三倒", Shift::ThreeShift),
        ("夜班", Shift::Night),
        ("弹性工作制", Shift::Flexible),
        ("白夜班轮换", Shift::TwoShift),
        ("对班倒", Shift::TwoShift),
        ("3班倒", Shift::ThreeShift),
        ("固定白班", Shift::Day),
    ] {
        assert_eq!((named(text), whole(text).shift), (Some(shift), Some(shift)), "{text}");
    }
    assert_eq!(named("两班倒，12小时"), None);
    assert_eq!(whole("白班/夜班").shift, None);
    assert_eq!(whole("白夜班轮换").night, Some(true));
    assert_eq!(whole("夜班").night, Some(true));
    assert_eq!((whole("长白班，不上夜班").night, whole("长白班").night), (Some(false), None));
    assert_eq!((whole("8小时，不加班").overtime, whole("8小时").overtime), (Some(false), None));
}

#[test]
fn rest_is_told() {
    for (text, rest) in [
        ("单休", Rest::Week(1)),
        ("双休", Rest::Week(2)),
        ("做六休一", Rest::Week(1)),
        ("上六休一", Rest::Week(1)),
        ("做5休2", Rest::Week(2)),
        ("每周休息1天", Rest::Week(1)),
        ("每周工作六天", Rest::Week(1)),
        ("一周五天", Rest::Week(2)),
        ("月休4天", Rest::Month(4)),
        ("每月休息两天", Rest::Month(2)),
        ("大小周", Rest::Alternate),
        ("六天制", Rest::Week(1)),
        ("上四休二", Rest::Cycle { on: 4, off: 2 }),
        ("轮休", Rest::Rotating),
    ] {
        assert_eq!(whole(text), WorkTime { rest: Some(rest), ..WorkTime::default() }, "{text}");
    }
    assert_eq!(whole("周日休息").free_days, [7]);
    assert_eq!(whole("周末双休").free_days, [6, 7]);
    assert_eq!(whole("周一至周六上班").free_days, [7]);
}

#[test]
fn hours_of_days_and_weeks() {
    for (text, day, week) in [
        ("12小时制，做六休一", Some(720), Some(72 * 60)),
        ("每天8小时，双休", Some(480), Some(40 * 60)),
        ("8小时工作制", Some(480), None),
        ("10-12小时/天，月休4天", Some(720), Some(720 * (364 - 48) / 52)),
        ("每天工作7.5小时，单休", Some(450), Some(45 * 60)),
        ("8:00-17:30, 单休", Some(570), Some(57 * 60)),
        ("8:00-17:30，午休1小时，单休", Some(510), Some(51 * 60)),
        ("8:00-17:30，12:00-13:00午休，双休", Some(510), Some(510 * 5)),
        ("8:00-12:00，13:30-17:30，周日休息", Some(480), Some(48 * 60)),
        ("8:00-20:00/20:00-8:00 两班倒", Some(720), None),
        ("早8点到晚6点，大小周", Some(600), Some(55 * 60)),
        ("7:30-17:30中午休息2小时", Some(480), None),
        ("8:00-12:00，13:30-17:30，午休1.5小时", Some(480), None),
        ("长白班，加班1-2小时", None, None),
        ("8+2小时，单休", Some(600), Some(60 * 60)),
        ("8+3工作制", Some(660), None),
        ("5天8小时", Some(480), Some(40 * 60)),
        ("一天8小时", Some(480), None),
        ("每周40小时", None, Some(40 * 60)),
        ("两班倒", None, None),
    ] {
        let said = whole(text);
        assert_eq!((said.minutes_a_day(), said.minutes_a_week()), (day, week), "{text}: {said:?}");
    }
}

#[test]
fn the_hours_of_the_week_say_what_was_assumed() {
    let days = |text: &str| {
        let week = whole(text).week().unwrap();
        let mut days: Vec<u8> = week.spans.iter().map(|span| span.weekday).collect();
        days.dedup();
        (days, week.is_assumed)
    };
    let first = |n: u8| (1..=n).collect::<Vec<u8>>();
    assert_eq!(days("8:00-17:30"), (first(6), true));
    assert_eq!(days("8:00-17:30, 单休"), (first(6), true));
    assert_eq!(days("8:00-17:30, 双休"), (first(5), true));
    assert_eq!(days("8:00-17:30, 月休2天"), (first(7), true));
    assert_eq!(days("每天8:00-17:30"), (first(7), false));
    assert_eq!(days("每天8:00-17:30，单休"), (first(6), true));
    assert_eq!(days("8:00-17:30，周三休息"), (vec![1, 2, 4, 5, 6, 7], false));
    assert_eq!(days("周一至周五 8:00-17:30"), (first(5), false));
    assert!(whole("12小时制，单休").week().is_none());
    let spans = whole("周六 8:00-17:30，12:00-13:00午休").week().unwrap().spans;
    assert_eq!(spans, [Span::new(6, 480, 720).unwrap(), Span::new(6, 780, 1050).unwrap()]);
    // A night longer than twelve hours is no hour of the evening.
    let night = whole("周一 20:00-9:00").week().unwrap().spans;
    assert_eq!(night, [Span::new(1, 1200, 1440).unwrap(), Span::new(2, 0, 540).unwrap()]);
}

/// Times as people write them are those of the clock.
#[test]
fn times_in_words_are_read_as_the_clock_shows_them() {
    for (text, clock) in [
        ("早8晚6", "8:00-18:00"),
        ("朝九晚五", "9:00-17:00"),
        ("早九晚六", "9:00-18:00"),
        ("早八晚五半", "8:00-17:30"),
        ("早7:30晚5:30", "7:30-17:30"),
        ("晚8早8", "20:00-8:00"),
        ("8-17点", "8:00-17:00"),
        ("8时至17时", "8:00-17:00"),
        ("八点到十七点半", "8:00-17:30"),
        ("上午8点30分-12点，下午1点30分-5点30分", "8:30-12:00，13:30-17:30"),
        ("9-18", "9:00-18:00"),
        ("早班7-15", "早班7:00-15:00"),
        ("早上8点上班，下午6点下班", "8:00-18:00"),
        ("8:00上班-18:00下班", "8:00-18:00"),
        ("早上7点半到晚上7点半", "7:30-19:30"),
        ("8:00-17点", "8:00-17:00"),
    ] {
        assert_eq!(whole(text), whole(clock), "{text}");
    }
    // Two numbers that may be hours are no times.
    assert!(read("8-10").is_none_or(|read| !read.unread.is_empty()));
    assert_eq!(whole("8-10小时").times, []);
}

/// Times that nobody works all of, one after the other, are of shifts; with a gap or beyond a doubt of one person they are one day.
#[test]
fn shifts_that_follow_one_another_are_not_one_day() {
    for (text, shift, day) in [
        ("6:00-14:00/14:00-22:00", Some(Shift::TwoShift), 480),
        ("6:00-14:00、14:00-22:00", Some(Shift::TwoShift), 480),
        ("6:00-14:00、14:00-22:00、22:00-6:00", Some(Shift::ThreeShift), 480),
        ("7:00-15:30/15:00-23:30", Some(Shift::TwoShift), 510),
        ("8:00-20:00/20:00-8:00", Some(Shift::TwoShift), 720),
        ("白班8:00-20:00，夜班20:00-8:00", Some(Shift::TwoShift), 720),
        ("早班7-15 中班16-24", Some(Shift::TwoShift), 480),
        ("6-14/14-22/22-6", Some(Shift::ThreeShift), 480),
        ("8:00-12:00/13:00-17:00", None, 480),
        ("7:30-12:00,12:00-20:00", None, 750),
        ("8:00-14:00，15:00-22:00", None, 780),
    ] {
        let said = whole(text);
        assert_eq!((said.shift, said.minutes_a_day()), (shift, Some(day)), "{text}");
    }
}

/// Known words that leave the hours open are no error, and state nothing.
#[test]
fn words_without_hours_are_understood() {
    for text in ["全职", "居家", "倒班", "计时", "综合工时制", "长期，包吃住"] {
        assert_eq!(whole(text), WorkTime::default(), "{text}");
    }
}

/// What the strict grammar of ledgers reads, this one reads the same.
#[test]
fn hours_of_ledgers_read_alike() {
    for text in [
        "周一至周五 08:00-12:00、13:30-17:30",
        "周一至周六 08:00-18:00",
        "周一到周五16：30～18：00",
        "工作日 16:30—18:00",
        "周一至周五 07:00-08:30；周六 08:00-12:00",
        "周一、周三 16:00-17:00、19:00-20:00",
        "周日 22:00-06:00",
        "周六 08:00-24:00",
        "星期一至星期四 9:00-17:00",
        "每天 08:00-18:00",
    ] {
        assert_eq!(whole(text).week().map(|week| week.spans), weekdays::spans(text), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_handed_back() {
    assert_eq!(read("8:00-17:30，妖气").unwrap().unread, ["妖气"]);
    assert!(["", "面谈", "每月26天"].into_iter().all(|text| read(text).is_none()));
}
