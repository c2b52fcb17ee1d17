//! The planner against every assignment there is, against another solver, and against itself.

mod brute_force;
mod support;
