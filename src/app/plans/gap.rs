//! What would close the gap a plan leaves, and what a single change would do.
//!
//! Both are computed when they are asked for, and only where the records are still the ones the plan was made from, so that the
//! answer is about the plan that is shown. Nothing is stored.
//!
//! Cost: one snapshot and one plan, and one more plan per change that is evaluated ([`crate::engine::plan::gap`]).

use std::collections::HashMap;

use super::reasons;
use super::terms::{Basis, PlanPairs, Under};
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::db::Db;
use crate::db::plans;
use crate::domain::codes::PlanState;
use crate::domain::text::Text;
use crate::engine::input::Unavailable;
use crate::engine::plan::change::{Change, Evaluated, Kind, Relax, Shock, evaluate, shock};
use crate::engine::plan::gap::{self as engine, Options, Ranked};
use crate::engine::plan::what_if::{Base, Failure};
use crate::engine::plan::{Objective, Pair, never_stop};
use crate::engine::words::what_ifs;

/// Ranked changes shown of each kind, and evaluated at most: a page should not wait for minutes.
const WANTED: usize = 5;
const MOST_EVALUATED: usize = 12;

/// A change with what it would do, by row ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    pub kind: Kind,
    pub posting: Option<i64>,
    /// The change and what it is worth, as a sentence.
    pub text: Text,
    pub units: u32,
    pub gain: Objective,
    /// Households it covers, and those that give way.
    pub covers: Vec<i64>,
    pub gives_way: Vec<i64>,
    /// Residents who take the seats of a course.
    pub trainees: Vec<i64>,
    /// Covered weight it cannot exceed.
    pub at_most: i64,
}

/// The best changes of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    pub kind: Kind,
    pub best: Vec<Worth>,
    pub candidates: usize,
    pub worthless: usize,
    pub evaluated: usize,
    pub complete: bool,
}

/// A change somebody asks about; ids of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    MoreVacancies {
        posting: i64,
        vacancies: u32,
    },
    Age {
        posting: i64,
        min: Option<u8>,
        max: Option<u8>,
    },
    Training {
        posting: i64,
    },
    Pay {
        posting: i64,
        up_to: u32,
    },
    /// A course in a skill, by its name.
    Course {
        skill: String,
        level: u8,
        seats: u32,
    },
    CareShared {
        household: i64,
    },
    TenantRemoved {
        employer: i64,
    },
}

/// What a change would do; for a tenant's end also who is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub worth: Worth,
    pub shock: Option<ShockIds>,
}

/// [`Shock`] by row ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShockIds {
    pub lost: Vec<i64>,
    pub covered_again: Vec<i64>,
    pub left: Vec<i64>,
    pub displaced: Vec<i64>,
}

/// Ranks what would close the gap of a plan.
///
/// # Errors
/// `NotFound`; refused if the records have changed since the plan was made.
pub fn gap(db: &Db, plan: i64) -> Result<Vec<Ranking>, AppError> {
    let (basis, placements) = load(db, plan)?;
    let pairs = basis.pairs(&basis.terms);
    let base = base(&basis, &pairs, &placements)?;
    let report = reasons::report(&basis, &placements)?;
    let options = Options { wanted: WANTED, most_evaluated: MOST_EVALUATED, ..Options::default() };
    let snapshot = &basis.loaded.snapshot;
    let rankings = engine::gap(&base, snapshot, &report, &options, &never_stop).map_err(failed)?;
    let shown = |ranking: engine::Ranking| Ranking {
        kind: ranking.kind,
        best: ranking.best.iter().map(|ranked| worth(&basis, ranked)).collect(),
        candidates: ranking.n_candidates,
        worthless: ranking.n_worthless,
        evaluated: ranking.n_evaluated,
        complete: ranking.is_complete,
    };
    Ok(rankings.into_iter().map(shown).collect())
}

