//! What would close the gap a plan leaves, and single what-ifs.

use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{ById, Json, NoQuery, Path};
use super::guard;
use super::once::{Once, Outcome};
use super::plans::PlanAmount;
use super::scalars::{ChangeKind, HourSpan, Id, Line, code_of, spans};
use super::state::State;
use crate::app::Connection;
use crate::app::access::{Action, ObjectKind, members_of};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::plans::Worth;
use crate::app::plans::gap::{self, Ranking};
use crate::app::plans::what_if::{self as app, Answer, Asked, ShockIds};
use crate::domain::text::Lang;
use crate::domain::week::WeekHours;

/// A change and what it is worth: the best plan with it less the plan without it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeWorth {
    pub kind: ChangeKind,
    /// The posting it is made at; null for the other kinds.
    pub posting_id: Option<Id>,
    /// The household whose care is shared; null for the other kinds.
    pub household_id: Option<Id>,
    /// The change and what it is worth, as a sentence.
    #[schema(example = "景航服装 · 缝纫工增加 5 个空缺：可多覆盖 5 户")]
    pub text: String,
    /// What is paid for it: vacancies, seats taken, relaxed postings, households whose care is shared.
    #[schema(example = 5)]
    pub units: u32,
    pub gain: PlanAmount,
    /// Households it would cover.
    pub covers_household_ids: Vec<Id>,
    /// Households the new plan would leave out for others.
    pub gives_way_household_ids: Vec<Id>,
    /// Residents who would take the seats of a course.
    pub trainee_ids: Vec<Id>,
    /// Covered weight the change cannot exceed, whoever takes the seats; the gain itself for other kinds.
    #[schema(example = 5)]
    pub at_most: i64,
}

impl ChangeWorth {
    fn show(worth: Worth, lang: Lang) -> Self {
        Self {
            kind: ChangeKind(worth.kind),
            posting_id: worth.posting.map(Id),
            household_id: worth.household.map(Id),
            text: worth.text.get(lang).to_owned(),
            units: worth.units,
            gain: worth.gain.into(),
            covers_household_ids: ids(worth.covers),
            gives_way_household_ids: ids(worth.gives_way),
            trainee_ids: ids(worth.trainees),
            at_most: worth.at_most,
        }
    }
}

fn ids(list: Vec<i64>) -> Vec<Id> {
    list.into_iter().map(Id).collect()
}

/// The changes of one kind, best first: by covered weight per unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeRanking {
    pub kind: ChangeKind,
    pub best: Vec<ChangeWorth>,
    /// Changes that the evidence suggested.
    #[schema(example = 60)]
    pub candidates: i64,
    /// Of those, proved worthless by the plan's prices alone.
    #[schema(example = 41)]
    pub worthless: i64,
    /// Of those, solved exactly.
    #[schema(example = 7)]
    pub evaluated: i64,
    /// No other candidate can be better than the last one shown.
    #[schema(example = true)]
    pub complete: bool,
}

/// What would close the gap a plan leaves.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanGap {
    pub plan_id: Id,
    pub rankings: Vec<ChangeRanking>,
}

