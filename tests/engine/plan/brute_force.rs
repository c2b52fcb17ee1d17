//! Every assignment of thousands of tiny towns, with every feature: the plan is as good as the best of them.

use wangjia::engine::plan::{Outcome, Refusal};

use super::support::{Dice, SHORT_LISTS, Shape, random};

fn check(seed: u64, n: usize, shape: Shape) {
    let mut dice = Dice(seed);
    let (mut planned, mut refused, mut covering) = (0, 0, 0);
    for _ in 0..n {
        let small = random(&mut dice, shape);
        match (small.outcome(), small.best_of_all()) {
            (Outcome::Optimal(plan), Some(best)) => {
                assert_eq!(plan.objective, best, "{small:?}");
                for tuning in SHORT_LISTS {
                    assert_eq!(small.proved(small.outcome_tuned(tuning)).objective, best, "{tuning:?} {small:?}");
                }
                planned += 1;
                covering += usize::from(best.covered > 0);
            }
            (Outcome::Refused(Refusal::Pin { .. }), None) => refused += 1,
            (outcome, best) => panic!("{outcome:?} but the best is {best:?}\n{small:?}"),
        }
    }
    assert!(planned > n / 2 && covering > n / 4, "{planned} planned, {covering} cover somebody, {refused} refused");
    assert!(shape.decided == 0 || refused > 0, "some pins must be impossible");
}

#[test]
fn nothing_is_better_where_few_want_much() {
    let shape = Shape {
        households: 4,
        members: 3,
        postings: 3,
        vacancies: 2,
        residents: 6,
        eligible: 55,
        levels: 10_001,
        decided: 0,
    };
    check(1, 4_000, shape);
}

#[test]
fn nothing_is_better_where_everything_ties() {
    let shape = Shape {
        households: 4,
        members: 3,
        postings: 3,
        vacancies: 2,
        residents: 6,
        eligible: 70,
        levels: 2,
        decided: 0,
    };
    check(2, 4_000, shape);
}

#[test]
fn nothing_is_better_with_pins_promises_and_forbidden_pairs() {
    let shape = Shape {
        households: 4,
        members: 3,
        postings: 3,
        vacancies: 3,
        residents: 6,
        eligible: 60,
        levels: 4,
        decided: 12,
    };
    check(3, 6_000, shape);
}

#[test]
fn nothing_is_better_with_many_narrow_postings() {
    let shape = Shape {
        households: 3,
        members: 3,
        postings: 5,
        vacancies: 1,
        residents: 5,
        eligible: 45,
        levels: 8,
        decided: 5,
    };
    check(4, 2_000, shape);
}
