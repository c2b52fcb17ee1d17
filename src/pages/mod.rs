//! HTML pages, server-rendered: what does a person see? Chinese first, English by `?lang=en`.
//!
//! Invariant: a page works without JavaScript, fetches nothing from outside and holds no inline style or script, so the
//! strictest content policy holds for it. Pages know HTML and `app`, nothing below; whoever serves them sets the headers
//! that hold for every answer.

mod assets;
pub mod home;
mod links;
pub mod session;
mod words;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Resource, web};
use askama::Template;
use chrono::NaiveDate;

use crate::app::Db;
use crate::domain::text::Lang;
use words::Words;

/// What the pages are made from: the database and what day it is.
#[derive(Clone)]
pub struct Pages {
    pub db: Db,
    /// Today in Asia/Shanghai.
    pub today: Arc<dyn Fn() -> NaiveDate + Send + Sync>,
}

/// Registers the pages and their assets. The application also needs a [`Pages`] as application data.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only(links::HOME).route(web::get().to(home::home)));
    assets::configure(config);
}

/// A resource that is only read. Another method is told so.
fn read_only(path: &str) -> Resource {
    let refuse = || async { HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET, HEAD")).finish() };
    web::resource(path).default_service(web::to(refuse))
}

/// The reader's choice: English by `?lang=en`, Chinese in every other case. Anything else in the query is ignored, since
/// people pass on addresses with additions of their messengers.
struct Language(Lang);

impl FromRequest for Language {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="));
        ready(Ok(Self(asked.map(Lang::from_tag).unwrap_or_default())))
    }
}

/// A page as an answer. It shows figures of the moment: a browser asks again every time.
fn answer(status: StatusCode, lang: Lang, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_LANGUAGE, Words::new(lang, links::HOME).tag()))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .body(html)
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    words: Words,
}

/// The page for a fault on our side. The reason goes to the log, the reader learns what to do.
fn failure(lang: Lang, reason: &str) -> HttpResponse {
    tracing::error!(reason, "page failed");
    // A template can fail only for want of memory; an empty page is then what is left.
    let html = FailurePage { words: Words::new(lang, links::HOME) }.render().unwrap_or_default();
    answer(StatusCode::INTERNAL_SERVER_ERROR, lang, html)
}
