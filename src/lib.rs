//! Wangjia (旺家): employment matching and household coverage for relocation communities.

pub mod domain;
pub mod engine;

#[cfg(feature = "server")]
pub mod api;
#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod db;
#[cfg(feature = "server")]
pub mod ledger;
#[cfg(feature = "server")]
pub mod pages;
#[cfg(feature = "server")]
pub mod telemetry;
#[cfg(feature = "server")]
pub mod town;
