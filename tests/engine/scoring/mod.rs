//! Tests of gates, factors, the pair kernel, lists, explanations and sentences.

mod diagnose;
mod explain;
mod factors;
mod gates;
mod properties;
mod recommend;
mod reference;
pub mod support;
mod words;
