//! The area tree: communities, their grids, the grids' buildings.

use super::error::{AppError, FieldCode, FieldError};
use super::{Connection, Page, Record};
pub use crate::db::areas::AreaData as AreaFields;
use crate::db::areas::{self as rows, AreaFilter};
use crate::domain::codes::AreaKind;

pub type Area = Record<AreaFields>;

/// Areas of one kind, under one parent or under all, among these or among all.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    kind: AreaKind,
    parent: Option<i64>,
    within: Option<Vec<i64>>,
    page: Page,
) -> Result<Vec<Area>, AppError> {
    let filter = AreaFilter { kind: Some(kind), parent, within };
    Ok(rows::page(conn, &filter, page)?.into_iter().map(Area::from).collect())
}

/// # Errors
/// `NotFound` if there is none of this kind.
pub fn get(conn: &mut Connection, kind: AreaKind, id: i64) -> Result<Area, AppError> {
    let area = rows::get(conn, id)?;
    if area.data.kind == kind { Ok(area.into()) } else { Err(AppError::NotFound) }
}

/// Adds an area.
///
/// # Errors
/// `Invalid` if the parent is not of the kind above; refused if its name is taken there.
pub fn create(conn: &mut Connection, fields: &AreaFields) -> Result<Area, AppError> {
    check_parent(conn, fields)?;
    let id = rows::insert(conn, fields)?;
    Ok(rows::get(conn, id)?.into())
}

/// Changes an area that still has this version.
///
/// # Errors
/// As for [`create`]; `Stale` if it has moved on.
pub fn update(conn: &mut Connection, id: i64, version: i64, fields: &AreaFields) -> Result<Area, AppError> {
    check_parent(conn, fields)?;
    rows::update(conn, id, version, fields)?;
    Ok(rows::get(conn, id)?.into())
}

fn check_parent(conn: &mut Connection, fields: &AreaFields) -> Result<(), AppError> {
    let (above, pointer) = match fields.kind {
        AreaKind::Community => return Ok(()),
        AreaKind::Grid => (AreaKind::Community, "/community_id"),
        AreaKind::Building => (AreaKind::Grid, "/grid_id"),
    };
    match fields.parent_id.map(|parent| get(conn, above, parent)) {
        Some(Ok(_)) => Ok(()),
        None | Some(Err(AppError::NotFound)) => Err(FieldError::new(pointer, FieldCode::NoSuchRecord).into()),
        Some(Err(error)) => Err(error),
    }
}

/// The names of an area and of those it lies in, the community first.
///
/// # Errors
/// `NotFound`.
pub fn path(conn: &mut Connection, id: i64) -> Result<Vec<String>, AppError> {
    let mut names = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        let area = rows::get(conn, id)?.data;
        names.push(area.name);
        next = area.parent_id;
    }
    names.reverse();
    Ok(names)
}

/// The area of a path of names (`旺家社区/第一网格`, blanks around the names do not matter), or of an id.
///
/// # Errors
/// If the database fails.
pub fn find(conn: &mut Connection, text: &str) -> Result<Option<i64>, AppError> {
    if let Ok(id) = text.parse::<i64>() {
        return match rows::get(conn, id) {
            Ok(area) => Ok(Some(area.id)),
            Err(crate::db::DbError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        };
    }
    let mut found = None;
    for name in text.split('/') {
        match rows::by_name(conn, found, name.trim())? {
            Some(area) => found = Some(area.id),
            None => return Ok(None),
        }
    }
    Ok(found)
}

/// Whether an id in a request names an area of any kind.
pub(super) fn check_exists(conn: &mut Connection, id: i64, pointer: &str) -> Result<(), AppError> {
    match rows::get(conn, id) {
        Ok(_) => Ok(()),
        Err(crate::db::DbError::NotFound(_)) => Err(FieldError::new(pointer, FieldCode::NoSuchRecord).into()),
        Err(error) => Err(error.into()),
    }
}
