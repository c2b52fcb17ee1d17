//! A changed instance solved from the plan in hand is worth what it is worth solved anew, and never more than its bound.

use wangjia::engine::plan::what_if::{Base, Failure};
use wangjia::engine::plan::{Edit, Outcome, Pair, Pairs, PlanHousehold, certificate, never_stop};

use super::support::{Dice, Shape, Small, pair, random};

/// The instance with an edit made by hand.
fn edited(small: &Small, edit: &Edit) -> Small {
    let mut new = small.clone();
    for (p, n) in &edit.vacancies {
        new.vacancies[*p as usize] = *n;
    }
    for (h, household) in &edit.households {
        new.households[*h as usize] = (household.weight, household.limit);
    }
    for (Pair { resident, posting }, suitability) in &edit.pairs {
        new.pairs.retain(|(r, p, _)| (r, p) != (resident, posting));
        new.pairs.extend(suitability.map(|s| (*resident, *posting, s)));
    }
    for p in &edit.closed {
        new.vacancies[*p as usize] = 0;
        new.pairs.retain(|(_, q, _)| q != p);
        new.pins.retain(|(_, q)| q != p);
    }
    new
}

fn household(small: &Small, h: u32, limit: u32) -> (u32, PlanHousehold) {
    (h, PlanHousehold { weight: small.households[h as usize].0, limit })
}

/// Fewer vacancies, closed postings, higher limits: what starts warm.
fn smaller(dice: &mut Dice, small: &Small) -> Edit {
    let mut edit = Edit::default();
    for p in 0..small.vacancies.len() as u32 {
        let pinned = small.pins.iter().filter(|pin| pin.1 == p).count() as u32;
        if dice.percent(30) {
            edit.vacancies.push((p, dice.below(u64::from(small.vacancies[p as usize]) + 1) as u32).max((p, pinned)));
        } else if dice.percent(20) {
            edit.closed.push(p);
        }
    }
    for h in 0..small.households.len() as u32 {
        if dice.percent(25) {
            edit.households.push(household(small, h, small.households[h as usize].1 + dice.below(3) as u32));
        }
    }
    edit
}

/// More vacancies, new and better pairs, other weights: what starts cold.
fn larger(dice: &mut Dice, small: &Small) -> Edit {
    let mut edit = Edit::default();
    for p in 0..small.vacancies.len() as u32 {
        if dice.percent(30) {
            edit.vacancies.push((p, small.vacancies[p as usize] + dice.below(3) as u32));
        }
        for r in 0..small.household_of.len() as u32 {
            if dice.percent(10) {
                edit.pairs.push((pair((r, p)), Some(dice.below(30) as u32)));
            }
        }
    }
    for h in 0..small.households.len() as u32 {
        if dice.percent(15) {
            let (weight, limit) = small.households[h as usize];
            edit.households.push((h, PlanHousehold { weight: weight.max(1), limit: limit + dice.below(2) as u32 }));
        }
    }
    edit
}

fn shapes() -> [Shape; 4] {
    let shape = Shape {
        households: 7,
        members: 3,
        postings: 4,
        vacancies: 3,
        residents: 14,
        eligible: 50,
        levels: 30,
        decided: 0,
    };
    [
        shape,
        Shape { levels: 2, eligible: 75, ..shape },
        Shape { decided: 10, ..shape },
        Shape { households: 20, residents: 40, postings: 8, eligible: 30, levels: 10_001, ..shape },
    ]
}

