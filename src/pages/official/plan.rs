//! `/plans/{id}`: what a plan is worth, that nothing better exists, what others would reach, what its places are worth; check and adopt it.

use std::time::Instant;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::plans::{mark, may};
use crate::app::Connection;
use crate::app::access::{Action, ObjectKind, residents_in};
use crate::app::error::AppError;
use crate::app::plans::adopt::{self, Adopt};
use crate::app::plans::amount::amount;
use crate::app::plans::verify::{self, Verdict, Verification};
use crate::app::plans::view::{self, Amount, Full};
use crate::domain::codes::{PlanStanding, UncoveredClass};
use crate::pages::charts;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::words::Words;

/// A way to fill the vacancies, beside the plan.
struct Way {
    label: &'static str,
    is_plan: bool,
    households: u64,
    fewer: u64,
    placed: i64,
    points: i64,
    bar: String,
}

#[derive(Template)]
#[template(path = "official/plan.html")]
struct PlanPage {
    words: Words,
    frame: Frame,
    plan: Full,
    in_force: Option<i64>,
    may_adopt: bool,
}

impl PlanPage {
    fn newly(&self) -> u64 {
        let figures = &self.plan.summary.figures;
        (figures.covered_after - figures.covered_before).unsigned_abs()
    }

    /// Mean suitability of the placements, of 100.
    fn mean(&self, placed: i64, points: i64) -> String {
        self.words.mean_score(points.checked_div(placed))
    }

    /// The plan first, then the rules of thumb.
    fn ways(&self) -> Vec<Way> {
        let (newly, figures) = (self.newly(), &self.plan.summary.figures);
        let most = self.plan.baselines.iter().map(|row| row.households.unsigned_abs()).fold(newly, u64::max);
        let way = |label, households: u64, placed, points, is_plan| Way {
            label,
            is_plan,
            households,
            fewer: newly.saturating_sub(households),
            placed,
            points,
            bar: charts::share(households, most, !is_plan),
        };
        let own = way(self.words.say("这个方案", "This plan"), newly, figures.placed, figures.suitability, true);
        let others = self.plan.baselines.iter().map(|row| {
            let label = self.words.label(row.rule.label());
            way(label, row.households.unsigned_abs(), row.placed, row.suitability, false)
        });
        [own].into_iter().chain(others).collect()
    }

    fn part(&self, part: &str) -> String {
        self.words.to(&links::plan(self.plan.summary.id, part))
    }

    fn class(&self, class: Option<UncoveredClass>) -> &'static str {
        class.map_or(self.words.say("未分类", "not classified"), |class| self.words.label(class.label()))
    }

    fn behind(&self, class: Option<UncoveredClass>) -> String {
        let id = self.plan.summary.id.to_string();
        let class = class.map(|class| ("class", class.code()));
        let pairs: Vec<(&str, &str)> = [("plan", id.as_str())].into_iter().chain(class).collect();
        self.words.to(&links::with(links::COVERAGE_HOUSEHOLDS, &pairs))
    }

    fn newly_behind(&self) -> String {
        let id = self.plan.summary.id.to_string();
        self.words.to(&links::with(links::COVERAGE_HOUSEHOLDS, &[("plan", &id), ("planned", "newly_covered")]))
    }

    fn amount(&self, worth: &Amount) -> String {
        amount(worth).get(self.words.lang()).to_owned()
    }

    fn mark(&self) -> &'static str {
        mark(self.plan.summary.standing)
    }

    fn can_be_adopted(&self) -> bool {
        self.may_adopt && self.plan.summary.standing == PlanStanding::Proposed
    }
}

