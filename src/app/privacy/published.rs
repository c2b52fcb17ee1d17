//! Which figures of coverage does everybody see?
//!
//! Invariant: they are those of the last finished month, so that no two days can be compared; small counts and what they would follow
//! from are kept back, and all others are rounded ([`crate::domain::small_cells`]): tables of other months, and of the same
//! households grouped in another way, lie beside. Cost: one scan of the facts.

use chrono::NaiveDate;

use crate::app::coverage::facts;
use crate::app::coverage::report::{self, GroupBy};
use crate::app::error::AppError;
use crate::app::settings;
use crate::db::Db;
use crate::domain::coverage::Tally;
use crate::domain::small_cells::{Shown, Table};

/// Households of one group, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    pub households: Shown,
    pub covered: Shown,
    pub uncovered: Shown,
    pub exempt: Shown,
}

/// Coverage as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedCoverage {
    pub as_of: NaiveDate,
    /// Counts below it are kept back; the others are multiples of it.
    pub threshold: u64,
    pub total: Figures,
    pub groups: Vec<(String, Figures)>,
}

/// The last finished month, by group.
///
/// # Errors
/// If the database fails.
pub fn coverage(db: &Db, today: NaiveDate, by: GroupBy) -> Result<PublishedCoverage, AppError> {
    let as_of = report::month_ends(today, 1).pop().unwrap_or(today);
    let (report, threshold) = db.read(|conn| -> Result<_, AppError> {
        let rules = settings::coverage_rules(conn, as_of)?;
        let report = report::report(&facts::load(conn)?, as_of, &rules, Some(by));
        Ok((report, settings::small_cell_threshold(conn, today)?))
    })?;
    let cells = |tally: &Tally| vec![tally.covered, tally.uncovered, tally.exempt];
    let rows = report.groups.iter().map(|group| cells(&group.tally)).collect();
    let table = Table::new(rows, 3).ok_or_else(|| anyhow::anyhow!("a row of another length"))?;
    let shown = table.published(threshold).rounded();
    let figures = |households: Shown, cells: &[Shown]| match cells {
        [covered, uncovered, exempt] => {
            Ok(Figures { households, covered: *covered, uncovered: *uncovered, exempt: *exempt })
        }
        _ => Err(anyhow::anyhow!("a row of another length")),
    };
    let mut groups = Vec::with_capacity(report.groups.len());
    for ((group, households), cells) in report.groups.into_iter().zip(&shown.row_totals).zip(&shown.cells) {
        groups.push((group.key, figures(*households, cells)?));
    }
    Ok(PublishedCoverage { as_of, threshold, total: figures(shown.total, &shown.column_totals)?, groups })
}
