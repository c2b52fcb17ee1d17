//! Hours of the week in the words of ledgers: days, then times.

use super::scan::plain;
use crate::domain::week::Span;

const DAY: u16 = 1440;

/// `周一至周五 07:00-08:30、16:30-18:30；周六 全天`. Work past midnight (`22:00-06:00`) runs into the next day.
/// `None` if any part cannot be read: no hour is left out in silence.
#[must_use]
pub fn spans(text: &str) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    for part in plain(text).split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let start = part.find("全天").or_else(|| time_start(part))?;
        let (days, times) = part.split_at(start);
        let days = weekdays(days)?;
        for time in times.split(['、', ',', ' ']).map(str::trim).filter(|time| !time.is_empty()) {
            let (from, to) = if time == "全天" { (0, DAY) } else { minutes(time)? };
            for &weekday in &days {
                put(&mut spans, weekday, from, to)?;
            }
        }
    }
    spans.sort_unstable();
    spans.dedup();
    if spans.is_empty() { None } else { Some(spans) }
}

/// Adds the hours of one day; what ends no later than it begins ends the day after.
pub(super) fn put(spans: &mut Vec<Span>, weekday: u8, from: u16, to: u16) -> Option<()> {
    if from < to {
        spans.push(Span::new(weekday, from, to)?);
    } else {
        spans.push(Span::new(weekday, from, DAY)?);
        spans.extend(Span::new(weekday % 7 + 1, 0, to));
    }
    Some(())
}

/// Where the first `7:30` begins: the digits before the first colon.
fn time_start(part: &str) -> Option<usize> {
    let colon = part.find(':')?;
    let digits = part[..colon].chars().rev().take_while(char::is_ascii_digit).count();
    (digits > 0).then_some(colon - digits)
}

fn minutes(time: &str) -> Option<(u16, u16)> {
    let (from, to) = time.split_once('-')?;
    let clock = |text: &str| -> Option<u16> {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        if hour <= 24 && minute < 60 && hour * 60 + minute <= DAY { Some(hour * 60 + minute) } else { None }
    };
    match (clock(from)?, clock(to)?) {
        (from, to) if from == to || from == DAY => None,
        pair => Some(pair),
    }
}

fn weekdays(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    match text.as_str() {
        "" | "每天" | "每日" | "天天" => return Some((1..=7).collect()),
        "工作日" => return Some((1..=5).collect()),
        "周末" | "双休日" | "周六日" => return Some(vec![6, 7]),
        _ => {}
    }
    let mut days = Vec::new();
    for part in text.split(['、', ',']).filter(|part| !part.is_empty()) {
        match part.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (weekday(from)?, weekday(to)?);
                if from > to {
                    return None;
                }
                days.extend(from..=to);
            }
            None => days.push(weekday(part)?),
        }
    }
    Some(days)
}

/// One weekday, `周一` or `一`.
pub(super) fn weekday(text: &str) -> Option<u8> {
    let day = text.trim_start_matches("星期").trim_start_matches("礼拜").trim_start_matches('周');
    match day {
        "一" | "1" => Some(1),
        "二" | "2" => Some(2),
        "三" | "3" => Some(3),
        "四" | "4" => Some(4),
        "五" | "5" => Some(5),
        "六" | "6" => Some(6),
        "日" | "天" | "7" => Some(7),
        _ => None,
    }
}
