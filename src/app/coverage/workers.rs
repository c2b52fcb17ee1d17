//! Who is at work on a day: the people behind the covered households, by age, labour class and pay.
//!
//! Invariant: a person is counted here exactly if one of the jobs that cover households is theirs, so the covered households are those
//! of the people listed; a number and its list are the same pass. Cost: linear in members and spells.

use chrono::NaiveDate;

use super::facts::{Facts, Place};
use crate::domain::ages::completed_years;
use crate::domain::codes::{Channel, LabourClass, code_list};
use crate::domain::coverage::{CoverageRules, MemberFacts};

/// From this age on somebody counts as an older worker (大龄).
const OLDER_FROM: i32 = 45;

code_list! {
    /// A figure about people at work; pay at or above the target, below it and not known add up to all at work.
    WorkerFigure {
        AtWork = "at_work", "在就业的人", "people at work";
        Older = "older", "45 周岁及以上", "aged 45 and over";
        WeakOrHalf = "weak_or_half", "弱劳动力或半劳动力", "weak or half labour";
        Decent = "decent", "月收入达到标准", "paid at or above the target";
        Below = "below", "月收入低于标准", "paid below the target";
        PayUnknown = "pay_unknown", "月收入没有记录", "pay not recorded";
    }
}

/// Somebody at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    pub place: Place,
    pub resident: i64,
    /// Of the longest-running job.
    pub channel: Channel,
    pub since: NaiveDate,
    /// Completed years.
    pub age: Option<i32>,
    pub class: Option<LabourClass>,
    /// Yuan a month in the best-paid job.
    pub pay: Option<u32>,
}

impl WorkerFigure {
    fn holds(self, worker: &Worker, rules: &CoverageRules) -> bool {
        match self {
            Self::AtWork => true,
            Self::Older => worker.age.is_some_and(|age| age >= OLDER_FROM),
            Self::WeakOrHalf => worker.class == Some(LabourClass::WeakOrHalf),
            Self::Decent => worker.pay.is_some_and(|pay| pay >= rules.decent_pay),
            Self::Below => worker.pay.is_some_and(|pay| pay < rules.decent_pay),
            Self::PayUnknown => worker.pay.is_none(),
        }
    }
}

/// How many are at work, in the order of [`WorkerFigure::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkersReport(Vec<u64>);

impl WorkersReport {
    #[must_use]
    pub fn of(&self, figure: WorkerFigure) -> u64 {
        self.0.get(figure as usize).copied().unwrap_or_default()
    }
}

/// Counts who is at work.
#[must_use]
pub fn report(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> WorkersReport {
    let workers = workers(facts, as_of, rules);
    let count = |figure: &WorkerFigure| workers.iter().filter(|worker| figure.holds(worker, rules)).count() as u64;
    WorkersReport(WorkerFigure::ALL.iter().map(count).collect())
}

/// The people behind a figure, by household and person.
#[must_use]
pub fn list(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules, figure: WorkerFigure) -> Vec<Worker> {
    let mut workers = workers(facts, as_of, rules);
    workers.retain(|worker| figure.holds(worker, rules));
    workers
}

fn workers(facts: &Facts, as_of: NaiveDate, rules: &CoverageRules) -> Vec<Worker> {
    let mut found = Vec::new();
    for (place, household) in facts.on(as_of) {
        let here = household.members.iter().filter(|member| member.person.is_current_member(as_of));
        found.extend(here.filter_map(|member| worker(place, member, as_of, rules)));
    }
    found
}

fn worker(place: &Place, member: &MemberFacts, as_of: NaiveDate, rules: &CoverageRules) -> Option<Worker> {
    let longest = member.jobs(as_of, rules).min_by_key(|job| (job.counted_from, job.id))?;
    Some(Worker {
        place: place.clone(),
        resident: member.resident,
        channel: longest.channel,
        since: longest.counted_from,
        age: member.person.birth_date.map(|birth| completed_years(birth, as_of)),
        class: member.person.labour_class,
        pay: member.jobs(as_of, rules).filter_map(|job| job.monthly_income).max(),
    })
}
