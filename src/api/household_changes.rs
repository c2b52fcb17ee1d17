//! Who belongs to a household, and how that changes: join, move, leave, new head, split, merge. The past stays.

use actix_web::{HttpResponse, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::households::{Household, HouseholdWrite};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{Day, HouseholdEventKind, Id, Name, Relation};
use super::state::State;
use crate::app::household_changes::{self as app, Split};
use crate::app::{household_version, households};
use crate::domain::codes;

/// A membership.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    pub resident_id: Id,
    pub name: Name,
    pub relation: Relation,
    /// First day; null = since before the records begin.
    pub valid_from: Option<Day>,
    /// First day out of the household; null = still a member.
    pub valid_until: Option<Day>,
}

impl From<households::Member> for Member {
    fn from(member: households::Member) -> Self {
        Self {
            resident_id: Id(member.resident_id),
            name: Name(member.name),
            relation: Relation(member.relation),
            valid_from: member.valid_from.map(Day),
            valid_until: member.valid_until.map(Day),
        }
    }
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// Members on this day; everybody who ever was one unless given.
    pub as_of: Option<Day>,
}

/// List the members of a household
#[utoipa::path(operation_id = "list_household_members", tag = "households", params(ById, MemberQuery), responses((status = 200, description = "The members.", body = Items<Member>)))]
#[get("/households/{id}/members")]
pub async fn list_household_members(
    service: State,
    path: Path<ById>,
    query: Query<MemberQuery>,
) -> Result<HttpResponse, ApiError> {
    let on = query.0.as_of.map(|day| day.0);
    let found = service.read(move |conn| households::members(conn, path.0.id.0, on)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, Member::from)))
}

/// Something that happened to a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdEvent {
    pub kind: HouseholdEventKind,
    /// The household split from, merged with or moved from.
    pub other_household_id: Option<Id>,
    /// The new head, or who moved.
    pub resident_id: Option<Id>,
    pub happened_on: Day,
}

/// Read the history of a household
#[utoipa::path(operation_id = "list_household_events", tag = "households", params(ById), responses((status = 200, description = "What happened, oldest first.", body = Items<HouseholdEvent>)))]
#[get("/households/{id}/events")]
pub async fn list_household_events(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let found = service.read(move |conn| households::events(conn, path.0.id.0)).await?;
    let show = |event: households::Event| HouseholdEvent {
        kind: HouseholdEventKind(event.kind),
        other_household_id: event.other_household_id.map(Id),
        resident_id: event.resident_id.map(Id),
        happened_on: Day(event.happened_on),
    };
    Ok(HttpResponse::Ok().json(Items::of(found, show)))
}

/// Who joins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinWrite {
    pub resident_id: Id,
    pub relation: Relation,
    /// First day. Unless given: the day the last membership ended, or since before the records begin.
    pub valid_from: Option<Day>,
}

/// The members now.
fn members_now(
    conn: &mut crate::app::Connection,
    id: i64,
    today: chrono::NaiveDate,
) -> Result<Items<Member>, crate::app::error::AppError> {
    Ok(Items::of(households::members(conn, id, Some(today))?, Member::from))
}

/// Make a resident a member
///
/// For somebody who is in no household yet.
#[utoipa::path(operation_id = "add_household_member", tag = "households", params(ById), request_body = JoinWrite, responses((status = 200, description = "The members today.", body = Items<Member>)))]
#[post("/households/{id}/members")]
pub async fn add_household_member(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<JoinWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, today, write) = (path.0.id.0, service.today(), body.value);
    once.run(&service, &body.raw, move |conn| {
        let from = write.valid_from.map(|day| day.0);
        app::add_member(conn, id, write.resident_id.0, write.relation.0, from)?;
        Outcome::ok(None, &members_now(conn, id, today)?)
    })
    .await
}

/// Who moves in from another household.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveWrite {
    pub resident_id: Id,
    pub relation: Relation,
    /// First day here, and first day out of the other household.
    pub on: Day,
}

/// Move a member of another household into this one
#[utoipa::path(operation_id = "move_household_member", tag = "households", params(ById), request_body = MoveWrite, responses((status = 200, description = "The members today.", body = Items<Member>)))]
#[post("/households/{id}/moves")]
pub async fn move_household_member(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<MoveWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, (now, today), write) = (path.0.id.0, service.moment(), body.value);
    once.run(&service, &body.raw, move |conn| {
        app::move_in(conn, id, write.resident_id.0, write.relation.0, (now, write.on.0))?;
        Outcome::ok(None, &members_now(conn, id, today)?)
    })
    .await
}

