//! What every request passes through: site check, panic fence, problem bodies, security headers.
//!
//! Invariant: whatever happens below, the answer is well formed, bears the request id and, from status 400 up, is a problem
//! document in the caller's language. [`crate::telemetry`] lies around it: it gives the id, logs and measures.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse, web};
use futures_util::FutureExt;
use tracing_actix_web::RequestId;

use super::error::{ApiError, ErrorCode, PROBLEM_JSON};
use super::ingress::Ingress;
use crate::domain::text::Lang;
use crate::pages::session::ClientAddress;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Swagger UI styles itself inline; nothing else may.
const DOCS_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The middleware, for `actix_web::middleware::from_fn`. Only the telemetry goes outside of it.
///
/// # Errors
/// A panic or an error of a part below leaves as an error that already holds the finished response.
pub async fn guard<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let request_id = req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let lang = lang(req.headers());
    let docs = req.path().starts_with("/docs");
    let method = req.method().clone();
    if method == Method::HEAD {
        // The connection remembers that the answer to a HEAD has no body; handlers need only know GET.
        req.head_mut().method = Method::GET;
    }
    let reach = req.app_data::<web::Data<Ingress>>().cloned().unwrap_or_else(|| web::Data::new(Ingress::default()));
    let peer = req.peer_addr().map(|peer| peer.ip());
    let encrypted = reach.is_encrypted(peer, req.headers());
    let client = ClientAddress(reach.client(peer, req.headers()));
    req.extensions_mut().insert(client);
    if let Err(error) = check_site(&reach, &method, req.headers()) {
        let mut response = error.render(lang, &request_id);
        finish(response.headers_mut(), docs, encrypted, &request_id);
        return Ok(req.into_response(response).map_into_right_body());
    }
    let failure = match AssertUnwindSafe(next.call(req)).catch_unwind().await {
        Ok(Ok(answer)) => {
            let mut answer = match problem_of(&answer, lang, &request_id) {
                Some(problem) => answer.into_response(problem).map_into_right_body(),
                None => answer.map_into_left_body(),
            };
            finish(answer.headers_mut(), docs, encrypted, &request_id);
            return Ok(answer);
        }
        Ok(Err(error)) => {
            let api = ApiError::new(ErrorCode::of_status(error.as_response_error().status_code()));
            error.as_error::<ApiError>().unwrap_or(&api).render(lang, &request_id)
        }
        Err(_) => {
            tracing::error!("panic in a handler");
            ApiError::new(ErrorCode::Internal).render(lang, &request_id)
        }
    };
    // The request is gone, so no `ServiceResponse` can be made of it: the finished response travels as an error.
    let mut failure = failure;
    finish(failure.headers_mut(), docs, encrypted, &request_id);
    Err(InternalError::from_response("answered by the guard", failure).into())
}

/// The problem document that replaces an error answer of a handler or of a part below. Pages answer people with pages.
fn problem_of<B>(answer: &ServiceResponse<B>, lang: Lang, request_id: &str) -> Option<HttpResponse> {
    let status = answer.status();
    if let Some(error) = answer.response().error().and_then(|error| error.as_error::<ApiError>()) {
        return Some(error.render(lang, request_id));
    }
    let done = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t == PROBLEM_JSON || t.as_bytes().starts_with(b"text/html"));
    let failed = status.is_client_error() || status.is_server_error();
    let allow = answer.headers().get(header::ALLOW).and_then(|value| value.to_str().ok()).map(str::to_owned);
    (failed && !done)
        .then(|| ApiError { allow, ..ApiError::new(ErrorCode::of_status(status)) }.render(lang, request_id))
}

/// The caller's language.
#[must_use]
pub fn lang(headers: &HeaderMap) -> Lang {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(Lang::accepted).unwrap_or_default()
}

/// Refuses what a foreign web page makes a browser send: a plain form post, which bears the user's cookie, or a request to
/// that page's own name after it was given our address.
fn check_site(reach: &Ingress, method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST);
    if !host.is_none_or(|host| reach.knows(host)) {
        return Err(ErrorCode::ForeignSite.into());
    }
    if method.is_safe() {
        return Ok(());
    }
    let fetch_site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN);
    let same_site = fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    // A browser that may name no referrer says "null" with the forms of our own pages; what it says of the site then counts.
    let unnamed = origin == Some("null") && fetch_site == Some("same-origin");
    let same_origin =
        unnamed || origin.is_none_or(|origin| origin.split_once("://").map(|(_, authority)| authority) == host);
    if same_site && same_origin { Ok(()) } else { Err(ErrorCode::ForeignSite.into()) }
}

/// A year: browsers that came by TLS once never try without.
const TRANSPORT: &str = "max-age=31536000";

fn finish(headers: &mut HeaderMap, docs: bool, encrypted: bool, request_id: &str) {
    if encrypted {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TRANSPORT));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    let policy = if docs { DOCS_POLICY } else { POLICY };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        // A page may be stricter than the rule.
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // Nearly every answer holds personal data; what may be kept says so itself.
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: Method, pairs: &[(&str, &str)], allowed: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        let reach = Ingress { hosts: vec!["jobs.example".to_owned()], ..Ingress::default() };
        assert_eq!(check_site(&reach, &method, &headers).is_ok(), allowed, "{method} {pairs:?}");
    }

    #[test]
    fn foreign_pages_are_refused_and_programs_are_not() {
        check(Method::GET, &[("host", "127.0.0.1:8080")], true);
        check(Method::GET, &[("host", "localhost")], true);
        check(Method::GET, &[("host", "[::1]:8080")], true);
        check(Method::GET, &[("host", "evil.example:8080")], false);
        check(Method::GET, &[("host", "127.0.0.1.evil.example")], false);
        check(Method::GET, &[("host", "jobs.example")], true);
        check(Method::POST, &[("host", "jobs.example"), ("origin", "https://jobs.example")], true);
        check(Method::POST, &[("host", "jobs.example"), ("origin", "https://evil.example")], false);
        check(Method::POST, &[("host", "localhost:1")], true);
        check(Method::POST, &[("host", "localhost:1"), ("origin", "http://localhost:1")], true);
        check(Method::POST, &[("host", "localhost:1"), ("origin", "http://localhost:2")], false);
        check(Method::POST, &[("host", "localhost:1"), ("origin", "null")], false);
        check(Method::POST, &[("host", "localhost:1"), ("sec-fetch-site", "same-origin")], true);
        check(Method::POST, &[("host", "localhost:1"), ("origin", "null"), ("sec-fetch-site", "same-origin")], true);
        check(Method::POST, &[("host", "localhost:1"), ("origin", "null"), ("sec-fetch-site", "cross-site")], false);
        check(
            Method::POST,
            &[("host", "localhost:1"), ("origin", "http://localhost:2"), ("sec-fetch-site", "same-origin")],
            false,
        );
        check(Method::POST, &[("host", "localhost:1"), ("sec-fetch-site", "cross-site")], false);
        check(Method::GET, &[("host", "localhost:1"), ("sec-fetch-site", "cross-site")], true);
    }
}
