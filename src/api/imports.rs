//! `/imports`: ledgers and posting lists in, as jobs; what was found in them.

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, ErrorCode};
use super::extract::{BodyDeadline, ById, NoQuery, Path, Query};
use super::guard;
use super::jobs::Job;
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{Cursor, Day, Id, Limit, Severity};
use super::state::State;
use crate::app::error::FieldCode;
use crate::app::jobs::{JobKind, Queue};
use crate::app::stored_imports as app;
use crate::app::work::{self, ImportInput};
use crate::domain::text::Lang;
use crate::pages::multipart::{self, UPLOAD_LIMIT};

/// Longest value of another field of the form.
const FIELD_LIMIT: usize = 16;

/// A ledger or posting list, as a form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form; the handler reads its parts as they arrive")]
pub struct ImportUpload {
    /// `.xlsx`, `.xls`, or `.csv` in UTF-8 or GB18030.
    #[schema(value_type = String, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// The day the data speaks of; today unless given.
    as_of: Option<Day>,
    /// Say what would happen and write nothing.
    #[schema(example = false)]
    dry_run: Option<bool>,
    /// Store the rows without errors and give the others back.
    #[schema(example = false)]
    accept_clean_rows: Option<bool>,
}

/// The parts of the form.
struct Form {
    file: Option<(String, Vec<u8>)>,
    as_of: Option<Day>,
    dry_run: bool,
    accept_clean_rows: bool,
}

async fn read_form(form: Multipart) -> Result<Form, ApiError> {
    let parts = multipart::read(form, &["as_of", "dry_run", "accept_clean_rows"], FIELD_LIMIT).await?;
    let mut read = Form { file: parts.file, as_of: None, dry_run: false, accept_clean_rows: false };
    for (name, text) in parts.texts {
        let yes_no = || match text.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(ApiError::field(format!("/{name}"), FieldCode::NotInList)),
        };
        match name.as_str() {
            "as_of" => {
                let day = serde_json::from_value(text.into());
                read.as_of = Some(day.map_err(|_| ApiError::field("/as_of", FieldCode::BadDate))?);
            }
            "dry_run" => read.dry_run = yes_no()?,
            _ => read.accept_clean_rows = yes_no()?,
        }
    }
    Ok(read)
}

impl From<multipart::Fault> for ApiError {
    fn from(fault: multipart::Fault) -> Self {
        match fault {
            multipart::Fault::Malformed => ErrorCode::Malformed.into(),
            multipart::Fault::TooLarge => ErrorCode::TooLarge.into(),
            multipart::Fault::Part(pointer, code) => Self::field(pointer, code),
        }
    }
}

/// Import a ledger or posting list
///
/// Starts a job; follow it under `Location`. All or nothing unless `accept_clean_rows` is given.
#[utoipa::path(operation_id = "start_import", tag = "imports", request_body(content = ImportUpload, content_type = "multipart/form-data"), responses((status = 202, description = "The job.", body = Job)))]
#[post("/imports")]
pub async fn start_import(
    service: State,
    req: HttpRequest,
    once: Once,
    _: NoQuery,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let content_type = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("multipart/form-data")) {
        return Err(ErrorCode::UnsupportedMedia.into());
    }
    let announced = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > UPLOAD_LIMIT) {
        return Err(ErrorCode::TooLarge.into());
    }
    let deadline = req.app_data::<BodyDeadline>().copied().unwrap_or_default();
    let form = read_form(Multipart::new(req.headers(), payload));
    let form = match actix_web::rt::time::timeout(deadline.0, form).await {
        Ok(form) => form?,
        Err(_) => return Err(ErrorCode::BodyTimeout.into()),
    };
    let (file_name, bytes) = form.file.ok_or_else(|| ApiError::field("/file", FieldCode::Missing))?;
    let input = ImportInput {
        file_name,
        as_of: form.as_of.map_or_else(|| service.today(), |day| day.0),
        dry_run: form.dry_run,
        accept_clean_rows: form.accept_clean_rows,
        corrections: Vec::new(),
        said: crate::app::imports::Said::default(),
        for_a_person: false,
    };
    let input = work::frame(&input, &bytes).map_err(ApiError::from)?;
    let (db, queue, now, body) = (service.db.clone(), service.jobs.clone(), service.now(), input.clone());
    let account = service.account();
    let answer = once
        .run(&service, &body, move |conn| {
            let id = Queue::enqueue(conn, &db, JobKind::Import, &input, account, now)?;
            Outcome::accepted(format!("/api/v1/jobs/{id}"), &Job::show(queue.get(conn, &db, id, now)?, lang)?)
        })
        .await?;
    service.jobs.wake();
    Ok(answer)
}

