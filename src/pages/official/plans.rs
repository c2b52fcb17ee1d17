//! `/plans`: the plans there are, a new one as a job, and how far that is.

use actix_web::http::header::{HeaderValue, REFRESH};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::Connection;
use crate::app::access::{Action, ObjectKind};
use crate::app::error::AppError;
use crate::app::jobs::{Job, JobKind, Queue};
use crate::app::plans::view::{self, Summary};
use crate::app::work::{self, PlanInput, PlanResult, unframe};
use crate::domain::codes::{JobState, PlanStanding};
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::sign_in::see;
use crate::pages::words::Words;

/// Plans shown at once.
const ROWS: i64 = 20;

#[derive(Template)]
#[template(path = "official/plans.html")]
struct PlansPage {
    words: Words,
    frame: Frame,
    plans: Vec<Summary>,
    /// Whether the caller may propose one.
    may_propose: bool,
    older: Option<String>,
}

/// `GET /plans`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let before = desk.query("before").and_then(|text| text.parse().ok());
    let asker = desk.clone();
    let read = desk.read(move |conn| {
        let plans = view::newest(conn, before, ROWS + 1)?;
        Ok((plans, may(conn, &asker, Action::Create)?))
    });
    match read.await {
        Ok((mut plans, may_propose)) => {
            let words = desk.words.clone();
            let more = plans.len() as i64 > ROWS;
            plans.truncate(ROWS as usize);
            let last = plans.last().filter(|_| more).map(|plan| plan.id.to_string());
            let older = last.map(|last| words.varied("before", &last));
            desk.show(&PlansPage { words, frame: desk.frame(), plans, may_propose, older })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// Whether the policy lets the caller do this with plans, which are everybody's.
pub(super) fn may(conn: &mut Connection, desk: &Desk, action: Action) -> Result<bool, AppError> {
    Ok(desk.reach_for(conn, ObjectKind::Plan, action)?.everything)
}

/// `POST /plans`: a job makes a plan of today.
pub(super) async fn propose(sent: Sent) -> HttpResponse {
    let (db, queue) = (sent.desk.pages.db.clone(), sent.desk.pages.jobs.clone());
    let (account, now, input) = (sent.desk.account(), sent.desk.now(), PlanInput { as_of: sent.desk.today() });
    let answer = sent
        .act(move |conn| {
            let job = Queue::enqueue(conn, &db, JobKind::Plan, &work::frame(&input, &[])?, account, now)?;
            Ok((Some(job), format!("{}/jobs/{job}", links::PLANS)))
        })
        .await;
    queue.wake();
    answer
}

#[derive(Template)]
#[template(path = "official/plan_job.html")]
struct JobPage {
    words: Words,
    frame: Frame,
    job: Job,
    is_over: bool,
}

/// `GET /plans/jobs/{id}`: how far it is; the plan itself once it is there.
pub(super) async fn progress(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (db, queue, now, id) = (desk.pages.db.clone(), desk.pages.jobs.clone(), desk.now(), path.into_inner());
    let job = match desk.read(move |conn| queue.get(conn, &db, id, now)).await {
        Ok(job) if job.kind == JobKind::Plan => job,
        Ok(_) => return desk.refuse(&AppError::NotFound),
        Err(error) => return desk.refuse(&error),
    };
    if let Some(result) = &job.result {
        return match unframe::<PlanResult>(result) {
            Ok((made, _)) => see(&desk.words.to(&format!("{}?done=proposed", links::plan(made.plan, "")))),
            Err(error) => desk.refuse(&error),
        };
    }
    let is_over = !matches!(job.state, JobState::Queued | JobState::Running);
    let mut answer = desk.show(&JobPage { words: desk.words.clone(), frame: desk.frame(), job, is_over });
    if !is_over {
        // The page comes again by itself, without a script; the link on it does the same at once.
        answer.headers_mut().insert(REFRESH, HeaderValue::from_static("4"));
    }
    answer
}

/// The mark of where a plan stands.
pub(super) const fn mark(standing: PlanStanding) -> &'static str {
    match standing {
        PlanStanding::Adopted => "good",
        PlanStanding::Proposed => "warn",
        PlanStanding::Superseded => "exempt",
    }
}
