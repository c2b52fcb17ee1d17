use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use wangjia::domain::ages::*;
use wangjia::domain::codes::{RetirementGroup, Sex};

use super::day;

#[test]
fn years_are_completed_on_the_birthday() {
    assert_eq!(completed_years(day("1980-06-15"), day("2026-06-14")), 45);
    assert_eq!(completed_years(day("1980-06-15"), day("2026-06-15")), 46);
    assert_eq!(completed_years(day("1980-02-29"), day("2026-02-28")), 45);
    assert_eq!(completed_years(day("1980-02-29"), day("2026-03-01")), 46);
    assert_eq!(completed_years(day("1980-02-29"), day("2028-02-29")), 48);
    assert_eq!(completed_years(day("2026-12-31"), day("2026-01-01")), -1);
}

#[test]
fn sixteen_is_reached_the_day_after_the_birthday() {
    assert_eq!(turns_16_on(day("2010-05-10")), day("2026-05-11"));
    assert_eq!(turns_16_on(day("2010-12-31")), day("2027-01-01"));
    assert_eq!(turns_16_on(day("2008-02-29")), day("2024-03-01"));
    assert_eq!(turns_16_on(day("2008-02-28")), day("2024-02-29"));
}

#[test]
fn nobody_under_sixteen_within_400_days_of_the_limit() {
    let birth = day("2010-05-10");
    let limit = day("2026-05-11");
    let mut on = limit - Days::new(400);
    while on <= limit + Days::new(400) {
        assert_eq!(is_of_working_age(birth, on), on >= limit, "{on}");
        on = on + Days::new(1);
    }
}

#[test]
fn labour_age_ends_the_day_before_the_sixtieth_birthday() {
    let ages = LabourAge::default();
    let birth = day("1966-11-23");
    assert!(!is_labour_age(birth, day("1982-11-23"), &ages));
    assert!(is_labour_age(birth, day("1982-11-24"), &ages));
    assert!(is_labour_age(birth, day("2026-11-22"), &ages));
    assert!(!is_labour_age(birth, day("2026-11-23"), &ages));
    // The 60th birthday of a leap day is 29 February 2028 or, for 61, 1 March 2029.
    assert_eq!(ages.last_day(day("1968-02-29")), day("2028-02-28"));
    assert_eq!(LabourAge { from: 16, to: 60 }.last_day(day("1968-02-29")), day("2029-02-28"));
    assert_eq!(LabourAge::new(15, 59), None);
    assert_eq!(LabourAge::new(40, 39), None);
    assert_eq!(LabourAge::new(16, 59), Some(ages));
}

#[test]
fn statistical_half_labour_goes_by_age_alone() {
    let on = day("2026-11-23");
    let born = |years: i32| on.with_year(on.year() - years).unwrap();
    for (sex, years, half) in [
        (Sex::Male, 15, false),
        (Sex::Male, 16, true),
        (Sex::Male, 17, true),
        (Sex::Male, 18, false),
        (Sex::Male, 50, false),
        (Sex::Male, 51, true),
        (Sex::Male, 60, true),
        (Sex::Male, 61, false),
        (Sex::Female, 16, true),
        (Sex::Female, 18, false),
        (Sex::Female, 45, false),
        (Sex::Female, 46, true),
        (Sex::Female, 55, true),
        (Sex::Female, 56, false),
    ] {
        assert_eq!(statistical_half_labour(sex, born(years), on), half, "{sex:?} {years}");
    }
}

#[test]
fn public_welfare_posts_take_16_to_69() {
    let birth = day("1956-11-23");
    assert!(is_public_welfare_age(birth, day("2026-11-22")));
    assert!(!is_public_welfare_age(birth, day("2026-11-23")));
    assert!(!is_public_welfare_age(day("2010-11-23"), day("2026-11-23")));
    assert!(is_public_welfare_age(day("2010-11-23"), day("2026-11-24")));
}

#[test]
fn minors_are_below_eighteen() {
    assert!(is_minor(day("2008-11-24"), day("2026-11-23")));
    assert!(!is_minor(day("2008-11-23"), day("2026-11-23")));
}

