//! A tenant's end in terms of records: which postings close, who loses the only job, which households lived on it.
//!
//! Coverage is asked of the same rule as everywhere ([`household_coverage`]), with the tenant's jobs and without them, so it does not
//! matter whether somebody at a job looks for another, or holds two.

use std::collections::HashSet;

use super::terms::Basis;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::db::{DbError, employers, plan_lists};
use crate::domain::codes::{CoverageState, PlanState};
use crate::domain::coverage::household_coverage;
use crate::engine::plan::change::Change;

/// An employer and the jobs there on the day of a plan.
pub struct Tenant {
    id: i64,
    name: String,
    /// Spells.
    jobs: HashSet<i64>,
}

/// Reads an employer.
///
/// # Errors
/// `Invalid` if there is no such employer.
pub fn load(conn: &mut Connection, employer: i64, as_of: chrono::NaiveDate) -> Result<Tenant, AppError> {
    let name = match employers::get(conn, employer) {
        Ok(row) => row.data.name,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/employer_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    let jobs = plan_lists::jobs_at(conn, employer, as_of)?.into_iter().collect();
    Ok(Tenant { id: employer, name, jobs })
}

/// Its end.
pub fn end(basis: &mut Basis, tenant: &Tenant) -> Change {
    let employer = basis.loaded.names.intern(&tenant.name);
    let loaded = &basis.loaded;
    let index = |index: usize| u32::try_from(index).ok();
    let postings = loaded.names.postings.iter().enumerate();
    let closes = postings.filter(|(_, posting)| posting.employer_id == tenant.id).filter_map(|(p, _)| index(p));
    let (mut laid_off, mut uncovers) = (Vec::new(), Vec::new());
    for (home, household) in loaded.facts.households.iter().enumerate() {
        let is_there =
            |spells: &[crate::domain::coverage::SpellFacts]| spells.iter().any(|spell| tenant.jobs.contains(&spell.id));
        if !household.members.iter().any(|member| is_there(&member.spells)) {
            continue;
        }
        let mut without = household.clone();
        for member in &mut without.members {
            let had = is_there(&member.spells);
            member.spells.retain(|spell| !tenant.jobs.contains(&spell.id));
            if had && !member.spells.iter().any(|spell| spell.is_active(loaded.as_of)) {
                laid_off.extend(loaded.resident_index(member.resident).and_then(index));
            }
        }
        let after = household_coverage(&without, loaded.as_of, &basis.rules).state;
        if basis.states[home] == PlanState::CoveredBefore && after == CoverageState::Uncovered {
            uncovers.extend(index(home).map(|home| (home, basis.weights[home as usize])));
        }
    }
    laid_off.sort_unstable();
    laid_off.dedup();
    Change::TenantRemoved { employer, closes: closes.collect(), laid_off, uncovers }
}
