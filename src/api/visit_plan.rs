//! Which households to visit in a week, and how many were visited against the weekly target.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::Query;
use super::page::Items;
use super::scalars::{Code, Day, Id, Line, Name, SeriesWeeks, VisitReason};
use super::state::State;
use crate::app::access::members_of;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::visits::plan::{self as app, Ask, Whose};
use crate::app::visits::progress::{self, Weeks};
use crate::domain::access::Role;
use crate::domain::text::Text;
use crate::domain::visit_plan;

/// Which week, and whose.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VisitPlanQuery {
    /// Any day of the week, Monday to Sunday; this week unless given. Not a week that is over.
    pub week: Option<Day>,
    /// The plan of this counselor, as far as the caller reaches. Unless given: a counselor's own, of anybody else that of all areas in
    /// reach, whoever goes.
    pub account_id: Option<Id>,
    /// Only households of this grid or building.
    pub area_id: Option<Id>,
}

/// Why a household is to be visited.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitReasonText {
    pub code: VisitReason,
    #[schema(example = "零就业，待帮扶")]
    pub zh: String,
    #[schema(example = "nobody works")]
    pub en: String,
}

impl From<(visit_plan::VisitReason, Text)> for VisitReasonText {
    fn from((code, text): (visit_plan::VisitReason, Text)) -> Self {
        Self { code: VisitReason(code), zh: text.zh, en: text.en }
    }
}

/// A household to visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitPlanLine {
    pub household_id: Id,
    /// Household code (户编号).
    pub code: Option<Code>,
    pub head_name: Option<Name>,
    #[schema(example = "第一网格")]
    pub grid: String,
    #[schema(example = "1号楼")]
    pub building: String,
    /// Unit and room in the building.
    pub unit: Option<Line>,
    /// What a visit is expected to be worth; see the documentation of the plan.
    #[schema(example = 48)]
    pub value: u64,
    /// It may not wait longer.
    #[schema(example = true)]
    pub due: bool,
    /// Last day on which somebody there was visited; null = never.
    pub last_visited_on: Option<Day>,
    /// The strongest first.
    pub reasons: Vec<VisitReasonText>,
}

/// The visits of a week.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitPlan {
    /// A Monday.
    pub week_start: Day,
    /// The Sunday after.
    pub week_end: Day,
    /// Whose plan it is; null = whoever goes.
    pub account_id: Option<Id>,
    /// Households to visit in a week.
    #[schema(example = 20)]
    pub target: u32,
    /// Households visited in the week already.
    #[schema(example = 3)]
    pub done: u32,
    /// Households that may not wait longer or were promised a visit, in the plan or not.
    #[schema(example = 41)]
    pub due: u64,
    /// At most `target` less `done`, in the order of the walk.
    pub items: Vec<VisitPlanLine>,
}

impl VisitPlan {
    fn new(plan: app::WeekPlan, account: Option<i64>) -> Self {
        let line = |line: app::Line| VisitPlanLine {
            household_id: Id(line.household),
            code: line.code.map(Code),
            head_name: line.head_name.map(Name),
            grid: line.grid,
            building: line.building,
            unit: line.unit.map(Line),
            value: line.value,
            due: line.due,
            last_visited_on: line.last_visited_on.map(Day),
            reasons: line.reasons.into_iter().map(Into::into).collect(),
        };
        Self {
            week_start: Day(plan.week_start),
            week_end: Day(plan.week_end),
            account_id: account.map(Id),
            target: plan.target,
            done: plan.done,
            due: plan.due,
            items: plan.lines.into_iter().map(line).collect(),
        }
    }
}

