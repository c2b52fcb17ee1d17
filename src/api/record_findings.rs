//! `/record-findings`: records to complete or to contradict, by household.

use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path, Query};
use super::guard;
use super::once::{Once, Outcome};
use super::page::{page, window};
use super::scalars::{Cursor, Id, Limit, Name, RecordFindingKind};
use super::state::State;
use crate::app::access::members_of;
use crate::app::record_findings::{self as app, Counts, RecordFindingFilter};

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordFindingQuery {
    pub kind: Option<RecordFindingKind>,
    pub household_id: Option<Id>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Where a finding came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingOrigin {
    pub import_id: Id,
    #[schema(example = "劳动力台账.xlsx")]
    pub file_name: String,
    #[schema(example = "第一网格")]
    pub sheet: String,
    /// As the spreadsheet program counts.
    #[schema(example = 17)]
    pub row: i64,
    #[schema(example = "在校生状况")]
    pub column: Option<String>,
    #[schema(example = "上**")]
    pub masked_value: Option<String>,
}

/// Something to complete or to contradict.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordFinding {
    /// Of one that an import told, which can be said to be right; null for what follows from the records and goes with its cause.
    pub id: Option<Id>,
    pub kind: RecordFindingKind,
    /// A finding's stable code.
    #[schema(example = "in_school_employed")]
    pub code: String,
    pub household_id: Id,
    #[schema(example = "WJ-0421")]
    pub household_code: Option<String>,
    #[schema(example = "3栋")]
    pub building: String,
    #[schema(example = "2单元301")]
    pub unit: Option<String>,
    /// Null = the household as a whole.
    pub resident_id: Option<Id>,
    /// The resident's, else that of the household's head.
    pub name: Option<Name>,
    /// The job it is about.
    pub spell_id: Option<Id>,
    /// What is wrong, in words.
    #[schema(example = "在校生却有就业记录，请核实。")]
    pub text: String,
    /// Null where no import told it.
    pub origin: Option<FindingOrigin>,
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordFindingList {
    pub items: Vec<RecordFinding>,
    /// In the whole list.
    #[schema(example = 12)]
    pub contradictions: u64,
    /// In the whole list.
    #[schema(example = 40)]
    pub incomplete: u64,
    /// Send it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2a9f86d081884c7d65")]
    pub next_cursor: Option<String>,
}

/// List records to complete or to contradict
///
/// What imports found wrong, what contradicts itself on record, and what is not known of people who count as employable: by building,
/// flat and household. Computed on each request; an entry goes when the record is put right.
#[utoipa::path(operation_id = "list_record_findings", tag = "households", params(RecordFindingQuery), responses((status = 200, description = "A page of the queue.", body = RecordFindingList)))]
#[get("/record-findings")]
pub async fn list_record_findings(
    service: State,
    query: Query<RecordFindingQuery>,
    req: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (query, today, lang) = (query.0, service.today(), guard::lang(req.headers()));
    let filter = RecordFindingFilter {
        kind: query.kind.map(|kind| kind.0),
        household: query.household_id.map(|household| household.0),
    };
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let list = format!("record-findings?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let access = service.clone();
    let (found, counts) = service
        .read(move |conn| {
            let all = app::list(conn, within.as_deref(), filter, today)?;
            let counts = Counts::of(&all);
            let found = rows.of((1..).zip(all).collect(), |(place, _)| *place);
            let (places, found): (Vec<i64>, Vec<app::RecordFinding>) = found.into_iter().unzip();
            let homes: Vec<i64> = found.iter().map(|one| one.place.household).collect();
            access.shows(members_of(conn, &homes)?);
            let names = app::names(conn, &found)?;
            Ok((places.into_iter().zip(found.into_iter().zip(names)).collect::<Vec<_>>(), counts))
        })
        .await?;
    let show = |(_, (one, name)): (i64, (app::RecordFinding, Option<String>))| RecordFinding {
        id: one.id.map(Id),
        kind: RecordFindingKind(one.kind),
        code: one.code,
        household_id: Id(one.place.household),
        household_code: one.place.code,
        building: one.place.building,
        unit: one.place.unit,
        resident_id: one.resident.map(Id),
        name: name.or(one.place.head_name).map(Name),
        spell_id: one.spell.map(Id),
        text: one.text.get(lang).to_owned(),
        origin: one.origin.map(|origin| FindingOrigin {
            import_id: Id(origin.import),
            file_name: origin.file,
            sheet: origin.sheet,
            row: origin.row,
            column: origin.column,
            masked_value: origin.masked_value,
        }),
    };
    let paged = page(&service, &list, rows, found, |(place, _)| *place, show);
    let (contradictions, incomplete) = (counts.contradictions, counts.incomplete);
    let next_cursor = paged.next_cursor;
    Ok(HttpResponse::Ok().json(RecordFindingList { items: paged.items, contradictions, incomplete, next_cursor }))
}

/// What was looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingConfirmation {
    /// A finding about this household that an import told.
    pub finding_id: Id,
}

/// What somebody said to be right.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmedFinding {
    pub finding_id: Id,
    pub confirmed_at: DateTime<Utc>,
}

/// Say that a record is right as it is
///
/// The finding leaves the queue and is not asked again as long as later files say the same.
#[utoipa::path(operation_id = "confirm_record", tag = "households", params(ById), request_body = FindingConfirmation, responses((status = 200, description = "Written down.", body = ConfirmedFinding)))]
#[post("/households/{id}/finding-confirmations")]
pub async fn confirm_record(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<FindingConfirmation>,
) -> Result<HttpResponse, ApiError> {
    let (id, (now, _), by, finding) = (path.0.id.0, service.moment(), service.by(), body.value.finding_id.0);
    once.run(&service, &body.raw, move |conn| {
        app::settle(conn, (id, finding), now, by)?;
        Outcome::ok(None, &ConfirmedFinding { finding_id: Id(finding), confirmed_at: now.and_utc() })
    })
    .await
}
