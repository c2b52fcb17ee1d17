//! Standing decisions of counselors about pairs: made, later ended, never changed otherwise.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::access::residents_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Stored};
use super::schema::plan_pins;
use super::seal::Sealed;
use crate::domain::codes::PinKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "指定或排除", en: "decision about a pair" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_pins, treat_none_as_default_value = false)]
pub struct PinData {
    pub resident_id: i64,
    pub posting_id: i64,
    pub kind: PinKind,
    pub reason_cipher: Sealed,
    pub made_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
}

pub type PinRow = Stored<PinData>;

rows::stored!(plan_pins, PinData, WHAT);

/// The decisions that stand, by id.
pub fn standing(conn: &mut AnyConnection) -> DbResult<Vec<PinRow>> {
    Ok(plan_pins::table
        .filter(plan_pins::ended_at.is_null())
        .order(plan_pins::id)
        .select((plan_pins::id, PinData::as_select()))
        .load(conn)?)
}

/// The rows with these ids, by id.
pub fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<PinRow>> {
    let mut found: Vec<PinRow> = Vec::new();
    for ids in ids.chunks(CHUNK) {
        found.extend(
            plan_pins::table
                .filter(among(plan_pins::id, ids))
                .select((plan_pins::id, PinData::as_select()))
                .load::<PinRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// Which decisions a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct PinFilter {
    pub resident: Option<i64>,
    pub posting: Option<i64>,
    pub kind: Option<PinKind>,
    pub standing: Option<bool>,
    /// Of residents in these areas; `None` = anywhere.
    pub within: Option<Vec<i64>>,
}

/// A page by id.
pub fn page(conn: &mut AnyConnection, filter: &PinFilter, page: Page) -> DbResult<Vec<PinRow>> {
    let mut query = plan_pins::table.into_boxed();
    if let Some(resident) = filter.resident {
        query = query.filter(plan_pins::resident_id.eq(resident));
    }
    if let Some(posting) = filter.posting {
        query = query.filter(plan_pins::posting_id.eq(posting));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(plan_pins::kind.eq(kind));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(plan_pins::resident_id.eq_any(residents_within(areas)));
    }
    match filter.standing {
        Some(true) => query = query.filter(plan_pins::ended_at.is_null()),
        Some(false) => query = query.filter(plan_pins::ended_at.is_not_null()),
        None => {}
    }
    Ok(query
        .filter(plan_pins::id.gt(page.after))
        .order(plan_pins::id)
        .limit(page.limit)
        .select((plan_pins::id, PinData::as_select()))
        .load(conn)?)
}

/// Ends a decision; `Changed` if it has ended.
pub fn end(conn: &mut AnyConnection, id: i64, at: NaiveDateTime) -> DbResult<()> {
    let ended = diesel::update(plan_pins::table.filter(plan_pins::id.eq(id)).filter(plan_pins::ended_at.is_null()))
        .set(plan_pins::ended_at.eq(Some(at)))
        .execute(conn)?;
    if ended == 1 {
        return Ok(());
    }
    get(conn, id)?;
    Err(DbError::Changed(WHAT))
}
