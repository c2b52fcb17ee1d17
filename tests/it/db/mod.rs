//! Tests of the db part.