/// What was stored of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    pub id: Id,
    #[schema(example = "台账.xlsx")]
    pub file_name: String,
    /// The day the data speaks of.
    pub as_of: Day,
    /// Whether rows without errors were stored beside rejected ones.
    #[schema(example = false)]
    pub accept_clean_rows: bool,
    /// Rows that made something new.
    #[schema(example = 812)]
    pub created: i64,
    /// Rows that changed something.
    #[schema(example = 3)]
    pub updated: i64,
    #[schema(example = 0)]
    pub unchanged: i64,
    #[schema(example = 0)]
    pub rejected: i64,
    pub created_at: DateTime<Utc>,
}

impl From<app::Batch> for Import {
    fn from(batch: app::Batch) -> Self {
        Self {
            id: Id(batch.id),
            file_name: batch.data.file_name,
            as_of: Day(batch.data.as_of),
            accept_clean_rows: batch.data.accept_clean_rows,
            created: batch.data.created,
            updated: batch.data.updated,
            unchanged: batch.data.unchanged,
            rejected: batch.data.rejected,
            created_at: batch.data.created_at.and_utc(),
        }
    }
}

/// Part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List imports
#[utoipa::path(operation_id = "list_imports", tag = "imports", params(ImportQuery), responses((status = 200, description = "A page of imports.", body = Page<Import>)))]
#[get("/imports")]
pub async fn list_imports(service: State, query: Query<ImportQuery>) -> Result<HttpResponse, ApiError> {
    let list = "imports";
    let rows = window(&service, list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, list, rows, found, |batch| batch.id, Import::from)))
}

/// Read an import
#[utoipa::path(operation_id = "get_import", tag = "imports", params(ById), responses((status = 200, description = "The import.", body = Import)))]
#[get("/imports/{id}")]
pub async fn get_import(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let batch = service.read(move |conn| app::get(conn, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Import::from(batch)))
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindingQuery {
    /// Findings of this severity only.
    pub severity: Option<Severity>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Something found in a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    pub id: Id,
    /// Stable code.
    #[schema(example = "id_number_checksum")]
    pub code: String,
    pub severity: Severity,
    #[schema(example = "劳动力台账")]
    pub sheet: String,
    /// Row as the spreadsheet numbers it; 0 = the sheet as a whole.
    #[schema(example = 17)]
    pub row: i64,
    /// Column by its heading.
    #[schema(example = "身份证号")]
    pub column: Option<String>,
    /// At most the last two characters visible.
    #[schema(example = "****************42")]
    pub masked_value: Option<String>,
    /// What is wrong and what to do.
    #[schema(example = "身份证号校验码不符，请核对证件。")]
    pub message: String,
}

impl Finding {
    fn show((id, finding): (i64, app::Finding), lang: Lang) -> Self {
        Self {
            id: Id(id),
            code: finding.code,
            severity: Severity(finding.severity),
            sheet: finding.sheet,
            row: finding.row_number,
            column: finding.column_name,
            masked_value: finding.masked_value,
            message: match lang {
                Lang::Zh => finding.message_zh,
                Lang::En => finding.message_en,
            },
        }
    }
}

/// List what was found in a file
#[utoipa::path(operation_id = "list_import_findings", tag = "imports", params(ById, FindingQuery), responses((status = 200, description = "A page of findings.", body = Page<Finding>)))]
#[get("/imports/{id}/findings")]
pub async fn list_import_findings(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    query: Query<FindingQuery>,
) -> Result<HttpResponse, ApiError> {
    let (id, lang) = (path.0.id.0, guard::lang(req.headers()));
    let severity = query.0.severity.map(|severity| severity.0);
    let list = format!("imports/{id}?{severity:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::findings(conn, id, severity, rows)).await?;
    let show = |row| Finding::show(row, lang);
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |(id, _)| *id, show)))
}
