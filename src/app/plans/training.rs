//! Who should take which seat of the open courses, so that the most uncovered households can be covered by the vacancies of the day.
//!
//! Computed when it is asked for; nothing is stored: a person enrols people ([`crate::app::training::enrolments::enrol`]). Whoever is in a
//! course already counts as somebody who has learnt what it teaches. Nobody is proposed who is in a course, does not want one (培训意愿),
//! cares or cannot come in its hours, or is in no automatic list. What is exact and what is a bound: [`crate::engine::plan::training`].
//!
//! Cost: one snapshot, two plans, and the assignments that choose the seats.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::propose::refusal;
use super::terms::{Basis, Under};
use super::what_if::failed;
use crate::app::access::{Reach, households_in, residents_in};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::training::{Course, CourseFilter, get_many, page};
use crate::app::{Connection, Page};
use crate::db::{Db, enrolments, residents};
use crate::domain::text::Text;
use crate::domain::training::CourseStatus;
use crate::domain::week::WeekHours;
use crate::engine::input::SkillId;
use crate::engine::plan::training::{self, Alone, Training, learnt, train};
use crate::engine::plan::what_if::{Base, Failure};
use crate::engine::plan::{Edited, never_stop};
use crate::engine::words::training as words;

/// A seat for a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub course: i64,
    pub resident: i64,
    pub resident_name: String,
    pub household: i64,
    /// What covers the household after the course.
    pub posting: i64,
    /// What is learnt, and what becomes possible by it.
    pub text: Text,
}

/// A course, and what it could do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoursePlan {
    pub course: i64,
    pub name: String,
    /// Seats nobody has taken yet.
    pub free: i64,
    /// Of those, what the plan fills.
    pub filled: i64,
    /// Postings with a vacancy that it opens to somebody of an uncovered household.
    pub postings: Vec<i64>,
    /// Vacancies there.
    pub places: u64,
    /// Residents of uncovered households to whom it opens one of them, and their households.
    pub residents: u32,
    pub households: u32,
    /// Covered weight more with this course and no other, and what no choice of people exceeds.
    pub alone: i64,
    pub alone_at_most: i64,
}

/// Seats, and what they reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingPlan {
    pub as_of: NaiveDate,
    /// By id.
    pub courses: Vec<CoursePlan>,
    /// By course and resident; narrowed to those the reader may see.
    pub seats: Vec<Seat>,
    /// All of them.
    pub n_seats: usize,
    /// Uncovered today.
    pub uncovered: usize,
    /// Of those, covered by the best plan without the seats, and with them.
    pub covered_without: usize,
    pub covered_with: usize,
    /// The same as covered weight.
    pub weight_without: i64,
    pub weight_with: i64,
    /// What no choice of seats exceeds.
    pub weight_at_most: i64,
    /// Households only the seats cover; narrowed.
    pub covers: Vec<i64>,
}

impl TrainingPlan {
    /// Whether no choice of seats is better.
    #[must_use]
    pub const fn is_proved(&self) -> bool {
        self.weight_with >= self.weight_at_most
    }

    /// Names only those whom somebody with this reach may see; the numbers stay.
    ///
    /// # Errors
    /// If the database fails.
    pub fn narrow(&mut self, conn: &mut Connection, people: &Reach) -> Result<(), AppError> {
        let named: Vec<i64> = self.seats.iter().map(|seat| seat.resident).collect();
        let residents = BTreeSet::from_iter(residents_in(conn, people, &named)?);
        let households = BTreeSet::from_iter(households_in(conn, people, &self.covers)?);
        self.seats.retain(|seat| residents.contains(&seat.resident));
        self.covers.retain(|household| households.contains(household));
        Ok(())
    }
}

/// What is read before the work begins.
struct Read {
    basis: Basis,
    courses: Vec<Course>,
    /// Whoever is in a course already, and which.
    learners: Vec<(i64, i64)>,
    /// What those courses teach.
    taught: BTreeMap<i64, Course>,
    unwilling: BTreeSet<i64>,
}

/// Makes the plan for these courses, or for all that are open and not over (`asked` empty).
///
/// # Errors
/// `Invalid` names a course that is not there or not open, and pins that cannot be kept; refused without a legal basis.
pub fn training_plan(db: &Db, asked: &[i64], as_of: NaiveDate) -> Result<TrainingPlan, AppError> {
    let read = db.read(|conn| read(conn, db, asked, as_of))?;
    let basis = &read.basis;
    if !basis.faults.is_empty() {
        return Err(AppError::Invalid(basis.faults.clone()));
    }
    let snapshot = &basis.loaded.snapshot;
    let left_out: BTreeSet<u32> = basis.left_out().collect();
    let learners: Vec<(u32, Vec<(SkillId, u8)>)> = read
        .learners
        .iter()
        .filter_map(|(resident, course)| {
            let resident = u32::try_from(basis.loaded.resident_index(*resident)?).ok()?;
            Some((resident, taught(basis, read.taught.get(course)?)))
        })
        .filter(|(resident, _)| !left_out.contains(resident))
        .collect();
    let engine: Vec<training::Course> = read.courses.iter().map(|course| seats_of(&read, course)).collect();
    let edit = learnt(snapshot, &merged(&learners).iter().map(|(r, s)| (*r, s.as_slice())).collect::<Vec<_>>());
    let pairs = basis.pairs(&basis.terms);
    let fault = |failure: Failure| match failure {
        Failure::Refused(refused) => refusal(basis, refused),
        other => failed(other),
    };
    let edited = Edited::new(&pairs, &basis.terms, &edit).map_err(|error| fault(error.into()))?;
    let base = Base::new(&basis.terms, &edited, &never_stop).map_err(fault)?.leaving_out(left_out.iter().copied());
    let found = train(&base, snapshot, &engine, &never_stop).map_err(fault)?;
    let covered_without = basis.newly_covered(&base.plan().placements).len();
    Ok(shown(&read, &found, covered_without))
}

