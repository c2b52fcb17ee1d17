//! `/reports`: months as they were reported. Freeze, read, open the lists, sign, correct. No body here has a field for a figure.

use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoBody, NoQuery, Path, Query};
use super::once::{Once, Outcome};
use super::page::{Page, page, window};
use super::scalars::{CoverageState, Cursor, Day, Id, Limit, Line, Name, ReportMonth, ReportReason, ReportUnit};
use super::state::State;
use crate::app::Connection;
use crate::app::error::{AppError, FieldCode};
use crate::app::reports::freeze;
use crate::app::reports::lists::{self, Entry, Which};
use crate::app::reports::view::{self, ChangeRow, Correction, FigureRow, SignatureRow, Summary};

/// A month to be frozen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportWrite {
    pub community_id: Id,
    /// One that is over.
    pub month: ReportMonth,
}

/// Why a report is to be frozen anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportCorrectionWrite {
    /// Printed with the new version; no names of residents.
    pub reason: Line,
}

/// Who answers for a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportSignature {
    pub account_id: Id,
    pub name: Name,
    pub signed_on: Day,
    pub signed_at: DateTime<Utc>,
    /// What was signed.
    pub content_hash: String,
}

impl From<SignatureRow> for ReportSignature {
    fn from(row: SignatureRow) -> Self {
        Self {
            account_id: Id(row.account_id),
            name: Name(row.name),
            signed_on: Day(row.signed_on),
            signed_at: row.signed_at.and_utc(),
            content_hash: row.content_hash,
        }
    }
}

/// A report in a list. It never changes; `signature` and `corrected_by_id` say what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportSummary {
    pub id: Id,
    pub community_id: Id,
    pub community_name: Line,
    pub month: ReportMonth,
    /// 1, and one more with each correction.
    #[schema(example = 1)]
    pub version: i64,
    /// Last day of the month.
    pub as_of: Day,
    pub frozen_on: Day,
    pub frozen_at: DateTime<Utc>,
    /// Account; null = the command line.
    pub frozen_by: Option<Id>,
    /// The version it corrects, and why.
    pub corrects_id: Option<Id>,
    pub reason: Option<Line>,
    pub corrected_by_id: Option<Id>,
    /// The report of the month before it is compared with; null = what is known now of that month.
    pub compared_id: Option<Id>,
    #[schema(example = 1)]
    pub policy_version: i64,
    #[schema(example = "2")]
    pub engine_version: String,
    /// Position of the last event that was known.
    #[schema(example = 40_112)]
    pub known_to: i64,
    /// Keyed hash of the facts the figures were counted from.
    pub data_hash: String,
    /// SHA-256 of the figures, their lists and the changes.
    pub content_hash: String,
    pub signature: Option<ReportSignature>,
}

impl From<Summary> for ReportSummary {
    fn from(report: Summary) -> Self {
        let data = report.data;
        Self {
            id: Id(report.id),
            community_id: Id(data.community_id),
            community_name: Line(report.community),
            month: ReportMonth(data.month),
            version: data.version,
            as_of: Day(data.as_of),
            frozen_on: Day(data.frozen_on),
            frozen_at: data.frozen_at.and_utc(),
            frozen_by: data.frozen_by.map(Id),
            corrects_id: data.corrects_id.map(Id),
            reason: data.reason.map(Line),
            corrected_by_id: report.corrected_by.map(Id),
            compared_id: data.compared_id.map(Id),
            policy_version: data.policy_version,
            engine_version: data.engine_version,
            known_to: data.known_to,
            data_hash: data.data_hash,
            content_hash: data.content_hash,
            signature: report.signature.map(ReportSignature::from),
        }
    }
}

/// A figure with its definition, in the words of the day it was frozen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportFigure {
    #[schema(example = "uncovered")]
    pub code: String,
    /// Channel or grid id; empty for a figure of all.
    #[schema(example = "")]
    pub group: String,
    #[schema(example = "未覆盖")]
    pub name_zh: String,
    #[schema(example = "uncovered")]
    pub name_en: String,
    #[schema(example = "月末没有人就业，并且至少一名成员可就业。")]
    pub definition_zh: String,
    #[schema(example = "Nobody works and at least one member is employable.")]
    pub definition_en: String,
    pub unit: ReportUnit,
    /// As many as its list has entries.
    #[schema(example = 212)]
    pub value: i64,
    /// The same a month before; null where it is not known.
    pub before: Option<i64>,
}

