//! Rows: connection, transactions, sealing, and one file per table group. Knows neither spreadsheets nor the engine.
//!
//! Invariants:
//! - one set of queries serves SQLite and PostgreSQL ([`connection::AnyConnection`]);
//! - every write runs in [`Db::write`], which takes the write lock before it reads, so nothing read there can be stale;
//! - every read of more than one statement runs in [`Db::read`], which sees one moment of the database and cannot write;
//! - columns named `*_cipher` hold [`seal::Sealed`] and columns named `*_index` hold [`seal::BlindIndex`]: plain text does
//!   not fit their types;
//! - no list is ordered by text, because the two databases may collate differently.

pub mod access;
pub mod accounts;
pub mod approvals;
pub mod areas;
pub mod audit;
pub mod barriers;
pub mod care;
pub mod codes;
pub mod concerns;
pub mod connection;
pub mod consents;
pub mod courses;
pub mod declines;
pub mod dump;
pub mod employers;
pub mod enrolments;
pub mod erasure;
pub mod error;
pub mod events;
pub mod follow_ups;
pub mod households;
pub mod idempotency;
pub mod imports;
pub mod introductions;
pub mod jobs;
pub mod keyring;
pub mod load;
pub mod memberships;
pub mod migrate;
pub mod notices;
pub mod occupations;
pub mod person;
pub mod plan_adoptions;
pub mod plan_lists;
pub mod plan_pins;
pub mod plans;
pub mod policies;
pub mod posting_lists;
pub mod postings;
pub mod recognitions;
pub mod recommendations;
pub mod recount;
pub mod referrals;
pub mod reseal;
pub mod resident_lists;
pub mod residents;
pub mod retention;
pub mod rows;
pub mod schema;
pub mod seal;
pub mod seal_stream;
pub mod sessions;
pub mod settings;
pub mod skills;
pub mod snapshot;
pub mod spells;
pub mod steps;
pub mod training;
pub mod tx;
pub mod url;
pub mod visits;

pub use connection::AnyConnection;
pub use error::{DbError, DbResult};
pub use keyring::Keyring;
pub use rows::{Page, Stored, Versioned, now};
pub use tx::Db;
pub use url::DatabaseUrl;