fn read(conn: &mut Connection, db: &Db, asked: &[i64], as_of: NaiveDate) -> Result<Read, AppError> {
    let mut courses = if asked.is_empty() { open_courses(conn, as_of)? } else { get_many(conn, asked)? };
    for (index, id) in asked.iter().enumerate() {
        let pointer = || format!("/course_ids/{index}");
        match courses.iter().find(|course| course.id == *id) {
            None => return Err(FieldError::new(pointer(), FieldCode::NoSuchRecord).into()),
            Some(course) if course.status != CourseStatus::Open || course.fields.last_on < as_of => {
                let text =
                    Text::new("该课程未开放报名或已结束。", "This course is not open for enrolment, or is over.");
                return Err(FieldError::with_text(pointer(), FieldCode::NotInList, text).into());
            }
            Some(_) if asked[..index].contains(id) => {
                return Err(FieldError::new(pointer(), FieldCode::Repeated).into());
            }
            Some(_) => {}
        }
    }
    courses.sort_by_key(|course| course.id);
    let learners: Vec<(i64, i64)> = enrolments::all_open(conn)?;
    let of: BTreeSet<i64> = learners.iter().map(|(_, course)| *course).collect();
    let taught = get_many(conn, &Vec::from_iter(of))?.into_iter().map(|course| (course.id, course)).collect();
    let unwilling = residents::unwilling_to_train(conn)?.into_iter().collect();
    let basis = Basis::load(conn, db.keys(), as_of, None, &Under::Standing)?;
    Ok(Read { basis, courses, learners, taught, unwilling })
}

fn open_courses(conn: &mut Connection, on: NaiveDate) -> Result<Vec<Course>, AppError> {
    let filter = CourseFilter { status: Some(CourseStatus::Open), not_over_on: Some(on), ..CourseFilter::default() };
    let (mut all, mut next) = (Vec::new(), Page::first(500));
    loop {
        let found = page(conn, &filter, next)?;
        let Some(last) = found.last() else { return Ok(all) };
        next.after = last.id;
        all.extend(found);
    }
}

/// What a course teaches, in the numbers of the instance.
fn taught(basis: &Basis, course: &Course) -> Vec<(SkillId, u8)> {
    let skills = course.fields.skills.iter().zip(&course.skill_names);
    skills
        .filter_map(|(taught, (zh, _))| Some((basis.loaded.names.skill_named(zh)?, u8::try_from(taught.level).ok()?)))
        .collect()
}

/// One entry for each resident: somebody may be in two courses.
fn merged(learners: &[(u32, Vec<(SkillId, u8)>)]) -> BTreeMap<u32, Vec<(SkillId, u8)>> {
    let mut all: BTreeMap<u32, Vec<(SkillId, u8)>> = BTreeMap::new();
    for (resident, skills) in learners {
        all.entry(*resident).or_default().extend(skills);
    }
    all
}

fn seats_of(read: &Read, course: &Course) -> training::Course {
    let hours = WeekHours::of(&course.fields.hours);
    let in_course: BTreeSet<i64> = read.learners.iter().map(|(resident, _)| *resident).collect();
    let residents = (0u32..).zip(read.basis.loaded.snapshot.residents());
    let cannot = residents.filter(|(_, resident)| {
        in_course.contains(&resident.id)
            || read.unwilling.contains(&resident.id)
            || hours.overlaps(&resident.care_hours)
            || hours.overlaps(&resident.unavailable_hours)
    });
    training::Course {
        skills: taught(&read.basis, course),
        seats: u32::try_from(course.free()).unwrap_or(0),
        cannot: cannot.map(|(index, _)| index).collect(),
    }
}

fn shown(read: &Read, found: &Training, covered_without: usize) -> TrainingPlan {
    let basis = &read.basis;
    let seat = |seat: &training::Seat| {
        let course = &read.courses[seat.course as usize];
        let valid_until = basis.loaded.snapshot.postings()[seat.posting as usize].valid_until;
        Seat {
            course: course.id,
            resident: basis.resident_id(seat.resident),
            resident_name: basis.loaded.names.residents[seat.resident as usize].name.clone(),
            household: basis.household_id(basis.home(seat.resident)),
            posting: basis.posting_id(seat.posting),
            text: words::seat(&seat.gains, (seat.posting, valid_until), course.fields.last_on, &basis.loaded.names),
        }
    };
    let course = |(course, (index, alone)): (&Course, (u32, &Alone))| CoursePlan {
        course: course.id,
        name: course.fields.name.clone(),
        free: course.free(),
        filled: found.seats.iter().filter(|seat| seat.course == index).map(|_| 1).sum(),
        postings: alone.postings.iter().map(|posting| basis.posting_id(*posting)).collect(),
        places: alone.places,
        residents: alone.residents,
        households: alone.households,
        alone: alone.gain,
        alone_at_most: alone.gain_at_most,
    };
    let uncovered = basis.states.iter().filter(|state| **state == crate::domain::codes::PlanState::Uncovered).count();
    TrainingPlan {
        as_of: basis.loaded.as_of,
        courses: read.courses.iter().zip((0u32..).zip(&found.alone)).map(course).collect(),
        seats: found.seats.iter().map(seat).collect(),
        n_seats: found.seats.len(),
        uncovered,
        covered_without,
        covered_with: basis.newly_covered(&found.effect.plan.placements).len(),
        weight_without: found.before,
        weight_with: found.covered,
        weight_at_most: found.at_most,
        covers: found.effect.covers.iter().map(|home| basis.household_id(*home as usize)).collect(),
    }
}
