//! What would a believable community look like? The demo and the benchmarks live on the answer.
//!
//! [`Town::generate`] makes households, people, employers, postings and jobs that fit each other (domain.md §1 has the figures of the
//! default plan), and [`write()`] turns them into three spreadsheets that import in alphabetical order.
//!
//! Invariants: the town is a function of its plan alone, on every platform; every person is invented (see
//! `residents`); all ages are relative to the plan's date, so the figures hold for any date. Linear in people, but for
//! matching people with the park's places.
//!
//! Stages, each with its own stream of chance: places → families and residents → employers and postings → care at home → jobs
//! → skills → wishes → a handful of slips as real ledgers have them.

mod dice;
mod error;
mod families;
mod firms;
mod home;
mod jobs;
pub mod model;
mod names;
mod openings;
mod places;
mod residents;
mod sheets;
mod skills;
mod slips;
pub mod trades;
mod wishes;
mod work;

use chrono::{Datelike, NaiveDate};

use crate::domain::codes::Channel;
use dice::Dice;
use model::{Building, Employer, Household, Person, Posting};

pub use error::TownError;
pub use sheets::{FILES, write};
pub use slips::Slip;

/// Name of the community; the importer's default.
pub const COMMUNITY: &str = "旺家社区";

/// Households and people of the community (public sources, 2020).
pub const HOUSEHOLDS: u32 = 4232;
pub const PEOPLE: u32 = 18_379;
/// Postings of the default plan: 48 in the park, the rest in the east, nearby and at home.
pub const POSTINGS: u32 = 80;

/// Most households that fit a worksheet of 1,048,576 rows at eight people each.
pub const MAX_HOUSEHOLDS: u32 = 130_000;
/// Fewest postings: one per tenant of the park.
pub const MIN_POSTINGS: u32 = 7;
pub const MAX_POSTINGS: u32 = 20_000;

/// Postings of a town of so many households, in proportion to the default community.
#[must_use]
pub fn postings_for(households: u32) -> u32 {
    let share = u64::from(POSTINGS) * u64::from(households) / u64::from(HOUSEHOLDS);
    u32::try_from(share).unwrap_or(MAX_POSTINGS).clamp(MIN_POSTINGS, MAX_POSTINGS)
}

/// What town to make. Other sizes than the default scale all its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TownPlan {
    pub seed: u64,
    /// 1..=[`MAX_HOUSEHOLDS`].
    pub households: u32,
    /// [`MIN_POSTINGS`]..=[`MAX_POSTINGS`]. Far more of them than the default's share means more vacancies than uncovered households.
    pub postings: u32,
    /// The day the ledger is written: 2000 to 2100.
    pub as_of: NaiveDate,
}

/// A generated community.
#[derive(Clone, Debug)]
pub struct Town {
    pub plan: TownPlan,
    pub buildings: Vec<Building>,
    /// Cadres who look after the blocks.
    pub helpers: Vec<String>,
    pub households: Vec<Household>,
    pub people: Vec<Person>,
    pub employers: Vec<Employer>,
    pub postings: Vec<Posting>,
    /// Contradictions put in on purpose.
    pub slips: Vec<Slip>,
}

impl Town {
    /// The town of a plan.
    ///
    /// # Errors
    /// [`TownError`] for a plan outside its limits.
    pub fn generate(plan: &TownPlan) -> Result<Self, TownError> {
        plan.check()?;
        let places = places::build(plan.seed, plan.households);
        let residents::Settled { mut households, mut people } = residents::build(plan, &places)?;
        let mut market = openings::build(plan)?;
        let at_home = home::build(plan, &mut households, &people);
        work::place(plan, &mut households, &mut people, &at_home, &mut market);
        skills::build(plan, &mut people);
        wishes::build(plan, &households, &mut people, &at_home);
        let slips = slips::make(plan, &mut people);
        let openings::Market { employers, postings, .. } = market;
        let places::Places { buildings, helpers, .. } = places;
        Ok(Self { plan: *plan, buildings, helpers, households, people, employers, postings, slips })
    }
}

/// Jobs to give, per channel.
#[derive(Clone, Copy, Debug)]
struct Jobs {
    micro_factory: u32,
    outbound: u32,
    self_employed: u32,
    local: u32,
    public_welfare: u32,
    flexible: u32,
    farming: u32,
}

impl Jobs {
    const fn slot(&mut self, channel: Channel) -> &mut u32 {
        match channel {
            Channel::MicroFactory => &mut self.micro_factory,
            Channel::Outbound => &mut self.outbound,
            Channel::SelfEmployed => &mut self.self_employed,
            Channel::Local => &mut self.local,
            Channel::PublicWelfare => &mut self.public_welfare,
            Channel::Flexible => &mut self.flexible,
            Channel::Farming => &mut self.farming,
        }
    }

    const fn left(mut self, channel: Channel) -> u32 {
        *self.slot(channel)
    }

    fn take(&mut self, channel: Channel) {
        let slot = self.slot(channel);
        *slot = slot.saturating_sub(1);
    }
}

impl TownPlan {
    /// The default town of a seed on a day.
    #[must_use]
    pub const fn demo(seed: u64, as_of: NaiveDate) -> Self {
        Self { seed, households: HOUSEHOLDS, postings: POSTINGS, as_of }
    }

    fn check(&self) -> Result<(), TownError> {
        if !(1..=MAX_HOUSEHOLDS).contains(&self.households) {
            return Err(TownError::Households(self.households));
        }
        if !(MIN_POSTINGS..=MAX_POSTINGS).contains(&self.postings) {
            return Err(TownError::Postings(self.postings));
        }
        if !(2000..=2100).contains(&self.as_of.year()) {
            return Err(TownError::Date(self.as_of));
        }
        Ok(())
    }

    /// A figure of the default town at this town's size, rounded to the nearest.
    fn scaled(&self, figure: u32) -> u32 {
        let scaled =
            (u64::from(figure) * u64::from(self.households) + u64::from(HOUSEHOLDS) / 2) / u64::from(HOUSEHOLDS);
        u32::try_from(scaled).unwrap_or(u32::MAX)
    }

    fn n_people(&self) -> u32 {
        self.scaled(PEOPLE)
    }

    /// About 10,200 residents can work.
    fn n_labourers(&self, dice: &mut Dice) -> u32 {
        self.scaled(dice.between(10_150, 10_250))
    }

    /// Places in the park: 600 to 640.
    fn n_places(&self, dice: &mut Dice) -> u32 {
        self.scaled(dice.between(604, 640))
    }

    /// Between 600 and 1,400 households have nobody at work.
    fn n_uncovered(&self, dice: &mut Dice) -> u32 {
        self.scaled(dice.between(940, 1060))
    }

    /// The reported 240, 3,600+ and 360+; the others as many as a town with so many uncovered households can have.
    fn jobs(&self, dice: &mut Dice) -> Jobs {
        Jobs {
            micro_factory: self.scaled(240),
            outbound: self.scaled(dice.between(3610, 3690)),
            self_employed: self.scaled(dice.between(362, 384)),
            local: self.scaled(dice.between(300, 340)),
            public_welfare: self.scaled(dice.between(150, 180)),
            flexible: self.scaled(dice.between(230, 270)),
            farming: self.scaled(dice.between(60, 90)),
        }
    }
}
