//! Postings and their places.
//!
//! A spell that names a posting holds one of its places until it ends, so how many are held is a question about a day:
//! [`held_on`], [`open_places`] and lists of open postings count spells. The column `filled` is the guard against too many:
//! `0 <= filled <= headcount` by a CHECK constraint, and whoever writes a spell counts it again in the same transaction
//! ([`recount_filled`]). It ages as jobs end, always towards too many, and is read nowhere else.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::again::Again;
use super::among::among;
use super::connection::{AnyConnection, MultiBackend};
use super::error::{DbError, DbResult, Meaning};
use super::posting_lists::{certificates, hazards, hours, skills};
use super::rows::{self, CHUNK, Page};
use super::schema::{employment_spells, introductions, postings, referrals};
use super::seal::Sealed;
use crate::domain::codes::{Channel, PayKind, PostingStatus, Region, Shift};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "岗位", en: "posting" };

/// What an employer says about a post. `None` = not said.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = postings, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PostingData {
    pub code: Option<String>,
    pub employer_id: i64,
    pub title: String,
    /// What the title means in the vocabulary; `None` until mapped.
    pub skill_id: Option<i64>,
    pub status: PostingStatus,
    pub channel: Channel,
    pub description: Option<String>,
    /// All places, filled ones included.
    pub headcount: i64,
    pub pay_kind: Option<PayKind>,
    /// Fen in the unit of `pay_kind`.
    pub pay_min_fen: Option<i64>,
    pub pay_max_fen: Option<i64>,
    pub shift: Option<Shift>,
    pub night_work: Option<bool>,
    pub overtime: Option<bool>,
    /// 1..=4.
    pub physical_grade: Option<i64>,
    pub load_kg: Option<i64>,
    pub lifts_per_hour: Option<i64>,
    pub forced_posture: Option<bool>,
    pub underground_mine: Option<bool>,
    /// Whether the list of hazards is complete.
    pub hazards_known: bool,
    pub age_min: Option<i64>,
    pub age_max: Option<i64>,
    pub age_is_soft: bool,
    pub experience_months: Option<i64>,
    pub training_days: Option<i64>,
    pub place: Option<String>,
    pub province: Option<String>,
    pub region: Option<Region>,
    /// Minutes one way from the community, where the place is neither the park nor the home.
    pub commute_minutes: Option<i64>,
    pub special_hours_approval: Option<String>,
    pub start_on: Option<NaiveDate>,
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    pub note_cipher: Option<Sealed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct PostingRow {
    pub id: i64,
    pub version: i64,
    /// The guard, as of the last time a job at the posting was written. For a day's figure see [`held_on`].
    pub filled: i64,
    /// Day on which somebody last said that the posting stands.
    pub confirmed_on: Option<NaiveDate>,
    pub data: PostingData,
}

/// The columns of [`PostingRow`].
macro_rules! columns {
    () => {
        (postings::id, postings::version, postings::filled, postings::confirmed_on, PostingData::as_select())
    };
}

rows::versioned_writes!(postings, PostingData, WHAT, timed);

/// How many places of the posting at hand jobs hold on a day: those that have not ended by then, later ones included.
macro_rules! held {
    ($on:expr) => {
        employment_spells::table
            .filter(employment_spells::posting_id.eq(postings::id.nullable()))
            .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt($on)))
            .count()
            .single_value()
            .assume_not_null()
    };
}

/// A query whose conditions are still being added.
type Boxed<'a> = postings::BoxedQuery<'a, MultiBackend>;

/// One posting, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<PostingRow> {
    postings::table.find(id).select(columns!()).first(conn).or_not_found(WHAT)
}

/// The postings among these ids, by id.
pub fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<PostingRow>> {
    let mut found: Vec<PostingRow> = Vec::new();
    for ids in ids.chunks(CHUNK) {
        found.extend(postings::table.filter(among(postings::id, ids)).select(columns!()).load::<PostingRow>(conn)?);
    }
    found.sort_unstable_by_key(|row| row.id);
    Ok(found)
}

/// The whole table by id.
pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<PostingRow>> {
    Ok(postings::table.select(columns!()).order(postings::id).load(conn)?)
}

