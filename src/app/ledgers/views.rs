//! Which columns of a ledger somebody saved under a name, in which order. A view is its account's alone.

use chrono::NaiveDateTime;

use super::{LedgerKind, chosen};
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::db::saved_views::{self as rows, ViewData};

/// Views an account may have.
const MOST: usize = 50;
const LONGEST: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: i64,
    pub kind: LedgerKind,
    pub name: String,
    /// Codes, in the order of the columns.
    pub columns: Vec<String>,
}

/// The views of an account. One whose ledger this program does not know is left out.
///
/// # Errors
/// If the database fails.
pub fn list(conn: &mut Connection, account: i64) -> Result<Vec<View>, AppError> {
    let view = |row: crate::db::Stored<ViewData>| {
        let columns = row.data.fields.split(' ').map(str::to_owned).collect();
        Some(View { id: row.id, kind: LedgerKind::from_code(&row.data.list)?, name: row.data.name, columns })
    };
    Ok(rows::of_account(conn, account)?.into_iter().filter_map(view).collect())
}

/// Saves columns under a name; what had the name is replaced.
///
/// # Errors
/// At `/name` or `/columns`.
pub fn save(
    conn: &mut Connection,
    account: i64,
    (kind, name, columns): (LedgerKind, &str, &[&str]),
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
    chosen(kind, columns)?;
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
    if rows::get(conn, id)?.data.account_id != account {
        return Err(AppError::NotFound);
    }
    Ok(rows::delete(conn, id)?)
}
