//! Plans: proposed, proved, stored, adopted, compared; on both databases.

mod adopting;
mod changes;
mod command;
mod decisions;
mod jobs;
mod proposing;
mod reasons;
mod referred;
pub mod town;
