//! `/household-proposals`: what ledgers say of households that is not on record, until a person decides.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Day, Id, Limit, ProposalKind, ProposalState, Relation};
use super::state::State;
use crate::app::error::FieldCode;
use crate::app::proposals::{self as app, ProposalFilter};

/// Somebody a proposal is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedMember {
    pub resident_id: Id,
    /// In the household where the person would be.
    pub relation: Relation,
}

/// A change of a household that a ledger proposes.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdProposal {
    pub id: Id,
    pub kind: ProposalKind,
    /// The household on record.
    pub household_id: Id,
    /// Where the ledger has its people; of `moved` and `merged`.
    pub other_household_id: Option<Id>,
    /// Code of the household that would be new; of `split`.
    #[schema(example = "WJ-0421")]
    pub new_code: Option<String>,
    /// Where the ledger has the whole household; of `rehoused`.
    pub new_building_id: Option<Id>,
    /// Unit and room there, as far as the ledger tells.
    pub new_unit: Option<String>,
    /// The day it is done on unless another is given: the day the ledger speaks of, or the day of death.
    pub happened_on: Day,
    /// The import that found it.
    pub import_id: Option<Id>,
    pub state: ProposalState,
    pub decided_by: Option<Id>,
    pub decided_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// Of `split` and `head_change` the new head first; of `head_change` then the former one.
    pub members: Vec<ProposedMember>,
}

impl From<app::Proposal> for HouseholdProposal {
    fn from(row: app::Proposal) -> Self {
        let member = |(resident, relation)| ProposedMember { resident_id: Id(resident), relation: Relation(relation) };
        Self {
            id: Id(row.id),
            kind: ProposalKind(row.kind),
            household_id: Id(row.household),
            other_household_id: row.other_household.map(Id),
            new_code: row.new_code,
            new_building_id: row.new_building.map(Id),
            new_unit: row.new_unit,
            happened_on: Day(row.happened_on),
            import_id: row.import.map(Id),
            state: ProposalState(row.state),
            decided_by: row.decided_by.map(Id),
            decided_at: row.decided_at.map(|at| at.and_utc()),
            created_at: row.created_at.and_utc(),
            members: row.members.into_iter().map(member).collect(),
        }
    }
}

/// Which proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HouseholdProposalQuery {
    pub state: Option<ProposalState>,
    pub household_id: Option<Id>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List proposed changes of households
///
/// Found when a ledger is imported again: who moved, split off, merged, died or is not there any more, new heads, and
/// households in another building. Nothing of
/// it is done before somebody accepts it.
#[utoipa::path(operation_id = "list_household_proposals", tag = "households", params(HouseholdProposalQuery), responses((status = 200, description = "A page of proposals.", body = Page<HouseholdProposal>)))]
#[get("/household-proposals")]
pub async fn list_household_proposals(
    service: State,
    query: Query<HouseholdProposalQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let filter = ProposalFilter {
        state: query.state.map(|state| state.0),
        household: query.household_id.map(|id| id.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("household-proposals?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &filter, rows)).await?;
    service.shows(found.iter().flat_map(|row| row.members.iter().map(|(resident, _)| *resident)));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, HouseholdProposal::from)))
}

/// What is decided.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalDecision {
    /// A proposal about this household.
    pub proposal_id: Id,
    /// true = do it, false = leave the records as they are; the same is not proposed again.
    #[schema(example = true)]
    pub accept: bool,
    /// The day it is done on; that of the proposal unless given.
    pub on: Option<Day>,
    /// The proposal's other household, where it has one: it must be one the caller may read.
    pub other_household_id: Option<Id>,
}

/// Decide a proposed change of a household
///
/// Accepting does what moving, splitting, merging, changing the head, leaving or entering a day of death does, with the same refusals.
#[utoipa::path(operation_id = "decide_household_proposal", tag = "households", params(ById), request_body = ProposalDecision, responses((status = 200, description = "The proposal.", body = HouseholdProposal)))]
#[post("/households/{id}/proposal-decisions")]
pub async fn decide_household_proposal(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ProposalDecision>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let said = body.value;
    once.run(&service, &body.raw, move |conn| {
        let proposal = (id, said.proposal_id.0);
        let decided = if said.accept {
            let other = app::get(conn, id, proposal.1)?.other_household;
            if other != said.other_household_id.as_ref().map(|id| id.0) {
                let fault = crate::app::error::FieldError::new("/other_household_id", FieldCode::Contradicts);
                return Err(fault.into());
            }
            app::accept(conn, &keys, proposal, said.on.as_ref().map(|day| day.0), moment, by)?
        } else {
            app::reject(conn, proposal, moment.0, by)?
        };
        Outcome::ok(None, &HouseholdProposal::from(decided))
    })
    .await
}
