//! `/week`: where the plan would place people of the counselor's areas: taken up as a proposal, or decided otherwise.
//!
//! Invariant: a plan places nobody. What is accepted here becomes a referral that still needs the person's word; what is changed is a
//! decision the next plan is made with.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;

use super::parts;
use crate::app::access::residents_in;
use crate::app::error::AppError;
use crate::app::plans::pins::{self, Pin, PinFilter};
use crate::app::plans::view::{self, Placement, Summary};
use crate::app::referrals::view::{self as referral_views, ReferralFilter};
use crate::app::{Connection, Page, residents};
use crate::domain::codes::{PinKind, PlanStanding};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

struct Row {
    resident: i64,
    name: String,
    posting: i64,
    job: String,
    score: String,
    /// A decision made it, or the plan before promised it.
    mark: Option<&'static str>,
    /// Where a referral of the pair stands.
    begun: Option<&'static str>,
}

/// A standing decision and what it costs the plan.
struct Decided {
    id: i64,
    said: String,
    reason: String,
    cost: String,
}

struct Plan {
    is_in_force: bool,
    as_of: String,
    newly: i64,
    uncovered: i64,
}

#[derive(Template)]
#[template(path = "counselor/week.html")]
struct WeekPage {
    words: Words,
    frame: Frame,
    plan: Option<Plan>,
    rows: Vec<Row>,
    decisions: Vec<Decided>,
    after: Option<i64>,
    acts: bool,
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "proposed" => {
            ("已提出，还要征得本人同意才告诉企业。", "Proposed; the employer is told once the person agrees.")
        }
        "decision" => ("已记下，下次做方案时照此安排。", "On record; the next plan is made with it."),
        "ended" => {
            ("决定已取消，下次做方案时不再照此安排。", "The decision is ended; the next plan is made without it.")
        }
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /week`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let reader = desk.clone();
    desk.answer(desk.read(move |conn| page(conn, &reader)).await)
}

fn page(conn: &mut Connection, desk: &Desk) -> Result<WeekPage, AppError> {
    let words = &desk.words;
    let mut page = WeekPage {
        plan: None,
        rows: Vec::new(),
        decisions: Vec::new(),
        after: None,
        acts: parts::acts(conn, desk)?,
        frame: desk.frame_saying(said),
        words: words.clone(),
    };
    let Some(plan) = view::working(conn)? else { return Ok(page) };
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let window = Page { after, limit: 1 + parts::ROWS as i64 };
    let mut placements = view::placements(conn, plan.id, desk.within().as_deref(), window)?;
    if placements.len() > parts::ROWS {
        placements.truncate(parts::ROWS);
        page.after = placements.last().map(|placement| placement.id);
    }
    desk.shows(placements.iter().map(|placement| placement.row.resident_id));
    let begun = begun(conn, desk)?;
    page.rows = placements.into_iter().map(|placement| row(words, placement, &begun)).collect();
    page.decisions = decisions(conn, desk, &plan)?;
    page.plan = Some(Plan {
        is_in_force: plan.standing == PlanStanding::Adopted,
        as_of: words.date(plan.figures.as_of),
        newly: plan.figures.covered_after - plan.figures.covered_before,
        uncovered: plan.figures.uncovered,
    });
    Ok(page)
}

/// Open referrals by resident and posting.
fn begun(conn: &mut Connection, desk: &Desk) -> Result<HashMap<(i64, i64), &'static str>, AppError> {
    let filter = ReferralFilter { open: true, ..ReferralFilter::default() };
    let whole = (Page::first(i64::MAX), desk.today());
    let open = referral_views::page(conn, desk.keys(), &desk.viewer(), filter, whole)?;
    let pair = |referral: referral_views::Referral| {
        Some(((referral.resident_id?, referral.posting_id), desk.words.label(referral.state.label())))
    };
    Ok(open.into_iter().filter_map(pair).collect())
}

fn row(words: &Words, placement: Placement, begun: &HashMap<(i64, i64), &'static str>) -> Row {
    let pair = (placement.row.resident_id, placement.row.posting_id);
    Row {
        resident: pair.0,
        name: placement.resident_name,
        posting: pair.1,
        job: format!("{} {}", placement.posting.employer, placement.posting.title),
        score: words.mean_score(Some(placement.row.suitability)),
        mark: match (placement.row.pinned, placement.row.kept) {
            (true, _) => Some(words.say("已指定", "decided")),
            (false, true) => Some(words.say("上次就这样安排", "as before")),
            (false, false) => None,
        },
        begun: begun.get(&pair).copied(),
    }
}

/// The decisions that stand for people in reach, with their cost to this plan where it was made under them.
fn decisions(conn: &mut Connection, desk: &Desk, plan: &Summary) -> Result<Vec<Decided>, AppError> {
    let words = &desk.words;
    let filter = PinFilter { standing: Some(true), within: desk.within(), ..PinFilter::default() };
    let standing = pins::page(conn, desk.keys(), &filter, Page::first(i64::MAX))?;
    let people: Vec<i64> = standing.iter().map(|pin| pin.resident_id).collect();
    let mine = residents_in(conn, desk.reach(), &people)?;
    desk.shows(mine.iter().copied());
    let costs: HashMap<i64, i64> =
        view::get(conn, desk.keys(), plan.id)?.overrides.into_iter().map(|one| (one.pin, one.households)).collect();
    let mut found = Vec::new();
    for pin in standing.into_iter().filter(|pin| mine.contains(&pin.resident_id)) {
        let name = residents::get(conn, desk.keys(), pin.resident_id, desk.today())?.name;
        let posting = parts::posting(conn, desk, pin.posting_id)?;
        let job = format!("{} {}", posting.employer, posting.title);
        found.push(decided(words, pin, (&name, &job), &costs));
    }
    Ok(found)
}

fn decided(words: &Words, pin: Pin, (name, job): (&str, &str), costs: &HashMap<i64, i64>) -> Decided {
    let said = match (words.is_english(), pin.kind) {
        (false, PinKind::Pin) => format!("{name}：指定去 {job}"),
        (false, PinKind::Forbid) => format!("{name}：不去 {job}"),
        (true, PinKind::Pin) => format!("{name}: to {job}"),
        (true, PinKind::Forbid) => format!("{name}: not to {job}"),
    };
    let cost = match costs.get(&pin.id) {
        Some(households) => cost_text(words, *households),
        None => words.say("下次做方案时算出代价", "its cost is found with the next plan").to_owned(),
    };
    Decided { id: pin.id, said, reason: pin.reason, cost }
}

/// What a decision costs, in households.
pub(super) fn cost_text(words: &Words, households: i64) -> String {
    match (words.is_english(), households) {
        (false, 1..) => format!("全社区少覆盖 {households} 户"),
        (false, _) => "能覆盖的户数不变".to_owned(),
        (true, 1) => "one household fewer is covered".to_owned(),
        (true, 2..) => format!("{households} households fewer are covered"),
        (true, _) => "as many households are covered".to_owned(),
    }
}