/// Who leaves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveWrite {
    pub resident_id: Id,
    /// First day out of the household; not after today.
    pub on: Day,
}

/// Let a member leave
///
/// The head leaves last; change the head first.
#[utoipa::path(operation_id = "remove_household_member", tag = "households", params(ById), request_body = LeaveWrite, responses((status = 200, description = "The members today.", body = Items<Member>)))]
#[post("/households/{id}/departures")]
pub async fn remove_household_member(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<LeaveWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, today, write) = (path.0.id.0, service.today(), body.value);
    once.run(&service, &body.raw, move |conn| {
        app::leave(conn, id, write.resident_id.0, write.on.0, today)?;
        Outcome::ok(None, &members_now(conn, id, today)?)
    })
    .await
}

/// The new head.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadWrite {
    /// A current member.
    pub resident_id: Id,
    /// What the head so far is to the new one.
    pub former_head_relation: Relation,
    /// First day as head.
    pub on: Day,
}

/// Change the head of a household
#[utoipa::path(operation_id = "change_household_head", tag = "households", params(ById), request_body = HeadWrite, responses((status = 200, description = "The members today.", body = Items<Member>)))]
#[put("/households/{id}/head")]
pub async fn change_household_head(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<HeadWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, (now, today), write) = (path.0.id.0, service.moment(), body.value);
    let (version, members) = service
        .write(move |conn| {
            let version = household_version(conn, id)?;
            seen.0.check(version)?;
            let head = (write.resident_id.0, write.former_head_relation.0);
            let version = app::change_head(conn, (id, version), head.0, head.1, (now, write.on.0))?;
            Ok((version, members_now(conn, id, today)?))
        })
        .await?;
    Ok(shown(version, &members))
}

/// Who goes into the new household.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitMember {
    pub resident_id: Id,
    /// To the new head; not given for the head itself, who stands first.
    pub relation: Option<Relation>,
}

/// A household that splits off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitWrite {
    /// What is said of the new household.
    pub household: HouseholdWrite,
    /// Its members, the head first.
    #[schema(min_items = 1, max_items = 50)]
    pub members: Vec<SplitMember>,
    /// First day of the new household.
    pub on: Day,
}

/// Split a household
///
/// Some members become a household of their own. The head stays behind as long as others do. Care duties go with their named
/// carer.
#[utoipa::path(operation_id = "split_household", tag = "households", params(ById, ("If-Match" = String, Header)), request_body = SplitWrite, responses((status = 201, description = "The new household.", body = Household)))]
#[post("/households/{id}/splits")]
pub async fn split_household(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    body: Json<SplitWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, now, write) = (path.0.id.0, service.db.keys().clone(), service.now(), body.value);
    super::extract::check_count(write.members.len(), 1..=50, "/members")?;
    once.run(&service, &body.raw, move |conn| {
        let version = household_version(conn, id)?;
        seen.0.check(version)?;
        let relation = |relation: Option<Relation>| relation.map_or(codes::Relation::Other, |relation| relation.0);
        let members = write.members.iter().map(|m| (m.resident_id.0, relation(m.relation))).collect();
        let split = Split { fields: write.household.clone().into(), members };
        let household = app::split(conn, &keys, (id, version), split, (now, write.on.0))?;
        let location = format!("/api/v1/households/{}", household.id);
        Outcome::created(location, Some(household.version), &Household::from(household))
    })
    .await
}

/// The household that joins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeWrite {
    /// All its members join, with its care duties; it stays as history.
    pub household_id: Id,
    pub on: Day,
}

/// Merge another household into this one
#[utoipa::path(operation_id = "merge_household", tag = "households", params(ById, ("If-Match" = String, Header)), request_body = MergeWrite, responses((status = 200, description = "This household.", body = Household)))]
#[post("/households/{id}/merges")]
pub async fn merge_household(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    body: Json<MergeWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, now, by, write) = (path.0.id.0, service.db.keys().clone(), service.now(), service.by(), body.value);
    once.run(&service, &body.raw, move |conn| {
        let version = household_version(conn, id)?;
        seen.0.check(version)?;
        let household = app::merge(conn, &keys, (id, version), write.household_id.0, (now, write.on.0), by)?;
        Outcome::ok(Some(household.version), &Household::from(household))
    })
    .await
}
