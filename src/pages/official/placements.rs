//! `/plans/{id}/placements` and `/plans/{id}/changes`: who is placed where, what one placement is worth, what became of the promises.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::households::code;
use crate::app::error::AppError;
use crate::app::plans::amount::amount;
use crate::app::plans::view::{self, Change, Figures, HouseholdFilter, Placement};
use crate::app::plans::what_if::{Without, without};
use crate::app::{Connection, Page};
use crate::domain::codes::PlanChangeKind;
use crate::pages::desk::Desk;
use crate::pages::fault;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

/// Rows shown at once.
const ROWS: i64 = 50;

/// What not making one placement would do, in words.
struct Cost {
    placement: i64,
    said: String,
}

#[derive(Template)]
#[template(path = "official/placements.html")]
struct PlacementsPage {
    words: Words,
    frame: Frame,
    plan: i64,
    figures: Figures,
    rows: Vec<Placement>,
    next: Option<String>,
    cost: Option<Cost>,
}

impl PlacementsPage {
    fn cost_of(&self, placement: &Placement) -> String {
        self.words.varied("cost", &placement.id.to_string())
    }
}

fn after(desk: &Desk) -> Page {
    let after = desk.query("after").and_then(|text| text.parse().ok()).unwrap_or_default();
    Page { after, limit: ROWS + 1 }
}

/// Cuts a list that was read one row longer than it is shown; gives the address of the rest.
fn cut<T>(words: &Words, rows: &mut Vec<T>, id: fn(&T) -> i64) -> Option<String> {
    let more = rows.len() as i64 > ROWS;
    rows.truncate(ROWS as usize);
    let last = rows.last().filter(|_| more).map(|row| id(row).to_string());
    last.map(|last| words.clone().without("cost").varied("after", &last))
}

/// `GET /plans/{id}/placements`, with `cost=ID` what that one is worth.
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (plan, page, within) = (path.into_inner(), after(&desk), desk.within());
    let read =
        desk.read(move |conn| Ok((view::figures(conn, plan)?, view::placements(conn, plan, within.as_deref(), page)?)));
    let (figures, mut rows) = match read.await {
        Ok(found) => found,
        Err(error) => return desk.refuse(&error),
    };
    let (cost, fault) = match cost(&desk, plan, &figures).await {
        Ok(cost) => (cost, None),
        Err(error) => (None, Some(error)),
    };
    let next = cut(&desk.words, &mut rows, |row| row.id);
    desk.shows(rows.iter().map(|row| row.row.resident_id));
    let frame = fault.as_ref().map_or_else(|| desk.frame(), |error| desk.frame_with_fault(error));
    let page = PlacementsPage { words: desk.words.clone(), frame, plan, figures, rows, next, cost };
    desk.show_as(fault.as_ref().map_or(actix_web::http::StatusCode::OK, fault::status), &page)
}

async fn cost(desk: &Desk, plan: i64, figures: &Figures) -> Result<Option<Cost>, AppError> {
    let Some(placement) = desk.query("cost") else { return Ok(None) };
    let placement = placement.parse().map_err(|_| AppError::NotFound)?;
    let db = desk.pages.db.clone();
    let found = desk.compute(move || without(&db, plan, placement)).await?;
    let within = desk.within();
    let lost = found.uncovers.clone();
    let codes = desk.read(move |conn| codes(conn, plan, &lost, within)).await?;
    let newly = figures.covered_after - figures.covered_before;
    Ok(Some(Cost { placement, said: said(&desk.words, &found, newly, &codes) }))
}

/// Codes of these households, as far as they are the caller's to see.
fn codes(
    conn: &mut Connection,
    plan: i64,
    households: &[i64],
    within: Option<Vec<i64>>,
) -> Result<Vec<String>, AppError> {
    let mut codes = Vec::new();
    for household in households {
        let filter =
            HouseholdFilter { household: Some(*household), within: within.clone(), ..HouseholdFilter::default() };
        let row = view::households(conn, plan, &filter, Page::first(1))?.pop();
        codes.extend(row.map(|row| row.code.unwrap_or_else(|| format!("#{household}"))));
    }
    Ok(codes)
}

fn said(words: &Words, found: &Without, newly: i64, codes: &[String]) -> String {
    let after = newly + found.covers.len() as i64 - found.uncovers.len() as i64;
    let codes = codes.join(words.say("、", ", "));
    let worth = amount(&found.gain);
    match (words.is_english(), after == newly) {
        (false, true) => format!("不安排这一个，方案还是多覆盖 {newly} 户（{}）。", worth.zh),
        (true, true) => format!("Without it the plan still covers {newly} households more ({}).", worth.en),
        (false, false) => {
            format!("不安排这一个，方案从多覆盖 {newly} 户变成 {after} 户，{codes} 落空（{}）。", worth.zh)
        }
        (true, false) => {
            format!(
                "Without it the plan covers {after} households more instead of {newly}; {codes} is left out ({}).",
                worth.en
            )
        }
    }
}

#[derive(Template)]
#[template(path = "official/changes.html")]
struct ChangesPage {
    words: Words,
    frame: Frame,
    plan: i64,
    kind: Option<PlanChangeKind>,
    rows: Vec<Change>,
    next: Option<String>,
}

impl ChangesPage {
    fn posting(name: &Option<view::PostingName>) -> String {
        name.as_ref().map(|name| format!("{} · {}", name.employer, name.title)).unwrap_or_default()
    }

    fn why(&self, change: &Change) -> String {
        let reason = change.row.reason.map(|reason| self.words.label(reason.label()).to_owned());
        let gate = change.gate.as_ref().map(|gate| gate.get(self.words.lang()).to_owned());
        reason.into_iter().chain(gate).collect::<Vec<_>>().join(self.words.say("：", ": "))
    }
}

/// `GET /plans/{id}/changes`, with `kind` those of one kind.
pub(super) async fn changes(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (plan, page, within) = (path.into_inner(), after(&desk), desk.within());
    let kind = match code(&desk, "kind", PlanChangeKind::from_code) {
        Ok(kind) => kind,
        Err(error) => return desk.refuse(&error.into()),
    };
    match desk.read(move |conn| view::diff(conn, plan, kind, within.as_deref(), page)).await {
        Ok(mut rows) => {
            let next = cut(&desk.words, &mut rows, |row| row.id);
            desk.shows(rows.iter().map(|row| row.row.resident_id));
            desk.show(&ChangesPage { words: desk.words.clone(), frame: desk.frame(), plan, kind, rows, next })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// The plan's own address.
fn plan_href(words: &Words, plan: i64) -> String {
    words.to(&links::plan(plan, ""))
}
