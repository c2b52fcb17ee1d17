//! Rules of thumb: the same as sorting all pairs and taking them one by one, and blind to promises.

use std::cmp::Reverse;

use wangjia::engine::plan::baseline::{Baseline, baselines};
use wangjia::engine::plan::certificate::check_plan;
use wangjia::engine::plan::{Pair, Refusal};

use super::support::{Dice, Shape, Small, pair, random};

#[track_caller]
fn by_rule(small: &Small, rule: Baseline) -> Vec<Pair> {
    let all = baselines(&small.terms(), &small.rows()).unwrap_or_else(|refused| panic!("{refused}\n{small:?}"));
    match all.into_iter().find(|(of, _)| *of == rule) {
        Some((_, placements)) => placements,
        None => panic!("{rule:?} is missing"),
    }
}

/// The rule by its definition, from the list of all pairs.
fn by_list(small: &Small, rule: Baseline) -> Vec<Pair> {
    let home = |r: u32| small.household_of[r as usize] as usize;
    let mut pairs: Vec<(u32, u32, u32)> =
        small.pairs.iter().copied().filter(|(r, p, _)| !small.forbidden.contains(&(*r, *p))).collect();
    match rule {
        Baseline::FirstCome => pairs.sort_by_key(|(r, p, suitability)| (*r, Reverse(*suitability), *p)),
        _ => pairs.sort_by_key(|(r, p, suitability)| (Reverse(*suitability), *r, *p)),
    }
    let mut at = vec![None; small.household_of.len()];
    let mut left = small.vacancies.clone();
    let mut placed = vec![0; small.households.len()];
    let pins = small.pins.iter().map(|(r, p)| (*r, *p, 0));
    let rounds: &[bool] = if rule == Baseline::HouseholdGreedy { &[true, false] } else { &[false] };
    let all =
        pins.map(|pin| (false, pin)).chain(rounds.iter().flat_map(|to_cover| pairs.iter().map(|x| (*to_cover, *x))));
    for (to_cover, (r, p, _)) in all {
        let (weight, limit) = small.households[home(r)];
        let covers = weight > 0 && placed[home(r)] == 0;
        if at[r as usize].is_none() && left[p as usize] > 0 && placed[home(r)] < limit && (covers || !to_cover) {
            at[r as usize] = Some(p);
            left[p as usize] -= 1;
            placed[home(r)] += 1;
        }
    }
    (0..).zip(at).filter_map(|(r, p)| Some(pair((r, p?)))).collect()
}

#[track_caller]
fn check(small: &Small) {
    for rule in Baseline::ALL {
        let found = by_rule(small, rule);
        assert_eq!(found, by_list(small, rule), "{rule:?} {small:?}");
        assert!(check_plan(&small.terms(), &small.rows(), &found).is_ok(), "{rule:?} {small:?}");
    }
}

#[test]
fn rules_of_thumb_are_what_they_say() {
    let shape = Shape {
        households: 40,
        members: 3,
        residents: 60,
        postings: 40,
        vacancies: 3,
        eligible: 60,
        levels: 50,
        decided: 3,
    };
    let (mut dice, mut n_refused) = (Dice(71), 0);
    for _ in 0..400 {
        let small = random(&mut dice, shape);
        match baselines(&small.terms(), &small.rows()) {
            Ok(_) => check(&small),
            Err(Refusal::Pin { .. }) => n_refused += 1,
            Err(refused) => panic!("{refused}"),
        }
    }
    assert!(n_refused < 350, "{n_refused} of 400 have impossible pins");
}

#[test]
fn everybody_wants_the_same_postings_one_after_the_other() {
    // Every list is used up again and again, and grows to its largest.
    let n = 500;
    let mut small = Small { vacancies: vec![1; n], ..Small::default() };
    for r in 0..n as u32 {
        small.households.push((r % 2, 1));
        small.household_of.push(r);
        small.pairs.extend((0..n as u32).map(|p| (r, p, 10_000 - p)));
    }
    check(&small);
}

#[test]
fn a_promise_means_nothing_to_a_rule_of_thumb() {
    // Score-greedy seats resident 0 at the posting that resident 1 needs; the optimum, once adopted, is the promises.
    let mut small = Small {
        households: vec![(1, 1), (1, 1)],
        household_of: vec![0, 1],
        vacancies: vec![1, 1],
        pairs: vec![(0, 0, 900), (0, 1, 800), (1, 0, 700)],
        ..Small::default()
    };
    let before = by_rule(&small, Baseline::ScoreGreedy);
    let plan = small.proved(small.outcome());
    small.promises = plan.placements.iter().map(|pair| (pair.resident, pair.posting)).collect();
    assert_eq!(small.promises.len(), 2);
    for rule in [Baseline::ScoreGreedy, Baseline::FirstCome] {
        let after = by_rule(&small, rule);
        assert_eq!(after, before, "the gain must not vanish with the adoption");
        let reached = check_plan(&small.terms(), &small.rows(), &after).expect("a plan");
        assert_eq!((reached.covered, reached.kept), (1, 0));
    }
}
