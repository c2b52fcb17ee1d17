//! Tests of the imports part.
