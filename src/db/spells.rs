//! Employment spells: who worked where, from when to when. The source of every coverage figure.
//!
//! A spell is active on a day D if `counted_from <= D` and (`end_on` is empty or `D < end_on`). A spell that names a posting
//! holds one of its places: whoever writes one also counts
//! `postings.filled` again.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::residents_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Versioned};
use super::schema::employment_spells;
use super::seal::Sealed;
use crate::domain::codes::{Channel, Region};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "就业记录", en: "employment spell" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = employment_spells, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SpellData {
    pub resident_id: i64,
    pub employer_id: Option<i64>,
    pub posting_id: Option<i64>,
    pub channel: Channel,
    /// As written, where the employer is not in the list of employers.
    pub employer_name: Option<String>,
    pub job_title: Option<String>,
    pub skill_id: Option<i64>,
    pub region: Option<Region>,
    pub place: Option<String>,
    /// `None` if the record has no start; it then counts from `counted_from`.
    pub start_on: Option<NaiveDate>,
    pub counted_from: NaiveDate,
    /// First day out of the job.
    pub end_on: Option<NaiveDate>,
    /// Yuan.
    pub monthly_income: Option<i64>,
    pub part_time: bool,
    pub contract_until: Option<NaiveDate>,
    pub evidence: Option<String>,
    pub verified_on: Option<NaiveDate>,
    pub note_cipher: Option<Sealed>,
}

pub type SpellRow = Versioned<SpellData>;

rows::versioned!(employment_spells, SpellData, WHAT);
rows::versioned_writes!(employment_spells, SpellData, WHAT, timed);
rows::versioned_delete!(employment_spells, WHAT);

/// All spells of these residents, past ones too, by resident and id.
pub fn of_residents(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<SpellRow>> {
    let mut found: Vec<SpellRow> = Vec::new();
    for ids in residents.chunks(CHUNK) {
        found.extend(
            employment_spells::table
                .filter(among(employment_spells::resident_id, ids))
                .select((employment_spells::id, employment_spells::version, SpellData::as_select()))
                .load::<SpellRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| (row.data.resident_id, row.id));
    Ok(found)
}

/// A spell with the moment it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct RecordedSpell {
    pub id: i64,
    pub created_at: NaiveDateTime,
    pub data: SpellData,
}

/// The spells that run on a day and count from another or before, of residents in these areas (`None` = anywhere), by id.
pub fn running(
    conn: &mut AnyConnection,
    (since, on): (NaiveDate, NaiveDate),
    within: Option<&[i64]>,
) -> DbResult<Vec<RecordedSpell>> {
    let mut query = employment_spells::table
        .filter(employment_spells::counted_from.le(since))
        .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(on)))
        .into_boxed();
    if let Some(areas) = within {
        query = query.filter(employment_spells::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query
        .select((employment_spells::id, employment_spells::created_at, SpellData::as_select()))
        .order(employment_spells::id)
        .load(conn)?)
}

/// Spells of these employers that hold no place of a posting and have not ended by a day, by id.
pub fn unlinked_of_employers(conn: &mut AnyConnection, employers: &[i64], on: NaiveDate) -> DbResult<Vec<SpellRow>> {
    let mut found: Vec<SpellRow> = Vec::new();
    for ids in employers.chunks(CHUNK) {
        found.extend(
            employment_spells::table
                .filter(employment_spells::employer_id.eq_any(ids.iter().copied().map(Some).collect::<Vec<_>>()))
                .filter(employment_spells::posting_id.is_null())
                .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(on)))
                .select((employment_spells::id, employment_spells::version, SpellData::as_select()))
                .load::<SpellRow>(conn)?,
        );
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// Spells of these employers of which some day lies in `from..until`, by id.
pub fn of_employers(
    conn: &mut AnyConnection,
    employers: &[i64],
    (from, until): (NaiveDate, NaiveDate),
) -> DbResult<Vec<SpellRow>> {
    let employers: Vec<Option<i64>> = employers.iter().copied().map(Some).collect();
    Ok(employment_spells::table
        .filter(employment_spells::employer_id.eq_any(employers))
        .filter(employment_spells::counted_from.lt(until))
        .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(from)))
        .select((employment_spells::id, employment_spells::version, SpellData::as_select()))
        .order(employment_spells::id)
        .load(conn)?)
}

/// Which spells a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct SpellFilter {
    pub resident: Option<i64>,
    pub employer: Option<i64>,
    pub posting: Option<i64>,
    pub channel: Option<Channel>,
    pub active_on: Option<NaiveDate>,
    /// Of residents in these areas; `None` = anywhere.
    pub within: Option<Vec<i64>>,
}

/// A page of spells by id.
pub fn page(conn: &mut AnyConnection, filter: &SpellFilter, page: Page) -> DbResult<Vec<SpellRow>> {
    let mut query = employment_spells::table.into_boxed();
    if let Some(resident) = filter.resident {
        query = query.filter(employment_spells::resident_id.eq(resident));
    }
    if let Some(employer) = filter.employer {
        query = query.filter(employment_spells::employer_id.eq(employer));
    }
    if let Some(posting) = filter.posting {
        query = query.filter(employment_spells::posting_id.eq(posting));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(employment_spells::channel.eq(channel));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(employment_spells::resident_id.eq_any(residents_within(areas)));
    }
    if let Some(on) = filter.active_on {
        query = query
            .filter(employment_spells::counted_from.le(on))
            .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(on)));
    }
    Ok(query
        .filter(employment_spells::id.gt(page.after))
        .order(employment_spells::id)
        .limit(page.limit)
        .select((employment_spells::id, employment_spells::version, SpellData::as_select()))
        .load(conn)?)
}
