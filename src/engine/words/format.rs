//! Values in words: days, money, hours, lengths of time.

use chrono::{Datelike, NaiveDate};

use crate::domain::text::{Text, counted};
use crate::domain::week::{WEEKDAYS, WeekHours};

pub fn date(day: NaiveDate) -> Text {
    Text::new(format!("{}年{}月{}日", day.year(), day.month(), day.day()), day.format("%Y-%m-%d").to_string())
}

/// Minute of the day as `17:30`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `2,800`.
fn grouped(n: u32) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub fn yuan(n: u32) -> Text {
    Text::new(format!("{} 元", grouped(n)), format!("{} yuan", grouped(n)))
}

/// `2,800–3,400 元`; one bound alone with "from" or "up to". `None` without any.
pub fn pay_range(min: Option<u32>, max: Option<u32>) -> Option<Text> {
    Some(match (min, max) {
        (Some(min), Some(max)) if min < max => Text::new(
            format!("{}–{} 元", grouped(min), grouped(max)),
            format!("{}–{} yuan a month", grouped(min), grouped(max)),
        ),
        (_, Some(max)) if min.is_some() => {
            Text::new(format!("{} 元", grouped(max)), format!("{} yuan a month", grouped(max)))
        }
        (None, Some(max)) => {
            Text::new(format!("最高 {} 元", grouped(max)), format!("up to {} yuan a month", grouped(max)))
        }
        (Some(min), _) => Text::new(format!("{} 元起", grouped(min)), format!("from {} yuan a month", grouped(min))),
        (None, None) => return None,
    })
}

/// Minutes as hours and minutes.
pub fn minutes(minutes: u32) -> Text {
    match (minutes / 60, minutes % 60) {
        (0, m) => Text::new(format!("{m} 分钟"), counted(m, "minute", "minutes")),
        (h, 0) => Text::new(format!("{h} 小时"), format!("{h} h")),
        (h, m) => Text::new(format!("{h} 小时 {m} 分钟"), format!("{h} h {m} min")),
    }
}

/// Months as years and months.
pub fn duration(months: u32) -> Text {
    let (many_years, many_months) = (|n: u32| counted(n, "year", "years"), |n: u32| counted(n, "month", "months"));
    match (months / 12, months % 12) {
        (0, m) => Text::new(format!("{m} 个月"), many_months(m)),
        (y, 0) => Text::new(format!("{y} 年"), many_years(y)),
        (y, m) => Text::new(format!("{y} 年 {m} 个月"), format!("{} {}", many_years(y), many_months(m))),
    }
}

pub fn years(age: i32) -> Text {
    Text::new(format!("{age} 周岁"), format!("{age} years old"))
}

/// Hours of the week, days with equal spans together: `周一至周五 07:00-08:30`. At most three groups, then the total.
pub fn hours(hours: &WeekHours) -> Text {
    let spans = hours.spans();
    let of_day = |weekday: u8| -> Vec<(u16, u16)> {
        spans.iter().filter(|s| s.weekday == weekday).map(|s| (s.from, s.to)).collect()
    };
    /// First and last weekday, and the spans of each of them.
    type Group = (u8, u8, Vec<(u16, u16)>);
    let mut groups: Vec<Group> = Vec::new();
    for weekday in 1..=7 {
        let today = of_day(weekday);
        match groups.last_mut() {
            Some((_, last, same)) if *same == today && *last + 1 == weekday => *last = weekday,
            _ if today.is_empty() => {}
            _ => groups.push((weekday, weekday, today)),
        }
    }
    let name = |from: u8, to: u8| {
        let (first, last) = (WEEKDAYS[usize::from(from) - 1], WEEKDAYS[usize::from(to) - 1]);
        if from == to {
            (first.zh.to_owned(), first.en.to_owned())
        } else {
            (format!("{}至{}", first.zh, last.zh), format!("{} to {}", first.en, last.en))
        }
    };
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (from, to, times) in groups.iter().take(3) {
        let clock_spans: Vec<String> = times.iter().map(|(a, b)| format!("{}-{}", clock(*a), clock(*b))).collect();
        let (day_zh, day_en) = name(*from, *to);
        zh.push(format!("{day_zh} {}", clock_spans.join("、")));
        en.push(format!("{day_en} {}", clock_spans.join(", ")));
    }
    let more = if groups.len() > 3 { ("等", " and more") } else { ("", "") };
    Text::new(zh.join("，") + more.0, en.join(", ") + more.1)
}