impl From<FigureRow> for ReportFigure {
    fn from(row: FigureRow) -> Self {
        let name = view::name(&row);
        Self {
            code: row.code,
            group: row.group_key,
            name_zh: name.zh,
            name_en: name.en,
            definition_zh: row.definition_zh,
            definition_en: row.definition_en,
            unit: ReportUnit(row.unit),
            value: row.value,
            before: row.value_before,
        }
    }
}

/// Households whose state is another one than a month before.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportChange {
    /// Null = not there then.
    pub from: Option<CoverageState>,
    /// Null = not there any more.
    pub to: Option<CoverageState>,
    pub reason: ReportReason,
    #[schema(example = 17)]
    pub households: i64,
}

impl From<ChangeRow> for ReportChange {
    fn from(row: ChangeRow) -> Self {
        Self {
            from: row.from_state.map(CoverageState),
            to: row.to_state.map(CoverageState),
            reason: ReportReason(row.reason),
            households: row.households,
        }
    }
}

/// A figure that says otherwise than in the version before.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportCorrection {
    #[schema(example = "uncovered")]
    pub code: String,
    #[schema(example = "")]
    pub group: String,
    #[schema(example = 212)]
    pub was: i64,
    #[schema(example = 211)]
    pub is: i64,
    /// Entries that came into the list.
    #[schema(example = 0)]
    pub entered: u64,
    #[schema(example = 1)]
    pub left: u64,
}

impl From<Correction> for ReportCorrection {
    fn from(row: Correction) -> Self {
        let Correction { code, group_key: group, was, is, entered, left, .. } = row;
        Self { code, group, was, is, entered, left }
    }
}

/// A report with all its figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    #[serde(flatten)]
    pub summary: ReportSummary,
    /// Covered of covered and uncovered, a fraction rounded down to four digits; null where nobody is counted.
    #[schema(example = 0.9412)]
    pub rate: Option<f64>,
    /// Whether it still says what was frozen.
    #[schema(example = true)]
    pub genuine: bool,
    pub figures: Vec<ReportFigure>,
    pub changes: Vec<ReportChange>,
    /// Empty in a first version.
    pub corrections: Vec<ReportCorrection>,
}

impl From<view::Report> for Report {
    fn from(report: view::Report) -> Self {
        Self {
            rate: report.rate().map(|points| f64::from(points) / 10_000.0),
            genuine: report.genuine,
            summary: report.summary.into(),
            figures: report.figures.into_iter().map(ReportFigure::from).collect(),
            changes: report.changes.into_iter().map(ReportChange::from).collect(),
            corrections: report.corrections.into_iter().map(ReportCorrection::from).collect(),
        }
    }
}

/// Freeze a month
///
/// Counts the month from the records as they are known now and keeps every figure with its list. Refused for a month that is not over
/// or is frozen already.
#[utoipa::path(operation_id = "freeze_monthly_report", tag = "reports", request_body = ReportWrite, responses((status = 201, description = "The report.", body = Report)))]
#[post("/reports")]
pub async fn freeze_monthly_report(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<ReportWrite>,
) -> Result<HttpResponse, ApiError> {
    let (moment, account, keys) = (service.moment(), service.account(), service.db.keys().clone());
    let of = (body.value.community_id.0, body.value.month.0);
    once.run(&service, &body.raw, move |conn| {
        let id = freeze::freeze(conn, &keys, of, moment, account)?;
        created(conn, id)
    })
    .await
}

