//! A run: the best postings for every resident, stored with what they were computed from.

use chrono::NaiveDate;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::source;
use crate::app::error::AppError;
use crate::app::snapshot::{self, Loaded};
use crate::db::recommendations::{self as rows, Recommendation, RunData};
use crate::db::{Db, now};
use crate::domain::text::Text;
use crate::engine::explain::{Caveat, Explanation, explain};
use crate::engine::recommend::recommend_all;

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    pub run: i64,
    pub source: super::Source,
    pub n_residents: u64,
    pub n_labourers: u64,
    pub n_postings: u64,
    /// Unfilled places of all published postings.
    pub n_vacancies: u64,
    pub n_pairs: u64,
    pub n_eligible: u64,
    pub n_recommendations: u64,
    /// Residents with at least one recommendation.
    pub n_served: u64,
}

/// Recommends the best `k` postings to every resident and stores them as one run. `progress` gets percent and words.
pub fn run_all(
    db: &Db,
    as_of: NaiveDate,
    k: usize,
    progress: &(dyn Fn(u8, Text) -> Result<(), AppError> + Sync),
) -> Result<RunSummary, AppError> {
    progress(5, Text::new("正在读取数据", "reading the data"))?;
    let loaded = db.read(|conn| snapshot::load(conn, db.keys(), as_of))?;
    progress(40, Text::new("正在匹配全部居民", "matching every resident"))?;
    let all = recommend_all(&loaded.snapshot, k);
    progress(60, Text::new("正在生成推荐理由", "explaining"))?;
    let mut recommendations: Vec<Recommendation> = all
        .best
        .par_iter()
        .enumerate()
        .filter(|(r, _)| !loaded.names.no_automation.contains(r))
        .flat_map_iter(|(r, list)| {
            let loaded = &loaded;
            list.iter().zip(1..).map(move |(proposal, rank)| recommendation(loaded, r, proposal.posting, rank))
        })
        .collect();
    progress(80, Text::new("正在保存", "storing"))?;
    let source = source(&loaded);
    let run = db.write(|conn| -> Result<i64, AppError> {
        let data = RunData {
            as_of,
            policy_version: source.policy_version,
            engine_version: source.engine_version.to_owned(),
            input_hash: source.input_hash.clone(),
            per_resident: i64::try_from(k).unwrap_or(i64::MAX),
            created_at: now(),
        };
        let run = rows::insert_run(conn, &data)?;
        for recommendation in &mut recommendations {
            recommendation.run_id = run;
        }
        rows::insert_all(conn, &recommendations)?;
        Ok(run)
    })?;
    let n_served = recommendations.iter().filter(|recommendation| recommendation.rank == 1).count() as u64;
    Ok(RunSummary {
        run,
        n_residents: loaded.snapshot.residents().len() as u64,
        n_labourers: loaded.n_labourers,
        n_postings: loaded.snapshot.postings().len() as u64,
        n_vacancies: loaded.snapshot.postings().iter().map(|posting| u64::from(posting.n_vacancies)).sum(),
        n_pairs: all.n_pairs,
        n_eligible: all.n_eligible,
        n_recommendations: recommendations.len() as u64,
        n_served,
        source,
    })
}

/// The row of a pair; its run is set when it is stored.
pub(in crate::app) fn recommendation(loaded: &Loaded, r: usize, p: usize, rank: i64) -> Recommendation {
    let explanation = explain(&loaded.snapshot, r, p);
    Recommendation {
        run_id: 0,
        resident_id: explanation.resident,
        posting_id: explanation.posting,
        rank,
        suitability: i64::from(explanation.points),
        parts: parts(&explanation).to_string(),
    }
}

/// The stored explanation: points of every factor (null = unknown) and the codes of the caveats. Nothing personal.
fn parts(explanation: &Explanation) -> Value {
    let points: Map<String, Value> = explanation
        .parts
        .iter()
        .map(|part| (part.factor.code().to_owned(), part.value.map_or(Value::Null, |_| part.points.into())))
        .collect();
    let caveats: Vec<String> = explanation.caveats.iter().map(caveat_code).collect();
    json!({"points": points, "caveats": caveats})
}

/// Stable code of a caveat.
#[must_use]
pub fn caveat_code(caveat: &Caveat) -> String {
    match caveat {
        Caveat::Unknown { gate, .. } => format!("unknown:{}", gate.code()),
        Caveat::PastRetirement { .. } => "past_retirement".to_owned(),
        Caveat::Minor { .. } => "minor".to_owned(),
        Caveat::WayTooLong { .. } => "way_too_long".to_owned(),
    }
}
