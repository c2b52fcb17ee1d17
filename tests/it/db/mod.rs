//! The database layer, on both databases.

pub mod fixtures;
mod lists;
mod migrations;
mod opening;
mod people;
mod places;
mod records;
pub mod schema;
mod sealing;
mod transactions;
