//! Working days: what a person enters of holidays and of weekends worked in their place. None are shipped: the State Council
//! announces them every autumn for the year to come.

use chrono::NaiveDate;

use crate::app::Connection;
use crate::app::error::AppError;
use crate::db::recognitions::calendar as rows;
pub use crate::db::recognitions::calendar::CalendarDay;
use crate::domain::clock::WorkCalendar;

/// The calendar.
///
/// # Errors
/// If the database fails.
pub fn load(conn: &mut Connection) -> Result<WorkCalendar, AppError> {
    Ok(WorkCalendar::new(rows::all(conn)?.into_iter().map(|row| (row.day, row.is_working))))
}

/// The days that are not what their weekday says, by day.
///
/// # Errors
/// If the database fails.
pub fn list(conn: &mut Connection) -> Result<Vec<CalendarDay>, AppError> {
    Ok(rows::all(conn)?)
}

/// Says what a day is.
///
/// # Errors
/// If the database fails.
pub fn set(conn: &mut Connection, day: &CalendarDay) -> Result<(), AppError> {
    Ok(rows::set(conn, day)?)
}

/// Makes a day what its weekday says.
///
/// # Errors
/// `NotFound` if it was that.
pub fn remove(conn: &mut Connection, day: NaiveDate) -> Result<(), AppError> {
    if rows::remove(conn, day)? { Ok(()) } else { Err(AppError::NotFound) }
}
