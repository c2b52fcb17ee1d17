//! Enrolments as their readers see them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Came, EnrolmentFilter};
use crate::app::error::AppError;
use crate::app::steps;
use crate::app::{Connection, Keyring, Page};
use crate::db::courses;
use crate::db::enrolments::{self as rows, EnrolmentRow, attendances, evidence, moves};
use crate::db::seal::SealedColumn;
use crate::domain::training::{EnrolmentReason, EnrolmentState, follows};

/// An enrolment as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    pub id: i64,
    pub version: i64,
    pub course_id: i64,
    pub course: String,
    pub resident_id: i64,
    pub state: EnrolmentState,
    pub moved_on: NaiveDate,
    /// Days on which the person came, and minutes in all.
    pub days: i64,
    pub minutes: i64,
}

/// One step of the history.
pub type Taken = steps::Taken<EnrolmentState, EnrolmentReason>;

/// An enrolment with everything that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub enrolment: Enrolment,
    /// The states it may be brought into now.
    pub next: Vec<EnrolmentState>,
    pub moves: Vec<Taken>,
    pub attendances: Vec<Came>,
    /// (skill, level) of what passing showed.
    pub shown: Vec<(i64, i64)>,
}

/// A page of enrolments by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &EnrolmentFilter, page: Page) -> Result<Vec<Enrolment>, AppError> {
    let found = rows::page(conn, filter, page)?;
    views(conn, found)
}

/// One enrolment with its history.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64) -> Result<History, AppError> {
    let row = rows::get(conn, id)?;
    let state = row.data.state;
    let mut taken = Vec::new();
    for step in moves::of(conn, &[id])? {
        taken.push(Taken::open(keys, SealedColumn::EnrolmentNote, step.numbered())?);
    }
    let mut came: Vec<Came> =
        attendances::of(conn, &[id])?.into_iter().map(|row| Came { day: row.day, minutes: row.minutes }).collect();
    came.sort_by_key(|came| came.day);
    Ok(History {
        enrolment: views(conn, vec![row])?.pop().ok_or(AppError::NotFound)?,
        next: EnrolmentState::ALL.iter().copied().filter(|to| follows(state, *to)).collect(),
        moves: taken,
        attendances: came,
        shown: evidence::of(conn, &[id])?.into_iter().map(|row| (row.skill_id, row.level)).collect(),
    })
}

/// Every enrolment of a resident with its history, for the person's own copy.
///
/// # Errors
/// If the database fails.
pub(in crate::app) fn of_resident(
    conn: &mut Connection,
    keys: &Keyring,
    resident: i64,
) -> Result<Vec<History>, AppError> {
    let ids: Vec<i64> = rows::of_resident(conn, resident)?.into_iter().map(|row| row.id).collect();
    ids.into_iter().map(|id| get(conn, keys, id)).collect()
}

fn views(conn: &mut Connection, found: Vec<EnrolmentRow>) -> Result<Vec<Enrolment>, AppError> {
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let courses: Vec<i64> = found.iter().map(|row| row.data.course_id).collect();
    let names: HashMap<i64, String> =
        courses::get_many(conn, &courses)?.into_iter().map(|row| (row.id, row.data.name)).collect();
    let mut came: HashMap<i64, (i64, i64)> = HashMap::new();
    for row in attendances::of(conn, &ids)? {
        let (days, minutes) = came.entry(row.enrolment_id).or_default();
        (*days, *minutes) = (*days + 1, *minutes + row.minutes);
    }
    let view = |row: EnrolmentRow| {
        let (days, minutes) = came.get(&row.id).copied().unwrap_or_default();
        Enrolment {
            id: row.id,
            version: row.version,
            course_id: row.data.course_id,
            course: names.get(&row.data.course_id).cloned().unwrap_or_default(),
            resident_id: row.data.resident_id,
            state: row.data.state,
            moved_on: row.data.moved_on,
            days,
            minutes,
        }
    };
    Ok(found.into_iter().map(view).collect())
}
