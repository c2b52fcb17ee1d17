//! `/due`: what waits for a counselor.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::Query;
use super::guard;
use super::page::{page, window};
use super::scalars::{Cursor, Day, DueKind, Id, Limit, Name, YesNo};
use super::state::State;
use crate::app::access::members_of;
use crate::app::due::{self as app, DueFilter};

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DueQuery {
    pub kind: Option<DueKind>,
    /// Only what is late.
    pub overdue: Option<YesNo>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// Something that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueItem {
    pub kind: DueKind,
    /// Last day in time; null = no day.
    pub due_on: Option<Day>,
    #[schema(example = true)]
    pub overdue: bool,
    pub household_id: Option<Id>,
    pub resident_id: Option<Id>,
    /// The resident's, else that of the household's head.
    pub name: Option<Name>,
    /// The record it is about: a recognition, job, visit, concern, referral, posting or proposed change; of data to complete, the resident.
    pub record_id: Id,
    /// What is to be done and why.
    #[schema(example = "首次服务：已完成 0/1；2026-11-20 认定")]
    pub text: String,
}

/// How many wait of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueCount {
    pub kind: DueKind,
    #[schema(example = 12)]
    pub total: u64,
    #[schema(example = 3)]
    pub overdue: u64,
}

/// What waits, the most urgent first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueList {
    pub items: Vec<DueItem>,
    /// Of every kind, before the filter.
    pub counts: Vec<DueCount>,
    /// Send it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2a9f86d081884c7d65")]
    pub next_cursor: Option<String>,
}

/// List what waits for a counselor
///
/// Everything in one order: what is late first. Computed on each request, so a page is one of the list at that moment.
#[utoipa::path(operation_id = "list_due", tag = "due", params(DueQuery), responses((status = 200, description = "A page of the list.", body = DueList)))]
#[get("/due")]
pub async fn list_due(service: State, query: Query<DueQuery>, req: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (query, today, lang) = (query.0, service.today(), guard::lang(req.headers()));
    let filter =
        DueFilter { kind: query.kind.map(|kind| kind.0), overdue: query.overdue.is_some_and(|overdue| overdue.0) };
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let list = format!("due?{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let access = service.clone();
    let (found, counts) = service
        .read(move |conn| {
            let all = app::list(conn, within.as_deref(), filter, today)?;
            let found = rows.of((1..).zip(all.items).collect(), |(place, _)| *place);
            let households: Vec<i64> = found.iter().filter_map(|(_, due)| due.household).collect();
            access.shows(members_of(conn, &households)?);
            access.shows(found.iter().filter_map(|(_, due)| due.resident).collect::<Vec<i64>>());
            let (places, found): (Vec<i64>, Vec<app::Due>) = found.into_iter().unzip();
            let names = app::names(conn, &found)?;
            Ok((places.into_iter().zip(found.into_iter().zip(names)).collect::<Vec<_>>(), all.counts))
        })
        .await?;
    let show = |(_, (due, name)): (i64, (app::Due, Option<String>))| DueItem {
        name: name.map(Name),
        kind: DueKind(due.kind),
        due_on: due.due_on.map(Day),
        overdue: due.is_overdue(today),
        household_id: due.household.map(Id),
        resident_id: due.resident.map(Id),
        record_id: Id(due.record),
        text: due.text.get(lang).to_owned(),
    };
    let paged = page(&service, &list, rows, found, |(place, _)| *place, show);
    let count =
        |(kind, n): (app::DueKind, app::DueCount)| DueCount { kind: DueKind(kind), total: n.total, overdue: n.overdue };
    let counts = counts.into_iter().map(count).collect();
    Ok(HttpResponse::Ok().json(DueList { items: paged.items, counts, next_cursor: paged.next_cursor }))
}