fn read(conn: &mut Connection, desk: &Desk, id: i64) -> Result<(Full, Option<i64>, bool), AppError> {
    let mut plan = view::get(conn, desk.keys(), id)?;
    // A decision about a pair names a person and a reason: only for those who may see that decision itself.
    let reach = desk.reach_for(conn, ObjectKind::Pin, Action::List)?;
    let people: Vec<i64> = plan.overrides.iter().map(|decision| decision.resident_id).collect();
    let seen = residents_in(conn, &reach, &people)?;
    plan.overrides.retain(|decision| seen.contains(&decision.resident_id));
    desk.shows(seen);
    Ok((plan, view::current(conn)?, may(conn, desk, Action::Decide)?))
}

/// `GET /plans/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame_saying(|code, words| {
        Some(match code {
            "proposed" => words.say("方案做好了，还没有采用。", "The plan is made; it is not adopted yet.").to_owned(),
            "adopted" => words
                .say("已采用，安排已交给工作人员逐一确认。", "Adopted; counselors decide each of its placements now.")
                .to_owned(),
            _ => return None,
        })
    });
    page(&desk, path.into_inner(), frame, None).await
}

async fn page(desk: &Desk, id: i64, frame: Frame, fault: Option<&AppError>) -> HttpResponse {
    let reader = desk.clone();
    match desk.read(move |conn| read(conn, &reader, id)).await {
        Ok((plan, in_force, may_adopt)) => {
            let page = PlanPage { words: desk.words.clone(), frame, plan, in_force, may_adopt };
            desk.show_as(fault.map_or(actix_web::http::StatusCode::OK, fault::status), &page)
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `POST /plans/{id}/adopt`: the plan becomes the one in force, if the one the person saw in force still is.
pub(super) async fn adopt(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, db, today, now) = (path.into_inner(), sent.desk.pages.db.clone(), sent.desk.today(), sent.desk.now());
    let by = who_adopts(&sent.desk, &sent.form);
    // The snapshot is read before the transaction; the compare-and-set is inside.
    let adopted = match sent.desk.compute(move || adopt::prepare(&db, id, today)).await {
        Ok(prepared) => {
            sent.once(move |conn| {
                let adopted = adopt::adopt(conn, &prepared, &by, now)?;
                Ok((Some(adopted.run), format!("{}?done=adopted", links::plan(id, ""))))
            })
            .await
        }
        Err(error) => Err(error),
    };
    match adopted {
        Ok(to) => crate::pages::sign_in::see(&sent.desk.words.to(&to)),
        Err(error) => page(&sent.desk, id, sent.desk.frame_with_fault(&error), Some(&error)).await,
    }
}

fn who_adopts(desk: &Desk, form: &Form) -> Adopt {
    Adopt {
        expected_current: form.text("expected_current").parse().ok(),
        accept_changed_records: form.has("accept_changed_records", "yes"),
        adopted_by: desk.frame().who,
    }
}

#[derive(Template)]
#[template(path = "official/verification.html")]
struct VerificationPage {
    words: Words,
    frame: Frame,
    found: Verification,
    seconds: String,
    at: chrono::NaiveDateTime,
}

impl VerificationPage {
    const fn mark(&self) -> &'static str {
        match self.found.verdict {
            Verdict::Proved => "good",
            Verdict::RecordsChanged => "warn",
            Verdict::Violated(_) => "bad",
        }
    }

    fn pairs(&self) -> String {
        self.words.number((self.found.compared.residents * self.found.compared.postings) as u64)
    }

    fn count(&self, n: usize) -> String {
        self.words.number(n as u64)
    }
}

/// `GET /plans/{id}/verification`: checks the plan now, over all pairs. Changes nothing.
pub(super) async fn verification(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (db, id, began) = (desk.pages.db.clone(), path.into_inner(), Instant::now());
    match desk.compute(move || verify::verify(&db, id)).await {
        Ok(found) => {
            let seconds = format!("{:.1}", began.elapsed().as_secs_f64());
            let (words, frame, at) = (desk.words.clone(), desk.frame(), desk.now());
            desk.show(&VerificationPage { words, frame, found, seconds, at })
        }
        Err(error) => desk.refuse(&error),
    }
}
