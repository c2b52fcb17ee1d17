//! Who has a job, and which households have none? Jobs cluster: where one member goes east, a second often follows.
//!
//! Invariants: a household chosen to be uncovered has no counted job, and every other one with an adult who can work has at
//! least one; the channels reach the plan's numbers; a place of a posting is held by one person; whoever must be at home
//! all day takes no job but handicraft at home, and whoever must be there for part of it works nearby.

use super::dice::{Dice, Stage};
use super::home::AtHome;
use super::jobs::{self, Offer};
use super::model::{CareDuty, Household, Person, Timetable};
use super::openings::Market;
use super::residents::is_employable;
use super::trades::TRADES;
use super::{Jobs, TownPlan};
use crate::domain::codes::{CareKind, Channel, LabourClass, MonitoringClass, Sex};

struct Work<'a> {
    plan: &'a TownPlan,
    households: &'a mut [Household],
    people: &'a mut [Person],
    at_home: &'a [AtHome],
    market: &'a mut Market,
    dice: Dice,
    /// Households that stay without a job.
    uncovered: Vec<bool>,
    /// Counted jobs per household.
    n_jobs: Vec<u32>,
    /// Jobs of each channel still to be given.
    left: Jobs,
}

/// Gives jobs to people and fills the postings they hold.
pub(super) fn place(
    plan: &TownPlan,
    households: &mut [Household],
    people: &mut [Person],
    at_home: &[AtHome],
    market: &mut Market,
) {
    let n_households = households.len();
    let mut dice = Dice::new(plan.seed, Stage::Work);
    let left = plan.jobs(&mut dice);
    let mut work = Work {
        plan,
        households,
        people,
        at_home,
        market,
        dice,
        uncovered: vec![false; n_households],
        n_jobs: vec![0; n_households],
        left,
    };
    work.choose_uncovered();
    work.park();
    work.first_jobs();
    for channel in [Channel::SelfEmployed, Channel::PublicWelfare, Channel::Local, Channel::Flexible, Channel::Outbound]
    {
        work.further_jobs(channel);
    }
    work.farming();
    work.former_jobs();
    // Outside the park the headcount so far was what is open; the places people hold come on top.
    for posting in work.market.postings.iter_mut().filter(|posting| posting.channel != Channel::MicroFactory) {
        posting.headcount += posting.filled;
    }
}

fn is_weak(person: &Person) -> bool {
    person.labour_class == Some(LabourClass::WeakOrHalf)
}

/// Old enough to be sent to work by a household and fit for it; past 59 only the half labour that still goes out.
fn can_work(person: &Person) -> bool {
    (is_employable(person) && person.age >= 18)
        || ((60..=67).contains(&person.age) && is_weak(person) && person.absence.is_none())
}

