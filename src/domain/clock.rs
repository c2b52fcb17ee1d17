//! The household's clock: what is due to a recognised household, by when, and whether it was done in time.
//!
//! A household in which nobody works is recognised by a person on a day. From that day it is owed a first service within a few working
//! days, and, within some more, guidance, suitable job offers and a training offer ("1-3-1"), until somebody works. The days and
//! numbers are settings, the working days a calendar.
//!
//! Invariant: a step is late exactly if its day had passed before it was done and before the household was covered or its recognition
//! ended. What happened before the recognition or after that day counts for nothing: who looks after a household that works by now
//! makes nothing late.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::codes::code_list;

/// Monday to Friday, but for the days that are named otherwise: holidays, and weekends worked in their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar(BTreeMap<NaiveDate, bool>);

impl WorkCalendar {
    /// `true` = a working day.
    #[must_use]
    pub fn new(exceptions: impl IntoIterator<Item = (NaiveDate, bool)>) -> Self {
        Self(exceptions.into_iter().collect())
    }

    #[must_use]
    pub fn is_working(&self, day: NaiveDate) -> bool {
        self.0.get(&day).copied().unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// The n-th working day after a day; the day itself for 0. Ends with the calendar after a year without one.
    #[must_use]
    pub fn after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let (mut at, mut left, mut idle) = (day, n, 0);
        while left > 0 && idle < 366 {
            let Some(next) = at.checked_add_days(Days::new(1)) else { return at };
            at = next;
            if self.is_working(at) {
                (left, idle) = (left - 1, 0);
            } else {
                idle += 1;
            }
        }
        at
    }
}

/// What is owed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRules {
    /// Working days until the first service.
    pub first_service_days: u32,
    /// Working days until everything else.
    pub cover_days: u32,
    pub guidance: u32,
    /// Suitable job offers.
    pub offers: u32,
    pub training_offers: u32,
}

code_list! {
    /// What was done for a household.
    ServiceKind {
        Contact = "contact", "上门或电话联系", "contact";
        Guidance = "guidance", "职业指导", "guidance";
        /// One that was taken up follows from the enrolment.
        TrainingOffer = "training_offer", "推荐培训项目", "training offer";
        /// An attempt that reached nobody: no service.
        NotReached = "not_reached", "未联系上", "not reached";
        /// A posting proposed to a member that passed every gate; it follows from the referral.
        JobOffer = "job_offer", "推荐合适岗位", "suitable job offer";
    }
}

code_list! {
    ClockStep {
        FirstService = "first_service", "首次服务", "first service";
        Guidance = "guidance", "职业指导", "guidance";
        Offers = "offers", "合适岗位推荐", "suitable job offers";
        TrainingOffer = "training_offer", "培训项目推荐", "training offer";
        Covered = "covered", "实现就业", "covered";
    }
}

code_list! {
    StepState {
        Open = "open", "待办", "open";
        Done = "done", "已完成", "done in time";
        /// Done after its day, or its day has passed.
        Late = "late", "已超期", "late";
        /// Somebody works by now, or the recognition has ended.
        NotNeeded = "not_needed", "不再需要", "not needed any more";
    }
}

code_list! {
    /// Where a recognised household stands as a whole.
    ClockState {
        Running = "running", "办理中", "in time";
        /// A step is late.
        Overdue = "overdue", "有超期", "overdue";
        Covered = "covered", "已就业", "covered";
        Ended = "ended", "已退出", "ended";
    }
}

impl ClockState {
    /// The state that the clock's steps add up to.
    #[must_use]
    pub fn of(household: &Recognised<'_>, steps: &[StepStanding]) -> Self {
        if household.ended_on.is_some() {
            Self::Ended
        } else if household.covered_on.is_some() {
            Self::Covered
        } else if steps.iter().any(|step| step.state == StepState::Late) {
            Self::Overdue
        } else {
            Self::Running
        }
    }
}

code_list! {
    /// Why a recognition ends before somebody works: a decision of a person, never of the clock.
    ExitReason {
        /// As many suitable offers were refused as the rules say.
        SuitableOffersRefused = "suitable_offers_refused", "多次拒绝合适岗位", "suitable offers refused";
        /// As many attempts reached nobody as the rules say.
        Unreachable = "unreachable", "多次联系不上", "unreachable";
        MovedAway = "moved_away", "迁离社区", "moved away";
        /// Nobody in the household can work any more.
        NobodyEmployable = "nobody_employable", "家中已无可就业的人", "nobody employable";
        /// The household became part of another, whose clock is another.
        Merged = "merged", "并入他户", "merged into another household";
        ByMistake = "by_mistake", "认定有误", "recognised by mistake";
        /// Somebody works: written when the household is recognised anew.
        Covered = "covered", "已实现就业", "covered";
    }
}

