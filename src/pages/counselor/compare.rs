//! `/residents/{id}/compare?a=…&b=…`: two postings for one person, side by side.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::offers;
use crate::app::error::{FieldCode, FieldError};
use crate::app::postings;
use crate::app::recommendations::{Proposed, for_pairs, for_resident};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Postings to choose from.
const CHOICES: usize = 20;

struct Side {
    id: i64,
    title: String,
    employer: String,
    vacancies: i64,
    points: u16,
    is_eligible: bool,
    reasons: Vec<(&'static str, String)>,
    change: Option<String>,
}

#[derive(Template)]
#[template(path = "counselor/compare.html")]
struct ComparePage {
    words: Words,
    frame: Frame,
    id: i64,
    sides: Vec<Side>,
    /// Factor, points of both, most of both.
    factors: Vec<(&'static str, Vec<(u16, u16)>)>,
    choices: Vec<(i64, String)>,
}

impl ComparePage {
    fn is_chosen(&self, side: usize, choice: &i64) -> bool {
        self.sides.get(side).is_some_and(|side| side.id == *choice)
    }
}

/// `GET /residents/{id}/compare`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let asked = |name: &str| desk.query(name).and_then(|posting| posting.parse::<i64>().ok());
    let Some((a, b)) = asked("a").zip(asked("b")) else {
        return desk.refuse(&FieldError::new("?a", FieldCode::Missing).into());
    };
    let (db, today) = (desk.pages.db.clone(), desk.today());
    let found = desk
        .compute(move || {
            let (_, pairs) = for_pairs(&db, id, &[a, b], today)?;
            Ok((pairs, for_resident(&db, id, CHOICES, today)?.best))
        })
        .await;
    let reader = desk.clone();
    let page = match found {
        Ok((pairs, best)) => desk.read(move |conn| {
            let mut vacancies = Vec::new();
            for pair in &pairs {
                vacancies.push(postings::get(conn, reader.keys(), pair.posting.id, today)?.vacancies);
            }
            Ok((pairs, best, vacancies))
        }),
        Err(error) => return desk.refuse(&error),
    };
    match page.await {
        Ok((pairs, best, vacancies)) => desk.show(&page_of(&desk, id, pairs, best, &vacancies)),
        Err(error) => desk.refuse(&error),
    }
}

fn page_of(desk: &Desk, id: i64, pairs: Vec<Proposed>, best: Vec<Proposed>, vacancies: &[i64]) -> ComparePage {
    let words = &desk.words;
    let points: Vec<Vec<offers::Points>> = pairs
        .iter()
        .map(|pair| pair.explanation.parts.iter().map(|part| offers::points(words, part)).collect())
        .collect();
    let n = points.first().map_or(0, Vec::len);
    let factor = |index: usize| {
        let both = points.iter().filter_map(|side| side.get(index)).map(|one| (one.points, one.most)).collect();
        (points[0][index].label, both)
    };
    let name = |pair: &Proposed| format!("{} {}", pair.posting.employer, pair.posting.title);
    let mut choices: Vec<(i64, String)> = pairs.iter().chain(&best).map(|pair| (pair.posting.id, name(pair))).collect();
    choices.sort_unstable();
    choices.dedup();
    let side = |(pair, vacancies): (Proposed, &i64)| Side {
        id: pair.posting.id,
        title: pair.posting.title,
        employer: pair.posting.employer,
        vacancies: *vacancies,
        points: pair.explanation.points,
        is_eligible: pair.explanation.eligible,
        reasons: offers::reasons(words, &pair.reasons),
        change: pair.gain.as_ref().map(|gain| offers::gained(words, gain)),
    };
    ComparePage {
        id,
        factors: (0..n).map(factor).collect(),
        choices,
        sides: pairs.into_iter().zip(vacancies).map(side).collect(),
        frame: desk.frame(),
        words: words.clone(),
    }
}
