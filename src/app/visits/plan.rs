//! Which households to visit in a week: rows into the facts [`crate::domain::visit_plan`] chooses by.
//!
//! As many as the weekly target leaves to do. Left out is who was visited in the week already, or has an arranged visit of another
//! counselor in it. Cost: one scan of the households, as for counting coverage, and of the visits.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::VisitFilter;
use crate::app::coverage::facts::{self, Place};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Page, calendar_day, settings};
use crate::db::recognitions::{self, RecognitionFilter, services};
use crate::db::visits as rows;
use crate::domain::clock::ServiceKind;
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{CoverageRules, HouseholdFacts, Need, household_coverage};
use crate::domain::employability::not_employable;
use crate::domain::text::Text;
use crate::domain::visit::{VisitFinding, VisitStatus, monday, sunday};
use crate::domain::visit_plan::{Address, Candidate, Promise, Standing, VisitReason, choose};

/// For whom the plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// One counselor: what that account did counts against the target.
    Account(i64),
    /// Whoever works in the areas: what anybody did there counts.
    Anybody,
}

impl Whose {
    /// Whether a visit of this account, or of nobody yet, is theirs.
    fn is_of(self, account: Option<i64>) -> bool {
        match self {
            Self::Account(own) => account.is_none_or(|other| other == own),
            Self::Anybody => true,
        }
    }
}

/// What a plan is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub whose: Whose,
    /// Any day of the week.
    pub week: NaiveDate,
    /// Households in these areas; `None` = in all.
    pub within: Option<Vec<i64>>,
    /// Of these only those in this grid or building.
    pub area: Option<i64>,
}

/// A household to visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub household: i64,
    pub code: Option<String>,
    pub head_name: Option<String>,
    pub grid: String,
    pub building: String,
    pub unit: Option<String>,
    pub value: u64,
    pub due: bool,
    pub last_visited_on: Option<NaiveDate>,
    /// The strongest first; never none.
    pub reasons: Vec<(VisitReason, Text)>,
}

/// The visits of a week, in the order of the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekPlan {
    pub week_start: NaiveDate,
    pub week_end: NaiveDate,
    pub target: u32,
    /// Households visited in the week already.
    pub done: u32,
    /// Households that may not wait longer, were promised a visit, or both, whether they stand in the plan or not.
    pub due: u64,
    pub lines: Vec<Line>,
}

/// The plan.
///
/// # Errors
/// `Invalid` for a week that is over.
pub fn week(conn: &mut Connection, ask: &Ask, today: NaiveDate) -> Result<WeekPlan, AppError> {
    let (first, last) = (monday(ask.week), sunday(monday(ask.week)));
    if last < today {
        return Err(FieldError::new("?week", FieldCode::OutOfRange).into());
    }
    let within = ask.within.as_deref();
    let target = settings::visit_weekly_target(conn, first)?;
    let rules = settings::visit_plan_rules(conn, first)?;
    let known = Known::load(conn, ask, (first, last))?;
    let coverage_rules = settings::coverage_rules(conn, today)?;
    let mut facts = facts::load_within(conn, within)?;
    facts.keep_existing_on(today);
    let mut candidates = Vec::new();
    let mut places: BTreeMap<i64, &Place> = BTreeMap::new();
    for (place, household) in facts.places.iter().zip(&facts.households) {
        let is_asked_for = ask.area.is_none_or(|area| [place.building_id, place.grid_id].contains(&area));
        if is_asked_for && !known.out.contains(&place.household) {
            candidates.push(known.candidate(place, household, (first, today), &coverage_rules));
            places.insert(place.household, place);
        }
    }
    let due = candidates.iter().filter(|c| c.promise.is_some() || c.is_due(&rules)).count() as u64;
    let most = target.saturating_sub(known.done);
    let line = |c: Candidate| -> Option<Line> {
        let place = places.get(&c.household)?;
        Some(Line {
            household: c.household,
            code: place.code.clone(),
            head_name: place.head_name.clone(),
            grid: place.grid.clone(),
            building: place.building.clone(),
            unit: place.unit.clone(),
            value: c.value(&rules),
            due: c.is_due(&rules),
            last_visited_on: known.last.get(&c.household).copied(),
            reasons: c.reasons(&rules),
        })
    };
    let lines = choose(&candidates, most as usize, &rules).into_iter().filter_map(line).collect();
    Ok(WeekPlan { week_start: first, week_end: last, target, done: known.done, due, lines })
}

