//! What it costs to ask the gates about one pair: read alone, and as part of the whole community; and after the vocabulary has
//! changed, when it is built anew.
//!
//! `cargo bench --bench gates`; figures in `benches/README.md`. A plain program on a demo community in an SQLite file, through the
//! function a referral's steps ask.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use wangjia::app::snapshot::{self, FullPostings, Loaded, Scope};
use wangjia::app::{DatabaseUrl, Db, Keyring, calendar_day, now, skills};
use wangjia::engine::explain::explain;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Pairs asked alone; steps that meet every resident and posting sooner or later.
const PAIRS: usize = 400;
const WHOLE: usize = 10;

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64() * 1e3)
}

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let demo = Command::new(env!("CARGO_BIN_EXE_wangjia"))
        .args(["demo", "--once", "--json"])
        .current_dir(folder.path())
        .output()?;
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let keys = Keyring::load(&folder.path().join("wangjia-demo.key"))?;
    let db = Db::open_existing(&DatabaseUrl::sqlite(folder.path().join("wangjia-demo.db")), keys)?;
    let today = calendar_day(now());
    let load = |scope| db.read(|conn| snapshot::load_with(conn, None, today, FullPostings::Closed, scope));
    let all = load(Scope::Everything)?;
    let (n_residents, n_postings) = (all.names.residents.len(), all.names.postings.len());
    let pair = |n: usize| {
        let (resident, posting) =
            (&all.names.residents[n * 37 % n_residents], &all.names.postings[n * 11 % n_postings]);
        let household = all.facts.households[resident.household as usize].id;
        (resident.id, posting.id, Scope::Pair { household, posting: posting.id })
    };
    let asked = |loaded: &Loaded, (resident, posting, _): (i64, i64, Scope<'_>)| {
        let pair = loaded.resident_index(resident).zip(loaded.posting_index(posting));
        pair.map(|(r, p)| explain(&loaded.snapshot, r, p).eligible)
    };
    println!("{n_residents} residents, {n_postings} postings");
    let mut times = Vec::new();
    for n in 0..WHOLE {
        let (answer, time) = timed(|| load(Scope::Everything).map(|loaded| asked(&loaded, pair(n))));
        black_box(answer?);
        times.push(time);
    }
    println!("  a pair among the whole community: median {:.1} ms of {WHOLE}", median(times));
    let mut times = Vec::new();
    for n in 0..PAIRS {
        let (answer, time) = timed(|| load(pair(n).2).map(|loaded| asked(&loaded, pair(n))));
        assert_eq!(answer?, asked(&all, pair(n)), "a pair alone is what it is among all");
        times.push(time);
    }
    println!("  a pair alone: median {:.2} ms of {PAIRS}", median(times));
    let mut times = Vec::new();
    for n in 0..WHOLE {
        // Another name of the first skill: what is in memory is another vocabulary's.
        db.write(|conn| skills::add_alias(conn, 1, &format!("别名{n}号")).map(drop))?;
        let (answer, time) = timed(|| load(pair(n).2).map(|loaded| asked(&loaded, pair(n))));
        black_box(answer?);
        times.push(time);
    }
    println!("  a pair alone, after the vocabulary has changed: median {:.1} ms of {WHOLE}", median(times));
    Ok(())
}
