//! Jobs on record that somebody should look at: overlapping ones, and those that cannot be.
//!
//! Computed from the records at hand, so that a finding goes when its cause is mended. Cost: the facts of all households, and the jobs and
//! hours of those with two part-time jobs.

use chrono::NaiveDate;

use super::Connection;
use super::coverage::facts::{self, Facts};
use super::error::AppError;
use super::spells::week;
use crate::db::spells;
use crate::domain::codes::Channel;
use crate::domain::coverage::SpellFacts;
use crate::domain::spell_findings::{Found, SpellFinding, findings};
use crate::domain::week::WeekHours;

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
    let mut lines = hours_that_meet(conn, &facts, today)?;
    lines.retain(|line| filter.finding.is_none_or(|finding| line.found.finding == finding));
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

/// Part-time jobs of today's members whose postings' hours meet, told at the job entered later: an employer may change its hours after
/// both were recorded.
pub(super) fn hours_that_meet(conn: &mut Connection, facts: &Facts, today: NaiveDate) -> Result<Vec<Line>, AppError> {
    let is_part_time =
        |spell: &&SpellFacts| spell.part_time && spell.is_active(today) && spell.channel != Channel::Farming;
    let mut found = Vec::new();
    for household in &facts.households {
        for member in household.members.iter().filter(|member| member.person.is_member(today)) {
            let part_time: Vec<i64> = member.spells.iter().filter(is_part_time).map(|spell| spell.id).collect();
            if part_time.len() < 2 {
                continue;
            }
            let mut weeks: Vec<(i64, WeekHours)> = Vec::new();
            for row in spells::of_residents(conn, &[member.resident])?.iter().filter(|row| part_time.contains(&row.id))
            {
                weeks.push((row.id, week(conn, row.data.posting_id)?));
            }
            weeks.sort_by_key(|(id, _)| *id);
            for (index, (later, hours)) in weeks.iter().enumerate() {
                let other = weeks[..index].iter().find(|(_, other)| other.overlaps(hours)).map(|(id, _)| *id);
                found.extend(other.map(|other| Line {
                    household: household.id,
                    resident: member.resident,
                    found: Found { spell: *later, finding: SpellFinding::HoursMeet, other: Some(other) },
                }));
            }
        }
    }
    Ok(found)
}
