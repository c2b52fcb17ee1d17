//! What the recorded fields of a pair imply, read in one place by gates, factors and explanations.
//!
//! Rule of thumb: where several fields speak of one thing, the one that is worse for the person counts (a "day" posting whose
//! hours reach past 22:00 is night work); where none speaks, the answer is `None`, never a guess.

use std::sync::LazyLock;

use super::input::{AskedSkill, Posting, Resident, SkillId, Workplace};
use super::similarity::SkillTable;
use crate::domain::codes::{Channel, Hazard, Importance, Region, Shift};
use crate::domain::week::{SLOTS, Span, WeekHours};

/// From these points on, a held skill *is* the skill asked: the same or a close enough one, at the level asked or above.
pub const MET: u16 = 7_000;

/// Tenths of the similarity points that remain when the held level is 0, 1, 2, 3 or 4 below the one asked. One level below
/// is already under [`MET`], whatever the similarity.
const LEVEL_TENTHS: [u32; 5] = [10, 6, 4, 2, 1];

/// Points of one held skill where another is asked: similarity × level, rounded down, `0..=10000`.
#[must_use]
pub fn skill_points(table: &SkillTable, held: (SkillId, u8), asked: (SkillId, u8)) -> u16 {
    let missing = usize::from(asked.1.saturating_sub(held.1)).min(LEVEL_TENTHS.len() - 1);
    let points = u32::from(table.points(held.0, asked.0)) * LEVEL_TENTHS[missing] / 10;
    // The table holds at most 10 000, so the product divided by ten fits.
    points as u16
}

/// The best points over a person's skills for one skill asked; 0 without any.
#[must_use]
pub fn best_skill_points(table: &SkillTable, resident: &Resident, asked: (SkillId, u8)) -> u16 {
    resident.skills.iter().map(|held| skill_points(table, (held.skill, held.level), asked)).max().unwrap_or(0)
}

/// 22:00 to 06:00 of every day, the hours the rules on minors and women call night work.
static NIGHT: LazyLock<WeekHours> = LazyLock::new(|| {
    let night = |weekday| [Span { weekday, from: 0, to: 360 }, Span { weekday, from: 1320, to: 1440 }];
    WeekHours::of(&(1..=7).flat_map(night).collect::<Vec<_>>())
});

/// Whether the post means night work.
#[must_use]
pub fn night_work(posting: &Posting) -> Option<bool> {
    let in_hours = posting.hours.map(|hours| hours.overlaps(&NIGHT));
    let in_shift = matches!(posting.shift, Some(Shift::Night | Shift::ThreeShift));
    if posting.night_work == Some(true) || in_hours == Some(true) || in_shift {
        Some(true)
    } else if posting.night_work == Some(false) || in_hours == Some(false) || posting.shift == Some(Shift::Day) {
        Some(false)
    } else {
        None
    }
}

/// Whether the post means handling chemicals: a hazard of kind toxic is listed.
#[must_use]
pub fn chemicals(posting: &Posting) -> Option<bool> {
    posting.hazards.as_ref().map(|list| list.iter().any(|(kind, _)| *kind == Hazard::Toxic))
}

/// Whether the person would live at the place of work, so that no daily way counts.
#[must_use]
pub fn lives_away(posting: &Posting) -> bool {
    posting.channel == Channel::Outbound || matches!(posting.region, Some(Region::OtherProvince | Region::Abroad))
}

/// Where the work is, seen from the community: the park and the home are in town.
#[must_use]
pub fn region(posting: &Posting) -> Option<Region> {
    posting.region.or(match posting.workplace {
        Workplace::Park | Workplace::Home => Some(Region::Town),
        Workplace::Elsewhere(_) => None,
    })
}

/// Minutes one way of the daily way to work; `None` where they are not known or the person would live there.
#[must_use]
pub fn way_minutes(resident: &Resident, posting: &Posting) -> Option<u16> {
    match posting.workplace {
        Workplace::Home => Some(0),
        _ if lives_away(posting) => None,
        Workplace::Park => resident.minutes_to_park,
        Workplace::Elsewhere(minutes) => minutes,
    }
}

/// Weekdays on which the post has no hours, 0..=7.
#[must_use]
pub fn rest_days(hours: &WeekHours) -> u8 {
    let mut n_rest = 0;
    for day in 0..7 {
        n_rest += u8::from(!(day * 48..(day + 1) * 48).any(|slot| hours.contains(slot)));
    }
    n_rest
}

/// Shortest free time in minutes between two sets of hours, round the week: 0 where they touch or overlap; `None` if either
/// is empty.
#[must_use]
pub fn gap_minutes(a: &WeekHours, b: &WeekHours) -> Option<u16> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (mut a_later, mut b_later) = (*a, *b);
    for slots in 0..SLOTS {
        if a_later.overlaps(b) || b_later.overlaps(a) {
            return u16::try_from(slots.saturating_sub(1) * 30).ok();
        }
        (a_later, b_later) = (a_later.half_hour_later(), b_later.half_hour_later());
    }
    None
}

/// Whether a skill is asked as a must.
#[must_use]
pub fn is_must(asked: &AskedSkill) -> bool {
    asked.importance == Importance::Must
}
