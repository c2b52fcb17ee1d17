//! The demo's last week: households recognised, the first of them visited, so that there are clocks, due steps and visits to look at.
//!
//! Invariant: everything goes through the use cases of the real service, on days that have been, and changes no coverage, no plan
//! and no place. The same plan makes the same week.

use chrono::{Days, NaiveDate};

use super::access::{Act, Action, ObjectKind};
use super::error::{AppError, Refusal};
use super::plans::view;
use super::steps::By;
use super::visits::{self, VisitFields};
use super::{Db, Moment, clock};
use crate::db::Page;
use crate::domain::visit::{NextStep, VisitChannel, VisitFinding, VisitStatus};

/// Households recognised at most: as many as a few counselors have in a week.
const RECOGNISED: i64 = 40;
/// The days they are spread over, the last of them today.
const DAYS: u64 = 7;

/// Recognises households that the plan would bring to work, and visits two of three.
///
/// # Errors
/// If the database fails.
pub fn last_week(db: &Db, plan: i64, (now, today): Moment) -> Result<(), AppError> {
    let by = By::of(&Act::of_operator(Action::Create.code(), ObjectKind::Recognition, "demo"));
    db.write(|conn| {
        let placed = view::placements(conn, plan, None, Page::first(RECOGNISED))?;
        for (nth, placement) in (0_u64..).zip(placed) {
            let (household, ago) = (placement.row.household_id, nth % DAYS);
            let on = before(today, ago);
            match clock::recognise(conn, household, on, (now, today), by) {
                Ok(_) => {}
                // Somebody still worked on that day, or another member is in the plan, too.
                Err(AppError::Refused(Refusal::NotUncovered | Refusal::AlreadyRecognised, _)) => continue,
                Err(error) => return Err(error),
            }
            if nth % 3 > 0 {
                let visited = before(today, ago.saturating_sub(nth % 2 + 1));
                visits::create(conn, db.keys(), household, &talk(visited, today), (now, today), None)?;
            }
        }
        Ok(())
    })
}

fn before(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_sub_days(Days::new(days)).unwrap_or(today)
}

/// A talk at the door: willing to work, a job to be proposed by tomorrow.
fn talk(on: NaiveDate, today: NaiveDate) -> VisitFields {
    VisitFields {
        status: VisitStatus::Done,
        visit_on: on,
        channel: VisitChannel::Door,
        findings: vec![VisitFinding::Willing],
        found_note: None,
        next_step: Some(NextStep::ProposeJob),
        next_on: today.checked_add_days(Days::new(1)),
        next_note: None,
        next_done_on: None,
    }
}
