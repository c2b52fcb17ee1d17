//! Pure computation: vocabulary, similarity, suitability, recommendation.
//!
//! Suitability is one function with two stages: [`gates`] decide whether a pair is possible at all, [`score`] says in integer points how
//! well it suits. [`profile`] prepares both for a whole town, [`recommend`] ranks, [`explain`] and [`words`] tell people why.

pub mod diagnose;
pub mod explain;
pub mod facts;
pub mod gates;
pub mod input;
pub mod normalise;
pub mod plan;
pub mod policy;
pub mod profile;
pub mod recommend;
pub mod score;
pub mod similarity;
pub mod vocabulary;
pub mod words;

/// Version of the rules of scoring: a stored score is compared only with scores of the same version. Raise it with every
/// change that can move a gate or a point.
pub const ENGINE_VERSION: &str = "1";
