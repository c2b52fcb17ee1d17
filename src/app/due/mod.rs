//! The due list of a counselor: everything in some areas that waits for somebody, in one order, each with its reason, counted.
//!
//! Nothing of it is stored: it follows from the records, so that what was done is gone from it on the next look. Cost: the open
//! recognitions, referrals and running jobs, the published postings, and the facts of all households.

mod sources;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Connection;
use super::error::AppError;
use crate::domain::due::arrange;
pub use crate::domain::due::{Due, DueCount, DueKind};

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
