//! Filtered pages and counts of the lists of a plan ([`super::plans`]).

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::access::{households_within, residents_within};
use super::connection::AnyConnection;
use super::error::DbResult;
use super::plans::changes::ChangeRow;
use super::plans::households::HouseholdRow;
use super::plans::placements::PlacementRow;
use super::rows::{Page, Stored};
use super::schema::{
    employment_spells, households, plan_changes, plan_households, plan_placements, plan_prices, postings,
};
use crate::domain::codes::{MonitoringClass, PlanChangeKind, PlanState, UncoveredClass};

/// Which households of a plan a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct HouseholdFilter {
    pub state: Option<PlanState>,
    pub class: Option<UncoveredClass>,
    pub household: Option<i64>,
    /// Rows in these areas; `None` = anywhere.
    pub within: Option<Vec<i64>>,
}

/// A page of a plan's households by id.
pub fn households_page(
    conn: &mut AnyConnection,
    plan: i64,
    filter: &HouseholdFilter,
    page: Page,
) -> DbResult<Vec<Stored<HouseholdRow>>> {
    let mut query = plan_households::table.filter(plan_households::plan_id.eq(plan)).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(plan_households::state.eq(state));
    }
    if let Some(class) = filter.class {
        query = query.filter(plan_households::class.eq(class));
    }
    if let Some(household) = filter.household {
        query = query.filter(plan_households::household_id.eq(household));
    }
    if let Some(areas) = &filter.within {
        query = query.filter(plan_households::household_id.eq_any(households_within(areas)));
    }
    Ok(query
        .filter(plan_households::id.gt(page.after))
        .order(plan_households::id)
        .limit(page.limit)
        .select((plan_households::id, HouseholdRow::as_select()))
        .load(conn)?)
}

/// A page of a plan's placements by id.
pub fn placements_page(
    conn: &mut AnyConnection,
    plan: i64,
    within: Option<&[i64]>,
    page: Page,
) -> DbResult<Vec<Stored<PlacementRow>>> {
    let mut query = plan_placements::table.filter(plan_placements::plan_id.eq(plan)).into_boxed();
    if let Some(areas) = within {
        query = query.filter(plan_placements::household_id.eq_any(households_within(areas)));
    }
    Ok(query
        .filter(plan_placements::id.gt(page.after))
        .order(plan_placements::id)
        .limit(page.limit)
        .select((plan_placements::id, PlacementRow::as_select()))
        .load(conn)?)
}

/// What a plan places of these households, by id.
pub fn placements_of(conn: &mut AnyConnection, plan: i64, households: &[i64]) -> DbResult<Vec<Stored<PlacementRow>>> {
    Ok(plan_placements::table
        .filter(plan_placements::plan_id.eq(plan))
        .filter(plan_placements::household_id.eq_any(households))
        .order(plan_placements::id)
        .select((plan_placements::id, PlacementRow::as_select()))
        .load(conn)?)
}

/// How many households a plan leaves uncovered for each class; `None` = not classified.
pub fn uncovered_by_class(conn: &mut AnyConnection, plan: i64) -> DbResult<Vec<(Option<UncoveredClass>, i64)>> {
    let mut found: Vec<(Option<UncoveredClass>, i64)> = plan_households::table
        .filter(plan_households::plan_id.eq(plan))
        .filter(plan_households::state.eq(PlanState::Uncovered))
        .group_by(plan_households::class)
        .select((plan_households::class, count_star()))
        .load(conn)?;
    found.sort_unstable();
    Ok(found)
}

/// How many changes of each kind a plan makes.
pub fn changes_by_kind(conn: &mut AnyConnection, plan: i64) -> DbResult<Vec<(PlanChangeKind, i64)>> {
    let mut found: Vec<(PlanChangeKind, i64)> = plan_changes::table
        .filter(plan_changes::plan_id.eq(plan))
        .group_by(plan_changes::kind)
        .select((plan_changes::kind, count_star()))
        .load(conn)?;
    found.sort_unstable();
    Ok(found)
}

/// A page of a plan's changes by id.
pub fn changes_page(
    conn: &mut AnyConnection,
    plan: i64,
    kind: Option<PlanChangeKind>,
    within: Option<&[i64]>,
    page: Page,
) -> DbResult<Vec<Stored<ChangeRow>>> {
    let mut query = plan_changes::table.filter(plan_changes::plan_id.eq(plan)).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(plan_changes::kind.eq(kind));
    }
    if let Some(areas) = within {
        query = query.filter(plan_changes::resident_id.eq_any(residents_within(areas)));
    }
    Ok(query
        .filter(plan_changes::id.gt(page.after))
        .order(plan_changes::id)
        .limit(page.limit)
        .select((plan_changes::id, ChangeRow::as_select()))
        .load(conn)?)
}

/// The `n` postings with the highest prices above 0 of a plan, highest first: posting, price, vacancies.
pub fn highest_prices(conn: &mut AnyConnection, plan: i64, n: i64) -> DbResult<Vec<(i64, i64, i64)>> {
    Ok(plan_prices::table
        .filter(plan_prices::plan_id.eq(plan))
        .filter(plan_prices::price.gt(0))
        .order((plan_prices::price.desc(), plan_prices::posting_id))
        .limit(n)
        .select((plan_prices::posting_id, plan_prices::price, plan_prices::vacancies))
        .load(conn)?)
}

/// Households the policy watches, by id.
pub fn monitored_households(conn: &mut AnyConnection) -> DbResult<Vec<i64>> {
    Ok(households::table
        .filter(households::monitoring_class.ne(MonitoringClass::None))
        .order(households::id)
        .select(households::id)
        .load(conn)?)
}

/// The jobs at an employer on a day, said of the job itself or of its posting: spells.
pub fn jobs_at(conn: &mut AnyConnection, employer: i64, on: chrono::NaiveDate) -> DbResult<Vec<i64>> {
    let its_postings = postings::table.filter(postings::employer_id.eq(employer)).select(postings::id.nullable());
    Ok(employment_spells::table
        .filter(employment_spells::employer_id.eq(employer).or(employment_spells::posting_id.eq_any(its_postings)))
        .filter(employment_spells::counted_from.le(on))
        .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(on)))
        .order(employment_spells::id)
        .select(employment_spells::id)
        .load(conn)?)
}

/// Who holds a place of which posting on a day: (resident, posting).
pub fn hired_on(conn: &mut AnyConnection, on: chrono::NaiveDate) -> DbResult<Vec<(i64, i64)>> {
    Ok(employment_spells::table
        .filter(employment_spells::posting_id.is_not_null())
        .filter(employment_spells::counted_from.le(on))
        .filter(employment_spells::end_on.is_null().or(employment_spells::end_on.gt(on)))
        .order(employment_spells::id)
        .select((employment_spells::resident_id, employment_spells::posting_id.assume_not_null()))
        .load(conn)?)
}
