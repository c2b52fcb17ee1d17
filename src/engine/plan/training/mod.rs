//! Who should sit in which seat of the open courses, so that the most uncovered households can be covered by the vacancies of the day?
//!
//! A course opens a pair if nothing but the gate `skill_required` bars it and the skills taught answer it ([`Course`]). Only uncovered
//! households are looked at: a place is theirs before it is anybody's who is covered, so nobody else is in their way. One member at
//! work covers a household, so it needs one seat at most.
//!
//! What is exact and what is a bound: the choice of seats is the best there is where [`Training::covered`] is [`Training::at_most`], and
//! otherwise short of the best by no more than their difference ([`seats`] says why no more can be promised). Whatever the choice,
//! what it reaches is exact: the plan with exactly the records of these people changed, solved and proved like any other
//! ([`Base::re_solve`]). Each course alone is solved the same way.
//!
//! Cost: one pass over the pairs of uncovered households, up to [`seats::EFFORT`] assignments of households to postings, one
//! plan.

pub mod seats;

use std::collections::BTreeSet;

use rayon::prelude::*;

use self::seats::{Chosen, Openings, choose};
use super::change::{NoSuch, row, suitability};
use super::edit::Edit;
use super::instance::Pair;
use super::pairs::{Pairs, Scan};
use super::solve::Watch;
use super::uncovered;
use super::what_if::{Base, Effect, Failure};
use crate::engine::gates::{Gate, GateSet};
use crate::engine::input::{HeldSkill, Resident, SkillId};
use crate::engine::profile::Snapshot;

/// A course with seats left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// What it teaches, up to which level.
    pub skills: Vec<(SkillId, u8)>,
    pub seats: u32,
    /// Residents who cannot or do not want to come.
    pub cannot: BTreeSet<u32>,
}

/// A seat for a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Index of the course.
    pub course: u32,
    pub resident: u32,
    /// The posting that becomes possible and that covers the household.
    pub posting: u32,
    /// What of the course the posting asks for and the person lacks.
    pub gains: Vec<(SkillId, u8)>,
}

/// What a course could do alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alone {
    /// Postings with a vacancy that it opens to somebody of an uncovered household.
    pub postings: Vec<u32>,
    /// Vacancies there.
    pub places: u64,
    /// Residents of uncovered households to whom it opens one of them.
    pub residents: u32,
    /// Their households.
    pub households: u32,
    /// Covered weight more with this course and no other.
    pub gain: i64,
    /// Which no choice of people exceeds.
    pub gain_at_most: i64,
}

/// Seats, and what they reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Training {
    /// By course and resident.
    pub seats: Vec<Seat>,
    /// Covered weight of the plan without the seats.
    pub before: i64,
    /// With them, proved.
    pub covered: i64,
    /// No choice of seats covers more.
    pub at_most: i64,
    pub effect: Effect,
    /// By course.
    pub alone: Vec<Alone>,
    /// Assignments solved to choose the seats.
    pub n_solved: usize,
}

/// What a course opens to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opened {
    posting: u32,
    course: u32,
    resident: u32,
    /// After the course.
    suitability: u32,
}

/// What the members of one household can take.
#[derive(Default)]
struct Found {
    direct: BTreeSet<u32>,
    opened: Vec<Opened>,
}

/// The person with these skills, at these levels at least.
#[must_use]
pub fn with_skills(r: &Resident, skills: &[(SkillId, u8)]) -> Resident {
    let mut trained = r.clone();
    for (skill, level) in skills {
        match trained.skills.iter_mut().find(|held| held.skill == *skill) {
            Some(held) => held.level = held.level.max(*level),
            None => trained.skills.push(HeldSkill { skill: *skill, level: *level, months: None }),
        }
    }
    trained
}

/// The pairs that differ once these residents have learnt these skills. Whoever has no recorded skill is not barred by that gate as it is:
/// a course opens nothing to them and closes nothing.
///
/// # Panics
/// If a resident is not in the snapshot.
#[must_use]
pub fn learnt(snapshot: &Snapshot, learners: &[(u32, &[(SkillId, u8)])]) -> Edit {
    let pairs = learners.iter().flat_map(|(resident, skills)| {
        let r = &snapshot.residents()[*resident as usize];
        if r.skills.is_empty() { Vec::new() } else { row(snapshot, *resident, &with_skills(r, skills)) }
    });
    Edit { pairs: pairs.collect(), ..Edit::default() }
}

