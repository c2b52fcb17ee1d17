//! Adopting: a plan becomes the one in force, and its placements recommendations in counselors' hands.
//!
//! What users may expect:
//! - Whoever adopts says which plan they believe to be in force; if it is another one, nothing happens. Of two who adopt at once
//!   exactly one succeeds.
//! - A plan can be adopted only while its parent is in force: its promises are the parent's, and adopting it over another plan would
//!   break that one's promises in silence.
//! - If the records have changed since the plan was made, or it was made for another day, it is adopted only if asked for expressly;
//!   placements that have become impossible since (also by a decision, an opting out, a place or a carer less) are then left out and
//!   counted.
//! - Adopting decides nothing about anybody: the placements become a recommendation run, one posting a resident, scored and
//!   explained from the records of today.
//!
//! Cost: one snapshot, two for a plan of another day, outside the transaction: what changes in the moment between is found when
//! somebody looks at the recommendation. The transaction itself inserts one row per placement.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};

use super::terms::{Basis, Under};
use crate::app::Connection;
use crate::app::error::{AppError, Refusal};
use crate::app::recommendations::recommendation;
use crate::db::plan_adoptions::{self, AdoptionData};
use crate::db::plans::placements::PlacementRow;
use crate::db::recommendations::{self as runs, Recommendation, RunData};
use crate::db::{AnyConnection, Db, DbError, plans, rows};
use crate::engine::ENGINE_VERSION;
use crate::engine::plan::pairs::Scan;
use crate::engine::plan::{Pair, Pairs};

/// What adopting a plan would write, computed before the transaction.
pub struct Prepared {
    plan: i64,
    parent: Option<i64>,
    unchanged: bool,
    run: RunData,
    recommendations: Vec<Recommendation>,
    n_impossible: usize,
}

/// Who adopts, and what they know.
#[derive(Clone, Debug)]
pub struct Adopt {
    /// The plan believed to be in force; `None` = none.
    pub expected_current: Option<i64>,
    /// Adopt although the records have changed since the plan was made.
    pub accept_changed_records: bool,
    pub adopted_by: String,
}

/// An adoption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    pub plan: i64,
    pub previous: Option<i64>,
    pub run: i64,
    pub adopted_at: NaiveDateTime,
    pub adopted_by: String,
    pub n_recommended: usize,
    /// Placements that have become impossible since the plan was made.
    pub n_impossible: usize,
    /// Whether the records are those the plan was made from.
    pub unchanged: bool,
}

/// Reads the records of today and makes the recommendations of a plan's placements.
///
/// # Errors
/// `NotFound`.
pub fn prepare(db: &Db, plan: i64, today: NaiveDate) -> Result<Prepared, AppError> {
    let (row, placements, made_from, basis) = db.read(|conn| -> Result<_, AppError> {
        let row = plans::get(conn, plan)?;
        let placements = plans::placements::of_plan(conn, plan)?;
        let load =
            |conn: &mut AnyConnection, day| Basis::load(conn, db.keys(), day, row.data.parent_id, &Under::Standing);
        let made_from = load(conn, row.data.as_of)?;
        // A plan of another day is looked at with the eyes of today, too.
        let basis = if row.data.as_of == today { None } else { Some(load(conn, today)?) };
        Ok((row, placements, made_from, basis))
    })?;
    let unchanged = basis.is_none() && made_from.faults.is_empty() && made_from.input_hash == row.data.input_hash;
    let basis = basis.unwrap_or(made_from);
    let loaded = &basis.loaded;
    let possible = possible(&basis, &placements);
    let recommendations: Vec<Recommendation> =
        possible.iter().map(|pair| recommendation(loaded, pair.resident as usize, pair.posting as usize, 1)).collect();
    Ok(Prepared {
        plan,
        parent: row.data.parent_id,
        unchanged,
        run: RunData {
            as_of: loaded.as_of,
            policy_version: loaded.snapshot.policy().version(),
            engine_version: ENGINE_VERSION.to_owned(),
            input_hash: loaded.input_hash.clone(),
            per_resident: 1,
            created_at: rows::now(),
        },
        n_impossible: placements.len() - recommendations.len(),
        recommendations,
    })
}

