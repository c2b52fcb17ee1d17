//! Residents in courses: from the enrolment through the days they come to the result.
//!
//! Cost of [`page()`]: the attendances of those on it.

mod view;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::app::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use crate::app::privacy::acquaintance::Acquaintance;
use crate::app::steps::{self, By, check_follows, check_reason, each};
use crate::app::{Connection, Keyring, Moment, seal_note};
use crate::db::courses::{self, skills as taught_rows};
pub use crate::db::enrolments::EnrolmentFilter;
use crate::db::enrolments::attendances::{self, AttendanceRow};
use crate::db::enrolments::evidence::{self, EvidenceRow};
use crate::db::enrolments::moves::{self, MoveRow};
use crate::db::enrolments::{self as rows, EnrolmentData, EnrolmentRow};
use crate::db::resident_lists::skills::{self as skill_rows, ResidentSkill};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, residents, skills as vocabulary};
use crate::domain::ages;
use crate::domain::text::Text;
use crate::domain::training::{CourseStatus, EnrolmentReason, EnrolmentState, follows, takes_back};
use crate::engine::normalise::normalise;

pub(in crate::app) use view::of_resident;
pub use view::{Enrolment, History, Taken, get, page};

/// A resident for a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    pub course: i64,
    pub resident: i64,
    /// Sealed at rest.
    pub note: Option<String>,
}

/// Enrols a resident; gives the enrolment's id.
///
/// # Errors
/// `Invalid` for records that are not there; refused where the course is not open or full, the resident is in it or has passed it, is too
/// young, has not agreed to the service, or the data is restricted.
pub fn enrol(conn: &mut Connection, keys: &Keyring, new: &New, (now, today): Moment, by: By) -> Result<i64, AppError> {
    let course = match courses::get(conn, new.course) {
        Ok(row) => row.data,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/course_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    let person = match residents::get(conn, new.resident) {
        Ok(row) => row.data,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/resident_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    if person.restricted {
        return Err(Refusal::DataRestricted.into());
    }
    if !ages::is_of_working_age(person.birth_date, today) {
        return Err(Refusal::TooYoungToTrain.into());
    }
    if !Acquaintance::load(conn, &[new.resident], today)?.is_open(new.resident) {
        return Err(Refusal::ServiceNotAgreed.into());
    }
    if course.status != CourseStatus::Open || course.last_on < today {
        return Err(Refusal::CourseNotOpen.into());
    }
    for row in rows::of_resident(conn, new.resident)?.iter().filter(|row| row.data.course_id == new.course) {
        match row.data.state {
            EnrolmentState::Passed => return Err(Refusal::CoursePassed.into()),
            state if state.is_open() => return Err(Refusal::AlreadyEnrolled.into()),
            _ => {}
        }
    }
    if !courses::take_seat(conn, new.course)? {
        return Err(Refusal::CourseFull.into());
    }
    let data = EnrolmentData {
        course_id: new.course,
        resident_id: new.resident,
        state: EnrolmentState::Enrolled,
        moved_on: today,
    };
    // Somebody else may have been quicker since it was looked for: the index says so.
    let id = rows::insert(conn, &data, now).map_err(DbError::overtaken)?;
    let note = seal_note(keys, SealedColumn::EnrolmentNote, new.note.as_deref())?;
    let step = Step { note, ..Step::plain(EnrolmentState::Enrolled) };
    moves::append(conn, id, step.taken(None, (now, today), by))?;
    Ok(id)
}

/// Enrols several at once: all of them, or none.
///
/// # Errors
/// `Invalid`, with the place of everybody who cannot be enrolled.
pub fn enrol_all(
    conn: &mut Connection,
    keys: &Keyring,
    all: &[New],
    moment: Moment,
    by: By,
) -> Result<Vec<i64>, AppError> {
    each(all, "items", |one| enrol(conn, keys, one, moment, by))
}

/// A day on which somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    pub day: NaiveDate,
    /// 1..=1440.
    pub minutes: i64,
}

/// Records for all of these enrolments, or for none, that they came on a day; a day recorded before is corrected. Gives whom they are
/// about.
///
/// # Errors
/// `Invalid` for a day after today or outside of the course, and with the place of every enrolment that has ended or is not there.
pub fn attend_all(
    conn: &mut Connection,
    ids: &[i64],
    came: Came,
    (now, today): Moment,
    by: By,
) -> Result<Vec<i64>, AppError> {
    let mut faults = Faults::default();
    if came.day > today {
        faults.add("/day", FieldCode::InTheFuture);
    }
    if !(1..=1440).contains(&came.minutes) {
        faults.add("/minutes", FieldCode::OutOfRange);
    }
    faults.done()?;
    each(ids, "enrolment_ids", |id| {
        let row = rows::get(conn, *id)?;
        if !row.data.state.is_open() {
            return Err(Refusal::WrongStatus.being(row.data.state.label()));
        }
        let course = courses::get(conn, row.data.course_id)?.data;
        if !(course.first_on..=course.last_on).contains(&came.day) {
            let (first, last) = (course.first_on, course.last_on);
            let text = Text::new(
                format!("日期不在课程期间（{first} 至 {last}）。请核对。"),
                format!("The course is from {first} to {last}. Please check the day."),
            );
            // The day is of the whole request, the course of this entry: it is pointed at here.
            return Err(FieldError::with_text("", FieldCode::Contradicts, text).into());
        }
        let attendance = AttendanceRow {
            enrolment_id: *id,
            day: came.day,
            minutes: came.minutes,
            recorded_by: by.account,
            created_at: now,
        };
        attendances::set(conn, &attendance)?;
        if row.data.state == EnrolmentState::Enrolled {
            advance(conn, &row, Step::plain(EnrolmentState::Attended), (now, today), by)?;
        }
        Ok(row.data.resident_id)
    })
}

/// A step somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The state the caller saw: a step is never taken twice.
    pub from: EnrolmentState,
    pub to: EnrolmentState,
    /// For every end but passing.
    pub reason: Option<EnrolmentReason>,
    /// Sealed at rest.
    pub note: Option<String>,
}

