//! `/employers`: park tenants, companies elsewhere, public-welfare units.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{CreditCode, Cursor, Day, EmployerKind, Id, Limit, Line};
use super::state::State;
use crate::app::employers::{self as app, EmployerFields, EmployerFilter};

/// What is said of an employer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployerWrite {
    /// Unique.
    pub name: Line,
    /// Unique; checked by its check character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<CreditCode>,
    pub kind: EmployerKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Line>,
    /// Last day of a park tenancy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_until: Option<Day>,
}

merge_patch!(EmployerPatch, EmployerWrite);

/// An employer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Employer {
    pub id: Id,
    pub name: Line,
    pub credit_code: Option<CreditCode>,
    pub kind: EmployerKind,
    pub industry: Option<Line>,
    pub address: Option<Line>,
    /// Last day of a park tenancy.
    pub tenant_until: Option<Day>,
}

impl From<EmployerFields> for EmployerWrite {
    fn from(fields: EmployerFields) -> Self {
        Self {
            name: Line(fields.name),
            credit_code: fields.credit_code.map(CreditCode),
            kind: EmployerKind(fields.kind),
            industry: fields.industry.map(Line),
            address: fields.address.map(Line),
            tenant_until: fields.tenant_until.map(Day),
        }
    }
}

impl From<EmployerWrite> for EmployerFields {
    fn from(write: EmployerWrite) -> Self {
        Self {
            name: write.name.0,
            credit_code: write.credit_code.map(|code| code.0),
            kind: write.kind.0,
            industry: write.industry.map(|line| line.0),
            address: write.address.map(|line| line.0),
            tenant_until: write.tenant_until.map(|day| day.0),
        }
    }
}

impl From<app::Employer> for Employer {
    fn from(employer: app::Employer) -> Self {
        let EmployerWrite { name, credit_code, kind, industry, address, tenant_until } = employer.fields.into();
        Self { id: Id(employer.id), name, credit_code, kind, industry, address, tenant_until }
    }
}

/// Which employers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EmployerQuery {
    pub kind: Option<EmployerKind>,
    /// Part of the name.
    pub name: Option<Line>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List employers
#[utoipa::path(operation_id = "list_employers", tag = "employers", params(EmployerQuery), responses((status = 200, description = "A page of employers.", body = Page<Employer>)))]
#[get("/employers")]
pub async fn list_employers(service: State, query: Query<EmployerQuery>) -> Result<HttpResponse, ApiError> {
    let filter = EmployerFilter {
        kind: query.0.kind.map(|kind| kind.0),
        name: query.0.name.map(|name| name.0),
        among: service.reach().employers().map(<[i64]>::to_vec),
    };
    let list = format!("employers?{filter:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &filter, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Employer::from)))
}

/// Read an employer
#[utoipa::path(operation_id = "get_employer", tag = "employers", params(ById), responses((status = 200, description = "The employer.", body = Employer)))]
#[get("/employers/{id}")]
pub async fn get_employer(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let employer = service.read(move |conn| app::get(conn, path.0.id.0)).await?;
    Ok(shown(employer.version, &Employer::from(employer)))
}

/// Add an employer
#[utoipa::path(operation_id = "create_employer", tag = "employers", request_body = EmployerWrite, responses((status = 201, description = "The new employer.", body = Employer)))]
#[post("/employers")]
pub async fn create_employer(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<EmployerWrite>,
) -> Result<HttpResponse, ApiError> {
    let (write, now) = (body.value, service.now());
    once.run(&service, &body.raw, move |conn| {
        let employer = app::create(conn, write.clone().into(), now)?;
        Outcome::created(
            format!("/api/v1/employers/{}", employer.id),
            Some(employer.version),
            &Employer::from(employer),
        )
    })
    .await
}

/// Change an employer
#[utoipa::path(operation_id = "update_employer", tag = "employers", params(ById), request_body = EmployerPatch, responses((status = 200, description = "The employer.", body = Employer)))]
#[patch("/employers/{id}")]
pub async fn update_employer(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<EmployerPatch>,
) -> Result<HttpResponse, ApiError> {
    let now = service.now();
    let employer = service
        .write(move |conn| {
            let old = app::get(conn, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let write = body.value.0.apply(&old.fields.into())?;
            app::update(conn, old.id, old.version, write.into(), now)
        })
        .await?;
    Ok(shown(employer.version, &Employer::from(employer)))
}
