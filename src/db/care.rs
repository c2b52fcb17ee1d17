//! Care duties of households: whom somebody must look after, when, and who does it if it is known.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, CHUNK, Stored};
use super::schema::care_duties;
use crate::domain::codes::CareKind;
use crate::domain::text::Label;
use crate::domain::week::Span;

const WHAT: Label = Label { zh: "照护责任", en: "care duty" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = care_duties, treat_none_as_default_value = false)]
pub struct CareDutyData {
    pub household_id: i64,
    pub kind: CareKind,
    /// The named carer, a resident.
    pub carer_id: Option<i64>,
    pub valid_from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    pub valid_until: Option<NaiveDate>,
}

pub type CareDutyRow = Stored<CareDutyData>;

rows::stored!(care_duties, CareDutyData, WHAT);

/// The hours of a duty.
pub mod hours {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::care_duty_hours;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = care_duty_hours, treat_none_as_default_value = false)]
    pub struct CareHour {
        pub care_duty_id: i64,
        /// 1 (Monday) to 7.
        pub weekday: i64,
        pub from_minute: i64,
        pub to_minute: i64,
    }

    rows::hours_of_spans!(CareHour, care_duty_id);
    rows::child_list!(care_duty_hours, care_duty_id, CareHour, Label { zh: "照护时段", en: "care hours" });
}

/// The duties of these households, by household and id.
pub fn of_households(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<CareDutyRow>> {
    let mut found: Vec<CareDutyRow> = Vec::new();
    for ids in households.chunks(CHUNK) {
        found.extend(
            care_duties::table
                .filter(among(care_duties::household_id, ids))
                .select((care_duties::id, CareDutyData::as_select()))
                .load::<CareDutyRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| (row.data.household_id, row.id));
    Ok(found)
}

/// Ends a duty.
pub fn end(conn: &mut AnyConnection, id: i64, valid_until: NaiveDate) -> DbResult<()> {
    let ended =
        diesel::update(care_duties::table.find(id)).set(care_duties::valid_until.eq(valid_until)).execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}

/// Gives a duty to another household, hours and dates included.
pub fn hand_over(conn: &mut AnyConnection, id: i64, household: i64) -> DbResult<()> {
    let moved =
        diesel::update(care_duties::table.find(id)).set(care_duties::household_id.eq(household)).execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}

/// Makes these the only duties of these households, hours included; gives the ids in the order of `duties`.
pub fn replace(
    conn: &mut AnyConnection,
    households: &[i64],
    duties: &[(CareDutyData, Vec<Span>)],
) -> DbResult<Vec<i64>> {
    let old: Vec<i64> = of_households(conn, households)?.iter().map(|row| row.id).collect();
    hours::replace(conn, &old, &[])?;
    for ids in old.chunks(CHUNK) {
        diesel::delete(care_duties::table.filter(among(care_duties::id, ids))).execute(conn)?;
    }
    let data: Vec<CareDutyData> = duties.iter().map(|(data, _)| data.clone()).collect();
    let ids = insert_all(conn, &data)?;
    let spans: Vec<hours::CareHour> = ids
        .iter()
        .zip(duties)
        .flat_map(|(id, (_, spans))| spans.iter().map(|span| hours::CareHour::new(*id, *span)))
        .collect();
    hours::insert_all(conn, &spans)?;
    Ok(ids)
}
