//! Tests of the service on real databases.

mod api;
mod app;
mod db;
mod imports;
mod ledger;
mod telemetry;
mod town;
