//! Is it alive, can it work, how much does it do, and what can it be asked?

use actix_web::http::header;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, ErrorCode};
use super::extract::NoQuery;
use super::state::State;
use crate::app::error::AppError;
use crate::telemetry;

/// That the service answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceHealth {
    /// Always `ok`; anything else is an error status.
    #[schema(example = "ok")]
    pub status: String,
    /// Version of the program.
    #[schema(example = "0.1.0")]
    pub version: String,
}

impl ServiceHealth {
    fn ok() -> Self {
        Self { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The process answers
///
/// Does not touch the database.
#[utoipa::path(operation_id = "get_health", tag = "service", responses((status = 200, description = "Alive.", body = ServiceHealth)))]
#[get("/healthz")]
pub async fn healthz(_: NoQuery) -> HttpResponse {
    HttpResponse::Ok().json(ServiceHealth::ok())
}

/// The process can work
///
/// Asks the database; 503 while it cannot be reached.
#[utoipa::path(operation_id = "get_readiness", tag = "service", responses((status = 200, description = "Ready.", body = ServiceHealth)))]
#[get("/readyz")]
pub async fn readyz(service: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let db = service.db.clone();
    // Whatever the reason, a database that does not answer means "not ready", not "broken".
    let answered = service.run(move || db.ping().map_err(AppError::from)).await;
    answered.map_err(|_| ApiError::new(ErrorCode::Unavailable))?;
    Ok(HttpResponse::Ok().json(ServiceHealth::ok()))
}

/// Metrics
///
/// Prometheus text format; routes are named by their pattern, nothing personal is in it.
#[utoipa::path(operation_id = "get_metrics", tag = "service", responses((status = 200, description = "Metrics.", body = String, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn metrics(_: NoQuery) -> Result<HttpResponse, ApiError> {
    let metrics = telemetry::metrics_handle().map_err(|error| {
        tracing::error!(%error, "metrics");
        ApiError::new(ErrorCode::Internal)
    })?;
    Ok(HttpResponse::Ok().content_type(telemetry::Metrics::CONTENT_TYPE).body(metrics.render()))
}

/// The OpenAPI document, made once per process.
#[derive(Clone)]
pub struct Document(pub actix_web::web::Bytes);

/// This document
#[utoipa::path(operation_id = "get_openapi", tag = "service", responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value, content_type = "application/json")))]
#[get("/openapi.json")]
pub async fn openapi(document: actix_web::web::Data<Document>, _: NoQuery) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("application/json")
        .body(document.0.clone())
}
