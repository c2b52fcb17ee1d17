//! The official's workbench: how many, where, why not, what would help.

mod coverage;
mod gap;
mod lists;
mod monthly;
mod plans;
pub mod support;
mod transparency;