/// Plan the visits of a week
///
/// As many households as the weekly target leaves. Promised ones first (arranged visits, next steps due, recognised households nobody
/// has met), then by the coverage a visit can be expected to bring: a gain for each week since the last visit, 12 where nobody works,
/// 8 where the only earner may lose the job, 6 where nobody is willing, 4 where somebody who could work was never asked, 1 anywhere
/// else. So everybody's turn comes at least every `visit_every_weeks` weeks as long as there is time. The list goes building by
/// building and unit by unit. Nothing is stored: plan a visit to arrange it.
#[utoipa::path(operation_id = "get_visit_plan", tag = "visits", params(VisitPlanQuery), responses((status = 200, description = "The plan.", body = VisitPlan)))]
#[get("/visit-plan")]
pub async fn get_visit_plan(service: State, query: Query<VisitPlanQuery>) -> Result<HttpResponse, ApiError> {
    let (query, today, db) = (query.0, service.today(), service.db.clone());
    let own = service.account().filter(|_| service.by().role == Some(Role::Counselor));
    let (named, reach) = (query.account_id.map(|id| id.0), service.reach().areas().map(<[i64]>::to_vec));
    let account = named.or(own);
    let access = service.clone();
    let plan = service
        .compute(move || {
            db.read(|conn| {
                let within = match named.filter(|named| Some(*named) != own) {
                    None => reach.clone(),
                    Some(other) => app::areas_for(conn, other, reach.as_deref()).map_err(|error| match error {
                        AppError::NotFound => FieldError::new("?account_id", FieldCode::NoSuchRecord).into(),
                        other => other,
                    })?,
                };
                let ask = Ask {
                    whose: account.map_or(Whose::Anybody, Whose::Account),
                    week: query.week.map_or(today, |day| day.0),
                    within,
                    area: query.area_id.map(|id| id.0),
                };
                let plan = app::week(conn, &ask, today)?;
                let households: Vec<i64> = plan.lines.iter().map(|line| line.household).collect();
                access.shows(members_of(conn, &households)?);
                Ok(plan)
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(VisitPlan::new(plan, account)))
}

/// Which weeks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VisitProgressQuery {
    /// Any day of the last week; this week unless given.
    pub week: Option<Day>,
    /// How many weeks up to that one; one unless given.
    pub weeks: Option<SeriesWeeks>,
}

impl VisitProgressQuery {
    fn weeks(&self, today: chrono::NaiveDate) -> Weeks {
        Weeks { until: self.week.map_or(today, |day| day.0), count: self.weeks.as_ref().map_or(1, |n| n.0.into()) }
    }
}

/// A counselor's week.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitProgress {
    /// A Monday; the week ends on Sunday.
    pub week_start: Day,
    /// null = the command line.
    pub account_id: Option<Id>,
    pub name: Option<Line>,
    /// Households to visit.
    #[schema(example = 20)]
    pub target: u32,
    /// Households visited, each once.
    #[schema(example = 12)]
    pub visited: u64,
    /// Those of them where somebody was met.
    #[schema(example = 10)]
    pub met: u64,
    /// Households with a visit planned and none made yet.
    #[schema(example = 4)]
    pub planned: u64,
}

impl From<progress::Progress> for VisitProgress {
    fn from(row: progress::Progress) -> Self {
        Self {
            week_start: Day(row.week_start),
            account_id: row.account.map(Id),
            name: row.name.map(Line),
            target: row.target,
            visited: row.visited,
            met: row.met,
            planned: row.planned,
        }
    }
}

/// Read one's own visiting progress
///
/// The latest week first.
#[utoipa::path(operation_id = "get_visit_progress", tag = "visits", params(VisitProgressQuery), responses((status = 200, description = "By week.", body = Items<VisitProgress>)))]
#[get("/visit-progress")]
pub async fn get_visit_progress(service: State, query: Query<VisitProgressQuery>) -> Result<HttpResponse, ApiError> {
    let (weeks, account) = (query.0.weeks(service.today()), service.account());
    let found = service.read(move |conn| progress::own(conn, account, weeks)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, VisitProgress::from)))
}

/// List the visiting progress of the counselors
///
/// Of everybody who is in charge of some area in reach or went there; the latest week first. Only visits in reach count.
#[utoipa::path(operation_id = "list_visit_progress", tag = "visits", params(VisitProgressQuery), responses((status = 200, description = "By week and counselor.", body = Items<VisitProgress>)))]
#[get("/visit-progress/counselors")]
pub async fn list_visit_progress(service: State, query: Query<VisitProgressQuery>) -> Result<HttpResponse, ApiError> {
    let (weeks, within) = (query.0.weeks(service.today()), service.reach().areas().map(<[i64]>::to_vec));
    let found = service.read(move |conn| progress::by_counselor(conn, within.as_deref(), weeks)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, VisitProgress::from)))
}
