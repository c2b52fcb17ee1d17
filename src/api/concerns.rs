//! `/concerns`: what residents complain of or object to, until it is answered.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoQuery, Path, Query, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Items, Page, page, window};
use super::scalars::{
    ChainLevel, ConcernAbout, ConcernOutcome, Cursor, Day, Id, Limit, Paragraph, SeriesMonths, YesNo,
};
use super::state::State;
use crate::app::concerns::{self as app, Answer, Ask, ConcernFields, NewConcern, counts};

/// What a concern is about, in whose words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernWrite {
    pub about: ConcernAbout,
    /// Needed where it is about an employer; the posting's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer_id: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posting_id: Option<Id>,
    /// What the person says; kept encrypted.
    pub text: Paragraph,
}

merge_patch!(ConcernPatch, ConcernWrite);

impl From<ConcernWrite> for ConcernFields {
    fn from(write: ConcernWrite) -> Self {
        Self {
            about: write.about.0,
            employer: write.employer_id.map(|id| id.0),
            posting: write.posting_id.map(|id| id.0),
            text: write.text.0,
        }
    }
}

/// How a concern ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernAnswer {
    pub outcome: ConcernOutcome,
    /// What was done, or why not; kept encrypted.
    pub text: Paragraph,
}

impl From<ConcernAnswer> for Answer {
    fn from(answer: ConcernAnswer) -> Self {
        Self { outcome: answer.outcome.0, text: answer.text.0 }
    }
}

/// A concern to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernOpen {
    pub about: ConcernAbout,
    /// Needed where it is about an employer; the posting's unless given.
    pub employer_id: Option<Id>,
    pub posting_id: Option<Id>,
    /// What the person says; kept encrypted.
    pub text: Paragraph,
    /// Today unless given, or before.
    pub opened_on: Option<Day>,
    /// With `automated_decision` only: the person wants no decisions by a program alone any more. It holds at once.
    #[serde(default)]
    #[schema(example = false)]
    pub refuses_automation: bool,
    /// For what was mended at once: the concern is opened and closed.
    pub answer: Option<ConcernAnswer>,
}

/// A concern of a resident.
#[derive(Debug, Serialize, ToSchema)]
pub struct Concern {
    pub id: Id,
    pub resident_id: Id,
    pub about: ConcernAbout,
    pub employer_id: Option<Id>,
    pub posting_id: Option<Id>,
    /// Left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Paragraph>,
    /// The person wanted no decisions by a program alone any more.
    #[schema(example = false)]
    pub refuses_automation: bool,
    pub opened_on: Day,
    pub opened_by: Option<Id>,
    /// Last day in time.
    pub due_on: Day,
    /// Not closed, and late.
    #[schema(example = true)]
    pub overdue: bool,
    /// Who answers for it; of a closed one on the day it was closed.
    pub level: ChainLevel,
    pub closed_on: Option<Day>,
    pub outcome: Option<ConcernOutcome>,
    /// Left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Paragraph>,
    pub closed_by: Option<Id>,
}

impl From<app::Concern> for Concern {
    fn from(row: app::Concern) -> Self {
        Self {
            id: Id(row.id),
            resident_id: Id(row.resident_id),
            about: ConcernAbout(row.about),
            employer_id: row.employer.map(Id),
            posting_id: row.posting.map(Id),
            text: row.text.map(Paragraph),
            refuses_automation: row.refuses_automation,
            opened_on: Day(row.opened_on),
            opened_by: row.opened_by.map(Id),
            due_on: Day(row.due_on),
            overdue: row.overdue,
            level: ChainLevel(row.level),
            closed_on: row.closed_on.map(Day),
            outcome: row.outcome.map(ConcernOutcome),
            answer: row.answer.map(Paragraph),
            closed_by: row.closed_by.map(Id),
        }
    }
}

