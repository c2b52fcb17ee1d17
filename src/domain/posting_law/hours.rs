//! Do the hours of a posting keep to the law (law.md §5)?
//!
//! 40 hours a week are normal; what is above is overtime, at most 36 hours a month; at most 8 + 3 hours a day; one rest day
//! a week. 10 hours on 6 days are 60 a week, 20 above, 87 a month: not published without an approval of special hours.

use super::clock::{ONE_PERSON_DAY_MINUTES, clock_range, take_turns};
use super::columns::number_before;
use super::matcher::{BREAK, Reading};
use super::{LawFinding, LawLevel, LawRule, PostingFacts, PostingField};
use crate::domain::codes::Shift;
use crate::domain::fold::fold;

const NORMAL_WEEK_MINUTES: u32 = 40 * 60;
/// 劳动法 art. 36; above it the excess is overtime beyond doubt.
const LONGEST_WEEK_MINUTES: u32 = 44 * 60;
const OVERTIME_MONTH_MINUTES: u32 = 36 * 60;
/// 8 hours and, for special reasons, 3 more.
const LONGEST_DAY_MINUTES: u32 = 11 * 60;
/// 8 hours and the usual 1 more.
const USUAL_DAY_MINUTES: u32 = 9 * 60;
const PART_TIME_WEEK_MINUTES: u32 = 24 * 60;
/// On average (劳动合同法 art. 68).
const PART_TIME_DAY_MINUTES: u32 = 4 * 60;
/// `8:00-18:00` without a word about a break is presence: one longer than this is taken to hold a meal.
const UNBROKEN_MINUTES: u32 = 8 * 60;
const MEAL_MINUTES: u32 = 60;
/// Minutes of a day, as spans count them.
const DAY: u16 = 24 * 60;

/// Hours told in the texts.
#[derive(Clone, Debug, Default)]
pub struct Told {
    day_minutes: Option<(u32, PostingField, String)>,
    week_minutes: Option<(u32, PostingField, String)>,
    days: Option<u32>,
    /// The longest break told by its length.
    break_minutes: u32,
    part_time: bool,
}

impl Told {
    /// Takes from a text the longest day, the longest week and the days of the week it mentions.
    pub fn read(&mut self, text: &str, field: PostingField) {
        let reading = Reading::new(text);
        let chars = reading.chars();
        let whole: String = chars.iter().collect();
        self.part_time |= whole.contains("非全日制");
        for (words, days) in DAYS {
            if words.iter().any(|word| whole.contains(word)) {
                self.days = Some(*days);
            }
        }
        let keep = |slot: &mut Option<(u32, PostingField, String)>, minutes, range| {
            if slot.as_ref().is_none_or(|(longest, ..)| minutes > *longest) {
                *slot = Some((minutes, field, reading.excerpt(range)));
            }
        };
        for at in 0..chars.len() {
            let Some(length) = hour_word(chars, at) else { continue };
            let Some((minutes, from)) = minutes_told(chars, at) else { continue };
            let before = context(chars, range_from(chars, from), 5);
            let after: String = chars[at + length..(at + length + 3).min(chars.len())].iter().collect();
            let of_a_week = ["每周", "一周", "周工作"].iter().any(|w| before.contains(w)) || after.starts_with("每周");
            let of_a_month = before.contains('月');
            let a_day = ["每天", "每日", "一天", "日均", "天", "每班", "日工作", "上班", "工作"]
                .iter()
                .any(|w| before.contains(w))
                && !of_a_week
                && !of_a_month
                || (before.ends_with('班') && !before.ends_with("加班"))
                || ["制", "每天", "一天", "每日", "两班", "一班"].iter().any(|w| after.starts_with(w))
                || is_per_day(&after);
            if a_day && minutes <= 24 * 60 {
                keep(&mut self.day_minutes, minutes, (from, at + length));
            } else if of_a_week && !of_a_month && minutes <= 7 * 24 * 60 {
                keep(&mut self.week_minutes, minutes, (from, at + length));
            }
        }
        self.break_minutes = self.break_minutes.max(told_breaks(chars));
        if let Some((minutes, range)) = clock_day(chars, &whole) {
            keep(&mut self.day_minutes, minutes, range);
        }
    }
}

/// `12h/天` is read as `12h天`; other words begin so too (`24小时天猫客服`, `8小时日结`).
fn is_per_day(after: &str) -> bool {
    let mut chars = after.chars();
    matches!(chars.next(), Some('天' | '日')) && chars.next().is_none_or(|c| !"猫天夜结常用气然生间".contains(c))
}

