//! The demo's courses: one that is over, with its results; one that runs; one to enrol in; one that is being prepared.
//!
//! Invariant: everything goes through the use cases of the real service, on days that have been, and changes no coverage, no plan and no
//! place: whoever passed could do before what the course certifies. The same community makes the same courses.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::access::{Act, Action, ObjectKind};
use super::coverage::facts;
use super::error::{AppError, FieldCode, FieldError};
use super::plans::view;
use super::steps::By;
use super::training::enrolments::{self, Came, New, Request};
use super::training::{self, CourseFields, Taught};
use super::{Connection, Db, Moment, settings};
use crate::db::Page;
use crate::db::resident_lists::skills as known;
use crate::db::{residents, skills};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{household_coverage, member_employability};
use crate::domain::employability::Employability;
use crate::domain::training::{CourseStatus, EnrolmentReason, EnrolmentState};
use crate::domain::week::Span;

/// What a course teaches up to.
const LEVEL: i64 = 2;
/// A lesson, minutes.
const LESSON: u16 = 180;

/// A course, with its days counted from today.
struct Plan {
    name: &'static str,
    provider: &'static str,
    place: &'static str,
    from: i64,
    until: i64,
    seats: i64,
}

const OVER: Plan = Plan {
    name: "技能等级认定班",
    provider: "县人力资源和社会保障局",
    place: "社区服务中心二楼",
    from: -21,
    until: -7,
    seats: 12,
};
const RUNNING: Plan =
    Plan {
        name: "养老护理初级班", provider: "县职业技术学校", place: "县职校实训楼", from: -5, until: 16, seats: 8
    };
const OPEN: Plan = Plan {
    name: "平车缝纫入门班",
    provider: "园区服装企业联合",
    place: "园区 3 号厂房",
    from: 6,
    until: 20,
    seats: 20,
};
const PREPARED: Plan =
    Plan {
        name: "低压电工上岗班", provider: "县职业技术学校", place: "县职校实训楼", from: 30, until: 60, seats: 30
    };

/// Makes the courses with those who take them: of the households nobody of whom works and the plan has no place for, and of those who
/// can do already what is certified.
///
/// # Errors
/// If the database fails, or the vocabulary lacks a skill.
pub fn courses(db: &Db, plan: i64, moment: Moment) -> Result<(), AppError> {
    let by = By::of(&Act::of_operator(Action::Create.code(), ObjectKind::Course, "demo"));
    db.write(|conn| {
        let mut waiting = waiting(conn, plan, moment.1)?.into_iter();
        over(db, conn, waiting.by_ref().take(2).collect(), (moment, by))?;
        let rest: Vec<i64> = waiting.collect();
        let second = |first: usize, most: usize| rest.iter().copied().skip(first).step_by(2).take(most).collect();
        let care = skill(conn, "elder_care")?;
        let running = begin(conn, &RUNNING, care, moment)?;
        let taught = join(db, conn, running, second(0, 6), (day(moment, RUNNING.from - 3), by))?;
        for ago in [5, 3, 1] {
            // Not everybody comes every time.
            let came: Vec<i64> = taught.iter().copied().filter(|id| (id + ago) % 4 > 0).collect();
            attend(conn, &came, (moment, ago), by)?;
        }
        let sewing = skill(conn, "flat_seam")?;
        let open = begin(conn, &OPEN, sewing, moment)?;
        join(db, conn, open, second(1, 9), (moment, by))?;
        let prepared = fields(&PREPARED, skill(conn, "electrician")?, moment.1);
        training::create(conn, &prepared, moment.0)?;
        Ok(())
    })
}

/// The course that is over: those who knew the skill passed, one of the others failed, one did not come to the end.
fn over(db: &Db, conn: &mut Connection, others: Vec<i64>, (moment, by): (Moment, By)) -> Result<(), AppError> {
    let Some((skill, able)) = able(conn, moment.1)? else { return Ok(()) };
    let course = begin(conn, &OVER, skill, moment)?;
    let passing = join(db, conn, course, able, (day(moment, OVER.from - 4), by))?;
    let rest = join(db, conn, course, others, (day(moment, OVER.from - 4), by))?;
    for ago in [21, 18, 14, 11, 7] {
        attend(conn, &passing, (moment, ago), by)?;
    }
    attend(conn, &rest, (moment, 21), by)?;
    let ends = [
        (EnrolmentState::Failed, EnrolmentReason::TestNotPassed),
        (EnrolmentState::DroppedOut, EnrolmentReason::ChildCare),
    ];
    let ends = rest.into_iter().zip(ends.map(|(to, reason)| (to, Some(reason))));
    for (id, (to, reason)) in passing.into_iter().map(|id| (id, (EnrolmentState::Passed, None))).chain(ends) {
        let request = Request { from: EnrolmentState::Attended, to, reason, note: None };
        enrolments::make(conn, db.keys(), id, &request, day(moment, OVER.until), by)?;
    }
    let version = training::get(conn, course)?.version;
    training::set_status(conn, (course, version), CourseStatus::Closed, day(moment, OVER.until))?;
    Ok(())
}

