//! Referrals, the moves that brought them where they are, and the gates a counselor answers for.
//!
//! Invariants: at most one open referral of a resident to an employer (unique index); the moves of a referral are numbered without
//! a gap and never changed; whoever writes a referral's state writes the move in the same transaction.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::auto_type;
use diesel::prelude::*;

use super::access::residents_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page};
use super::schema::{employment_spells, referral_moves, referrals};
use super::seal::Sealed;
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "推荐登记", en: "referral" };

/// The referrals that were entered by mistake; one whose start alone was reported by mistake is none.
#[auto_type]
pub(super) fn mistaken() -> _ {
    let start: ReferralState = ReferralState::Ended;
    let reason: ReferralReason = ReferralReason::EnteredByMistake;
    referral_moves::table
        .filter(referral_moves::to_state.ne(start))
        .filter(referral_moves::reason.eq(reason))
        .select(referral_moves::referral_id)
}

/// The states in which the next word is still to be said.
fn open() -> impl Iterator<Item = ReferralState> {
    ReferralState::ALL.iter().copied().filter(|state| state.is_open())
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = referrals, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ReferralData {
    pub resident_id: i64,
    pub posting_id: i64,
    /// The posting's.
    pub employer_id: i64,
    pub state: ReferralState,
    /// Every gate passed when it was proposed, none was unknown.
    pub suitable: bool,
    pub consent_id: Option<i64>,
    pub spell_id: Option<i64>,
    /// Day of the last move.
    pub moved_on: NaiveDate,
    pub referred_on: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    pub reminded_on: Option<NaiveDate>,
}

/// A referral with the times the database keeps.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ReferralRow {
    pub id: i64,
    pub version: i64,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    pub data: ReferralData,
}

rows::versioned_writes!(referrals, ReferralData, WHAT, timed);

/// The columns of [`ReferralRow`].
macro_rules! columns {
    () => {
        (referrals::id, referrals::version, referrals::created_at, referrals::updated_at, ReferralData::as_select())
    };
}

/// One referral, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<ReferralRow> {
    referrals::table.find(id).select(columns!()).first(conn).or_not_found(WHAT)
}

/// All referrals of a resident, by id.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<ReferralRow>> {
    let own = referrals::table.filter(referrals::resident_id.eq(resident));
    Ok(own.select(columns!()).order(referrals::id).load(conn)?)
}

