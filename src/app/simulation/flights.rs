//! Referrals on their way: what the resident says, what the employer says, and the day of work.

use chrono::{Days, NaiveDate};

use super::chance::Of;
use super::invariants::{Check, Found};
use super::work::Job;
use super::world::Pair;
use super::year::{Who, Year};
use crate::app::access::{Action, ObjectKind};
use crate::app::error::AppError;
use crate::app::privacy::consents::{self, NewConsent, Said};
use crate::app::referrals::moves::{self, Hire, Request};
use crate::app::referrals::view::{self, Viewer};
use crate::app::residents::{self, Change, Profile};
use crate::app::settings;
use crate::db::recount;
use crate::domain::privacy::{ConsentDecision, ConsentForm, DataKind, Purpose};
use crate::domain::referral::{ReferralReason, ReferralState};

/// Days after which a place is offered to the next one although nobody has answered.
const PATIENCE: i64 = 15;

/// An open referral.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub referral: i64,
    pub pair: Pair,
    pub employer: i64,
    pub household: i64,
    pub state: ReferralState,
    /// The day of the next step; `None` = the employer never answers.
    pub due: Option<NaiveDate>,
    pub moved: NaiveDate,
}

impl Flight {
    /// Whether nobody else is proposed for the place meanwhile.
    pub fn holds_place(&self, day: NaiveDate) -> bool {
        self.due.is_some() || (day - self.moved).num_days() <= PATIENCE
    }
}

const MOVE: (Action, ObjectKind, &str) = (Action::Change, ObjectKind::Referral, "move_referral");

