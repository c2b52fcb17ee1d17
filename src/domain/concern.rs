//! Concerns and objections of residents (意见台账): by when one is answered, and who answers for it once it is late.
//!
//! Invariant: the level is computed from the last day in time and the day asked about, never stored: it cannot be forgotten, and a
//! change of calendar or setting holds for every open concern at once. It never falls while a concern stays open.

use std::num::NonZeroU32;

use chrono::{Days, NaiveDate};

use super::clock::WorkCalendar;
use super::codes::code_list;

code_list! {
    /// What a concern is about.
    ConcernAbout {
        Job = "job", "工作岗位", "a job";
        Pay = "pay", "工资待遇", "pay";
        Employer = "employer", "用人单位", "an employer";
        Recommendation = "recommendation", "岗位推荐", "a recommendation";
        /// What a program alone decided: the person may ask for reasons and refuse it (PIPL 24).
        AutomatedDecision = "automated_decision", "系统自动作出的决定", "a decision made by a program";
        Service = "service", "服务态度或办事", "the service itself";
        Other = "other", "其他", "something else";
    }
}

code_list! {
    /// What came of a concern.
    ConcernOutcome {
        Settled = "settled", "已解决", "settled";
        Explained = "explained", "已说明理由", "explained";
        NotUpheld = "not_upheld", "经核实不成立", "looked into and not upheld";
        Withdrawn = "withdrawn", "本人撤回", "withdrawn by the person";
    }
}

code_list! {
    /// The chain of responsibility, from the door up.
    ChainLevel {
        BuildingHead = "building_head", "楼栋长", "building head";
        Community = "community", "社区", "community";
        TownshipGroup = "township_group", "迁出地工作组", "home-township group";
        Street = "street", "街道", "street";
    }
}

/// By when a concern is answered, and how soon the next level takes over once it is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConcernRules {
    /// Working days to answer.
    pub answer_days: u32,
    /// Working days a level has before the next one takes over.
    pub level_days: NonZeroU32,
}

/// Last day in time.
#[must_use]
pub fn due_on(opened_on: NaiveDate, rules: &ConcernRules, calendar: &WorkCalendar) -> NaiveDate {
    calendar.after(opened_on, rules.answer_days)
}

/// Who answers for a concern on a day: the building head until its last day in time, the community from the day after, and after each
/// `level_days` working days more the next level, the street at last.
#[must_use]
pub fn level(due_on: NaiveDate, on: NaiveDate, rules: &ConcernRules, calendar: &WorkCalendar) -> ChainLevel {
    let step = rules.level_days.get();
    if on <= due_on {
        ChainLevel::BuildingHead
    } else if on <= calendar.after(due_on, step) {
        ChainLevel::Community
    } else if on <= calendar.after(due_on, step.saturating_mul(2)) {
        ChainLevel::TownshipGroup
    } else {
        ChainLevel::Street
    }
}

/// The latest last day in time with which an open concern stands at this level or above on a day.
#[must_use]
pub fn latest_due(at_least: ChainLevel, on: NaiveDate, rules: &ConcernRules, calendar: &WorkCalendar) -> NaiveDate {
    let mut due = on;
    // Far enough for the longest steps a setting allows, with every holiday of a year between.
    for _ in 0..4_000 {
        if level(due, on, rules, calendar) >= at_least {
            break;
        }
        due = due.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN);
    }
    due
}

#[cfg(test)]
mod tests {
    use super::ChainLevel::{BuildingHead, Community, Street, TownshipGroup};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rules() -> ConcernRules {
        ConcernRules { answer_days: 5, level_days: NonZeroU32::new(2).unwrap() }
    }

    #[test]
    fn a_late_concern_goes_up_in_working_days() {
        // A Wednesday off; opened on Monday the 23rd, due on Tuesday the 1st.
        let calendar = WorkCalendar::new([(day("2026-11-25"), false)]);
        let due = due_on(day("2026-11-23"), &rules(), &calendar);
        assert_eq!(due, day("2026-12-01"));
        for (on, expected) in [
            ("2026-11-23", BuildingHead),
            ("2026-12-01", BuildingHead),
            ("2026-12-02", Community),
            ("2026-12-03", Community),
            ("2026-12-04", TownshipGroup),
            // The weekend is nobody's day: Monday is the last one of the township group.
            ("2026-12-06", TownshipGroup),
            ("2026-12-07", TownshipGroup),
            ("2026-12-08", Street),
            ("2027-06-01", Street),
        ] {
            assert_eq!(level(due, day(on), &rules(), &calendar), expected, "{on}");
        }
    }

    #[test]
    fn the_level_never_falls_and_is_found_backwards() {
        let calendar = WorkCalendar::new([(day("2026-11-25"), false), (day("2026-11-28"), true)]);
        let on = day("2026-12-10");
        for at_least in ChainLevel::ALL.iter().copied() {
            let latest = latest_due(at_least, on, &rules(), &calendar);
            for before in 0..40 {
                let due = on - Days::new(before);
                let stands = level(due, on, &rules(), &calendar) >= at_least;
                assert_eq!(stands, due <= latest, "{at_least:?} {due}");
                let tomorrow = level(due, on + Days::new(1), &rules(), &calendar);
                assert!(tomorrow >= level(due, on, &rules(), &calendar));
            }
        }
    }
}
