//! Extractors: bodies, queries, path ids and preconditions, read strictly and within limits.
//!
//! They bear the names of actix's own so that the OpenAPI document is made from the same arguments. Every refusal is an
//! [`ApiError`]; nothing answers in another form.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse};
use futures_util::StreamExt;
use futures_util::future::{LocalBoxFuture, Ready, ready};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::access::Doing;
use super::error::{ApiError, ErrorCode};
use super::json;
use super::scalars::Id;
use crate::app::error::{Expected, FieldCode};

/// Largest JSON body, bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// How long a body may take, whatever its size: one byte a second is cut here (reliability M7). Set per server so that a
/// test need not wait.
#[derive(Clone, Copy, Debug)]
pub struct BodyDeadline(pub Duration);

impl Default for BodyDeadline {
    fn default() -> Self {
        Self(Duration::from_secs(25))
    }
}

/// A JSON body and its bytes.
pub struct Json<T> {
    pub value: T,
    pub raw: Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let payload = payload.take();
        Box::pin(async move {
            if !is_json(&req) {
                return Err(ErrorCode::UnsupportedMedia.into());
            }
            let raw = read_body(&req, payload, BODY_LIMIT).await?;
            let body = json::parse(&raw)?;
            if let Some(doing) = req.extensions().get::<Arc<Doing>>() {
                doing.said(&body);
            }
            let value = json::typed(body)?;
            Ok(Self { value, raw })
        })
    }
}

/// `application/json` or a merge patch, in UTF-8, not encoded further.
fn is_json(req: &HttpRequest) -> bool {
    let headers = req.headers();
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    let Some(content_type) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let json = ["application/json", "application/merge-patch+json"].iter().any(|t| t.eq_ignore_ascii_case(essence));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    plain && json && utf8
}

/// Reads a whole body.
///
/// # Errors
/// 413 over `limit`, 408 past the deadline, 400 if the connection breaks off.
pub async fn read_body(req: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Bytes, ApiError> {
    let announced = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(ErrorCode::TooLarge.into());
    }
    let deadline = req.app_data::<BodyDeadline>().copied().unwrap_or_default();
    let read = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| ApiError::new(ErrorCode::Malformed))?;
            if body.len() + chunk.len() > limit {
                return Err(ErrorCode::TooLarge.into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    match actix_web::rt::time::timeout(deadline.0, read).await {
        Ok(body) => body,
        Err(_) => Err(ErrorCode::BodyTimeout.into()),
    }
}

/// The body of an action that takes none.
pub struct NoBody;

impl FromRequest for NoBody {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let payload = payload.take();
        Box::pin(async move {
            match read_body(&req, payload, 0).await {
                Ok(_) => Ok(Self),
                Err(error) if error.code == ErrorCode::TooLarge => Err(ApiError::field("", FieldCode::Unknown)),
                Err(error) => Err(error),
            }
        })
    }
}

/// Query parameters; every field of `T` reads itself from a string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(req.query_string()).map(Self))
    }
}

/// Reads a query string.
///
/// # Errors
/// 422 for an unknown, repeated, missing or bad parameter; the pointer is `?name`.
pub fn query<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| ApiError::new(ErrorCode::Malformed))?
        .into_inner();
    let mut values = Map::new();
    for (name, value) in pairs {
        if values.contains_key(&name) {
            return Err(ApiError::field(format!("?{name}"), FieldCode::Repeated));
        }
        values.insert(name, Value::String(value));
    }
    json::typed(Value::Object(values)).map_err(|error| {
        let mut error = ApiError::from(error);
        for field in &mut error.errors {
            field.pointer = format!("?{}", field.pointer.trim_start_matches('/'));
        }
        error
    })
}

/// A request that takes no query parameters.
pub struct NoQuery;

impl FromRequest for NoQuery {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        ready(query::<Nothing>(req.query_string()).map(|_| Self))
    }
}

/// Path ids. An id that cannot be one is answered like one that does not exist.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(match actix_web::web::Path::<T>::from_request(req, payload).into_inner() {
            Ok(path) => Ok(Self(path.into_inner())),
            Err(_) => Err(ErrorCode::NotFound.into()),
        })
    }
}

/// `{id}` in a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ById {
    /// Id of the record.
    pub id: Id,
}

/// The version the caller read: `If-Match`, required on every update.
pub struct IfMatch(pub Expected);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = req.headers().get_all(header::IF_MATCH).peekable();
        if values.peek().is_none() {
            return ready(Err(ErrorCode::IfMatchMissing.into()));
        }
        let mut versions = Vec::new();
        for tag in values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
            if tag.trim() == "*" {
                return ready(Ok(Self(Expected::Any)));
            }
            // A weak or foreign tag never matches (RFC 9110 §13.1.1): it is left out, so that nothing matches.
            versions.extend(version_of(tag.trim()));
        }
        ready(Ok(Self(Expected::OneOf(versions))))
    }
}

/// The entity tag of a version.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

fn version_of(tag: &str) -> Option<i64> {
    tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok()
}

/// 200 with a record and its entity tag.
#[must_use]
pub fn shown(version: i64, body: &impl serde::Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, etag(version))).json(body)
}

/// How many entries a list of a body may have.
///
/// # Errors
/// 422 outside of `allowed`.
pub fn check_count(count: usize, allowed: RangeInclusive<usize>, pointer: &str) -> Result<(), ApiError> {
    match count {
        count if allowed.contains(&count) => Ok(()),
        0 => Err(ApiError::field(pointer, FieldCode::Empty)),
        _ => Err(ApiError::field(pointer, FieldCode::TooMany)),
    }
}
