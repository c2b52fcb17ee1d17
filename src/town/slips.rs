//! What is wrong in the ledger? A handful of contradictions, as every real one has them, so that the demo can show findings.
//!
//! Invariant: each is a warning of domain.md §6, never an error: the files import as they are. Towns below 500 households have none.

use super::TownPlan;
use super::dice::{Dice, Stage};
use super::model::Person;
use crate::domain::codes::{Channel, Health, LabourClass, SchoolStatus};

/// A contradiction put in on purpose; `person` is an index into [`super::Town::people`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    pub person: usize,
    pub kind: SlipKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipKind {
    /// At a vocational school and at work.
    EmployedInSchool,
    /// Capacity lost and at work.
    EmployedWithoutCapacity,
    /// Healthy, of working age and marked weak.
    HealthyButWeak,
    /// Past 59 and marked ordinary.
    OldButOrdinary,
    /// One digit of the phone number is missing.
    ShortPhone,
}

/// How often each is made.
const SLIPS: [(SlipKind, usize); 5] = [
    (SlipKind::EmployedInSchool, 2),
    (SlipKind::EmployedWithoutCapacity, 1),
    (SlipKind::HealthyButWeak, 2),
    (SlipKind::OldButOrdinary, 2),
    (SlipKind::ShortPhone, 2),
];

/// Puts the contradictions in and lists them.
pub(super) fn make(plan: &TownPlan, people: &mut [Person]) -> Vec<Slip> {
    let mut slips: Vec<Slip> = Vec::new();
    if plan.households < 500 {
        return slips;
    }
    let mut dice = Dice::new(plan.seed, Stage::Slips);
    for (kind, n) in SLIPS {
        let candidates = people.iter().enumerate().filter(|(_, person)| is_candidate(plan, person, kind));
        let candidates: Vec<(usize, u32)> = candidates.map(|(index, _)| (index, 0)).collect();
        let fresh = dice.ranked(candidates, 1_000_000);
        let fresh: Vec<usize> =
            fresh.into_iter().filter(|&p| slips.iter().all(|slip| slip.person != p)).take(n).collect();
        for person in fresh {
            apply(&mut people[person], kind);
            slips.push(Slip { person, kind });
        }
    }
    slips
}

fn is_candidate(plan: &TownPlan, person: &Person, kind: SlipKind) -> bool {
    let job = person.job.as_ref().filter(|job| job.is_active(plan.as_of)).map(|job| job.channel);
    match kind {
        SlipKind::EmployedInSchool => (18..=20).contains(&person.age) && job == Some(Channel::Outbound),
        SlipKind::EmployedWithoutCapacity => (40..=59).contains(&person.age) && job == Some(Channel::SelfEmployed),
        SlipKind::HealthyButWeak => {
            (30..=45).contains(&person.age)
                && job == Some(Channel::Local)
                && person.health == Some(Health::Healthy)
                && person.labour_class == Some(LabourClass::Ordinary)
                && person.school == Some(SchoolStatus::NotInSchool)
        }
        SlipKind::OldButOrdinary => {
            (61..=66).contains(&person.age) && person.labour_class == Some(LabourClass::WeakOrHalf) && job.is_none()
        }
        SlipKind::ShortPhone => person.phone.is_some() && person.age >= 40,
    }
}

fn apply(person: &mut Person, kind: SlipKind) {
    match kind {
        SlipKind::EmployedInSchool => person.school = Some(SchoolStatus::VocationalSchool),
        SlipKind::EmployedWithoutCapacity => {
            person.labour_class = Some(LabourClass::Lost);
            person.health = Some(Health::Disabled);
        }
        SlipKind::HealthyButWeak => person.labour_class = Some(LabourClass::WeakOrHalf),
        SlipKind::OldButOrdinary => person.labour_class = Some(LabourClass::Ordinary),
        SlipKind::ShortPhone => {
            if let Some(phone) = &mut person.phone {
                phone.pop();
            }
        }
    }
}
