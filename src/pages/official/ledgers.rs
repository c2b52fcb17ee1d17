//! `/exports`: ledgers by template, with the columns somebody saved, and where such columns are saved for these and other lists; ID numbers and phones only for who may read them and says why.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::app::Connection;
use crate::app::access::{ObjectKind, reason};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::exports::Form;
use crate::app::ledgers::columns::{COLUMNS, Column};
use crate::app::ledgers::views;
use crate::app::ledgers::{Ask, Ledger, LedgerKind, ListKind, chosen, ledger};
use crate::domain::access::Action;
use crate::pages::desk::{Desk, Sent};
use crate::pages::frame::Frame;
use crate::pages::picker::{self, Picker};
use crate::pages::words::Words;
use crate::pages::{fault, form, links};

#[derive(Template)]
#[template(path = "official/ledgers.html")]
struct LedgersPage {
    words: Words,
    frame: Frame,
    today: NaiveDate,
    picker: Picker,
    /// Whether the caller may take ID numbers and phones along.
    may_open: bool,
    typed: form::Form,
}

impl LedgersPage {
    /// What can be downloaded: the templates, then the caller's own.
    fn choices(&self) -> Vec<(String, String)> {
        let words = &self.words;
        let templates =
            LedgerKind::ALL.iter().map(|kind| (kind.code().to_owned(), words.label(kind.label()).to_owned()));
        let own = self.picker.views.iter().filter(|view| matches!(view.kind, ListKind::Ledger(_)));
        let own = own.map(|view| (format!("view-{}", view.id), self.picker.name(view, words)));
        templates.chain(own).collect()
    }
}

/// The lists whose columns are chosen here.
fn lists() -> Vec<ListKind> {
    ListKind::all().filter(|kind| *kind != ListKind::Roster).collect()
}

/// `GET /exports`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let frame = desk.frame_saying(picker::said);
    page(&desk, (frame, form::Form::default()), None).await
}

async fn page(desk: &Desk, (frame, typed): (Frame, form::Form), error: Option<&AppError>) -> HttpResponse {
    let (account, asked, shown) = (desk.account().unwrap_or_default(), desk.query("list"), typed.clone());
    let load = move |conn: &mut Connection| {
        Picker::load(conn, account, (links::EXPORTS, lists()), (asked.as_deref(), shown.clone()))
    };
    match desk.read(load).await {
        Ok(picker) => {
            let page = LedgersPage {
                words: desk.words.clone(),
                frame,
                today: desk.today(),
                picker,
                may_open: desk.may(ObjectKind::PersonalData, Action::Read),
                typed,
            };
            desk.show_as(error.map_or(actix_web::http::StatusCode::OK, fault::status), &page)
        }
        Err(error) => desk.refuse(&error),
    }
}

/// What a download names: a template, or a view of the caller.
fn which(conn: &mut Connection, account: i64, asked: &str) -> Result<(LedgerKind, Vec<&'static Column>), AppError> {
    let unknown = || FieldError::new("?ledger", FieldCode::NotInList);
    match asked.strip_prefix("view-") {
        None => {
            let kind = LedgerKind::from_code(asked).ok_or_else(unknown)?;
            Ok((kind, chosen(kind, &[])?))
        }
        Some(id) => {
            let own = views::list(conn, account)?;
            let view = own.into_iter().find(|view| view.id.to_string() == id).ok_or_else(unknown)?;
            let ListKind::Ledger(kind) = view.kind else { return Err(unknown().into()) };
            let codes: Vec<&str> = view.columns.iter().map(String::as_str).collect();
            Ok((kind, chosen(kind, &codes)?))
        }
    }
}

fn day(text: Option<&str>, today: NaiveDate) -> Result<NaiveDate, AppError> {
    let read = |text: &str| text.parse().map_err(|_| FieldError::new("?as_of", FieldCode::BadDate));
    Ok(text.filter(|text| !text.is_empty()).map(read).transpose()?.unwrap_or(today))
}

fn form_of(request: &HttpRequest) -> Result<Form, AppError> {
    let extension = request.path().rsplit_once('.').map(|(_, extension)| extension);
    extension.and_then(Form::from_code).ok_or(AppError::NotFound)
}

