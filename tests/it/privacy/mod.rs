//! Consent and privacy over HTTP and on the tables.

mod cards;
mod consents;
mod introductions;
mod published;
mod retention;
mod rights;
mod town;