/// Something that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    pub kind: ServiceKind,
    pub on: NaiveDate,
    /// The account of whoever did it.
    pub by: Option<i64>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepStanding {
    pub step: ClockStep,
    /// Last day in time.
    pub due_on: NaiveDate,
    pub needed: u32,
    pub done: u32,
    /// Day on which as many were done as are needed, and who did the last of them.
    pub done_on: Option<NaiveDate>,
    pub by: Option<i64>,
    pub state: StepState,
}

/// A recognised household as of a day.
#[derive(Clone, Copy, Debug)]
pub struct Recognised<'a> {
    pub on: NaiveDate,
    /// First day since then on which somebody works.
    pub covered_on: Option<NaiveDate>,
    /// Day of the decision that ended it.
    pub ended_on: Option<NaiveDate>,
    pub deeds: &'a [Deed],
    pub today: NaiveDate,
}

impl Recognised<'_> {
    /// The day that ends the clock: somebody works, or the recognition ends.
    fn over_on(&self) -> Option<NaiveDate> {
        self.covered_on.into_iter().chain(self.ended_on).min()
    }

    /// The last day that counts.
    fn until(&self) -> NaiveDate {
        self.over_on().unwrap_or(self.today).min(self.today)
    }
}

/// Every step, in the order they are due.
#[must_use]
pub fn steps(household: &Recognised<'_>, rules: &ClockRules, calendar: &WorkCalendar) -> Vec<StepStanding> {
    let first = calendar.after(household.on, rules.first_service_days);
    let last = calendar.after(household.on, rules.cover_days);
    let until = household.until();
    let mut deeds: Vec<Deed> =
        household.deeds.iter().filter(|deed| (household.on..=until).contains(&deed.on)).copied().collect();
    deeds.sort_by_key(|deed| deed.on);
    let of = |kinds: &[ServiceKind]| -> Vec<Deed> {
        deeds.iter().filter(|deed| kinds.contains(&deed.kind)).copied().collect()
    };
    use ServiceKind::{Contact, Guidance, JobOffer, TrainingOffer};
    let covered = household.covered_on.filter(|on| *on <= until);
    let covered: Vec<Deed> = covered.map(|on| Deed { kind: JobOffer, on, by: None }).into_iter().collect();
    let step = |step, due_on, needed, done: Vec<Deed>| standing(household, (step, due_on, needed), &done);
    vec![
        step(ClockStep::FirstService, first, 1, of(&[Contact, Guidance, TrainingOffer, JobOffer])),
        step(ClockStep::Guidance, last, rules.guidance, of(&[Guidance])),
        step(ClockStep::Offers, last, rules.offers, of(&[JobOffer])),
        step(ClockStep::TrainingOffer, last, rules.training_offers, of(&[TrainingOffer])),
        step(ClockStep::Covered, last, 1, covered),
    ]
}

