//! What clocks are read from: the rules of each day, the households, and what was done for them.
//!
//! Cost of [`Context::load`]: the rows of these households, read together; a page costs what one clock does, many times over but once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::{Recognition, calendar, covered_since};
use crate::app::coverage::facts::{self, Facts, Place};
use crate::app::error::AppError;
use crate::app::training::enrolments;
use crate::app::visits::{self, Contact};
use crate::app::{Connection, calendar_day, settings};
use crate::db::declines;
use crate::db::recognitions::RecognitionRow;
use crate::db::recognitions::services::{self as service_rows, ServiceRow};
use crate::db::referrals::{self as referral_rows, moves};
use crate::domain::clock::{ClockRules, ClockState, Deed, Recognised, ServiceKind, WorkCalendar, steps};
use crate::domain::codes::CoverageState;
use crate::domain::coverage::{CoverageRules, HouseholdFacts, household_coverage};
use crate::domain::referral::{ReferralReason, ReferralState};

pub(super) struct Context {
    coverage: CoverageRules,
    calendar: WorkCalendar,
    /// By the day of the recognition: what was promised then is what is owed.
    rules: BTreeMap<NaiveDate, ClockRules>,
    facts: Facts,
    /// Place of each household in `facts`.
    at: HashMap<i64, usize>,
    /// By recognition.
    services: HashMap<i64, Vec<Deed>>,
    /// By resident.
    offers: HashMap<i64, Vec<Deed>>,
    /// By resident: each enrolment is an offer of training.
    enrolled: HashMap<i64, Vec<Deed>>,
    today: NaiveDate,
}

impl Context {
    pub(super) fn load(conn: &mut Connection, rows: &[RecognitionRow], today: NaiveDate) -> Result<Self, AppError> {
        let mut rules = BTreeMap::new();
        for row in rows {
            let day = row.data.recognised_on;
            if let Entry::Vacant(entry) = rules.entry(day) {
                entry.insert(settings::clock_rules(conn, day)?);
            }
        }
        let households: Vec<i64> = rows.iter().map(|row| row.data.household_id).collect();
        let facts = facts::load_households(conn, &households)?;
        let at = facts.places.iter().enumerate().map(|(index, place)| (place.household, index)).collect();
        let done = done(conn, rows, today)?;
        let services = done.into_iter().map(|(recognition, done)| (recognition, done.deeds().collect())).collect();
        let members: Vec<i64> =
            facts.households.iter().flat_map(|household| household.members.iter().map(|m| m.resident)).collect();
        Ok(Self {
            coverage: settings::coverage_rules(conn, today)?,
            calendar: calendar::load(conn)?,
            rules,
            at,
            services,
            offers: offers(conn, &members)?,
            enrolled: enrolled(conn, &members)?,
            facts,
            today,
        })
    }

    /// The household of a recognition.
    pub(super) fn household(&self, row: &RecognitionRow) -> Result<(&Place, &HouseholdFacts), AppError> {
        let at = *self.at.get(&row.data.household_id).ok_or(AppError::NotFound)?;
        Ok((&self.facts.places[at], &self.facts.households[at]))
    }

    /// A recognition with its clock; without notes.
    pub(super) fn view(&self, row: &RecognitionRow) -> Result<Recognition, AppError> {
        let data = &row.data;
        let (_, household) = self.household(row)?;
        let until = data.ended_on.unwrap_or(self.today).min(self.today);
        let covered_on = covered_since(household, data.recognised_on, until, &self.coverage);
        let mut deeds = self.services.get(&row.id).cloned().unwrap_or_default();
        for member in &household.members {
            // Of those who lived there on the day.
            let own = self.offers.get(&member.resident).into_iter().flatten();
            deeds.extend(own.filter(|deed| member.person.is_member(deed.on)));
        }
        let begun = household.members.iter().flat_map(|member| {
            let own = self.enrolled.get(&member.resident).into_iter().flatten();
            own.filter(|deed| deed.on >= data.recognised_on && member.person.is_member(deed.on)).copied()
        });
        let begun = taken_up(&deeds, begun.collect());
        deeds.extend(begun);
        let recognised = Recognised {
            on: data.recognised_on,
            covered_on,
            ended_on: data.ended_on,
            deeds: &deeds,
            today: self.today,
        };
        let steps = steps(&recognised, &self.rules[&data.recognised_on], &self.calendar);
        Ok(Recognition {
            id: row.id,
            version: row.version,
            household_id: data.household_id,
            state: ClockState::of(&recognised, &steps),
            recognised_on: data.recognised_on,
            recognised_by: data.recognised_by,
            covered_on,
            works_no_more: covered_on.is_some()
                && data.ended_on.is_none()
                && household_coverage(household, self.today, &self.coverage).state == CoverageState::Uncovered,
            ended_on: data.ended_on,
            end_reason: data.end_reason,
            ended_by: data.ended_by,
            end_note: None,
            steps,
            services: Vec::new(),
        })
    }
}