/// The skill most people of working age can do up to the level of the course, and the first of them.
fn able(conn: &mut Connection, today: NaiveDate) -> Result<Option<(i64, Vec<i64>)>, AppError> {
    let mut held: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in known::all(conn)?.into_iter().filter(|row| row.level >= LEVEL) {
        held.entry(row.skill_id.unwrap_or_default()).or_default().push(row.resident_id);
    }
    held.remove(&0);
    let rules = settings::coverage_rules(conn, today)?;
    let facts = facts::load(conn)?;
    let members = facts.on(today).flat_map(|(_, home)| member_employability(home, today, &rules.labour_age));
    let grown: Vec<i64> =
        members.filter(|(_, is)| matches!(is, Employability::Employable { .. })).map(|(id, _)| id).collect();
    held.values_mut().for_each(|people| people.retain(|id| grown.contains(id)));
    let most = held.into_iter().max_by_key(|(skill, people)| (people.len(), std::cmp::Reverse(*skill)));
    Ok(most.map(|(skill, people)| (skill, people.into_iter().take(7).collect())))
}

/// Those who could work and would learn, of households in which nobody works and nobody is in the plan.
fn waiting(conn: &mut Connection, plan: i64, today: NaiveDate) -> Result<Vec<i64>, AppError> {
    let placed = view::placements(conn, plan, None, Page::first(i64::MAX))?;
    let placed: Vec<i64> = placed.into_iter().map(|placement| placement.row.household_id).collect();
    let unwilling = residents::unwilling_to_train(conn)?;
    let rules = settings::coverage_rules(conn, today)?;
    let facts = facts::load(conn)?;
    let mut found = Vec::new();
    for (_, home) in facts.on(today).filter(|(_, home)| !placed.contains(&home.id)) {
        if household_coverage(home, today, &rules).state == CoverageState::Uncovered {
            let members = member_employability(home, today, &rules.labour_age);
            let may = members.into_iter().filter(|(_, is)| matches!(is, Employability::Employable { .. }));
            found.extend(may.map(|(id, _)| id).filter(|id| !unwilling.contains(id)));
        }
    }
    Ok(found)
}

fn skill(conn: &mut Connection, code: &str) -> Result<i64, AppError> {
    let row = skills::by_code(conn, code)?;
    Ok(row.ok_or_else(|| FieldError::new("/skills", FieldCode::NoSuchRecord))?.id)
}

fn later(today: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { today.checked_sub_days(by) } else { today.checked_add_days(by) }.unwrap_or(today)
}

/// The moment of a day so many days from today; recorded now.
fn day((now, today): Moment, days: i64) -> Moment {
    (now, later(today, days))
}

fn fields(plan: &Plan, skill_id: i64, today: NaiveDate) -> CourseFields {
    CourseFields {
        name: plan.name.to_owned(),
        provider: Some(plan.provider.to_owned()),
        place: Some(plan.place.to_owned()),
        first_on: later(today, plan.from),
        last_on: later(today, plan.until),
        seats: plan.seats,
        skills: vec![Taught { skill_id, level: LEVEL }],
        hours: (1..=5).filter_map(|weekday| Span::new(weekday, 19 * 60, 19 * 60 + LESSON)).collect(),
    }
}

/// A course to enrol in since before it began.
fn begin(conn: &mut Connection, plan: &Plan, skill: i64, moment: Moment) -> Result<i64, AppError> {
    let course = training::create(conn, &fields(plan, skill, moment.1), moment.0)?;
    training::set_status(conn, (course.id, course.version), CourseStatus::Open, day(moment, plan.from.min(0)))?;
    Ok(course.id)
}

/// Enrols those who may be; who may not is left out.
fn join(
    db: &Db,
    conn: &mut Connection,
    course: i64,
    people: Vec<i64>,
    (moment, by): (Moment, By),
) -> Result<Vec<i64>, AppError> {
    let mut joined = Vec::new();
    for resident in people {
        match enrolments::enrol(conn, db.keys(), &New { course, resident, note: None }, moment, by) {
            Ok(id) => joined.push(id),
            Err(AppError::Refused(..)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(joined)
}

fn attend(conn: &mut Connection, ids: &[i64], (moment, ago): (Moment, i64), by: By) -> Result<(), AppError> {
    let came = Came { day: later(moment.1, -ago), minutes: LESSON.into() };
    enrolments::attend_all(conn, ids, came, day(moment, -ago), by)?;
    Ok(())
}
