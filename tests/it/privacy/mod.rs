//! Consent and privacy over HTTP and on the tables.

mod cards;
mod consents;
mod introductions;
mod published;
mod retention;
mod rights;
pub mod town;

use wangjia::app::access::{Act, ObjectKind};

/// Whoever runs the day's retention at the command line.
fn sweeper() -> Act {
    Act::of_operator("change", ObjectKind::Service, "privacy retention")
}
