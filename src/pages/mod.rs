//! HTML pages, server-rendered: what does a person see? Chinese first, English by `?lang=en`.
//!
//! Invariant: a page works without JavaScript, fetches nothing from outside and holds no inline style or script; the headers
//! set here forbid all of it. Pages know HTML and `app`, nothing below.

mod assets;
pub mod home;
mod links;
mod words;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use askama::Template;

pub use assets::configure;

use crate::domain::text::{Lang, Text};
use words::Words;

/// What a browser may load for our pages: our own style sheet and images, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    words: Words,
    title: &'a str,
    advice: &'a str,
}

/// A page as an answer, with the headers that hold for all pages. Pages show figures of the moment: a browser asks again.
#[must_use]
pub fn answer(status: StatusCode, lang: Lang, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_LANGUAGE, Words::new(lang, links::HOME).tag()))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .body(html)
}

/// A page that says what went wrong and what to do.
///
/// # Errors
/// Only if a template cannot be written to memory.
pub fn problem(title: &Text, advice: &Text, lang: Lang) -> askama::Result<String> {
    ProblemPage { words: Words::new(lang, links::HOME), title: title.get(lang), advice: advice.get(lang) }.render()
}