fn check(seed: u64, n: usize, make: fn(&mut Dice, &Small) -> Edit) -> (usize, usize) {
    let mut dice = Dice(seed);
    let (mut warm, mut lost) = (0, 0);
    for n in 0..n {
        let small = random(&mut dice, shapes()[n % 4]);
        let rows = small.rows();
        let base = match Base::new(&small.terms(), &rows, &never_stop) {
            Ok(base) => base,
            Err(Failure::Refused(_)) => continue,
            Err(failure) => panic!("{failure:?}\n{small:?}"),
        };
        let edit = make(&mut dice, &small);
        let new = edited(&small, &edit);
        let Outcome::Optimal(cold) = new.outcome() else { continue };
        warm += usize::from(base.is_warm(&edit));
        let effect = match base.re_solve(&edit, &never_stop) {
            Ok(effect) => effect,
            Err(failure) => panic!("{failure:?}\n{edit:?}\n{small:?}"),
        };
        assert_eq!(effect.plan.objective, cold.objective, "{edit:?}\n{small:?}");
        // Proved once more, on the instance made by hand.
        let (terms, plan) = (new.terms().with_room_for_all(), &effect.plan);
        if new.rows().most_suitability() == rows.most_suitability() {
            let proof = certificate::verify(&terms, &new.rows(), &plan.placements, &plan.prices, Some(cold.objective));
            assert!(proof.is_ok(), "{proof:?}\n{edit:?}\n{small:?}");
        }
        if let Some(most) = base.at_most(&edit) {
            assert!(most >= cold.objective, "{most:?} bounds {:?}\n{edit:?}\n{small:?}", cold.objective);
        }
        let before = base.plan().objective;
        assert_eq!(effect.gain.covered, cold.objective.covered - before.covered);
        lost += usize::from(effect.gain.covered < 0);
        for h in &effect.covers {
            assert!(
                !base.is_covered(*h)
                    && effect.plan.placements.iter().any(|x| small.household_of[x.resident as usize] == *h)
            );
        }
    }
    (warm, lost)
}

#[test]
fn a_warm_start_with_fewer_places_is_as_good_as_a_cold_one() {
    let (warm, lost) = check(21, 8_000, smaller);
    assert!(warm > 4_000 && lost > 1_500, "{warm} warm, {lost} lose a household");
}

#[test]
fn more_places_and_pairs_are_worth_what_the_bound_allows() {
    let (warm, _) = check(22, 4_000, larger);
    assert!(warm < 1_000, "{warm} warm");
}

#[test]
fn a_posting_without_a_price_gains_nothing_by_a_vacancy() {
    let mut dice = Dice(23);
    let mut n_free = 0;
    for n in 0..1_500 {
        let small = random(&mut dice, shapes()[n % 2]);
        let rows = small.rows();
        let base = Base::new(&small.terms(), &rows, &never_stop).expect("nothing is pinned");
        for (p, price) in (0..).zip(base.plan().prices.clone()) {
            let edit = Edit { vacancies: vec![(p, small.vacancies[p as usize] + 1)], ..Edit::default() };
            let gain = base.re_solve(&edit, &never_stop).expect("nothing is pinned").gain;
            if price == 0 {
                n_free += 1;
                assert_eq!(gain, Default::default(), "posting {p} of {small:?}");
            }
        }
    }
    assert!(n_free > 1_000);
}

#[test]
fn a_stored_plan_is_taken_if_it_is_optimal_and_refused_if_not() {
    let small = Small {
        households: vec![(1, 1), (1, 1)],
        household_of: vec![0, 1],
        vacancies: vec![1],
        pairs: vec![(0, 0, 10), (1, 0, 10)],
        ..Small::default()
    };
    let rows = small.rows();
    let made = Base::new(&small.terms(), &rows, &never_stop).expect("nothing is pinned");
    let prices = made.plan().prices.clone();
    for resident in 0..2 {
        let stored = [pair((resident, 0))];
        let base = Base::of(&small.terms(), &rows, &stored, &prices).expect("either is optimal");
        assert!(base.is_covered(resident) && !base.is_covered(1 - resident));
    }
    assert!(matches!(Base::of(&small.terms(), &rows, &[], &prices), Err(Failure::Unproved(_))));
}

#[test]
fn an_edit_of_what_does_not_exist_is_refused() {
    let small = Small {
        households: vec![(1, 1)],
        household_of: vec![0],
        vacancies: vec![1],
        pairs: vec![(0, 0, 10)],
        ..Small::default()
    };
    let rows = small.rows();
    let base = Base::new(&small.terms(), &rows, &never_stop).expect("nothing is pinned");
    let edits = [
        Edit { vacancies: vec![(1, 1)], ..Edit::default() },
        Edit { closed: vec![1], ..Edit::default() },
        Edit { households: vec![(1, PlanHousehold { weight: 1, limit: 1 })], ..Edit::default() },
        Edit { pairs: vec![(pair((1, 0)), Some(1))], ..Edit::default() },
    ];
    for edit in edits {
        assert!(matches!(base.re_solve(&edit, &never_stop), Err(Failure::Terms(_))), "{edit:?}");
    }
}