/// All referrals of these residents, by resident and id.
pub fn of_residents(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<ReferralRow>> {
    let mut found: Vec<ReferralRow> = Vec::new();
    for ids in residents.chunks(rows::CHUNK) {
        let own = referrals::table.filter(among(referrals::resident_id, ids));
        found.extend(own.select(columns!()).load::<ReferralRow>(conn)?);
    }
    found.sort_unstable_by_key(|row| (row.data.resident_id, row.id));
    Ok(found)
}

/// The referral a job came of.
pub fn by_spell(conn: &mut AnyConnection, spell: i64) -> DbResult<Option<ReferralRow>> {
    Ok(referrals::table.filter(referrals::spell_id.eq(spell)).select(columns!()).first(conn).optional()?)
}

/// The open referrals nothing has happened to since a day, by id.
pub fn open_since(conn: &mut AnyConnection, day: NaiveDate) -> DbResult<Vec<ReferralRow>> {
    let silent = referrals::table.filter(referrals::state.eq_any(open())).filter(referrals::moved_on.le(day));
    Ok(silent.select(columns!()).order(referrals::id).load(conn)?)
}

/// The open referrals the person has agreed to, by id.
pub fn agreed(conn: &mut AnyConnection) -> DbResult<Vec<ReferralRow>> {
    let agreed = open().filter(|state| state.steps() > 0);
    let found = referrals::table.filter(referrals::state.eq_any(agreed));
    Ok(found.select(columns!()).order(referrals::id).load(conn)?)
}

/// Referrals that stand as hired although the job has ended by a day, by id.
pub fn hired_without_job(conn: &mut AnyConnection, on: NaiveDate) -> DbResult<Vec<ReferralRow>> {
    let over =
        employment_spells::table.filter(employment_spells::end_on.le(on)).select(employment_spells::id.nullable());
    let hired = referrals::table.filter(referrals::state.eq(ReferralState::Hired));
    Ok(hired.filter(referrals::spell_id.eq_any(over)).select(columns!()).order(referrals::id).load(conn)?)
}

/// The referrals proposed on one of these days, both included, to residents in these areas (`None` = anywhere), but for those entered by
/// mistake; by id.
pub fn proposed_between(
    conn: &mut AnyConnection,
    (from, to): (NaiveDate, NaiveDate),
    within: Option<&[i64]>,
) -> DbResult<Vec<ReferralRow>> {
    let first = referral_moves::step.eq(1).and(referral_moves::happened_on.between(from, to));
    let proposed = referral_moves::table.filter(first).select(referral_moves::referral_id);
    let mut query =
        referrals::table.filter(referrals::id.eq_any(proposed)).filter(referrals::id.ne_all(mistaken())).into_boxed();
    if let Some(areas) = within {
        query = query.filter(referrals::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query.select(columns!()).order(referrals::id).load(conn)?)
}

/// Every referral an employer was told of, by id.
pub fn told(conn: &mut AnyConnection, employer: i64) -> DbResult<Vec<ReferralRow>> {
    let told =
        referrals::table.filter(referrals::employer_id.eq(employer)).filter(referrals::referred_on.is_not_null());
    Ok(told.select(columns!()).order(referrals::id).load(conn)?)
}

/// Which referrals a list shows; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReferralFilter {
    pub resident: Option<i64>,
    pub posting: Option<i64>,
    pub employer: Option<i64>,
    pub state: Option<ReferralState>,
    /// Only those still on their way.
    pub open: bool,
    /// Last moved on this day or before.
    pub silent_since: Option<NaiveDate>,
    /// Last moved on this day or after.
    pub moved_since: Option<NaiveDate>,
    /// Of residents in these areas.
    pub within: Option<Vec<i64>>,
    /// To these employers, in these states, and only once they were told.
    pub told_to: Option<Vec<i64>>,
}

/// A page of referrals by id.
pub fn page(conn: &mut AnyConnection, filter: &ReferralFilter, page: Page) -> DbResult<Vec<ReferralRow>> {
    let mut query = referrals::table.into_boxed();
    if let Some(resident) = filter.resident {
        query = query.filter(referrals::resident_id.eq(resident));
    }
    if let Some(posting) = filter.posting {
        query = query.filter(referrals::posting_id.eq(posting));
    }
    if let Some(employer) = filter.employer {
        query = query.filter(referrals::employer_id.eq(employer));
    }
    if let Some(state) = filter.state {
        query = query.filter(referrals::state.eq(state));
    }
    if filter.open {
        query = query.filter(referrals::state.eq_any(open()));
    }
    if let Some(day) = filter.silent_since {
        query = query.filter(referrals::moved_on.le(day));
    }
    if let Some(day) = filter.moved_since {
        query = query.filter(referrals::moved_on.ge(day));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(referrals::resident_id.eq_any(residents_within(areas)));
    }
    if let Some(employers) = &filter.told_to {
        query = query
            .filter(referrals::employer_id.eq_any(employers.clone()))
            .filter(referrals::referred_on.is_not_null())
            .filter(referrals::state.ne(ReferralState::Withdrawn));
    }
    Ok(query
        .filter(referrals::id.gt(page.after))
        .order(referrals::id)
        .limit(page.limit)
        .select(columns!())
        .load(conn)?)
}

/// The moves.
pub mod moves {
    use super::*;
    use crate::db::schema::referral_moves;

    crate::db::steps::history!(referral_moves, referral_id, ReferralState, ReferralReason, WHAT);
}

/// The gates somebody answers for.
pub mod overrides {
    use super::*;
    use crate::db::schema::referral_overrides;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = referral_overrides)]
    pub struct OverrideRow {
        pub referral_id: i64,
        /// The step it was said with: whose word it is stands there.
        pub step: i64,
        /// The gate's code.
        pub gate: String,
        pub reason_cipher: Sealed,
    }

    rows::child_list!(referral_overrides, referral_id, OverrideRow, WHAT);
}
