//! What ledgers say of households that is not on record, until a person decides.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::access::households_within;
use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{CHUNK, Page, Stored};
use super::schema::{household_proposal_members, household_proposals};
use crate::domain::codes::{ProposalKind, ProposalState, Relation};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "住户变动", en: "household change" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = household_proposals, treat_none_as_default_value = false)]
pub struct ProposalData {
    pub kind: ProposalKind,
    /// The household on record.
    pub household_id: i64,
    /// Where the ledger has its people.
    pub other_household_id: Option<i64>,
    /// Code of the household that would be new.
    pub new_code: Option<String>,
    pub happened_on: NaiveDate,
    pub batch_id: Option<i64>,
    pub state: ProposalState,
    pub decided_by: Option<i64>,
    pub decided_at: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    /// Where the ledger has the whole household.
    pub new_building_id: Option<i64>,
    pub new_unit: Option<String>,
}

pub type ProposalRow = Stored<ProposalData>;

/// Whom a proposal is about, and what they would be in their household.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = household_proposal_members)]
pub struct ProposalMember {
    pub proposal_id: i64,
    pub resident_id: i64,
    pub relation: Relation,
}

/// Which proposals; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposalFilter {
    pub state: Option<ProposalState>,
    pub household: Option<i64>,
    /// Of households in these areas.
    pub within: Option<Vec<i64>>,
}

/// One proposal, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<ProposalRow> {
    household_proposals::table
        .find(id)
        .select((household_proposals::id, ProposalData::as_select()))
        .first(conn)
        .or_not_found(WHAT)
}

/// A page by id.
pub fn page(conn: &mut AnyConnection, filter: &ProposalFilter, page: Page) -> DbResult<Vec<ProposalRow>> {
    let mut query = household_proposals::table.into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(household_proposals::state.eq(state));
    }
    if let Some(household) = filter.household {
        query = query.filter(household_proposals::household_id.eq(household));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(household_proposals::household_id.eq_any(households_within(areas)));
    }
    Ok(query
        .filter(household_proposals::id.gt(page.after))
        .order(household_proposals::id)
        .limit(page.limit)
        .select((household_proposals::id, ProposalData::as_select()))
        .load(conn)?)
}

/// Everything proposed of these households so far.
pub fn of_households(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<ProposalRow>> {
    let mut found = Vec::new();
    for ids in households.chunks(CHUNK) {
        let rows: Vec<ProposalRow> = household_proposals::table
            .filter(among(household_proposals::household_id, ids))
            .order(household_proposals::id)
            .select((household_proposals::id, ProposalData::as_select()))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Whom these proposals are about, in the order they were given.
pub fn members(conn: &mut AnyConnection, proposals: &[i64]) -> DbResult<Vec<ProposalMember>> {
    let mut found = Vec::new();
    for ids in proposals.chunks(CHUNK) {
        let rows: Vec<ProposalMember> = household_proposal_members::table
            .filter(among(household_proposal_members::proposal_id, ids))
            .order(household_proposal_members::id)
            .select(ProposalMember::as_select())
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// What was proposed about a person, for their export.
pub fn about(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<ProposalRow>> {
    let own = household_proposal_members::table
        .filter(household_proposal_members::resident_id.eq(resident))
        .select(household_proposal_members::proposal_id);
    Ok(household_proposals::table
        .filter(household_proposals::id.eq_any(own))
        .order(household_proposals::id)
        .select((household_proposals::id, ProposalData::as_select()))
        .load(conn)?)
}

/// Adds a proposal with its people; gives its id.
pub fn insert(conn: &mut AnyConnection, data: &ProposalData, members: &[(i64, Relation)]) -> DbResult<i64> {
    let id = diesel::insert_into(household_proposals::table)
        .values(data)
        .returning(household_proposals::id)
        .get_result(conn)
        .or_conflict(WHAT)?;
    for &(resident_id, relation) in members {
        diesel::insert_into(household_proposal_members::table)
            .values(ProposalMember { proposal_id: id, resident_id, relation })
            .execute(conn)
            .or_conflict(WHAT)?;
    }
    Ok(id)
}

/// Decides an open proposal; `false` if somebody did before.
pub fn decide(
    conn: &mut AnyConnection,
    id: i64,
    state: ProposalState,
    by: Option<i64>,
    now: NaiveDateTime,
) -> DbResult<bool> {
    let n =
        diesel::update(household_proposals::table.find(id).filter(household_proposals::state.eq(ProposalState::Open)))
            .set((
                household_proposals::state.eq(state),
                household_proposals::decided_by.eq(by),
                household_proposals::decided_at.eq(now),
            ))
            .execute(conn)?;
    Ok(n == 1)
}

/// Removes every proposal about a person, whoever else it is about: the next ledger proposes what still holds.
pub fn forget(conn: &mut AnyConnection, resident: i64) -> DbResult<()> {
    let own: Vec<i64> = household_proposal_members::table
        .filter(household_proposal_members::resident_id.eq(resident))
        .select(household_proposal_members::proposal_id)
        .load(conn)?;
    diesel::delete(household_proposal_members::table.filter(household_proposal_members::proposal_id.eq_any(&own)))
        .execute(conn)?;
    diesel::delete(household_proposals::table.filter(household_proposals::id.eq_any(&own))).execute(conn)?;
    Ok(())
}
