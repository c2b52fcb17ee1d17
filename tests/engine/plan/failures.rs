//! The four classic failures of flow codes, refusals by name, and proofs that must not be accepted.

use std::ops::ControlFlow;

use wangjia::engine::plan::certificate::{Violation, bound, least_fold, verify, verify_at};
use wangjia::engine::plan::{
    Fold, Outcome, PairRows, PinFault, PlanHousehold, Refusal, Terms, TermsError, never_stop, plan,
};

use super::support::{Dice, Shape, Small, pair, random};

fn two_places() -> Small {
    Small {
        households: vec![(1, 2), (1, 1)],
        household_of: vec![0, 0, 1],
        vacancies: vec![1, 1],
        pairs: vec![(0, 0, 500), (0, 1, 100), (1, 1, 300), (2, 0, 900)],
        ..Small::default()
    }
}

#[test]
fn nothing_can_be_read_after_a_failure() {
    // By type: only `Optimal` carries a plan. A run stopped half way has none.
    let small = two_places();
    let stop = |_, _| ControlFlow::Break(());
    assert_eq!(plan(&small.terms(), &small.rows(), &stop), Outcome::Cancelled);
}

#[test]
fn large_costs_are_refused_before_they_overflow() {
    let mut small = two_places();
    small.households[0].0 = u32::MAX;
    small.pairs[0].2 = u32::MAX;
    match small.outcome() {
        Outcome::Refused(Refusal::TooLarge(fault)) => assert!(fault.reward > i128::from(i64::MAX / 16)),
        other => panic!("{other:?}"),
    }
    // The largest suitability an instance may have, with large weights, is no trouble.
    small.households[0].0 = 1_000_000;
    small.pairs.iter_mut().for_each(|pair| pair.2 = 1_000_000);
    assert_eq!(small.proved(small.outcome()).objective.covered, 1_000_001);
}

#[test]
fn ties_do_not_loop() {
    let mut small = Small { vacancies: vec![3; 20], ..Small::default() };
    for r in 0..200 {
        small.households.push((u32::from(r % 3 == 0), 1));
        small.household_of.push(r);
        small.pairs.extend((0..20).map(|p| (r, p, 0)));
    }
    let plan = small.proved(small.outcome());
    assert_eq!((plan.objective.covered, plan.objective.suitability), (60, 0));
}

#[test]
fn demand_that_reaches_nothing_is_left_alone() {
    let small = Small {
        households: vec![(1, 2), (3, 1), (1, 0)],
        household_of: vec![0, 0, 1, 2],
        vacancies: vec![4, 0],
        pairs: vec![(2, 1, 10), (3, 0, 10)],
        ..Small::default()
    };
    let plan = small.proved(small.outcome());
    assert_eq!((plan.objective.covered, plan.placements.len()), (0, 0));
    let empty = Small::default();
    assert_eq!(empty.proved(empty.outcome()).value, 0);
}

#[track_caller]
fn refused(small: &Small, at: (u32, u32), fault: PinFault) {
    assert_eq!(small.outcome(), Outcome::Refused(Refusal::Pin { pair: pair(at), fault }));
}

#[test]
fn impossible_pins_are_refused_by_name() {
    let pinned = |pins: &[(u32, u32)]| Small { pins: pins.to_vec(), ..two_places() };
    refused(&pinned(&[(2, 1)]), (2, 1), PinFault::NotEligible);
    refused(&pinned(&[(0, 0), (0, 1)]), (0, 1), PinFault::SecondPin);
    refused(&pinned(&[(0, 0), (2, 0)]), (2, 0), PinFault::NoVacancy);
    let tight = Small { households: vec![(1, 1), (1, 1)], ..pinned(&[(0, 0), (1, 1)]) };
    refused(&tight, (1, 1), PinFault::OverLimit);
    refused(&Small { forbidden: vec![(0, 0)], ..pinned(&[(0, 0)]) }, (0, 0), PinFault::Forbidden);
}

#[test]
fn a_pin_earns_its_points_and_covers_its_household_once() {
    let small = Small { pins: vec![(0, 0)], ..two_places() };
    let plan = small.proved(small.outcome());
    // Household 0 is covered by the pin, resident 1 takes the other place, household 1 is shut out by it.
    assert_eq!((plan.objective.covered, plan.objective.suitability), (1, 800));
    assert!(plan.placements.contains(&pair((0, 0))));
}

#[test]
fn terms_that_name_nothing_are_refused() {
    let household = PlanHousehold { weight: 1, limit: 1 };
    let stray = Terms::new(vec![household], vec![0, 7], vec![1]);
    assert_eq!(stray.err(), Some(TermsError::NoSuchHousehold { resident: 1, household: 7 }));
    let terms = || Terms::new(vec![household], vec![0], vec![1]).expect("sound");
    let stray = terms().with_decisions(vec![pair((0, 1))], vec![], vec![]);
    assert_eq!(stray.err(), Some(TermsError::NoSuchPair(pair((0, 1)))));
    assert!(PairRows::new(1, &[(0, 0, 1), (0, 0, 2)]).is_err());
}

