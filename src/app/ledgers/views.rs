//! Which columns of a list somebody saved under a name, in which order. A view is its account's alone.

use chrono::NaiveDateTime;

use super::ListKind;
use super::choice::places;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::db::saved_views::{self as rows, ViewData};

/// Views an account may have.
const MOST: usize = 50;
const LONGEST: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: i64,
    pub kind: ListKind,
    pub name: String,
    /// Codes, in the order of the columns.
    pub columns: Vec<String>,
}

/// The views of an account. One whose list this program does not know is left out.
///
/// # Errors
/// If the database fails.
pub fn list(conn: &mut Connection, account: i64) -> Result<Vec<View>, AppError> {
    Ok(rows::of_account(conn, account)?.into_iter().filter_map(view).collect())
}

fn view(row: crate::db::Stored<ViewData>) -> Option<View> {
    let columns = row.data.fields.split(' ').map(str::to_owned).collect();
    Some(View { id: row.id, kind: ListKind::from_code(&row.data.list)?, name: row.data.name, columns })
}

/// A view of an account.
///
/// # Errors
/// `NotFound` also for another's.
pub fn get(conn: &mut Connection, account: i64, id: i64) -> Result<View, AppError> {
    let row = rows::get(conn, id)?;
    if row.data.account_id != account {
        return Err(AppError::NotFound);
    }
    view(row).ok_or(AppError::NotFound)
}

/// The columns of an account's view of this list.
///
/// # Errors
/// At `pointer` for a view that is not there, another's, or of another list.
pub fn columns(
    conn: &mut Connection,
    (account, id): (Option<i64>, i64),
    kind: ListKind,
    pointer: &str,
) -> Result<Vec<String>, AppError> {
    let unknown = || FieldError::new(pointer, FieldCode::NoSuchRecord);
    match get(conn, account.ok_or_else(unknown)?, id) {
        Ok(view) if view.kind == kind => Ok(view.columns),
        Ok(_) | Err(AppError::NotFound) => Err(unknown().into()),
        Err(error) => Err(error),
    }
}

/// Saves columns under a name; what had the name is replaced.
///
/// # Errors
/// At `/name` or `/columns`.
pub fn save(
    conn: &mut Connection,
    account: i64,
    (kind, name, columns): (ListKind, &str, &[&str]),
    now: NaiveDateTime,
) -> Result<i64, AppError> {
    let name = name.trim();
    let fault = |code| FieldError::new("/name", code);
    match name.chars().count() {
        0 => return Err(fault(FieldCode::Missing).into()),
        n if n > LONGEST => return Err(fault(FieldCode::TooLong).into()),
        _ if name.chars().any(char::is_control) => return Err(fault(FieldCode::BadText).into()),
        _ => {}
    }
    if columns.is_empty() {
        return Err(FieldError::new("/columns", FieldCode::Empty).into());
    }
    places(&kind.columns(), columns)?;
    let own = rows::of_account(conn, account)?;
    if let Some(old) = own.iter().find(|row| row.data.list == kind.code() && row.data.name == name) {
        rows::delete(conn, old.id)?;
    } else if own.len() >= MOST {
        return Err(FieldError::new("/name", FieldCode::TooMany).into());
    }
    let data = ViewData {
        account_id: account,
        list: kind.code().to_owned(),
        name: name.to_owned(),
        fields: columns.join(" "),
        created_at: now,
    };
    Ok(rows::insert(conn, &data)?)
}

/// Removes a view of an account.
///
/// # Errors
/// `NotFound` for one that is not there or another's.
pub fn remove(conn: &mut Connection, account: i64, id: i64) -> Result<(), AppError> {
    get(conn, account, id)?;
    Ok(rows::delete(conn, id)?)
}