/// Open a concern of a resident
///
/// It is to be answered within `concern_answer_days` working days. Once late it goes up: to the community, then after each
/// `concern_level_days` working days more to the home-township group and the street.
#[utoipa::path(operation_id = "create_concern", tag = "concerns", params(ById), request_body = ConcernOpen, responses((status = 201, description = "The concern.", body = Concern)))]
#[post("/residents/{id}/concerns")]
pub async fn create_concern(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ConcernOpen>,
) -> Result<HttpResponse, ApiError> {
    let (resident, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let open = body.value;
    let new = NewConcern {
        fields: ConcernFields {
            about: open.about.0,
            employer: open.employer_id.map(|id| id.0),
            posting: open.posting_id.map(|id| id.0),
            text: open.text.0,
        },
        opened_on: open.opened_on.map_or(moment.1, |day| day.0),
        refuses_automation: open.refuses_automation,
        answer: open.answer.map(Into::into),
    };
    once.run(&service, &body.raw, move |conn| {
        let id = app::open(conn, &keys, resident, &new, moment, by)?;
        let made = app::get(conn, &keys, id, (moment.1, by))?;
        Outcome::created(format!("/api/v1/concerns/{id}"), Some(made.version), &Concern::from(made))
    })
    .await
}

/// Which concerns.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConcernQuery {
    pub resident_id: Option<Id>,
    pub about: Option<ConcernAbout>,
    /// true = only those not closed, false = only closed ones.
    pub open: Option<YesNo>,
    /// true = only those not closed and late.
    pub overdue: Option<YesNo>,
    /// Only those not closed for which this level answers today.
    pub level: Option<ChainLevel>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List concerns
///
/// A counselor sees those of the residents in reach, an official the late ones of them.
#[utoipa::path(operation_id = "list_concerns", tag = "concerns", params(ConcernQuery), responses((status = 200, description = "A page of concerns.", body = Page<Concern>)))]
#[get("/concerns")]
pub async fn list_concerns(service: State, query: Query<ConcernQuery>) -> Result<HttpResponse, ApiError> {
    let (query, by, today) = (query.0, service.by(), service.today());
    let ask = Ask {
        resident: query.resident_id.map(|id| id.0),
        about: query.about.map(|about| about.0),
        open: query.open.map(|open| open.0),
        overdue: query.overdue.is_some_and(|overdue| overdue.0),
        level: query.level.map(|level| level.0),
        within: service.reach().areas().map(<[i64]>::to_vec),
    };
    let list = format!("concerns?{ask:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, &ask, (rows, today), by)).await?;
    service.shows(found.iter().map(|row| row.resident_id));
    Ok(HttpResponse::Ok().json(page(&service, &list, rows, found, |row| row.id, Concern::from)))
}

/// Read a concern
#[utoipa::path(operation_id = "get_concern", tag = "concerns", params(ById), responses((status = 200, description = "The concern.", body = Concern)))]
#[get("/concerns/{id}")]
pub async fn get_concern(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (keys, today, by) = (service.db.keys().clone(), service.today(), service.by());
    let found = service.read(move |conn| app::get(conn, &keys, path.0.id.0, (today, by))).await?;
    Ok(shown(found.version, &Concern::from(found)))
}

/// Correct an open concern
#[utoipa::path(operation_id = "update_concern", tag = "concerns", params(ById), request_body = ConcernPatch, responses((status = 200, description = "The concern.", body = Concern)))]
#[patch("/concerns/{id}")]
pub async fn update_concern(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<ConcernPatch>,
) -> Result<HttpResponse, ApiError> {
    let (keys, moment, by) = (service.db.keys().clone(), service.moment(), service.by());
    let concern = service
        .write(move |conn| {
            let old = app::get(conn, &keys, path.0.id.0, (moment.1, by))?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let said = ConcernWrite {
                about: ConcernAbout(old.about),
                employer_id: old.employer.map(Id),
                posting_id: old.posting.map(Id),
                text: Paragraph(old.text.clone().unwrap_or_default()),
            };
            let fields = body.value.0.apply(&said)?.into();
            app::update(conn, &keys, (old.id, old.version), &fields, moment, by)
        })
        .await?;
    Ok(shown(concern.version, &Concern::from(concern)))
}

/// Close a concern with an answer
///
/// An official closes late ones only. What was closed stays so; what comes up again is a concern of its own.
#[utoipa::path(operation_id = "close_concern", tag = "concerns", params(ById), request_body = ConcernAnswer, responses((status = 200, description = "The concern.", body = Concern)))]
#[post("/concerns/{id}/close")]
pub async fn close_concern(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<ConcernAnswer>,
) -> Result<HttpResponse, ApiError> {
    let (id, keys, moment, by) = (path.0.id.0, service.db.keys().clone(), service.moment(), service.by());
    let answer = Answer::from(body.value);
    once.run(&service, &body.raw, move |conn| {
        let closed = app::close(conn, &keys, id, &answer, moment, by)?;
        Outcome::ok(Some(closed.version), &Concern::from(closed))
    })
    .await
}

/// The concerns of a grid, or of all grids together, in a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernCount {
    /// null for the sum, and for residents of no household.
    pub grid_id: Option<Id>,
    /// Empty for the sum, and for residents of no household.
    #[schema(example = "第一网格")]
    pub grid: String,
    #[schema(example = 9)]
    pub opened: u64,
    #[schema(example = 7)]
    pub closed: u64,
    /// Of those closed: on the day they were opened.
    #[schema(example = 4)]
    pub at_once: u64,
    /// At the end.
    #[schema(example = 3)]
    pub open: u64,
    /// Of those open: late.
    #[schema(example = 1)]
    pub overdue: u64,
    /// Of those open: who answers for them, by the level's code.
    pub levels: BTreeMap<String, u64>,
}

/// The concerns of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernMonth {
    /// First day of the month.
    pub first: Day,
    /// The day `open` and `overdue` are of: the month's last, or today.
    pub last: Day,
    /// The sum comes last.
    pub grids: Vec<ConcernCount>,
}

impl From<counts::MonthCount> for ConcernMonth {
    fn from(month: counts::MonthCount) -> Self {
        let count = |count: counts::Count| ConcernCount {
            grid_id: count.grid_id.map(Id),
            grid: count.grid,
            opened: count.opened,
            closed: count.closed,
            at_once: count.at_once,
            open: count.open,
            overdue: count.overdue,
            levels: count.levels.into_iter().map(|(level, n)| (level.code().to_owned(), n)).collect(),
        };
        Self { first: Day(month.first), last: Day(month.last), grids: month.grids.into_iter().map(count).collect() }
    }
}

/// How far back.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConcernCountQuery {
    /// How many months, this one included; 12 unless given.
    pub months: Option<SeriesMonths>,
}

/// Count concerns by month, grid and level
///
/// The latest month first. No person is named.
#[utoipa::path(operation_id = "count_concerns", tag = "concerns", params(ConcernCountQuery), responses((status = 200, description = "By month.", body = Items<ConcernMonth>)))]
#[get("/concern-counts")]
pub async fn count_concerns(service: State, query: Query<ConcernCountQuery>) -> Result<HttpResponse, ApiError> {
    let (today, within) = (service.today(), service.reach().areas().map(<[i64]>::to_vec));
    let months = query.0.months.map_or(12, |months| u32::from(months.0));
    let found = service.read(move |conn| counts::months(conn, within.as_deref(), (months, today))).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, ConcernMonth::from)))
}
