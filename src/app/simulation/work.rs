//! Jobs as they end, go on and are found without the service.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::chance::Of;
use super::year::{Who, Year};
use crate::app::Page;
use crate::app::access::{Action, ObjectKind};
use crate::app::error::AppError;
use crate::app::postings::PostingFields;
use crate::app::referrals::moves::Request;
use crate::app::spells::{self, SpellFields, SpellFilter};
use crate::domain::ages::{LabourAge, completed_years};
use crate::domain::codes::{Channel, Region};
use crate::domain::employability::not_employable;
use crate::domain::money::monthly_yuan;
use crate::domain::referral::{ReferralReason, ReferralState};

/// Oldest who find work far away alone.
const OLDEST_ALONE: i32 = 55;

/// A job that lasts.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub resident: i64,
    pub employer: Option<i64>,
    /// What chance knows a new one by; `None` for one of before the first day.
    pub pair: Option<[i64; 2]>,
    pub since: NaiveDate,
    pub contract_until: Option<NaiveDate>,
    /// The referral it came of.
    pub referral: Option<i64>,
}

/// The lowest pay a posting names, in yuan a month.
pub(super) fn monthly(fields: &PostingFields) -> Option<i64> {
    Some(i64::from(monthly_yuan(fields.pay_kind?, fields.pay_min_fen?).ok()?))
}

const END: (Action, ObjectKind, &str) = (Action::Change, ObjectKind::Spell, "end_spell");

impl Year {
    pub fn standing_jobs(&self) -> Result<BTreeMap<i64, Job>, AppError> {
        let first = self.world.first;
        let filter = SpellFilter { active_on: Some(first), ..SpellFilter::default() };
        let found = self.db.read(|conn| spells::page(conn, &filter, Page::first(i64::MAX)))?;
        // What has its last day in the ledger ends by itself.
        let lasts = found.into_iter().filter(|spell| spell.fields.fields.end_on.is_none());
        let job = |spell: crate::app::Record<spells::Spell>| {
            let fields = spell.fields.fields;
            let job = Job {
                resident: spell.fields.resident_id,
                employer: fields.employer_id,
                pair: None,
                since: spell.fields.counted_from,
                // One that has run out goes on without.
                contract_until: fields.contract_until.filter(|until| *until >= first),
                referral: None,
            };
            (spell.id, job)
        };
        Ok(lasts.map(job).collect())
    }

    /// Who leaves, whose contract ends, and whose is renewed.
    pub fn jobs_end(&mut self, day: NaiveDate) -> Result<(), AppError> {
        let world = std::sync::Arc::clone(&self.world);
        let mut ending = Vec::new();
        let mut renewed = Vec::new();
        for (id, job) in &self.jobs {
            let leaves = match job.pair {
                Some(pair) => job.since < day && world.leaves_new(pair, (day - job.since).num_days()),
                None => world.leaves_old(*id, day),
            };
            let keys = job.pair.unwrap_or([*id, 0]);
            if leaves {
                ending.push((*id, ReferralReason::Resigned));
            } else if let Some(until) = job.contract_until
                && until < day
            {
                if world.renews_contract(keys, until) {
                    renewed.push((*id, until));
                } else {
                    ending.push((*id, ReferralReason::ContractEnded));
                }
            }
        }
        for (id, reason) in ending {
            self.end_job(id, reason, day)?;
        }
        for (id, until) in renewed {
            let until = until.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX);
            let db = &self.db;
            let what = (Action::Change, ObjectKind::Spell, "update_spell");
            self.act(Who::Counselor, what, self.jobs.get(&id).map(|job| job.resident), day, |conn, moment, by| {
                let old = spells::get(conn, db.keys(), id)?;
                let fields = SpellFields { contract_until: Some(until), ..old.fields.fields };
                spells::update(conn, db.keys(), (id, old.version), fields, (moment, by)).map(drop)
            })?;
            if let Some(job) = self.jobs.get_mut(&id) {
                job.contract_until = Some(until);
            }
        }
        Ok(())
    }

    /// Ends a job: by a step of its referral where it came of one, else by its own record.
    pub fn end_job(&mut self, id: i64, reason: ReferralReason, day: NaiveDate) -> Result<(), AppError> {
        let Some(job) = self.jobs.remove(&id) else { return Ok(()) };
        self.course.left += 1;
        if let Some(referral) = job.referral {
            let request = Request {
                reason: Some(reason),
                ended_on: Some(day),
                ..Request::plain(ReferralState::Hired, ReferralState::Ended)
            };
            if self.step(Who::Counselor, (referral, job.resident), &request, day)? {
                return Ok(());
            }
        }
        let db = &self.db;
        self.act(Who::Counselor, END, Some(job.resident), day, |conn, moment, by| {
            spells::end(conn, db.keys(), id, (day, None), (moment, by)).map(drop)
        })
    }

    /// Everything a resident works at ends: another job begins.
    pub fn end_jobs_of(&mut self, resident: i64, day: NaiveDate) -> Result<(), AppError> {
        let jobs: Vec<i64> = self.jobs.iter().filter(|(_, job)| job.resident == resident).map(|(id, _)| *id).collect();
        jobs.into_iter().try_for_each(|id| self.end_job(id, ReferralReason::Resigned, day))
    }

    /// Some find a job far away by themselves.
    pub fn some_find_work(&mut self, day: NaiveDate) -> Result<(), AppError> {
        let at_work: std::collections::BTreeSet<i64> = self.jobs.values().map(|job| job.resident).collect();
        let lucky = |(resident, person): (&i64, &crate::domain::employability::PersonFacts)| {
            let age = person.birth_date.map_or(0, |birth| completed_years(birth, day));
            (!at_work.contains(resident)
                && self.world.finds_work(*resident, day)
                && person.willing != Some(false)
                && (18..=OLDEST_ALONE).contains(&age)
                && not_employable(person, day, &LabourAge::default()).is_none())
            .then_some(*resident)
        };
        let lucky: Vec<i64> = self.people.iter().filter_map(lucky).collect();
        for resident in lucky {
            let income = 100 * i64::from(self.world.chance.between(Of::Income, &[resident], 32, 60));
            let fields = SpellFields {
                employer_id: None,
                posting_id: None,
                channel: Channel::Outbound,
                employer_name: None,
                job_title: None,
                region: Some(Region::OtherProvince),
                place: None,
                start_on: Some(day),
                end_on: None,
                monthly_income: Some(income),
                part_time: false,
                contract_until: None,
                evidence: None,
                verified_on: None,
                note: None,
            };
            let db = &self.db;
            let what = (Action::Create, ObjectKind::Spell, "create_spell");
            let made = self.act(Who::Counselor, what, Some(resident), day, |conn, moment, _| {
                spells::create(conn, db.keys(), resident, fields.clone(), moment)
            });
            match made {
                Ok(spell) => {
                    let pair = Some([resident, 0]);
                    let job = Job { resident, employer: None, pair, since: day, contract_until: None, referral: None };
                    self.jobs.insert(spell.id, job);
                    self.flights.retain(|_, flight| flight.pair.resident != resident);
                    self.course.found_alone += 1;
                }
                // A job with its last day in the ledger is not over yet.
                Err(AppError::Refused(..)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
