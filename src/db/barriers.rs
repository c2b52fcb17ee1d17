//! Why a household or a person is not employed, while it lasts.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, CHUNK, Stored};
use super::schema::barriers;
use super::seal::Sealed;
use crate::domain::codes::BarrierKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "就业困难原因", en: "barrier" };

/// Exactly one of `household_id` and `resident_id` is set.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = barriers, treat_none_as_default_value = false)]
pub struct BarrierData {
    pub household_id: Option<i64>,
    pub resident_id: Option<i64>,
    pub kind: BarrierKind,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub note_cipher: Option<Sealed>,
    /// Account; `None` = the command line, or an import.
    pub opened_by: Option<i64>,
    pub closed_by: Option<i64>,
}

pub type BarrierRow = Stored<BarrierData>;

rows::stored!(barriers, BarrierData, WHAT);

/// The barriers of these residents, by id.
pub fn of_residents(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<BarrierRow>> {
    let mut found: Vec<BarrierRow> = Vec::new();
    for ids in residents.chunks(CHUNK) {
        found.extend(
            barriers::table
                .filter(among(barriers::resident_id, ids))
                .select((barriers::id, BarrierData::as_select()))
                .load::<BarrierRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// The barriers of these households (not of their members), by id.
pub fn of_households(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<BarrierRow>> {
    let mut found: Vec<BarrierRow> = Vec::new();
    for ids in households.chunks(CHUNK) {
        found.extend(
            barriers::table
                .filter(among(barriers::household_id, ids))
                .select((barriers::id, BarrierData::as_select()))
                .load::<BarrierRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// Closes an open barrier.
pub fn close(conn: &mut AnyConnection, id: i64, (closed_on, closed_by): (NaiveDate, Option<i64>)) -> DbResult<()> {
    let closed = diesel::update(barriers::table.find(id))
        .filter(barriers::closed_on.is_null())
        .set((barriers::closed_on.eq(closed_on), barriers::closed_by.eq(closed_by)))
        .execute(conn)?;
    if closed == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}
