//! `/coverage`: which households have somebody employed, on any date, and the list behind every number.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::Query;
use super::page::{Items, Page, page, window};
use super::scalars::{Code, CoverageState, Cursor, Day, GroupKey, Id, Limit, Line, Name, SeriesMonths, code_of};
use super::state::State;
use crate::app::access::members_of;
use crate::app::coverage::report::{CoverageReport, Figure, GroupBy, HouseholdLine, ListFilter};
use crate::app::coverage::{self as app};
use crate::app::error::FieldCode;
use crate::domain::coverage::ExemptReason;
use crate::domain::statutory::{StatutoryReport, StatutoryTally};

/// Households counted on one date. `covered + uncovered + exempt = households`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Coverage {
    pub as_of: Day,
    #[schema(example = 4232)]
    pub households: u64,
    /// With at least one member in a job.
    #[schema(example = 3100)]
    pub covered: u64,
    /// With somebody employable and nobody in a job.
    #[schema(example = 980)]
    pub uncovered: u64,
    /// With nobody employable, or exempted by a decision; never in the rate.
    #[schema(example = 152)]
    pub exempt: u64,
    /// Covered, but records contradict each other.
    #[schema(example = 12)]
    pub contested: u64,
    /// Covered even without the contested records.
    #[schema(example = 3090)]
    pub certain: u64,
    /// covered / (covered + uncovered), rounded down to a hundredth of a percent; null without such households.
    #[schema(example = 0.7598)]
    pub rate: Option<f64>,
    /// Uncovered, and an employable member is willing or has not said.
    #[schema(example = 930)]
    pub to_help: u64,
    /// Uncovered, and every employable member is recorded as unwilling.
    #[schema(example = 50)]
    pub unwilling: u64,
    /// Covered by a job of three months or more.
    #[schema(example = 2800)]
    pub stable_3m: u64,
    /// Covered by a job of six months or more.
    #[schema(example = 2500)]
    pub stable_6m: u64,
    /// Covered by a job paid at or above the local target.
    #[schema(example = 2100)]
    pub decent: u64,
    /// Covered by a job with recent evidence.
    #[schema(example = 1900)]
    pub verified: u64,
    /// Covered by one earner whose contract, lease or age ends it soon.
    #[schema(example = 140)]
    pub single_earner_risk: u64,
    /// The same households by statutory retirement instead of the ledger's labour age.
    pub statutory: Statutory,
    /// Add up to the whole; empty unless `by` was given.
    pub groups: Vec<CoverageGroup>,
}

/// Households by statutory retirement. `employed + zero_employment = households`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatutoryFigures {
    /// With at least one member who counts as labour.
    #[schema(example = 4010)]
    pub households: u64,
    /// With labour, and at least one of them in a job.
    #[schema(example = 3060)]
    pub employed: u64,
    /// With labour, and none of them in a job.
    #[schema(example = 950)]
    pub zero_employment: u64,
    /// Left out: nobody counts as labour.
    #[schema(example = 222)]
    pub no_labour: u64,
    /// employed / households, rounded down to a hundredth of a percent; null without such households.
    #[schema(example = 0.763)]
    pub rate: Option<f64>,
}

impl From<StatutoryTally> for StatutoryFigures {
    fn from(tally: StatutoryTally) -> Self {
        Self {
            households: tally.counted(),
            employed: tally.employed,
            zero_employment: tally.zero_employment,
            no_labour: tally.no_labour,
            rate: tally.rate().map(|points| f64::from(points) / 10_000.0),
        }
    }
}

/// The variant by statutory retirement, and the two beside it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statutory {
    #[serde(flatten)]
    pub main: StatutoryFigures,
    /// Weak or half labour is no labour.
    pub without_weak: StatutoryFigures,
    /// Whoever works past retirement is labour while the job lasts.
    pub with_over_age_workers: StatutoryFigures,
}

impl From<StatutoryReport> for Statutory {
    fn from(report: StatutoryReport) -> Self {
        Self {
            main: report.main.into(),
            without_weak: report.without_weak.into(),
            with_over_age_workers: report.with_over_age_workers.into(),
        }
    }
}