/// Length of the word for hours that begins here; the letter only behind a figure.
fn hour_word(chars: &[char], at: usize) -> Option<usize> {
    match (chars[at], chars.get(at + 1)) {
        ('小', Some('时')) | ('钟', Some('头')) => Some(2),
        ('h', next) if at > 0 && chars[at - 1].is_ascii_digit() => {
            let is_word = next.is_some_and(char::is_ascii_alphabetic);
            let hours: String = chars[at..(at + 4).min(chars.len())].iter().collect();
            (!is_word || hours == "hour").then_some(1)
        }
        _ => None,
    }
}

/// The minutes told before the word for hours at `at`: `八个`, `8`, `11个半`.
fn minutes_told(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let stands = |at: usize, c: char| at > 0 && chars[at - 1] == c;
    let end = at - usize::from(stands(at, '半'));
    let half = if end < at { 30 } else { 0 };
    let end = end - usize::from(stands(end, '个'));
    minutes_before(chars, end).map(|(minutes, from)| (minutes + half, from))
}

/// The minutes of the hours that end before `end`, and where their number begins: `11.5`, `十二`, `8`.
fn minutes_before(chars: &[char], end: usize) -> Option<(u32, usize)> {
    let digits = |end: usize| chars[..end].iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let value = |from: usize, to: usize| chars[from..to].iter().collect::<String>().parse::<u32>().ok();
    let n = digits(end);
    if n == 0 {
        return number_before(chars, end).map(|(hours, from)| (hours * 60, from));
    }
    let from = end - n;
    let hours = |from, end| value(from, end).filter(|hours| *hours < 1000).map(|hours| (hours * 60, from));
    if from == 0 || chars[from - 1] != '.' || digits(from - 1) == 0 {
        return hours(from, end);
    }
    let point = from - 1;
    let whole_from = point - digits(point);
    let whole = value(whole_from, point).filter(|hours| *hours < 1000)?;
    let minutes = match (n, value(from, end)?) {
        (1, tenths) => tenths * 6,
        (2, hundredths @ (0 | 25 | 50 | 75)) => hundredths * 60 / 100,
        _ => return hours(from, end),
    };
    // `2.8小时`: the second point of a list, not two hours and a bit.
    if whole < 4 && minutes != 30 { hours(from, end) } else { Some((whole * 60 + minutes, whole_from)) }
}

/// Where the range begins whose upper end begins at `from`: `10-12小时`.
fn range_from(chars: &[char], from: usize) -> usize {
    let joined = from > 0 && matches!(chars[from - 1], '-' | '至' | '到');
    if joined { minutes_before(chars, from - 1).map_or(from, |(_, lower)| lower) } else { from }
}

fn context(chars: &[char], at: usize, length: usize) -> String {
    chars[at.saturating_sub(length)..at].iter().collect()
}

/// Hours of something else than work.
const NOT_WORK: [&str; 14] =
    ["营业", "面试", "报名", "咨询", "电话", "来电", "开放", "食堂", "接待", "班车", "供应", "办理", "联系", "应聘"];
const A_BREAK: [&str; 5] = ["午休", "休息", "用餐", "吃饭", "午餐"];
const SEVERAL_SHIFTS: [&str; 8] = ["早班", "中班", "晚班", "夜班", "两班", "三班", "倒", "轮"];

/// The hours of a day told by the clock, breaks taken off, with the place of the first time.
fn clock_day(chars: &[char], whole: &str) -> Option<(u32, (usize, usize))> {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    let mut off = 0;
    let mut place: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < chars.len() {
        let Some(((from, to), end)) = clock_range(chars, at) else {
            at += 1;
            continue;
        };
        let clause = chars[..at].iter().rposition(|c| *c == BREAK).map_or(0, |mark| mark + 1);
        let before = context(chars, at, at - clause);
        let minutes = if to > from { to - from } else { to + 24 * 60 - from };
        // `12:00-13:00午休` names the hours; `8:00-18:00午休1小时` does not.
        let clause_end = chars[end..].iter().position(|c| *c == BREAK).map_or(chars.len(), |mark| end + mark);
        let after: String = chars[end..clause_end].iter().collect();
        if A_BREAK.iter().any(|word| before.ends_with(word) || after == **word) {
            off += minutes;
        } else if !NOT_WORK.iter().any(|word| before.contains(word)) {
            spans.push((from, from + minutes));
            place = Some(place.map_or((at, end), |(first, _)| (first, end)));
        }
        at = end;
    }
    let place = place?;
    let longest = spans.iter().map(|(from, to)| to - from).max()?;
    let in_turn = take_turns(&spans);
    spans.sort_unstable();
    let mut all = 0;
    let mut reached = 0;
    for (from, to) in &spans {
        all += to.saturating_sub(reached.max(*from));
        reached = reached.max(*to);
    }
    let several = spans.len() > 1;
    let shifts = in_turn || several && SEVERAL_SHIFTS.iter().any(|word| whole.contains(word));
    let day = if shifts || all > 24 * 60 { longest } else { all };
    // Several spans of one day show their breaks.
    let off = match off + told_breaks(chars) {
        _ if day != longest => 0,
        0 if day > UNBROKEN_MINUTES => MEAL_MINUTES,
        told => told,
    };
    Some((day.saturating_sub(off), place))
}

