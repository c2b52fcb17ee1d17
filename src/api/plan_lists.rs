//! The lists of a plan: placements, households, prices, changes.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Path, Query};
use super::page::{Page, page, window};
use super::plans::{PlanAmount, PlanQuery};
use super::scalars::{Cursor, Id, Limit, Line, Name, PlanChangeKind, PlanChangeReason, PlanState, UncoveredClass};
use super::state::State;
use crate::app::Connection;
use crate::app::access::members_of;
use crate::app::plans::view::{self as app, HouseholdFilter, PostingName, Price};

/// How a posting is called.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanPosting {
    pub id: Id,
    pub title: Line,
    pub employer_name: Line,
}

impl From<PostingName> for PlanPosting {
    fn from(name: PostingName) -> Self {
        Self { id: Id(name.id), title: Line(name.title), employer_name: Line(name.employer) }
    }
}

/// Who is placed where.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanPlacement {
    pub resident_id: Id,
    pub resident_name: Name,
    pub household_id: Id,
    pub posting: PlanPosting,
    /// 0 to 10000.
    #[schema(example = 8350)]
    pub suitability: i64,
    /// A counselor decided it, or the employer has offered the place.
    #[schema(example = false)]
    pub pinned: bool,
    /// It was promised: the person agreed to be referred there, or the parent plan had it.
    #[schema(example = false)]
    pub kept: bool,
}

impl From<app::Placement> for PlanPlacement {
    fn from(placement: app::Placement) -> Self {
        let row = placement.row;
        Self {
            resident_id: Id(row.resident_id),
            resident_name: Name(placement.resident_name),
            household_id: Id(row.household_id),
            posting: placement.posting.into(),
            suitability: row.suitability,
            pinned: row.pinned,
            kept: row.kept,
        }
    }
}

/// List the placements of a plan
#[utoipa::path(operation_id = "list_plan_placements", tag = "plans", params(ById, PlanQuery), responses((status = 200, description = "A page of placements, by resident.", body = Page<PlanPlacement>)))]
#[get("/plans/{id}/placements")]
pub async fn list_plan_placements(
    service: State,
    path: Path<ById>,
    query: Query<PlanQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    let list = format!("plan-placements {id}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let found = service.read(move |conn| app::placements(conn, id, within.as_deref(), rows)).await?;
    service.shows(found.iter().map(|row| row.row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, PlanPlacement::from)))
}

/// Which households, and part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanHouseholdQuery {
    /// Any unless given.
    pub state: Option<PlanState>,
    /// Any unless given.
    pub class: Option<UncoveredClass>,
    /// Any unless given: what the plan makes of this one.
    pub household_id: Option<Id>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// What the plan makes of a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanHousehold {
    pub household_id: Id,
    /// Its number in the ledger; null where it has none.
    pub household_code: Option<Line>,
    pub state: PlanState,
    /// What covering it weighs; 0 where it is covered or exempt.
    #[schema(example = 1)]
    pub weight: i64,
    /// How many of its members may be placed: care at home can set one free for work and not the other.
    #[schema(example = 2)]
    pub place_limit: i64,
    /// Why it stays uncovered; null where it does not, or where that was not classified.
    pub class: Option<UncoveredClass>,
    /// The evidence for the class: an object whose fields depend on it.
    #[schema(value_type = Option<Object>, example = json!({"declined": [{"resident_id": "17", "posting_id": "4"}]}))]
    pub evidence: Option<serde_json::Value>,
}

