//! The households behind a number, whichever number it is.
//!
//! Invariant: each list is the pass that made its number, with a filter, so it has as many entries as the number says.

use chrono::NaiveDate;

use super::facts;
use super::flow::{self, Movement};
use super::report::{self, HouseholdLine, ListFilter};
use crate::app::clock::kept::{self, Recognised};
use crate::app::error::AppError;
use crate::app::plans::view::{self, HouseholdFilter};
use crate::app::{Connection, Page, settings};
use crate::domain::clock::{ClockStep, StepState};
use crate::domain::codes::{PlanState, UncoveredClass};
use crate::domain::text::Text;

/// Which number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// One of the report of a day.
    Figure { as_of: NaiveDate, filter: ListFilter },
    /// A movement between two days.
    Moved { from: NaiveDate, to: NaiveDate, movement: Movement },
    /// Recognised between two days, in one grid if one is named, a step standing so if one is named.
    Clock { between: (NaiveDate, NaiveDate), standing: Option<(ClockStep, StepState)>, grid: Option<String> },
    /// What a plan makes of them.
    Planned { plan: i64, state: PlanState, class: Option<UncoveredClass> },
}

/// A household of a list and what the list says of it besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub line: HouseholdLine,
    pub notes: Vec<Text>,
}

/// The households behind a number in these areas (`None` = in all), by id.
///
/// # Errors
/// `NotFound` for a plan that is not there.
pub fn listed(conn: &mut Connection, behind: &Behind, within: Option<&[i64]>) -> Result<Vec<Listed>, AppError> {
    let plain = |line| Listed { line, notes: Vec::new() };
    match behind {
        Behind::Figure { as_of, filter } => {
            let rules = settings::coverage_rules(conn, *as_of)?;
            let facts = facts::load_within(conn, within)?;
            Ok(report::list(&facts, *as_of, &rules, filter).into_iter().map(plain).collect())
        }
        Behind::Moved { from, to, movement } => {
            let (before, after) = (settings::coverage_rules(conn, *from)?, settings::coverage_rules(conn, *to)?);
            let facts = facts::load_within(conn, within)?;
            let moved = flow::list(&facts, (*from, &before), (*to, &after), *movement);
            Ok(moved.into_iter().map(plain).collect())
        }
        Behind::Clock { between, standing, grid } => {
            let asked = Recognised { between: *between, as_of: between.1, within };
            let found = kept::list(conn, &asked, *standing, grid.as_deref())?;
            Ok(found.into_iter().map(recognised).collect())
        }
        Behind::Planned { plan, state, class } => planned(conn, *plan, (*state, *class), within),
    }
}

fn recognised(line: kept::KeptLine) -> Listed {
    let (on, due) = (line.recognised_on, line.step.due_on);
    let recognised = Text::new(format!("{on} 认定"), format!("recognised {on}"));
    let step = line.step.step.label();
    let said = match line.step.done_on {
        Some(done) => Text::new(
            format!("{}：应在 {due} 前，{done} 做到", step.zh),
            format!("{}: due {due}, done {done}", step.en),
        ),
        None => Text::new(format!("{}：应在 {due} 前，还没做到", step.zh), format!("{}: due {due}, not done", step.en)),
    };
    Listed { line: line.household, notes: vec![recognised, said] }
}

fn planned(
    conn: &mut Connection,
    plan: i64,
    (state, class): (PlanState, Option<UncoveredClass>),
    within: Option<&[i64]>,
) -> Result<Vec<Listed>, AppError> {
    let filter = HouseholdFilter { state: Some(state), class, household: None, within: within.map(<[i64]>::to_vec) };
    let rows = view::households(conn, plan, &filter, Page::first(i64::MAX))?;
    let as_of = view::figures(conn, plan)?.as_of;
    let rules = settings::coverage_rules(conn, as_of)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.household_id).collect();
    let facts = facts::load_households(conn, &ids)?;
    let mut notes: std::collections::HashMap<i64, Vec<Text>> =
        rows.iter().map(|row| (row.household_id, row.sentences())).collect();
    let known = facts.places.iter().zip(&facts.households);
    Ok(known
        .map(|(place, household)| Listed {
            line: report::line(place, household, as_of, &rules),
            notes: notes.remove(&place.household).unwrap_or_default(),
        })
        .collect())
}
