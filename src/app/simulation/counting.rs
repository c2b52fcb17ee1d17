//! Coverage day by day: the households of which an event tells are read anew, the others are as they were.
//!
//! Invariant: what [`Counted::read`] gives of the same day. A change no event tells of would show: in a household's state on the
//! same day, in any other figure at the end ([`super::invariants`]). Cost: the events since the day before, their households' rows, and
//! one pass over all households.

use chrono::NaiveDate;

use super::invariants::Counted;
use crate::app::coverage::facts::{self, Facts};
use crate::app::error::AppError;
use crate::app::{Connection, Db, settings};
use crate::db::events::{self, EventFilter, EventRow};
use crate::domain::events::EventKind;

/// What is known of all households, and up to which event.
pub(super) struct Following {
    facts: Facts,
    position: i64,
}

/// What some events mean for the facts.
enum Stale {
    /// Households one by one.
    Those(Vec<i64>),
    /// Where households lie, which are there, or until when employers rent.
    All,
}

impl Following {
    /// Reads everything once.
    ///
    /// # Errors
    /// If the database fails.
    pub fn begin(db: &Db) -> Result<Self, AppError> {
        db.read(|conn| Ok(Self { position: events::last(conn)?, facts: facts::load(conn)? }))
    }

    /// Counts a day, with everything that has happened by now.
    ///
    /// # Errors
    /// If the database fails.
    pub fn count(&mut self, db: &Db, day: NaiveDate) -> Result<Counted, AppError> {
        db.read(|conn| {
            self.catch_up(conn)?;
            Ok(Counted::of_facts(&self.facts, day, &settings::coverage_rules(conn, day)?))
        })
    }

    fn catch_up(&mut self, conn: &mut Connection) -> Result<(), AppError> {
        let news = events::after(conn, &EventFilter::default(), self.position, i64::MAX)?;
        match stale(&news) {
            Stale::All => self.facts = facts::load(conn)?,
            Stale::Those(households) => self.replace(facts::load_households(conn, &households)?),
        }
        self.position = news.last().map_or(self.position, |event| event.position);
        Ok(())
    }

    /// Households that are there already, with other rows of their members.
    fn replace(&mut self, anew: Facts) {
        let known = &mut self.facts.households;
        for household in anew.households {
            if let Ok(index) = known.binary_search_by_key(&household.id, |known| known.id)
                && let Some(place) = known.get_mut(index)
            {
                *place = household;
            }
        }
    }
}

fn stale(news: &[EventRow]) -> Stale {
    let mut households = Vec::new();
    for event in news {
        match event.kind {
            EventKind::Area | EventKind::Employer | EventKind::Household => return Stale::All,
            EventKind::Resident | EventKind::Membership | EventKind::Exemption | EventKind::Employment => {
                households.extend(event.household_id);
            }
            _ => {}
        }
    }
    households.sort_unstable();
    households.dedup();
    Stale::Those(households)
}