/// List the households of a plan
#[utoipa::path(operation_id = "list_plan_households", tag = "plans", params(ById, PlanHouseholdQuery), responses((status = 200, description = "A page of households.", body = Page<PlanHousehold>)))]
#[get("/plans/{id}/households")]
pub async fn list_plan_households(
    service: State,
    path: Path<ById>,
    query: Query<PlanHouseholdQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    let filter = HouseholdFilter {
        state: query.0.state.map(|s| s.0),
        class: query.0.class.map(|c| c.0),
        household: query.0.household_id.map(|id| id.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("plan-households {id} {filter:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let access = service.clone();
    let read = move |conn: &mut Connection| {
        let found = app::households(conn, id, &filter, rows)?;
        let shown: Vec<i64> = found.iter().map(|row| row.household_id).collect();
        access.shows(members_of(conn, &shown)?);
        Ok(found)
    };
    let found = service.read(read).await?;
    let show = |row: app::Household| PlanHousehold {
        household_id: Id(row.household_id),
        household_code: row.code.map(Line),
        state: PlanState(row.state),
        weight: row.weight,
        place_limit: row.place_limit,
        class: row.class.map(UncoveredClass),
        evidence: row.evidence,
    };
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, show)))
}

/// What one more place of a posting would be worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostingPrice {
    pub posting: PlanPosting,
    /// Free places when the plan was made.
    #[schema(example = 3)]
    pub vacancies: i64,
    /// The folded price: what the proof is made of.
    #[schema(example = 7000001)]
    pub price: i64,
    /// The same for people: one more place adds at most this.
    pub one_more: PlanAmount,
}

impl From<Price> for PostingPrice {
    fn from(price: Price) -> Self {
        Self {
            posting: price.posting.into(),
            vacancies: price.vacancies,
            price: price.price,
            one_more: price.amount.into(),
        }
    }
}

/// List the prices of a plan
///
/// One for each posting. With them anybody can compute the bound that proves the plan.
#[utoipa::path(operation_id = "list_plan_prices", tag = "plans", params(ById, PlanQuery), responses((status = 200, description = "A page of prices, by posting.", body = Page<PostingPrice>)))]
#[get("/plans/{id}/prices")]
pub async fn list_plan_prices(
    service: State,
    path: Path<ById>,
    query: Query<PlanQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    let list = format!("plan-prices {id}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::prices(conn, id, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, PostingPrice::from)))
}

/// Which changes, and part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanDiffQuery {
    /// Any unless given.
    pub kind: Option<PlanChangeKind>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// What became of a resident's placement from the parent plan to this one.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanChange {
    pub resident_id: Id,
    pub resident_name: Name,
    pub kind: PlanChangeKind,
    /// Where the parent placed the resident.
    pub from: Option<PlanPosting>,
    /// Where this plan does.
    pub to: Option<PlanPosting>,
    /// Why it was not kept; null for what is kept or new.
    pub reason: Option<PlanChangeReason>,
    /// The first gate that bars the pair, for `not_eligible`.
    #[schema(example = json!(null))]
    pub gate: Option<String>,
    /// The household covered instead, for `to_cover`.
    pub for_household_id: Option<Id>,
}

impl From<app::Change> for PlanChange {
    fn from(change: app::Change) -> Self {
        let row = change.row;
        Self {
            resident_id: Id(row.resident_id),
            resident_name: Name(change.resident_name),
            kind: PlanChangeKind(row.kind),
            from: change.from.map(PlanPosting::from),
            to: change.to.map(PlanPosting::from),
            reason: row.reason.map(PlanChangeReason),
            gate: row.gate,
            for_household_id: row.for_household_id.map(Id),
        }
    }
}

/// Compare a plan with its parent
///
/// Every placement of the parent, kept or not and why, and every new one.
#[utoipa::path(operation_id = "diff_plan", tag = "plans", params(ById, PlanDiffQuery), responses((status = 200, description = "A page of changes, by resident.", body = Page<PlanChange>)))]
#[get("/plans/{id}/diff")]
pub async fn diff_plan(
    service: State,
    path: Path<ById>,
    query: Query<PlanDiffQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.id.0;
    let kind = query.0.kind.map(|kind| kind.0);
    let list = format!("plan-diff {id} {kind:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let found = service.read(move |conn| app::diff(conn, id, kind, within.as_deref(), rows)).await?;
    service.shows(found.iter().map(|row| row.row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, PlanChange::from)))
}
