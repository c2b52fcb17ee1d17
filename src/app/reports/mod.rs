//! Months as they are reported: counted, frozen, signed, corrected.
//!
//! A report is counted from the records of one moment ([`count`]), compared with the month before ([`changes`]) and frozen with the
//! list behind each figure ([`freeze`]). Nobody types a figure: what is sent names a community, a month and, for a correction, a reason.
//!
//! Invariants: a figure is as many as its list has entries; a frozen report is never changed (triggers), and its hash binds every
//! figure, list and change to what was signed. Cost of freezing: one scan of the facts, two counts, some fifty rows.

pub mod changes;
pub mod count;
pub mod file;
pub mod freeze;
pub mod lists;
pub mod view;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Page};
use crate::db::areas::{self, AreaFilter};
use crate::domain::codes::AreaKind;

/// The communities a report can be made of, by id: those in these areas (`None` = all).
///
/// # Errors
/// If the database fails.
pub fn communities(conn: &mut Connection, within: Option<&[i64]>) -> Result<Vec<(i64, String)>, AppError> {
    let kind = Some(AreaKind::Community);
    let filter = AreaFilter { kind, within: within.map(<[i64]>::to_vec), ..AreaFilter::default() };
    let found = areas::page(conn, &filter, Page::first(i64::MAX))?;
    Ok(found.into_iter().map(|area| (area.id, area.data.name)).collect())
}

/// The first day of a month written `2026-10`.
#[must_use]
pub fn month(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = format!("{text}-01").parse().ok()?;
    (text.len() == 7 && (1900..2200).contains(&day.year())).then_some(day)
}

/// The last day of a month.
#[must_use]
pub fn last_day(month: NaiveDate) -> NaiveDate {
    let next = month.checked_add_months(Months::new(1));
    next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(month)
}

/// The ids of a list as they are stored.
fn written(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")
}

/// A community must be there and be one.
///
/// # Errors
/// At `pointer`.
fn is_community(conn: &mut Connection, id: i64, pointer: &str) -> Result<String, AppError> {
    let found = areas::get_many(conn, &[id])?.pop().filter(|area| area.data.kind == AreaKind::Community);
    match found {
        Some(area) => Ok(area.data.name),
        None => Err(FieldError::new(pointer, FieldCode::NoSuchRecord).into()),
    }
}

/// The ids of a stored list.
fn read(text: &str) -> Vec<i64> {
    text.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect()
}
