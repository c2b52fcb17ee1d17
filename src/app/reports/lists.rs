//! Whom a figure counted: the list that was frozen with it.
//!
//! Invariant: as many entries as the figure says, for ever. Names and homes are looked up when the list is opened: whoever was erased
//! has none any more, and the figure stands. Cost: the rows of one page.

use std::collections::HashMap;

use super::read;
use crate::app::access::members_of;
use crate::app::coverage::facts::{self, Place};
use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::db::reports::{changes, figures, residents_of};
use crate::db::{reports, residents, visits};
use crate::domain::codes::CoverageState;
use crate::domain::report::{ReportReason, ReportUnit};

/// Which list of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Figure {
        code: String,
        group: String,
    },
    /// Households that went from one state to another.
    Change {
        from: Option<CoverageState>,
        to: Option<CoverageState>,
        reason: ReportReason,
    },
}

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Of what the figure counts.
    pub id: i64,
    pub household: Option<Place>,
    pub resident: Option<(i64, String)>,
}

/// A page of a list, in the order of ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub unit: ReportUnit,
    pub entries: Vec<Entry>,
    /// Whose data it shows.
    pub shown: Vec<i64>,
}

/// Opens a list.
///
/// # Errors
/// `NotFound` for a report or figure that is not there.
pub fn list(conn: &mut Connection, report: i64, which: &Which, page: Page) -> Result<Listed, AppError> {
    let (unit, ids) = subjects(conn, report, which)?;
    looked_up(conn, unit, page.of(ids, |id| *id))
}

/// The entries of a list from a place on, as pages with numbers show them.
///
/// # Errors
/// As [`list`].
pub fn part(
    conn: &mut Connection,
    report: i64,
    which: &Which,
    (skipped, shown): (usize, usize),
) -> Result<Listed, AppError> {
    let (unit, ids) = subjects(conn, report, which)?;
    looked_up(conn, unit, ids.into_iter().skip(skipped).take(shown).collect())
}

fn looked_up(conn: &mut Connection, unit: ReportUnit, ids: Vec<i64>) -> Result<Listed, AppError> {
    let mut listed = Listed { unit, entries: Vec::new(), shown: Vec::new() };
    match unit {
        ReportUnit::Household => {
            let places = places(conn, &ids)?;
            listed.shown = members_of(conn, &ids)?;
            let entry = |id| Entry { id, household: places.get(&id).cloned(), resident: None };
            listed.entries = ids.into_iter().map(entry).collect();
        }
        ReportUnit::Visit => {
            let visited: HashMap<i64, i64> =
                visits::get_many(conn, &ids)?.into_iter().map(|row| (row.id, row.data.household_id)).collect();
            let households: Vec<i64> = visited.values().copied().collect();
            let places = places(conn, &households)?;
            listed.shown = members_of(conn, &households)?;
            let household = |id| visited.get(&id).and_then(|household| places.get(household)).cloned();
            listed.entries = ids.into_iter().map(|id| Entry { id, household: household(id), resident: None }).collect();
        }
        ReportUnit::Person | ReportUnit::Job | ReportUnit::Referral | ReportUnit::Enrolment => {
            let of: HashMap<i64, i64> = match unit {
                ReportUnit::Job => residents_of::jobs(conn, &ids)?,
                ReportUnit::Referral => residents_of::referrals(conn, &ids)?,
                ReportUnit::Enrolment => residents_of::enrolments(conn, &ids)?,
                _ => ids.iter().map(|id| (*id, *id)).collect(),
            }
            .into_iter()
            .collect();
            let people: Vec<i64> = of.values().copied().collect();
            let names: HashMap<i64, String> =
                residents::get_many(conn, &people)?.into_iter().map(|row| (row.id, row.data.name)).collect();
            let resident = |id| of.get(&id).and_then(|who| Some((*who, names.get(who)?.clone())));
            listed.entries = ids.iter().map(|id| Entry { id: *id, household: None, resident: resident(*id) }).collect();
            listed.shown = people;
        }
    }
    Ok(listed)
}

fn subjects(conn: &mut Connection, report: i64, which: &Which) -> Result<(ReportUnit, Vec<i64>), AppError> {
    reports::get(conn, report)?;
    match which {
        Which::Figure { code, group } => {
            let found =
                figures::of(conn, &[report])?.into_iter().find(|row| row.code == *code && row.group_key == *group);
            found.map(|row| (row.unit, read(&row.subjects))).ok_or(AppError::NotFound)
        }
        Which::Change { from, to, reason } => {
            let is_wanted =
                |row: &changes::ChangeRow| (row.from_state, row.to_state, row.reason) == (*from, *to, *reason);
            let found = changes::of(conn, &[report])?.into_iter().find(is_wanted);
            found.map(|row| (ReportUnit::Household, read(&row.subjects))).ok_or(AppError::NotFound)
        }
    }
}

fn places(conn: &mut Connection, households: &[i64]) -> Result<HashMap<i64, Place>, AppError> {
    let facts = facts::load_households(conn, households)?;
    Ok(facts.places.into_iter().map(|place| (place.household, place)).collect())
}