#[test]
fn retirement_vectors_of_the_published_tables() {
    use RetirementGroup::{Men, Women50, Women55};
    for (birth, group, delay, (year, month)) in [
        ("1964-12-15", Men, 0, (2024, 12)),
        ("1965-01-15", Men, 1, (2025, 2)),
        ("1965-04-15", Men, 1, (2025, 5)),
        ("1965-05-15", Men, 2, (2025, 7)),
        ("1965-12-15", Men, 3, (2026, 3)),
        ("1970-06-15", Men, 17, (2031, 11)),
        ("1976-08-15", Men, 35, (2039, 7)),
        ("1976-09-15", Men, 36, (2039, 9)),
        ("1990-01-15", Men, 36, (2053, 1)),
        ("1969-12-15", Women55, 0, (2024, 12)),
        ("1970-01-15", Women55, 1, (2025, 2)),
        ("1971-04-15", Women55, 4, (2026, 8)),
        ("1981-09-15", Women55, 36, (2039, 9)),
        ("1974-12-15", Women50, 0, (2024, 12)),
        ("1975-01-15", Women50, 1, (2025, 2)),
        ("1975-02-15", Women50, 1, (2025, 3)),
        ("1975-03-15", Women50, 2, (2025, 5)),
        ("1984-11-15", Women50, 60, (2039, 11)),
    ] {
        let birth = day(birth);
        assert_eq!(retirement_delay(group, birth), delay, "{birth} {group:?}");
        assert_eq!(retirement_month(group, birth), YearMonth { year, month }, "{birth} {group:?}");
    }
}

#[test]
fn an_unknown_group_gives_both_dates() {
    let birth = day("1976-10-31");
    assert_eq!(retirement_range(Sex::Male, None, birth), (day("2039-10-31"), day("2039-10-31")));
    let (first, last) = retirement_range(Sex::Female, None, birth);
    assert_eq!(first, retirement_day(RetirementGroup::Women50, birth));
    assert_eq!(last, retirement_day(RetirementGroup::Women55, birth));
    let women_55 = retirement_range(Sex::Female, Some(RetirementGroup::Women55), birth);
    assert_eq!(women_55, (last, last));
    // A group that contradicts the sex is not believed.
    assert_eq!(retirement_range(Sex::Male, Some(RetirementGroup::Women50), birth).0, day("2039-10-31"));
    assert_eq!(retirement_range(Sex::Female, Some(RetirementGroup::Men), birth), (first, last));
    assert_eq!(retirement_range(None, None, birth), (first, day("2039-10-31")));
}

#[test]
fn a_short_retirement_month_ends_on_its_last_day() {
    // Born 31 March 1965: 60 years and one month, April has 30 days.
    assert_eq!(retirement_day(RetirementGroup::Men, day("1965-03-31")), day("2025-04-30"));
    // Born 31 January 1965: February 2025 has 28 days.
    assert_eq!(retirement_day(RetirementGroup::Men, day("1965-01-31")), day("2025-02-28"));
}

fn births() -> impl Strategy<Value = NaiveDate> {
    (0u64..40_000).prop_map(|days| day("1930-01-01") + Days::new(days))
}

proptest! {
    #[test]
    fn who_is_born_later_never_retires_earlier(birth in births(), later in 0u64..800, group in 0usize..3) {
        let group = RetirementGroup::ALL[group];
        prop_assert!(retirement_day(group, birth) <= retirement_day(group, birth + Days::new(later)));
        let month = |days| retirement_delay(group, birth + Days::new(days));
        // From one birth month to the next the delay grows by a month at most.
        prop_assert!((0..=1).contains(&(month(28) - month(0))));
    }

    #[test]
    fn ages_agree_with_birthdays(birth in births(), years in 0u8..100) {
        let reached = birthday(birth, years);
        prop_assert_eq!(completed_years(birth, reached), i32::from(years));
        prop_assert_eq!(completed_years(birth, reached - Days::new(1)), i32::from(years) - 1);
        prop_assert_eq!(turns_16_on(birth), birthday(birth, 16) + Days::new(1));
    }

    #[test]
    fn labour_age_is_one_run_of_days(birth in births(), offset in 0u64..40_000) {
        let ages = LabourAge::default();
        let on = birth + Days::new(offset);
        prop_assert_eq!(is_labour_age(birth, on, &ages), ages.first_day(birth) <= on && on <= ages.last_day(birth));
        if is_labour_age(birth, on, &ages) {
            prop_assert!(is_of_working_age(birth, on) && (16..=59).contains(&completed_years(birth, on)));
        }
    }
}
