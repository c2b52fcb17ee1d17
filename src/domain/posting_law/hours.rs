//! Do the hours of a posting keep to the law (law.md §5)?
//!
//! 40 hours a week are normal; what is above is overtime, at most 36 hours a month; at most 8 + 3 hours a day; one rest day
//! a week. 10 hours on 6 days are 60 a week, 20 above, 87 a month: not published without an approval of special hours.

use super::matcher::Reading;
use super::{LawFinding, LawLevel, LawRule, PostingFacts, PostingField};
use crate::domain::codes::Shift;

const NORMAL_WEEK_MINUTES: u32 = 40 * 60;
/// 劳动法 art. 36; above it the excess is overtime beyond doubt.
const LONGEST_WEEK_MINUTES: u32 = 44 * 60;
const OVERTIME_MONTH_MINUTES: u32 = 36 * 60;
/// 8 hours and, for special reasons, 3 more.
const LONGEST_DAY_MINUTES: u32 = 11 * 60;
/// 8 hours and the usual 1 more.
const USUAL_DAY_MINUTES: u32 = 9 * 60;
/// A day with more posted hours than this shows the hours of several shifts, not of one person.
const ONE_PERSON_DAY_MINUTES: u32 = 12 * 60;
const PART_TIME_WEEK_MINUTES: u32 = 24 * 60;

/// Hours told in the texts.
#[derive(Clone, Debug, Default)]
pub struct Told {
    day_minutes: Option<(u32, PostingField, String)>,
    days: Option<u32>,
    part_time: bool,
}

impl Told {
    /// Takes from a text the longest day and the days of the week it mentions.
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
        for at in 0..chars.len() {
            let (Some('小'), Some('时')) = (chars.get(at), chars.get(at + 1)) else { continue };
            let end = if at > 0 && chars[at - 1] == '个' { at - 1 } else { at };
            let digits = chars[..end].iter().rev().take_while(|c| c.is_ascii_digit()).count();
            let from = end - digits;
            let before: String = chars[from.saturating_sub(5)..from].iter().collect();
            let after: String = chars[at + 2..(at + 5).min(chars.len())].iter().collect();
            let a_day = ["每天", "每日", "一天", "日均", "天", "每班", "日工作", "上班", "工作"]
                .iter()
                .any(|w| before.contains(w))
                && !["每周", "一周", "每月", "月"].iter().any(|w| before.contains(w))
                || ["制", "每天", "一天", "每日", "两班", "一班"].iter().any(|w| after.starts_with(w));
            let hours: Option<u32> = chars[from..end].iter().collect::<String>().parse().ok().filter(|h| *h <= 24);
            if let (true, Some(hours)) = (a_day, hours)
                && self.day_minutes.as_ref().is_none_or(|(minutes, ..)| hours * 60 > *minutes)
            {
                self.day_minutes = Some((hours * 60, field, reading.excerpt((from, at + 2))));
            }
        }
    }
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
    if posting.special_hours_approval.is_some_and(|number| !number.trim().is_empty()) {
        // The approval covers what the texts say about rest days and overtime too.
        let mut approved = !found.is_empty();
        found.clear();
        findings.retain(|finding| {
            let about_hours = matches!(finding.rule, LawRule::RestDay | LawRule::Overtime);
            approved |= about_hours;
            !about_hours
        });
        if approved {
            let number = posting.special_hours_approval.unwrap_or_default();
            findings.push(LawFinding::new(LawLevel::Allow, LawRule::HoursByApproval, PostingField::Hours, number));
        }
    }
    findings.append(&mut found);
}

/// The hours given as spans of the week.
fn columns(posting: &PostingFacts<'_>, told: &Told, found: &mut Vec<LawFinding>) {
    let mut by_day = [0; 7];
    for span in posting.hours {
        by_day[usize::from(span.weekday - 1)] += u32::from(span.minutes());
    }
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
    let excerpt = format!("{}h/d, {}h/w", tenths(day), tenths(week));
    judge(day, days, Some(week), PostingField::Hours, &excerpt, found);
    if told.part_time && week > PART_TIME_WEEK_MINUTES {
        found.push(LawFinding::new(LawLevel::Warn, LawRule::PartTimeHours, PostingField::Hours, excerpt));
    }
}

/// Minutes as hours with one decimal where needed.
fn tenths(minutes: u32) -> String {
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
