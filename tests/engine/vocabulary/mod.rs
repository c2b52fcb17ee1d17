//! Tests of the vocabulary: the built-in tables, what names resolve to, what must not, and the table of points.

mod builtin;
