//! Pairs per second of the pair kernel, gates included, on one and two threads; and the plain way for the ratio.
//!
//! `cargo bench --no-default-features --bench score`; figures in `benches/README.md`.

mod common;
#[path = "common/plain.rs"]
mod plain;

use std::hint::black_box;
use std::time::Duration;

use common::Town;
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use plain::{plain_score, skill_names};
use rayon::prelude::*;
use wangjia::engine::policy::Policy;
use wangjia::engine::profile::Snapshot;

/// Scores every eligible pair and sums what it sees, so that nothing can be left out.
fn score_all(snapshot: &Snapshot) -> (u64, u64) {
    (0..snapshot.residents().len())
        .into_par_iter()
        .with_min_len(64)
        .map_init(
            || snapshot.scanner(),
            |scanner, r| {
                let mut sum = 0;
                let n = scanner.scan(r, |_| 0, |_, score| sum += u64::from(score));
                (n, sum)
            },
        )
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

fn pool(threads: usize) -> rayon::ThreadPool {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool,
        Err(error) => panic!("threads can be started: {error}"),
    }
}

fn kernel(c: &mut Criterion) {
    let mut group = c.benchmark_group("score");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (size, n_residents, n_postings) in [("10k x 150", 10_000, 150), ("150k x 2000", 150_000, 2_000)] {
        for kind in ["town", "open"] {
            let town = Town::new(1, n_residents, n_postings);
            let snapshot = if kind == "open" { town.open().snapshot() } else { town.snapshot() };
            let n_pairs = (n_residents * n_postings) as u64;
            let (n_eligible, _) = score_all(&snapshot);
            eprintln!("{size} {kind}: {n_eligible} of {n_pairs} pairs eligible");
            group.throughput(Throughput::Elements(n_pairs));
            for threads in [1, 2] {
                let pool = pool(threads);
                let id = BenchmarkId::new(format!("{size} {kind}"), format!("{threads} threads"));
                group.bench_function(id, |b| b.iter(|| pool.install(|| score_all(black_box(&snapshot)))));
            }
        }
    }
    group.finish();
}

/// The plain way, on one thread, over the first residents of the same town: 300 000 pairs.
fn plain(c: &mut Criterion) {
    let town = Town::new(1, 10_000, 150);
    let names = skill_names(&town);
    let policy = Policy::default();
    let residents = &town.residents[..2_000];
    let mut group = c.benchmark_group("score plainly");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements((residents.len() * town.postings.len()) as u64));
    group.bench_function("strsim per pair, 1 thread", |b| {
        b.iter(|| {
            let pairs = residents.iter().flat_map(|r| town.postings.iter().map(move |p| (r, p)));
            pairs.filter_map(|(r, p)| plain_score(&town, &names, &policy, r, p)).map(u64::from).sum::<u64>()
        });
    });
    group.finish();
}

criterion_group!(benches, plain, kernel);
criterion_main!(benches);