/// Rank what would close the gap
///
/// Extra vacancies, relaxed requirements, courses, shared care: candidates from the plan's evidence, each solved exactly on the
/// records the plan was made from, ranked by covered weight per unit. Names only the households and residents the caller may see;
/// the numbers are those of all.
#[utoipa::path(operation_id = "get_plan_gap", tag = "plans", params(ById), responses((status = 200, description = "The best changes of each kind.", body = PlanGap)))]
#[get("/plans/{id}/gap")]
pub async fn get_plan_gap(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    _: NoQuery,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let id = path.0.id.0;
    let access = service.clone();
    let read = move |conn: &mut Connection| {
        let people = access.reach_for(conn, ObjectKind::Household, Action::List)?;
        let rankings = gap::of_plan(conn, id, &people)?;
        let best = || rankings.iter().flat_map(|ranking| &ranking.best);
        let households: Vec<i64> = best().flat_map(Worth::households).collect();
        access.shows(members_of(conn, &households)?);
        access.shows(best().flat_map(|worth| worth.trainees.iter().copied()));
        Ok(rankings)
    };
    let rankings = service.read(read).await?;
    let show = |ranking: Ranking| ChangeRanking {
        kind: ChangeKind(ranking.kind),
        best: ranking.best.into_iter().map(|worth| ChangeWorth::show(worth, lang)).collect(),
        candidates: ranking.candidates,
        worthless: ranking.worthless,
        evaluated: ranking.evaluated,
        complete: ranking.complete,
    };
    Ok(HttpResponse::Ok().json(PlanGap { plan_id: Id(id), rankings: rankings.into_iter().map(show).collect() }))
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhatIfKind {
    MoreVacancies,
    Age,
    Hours,
    Training,
    Pay,
    Course,
    CareShared,
    TenantRemoved,
}

impl WhatIfKind {
    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "more_vacancies" => Self::MoreVacancies,
            "age" => Self::Age,
            "hours" => Self::Hours,
            "training" => Self::Training,
            "pay" => Self::Pay,
            "course" => Self::Course,
            "care_shared" => Self::CareShared,
            "tenant_removed" => Self::TenantRemoved,
            _ => return None,
        })
    }
}

code_of! {
    WhatIfCode(WhatIfKind) = "`more_vacancies`, `age`, `hours`, `training`, `pay`: at `posting_id`; `course`: in `skill`; `care_shared`: in `household_id`; `tenant_removed`: `employer_id`.",
        ["more_vacancies", "age", "hours", "training", "pay", "course", "care_shared", "tenant_removed"];
}

/// A change to be evaluated. Give the fields its kind needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfWrite {
    pub kind: WhatIfCode,
    pub posting_id: Option<Id>,
    pub household_id: Option<Id>,
    pub employer_id: Option<Id>,
    /// Extra vacancies, 1 to 1000.
    #[schema(example = 5)]
    pub vacancies: Option<u32>,
    /// For `age`: completed years; null = no limit on that side.
    #[schema(example = 16)]
    pub age_min: Option<u8>,
    #[schema(example = 55)]
    pub age_max: Option<u8>,
    /// For `hours`: those that would not be worked any more.
    #[serde(default)]
    pub without_hours: Vec<HourSpan>,
    /// For `pay`: upper pay, yuan a month.
    #[schema(example = 3200)]
    pub pay_max: Option<u32>,
    /// For `course`: the skill's name in the vocabulary.
    pub skill: Option<Line>,
    /// For `course`: the level it teaches to, 1 to 5; 3 unless given.
    #[schema(example = 3)]
    pub level: Option<u8>,
    /// For `course`: 1 to 1000.
    #[schema(example = 10)]
    pub seats: Option<u32>,
}

/// Most vacancies or seats one question may be about.
const MOST_UNITS: u32 = 1_000;

fn needed<T>(value: Option<T>, field: &'static str) -> Result<T, AppError> {
    value.ok_or_else(|| AppError::Invalid(vec![FieldError::new(field, FieldCode::Missing)]))
}

fn in_range<T: PartialOrd>(value: T, range: std::ops::RangeInclusive<T>, field: &'static str) -> Result<T, AppError> {
    if range.contains(&value) {
        Ok(value)
    } else {
        Err(AppError::Invalid(vec![FieldError::new(field, FieldCode::OutOfRange)]))
    }
}

impl WhatIfWrite {
    fn hours(&self) -> Result<WeekHours, ApiError> {
        if self.without_hours.is_empty() {
            return Err(ApiError::field("/without_hours", FieldCode::Missing));
        }
        let spans = spans(&self.without_hours, "/without_hours")?;
        Ok(WeekHours::of(&spans))
    }

