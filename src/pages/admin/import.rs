//! `/admin/imports/{id}`: one file on its way in: looked at, corrected cell by cell, written as a whole.
//!
//! Invariant: nothing is written before somebody says so; a value typed anew goes into the sealed input of the next job and
//! into no address. Who lost the right to import sees nothing of what an import found.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::exports::form_of;
use super::findings::{Filter, Found, Numbered};
use super::imports::{XLSX, file};
use super::typed::Typed;
use crate::app::Connection;
use crate::app::checks::{self, Check, Correction, LONGEST_VALUE, Next};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::mapped::MappedSheet;
use crate::app::work::{FINDINGS_IN_RESULT, FoundInFile, ImportResult, unframe};
use crate::app::{imports, jobs};
use crate::domain::access::{Action, ObjectKind};
use crate::domain::codes::JobState;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::{Frame, Note};
use crate::pages::sign_in::see;
use crate::pages::words::Words;

/// Findings on a page.
const ROWS: usize = 30;

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    words: Words,
    frame: Frame,
    check: Check,
    filter: Filter,
    /// Those of the filter, of this page.
    lines: Vec<Numbered>,
    /// How many the filter leaves.
    matching: usize,
    codes: Vec<String>,
    has_rejected_rows: bool,
    typed: Typed,
}

impl ImportPage {
    fn is_under_way(&self) -> bool {
        matches!(self.check.job.state, JobState::Queued | JobState::Running)
    }

    /// What was stored.
    fn written(&self) -> Option<&ImportResult> {
        self.check.result.as_ref().filter(|result| result.batch.is_some() && !result.stopped)
    }

    /// Rows that would make or change something.
    const fn rows(result: &ImportResult) -> u64 {
        result.created + result.updated + result.unchanged
    }

    fn is_cut(&self, result: &ImportResult) -> bool {
        usize::try_from(result.errors + result.warnings + result.infos).unwrap_or(usize::MAX) > FINDINGS_IN_RESULT
    }

    fn finding(&self, found: &FoundInFile) -> Found {
        Found::of_file(found, &self.words)
    }

    fn can_retype(&self, found: &FoundInFile) -> bool {
        self.check.is_open && found.in_a_cell && found.severity != "info"
    }

    /// What may be chosen for the cell of a finding; empty where it is typed.
    fn choices(&self, found: &FoundInFile) -> Vec<&'static str> {
        found.column.as_deref().map(imports::choices).unwrap_or_default()
    }

    fn shown_to(&self) -> usize {
        self.filter.from + self.lines.len()
    }

    /// Columns a person should look at.
    fn unsure(result: &ImportResult) -> usize {
        result.sheets.iter().map(MappedSheet::unsure).sum()
    }

    fn unknown_words(result: &ImportResult) -> usize {
        result.sheets.iter().map(|sheet| sheet.words.len()).sum()
    }

    fn is_missing_columns(result: &ImportResult) -> bool {
        result
            .sheets
            .iter()
            .any(|sheet| !sheet.missing.is_empty() || (sheet.kind.is_none() && !sheet.columns.is_empty()))
    }

    fn n_columns(result: &ImportResult) -> usize {
        result.sheets.iter().map(|sheet| sheet.columns.len()).sum()
    }

    fn address(&self) -> String {
        format!("/admin/imports/{}", self.check.job.id)
    }
}

/// An import is of use only to who may still import.
fn may_import(desk: &Desk, conn: &mut Connection) -> Result<(), AppError> {
    let may = desk.reach_for(conn, ObjectKind::Import, Action::Create)?.everything;
    if may { Ok(()) } else { Err(AppError::NotFound) }
}

pub(super) fn load(desk: &Desk, conn: &mut Connection, id: i64) -> Result<Check, AppError> {
    may_import(desk, conn)?;
    checks::get(conn, &desk.pages.db, &desk.pages.jobs, id, desk.now())
}

async fn page(desk: Desk, id: i64, mut frame: Frame, typed: Typed, filter: Filter, status: StatusCode) -> HttpResponse {
    let asks = desk.clone();
    match desk.read(move |conn| load(&asks, conn, id)).await {
        Ok(mut check) => {
            let is_under_way = matches!(check.job.state, JobState::Queued | JobState::Running);
            let said = desk.query("done");
            if !is_under_way && matches!(said.as_deref(), Some("corrected" | "said" | "writing")) {
                // What was under way has come to its end, which the page tells.
                frame.note = Note::default();
            }
            let all: Vec<Numbered> = match &mut check.result {
                Some(result) => std::mem::take(&mut result.findings).into_iter().enumerate().collect(),
                None => Vec::new(),
            };
            let mut codes: Vec<String> = all.iter().map(|(_, found)| found.code.clone()).collect();
            codes.sort_unstable();
            codes.dedup();
            let kept: Vec<Numbered> =
                all.into_iter().filter(|(_, found)| filter.holds(&found.severity, &found.code)).collect();
            let matching = kept.len();
            let lines: Vec<Numbered> = kept.into_iter().skip(filter.from).take(ROWS).collect();
            let tail = check.job.result.as_deref().map(unframe::<ImportResult>);
            let has_rejected_rows = matches!(tail, Some(Ok((_, rows))) if !rows.is_empty());
            let words = desk.words.clone();
            let page = ImportPage { words, frame, check, filter, lines, matching, codes, has_rejected_rows, typed };
            desk.show_as(status, &page)
        }
        Err(error) => desk.refuse(&error),
    }
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "corrected" => {
            words.say("改好的格子已带上，正在重新检查。", "With the cells typed anew, the file is checked again.")
        }
        "said" => words.say(
            "照您说的重新读列和词，正在再检查一次。",
            "It is checked again, with columns and words read as you say.",
        ),
        "writing" => words.say("正在写入，全部写入或一行不写。", "It is being written, all of it or nothing."),
        "discarded" => words.say("这份文件已丢弃，什么也没有写入。", "The file is gone; nothing was written."),
        "cancelled" => words.say("已请求取消，什么也不会写入。", "It was asked to stop; nothing will be written."),
        _ => return None,
    };
    Some(said.to_owned())
}

