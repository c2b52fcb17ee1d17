//! Plans: proposed, proved, stored, adopted, compared; on both databases.

mod adopting;
mod command;
mod decisions;
mod jobs;
mod proposing;
mod town;
