//! The pages as a person meets them: the real binary, a real database, a real browser.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod beginning;
mod browser;
mod coverage;
mod fields;
mod hostile;
mod journeys;
#[path = "../../../../benches/common/kinds.rs"]
mod kinds;
mod pictures;
mod quality;
mod site;