/// Every damage to a proved plan is found.
#[test]
fn a_damaged_plan_or_proof_is_not_accepted() {
    let shape = Shape {
        households: 8,
        members: 3,
        residents: 20,
        postings: 6,
        vacancies: 3,
        eligible: 40,
        levels: 500,
        decided: 4,
    };
    let mut dice = Dice(31);
    let mut kinds = std::collections::BTreeSet::new();
    let mut damaged = 0;
    while damaged < 600 {
        let small = random(&mut dice, shape);
        let Outcome::Optimal(good) = small.outcome() else { continue };
        let (terms, rows) = (small.terms(), small.rows());
        if good.placements.is_empty() {
            continue;
        }
        let (mut placements, mut prices) = (good.placements.clone(), good.prices.clone());
        let at = dice.below(placements.len() as u64) as usize;
        match dice.below(6) {
            0 => drop(placements.remove(at)),
            1 => placements.push(placements[at]),
            2 => placements[at].posting = (placements[at].posting + 1) % small.vacancies.len() as u32,
            3 => prices[dice.below(good.prices.len() as u64) as usize] -= 1,
            4 => prices.truncate(good.prices.len() - 1),
            _ => {
                let p = dice.below(good.prices.len() as u64) as usize;
                prices[p] += 1 + dice.below(1_000) as i64;
            }
        }
        damaged += 1;
        match verify(&terms, &rows, &placements, &prices, Some(good.objective)) {
            Err(violation) => drop(kinds.insert(violation.code())),
            // Another optimum, or other prices that prove the same plan, are as good.
            Ok(proof) => assert_eq!((proof.objective, proof.value), (good.objective, good.value), "{small:?}"),
        }
    }
    for code in
        ["placed_twice", "not_eligible", "wrong_objective", "negative_price", "wrong_number_of_prices", "not_proved"]
    {
        assert!(kinds.contains(code), "{code} never came up: {kinds:?}");
    }
}

#[test]
fn the_bound_is_above_every_plan_whatever_the_prices() {
    let shape = Shape {
        households: 4,
        members: 3,
        residents: 6,
        postings: 3,
        vacancies: 2,
        eligible: 60,
        levels: 50,
        decided: 6,
    };
    let mut dice = Dice(32);
    for _ in 0..3_000 {
        let small = random(&mut dice, shape);
        let Some(best) = small.best_of_all() else { continue };
        let (terms, rows) = (small.terms(), small.rows());
        let fold = least_fold(&terms, &rows).expect("small numbers fit");
        let prices: Vec<i64> = (0..small.vacancies.len()).map(|_| dice.below(fold.covered as u64 * 2) as i64).collect();
        let bound = bound(&terms, &rows, fold, &prices).expect("prices are sound");
        assert!(bound >= fold.value(&best), "{small:?} {prices:?}");
    }
    let small = two_places();
    let negative = verify(&small.terms(), &small.rows(), &[], &[0, -1], None);
    assert_eq!(negative, Err(Violation::NegativePrice { posting: 1, price: -1 }));
    assert!(matches!(plan(&small.terms(), &small.rows(), &never_stop), Outcome::Optimal(_)));
}

#[test]
fn a_promise_that_outweighs_a_household_proves_nothing() {
    // One place: the promise keeps resident 0 there, who covers nobody; resident 1 would cover a household.
    let small = Small {
        households: vec![(0, 1), (1, 1)],
        household_of: vec![0, 1],
        vacancies: vec![1],
        pairs: vec![(0, 0, 10), (1, 0, 10)],
        promises: vec![(0, 0)],
        ..Small::default()
    };
    let (terms, rows) = (small.terms(), small.rows());
    let least = least_fold(&terms, &rows).expect("small numbers fit");
    let unfair = Fold { covered: least.covered, kept: 1_000 };
    let worse = verify_at(&terms, &rows, unfair, &[pair((0, 0))], &[1_010], None);
    let needed = Fold { covered: 10 + 1_000 + 1, kept: least.kept };
    assert_eq!(worse, Err(Violation::RewardsTooSmall { claimed: unfair, least: needed }));
    // Larger rewards that keep the levels apart are as good as the least, and the worse plan is not proved by them.
    let fair = Fold { covered: needed.covered, kept: 1_000 };
    let price = fair.covered + 10;
    assert!(verify_at(&terms, &rows, fair, &[pair((1, 0))], &[price], None).is_ok());
    let worse = verify_at(&terms, &rows, fair, &[pair((0, 0))], &[price], None);
    assert!(matches!(worse, Err(Violation::NotProved { .. })), "{worse:?}");
    let lost = Fold { covered: i64::MAX, kept: i64::MAX };
    assert!(matches!(verify_at(&terms, &rows, lost, &[], &[0], None), Err(Violation::RewardsTooSmall { .. })));
}
