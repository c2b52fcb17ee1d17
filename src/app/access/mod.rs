//! Who asks, for what, and how far that person's reach goes.
//!
//! Invariant: a [`Caller`] is read from the database for every request, so a change of role or scope and a disabled account
//! take effect on the next one. An [`Act`] is made only where the policy allowed it.

pub mod caller;

pub use caller::{Act, Caller, Grant, Object, ObjectKind};