fn standing(
    household: &Recognised<'_>,
    (step, due_on, needed): (ClockStep, NaiveDate, u32),
    done: &[Deed],
) -> StepStanding {
    let enough = (needed as usize).checked_sub(1).and_then(|n| done.get(n));
    let (done_on, by) = match enough {
        Some(deed) => (Some(deed.on), deed.by),
        // Nothing is needed: it is done from the beginning.
        None if needed == 0 => (Some(household.on), None),
        None => (None, None),
    };
    let state = match done_on {
        Some(on) if on <= due_on => StepState::Done,
        Some(_) => StepState::Late,
        None if household.until() > due_on => StepState::Late,
        None if household.over_on().is_some() => StepState::NotNeeded,
        None => StepState::Open,
    };
    let done = u32::try_from(done.len()).unwrap_or(u32::MAX);
    StepStanding { step, due_on, needed, done, done_on, by, state }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rules() -> ClockRules {
        ClockRules { first_service_days: 3, cover_days: 5, guidance: 1, offers: 3, training_offers: 1 }
    }

    fn deed(kind: ServiceKind, on: &str) -> Deed {
        Deed { kind, on: day(on), by: Some(7) }
    }

    fn states(household: &Recognised<'_>, calendar: &WorkCalendar) -> Vec<StepState> {
        steps(household, &rules(), calendar).iter().map(|step| step.state).collect()
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        let plain = WorkCalendar::default();
        // Thursday 26 November 2026: Friday, Monday, Tuesday.
        assert_eq!(plain.after(day("2026-11-26"), 3), day("2026-12-01"));
        assert_eq!(plain.after(day("2026-11-26"), 0), day("2026-11-26"));
        // A holiday on Friday, and a Sunday worked in its place.
        let calendar = WorkCalendar::new([(day("2026-11-27"), false), (day("2026-11-29"), true)]);
        assert_eq!(calendar.after(day("2026-11-26"), 3), day("2026-12-01"));
        assert_eq!(calendar.after(day("2026-11-26"), 1), day("2026-11-29"));
    }

    #[test]
    fn each_step_is_open_done_late_or_needed_no_more() {
        use StepState::{Done, Late, NotNeeded, Open};
        let calendar = WorkCalendar::default();
        // Monday 23 November: first service until Thursday 26th, the rest until Monday 30th.
        let at = |today: &str, covered_on: Option<&str>, ended_on: Option<&str>, deeds: &[Deed]| {
            let household = Recognised {
                on: day("2026-11-23"),
                covered_on: covered_on.map(day),
                ended_on: ended_on.map(day),
                deeds,
                today: day(today),
            };
            states(&household, &calendar)
        };
        assert_eq!(at("2026-11-26", None, None, &[]), [Open; 5]);
        assert_eq!(at("2026-11-27", None, None, &[]), [Late, Open, Open, Open, Open]);
        assert_eq!(at("2026-12-01", None, None, &[]), [Late; 5]);
        let offers = ["2026-11-24", "2026-11-25", "2026-11-30"].map(|on| deed(ServiceKind::JobOffer, on));
        assert_eq!(at("2026-11-30", None, None, &offers), [Done, Open, Done, Open, Open]);
        assert_eq!(at("2026-11-30", None, None, &offers[..2]), [Done, Open, Open, Open, Open]);
        // What reached nobody or came before is no service.
        let none = [deed(ServiceKind::NotReached, "2026-11-24"), deed(ServiceKind::Guidance, "2026-11-20")];
        assert_eq!(at("2026-11-27", None, None, &none), [Late, Open, Open, Open, Open]);
        // Somebody works in time: what was not done is needed no more; too late: it was late.
        assert_eq!(at("2026-12-20", Some("2026-11-25"), None, &[]), [NotNeeded, NotNeeded, NotNeeded, NotNeeded, Done]);
        assert_eq!(at("2026-12-20", Some("2026-12-04"), None, &[]), [Late; 5]);
        assert_eq!(at("2026-12-20", None, Some("2026-11-26"), &[]), [NotNeeded; 5]);
        let last = at("2026-12-20", None, Some("2026-11-27"), &[deed(ServiceKind::Contact, "2026-11-27")]);
        assert_eq!(last, [Late, NotNeeded, NotNeeded, NotNeeded, NotNeeded]);
        // What is done for a household afterwards makes nothing late.
        let after = [deed(ServiceKind::Contact, "2026-12-05"), deed(ServiceKind::Guidance, "2026-12-06")];
        let covered = at("2026-12-20", Some("2026-11-25"), None, &after);
        assert_eq!(covered, [NotNeeded, NotNeeded, NotNeeded, NotNeeded, Done]);
        assert_eq!(at("2026-12-20", None, Some("2026-11-26"), &after), [NotNeeded; 5]);
        assert_eq!(at("2026-12-20", Some("2026-12-18"), Some("2026-11-26"), &after), [NotNeeded; 5]);
    }

    #[test]
    fn who_did_the_last_that_was_needed_is_known() {
        let deeds = [
            Deed { by: Some(1), ..deed(ServiceKind::JobOffer, "2026-11-25") },
            Deed { by: Some(2), ..deed(ServiceKind::JobOffer, "2026-11-24") },
            Deed { by: Some(3), ..deed(ServiceKind::JobOffer, "2026-11-26") },
        ];
        let household = Recognised {
            on: day("2026-11-23"),
            covered_on: None,
            ended_on: None,
            deeds: &deeds,
            today: day("2026-11-26"),
        };
        let all = steps(&household, &rules(), &WorkCalendar::default());
        assert_eq!((all[0].done_on, all[0].by), (Some(day("2026-11-24")), Some(2)));
        assert_eq!((all[2].done_on, all[2].by, all[2].done), (Some(day("2026-11-26")), Some(3), 3));
    }
}