impl Work<'_> {
    /// Households with few hands, weak hands or somebody to look after are the likely ones.
    fn choose_uncovered(&mut self) {
        let mut candidates = Vec::new();
        for (index, household) in self.households.iter().enumerate() {
            let able: Vec<&usize> = household.members.iter().filter(|&&m| is_employable(&self.people[m])).collect();
            if able.is_empty() {
                continue;
            }
            let strong = able.iter().filter(|&&&m| self.people[m].age >= 18 && !is_weak(&self.people[m])).count();
            let adults = able.iter().filter(|&&&m| self.people[m].age >= 18).count();
            let mut score = match (adults, strong) {
                // Nobody of age can go: nothing else is possible.
                (0, _) => 100_000,
                (_, 0) => 620,
                (_, 1) => 420,
                (_, 2) => 160,
                _ => 0,
            };
            score += able.iter().filter(|&&&m| self.at_home[m] != AtHome::Free).count() as u32 * 160;
            score += if household.monitoring == MonitoringClass::None { 0 } else { 200 };
            candidates.push((index, score));
        }
        let n_uncovered = self.plan.n_uncovered(&mut self.dice) as usize;
        for index in self.dice.ranked(candidates, 900).into_iter().take(n_uncovered) {
            self.uncovered[index] = true;
        }
    }

    fn is_free_to_work(&self, member: usize) -> bool {
        let person = &self.people[member];
        !self.uncovered[person.household] && person.job.is_none() && can_work(person)
    }

    /// The park's 240: past 45, three in four of the weak-or-half class, most with somebody to look after at home.
    fn park(&mut self) {
        let mut seats: Vec<usize> = Vec::new();
        for (index, posting) in self.market.postings.iter().enumerate() {
            if posting.channel == Channel::MicroFactory {
                seats.extend(std::iter::repeat_n(index, posting.headcount as usize));
            }
        }
        self.dice.shuffle(&mut seats);
        let n_places = (self.left.micro_factory as usize).min(seats.len());
        for (weak, until) in [(true, n_places * 3 / 4), (false, n_places)] {
            let mut candidates = Vec::new();
            for member in 0..self.people.len() {
                let person = &self.people[member];
                let free = self.at_home[member] == AtHome::Free && self.is_free_to_work(member);
                if !free || person.age <= 45 || is_weak(person) != weak {
                    continue;
                }
                let score = u32::from(self.dependant(person.household, member).is_some()) * 500
                    + u32::from(person.sex == Sex::Female) * 150
                    + u32::from(person.age < 60) * 250
                    + u32::from(person.labour_class != Some(LabourClass::Skilled)) * 200;
                candidates.push((member, score));
            }
            for member in self.dice.ranked(candidates, 400) {
                if self.filled(Channel::MicroFactory) >= until {
                    break;
                }
                let person = &self.people[member];
                let fits = |&seat: &usize| {
                    let trade = &TRADES[self.market.postings[seat].trade];
                    trade.is_done_by(person.sex, person.age) && (!is_weak(person) || trade.is_light())
                };
                let Some(at) = seats.iter().rposition(fits) else { continue };
                let seat = seats.swap_remove(at);
                self.hold_posting(member, seat);
                self.look_after(member);
            }
        }
    }

    fn filled(&self, channel: Channel) -> usize {
        let postings = self.market.postings.iter().filter(|posting| posting.channel == channel);
        postings.map(|posting| posting.filled as usize).sum()
    }

    /// A child, an old or an ill person in the household.
    fn dependant(&self, household: usize, besides: usize) -> Option<CareKind> {
        let mut members = self.households[household].members.iter().filter(|&&member| member != besides);
        members.find_map(|&member| match self.people[member].age {
            3..=13 => Some(CareKind::Child),
            75.. => Some(CareKind::Elder),
            _ if self.people[member].labour_class == Some(LabourClass::Lost) => Some(CareKind::Patient),
            _ => None,
        })
    }

    /// Writes down what a park worker does at home before, between and after the hours of the post.
    fn look_after(&mut self, member: usize) {
        let household = self.people[member].household;
        let Some(kind) = self.dependant(household, member) else { return };
        if !self.households[household].care.is_empty() || self.dice.chance(60) {
            return;
        }
        let hours = match kind {
            CareKind::Child => Timetable::new(&[(1, 5, self.dice.pick(&[&[(390, 450)], &[(1050, 1140)]]))]),
            CareKind::Elder | CareKind::Patient => Timetable::new(&[(1, 7, &[(390, 450), (720, 810), (1080, 1140)])]),
        };
        self.households[household].care.push(CareDuty { kind, carer: Some(member), hours });
    }

    fn hold_posting(&mut self, member: usize, posting: usize) {
        let job = jobs::at_posting(&mut self.dice, self.plan.as_of, &self.people[member], self.market, posting);
        self.market.postings[posting].filled += 1;
        self.people[member].trade = Some(self.market.postings[posting].trade);
        self.people[member].job = Some(job);
        self.n_jobs[self.people[member].household] += 1;
    }

    /// One job for every household that is to have one and has none yet, in the way its best placed member would find it.
    fn first_jobs(&mut self) {
        let mut order: Vec<usize> = (0..self.households.len()).collect();
        self.dice.shuffle(&mut order);
        for household in order {
            if self.uncovered[household] || self.n_jobs[household] > 0 {
                continue;
            }
            let members = self.households[household].members.clone();
            let able: Vec<(usize, u32)> = members
                .into_iter()
                .filter(|&member| self.is_free_to_work(member) && is_employable(&self.people[member]))
                .map(|member| {
                    let person = &self.people[member];
                    let score = u32::from((20..=50).contains(&person.age)) * 250
                        + u32::from(!is_weak(person)) * 300
                        + (2 - self.at_home[member] as u32) * 300;
                    (member, score)
                })
                .collect();
            let Some(&member) = self.dice.ranked(able, 200).first() else { continue };
            let channel = self.channel_for(member);
            self.employ(member, channel);
        }
    }

    /// How this person would find work: by hands, age and who waits at home.
    fn channel_for(&mut self, member: usize) -> Channel {
        use Channel::{Flexible, Local, Outbound, PublicWelfare, SelfEmployed};
        let person = &self.people[member];
        let wanted: &[(Channel, u32)] = match (self.at_home[member], is_weak(person), person.age) {
            (AtHome::WholeDay, ..) => return Flexible,
            (AtHome::Partly, ..) => &[(Flexible, 45), (Local, 30), (SelfEmployed, 25)],
            (_, true, 45..) => &[(PublicWelfare, 50), (Flexible, 30), (Local, 20)],
            (_, true, _) => &[(Flexible, 50), (Local, 50)],
            (_, _, 51..) => &[(Outbound, 50), (Local, 22), (PublicWelfare, 16), (SelfEmployed, 12)],
            _ => &[(Outbound, 80), (SelfEmployed, 10), (Local, 10)],
        };
        let channel = self.dice.weighted(wanted);
        if self.left.left(channel) > 0 {
            channel
        } else if is_weak(person) || self.at_home[member] != AtHome::Free {
            Flexible
        } else {
            Outbound
        }
    }

    /// Fills a channel up to the plan's number with second and third earners.
    fn further_jobs(&mut self, channel: Channel) {
        let mut candidates = Vec::new();
        for member in 0..self.people.len() {
            if !self.is_free_to_work(member) {
                continue;
            }
            let person = &self.people[member];
            let clustered = self.n_jobs[person.household] > 0;
            let young = person.age <= 45;
            let score = match (channel, self.at_home[member]) {
                (_, AtHome::WholeDay) if channel != Channel::Flexible => continue,
                (Channel::Outbound, AtHome::Partly) => continue,
                (Channel::Outbound, _) if is_weak(person) || person.age > 57 => continue,
                (Channel::Outbound, _) => {
                    u32::from(clustered) * 300 + u32::from(young) * 250 + u32::from(person.sex == Sex::Male) * 100
                }
                (Channel::SelfEmployed, _) if person.age < 22 || person.age > 62 => continue,
                (Channel::SelfEmployed, _) => u32::from(person.labour_class == Some(LabourClass::Skilled)) * 300,
                (Channel::PublicWelfare, _) if person.age < 42 => continue,
                (Channel::PublicWelfare, _) => u32::from(is_weak(person)) * 400,
                (Channel::Local, _) if person.age > 58 => continue,
                (Channel::Flexible, home) => 200 * home as u32 + u32::from(person.sex == Sex::Female) * 200,
                _ => 0,
            };
            // Past sixty few go out.
            candidates.push((member, if person.age < 60 { score + 200 } else { score }));
        }
        for member in self.dice.ranked(candidates, 450) {
            if self.left.left(channel) == 0 {
                break;
            }
            self.employ(member, channel);
        }
    }

    fn employ(&mut self, member: usize, channel: Channel) {
        let person = &self.people[member];
        let light = is_weak(person) || person.age >= 60;
        let offer = Offer::find(&mut self.dice, self.market, person, channel, light, self.at_home[member]);
        self.left.take(channel);
        match offer.posting {
            Some(posting) => self.hold_posting(member, posting),
            None => {
                let person = &mut self.people[member];
                person.job = Some(jobs::elsewhere(&mut self.dice, self.plan.as_of, person, channel, &offer));
                person.trade = Some(offer.trade);
                self.n_jobs[person.household] += 1;
            }
        }
    }

    /// A few of the older ones without work tend fields in the village; it is kept and does not count as employment.
    fn farming(&mut self) {
        let candidates = (0..self.people.len()).filter(|&member| {
            let person = &self.people[member];
            let free = person.job.is_none() && self.at_home[member] == AtHome::Free;
            free && is_employable(person) && person.age >= 45 && !is_weak(person)
        });
        let candidates: Vec<_> = candidates.map(|member| (member, 0)).collect();
        for member in self.dice.ranked(candidates, 1000).into_iter().take(self.left.farming as usize) {
            let offer =
                Offer::find(&mut self.dice, self.market, &self.people[member], Channel::Farming, false, AtHome::Free);
            let person = &mut self.people[member];
            person.job = Some(jobs::elsewhere(&mut self.dice, self.plan.as_of, person, Channel::Farming, &offer));
            person.trade = Some(offer.trade);
        }
    }

    /// Among those without a job three in ten had one that ended in the last two years, and nearly all have a trade.
    fn former_jobs(&mut self) {
        for member in 0..self.people.len() {
            let person = &self.people[member];
            if person.job.is_some() || person.age < 19 || person.age > 66 || !can_work(person) {
                continue;
            }
            let weak = is_weak(person);
            let channel = if weak || person.age > 55 {
                self.dice.weighted(&[(Channel::Local, 60), (Channel::Flexible, 40)])
            } else {
                self.dice.weighted(&[(Channel::Outbound, 75), (Channel::Local, 25)])
            };
            let offer = Offer::elsewhere(&mut self.dice, self.market, person, channel, weak, AtHome::Free);
            if self.dice.chance(300) && person.age < 60 {
                let mut job = jobs::elsewhere(&mut self.dice, self.plan.as_of, person, channel, &offer);
                jobs::end(&mut self.dice, self.plan.as_of, person.age, &mut job);
                self.people[member].job = Some(job);
            }
            if TRADES[offer.trade].is_done_by(self.people[member].sex, self.people[member].age) {
                self.people[member].trade = Some(offer.trade);
            }
        }
    }
}
