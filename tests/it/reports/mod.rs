//! Months as they are reported: frozen, signed, corrected, and recomputed by somebody else.

mod history;
mod month;
mod pages;
mod recount;
