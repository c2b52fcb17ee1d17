//! `/ledgers`: ledgers by template as spreadsheets, with the columns and order asked for. They are in Chinese: they are handed in, and
//! read back by the importer.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{NoQuery, Query};
use super::page::Items;
use super::scalars::{Day, Id, LedgerKind, Paragraph, code_of};
use super::state::State;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::exports::Form;
use crate::app::ledgers::{self as app, Ask, columns, views};
use crate::domain::text::Lang;

code_of! {
    LedgerForm(Form) = "`xlsx` or `csv`.", ["xlsx", "csv"];
}

/// A column ledgers can have.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerColumn {
    #[schema(example = "household_code")]
    pub code: String,
    #[schema(example = "户编号")]
    pub name_zh: String,
    #[schema(example = "household code")]
    pub name_en: String,
    /// An ID number or a phone: only in the full file.
    #[schema(example = false)]
    pub personal: bool,
    /// The ledgers whose template has it.
    pub ledgers: Vec<LedgerKind>,
}

/// List the columns of ledgers
#[utoipa::path(operation_id = "list_ledger_columns", tag = "ledgers", responses((status = 200, description = "Every column.", body = Items<LedgerColumn>)))]
#[get("/ledgers/columns")]
pub async fn list_ledger_columns(_: State, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let ledgers = |column: &columns::Column| {
        let has = |kind: &&app::LedgerKind| columns::template(**kind).iter().any(|other| other.code == column.code);
        app::LedgerKind::ALL.iter().filter(has).map(|kind| LedgerKind(*kind)).collect()
    };
    let rows = columns::COLUMNS.iter().map(|column| LedgerColumn {
        code: column.code.to_owned(),
        name_zh: column.label.zh.to_owned(),
        name_en: column.label.en.to_owned(),
        personal: column.is_personal,
        ledgers: ledgers(column),
    });
    Ok(HttpResponse::Ok().json(Items { items: rows.collect::<Vec<_>>() }))
}

/// Which ledger, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LedgerQuery {
    /// Needed unless a view is named.
    pub kind: Option<LedgerKind>,
    /// A saved view of one's own: its ledger with its columns.
    pub view_id: Option<Id>,
    /// XLSX unless given.
    pub form: Option<LedgerForm>,
    /// Today unless given; work is listed from the first of its year.
    pub as_of: Option<Day>,
    /// Codes with a comma between, in the order wanted; the template's unless given.
    pub columns: Option<Paragraph>,
}

/// Ledger and columns of a view of the caller.
async fn view_of(service: &State, id: i64) -> Result<(app::LedgerKind, Vec<String>), ApiError> {
    let unknown = || ApiError::field("?view_id", FieldCode::NoSuchRecord);
    let account = service.by().account.ok_or_else(unknown)?;
    let own = service.read(move |conn| views::list(conn, account)).await?;
    let view = own.into_iter().find(|view| view.id == id).ok_or_else(unknown)?;
    match view.kind {
        app::ListKind::Ledger(kind) => Ok((kind, view.columns)),
        _ => Err(unknown()),
    }
}

async fn answered(service: &State, query: LedgerQuery, is_full: bool) -> Result<HttpResponse, ApiError> {
    let form = query.form.map_or(Form::Xlsx, |form| form.0);
    let today = service.today();
    let as_of = query.as_of.map_or(today, |day| day.0);
    let codes = query.columns.map(|columns| columns.0).unwrap_or_default();
    let mut codes: Vec<String> =
        codes.split(',').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let kind = match (query.kind, query.view_id) {
        (Some(kind), None) => kind.0,
        (None, None) => return Err(ApiError::field("?kind", FieldCode::Missing)),
        (kind, Some(id)) => {
            let view = view_of(service, id.0).await?;
            if kind.is_some_and(|kind| kind.0 != view.0) || !codes.is_empty() {
                return Err(ApiError::field("?view_id", FieldCode::Contradicts));
            }
            codes = view.1;
            view.0
        }
    };
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let at_query = |error: FieldError| AppError::from(FieldError { pointer: "?columns".to_owned(), ..error });
    let columns = app::chosen(kind, &codes).map_err(at_query)?;
    if !is_full && columns.iter().any(|column| column.is_personal) {
        return Err(ApiError::field("?columns", FieldCode::NotInList));
    }
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let (ask, db) = (Ask { kind, as_of, today, columns, lang: Lang::Zh, within }, service.db.clone());
    let (shown, bytes) = service
        .compute(move || {
            let ledger = db.read(|conn| app::ledger(conn, db.keys(), &ask))?;
            let bytes = ledger.write(form)?;
            Ok((ledger.shown, bytes))
        })
        .await?;
    service.shows(shown);
    let name = format!("{}-{as_of}.{}", kind.code(), form.code());
    Ok(HttpResponse::Ok()
        .content_type(form.content_type())
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}

/// Export a ledger
///
/// As a spreadsheet, without ID numbers and phones.
#[utoipa::path(operation_id = "export_ledger", tag = "ledgers", params(LedgerQuery), responses((status = 200, description = "The file.", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "text/csv")))))]
#[get("/ledgers/file")]
pub async fn export_ledger(service: State, query: Query<LedgerQuery>) -> Result<HttpResponse, ApiError> {
    answered(&service, query.0, false).await
}

/// Export a ledger in full
///
/// ID numbers and phones may be among the columns. The purpose is sent as `X-Access-Reason` and kept with the persons.
#[utoipa::path(operation_id = "export_full_ledger", tag = "ledgers", params(LedgerQuery), responses((status = 200, description = "The file.", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "text/csv")))))]
#[get("/ledgers/full-file")]
pub async fn export_full_ledger(service: State, query: Query<LedgerQuery>) -> Result<HttpResponse, ApiError> {
    if !service.has_reason() {
        return Err(ApiError::field("#X-Access-Reason", FieldCode::Missing));
    }
    answered(&service, query.0, true).await
}