pub fn by_code(conn: &mut AnyConnection, code: &str) -> DbResult<Option<PostingRow>> {
    Ok(postings::table.filter(postings::code.eq(code)).select(columns!()).first(conn).optional()?)
}

/// Which postings a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct PostingFilter {
    pub employer: Option<i64>,
    pub status: Option<PostingStatus>,
    pub channel: Option<Channel>,
    pub skill: Option<i64>,
    /// Published, within its dates on this day, and with a vacancy.
    pub open_on: Option<NaiveDate>,
    /// Part of the title.
    pub title: Option<String>,
    /// Of these employers; `None` = of any.
    pub among: Option<Vec<i64>>,
}

/// A page of postings by id.
pub fn page(conn: &mut AnyConnection, filter: &PostingFilter, page: Page) -> DbResult<Vec<PostingRow>> {
    let mut query = postings::table.into_boxed();
    if let Some(employer) = filter.employer {
        query = query.filter(postings::employer_id.eq(employer));
    }
    if let Some(status) = filter.status {
        query = query.filter(postings::status.eq(status));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(postings::channel.eq(channel));
    }
    if let Some(skill) = filter.skill {
        query = query.filter(postings::skill_id.eq(skill));
    }
    if let Some(on) = filter.open_on {
        query = open_on(query, on);
    }
    if let Some(title) = &filter.title {
        query = query.filter(postings::title.like(rows::contains(title)).escape('\\'));
    }
    if let Some(employers) = &filter.among {
        query = query.filter(postings::employer_id.eq_any(employers));
    }
    Ok(query.filter(postings::id.gt(page.after)).order(postings::id).limit(page.limit).select(columns!()).load(conn)?)
}

/// Places held on a day by posting; a posting without any is absent. Cost: one scan of the linked spells.
pub fn held_on(conn: &mut AnyConnection, on: NaiveDate) -> DbResult<HashMap<i64, i64>> {
    let held: Vec<(Option<i64>, i64)> = employment_spells::table
        .filter(employment_spells::posting_id.is_not_null())
        .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(on)))
        .group_by(employment_spells::posting_id)
        .select((employment_spells::posting_id, count_star()))
        .load(conn)?;
    Ok(held.into_iter().filter_map(|(posting, n)| Some((posting?, n))).collect())
}

/// The same for a few postings.
pub fn held_of(conn: &mut AnyConnection, ids: &[i64], on: NaiveDate) -> DbResult<HashMap<i64, i64>> {
    let mut held = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let counts: Vec<(i64, i64)> =
            postings::table.filter(among(postings::id, ids)).select((postings::id, held!(on))).load(conn)?;
        held.extend(counts.into_iter().filter(|(_, n)| *n > 0));
    }
    Ok(held)
}

/// What is open on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenPlaces {
    pub postings: u64,
    /// Unfilled places in them.
    pub vacancies: u64,
}

/// Counts the postings of [`PostingFilter::open_on`] and their unfilled places. Cost: two integers per open posting.
pub fn open_places(conn: &mut AnyConnection, on: NaiveDate) -> DbResult<OpenPlaces> {
    let open: Vec<(i64, i64)> =
        open_on(postings::table.into_boxed(), on).select((postings::headcount, held!(on))).load(conn)?;
    let vacancies = open.iter().filter_map(|(headcount, held)| u64::try_from(headcount - held).ok()).sum();
    Ok(OpenPlaces { postings: open.len() as u64, vacancies })
}