/// What one change would do to a plan.
///
/// # Errors
/// `NotFound`; `Invalid` names what is not there; refused if the records have changed since the plan was made.
pub fn what_if(db: &Db, plan: i64, asked: &Asked) -> Result<Answer, AppError> {
    let (basis, placements) = load(db, plan)?;
    let pairs = basis.pairs(&basis.terms);
    let base = base(&basis, &pairs, &placements)?;
    let change = change(&basis, asked)?;
    let found = evaluate(&base, &basis.loaded.snapshot, &change, &never_stop).map_err(failed)?;
    let shock = match &change {
        Change::TenantRemoved { uncovers, .. } => Some(shock_ids(&basis, &shock(&base, uncovers, &found))),
        _ => None,
    };
    let n_units = found.n_units;
    let Evaluated { effect, trainees, at_most, .. } = found;
    let (gain, covers, uncovers) = (effect.gain, effect.covers, effect.uncovers);
    let ranked = Ranked { change, n_units, gain, covers, uncovers, trainees, at_most };
    Ok(Answer { worth: worth(&basis, &ranked), shock })
}

/// The plan's instance and placements, if the records are still those it was made from.
fn load(db: &Db, id: i64) -> Result<(Basis, Vec<Pair>), AppError> {
    let (hash, rows, basis) = db.read(|conn| -> Result<_, AppError> {
        let plan = plans::get(conn, id)?.data;
        let rows = plans::placements::of_plan(conn, id)?;
        let pins: Vec<i64> = plans::overrides::of_plan(conn, id)?.into_iter().map(|row| row.pin_id).collect();
        let basis = Basis::load(conn, db.keys(), plan.as_of, plan.parent_id, &Under::Pins(&pins))?;
        Ok((plan.input_hash, rows, basis))
    })?;
    if !basis.faults.is_empty() || basis.input_hash != hash {
        return Err(Refusal::PlanRecordsChanged.into());
    }
    let index = |index: Option<usize>| index.and_then(|index| u32::try_from(index).ok());
    let pair = |row: &plans::placements::PlacementRow| {
        let resident = index(basis.loaded.resident_index(row.resident_id))?;
        Some(Pair { resident, posting: index(basis.loaded.posting_index(row.posting_id))? })
    };
    let placements: Option<Vec<Pair>> = rows.iter().map(pair).collect();
    match placements {
        Some(placements) => Ok((basis, placements)),
        None => Err(Refusal::PlanRecordsChanged.into()),
    }
}

fn base<'a>(
    basis: &'a Basis,
    pairs: &'a PlanPairs<'a>,
    placements: &[Pair],
) -> Result<Base<'a, PlanPairs<'a>>, AppError> {
    let left_out = basis.left_out.iter().filter_map(|resident| u32::try_from(*resident).ok());
    let base = Base::new(&basis.terms, pairs, Some(placements), &never_stop).map_err(failed)?;
    Ok(base.leaving_out(left_out))
}

fn failed(failure: Failure) -> AppError {
    match failure {
        Failure::Cancelled => AppError::Cancelled,
        Failure::Unproved(violation) => {
            tracing::error!(violation = violation.code(), detail = ?violation, "a what-if was not proved");
            Refusal::PlanUnproved.into()
        }
        other => anyhow::Error::new(other).into(),
    }
}

fn worth(basis: &Basis, ranked: &Ranked) -> Worth {
    let posting = match ranked.change {
        Change::MoreVacancies { posting, .. } | Change::Relaxed { posting, .. } => Some(basis.posting_id(posting)),
        Change::Course { .. } | Change::CareShared { .. } | Change::TenantRemoved { .. } => None,
    };
    Worth {
        kind: ranked.change.kind(),
        posting,
        text: what_ifs::ranked(ranked, &basis.loaded.names),
        units: ranked.n_units,
        gain: ranked.gain,
        covers: household_ids(basis, &ranked.covers),
        gives_way: household_ids(basis, &ranked.uncovers),
        trainees: ranked.trainees.iter().map(|resident| basis.resident_id(*resident)).collect(),
        at_most: ranked.at_most,
    }
}

