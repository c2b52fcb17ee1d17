//! Tests of the service on real databases.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod access;
mod accounts;
mod api;
mod app;
mod audit;
mod backup;
mod clock;
mod commands;
mod concerns;
mod db;
mod due;
mod events;
mod follow_ups;
mod handed_in;
mod imports;
mod keys;
mod layering;
mod ledger;
mod ledgers;
mod pages;
mod plan_files;
mod plans;
mod privacy;
mod referrals;
mod reports;
mod simulate;
mod support;
mod telemetry;
mod town;
mod training;
mod visits;
