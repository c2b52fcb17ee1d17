//! `/skills`, their aliases, and `/unmapped-names`: the vocabulary people keep.

use actix_web::{HttpResponse, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Items, Page, page, window};
use super::scalars::{Code, Cursor, Id, Limit, Line};
use super::state::State;
use crate::app::skills::{self as app, SkillFields};

/// What is said of a skill.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillWrite {
    /// Unique.
    pub code: Code,
    /// The trade it belongs to.
    pub category: Code,
    /// Chinese name; it becomes the first alias.
    pub name_zh: Line,
    pub name_en: Line,
    /// Code in an official classification of occupations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation_code: Option<Code>,
}

merge_patch!(SkillPatch, SkillWrite);

/// A skill.
#[derive(Debug, Serialize, ToSchema)]
pub struct Skill {
    pub id: Id,
    pub code: Code,
    pub category: Code,
    pub name_zh: Line,
    pub name_en: Line,
    pub occupation_code: Option<Code>,
}

/// Another name of a skill.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alias {
    pub id: Id,
    pub alias: Line,
}

/// A new name for a skill.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AliasWrite {
    /// Means this skill from now on, wherever it was written before too.
    pub alias: Line,
}

/// A name from ledgers and postings that no skill has.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnmappedName {
    pub id: Id,
    pub name: Line,
    /// How often it was written.
    #[schema(example = 7)]
    pub times_seen: i64,
    pub first_seen_at: DateTime<Utc>,
}

/// What a name means.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingWrite {
    pub skill_id: Id,
}

impl From<SkillFields> for SkillWrite {
    fn from(fields: SkillFields) -> Self {
        Self {
            code: Code(fields.code),
            category: Code(fields.category),
            name_zh: Line(fields.name_zh),
            name_en: Line(fields.name_en),
            occupation_code: fields.occupation_code.map(Code),
        }
    }
}

impl From<SkillWrite> for SkillFields {
    fn from(write: SkillWrite) -> Self {
        Self {
            code: write.code.0,
            category: write.category.0,
            name_zh: write.name_zh.0,
            name_en: write.name_en.0,
            occupation_code: write.occupation_code.map(|code| code.0),
        }
    }
}

impl From<app::Skill> for Skill {
    fn from(skill: app::Skill) -> Self {
        let SkillWrite { code, category, name_zh, name_en, occupation_code } = skill.fields.into();
        Self { id: Id(skill.id), code, category, name_zh, name_en, occupation_code }
    }
}

impl From<app::Alias> for Alias {
    fn from(alias: app::Alias) -> Self {
        Self { id: Id(alias.id), alias: Line(alias.alias) }
    }
}

/// Which skills.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SkillQuery {
    /// Skills of this trade only.
    pub category: Option<Code>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List skills
#[utoipa::path(operation_id = "list_skills", tag = "skills", params(SkillQuery), responses((status = 200, description = "A page of skills.", body = Page<Skill>)))]
#[get("/skills")]
pub async fn list_skills(service: State, query: Query<SkillQuery>) -> Result<HttpResponse, ApiError> {
    let category = query.0.category.map(|category| category.0);
    let list = format!("skills?{category:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, category.as_deref(), rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Skill::from)))
}

/// Read a skill
#[utoipa::path(operation_id = "get_skill", tag = "skills", params(ById), responses((status = 200, description = "The skill.", body = Skill)))]
#[get("/skills/{id}")]
pub async fn get_skill(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let skill = service.read(move |conn| app::get(conn, path.0.id.0)).await?;
    Ok(shown(skill.version, &Skill::from(skill)))
}

/// Add a skill
#[utoipa::path(operation_id = "create_skill", tag = "skills", request_body = SkillWrite, responses((status = 201, description = "The new skill.", body = Skill)))]
#[post("/skills")]
pub async fn create_skill(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<SkillWrite>,
) -> Result<HttpResponse, ApiError> {
    let fields = SkillFields::from(body.value);
    once.run(&service, &body.raw, move |conn| {
        let skill = app::create(conn, &fields)?;
        Outcome::created(format!("/api/v1/skills/{}", skill.id), Some(skill.version), &Skill::from(skill))
    })
    .await
}

/// Change a skill
#[utoipa::path(operation_id = "update_skill", tag = "skills", params(ById), request_body = SkillPatch, responses((status = 200, description = "The skill.", body = Skill)))]
#[patch("/skills/{id}")]
pub async fn update_skill(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<SkillPatch>,
) -> Result<HttpResponse, ApiError> {
    let skill = service
        .write(move |conn| {
            let old = app::get(conn, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let write = body.value.0.apply(&old.fields.into())?;
            app::update(conn, old.id, old.version, &write.into())
        })
        .await?;
    Ok(shown(skill.version, &Skill::from(skill)))
}

/// List the names of a skill
#[utoipa::path(operation_id = "list_skill_aliases", tag = "skills", params(ById), responses((status = 200, description = "All names, oldest first.", body = Items<Alias>)))]
#[get("/skills/{id}/aliases")]
pub async fn list_skill_aliases(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let found = service.read(move |conn| app::aliases(conn, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, Alias::from)))
}

/// Give a skill another name
#[utoipa::path(operation_id = "add_skill_alias", tag = "skills", params(ById), request_body = AliasWrite, responses((status = 201, description = "The new name.", body = Alias)))]
#[post("/skills/{id}/aliases")]
pub async fn add_skill_alias(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<AliasWrite>,
) -> Result<HttpResponse, ApiError> {
    let (skill, alias) = (path.0.id.0, body.value.alias.0);
    once.run(&service, &body.raw, move |conn| {
        let alias = app::add_alias(conn, skill, &alias)?;
        Outcome::created(format!("/api/v1/skills/{skill}/aliases"), None, &Alias::from(alias))
    })
    .await
}

/// Part of the queue.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnmappedQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List names nobody has mapped
#[utoipa::path(operation_id = "list_unmapped_names", tag = "skills", params(UnmappedQuery), responses((status = 200, description = "A page of names.", body = Page<UnmappedName>)))]
#[get("/unmapped-names")]
pub async fn list_unmapped_names(service: State, query: Query<UnmappedQuery>) -> Result<HttpResponse, ApiError> {
    let list = "unmapped-names";
    let rows = window(&service, list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::unmapped_page(conn, rows)).await?;
    let show = |name: app::UnmappedName| UnmappedName {
        id: Id(name.id),
        name: Line(name.name),
        times_seen: name.times_seen,
        first_seen_at: name.first_seen_at.and_utc(),
    };
    Ok(HttpResponse::Ok().json(page(&service, list, rows, found, |row| row.id, show)))
}

/// Say which skill a name means
///
/// The name becomes an alias of the skill and leaves the queue; skills recorded under it are mapped.
#[utoipa::path(operation_id = "map_unmapped_name", tag = "skills", params(ById), request_body = MappingWrite, responses((status = 201, description = "The new alias.", body = Alias)))]
#[post("/unmapped-names/{id}/mapping")]
pub async fn map_unmapped_name(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<MappingWrite>,
) -> Result<HttpResponse, ApiError> {
    let (name, skill) = (path.0.id.0, body.value.skill_id.0);
    once.run(&service, &body.raw, move |conn| {
        let alias = app::map_name(conn, name, skill)?;
        Outcome::created(format!("/api/v1/skills/{skill}/aliases"), None, &Alias::from(alias))
    })
    .await
}
