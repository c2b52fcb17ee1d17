//! Logs and metrics say what happened and never to whom.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, test as actix_test, web};
use tracing_subscriber::fmt::MakeWriter;
use wangjia::telemetry::{self, LogFormat, TelemetryError};

/// Keeps what a subscriber writes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Answers one request on a small application with our middleware; returns the log and the status.
async fn ask(format: LogFormat, filter: &str, method: Method, uri: &str) -> (String, u16) {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(telemetry::subscriber(format, filter, log.clone()).unwrap());
    let failing = || async { HttpResponse::InternalServerError().finish() };
    let app = actix_test::init_service(
        App::new()
            .service(
                web::scope("/api/v1")
                    .route("/residents/{id}", web::get().to(HttpResponse::Ok))
                    .route("/broken", web::get().to(failing)),
            )
            .wrap(from_fn(telemetry::observe))
            .wrap(telemetry::root_span()),
    )
    .await;
    let request =
        actix_test::TestRequest::with_uri(uri).method(method).insert_header(("user-agent", "Zhang-San-Browser"));
    let response = actix_test::call_service(&app, request.to_request()).await;
    let status = response.status().as_u16();
    drop(guard);
    (log.text(), status)
}

#[actix_web::test]
async fn a_request_is_logged_by_its_route_and_never_by_its_path_or_query() {
    let uri = "/api/v1/residents/529900199001011234?name=%E5%BC%A0%E4%B8%89&phone=13800000000";
    for (format, filter) in [(LogFormat::Text, "info"), (LogFormat::Json, "info"), (LogFormat::Text, "trace")] {
        let (log, status) = ask(format, filter, Method::GET, uri).await;
        assert_eq!(status, 200);
        assert!(log.contains("/api/v1/residents/{id}"), "{log}");
        for personal in ["529900199001011234", "13800000000", "%E5%BC%A0", "张三", "Zhang-San-Browser"] {
            assert!(!log.contains(personal), "{personal} in {log}");
        }
    }
}

#[actix_web::test]
async fn an_unknown_path_and_an_invented_method_are_not_quoted() {
    let method = Method::from_bytes(b"STEAL").unwrap();
    let (log, status) = ask(LogFormat::Text, "info", method, "/529900199001011234").await;
    assert_eq!(status, 404);
    assert!(log.contains("unmatched") && log.contains("OTHER"), "{log}");
    assert!(!log.contains("5299") && !log.contains("STEAL"), "{log}");
}

#[actix_web::test]
async fn json_lines_are_json_with_status_and_duration() {
    let (log, status) = ask(LogFormat::Json, "info", Method::GET, "/api/v1/broken").await;
    assert_eq!(status, 500);
    let line: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["status"], 500);
    assert!(line["milliseconds"].is_u64());
    assert_eq!(line["span"]["id"].as_str().map(str::len), Some(36), "a UUID: {line}");
}

#[actix_web::test]
async fn metrics_are_kept_by_route_pattern_and_status() {
    let metrics = telemetry::metrics_handle().unwrap();
    ask(LogFormat::Text, "info", Method::GET, "/api/v1/residents/7774441").await;
    ask(LogFormat::Text, "info", Method::GET, "/api/v1/no-such-thing/7784441").await;
    let text = metrics.render();
    let counter = r#"http_requests_total{method="GET",route="/api/v1/residents/{id}",status="200"}"#;
    assert!(text.contains(counter), "{text}");
    assert!(text.contains(r#"route="unmatched",status="404""#), "{text}");
    assert!(text.contains("http_request_duration_seconds_bucket"), "{text}");
    assert!(!text.contains("7774441") && !text.contains("7784441"), "{text}");
    assert!(telemetry::metrics_handle().is_ok(), "asking twice gives the same recorder");
}

#[test]
fn a_quoted_value_cannot_start_a_line_or_colour_the_terminal() {
    let hostile = "张三\r\n2026-11-23 INFO forged\u{1b}[31mred\u{202e}txet\u{9b}31m\u{2028}";
    for format in [LogFormat::Text, LogFormat::Json] {
        let log = Log::default();
        let guard = tracing::subscriber::set_default(telemetry::subscriber(format, "info", log.clone()).unwrap());
        tracing::info_span!("file", name = hostile).in_scope(|| tracing::info!(name = hostile, "{hostile}"));
        drop(guard);
        let text = log.text();
        assert_eq!(text.lines().count(), 1, "{text:?}");
        assert!(text.contains("张三"), "readable text stays readable: {text:?}");
        assert!(!text.trim_end_matches('\n').contains(['\r', '\u{1b}', '\u{9b}', '\u{202e}', '\u{2028}']), "{text:?}");
        if format == LogFormat::Json {
            let line: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(line["name"], hostile, "the value survives");
        }
    }
}

#[test]
fn a_filter_that_cannot_be_read_is_refused_and_named() {
    let refused = telemetry::subscriber(LogFormat::Text, "wangjia=loud=very", io::sink).err();
    assert!(
        matches!(&refused, Some(TelemetryError::Filter { filter, .. }) if filter == "wangjia=loud=very"),
        "{refused:?}"
    );
}