/// One group of households.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageGroup {
    /// Name of the grid, `grid/building`, township or channel; `none` or `unknown` where there is none. With households in
    /// several communities a grid is `community/grid`; areas that still read the same end in `#` and a number.
    #[schema(example = "第一网格")]
    pub key: String,
    #[schema(example = 620)]
    pub covered: u64,
    #[schema(example = 196)]
    pub uncovered: u64,
    #[schema(example = 30)]
    pub exempt: u64,
}

impl From<CoverageReport> for Coverage {
    fn from(report: CoverageReport) -> Self {
        let total = report.total;
        let group = |group: crate::app::coverage::report::Group| CoverageGroup {
            key: group.key,
            covered: group.tally.covered,
            uncovered: group.tally.uncovered,
            exempt: group.tally.exempt,
        };
        Self {
            as_of: Day(report.as_of),
            households: total.households,
            covered: total.covered,
            uncovered: total.uncovered,
            exempt: total.exempt,
            contested: total.contested,
            certain: total.certain,
            rate: total.rate().map(|points| f64::from(points) / 10_000.0),
            to_help: total.to_help,
            unwilling: total.unwilling,
            stable_3m: total.stable_3m,
            stable_6m: total.stable_6m,
            decent: total.decent,
            verified: total.verified,
            single_earner_risk: total.single_earner_risk,
            statutory: report.statutory.into(),
            groups: report.groups.into_iter().map(group).collect(),
        }
    }
}

code_of! {
    By(GroupBy) = "What households are grouped by: grid, building, home township, employment channel.", ["grid", "building", "township", "channel"];
    CoverageExemption(ExemptReason) = "Why a household is exempt.", ["nobody_employable", "decision"];
    CoverageFigure(Figure) = "A figure of the report that is part of a state.",
        ["to_help", "unwilling", "contested", "stable_3m", "stable_6m", "decent", "verified", "single_earner_risk"];
}

/// On which day, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// Today unless given.
    pub as_of: Option<Day>,
    pub by: Option<By>,
}

/// Count households by coverage
#[utoipa::path(operation_id = "get_coverage", tag = "coverage", params(CoverageQuery), responses((status = 200, description = "The count.", body = Coverage)))]
#[get("/coverage")]
pub async fn get_coverage(service: State, query: Query<CoverageQuery>) -> Result<HttpResponse, ApiError> {
    let as_of = query.0.as_of.map_or_else(|| service.today(), |day| day.0);
    let (db, by) = (service.db.clone(), query.0.by.map(|by| by.0));
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let report = service.compute(move || app::coverage(&db, as_of, by, within.as_deref())).await?;
    Ok(HttpResponse::Ok().json(Coverage::from(report)))
}

/// How far back.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesQuery {
    /// The last month that ended on or before this day is the newest; today unless given.
    pub until: Option<Day>,
    /// 12 unless given.
    pub months: Option<SeriesMonths>,
}

/// Count households at month ends
///
/// Computed from the jobs' dates, each month by the rules of its day.
#[utoipa::path(operation_id = "get_coverage_series", tag = "coverage", params(SeriesQuery), responses((status = 200, description = "One count a month, oldest first.", body = Items<Coverage>)))]
#[get("/coverage/series")]
pub async fn get_coverage_series(service: State, query: Query<SeriesQuery>) -> Result<HttpResponse, ApiError> {
    let until = query.0.until.map_or_else(|| service.today(), |day| day.0);
    let months = u32::from(query.0.months.map_or(12, |months| months.0));
    let db = service.db.clone();
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let reports = service.compute(move || app::series(&db, until, months, within.as_deref())).await?;
    Ok(HttpResponse::Ok().json(Items::of(reports, Coverage::from)))
}

/// Which number the list stands behind.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageListQuery {
    /// Today unless given.
    pub as_of: Option<Day>,
    pub state: Option<CoverageState>,
    /// Exempt households that are so for this reason.
    pub exempt_reason: Option<CoverageExemption>,
    pub figure: Option<CoverageFigure>,
    /// With `key`: households of one group.
    pub by: Option<By>,
    /// Key of the group, as in the report; needs `by`.
    pub key: Option<GroupKey>,
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// The only earner of a household, about to lose the job.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarnerAtRisk {
    pub resident_id: Id,
    pub spell_id: Id,
    /// Past if it has gone by and the job still runs.
    pub ends_on: Day,
}

