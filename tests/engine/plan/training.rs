//! Seats of courses: against every choice there is, and on towns in which the skill is what is missing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::collections::BTreeSet;

use wangjia::engine::gates::is_eligible;
use wangjia::engine::input::{Household, Posting, Resident, SkillId};
use wangjia::engine::plan::training::seats::{Chosen, EFFORT, Openings, choose};
use wangjia::engine::plan::training::{Course, learnt, train, with_skills};
use wangjia::engine::plan::what_if::{Base, Failure};
use wangjia::engine::plan::{Pair, PlanHousehold, Terms, never_stop};
use wangjia::engine::policy::Policy;
use wangjia::engine::profile::Snapshot;

use super::support::Dice;
use crate::scoring::support::{held, must, posting, resident, table, today};

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
                seats[course as usize] = seats[course as usize].checked_sub(1).unwrap();
            }
        }
        vacancies[place.posting as usize] = vacancies[place.posting as usize].checked_sub(1).unwrap();
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
        let chosen = choose(&o, EFFORT, &never_stop).unwrap();
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
        let chosen = choose(&o, EFFORT, &never_stop).unwrap();
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
        let chosen = choose(&o, 1, &never_stop).unwrap();
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
    let chosen = choose(&o, EFFORT, &never_stop).unwrap();
    assert_eq!((chosen.covered, chosen.at_most), (2, 2));
    assert!(chosen.places.iter().all(|place| place.course.is_none()), "{chosen:?}");
    // One place less there: one seat, and either of them moves.
    let o = Openings { vacancies: vec![1, 5], ..o };
    let chosen = choose(&o, EFFORT, &never_stop).unwrap();
    assert_eq!((chosen.covered, chosen.at_most), (2, 2));
    assert_eq!(chosen.places.iter().filter(|place| place.course.is_some()).count(), 1);
}

#[test]
fn the_same_choice_every_time() {
    let mut dice = Dice(35);
    for _ in 0..50 {
        let o = random(&mut dice, 12, 3, &[1, 2]);
        let once = choose(&o, EFFORT, &never_stop).unwrap();
        assert_eq!(choose(&o, EFFORT, &never_stop).unwrap(), once);
    }
}

/// People and posts between which nothing stands but skills.
struct Town {
    snapshot: Snapshot,
    terms: Terms,
    courses: Vec<Course>,
    left_out: Vec<u32>,
}

impl Town {
    fn random(dice: &mut Dice) -> Self {
        let n_households = 3 + dice.below(4) as u32;
        let residents: Vec<Resident> = (0..3 + dice.below(5) as i64)
            .map(|id| {
                let n_skills = dice.below(3);
                let skills = (0..n_skills).map(|_| held(dice.below(5) as u32, 1 + dice.below(3) as u8)).collect();
                Resident { id, household: dice.below(u64::from(n_households)) as u32, skills, ..resident() }
            })
            .collect();
        let postings: Vec<Posting> = (0..1 + dice.below(4) as i64)
            .map(|id| {
                let skills = (0..1 + dice.below(2)).map(|n| must(4 - 2 * n as u32, 1 + dice.below(3) as u8)).collect();
                Posting { id, n_vacancies: 1 + dice.below(2) as u32, skills, ..posting() }
            })
            .collect();
        let households: Vec<Household> =
            (0..i64::from(n_households)).map(|id| Household { id, uncovered: dice.percent(85) }).collect();
        let plan_households = households.iter().map(|household| PlanHousehold {
            weight: if household.uncovered { dice.pick(&[1, 1, 1, 2]) } else { 0 },
            limit: dice.pick(&[0, 1, 1, 2, 2]),
        });
        let terms = Terms::new(
            plan_households.collect(),
            residents.iter().map(|r| r.household).collect(),
            postings.iter().map(|p| p.n_vacancies).collect(),
        )
        .unwrap();
        let (n_residents, n_postings) = (residents.len() as u64, postings.len() as u64);
        let snapshot = Snapshot::new(residents, postings, households, table(), today(), Policy::default()).unwrap();
        let any =
            |dice: &mut Dice| Pair { resident: dice.below(n_residents) as u32, posting: dice.below(n_postings) as u32 };
        let forbidden = (0..dice.below(3)).map(|_| any(dice)).collect();
        let pins: Vec<Pair> = (0..dice.below(2)).map(|_| any(dice)).collect();
        let terms = terms.with_decisions(pins, forbidden, vec![]).unwrap();
        let courses = (0..1 + dice.below(2)).map(|_| Course {
            skills: (0..1 + dice.below(2)).map(|_| (SkillId(dice.pick(&[2, 4])), 1 + dice.below(4) as u8)).collect(),
            seats: dice.below(3) as u32,
            cannot: (0..n_residents as u32).filter(|_| dice.percent(15)).collect(),
        });
        let courses = courses.collect();
        let left_out = (0..n_residents as u32).filter(|_| dice.percent(10)).collect();
        Self { snapshot, terms, courses, left_out }
    }

