//! Tests of the domain part.
