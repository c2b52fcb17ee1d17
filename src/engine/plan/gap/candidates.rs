//! Which changes are worth a question? Read off prices and off the pairs that one gate bars.
//!
//! * *More vacancies*: postings with a price above 0. At price 0 another vacancy is worth nothing, by the certificate; so a
//!   posting that is full has its pairs in the instance and no vacancies, rather than no pairs.
//! * *A relaxed posting*, *a course*: pairs of uncovered households that nothing bars but one of the employer's gates. What all of
//!   them would need together is one candidate per posting and gate, within reason ([`MOST_HOURS_CUT`], [`MOST_RAISE`]).
//! * *Shared care*: households whose limit is 0, and those of which a pair is barred by care hours alone.
//!
//! Relaxed postings and courses come in the order of how many uncovered households they are near to, most first, for those who have no
//! time to look at all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Options;
use crate::domain::week::WeekHours;
use crate::engine::gates::{Compared, Gate, GateSet};
use crate::engine::input::SkillId;
use crate::engine::plan::change::{Change, Relax};
use crate::engine::plan::pairs::Pairs;
use crate::engine::plan::uncovered::{self, Reason, Report};
use crate::engine::plan::what_if::Base;
use crate::engine::profile::Snapshot;

/// A posting that gave up more than this part of its hours would be another job.
const MOST_HOURS_CUT: u32 = 4;

/// Pay is raised by no more than one part in so many.
const MOST_RAISE: u32 = 4;

/// What a posting would need for the uncovered, gate by gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Needs {
    /// Completed years of those outside the age range.
    ages: BTreeSet<u8>,
    /// Hours in which somebody is a carer or cannot work, by size.
    hours: BTreeSet<(u32, WeekHours)>,
    training: bool,
    pay: BTreeSet<u32>,
    /// Uncovered households near, by the code of what would have to be relaxed.
    n_near: BTreeMap<&'static str, usize>,
}

/// One pair that only one gate bars.
enum Miss {
    Age(u8),
    Hours(WeekHours),
    Skill(SkillId, u8),
    Pay(u32),
}

impl Miss {
    /// The code of the [`Relax`] that would open the pair.
    const fn code(&self) -> &'static str {
        match self {
            Self::Age(_) => "age",
            Self::Hours(_) => "hours",
            Self::Skill(..) => "training",
            Self::Pay(_) => "pay",
        }
    }
}

/// How near one uncovered household is to a posting.
struct Near {
    household: u32,
    /// Care alone keeps somebody of it from work.
    needs_care: bool,
    /// By posting.
    misses: Vec<(u32, Miss)>,
}

