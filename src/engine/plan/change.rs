//! A change somebody could make, as data: what it does to a town, pair by pair.
//!
//! Every change but a tenant's end only ever adds: places, eligible pairs, points, people who can be spared. So it can cost no
//! household, and what it is worth is the difference of two optima ([`super::what_if`]).
//!
//! What a change may touch is what its owner decides: a posting's age range, hours, training and pay are the employer's, a course
//! is the community's, care is the household's. No change touches a gate of law, what a person ruled out, or recorded capacity.
//!
//! Cost: a changed posting is asked of every resident it could open to, once (the gates that were not failing are not asked
//! again); a few milliseconds for 10,000 residents.

mod course;
mod evaluate;
mod relax;

use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;

use super::edit::Edit;
use super::instance::{Pair, PlanHousehold, Terms};
use super::uncovered;
use crate::domain::codes::ChangeKind;
use crate::domain::week::WeekHours;
use crate::engine::gates::{self, GateSet};
use crate::engine::input::{NameId, Posting, Resident, SkillId, Unavailable};
use crate::engine::profile::Snapshot;
use crate::engine::score;

pub use course::{Course, Taker};
pub use evaluate::{Evaluated, Shock, evaluate, shock};
pub use relax::Relax;

/// One change. Postings, residents and households are indices of the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The posting gets so many vacancies more.
    MoreVacancies { posting: u32, n: u32 },
    /// The posting asks less.
    Relaxed { posting: u32, relax: Relax },
    /// A course teaches a skill up to a level; see [`Course`] for who takes the seats.
    Course { skill: SkillId, level: u8, seats: u32 },
    /// Somebody else cares: all members without a job may be placed, at any hour.
    CareShared { household: u32 },
    /// A tenant leaves and its postings close. Those who lose their only job are laid off, and households that lived on one of them
    /// get the weight given.
    TenantRemoved { employer: NameId, closes: Vec<u32>, laid_off: Vec<u32>, uncovers: Vec<(u32, u32)> },
}

/// A change that names something that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSuch {
    Posting(u32),
    Household(u32),
    Resident(u32),
    Skill(SkillId),
}

impl fmt::Display for NoSuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Posting(p) => write!(f, "posting {p} does not exist"),
            Self::Household(h) => write!(f, "household {h} does not exist"),
            Self::Resident(r) => write!(f, "resident {r} does not exist"),
            Self::Skill(SkillId(s)) => write!(f, "skill {s} is not in the vocabulary"),
        }
    }
}

impl std::error::Error for NoSuch {}

impl Change {
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::MoreVacancies { .. } => ChangeKind::MoreVacancies,
            Self::Relaxed { .. } => ChangeKind::Relaxed,
            Self::Course { .. } => ChangeKind::Course,
            Self::CareShared { .. } => ChangeKind::CareShared,
            Self::TenantRemoved { .. } => ChangeKind::TenantRemoved,
        }
    }

    /// What is paid for it, in units of its kind: vacancies, seats, relaxed postings, households whose care is shared.
    #[must_use]
    pub const fn n_units(&self) -> u32 {
        match self {
            Self::MoreVacancies { n, .. } => *n,
            Self::Course { seats, .. } => *seats,
            Self::Relaxed { .. } | Self::CareShared { .. } | Self::TenantRemoved { .. } => 1,
        }
    }

    /// What the change does to a town under these terms. For a course: if everybody could take a seat (see [`Course`]).
    ///
    /// # Errors
    /// [`NoSuch`] names what does not exist.
    pub fn edit(&self, snapshot: &Snapshot, terms: &Terms) -> Result<Edit, NoSuch> {
        let posting = |p: &u32| snapshot.postings().get(*p as usize).ok_or(NoSuch::Posting(*p));
        match self {
            Self::MoreVacancies { posting: p, n } => {
                let before = posting(p)?;
                let vacancies = terms.vacancies()[*p as usize].saturating_add(*n);
                let mut edit = Edit { vacancies: vec![(*p, vacancies)], ..Edit::default() };
                // A posting without a place left is barred for everybody until it has one.
                if before.n_vacancies == 0 && *n > 0 {
                    let open = Posting { n_vacancies: *n, ..before.clone() };
                    edit.pairs = column(snapshot, *p, &open, GateSet::of(&[gates::Gate::PostingOpen]));
                }
                Ok(edit)
            }
            Self::Relaxed { posting: p, relax } => {
                let changed = relax.of(posting(p)?);
                Ok(Edit { pairs: column(snapshot, *p, &changed, relax.touches()), ..Edit::default() })
            }
            Self::Course { skill, level, .. } => {
                let course = Course::new(snapshot, *skill, *level)?;
                Ok(Edit { pairs: course.openings(), ..Edit::default() })
            }
            Self::CareShared { household } => care_shared(snapshot, terms, *household),
            Self::TenantRemoved { closes, laid_off, uncovers, .. } => {
                closes.iter().try_for_each(|p| posting(p).map(|_| ()))?;
                let edit = Edit { closed: closes.clone(), ..Edit::default() };
                laid_off_by(edit, snapshot, terms, (laid_off, uncovers))
            }
        }
    }
}

