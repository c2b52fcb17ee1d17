//! Who should take which seat of the open courses.

use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::extract::{Json, NoQuery, check_count};
use super::guard;
use super::once::{Once, Outcome};
use super::scalars::{Day, Id, Line};
use super::state::State;
use crate::app::Connection;
use crate::app::access::{Action, ObjectKind, members_of};
use crate::app::plans::training::{self as app, CoursePlan, Seat, TrainingPlan};
use crate::domain::text::Lang;

/// Most courses of one question.
const MOST: usize = 100;

/// Which courses.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingPlanWrite {
    /// Open ones, at most 100; all that are open and not over where the list is empty.
    #[serde(default)]
    pub course_ids: Vec<Id>,
}

/// A seat for a resident.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedSeat {
    pub course_id: Id,
    pub resident_id: Id,
    #[schema(example = "杨秀英")]
    pub resident_name: String,
    pub household_id: Id,
    /// What covers the household after the course.
    pub posting_id: Id,
    /// What is learnt, and what becomes possible by it.
    #[schema(example = "学会缝纫（3 级）后可做景航服装 · 缝纫工")]
    pub text: String,
}

impl PlannedSeat {
    fn show(seat: Seat, lang: Lang) -> Self {
        Self {
            course_id: Id(seat.course),
            resident_id: Id(seat.resident),
            resident_name: seat.resident_name,
            household_id: Id(seat.household),
            posting_id: Id(seat.posting),
            text: seat.text.get(lang).to_owned(),
        }
    }
}

/// A course, and the jobs it unlocks.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourseUnlocks {
    pub course_id: Id,
    pub name: Line,
    /// Seats nobody has taken yet.
    #[schema(example = 20)]
    pub free_seats: i64,
    /// Of those, what the plan fills.
    #[schema(example = 7)]
    pub filled_seats: i64,
    /// Postings with a vacancy that it opens to somebody of an uncovered household.
    pub posting_ids: Vec<Id>,
    /// Vacancies there.
    #[schema(example = 12)]
    pub vacancies: u64,
    /// Residents of uncovered households to whom it opens one of them.
    #[schema(example = 31)]
    pub residents: u32,
    /// Their households.
    #[schema(example = 26)]
    pub households: u32,
    /// Covered weight more with this course and no other.
    #[schema(example = 9)]
    pub alone: i64,
    /// What no choice of people exceeds.
    #[schema(example = 9)]
    pub alone_at_most: i64,
}

impl From<CoursePlan> for CourseUnlocks {
    fn from(course: CoursePlan) -> Self {
        Self {
            course_id: Id(course.course),
            name: Line(course.name),
            free_seats: course.free,
            filled_seats: course.filled,
            posting_ids: course.postings.into_iter().map(Id).collect(),
            vacancies: course.places,
            residents: course.residents,
            households: course.households,
            alone: course.alone,
            alone_at_most: course.alone_at_most,
        }
    }
}

/// Seats, and what they reach at the vacancies of the day.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrainingPlanning {
    pub as_of: Day,
    pub courses: Vec<CourseUnlocks>,
    /// Those of residents the caller may see.
    pub seats: Vec<PlannedSeat>,
    /// All of them.
    #[schema(example = 17)]
    pub seats_filled: usize,
    /// Households uncovered today.
    #[schema(example = 212)]
    pub uncovered: usize,
    /// Of those, how many the best plan covers without the seats; whoever is in a course already counts as trained.
    #[schema(example = 90)]
    pub covered_without: usize,
    /// And with them.
    #[schema(example = 104)]
    pub covered_with: usize,
    /// Covered weight: monitored households may weigh more.
    #[schema(example = 95)]
    pub weight_without: i64,
    #[schema(example = 111)]
    pub weight_with: i64,
    /// What no choice of seats exceeds.
    #[schema(example = 111)]
    pub weight_at_most: i64,
    /// Whether the choice is proved best: the two are the same.
    #[schema(example = true)]
    pub proved_best: bool,
    /// Households only the seats cover, of those the caller may see.
    pub covers_household_ids: Vec<Id>,
}

impl TrainingPlanning {
    fn show(plan: TrainingPlan, lang: Lang) -> Self {
        Self {
            as_of: Day(plan.as_of),
            proved_best: plan.is_proved(),
            courses: plan.courses.into_iter().map(Into::into).collect(),
            seats: plan.seats.into_iter().map(|seat| PlannedSeat::show(seat, lang)).collect(),
            seats_filled: plan.n_seats,
            uncovered: plan.uncovered,
            covered_without: plan.covered_without,
            covered_with: plan.covered_with,
            weight_without: plan.weight_without,
            weight_with: plan.weight_with,
            weight_at_most: plan.weight_at_most,
            covers_household_ids: plan.covers.into_iter().map(Id).collect(),
        }
    }
}

/// Plan who should take which seat
///
/// So that the most uncovered households can be covered by the vacancies of the day. What the seats reach is exact and proved; the choice
/// of seats is the best there is where `proved_best` says so, and else short of it by no more than the two weights differ. Stores nothing
/// and enrols nobody. Names only the residents and households the caller may see; the numbers are those of all.
#[utoipa::path(operation_id = "plan_training", tag = "training", request_body = TrainingPlanWrite, responses((status = 200, description = "The seats.", body = TrainingPlanning)))]
#[post("/training-plans")]
pub async fn plan_training(
    service: State,
    req: HttpRequest,
    once: Once,
    _: NoQuery,
    body: Json<TrainingPlanWrite>,
) -> Result<HttpResponse, ApiError> {
    check_count(body.value.course_ids.len(), 0..=MOST, "/course_ids")?;
    let lang = guard::lang(req.headers());
    let courses: Vec<i64> = body.value.course_ids.iter().map(|id| id.0).collect();
    let (db, today) = (service.db.clone(), service.today());
    let work = move || app::training_plan(&db, &courses, today);
    let access = service.clone();
    let show = move |conn: &mut Connection, plan: &TrainingPlan| {
        let mut plan = plan.clone();
        let people = access.reach_for(conn, ObjectKind::Household, Action::List)?;
        plan.narrow(conn, &people)?;
        access.shows(members_of(conn, &plan.covers)?);
        access.shows(plan.seats.iter().map(|seat| seat.resident));
        Outcome::ok(None, &TrainingPlanning::show(plan, lang))
    };
    once.run_computed(&service, &body.raw, work, show).await
}