fn file(kind: LedgerKind, as_of: NaiveDate, form: Form, bytes: Vec<u8>) -> HttpResponse {
    let name = format!("{}-{as_of}.{}", kind.code(), form.code());
    HttpResponse::Ok()
        .content_type(form.content_type())
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

/// `GET /exports/ledger.xlsx?ledger=…&as_of=…`, or `.csv`: without ID numbers and phones, which a saved view may name.
pub(super) async fn download(desk: Desk, request: HttpRequest) -> HttpResponse {
    match downloaded(&desk, &request).await {
        Ok(answer) => answer,
        Err(error) => desk.refuse(&error),
    }
}

async fn downloaded(desk: &Desk, request: &HttpRequest) -> Result<HttpResponse, AppError> {
    let form = form_of(request)?;
    let as_of = day(desk.query("as_of").as_deref(), desk.today())?;
    let (asked, account) = (desk.query("ledger").unwrap_or_default(), desk.account().unwrap_or_default());
    let (within, lang, today, reader) = (desk.within(), desk.lang(), desk.today(), desk.clone());
    let (kind, bytes) = desk
        .compute({
            let db = desk.pages.db.clone();
            move || {
                let (kind, found) = db.read(|conn| {
                    let (kind, mut columns) = which(conn, account, &asked)?;
                    columns.retain(|column| !column.is_personal);
                    let ask = Ask { kind, as_of, today, columns, lang, within };
                    Ok::<_, AppError>((kind, ledger(conn, db.keys(), &ask)?))
                })?;
                reader.shows(found.shown.iter().copied());
                Ok((kind, found.write(form)?))
            }
        })
        .await?;
    Ok(file(kind, as_of, form, bytes))
}

/// `POST /exports/full.xlsx`, or `.csv`: with ID numbers and phones; the purpose is kept with the persons.
pub(super) async fn full(sent: Sent, request: HttpRequest) -> HttpResponse {
    match opened(&sent, &request).await {
        Ok(answer) => answer,
        Err(error) => page(&sent.desk, (sent.desk.frame_with_fault(&error), sent.form.clone()), Some(&error)).await,
    }
}

async fn opened(sent: &Sent, request: &HttpRequest) -> Result<HttpResponse, AppError> {
    let (desk, form) = (&sent.desk, form_of(request)?);
    let purpose = reason(sent.form.text("purpose")).map_err(|code| FieldError::new("/purpose", code))?;
    desk.says(&purpose);
    let as_of = day(sent.form.given("as_of"), desk.today())?;
    let (asked, account) = (sent.form.text("ledger").to_owned(), desk.account().unwrap_or_default());
    let (within, lang, today, reader) = (desk.within(), desk.lang(), desk.today(), desk.clone());
    let keys = desk.keys().clone();
    let (kind, found): (LedgerKind, Ledger) = sent
        .look(move |conn| {
            let (kind, mut columns) = which(conn, account, &asked)?;
            for column in COLUMNS.iter().filter(|column| column.is_personal) {
                if !columns.iter().any(|other| other.code == column.code) {
                    columns.push(column);
                }
            }
            let ask = Ask { kind, as_of, today, columns, lang, within: within.clone() };
            let found = ledger(conn, &keys, &ask)?;
            reader.shows(found.shown.iter().copied());
            Ok((kind, found))
        })
        .await?;
    let bytes = desk.compute(move || found.write(form)).await?;
    Ok(file(kind, as_of, form, bytes))
}

/// `POST /exports/views`
pub(super) async fn save(sent: Sent) -> HttpResponse {
    match picker::save(&sent, links::EXPORTS).await {
        Ok(to) => crate::pages::sign_in::see(&sent.desk.words.to(&to)),
        Err(error) => page(&sent.desk, (sent.desk.frame_with_fault(&error), sent.form.clone()), Some(&error)).await,
    }
}

/// `POST /exports/views/{id}/remove`
pub(super) async fn remove(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    picker::remove(sent, path, links::EXPORTS).await
}
