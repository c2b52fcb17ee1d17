//! Seats of courses: against every choice there is, and on towns in which the skill is what is missing.

use std::collections::BTreeSet;

use wangjia::engine::plan::never_stop;
use wangjia::engine::plan::training::seats::{Chosen, EFFORT, Openings, choose};

use super::support::Dice;

/// The most that can be covered, by trying everything, household by household.
fn best_of_all(o: &Openings) -> i64 {
    fn from(o: &Openings, h: usize, vacancies: &mut [u32], seats: &mut [u32]) -> i64 {
        let Some(weight) = o.weights.get(h) else { return 0 };
        let mut best = from(o, h + 1, vacancies, seats);
        let direct = o.direct[h].iter().map(|p| (*p, None));
        let opened = o.opened[h].iter().map(|(p, c)| (*p, Some(*c)));
        for (p, c) in direct.chain(opened) {
            if vacancies[p as usize] == 0 || c.is_some_and(|c: u32| seats[c as usize] == 0) {
                continue;
            }
            vacancies[p as usize] -= 1;
            if let Some(c) = c {
                seats[c as usize] -= 1;
            }
            best = best.max(i64::from(*weight) + from(o, h + 1, vacancies, seats));
            vacancies[p as usize] += 1;
            if let Some(c) = c {
                seats[c as usize] += 1;
            }
        }
        best
    }
    from(o, 0, &mut o.vacancies.clone(), &mut o.seats.clone())
}

fn random(dice: &mut Dice, households: u64, courses: u64, weights: &[u32]) -> Openings {
    let (n, n_postings) = (1 + dice.below(households), 1 + dice.below(4) as u32);
    let n_courses = dice.below(courses + 1) as u32;
    let (direct_percent, opened_percent) = (dice.pick(&[10, 30, 50]), dice.pick(&[15, 30, 60]));
    let mut o = Openings {
        weights: (0..n).map(|_| dice.pick(weights)).collect(),
        vacancies: (0..n_postings).map(|_| dice.below(3) as u32).collect(),
        seats: (0..n_courses).map(|_| dice.below(3) as u32).collect(),
        ..Openings::default()
    };
    for _ in 0..n {
        let (mut direct, mut opened) = (BTreeSet::new(), BTreeSet::new());
        for p in 0..n_postings {
            if dice.percent(direct_percent) {
                direct.insert(p);
            }
            for c in 0..n_courses {
                if dice.percent(opened_percent) {
                    opened.insert((p, c));
                }
            }
        }
        o.direct.push(direct);
        o.opened.push(opened);
    }
    o
}

/// Everybody in a place they can take, within vacancies and seats, and as much covered as is said.
fn check_places(o: &Openings, chosen: &Chosen) {
    let (mut vacancies, mut seats, mut covered) = (o.vacancies.clone(), o.seats.clone(), 0);
    let mut seen = BTreeSet::new();
    for place in &chosen.places {
        let h = place.household as usize;
        assert!(seen.insert(h), "{place:?} twice");
        match place.course {
            None => assert!(o.direct[h].contains(&place.posting)),
            Some(course) => {
                assert!(o.opened[h].contains(&(place.posting, course)));
                seats[course as usize] = seats[course as usize].checked_sub(1).expect("a seat that is there");
            }
        }
        vacancies[place.posting as usize] = vacancies[place.posting as usize].checked_sub(1).expect("a free place");
        covered += i64::from(o.weights[h]);
    }
    assert_eq!(covered, chosen.covered);
}

/// How many choices were proved best.
fn against_every_choice(seed: u64, n: usize, households: u64, courses: u64, weights: &[u32]) -> usize {
    let mut dice = Dice(seed);
    let mut proved = 0;
    for _ in 0..n {
        let o = random(&mut dice, households, courses, weights);
        let best = best_of_all(&o);
        let chosen = choose(&o, EFFORT, &never_stop).expect("small numbers");
        check_places(&o, &chosen);
        assert!(chosen.covered <= best && best <= chosen.at_most, "{best}: {chosen:?} of {o:?}");
        if chosen.covered == chosen.at_most {
            proved += 1;
        }
    }
    proved
}

#[test]
fn no_choice_of_seats_is_better() {
    // The search is short enough here to be carried to its end every time: then both numbers are the best there is.
    assert_eq!(against_every_choice(31, 1_500, 6, 3, &[1]), 1_500);
    assert_eq!(against_every_choice(32, 1_000, 6, 2, &[1, 1, 2, 5]), 1_000);
}

#[test]
fn one_course_is_exact_at_once() {
    let mut dice = Dice(33);
    for _ in 0..500 {
        let o = random(&mut dice, 8, 1, &[1]);
        let chosen = choose(&o, EFFORT, &never_stop).expect("small numbers");
        assert_eq!((chosen.covered, chosen.at_most), (best_of_all(&o), best_of_all(&o)), "{o:?}");
    }
}

#[test]
fn with_little_work_the_bound_still_holds() {
    let mut dice = Dice(34);
    let mut short = 0;
    for _ in 0..800 {
        let o = random(&mut dice, 7, 3, &[1, 3]);
        let best = best_of_all(&o);
        let chosen = choose(&o, 1, &never_stop).expect("small numbers");
        check_places(&o, &chosen);
        assert!(chosen.covered <= best && best <= chosen.at_most, "{best}: {chosen:?} of {o:?}");
        short += usize::from(chosen.covered < best);
    }
    assert!(short > 0, "the work was not cut short");
}

#[test]
fn a_seat_that_covers_nobody_stays_free() {
    // Two households, both able to take the place there are two of; the course would open another.
    let o = Openings {
        weights: vec![1, 1],
        vacancies: vec![2, 5],
        seats: vec![2],
        direct: vec![BTreeSet::from([0]), BTreeSet::from([0])],
        opened: vec![BTreeSet::from([(1, 0)]), BTreeSet::from([(1, 0)])],
    };
    let chosen = choose(&o, EFFORT, &never_stop).expect("small numbers");
    assert_eq!((chosen.covered, chosen.at_most), (2, 2));
    assert!(chosen.places.iter().all(|place| place.course.is_none()), "{chosen:?}");
    // One place less there: one seat, and either of them moves.
    let o = Openings { vacancies: vec![1, 5], ..o };
    let chosen = choose(&o, EFFORT, &never_stop).expect("small numbers");
    assert_eq!((chosen.covered, chosen.at_most), (2, 2));
    assert_eq!(chosen.places.iter().filter(|place| place.course.is_some()).count(), 1);
}

#[test]
fn the_same_choice_every_time() {
    let mut dice = Dice(35);
    for _ in 0..50 {
        let o = random(&mut dice, 12, 3, &[1, 2]);
        let once = choose(&o, EFFORT, &never_stop).expect("small numbers");
        assert_eq!(choose(&o, EFFORT, &never_stop).expect("small numbers"), once);
    }
}
