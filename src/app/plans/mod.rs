//! Plans as a use case: propose, verify, store, adopt; who should get which vacancy so that the most households have work.
//!
//! A plan is immutable and has a parent, the plan in force when it was made. [`propose()`] reads a snapshot, releases the
//! connection, solves exactly ([`crate::engine::plan`]), compares with rules of thumb, finds out why each household that is left
//! stays uncovered and what would close the gap, and stores what the certificate accepts, in one transaction. [`adopt`] is
//! compare-and-set; it puts the placements into counselors' hands as a recommendation run, and a person decides each one. [`verify`]
//! checks a stored plan again, from the rows of today where they are still those it was made from.
//!
//! Invariants: nothing of a plan that is not proved is stored; at most one plan is in force; whoever was offered a place keeps it
//! ([`mod@claims`]); people who asked for no automated recommendation (law.md R6) are in no plan unless a counselor pins them or an employer
//! has offered them a place.
//!
//! Cost: one snapshot and one solve for the plan; one more solve for each standing decision (its cost is exact, never estimated)
//! and for each change that is worth a look ([`mod@gap`]). No list of all eligible pairs is ever held.

pub mod adopt;
pub mod amount;
mod claims;
pub mod decision;
mod diff;
pub mod evidence;
pub mod gap;
pub mod pins;
mod propose;
mod reasons;
mod store;
mod tenant;
mod terms;
pub mod training;
pub mod verify;
pub mod view;
pub mod what_if;
mod worth;

pub use self::propose::{Proposal, propose, propose_without_gaps};
pub use self::worth::Worth;
