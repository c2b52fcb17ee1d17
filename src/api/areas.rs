//! `/communities`, `/grids`, `/buildings`: the area tree, one resource a level.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::json::{MergePatch, merge_patch};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Id, Limit, Line, Minutes};
use super::state::State;
use crate::app::areas::{self as app, Area, AreaFields};
use crate::domain::codes::AreaKind;

/// A community (社区).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommunityWrite {
    /// Unique.
    pub name: Line,
}

/// A community with its id.
#[derive(Debug, Serialize, ToSchema)]
pub struct Community {
    pub id: Id,
    pub name: Line,
}

/// A grid (网格) of a community.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GridWrite {
    pub community_id: Id,
    /// Unique in its community.
    pub name: Line,
}

/// A grid with its id.
#[derive(Debug, Serialize, ToSchema)]
pub struct Grid {
    pub id: Id,
    pub community_id: Id,
    pub name: Line,
}

/// A building (楼栋) of a grid.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildingWrite {
    pub grid_id: Id,
    /// Unique in its grid.
    pub name: Line,
    /// Minutes on foot to the micro-factory park.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_to_park: Option<Minutes>,
}

/// A building with its id.
#[derive(Debug, Serialize, ToSchema)]
pub struct Building {
    pub id: Id,
    pub grid_id: Id,
    pub name: Line,
    /// Minutes on foot to the micro-factory park; null = not known.
    pub minutes_to_park: Option<Minutes>,
}

merge_patch!(CommunityPatch, CommunityWrite);
merge_patch!(GridPatch, GridWrite);
merge_patch!(BuildingPatch, BuildingWrite);

/// How a level of the tree is written and shown.
trait Level: Serialize + Sized {
    const KIND: AreaKind;
    const PATH: &'static str;
    type Write: Serialize + serde::de::DeserializeOwned + Send + Sync + 'static;
    fn write(area: &Area) -> Self::Write;
    fn fields(write: Self::Write) -> AreaFields;
    fn show(area: Area) -> Self;
}

fn parent(area: &Area) -> Id {
    // The CHECK constraint of the table gives every grid and building a parent.
    Id(area.fields.parent_id.unwrap_or_default())
}

impl Level for Community {
    const KIND: AreaKind = AreaKind::Community;
    const PATH: &'static str = "communities";
    type Write = CommunityWrite;

    fn write(area: &Area) -> CommunityWrite {
        CommunityWrite { name: Line(area.fields.name.clone()) }
    }

    fn fields(write: CommunityWrite) -> AreaFields {
        AreaFields { parent_id: None, kind: Self::KIND, name: write.name.0, minutes_to_park: None }
    }

    fn show(area: Area) -> Self {
        Self { id: Id(area.id), name: Line(area.fields.name) }
    }
}

impl Level for Grid {
    const KIND: AreaKind = AreaKind::Grid;
    const PATH: &'static str = "grids";
    type Write = GridWrite;

    fn write(area: &Area) -> GridWrite {
        GridWrite { community_id: parent(area), name: Line(area.fields.name.clone()) }
    }

    fn fields(write: GridWrite) -> AreaFields {
        let parent_id = Some(write.community_id.0);
        AreaFields { parent_id, kind: Self::KIND, name: write.name.0, minutes_to_park: None }
    }

    fn show(area: Area) -> Self {
        Self { id: Id(area.id), community_id: parent(&area), name: Line(area.fields.name) }
    }
}

impl Level for Building {
    const KIND: AreaKind = AreaKind::Building;
    const PATH: &'static str = "buildings";
    type Write = BuildingWrite;

    fn write(area: &Area) -> BuildingWrite {
        let minutes_to_park = area.fields.minutes_to_park.map(Minutes);
        BuildingWrite { grid_id: parent(area), name: Line(area.fields.name.clone()), minutes_to_park }
    }

    fn fields(write: BuildingWrite) -> AreaFields {
        let minutes_to_park = write.minutes_to_park.map(|minutes| minutes.0);
        AreaFields { parent_id: Some(write.grid_id.0), kind: Self::KIND, name: write.name.0, minutes_to_park }
    }

    fn show(area: Area) -> Self {
        let minutes_to_park = area.fields.minutes_to_park.map(Minutes);
        Self { id: Id(area.id), grid_id: parent(&area), name: Line(area.fields.name), minutes_to_park }
    }
}

async fn list<L: Level>(
    service: &State,
    parent: Option<Id>,
    limit: Option<Limit>,
    cursor: Option<&Cursor>,
) -> Result<HttpResponse, ApiError> {
    let parent = parent.map(|id| id.0);
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let name = format!("{}?{parent:?}{within:?}", L::PATH);
    let rows = window(service, &name, limit, cursor)?;
    let found = service.read(move |conn| app::page(conn, L::KIND, parent, within, rows)).await?;
    Ok(HttpResponse::Ok().json(page(service, &name, rows, found, |area| area.id, L::show)))
}

async fn one<L: Level>(service: &State, id: Id) -> Result<HttpResponse, ApiError> {
    let area = service.read(move |conn| app::get(conn, L::KIND, id.0)).await?;
    Ok(shown(area.version, &L::show(area)))
}

async fn add<L: Level>(service: &State, once: Once, body: Json<L::Write>) -> Result<HttpResponse, ApiError> {
    let fields = L::fields(body.value);
    once.run(service, &body.raw, move |conn| {
        let area = app::create(conn, &fields)?;
        Outcome::created(format!("/api/v1/{}/{}", L::PATH, area.id), Some(area.version), &L::show(area))
    })
    .await
}