/// What is on file of visits and promises.
struct Known {
    /// Households visited by whoever the plan is for.
    done: u32,
    /// Households that need no visit of the plan's owner in the week.
    out: BTreeSet<i64>,
    last: BTreeMap<i64, NaiveDate>,
    on_file: BTreeMap<i64, NaiveDate>,
    /// Households some visit asked whether they want to work.
    asked: BTreeSet<i64>,
    promises: BTreeMap<i64, (Promise, NaiveDate)>,
}

impl Known {
    fn load(conn: &mut Connection, ask: &Ask, (first, last): (NaiveDate, NaiveDate)) -> Result<Self, AppError> {
        let within = ask.within.as_deref();
        let in_week =
            VisitFilter { from: Some(first), until: Some(last), within: ask.within.clone(), ..VisitFilter::default() };
        let (mut out, mut promises) = (BTreeSet::new(), BTreeMap::new());
        let mut promise = |household: i64, promise: (Promise, NaiveDate)| {
            let kept = promises.entry(household).or_insert(promise);
            *kept = promise.min(*kept);
        };
        for row in rows::list(conn, &in_week)? {
            let visit = row.data;
            let is_own = ask.whose.is_of(visit.account_id);
            match visit.status {
                VisitStatus::Done => {
                    out.insert(visit.household_id);
                }
                VisitStatus::Planned if is_own => promise(visit.household_id, (Promise::Appointment, visit.visit_on)),
                VisitStatus::Planned => {
                    out.insert(visit.household_id);
                }
                VisitStatus::Cancelled => {}
            }
        }
        let last_days = rows::last_days(conn, within)?;
        // Appointments of earlier weeks nobody kept, and nobody has met the household since.
        let missed = VisitFilter {
            status: Some(VisitStatus::Planned),
            until: first.pred_opt(),
            within: ask.within.clone(),
            ..VisitFilter::default()
        };
        for row in rows::list(conn, &missed)? {
            let (visit, is_own) = (&row.data, ask.whose.is_of(row.data.account_id));
            if is_own && last_days.get(&visit.household_id).is_none_or(|day| *day < visit.visit_on) {
                promise(visit.household_id, (Promise::Appointment, visit.visit_on));
            }
        }
        let steps = VisitFilter { next_until: Some(last), within: ask.within.clone(), ..VisitFilter::default() };
        for row in rows::list(conn, &steps)? {
            if let (Some(step), Some(on)) = (row.data.next_step, row.data.next_on)
                && step.is_meeting()
            {
                promise(row.data.household_id, (Promise::NextStep, on));
            }
        }
        for (household, on) in unmet(conn, within, &last_days)? {
            promise(household, (Promise::Clock, on));
        }
        let on_file = rows::on_file(conn, within)?;
        let asking = [VisitFinding::Willing, VisitFinding::Unwilling, VisitFinding::WorksAlready];
        Ok(Self {
            done: done(conn, ask, in_week)?,
            out,
            last: last_days,
            on_file: on_file.into_iter().map(|(household, at)| (household, calendar_day(at))).collect(),
            asked: rows::found(conn, &asking, within)?,
            promises,
        })
    }

