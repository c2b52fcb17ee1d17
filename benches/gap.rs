//! What a plan leaves to be asked, timed: why each household is uncovered, what-ifs warm and cold, the gap, a diagnosis.
//!
//! `cargo bench --no-default-features --bench gap`; figures in `benches/README.md`. A plain program, as `plan`.

mod common;
#[path = "common/seekers.rs"]
mod seekers;

use std::time::Instant;

use common::Town;
use seekers::terms;
use wangjia::engine::diagnose::diagnose;
use wangjia::engine::plan::change::{Change, evaluate, shock};
use wangjia::engine::plan::gap::{Options, gap};
use wangjia::engine::plan::uncovered::{TownRecords, classify};
use wangjia::engine::plan::what_if::Base;
use wangjia::engine::plan::{Edit, never_stop};

fn timed<T, E: std::fmt::Display>(what: &str, f: impl FnOnce() -> Result<T, E>) -> T {
    let start = Instant::now();
    match f() {
        Ok(value) => {
            println!("  {what}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
            value
        }
        Err(error) => panic!("{what}: {error}"),
    }
}

fn measure(name: &str, town: &Town, with_all: bool) {
    let snapshot = town.snapshot();
    let terms = terms(&snapshot);
    println!("{name}: {} residents x {} postings", snapshot.residents().len(), snapshot.postings().len());
    let base = timed("base: plan and proof", || Base::new(&terms, &snapshot, &never_stop));
    let records = TownRecords::by_snapshot(&snapshot);
    let report = timed("why each household is uncovered", || {
        classify(base.terms(), &snapshot, &base.plan().placements, &records).map_err(|fault| format!("{fault:?}"))
    });
    let mut classes = std::collections::BTreeMap::new();
    for found in &report.households {
        *classes.entry(found.reason.code()).or_insert(0) += 1;
    }
    println!("    covered {}, {classes:?}, {} sets", base.plan().objective.covered, report.competitions.len());

    let dearest = (0..).zip(&base.plan().prices).max_by_key(|(_, price)| **price).map_or(0, |(p, _)| p);
    let more = Change::MoreVacancies { posting: dearest, n: 5 };
    let found =
        timed("5 vacancies more at the dearest posting, cold", || evaluate(&base, &snapshot, &more, &never_stop));
    println!("    covers {} more", found.effect.gain.covered);
    let less = Edit { vacancies: vec![(dearest, 0)], ..Edit::default() };
    let found = timed("the dearest posting without vacancies, warm", || base.re_solve(&less, &never_stop));
    println!("    covers {}, {:?}", found.gain.covered, found.plan.effort);
    let employer = snapshot.postings()[dearest as usize].employer;
    let postings = (0..).zip(snapshot.postings()).filter(|(_, posting)| posting.employer == employer);
    let closes = postings.map(|(p, _)| p).collect();
    let end = Change::TenantRemoved { employer, closes, laid_off: vec![], uncovers: vec![] };
    let found = timed("its tenant gone, warm", || evaluate(&base, &snapshot, &end, &never_stop));
    let after = shock(&base, &[], &found);
    println!(
        "    {} postings, {} households lost, {} covered again, {} left",
        found.edit.closed.len(),
        after.lost.len(),
        after.covered_again.len(),
        after.left.len()
    );
    let start = Instant::now();
    let found = diagnose(&snapshot, dearest as usize);
    println!(
        "  diagnosis of a posting: {:.1} ms ({} gates, {} relaxations)",
        start.elapsed().as_secs_f64() * 1e3,
        found.gates.len(),
        found.relaxations.len()
    );
    // What the service looks at, and in a community ten times as much.
    let service = Options { wanted: 5, most_relaxed: 200, most_courses: 24, most_evaluated: 12, ..Options::default() };
    for options in std::iter::once(service).chain(with_all.then(Options::default)) {
        let rankings = timed("gap", || gap(&base, &snapshot, &report, &options, &never_stop));
        for ranking in rankings {
            println!(
                "    {}: {} candidates, {} worthless by the prices, {} evaluated, complete {}; best {:?}",
                ranking.kind.code(),
                ranking.n_candidates,
                ranking.n_worthless,
                ranking.n_evaluated,
                ranking.is_complete,
                ranking.best.first().map(|best| (&best.change, best.gain.covered, best.n_units)),
            );
        }
    }
}

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|arg| arg == name);
    if is_chosen("community") {
        measure("community", &Town::new(1, 10_000, 150).seekers(1_000), true);
    }
    if is_chosen("city") {
        measure("city", &Town::new(1, 64_000, 2_000).seekers(20_000), false);
    }
}
