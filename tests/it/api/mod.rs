//! The API over HTTP, on both databases.

pub mod app;
mod document;
mod fence;
mod households;
mod idempotency;
mod jobs;
mod postings;
mod protocol;
mod residents;
mod vocabulary;
