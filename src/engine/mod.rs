//! Pure computation: vocabulary, similarity, suitability, recommendation.

pub mod input;
pub mod normalise;
pub mod similarity;
pub mod vocabulary;