/// A household and its state on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageHousehold {
    pub household_id: Id,
    pub code: Option<Code>,
    pub head_name: Option<Name>,
    pub grid: Line,
    pub building: Line,
    pub unit: Option<Line>,
    pub township: Option<Line>,
    pub state: CoverageState,
    /// Why it is exempt.
    #[schema(example = "nobody_employable")]
    pub exempt_reason: Option<String>,
    /// How an uncovered household is met.
    #[schema(example = "to_help")]
    pub need: Option<String>,
    /// Channel of the longest-running job.
    #[schema(example = "micro_factory")]
    pub channel: Option<String>,
    /// Records that contradict the coverage.
    #[schema(example = json!(["two_current_jobs"]))]
    pub contested: Vec<String>,
    /// What may soon end it.
    #[schema(example = "contract_end")]
    pub single_earner_risk: Option<String>,
    /// Whose job it is, and when it ends.
    pub single_earner: Option<EarnerAtRisk>,
    /// What is not recorded of members who count as employable for that reason.
    #[schema(example = json!(["school_status"]))]
    pub unrecorded: Vec<String>,
}

impl From<HouseholdLine> for CoverageHousehold {
    fn from(line: HouseholdLine) -> Self {
        let (place, coverage) = (line.place, line.coverage);
        Self {
            household_id: Id(place.household),
            code: place.code.map(Code),
            head_name: place.head_name.map(Name),
            grid: Line(place.grid),
            building: Line(place.building),
            unit: place.unit.map(Line),
            township: place.township.map(Line),
            state: CoverageState(coverage.state),
            exempt_reason: coverage.exempt_reason.map(|reason| reason.code().to_owned()),
            need: coverage.need.map(|need| need.code().to_owned()),
            channel: coverage.channel.map(|channel| channel.code().to_owned()),
            contested: coverage.contested.iter().map(|reason| reason.code().to_owned()).collect(),
            single_earner_risk: coverage.single_earner_risk.map(|risk| risk.reason.code().to_owned()),
            single_earner: coverage.single_earner_risk.map(|risk| EarnerAtRisk {
                resident_id: Id(risk.resident),
                spell_id: Id(risk.spell),
                ends_on: Day(risk.ends_on),
            }),
            unrecorded: line.unrecorded.iter().map(|what| what.code().to_owned()).collect(),
        }
    }
}

/// List the households behind a number
///
/// The same count as `/coverage` with a filter: the list of a figure has exactly as many entries as the figure says.
#[utoipa::path(operation_id = "list_coverage_households", tag = "coverage", params(CoverageListQuery), responses((status = 200, description = "A page of households.", body = Page<CoverageHousehold>)))]
#[get("/coverage/households")]
pub async fn list_coverage_households(
    service: State,
    query: Query<CoverageListQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let as_of = query.as_of.map_or_else(|| service.today(), |day| day.0);
    let group = match (query.by, query.key) {
        (Some(by), Some(key)) => Some((by.0, key.0)),
        (None, None) => None,
        (Some(_), None) => return Err(ApiError::field("?key", FieldCode::Missing)),
        (None, Some(_)) => return Err(ApiError::field("?by", FieldCode::Missing)),
    };
    let filter = ListFilter {
        state: query.state.map(|state| state.0),
        exempt_reason: query.exempt_reason.map(|reason| reason.0),
        figure: query.figure.map(|figure| figure.0),
        group,
    };
    let list = format!("coverage?{as_of}{filter:?}");
    let rows = window(&service, &list, query.limit, query.cursor.as_ref())?;
    let db = service.db.clone();
    let within = service.reach().areas().map(<[i64]>::to_vec);
    let found = service.compute(move || app::households(&db, as_of, &filter, within.as_deref())).await?;
    let found = rows.of(found, |line| line.place.household);
    let shown: Vec<i64> = found.iter().map(|line| line.place.household).collect();
    service.shows(service.read(move |conn| members_of(conn, &shown)).await?);
    Ok(HttpResponse::Ok().json(page(
        &service,
        &list,
        rows,
        found,
        |line| line.place.household,
        CoverageHousehold::from,
    )))
}
