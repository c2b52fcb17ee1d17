//! `/admin/imports/{id}/columns`: what each column of a file is read as, and what its unknown words mean, before anything is written.
//!
//! Invariant: looking changes nothing; what a person chooses goes into the sealed input of the next check and is remembered, for every
//! file with the same head, when the file is written.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::import::load;
use crate::app::checks::{self, Check, Next};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::mapped::{self, MappedColumn, MappedSheet};
use crate::domain::text::Text;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::sign_in::see;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "admin/columns.html")]
struct ColumnsPage {
    words: Words,
    frame: Frame,
    check: Check,
    file_name: String,
    sheets: Vec<MappedSheet>,
    fields: Vec<(String, Text)>,
    form: Form,
    /// Every column may be changed; else only those a person should look at.
    all: bool,
    nothing_said: bool,
}

impl ColumnsPage {
    fn address(&self) -> String {
        format!("/admin/imports/{}", self.check.job.id)
    }

    fn title(&self, code: &str) -> String {
        mapped::title(code).map_or_else(|| code.to_owned(), |title| title.get(self.words.lang()).to_owned())
    }

    fn kind(&self, sheet: &MappedSheet) -> String {
        match &sheet.kind {
            Some((zh, en)) => self.words.say(zh, en).to_owned(),
            None => self.words.say("看不出是哪种表", "kind not known").to_owned(),
        }
    }

    fn missing(&self, sheet: &MappedSheet) -> String {
        let titles: Vec<String> = sheet.missing.iter().map(|code| self.title(code)).collect();
        titles.join(self.words.say("、", ", "))
    }

    fn why<'a>(&'a self, column: &'a MappedColumn) -> &'a str {
        self.words.say(&column.why.0, &column.why.1)
    }

    fn can_choose(&self, column: &MappedColumn) -> bool {
        self.check.is_open && (self.all || column.is_unsure() || column.is_given)
    }

    /// Whether a choice stands at a column: what was chosen before the form came back, else what the column is read as.
    fn stands(&self, (sheet, place): &(&usize, &usize), column: &MappedColumn, code: &str) -> bool {
        let now = column.field.as_deref().unwrap_or("-");
        self.form.given(&column_name(**sheet, **place)).unwrap_or(now) == code
    }

    fn word_stands(&self, (sheet, place): &(&usize, &usize), choice: &str) -> bool {
        self.form.has(&word_name(**sheet, **place), choice)
    }

    fn choices(&self, field: &str) -> Vec<&'static str> {
        mapped::choices(field)
    }

    /// Columns that cannot be changed here as they are certain.
    fn sure(&self) -> usize {
        self.sheets.iter().flat_map(|sheet| &sheet.columns).filter(|column| !self.can_choose(column)).count()
    }
}

fn column_name(sheet: usize, place: usize) -> String {
    format!("c-{sheet}-{place}")
}

fn word_name(sheet: usize, place: usize) -> String {
    format!("w-{sheet}-{place}")
}

async fn page(desk: Desk, id: i64, frame: Frame, form: Form, nothing_said: bool, status: StatusCode) -> HttpResponse {
    let asks = desk.clone();
    match desk.read(move |conn| load(&asks, conn, id)).await {
        Ok(mut check) => {
            let Some(result) = &mut check.result else { return desk.refuse(&AppError::NotFound) };
            let (file_name, sheets) = (result.file_name.clone(), std::mem::take(&mut result.sheets));
            let all = desk.query("all").is_some() || form.has("all", "yes");
            let (words, fields) = (desk.words.clone(), mapped::fields());
            let page = ColumnsPage { words, frame, check, file_name, sheets, fields, form, all, nothing_said };
            desk.show_as(status, &page)
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /admin/imports/{id}/columns?all=yes`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame();
    page(desk, path.into_inner(), frame, Form::default(), false, StatusCode::OK).await
}

/// `POST /admin/imports/{id}/columns`: the file is checked again, read as somebody says.
pub(super) async fn say(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let (desk, form) = (sent.desk.clone(), sent.form.clone());
    let outcome = sent.once(move |conn| {
        let check = load(&desk, conn, id)?;
        let sheets = check.result.ok_or(AppError::Stale)?.sheets;
        let said = mapped::said(
            &sheets,
            |sheet, place| form.given(&column_name(sheet, place)),
            |sheet, place| form.given(&word_name(sheet, place)),
        );
        if said.is_nothing() {
            return Err(FieldError::new("/columns", FieldCode::Missing).into());
        }
        mapped::check(&said)?;
        let job = checks::go_on(conn, &desk.pages.db, id, &Next::Say(said), desk.account(), desk.now())?;
        Ok((None, format!("/admin/imports/{job}?done=said")))
    });
    let outcome = outcome.await;
    let desk = sent.desk;
    match outcome {
        Ok(to) => {
            desk.pages.jobs.wake();
            see(&desk.words.to(&to))
        }
        Err(error) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            let nothing_said =
                matches!(&error, AppError::Invalid(fields) if fields.iter().any(|f| f.pointer == "/columns"));
            page(desk, id, frame, sent.form, nothing_said, status).await
        }
    }
}