fn enrolled(conn: &mut Connection, residents: &[i64]) -> Result<HashMap<i64, Vec<Deed>>, AppError> {
    let mut found: HashMap<i64, Vec<Deed>> = HashMap::new();
    for begun in enrolments::begun(conn, residents)? {
        let deed = Deed { kind: ServiceKind::TrainingOffer, on: begun.on, by: begun.by };
        found.entry(begun.resident).or_default().push(deed);
    }
    Ok(found)
}

/// The enrolments that are training offers of their own. One that follows an offer recorded by hand took that offer up: the two are
/// one.
fn taken_up(deeds: &[Deed], mut begun: Vec<Deed>) -> Vec<Deed> {
    let by_hand = deeds.iter().filter(|deed| deed.kind == ServiceKind::TrainingOffer);
    let mut by_hand: Vec<NaiveDate> = by_hand.map(|deed| deed.on).collect();
    by_hand.sort_unstable();
    begun.sort_by_key(|deed| deed.on);
    begun.retain(|deed| match by_hand.iter().position(|offered| *offered <= deed.on) {
        Some(offer) => {
            by_hand.remove(offer);
            false
        }
        None => true,
    });
    begun
}

/// What was done for a recognised household, job offers apart.
#[derive(Default)]
pub(super) struct Done {
    pub recorded: Vec<ServiceRow>,
    /// Visits, without those somebody recorded by hand as well: the same, on the same day, by the same account.
    pub visits: Vec<Contact>,
}

impl Done {
    pub(super) fn deeds(&self) -> impl Iterator<Item = Deed> {
        let recorded = self.recorded.iter().map(|row| Deed { kind: row.kind, on: row.done_on, by: row.done_by });
        recorded.chain(self.visits.iter().map(|visit| Deed { kind: visit.kind, on: visit.on, by: visit.by }))
    }
}

/// What was done for each of these recognitions.
pub(super) fn done(
    conn: &mut Connection,
    rows: &[RecognitionRow],
    today: NaiveDate,
) -> Result<HashMap<i64, Done>, AppError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut found: HashMap<i64, Done> = HashMap::new();
    for row in service_rows::of(conn, &ids)? {
        found.entry(row.recognition_id).or_default().recorded.push(row);
    }
    let households: Vec<i64> = rows.iter().map(|row| row.data.household_id).collect();
    let visits = visits::contacts(conn, &households)?;
    for row in rows {
        let until = row.data.ended_on.unwrap_or(today).min(today);
        let done = found.entry(row.id).or_default();
        let mut by_hand: Vec<&ServiceRow> = done.recorded.iter().collect();
        for visit in visits.get(&row.data.household_id).into_iter().flatten() {
            let same = |row: &&ServiceRow| (row.kind, row.done_on, row.done_by) == (visit.kind, visit.on, visit.by);
            if !(row.data.recognised_on..=until).contains(&visit.on) {
                continue;
            }
            match by_hand.iter().position(same) {
                Some(place) => {
                    by_hand.swap_remove(place);
                }
                None => done.visits.push(*visit),
            }
        }
    }
    Ok(found)
}

/// The postings offered to each resident that passed every gate on their day: proposed, but for those entered by mistake, or declined at
/// once, without a proposal before it. Each posting once, on its first day.
fn offers(conn: &mut Connection, residents: &[i64]) -> Result<HashMap<i64, Vec<Deed>>, AppError> {
    let mut suitable = referral_rows::of_residents(conn, residents)?;
    let proposed: HashSet<(i64, i64)> =
        suitable.iter().map(|row| (row.data.resident_id, row.data.posting_id)).collect();
    suitable.retain(|row| row.data.suitable);
    let ids: Vec<i64> = suitable.iter().map(|row| row.id).collect();
    let mut steps: HashMap<i64, Vec<moves::MoveRow>> = HashMap::new();
    for step in moves::of(conn, &ids)? {
        steps.entry(step.referral_id).or_default().push(step);
    }
    suitable.sort_unstable_by_key(|row| row.id);
    let mut offered = HashSet::new();
    let mut found: HashMap<i64, Vec<Deed>> = HashMap::new();
    for row in suitable {
        let history = steps.remove(&row.id).unwrap_or_default();
        // A start that was taken back was an offer all the same.
        let is_mistaken = |step: &moves::MoveRow| {
            step.to_state != ReferralState::Ended && step.reason == Some(ReferralReason::EnteredByMistake)
        };
        if history.iter().any(is_mistaken) {
            continue;
        }
        let first = history.first();
        let on = first.map_or_else(|| calendar_day(row.created_at), |step| step.happened_on);
        if !offered.insert((row.data.resident_id, row.data.posting_id)) {
            continue;
        }
        let deed = Deed { kind: ServiceKind::JobOffer, on, by: first.and_then(|step| step.account_id) };
        found.entry(row.data.resident_id).or_default().push(deed);
    }
    for (resident, posting, on) in declines::suitable_of(conn, residents)? {
        if !proposed.contains(&(resident, posting)) {
            found.entry(resident).or_default().push(Deed { kind: ServiceKind::JobOffer, on, by: None });
        }
    }
    Ok(found)
}
