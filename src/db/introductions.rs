//! Requests of employers to be introduced to a candidate.
//!
//! Invariant (unique index): at most one open request for an employer, posting and resident.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page};
use super::schema::{households, introductions, memberships};
use crate::domain::privacy::IntroductionStatus;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "介绍申请", en: "introduction" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = introductions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct IntroductionData {
    pub employer_id: i64,
    pub posting_id: i64,
    pub resident_id: i64,
    pub status: IntroductionStatus,
    pub consent_id: Option<i64>,
    /// The recipient as it stood when the request was made, later as it was told to the person.
    pub recipient_name: String,
    pub recipient_contact: Option<String>,
    pub requested_by: Option<i64>,
    /// When the employer would like to talk to the person.
    pub interview_on: Option<NaiveDate>,
}

/// A request with the times the database keeps.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct IntroductionRow {
    pub id: i64,
    pub version: i64,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    pub data: IntroductionData,
}

rows::versioned_writes!(introductions, IntroductionData, WHAT, timed);

/// The columns of [`IntroductionRow`].
macro_rules! columns {
    () => {
        (
            introductions::id,
            introductions::version,
            introductions::created_at,
            introductions::updated_at,
            IntroductionData::as_select(),
        )
    };
}

/// One request, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<IntroductionRow> {
    introductions::table.find(id).select(columns!()).first(conn).or_not_found(WHAT)
}

/// All requests about a resident, by id.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<IntroductionRow>> {
    Ok(introductions::table
        .filter(introductions::resident_id.eq(resident))
        .select(columns!())
        .order(introductions::id)
        .load(conn)?)
}

/// Which requests a list reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntroductionFilter {
    /// Of these employers; `None` = of any.
    pub employers: Option<Vec<i64>>,
    /// About these residents' current homes; `None` = anywhere.
    pub buildings: Option<Vec<i64>>,
    pub posting: Option<i64>,
    pub status: Option<IntroductionStatus>,
}

/// A page of requests by id.
pub fn page(conn: &mut AnyConnection, filter: &IntroductionFilter, page: Page) -> DbResult<Vec<IntroductionRow>> {
    let mut query = introductions::table.into_boxed();
    if let Some(employers) = &filter.employers {
        query = query.filter(introductions::employer_id.eq_any(employers.clone()));
    }
    if let Some(buildings) = &filter.buildings {
        query = query.filter(
            introductions::resident_id.eq_any(
                memberships::table
                    .filter(memberships::valid_until.is_null())
                    .filter(
                        memberships::household_id.eq_any(
                            households::table
                                .filter(households::building_id.eq_any(buildings.clone()))
                                .select(households::id),
                        ),
                    )
                    .select(memberships::resident_id),
            ),
        );
    }
    if let Some(posting) = filter.posting {
        query = query.filter(introductions::posting_id.eq(posting));
    }
    if let Some(status) = filter.status {
        query = query.filter(introductions::status.eq(status));
    }
    Ok(query
        .filter(introductions::id.gt(page.after))
        .order(introductions::id)
        .limit(page.limit)
        .select(columns!())
        .load(conn)?)
}

/// Ends what rests on a consent.
pub fn close_of_consent(conn: &mut AnyConnection, consent: i64, now: NaiveDateTime) -> DbResult<usize> {
    Ok(diesel::update(introductions::table.filter(introductions::consent_id.eq(consent)))
        .filter(introductions::status.eq(IntroductionStatus::Consented))
        .set((
            introductions::status.eq(IntroductionStatus::Closed),
            introductions::version.eq(introductions::version + 1),
            introductions::updated_at.eq(now),
        ))
        .execute(conn)?)
}
