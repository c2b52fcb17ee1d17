//! The rows about one person in tables that are otherwise read by household, run or plan.
//!
//! Together with the tables' own `of_resident` functions this is every table that refers to a resident; a test compares the list
//! with the foreign keys of the database.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::care::{CareDutyData, CareDutyRow};
use super::connection::AnyConnection;
use super::error::DbResult;
use super::households::HouseholdEvent;
use super::plan_pins::{PinData, PinRow};
use super::recommendations::Recommendation;
use super::rows::Stored;
use super::schema::{
    accounts, audit_events, audit_subjects, care_duties, household_events, plan_changes, plan_households, plan_pins,
    plan_placements, recommendations, residents,
};
use crate::domain::access::{ActorKind, Role};
use crate::domain::codes::{PlanChangeKind, PlanChangeReason, PlanState, UncoveredClass};

/// Changes of households that name the person.
pub fn household_events(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<HouseholdEvent>> {
    Ok(household_events::table
        .filter(household_events::resident_id.eq(resident))
        .select(HouseholdEvent::as_select())
        .order(household_events::id)
        .load(conn)?)
}

/// Duties in which the person is the carer.
pub fn care_duties(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<CareDutyRow>> {
    Ok(care_duties::table
        .filter(care_duties::carer_id.eq(resident))
        .select((care_duties::id, CareDutyData::as_select()))
        .order(care_duties::id)
        .load(conn)?)
}

/// Recommendations of every run, by id.
pub fn recommendations(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<Stored<Recommendation>>> {
    Ok(recommendations::table
        .filter(recommendations::resident_id.eq(resident))
        .select((recommendations::id, Recommendation::as_select()))
        .order(recommendations::id)
        .load(conn)?)
}

/// Counselors' decisions about the person and a posting.
pub fn pins(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<PinRow>> {
    Ok(plan_pins::table
        .filter(plan_pins::resident_id.eq(resident))
        .select((plan_pins::id, PinData::as_select()))
        .order(plan_pins::id)
        .load(conn)?)
}

/// A place in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = plan_placements)]
pub struct Placement {
    pub plan_id: i64,
    pub posting_id: i64,
    pub household_id: i64,
    pub suitability: i64,
    pub pinned: bool,
    pub kept: bool,
}

/// Places in plans, by id.
pub fn placements(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<Placement>> {
    Ok(plan_placements::table
        .filter(plan_placements::resident_id.eq(resident))
        .select(Placement::as_select())
        .order(plan_placements::id)
        .load(conn)?)
}

/// What a plan changed about the person, and why.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = plan_changes)]
pub struct PlanChange {
    pub plan_id: i64,
    pub kind: PlanChangeKind,
    pub from_posting_id: Option<i64>,
    pub to_posting_id: Option<i64>,
    pub reason: Option<PlanChangeReason>,
    pub gate: Option<String>,
}

/// Changes by plans, by id.
pub fn plan_changes(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<PlanChange>> {
    Ok(plan_changes::table
        .filter(plan_changes::resident_id.eq(resident))
        .select(PlanChange::as_select())
        .order(plan_changes::id)
        .load(conn)?)
}

/// What a plan made of a household, and why it stays uncovered.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = plan_households)]
pub struct PlannedHousehold {
    pub plan_id: i64,
    pub household_id: i64,
    pub state: PlanState,
    pub class: Option<UncoveredClass>,
}

/// What plans made of these households, by id.
pub fn planned_households(conn: &mut AnyConnection, households: &[i64]) -> DbResult<Vec<PlannedHousehold>> {
    Ok(plan_households::table
        .filter(plan_households::household_id.eq_any(households))
        .select(PlannedHousehold::as_select())
        .order(plan_households::id)
        .load(conn)?)
}

/// One act that read or changed the person's data.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ReadBy {
    pub seq: i64,
    pub at: NaiveDateTime,
    pub actor_kind: ActorKind,
    /// Who it was; `None` where no account acted, or it is gone.
    pub display_name: Option<String>,
    pub role: Option<Role>,
    pub action: String,
    pub operation: String,
    pub purpose: String,
    pub outcome: String,
}

/// Who read or changed the person's data, in the order it happened.
pub fn reads(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<ReadBy>> {
    Ok(audit_events::table
        .inner_join(audit_subjects::table.on(audit_subjects::seq.eq(audit_events::seq)))
        .left_join(accounts::table.on(accounts::id.nullable().eq(audit_events::account_id)))
        .filter(audit_subjects::resident_id.eq(resident))
        .select((
            audit_events::seq,
            audit_events::at,
            audit_events::actor_kind,
            accounts::display_name.nullable(),
            audit_events::role,
            audit_events::action,
            audit_events::operation,
            audit_events::purpose,
            audit_events::outcome,
        ))
        .order(audit_events::seq)
        .load(conn)?)
}

/// When the record of a resident was made and last changed, and by which account.
pub fn record_times(conn: &mut AnyConnection, resident: i64) -> DbResult<(NaiveDateTime, NaiveDateTime, Option<i64>)> {
    Ok(residents::table
        .find(resident)
        .select((residents::created_at, residents::updated_at, residents::registered_by))
        .first(conn)?)
}
