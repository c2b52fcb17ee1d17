//! How long has somebody worked? The union of intervals of days, in calendar months.
//!
//! Invariant: a day counts once however many intervals hold it, and cutting an interval in two changes nothing but the days of
//! a begun month. Cost: a sort of the intervals.

use chrono::{Datelike, NaiveDate};

use super::ages::months_later;

/// Days that make one month more where months begun in several intervals are put together.
const DAYS_OF_MONTH: i64 = 30;

/// Whole months in the union of `from..until` intervals (the last day is not in it). Each stretch of the union is counted by
/// the calendar, 15 March to 15 May as two months; what is left over of all stretches makes a month for every 30 days.
#[must_use]
pub fn months_of_union(mut intervals: Vec<(NaiveDate, NaiveDate)>) -> u32 {
    intervals.retain(|(from, until)| from < until);
    intervals.sort_unstable();
    let (mut months, mut days) = (0, 0);
    let mut stretch: Option<(NaiveDate, NaiveDate)> = None;
    let mut count = |(from, until): (NaiveDate, NaiveDate)| {
        let whole = whole_months(from, until);
        months += whole;
        days += (until - months_later(from, whole)).num_days();
    };
    for (from, until) in intervals {
        stretch = match stretch {
            Some((first, last)) if from <= last => Some((first, last.max(until))),
            other => {
                other.into_iter().for_each(&mut count);
                Some((from, until))
            }
        };
    }
    stretch.into_iter().for_each(&mut count);
    months + u32::try_from(days / DAYS_OF_MONTH).unwrap_or(0)
}

/// The largest number of months after which `until` is not yet passed.
fn whole_months(from: NaiveDate, until: NaiveDate) -> u32 {
    let index = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let months = u32::try_from(index(until) - index(from)).unwrap_or(0);
    if months_later(from, months) > until { months.saturating_sub(1) } else { months }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(intervals: &[(&str, &str)], months: u32) {
        assert_eq!(months_of_union(intervals.iter().map(|(from, until)| (day(from), day(until))).collect()), months);
    }

    #[test]
    fn calendar_months_on_both_sides_of_the_edge() {
        check(&[], 0);
        check(&[("2026-03-15", "2026-03-15")], 0);
        check(&[("2026-05-15", "2026-03-15")], 0);
        check(&[("2026-03-15", "2026-05-14")], 1);
        check(&[("2026-03-15", "2026-05-15")], 2);
        // Two years are 24 months, though 730 days are 24 times 30 and 10 more; February is a month too.
        check(&[("2024-03-01", "2026-03-01")], 24);
        check(&[("2016-03-01", "2026-03-01")], 120);
        check(&[("2026-02-01", "2026-03-01")], 1);
        check(&[("2026-01-31", "2026-02-28")], 1);
    }

    #[test]
    fn a_day_counts_once() {
        check(&[("2026-01-01", "2026-04-01"), ("2026-02-01", "2026-03-01")], 3);
        check(&[("2026-02-01", "2026-05-01"), ("2026-01-01", "2026-04-01")], 4);
        check(&[("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01")], 6);
        // Apart: both count, and the days left over of both make one month more.
        check(&[("2024-01-01", "2025-01-01"), ("2026-01-01", "2026-07-01")], 18);
        check(&[("2024-01-01", "2024-02-16"), ("2026-01-01", "2026-02-16")], 3);
        check(&[("2024-01-01", "2024-02-15"), ("2026-01-01", "2026-02-15")], 2);
    }
}
