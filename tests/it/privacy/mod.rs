//! Consent and privacy over HTTP and on the tables.

mod cards;
mod consents;
mod introductions;
mod retention;
mod rights;
mod town;
