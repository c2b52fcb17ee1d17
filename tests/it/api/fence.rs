//! What goes wrong inside stays inside: panics, a lost database, all cores taken.

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, test as actix_test, web};
use serde_json::Value;
use wangjia::api::error::ApiError;
use wangjia::api::guard::guard;
use wangjia::api::state::Service;
use wangjia::app::error::AppError;
use wangjia::app::jobs::Queue;
use wangjia::app::permits::Permits;
use wangjia::telemetry;

use super::app::TestApp;
use crate::support::TestDb;

fn service(db: &TestDb) -> Service {
    Service::new(db.db.clone(), Queue::default(), Arc::new(chrono::Utc::now))
}

async fn panics() -> HttpResponse {
    panic!("secret 529900199003071239 in a panic")
}

async fn answer_of(handler: &str, db: &TestDb) -> (u16, Value, String) {
    let blocks = |service: web::Data<Service>| async move {
        service.run(|| -> Result<(), AppError> { panic!("secret") }).await?;
        Ok::<_, ApiError>(HttpResponse::Ok().finish())
    };
    let fails = |service: web::Data<Service>| async move {
        service.read(|_| Err::<(), _>(anyhow::anyhow!("SELECT secret FROM /var/lib").into())).await?;
        Ok::<_, ApiError>(HttpResponse::Ok().finish())
    };
    let app = App::new()
        .app_data(web::Data::new(service(db)))
        .route("/panic", web::get().to(panics))
        .route("/block", web::get().to(blocks))
        .route("/fail", web::get().to(fails))
        .route("/plain", web::get().to(|| async { HttpResponse::Gone().body("/var/lib") }))
        .wrap(from_fn(guard))
        .wrap(from_fn(telemetry::observe))
        .wrap(telemetry::root_span());
    let app = actix_test::init_service(app).await;
    let request = actix_test::TestRequest::get().uri(handler).to_request();
    let response = match actix_test::try_call_service(&app, request).await {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        Err(error) => error.error_response(),
    };
    let status = response.status().as_u16();
    let id = response.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
    let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
    assert!(!String::from_utf8_lossy(&bytes).contains("secret") && !String::from_utf8_lossy(&bytes).contains("/var"));
    // The same application answers again.
    let again = actix_test::TestRequest::get().uri("/plain").to_request();
    assert!(actix_test::try_call_service(&app, again).await.is_ok());
    (status, serde_json::from_slice(&bytes).unwrap(), id)
}

#[test]
fn a_panic_is_a_500_with_a_request_id_and_nothing_else() {
    let db = TestDb::sqlite();
    actix_web::rt::System::new().block_on(async {
        for (handler, status, code) in [
            ("/panic", 500, "internal_error"),
            ("/block", 500, "internal_error"),
            ("/fail", 500, "internal_error"),
            ("/plain", 410, "malformed_request"),
        ] {
            let (found, body, id) = answer_of(handler, &db).await;
            let expected = if status == 410 { 400 } else { status };
            assert_eq!((found, body["code"].as_str()), (expected, Some(code)), "{handler}");
            assert_eq!(body["request_id"], id, "{handler}");
        }
    });
}

#[test]
fn readiness_follows_the_database() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    app.raw("GET", "/readyz").send().expect(200);
    db.write(|conn| {
        use diesel::connection::SimpleConnection;
        Ok(conn.batch_execute("ALTER TABLE settings RENAME TO hidden")?)
    });
    // A broken table is one failed request; the service as such is still ready.
    app.request("GET", "/settings").header("accept-language", "en").send().problem(500, "internal_error");
    app.raw("GET", "/readyz").send().expect(200);
    app.raw("GET", "/healthz").send().expect(200);
}

#[test]
fn computing_is_turned_away_when_every_core_is_taken() {
    let permits = Permits::new(1);
    let held = permits.take();
    assert!(held.is_some() && permits.take().is_none());
    let busy = ApiError::from(wangjia::api::error::ErrorCode::Busy);
    let response = busy.render(wangjia::domain::text::Lang::Zh, "x");
    assert_eq!(
        (response.status().as_u16(), response.headers().get("retry-after").unwrap().to_str().unwrap()),
        (503, "1")
    );
}

/// ID numbers, phones and names sent in every way stand in no metric and in no address.
#[test]
fn metrics_hold_nothing_personal() {
    let db = TestDb::sqlite();
    let app = TestApp::new(&db);
    app.request("GET", "/residents?name=canaryname").send().expect(200);
    app.request("GET", "/residents/529900199003071239").send().problem(404, "not_found");
    app.raw("GET", "/canarypath/529900199003071239").send().problem(404, "not_found");
    app.raw("CANARYMETHOD", "/healthz").send().problem(405, "method_not_allowed");
    let metrics = String::from_utf8(app.raw("GET", "/metrics").send().expect(200).bytes).unwrap().to_lowercase();
    assert!(!metrics.contains("canary") && !metrics.contains("529900"), "{metrics}");
}
