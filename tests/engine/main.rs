//! Tests of the pure part; compiled without the `server` feature.

mod domain;
mod scoring;
mod vocabulary;
