//! Use cases: the only layer that sees `db`, `ledger` and `engine`.
//!
//! Invariant: a use case takes a connection inside a transaction somebody else opened, or a [`Db`] if it orders its own;
//! it reads no clock: now and today are passed in.

pub mod coverage;
pub mod error;
pub mod idempotency;
pub mod jobs;
pub mod numbers;
pub mod policies;
pub mod recommendations;
pub mod settings;
pub mod setup;
pub mod snapshot;
pub mod vocabulary;

pub use crate::db::{AnyConnection as Connection, Db};

use crate::db::seal::IndexField;

/// Keyed hash of what is not stored, in hexadecimal: tells whether this installation made it.
#[must_use]
pub fn keyed_hash(db: &Db, bytes: &[u8]) -> String {
    db.keys().index(IndexField::Cursor, bytes).to_hex()
}
