//! Tests of the pure part; compiled without the `server` feature.

mod domain;
mod plan;
mod scoring;
mod vocabulary;
