//! Lists are the sort of all pairs, whatever the order of the input and the number of threads.

use proptest::prelude::*;
use wangjia::engine::explain::explain;
use wangjia::engine::gates::{GATES, Gate};
use wangjia::engine::policy::Policy;
use wangjia::engine::profile::Snapshot;
use wangjia::engine::recommend::{Order, recommend_all, recommend_for_posting, recommend_for_resident};

use super::support::{Town, held, must, posting, resident, today};

/// Posting ids and scores, best first, by sorting every pair.
fn sorted_for_resident(snapshot: &Snapshot, r: usize) -> Vec<(i64, u16)> {
    let ids = snapshot.postings().iter().map(|p| p.id).enumerate();
    let mut all: Vec<_> =
        ids.filter_map(|(p, id)| snapshot.score(r, p).map(|score| (id, score, known(snapshot, r, p)))).collect();
    all.sort_by_key(|(id, score, known)| (u16::MAX - score, u32::MAX - known, *id));
    all.into_iter().map(|(id, score, _)| (id, score)).collect()
}

/// Weight of what is known, as the explanation tells it.
fn known(snapshot: &Snapshot, r: usize, p: usize) -> u32 {
    explain(snapshot, r, p).known_weight().0
}

/// Resident ids and scores, best first.
fn sorted_for_posting(snapshot: &Snapshot, p: usize, order: Order) -> Vec<(i64, u16)> {
    let pairs = (0..snapshot.residents().len()).filter_map(|r| snapshot.score(r, p).map(|score| (r, score)));
    let mut all: Vec<_> = pairs
        .map(|(r, score)| {
            (
                order == Order::Pure || !snapshot.household_of(r).uncovered,
                u16::MAX - score,
                u32::MAX - known(snapshot, r, p),
                snapshot.residents()[r].id,
                score,
            )
        })
        .collect();
    all.sort_unstable();
    all.into_iter().map(|(_, _, _, id, score)| (id, score)).collect()
}

fn list_for_resident(snapshot: &Snapshot, r: usize, k: usize) -> Vec<(i64, u16)> {
    let list = recommend_for_resident(snapshot, r, k);
    list.best.iter().map(|proposal| (snapshot.postings()[proposal.posting].id, proposal.score)).collect()
}

fn list_for_posting(snapshot: &Snapshot, p: usize, k: usize, order: Order) -> Vec<(i64, u16)> {
    let list = recommend_for_posting(snapshot, p, k, order);
    list.best.iter().map(|candidate| (snapshot.residents()[candidate.resident].id, candidate.score)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn lists_are_the_head_of_the_sort(seed: u64, k in 0usize..12) {
        let snapshot = Town::wild(seed, 40, 90).snapshot(Policy::default());
        let everybody = recommend_all(&snapshot, k);
        let mut n_eligible = 0;
        for r in 0..snapshot.residents().len() {
            let sorted = sorted_for_resident(&snapshot, r);
            prop_assert_eq!(&list_for_resident(&snapshot, r, k)[..], &sorted[..k.min(sorted.len())]);
            let list = recommend_for_resident(&snapshot, r, k);
            prop_assert_eq!(&everybody.best[r], &list.best);
            prop_assert_eq!(list.n_eligible, sorted.len() as u64);
            prop_assert_eq!(list.barred.first.iter().sum::<u64>() + list.n_eligible, list.n_postings);
            n_eligible += list.n_eligible;
        }
        prop_assert_eq!(everybody.n_eligible, n_eligible);
        for p in 0..snapshot.postings().len() {
            for order in [Order::HouseholdFirst, Order::Pure] {
                let sorted = sorted_for_posting(&snapshot, p, order);
                prop_assert_eq!(&list_for_posting(&snapshot, p, k, order)[..], &sorted[..k.min(sorted.len())]);
                let list = recommend_for_posting(&snapshot, p, k, order);
                prop_assert_eq!(list.n_eligible, sorted.len() as u64);
                prop_assert_eq!(list.barred.first.iter().sum::<u64>() + list.n_eligible, list.n_residents);
                for spec in &GATES {
                    let bars = (0..snapshot.residents().len()).filter(|r| !snapshot.passes(spec.gate, *r, p)).count();
                    prop_assert_eq!(list.barred.any[spec.gate.index()], bars as u64);
                }
            }
        }
    }

    #[test]
    fn lists_do_not_depend_on_the_number_of_threads(seed: u64) {
        let town = Town::wild(seed, 200, 70);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let snapshot = town.snapshot(Policy::default());
                let for_postings: Vec<_> =
                    (0..70).map(|p| recommend_for_posting(&snapshot, p, 5, Order::HouseholdFirst)).collect();
                format!("{:?} {for_postings:?}", recommend_all(&snapshot, 5)).into_bytes()
            })
        };
        let one = on(1);
        prop_assert_eq!(&one, &on(2));
        prop_assert_eq!(&one, &on(3));
    }

    #[test]
    fn lists_do_not_depend_on_the_order_of_the_input(seed: u64, turn in 1usize..39) {
        let town = Town::wild(seed, 40, 50);
        let mut turned = town.clone();
        turned.residents.rotate_left(turn);
        turned.postings.rotate_left(turn);
        turned.postings.reverse();
        let (a, b) = (town.snapshot(Policy::default()), turned.snapshot(Policy::default()));
        for (r, resident) in town.residents.iter().enumerate() {
            let other = turned.residents.iter().position(|o| o.id == resident.id).unwrap();
            prop_assert_eq!(list_for_resident(&a, r, 4), list_for_resident(&b, other, 4));
        }
        for (p, posting) in town.postings.iter().enumerate() {
            let other = turned.postings.iter().position(|o| o.id == posting.id).unwrap();
            prop_assert_eq!(
                list_for_posting(&a, p, 4, Order::HouseholdFirst),
                list_for_posting(&b, other, 4, Order::HouseholdFirst)
            );
        }
    }
}

