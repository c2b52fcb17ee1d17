//! Sixty-four clients after the last places at once, through the API.
//!
//! By hand, a million attempts: `WANGJIA_CONTENDED_ATTEMPTS=1000000 tests/with-postgres cargo test --release --test it -- contention`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, OnceLock};

use chrono::{Days, NaiveDate};
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

/// People of a district, and the attempts made in it before everybody goes on to the next one: enough people that most attempts meet a
/// step that is still to be taken, few enough that many want the same place.
const PEOPLE: u16 = 64;
const ATTEMPTS_HERE: usize = 1_600;

/// People without work, and two employers with six places each in two postings.
struct District {
    people: Vec<String>,
    postings: Vec<String>,
    /// The referrals that are open or hired, as far as anybody was told.
    known: Mutex<Vec<Known>>,
}

#[derive(Clone)]
struct Known {
    referral: String,
    person: usize,
    state: &'static str,
}

impl District {
    /// The `n`th of a park.
    fn new(park: &Park, n: usize) -> Self {
        let birth = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap() + Days::new(n.try_into().unwrap());
        let employer = |name: &str| {
            let new = json!({"name": format!("{name}{n}"), "kind": "tenant", "address": "园区 5 号厂房"});
            id(&park.app.create("/employers", &new))
        };
        let postings =
            ["丙箱包厂", "丁绣坊"].map(employer).map(|employer| [4, 2].map(|n| park.app.posting(&employer, n)));
        Self {
            people: (0..PEOPLE).map(|order| park.person_born(&birth.to_string(), "某", 1 + 2 * order)).collect(),
            postings: postings.into_iter().flatten().collect(),
            known: Mutex::new(Vec::new()),
        }
    }

    /// Whether a status and code are of a step somebody took before.
    fn is_late((status, code): &(u16, String)) -> bool {
        *status == 409 && (code == "wrong_status" || code == "move_not_allowed")
    }

    /// Somebody is proposed, or the next step of a referral is taken as it was last known.
    fn attempt(&self, park: &Park, seed: &mut u64) -> (u16, Value) {
        let mut pick = |n: usize| usize::try_from(next(seed)).unwrap() % n;
        let known = {
            let known = self.known.lock().unwrap();
            let goes_on = known.len() >= self.people.len() && pick(4) != 0;
            goes_on.then(|| known[pick(known.len())].clone())
        };
        let Some(known) = known else {
            let person = pick(self.people.len());
            let answer = park.propose(&self.people[person], &self.postings[pick(self.postings.len())]);
            if answer.status == 201 {
                let new = Known { referral: id(&answer.body), person, state: "proposed" };
                self.known.lock().unwrap().push(new);
            }
            return (answer.status, answer.body);
        };
        const FORWARD: [&str; 7] = ["proposed", "consented", "referred", "interview", "offered", "hired", "ended"];
        let from = FORWARD.iter().position(|state| *state == known.state).unwrap();
        let to = match pick(16) {
            0 if from < 5 => "refused_by_resident",
            1 if from < 5 => "withdrawn",
            _ => FORWARD[from + 1],
        };
        let more =
            if to == "consented" { json!({"consent": {"kinds": ["name"], "form": "spoken"}}) } else { needs(to) };
        let answer = park.step(&park.counselor, &known.referral, known.state, to, more);
        if answer.status == 200 {
            self.learn(&known, FORWARD[..6].iter().find(|state| **state == to).copied());
        }
        (answer.status, answer.body)
    }

    /// A referral is in another state, or closed; a hire closes the person's others.
    fn learn(&self, moved: &Known, state: Option<&'static str>) {
        let mut all = self.known.lock().unwrap();
        match state {
            Some(state) => {
                all.iter_mut().filter(|known| known.referral == moved.referral).for_each(|known| known.state = state);
            }
            None => all.retain(|known| known.referral != moved.referral),
        }
        if state == Some("hired") {
            all.retain(|known| known.person != moved.person || known.state == "hired");
        }
    }
}

/// Every client proposes, moves, hires, ends and refuses whatever it finds; nothing is ever over-filled and no lock shows.
fn everything_at_once(db: &TestDb) {
    let park = Park::new(db);
    let all = attempts();
    let districts: Vec<OnceLock<District>> = (0..all.div_ceil(ATTEMPTS_HERE)).map(|_| OnceLock::new()).collect();
    let tally: Mutex<BTreeMap<(u16, String), usize>> = Mutex::new(BTreeMap::new());
    let made = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (park, districts, tally, made) = (&park, &districts, &tally, &made);
            scope.spawn(move || {
                let mut seed = client as u64 + 1;
                loop {
                    let n = made.fetch_add(1, Ordering::SeqCst);
                    if n >= all {
                        break;
                    }
                    let here = n / ATTEMPTS_HERE;
                    let district = districts[here].get_or_init(|| District::new(park, here));
                    let answer = district.attempt(park, &mut seed);
                    let code = answer.1["errors"][0]["code"].as_str().or(answer.1["code"].as_str());
                    let key = (answer.0, code.unwrap_or_default().to_owned());
                    *tally.lock().unwrap().entry(key).or_default() += 1;
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("{all} attempts: {tally:?}");
    assert_eq!(tally.values().sum::<usize>(), all);
    // A refusal is a rule of the house; a lock, a full pool or a fault is none.
    for ((status, code), n) in &tally {
        assert!([200, 201, 409, 422].contains(status), "{status} {code}: {n}");
    }
    // It got as far as the places themselves, and most of it was about steps still to be taken.
    let hires = db.read(|conn| {
        use diesel::prelude::*;
        Ok(wangjia::db::schema::employment_spells::table.count().get_result::<i64>(conn)?)
    });
    assert!(hires > 12, "nobody got as far as the places: {hires}, {tally:?}");
    for code in ["posting_full", "referral_open"] {
        assert!(tally.contains_key(&(409, code.to_owned())), "{code} was never in the way: {tally:?}");
    }
    let late: usize = tally.iter().filter(|(answer, _)| District::is_late(answer)).map(|(_, n)| n).sum();
    assert!(late * 2 < all, "{late} of {all} came too late: {tally:?}");
    history::check(db);
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
