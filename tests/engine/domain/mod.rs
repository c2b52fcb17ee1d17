//! Tests of the domain part: golden values on both sides of every edge, and properties.

use chrono::NaiveDate;

mod ages;
mod coverage;
mod coverage_properties;
mod credit_code;
mod employability;
mod resident_id;

/// A day written as people write it, `2026-11-23`.
#[expect(clippy::unwrap_used, reason = "a test with a wrong date must stop")]
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
