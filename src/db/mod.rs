//! Rows: connection, transactions, sealing, and one file per table group. Knows neither spreadsheets nor the engine.

pub mod schema;
