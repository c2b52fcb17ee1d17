//! What a birth date means on a day: completed years, labour age, statistical half labour, statutory retirement.
//!
//! Every function is pure; the day is passed in. A person born on 29 February has the birthday on 1 March in common
//! years, so nobody reaches an age early. Each call is a handful of integer operations.

use chrono::{Datelike, Months, NaiveDate};

use super::codes::{RetirementGroup, Sex};

/// The minimum working age in completed years (劳动法 art. 15).
pub const MINIMUM_WORKING_AGE: u8 = 16;
/// From this age on a worker is no longer a minor (未成年工, 劳动法 art. 58).
pub const ADULT_AGE: u8 = 18;
/// Public-welfare posts take people of 16 to 69 completed years (domain.md §5).
pub const PUBLIC_WELFARE_AGES: std::ops::RangeInclusive<i32> = 16..=69;

/// The birthday on which `years` are completed; 1 March where 29 February does not exist.
#[must_use]
pub fn birthday(birth: NaiveDate, years: u8) -> NaiveDate {
    let year = birth.year() + i32::from(years);
    NaiveDate::from_ymd_opt(year, birth.month(), birth.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// Completed years on a day: the birthday itself completes the year. Negative before birth.
#[must_use]
pub fn completed_years(birth: NaiveDate, on: NaiveDate) -> i32 {
    let not_yet = (on.month(), on.day()) < (birth.month(), birth.day());
    on.year() - birth.year() - i32::from(not_yet)
}

/// The first day a person counts as 16: the day **after** the 16th birthday (law.md R24: of two readings of the law the
/// one that protects).
#[must_use]
pub fn turns_16_on(birth: NaiveDate) -> NaiveDate {
    day_after(birthday(birth, MINIMUM_WORKING_AGE))
}

/// Whether a person may be introduced to work at all (law.md R23); `false` for every day before [`turns_16_on`].
#[must_use]
pub fn is_of_working_age(birth: NaiveDate, on: NaiveDate) -> bool {
    on >= turns_16_on(birth)
}

/// Whether the limits for workers of 16 and 17 apply on a day (未成年工); also true below 16.
#[must_use]
pub fn is_minor(birth: NaiveDate, on: NaiveDate) -> bool {
    on < birthday(birth, ADULT_AGE)
}

/// Whether the age lets a person hold a public-welfare post on a day; 16 is counted as in [`turns_16_on`].
#[must_use]
pub fn is_public_welfare_age(birth: NaiveDate, on: NaiveDate) -> bool {
    is_of_working_age(birth, on) && completed_years(birth, on) <= *PUBLIC_WELFARE_AGES.end()
}

/// The ledger's labour age in completed years, both ends included (settings `labour_age_from`, `labour_age_to`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabourAge {
    pub from: u8,
    pub to: u8,
}

impl Default for LabourAge {
    /// 16 to 59, the range the ledgers of the national monitoring system use.
    fn default() -> Self {
        Self { from: MINIMUM_WORKING_AGE, to: 59 }
    }
}

impl LabourAge {
    /// `None` where the range is empty or starts below the minimum working age.
    #[must_use]
    pub fn new(from: u8, to: u8) -> Option<Self> {
        (MINIMUM_WORKING_AGE <= from && from <= to && to <= 120).then_some(Self { from, to })
    }

    /// First day of labour age: the day after the birthday (the reading of law.md R24).
    #[must_use]
    pub fn first_day(&self, birth: NaiveDate) -> NaiveDate {
        day_after(birthday(birth, self.from))
    }

    /// Last day of labour age: the day before the birthday that completes `to + 1` years.
    #[must_use]
    pub fn last_day(&self, birth: NaiveDate) -> NaiveDate {
        let end = birthday(birth, self.to.saturating_add(1));
        end.pred_opt().unwrap_or(end)
    }
}

/// Whether a person is of the ledger's labour age on a day.
#[must_use]
pub fn is_labour_age(birth: NaiveDate, on: NaiveDate, ages: &LabourAge) -> bool {
    ages.first_day(birth) <= on && on <= ages.last_day(birth)
}

/// Statistical half labour (统计半劳动力): men of 16–17 and 51–60, women of 16–17 and 46–55 completed years. Age alone;
/// the labour class is a different thing.
#[must_use]
pub fn statistical_half_labour(sex: Sex, birth: NaiveDate, on: NaiveDate) -> bool {
    match (sex, completed_years(birth, on)) {
        (_, 16..=17) => true,
        (Sex::Male, years) => (51..=60).contains(&years),
        (Sex::Female, years) => (46..=55).contains(&years),
    }
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct YearMonth {
    pub year: i32,
    /// 1..=12.
    pub month: u32,
}

impl YearMonth {
    /// `index` = year · 12 + (month − 1).
    const fn from_index(index: i32) -> Self {
        Self { year: index.div_euclid(12), month: index.rem_euclid(12).unsigned_abs() + 1 }
    }

    /// The given day of this month, or the month's last where it is shorter.
    #[must_use]
    pub fn day_or_last(self, day: u32) -> NaiveDate {
        (1..=day)
            .rev()
            .take(4)
            .find_map(|day| NaiveDate::from_ymd_opt(self.year, self.month, day))
            .unwrap_or(NaiveDate::MAX)
    }
}

/// (former age in years, birth months per month of delay, greatest delay in months), from the annex of the decision of
/// 2024-09-13, in force since 2025-01-01.
const fn retirement_rule(group: RetirementGroup) -> (i32, i32, i32) {
    match group {
        RetirementGroup::Men => (60, 4, 36),
        RetirementGroup::Women55 => (55, 4, 36),
        RetirementGroup::Women50 => (50, 2, 60),
    }
}

/// Months by which retirement is put off against the former age: 0 for whoever reached that age before 2025.
#[must_use]
pub fn retirement_delay(group: RetirementGroup, birth: NaiveDate) -> i32 {
    let (base, step, cap) = retirement_rule(group);
    let n = (birth.year() + base - 2025) * 12 + birth.month().cast_signed();
    if n <= 0 { 0 } else { cap.min((n + step - 1) / step) }
}

/// The month of statutory retirement (law.md §6). The rule is for employees; reaching it does not forbid work.
#[must_use]
pub fn retirement_month(group: RetirementGroup, birth: NaiveDate) -> YearMonth {
    let (base, ..) = retirement_rule(group);
    let born = birth.year() * 12 + birth.month0().cast_signed();
    YearMonth::from_index(born + base * 12 + retirement_delay(group, birth))
}

/// The day of statutory retirement: the birth day in the retirement month, or that month's last day.
#[must_use]
pub fn retirement_day(group: RetirementGroup, birth: NaiveDate) -> NaiveDate {
    retirement_month(group, birth).day_or_last(birth.day())
}

/// First and last possible statutory retirement day. They are the same for a man and for a woman whose group is recorded;
/// an unknown group excludes nobody, so both ends are given. A group that contradicts the sex is not believed.
#[must_use]
pub fn retirement_range(
    sex: impl Into<Option<Sex>>,
    group: Option<RetirementGroup>,
    birth: NaiveDate,
) -> (NaiveDate, NaiveDate) {
    use RetirementGroup::{Men, Women50, Women55};
    let (first, last) = match (sex.into(), group) {
        (Some(Sex::Male), _) | (None, Some(Men)) => (Men, Men),
        (_, Some(group @ (Women50 | Women55))) => (group, group),
        (Some(Sex::Female), _) => (Women50, Women55),
        (None, None) => (Women50, Men),
    };
    (retirement_day(first, birth), retirement_day(last, birth))
}

/// A public-welfare post lasts three years at most, unless retirement is less than five years away (domain.md §5).
pub const PUBLIC_WELFARE_TERM_MONTHS: u16 = 36;
const NEAR_RETIREMENT_MONTHS: u32 = 60;

/// Whether retirement is less than five years away on a day; `None` where the range leaves it open.
#[must_use]
pub fn is_near_retirement((first, last): (NaiveDate, NaiveDate), on: NaiveDate) -> Option<bool> {
    let soon = months_later(on, NEAR_RETIREMENT_MONTHS);
    match (first < soon, last < soon) {
        (true, true) => Some(true),
        (false, false) => Some(false),
        _ => None,
    }
}

/// The day `months` later; the month's last day where it is shorter. Saturates at the end of the calendar.
#[must_use]
pub fn months_later(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

fn day_after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}
