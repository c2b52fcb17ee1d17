//! What do the words of an advertisement say: wage, age limits, hours, places?
//!
//! Advertisements are written for people: `4千及以下`, `女18-45岁、男18-50岁,能力突出者可放宽`, `8:00-17:30，单休`. Each reader turns one
//! such text into structure. Invariants: what a text does not state is `None` and never a guess; what a reader does not understand is
//! handed back in [`Parsed::unread`], to be shown to a person. Readers never panic; cost: linear in the text, which callers bound.

pub mod age;
mod age_table;
mod age_words;
pub mod headcount;
mod scan;
pub mod shift;
mod shift_clock;
mod shift_words;
pub mod wage;
mod wage_table;
mod wage_words;
pub mod weekdays;

pub use scan::{numeral, plain};

/// What a text says, and the words of it that were not understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed<T> {
    pub said: T,
    /// As compared ([`super::fold::fold`]), in the order of the text.
    pub unread: Vec<String>,
}
