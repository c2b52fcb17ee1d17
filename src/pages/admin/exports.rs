//! `/admin/exports`: the lists somebody may take along, as spreadsheets. Each is what its page shows, and each is audited.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;

use super::imports::file;
use crate::app::Connection;
use crate::app::access::members_of;
use crate::app::coverage::report::ListFilter;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::exports::{self, Form as FileForm};
use crate::app::ledgers::ListKind;
use crate::app::ledgers::views::View;
use crate::app::postings::PostingFilter;
use crate::domain::access::{Action, ObjectKind};
use crate::domain::codes::CoverageState;
use crate::pages::desk::Desk;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::links;
use crate::pages::picker::{self, Picker};
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "admin/exports.html")]
struct ExportsPage {
    words: Words,
    frame: Frame,
    today: NaiveDate,
    households: bool,
    picker: Picker,
}

impl ExportsPage {
    /// The caller's own columns of a list.
    fn views(&self, list: &str) -> Vec<&View> {
        ListKind::from_code(list).map(|kind| self.picker.of(&kind)).unwrap_or_default()
    }
}

/// `GET /admin/exports`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let households = desk.may(ObjectKind::CoverageList, Action::List);
    let account = desk.account().unwrap_or_default();
    let lists = vec![ListKind::Households, ListKind::Postings];
    let load = move |conn: &mut Connection| {
        Picker::load(conn, account, (links::EXPORTS, lists.clone()), (None, Form::default()))
    };
    match desk.read(load).await {
        Ok(picker) => {
            let (words, frame, today) = (desk.words.clone(), desk.frame(), desk.today());
            desk.show(&ExportsPage { words, frame, today, households, picker })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// The day of a query; today unless given.
fn day(desk: &Desk) -> Result<NaiveDate, AppError> {
    let asked = desk.query("as_of");
    let read = |text: String| text.parse().map_err(|_| FieldError::new("?as_of", FieldCode::BadDate));
    Ok(asked.map(read).transpose()?.unwrap_or_else(|| desk.today()))
}

/// The columns of the view named by `?view=`.
async fn columns(desk: &Desk, kind: ListKind) -> Result<Vec<String>, AppError> {
    let reader = desk.clone();
    desk.read(move |conn| picker::chosen(conn, &reader, kind)).await
}

async fn households_file(desk: &Desk, form: FileForm) -> Result<HttpResponse, AppError> {
    let (as_of, lang, db, within) = (day(desk)?, desk.lang(), desk.pages.db.clone(), desk.within());
    let state = desk.query("state").as_deref().and_then(CoverageState::from_code);
    let filter = ListFilter { state, ..ListFilter::default() };
    let codes = columns(desk, ListKind::Households).await?;
    let (bytes, ids) = desk
        .compute(move || {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            let (table, ids) = exports::households(&db, as_of, &filter, within.as_deref(), lang)?;
            Ok((table.with(exports::HOUSEHOLDS, &codes)?.write(form)?, ids))
        })
        .await?;
    desk.shows(desk.read(move |conn| members_of(conn, &ids)).await?);
    Ok(file(&format!("households-{as_of}.{}", form.code()), form.content_type(), bytes))
}

/// How the list at an address is written: its extension says so.
pub(super) fn form_of(request: &HttpRequest) -> Result<FileForm, AppError> {
    let extension = request.path().rsplit_once('.').map(|(_, extension)| extension);
    extension.and_then(FileForm::from_code).ok_or(AppError::NotFound)
}

/// `GET /admin/exports/households.xlsx?as_of=…&state=…&view=…`, or `.csv`
pub(super) async fn households(desk: Desk, request: HttpRequest) -> HttpResponse {
    let made = match form_of(&request) {
        Ok(form) => households_file(&desk, form).await,
        Err(error) => Err(error),
    };
    made.unwrap_or_else(|error| desk.refuse(&error))
}

async fn postings_file(desk: &Desk, form: FileForm) -> Result<HttpResponse, AppError> {
    let (today, lang) = (desk.today(), desk.lang());
    let open_on = desk.query("open").is_some().then_some(today);
    let among = desk.reach().employers().map(<[i64]>::to_vec);
    let filter = PostingFilter { open_on, among, ..PostingFilter::default() };
    let codes = columns(desk, ListKind::Postings).await?;
    let write = move |conn: &mut Connection| {
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        exports::postings(conn, &filter, today, lang)?.with(exports::POSTINGS, &codes)?.write(form)
    };
    let bytes = desk.read(write).await?;
    Ok(file(&format!("postings-{today}.{}", form.code()), form.content_type(), bytes))
}

/// `GET /admin/exports/postings.xlsx?open=yes&view=…`, or `.csv`
pub(super) async fn postings(desk: Desk, request: HttpRequest) -> HttpResponse {
    let made = match form_of(&request) {
        Ok(form) => postings_file(&desk, form).await,
        Err(error) => Err(error),
    };
    made.unwrap_or_else(|error| desk.refuse(&error))
}
