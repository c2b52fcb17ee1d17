//! What a resident can do, wants and rules out: lists under the resident's entity tag, replaced as a whole.

use actix_web::{HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, check_count, shown};
use super::scalars::{Day, HourSpan, Id, Line, Months, RuledOut, SkillLevel, WishKind, show_spans, spans};
use super::state::State;
use crate::app::resident_lists as app;
use crate::app::{Record, resident_version};

/// A skill of a resident.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldSkill {
    /// As people write it.
    pub name: Line,
    pub level: SkillLevel,
    /// Experience.
    #[serde(default)]
    pub months: Option<Months>,
}

/// A skill of a resident with what it means.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownSkill {
    pub name: Line,
    pub level: SkillLevel,
    /// Experience.
    pub months: Option<Months>,
    /// Skill of the vocabulary; null until the name is mapped.
    pub skill_id: Option<Id>,
    /// Courses the person passed that show it, oldest first. They stay when the list is replaced.
    pub evidence: Vec<SkillEvidence>,
}

/// What shows a skill.
#[derive(Debug, Serialize, ToSchema)]
pub struct SkillEvidence {
    pub course_id: Id,
    /// The course.
    pub course: Line,
    pub provider: Option<Line>,
    pub level: SkillLevel,
    /// Day on which it was passed.
    pub shown_on: Day,
}

/// All skills of a resident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillsWrite {
    #[schema(max_items = 100)]
    pub items: Vec<HeldSkill>,
}

/// All skills of a resident with what they mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct Skills {
    pub items: Vec<KnownSkill>,
}

fn show_skills(list: Record<Vec<app::Skill>>) -> HttpResponse {
    let evidence = |shown: app::Shown| SkillEvidence {
        course_id: Id(shown.course_id),
        course: Line(shown.course),
        provider: shown.provider.map(Line),
        level: SkillLevel(shown.level),
        shown_on: Day(shown.shown_on),
    };
    let show = |skill: app::Skill| KnownSkill {
        name: Line(skill.name),
        level: SkillLevel(skill.level),
        months: skill.months.map(Months),
        skill_id: skill.skill_id.map(Id),
        evidence: skill.evidence.into_iter().map(evidence).collect(),
    };
    shown(list.version, &Skills { items: list.fields.into_iter().map(show).collect() })
}

/// Read the skills of a resident
#[utoipa::path(operation_id = "get_resident_skills", tag = "residents", params(ById), responses((status = 200, description = "All skills.", body = Skills)))]
#[get("/residents/{id}/skills")]
pub async fn get_resident_skills(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    Ok(show_skills(service.read(move |conn| app::skills(conn, path.0.id.0)).await?))
}

/// Replace the skills of a resident
///
/// A name nobody has mapped goes to `/unmapped-names`.
#[utoipa::path(operation_id = "replace_resident_skills", tag = "residents", params(ById), request_body = SkillsWrite, responses((status = 200, description = "All skills.", body = Skills)))]
#[put("/residents/{id}/skills")]
pub async fn replace_resident_skills(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<SkillsWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, items) = (path.0.id.0, service.now(), body.value.items);
    check_count(items.len(), 0..=100, "/items")?;
    let read = |skill: HeldSkill| app::Skill {
        name: skill.name.0,
        skill_id: None,
        level: skill.level.0,
        months: skill.months.map(|months| months.0),
        evidence: Vec::new(),
    };
    let list: Vec<app::Skill> = items.into_iter().map(read).collect();
    let list = service
        .write(move |conn| {
            let version = resident_version(conn, id)?;
            seen.0.check(version)?;
            app::replace_skills(conn, (id, version), list.clone(), now)
        })
        .await?;
    Ok(show_skills(list))
}

/// A certificate or licence.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub name: Line,
    /// Last valid day; null = does not expire.
    #[serde(default)]
    pub valid_until: Option<Day>,
}

/// All certificates of a resident.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    #[schema(max_items = 100)]
    pub items: Vec<Certificate>,
}

fn show_certificates(list: Record<Vec<app::Certificate>>) -> HttpResponse {
    let show = |certificate: app::Certificate| Certificate {
        name: Line(certificate.name),
        valid_until: certificate.valid_until.map(Day),
    };
    shown(list.version, &Certificates { items: list.fields.into_iter().map(show).collect() })
}

/// Read the certificates of a resident
#[utoipa::path(operation_id = "get_resident_certificates", tag = "residents", params(ById), responses((status = 200, description = "All certificates.", body = Certificates)))]
#[get("/residents/{id}/certificates")]
pub async fn get_resident_certificates(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    Ok(show_certificates(service.read(move |conn| app::certificates(conn, path.0.id.0)).await?))
}

/// Replace the certificates of a resident
#[utoipa::path(operation_id = "replace_resident_certificates", tag = "residents", params(ById), request_body = Certificates, responses((status = 200, description = "All certificates.", body = Certificates)))]
#[put("/residents/{id}/certificates")]
pub async fn replace_resident_certificates(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<Certificates>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, items) = (path.0.id.0, service.now(), body.value.items);
    check_count(items.len(), 0..=100, "/items")?;
    let read = |certificate: Certificate| app::Certificate {
        name: certificate.name.0,
        valid_until: certificate.valid_until.map(|day| day.0),
    };
    let list: Vec<app::Certificate> = items.into_iter().map(read).collect();
    let list = service
        .write(move |conn| {
            let version = resident_version(conn, id)?;
            seen.0.check(version)?;
            app::replace_certificates(conn, (id, version), list.clone(), now)
        })
        .await?;
    Ok(show_certificates(list))
}