/// Chooses the seats. The base's pairs are those of the snapshot, but for people left out and for those a course is named to have in
/// [`Course::cannot`].
///
/// # Errors
/// [`Failure`], also where the watch says stop; a skill that does not exist.
pub fn train<P: Pairs>(
    base: &Base<'_, P>,
    snapshot: &Snapshot,
    courses: &[Course],
    watch: Watch,
) -> Result<Training, Failure> {
    let unknown =
        courses.iter().flat_map(|course| &course.skills).find(|(s, _)| s.0 as usize >= snapshot.skills().len());
    if let Some((skill, _)) = unknown {
        return Err(Failure::NoSuch(NoSuch::Skill(*skill)));
    }
    let (homes, found, openings) = look(base, snapshot, courses);
    let chosen = choose(&openings, seats::EFFORT, watch)?;
    let mut taken = Vec::new();
    for place in &chosen.places {
        let Some(course) = place.course else { continue };
        let opened = &found[place.household as usize].opened;
        let best = opened.iter().filter(|o| o.posting == place.posting && o.course == course);
        if let Some(best) = best.max_by_key(|o| (o.suitability, std::cmp::Reverse(o.resident))) {
            let gains = gains(snapshot, best, &courses[course as usize]);
            taken.push(Seat { course, resident: best.resident, posting: best.posting, gains });
        }
    }
    taken.sort_by_key(|seat| (seat.course, seat.resident));
    let learners: Vec<(u32, &[(SkillId, u8)])> =
        taken.iter().map(|seat| (seat.resident, courses[seat.course as usize].skills.as_slice())).collect();
    let effect = base.re_solve(&learnt(snapshot, &learners), watch)?;
    let before = base.plan().objective.covered;
    let covered = before + effect.gain.covered;
    // What the choice did not look at is the same with and without it: households covered by a pin.
    let at_most = covered + (chosen.at_most - chosen.covered);
    let alone = (0..courses.len() as u32)
        .map(|course| alone(course, (&homes, &found, &openings), watch))
        .collect::<Result<_, Failure>>()?;
    Ok(Training { seats: taken, before, covered, at_most, effect, alone, n_solved: chosen.n_solved })
}

/// The uncovered households that may place somebody, what they can take, and the problem they make.
fn look<P: Pairs>(base: &Base<'_, P>, snapshot: &Snapshot, courses: &[Course]) -> (Vec<u32>, Vec<Found>, Openings) {
    let terms = base.terms();
    let mut vacancies = terms.vacancies().to_vec();
    let mut pinned = BTreeSet::new();
    for pin in terms.pins() {
        vacancies[pin.posting as usize] = vacancies[pin.posting as usize].saturating_sub(1);
        pinned.insert(terms.household_of()[pin.resident as usize]);
    }
    let homes: Vec<u32> = (0u32..)
        .zip(terms.households())
        .filter(|(h, household)| household.weight > 0 && household.limit > 0 && !pinned.contains(h))
        .map(|(h, _)| h)
        .collect();
    let members = uncovered::members(terms);
    let look = |(scan, scanner, sets): &mut (P::Scan<'_>, _, Vec<GateSet>), home: &u32| {
        let mut found = Found::default();
        for resident in members.of(*home as usize) {
            let is_free = |posting: u32| {
                let pair = Pair { resident: *resident, posting };
                vacancies[posting as usize] > 0 && terms.forbidden().binary_search(&pair).is_err()
            };
            scan.scan(
                *resident as usize,
                |_| 0,
                |posting, _| {
                    found.direct.extend(Some(posting as u32).filter(|posting| is_free(*posting)));
                },
            );
            if !base.is_left_out(*resident) {
                opened_to(snapshot, courses, (*resident, scanner, sets), is_free, &mut found.opened);
            }
        }
        found
    };
    let found: Vec<Found> =
        homes.par_iter().map_init(|| (base.pairs().scan(), snapshot.scanner(), Vec::new()), look).collect();
    let openings = Openings {
        weights: homes.iter().map(|h| terms.households()[*h as usize].weight).collect(),
        vacancies,
        seats: courses.iter().map(|course| course.seats).collect(),
        direct: found.iter().map(|found| found.direct.clone()).collect(),
        opened: found.iter().map(|found| found.opened.iter().map(|o| (o.posting, o.course)).collect()).collect(),
    };
    (homes, found, openings)
}

