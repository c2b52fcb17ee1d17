//! Families of instances built to hurt a flow code: long chains, ties everywhere, giants, pieces that do not touch.

use super::support::Small;

/// Resident i can take posting i or i + 1, and everybody likes the next one better; the last posting is full of a household
/// that has nowhere else to go. Placing one more shifts everybody.
fn chain(n: u32) -> Small {
    let mut small = Small { vacancies: vec![1; n as usize], ..Small::default() };
    for r in 0..n {
        small.households.push((1, 1));
        small.household_of.push(r);
        if r > 0 {
            small.pairs.push((r, r - 1, 10));
        }
        small.pairs.push((r, r, if r == 0 { 1 } else { 5 }));
    }
    small
}

#[test]
fn a_long_chain_shifts_to_its_end() {
    let small = chain(20_000);
    let plan = small.proved(small.outcome());
    assert_eq!((plan.objective.covered, plan.placements.len()), (20_000, 20_000));
    // Resident 0 can only take posting 0, so everybody stays at the lesser one.
    assert_eq!(plan.objective.suitability, 1 + 5 * 19_999);
}

/// `n` households of `members`, all eligible everywhere with one suitability.
fn all_equal(n: u32, members: u32, postings: u32, vacancies: u32) -> Small {
    let mut small = Small { vacancies: vec![vacancies; postings as usize], ..Small::default() };
    for h in 0..n {
        small.households.push((1, members));
        small.household_of.extend((0..members).map(|_| h));
    }
    let residents = n * members;
    small.pairs = (0..residents).flat_map(|r| (0..postings).map(move |p| (r, p, 700))).collect();
    small
}

#[test]
fn equal_scores_end_and_cover_as_many_as_there_are_places() {
    let small = all_equal(600, 2, 30, 10);
    let plan = small.proved(small.outcome());
    assert_eq!((plan.objective.covered, plan.objective.suitability), (300, 300 * 700));
    let small = all_equal(200, 3, 30, 10);
    let plan = small.proved(small.outcome());
    assert_eq!((plan.objective.covered, plan.placements.len()), (200, 300));
}

#[test]
fn one_giant_household_fills_every_place_within_its_limit() {
    let mut small = Small { households: vec![(1, 900)], vacancies: vec![100; 12], ..Small::default() };
    small.household_of = vec![0; 2_000];
    small.pairs = (0..2_000).flat_map(|r| (0..12).map(move |p| (r, p, (r * 7 + p * 13) % 1_000))).collect();
    let plan = small.proved(small.outcome());
    assert_eq!((plan.objective.covered, plan.placements.len()), (1, 900));
}

#[test]
fn one_giant_posting_takes_the_best_of_all() {
    let mut small = Small { vacancies: vec![2_000], ..Small::default() };
    for r in 0..6_000 {
        small.households.push((1, 1));
        small.household_of.push(r);
        small.pairs.push((r, 0, (r * 7_919) % 10_007));
    }
    let plan = small.proved(small.outcome());
    let mut best: Vec<i64> = small.pairs.iter().map(|pair| i64::from(pair.2)).collect();
    best.sort_unstable();
    assert_eq!(plan.objective.covered, 2_000);
    assert_eq!(plan.objective.suitability, best.iter().rev().take(2_000).sum::<i64>());
}

#[test]
fn parts_that_do_not_touch_are_planned_as_if_alone() {
    let part = |seed: u32| {
        let mut small = all_equal(20, 2, 4, 5);
        small.pairs.iter_mut().for_each(|pair| pair.2 = (pair.0 * 31 + pair.1 * 17 + seed) % 97);
        small
    };
    let (left, right) = (part(1), part(2));
    let mut both = left.clone();
    let (households, residents) = (left.households.len() as u32, left.household_of.len() as u32);
    let postings = left.vacancies.len() as u32;
    both.households.extend(&right.households);
    both.household_of.extend(right.household_of.iter().map(|h| h + households));
    both.vacancies.extend(&right.vacancies);
    both.pairs.extend(right.pairs.iter().map(|(r, p, s)| (r + residents, p + postings, *s)));
    let objective = |small: &Small| small.proved(small.outcome()).objective;
    let (left, right, both) = (objective(&left), objective(&right), objective(&both));
    assert_eq!((both.covered, both.suitability), (left.covered + right.covered, left.suitability + right.suitability));
}
