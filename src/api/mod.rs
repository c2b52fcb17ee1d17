//! HTTP: thin handlers over `app`. Extract, one call, convert.
//!
//! Map: [`routes`] is the one list of operations; [`error`] the one table of error codes; [`extract`], [`scalars`] and
//! [`json`] read requests strictly; [`once`] makes POSTs idempotent; [`guard`] surrounds every request; [`docs`] and
//! [`server`] publish and serve; every other file is one resource.

pub mod docs;
pub mod error;
pub mod extract;
pub mod guard;
pub mod health;
pub mod json;
pub mod once;
pub mod page;
pub mod routes;
pub mod scalars;
pub mod server;
pub mod state;
