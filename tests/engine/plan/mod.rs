//! The planner against every assignment there is, against another solver, and against itself.

mod adversarial;
mod baseline;
mod brute_force;
mod failures;
mod metamorphic;
mod objective;
mod oracle;
mod support;
mod town;
mod training;
mod uncovered;
mod what_if;
mod words;