fn household_ids(basis: &Basis, households: &[u32]) -> Vec<i64> {
    households.iter().map(|household| basis.household_id(*household as usize)).collect()
}

fn shock_ids(basis: &Basis, shock: &Shock) -> ShockIds {
    ShockIds {
        lost: household_ids(basis, &shock.lost),
        covered_again: household_ids(basis, &shock.covered_again),
        left: household_ids(basis, &shock.left),
        displaced: household_ids(basis, &shock.displaced),
    }
}

/// The change in the indices of the instance.
fn change(basis: &Basis, asked: &Asked) -> Result<Change, AppError> {
    let no_such = |field: &str| AppError::Invalid(vec![FieldError::new(field, FieldCode::NoSuchRecord)]);
    let posting = |id: i64| {
        let index = basis.loaded.posting_index(id).and_then(|index| u32::try_from(index).ok());
        index.ok_or_else(|| no_such("/posting_id"))
    };
    Ok(match asked {
        Asked::MoreVacancies { posting: id, vacancies } => {
            Change::MoreVacancies { posting: posting(*id)?, n: *vacancies }
        }
        Asked::Age { posting: id, min, max } => {
            Change::Relaxed { posting: posting(*id)?, relax: Relax::Age { min: *min, max: *max } }
        }
        Asked::Training { posting: id } => Change::Relaxed { posting: posting(*id)?, relax: Relax::Training },
        Asked::Pay { posting: id, up_to } => Change::Relaxed { posting: posting(*id)?, relax: Relax::PayUpTo(*up_to) },
        Asked::Course { skill, level, seats } => {
            let skill = basis.loaded.names.skill_named(skill).ok_or_else(|| no_such("/skill"))?;
            Change::Course { skill, level: *level, seats: *seats }
        }
        Asked::CareShared { household } => {
            let index = basis.loaded.facts.households.iter().position(|found| found.id == *household);
            let index = index.and_then(|index| u32::try_from(index).ok());
            Change::CareShared { household: index.ok_or_else(|| no_such("/household_id"))? }
        }
        Asked::TenantRemoved { employer } => tenant(basis, *employer).ok_or_else(|| no_such("/employer_id"))?,
    })
}

/// A tenant's end: its postings close, those who work there lose their job, households that live on one of them alone are
/// uncovered.
fn tenant(basis: &Basis, employer: i64) -> Option<Change> {
    let names = &basis.loaded.names.postings;
    let of_employer =
        |posting: i64| basis.loaded.posting_index(posting).is_some_and(|index| names[index].employer_id == employer);
    let index = names.iter().position(|posting| posting.employer_id == employer)?;
    let number = basis.loaded.snapshot.postings()[index].employer;
    let workers = basis.hired.iter().filter(|(_, posting)| of_employer(*posting));
    let workers = workers.filter_map(|(resident, _)| basis.loaded.resident_index(*resident));
    let mut laid_off: Vec<u32> = workers.filter_map(|index| u32::try_from(index).ok()).collect();
    laid_off.sort_unstable();
    laid_off.dedup();
    // Households all of whose people with a job are among them.
    let mut with_job: HashMap<usize, (usize, usize)> = HashMap::new();
    for (resident, person) in (0u32..).zip(basis.loaded.snapshot.residents()) {
        let leaves = laid_off.binary_search(&resident).is_ok();
        let works = leaves || person.unavailable == Some(Unavailable::Employed);
        let counts = with_job.entry(basis.home(resident)).or_default();
        counts.0 += usize::from(works);
        counts.1 += usize::from(leaves);
    }
    let mut uncovers: Vec<(u32, u32)> = with_job
        .into_iter()
        .filter(|(home, (works, leaves))| {
            *leaves > 0 && works == leaves && basis.states[*home] == PlanState::CoveredBefore
        })
        .filter_map(|(home, _)| Some((u32::try_from(home).ok()?, 1)))
        .collect();
    uncovers.sort_unstable();
    Some(Change::TenantRemoved { employer: number, laid_off, uncovers })
}