/// `GET /admin/imports/{id}?severity=…&code=…&from=N`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (frame, filter) = (desk.frame_saying(said), Filter::of(&desk));
    page(desk, path.into_inner(), frame, Typed::default(), filter, StatusCode::OK).await
}

/// The cells typed anew: `fix-N` is the value for finding N.
fn corrections(form: &Form, result: &ImportResult) -> Result<Vec<Correction>, AppError> {
    let mut faults = crate::app::error::Faults::default();
    let mut corrections = Vec::new();
    for (place, found) in result.findings.iter().enumerate().filter(|(_, found)| found.in_a_cell) {
        let field = format!("fix-{place}");
        match form.paragraph(&field, LONGEST_VALUE) {
            Ok(Some(value)) => corrections.push(Correction {
                sheet: found.sheet.clone(),
                row: found.row,
                column: found.column.clone().unwrap_or_default(),
                value,
            }),
            Ok(None) => {}
            Err(error) => faults.push(error),
        }
    }
    faults.done()?;
    if corrections.is_empty() {
        return Err(FieldError::new("/fix", FieldCode::Missing).into());
    }
    Ok(corrections)
}

/// `POST /admin/imports/{id}/correct`
pub(super) async fn correct(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let (desk, form) = (sent.desk.clone(), sent.form.clone());
    let outcome = sent.once(move |conn| {
        let check = load(&desk, conn, id)?;
        let result = check.result.ok_or(AppError::Stale)?;
        let next = Next::Correct(corrections(&form, &result)?);
        let job = checks::go_on(conn, &desk.pages.db, id, &next, desk.account(), desk.now())?;
        Ok((None, format!("/admin/imports/{job}?done=corrected")))
    });
    let outcome = outcome.await;
    after(sent, id, outcome).await
}

async fn after(sent: Sent, id: i64, outcome: Result<String, AppError>) -> HttpResponse {
    let desk = sent.desk;
    match outcome {
        Ok(to) => {
            desk.pages.jobs.wake();
            see(&desk.words.to(&to))
        }
        Err(error) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            let filter = Filter::typed(&sent.form);
            let typed = Typed::new(sent.form, &error, desk.lang());
            page(desk, id, frame, typed, filter, status).await
        }
    }
}

/// `POST /admin/imports/{id}/write`
pub(super) async fn write(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let (desk, form) = (sent.desk.clone(), sent.form.clone());
    let outcome = sent.once(move |conn| {
        load(&desk, conn, id)?;
        let next = Next::Write(form.has("clean_rows", "yes"));
        let job = checks::go_on(conn, &desk.pages.db, id, &next, desk.account(), desk.now())?;
        Ok((None, format!("/admin/imports/{job}?done=writing")))
    });
    let outcome = outcome.await;
    after(sent, id, outcome).await
}

/// `POST /admin/imports/{id}/discard`: a job that goes on is stopped, a file that is kept is let go.
pub(super) async fn discard(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let desk = sent.desk.clone();
    // First in memory: the job may hold the only write transaction until it notices.
    desk.pages.jobs.ask_to_stop(id);
    let outcome = sent.once(move |conn| {
        let check = load(&desk, conn, id)?;
        let done = if matches!(check.job.state, JobState::Queued | JobState::Running) {
            jobs::cancel(conn, id, desk.now())?;
            "cancelled"
        } else {
            checks::discard(conn, id, desk.now())?;
            "discarded"
        };
        Ok((None, format!("/admin/imports/{id}?done={done}")))
    });
    let outcome = outcome.await;
    after(sent, id, outcome).await
}

/// `GET /admin/imports/{id}/findings.xlsx` or `.csv`: everything that was found, of the filter.
pub(super) async fn download(desk: Desk, path: web::Path<i64>, request: HttpRequest) -> HttpResponse {
    let (id, lang) = (path.into_inner(), desk.lang());
    let (asks, filter) = (desk.clone(), Filter::of(&desk));
    let form = match form_of(&request) {
        Ok(form) => form,
        Err(error) => return desk.refuse(&error),
    };
    let made = desk.read(move |conn| {
        let check = load(&asks, conn, id)?;
        let result = check.result.ok_or(AppError::NotFound)?;
        let found = result.findings.iter().filter(|found| filter.holds(&found.severity, &found.code));
        let found: Vec<Found> = found.map(|found| Found::of_file(found, &asks.words)).collect();
        super::findings::table(&found, lang).write(form)
    });
    match made.await {
        Ok(bytes) => file(&format!("findings-{id}.{}", form.code()), form.content_type(), bytes),
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /admin/imports/{id}/rejected-rows`: the rows with errors, to correct in the spreadsheet and send again.
pub(super) async fn rejected_rows(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let (id, asks) = (path.into_inner(), desk.clone());
    let read = desk.read(move |conn| {
        let check = load(&asks, conn, id)?;
        let result = check.job.result.ok_or(AppError::NotFound)?;
        let rows = unframe::<ImportResult>(&result)?.1.to_vec();
        if rows.is_empty() { Err(AppError::NotFound) } else { Ok(rows) }
    });
    match read.await {
        Ok(rows) => file(&format!("rejected-rows-{id}.xlsx"), XLSX, rows),
        Err(error) => desk.refuse(&error),
    }
}
