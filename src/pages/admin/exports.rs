//! `/admin/exports`: the lists somebody may take along, as spreadsheets. Each is what its page shows, and each is audited.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;

use super::imports::file;
use crate::app::access::members_of;
use crate::app::coverage::report::ListFilter;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::exports::{self, Form};
use crate::app::postings::PostingFilter;
use crate::domain::access::{Action, ObjectKind};
use crate::domain::codes::CoverageState;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "admin/exports.html")]
struct ExportsPage {
    words: Words,
    frame: Frame,
    today: NaiveDate,
    households: bool,
}

/// `GET /admin/exports`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let households = desk.may(ObjectKind::CoverageList, Action::List);
    desk.show(&ExportsPage { words: desk.words.clone(), frame: desk.frame(), today: desk.today(), households })
}

/// The day of a query; today unless given.
fn day(desk: &Desk) -> Result<NaiveDate, AppError> {
    let asked = desk.query("as_of");
    let read = |text: String| text.parse().map_err(|_| FieldError::new("?as_of", FieldCode::BadDate));
    Ok(asked.map(read).transpose()?.unwrap_or_else(|| desk.today()))
}

async fn households_file(desk: &Desk, form: Form) -> Result<HttpResponse, AppError> {
    let (as_of, lang, db, within) = (day(desk)?, desk.lang(), desk.pages.db.clone(), desk.within());
    let state = desk.query("state").as_deref().and_then(CoverageState::from_code);
    let filter = ListFilter { state, ..ListFilter::default() };
    let (bytes, ids) = desk
        .compute(move || {
            let (table, ids) = exports::households(&db, as_of, &filter, within.as_deref(), lang)?;
            Ok((table.write(form)?, ids))
        })
        .await?;
    desk.shows(desk.read(move |conn| members_of(conn, &ids)).await?);
    Ok(file(&format!("households-{as_of}.{}", form.code()), form.content_type(), bytes))
}

/// How the list at an address is written: its extension says so.
pub(super) fn form_of(request: &HttpRequest) -> Result<Form, AppError> {
    let extension = request.path().rsplit_once('.').map(|(_, extension)| extension);
    extension.and_then(Form::from_code).ok_or(AppError::NotFound)
}

/// `GET /admin/exports/households.xlsx?as_of=…&state=…`, or `.csv`
pub(super) async fn households(desk: Desk, request: HttpRequest) -> HttpResponse {
    let made = match form_of(&request) {
        Ok(form) => households_file(&desk, form).await,
        Err(error) => Err(error),
    };
    made.unwrap_or_else(|error| desk.refuse(&error))
}

async fn postings_file(desk: &Desk, form: Form) -> Result<HttpResponse, AppError> {
    let (today, lang) = (desk.today(), desk.lang());
    let open_on = desk.query("open").is_some().then_some(today);
    let among = desk.reach().employers().map(<[i64]>::to_vec);
    let filter = PostingFilter { open_on, among, ..PostingFilter::default() };
    let bytes = desk.read(move |conn| exports::postings(conn, &filter, today, lang)?.write(form)).await?;
    Ok(file(&format!("postings-{today}.{}", form.code()), form.content_type(), bytes))
}

/// `GET /admin/exports/postings.xlsx?open=yes`, or `.csv`
pub(super) async fn postings(desk: Desk, request: HttpRequest) -> HttpResponse {
    let made = match form_of(&request) {
        Ok(form) => postings_file(&desk, form).await,
        Err(error) => Err(error),
    };
    made.unwrap_or_else(|error| desk.refuse(&error))
}