/// The placements that could still be made, all of them together, in the plan's order: both are there, the pair is eligible and nobody
/// forbade it, the resident may be in a plan and is not bound for another posting, and neither the places nor what care leaves of the
/// household are used up. What is pinned or offered by now takes its place first.
fn possible(basis: &Basis, placements: &[PlacementRow]) -> Vec<Pair> {
    let pairs = basis.pairs(&basis.terms);
    let mut scan = pairs.scan();
    let forbidden: HashSet<&Pair> = basis.terms.forbidden().iter().collect();
    let mut places = basis.terms.vacancies().to_vec();
    let mut limits: Vec<u32> = basis.terms.households().iter().map(|household| household.limit).collect();
    let (mut held, mut bound) = (HashSet::new(), HashSet::new());
    for pin in basis.terms.pins() {
        let (place, limit) = (&mut places[pin.posting as usize], &mut limits[basis.home(pin.resident)]);
        if *place > 0 && *limit > 0 {
            (*place, *limit) = (*place - 1, *limit - 1);
            held.insert(*pin);
        }
        bound.insert(pin.resident);
    }
    let mut found = Vec::with_capacity(placements.len());
    for row in placements {
        let Some(pair) = basis.pair(row.resident_id, row.posting_id) else { continue };
        if forbidden.contains(&pair) || scan.suitability(pair.resident as usize, pair.posting as usize).is_none() {
            continue;
        }
        let (place, limit) = (&mut places[pair.posting as usize], &mut limits[basis.home(pair.resident)]);
        if held.contains(&pair) {
            found.push(pair);
        } else if !bound.contains(&pair.resident) && *place > 0 && *limit > 0 {
            (*place, *limit) = (*place - 1, *limit - 1);
            found.push(pair);
        }
    }
    found
}

/// Adopts. Part of the caller's write transaction.
///
/// # Errors
/// Refused if another plan is in force than expected, if the plan is in force already, if its parent no longer is, or if the
/// records have changed and that was not accepted.
pub fn adopt(
    conn: &mut Connection,
    prepared: &Prepared,
    adopt: &Adopt,
    now: NaiveDateTime,
) -> Result<Adoption, AppError> {
    let current = plan_adoptions::current(conn)?;
    let in_force = current.as_ref().map(|adoption| adoption.data.plan_id);
    if in_force == Some(prepared.plan) {
        return Err(Refusal::PlanAdopted.into());
    }
    if in_force != adopt.expected_current {
        return Err(Refusal::PlanNotCurrent.into());
    }
    if in_force != prepared.parent {
        return Err(Refusal::PlanSuperseded.into());
    }
    if !prepared.unchanged && !adopt.accept_changed_records {
        return Err(Refusal::PlanRecordsChanged.into());
    }
    let run = runs::insert_run(conn, &RunData { created_at: now, ..prepared.run.clone() })?;
    let rows: Vec<Recommendation> =
        prepared.recommendations.iter().map(|row| Recommendation { run_id: run, ..row.clone() }).collect();
    runs::insert_all(conn, &rows)?;
    let data = AdoptionData {
        turn: current.map_or(0, |adoption| adoption.data.turn) + 1,
        plan_id: prepared.plan,
        previous_plan_id: in_force,
        run_id: run,
        adopted_at: now,
        adopted_by: adopt.adopted_by.clone(),
    };
    match plan_adoptions::insert(conn, &data) {
        Ok(_) => {}
        // Somebody else took this turn.
        Err(DbError::Conflict(_)) => return Err(Refusal::PlanNotCurrent.into()),
        Err(error) => return Err(error.into()),
    }
    Ok(Adoption {
        plan: prepared.plan,
        previous: in_force,
        run,
        adopted_at: now,
        adopted_by: data.adopted_by,
        n_recommended: rows.len(),
        n_impossible: prepared.n_impossible,
        unchanged: prepared.unchanged,
    })
}
