//! What a single change would do to a plan, solved exactly.
//!
//! Computed when it is asked for, and only where the records are still the ones the plan was made from, so that the answer is about
//! the plan that is shown. Nothing is stored. Cost: one snapshot, one plan, and one more with the change
//! ([`crate::engine::plan::what_if`]).

use std::collections::HashMap;

use super::terms::{Basis, PlanPairs, Under};
use super::worth::{Worth, household_ids};
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::db::Db;
use crate::db::plans;
use crate::domain::codes::PlanState;
use crate::domain::week::WeekHours;
use crate::engine::input::Unavailable;
use crate::engine::plan::change::{Change, Evaluated, Relax, Shock, evaluate, shock};
use crate::engine::plan::gap::Ranked;
use crate::engine::plan::what_if::{Base, Failure};
use crate::engine::plan::{Pair, Watch, never_stop};

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
    /// These hours are no longer worked.
    WithoutHours {
        posting: i64,
        hours: WeekHours,
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

/// What one change would do to a plan.
///
/// # Errors
/// `NotFound`; `Invalid` names what is not there; refused if the records have changed since the plan was made.
pub fn what_if(db: &Db, plan: i64, asked: &Asked) -> Result<Answer, AppError> {
    let (basis, placements) = load(db, plan)?;
    let pairs = basis.pairs(&basis.terms);
    let base = base(&basis, &pairs, &placements, &never_stop)?;
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
    Ok(Answer { worth: Worth::of(&basis, &ranked), shock })
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

/// A plan as what its changes are compared with.
pub(super) fn base<'a>(
    basis: &'a Basis,
    pairs: &'a PlanPairs<'a>,
    placements: &[Pair],
    watch: Watch<'_>,
) -> Result<Base<'a, PlanPairs<'a>>, AppError> {
    let left_out = basis.left_out.iter().filter_map(|resident| u32::try_from(*resident).ok());
    let base = Base::new(&basis.terms, pairs, Some(placements), watch).map_err(failed)?;
    Ok(base.leaving_out(left_out))
}

pub(super) fn failed(failure: Failure) -> AppError {
    match failure {
        Failure::Cancelled => AppError::Cancelled,
        Failure::Unproved(violation) => {
            tracing::error!(violation = violation.code(), detail = ?violation, "a what-if was not proved");
            Refusal::PlanUnproved.into()
        }
        other => anyhow::Error::new(other).into(),
    }
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
        Asked::WithoutHours { posting: id, hours } => {
            Change::Relaxed { posting: posting(*id)?, relax: Relax::WithoutHours(*hours) }
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
