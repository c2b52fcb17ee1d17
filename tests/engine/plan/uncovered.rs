//! Every uncovered household has one reason, and the reason is true by its definition.

use wangjia::engine::plan::uncovered::{Competition, HallFault, NoRecords, NotOptimal, Reason, Report, classify};
use wangjia::engine::plan::{Outcome, Pair};

use super::support::{Dice, Shape, Small, pair, random};

#[track_caller]
fn report(small: &Small) -> Option<(Vec<Pair>, Report)> {
    let Outcome::Optimal(plan) = small.outcome() else { return None };
    match classify(&small.terms(), &small.rows(), &plan.placements, &NoRecords) {
        Ok(report) => Some((plan.placements, report)),
        Err(fault) => panic!("{fault:?}\n{small:?}"),
    }
}

fn household_of(small: &Small, pair: &Pair) -> u32 {
    small.household_of[pair.resident as usize]
}

/// Eligible pairs of a household that nobody forbade.
fn open_pairs(small: &Small, h: u32) -> Vec<(u32, u32)> {
    let pairs = small.pairs.iter().map(|(r, p, _)| (*r, *p));
    pairs.filter(|x| small.household_of[x.0 as usize] == h && !small.forbidden.contains(x)).collect()
}

/// The instance in which only these households may place anybody; the others keep their pins.
fn only(small: &Small, keep: impl Fn(u32) -> bool) -> Small {
    let mut less = small.clone();
    less.pairs.retain(|(r, p, _)| keep(small.household_of[*r as usize]) || small.pins.contains(&(*r, *p)));
    less
}

fn check_competition(small: &Small, h: u32, found: &Competition, placements: &[Pair]) {
    assert_eq!(found.check(&small.terms(), &small.rows()), Ok(()), "{found:?}\n{small:?}");
    assert!(found.uncovered.contains(&h) && open_pairs(small, h).iter().all(|x| found.postings.contains(&x.1)));
    // Every place is taken, by the pinned or by exactly the households that are named.
    let inside = placements.iter().filter(|pair| found.postings.contains(&pair.posting));
    assert_eq!(inside.clone().count() as u64, found.n_vacancies, "{small:?}");
    let is_pinned = |pair: &Pair| small.pins.contains(&(pair.resident, pair.posting));
    let mut placed: Vec<u32> = inside.filter(|pair| !is_pinned(pair)).map(|pair| household_of(small, pair)).collect();
    placed.sort_unstable();
    assert_eq!(placed, found.placed, "{small:?}");
    // Nobody who keeps the household out weighs less.
    let weight = |h: &u32| small.households[*h as usize].0;
    let own_is_smallest = open_pairs(small, h).len() as u64;
    assert!(own_is_smallest > 0 && found.placed.iter().all(|other| weight(other) > 0));
    assert_eq!(found.lightest, found.placed.iter().map(weight).min());
}

/// Without its competitors the household would be covered, if there is a place at all that no pin has taken.
fn check_removal(small: &Small, h: u32, found: &Competition, report: &Report) {
    let is_rival = |other: u32| {
        other != h && (found.placed.contains(&other) || report.households.iter().any(|x| x.household == other))
    };
    let alone = only(small, |other| !is_rival(other));
    let Outcome::Optimal(plan) = alone.outcome() else { panic!("pins are kept: {small:?}") };
    let pinned = |p: u32| small.pins.iter().filter(|pin| pin.1 == p).count() as u32;
    let has_place = open_pairs(small, h).iter().any(|x| small.vacancies[x.1 as usize] > pinned(x.1));
    let is_covered = plan.placements.iter().any(|pair| household_of(small, pair) == h);
    assert_eq!(is_covered, has_place, "household {h} of {small:?}");
}

fn shapes() -> [Shape; 4] {
    let shape = Shape {
        households: 8,
        members: 3,
        postings: 4,
        vacancies: 2,
        residents: 14,
        eligible: 40,
        levels: 20,
        decided: 0,
    };
    [
        shape,
        Shape { levels: 2, eligible: 65, vacancies: 1, ..shape },
        Shape { decided: 12, ..shape },
        Shape { households: 20, residents: 40, postings: 10, eligible: 15, ..shape },
    ]
}