    fn asked(&self) -> Result<Asked, ApiError> {
        let posting = || needed(self.posting_id.as_ref().map(|id| id.0), "/posting_id");
        Ok(match self.kind.0 {
            WhatIfKind::MoreVacancies => Asked::MoreVacancies {
                posting: posting()?,
                vacancies: in_range(needed(self.vacancies, "/vacancies")?, 1..=MOST_UNITS, "/vacancies")?,
            },
            WhatIfKind::Age => {
                let in_years = |age: Option<u8>, field| age.map(|age| in_range(age, 16..=100, field)).transpose();
                let (min, max) = (in_years(self.age_min, "/age_min")?, in_years(self.age_max, "/age_max")?);
                if min.zip(max).is_some_and(|(min, max)| min > max) {
                    return Err(ApiError::field("/age_min", FieldCode::Contradicts));
                }
                Asked::Age { posting: posting()?, min, max }
            }
            WhatIfKind::Hours => Asked::WithoutHours { posting: posting()?, hours: self.hours()? },
            WhatIfKind::Training => Asked::Training { posting: posting()? },
            WhatIfKind::Pay => Asked::Pay { posting: posting()?, up_to: needed(self.pay_max, "/pay_max")? },
            WhatIfKind::Course => Asked::Course {
                skill: needed(self.skill.as_ref(), "/skill")?.0.clone(),
                level: in_range(self.level.unwrap_or(3), 1..=5, "/level")?,
                seats: in_range(needed(self.seats, "/seats")?, 1..=MOST_UNITS, "/seats")?,
            },
            WhatIfKind::CareShared => {
                Asked::CareShared { household: needed(self.household_id.as_ref(), "/household_id")?.0 }
            }
            WhatIfKind::TenantRemoved => {
                Asked::TenantRemoved { employer: needed(self.employer_id.as_ref(), "/employer_id")?.0 }
            }
        })
    }
}

/// Households a tenant's end uncovers, and what becomes of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantShock {
    /// Covered, by the plan or by a job, only at the tenant.
    pub lost_household_ids: Vec<Id>,
    /// Of those, covered again by the best re-placement.
    pub covered_again_household_ids: Vec<Id>,
    /// Of those, still uncovered.
    pub left_household_ids: Vec<Id>,
    /// Covered elsewhere before, and left out by the best re-placement, which helps another household instead.
    pub displaced_household_ids: Vec<Id>,
    /// Uncovered before, and covered by the best re-placement.
    pub gained_household_ids: Vec<Id>,
}

impl From<ShockIds> for TenantShock {
    fn from(shock: ShockIds) -> Self {
        Self {
            lost_household_ids: ids(shock.lost),
            covered_again_household_ids: ids(shock.covered_again),
            left_household_ids: ids(shock.left),
            displaced_household_ids: ids(shock.displaced),
            gained_household_ids: ids(shock.gained),
        }
    }
}

/// What a change would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIf {
    pub plan_id: Id,
    pub worth: ChangeWorth,
    /// For a tenant's end; null for other changes.
    pub shock: Option<TenantShock>,
}

/// Evaluate a change
///
/// Solves the plan's instance with one change exactly, with proof. Stores nothing. Refused if the records have changed since the
/// plan was made. Names only the households the caller may see; the numbers are those of all.
#[utoipa::path(operation_id = "what_if", tag = "plans", params(ById), request_body = WhatIfWrite, responses((status = 200, description = "What the change would do.", body = WhatIf)))]
#[post("/plans/{id}/what-ifs")]
pub async fn what_if(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    body: Json<WhatIfWrite>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let (db, id, asked) = (service.db.clone(), path.0.id.0, body.value.asked()?);
    let ask = move || app::what_if(&db, id, &asked);
    let access = service.clone();
    let show = move |conn: &mut Connection, answer: &Answer| {
        let mut answer = answer.clone();
        let people = access.reach_for(conn, ObjectKind::Household, Action::List)?;
        answer.narrow(conn, &people)?;
        let households: Vec<i64> = answer.households().collect();
        access.shows(members_of(conn, &households)?);
        access.shows(answer.worth.trainees.iter().copied());
        let Answer { worth, shock } = answer;
        let shown =
            WhatIf { plan_id: Id(id), worth: ChangeWorth::show(worth, lang), shock: shock.map(TenantShock::from) };
        Outcome::ok(None, &shown)
    };
    once.run_computed(&service, &body.raw, ask, show).await
}
