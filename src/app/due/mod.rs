//! The due list of a counselor: everything in some areas that waits for somebody, in one order, each with its reason, counted.
//!
//! Nothing of it is stored: it follows from the records, so that what was done is gone from it on the next look. Cost: the open
//! recognitions, referrals and running jobs, the published postings, and the facts of all households.

mod sources;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::Connection;
use super::coverage::facts;
use super::error::AppError;
use crate::db::residents;
use crate::domain::due::arrange;
pub use crate::domain::due::{Due, DueCount, DueKind};

/// Days before a visit, or the next step one left, in which it is on the list.
pub const VISIT_DAYS: u64 = 7;

/// Which entries; `None` = any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    pub kind: Option<DueKind>,
    /// Only what is late.
    pub overdue: bool,
}

/// The list, and how many there are of each kind before the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueList {
    pub items: Vec<Due>,
    pub counts: BTreeMap<DueKind, DueCount>,
}

/// The names of those the entries are about, in the same order: the resident's, else that of the household's head.
///
/// # Errors
/// If the database fails.
pub fn names(conn: &mut Connection, entries: &[Due]) -> Result<Vec<Option<String>>, AppError> {
    let people: Vec<i64> = entries.iter().filter_map(|due| due.resident).collect();
    let people: HashMap<i64, String> =
        residents::get_many(conn, &people)?.into_iter().map(|row| (row.id, row.data.name)).collect();
    let homes: Vec<i64> = entries.iter().filter_map(|due| due.household).collect();
    let heads: HashMap<i64, String> = facts::load_households(conn, &homes)?
        .places
        .into_iter()
        .filter_map(|place| Some((place.household, place.head_name?)))
        .collect();
    let name = |due: &Due| match (due.resident, due.household) {
        (Some(resident), _) => people.get(&resident).cloned(),
        (None, household) => heads.get(&household?).cloned(),
    };
    Ok(entries.iter().map(name).collect())
}

/// What waits in these areas (`None` = anywhere).
///
/// # Errors
/// If the database fails.
pub fn list(
    conn: &mut Connection,
    within: Option<&[i64]>,
    filter: DueFilter,
    today: NaiveDate,
) -> Result<DueList, AppError> {
    let mut all = Vec::new();
    for source in sources::ALL {
        all.extend(source(conn, within, today)?);
    }
    let (mut items, counts) = arrange(all, today);
    items.retain(|due| filter.kind.is_none_or(|kind| due.kind == kind) && (!filter.overdue || due.is_overdue(today)));
    Ok(DueList { items, counts })
}