async fn change<L: Level>(
    service: &State,
    id: Id,
    seen: IfMatch,
    patch: MergePatch<L::Write>,
) -> Result<HttpResponse, ApiError> {
    let area = service
        .write(move |conn| {
            let area = app::get(conn, L::KIND, id.0)?;
            seen.0.check(area.version)?;
            if patch.is_empty() {
                return Ok(area);
            }
            let fields = L::fields(patch.apply(&L::write(&area))?);
            app::update(conn, id.0, area.version, &fields)
        })
        .await?;
    Ok(shown(area.version, &L::show(area)))
}

/// Part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommunityQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List communities
#[utoipa::path(operation_id = "list_communities", tag = "areas", params(CommunityQuery), responses((status = 200, description = "A page of communities.", body = Page<Community>)))]
#[get("/communities")]
pub async fn list_communities(service: State, query: Query<CommunityQuery>) -> Result<HttpResponse, ApiError> {
    list::<Community>(&service, None, query.0.limit, query.0.cursor.as_ref()).await
}

/// Read a community
#[utoipa::path(operation_id = "get_community", tag = "areas", params(ById), responses((status = 200, description = "The community.", body = Community)))]
#[get("/communities/{id}")]
pub async fn get_community(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    one::<Community>(&service, path.0.id).await
}

/// Add a community
#[utoipa::path(operation_id = "create_community", tag = "areas", request_body = CommunityWrite, responses((status = 201, description = "The new community.", body = Community)))]
#[post("/communities")]
pub async fn create_community(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<CommunityWrite>,
) -> Result<HttpResponse, ApiError> {
    add::<Community>(&service, once, body).await
}

/// Change a community
#[utoipa::path(operation_id = "update_community", tag = "areas", params(ById), request_body = CommunityPatch, responses((status = 200, description = "The community.", body = Community)))]
#[patch("/communities/{id}")]
pub async fn update_community(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<CommunityPatch>,
) -> Result<HttpResponse, ApiError> {
    change::<Community>(&service, path.0.id, seen, body.value.0).await
}

/// Part of a list of grids.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GridQuery {
    /// Grids of this community only.
    pub community_id: Option<Id>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List grids
#[utoipa::path(operation_id = "list_grids", tag = "areas", params(GridQuery), responses((status = 200, description = "A page of grids.", body = Page<Grid>)))]
#[get("/grids")]
pub async fn list_grids(service: State, query: Query<GridQuery>) -> Result<HttpResponse, ApiError> {
    list::<Grid>(&service, query.0.community_id, query.0.limit, query.0.cursor.as_ref()).await
}

/// Read a grid
#[utoipa::path(operation_id = "get_grid", tag = "areas", params(ById), responses((status = 200, description = "The grid.", body = Grid)))]
#[get("/grids/{id}")]
pub async fn get_grid(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    one::<Grid>(&service, path.0.id).await
}

/// Add a grid
#[utoipa::path(operation_id = "create_grid", tag = "areas", request_body = GridWrite, responses((status = 201, description = "The new grid.", body = Grid)))]
#[post("/grids")]
pub async fn create_grid(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<GridWrite>,
) -> Result<HttpResponse, ApiError> {
    add::<Grid>(&service, once, body).await
}

/// Change a grid
#[utoipa::path(operation_id = "update_grid", tag = "areas", params(ById), request_body = GridPatch, responses((status = 200, description = "The grid.", body = Grid)))]
#[patch("/grids/{id}")]
pub async fn update_grid(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<GridPatch>,
) -> Result<HttpResponse, ApiError> {
    change::<Grid>(&service, path.0.id, seen, body.value.0).await
}

/// Part of a list of buildings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BuildingQuery {
    /// Buildings of this grid only.
    pub grid_id: Option<Id>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List buildings
#[utoipa::path(operation_id = "list_buildings", tag = "areas", params(BuildingQuery), responses((status = 200, description = "A page of buildings.", body = Page<Building>)))]
#[get("/buildings")]
pub async fn list_buildings(service: State, query: Query<BuildingQuery>) -> Result<HttpResponse, ApiError> {
    list::<Building>(&service, query.0.grid_id, query.0.limit, query.0.cursor.as_ref()).await
}

/// Read a building
#[utoipa::path(operation_id = "get_building", tag = "areas", params(ById), responses((status = 200, description = "The building.", body = Building)))]
#[get("/buildings/{id}")]
pub async fn get_building(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    one::<Building>(&service, path.0.id).await
}

/// Add a building
#[utoipa::path(operation_id = "create_building", tag = "areas", request_body = BuildingWrite, responses((status = 201, description = "The new building.", body = Building)))]
#[post("/buildings")]
pub async fn create_building(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<BuildingWrite>,
) -> Result<HttpResponse, ApiError> {
    add::<Building>(&service, once, body).await
}

/// Change a building
#[utoipa::path(operation_id = "update_building", tag = "areas", params(ById), request_body = BuildingPatch, responses((status = 200, description = "The building.", body = Building)))]
#[patch("/buildings/{id}")]
pub async fn update_building(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<BuildingPatch>,
) -> Result<HttpResponse, ApiError> {
    change::<Building>(&service, path.0.id, seen, body.value.0).await
}
