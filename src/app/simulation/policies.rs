//! Who is proposed for which vacancy, once a week: the only thing in which the policies differ.
//!
//! All of them ask the same gates, leave out who is on the way to a job already, and fill the places nobody is on the way to.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::chance::Of;
use super::flights::Flight;
use super::invariants::{Check, Found};
use super::world::Pair;
use super::year::{Who, Year};
use super::{Policy, moment};
use crate::app::access::{Act, Action, ObjectKind};
use crate::app::error::AppError;
use crate::app::plans::adopt::{self, Adopt};
use crate::app::plans::{self, view};
use crate::app::referrals::{self, Proposal};
use crate::app::snapshot::{self, Loaded};
use crate::app::{Page, audit};
use crate::domain::referral::ReferralState;

/// Who may still be proposed in a round.
struct Round {
    free: BTreeMap<i64, i64>,
    on_the_way: BTreeSet<i64>,
    chosen: Vec<Pair>,
}

impl Round {
    fn is_free(&self, resident: i64, posting: i64) -> bool {
        self.free.get(&posting).is_some_and(|left| *left > 0) && !self.on_the_way.contains(&resident)
    }

    fn take(&mut self, pair: Pair) {
        if let Some(left) = self.free.get_mut(&pair.posting) {
            *left -= 1;
        }
        self.on_the_way.insert(pair.resident);
        self.chosen.push(pair);
    }
}

impl Year {
    pub fn propose(&mut self, day: NaiveDate) -> Result<(), AppError> {
        let on_the_way = self.flights.values().map(|flight| flight.pair.resident).collect();
        let mut round = Round { free: self.free_places(day)?, on_the_way, chosen: Vec::new() };
        match self.policy {
            Policy::HouseholdFirst => self.by_plan(&mut round, day)?,
            Policy::ScoreGreedy => self.by_list(&mut round, day, by_score)?,
            Policy::FirstCome => self.by_list(&mut round, day, by_turn)?,
        }
        round.chosen.into_iter().try_for_each(|pair| self.propose_one(pair, day))
    }

    /// Plans, adopts, and proposes what the plan places.
    fn by_plan(&mut self, round: &mut Round, day: NaiveDate) -> Result<(), AppError> {
        let act = |action: Action| Act::of_operator(action.code(), ObjectKind::Plan, "simulate");
        let acting = |action| audit::acting_at(&self.db, act(action), moment(day));
        let proposal = plans::Proposal { as_of: day, now: moment(day), job: None };
        let db = acting(Action::Create);
        // What it writes to the log about each plan is no news here.
        let quiet = tracing::subscriber::NoSubscriber::default();
        let plan =
            tracing::subscriber::with_default(quiet, || plans::propose_without_gaps(&db, proposal, &|_, _| Ok(())))?;
        let prepared = adopt::prepare(&self.db, plan, day)?;
        let terms =
            Adopt { expected_current: self.plan, accept_changed_records: false, adopted_by: "simulate".to_owned() };
        acting(Action::Change).write(|conn| adopt::adopt(conn, &prepared, &terms, moment(day)))?;
        self.plan = Some(plan);
        let placed = self.db.read(|conn| view::placements(conn, plan, None, Page::first(i64::MAX)))?;
        for view::Placement { row, .. } in placed {
            let points = u16::try_from(row.suitability).unwrap_or(0);
            let pair = Pair { resident: row.resident_id, posting: row.posting_id, points };
            if round.is_free(pair.resident, pair.posting) {
                round.take(pair);
            }
        }
        Ok(())
    }

    /// Goes through the eligible pairs of the day in an order.
    fn by_list(
        &mut self,
        round: &mut Round,
        day: NaiveDate,
        in_order: fn(Vec<Pair>) -> Vec<Pair>,
    ) -> Result<(), AppError> {
        let loaded = self.db.read(|conn| snapshot::load_unhashed(conn, day))?;
        let mut limits = self.limits(&loaded);
        for pair in in_order(eligible(&loaded, round)) {
            let Some(limit) = self.homes.get(&pair.resident).and_then(|home| limits.get_mut(home)) else { continue };
            if *limit > 0 && round.is_free(pair.resident, pair.posting) {
                *limit -= 1;
                round.take(pair);
            }
        }
        Ok(())
    }

    /// How many more of each household may be on the way to a job: somebody has to care at home.
    fn limits(&self, loaded: &Loaded) -> BTreeMap<i64, u32> {
        let limits = loaded.facts.households.iter().zip(&loaded.limits);
        let mut limits: BTreeMap<i64, u32> =
            limits.map(|(household, limit)| (household.id, limit.unwrap_or(u32::MAX))).collect();
        for flight in self.flights.values() {
            if let Some(limit) = limits.get_mut(&flight.household) {
                *limit = limit.saturating_sub(1);
            }
        }
        limits
    }

    fn propose_one(&mut self, pair: Pair, day: NaiveDate) -> Result<(), AppError> {
        let Pair { resident, posting, .. } = pair;
        let keys = self.db.keys();
        let what = (Action::Create, ObjectKind::Referral, "create_referral");
        let new = Proposal { resident, posting, overrides: Vec::new(), note: None };
        let made = self.act(Who::Counselor, what, Some(resident), day, |conn, moment, by| {
            referrals::propose(conn, keys, &new, moment, by)
        });
        let referral = match made {
            Ok(referral) => referral,
            Err(error @ (AppError::Refused(..) | AppError::Invalid(_))) => {
                // The list of the same moment had it.
                self.found.push(Found::new(
                    Check::Gates,
                    format!("居民 #{resident} 与岗位 #{posting} 在名单上，却不能推荐：{error}"),
                    format!(
                        "resident #{resident} and posting #{posting} are in the list and cannot be proposed: {error}"
                    ),
                ));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.course.proposals += 1;
        let employer = self.posts.get(&posting).map_or(0, |post| post.employer);
        let household = self.homes.get(&resident).copied().unwrap_or(0);
        let due = Some(self.world.later(Of::ResidentPause, pair, day, (1, 3)));
        let state = ReferralState::Proposed;
        let flight = Flight { referral, pair, employer, household, state, due, moved: day };
        self.flights.insert(referral, flight);
        Ok(())
    }
}

/// The pairs that pass all gates today and may be in an automatic list, by resident and posting.
fn eligible(loaded: &Loaded, round: &Round) -> Vec<Pair> {
    let mut scanner = loaded.snapshot.scanner();
    let mut pairs = Vec::new();
    for (r, resident) in loaded.names.residents.iter().enumerate() {
        if loaded.names.no_automation.contains(&r) || round.on_the_way.contains(&resident.id) {
            continue;
        }
        scanner.scan(
            r,
            |_| 0,
            |p, points| {
                let posting = loaded.names.postings[p].id;
                if round.free.get(&posting).is_some_and(|left| *left > 0) {
                    pairs.push(Pair { resident: resident.id, posting, points });
                }
            },
        );
    }
    pairs
}

fn by_score(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_by_key(|pair| (Reverse(pair.points), pair.resident, pair.posting));
    pairs
}

/// They come by registration, and then by posting.
fn by_turn(pairs: Vec<Pair>) -> Vec<Pair> {
    pairs
}
