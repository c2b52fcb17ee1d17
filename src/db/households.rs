//! Households, what happened to them, and decisions to leave one out of the coverage rate.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Stored, Versioned};
use super::schema::{areas, household_events, household_exemptions, households};
use super::seal::Sealed;
use crate::domain::codes::{HouseholdEventKind, MonitoringClass};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "住户", en: "household" };
const EVENT: Label = Label { zh: "住户变动", en: "household event" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = households, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct HouseholdData {
    pub code: Option<String>,
    pub building_id: i64,
    pub unit: Option<String>,
    /// Home township the family moved from.
    pub township: Option<String>,
    pub monitoring_class: MonitoringClass,
    pub recognised_on: Option<NaiveDate>,
    pub helper_name: Option<String>,
    pub note_cipher: Option<Sealed>,
}

pub type HouseholdRow = Versioned<HouseholdData>;

rows::versioned!(households, HouseholdData, WHAT);
rows::versioned_writes!(households, HouseholdData, WHAT, timed);
rows::versioned_delete!(households, WHAT);

pub fn by_code(conn: &mut AnyConnection, code: &str) -> DbResult<Option<HouseholdRow>> {
    Ok(households::table
        .filter(households::code.eq(code))
        .select((households::id, households::version, HouseholdData::as_select()))
        .first(conn)
        .optional()?)
}

/// The ids of the households among these codes.
pub fn ids_of_codes(conn: &mut AnyConnection, codes: &[&str]) -> DbResult<Vec<i64>> {
    let mut found: Vec<i64> = Vec::new();
    for codes in codes.chunks(CHUNK) {
        found
            .extend(households::table.filter(households::code.eq_any(codes)).select(households::id).load::<i64>(conn)?);
    }
    Ok(found)
}

/// Which households a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct HouseholdFilter {
    pub code: Option<String>,
    pub building: Option<i64>,
    /// Buildings of this grid.
    pub grid: Option<i64>,
    pub township: Option<String>,
    pub monitoring_class: Option<MonitoringClass>,
    /// Rows in these areas; `None` = anywhere.
    pub within: Option<Vec<i64>>,
}

/// A page of households by id.
pub fn page(conn: &mut AnyConnection, filter: &HouseholdFilter, page: Page) -> DbResult<Vec<HouseholdRow>> {
    let mut query = households::table.into_boxed();
    if let Some(code) = &filter.code {
        query = query.filter(households::code.eq(code));
    }
    if let Some(building) = filter.building {
        query = query.filter(households::building_id.eq(building));
    }
    if let Some(grid) = filter.grid {
        let buildings = areas::table.filter(areas::parent_id.eq(grid)).select(areas::id);
        query = query.filter(households::building_id.eq_any(buildings));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(households::building_id.eq_any(areas));
    }
    if let Some(township) = &filter.township {
        query = query.filter(households::township.eq(township));
    }
    if let Some(class) = filter.monitoring_class {
        query = query.filter(households::monitoring_class.eq(class));
    }
    Ok(query
        .filter(households::id.gt(page.after))
        .order(households::id)
        .limit(page.limit)
        .select((households::id, households::version, HouseholdData::as_select()))
        .load(conn)?)
}

/// The shortest part of a code that is looked for: fewer characters are the whole code, or a number of something else.
const CODE_PART: usize = 4;

/// The first households, by id, of which every word is found: in the code, in the unit or in the building's name.
pub fn search(
    conn: &mut AnyConnection,
    words: &[&str],
    within: Option<&[i64]>,
    limit: i64,
) -> DbResult<Vec<HouseholdRow>> {
    let mut query = households::table.into_boxed();
    for word in words {
        let part = rows::contains(word);
        let of_code = if word.chars().count() < CODE_PART { &part[1..part.len() - 1] } else { &part };
        let code = households::code
            .is_not_null()
            .and(households::code.assume_not_null().like(of_code.to_owned()).escape('\\'));
        let unit =
            households::unit.is_not_null().and(households::unit.assume_not_null().like(part.clone()).escape('\\'));
        let named = areas::table.filter(areas::name.like(part).escape('\\')).select(areas::id);
        query = query.filter(code.or(unit).or(households::building_id.eq_any(named)));
    }
    if let Some(areas) = within {
        query = query.filter(households::building_id.eq_any(areas.to_vec()));
    }
    Ok(query
        .order(households::id)
        .limit(limit)
        .select((households::id, households::version, HouseholdData::as_select()))
        .load(conn)?)
}

/// Something that happened to a household; never changed or removed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = household_events, treat_none_as_default_value = false)]
pub struct HouseholdEvent {
    pub household_id: i64,
    pub kind: HouseholdEventKind,
    /// The household split from or merged with.
    pub other_household_id: Option<i64>,
    /// The new head.
    pub resident_id: Option<i64>,
    pub happened_on: NaiveDate,
    pub created_at: NaiveDateTime,
}

pub fn record_events(conn: &mut AnyConnection, events: &[HouseholdEvent]) -> DbResult<Vec<i64>> {
    Ok(rows::insert_many!(conn, household_events, events, |event| event, EVENT))
}

/// A household's history, oldest first.
pub fn events_of(conn: &mut AnyConnection, household: i64) -> DbResult<Vec<HouseholdEvent>> {
    Ok(household_events::table
        .filter(household_events::household_id.eq(household))
        .select(HouseholdEvent::as_select())
        .order((household_events::happened_on, household_events::id))
        .load(conn)?)
}

/// Decisions to leave a household out of the coverage rate.
pub mod exemptions {
    use super::*;

    const WHAT: Label = Label { zh: "不计入决定", en: "exemption" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = household_exemptions, treat_none_as_default_value = false)]
    pub struct ExemptionData {
        pub household_id: i64,
        pub decided_by: String,
        pub reason: String,
        pub valid_from: NaiveDate,
        /// First day on which it no longer holds.
        pub valid_until: Option<NaiveDate>,
    }

    rows::stored!(household_exemptions, ExemptionData, WHAT);

    pub fn of_household(conn: &mut AnyConnection, household: i64) -> DbResult<Vec<Stored<ExemptionData>>> {
        Ok(household_exemptions::table
            .filter(household_exemptions::household_id.eq(household))
            .select((household_exemptions::id, ExemptionData::as_select()))
            .order((household_exemptions::valid_from, household_exemptions::id))
            .load(conn)?)
    }

    /// Ends an exemption that has no end yet.
    pub fn end(conn: &mut AnyConnection, id: i64, valid_until: NaiveDate) -> DbResult<()> {
        let ended = diesel::update(household_exemptions::table.find(id))
            .filter(household_exemptions::valid_until.is_null())
            .set(household_exemptions::valid_until.eq(valid_until))
            .execute(conn)?;
        if ended == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
    }
}