    fn base(&self) -> Option<Base<'_, Snapshot>> {
        match Base::new(&self.terms, &self.snapshot, &never_stop) {
            Ok(base) => Some(base.leaving_out(self.left_out.iter().copied())),
            // A pin that cannot be kept.
            Err(Failure::Refused(_)) => None,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// The most any choice of seats covers, each solved as a plan of its own.
    fn best(&self, base: &Base<'_, Snapshot>, courses: &[Course]) -> i64 {
        let mut best = 0;
        self.try_all((base, courses), 0, &mut Vec::new(), &mut best);
        base.plan().objective.covered + best
    }

    fn try_all(
        &self,
        (base, courses): (&Base<'_, Snapshot>, &[Course]),
        r: u32,
        chosen: &mut Vec<(u32, usize)>,
        best: &mut i64,
    ) {
        if r as usize == self.snapshot.residents().len() {
            let learners: Vec<(u32, &[(SkillId, u8)])> =
                chosen.iter().map(|(r, course)| (*r, courses[*course].skills.as_slice())).collect();
            let effect = base.re_solve(&learnt(&self.snapshot, &learners), &never_stop).unwrap();
            *best = (*best).max(effect.gain.covered);
            return;
        }
        self.try_all((base, courses), r + 1, chosen, best);
        for (index, course) in courses.iter().enumerate() {
            let taken = chosen.iter().filter(|(_, other)| *other == index).count();
            if taken < course.seats as usize && !course.cannot.contains(&r) {
                chosen.push((r, index));
                self.try_all((base, courses), r + 1, chosen, best);
                chosen.pop();
            }
        }
    }
}

#[test]
fn no_choice_of_people_for_the_courses_of_a_town_covers_more() {
    let mut dice = Dice(36);
    let (mut helped, mut short) = (0, 0);
    for _ in 0..900 {
        let town = Town::random(&mut dice);
        let Some(base) = town.base() else { continue };
        let found = train(&base, &town.snapshot, &town.courses, &never_stop).unwrap();
        assert_eq!(
            (found.covered, found.at_most),
            (town.best(&base, &town.courses), found.covered),
            "{:?}",
            found.seats
        );
        assert_eq!(found.covered - found.before, found.effect.gain.covered);
        helped += usize::from(found.covered > found.before);
        let mut seen = BTreeSet::new();
        for seat in &found.seats {
            let course = &town.courses[seat.course as usize];
            assert!(seen.insert(seat.resident) && !course.cannot.contains(&seat.resident));
            assert!(!town.left_out.contains(&seat.resident) && !seat.gains.is_empty());
            // The posting is closed without the course and open after it.
            let (r, p) = (&town.snapshot.residents()[seat.resident as usize], seat.posting as usize);
            let (ctx, p) = (town.snapshot.context(), &town.snapshot.postings()[p]);
            assert!(!is_eligible(&ctx, r, p) && is_eligible(&ctx, &with_skills(r, &course.skills), p));
            assert!(is_eligible(&ctx, &with_skills(r, &seat.gains), p), "what is said to be learnt is enough");
        }
        for (index, course) in (0u32..).zip(&town.courses) {
            assert!(found.seats.iter().filter(|seat| seat.course == index).count() <= course.seats as usize);
        }
        // Each alone is worth what a town with this course only is worth, and together they are worth no less.
        for (index, alone) in found.alone.iter().enumerate() {
            assert_eq!(alone.gain, town.best(&base, &town.courses[index..=index]) - found.before);
            assert!(alone.gain <= alone.gain_at_most && alone.gain <= found.covered - found.before);
            assert!(alone.postings.is_empty() == (alone.residents == 0) && alone.households <= alone.residents);
        }
        short += usize::from(found.alone.iter().map(|alone| alone.gain).sum::<i64>() > found.covered - found.before);
    }
    assert!(helped > 50 && short > 0, "{helped} towns helped, {short} in which two courses are after the same places");
}

#[test]
fn only_what_the_posting_lacks_is_said_to_be_learnt() {
    let people = vec![Resident { skills: vec![held(3, 1)], ..resident() }];
    let places = vec![Posting { skills: vec![must(4, 2)], ..posting() }];
    let households = vec![Household { id: 1, uncovered: true }];
    let snapshot = Snapshot::new(people, places, households, table(), today(), Policy::default()).unwrap();
    let terms = Terms::new(vec![PlanHousehold { weight: 1, limit: 1 }], vec![0], vec![1]).unwrap();
    let base = Base::new(&terms, &snapshot, &never_stop).unwrap();
    let course = |skills: &[(u32, u8)]| Course {
        skills: skills.iter().map(|(skill, level)| (SkillId(*skill), *level)).collect(),
        seats: 1,
        ..Course::default()
    };
    let found = train(&base, &snapshot, &[course(&[(0, 3), (4, 3)])], &never_stop).unwrap();
    assert_eq!(found.seats[0].gains, [(SkillId(4), 3)]);
    // A level too low opens nothing; a skill nobody knows is refused.
    let found = train(&base, &snapshot, &[course(&[(4, 1)])], &never_stop).unwrap();
    assert_eq!((found.seats.len(), found.covered, found.at_most), (0, 0, 0));
    let unknown = train(&base, &snapshot, &[course(&[(99, 1)])], &never_stop);
    assert!(matches!(unknown, Err(Failure::NoSuch(_))));
    let stop = |_: usize, _: usize| std::ops::ControlFlow::Break(());
    assert!(matches!(train(&base, &snapshot, &[course(&[(4, 3)])], &stop), Err(Failure::Cancelled)));
}
