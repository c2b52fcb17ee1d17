//! What a change of the instance must, and must not, change in the answer.

use wangjia::engine::plan::Tuning;

use super::support::{Dice, SHORT_LISTS, Shape, Small, random};

const SHAPE: Shape = Shape {
    households: 12,
    members: 4,
    residents: 40,
    postings: 8,
    vacancies: 4,
    eligible: 35,
    levels: 300,
    decided: 0,
};

const LARGER: Shape = Shape { households: 500, residents: 900, postings: 60, vacancies: 9, eligible: 40, ..SHAPE };

fn towns(seed: u64, n: usize) -> impl Iterator<Item = Small> {
    let mut dice = Dice(seed);
    (0..n).map(move |_| random(&mut dice, SHAPE))
}

#[test]
fn one_more_vacancy_never_lowers_the_objective() {
    for small in towns(21, 150) {
        let before = small.proved(small.outcome());
        for p in 0..small.vacancies.len() {
            let mut more = small.clone();
            more.vacancies[p] += 1;
            let after = more.proved(more.outcome());
            assert!(after.objective >= before.objective, "{small:?}");
            if before.prices[p] == 0 {
                assert_eq!(after.objective, before.objective, "a price of 0 says that one more is worth nothing");
            }
        }
    }
}

#[test]
fn names_do_not_matter() {
    let mut dice = Dice(22);
    for small in towns(23, 200) {
        let n = small.household_of.len() as u32;
        let mut new_name: Vec<u32> = (0..n).collect();
        for i in (1..n).rev() {
            new_name.swap(i as usize, dice.below(u64::from(i) + 1) as usize);
        }
        let mut renamed = small.clone();
        for (old, new) in (0..).zip(&new_name) {
            renamed.household_of[*new as usize] = small.household_of[old as usize];
        }
        renamed.pairs.iter_mut().for_each(|pair| pair.0 = new_name[pair.0 as usize]);
        let (plan, other) = (small.proved(small.outcome()), renamed.proved(renamed.outcome()));
        assert_eq!(plan.objective, other.objective, "{small:?}");
    }
}

#[test]
fn the_order_in_which_pairs_are_listed_changes_nothing() {
    for small in towns(24, 100) {
        let mut other = small.clone();
        other.pairs.reverse();
        assert_eq!(small.proved(small.outcome()), other.proved(other.outcome()));
    }
}

#[test]
fn a_posting_split_in_two_is_the_same_posting() {
    for small in towns(25, 150) {
        let mut split = small.clone();
        let (whole, half) = (0, small.vacancies.len() as u32);
        split.vacancies.push(small.vacancies[0] / 2);
        split.vacancies[0] -= small.vacancies[0] / 2;
        let twins: Vec<_> =
            small.pairs.iter().filter(|pair| pair.1 == whole).map(|pair| (pair.0, half, pair.2)).collect();
        split.pairs.extend(twins);
        let (plan, other) = (small.proved(small.outcome()), split.proved(split.outcome()));
        assert_eq!(plan.objective, other.objective, "{small:?}");
    }
}

#[test]
fn somebody_who_was_not_placed_can_leave() {
    for small in towns(26, 60) {
        let plan = small.proved(small.outcome());
        for r in 0..small.household_of.len() as u32 {
            if plan.placements.iter().any(|pair| pair.resident == r) {
                continue;
            }
            let mut without = small.clone();
            without.pairs.retain(|pair| pair.0 != r);
            assert_eq!(without.proved(without.outcome()).objective, plan.objective, "{small:?}");
        }
    }
}

#[test]
fn any_number_of_threads_makes_the_same_plan() {
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads start");
    let (one, four) = (pool(1), pool(4));
    // Large enough that the work is divided.
    let mut dice = Dice(28);
    let larger = (0..3).map(|_| random(&mut dice, LARGER));
    for small in towns(27, 40).chain(larger) {
        let plan = one.install(|| small.proved(small.outcome()));
        assert_eq!(plan, four.install(|| small.proved(small.outcome())));
    }
}

#[test]
fn how_much_is_looked_at_first_changes_no_objective() {
    let mut dice = Dice(29);
    for _ in 0..3 {
        let small = random(&mut dice, LARGER);
        let objective = small.proved(small.outcome()).objective;
        let others = [
            Tuning { listed: 2, held: 1_500, reach: 8 },
            Tuning { listed: 0, held: 0, reach: 0 },
            Tuning { listed: usize::MAX, held: usize::MAX, reach: i64::MAX },
        ];
        for tuning in SHORT_LISTS.into_iter().chain(others) {
            assert_eq!(small.proved(small.outcome_tuned(tuning)).objective, objective, "{tuning:?}");
        }
    }
}

#[test]
fn promises_are_broken_only_to_cover_a_household() {
    let mut dice = Dice(28);
    let mut broken = 0;
    for small in towns(29, 150) {
        let parent = small.proved(small.outcome());
        let mut next = small.clone();
        next.promises = parent.placements.iter().map(|pair| (pair.resident, pair.posting)).collect();
        // The world moves on: some suitabilities change, a posting loses a vacancy.
        next.pairs.iter_mut().for_each(|pair| {
            if dice.percent(30) {
                pair.2 = dice.below(300) as u32;
            }
        });
        let p = dice.below(next.vacancies.len() as u64) as usize;
        next.vacancies[p] = next.vacancies[p].saturating_sub(1);
        let plan = next.proved(next.outcome());
        let mut free = next.clone();
        free.promises.clear();
        let best = free.proved(free.outcome()).objective;
        assert_eq!(plan.objective.covered, best.covered, "a promise never costs a household");
        assert!(plan.objective.suitability <= best.suitability);
        broken += next.promises.len() as i64 - plan.objective.kept;
    }
    assert!(broken > 0, "some promises could not be kept");
}
