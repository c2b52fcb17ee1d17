//! Pure rules and values: ids, ages, employability, household coverage, posting law, money, text. No I/O, no clock.

pub mod access;
pub mod ages;
pub mod care;
pub mod clock;
pub mod codes;
pub mod coverage;
pub mod credit_code;
pub mod due;
pub mod employability;
pub mod fold;
mod fold_table;
pub mod follow_up;
pub mod money;
pub mod posting_law;
pub mod privacy;
pub mod provinces;
pub mod referral;
pub mod resident_id;
pub mod small_cells;
pub mod spell_findings;
pub mod statutory;
pub mod tenure;
pub mod text;
pub mod training;
pub mod week;
pub mod work_limits;