/// Takes one step; gives whom it is about. Passing adds what was taught to the person's skills, with the evidence; an end before it
/// gives the seat back. A result taken back takes with it what it showed.
///
/// # Errors
/// `NotFound`; refused if the state is another one by now or the step does not follow; `Invalid` for a reason that is missing, not needed
/// or of another step.
pub fn make(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    request: &Request,
    (now, today): Moment,
    by: By,
) -> Result<i64, AppError> {
    let row = rows::get(conn, id)?;
    check_follows((row.data.state, row.data.state.label()), request.from, follows(request.from, request.to))?;
    let mut faults = Faults::default();
    let may_say = |reason: EnrolmentReason| reason.serves(request.to) && !reason.is_by_rule();
    check_reason(&mut faults, request.reason, request.to != EnrolmentState::Passed, may_say);
    let last = courses::get(conn, row.data.course_id)?.data.last_on;
    if request.to == EnrolmentState::Passed && today < last {
        let text = Text::new(
            format!("课程到 {last} 才结束，结束当天起可以登记合格。"),
            format!("The course goes on until {last}; who passed can be recorded from that day."),
        );
        faults.push(FieldError::with_text("/to", FieldCode::Contradicts, text));
    }
    faults.done()?;
    let note = seal_note(keys, SealedColumn::EnrolmentNote, request.note.as_deref())?;
    advance(conn, &row, Step { to: request.to, reason: request.reason, note }, (now, today), by)?;
    if request.to == EnrolmentState::Passed {
        show_skills(conn, &row, (now, today))?;
    }
    if takes_back(request.from, request.to) {
        unshow_skills(conn, &row, now)?;
    }
    Ok(row.data.resident_id)
}

/// Ends an open enrolment by a rule of the service.
pub(super) fn end_by_rule(
    conn: &mut Connection,
    row: &EnrolmentRow,
    (to, reason): (EnrolmentState, EnrolmentReason),
    moment: Moment,
) -> Result<(), AppError> {
    advance(conn, row, Step::by_rule(to, reason), moment, By::service())
}

/// A person's word or data may have changed: whoever may not be served any more leaves the courses.
pub(in crate::app) fn reconsider(conn: &mut Connection, resident: i64, moment: Moment) -> Result<(), AppError> {
    let open: Vec<EnrolmentRow> =
        rows::of_resident(conn, resident)?.into_iter().filter(|row| row.data.state.is_open()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let may = match Acquaintance::load(conn, &[resident], moment.1) {
        // Without a legal basis nobody is served, and nothing is decided about single persons.
        Err(AppError::Refused(Refusal::NoLegalBasis, _)) => return Ok(()),
        may => may?.is_open(resident),
    };
    for row in open.iter().filter(|_| !may) {
        end_by_rule(conn, row, (EnrolmentState::DroppedOut, EnrolmentReason::DataRestricted), moment)?;
    }
    Ok(())
}

/// An enrolment as an offer of training to the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Begun {
    pub resident: i64,
    pub on: NaiveDate,
    /// The account.
    pub by: Option<i64>,
}

