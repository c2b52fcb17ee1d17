//! Pure computation: vocabulary, similarity, suitability, recommendation.

pub mod input;
pub mod similarity;
