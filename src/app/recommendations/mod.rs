//! Recommendations as a use case: read a snapshot, release the connection, compute, say why; store a run for everybody.
//!
//! Invariant: every recommendation shown or stored comes from the engine's one scoring function and carries the policy version,
//! the engine version and the hash of what was read. A person who asked for no automated recommendation (law.md R6) is in no
//! automatic list; a counselor can still ask for that person. Cost: one snapshot (about a second for a community), then
//! microseconds a pair.

mod help;
mod run;

use chrono::NaiveDate;

pub use self::help::{Help, for_card};
pub(in crate::app) use self::run::recommendation;
pub use self::run::{RunSummary, caveat_code, run_all};
use crate::app::error::AppError;
use crate::app::snapshot::{self, Loaded, PostingName, ResidentName};
use crate::db::Db;
use crate::db::recommendations as rows;
use crate::domain::text::Text;
use crate::engine::ENGINE_VERSION;
use crate::engine::explain::{Explanation, explain};
pub use crate::engine::gates::Gate;
use crate::engine::gates::{GATES, N_GATES};
pub use crate::engine::recommend::Order;
use crate::engine::recommend::{recommend_for_posting, recommend_for_resident};
pub use crate::engine::score::Part;
use crate::engine::words;
pub use crate::engine::words::Mark;

/// Postings proposed to one resident.
#[derive(Clone, Debug)]
pub struct ResidentAnswer {
    pub source: Source,
    pub resident: ResidentName,
    pub n_postings: u64,
    pub n_eligible: u64,
    /// How many postings each gate bars; a posting barred by three gates counts in three.
    pub barred: Vec<(Gate, u64)>,
    /// How many postings each gate is the first to bar: these and the eligible ones add up to all.
    pub barred_first: Vec<(Gate, u64)>,
    /// Best first.
    pub best: Vec<Proposed>,
}

/// Residents proposed to one posting.
#[derive(Clone, Debug)]
pub struct PostingAnswer {
    pub source: Source,
    pub posting: PostingName,
    pub order: Order,
    pub n_residents: u64,
    pub n_eligible: u64,
    /// How many residents each gate bars; a resident barred by three gates counts in three.
    pub barred: Vec<(Gate, u64)>,
    /// In the order asked for.
    pub best: Vec<Proposed>,
}

/// What an answer was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub as_of: NaiveDate,
    pub policy_version: i64,
    pub engine_version: &'static str,
    pub input_hash: String,
}

/// One explained pair of a list.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// 1 = first of the list.
    pub rank: usize,
    pub resident: ResidentName,
    pub posting: PostingName,
    pub household_uncovered: bool,
    pub explanation: Explanation,
    /// The facts in one line.
    pub summary: Text,
    /// Everything there is to say, a sentence each.
    pub sentences: Vec<Text>,
    /// The reasons alone, each with what it says of the pair.
    pub reasons: Vec<(Mark, Text)>,
    /// The one change that would help the pair most.
    pub change: Option<Text>,
    /// The same by itself, for who says the figure another way.
    pub gain: Option<Gain>,
}

/// A change that would help a pair, and what it would bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gain {
    pub change: Text,
    /// The pair could be recommended then.
    pub opens: bool,
    /// Suitability then, of 10,000.
    pub points: u16,
}

/// The best `k` postings for a resident.
pub fn for_resident(db: &Db, resident: i64, k: usize, as_of: NaiveDate) -> Result<ResidentAnswer, AppError> {
    let loaded = load(db, as_of)?;
    let r = loaded.resident_index(resident).ok_or(AppError::NotFound)?;
    Ok(answer(&loaded, r, k))
}

fn answer(loaded: &Loaded, r: usize, k: usize) -> ResidentAnswer {
    let list = recommend_for_resident(&loaded.snapshot, r, k);
    let best = list.best.iter().zip(1..).map(|(proposal, rank)| proposed(loaded, r, proposal.posting, rank)).collect();
    ResidentAnswer {
        source: source(loaded),
        resident: loaded.names.residents[r].clone(),
        n_postings: list.n_postings,
        n_eligible: list.n_eligible,
        barred: histogram(&list.barred.any),
        barred_first: histogram(&list.barred.first),
        best,
    }
}