/// Breaks told by their length: `午休1.5小时`, `休息两小时`, `含1小时用餐`, `午休40分钟`.
fn told_breaks(chars: &[char]) -> u32 {
    let told = (0..chars.len()).filter_map(|at| {
        let (minutes, from) = match (chars[at], chars.get(at + 1)) {
            ('分', Some('钟')) => number_before(chars, at)?,
            _ if hour_word(chars, at) == Some(2) => minutes_told(chars, at)?,
            _ => return None,
        };
        let after: String = chars[at + 2..(at + 6).min(chars.len())].iter().collect();
        let before = context(chars, from, 4);
        let is_break = |text: &str| A_BREAK.iter().any(|word| text.contains(word));
        (minutes <= 4 * 60 && (is_break(&before) || is_break(&after))).then_some(minutes)
    });
    told.max().unwrap_or(0)
}

/// The number of an approval of special hours. 无, 没有, 不适用, 办理中 or a bare `1` are none: an approval has a number.
#[must_use]
pub fn approval(text: Option<&str>) -> Option<&str> {
    let text = text?.trim();
    let folded = fold(text);
    let towns = ["无锡", "无为", "无棣", "无极"];
    let denied = ["无", "没", "否", "不", "未", "暂", "待", "申请中", "办理中", "正在", "no", "none", "n/a"]
        .iter()
        .any(|word| folded.starts_with(word));
    let denied = denied && !towns.iter().any(|town| folded.starts_with(town));
    let n_digits = folded.chars().filter(char::is_ascii_digit).count();
    let is_bare = n_digits < 4 && n_digits == folded.chars().count();
    (!denied && n_digits > 0 && !is_bare).then_some(text)
}

const DAYS: &[(&[&str], u32)] = &[
    (
        &[
            "每周5天",
            "每周五天",
            "一周5天",
            "一周五天",
            "做五休二",
            "双休",
            "周末休息",
            "每周工作5天",
            "每周休息2天",
            "每周工作五天",
        ],
        5,
    ),
    (
        &[
            "每周6天",
            "每周六天",
            "一周6天",
            "一周六天",
            "做六休一",
            "上六休一",
            "单休",
            "周休一天",
            "每周休息1天",
            "月休4天",
            "月休四天",
            "每周工作6天",
            "每周工作六天",
        ],
        6,
    ),
    (&["每周7天", "每周七天", "一周7天", "一周七天", "每周工作7天"], 7),
];

pub fn check(posting: &PostingFacts<'_>, told: &Told, findings: &mut Vec<LawFinding>) {
    let mut found = Vec::new();
    columns(posting, told, &mut found);
    if let Some((day, field, excerpt)) = &told.day_minutes {
        judge(*day, told.days, told.days.map(|days| day * days), *field, excerpt, &mut found);
    }
    if let Some((week, field, excerpt)) = &told.week_minutes {
        judge(0, None, Some(*week), *field, excerpt, &mut found);
    }
    if let Some(number) = approval(posting.special_hours_approval) {
        // The approval covers what the texts say about rest days and overtime too.
        let mut approved = !found.is_empty();
        found.clear();
        findings.retain(|finding| {
            let about_hours = matches!(finding.rule, LawRule::RestDay | LawRule::Overtime);
            approved |= about_hours;
            !about_hours
        });
        if approved {
            findings.push(LawFinding::new(LawLevel::Allow, LawRule::HoursByApproval, PostingField::Hours, number));
        }
    }
    if told.part_time {
        part_time(posting, told, &mut found);
    }
    findings.append(&mut found);
}

