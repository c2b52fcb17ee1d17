//! Lists in pages: `limit` and an opaque `cursor`, no offset.
//!
//! A cursor is the last id of a page, bound by a keyed hash to its list and filters: one that was changed or comes from
//! another list is refused. Invariant: following `next_cursor` shows every row that existed throughout exactly once, in
//! order of id, however rows are added meanwhile. Cost of a page: one index range read.

use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::scalars::{Cursor, Limit};
use super::state::Service;
use crate::app::Page as Rows;
use crate::app::error::FieldCode;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// In order of id, at most `limit`.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2a9f86d081884c7d65")]
    pub next_cursor: Option<String>,
}

/// Bytes of the keyed hash in a cursor: 64 bits, a guess succeeds once in 10^19.
const MAC_DIGITS: usize = 16;

/// Reads a cursor. `list` names the list and every filter that shapes it.
///
/// # Errors
/// 422 `bad_cursor` unless this server made the cursor for this list.
pub fn window(service: &Service, list: &str, limit: Option<Limit>, cursor: Option<&Cursor>) -> Result<Rows, ApiError> {
    // One more than asked tells whether a page follows.
    let limit = i64::from(limit.unwrap_or_default().0) + 1;
    let after = match cursor {
        None => 0,
        Some(cursor) => {
            let bad = || ApiError::field("?cursor", FieldCode::BadCursor);
            let (id, mac) = cursor.0.split_at_checked(cursor.0.len().saturating_sub(MAC_DIGITS)).ok_or_else(bad)?;
            let id = i64::from_str_radix(id, 16).map_err(|_| bad())?;
            if id < 0 || mac != mac_of(service, list, id) {
                return Err(bad());
            }
            id
        }
    };
    Ok(Rows { after, limit })
}

/// Makes a page of the rows read for `window`.
pub fn page<R, T>(
    service: &Service,
    list: &str,
    window: Rows,
    mut rows: Vec<R>,
    id_of: impl Fn(&R) -> i64,
    convert: impl Fn(R) -> T,
) -> Page<T> {
    let limit = usize::try_from(window.limit - 1).unwrap_or_default();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| {
        let id = id_of(row);
        format!("{id:x}{}", mac_of(service, list, id))
    });
    Page { items: rows.into_iter().map(convert).collect(), next_cursor }
}

fn mac_of(service: &Service, list: &str, id: i64) -> String {
    let mut mac = service.keyed_hash(format!("{list}\0{id}").as_bytes());
    mac.truncate(MAC_DIGITS);
    mac
}

/// A list that belongs to one record and is given whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
}

impl<T> Items<T> {
    /// Converts every entry.
    pub fn of<R>(rows: Vec<R>, convert: impl FnMut(R) -> T) -> Self {
        Self { items: rows.into_iter().map(convert).collect() }
    }
}
