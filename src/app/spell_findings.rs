//! Jobs on record that somebody should look at: overlapping ones, and those that cannot be.
//!
//! Computed from the records at hand, so that a finding goes when its cause is mended. Cost: the facts of all households.

use chrono::NaiveDate;

use super::Connection;
use super::coverage::facts;
use super::error::AppError;
use crate::domain::spell_findings::{Found, SpellFinding, findings};

/// A finding, with whose job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub household: i64,
    pub resident: i64,
    pub found: Found,
}

/// Which findings; `None` = any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingFilter {
    pub finding: Option<SpellFinding>,
    pub household: Option<i64>,
}

/// The findings of today's members of households in these areas (`None` = anywhere), by job.
///
/// # Errors
/// If the database fails.
pub fn list(
    conn: &mut Connection,
    within: Option<&[i64]>,
    filter: FindingFilter,
    today: NaiveDate,
) -> Result<Vec<Line>, AppError> {
    let mut facts = match filter.household {
        Some(household) => facts::load_household(conn, household)?,
        None => facts::load(conn)?,
    };
    facts.keep_within(within);
    let mut lines = Vec::new();
    for household in &facts.households {
        for member in household.members.iter().filter(|member| member.person.is_member(today)) {
            let wanted = findings(member, today)
                .into_iter()
                .filter(|found| filter.finding.is_none_or(|finding| found.finding == finding));
            lines.extend(wanted.map(|found| Line { household: household.id, resident: member.resident, found }));
        }
    }
    lines.sort_unstable_by_key(|line| line.found);
    Ok(lines)
}