/// Published, within its dates and with a vacancy.
fn open_on(query: Boxed<'_>, on: NaiveDate) -> Boxed<'_> {
    query
        .filter(postings::status.eq(PostingStatus::Published))
        .filter(postings::valid_from.le(on))
        .filter(postings::valid_until.is_null().or(postings::valid_until.ge(on)))
        .filter(held!(on).lt(postings::headcount))
}

/// Counts the filled places of these postings again: linked spells that have not ended by a day. Give today, or a later day
/// the caller counts by: an earlier one would count jobs that are over. Postings whose number does not change are not written.
/// [`DbError::Full`] if a posting would have more than its headcount.
pub fn recount_filled(conn: &mut AnyConnection, ids: &[i64], on: NaiveDate, now: NaiveDateTime) -> DbResult<()> {
    for ids in ids.chunks(CHUNK) {
        let stale = postings::table.filter(among(postings::id, ids)).filter(postings::filled.ne(held!(on)));
        let changed =
            (postings::filled.eq(held!(on)), postings::version.eq(postings::version + 1), postings::updated_at.eq(now));
        Again(diesel::update(stale).set(changed)).execute(conn).map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::CheckViolation, _) => DbError::Full,
            other => DbError::Query(other),
        })?;
    }
    Ok(())
}

/// [`recount_filled`] for every posting.
pub fn recount_all(conn: &mut AnyConnection, on: NaiveDate, now: NaiveDateTime) -> DbResult<()> {
    let held = held_on(conn, on)?;
    let stored: Vec<(i64, i64)> = postings::table.select((postings::id, postings::filled)).load(conn)?;
    let differs = |(id, filled): &(i64, i64)| held.get(id).copied().unwrap_or(0) != *filled;
    let ids: Vec<i64> = stored.into_iter().filter(differs).map(|(id, _)| id).collect();
    recount_filled(conn, &ids, on, now)
}

/// Whether anybody was referred or introduced to a posting, or has or had a job in it.
pub fn is_spoken_of(conn: &mut AnyConnection, id: i64) -> DbResult<bool> {
    let referred = referrals::table.filter(referrals::posting_id.eq(id)).select(referrals::id).limit(1);
    let introduced = introductions::table.filter(introductions::posting_id.eq(id)).select(introductions::id).limit(1);
    let employed =
        employment_spells::table.filter(employment_spells::posting_id.eq(id)).select(employment_spells::id).limit(1);
    let found = [
        referred.first::<i64>(conn).optional()?,
        introduced.first::<i64>(conn).optional()?,
        employed.first::<i64>(conn).optional()?,
    ];
    Ok(found.iter().any(Option::is_some))
}

/// Notes that these postings stand as of a day. Not a change of what they say: versions stay.
pub fn confirm(conn: &mut AnyConnection, ids: &[i64], on: NaiveDate) -> DbResult<()> {
    for ids in ids.chunks(CHUNK) {
        let older = postings::confirmed_on.is_null().or(postings::confirmed_on.lt(on));
        let those = postings::table.filter(among(postings::id, ids)).filter(older);
        Again(diesel::update(those).set(postings::confirmed_on.eq(on))).execute(conn)?;
    }
    Ok(())
}

/// The published postings nobody confirmed since a day, by id; what was never confirmed counts from its first valid day, or from
/// the day it was entered if that is later: `end` is the moment the day ends.
pub fn unconfirmed_since(
    conn: &mut AnyConnection,
    (day, end): (NaiveDate, NaiveDateTime),
) -> DbResult<Vec<PostingRow>> {
    let never = postings::confirmed_on.is_null().and(postings::valid_from.le(day)).and(postings::created_at.lt(end));
    Ok(postings::table
        .filter(postings::status.eq(PostingStatus::Published))
        .filter(never.or(postings::confirmed_on.le(day)).assume_not_null())
        .order(postings::id)
        .select(columns!())
        .load(conn)?)
}

/// Removes a posting nobody was hired for, recommended to or declined (`Conflict` otherwise), lists included. Runs in the
/// caller's transaction; on an error the caller must let it roll back.
pub fn delete(conn: &mut AnyConnection, id: i64, version: i64) -> DbResult<()> {
    skills::replace(conn, &[id], &[])?;
    certificates::replace(conn, &[id], &[])?;
    hours::replace(conn, &[id], &[])?;
    hazards::replace(conn, &[id], &[])?;
    let gone = diesel::delete(postings::table.filter(postings::id.eq(id)).filter(postings::version.eq(version)))
        .execute(conn)
        .or_conflict(WHAT)?;
    let version: DbResult<i64> = rows::written_once!(conn, postings, id, version, gone, WHAT);
    version.map(|_| ())
}
