//! The one list of operations. The server's routes and the OpenAPI document are both made from it.
//!
//! `utoipa` sees only handlers registered with `.service(..)`: `.route(..)` would answer without being documented. A test
//! calls every documented path and looks for the others.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs;
use super::error::{ApiError, ErrorCode, Problem};
use super::health::{self, Document};

/// Registers every operation.
pub fn list(config: &mut ServiceConfig<'_>) {
    config.service(health::healthz).service(health::readyz).service(health::metrics).service(health::openapi);
    config.service(utoipa_actix_web::scope("/api/v1").configure(resources));
}

fn resources(config: &mut ServiceConfig<'_>) {
    let _ = config;
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> OpenApi {
    let (_, mut api) = actix_web::App::new().into_utoipa_app().openapi(docs::head()).configure(list).split_for_parts();
    let components = api.components.get_or_insert_default();
    for (name, schema) in docs::shared_schemas::<Problem>() {
        components.schemas.insert(name, schema);
    }
    docs::complete(&mut api);
    api
}

/// The document as it is served and committed: indented, in a fixed order, with a line feed at the end.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn document_json() -> serde_json::Result<String> {
    // Through `Value`, whose keys are sorted: the order of registration does not show.
    let value = serde_json::to_value(document())?;
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// What all workers of a server share about the list.
#[derive(Clone)]
pub struct Published {
    pub methods: web::Data<Methods>,
    pub document: web::Data<Document>,
}

/// Methods of each path pattern.
pub struct Methods(BTreeMap<String, Vec<&'static str>>);

impl Published {
    /// # Errors
    /// If the document cannot be written as JSON.
    pub fn new() -> serde_json::Result<Self> {
        let methods = web::Data::new(Methods(docs::methods(&document())));
        let document = web::Data::new(Document(Bytes::from(document_json()?)));
        Ok(Self { methods, document })
    }
}

/// Answers whatever no handler took: 405 with `Allow` where the path has other methods, else 404.
///
/// # Errors
/// Always.
pub async fn fallback(req: HttpRequest, methods: web::Data<Methods>) -> Result<HttpResponse, ApiError> {
    let known = req.match_pattern().and_then(|pattern| methods.0.get(&pattern).cloned());
    match known {
        Some(methods) => {
            let allow = Some(methods.join(", "));
            Err(ApiError { code: ErrorCode::MethodNotAllowed, errors: Vec::new(), allow })
        }
        None => Err(ApiError::new(ErrorCode::of_status(StatusCode::NOT_FOUND))),
    }
}
