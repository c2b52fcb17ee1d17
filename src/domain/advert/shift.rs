//! When does an advertisement want people: `8:00-17:30，单休`, `两班倒`, `12小时制`, `月休4天`, `做六休一`?
//!
//! [`WorkTime`] holds what is stated and nothing else; [`WorkTime::week`] makes hours of the week of it and says whether it had to assume
//! the days. Of what is not stated it assumes the most work the law allows on whole weeks, six days, so that no overlap with
//! care at home is missed.

pub use super::shift_words::{named, read};
use super::weekdays::put;
use crate::domain::codes::Shift;
use crate::domain::week::Span;

pub(super) const DAY: u16 = 1440;
/// Days taken as worked where nothing is said of rest.
const DAYS_ASSUMED: u8 = 6;

/// Rest as a text states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Days a week: 单休, 双休, 做六休一.
    Week(u8),
    /// Days a month: 月休4天.
    Month(u8),
    /// One and two days in turn: 大小周, 单双休.
    Alternate,
    /// Days on and days off that are no week: 做四休二.
    Cycle { on: u8, off: u8 },
    /// In turn, without saying how much: 轮休.
    Rotating,
}

/// Hours by the clock, in minutes of the day; an end no later than the beginning is on the day after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// Weekdays from 1, in order; empty = not stated.
    pub days: Vec<u8>,
    pub from: u16,
    pub to: u16,
}

impl Times {
    /// The end, above a day where it is on the day after.
    pub(super) fn until(&self) -> u32 {
        u32::from(self.from) + u32::from(self.minutes())
    }

    pub(super) const fn minutes(&self) -> u16 {
        if self.from < self.to { self.to - self.from } else { self.to + DAY - self.from }
    }
}

/// Working time as a text states it; `None` and empty = not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkTime {
    pub shift: Option<Shift>,
    /// Breaks told by the clock are cut out.
    pub times: Vec<Times>,
    /// 每天, 天天.
    pub every_day: bool,
    pub rest: Option<Rest>,
    /// Weekdays named as free.
    pub free_days: Vec<u8>,
    /// Hours of a day, in minutes: lowest and highest stated.
    pub day_minutes: Option<(u16, u16)>,
    pub week_minutes: Option<u16>,
    pub break_minutes: Option<u16>,
    pub night: Option<bool>,
    pub overtime: Option<bool>,
}

/// Hours of the week a text amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    pub spans: Vec<Span>,
    /// The text does not say which days, or how many.
    pub is_assumed: bool,
}

impl WorkTime {
    /// The hours of the week, as far as times by the clock are stated.
    #[must_use]
    pub fn week(&self) -> Option<Week> {
        let mut spans = Vec::new();
        let mut is_assumed = false;
        for times in &self.times {
            let days: Vec<u8> = if !times.days.is_empty() {
                times.days.clone()
            } else if !self.free_days.is_empty() {
                (1..=7).collect()
            } else {
                is_assumed |= self.rest.is_some() || !self.every_day;
                (1..=self.most_days()).collect()
            };
            for day in days.into_iter().filter(|day| !self.free_days.contains(day)) {
                put(&mut spans, day, times.from, times.to)?;
            }
        }
        spans.sort_unstable();
        spans.dedup();
        (!spans.is_empty()).then_some(Week { spans, is_assumed })
    }

    /// The most days of one week that the stated rest leaves.
    #[must_use]
    pub const fn most_days(&self) -> u8 {
        match self.rest {
            Some(Rest::Week(rest)) => 7u8.saturating_sub(rest),
            Some(Rest::Month(8..)) => 5,
            Some(Rest::Month(0..4)) => 7,
            None if self.every_day => 7,
            Some(Rest::Month(_) | Rest::Alternate | Rest::Cycle { .. } | Rest::Rotating) | None => DAYS_ASSUMED,
        }
    }

    /// Minutes of a working day: as stated, else by the clock without stated breaks; the longest shift where several take turns.
    #[must_use]
    pub fn minutes_a_day(&self) -> Option<u16> {
        if let Some((_, most)) = self.day_minutes {
            return Some(most);
        }
        let one_day = self.times.iter().filter(|times| times.days == self.times[0].days).map(Times::minutes);
        let in_turn = matches!(self.shift, Some(Shift::TwoShift | Shift::ThreeShift));
        let all = one_day.clone().fold(0u16, u16::saturating_add);
        let longest = one_day.max()?;
        let present = if in_turn || all > DAY { longest } else { all };
        // Several spans of one day show their breaks.
        let hidden = if present == longest { self.break_minutes.unwrap_or(0) } else { 0 };
        Some(present.saturating_sub(hidden))
    }

    /// Minutes of an average week: as stated, else those of a day on the days that the stated rest leaves. `None` where the text leaves
    /// it open.
    #[must_use]
    pub fn minutes_a_week(&self) -> Option<u32> {
        if let Some(minutes) = self.week_minutes {
            return Some(u32::from(minutes));
        }
        let day = u32::from(self.minutes_a_day()?);
        let named: Vec<u8> = (1..=7).filter(|day| self.times.iter().any(|times| times.days.contains(day))).collect();
        // Working days of 52 weeks.
        let days = match self.rest {
            Some(Rest::Week(rest)) => 52 * u32::from(7u8.saturating_sub(rest)),
            Some(Rest::Month(rest)) => 364 - 12 * u32::from(rest.min(30)),
            Some(Rest::Alternate) => 26 * (5 + 6),
            Some(Rest::Cycle { on, off }) => 364 * u32::from(on) / (u32::from(on) + u32::from(off)),
            Some(Rest::Rotating) => return None,
            None if !self.free_days.is_empty() => {
                52 * (1..=7).filter(|day| !self.free_days.contains(day)).count() as u32
            }
            None if !named.is_empty() => 52 * named.len() as u32,
            None if self.every_day && !self.times.is_empty() => 364,
            None => return None,
        };
        Some(day * days / 52)
    }
}
