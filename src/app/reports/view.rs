//! A frozen report as it is read.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

use super::freeze::is_genuine;
use super::read;
use crate::app::error::AppError;
use crate::app::{Connection, Page};
use crate::db::areas;
use crate::db::reports::{self as rows, ReportRow, changes, figures, signatures};
pub use crate::db::reports::{ReportData, changes::ChangeRow, figures::FigureRow, signatures::SignatureRow};
use crate::domain::coverage::basis_points;
use crate::domain::report::ReportFigure;
use crate::domain::text::Text;

/// A report in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub id: i64,
    pub community: String,
    pub data: ReportData,
    pub signature: Option<SignatureRow>,
    /// The version that corrects it.
    pub corrected_by: Option<i64>,
}

/// Everything a report says but its lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub summary: Summary,
    /// In the order they are printed.
    pub figures: Vec<FigureRow>,
    pub changes: Vec<ChangeRow>,
    /// Every version of the month, oldest first.
    pub versions: Vec<(i64, i64, NaiveDateTime)>,
    /// What it says otherwise than the version it corrects.
    pub corrections: Vec<Correction>,
    /// Whether it still says what was frozen.
    pub genuine: bool,
}

/// A figure that a correction changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub name: Text,
    pub code: String,
    pub group_key: String,
    /// 0 where the version before had no such group.
    pub was: i64,
    pub is: i64,
    /// How many came into its list, and how many left it.
    pub entered: u64,
    pub left: u64,
}

impl Report {
    /// The value of a figure of all.
    #[must_use]
    pub fn value(&self, figure: ReportFigure) -> i64 {
        self.figure(figure).map_or(0, |row| row.value)
    }

    fn figure(&self, figure: ReportFigure) -> Option<&FigureRow> {
        self.figures.iter().find(|row| row.code == figure.code() && row.group_key.is_empty())
    }

    /// Covered of covered and uncovered, in basis points rounded down; `None` where nobody is counted.
    #[must_use]
    pub fn rate(&self) -> Option<u32> {
        let [covered, uncovered] = [ReportFigure::Covered, ReportFigure::Uncovered]
            .map(|figure| u64::try_from(self.value(figure)).unwrap_or_default());
        basis_points(covered, covered + uncovered)
    }
}

/// Name of a row with its group.
#[must_use]
pub fn name(row: &FigureRow) -> Text {
    if row.group_key.is_empty() {
        return Text::new(&row.name_zh, &row.name_en);
    }
    Text::new(format!("{}：{}", row.name_zh, row.group_zh), format!("{}: {}", row.name_en, row.group_en))
}

/// Reports of these areas (`None` = of all), of one month if one is named.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    which: (Option<&[i64]>, Option<NaiveDate>),
    page: Page,
) -> Result<Vec<Summary>, AppError> {
    rows::page(conn, which, page)?.into_iter().map(|row| summary(conn, row)).collect()
}

fn summary(conn: &mut Connection, row: ReportRow) -> Result<Summary, AppError> {
    let versions = rows::versions(conn, row.data.community_id, row.data.month)?;
    let corrected_by = versions.iter().find(|other| other.data.corrects_id == Some(row.id)).map(|other| other.id);
    Ok(Summary {
        id: row.id,
        community: areas::get(conn, row.data.community_id)?.data.name,
        signature: signatures::of(conn, &[row.id])?.pop(),
        corrected_by,
        data: row.data,
    })
}

/// # Errors
/// `NotFound`.
pub fn report(conn: &mut Connection, id: i64) -> Result<Report, AppError> {
    let row = rows::get(conn, id)?;
    let genuine = is_genuine(conn, &row)?;
    let versions = rows::versions(conn, row.data.community_id, row.data.month)?;
    let own = figures::of(conn, &[id])?;
    let corrections = match row.data.corrects_id {
        Some(before) => corrections(&figures::of(conn, &[before])?, &own),
        None => Vec::new(),
    };
    Ok(Report {
        changes: changes::of(conn, &[id])?,
        versions: versions.iter().map(|row| (row.id, row.data.version, row.data.frozen_at)).collect(),
        summary: summary(conn, row)?,
        figures: own,
        corrections,
        genuine,
    })
}

/// What differs between two versions, figure by figure.
fn corrections(before: &[FigureRow], now: &[FigureRow]) -> Vec<Correction> {
    let same = |a: &FigureRow, b: &FigureRow| a.code == b.code && a.group_key == b.group_key;
    let gone = before.iter().filter(|old| !now.iter().any(|new| same(old, new))).map(|old| (Some(old), None));
    let there = now.iter().map(|new| (before.iter().find(|old| same(old, new)), Some(new)));
    let differs = |(old, new): (Option<&FigureRow>, Option<&FigureRow>)| {
        let listed = |row: Option<&FigureRow>| -> BTreeSet<i64> {
            row.map(|row| read(&row.subjects)).into_iter().flatten().collect()
        };
        let (was, is) = (listed(old), listed(new));
        let row = new.or(old)?;
        (was != is).then(|| Correction {
            name: name(row),
            code: row.code.clone(),
            group_key: row.group_key.clone(),
            was: old.map_or(0, |row| row.value),
            is: new.map_or(0, |row| row.value),
            entered: is.difference(&was).count() as u64,
            left: was.difference(&is).count() as u64,
        })
    };
    there.chain(gone).filter_map(differs).collect()
}
