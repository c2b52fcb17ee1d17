//! Tests of the scoring part.
