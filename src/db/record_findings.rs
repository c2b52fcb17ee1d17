//! Findings of imports by the household and person they are about, until somebody has looked at them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::access::households_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::imports::findings::FindingData;
use super::rows::{self, CHUNK};
use super::schema::{import_batches, import_findings, record_findings};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "待核实的资料", en: "finding about a record" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = record_findings, treat_none_as_default_value = false)]
pub struct RecordFindingData {
    pub finding_id: i64,
    pub household_id: i64,
    /// `None` = the household as a whole.
    pub resident_id: Option<i64>,
    /// When somebody said that the record is right.
    pub settled_at: Option<NaiveDateTime>,
    pub settled_by: Option<i64>,
}

/// A finding beside what was found.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Told {
    pub id: i64,
    pub data: RecordFindingData,
    pub finding: FindingData,
    pub file_name: String,
}

/// Adds rows and gives their ids in the same order.
pub fn insert_all(conn: &mut AnyConnection, rows: &[RecordFindingData]) -> DbResult<Vec<i64>> {
    Ok(rows::insert_many!(conn, record_findings, rows, |row| row, WHAT))
}

macro_rules! told {
    () => {
        record_findings::table
            .inner_join(import_findings::table)
            .inner_join(import_batches::table.on(import_batches::id.eq(import_findings::batch_id)))
            .select((
                record_findings::id,
                RecordFindingData::as_select(),
                FindingData::as_select(),
                import_batches::file_name,
            ))
            .order(record_findings::id)
    };
}

/// Everything told of households in these areas (`None` = of all), looked at or not.
pub fn within(conn: &mut AnyConnection, areas: Option<&[i64]>) -> DbResult<Vec<Told>> {
    Ok(match areas {
        None => told!().load(conn)?,
        Some(areas) => told!().filter(record_findings::household_id.eq_any(households_within(areas))).load(conn)?,
    })
}

/// Everything told of these households.
pub fn of_households(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<Told>> {
    let mut found = Vec::new();
    for ids in households.chunks(CHUNK) {
        found.extend(told!().filter(among(record_findings::household_id, ids)).load::<Told>(conn)?);
    }
    Ok(found)
}

/// Everything told of a person, for their export.
pub fn about(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<Told>> {
    Ok(told!().filter(record_findings::resident_id.eq(resident)).load(conn)?)
}

/// Says of one about this household that the record is right; `false` if somebody did before.
///
/// # Errors
/// `NotFound` also for one about another household.
pub fn settle(
    conn: &mut AnyConnection,
    (household, id): (i64, i64),
    by: Option<i64>,
    now: NaiveDateTime,
) -> DbResult<bool> {
    let row = record_findings::table.find(id).filter(record_findings::household_id.eq(household));
    row.select(record_findings::id).first::<i64>(conn).or_not_found(WHAT)?;
    let n = diesel::update(record_findings::table.find(id).filter(record_findings::settled_at.is_null()))
        .set((record_findings::settled_at.eq(now), record_findings::settled_by.eq(by)))
        .execute(conn)?;
    Ok(n == 1)
}

/// Removes these; what was found stays with its import.
pub fn remove(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<()> {
    for ids in ids.chunks(CHUNK) {
        diesel::delete(record_findings::table.filter(among(record_findings::id, ids))).execute(conn)?;
    }
    Ok(())
}

/// Removes what was told of a person.
pub fn forget(conn: &mut AnyConnection, resident: i64) -> DbResult<()> {
    diesel::delete(record_findings::table.filter(record_findings::resident_id.eq(resident))).execute(conn)?;
    Ok(())
}
