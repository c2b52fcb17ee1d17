//! The household-first plan, from a town in memory to a proved optimum: seconds of every stage, memory, baselines.
//!
//! `cargo bench --no-default-features --bench plan`; figures in `benches/README.md`. A plain program, because one run of the
//! city answers everything and a harness would hide the stages. `-- community` or `-- city` runs one instance.

mod common;
#[path = "common/seekers.rs"]
mod seekers;

use std::time::{Duration, Instant};

use common::Town;
use rayon::prelude::*;
use seekers::terms;
use wangjia::engine::plan::baseline::baselines;
use wangjia::engine::plan::{Outcome, Tuning, certificate, never_stop, solve_only};
use wangjia::engine::profile::Snapshot;

fn pool(threads: usize) -> rayon::ThreadPool {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool,
        Err(error) => panic!("threads can be started: {error}"),
    }
}

fn count_eligible(snapshot: &Snapshot) -> u64 {
    let residents = (0..snapshot.residents().len()).into_par_iter().with_min_len(64);
    residents.map_init(|| snapshot.scanner(), |scanner, r| scanner.scan(r, |_| 0, |_, _| {})).sum()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// Peak memory of this process so far, in MiB; Linux only, else 0.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn measure(name: &str, town: &Town, runs: usize, threads: usize) {
    pool(threads).install(|| {
        let (mut prepare, mut score, mut solve, mut verify) = (vec![], vec![], vec![], vec![]);
        let mut last = None;
        for _ in 0..runs {
            let start = Instant::now();
            let snapshot = town.snapshot();
            prepare.push(start.elapsed());
            let start = Instant::now();
            let n_eligible = count_eligible(&snapshot);
            score.push(start.elapsed());
            let terms = terms(&snapshot);
            let start = Instant::now();
            let plan = match solve_only(&terms, &snapshot, Tuning::default(), &never_stop) {
                Outcome::Optimal(plan) => plan,
                other => panic!("{name} has no plan: {other:?}"),
            };
            solve.push(start.elapsed());
            let start = Instant::now();
            let proof = certificate::verify(&terms, &snapshot, &plan.placements, &plan.prices, Some(plan.objective));
            verify.push(start.elapsed());
            assert_eq!(proof.map(|proof| proof.value), Ok(plan.value));
            last = Some((snapshot, terms, plan, n_eligible));
        }
        let Some((snapshot, terms, plan, n_eligible)) = last else { return };
        let uncovered = terms.households().iter().filter(|h| h.weight > 0).count();
        println!(
            "{name}, {threads} threads: {} seekers x {} postings, {} places, {n_eligible} eligible pairs, {uncovered} households uncovered",
            snapshot.residents().len(),
            snapshot.postings().len(),
            terms.vacancies().iter().map(|c| u64::from(*c)).sum::<u64>(),
        );
        println!(
            "  prepare {:.3} s, score all pairs once {:.3} s, solve {:.3} s, verify {:.3} s, peak {} MiB",
            median(prepare),
            median(score),
            median(solve),
            median(verify),
            peak_mib(),
        );
        println!(
            "  covered {}, suitability {}, placed {}; {:?}",
            plan.objective.covered,
            plan.objective.suitability,
            plan.placements.len(),
            plan.effort,
        );
        let start = Instant::now();
        let followed = match baselines(&terms, &snapshot) {
            Ok(followed) => followed,
            Err(error) => panic!("{name}: {error}"),
        };
        println!("  rules of thumb {:.3} s, peak {} MiB", start.elapsed().as_secs_f64(), peak_mib());
        for (rule, placements) in followed {
            match certificate::check_plan(&terms, &snapshot, &placements) {
                Ok(objective) => println!(
                    "  {}: covered {}, suitability {}, placed {}",
                    rule.code(),
                    objective.covered,
                    objective.suitability,
                    placements.len(),
                ),
                Err(violation) => panic!("{name}: {violation:?}"),
            }
        }
    });
}

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|arg| arg == name);
    if is_chosen("community") {
        let town = Town::new(1, 10_000, 150).seekers(1_000);
        measure("community", &town, 9, 1);
        measure("community", &town, 9, 2);
    }
    if is_chosen("city") {
        let town = Town::new(1, 64_000, 2_000).seekers(20_000);
        measure("city", &town, 3, 1);
        measure("city", &town, 3, 2);
    }
}