/// The best `k` residents for a posting. `Order::HouseholdFirst` is for counselors, `Order::Pure` for companies.
/// Of the residents in these areas; `None` = of all.
pub fn for_posting(
    db: &Db,
    posting: i64,
    k: usize,
    order: Order,
    as_of: NaiveDate,
    within: Option<&[i64]>,
) -> Result<PostingAnswer, AppError> {
    let loaded = db.read(|conn| snapshot::load_within(conn, db.keys(), as_of, within))?;
    let p = loaded.posting_index(posting).ok_or(AppError::NotFound)?;
    // People outside automatic lists are dropped after ranking, so that many more are ranked.
    let list = recommend_for_posting(&loaded.snapshot, p, k + loaded.names.no_automation.len(), order);
    let shown = list.best.iter().filter(|candidate| !loaded.names.no_automation.contains(&candidate.resident));
    let best = shown.take(k).zip(1..).map(|(candidate, rank)| proposed(&loaded, candidate.resident, p, rank)).collect();
    Ok(PostingAnswer {
        source: source(&loaded),
        posting: loaded.names.postings[p].clone(),
        order,
        n_residents: list.n_residents,
        n_eligible: list.n_eligible,
        barred: histogram(&list.barred.any),
        best,
    })
}

/// Why this resident and this posting fit, or why not.
pub fn for_pair(db: &Db, resident: i64, posting: i64, as_of: NaiveDate) -> Result<(Source, Proposed), AppError> {
    let (source, mut pairs) = for_pairs(db, resident, &[posting], as_of)?;
    Ok((source, pairs.pop().ok_or(AppError::NotFound)?))
}

/// Why this resident and each of these postings fit, or why not, from one look at the records.
///
/// # Errors
/// `NotFound` if the resident, or one of the postings, is not there.
pub fn for_pairs(
    db: &Db,
    resident: i64,
    postings: &[i64],
    as_of: NaiveDate,
) -> Result<(Source, Vec<Proposed>), AppError> {
    let loaded = load(db, as_of)?;
    let r = loaded.resident_index(resident).ok_or(AppError::NotFound)?;
    let pair = |posting: &i64| {
        let p = loaded.posting_index(*posting).ok_or(AppError::NotFound)?;
        Ok(proposed(&loaded, r, p, 1))
    };
    let pairs: Result<Vec<Proposed>, AppError> = postings.iter().map(pair).collect();
    Ok((source(&loaded), pairs?))
}

fn load(db: &Db, as_of: NaiveDate) -> Result<Loaded, AppError> {
    db.read(|conn| snapshot::load(conn, db.keys(), as_of))
}

fn source(loaded: &Loaded) -> Source {
    Source {
        as_of: loaded.as_of,
        policy_version: loaded.snapshot.policy().version(),
        engine_version: ENGINE_VERSION,
        input_hash: loaded.input_hash.clone(),
    }
}

fn proposed(loaded: &Loaded, r: usize, p: usize, rank: usize) -> Proposed {
    let explanation = explain(&loaded.snapshot, r, p);
    Proposed {
        rank,
        resident: loaded.names.residents[r].clone(),
        posting: loaded.names.postings[p].clone(),
        household_uncovered: loaded.snapshot.household_of(r).uncovered,
        summary: words::summary(&explanation, &loaded.names),
        sentences: words::sentences(&explanation, &loaded.names),
        reasons: words::reasons(&explanation, &loaded.names),
        change: words::best_change(&explanation, &loaded.names),
        gain: explanation.best_change.as_ref().map(|best| Gain {
            change: words::change(&best.change, &loaded.names),
            opens: best.opens,
            points: best.score,
        }),
        explanation,
    }
}

fn histogram(counts: &[u64; N_GATES]) -> Vec<(Gate, u64)> {
    GATES.iter().map(|spec| (spec.gate, counts[spec.gate.index()])).filter(|(_, n)| *n > 0).collect()
}

/// The resident a demonstration shows: everything is known about the first proposal, and it is the most suitable of those.
pub fn resident_to_show(db: &Db, run: i64) -> Result<Option<i64>, AppError> {
    Ok(db.read(|conn| rows::best_served(conn, run))?)
}