impl Year {
    /// Takes a step; `false` if it may not be taken.
    pub fn step(
        &self,
        who: Who,
        (referral, resident): (i64, i64),
        request: &Request,
        day: NaiveDate,
    ) -> Result<bool, AppError> {
        let viewer = match who {
            Who::Counselor => Viewer::Everything,
            Who::Hr(employer) => Viewer::Employers(vec![employer]),
        };
        let moved = self.act(who, MOVE, Some(resident), day, |conn, moment, by| {
            moves::make(conn, self.db.keys(), &viewer, referral, request, moment, by)
        });
        match moved {
            Ok(_) => Ok(true),
            // An employer no longer sees a person who may not be introduced any more.
            Err(error @ (AppError::Refused(..) | AppError::Invalid(_) | AppError::NotFound)) => {
                tracing::debug!(referral, %day, from = request.from.code(), to = request.to.code(), %error, "no step");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// What is due today, step by step.
    pub fn advance(&mut self, day: NaiveDate) -> Result<(), AppError> {
        let due: Vec<i64> =
            self.flights.values().filter(|f| f.due.is_some_and(|on| on <= day)).map(|f| f.referral).collect();
        due.into_iter().try_for_each(|referral| self.next_step(referral, day))
    }

    fn next_step(&mut self, referral: i64, day: NaiveDate) -> Result<(), AppError> {
        use ReferralState::{Consented, Interview, Offered, Proposed, Referred, RefusedByResident};
        let Some(flight) = self.flights.get(&referral).copied() else { return Ok(()) };
        let (world, pair) = (std::sync::Arc::clone(&self.world), flight.pair);
        let (id, hr) = ((referral, pair.resident), Who::Hr(flight.employer));
        match flight.state {
            Proposed if world.agrees(pair) => {
                let consent = Request { consent: Some(said(day)), ..Request::plain(Proposed, Consented) };
                let told = self.step(Who::Counselor, id, &consent, day)?
                    && self.step(Who::Counselor, id, &Request::plain(Consented, Referred), day)?;
                let due = world.later(Of::EmployerPause, pair, day, (2, 7));
                self.moved(flight, told, (Referred, world.answers(pair).then_some(due)), day)
            }
            Proposed => {
                let reasons: Vec<ReferralReason> = ReferralReason::of(RefusedByResident).collect();
                let reason = reasons.get(world.chance.below(Of::ResidentReason, &pair.keys(), reasons.len())).copied();
                self.refuse(flight, reason, day)
            }
            Referred if world.invites(pair) => {
                let seen = self.step(hr, id, &Request::plain(Referred, Interview), day)?;
                let due = world.later(Of::OfferPause, pair, day, (1, 4));
                self.moved(flight, seen, (Interview, Some(due)), day)
            }
            Interview if world.offers(pair) => {
                let offered = self.step(hr, id, &Request::plain(Interview, Offered), day)?;
                let due = world.later(Of::StartPause, pair, day, (1, 6));
                self.moved(flight, offered, (Offered, Some(due)), day)
            }
            Referred | Interview => {
                let reasons: Vec<ReferralReason> = ReferralReason::of(ReferralState::RefusedByEmployer).collect();
                let reason = world.chance.below(Of::EmployerReason, &pair.keys(), reasons.len());
                self.turn_down(referral, reasons.get(reason).copied().unwrap_or(ReferralReason::Other), day)
            }
            Offered if world.comes(pair) => self.hire(flight, day),
            Offered => self.refuse(flight, Some(ReferralReason::OtherJob), day),
            _ => Ok(()),
        }
    }

    /// A flight goes on, or cannot and is withdrawn.
    fn moved(
        &mut self,
        flight: Flight,
        done: bool,
        (state, due): (ReferralState, Option<NaiveDate>),
        day: NaiveDate,
    ) -> Result<(), AppError> {
        if done {
            self.flights.insert(flight.referral, Flight { state, due, moved: day, ..flight });
            return Ok(());
        }
        self.withdraw(flight, day)
    }

    /// Whatever stands in the way, the counselor takes the referral back, unless a rule has closed it by now.
    fn withdraw(&mut self, flight: Flight, day: NaiveDate) -> Result<(), AppError> {
        self.flights.remove(&flight.referral);
        self.course.stopped += 1;
        let by = self.by(Who::Counselor);
        let state = self.db.read(|conn| {
            let seen = view::get(conn, self.db.keys(), &Viewer::Everything, flight.referral, (day, by))?;
            Ok::<_, AppError>(seen.referral.state)
        })?;
        if state.is_open() {
            let reason = Some(ReferralReason::PostingChanged);
            let request = Request { reason, ..Request::plain(state, ReferralState::Withdrawn) };
            self.step(Who::Counselor, (flight.referral, flight.pair.resident), &request, day)?;
        }
        Ok(())
    }

    /// The resident says no.
    fn refuse(&mut self, flight: Flight, reason: Option<ReferralReason>, day: NaiveDate) -> Result<(), AppError> {
        let request = Request { reason, ..Request::plain(flight.state, ReferralState::RefusedByResident) };
        if !self.step(Who::Counselor, (flight.referral, flight.pair.resident), &request, day)? {
            return self.withdraw(flight, day);
        }
        self.flights.remove(&flight.referral);
        self.course.refused_by_resident += 1;
        Ok(())
    }

    /// The employer says no; before it knows of the person the counselor takes the referral back.
    pub fn turn_down(&mut self, referral: i64, reason: ReferralReason, day: NaiveDate) -> Result<(), AppError> {
        let Some(flight) = self.flights.get(&referral).copied() else { return Ok(()) };
        let request =
            Request { reason: Some(reason), ..Request::plain(flight.state, ReferralState::RefusedByEmployer) };
        if !self.step(Who::Hr(flight.employer), (referral, flight.pair.resident), &request, day)? {
            return self.withdraw(flight, day);
        }
        self.flights.remove(&referral);
        self.course.refused_by_employer += 1;
        Ok(())
    }

    /// The first day of work, after the health check where the post needs one and the end of what the person did before.
    fn hire(&mut self, flight: Flight, day: NaiveDate) -> Result<(), AppError> {
        let Pair { resident, posting, .. } = flight.pair;
        let post = self.posts.get(&posting).cloned();
        if post.as_ref().is_some_and(|post| post.has_hazards) {
            self.check_health(resident, day)?;
        }
        self.end_jobs_of(resident, day)?;
        let until = day + Days::new(365);
        let hire = Hire {
            start_on: day,
            part_time: false,
            monthly_income: post.and_then(|post| post.pay),
            contract_until: Some(until),
            evidence: Some("劳动合同".to_owned()),
        };
        let request = Request { hire: Some(hire), ..Request::plain(ReferralState::Offered, ReferralState::Hired) };
        if !self.step(Who::Hr(flight.employer), (flight.referral, resident), &request, day)? {
            return self.withdraw(flight, day);
        }
        self.course.hires += 1;
        // Whatever else was open for the person is closed with it.
        self.flights.retain(|_, other| other.pair.resident != resident);
        let by = self.by(Who::Counselor);
        let spell = self.db.read(|conn| {
            let seen = view::get(conn, self.db.keys(), &Viewer::Everything, flight.referral, (day, by))?;
            Ok::<_, AppError>(seen.referral.spell_id)
        })?;
        if let Some(spell) = spell {
            let job = Job {
                resident,
                employer: Some(flight.employer),
                pair: Some(flight.pair.keys()),
                since: day,
                contract_until: Some(until),
                referral: Some(flight.referral),
            };
            self.jobs.insert(spell, job);
        }
        Ok(())
    }

    /// The person agrees to the use of health data, and has the check that a post with hazards asks for.
    fn check_health(&mut self, resident: i64, day: NaiveDate) -> Result<(), AppError> {
        let is_new = self.health_known.insert(resident);
        let what = (Action::Change, ObjectKind::Resident, "update_resident");
        let keys = self.db.keys();
        self.act(Who::Counselor, what, Some(resident), day, |conn, moment, by| {
            if is_new {
                let consent = NewConsent {
                    purpose: Purpose::SensitiveData,
                    decision: ConsentDecision::Given,
                    employer_id: None,
                    kinds: vec![DataKind::Health, DataKind::WorkCapacity],
                    form: ConsentForm::Written,
                    evidence: None,
                    given_on: day,
                    valid_until: None,
                };
                consents::record(conn, resident, &consent, moment, by.account)?;
            }
            let old = residents::get(conn, keys, resident, day)?;
            let until = Some(day + Days::new(365));
            let profile = Profile { hazard_check_until: until, ..old.profile };
            let change = Change { id_number: None, name: None, phone: None, note: None, profile };
            residents::update(conn, keys, (resident, old.version), change, moment).map(drop)
        })
    }

    /// Drops what the ageing of today has closed.
    pub fn forget_expired(&mut self, day: NaiveDate) -> Result<(), AppError> {
        let days = self.db.read(|conn| settings::referral_expiry_days(conn, day))?;
        self.flights.retain(|_, flight| (day - flight.moved).num_days() < i64::from(days));
        Ok(())
    }

    /// The open referrals are those people here have in mind: what a rule closes is closed, and nothing else.
    pub fn unknown_referrals(&self) -> Result<Vec<Found>, AppError> {
        let open = self.db.read(recount::open_referrals)?;
        let known: Vec<i64> = self.flights.keys().copied().collect();
        let differing: Vec<i64> = open
            .iter()
            .filter(|id| !self.flights.contains_key(id))
            .chain(known.iter().filter(|id| open.binary_search(id).is_err()))
            .copied()
            .collect();
        let tell = |id: i64| {
            Found::new(
                Check::Referrals,
                format!("推荐 #{id} 的开闭与各方所知不符"),
                format!("referral #{id} is open or closed against what was said"),
            )
        };
        Ok(differing.into_iter().map(tell).collect())
    }
}

/// A consent to be introduced, by voice before a witness.
fn said(day: NaiveDate) -> Said {
    Said {
        decision: ConsentDecision::Given,
        kinds: vec![DataKind::Name, DataKind::Phone],
        form: ConsentForm::Spoken,
        evidence: Some("网格员在场".to_owned()),
        given_on: day,
        valid_until: None,
    }
}
