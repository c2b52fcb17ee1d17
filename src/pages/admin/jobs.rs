//! `/admin/jobs`: long work somebody asked for: how far it is, what came of it, and how to stop it.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::Connection;
use crate::app::error::AppError;
use crate::app::jobs::{self, Job, JobKind};
use crate::app::work::{PlanResult, unframe};
use crate::domain::access::{Action, ObjectKind};
use crate::domain::codes::JobState;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Jobs on a page.
const ROWS: i64 = 30;

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct JobsPage {
    words: Words,
    frame: Frame,
    jobs: Vec<Job>,
    more: Option<i64>,
    /// Whether what came of an import and of a plan is for the caller to see.
    imports: bool,
    plans: bool,
}

impl JobsPage {
    const fn kind(&self, job: &Job) -> &'static str {
        match job.kind {
            JobKind::Import => self.words.say("导入", "Import"),
            JobKind::RecommendationRun => self.words.say("全员推荐", "Recommendations for everybody"),
            JobKind::Plan => self.words.say("安排方案", "A plan"),
            JobKind::Retention => self.words.say("清理到期记录", "Removing what was kept long enough"),
            JobKind::Ageing => self.words.say("提醒和关闭超时推荐", "Reminding and closing late referrals"),
        }
    }

    const fn is_under_way(job: &Job) -> bool {
        matches!(job.state, JobState::Queued | JobState::Running)
    }

    fn any_under_way(&self) -> bool {
        self.jobs.iter().any(Self::is_under_way)
    }

    const fn class(job: &Job) -> &'static str {
        match job.state {
            JobState::Queued | JobState::Running => "exempt",
            JobState::Succeeded => "good",
            JobState::Failed => "bad",
            JobState::Cancelled => "warn",
        }
    }

    /// The page of what came of a job.
    fn result(&self, job: &Job) -> Option<String> {
        match job.kind {
            JobKind::Import if self.imports => Some(self.words.to(&format!("/admin/imports/{}", job.id))),
            JobKind::Plan if self.plans => {
                let (result, _) = unframe::<PlanResult>(job.result.as_deref()?).ok()?;
                Some(self.words.to(&format!("/plans/{}", result.plan)))
            }
            _ => None,
        }
    }
}

/// `GET /admin/jobs?before=ID`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let before: Option<i64> = desk.query("before").and_then(|before| before.parse().ok());
    let (queue, db, now) = (desk.pages.jobs.clone(), desk.pages.db.clone(), desk.now());
    let account = desk.account().unwrap_or_default();
    let read = desk.read(move |conn: &mut Connection| queue.latest(conn, &db, account, None, (before, ROWS + 1), now));
    match read.await {
        Ok(mut jobs) => {
            let rows = usize::try_from(ROWS).unwrap_or_default();
            let is_more = jobs.len() > rows;
            jobs.truncate(rows);
            let more = jobs.last().filter(|_| is_more).map(|job| job.id);
            let frame = desk.frame_saying(|code, words| {
                let said = words
                    .say("已请求取消，停下后什么也不会保存。", "It was asked to stop; nothing of it will be kept.");
                (code == "cancelled").then(|| said.to_owned())
            });
            let imports = desk.may(ObjectKind::Import, Action::Read);
            let plans = desk.may(ObjectKind::Plan, Action::Read);
            desk.show(&JobsPage { words: desk.words.clone(), frame, jobs, more, imports, plans })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `POST /admin/jobs/{id}/cancel`
pub(super) async fn cancel(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (id, now) = (path.into_inner(), sent.desk.now());
    // First in memory: the job may hold the only write transaction until it notices.
    sent.desk.pages.jobs.ask_to_stop(id);
    sent.act(move |conn| -> Result<_, AppError> {
        jobs::cancel(conn, id, now)?;
        Ok((None, "/admin/jobs?done=cancelled".to_owned()))
    })
    .await
}