    fn candidate(
        &self,
        place: &Place,
        household: &HouseholdFacts,
        (first, today): (NaiveDate, NaiveDate),
        rules: &CoverageRules,
    ) -> Candidate {
        let coverage = household_coverage(household, today, rules);
        let last = self.last.get(&place.household).copied();
        let since = last.or_else(|| self.on_file.get(&place.household).copied()).unwrap_or(first);
        let weeks = u32::try_from((first - monday(since)).num_weeks()).unwrap_or_default();
        let covered = coverage.state == CoverageState::Covered;
        Candidate {
            household: place.household,
            address: Address::new(
                place.grid_id,
                (place.building_id, &place.building),
                place.unit.as_deref().unwrap_or_default(),
            ),
            standing: match coverage.need {
                Some(Need::ToHelp) => Standing::Uncovered,
                Some(Need::Unwilling) => Standing::Unwilling,
                None if coverage.single_earner_risk.is_some() => Standing::AtRisk,
                None => Standing::Other,
            },
            willingness_unknown: !self.asked.contains(&place.household) && was_never_asked(household, today, rules),
            weeks,
            visited: last.is_some(),
            // Somebody works by now: the clock has stopped.
            promise: self
                .promises
                .get(&place.household)
                .copied()
                .filter(|(promise, _)| !covered || *promise != Promise::Clock),
        }
    }
}

/// Whether a member could work, does not, and nothing is on file of whether they want to.
fn was_never_asked(household: &HouseholdFacts, on: NaiveDate, rules: &CoverageRules) -> bool {
    household.members.iter().any(|member| {
        member.person.willing.is_none()
            && not_employable(&member.person, on, &rules.labour_age).is_none()
            && !member.spells.iter().any(|spell| spell.is_active(on))
    })
}

/// Recognised households nobody has met since, with the day.
fn unmet(
    conn: &mut Connection,
    within: Option<&[i64]>,
    last: &BTreeMap<i64, NaiveDate>,
) -> Result<Vec<(i64, NaiveDate)>, AppError> {
    let within = within.map(<[i64]>::to_vec);
    let filter = RecognitionFilter { open: true, within, ..RecognitionFilter::default() };
    let open = recognitions::page(conn, &filter, Page::first(i64::MAX))?;
    let ids: Vec<i64> = open.iter().map(|row| row.id).collect();
    let served: BTreeSet<i64> = services::of(conn, &ids)?
        .into_iter()
        .filter(|row| row.kind != ServiceKind::NotReached)
        .map(|row| row.recognition_id)
        .collect();
    let is_unmet = |row: &recognitions::RecognitionRow| {
        let visited = last.get(&row.data.household_id).is_some_and(|day| *day >= row.data.recognised_on);
        !visited && !served.contains(&row.id)
    };
    let waiting = open.into_iter().filter(is_unmet);
    Ok(waiting.map(|row| (row.data.household_id, row.data.recognised_on)).collect())
}

/// How many households were visited in the week; by an account it is wherever that was.
fn done(conn: &mut Connection, ask: &Ask, in_week: VisitFilter) -> Result<u32, AppError> {
    let done = VisitFilter { status: Some(VisitStatus::Done), ..in_week };
    let done = match ask.whose {
        Whose::Account(account) => VisitFilter { account: Some(account), within: None, ..done },
        Whose::Anybody => done,
    };
    let households: BTreeSet<i64> = rows::list(conn, &done)?.into_iter().map(|row| row.data.household_id).collect();
    Ok(u32::try_from(households.len()).unwrap_or(u32::MAX))
}

/// The areas of a counselor's plan, as far as the asker reaches; `None` = all.
///
/// # Errors
/// `NotFound` unless the account may sign in and is a counselor.
pub fn areas_for(conn: &mut Connection, account: i64, reach: Option<&[i64]>) -> Result<Option<Vec<i64>>, AppError> {
    let own = super::progress::areas_of(conn, account)?;
    Ok(match (own, reach) {
        (None, reach) => reach.map(<[i64]>::to_vec),
        (own, None) => own,
        (Some(own), Some(reach)) => Some(own.into_iter().filter(|area| reach.contains(area)).collect()),
    })
}