#[test]
fn every_reason_is_true_by_its_definition() {
    let mut dice = Dice(11);
    let mut seen = std::collections::BTreeMap::new();
    for n in 0..6_000 {
        let small = random(&mut dice, shapes()[n % 4]);
        let Some((placements, report)) = report(&small) else { continue };
        let is_covered = |h: u32| placements.iter().any(|pair| household_of(&small, pair) == h);
        let expected: Vec<u32> = (0..small.households.len() as u32)
            .filter(|h| small.households[*h as usize].0 > 0 && !is_covered(*h))
            .collect();
        let found: Vec<u32> = report.households.iter().map(|x| x.household).collect();
        assert_eq!(found, expected, "each uncovered household once: {small:?}");
        for x in &report.households {
            *seen.entry(x.reason.code()).or_insert(0) += 1;
            let open = open_pairs(&small, x.household);
            match &x.reason {
                Reason::NoEligiblePosting { forbidden, shut: None, .. } => {
                    assert!(open.is_empty(), "{small:?}");
                    let against = small.forbidden.iter().filter(|f| {
                        small.household_of[f.0 as usize] == x.household
                            && small.pairs.iter().any(|(r, p, _)| (*r, *p) == **f)
                    });
                    let mut against: Vec<Pair> = against.copied().map(pair).collect();
                    against.sort_unstable();
                    against.dedup();
                    assert_eq!(*forbidden, against);
                }
                Reason::CareLimit { n_pairs, barred } => {
                    assert_eq!((small.households[x.household as usize].1, *n_pairs), (0, open.len() as u64));
                    assert!(*n_pairs > 0 && barred.is_empty());
                }
                Reason::OutCompeted { postings, competition } => {
                    assert!(small.households[x.household as usize].1 > 0);
                    let own: std::collections::BTreeSet<u32> = open.iter().map(|x| x.1).collect();
                    assert_eq!(*postings, own.into_iter().collect::<Vec<u32>>());
                    let found = &report.competitions[*competition];
                    check_competition(&small, x.household, found, &placements);
                    assert!(found.lightest.is_none_or(|lightest| lightest >= x.weight), "{small:?}");
                    check_removal(&small, x.household, found, &report);
                }
                other => panic!("{other:?} without records"),
            }
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|n| *n > 200), "every class must be met: {seen:?}");
}

/// Two households, one place: one is covered, both are the set.
fn one_place() -> Small {
    Small {
        households: vec![(1, 1), (1, 1)],
        household_of: vec![0, 1],
        vacancies: vec![1],
        pairs: vec![(0, 0, 10), (1, 0, 20)],
        ..Small::default()
    }
}

#[test]
fn the_set_is_who_holds_the_place_and_who_wants_it() {
    let small = one_place();
    let (_, report) = report(&small).expect("there is a plan");
    assert_eq!(report.households[0].household, 0);
    let found = &report.competitions[0];
    assert_eq!((&found.postings, &found.placed, &found.uncovered), (&vec![0], &vec![1], &vec![0]));
    assert_eq!((found.n_vacancies, found.n_pinned, found.n_places()), (1, 0, 1));
}

#[test]
fn a_chain_of_moves_is_followed_to_its_end() {
    // 0 wants a only; who sits at a could go to b, who sits at b could go to c; c is full, too.
    let small = Small {
        households: vec![(1, 1); 4],
        household_of: vec![0, 1, 2, 3],
        vacancies: vec![1, 1, 1, 5],
        pairs: vec![(0, 0, 1), (1, 0, 9), (1, 1, 2), (2, 1, 9), (2, 2, 2), (3, 2, 9)],
        ..Small::default()
    };
    let (_, report) = report(&small).expect("there is a plan");
    let found = &report.competitions[0];
    assert_eq!(found.postings, [0, 1, 2], "not the posting nobody of them can go to");
    assert_eq!(found.placed.len() + found.uncovered.len(), 4);
}

#[test]
fn a_place_taken_by_an_accepted_offer_is_named_apart() {
    let small = Small { pins: vec![(1, 0)], ..one_place() };
    let (_, report) = report(&small).expect("there is a plan");
    let found = &report.competitions[0];
    assert_eq!((found.n_vacancies, found.n_pinned, found.placed.len(), found.lightest), (1, 1, 0, None));
}

#[test]
fn a_plan_that_could_cover_more_is_not_explained_away() {
    let (small, classified) = (one_place(), |small: &Small, placed: &[(u32, u32)]| {
        let placements: Vec<Pair> = placed.iter().copied().map(pair).collect();
        classify(&small.terms(), &small.rows(), &placements, &NoRecords)
    });
    assert_eq!(classified(&small, &[]), Err(NotOptimal::FreePlace { household: 0, posting: 0 }));
    let heavy = Small { households: vec![(3, 1), (1, 1)], ..small.clone() };
    assert_eq!(classified(&heavy, &[(1, 0)]), Err(NotOptimal::Dispensable { household: 0, posting: 0 }));
    let covered = Small { households: vec![(1, 1), (0, 1)], ..small };
    assert_eq!(classified(&covered, &[(1, 0)]), Err(NotOptimal::Dispensable { household: 0, posting: 0 }));
}

#[test]
fn a_set_that_is_no_proof_is_refused() {
    let small = one_place();
    let (_, report) = report(&small).expect("there is a plan");
    let found = report.competitions[0].clone();
    let check = |found: Competition, small: &Small| found.check(&small.terms(), &small.rows());
    let fewer = Competition { uncovered: vec![], ..found.clone() };
    assert_eq!(check(fewer, &small), Err(HallFault::PlacesEnough { households: 1, places: 1 }));
    let roomier = Small { vacancies: vec![2], ..small.clone() };
    assert_eq!(check(found.clone(), &roomier), Err(HallFault::WrongPlaces));
    let mut wider = Small { vacancies: vec![1, 1], ..small };
    wider.pairs.push((0, 1, 5));
    assert_eq!(check(found, &wider), Err(HallFault::WayOut(pair((0, 1)))));
}
