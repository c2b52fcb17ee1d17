//! The queue of household changes that ledgers propose: read, accepted by the acts of [`super::household_changes`], or rejected.
//!
//! Invariants: a proposal is decided once; what is accepted is done in the same transaction or not at all; whatever was done by hand
//! meanwhile makes the act refuse, and the proposal stays open for a person to reject.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};

use super::error::{AppError, FieldCode, FieldError};
use super::household_changes::{self as acts, Split};
use super::households::{self, HouseholdFields};
use super::steps::By;
use super::{Connection, Moment, Page, household_version};
use crate::db::Keyring;
pub use crate::db::proposals::ProposalFilter;
use crate::db::proposals::{self as rows, ProposalRow};
use crate::db::{areas, households as household_rows, residents};
use crate::domain::codes::{MonitoringClass, ProposalKind, ProposalState, Relation};

/// A proposal with the people it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: i64,
    pub kind: ProposalKind,
    pub household: i64,
    pub other_household: Option<i64>,
    pub new_code: Option<String>,
    pub new_building: Option<i64>,
    pub new_unit: Option<String>,
    pub happened_on: NaiveDate,
    pub import: Option<i64>,
    pub state: ProposalState,
    pub decided_by: Option<i64>,
    pub decided_at: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    pub members: Vec<(i64, Relation)>,
}

fn with_members(conn: &mut Connection, found: Vec<ProposalRow>) -> Result<Vec<Proposal>, AppError> {
    let mut members: HashMap<i64, Vec<(i64, Relation)>> = HashMap::new();
    for member in rows::members(conn, &found.iter().map(|row| row.id).collect::<Vec<_>>())? {
        members.entry(member.proposal_id).or_default().push((member.resident_id, member.relation));
    }
    let proposal = |row: ProposalRow| Proposal {
        id: row.id,
        kind: row.data.kind,
        household: row.data.household_id,
        other_household: row.data.other_household_id,
        new_code: row.data.new_code,
        new_building: row.data.new_building_id,
        new_unit: row.data.new_unit,
        happened_on: row.data.happened_on,
        import: row.data.batch_id,
        state: row.data.state,
        decided_by: row.data.decided_by,
        decided_at: row.data.decided_at,
        created_at: row.data.created_at,
        members: members.remove(&row.id).unwrap_or_default(),
    };
    Ok(found.into_iter().map(proposal).collect())
}

/// A page by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &ProposalFilter, page: Page) -> Result<Vec<Proposal>, AppError> {
    let found = rows::page(conn, filter, page)?;
    with_members(conn, found)
}

