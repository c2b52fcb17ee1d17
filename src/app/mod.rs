//! Use cases: the only layer that sees `db`, `ledger` and `engine`.
