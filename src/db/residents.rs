//! Residents. ID number and phone are sealed; both are found by their blind index.
//!
//! Invariant: a resident whose data was erased ([`super::erasure`]) is a bare number and is read by nothing here.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::residents_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::resident_lists::{certificates, hours, ruled_out, skills, wishes};
use super::rows::{self, CHUNK, Page, Versioned};
use super::schema::{memberships, residents};
use super::seal::{BlindIndex, Sealed};
use crate::domain::codes::{Absence, Education, Health, LabourClass, RetirementGroup, SchoolStatus, Sex};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "居民", en: "resident" };

/// What is recorded of a person. `None` = unknown.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = residents, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ResidentData {
    pub name: String,
    pub id_number_cipher: Sealed,
    pub id_number_index: BlindIndex,
    pub phone_cipher: Option<Sealed>,
    pub phone_index: Option<BlindIndex>,
    pub sex: Sex,
    pub birth_date: NaiveDate,
    pub ethnicity: Option<String>,
    pub education: Option<Education>,
    pub health: Option<Health>,
    pub labour_class: Option<LabourClass>,
    pub labour_class_on: Option<NaiveDate>,
    pub school_status: Option<SchoolStatus>,
    pub absence: Option<Absence>,
    pub died_on: Option<NaiveDate>,
    pub willing: Option<bool>,
    pub willing_to_train: Option<bool>,
    pub seeking_change: bool,
    pub retirement_group: Option<RetirementGroup>,
    /// 1..=4.
    pub max_physical_grade: Option<i64>,
    pub max_load_kg: Option<i64>,
    pub no_forced_posture: Option<bool>,
    /// Minutes one way.
    pub max_minutes: Option<i64>,
    /// Yuan a month.
    pub expected_pay: Option<i64>,
    pub pay_floor: Option<i64>,
    pub hazard_check_until: Option<NaiveDate>,
    pub public_welfare_months: Option<i64>,
    pub no_automated_recommendation: bool,
    pub restricted: bool,
    pub note_cipher: Option<Sealed>,
}

pub type ResidentRow = Versioned<ResidentData>;

/// One row, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<ResidentRow> {
    residents::table
        .find(id)
        .filter(residents::erased_on.is_null())
        .select((residents::id, residents::version, ResidentData::as_select()))
        .first(conn)
        .or_not_found(WHAT)
}

/// Id and birthday of those among these who live and whose data may be used, by id.
pub fn unrestricted(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<(i64, NaiveDate)>> {
    Ok(residents::table
        .filter(among(residents::id, ids))
        .filter(residents::erased_on.is_null())
        .filter(residents::died_on.is_null())
        .filter(residents::restricted.eq(false))
        .select((residents::id, residents::birth_date))
        .order(residents::id)
        .load(conn)?)
}

/// The rows among these ids, by id.
pub fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<ResidentRow>> {
    let mut rows = Vec::new();
    for ids in ids.chunks(CHUNK) {
        rows.extend(
            residents::table
                .filter(among(residents::id, ids))
                .filter(residents::erased_on.is_null())
                .select((residents::id, residents::version, ResidentData::as_select()))
                .load::<ResidentRow>(conn)?,
        );
    }
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows)
}

/// The whole table by id.
pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<ResidentRow>> {
    Ok(residents::table
        .filter(residents::erased_on.is_null())
        .select((residents::id, residents::version, ResidentData::as_select()))
        .order(residents::id)
        .load(conn)?)
}

rows::versioned_writes!(residents, ResidentData, WHAT, timed);

/// The resident with this ID number.
pub fn by_id_number(conn: &mut AnyConnection, index: &BlindIndex) -> DbResult<Option<ResidentRow>> {
    Ok(residents::table
        .filter(residents::id_number_index.eq(index))
        .select((residents::id, residents::version, ResidentData::as_select()))
        .first(conn)
        .optional()?)
}