/// A proposal about a household.
///
/// # Errors
/// `NotFound` also for one about another household.
pub fn get(conn: &mut Connection, household: i64, id: i64) -> Result<Proposal, AppError> {
    let row = rows::get(conn, id)?;
    if row.data.household_id != household {
        return Err(AppError::NotFound);
    }
    with_members(conn, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Names of people and of buildings, and codes of households, as far as they have one.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub people: BTreeMap<i64, String>,
    pub households: BTreeMap<i64, String>,
    pub buildings: BTreeMap<i64, String>,
}

/// What the people, the households and the buildings of proposals are called.
///
/// # Errors
/// If the database fails.
pub fn names(conn: &mut Connection, proposals: &[Proposal]) -> Result<Names, AppError> {
    let people: Vec<i64> = proposals.iter().flat_map(|one| one.members.iter().map(|(resident, _)| *resident)).collect();
    let homes: Vec<i64> =
        proposals.iter().flat_map(|one| std::iter::once(one.household).chain(one.other_household)).collect();
    let people = residents::get_many(conn, &people)?.into_iter().map(|row| (row.id, row.data.name)).collect();
    let homes = household_rows::get_many(conn, &homes)?;
    let households = homes.into_iter().filter_map(|row| Some((row.id, row.data.code?))).collect();
    let buildings: BTreeSet<i64> = proposals.iter().filter_map(|one| one.new_building).collect();
    let areas = if buildings.is_empty() { Vec::new() } else { areas::all(conn)? };
    let buildings =
        areas.into_iter().filter(|row| buildings.contains(&row.id)).map(|row| (row.id, row.data.name)).collect();
    Ok(Names { people, households, buildings })
}

/// Does what is proposed, on the day it gives or on another.
///
/// # Errors
/// `NotFound`; `Stale` if it was decided before; `Invalid` for a day to come; what the act refuses.
pub fn accept(
    conn: &mut Connection,
    keys: &Keyring,
    (household, id): (i64, i64),
    on: Option<NaiveDate>,
    (now, today): (NaiveDateTime, NaiveDate),
    by: By,
) -> Result<Proposal, AppError> {
    let proposal = get(conn, household, id)?;
    decide(conn, &proposal, ProposalState::Accepted, now, by)?;
    let on = on.unwrap_or(proposal.happened_on);
    if on > today {
        return Err(FieldError::new("/on", FieldCode::InTheFuture).into());
    }
    let Some(&(resident, relation)) = proposal.members.first() else { return Err(AppError::Stale) };
    let moment = (now, on);
    match (proposal.kind, proposal.other_household) {
        (ProposalKind::Moved, Some(other)) => acts::move_in(conn, other, resident, relation, moment)?,
        (ProposalKind::Merged, Some(other)) => {
            let version = household_version(conn, other)?;
            acts::merge(conn, keys, (other, version), household, moment, by)?;
        }
        (ProposalKind::Moved | ProposalKind::Merged, None) => return Err(AppError::Stale),
        (ProposalKind::Split, _) => {
            let version = household_version(conn, household)?;
            let fields = new_household(conn, keys, &proposal)?;
            acts::split(conn, keys, (household, version), Split { fields, members: proposal.members.clone() }, moment)?;
        }
        (ProposalKind::HeadChange, _) => {
            let version = household_version(conn, household)?;
            let former = proposal.members.get(1).map_or(Relation::Other, |(_, relation)| *relation);
            acts::change_head(conn, (household, version), resident, former, moment)?;
        }
        (ProposalKind::Died, _) => die(conn, resident, moment)?,
        (ProposalKind::Left, _) => acts::leave(conn, household, resident, on, today)?,
        (ProposalKind::Rehoused, _) => rehouse(conn, keys, &proposal, moment)?,
    }
    get(conn, household, id)
}

/// Where the household lives it goes on living; what else is known of it is not known of the new one.
fn new_household(conn: &mut Connection, keys: &Keyring, proposal: &Proposal) -> Result<HouseholdFields, AppError> {
    let old = households::get(conn, keys, proposal.household)?.fields;
    Ok(HouseholdFields {
        code: proposal.new_code.clone(),
        unit: None,
        monitoring_class: MonitoringClass::None,
        recognised_on: None,
        note: None,
        ..old
    })
}

fn die(conn: &mut Connection, resident: i64, (now, on): (NaiveDateTime, NaiveDate)) -> Result<(), AppError> {
    let row = residents::get(conn, resident)?;
    if on < row.data.birth_date {
        return Err(FieldError::new("/on", FieldCode::EndBeforeStart).into());
    }
    let mut data = row.data;
    data.died_on = Some(on);
    residents::update(conn, resident, row.version, &data, now)?;
    Ok(())
}

/// The unit of the old building is none of the new one.
fn rehouse(conn: &mut Connection, keys: &Keyring, proposal: &Proposal, moment: Moment) -> Result<(), AppError> {
    let old = households::get(conn, keys, proposal.household)?;
    let building_id = proposal.new_building.ok_or(AppError::Stale)?;
    let fields = HouseholdFields { building_id, unit: proposal.new_unit.clone(), ..old.fields };
    households::update(conn, keys, (old.id, old.version), fields, moment)?;
    Ok(())
}

/// Leaves the records as they are; the same is not proposed again.
///
/// # Errors
/// `NotFound`; `Stale` if it was decided before.
pub fn reject(
    conn: &mut Connection,
    (household, id): (i64, i64),
    now: NaiveDateTime,
    by: By,
) -> Result<Proposal, AppError> {
    let proposal = get(conn, household, id)?;
    decide(conn, &proposal, ProposalState::Rejected, now, by)?;
    get(conn, household, id)
}

fn decide(
    conn: &mut Connection,
    proposal: &Proposal,
    state: ProposalState,
    now: NaiveDateTime,
    by: By,
) -> Result<(), AppError> {
    if rows::decide(conn, proposal.id, state, by.account, now)? { Ok(()) } else { Err(AppError::Stale) }
}
