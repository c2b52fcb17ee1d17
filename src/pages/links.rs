//! Where a number leads: the list behind it. The only place that knows the addresses.

use chrono::NaiveDate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
pub const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const FIRST_ADMINISTRATOR: &str = "/first-administrator";
pub const RESET: &str = "/reset";
pub const ACCOUNT: &str = "/account";
pub const REASON: &str = "/reason";
pub const COVERAGE: &str = "/coverage";
pub const COVERAGE_HOUSEHOLDS: &str = "/coverage/households";
pub const COVERAGE_PEOPLE: &str = "/coverage/people";
pub const COVERAGE_POSTINGS: &str = "/coverage/postings";
pub const GAP: &str = "/gap";
pub const PLANS: &str = "/plans";
pub const FAIRNESS: &str = "/fairness";
pub const MONTHLY: &str = "/monthly";
pub const EXPORTS: &str = "/exports";
pub const REPORTS: &str = "/reports";
pub const DESIGN: &str = "/design";
pub const VACANCIES: &str = "/vacancies";

/// A value as it stands in a query.
#[must_use]
pub fn encoded(value: &str) -> String {
    utf8_percent_encode(value, UNRESERVED).to_string()
}

/// An address with parameters.
#[must_use]
pub fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (at, (name, value)) in pairs.iter().enumerate() {
        address.push(if at == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.extend(utf8_percent_encode(value, UNRESERVED));
    }
    address
}

/// The households behind a figure of a day.
#[must_use]
pub fn households(as_of: NaiveDate, filters: &[(&str, &str)]) -> String {
    of_day(COVERAGE_HOUSEHOLDS, as_of, filters)
}

/// A plan, or a page of one.
#[must_use]
pub fn plan(id: i64, part: &str) -> String {
    format!("{PLANS}/{id}{part}")
}

/// The public page of a vacancy.
#[must_use]
pub fn vacancy(id: i64) -> String {
    format!("{VACANCIES}/{id}")
}

/// A report, or a page of one.
#[must_use]
pub fn report(id: i64, part: &str) -> String {
    format!("{REPORTS}/{id}{part}")
}

/// The people behind a figure of a day.
#[must_use]
pub fn people(as_of: NaiveDate, filters: &[(&str, &str)]) -> String {
    of_day(COVERAGE_PEOPLE, as_of, filters)
}

/// A page of a day.
#[must_use]
pub fn of_day(path: &str, as_of: NaiveDate, filters: &[(&str, &str)]) -> String {
    let day = as_of.to_string();
    let pairs: Vec<(&str, &str)> = [("as_of", day.as_str())].into_iter().chain(filters.iter().copied()).collect();
    with(path, &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_name_cannot_add_a_parameter() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(
            households(day, &[("state", "covered"), ("key", "网格&a=1")]),
            "/coverage/households?as_of=2026-11-23&state=covered&key=%E7%BD%91%E6%A0%BC%26a%3D1"
        );
    }
}
