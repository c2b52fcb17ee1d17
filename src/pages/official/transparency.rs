//! `/fairness/runs/{id}`: what a run of recommendations did, to be printed with it, and what it does not tell.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::transparency::{NotMeasured, Removed, Transparency, transparency};
use crate::domain::text::Label;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "official/transparency.html")]
struct TransparencyPage {
    words: Words,
    frame: Frame,
    found: Transparency,
}

impl TransparencyPage {
    /// The gates that removed something.
    fn gates(&self) -> Vec<&Removed> {
        self.found.gates.iter().filter(|gate| gate.any > 0).collect()
    }

    fn label(&self, label: &Label) -> &'static str {
        self.words.label(*label)
    }

    fn not_measured(&self) -> Vec<&'static str> {
        NotMeasured::ALL.iter().map(|what| self.words.label(what.label())).collect()
    }

    /// A weight as a share of all.
    fn share(&self, weight: &i64) -> String {
        let all: i64 = self.found.weights.iter().map(|(_, weight)| weight).sum();
        if all == 0 { "—".to_owned() } else { format!("{} %", weight * 100 / all) }
    }

    fn back(&self) -> String {
        self.words.to(links::FAIRNESS)
    }

    fn json(&self) -> String {
        format!("/api/v1/recommendation-runs/{}/transparency", self.found.run.id)
    }
}

/// `GET /fairness/runs/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (id, db, reach) = (path.into_inner(), desk.pages.db.clone(), desk.reach().clone());
    match desk.compute(move || transparency(&db, id, &reach)).await {
        Ok(found) => desk.show(&TransparencyPage { words: desk.words.clone(), frame: desk.frame(), found }),
        Err(error) => desk.refuse(&error),
    }
}