/// The candidates, by kind and index: every run gives the same.
#[must_use]
pub fn candidates<P: Pairs>(
    base: &Base<'_, P>,
    snapshot: &Snapshot,
    report: &Report,
    options: &Options,
) -> Vec<Change> {
    let mut all = Vec::new();
    for (posting, _) in (0..).zip(&base.plan().prices).filter(|(_, price)| **price > 0) {
        all.extend(options.vacancies.iter().filter(|n| **n > 0).map(|n| Change::MoreVacancies { posting, n: *n }));
    }

    let members = uncovered::members(base.terms());
    let found: Vec<Near> = report
        .households
        .par_iter()
        .filter(|found| !matches!(found.reason, Reason::Unwilling { .. }))
        .map_init(
            || (snapshot.scanner(), Vec::new()),
            |(scanner, sets), found| {
                let mut needs_care = matches!(found.reason, Reason::CareLimit { .. });
                let mut misses = Vec::new();
                for resident in members.of(found.household as usize).iter().filter(|r| !base.is_left_out(**r)) {
                    scanner.barring(*resident as usize, sets);
                    for (posting, set) in (0..).zip(sets.iter()).filter(|(_, set)| !set.is_empty()) {
                        needs_care |= *set == GateSet::of(&[Gate::CareDuty]);
                        misses.extend(miss(snapshot, *resident, posting, *set).map(|miss| (posting, miss)));
                    }
                }
                Near { household: found.household, needs_care, misses }
            },
        )
        .collect();

    let mut needs: BTreeMap<u32, Needs> = BTreeMap::new();
    let mut courses: BTreeMap<(SkillId, u8), usize> = BTreeMap::new();
    for near in &found {
        let skills = near.misses.iter().filter_map(|(_, miss)| match miss {
            Miss::Skill(skill, level) => Some((*skill, *level)),
            _ => None,
        });
        skills.collect::<BTreeSet<_>>().into_iter().for_each(|course| *courses.entry(course).or_default() += 1);
        for code in near.misses.iter().map(|(posting, miss)| (*posting, miss.code())).collect::<BTreeSet<_>>() {
            *needs.entry(code.0).or_default().n_near.entry(code.1).or_default() += 1;
        }
    }
    for (posting, miss) in found.iter().flat_map(|near| &near.misses) {
        let of_posting = needs.entry(*posting).or_default();
        match miss {
            Miss::Age(years) => {
                of_posting.ages.insert(*years);
            }
            Miss::Hours(hours) => {
                of_posting.hours.insert((hours.len(), *hours));
            }
            Miss::Pay(floor) => {
                of_posting.pay.insert(*floor);
            }
            Miss::Skill(..) => of_posting.training = true,
        }
    }
    let mut relaxed: Vec<(Reverse<usize>, u32, Relax)> = Vec::new();
    for (posting, needs) in needs {
        let near = |relax: &Relax| Reverse(needs.n_near.get(relax.code()).copied().unwrap_or(0));
        relaxed.extend(relaxations(snapshot, posting, &needs).into_iter().map(|relax| (near(&relax), posting, relax)));
    }
    // Stable: those that are as near stay in the order of postings.
    relaxed.sort_by_key(|(near, ..)| *near);
    all.extend(relaxed.into_iter().map(|(_, posting, relax)| Change::Relaxed { posting, relax }));
    if options.seats > 0 {
        let mut courses: Vec<_> = courses.into_iter().collect();
        courses.sort_by_key(|(_, near)| Reverse(*near));
        let course = |((skill, level), _)| Change::Course { skill, level, seats: options.seats };
        all.extend(courses.into_iter().map(course));
    }
    let sharing = found.iter().filter(|near| near.needs_care);
    all.extend(sharing.map(|near| Change::CareShared { household: near.household }));
    all
}

/// What would have to give way for a pair that the gates of `set` bar, where that is one thing an employer decides.
fn miss(snapshot: &Snapshot, resident: u32, posting: u32, set: GateSet) -> Option<Miss> {
    let hours_only = GateSet::of(&[Gate::Schedule, Gate::CareDuty]);
    if set.len() > 1 && !set.is_within(hours_only) {
        return None;
    }
    let (r, p) = (&snapshot.residents()[resident as usize], &snapshot.postings()[posting as usize]);
    if set.is_within(hours_only) {
        let taken = r.unavailable_hours.union(&r.care_hours).intersection(&p.hours?);
        return (!taken.is_empty()).then_some(Miss::Hours(taken));
    }
    let gate = set.iter().next()?;
    match gate.spec().check(&snapshot.context(), r, p).compared {
        Compared::Age { years, .. } => Some(Miss::Age(u8::try_from(years?).ok()?)),
        Compared::Skill { missing, resident_known: true, .. } => {
            missing.map(|asked| Miss::Skill(asked.skill, asked.level))
        }
        Compared::PayFloor { floor, upper: Some(_) } => floor.map(Miss::Pay),
        _ => None,
    }
}

fn relaxations(snapshot: &Snapshot, posting: u32, needs: &Needs) -> Vec<Relax> {
    let p = &snapshot.postings()[posting as usize];
    let mut all = Vec::new();
    if let (Some(range), Some(youngest), Some(oldest)) = (p.age, needs.ages.first(), needs.ages.last()) {
        all.push(Relax::Age {
            min: range.min.map(|min| min.min(*youngest)),
            max: range.max.map(|max| max.max(*oldest)),
        });
    }
    if let Some(hours) = &p.hours {
        let most = hours.len() / MOST_HOURS_CUT;
        let mut cut = WeekHours::EMPTY;
        for (_, taken) in &needs.hours {
            let more = cut.union(taken);
            if more.len() <= most {
                cut = more;
            }
        }
        all.extend((!cut.is_empty()).then_some(Relax::WithoutHours(cut)));
    }
    all.extend(needs.training.then_some(Relax::Training));
    if let Some(upper) = p.pay_max {
        let most = upper.saturating_add(upper / MOST_RAISE);
        all.extend(needs.pay.iter().rev().find(|floor| **floor <= most).map(|floor| Relax::PayUpTo(*floor)));
    }
    all
}