pub(super) fn suitability(snapshot: &Snapshot, resident: &Resident, posting: &Posting) -> Option<u32> {
    let ctx = snapshot.context();
    gates::is_eligible(&ctx, resident, posting)
        .then(|| u32::from(score::combine(ctx.policy, &score::measure_all(&ctx, resident, posting))))
}

/// The pairs of posting `p` that are different where it is as `changed`, in which only gates of `touched` can answer otherwise.
fn column(snapshot: &Snapshot, p: u32, changed: &Posting, touched: GateSet) -> Vec<(Pair, Option<u32>)> {
    let residents = (0..snapshot.residents().len() as u32).into_par_iter().with_min_len(256);
    let differs = |resident: u32| {
        let r = resident as usize;
        let could_open = gates::GATES
            .iter()
            .filter(|spec| !touched.contains(spec.gate))
            .all(|spec| snapshot.passes(spec.gate, r, p as usize));
        if !could_open {
            return None;
        }
        let now = suitability(snapshot, &snapshot.residents()[r], changed);
        let before = snapshot.score(r, p as usize).map(u32::from);
        (now != before).then_some((Pair { resident, posting: p }, now))
    };
    residents.filter_map(differs).collect()
}

/// The pairs of a resident that are different where the person is as `changed`.
pub(super) fn row(snapshot: &Snapshot, resident: u32, changed: &Resident) -> Vec<(Pair, Option<u32>)> {
    let mut differing = Vec::new();
    for (posting, p) in (0..).zip(snapshot.postings()) {
        let now = suitability(snapshot, changed, p);
        if now != snapshot.score(resident as usize, posting as usize).map(u32::from) {
            differing.push((Pair { resident, posting }, now));
        }
    }
    differing
}

fn care_shared(snapshot: &Snapshot, terms: &Terms, household: u32) -> Result<Edit, NoSuch> {
    let before = *terms.households().get(household as usize).ok_or(NoSuch::Household(household))?;
    let members = uncovered::members(terms);
    let members = members.of(household as usize);
    let mut edit = Edit::default();
    for resident in members {
        let r = &snapshot.residents()[*resident as usize];
        if !r.care_hours.is_empty() {
            edit.pairs.extend(row(snapshot, *resident, &Resident { care_hours: WeekHours::EMPTY, ..r.clone() }));
        }
    }
    // Whoever has a job and does not look for another has no eligible pair, so the limit may count all.
    let limit = before.limit.max(members.len() as u32);
    edit.households = vec![(household, PlanHousehold { limit, ..before })];
    Ok(edit)
}

fn without_job(r: &Resident) -> Resident {
    Resident { unavailable: r.unavailable.filter(|why| *why != Unavailable::Employed), ..r.clone() }
}

/// The edit with these residents looking for work, and the weights of households that lived on their jobs.
fn laid_off_by(
    mut edit: Edit,
    snapshot: &Snapshot,
    terms: &Terms,
    (laid_off, uncovers): (&[u32], &[(u32, u32)]),
) -> Result<Edit, NoSuch> {
    let mut households: BTreeMap<u32, PlanHousehold> = BTreeMap::new();
    let household = |h: u32| terms.households().get(h as usize).copied().ok_or(NoSuch::Household(h));
    for resident in laid_off {
        let r = snapshot.residents().get(*resident as usize).ok_or(NoSuch::Resident(*resident))?;
        edit.pairs.extend(row(snapshot, *resident, &without_job(r)));
        // One more member without a job, who may be placed like the others.
        let h = terms.household_of()[*resident as usize];
        let before = household(h)?;
        households.entry(h).or_insert(before).limit += 1;
    }
    for (h, weight) in uncovers {
        let before = household(*h)?;
        households.entry(*h).or_insert(before).weight = *weight;
    }
    edit.households = households.into_iter().collect();
    Ok(edit)
}
