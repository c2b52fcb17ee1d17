//! Tests of the domain part: golden values on both sides of every edge, and properties.

use chrono::NaiveDate;

mod advert;
mod ages;
mod corpus;
mod coverage;
mod coverage_properties;
mod credit_code;
mod employability;
mod fold;
mod money;
mod posting_columns;
mod posting_law;
mod resident_id;
mod small_cells;
mod statutory;
mod visit_plan;
mod work_limits;

/// A day written as people write it, `2026-11-23`.
#[expect(clippy::unwrap_used, reason = "a test with a wrong date must stop")]
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