/// When these residents were enrolled somewhere, and by whom. What was entered by mistake is left out.
pub(in crate::app) fn begun(conn: &mut Connection, residents: &[i64]) -> Result<Vec<Begun>, AppError> {
    let all = rows::of_residents(conn, residents)?;
    let ids: Vec<i64> = all.iter().map(|row| row.id).collect();
    let mut steps: HashMap<i64, Vec<MoveRow>> = HashMap::new();
    for step in moves::of(conn, &ids)? {
        steps.entry(step.enrolment_id).or_default().push(step);
    }
    let begun = |row: &EnrolmentRow| {
        let history = steps.get(&row.id)?;
        let was_none = |step: &MoveRow| {
            step.to_state == EnrolmentState::DroppedOut && step.reason == Some(EnrolmentReason::EnteredByMistake)
        };
        if history.iter().any(was_none) {
            return None;
        }
        let first = history.first()?;
        Some(Begun { resident: row.data.resident_id, on: first.happened_on, by: first.account_id })
    };
    Ok(all.iter().filter_map(begun).collect())
}

/// A step of an enrolment.
type Step = steps::Step<EnrolmentState, EnrolmentReason>;

/// Brings an enrolment into a state, writes the step, and gives the seat back where it is not needed any more.
fn advance(conn: &mut Connection, row: &EnrolmentRow, step: Step, moment: Moment, by: By) -> Result<(), AppError> {
    let data = EnrolmentData { state: step.to, moved_on: moment.1, ..row.data };
    rows::update(conn, row.id, row.version, &data, moment.0)?;
    if row.data.state.holds_seat() && !step.to.holds_seat() {
        courses::give_back(conn, row.data.course_id)?;
    }
    Ok(moves::append(conn, row.id, step.taken(Some(row.data.state), moment, by))?)
}

/// Adds what the course teaches to the person's skills, never below what is there, and keeps what shows it.
fn show_skills(conn: &mut Connection, row: &EnrolmentRow, (now, today): Moment) -> Result<(), AppError> {
    let resident = row.data.resident_id;
    let version = residents::get(conn, resident)?.version;
    let mut held = skill_rows::of(conn, &[resident])?;
    let mut shown = Vec::new();
    for taught in taught_rows::of(conn, &[row.data.course_id])? {
        let name = vocabulary::get(conn, taught.skill_id)?.data.name_zh;
        let normalised = normalise(&name);
        let same = |skill: &&mut ResidentSkill| {
            skill.skill_id == Some(taught.skill_id) || (skill.skill_id.is_none() && skill.normalised == normalised)
        };
        let before = match held.iter_mut().find(same) {
            Some(skill) => {
                let before = skill.level;
                (skill.skill_id, skill.level) = (Some(taught.skill_id), before.max(taught.level));
                before
            }
            None => {
                held.push(ResidentSkill {
                    resident_id: resident,
                    skill_id: Some(taught.skill_id),
                    name,
                    normalised,
                    level: taught.level,
                    months: None,
                });
                0
            }
        };
        shown.push(EvidenceRow {
            enrolment_id: row.id,
            skill_id: taught.skill_id,
            level: taught.level,
            shown_on: today,
            level_before: Some(before),
        });
    }
    skill_rows::replace(conn, &[resident], &held)?;
    evidence::insert_all(conn, &shown)?;
    residents::touch(conn, resident, version, now)?;
    Ok(())
}

/// Takes what a course showed from the person's skills, down to what was there before or another course shows; a level that somebody has
/// set since stays. What a later course found of it was never there either.
fn unshow_skills(conn: &mut Connection, row: &EnrolmentRow, now: NaiveDateTime) -> Result<(), AppError> {
    let shown = evidence::of(conn, &[row.id])?;
    if shown.is_empty() {
        return Ok(());
    }
    let resident = row.data.resident_id;
    let version = residents::get(conn, resident)?.version;
    evidence::replace(conn, &[row.id], &[])?;
    let others: Vec<i64> = rows::of_resident(conn, resident)?.iter().map(|other| other.id).collect();
    let (mut elsewhere, mut is_corrected) = (evidence::of(conn, &others)?, false);
    let mut held = skill_rows::of(conn, &[resident])?;
    for gone in shown {
        let Some(before) = gone.level_before else { continue };
        let mut left = before;
        for other in elsewhere.iter_mut().filter(|other| other.skill_id == gone.skill_id) {
            left = left.max(other.level);
            if other.level_before == Some(gone.level) {
                (other.level_before, is_corrected) = (Some(before), true);
            }
        }
        for skill in &mut held {
            if skill.skill_id == Some(gone.skill_id) && skill.level == gone.level {
                skill.level = left;
            }
        }
    }
    held.retain(|skill| skill.level > 0);
    if is_corrected {
        evidence::replace(conn, &others, &elsewhere)?;
    }
    skill_rows::replace(conn, &[resident], &held)?;
    residents::touch(conn, resident, version, now)?;
    Ok(())
}