/// Two seamstresses of equal skill, one of an uncovered household with less experience of the trade.
#[test]
fn household_first_leads_only_for_counselors() {
    let mut town = Town::wild(0, 0, 0);
    town.skills = super::support::table();
    town.households = vec![household(7, false), household(8, true)];
    town.postings = vec![wangjia::engine::input::Posting { skills: vec![must(0, 2)], ..posting() }];
    let with = |id, household, level| wangjia::engine::input::Resident {
        id,
        household,
        skills: vec![held(0, level)],
        ..resident()
    };
    town.residents = vec![with(1, 0, 2), with(2, 1, 2), with(3, 0, 2), with(4, 1, 1)];
    let snapshot = town.snapshot(Policy::default());
    let ids = |order| list_for_posting(&snapshot, 0, 9, order).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(Order::HouseholdFirst), [2, 1, 3], "uncovered first, then by id; resident 4 lacks the level");
    assert_eq!(ids(Order::Pure), [1, 2, 3]);
    let list = recommend_for_posting(&snapshot, 0, 1, Order::Pure);
    assert_eq!((list.n_residents, list.n_eligible), (4, 3));
    assert_eq!(list.barred.first[Gate::SkillRequired.index()], 1);
    assert_eq!(list.barred.first.iter().sum::<u64>(), 1);
}

#[test]
fn a_full_posting_is_proposed_to_nobody() {
    let mut town = Town::wild(3, 20, 30);
    for posting in &mut town.postings {
        posting.n_vacancies = 0;
    }
    let snapshot = town.snapshot(Policy::default());
    assert_eq!(recommend_all(&snapshot, 5).n_eligible, 0);
    let list = recommend_for_resident(&snapshot, 0, 5);
    assert_eq!(list.barred.first[Gate::PostingOpen.index()], 30);
}

#[test]
fn a_resident_without_a_household_is_refused() {
    use wangjia::engine::profile::SnapshotError;
    let Town { mut residents, postings, households, skills } = Town::wild(3, 2, 3);
    residents[1].household = 1;
    let error = Snapshot::new(residents, postings, households, skills, today(), Policy::default()).err();
    assert_eq!(error, Some(SnapshotError::NoSuchHousehold { resident: 13, household: 1 }));
}

fn household(id: i64, uncovered: bool) -> wangjia::engine::input::Household {
    wangjia::engine::input::Household { id, uncovered }
}

/// Full marks on the little that is known do not lead full marks on more.
#[test]
fn of_equal_scores_the_better_known_comes_first() {
    let mut town = Town::wild(0, 0, 0);
    town.skills = super::support::table();
    town.households = vec![household(7, false)];
    town.postings = vec![wangjia::engine::input::Posting { pay_min: Some(2_800), ..posting() }];
    let of = |id, expected_pay| wangjia::engine::input::Resident {
        id,
        household: 0,
        expected_pay,
        minutes_to_park: Some(5),
        ..resident()
    };
    town.residents = vec![of(1, None), of(2, Some(2_600)), of(3, Some(2_600)), of(4, Some(9_000))];
    let snapshot = town.snapshot(Policy::default());
    let list = list_for_posting(&snapshot, 0, 9, Order::Pure);
    assert_eq!(list[..3], [(2, 10_000), (3, 10_000), (1, 10_000)]);
    assert_eq!(list[3].0, 4);
    assert_eq!(list_for_posting(&snapshot, 0, 2, Order::Pure), list[..2], "also where the list is short");
}
