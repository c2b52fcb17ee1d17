//! Whom the requirements of a posting shut out, for the people who write postings: counts and sentences, nothing personal.
//!
//! Computed from the records of the moment, nothing is stored. Cost: one snapshot and a few milliseconds.

use chrono::NaiveDate;

use super::error::AppError;
use super::postings::PostingFields;
use super::recommendations::Source;
use super::skills;
use super::snapshot::{self, DRAFT, Draft, FullPostings, Loaded, Scope};
use crate::db::Db;
use crate::domain::text::Text;
use crate::engine::ENGINE_VERSION;
pub use crate::engine::diagnose::Seekers;
use crate::engine::diagnose::{Asked, diagnose};
pub use crate::engine::plan::change::Relax;
use crate::engine::words::{Names as _, what_ifs};

/// What one requirement shuts out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// A gate's code, or `skill` or `certificate` for a single one asked.
    pub code: &'static str,
    pub label: Text,
    pub any: Seekers,
    pub alone: Seekers,
}

/// A requirement relaxed, and the candidates it adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxed {
    pub relax: Relax,
    pub code: &'static str,
    pub text: Text,
    pub adds: Seekers,
    pub opens_households: u64,
}

/// A posting's diagnosis with names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub source: Source,
    pub seekers: Seekers,
    pub candidates: Seekers,
    pub requirements: Vec<Share>,
    pub asked: Vec<Share>,
    pub relaxations: Vec<Relaxed>,
}

impl Found {
    /// The counts as a company may see them: multiples of `step`, rounded down, so that no difference of two of them is a
    /// group smaller than that; nothing of households.
    #[must_use]
    pub fn for_outsiders(mut self, step: u64) -> Self {
        let coarse = |count: &mut Seekers| {
            *count = Seekers { all: count.all / step.max(1) * step, of_uncovered: 0, households: 0 };
        };
        coarse(&mut self.seekers);
        coarse(&mut self.candidates);
        for share in self.requirements.iter_mut().chain(&mut self.asked) {
            coarse(&mut share.any);
            coarse(&mut share.alone);
        }
        for relaxed in &mut self.relaxations {
            coarse(&mut relaxed.adds);
            relaxed.opens_households = 0;
        }
        self
    }
}

/// Diagnoses a posting.
///
/// # Errors
/// `NotFound` for a posting that is not published.
pub fn diagnosis(db: &Db, posting: i64, as_of: NaiveDate) -> Result<Found, AppError> {
    let loaded = db.read(|conn| snapshot::load(conn, db.keys(), as_of))?;
    found(&loaded, posting)
}

/// Diagnoses a posting nobody has stored: what somebody is typing.
///
/// # Errors
/// If the database fails.
pub fn of_draft(db: &Db, fields: &PostingFields, as_of: NaiveDate) -> Result<Found, AppError> {
    let loaded = db.read(|conn| {
        let names = skills::Names::load(conn)?;
        let draft = Draft::new(fields, |name| names.meaning(name));
        snapshot::load_with(conn, Some(db.keys()), as_of, FullPostings::Closed, Scope::WithDraft(&draft))
    })?;
    found(&loaded, DRAFT)
}

fn found(loaded: &Loaded, posting: i64) -> Result<Found, AppError> {
    let index = loaded.posting_index(posting).ok_or(AppError::NotFound)?;
    let found = diagnose(&loaded.snapshot, index);
    let names = &loaded.names;
    let requirements = found.gates.iter().map(|share| Share {
        code: share.gate.code(),
        label: share.gate.label().into(),
        any: share.any,
        alone: share.alone,
    });
    let asked = found.asked.iter().map(|share| {
        let (code, label) = match share.asked {
            Asked::Skill { skill, .. } => ("skill", names.skill(skill)),
            Asked::Certificate(name) => ("certificate", names.name(name)),
        };
        Share { code, label, any: share.any, alone: share.alone }
    });
    let relaxations = found.relaxations.iter().map(|relaxation| Relaxed {
        relax: relaxation.relax,
        code: relaxation.relax.code(),
        text: what_ifs::relax_text(&relaxation.relax, names),
        adds: relaxation.adds,
        opens_households: relaxation.opens_households,
    });
    Ok(Found {
        source: Source {
            as_of: loaded.as_of,
            policy_version: loaded.snapshot.policy().version(),
            engine_version: ENGINE_VERSION,
            input_hash: loaded.input_hash.clone(),
        },
        seekers: found.seekers,
        candidates: found.candidates,
        requirements: requirements.collect(),
        asked: asked.collect(),
        relaxations: relaxations.collect(),
    })
}
