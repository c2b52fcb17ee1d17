//! Does a month of a park worker count for the subsidy (domain.md, "subsidy month")?
//!
//! A month counts if the person was in an active job at the tenant on at least so many of its days and is paid at least so much a
//! month; both figures are settings with a date. Invariant: a day counts once however many jobs hold it, and a month that has
//! not begun has no verdict. Cost: linear in the jobs.

use chrono::{Datelike, Days, Months, NaiveDate};

/// The figures in force for a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubsidyRules {
    /// Days of work.
    pub least_days: u32,
    /// Yuan a month.
    pub least_pay: i64,
}

/// A job as far as the rule looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    pub from: NaiveDate,
    /// First day out of the job.
    pub until: Option<NaiveDate>,
    /// Yuan a month; `None` = not on record.
    pub pay: Option<i64>,
}

/// What becomes of a month somebody worked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubsidyMonth {
    Counts,
    /// Worked on so many days only, or so far.
    TooFewDays(u32),
    PayTooLow,
    PayUnknown,
}

/// The verdict on the month that begins on `first`, with the days known by `today`; `None` where nobody worked.
#[must_use]
pub fn verdict(jobs: &[Job], first: NaiveDate, rules: SubsidyRules, today: NaiveDate) -> Option<SubsidyMonth> {
    let next = first.checked_add_months(Months::new(1))?;
    let end = next.min(today.checked_add_days(Days::new(1))?);
    let holds = |job: &Job, day: NaiveDate| job.from <= day && job.until.is_none_or(|until| day < until);
    let mut days = 0;
    for day in first.iter_days().take_while(|day| *day < end) {
        days += u32::from(jobs.iter().any(|job| holds(job, day)));
    }
    // Of several jobs in a month the last one says the pay.
    let in_month = jobs.iter().filter(|job| job.from < end && job.until.is_none_or(|until| first < until));
    let job = in_month.max_by_key(|job| job.from)?;
    if days == 0 {
        return None;
    }
    Some(match job.pay {
        _ if days < rules.least_days => SubsidyMonth::TooFewDays(days),
        None => SubsidyMonth::PayUnknown,
        Some(pay) if pay < rules.least_pay => SubsidyMonth::PayTooLow,
        Some(_) => SubsidyMonth::Counts,
    })
}

/// The first days of a year's months.
pub fn months_of(year: i32) -> impl Iterator<Item = NaiveDate> {
    (1..=12).filter_map(move |month| NaiveDate::from_ymd_opt(year, month, 1))
}

/// The years a roster can be asked for, this one first: as long as provision to others must be provable (law.md R22).
pub fn years(today: NaiveDate) -> impl Iterator<Item = i32> {
    (0..3).map(move |back| today.year() - back)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: SubsidyRules = SubsidyRules { least_days: 15, least_pay: 2600 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn job(from: &str, until: Option<&str>, pay: Option<i64>) -> Job {
        Job { from: day(from), until: until.map(day), pay }
    }

    #[track_caller]
    fn check(jobs: &[Job], month: &str, today: &str, expected: Option<SubsidyMonth>) {
        assert_eq!(verdict(jobs, day(month), RULES, day(today)), expected);
    }

    #[test]
    fn fifteen_days_and_the_pay_on_both_sides_of_the_edge() {
        use SubsidyMonth::*;
        let whole = job("2026-03-17", None, Some(2600));
        // 17 to 31 March are 15 days; from the 18th 14.
        check(&[whole], "2026-03-01", "2026-11-23", Some(Counts));
        check(&[Job { from: day("2026-03-18"), ..whole }], "2026-03-01", "2026-11-23", Some(TooFewDays(14)));
        check(&[whole], "2026-02-01", "2026-11-23", None);
        check(&[Job { pay: Some(2599), ..whole }], "2026-04-01", "2026-11-23", Some(PayTooLow));
        check(&[Job { pay: None, ..whole }], "2026-04-01", "2026-11-23", Some(PayUnknown));
        // The first day out is no day in.
        check(&[Job { until: Some(day("2026-04-16")), ..whole }], "2026-04-01", "2026-11-23", Some(Counts));
        check(&[Job { until: Some(day("2026-04-15")), ..whole }], "2026-04-01", "2026-11-23", Some(TooFewDays(14)));
        check(&[Job { until: Some(day("2026-04-01")), ..whole }], "2026-04-01", "2026-11-23", None);
    }

    #[test]
    fn the_present_month_counts_once_its_days_are_there() {
        let since_long = job("2026-01-01", None, Some(3000));
        check(&[since_long], "2026-11-01", "2026-11-14", Some(SubsidyMonth::TooFewDays(14)));
        check(&[since_long], "2026-11-01", "2026-11-15", Some(SubsidyMonth::Counts));
        check(&[since_long], "2026-12-01", "2026-11-23", None);
    }

    #[test]
    fn a_day_in_two_jobs_counts_once_and_days_of_two_jobs_add_up() {
        let (first, second) =
            (job("2026-05-01", Some("2026-05-09"), Some(2000)), job("2026-05-05", Some("2026-05-13"), Some(2700)));
        check(&[first, second], "2026-05-01", "2026-11-23", Some(SubsidyMonth::TooFewDays(12)));
        let later = job("2026-05-20", None, Some(2700));
        check(&[first, later], "2026-05-01", "2026-11-23", Some(SubsidyMonth::Counts));
    }
}
