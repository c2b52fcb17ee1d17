//! `/admin/imports`: a ledger or posting list in, looked at before it is written; and what came in before.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use askama::Template;
use chrono::NaiveDate;

use super::typed::Typed;
use crate::app::checks::{self, Check};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::imports;
use crate::app::jobs::{JobKind, Queue};
use crate::app::stored_imports::{self, Batch};
use crate::app::work::{self, ImportInput};
use crate::domain::codes::JobState;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::frame::Frame;
use crate::pages::sign_in::see;
use crate::pages::upload::SentFile;
use crate::pages::words::Words;

/// Checks and imports shown of each.
const ROWS: i64 = 20;
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "admin/imports.html")]
struct ImportsPage {
    words: Words,
    frame: Frame,
    today: NaiveDate,
    typed: Typed,
    uploads: Vec<Check>,
    batches: Vec<Batch>,
    /// The oldest import of a page that is not the last.
    more: Option<i64>,
}

impl ImportsPage {
    /// Class and words of what became of a file.
    fn state(&self, upload: &Check) -> (&'static str, String) {
        let words = &self.words;
        match (upload.job.state, &upload.result) {
            (JobState::Queued | JobState::Running, _) => {
                ("exempt", format!("{} {}%", words.label(upload.job.state.label()), upload.job.progress))
            }
            (JobState::Succeeded, Some(result)) if result.batch.is_some() && !result.stopped => {
                ("good", words.say("已写入", "written").to_owned())
            }
            (JobState::Succeeded, Some(_)) if !upload.is_open => {
                ("exempt", words.say("看过了，已接着办或丢弃", "seen; it went on or was let go").to_owned())
            }
            (JobState::Succeeded, Some(result)) if result.errors > 0 => {
                ("bad", format!("{} {}", result.errors, words.say("个错误要改", "errors to correct")))
            }
            (JobState::Succeeded, Some(_)) => {
                ("good", words.say("查过了，可以写入", "checked, may be written").to_owned())
            }
            (state, _) => ("bad", words.label(state.label()).to_owned()),
        }
    }

    fn name(&self, upload: &Check) -> String {
        upload.result.as_ref().map_or_else(
            || format!("{} {}", self.words.say("任务", "Job"), upload.job.id),
            |result| result.file_name.clone(),
        )
    }
}

async fn shown(desk: Desk, frame: Frame, typed: Typed, status: StatusCode) -> HttpResponse {
    let before: Option<i64> = desk.query("before").and_then(|before| before.parse().ok());
    let (queue, db, now) = (desk.pages.jobs.clone(), desk.pages.db.clone(), desk.now());
    let account = desk.account().unwrap_or_default();
    let read = desk.read(move |conn| {
        let uploads = checks::latest(conn, &db, &queue, account, ROWS, now)?;
        let batches = stored_imports::latest(conn, before, ROWS + 1)?;
        Ok((uploads, batches))
    });
    match read.await {
        Ok((uploads, mut batches)) => {
            let rows = usize::try_from(ROWS).unwrap_or_default();
            let is_more = batches.len() > rows;
            batches.truncate(rows);
            let more = batches.last().filter(|_| is_more).map(|batch| batch.id);
            let (words, today) = (desk.words.clone(), desk.today());
            desk.show_as(status, &ImportsPage { words, frame, today, typed, uploads, batches, more })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /admin/imports`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let frame = desk.frame();
    shown(desk, frame, Typed::default(), StatusCode::OK).await
}

/// What a form asks to import, as a job's input.
fn input(sent: &Sent, file: Option<(String, Vec<u8>)>) -> Result<Vec<u8>, AppError> {
    let (file_name, bytes) = file.ok_or_else(|| FieldError::new("/file", FieldCode::Missing))?;
    let as_of = sent.form.need("as_of", FieldCode::BadDate)?;
    let input = ImportInput {
        file_name,
        as_of,
        dry_run: true,
        accept_clean_rows: false,
        corrections: Vec::new(),
        said: imports::Said::default(),
        for_a_person: true,
    };
    work::frame(&input, &bytes)
}

/// `POST /admin/imports`: the file is looked at; nothing of it is written yet.
pub(super) async fn start(upload: SentFile) -> HttpResponse {
    let SentFile { sent, file } = upload;
    let outcome = match input(&sent, file) {
        Ok(input) => {
            let (db, now, account) = (sent.desk.pages.db.clone(), sent.desk.now(), sent.desk.account());
            sent.once(move |conn| {
                let id = Queue::enqueue(conn, &db, JobKind::Import, &input, account, now)?;
                Ok((None, format!("/admin/imports/{id}")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    let desk = sent.desk;
    match outcome {
        Ok(to) => {
            desk.pages.jobs.wake();
            see(&desk.words.to(&to))
        }
        Err(error) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            let typed = Typed::new(sent.form, &error, desk.lang());
            shown(desk, frame, typed, status).await
        }
    }
}

/// A file as an answer.
pub(super) fn file(name: &str, content_type: &'static str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

/// `GET /admin/imports/templates/labour-ledger.xlsx`
pub(super) async fn ledger_template(desk: Desk) -> HttpResponse {
    template(&desk, "labour-ledger.xlsx", imports::labour_ledger_template().map_err(|error| error.to_string()))
}

/// `GET /admin/imports/templates/postings.xlsx`
pub(super) async fn postings_template(desk: Desk) -> HttpResponse {
    template(&desk, "postings.xlsx", imports::postings_template().map_err(|error| error.to_string()))
}

fn template(desk: &Desk, name: &str, bytes: Result<Vec<u8>, String>) -> HttpResponse {
    match bytes {
        Ok(bytes) => file(name, XLSX, bytes),
        Err(error) => crate::pages::failure(desk.lang(), &error),
    }
}
