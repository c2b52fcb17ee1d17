//! Postings a resident declined.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Stored};
use super::schema::declines;
use super::seal::Sealed;
use crate::domain::codes::DeclineReason;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "拒绝记录", en: "decline" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = declines, treat_none_as_default_value = false)]
pub struct DeclineData {
    pub resident_id: i64,
    pub posting_id: i64,
    pub declined_on: NaiveDate,
    pub reason: Option<DeclineReason>,
    pub note_cipher: Option<Sealed>,
    /// Whether every gate passed on that day: only then does a refusal count against anybody.
    pub was_suitable: bool,
}

rows::stored!(declines, DeclineData, WHAT);

/// What a resident declined, oldest first.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<Stored<DeclineData>>> {
    Ok(declines::table
        .filter(declines::resident_id.eq(resident))
        .select((declines::id, DeclineData::as_select()))
        .order((declines::declined_on, declines::id))
        .load(conn)?)
}

/// Resident, posting and day of every decline of these residents that was of a suitable posting, by id.
pub fn suitable_of(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<(i64, i64, NaiveDate)>> {
    let mut found = Vec::new();
    for ids in residents.chunks(CHUNK) {
        let own = declines::table.filter(declines::was_suitable).filter(among(declines::resident_id, ids));
        let columns = (declines::resident_id, declines::posting_id, declines::declined_on);
        found.extend(own.select(columns).order(declines::id).load::<(i64, i64, NaiveDate)>(conn)?);
    }
    Ok(found)
}
