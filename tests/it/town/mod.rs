//! Tests of the town part.
