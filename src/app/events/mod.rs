//! Events for those who follow, and the coverage of the past as they tell it.
//!
//! Invariants: following from any position gives every event after it that the caller may see, once and in order; events name
//! people by number only. [`replay()`] counts by the same rules and the same assembly as the coverage of the tables
//! ([`crate::app::coverage`]), from nothing but events. An erased person's facts are forgotten in the events too: figures of the
//! past are then told without the person, and say so ([`Replayed::forgotten`]).

mod replay;

use chrono::NaiveDateTime;
use serde_json::{Value, from_str, json};

pub use replay::{Known, Replayed, replay};

use super::Connection;
use super::error::AppError;
use crate::db::events as rows;
pub use crate::db::events::EventFilter;
pub use crate::domain::events::{EventKind, EventOperation};

/// Something that became of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub position: i64,
    pub community_id: Option<i64>,
    /// Place among the events of the community, without holes.
    pub seq: Option<i64>,
    pub area_id: Option<i64>,
    pub household_id: Option<i64>,
    pub resident_id: Option<i64>,
    pub recorded_at: NaiveDateTime,
    pub kind: EventKind,
    pub operation: EventOperation,
    pub row_id: i64,
    /// What the row says afterwards, ids as strings; `None` once it is removed or the person is erased.
    pub data: Option<Value>,
}

impl Event {
    /// As programs read it at the command line and in a person's export.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let id = |id: Option<i64>| id.map(|id| id.to_string());
        json!({
            "position": self.position.to_string(),
            "community_id": id(self.community_id),
            "seq": self.seq,
            "area_id": id(self.area_id),
            "household_id": id(self.household_id),
            "resident_id": id(self.resident_id),
            "recorded_at": self.recorded_at.and_utc().to_rfc3339(),
            "kind": self.kind.code(),
            "operation": self.operation.code(),
            "record_id": self.row_id.to_string(),
            "data": self.data,
        })
    }
}

/// Events after a position that lie within the filter, in order, at most `limit`.
///
/// # Errors
/// If the database fails.
pub fn after(conn: &mut Connection, filter: &EventFilter, position: i64, limit: i64) -> Result<Vec<Event>, AppError> {
    rows::after(conn, filter, position, limit)?.into_iter().map(event).collect()
}

/// Everything events say of a resident, in order.
///
/// # Errors
/// If the database fails.
pub fn of_resident(conn: &mut Connection, resident: i64) -> Result<Vec<Event>, AppError> {
    rows::of_resident(conn, resident)?.into_iter().map(event).collect()
}

fn event(row: rows::EventRow) -> Result<Event, AppError> {
    Ok(Event {
        position: row.position,
        community_id: row.community_id,
        seq: row.seq,
        area_id: row.area_id,
        household_id: row.household_id,
        resident_id: row.resident_id,
        recorded_at: row.recorded_at,
        kind: row.kind,
        operation: row.operation,
        row_id: row.row_id,
        data: row.data.as_deref().map(data).transpose()?,
    })
}

/// What a row says, with ids as every other answer has them.
fn data(text: &str) -> Result<Value, AppError> {
    let mut data: Value =
        from_str(text).map_err(|error| anyhow::Error::from(error).context("an event cannot be read"))?;
    for (name, value) in data.as_object_mut().into_iter().flatten() {
        if name.ends_with("_id") && value.is_i64() {
            *value = value.to_string().into();
        }
    }
    Ok(data)
}
