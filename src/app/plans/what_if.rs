//! What a single change would do to a plan, solved exactly.
//!
//! Computed when it is asked for, and only where the records are still the ones the plan was made from, so that the answer is about
//! the plan that is shown. Nothing is stored. Cost: one snapshot, the proof of the plan, and one plan with the change
//! ([`crate::engine::plan::what_if`]).

use std::collections::BTreeSet;

use super::tenant;
use super::terms::{Basis, PlanPairs, Under};
use super::worth::{Worth, household_ids};
use crate::app::access::{Reach, households_in};
use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::app::{Connection, Page};
use crate::db::Db;
use crate::db::plans;
use crate::domain::text::Label;
use crate::domain::week::WeekHours;
use crate::engine::plan::change::{Change, Relax, Shock, evaluate, shock};
use crate::engine::plan::gap::Ranked;
use crate::engine::plan::what_if::{Base, Failure};
use crate::engine::plan::{Edit, Objective, Pair, never_stop};

const NOT_WIDER: Label = Label {
    zh: "这不比岗位现在的年龄条件更宽。请填写更宽的范围。",
    en: "This is not wider than what the posting asks now. Please give a wider range.",
};
const NO_SUCH_SKILL: Label = Label {
    zh: "词库里没有这个名称的技能。可用 match-names 查找。",
    en: "The vocabulary has no skill of this name. `match-names` finds the nearest.",
};

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
    pub gained: Vec<i64>,
}

impl Answer {
    /// The households it names.
    pub fn households(&self) -> impl Iterator<Item = i64> {
        let shock = self.shock.iter().flat_map(|shock| shock.lists().into_iter().flatten().copied());
        self.worth.households().chain(shock)
    }

    /// Names only those whom somebody with this reach may see; the numbers stay.
    ///
    /// # Errors
    /// If the database fails.
    pub fn narrow(&mut self, conn: &mut Connection, people: &Reach) -> Result<(), AppError> {
        Worth::narrow(conn, people, [&mut self.worth])?;
        let Some(shock) = &mut self.shock else { return Ok(()) };
        let named: Vec<i64> = shock.lists().into_iter().flatten().copied().collect();
        let households = BTreeSet::from_iter(households_in(conn, people, &named)?);
        for list in
            [&mut shock.lost, &mut shock.covered_again, &mut shock.left, &mut shock.displaced, &mut shock.gained]
        {
            list.retain(|id| households.contains(id));
        }
        Ok(())
    }
}

impl ShockIds {
    const fn lists(&self) -> [&Vec<i64>; 5] {
        [&self.lost, &self.covered_again, &self.left, &self.displaced, &self.gained]
    }
}

/// What one change would do to a plan.
///
/// # Errors
/// `NotFound`; `Invalid` names what is not there; refused if the records have changed since the plan was made.
pub fn what_if(db: &Db, plan: i64, asked: &Asked) -> Result<Answer, AppError> {
    let (mut basis, placements, prices) = load(db, plan)?;
    let change = change(db, &mut basis, asked)?;
    let pairs = basis.pairs(&basis.terms);
    let base = base(&basis, &pairs, &placements, &prices)?;
    let found = evaluate(&base, &basis.loaded.snapshot, &change, &never_stop).map_err(failed)?;
    let mut ranked = Ranked {
        n_units: found.n_units,
        gain: found.effect.gain,
        covers: found.effect.covers.clone(),
        uncovers: found.effect.uncovers.clone(),
        trainees: found.trainees.clone(),
        at_most: found.at_most,
        change,
    };
    let mut after = None;
    if let Change::TenantRemoved { uncovers, .. } = &ranked.change {
        let shock = shock(&base, uncovers, &found);
        // A household that lived on a job there was covered, though the plan had no part in it.
        ranked.gain.covered -= uncovers.iter().map(|(_, weight)| i64::from(*weight)).sum::<i64>();
        ranked.at_most = ranked.gain.covered;
        ranked.covers.clone_from(&shock.gained);
        ranked.uncovers = [shock.left.as_slice(), shock.displaced.as_slice()].concat();
        ranked.uncovers.sort_unstable();
        after = Some(shock_ids(&basis, &shock));
    }
    Ok(Answer { worth: Worth::of(&basis, &ranked), shock: after })
}

/// What it costs not to make one placement of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Without {
    pub placement: i64,
    pub resident: i64,
    /// The best plan without the placement less the plan; never more than nothing.
    pub gain: Objective,
    /// Households that go uncovered for it, and others that are covered instead.
    pub uncovers: Vec<i64>,
    pub covers: Vec<i64>,
}

