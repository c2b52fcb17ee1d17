//! Employers: park tenants, companies elsewhere, public-welfare units.

use chrono::NaiveDateTime;

use super::error::{AppError, FieldCode, FieldError};
use super::{Connection, Page, Record};
use crate::db::employers as rows;
pub use crate::db::employers::{EmployerData as EmployerFields, EmployerFilter};
use crate::domain::credit_code::CreditCode;

pub type Employer = Record<EmployerFields>;

/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &EmployerFilter, page: Page) -> Result<Vec<Employer>, AppError> {
    Ok(rows::page(conn, filter, page)?.into_iter().map(Employer::from).collect())
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, id: i64) -> Result<Employer, AppError> {
    Ok(rows::get(conn, id)?.into())
}

/// # Errors
/// `Invalid` for a bad credit code; refused if name or code is taken.
pub fn create(conn: &mut Connection, fields: EmployerFields, now: NaiveDateTime) -> Result<Employer, AppError> {
    let id = rows::insert(conn, &checked(fields)?, now)?;
    get(conn, id)
}

/// # Errors
/// As for [`create`]; `Stale` if the employer has moved on.
pub fn update(
    conn: &mut Connection,
    id: i64,
    version: i64,
    fields: EmployerFields,
    now: NaiveDateTime,
) -> Result<Employer, AppError> {
    rows::update(conn, id, version, &checked(fields)?, now)?;
    get(conn, id)
}

/// The employer of a name, or of an id.
///
/// # Errors
/// If the database fails.
pub fn find(conn: &mut Connection, text: &str) -> Result<Option<i64>, AppError> {
    if let Some(employer) = rows::by_name(conn, text.trim())? {
        return Ok(Some(employer.id));
    }
    let Ok(id) = text.parse::<i64>() else { return Ok(None) };
    match rows::get(conn, id) {
        Ok(employer) => Ok(Some(employer.id)),
        Err(crate::db::DbError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The credit code in its one written form.
fn checked(mut fields: EmployerFields) -> Result<EmployerFields, AppError> {
    if let Some(code) = &fields.credit_code {
        let code = CreditCode::parse(code)
            .map_err(|error| FieldError::with_text("/credit_code", FieldCode::BadCreditCode, error.text()))?;
        fields.credit_code = Some(code.as_str().to_owned());
    }
    Ok(fields)
}

/// Whether an id in a request names an employer.
pub(super) fn check_exists(conn: &mut Connection, id: i64, pointer: &str) -> Result<(), AppError> {
    match rows::get(conn, id) {
        Ok(_) => Ok(()),
        Err(crate::db::DbError::NotFound(_)) => Err(FieldError::new(pointer, FieldCode::NoSuchRecord).into()),
        Err(error) => Err(error.into()),
    }
}