/// Part-time work: at most 4 hours a day on average and 24 hours a week. No approval lifts these.
fn part_time(posting: &PostingFacts<'_>, told: &Told, found: &mut Vec<LawFinding>) {
    let by_day = by_day(posting).map(|day| day.minutes);
    let days = u32::try_from(by_day.iter().filter(|minutes| **minutes > 0).count()).unwrap_or(0);
    let week: u32 = by_day.iter().sum();
    let finding = |field, excerpt: &str| LawFinding::new(LawLevel::Warn, LawRule::PartTimeHours, field, excerpt);
    if week > PART_TIME_WEEK_MINUTES || week > days * PART_TIME_DAY_MINUTES {
        let longest = by_day.iter().copied().max().unwrap_or(0);
        found.push(finding(PostingField::Hours, "").about_hours(longest, week));
    }
    let too_long = |told: &Option<(u32, PostingField, String)>, limit| {
        told.clone().filter(|(minutes, ..)| *minutes > limit).map(|(_, field, excerpt)| (field, excerpt))
    };
    let told_day = too_long(&told.day_minutes, PART_TIME_DAY_MINUTES);
    if let Some((field, excerpt)) = told_day.or_else(|| too_long(&told.week_minutes, PART_TIME_WEEK_MINUTES)) {
        found.push(finding(field, &excerpt));
    }
}

/// Hours posted for one day of the week.
#[derive(Clone, Copy, Default)]
struct Day {
    minutes: u32,
    /// Of how many pieces; 1 = nothing shows a break.
    pieces: u32,
}

/// Hours posted for each day of the week; what goes on past midnight is of the day it began on.
fn by_day(posting: &PostingFacts<'_>) -> [Day; 7] {
    let mut by_day = [Day::default(); 7];
    let runs_to_midnight =
        |weekday: u8| posting.hours.iter().any(|span| span.weekday == weekday && span.to == DAY && span.from > 0);
    for span in posting.hours {
        let before = if span.weekday == 1 { 7 } else { span.weekday - 1 };
        let goes_on = span.from == 0 && span.to < DAY && runs_to_midnight(before);
        let day = &mut by_day[usize::from(if goes_on { before } else { span.weekday } - 1)];
        day.minutes += u32::from(span.minutes());
        day.pieces += u32::from(!goes_on);
    }
    by_day
}

/// The hours given as spans of the week, without a break that a text tells and they do not show.
fn columns(posting: &PostingFacts<'_>, told: &Told, found: &mut Vec<LawFinding>) {
    let work = |day: Day| match day.pieces {
        1 if day.minutes > UNBROKEN_MINUTES => day.minutes - told.break_minutes.min(day.minutes),
        _ => day.minutes,
    };
    let by_day = by_day(posting).map(work);
    let longest = by_day.iter().copied().max().unwrap_or(0);
    if longest == 0 {
        return;
    }
    let mut days = u32::try_from(by_day.iter().filter(|minutes| **minutes > 0).count()).ok();
    let mut day = longest;
    let mut week: u32 = by_day.iter().sum();
    if longest > ONE_PERSON_DAY_MINUTES
        && let Some(n_shifts) = match posting.shift {
            Some(Shift::TwoShift) => Some(2),
            Some(Shift::ThreeShift) => Some(3),
            _ => None,
        }
    {
        day /= n_shifts;
        week /= n_shifts;
        // The line runs every day; the rota, not the posting, says when a person rests.
        if days == Some(7) {
            days = None;
            week = week / 7 * 6;
        }
    }
    let mut judged = Vec::new();
    judge(day, days, Some(week), PostingField::Hours, "", &mut judged);
    found.extend(judged.into_iter().map(|finding| finding.about_hours(day, week)));
}

/// Minutes as hours with one decimal where needed.
pub fn tenths(minutes: u32) -> String {
    let tenths = minutes / 6;
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

fn judge(
    day: u32,
    days: Option<u32>,
    week: Option<u32>,
    field: PostingField,
    excerpt: &str,
    found: &mut Vec<LawFinding>,
) {
    let mut add = |level, rule| found.push(LawFinding::new(level, rule, field, excerpt));
    // A month has 52 / 12 weeks.
    let overtime = week.map(|week| week.saturating_sub(NORMAL_WEEK_MINUTES) * 52 / 12);
    if day > LONGEST_DAY_MINUTES {
        add(LawLevel::Block, LawRule::DailyHours);
    }
    if overtime.is_some_and(|minutes| minutes > OVERTIME_MONTH_MINUTES) {
        add(LawLevel::Block, LawRule::Overtime);
    }
    if days == Some(7) {
        add(LawLevel::Block, LawRule::RestDay);
    }
    if day > USUAL_DAY_MINUTES || week.is_some_and(|week| week > LONGEST_WEEK_MINUTES) {
        add(LawLevel::Warn, LawRule::LongHours);
    }
}