/// What the courses open to a resident. Whoever has no recorded skill is not barred by it as it is.
fn opened_to(
    snapshot: &Snapshot,
    courses: &[Course],
    (resident, scanner, sets): (u32, &mut crate::engine::profile::Scanner<'_>, &mut Vec<GateSet>),
    is_free: impl Fn(u32) -> bool,
    opened: &mut Vec<Opened>,
) {
    let r = &snapshot.residents()[resident as usize];
    if r.skills.is_empty() || r.unavailable.is_some() {
        return;
    }
    let only_skill = GateSet::of(&[Gate::SkillRequired]);
    scanner.barring(resident as usize, sets);
    let barred: Vec<u32> =
        (0u32..).zip(sets.iter()).filter(|(p, set)| **set == only_skill && is_free(*p)).map(|(p, _)| p).collect();
    let ctx = snapshot.context();
    for (course, taught) in (0u32..).zip(courses).filter(|(_, course)| !course.cannot.contains(&resident)) {
        let trained = with_skills(r, &taught.skills);
        for posting in &barred {
            let p = &snapshot.postings()[*posting as usize];
            if Gate::SkillRequired.spec().lets_pass(&ctx, &trained, p)
                && let Some(suitability) = suitability(snapshot, &trained, p)
            {
                opened.push(Opened { posting: *posting, course, resident, suitability });
            }
        }
    }
}

/// The skills taught without which the posting would stay closed; all that are new to the person where each could stand in for another.
fn gains(snapshot: &Snapshot, opened: &Opened, course: &Course) -> Vec<(SkillId, u8)> {
    let (ctx, p) = (snapshot.context(), &snapshot.postings()[opened.posting as usize]);
    let r = &snapshot.residents()[opened.resident as usize];
    let is_new =
        |(skill, level): &(SkillId, u8)| !r.skills.iter().any(|held| held.skill == *skill && held.level >= *level);
    let new: Vec<(SkillId, u8)> = course.skills.iter().copied().filter(is_new).collect();
    let is_needed = |one: &(SkillId, u8)| {
        let others: Vec<(SkillId, u8)> = new.iter().copied().filter(|other| other != one).collect();
        !Gate::SkillRequired.spec().lets_pass(&ctx, &with_skills(r, &others), p)
    };
    let needed: Vec<(SkillId, u8)> = new.iter().copied().filter(is_needed).collect();
    if needed.is_empty() { new } else { needed }
}

fn alone(course: u32, (homes, found, openings): (&[u32], &[Found], &Openings), watch: Watch) -> Result<Alone, Failure> {
    let (mut postings, mut residents, mut households) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (home, found) in homes.iter().zip(found) {
        for opened in found.opened.iter().filter(|opened| opened.course == course) {
            postings.insert(opened.posting);
            residents.insert(opened.resident);
            households.insert(*home);
        }
    }
    let (mut none, mut only) = (openings.clone(), openings.clone());
    none.seats.fill(0);
    for (other, seats) in (0u32..).zip(&mut only.seats) {
        if other != course {
            *seats = 0;
        }
    }
    for opened in &mut only.opened {
        opened.retain(|(_, other)| *other == course);
    }
    none.opened.iter_mut().for_each(BTreeSet::clear);
    let without = choose(&none, 1, watch)?.covered;
    let Chosen { covered, at_most, .. } = choose(&only, seats::EFFORT / 4, watch)?;
    Ok(Alone {
        places: postings.iter().map(|p| u64::from(openings.vacancies[*p as usize])).sum(),
        postings: postings.into_iter().collect(),
        residents: residents.len() as u32,
        households: households.len() as u32,
        gain: covered - without,
        gain_at_most: at_most - without,
    })
}