/// The residents among these ID numbers, by id.
pub fn by_id_numbers(conn: &mut AnyConnection, indexes: &[BlindIndex]) -> DbResult<Vec<ResidentRow>> {
    let mut found: Vec<ResidentRow> = Vec::new();
    for indexes in indexes.chunks(CHUNK) {
        found.extend(
            residents::table
                .filter(residents::id_number_index.eq_any(indexes))
                .select((residents::id, residents::version, ResidentData::as_select()))
                .load::<ResidentRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// Since when a resident's data is only stored by a decision, and since when it is erased.
pub fn standing(conn: &mut AnyConnection, id: i64) -> DbResult<(Option<NaiveDate>, Option<NaiveDate>)> {
    residents::table.find(id).select((residents::restricted_on, residents::erased_on)).first(conn).or_not_found(WHAT)
}

/// The residents whose data is only stored by a decision, by id.
pub fn restricted_by_decision(conn: &mut AnyConnection) -> DbResult<Vec<i64>> {
    Ok(residents::table
        .filter(residents::restricted_on.is_not_null())
        .filter(residents::erased_on.is_null())
        .order(residents::id)
        .select(residents::id)
        .load(conn)?)
}

/// The residents who do not want training, by id.
pub fn unwilling_to_train(conn: &mut AnyConnection) -> DbResult<Vec<i64>> {
    let unwilling = residents::table.filter(residents::willing_to_train.eq(false));
    Ok(unwilling.order(residents::id).select(residents::id).load(conn)?)
}

/// From a day on a resident's data is only stored.
pub fn restrict(conn: &mut AnyConnection, id: i64, on: NaiveDate, now: NaiveDateTime) -> DbResult<()> {
    let changed = diesel::update(residents::table.find(id))
        .set((
            residents::restricted.eq(true),
            residents::restricted_on.eq(on),
            residents::version.eq(residents::version + 1),
            residents::updated_at.eq(now),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}

/// Which residents a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct ResidentFilter {
    pub id_number_index: Option<BlindIndex>,
    pub phone_index: Option<BlindIndex>,
    /// Part of the name. Finds nobody whose data is restricted (law.md R8).
    pub name: Option<String>,
    /// Leaves out everybody whose data may only be stored (law.md R8): for every list people see.
    pub usable_only: bool,
    /// Current members of this household.
    pub household: Option<i64>,
    pub labour_class: Option<LabourClass>,
    pub willing: Option<bool>,
    /// Residents of households in these areas, and those this account entered who belong to none yet; `None` = anywhere.
    pub within: Option<(Vec<i64>, Option<i64>)>,
    /// Day on which membership counts; needed with `household`.
    pub on: NaiveDate,
}

/// A page of residents by id.
pub fn page(conn: &mut AnyConnection, filter: &ResidentFilter, page: Page) -> DbResult<Vec<ResidentRow>> {
    let mut query = residents::table.filter(residents::erased_on.is_null()).into_boxed();
    if filter.usable_only || filter.name.is_some() {
        query = query.filter(residents::restricted.eq(false));
    }
    if let Some(index) = &filter.id_number_index {
        query = query.filter(residents::id_number_index.eq(index));
    }
    if let Some(index) = &filter.phone_index {
        query = query.filter(residents::phone_index.eq(index));
    }
    if let Some(name) = &filter.name {
        query = query.filter(residents::name.like(rows::contains(name)).escape('\\'));
    }
    if let Some(household) = filter.household {
        query = query.filter(
            residents::id.eq_any(
                memberships::table
                    .filter(memberships::household_id.eq(household))
                    .filter(super::memberships::current_on(filter.on))
                    .select(memberships::resident_id),
            ),
        );
    }
    if let Some((areas, account)) = &filter.within {
        let in_households = memberships::table.select(memberships::resident_id);
        let entered = residents::registered_by
            .is_not_null()
            .and(residents::registered_by.assume_not_null().eq(account.unwrap_or_default()));
        query = query
            .filter(residents::id.eq_any(residents_within(areas)).or(entered.and(residents::id.ne_all(in_households))));
    }
    if let Some(class) = filter.labour_class {
        query = query.filter(residents::labour_class.eq(class));
    }
    if let Some(willing) = filter.willing {
        query = query.filter(residents::willing.eq(willing));
    }
    Ok(query
        .filter(residents::id.gt(page.after))
        .order(residents::id)
        .limit(page.limit)
        .select((residents::id, residents::version, ResidentData::as_select()))
        .load(conn)?)
}

/// Notes the account that entered a resident.
pub fn set_registered_by(conn: &mut AnyConnection, id: i64, account: Option<i64>) -> DbResult<()> {
    diesel::update(residents::table.find(id)).set(residents::registered_by.eq(account)).execute(conn)?;
    Ok(())
}

/// Removes a person who has no history, lists included: membership, spells and recommendations stand in the way
/// (`Conflict`). Runs in the caller's transaction; on an error the caller must let it roll back.
pub fn delete(conn: &mut AnyConnection, id: i64, version: i64) -> DbResult<()> {
    skills::replace(conn, &[id], &[])?;
    certificates::replace(conn, &[id], &[])?;
    hours::replace(conn, &[id], &[])?;
    wishes::replace(conn, &[id], &[])?;
    ruled_out::replace(conn, &[id], &[])?;
    let gone = diesel::delete(residents::table.filter(residents::id.eq(id)).filter(residents::version.eq(version)))
        .execute(conn)
        .or_conflict(WHAT)?;
    let version: DbResult<i64> = rows::written_once!(conn, residents, id, version, gone, WHAT);
    version.map(|_| ())
}
