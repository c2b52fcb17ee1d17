//! Exact best-10 lists for everybody, the list of one posting, and preparing the town; on one and two threads.
//!
//! `cargo bench --no-default-features --bench recommend`; figures in `benches/README.md`.

mod common;
#[path = "common/plain.rs"]
mod plain;

use std::hint::black_box;
use std::time::Duration;

use common::Town;
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use plain::{plain_score, skill_names};
use wangjia::engine::policy::Policy;
use wangjia::engine::recommend::{Order, recommend_all, recommend_for_posting};

const K: usize = 10;

fn pool(threads: usize) -> rayon::ThreadPool {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool,
        Err(error) => panic!("threads can be started: {error}"),
    }
}

fn lists(c: &mut Criterion) {
    let mut group = c.benchmark_group("recommend");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (size, n_residents, n_postings) in [("10k x 150", 10_000, 150), ("150k x 2000", 150_000, 2_000)] {
        let town = Town::new(1, n_residents, n_postings);
        let snapshot = town.snapshot();
        let open = Town::new(1, n_residents, n_postings).open().snapshot();
        for threads in [1, 2] {
            let pool = pool(threads);
            group.throughput(Throughput::Elements((n_residents * n_postings) as u64));
            group.bench_function(BenchmarkId::new(format!("all {size}"), format!("{threads} threads")), |b| {
                b.iter(|| pool.install(|| recommend_all(black_box(&snapshot), K)));
            });
            group.bench_function(BenchmarkId::new(format!("all {size} open"), format!("{threads} threads")), |b| {
                b.iter(|| pool.install(|| recommend_all(black_box(&open), K)));
            });
            group.throughput(Throughput::Elements(n_residents as u64));
            group.bench_function(BenchmarkId::new(format!("one posting {size}"), format!("{threads} threads")), |b| {
                b.iter(|| pool.install(|| recommend_for_posting(black_box(&snapshot), 1, K, Order::HouseholdFirst)));
            });
            group.bench_function(BenchmarkId::new(format!("snapshot {size}"), format!("{threads} threads")), |b| {
                b.iter(|| pool.install(|| black_box(&town).snapshot()));
            });
        }
    }
    group.finish();
}

/// The plain way, one thread: strsim per pair, sort, cut; over the first 2 000 residents.
fn plain(c: &mut Criterion) {
    let town = Town::new(1, 10_000, 150);
    let names = skill_names(&town);
    let policy = Policy::default();
    let residents = &town.residents[..2_000];
    let mut group = c.benchmark_group("recommend plainly");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements((residents.len() * town.postings.len()) as u64));
    group.bench_function("strsim per pair, sort, 1 thread", |b| {
        b.iter(|| {
            let list = |r| {
                let scored = town
                    .postings
                    .iter()
                    .filter_map(|p| plain_score(&town, &names, &policy, r, p).map(|score| (score, p.id)));
                let mut scored: Vec<_> = scored.collect();
                scored.sort_by_key(|(score, id)| (u16::MAX - score, *id));
                scored.truncate(K);
                scored
            };
            residents.iter().map(list).map(|best| best.len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, plain, lists);
criterion_main!(benches);
