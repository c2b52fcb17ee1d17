//! The pages as a browser without JavaScript meets them: the doors, the guard, the cookie, the forms.

use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::Service as _;
use actix_web::middleware::from_fn;
use actix_web::{App, test as actix_test, web};
use chrono::NaiveDateTime;
use wangjia::api::admission::admit;
use wangjia::api::guard::guard;
use wangjia::api::state::Service;
use wangjia::api::{routes, server};
use wangjia::app::jobs::Queue;
use wangjia::app::setup;
use wangjia::pages::configure;
use wangjia::pages::session::COOKIE;
use wangjia::telemetry;

use super::TestDb;

/// The site over a database, at a moment (UTC) that stands still.
pub struct Site {
    pub service: web::Data<Service>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub html: String,
    pub location: Option<String>,
    /// The session's token, where the answer sets its cookie.
    pub token: Option<String>,
    /// Every other cookie it sets.
    pub cookies: Vec<(String, String)>,
    /// Whether the browser is told to forget what it keeps.
    pub clears: bool,
}

impl Site {
    pub fn new(test: &TestDb, at: NaiveDateTime) -> Self {
        setup::migrate(&test.db).unwrap();
        let service = Service::new(test.db.clone(), Queue::default(), Arc::new(move || at.and_utc()));
        Self { service: web::Data::new(service) }
    }

    #[track_caller]
    fn call(&self, path: &str, cookies: &[(&str, &str)], form: Option<&[(&str, &str)]>) -> Answer {
        let mut request = actix_test::TestRequest::with_uri(path);
        if let Some(form) = form {
            request = request.method(actix_web::http::Method::POST).set_form(form);
        }
        self.send(path, request, cookies)
    }

    #[track_caller]
    fn send(&self, path: &str, request: actix_test::TestRequest, cookies: &[(&str, &str)]) -> Answer {
        actix_web::rt::System::new().block_on(async {
            let app = App::new()
                .app_data(self.service.clone())
                .app_data(server::pages(&self.service))
                .app_data(routes::Published::new().unwrap().doors)
                .configure(configure)
                .wrap(from_fn(admit))
                .wrap(from_fn(guard))
                .wrap(telemetry::root_span());
            let app = actix_test::init_service(app).await;
            let mut request = request.peer_addr("192.0.2.1:7".parse().unwrap());
            for (name, value) in cookies {
                request = request.cookie(Cookie::new((*name).to_owned(), (*value).to_owned()));
            }
            let response = match app.call(request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            let (location, clears) = (header("location"), header("clear-site-data").is_some());
            let policy = header("content-security-policy").unwrap();
            assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
            let set = |c: Cookie<'_>| (c.name().to_owned(), c.value().to_owned());
            let (own, cookies): (Vec<_>, Vec<_>) = response.cookies().map(set).partition(|(name, _)| name == COOKIE);
            let token = own.into_iter().next().map(|(_, value)| value);
            let status = response.status().as_u16();
            let html = String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap();
            for inline in ["<script>", " style=", " onclick", "javascript:", "<style"] {
                assert!(!html.contains(inline), "{path}: {inline}");
            }
            Answer { status, html, location, token, cookies, clears }
        })
    }

    #[track_caller]
    pub fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.call(path, token.map(|token| (COOKIE, token)).as_slice(), None)
    }

    #[track_caller]
    pub fn post(&self, path: &str, token: Option<&str>, form: &[(&str, &str)]) -> Answer {
        self.call(path, token.map(|token| (COOKIE, token)).as_slice(), Some(form))
    }

    /// [`Site::get`] with another cookie beside the session's.
    #[track_caller]
    pub fn get_with(&self, path: &str, token: &str, cookie: (&str, &str)) -> Answer {
        self.call(path, &[(COOKIE, token), cookie], None)
    }

    /// Sends a form with a file.
    #[track_caller]
    pub fn upload(&self, path: &str, token: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        const BOUNDARY: &str = "----between";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            file.0
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.1);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = actix_test::TestRequest::with_uri(path)
            .method(actix_web::http::Method::POST)
            .insert_header(("content-type", format!("multipart/form-data; boundary={BOUNDARY}")))
            .set_payload(body);
        self.send(path, request, &[(COOKIE, token)])
    }

    #[track_caller]
    pub fn sign_in(&self, login: &str, password: &str, code: &str) -> Answer {
        self.post("/sign-in", None, &[("login", login), ("password", password), ("code", code)])
    }

    /// The CSRF token a page of this session holds.
    #[track_caller]
    pub fn csrf(&self, token: &str) -> String {
        let html = self.get("/account", Some(token)).html;
        let (_, rest) = html.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Fills in a form as a page of this session would send it; `once` is what it is recognised by when it comes twice.
    #[track_caller]
    pub fn submit(&self, path: &str, token: &str, once: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf(token);
        let form = [&[("csrf", csrf.as_str()), ("once", once)], fields].concat();
        self.post(path, Some(token), &form)
    }
}
