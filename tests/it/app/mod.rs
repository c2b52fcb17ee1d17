//! Tests of the use cases: coverage, recommendations, the demo's database.

mod coverage;
mod demo;
mod occupations;
mod recommendations;
mod vocabulary;
