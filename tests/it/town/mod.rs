//! Tests of the generated community: the figures of the setting, what belongs together, and the files.

mod command;
mod families;
mod figures;
mod files;
mod imported;
mod lawful;
mod names;

use chrono::NaiveDate;
use wangjia::domain::codes::Channel;
use wangjia::domain::employability::PersonFacts;
use wangjia::town::model::Person;
use wangjia::town::{Town, TownPlan};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn demo(seed: u64) -> Town {
    Town::generate(&TownPlan::demo(seed, day(2026, 11, 23))).unwrap()
}

/// A few hundred people: enough for what must hold of everybody.
fn small(seed: u64) -> Town {
    let plan = TownPlan { seed, households: 120, postings: 12, as_of: day(2026, 11, 23) };
    Town::generate(&plan).unwrap()
}

/// What the rules may know of a person.
fn facts(person: &Person) -> PersonFacts {
    PersonFacts {
        birth_date: Some(person.birth_date),
        labour_class: person.labour_class,
        school: person.school,
        absence: person.absence,
        willing: person.wishes.willing,
        ..PersonFacts::default()
    }
}

/// People with a job of the channel on the town's day.
fn at_work(town: &Town, channel: Channel) -> Vec<usize> {
    let active = |index: &usize| {
        let job = town.people[*index].job.as_ref();
        job.is_some_and(|job| job.channel == channel && job.is_active(town.plan.as_of))
    };
    (0..town.people.len()).filter(active).collect()
}
