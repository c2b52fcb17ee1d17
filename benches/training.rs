//! The plan of the seats of courses, timed: choosing them, what they reach, how near the choice is to its bound.
//!
//! `cargo bench --no-default-features --bench training`; figures in `benches/README.md`. A plain program, as `plan`.

mod common;
#[path = "common/seekers.rs"]
mod seekers;

use std::collections::BTreeMap;
use std::time::Instant;

use common::Town;
use seekers::terms;
use wangjia::domain::codes::Importance;
use wangjia::engine::input::SkillId;
use wangjia::engine::plan::never_stop;
use wangjia::engine::plan::training::{Course, train};
use wangjia::engine::plan::what_if::Base;
use wangjia::engine::profile::Snapshot;

/// Courses in the skills that most vacancies ask for, up to level 3.
fn courses(snapshot: &Snapshot, n: usize, seats: u32) -> Vec<Course> {
    let mut asked: BTreeMap<SkillId, u32> = BTreeMap::new();
    for posting in snapshot.postings() {
        for skill in posting.skills.iter().filter(|skill| skill.importance == Importance::Must) {
            *asked.entry(skill.skill).or_default() += posting.n_vacancies;
        }
    }
    let mut asked: Vec<(SkillId, u32)> = asked.into_iter().collect();
    asked.sort_by_key(|(skill, n)| (std::cmp::Reverse(*n), *skill));
    let course = |(skill, _): (SkillId, u32)| Course { skills: vec![(skill, 3)], seats, ..Course::default() };
    asked.into_iter().take(n).map(course).collect()
}

fn main() {
    let town = Town::new(1, 10_000, 150).seekers(1_000);
    let snapshot = town.snapshot();
    let terms = terms(&snapshot);
    let start = Instant::now();
    let base = match Base::new(&terms, &snapshot, &never_stop) {
        Ok(base) => base,
        Err(failure) => panic!("the town has a plan: {failure}"),
    };
    println!(
        "community: {} residents x {} postings, plan and proof {:.1} ms",
        snapshot.residents().len(),
        snapshot.postings().len(),
        start.elapsed().as_secs_f64() * 1e3
    );
    for (n, seats) in [(1, 20), (5, 20), (12, 10), (24, 3)] {
        let courses = courses(&snapshot, n, seats);
        let start = Instant::now();
        let found = match train(&base, &snapshot, &courses, &never_stop) {
            Ok(found) => found,
            Err(failure) => panic!("the town has a plan: {failure}"),
        };
        println!(
            "  {n} courses of {seats} seats: {:.1} ms, {} assignments; covered {} -> {} with {} seats, at most {}",
            start.elapsed().as_secs_f64() * 1e3,
            found.n_solved,
            found.before,
            found.covered,
            found.seats.len(),
            found.at_most
        );
    }
}
