//! The world all policies meet: which postings arrive, who closes, how likely people and employers say yes.
//!
//! Invariant: a function of the community and the seed; what a policy does changes nobody's mind about anything, only whom they
//! are asked about. Rates are guesses in the size of domain.md §1, not measurements.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::chance::{Chance, MILLION, Of};
use crate::app::Connection;
use crate::app::Page;
use crate::app::employers::{self, EmployerFilter};
use crate::app::error::AppError;
use crate::app::postings::{self, PostingFields, PostingFilter};
use crate::domain::clock::WorkCalendar;
use crate::domain::codes::{EmployerKind, PostingStatus};

/// New postings a day for a million households: 0.6 for a community of 4,232.
const POSTINGS_A_DAY: u64 = 142;
/// Of a million on each day: who finds work alone (about one in nine a year), leaves a job of before (one in six), leaves a new one in
/// its first two months and later.
const OWN_JOB: u64 = 320;
const LEAVES: u64 = 500;
const LEAVES_SOON: u64 = 2_500;
const LEAVES_LATER: u64 = 700;
/// First days of a job in which more people leave.
const SETTLING_DAYS: i64 = 60;

/// A pair as chance sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub resident: i64,
    pub posting: i64,
    /// Suitability, `0..=10000`: the better a post suits, the more often both sides say yes.
    pub points: u16,
}

impl Pair {
    pub const fn keys(&self) -> [i64; 2] {
        [self.resident, self.posting]
    }
}

/// See the module docs.
#[derive(Debug)]
pub(super) struct World {
    pub chance: Chance,
    pub first: NaiveDate,
    pub days: u32,
    pub calendar: WorkCalendar,
    households: u64,
    /// What employers ask for again: the postings published on the first day.
    templates: Vec<PostingFields>,
    /// The tenant that closes, and when.
    pub closing: Option<(i64, NaiveDate)>,
}

impl World {
    /// Reads the community.
    pub fn load(
        conn: &mut Connection,
        (seed, first, days): (u64, NaiveDate, u32),
        households: u32,
    ) -> Result<Self, AppError> {
        let chance = Chance::new(seed);
        let all = Page::first(i64::MAX);
        let published = PostingFilter { status: Some(PostingStatus::Published), ..PostingFilter::default() };
        let templates: Vec<PostingFields> =
            postings::page(conn, &published, all, first)?.into_iter().map(|posting| posting.fields).collect();
        let tenants = EmployerFilter { kind: Some(EmployerKind::Tenant), ..EmployerFilter::default() };
        let tenants: Vec<i64> = employers::page(conn, &tenants, all)?.into_iter().map(|employer| employer.id).collect();
        let closing = tenants.get(chance.below(Of::Closing, &[], tenants.len())).map(|tenant| {
            // In the middle third.
            let day = chance.between(Of::ClosingDay, &[], days / 3, days * 2 / 3);
            (*tenant, first + Days::new(day.into()))
        });
        let calendar = WorkCalendar::default();
        Ok(Self { chance, first, days, calendar, households: households.into(), templates, closing })
    }

    /// Days since the first one.
    pub fn number(&self, day: NaiveDate) -> i64 {
        (day - self.first).num_days()
    }

    /// What employers ask for anew on a day; of an employer that has closed nothing.
    pub fn arrivals(&self, day: NaiveDate) -> Vec<PostingFields> {
        let number = self.number(day);
        let expected = self.households * POSTINGS_A_DAY;
        let more = self.chance.happens(Of::Arrivals, &[number], expected % MILLION);
        let n = i64::try_from(expected / MILLION).unwrap_or(0) + i64::from(more);
        let one = |nth: i64| {
            let keys = [number, nth];
            let template = self.templates.get(self.chance.below(Of::Template, &keys, self.templates.len()))?;
            let closed = self.closing.is_some_and(|(tenant, on)| tenant == template.employer_id && on <= day);
            let valid = self.chance.between(Of::Validity, &keys, 30, 120);
            (!closed).then(|| PostingFields {
                code: Some(format!("SIM{number:04}-{nth}")),
                headcount: self.chance.between(Of::Headcount, &keys, 1, 6).into(),
                start_on: None,
                valid_from: day,
                valid_until: Some(day + Days::new(valid.into())),
                ..template.clone()
            })
        };
        (0..n).filter_map(one).collect()
    }

    /// Whether an employer goes on looking when a posting's time is over.
    pub fn renews(&self, posting: i64, day: NaiveDate) -> bool {
        self.chance.happens(Of::Renewal, &[posting, self.number(day)], 700_000)
    }

    /// Whether somebody without a job finds one alone.
    pub fn finds_work(&self, resident: i64, day: NaiveDate) -> bool {
        self.chance.happens(Of::OwnJob, &[resident, self.number(day)], OWN_JOB)
    }

    /// Whether somebody leaves a job of before the first day.
    pub fn leaves_old(&self, spell: i64, day: NaiveDate) -> bool {
        self.chance.happens(Of::Leaving, &[spell, self.number(day)], LEAVES)
    }

    /// Whether somebody leaves a job after so many days in it.
    pub fn leaves_new(&self, [resident, posting]: [i64; 2], after: i64) -> bool {
        let rate = if after <= SETTLING_DAYS { LEAVES_SOON } else { LEAVES_LATER };
        self.chance.happens(Of::LeavingNew, &[resident, posting, after], rate)
    }

    pub fn renews_contract(&self, keys: [i64; 2], until: NaiveDate) -> bool {
        self.chance.happens(Of::ContractRenewed, &[keys[0], keys[1], self.number(until)], 800_000)
    }

    /// Whether the person wants to be introduced: 45 to 85 in a hundred.
    pub fn agrees(&self, pair: Pair) -> bool {
        self.chance.happens(Of::Agrees, &pair.keys(), 450_000 + u64::from(pair.points) * 40)
    }

    /// Whether the employer answers at all.
    pub fn answers(&self, pair: Pair) -> bool {
        self.chance.happens(Of::Answers, &pair.keys(), 960_000)
    }

    /// Whether the employer wants to see the person: 60 to 90 in a hundred.
    pub fn invites(&self, pair: Pair) -> bool {
        self.chance.happens(Of::Invites, &pair.keys(), 600_000 + u64::from(pair.points) * 30)
    }

    /// Whether an interview ends with an offer: 70 to 90 in a hundred.
    pub fn offers(&self, pair: Pair) -> bool {
        self.chance.happens(Of::Offers, &pair.keys(), 700_000 + u64::from(pair.points) * 20)
    }

    /// Whether the person comes to work after all.
    pub fn comes(&self, pair: Pair) -> bool {
        self.chance.happens(Of::Comes, &pair.keys(), 920_000)
    }

    /// The working day after a pause that is drawn for the pair.
    pub fn later(&self, of: Of, pair: Pair, day: NaiveDate, (low, high): (u32, u32)) -> NaiveDate {
        self.calendar.after(day, self.chance.between(of, &pair.keys(), low, high))
    }

    /// Counselors propose once a week, and on the first day.
    pub fn is_round(&self, day: NaiveDate) -> bool {
        day == self.first || day.weekday() == Weekday::Mon
    }
}