fn created(conn: &mut Connection, id: i64) -> Result<Outcome, AppError> {
    Outcome::created(format!("/api/v1/reports/{id}"), None, &Report::from(view::report(conn, id)?))
}

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    pub month: Option<ReportMonth>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List reports
#[utoipa::path(operation_id = "list_reports", tag = "reports", params(ReportQuery), responses((status = 200, description = "A page of reports, every version.", body = Page<ReportSummary>)))]
#[get("/reports")]
pub async fn list_reports(service: State, query: Query<ReportQuery>) -> Result<HttpResponse, ApiError> {
    let month = query.0.month.map(|month| month.0);
    let list = format!("reports?{month:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let found = service.read(move |conn| view::page(conn, (within.as_deref(), month), rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, ReportSummary::from)))
}

/// Read a report
#[utoipa::path(operation_id = "get_report", tag = "reports", params(ById), responses((status = 200, description = "The report.", body = Report)))]
#[get("/reports/{id}")]
pub async fn get_report(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let report = service.read(move |conn| view::report(conn, path.0.id.0)).await?;
    Ok(HttpResponse::Ok().json(Report::from(report)))
}

/// Which list of a report, and part of it: a `figure` with its `group`, or the households of one of its changes by `reason`, `from`
/// and `to`.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportListQuery {
    /// Code of a figure.
    pub figure: Option<Line>,
    /// Needed where the figure has groups.
    pub group: Option<Line>,
    pub reason: Option<ReportReason>,
    pub from: Option<CoverageState>,
    pub to: Option<CoverageState>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

impl ReportListQuery {
    fn which(&self) -> Result<Which, ApiError> {
        match (&self.figure, self.reason) {
            (Some(figure), None) => Ok(Which::Figure {
                code: figure.0.clone(),
                group: self.group.as_ref().map(|group| group.0.clone()).unwrap_or_default(),
            }),
            (None, Some(reason)) => Ok(Which::Change {
                from: self.from.map(|state| state.0),
                to: self.to.map(|state| state.0),
                reason: reason.0,
            }),
            (None, None) => Err(ApiError::field("?figure", FieldCode::Missing)),
            (Some(_), Some(_)) => Err(ApiError::field("?reason", FieldCode::NotNeeded)),
        }
    }
}

/// An entry of a list of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportEntry {
    /// Of what the figure counts: its unit says what that is.
    pub id: Id,
    pub household_id: Option<Id>,
    /// Number in the ledger.
    pub household_code: Option<Line>,
    pub resident_id: Option<Id>,
    /// As it is now; null for what is kept no more.
    pub name: Option<Name>,
}

impl From<Entry> for ReportEntry {
    fn from(entry: Entry) -> Self {
        let head = entry.household.as_ref().and_then(|place| place.head_name.clone());
        Self {
            id: Id(entry.id),
            household_id: entry.household.as_ref().map(|place| Id(place.household)),
            household_code: entry.household.and_then(|place| place.code).map(Line),
            resident_id: entry.resident.as_ref().map(|(id, _)| Id(*id)),
            name: entry.resident.map(|(_, name)| name).or(head).map(Name),
        }
    }
}

/// Open a list of a report
///
/// Whom a figure counted when the report was frozen; as many entries as the figure says.
#[utoipa::path(operation_id = "list_report_entries", tag = "reports", params(ById, ReportListQuery), responses((status = 200, description = "A page of entries.", body = Page<ReportEntry>)))]
#[get("/reports/{id}/lists")]
pub async fn list_report_entries(
    service: State,
    path: Path<ById>,
    query: Query<ReportListQuery>,
) -> Result<HttpResponse, ApiError> {
    let (id, which) = (path.0.id.0, query.0.which()?);
    let list = format!("report-entries {id} {which:?}");
    let rows = window(&service, &list, query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| lists::list(conn, id, &which, rows)).await?;
    service.shows(found.shown);
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found.entries, |row| row.id, ReportEntry::from)))
}

/// Sign a report
///
/// The newest version of a month is signed once, by the account that asks.
#[utoipa::path(operation_id = "sign_report", tag = "reports", params(ById), responses((status = 200, description = "The report with its signature.", body = Report)))]
#[post("/reports/{id}/signature")]
pub async fn sign_report(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (id, moment, account) = (path.0.id.0, service.moment(), service.account());
    once.run(&service, &[], move |conn| {
        freeze::sign(conn, id, account.ok_or(AppError::NotAllowed)?, moment)?;
        Outcome::ok(None, &Report::from(view::report(conn, id)?))
    })
    .await
}

/// Correct a report
///
/// Freezes the month anew as another version, which says what changed and why; the version before stays as it is. Refused where
/// nothing would change.
#[utoipa::path(operation_id = "correct_report", tag = "reports", params(ById), request_body = ReportCorrectionWrite, responses((status = 201, description = "The new version.", body = Report)))]
#[post("/reports/{id}/corrections")]
pub async fn correct_report(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ReportCorrectionWrite>,
) -> Result<HttpResponse, ApiError> {
    let (id, moment, account, keys) = (path.0.id.0, service.moment(), service.account(), service.db.keys().clone());
    let reason = body.value.reason.0;
    once.run(&service, &body.raw, move |conn| {
        let id = freeze::correct(conn, &keys, id, &reason, moment, account)?;
        created(conn, id)
    })
    .await
}
