//! `/admin/imports/stored/{id}`: what was stored of a file, and what was found in it.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::findings::{Filter, Found};
use crate::app::Page;
use crate::app::stored_imports::{self, Batch};
use crate::domain::codes::Severity;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Findings on a page.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "admin/stored_import.html")]
struct StoredPage {
    words: Words,
    frame: Frame,
    batch: Batch,
    severity: Option<Severity>,
    found: Vec<Found>,
    more: Option<i64>,
}

impl StoredPage {
    fn address(&self, severity: &str) -> String {
        self.words.to(&format!("/admin/imports/stored/{}?severity={severity}", self.batch.id))
    }

    fn next(&self, after: &i64) -> String {
        let severity = self.severity.map(|severity| format!("&severity={}", severity.code())).unwrap_or_default();
        self.words.to(&format!("/admin/imports/stored/{}?after={after}{severity}", self.batch.id))
    }
}

/// `GET /admin/imports/stored/{id}?severity=…&after=ID`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let severity = Filter::of(&desk).severity;
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let read = desk.read(move |conn| {
        let found = stored_imports::findings(conn, id, severity, Page { after, limit: ROWS + 1 })?;
        Ok((stored_imports::get(conn, id)?, found))
    });
    match read.await {
        Ok((batch, mut found)) => {
            let rows = usize::try_from(ROWS).unwrap_or_default();
            let is_more = found.len() > rows;
            found.truncate(rows);
            let more = found.last().filter(|_| is_more).map(|(id, _)| *id);
            let words = desk.words.clone();
            let found = found.iter().map(|(_, finding)| Found::of_import(finding, &words)).collect();
            desk.show(&StoredPage { frame: desk.frame(), words, batch, severity, found, more })
        }
        Err(error) => desk.refuse(&error),
    }
}
