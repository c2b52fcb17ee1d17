//! Where a number leads: the list behind it. The only place that knows the addresses.

use chrono::NaiveDate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const FIRST_ADMINISTRATOR: &str = "/first-administrator";
pub const RESET: &str = "/reset";
pub const ACCOUNT: &str = "/account";
pub const REASON: &str = "/reason";
pub const COVERAGE: &str = "/coverage";
pub const DESIGN: &str = "/design";
pub const DOCS: &str = "/docs/";
pub const HOUSEHOLDS: &str = "/api/v1/households";
pub const RESIDENTS: &str = "/api/v1/residents";
pub const POSTINGS: &str = "/api/v1/postings";

/// A value as it stands in a query.
#[must_use]
pub fn encoded(value: &str) -> String {
    utf8_percent_encode(value, UNRESERVED).to_string()
}

/// Coverage of a day, by grid.
#[must_use]
pub fn coverage(as_of: NaiveDate) -> String {
    format!("/api/v1/coverage?as_of={as_of}&by=grid")
}

/// The postings with a vacancy on a day.
#[must_use]
pub fn open_postings(as_of: NaiveDate) -> String {
    format!("{POSTINGS}?open_on={as_of}")
}

/// The households behind a figure of a day.
#[must_use]
pub fn households(as_of: NaiveDate, filters: &[(&str, &str)]) -> String {
    let mut address = format!("/api/v1/coverage/households?as_of={as_of}");
    for (name, value) in filters {
        address.push('&');
        address.push_str(name);
        address.push('=');
        address.extend(utf8_percent_encode(value, UNRESERVED));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_name_cannot_add_a_parameter() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(
            households(day, &[("state", "covered"), ("key", "网格&a=1")]),
            "/api/v1/coverage/households?as_of=2026-11-23&state=covered&key=%E7%BD%91%E6%A0%BC%26a%3D1"
        );
    }
}
