//! Courses residents took.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Stored};
use super::schema::training_records;
use super::seal::Sealed;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "培训记录", en: "training record" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = training_records, treat_none_as_default_value = false)]
pub struct TrainingData {
    pub resident_id: i64,
    pub kind: String,
    pub trade: Option<String>,
    pub provider: Option<String>,
    pub place: Option<String>,
    pub skill_id: Option<i64>,
    pub start_on: NaiveDate,
    pub end_on: Option<NaiveDate>,
    pub days: Option<i64>,
    pub subsidy_fen: Option<i64>,
    pub note_cipher: Option<Sealed>,
}

rows::stored!(training_records, TrainingData, WHAT);

/// A person's courses, oldest first.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<Stored<TrainingData>>> {
    Ok(training_records::table
        .filter(training_records::resident_id.eq(resident))
        .select((training_records::id, TrainingData::as_select()))
        .order((training_records::start_on, training_records::id))
        .load(conn)?)
}

/// The courses of these residents, by resident and id.
pub fn of_residents(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<Stored<TrainingData>>> {
    let mut found: Vec<Stored<TrainingData>> = Vec::new();
    for ids in residents.chunks(CHUNK) {
        found.extend(
            training_records::table
                .filter(among(training_records::resident_id, ids))
                .select((training_records::id, TrainingData::as_select()))
                .load::<Stored<TrainingData>>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| (row.data.resident_id, row.id));
    Ok(found)
}
