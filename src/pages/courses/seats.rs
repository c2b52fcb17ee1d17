//! `/courses/{id}/seats`: who should take the seats, so that the most households can be covered afterwards.
//!
//! Invariant: the numbers are those of the whole community, names only those the reader may see; nobody is enrolled by looking.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::taught;
use crate::app::access::{Action, ObjectKind};
use crate::app::error::AppError;
use crate::app::plans::training::{CoursePlan, Seat, TrainingPlan, training_plan};
use crate::app::training::{self, Course};
use crate::app::{Connection, access};
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "courses/seats.html")]
struct SeatsPage {
    words: Words,
    frame: Frame,
    course: Course,
    plan: TrainingPlan,
    alone: Option<CoursePlan>,
    acts: bool,
}

impl SeatsPage {
    fn taught(&self) -> String {
        taught(&self.words, &self.course)
    }

    /// What the seats are worth, in households; the first number of the page.
    fn worth(&self) -> String {
        let plan = &self.plan;
        let more = plan.covered_with.saturating_sub(plan.covered_without);
        let (uncovered, with) = (plan.uncovered, plan.covered_with);
        match (self.words.is_english(), more) {
            (false, 0) => format!("现在 {uncovered} 户未覆盖，眼下的空缺最多能安排其中 {with} 户；开这个班不会再多。"),
            (false, _) => format!(
                "现在 {uncovered} 户未覆盖，眼下的空缺最多能安排其中 {with} 户，其中 {more} 户要靠这个班。按都学成、都同意算，请不要当承诺。"
            ),
            (true, 0) => format!(
                "{uncovered} households are uncovered; the present vacancies cover {with} of them at most, and the course adds none."
            ),
            (true, _) => format!(
                "{uncovered} households are uncovered; the present vacancies cover {with} of them at most, {more} of these only by this course. If all pass and agree: no promise."
            ),
        }
    }

    fn opens(&self) -> Option<String> {
        let alone = self.alone.as_ref()?;
        let (people, homes, postings, places) = (alone.residents, alone.households, alone.postings.len(), alone.places);
        Some(match self.words.is_english() {
            false => format!("学了能多出岗位的：{people} 人，{homes} 户；对应 {postings} 个岗位、{places} 个空缺。"),
            true => format!(
                "It opens a job to {people} people of {homes} uncovered households, in {postings} postings with {places} vacancies."
            ),
        })
    }

    /// Those proposed whom the reader may not see.
    fn unseen(&self) -> usize {
        self.plan.n_seats - self.plan.seats.len()
    }

    fn said<'a>(&self, seat: &'a Seat) -> &'a str {
        seat.text.get(self.words.lang())
    }
}

/// `GET /courses/{id}/seats`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let (db, today) = (desk.pages.db.clone(), desk.today());
    let made = async {
        let plan = desk.compute(move || training_plan(&db, &[id], today)).await?;
        let reader = desk.clone();
        desk.read(move |conn| page(conn, &reader, id, plan)).await
    };
    desk.answer(made.await)
}

fn page(conn: &mut Connection, desk: &Desk, id: i64, mut plan: TrainingPlan) -> Result<SeatsPage, AppError> {
    let people = desk.reach_for(conn, ObjectKind::Household, Action::List)?;
    plan.narrow(conn, &people)?;
    desk.shows(access::members_of(conn, &plan.covers)?);
    desk.shows(plan.seats.iter().map(|seat| seat.resident));
    let acts = desk.reach_for(conn, ObjectKind::Enrolment, Action::Create)?;
    Ok(SeatsPage {
        words: desk.words.clone(),
        frame: desk.frame(),
        course: training::get(conn, id)?,
        alone: plan.courses.iter().find(|one| one.course == id).cloned(),
        plan,
        acts: acts.everything || !acts.areas.is_empty(),
    })
}
