//! The fuzz targets' functions and the files they start from; the tests of the service call each function with every such file.
//!
//! `cargo install cargo-fuzz`, then `cargo run -p wangjia-fuzz` writes the files and `cargo +nightly fuzz run TARGET` begins.

#[path = "../../tests/it/ledger/corpus.rs"]
pub mod corpus;
mod promises;
mod start;
#[path = "../../tests/it/ledger/xls.rs"]
pub mod xls;

pub use promises::{TARGETS, numbers, phrases, sheet_xml, text, xls, xls_records, xlsx};
pub use start::seeds;
