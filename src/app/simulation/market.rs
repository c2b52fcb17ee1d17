//! What employers do: advertise, confirm, go on looking or stop, close.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::invariants::{Check, Found};
use super::year::{Who, Year};
use crate::app::Page;
use crate::app::access::{Action, ObjectKind};
use crate::app::employers::{self, EmployerFields};
use crate::app::error::AppError;
use crate::app::postings::{self, Posting, PostingFilter};
use crate::domain::codes::PostingStatus;
use crate::domain::referral::ReferralReason;

/// Days by which an employer that goes on looking extends a posting.
const EXTENDED: u64 = 90;
/// Every so many days an employer says that a posting stands.
const CONFIRMED: i64 = 30;

/// A published posting.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub employer: i64,
    pub valid_until: Option<NaiveDate>,
    /// Work there needs a health check first.
    pub has_hazards: bool,
    /// Yuan a month, where the posting says so.
    pub pay: Option<i64>,
}

impl From<&Posting> for Post {
    fn from(posting: &Posting) -> Self {
        let fields = &posting.fields;
        Self {
            employer: fields.employer_id,
            valid_until: fields.valid_until,
            has_hazards: fields.hazards.as_ref().is_some_and(|hazards| !hazards.is_empty()),
            pay: super::work::monthly(fields),
        }
    }
}

const CREATE: (Action, ObjectKind, &str) = (Action::Create, ObjectKind::Posting, "create_posting");
const CHANGE: (Action, ObjectKind, &str) = (Action::Change, ObjectKind::Posting, "update_posting");

impl Year {
    pub fn standing_posts(&self) -> Result<BTreeMap<i64, Post>, AppError> {
        let filter = PostingFilter { status: Some(PostingStatus::Published), ..PostingFilter::default() };
        let page = Page::first(i64::MAX);
        let found = self.db.read(|conn| postings::page(conn, &filter, page, self.world.first))?;
        Ok(found.iter().map(|posting| (posting.id, Post::from(posting))).collect())
    }

    pub fn employers_act(&mut self, day: NaiveDate) -> Result<(), AppError> {
        if let Some((tenant, on)) = self.world.closing
            && on == day
        {
            self.close_tenant(tenant, day)?;
        }
        for (posting, post) in self.posts.clone() {
            match post.valid_until {
                Some(last) if last < day => self.close_posting(posting, post.employer, day)?,
                Some(last) if last == day && self.world.renews(posting, day) => self.extend(posting, &post, day)?,
                _ if (self.world.number(day) + posting) % CONFIRMED == 0 => {
                    let (db, who) = (&self.db, Who::Hr(post.employer));
                    self.act(who, CHANGE, None, day, |conn, _, _| {
                        postings::confirm(conn, db.keys(), posting, day).map(drop)
                    })?;
                }
                _ => {}
            }
        }
        for fields in self.world.arrivals(day) {
            let (db, who) = (&self.db, Who::Hr(fields.employer_id));
            let published = self.act(who, CREATE, None, day, |conn, moment, _| {
                let made = postings::create(conn, db.keys(), fields.clone(), moment)?;
                let id = (made.id, made.version);
                postings::set_status(conn, db.keys(), id, PostingStatus::Published, moment)
            })?;
            self.posts.insert(published.id, Post::from(&published));
        }
        Ok(())
    }

    fn extend(&mut self, posting: i64, post: &Post, day: NaiveDate) -> Result<(), AppError> {
        let db = &self.db;
        let updated = self.act(Who::Hr(post.employer), CHANGE, None, day, |conn, moment, _| {
            let old = postings::get(conn, db.keys(), posting, day)?;
            let fields = postings::PostingFields { valid_until: Some(day + Days::new(EXTENDED)), ..old.fields.clone() };
            postings::update(conn, db.keys(), (posting, old.version), fields, moment)
        })?;
        self.posts.insert(posting, Post::from(&updated));
        Ok(())
    }

    fn close_posting(&mut self, posting: i64, employer: i64, day: NaiveDate) -> Result<(), AppError> {
        let db = &self.db;
        self.act(Who::Hr(employer), CHANGE, None, day, |conn, moment, _| {
            let old = postings::get(conn, db.keys(), posting, day)?;
            postings::set_status(conn, db.keys(), (posting, old.version), PostingStatus::Closed, moment).map(drop)
        })?;
        self.posts.remove(&posting);
        Ok(())
    }

    /// The tenant's lease ends, its postings close, everybody there is laid off, and who was on the way there is told no.
    fn close_tenant(&mut self, tenant: i64, day: NaiveDate) -> Result<(), AppError> {
        let what = (Action::Change, ObjectKind::Employer, "update_employer");
        self.act(Who::Counselor, what, None, day, |conn, (now, _), _| {
            let old = employers::get(conn, tenant)?;
            let fields = EmployerFields { tenant_until: Some(day), ..old.fields };
            employers::update(conn, tenant, old.version, fields, now).map(drop)
        })?;
        let flights: Vec<i64> =
            self.flights.values().filter(|flight| flight.employer == tenant).map(|flight| flight.referral).collect();
        for flight in flights {
            self.turn_down(flight, ReferralReason::OrdersFell, day)?;
        }
        let posts: Vec<i64> =
            self.posts.iter().filter(|(_, post)| post.employer == tenant).map(|(id, _)| *id).collect();
        for posting in posts {
            self.close_posting(posting, tenant, day)?;
        }
        let jobs: Vec<i64> =
            self.jobs.iter().filter(|(_, job)| job.employer == Some(tenant)).map(|(id, _)| *id).collect();
        for job in jobs {
            self.end_job(job, ReferralReason::EmployerClosed, day)?;
        }
        Ok(())
    }

    /// Places nobody is on the way to, by posting, of the postings open on a day.
    pub fn free_places(&mut self, day: NaiveDate) -> Result<BTreeMap<i64, i64>, AppError> {
        let filter = PostingFilter { open_on: Some(day), ..PostingFilter::default() };
        let open = self.db.read(|conn| postings::page(conn, &filter, Page::first(i64::MAX), day))?;
        let mut free: BTreeMap<i64, i64> = open.iter().map(|posting| (posting.id, posting.vacancies)).collect();
        for posting in free.keys() {
            if !self.posts.contains_key(posting) {
                self.found.push(Found::new(
                    Check::Referrals,
                    format!("岗位 #{posting} 已不再招用，却仍在招"),
                    format!("posting #{posting} is open although its employer stopped looking"),
                ));
            }
        }
        for flight in self.flights.values().filter(|flight| flight.holds_place(day)) {
            if let Some(left) = free.get_mut(&flight.pair.posting) {
                *left -= 1;
            }
        }
        Ok(free)
    }
}
