//! The counselor's pages as a telephone without JavaScript meets them, on both databases.

mod cards;
mod care;
mod courses;
mod due;
mod plan;
mod town;
mod visiting;
