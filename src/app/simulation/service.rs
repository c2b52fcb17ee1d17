//! The clock: uncovered households are recognised on the day they are, contacted, guided and offered a training course.

use chrono::NaiveDate;

use super::chance::Of;
use super::invariants::Counted;
use super::year::{Who, Year};
use crate::app::access::{Action, ObjectKind};
use crate::app::clock::{self, Service};
use crate::app::error::AppError;
use crate::domain::clock::ServiceKind;
use crate::domain::codes::CoverageState;

/// Something a counselor has in mind to do for a recognised household.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    household: i64,
    recognition: i64,
    kind: ServiceKind,
}

/// One in so many services comes late.
const LATE: u64 = 50_000;

impl Year {
    pub fn recognise(&mut self, day: NaiveDate, counted: &Counted) -> Result<(), AppError> {
        let waiting = |household: &i64| self.recognised.get(household).is_none_or(|(_, covered)| *covered);
        let new: Vec<i64> = counted.of(CoverageState::Uncovered).filter(waiting).collect();
        let what = (Action::Create, ObjectKind::Recognition, "create_recognition");
        for household in new {
            let recognition = self.act(Who::Counselor, what, None, day, |conn, moment, by| {
                clock::recognise(conn, household, day, moment, by)
            })?;
            self.recognised.insert(household, (recognition, false));
            self.course.recognitions += 1;
            let world = &self.world;
            let keys = [household, world.number(day)];
            let late = if world.chance.happens(Of::Late, &keys, LATE) { 4 } else { 0 };
            let mut plan = |of, kind, most| {
                let on = world.calendar.after(day, world.chance.between(of, &keys, 1, most) + late);
                self.due.entry(on).or_default().push(Due { household, recognition, kind });
            };
            plan(Of::Contact, ServiceKind::Contact, 3);
            plan(Of::Guidance, ServiceKind::Guidance, 5);
            plan(Of::Training, ServiceKind::TrainingOffer, 5);
        }
        Ok(())
    }

    /// What is due today, for the households in which nobody works yet.
    pub fn serve(&mut self, day: NaiveDate) -> Result<(), AppError> {
        let what = (Action::Create, ObjectKind::Recognition, "create_service");
        for due in self.due.remove(&day).unwrap_or_default() {
            if self.recognised.get(&due.household) != Some(&(due.recognition, false)) {
                continue;
            }
            let (db, by) = (&self.db, self.by(Who::Counselor).account);
            self.act(Who::Counselor, what, None, day, |conn, moment, _| {
                let service = Service { kind: due.kind, on: day, by, note: None, visit: None };
                clock::serve(conn, db.keys(), due.recognition, &service, moment)
            })?;
        }
        Ok(())
    }
}
