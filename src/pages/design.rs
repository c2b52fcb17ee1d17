//! `/design`: the design system, shown with its own components.

use actix_web::HttpResponse;
use askama::Template;

use super::desk::Desk;
use super::frame::Frame;
use super::words::Words;

#[derive(Template)]
#[template(path = "design.html")]
struct DesignPage {
    words: Words,
    frame: Frame,
}

/// `GET /design`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    desk.show(&DesignPage { words: desk.words.clone(), frame: desk.frame() })
}
