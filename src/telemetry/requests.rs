//! What was asked, how did it end, how long did it take? Per route pattern, so that neither logs nor metrics hold an id,
//! a name or a search word, and the number of metric series is bounded by the number of routes.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use metrics::Unit;
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder, TracingLogger};

pub(super) const DURATION: &str = "http_request_duration_seconds";
const REQUESTS: &str = "http_requests_total";

/// The route of a request that no handler is registered for. Its path is whatever the caller made up.
const UNMATCHED: &str = "unmatched";

pub(super) fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests answered, by method, route pattern and status");
    metrics::describe_histogram!(
        DURATION,
        Unit::Seconds,
        "Time until the head of the answer, by method and route pattern"
    );
}

/// The outermost middleware: gives each request an id and a span that its log lines stand in.
#[must_use]
pub fn root_span() -> TracingLogger<RouteSpan> {
    TracingLogger::new()
}

/// Builds the span of a request from its method, route pattern and id. The path, the query, the address and the user agent
/// stay out: they identify people.
pub struct RouteSpan;

impl RootSpanBuilder for RouteSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = route(request.match_pattern());
        let id = request.extensions().get::<RequestId>().copied().map(tracing::field::display);
        tracing::info_span!("request", method = method(request.method()), route, id)
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, Error>) {
        // `observe` writes the line: it also knows the duration.
    }
}

/// Middleware (`actix_web::middleware::from_fn`): counts and times the request, logs one line when its answer is ready.
///
/// # Errors
/// Passes on the inner service's error after having counted it.
pub async fn observe<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let method = method(request.method());
    let route = route(request.match_pattern());
    let outcome = next.call(request).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    record(method, route, status, began);
    outcome
}

fn record(method: &'static str, route: String, status: StatusCode, began: Instant) {
    let elapsed = began.elapsed();
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let code = status.as_u16();
    if status.is_server_error() {
        tracing::error!(status = code, milliseconds, "answered");
    } else {
        tracing::info!(status = code, milliseconds, "answered");
    }
    metrics::histogram!(DURATION, "method" => method, "route" => route.clone()).record(elapsed);
    metrics::counter!(REQUESTS, "method" => method, "route" => route, "status" => code.to_string()).increment(1);
}

fn route(pattern: Option<String>) -> String {
    pattern.unwrap_or_else(|| UNMATCHED.to_owned())
}

/// The method as a fixed word: a client may send any token as a method, and each would become a metric series.
fn method(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.iter().position(|known| known == method).and_then(|i| NAMES.get(i)).copied().unwrap_or("OTHER")
}