/// Hours of the week in which a resident cannot work.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnavailableHours {
    #[schema(max_items = 50)]
    pub items: Vec<HourSpan>,
}

/// Read the hours in which a resident cannot work
#[utoipa::path(operation_id = "get_unavailable_hours", tag = "residents", params(ById), responses((status = 200, description = "All hours.", body = UnavailableHours)))]
#[get("/residents/{id}/unavailable-hours")]
pub async fn get_unavailable_hours(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let list = service.read(move |conn| app::unavailable_hours(conn, path.0.id.0)).await?;
    Ok(shown(list.version, &UnavailableHours { items: show_spans(&list.fields) }))
}

/// Replace the hours in which a resident cannot work
#[utoipa::path(operation_id = "replace_unavailable_hours", tag = "residents", params(ById), request_body = UnavailableHours, responses((status = 200, description = "All hours.", body = UnavailableHours)))]
#[put("/residents/{id}/unavailable-hours")]
pub async fn replace_unavailable_hours(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<UnavailableHours>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, items) = (path.0.id.0, service.now(), body.value.items);
    check_count(items.len(), 0..=50, "/items")?;
    let list = spans(&items, "/items")?;
    let list = service
        .write(move |conn| {
            let version = resident_version(conn, id)?;
            seen.0.check(version)?;
            app::replace_unavailable_hours(conn, (id, version), &list, now)
        })
        .await?;
    Ok(shown(list.version, &UnavailableHours { items: show_spans(&list.fields) }))
}

/// A wish.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    pub kind: WishKind,
    /// A code of its list for `channel`, `region` and `shift`, else a name.
    pub value: Line,
}

/// All wishes of a resident.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    #[schema(max_items = 100)]
    pub items: Vec<Wish>,
}

fn show_wishes(list: Record<Vec<app::Wish>>) -> HttpResponse {
    let show = |wish: app::Wish| Wish { kind: WishKind(wish.kind), value: Line(wish.value) };
    shown(list.version, &Wishes { items: list.fields.into_iter().map(show).collect() })
}

/// Read the wishes of a resident
#[utoipa::path(operation_id = "get_wishes", tag = "residents", params(ById), responses((status = 200, description = "All wishes.", body = Wishes)))]
#[get("/residents/{id}/wishes")]
pub async fn get_wishes(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    Ok(show_wishes(service.read(move |conn| app::wishes(conn, path.0.id.0)).await?))
}

/// Replace the wishes of a resident
#[utoipa::path(operation_id = "replace_wishes", tag = "residents", params(ById), request_body = Wishes, responses((status = 200, description = "All wishes.", body = Wishes)))]
#[put("/residents/{id}/wishes")]
pub async fn replace_wishes(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<Wishes>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, items) = (path.0.id.0, service.now(), body.value.items);
    check_count(items.len(), 0..=100, "/items")?;
    let read = |wish: Wish| app::Wish { kind: wish.kind.0, value: wish.value.0 };
    let list: Vec<app::Wish> = items.into_iter().map(read).collect();
    let list = service
        .write(move |conn| {
            let version = resident_version(conn, id)?;
            seen.0.check(version)?;
            app::replace_wishes(conn, (id, version), list.clone(), now)
        })
        .await?;
    Ok(show_wishes(list))
}

/// Conditions a resident ruled out; no reason is kept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuledOutConditions {
    #[schema(max_items = 10)]
    pub items: Vec<RuledOut>,
}

fn show_ruled_out(list: Record<Vec<crate::domain::codes::RuledOut>>) -> HttpResponse {
    shown(list.version, &RuledOutConditions { items: list.fields.into_iter().map(RuledOut).collect() })
}

/// Read the conditions a resident ruled out
#[utoipa::path(operation_id = "get_ruled_out_conditions", tag = "residents", params(ById), responses((status = 200, description = "All conditions.", body = RuledOutConditions)))]
#[get("/residents/{id}/ruled-out-conditions")]
pub async fn get_ruled_out_conditions(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    Ok(show_ruled_out(service.read(move |conn| app::ruled_out(conn, path.0.id.0)).await?))
}

/// Replace the conditions a resident ruled out
#[utoipa::path(operation_id = "replace_ruled_out_conditions", tag = "residents", params(ById), request_body = RuledOutConditions, responses((status = 200, description = "All conditions.", body = RuledOutConditions)))]
#[put("/residents/{id}/ruled-out-conditions")]
pub async fn replace_ruled_out_conditions(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<RuledOutConditions>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, items) = (path.0.id.0, service.now(), body.value.items);
    check_count(items.len(), 0..=10, "/items")?;
    let list: Vec<_> = items.into_iter().map(|kind| kind.0).collect();
    let list = service
        .write(move |conn| {
            let version = resident_version(conn, id)?;
            seen.0.check(version)?;
            app::replace_ruled_out(conn, (id, version), &list, now)
        })
        .await?;
    Ok(show_ruled_out(list))
}
