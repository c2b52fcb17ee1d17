//! Pure rules and values: ids, ages, employability, household coverage, posting law, money, area. No I/O, no clock.

pub mod codes;
pub mod text;
pub mod week;
