//! Sixty-four clients after the last places at once, through the API.
//!
//! By hand, a million attempts: `WANGJIA_CONTENDED_ATTEMPTS=1000000 tests/with-postgres cargo test --release --test it -- contention`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use serde_json::{Value, json};

use wangjia::app::access::{Act, ObjectKind};
use wangjia::app::calendar_day;
use wangjia::app::error::AppError;
use wangjia::app::referrals::{self, Proposal};
use wangjia::app::steps::By;
use wangjia::db::residents;

use super::{Park, history, needs};
use crate::api::app::{id, noon};
use crate::support::{TestDb, on_both};

on_both!(the_last_places_go_to_as_many_as_there_are, everything_at_once, a_batch_that_is_overtaken_is_made_again);

const CLIENTS: usize = 64;

/// How many attempts of the long test; more by hand.
fn attempts() -> usize {
    std::env::var("WANGJIA_CONTENDED_ATTEMPTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_600)
}

fn the_last_places_go_to_as_many_as_there_are(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 3);
    let offered: Vec<String> =
        (0..64u16).map(|n| park.referral(&park.person("某", 101 + 2 * n), &posting, "offered")).collect();
    let barrier = Barrier::new(offered.len());
    let hire = |referral: &String| {
        barrier.wait();
        let answer = park.step(&park.hr[0], referral, "offered", "hired", needs("hired"));
        (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
    };
    let answers: Vec<(u16, String)> = std::thread::scope(|scope| {
        let clients: Vec<_> = offered.iter().map(|referral| scope.spawn(|| hire(referral))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let hired = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(hired, 3, "{answers:?}");
    let others = answers.iter().filter(|(status, _)| *status != 200);
    assert!(others.clone().all(|(status, code)| *status == 409 && code == "posting_full"), "{answers:?}");
    assert_eq!(park.filled(&posting), 3);
    history::check(db);
}

/// A number that follows from another: the tests need no secrets.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Every client proposes, moves, hires, ends and refuses whatever it finds; nothing is ever over-filled and no lock shows.
fn everything_at_once(db: &TestDb) {
    let park = Park::new(db);
    let postings: Vec<String> = park
        .employers
        .iter()
        .flat_map(|employer| [park.app.posting(employer, 2), park.app.posting(employer, 1)])
        .collect();
    let people: Vec<String> = (0..16u16).map(|n| park.person("某", 201 + 2 * n)).collect();
    let known: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let tally: Mutex<BTreeMap<(u16, String), usize>> = Mutex::new(BTreeMap::new());
    let left = AtomicUsize::new(attempts());
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (park, postings, people, known, tally, left) = (&park, &postings, &people, &known, &tally, &left);
            scope.spawn(move || {
                let mut seed = client as u64 + 1;
                while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
                    let answer = attempt(park, postings, people, known, &mut seed);
                    let code = answer.1["code"].as_str().or(answer.1["errors"][0]["code"].as_str());
                    let key = (answer.0, code.unwrap_or_default().to_owned());
                    *tally.lock().unwrap().entry(key).or_default() += 1;
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    let done: usize = tally.values().sum();
    assert_eq!(done, attempts());
    // A refusal is a rule of the house; a lock, a full pool or a fault is none.
    for ((status, code), n) in &tally {
        assert!([200, 201, 409, 422].contains(status), "{status} {code}: {n}");
    }
    assert!(tally.iter().any(|((status, _), n)| *status == 200 && *n > 10), "{tally:?}");
    // It got as far as the places themselves.
    let hires = db.read(|conn| {
        use diesel::prelude::*;
        Ok(wangjia::db::schema::employment_spells::table.count().get_result::<i64>(conn)?)
    });
    assert!(hires > 0, "nobody was hired: {tally:?}");
    assert!(tally.contains_key(&(409, "posting_full".to_owned())), "no place was ever wanted by two: {tally:?}");
    history::check(db);
    println!("{done} attempts: {tally:?}");
}

fn attempt(
    park: &Park,
    postings: &[String],
    people: &[String],
    known: &Mutex<Vec<String>>,
    seed: &mut u64,
) -> (u16, Value) {
    let pick = |seed: &mut u64, n: usize| usize::try_from(next(seed)).unwrap() % n;
    let referral = {
        let known = known.lock().unwrap();
        (!known.is_empty() && pick(seed, 8) != 0)
            .then(|| known[known.len() - 1 - pick(seed, known.len().min(40))].clone())
    };
    let Some(referral) = referral else {
        let answer = park.propose(&people[pick(seed, people.len())], &postings[pick(seed, postings.len())]);
        if answer.status == 201 {
            known.lock().unwrap().push(id(&answer.body));
        }
        return (answer.status, answer.body);
    };
    const FORWARD: [&str; 7] = ["proposed", "consented", "referred", "interview", "offered", "hired", "ended"];
    let from = pick(seed, 6);
    let (from, to) = match pick(seed, 12) {
        0 if from < 5 => (FORWARD[from], "refused_by_resident"),
        1 if from < 5 => (FORWARD[from], "withdrawn"),
        _ => (FORWARD[from], FORWARD[from + 1]),
    };
    let more = if to == "consented" { json!({"consent": {"kinds": ["name"], "form": "spoken"}}) } else { needs(to) };
    let answer = park.step(&park.counselor, &referral, from, to, more);
    (answer.status, answer.body)
}

/// Somebody proposes one of a batch between its first look and its writing. On SQLite nobody can come between, so it comes before.
fn a_batch_that_is_overtaken_is_made_again(db: &TestDb) {
    let park = Park::new(db);
    let posting = park.app.posting(&park.employers[0], 9);
    let people = [park.person("甲", 11), park.person("乙", 13)];
    let number = |id: &String| id.parse::<i64>().unwrap();
    let all: Vec<Proposal> = people
        .iter()
        .map(|resident| Proposal {
            resident: number(resident),
            posting: number(&posting),
            overrides: Vec::new(),
            note: None,
        })
        .collect();
    let overtake = || park.propose(&people[0], &posting).expect(201);
    let (mut runs, mut overtaken) = (0, false);
    if !db.is_postgres() {
        overtake();
    }
    let by = By::of(&Act::of_operator("create", ObjectKind::Referral, "referrals"));
    let done = db.db.write(|conn| {
        residents::get(conn, number(&people[1]))?;
        if db.is_postgres() && !std::mem::replace(&mut overtaken, true) {
            overtake();
        }
        runs += 1;
        referrals::propose_all(conn, db.db.keys(), &all, (noon(), calendar_day(noon())), by)
    });
    let Err(AppError::Invalid(faults)) = done else { panic!("{done:?}") };
    let told: Vec<(&str, &str)> = faults.iter().map(|fault| (&*fault.pointer, &*fault.code)).collect();
    assert_eq!(told, [("/items/0", "referral_open")]);
    assert_eq!(runs, if db.is_postgres() { 2 } else { 1 });
    assert_eq!(park.app.get("/referrals")["items"].as_array().unwrap().len(), 1, "all or none");
}