/// The best plan without one placement, solved exactly.
///
/// # Errors
/// `NotFound`, also for one a counselor decided; refused if the records have changed since the plan was made.
pub fn without(db: &Db, plan: i64, placement: i64) -> Result<Without, AppError> {
    let before = Page { after: placement.saturating_sub(1), limit: 1 };
    let row = db.read(|conn| plans::placements::page(conn, plan, before))?.pop();
    let row = row.filter(|row| row.id == placement && !row.data.pinned).ok_or(AppError::NotFound)?.data;
    let (basis, placements, prices) = load(db, plan)?;
    let pairs = basis.pairs(&basis.terms);
    let base = base(&basis, &pairs, &placements, &prices)?;
    let pair = basis.pair(row.resident_id, row.posting_id).ok_or(Refusal::PlanOutdated)?;
    let effect = base.re_solve(&Edit { pairs: vec![(pair, None)], ..Edit::default() }, &never_stop).map_err(failed)?;
    Ok(Without {
        placement,
        resident: row.resident_id,
        gain: effect.gain,
        uncovers: household_ids(&basis, &effect.uncovers),
        covers: household_ids(&basis, &effect.covers),
    })
}

/// The plan's instance, placements and prices, if the records are still those it was made from.
pub(super) fn load(db: &Db, id: i64) -> Result<(Basis, Vec<Pair>, Vec<i64>), AppError> {
    let (hash, rows, prices, basis) = db.read(|conn| -> Result<_, AppError> {
        let plan = plans::get(conn, id)?.data;
        let rows = plans::placements::of_plan(conn, id)?;
        let prices = plans::prices::of_plan(conn, id)?;
        let pins: Vec<i64> = plans::overrides::of_plan(conn, id)?.into_iter().map(|row| row.pin_id).collect();
        let basis = Basis::load(conn, db.keys(), plan.as_of, plan.parent_id, &Under::Pins(&pins))?;
        Ok((plan.input_hash, rows, prices, basis))
    })?;
    if !basis.faults.is_empty() || basis.input_hash != hash {
        return Err(Refusal::PlanOutdated.into());
    }
    let pair = |row: &plans::placements::PlacementRow| basis.pair(row.resident_id, row.posting_id);
    let placements: Option<Vec<Pair>> = rows.iter().map(pair).collect();
    match placements.zip(basis.prices(&prices)) {
        Some((placements, prices)) => Ok((basis, placements, prices)),
        None => Err(Refusal::PlanOutdated.into()),
    }
}

/// A plan as what its changes are compared with.
pub(super) fn base<'a>(
    basis: &'a Basis,
    pairs: &'a PlanPairs<'a>,
    placements: &[Pair],
    prices: &[i64],
) -> Result<Base<'a, PlanPairs<'a>>, AppError> {
    let base = Base::of(&basis.terms, pairs, placements, prices).map_err(failed)?;
    Ok(base.leaving_out(basis.left_out()))
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
        gained: household_ids(basis, &shock.gained),
    }
}

/// The change in the indices of the instance.
fn change(db: &Db, basis: &mut Basis, asked: &Asked) -> Result<Change, AppError> {
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
            let (posting, relax) = (posting(*id)?, Relax::Age { min: *min, max: *max });
            let before = &basis.loaded.snapshot.postings()[posting as usize];
            if relax.of(before).age == before.age {
                return Err(FieldError::with_text("/age_max", FieldCode::Contradicts, NOT_WIDER.into()).into());
            }
            Change::Relaxed { posting, relax }
        }
        Asked::WithoutHours { posting: id, hours } => {
            Change::Relaxed { posting: posting(*id)?, relax: Relax::WithoutHours(*hours) }
        }
        Asked::Training { posting: id } => Change::Relaxed { posting: posting(*id)?, relax: Relax::Training },
        Asked::Pay { posting: id, up_to } => Change::Relaxed { posting: posting(*id)?, relax: Relax::PayUpTo(*up_to) },
        Asked::Course { skill, level, seats } => {
            let skill = basis.loaded.names.skill_named(skill).ok_or_else(|| {
                AppError::from(FieldError::with_text("/skill", FieldCode::NoSuchRecord, NO_SUCH_SKILL.into()))
            })?;
            Change::Course { skill, level: *level, seats: *seats }
        }
        Asked::CareShared { household } => {
            let index = basis.loaded.facts.households.iter().position(|found| found.id == *household);
            let index = index.and_then(|index| u32::try_from(index).ok());
            Change::CareShared { household: index.ok_or_else(|| no_such("/household_id"))? }
        }
        Asked::TenantRemoved { employer } => {
            let tenant = db.read(|conn| tenant::load(conn, *employer, basis.loaded.as_of))?;
            tenant::end(basis, &tenant)
        }
    })
}
