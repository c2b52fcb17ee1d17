//! Tests of the vocabulary part.
