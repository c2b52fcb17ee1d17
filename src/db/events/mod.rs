//! Events: what became of each fact, in the order of the commits, for those who follow and for replaying the past.
//!
//! Invariants: row triggers write them ([`facts`] says of which tables and what), so no way of changing a fact goes round them;
//! positions have no holes and follow the commits ([`order`]); the latest event of a row says what the row says, unless the person
//! is erased. Cost: one row of about 300 bytes a changed row, written twice on PostgreSQL (once to be numbered).

pub mod facts;
pub mod order;
mod triggers;

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::{AnyConnection, Both};
use super::error::DbResult;
use super::schema::{event_streams, events};
use crate::domain::events::{EventKind, EventOperation};

pub use triggers::{install, remove};

/// Numbers in [`event_streams`] that are no community's.
const ALL: i64 = 0;
const COMPACTED: i64 = -1;

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct EventRow {
    #[diesel(select_expression = events::position.assume_not_null())]
    pub position: i64,
    pub community_id: Option<i64>,
    pub seq: Option<i64>,
    pub area_id: Option<i64>,
    pub household_id: Option<i64>,
    pub resident_id: Option<i64>,
    #[diesel(select_expression = events::recorded_at.assume_not_null())]
    pub recorded_at: NaiveDateTime,
    pub kind: EventKind,
    pub operation: EventOperation,
    pub row_id: i64,
    pub data: Option<String>,
}

/// Which events.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    pub kind: Option<EventKind>,
    /// Those that lie in one of these areas, or are about nobody and nowhere; `None` = all.
    pub within: Option<Vec<i64>>,
}

/// Events after a position, in order.
pub fn after(conn: &mut AnyConnection, filter: &EventFilter, position: i64, limit: i64) -> DbResult<Vec<EventRow>> {
    let mut query = events::table.filter(events::position.gt(position)).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(events::kind.eq(kind));
    }
    if let Some(areas) = &filter.within {
        let nobodys = events::area_id.is_null().and(events::resident_id.is_null()).and(events::household_id.is_null());
        let nobodys = nobodys.and(events::kind.eq_any([
            EventKind::Setting,
            EventKind::Employer,
            EventKind::Posting,
            EventKind::PlanAdoption,
        ]));
        let near: Vec<Option<i64>> = areas.iter().copied().map(Some).collect();
        query = query.filter(events::area_id.eq_any(near).and(events::area_id.is_not_null()).or(nobodys));
    }
    Ok(query.order(events::position).limit(limit).select(EventRow::as_select()).load(conn)?)
}

/// Everything recorded about a resident, in order.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<EventRow>> {
    Ok(events::table
        .filter(events::resident_id.eq(resident))
        .filter(events::position.is_not_null())
        .order(events::position)
        .select(EventRow::as_select())
        .load(conn)?)
}

/// The last position given.
pub fn last(conn: &mut AnyConnection) -> DbResult<i64> {
    stream(conn, ALL)
}

/// Up to this position only the latest event of each row is left.
pub fn compacted(conn: &mut AnyConnection) -> DbResult<i64> {
    stream(conn, COMPACTED)
}

fn stream(conn: &mut AnyConnection, stream: i64) -> DbResult<i64> {
    let last = event_streams::table.find(stream).select(event_streams::last).first(conn).optional()?;
    Ok(last.unwrap_or_default())
}

/// The last position before the first event recorded after a moment: what was known then.
pub fn known_at(conn: &mut AnyConnection, moment: NaiveDateTime) -> DbResult<i64> {
    let later: Option<Option<i64>> = events::table
        .filter(events::recorded_at.gt(moment))
        .filter(events::position.is_not_null())
        .order(events::position)
        .select(events::position)
        .first(conn)
        .optional()?;
    match later.flatten() {
        Some(position) => Ok(position - 1),
        None => last(conn),
    }
}

/// Forgets what events say of a resident: afterwards they tell that something happened, not what nor of whom. Last of the erasure,
/// so that its own events are among them.
pub fn forget(conn: &mut AnyConnection, resident: i64, now: NaiveDateTime) -> DbResult<()> {
    // Where they lie is looked up by whom they are about.
    order::number_now(conn, now)?;
    diesel::update(events::table.filter(events::resident_id.eq(resident)))
        .set((events::data.eq(None::<String>), events::resident_id.eq(None::<i64>)))
        .execute(conn)?;
    Ok(())
}

/// Removes events from before a moment that a later one from before it supersedes, and those of rows removed by then. Gives how
/// many went.
pub fn compact(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    let first_kept: Option<Option<i64>> = events::table
        .filter(events::recorded_at.ge(before))
        .filter(events::position.is_not_null())
        .order(events::position)
        .select(events::position)
        .first(conn)
        .optional()?;
    let horizon = match first_kept.flatten() {
        Some(position) => position - 1,
        None => last(conn)?,
    };
    if horizon <= compacted(conn)? {
        return Ok(0);
    }
    let old = || events::table.filter(events::position.le(horizon));
    let latest = old().group_by((events::kind, events::row_id)).select(diesel::dsl::max(events::id));
    let latest: Vec<i64> = latest.load::<Option<i64>>(conn)?.into_iter().flatten().collect();
    let latest: HashSet<i64> = latest.into_iter().collect();
    let all: Vec<(i64, EventOperation)> = old().select((events::id, events::operation)).load(conn)?;
    let gone: Vec<i64> = all
        .into_iter()
        .filter(|(id, operation)| !latest.contains(id) || *operation == EventOperation::Removed)
        .map(|(id, _)| id)
        .collect();
    for chunk in gone.chunks(super::rows::CHUNK) {
        diesel::delete(events::table.filter(events::id.eq_any(chunk))).execute(conn)?;
    }
    Both(
        diesel::insert_into(event_streams::table)
            .values((event_streams::stream.eq(COMPACTED), event_streams::last.eq(horizon)))
            .on_conflict(event_streams::stream)
            .do_update()
            .set(event_streams::last.eq(horizon)),
    )
    .execute(conn)?;
    Ok(gone.len())
}

/// Rows of one query of [`folded`].
const BATCH: i64 = 5_000;

/// What each row said at a position, by kind and row: the events up to there, folded one after the other. What is forgotten is
/// counted, not given.
pub fn folded(conn: &mut AnyConnection, kinds: &[EventKind], position: i64) -> DbResult<(Vec<EventRow>, u64)> {
    let mut rows: BTreeMap<(EventKind, i64), EventRow> = BTreeMap::new();
    let mut from = 0;
    loop {
        let batch: Vec<EventRow> = events::table
            .filter(events::position.gt(from))
            .filter(events::position.le(position))
            .filter(events::kind.eq_any(kinds))
            .order(events::position)
            .limit(BATCH)
            .select(EventRow::as_select())
            .load(conn)?;
        let Some(last) = batch.last() else { break };
        from = last.position;
        for row in batch {
            let key = (row.kind, row.row_id);
            if row.operation == EventOperation::Removed {
                rows.remove(&key)
            } else {
                rows.insert(key, row)
            };
        }
    }
    let all = rows.len();
    rows.retain(|_, row| row.data.is_some());
    let forgotten = all - rows.len();
    Ok((rows.into_values().collect(), forgotten as u64))
}
