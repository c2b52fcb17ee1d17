//! Pure rules and values: ids, ages, employability, household coverage, posting law, money, area. No I/O, no clock.

pub mod ages;
pub mod care;
pub mod codes;
pub mod coverage;
pub mod credit_code;
pub mod employability;
pub mod resident_id;
pub mod text;
pub mod week;
