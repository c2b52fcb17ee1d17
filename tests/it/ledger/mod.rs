//! Tests of the ledger part.
