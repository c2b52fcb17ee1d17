//! Which households to visit: nothing worth more is left out, and everybody's turn comes.

use std::cmp::Reverse;

use proptest::prelude::*;
use wangjia::domain::visit_plan::{Address, Candidate, PlanRules, Promise, Standing, choose};

use super::day;

const RULES: PlanRules = PlanRules { every_weeks: 24 };

fn address(building: i64, unit: &str) -> Address {
    Address::new(1, (building, &format!("{building}号楼")), unit)
}

fn candidate(household: i64, standing: Standing, weeks: u32) -> Candidate {
    let address = address(1, "101");
    Candidate { household, address, standing, willingness_unknown: false, weeks, visited: true, promise: None }
}

fn ids(chosen: &[Candidate]) -> Vec<i64> {
    chosen.iter().map(|c| c.household).collect()
}

fn any_candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (0..4_usize, any::<bool>(), 0..60_u32, any::<bool>(), 1..5_i64, 0..4_u8, 0..30_usize);
    prop::collection::vec(one, 0..40).prop_map(|rows| {
        let make = |(household, (standing, unknown, weeks, visited, building, room, promised))| {
            let promise = Promise::ALL.get(promised).copied();
            Candidate {
                household,
                address: address(building, &format!("{room}01")),
                standing: Standing::ALL[standing],
                willingness_unknown: unknown,
                weeks,
                visited,
                promise: promise.map(|promise| (promise, day("2026-11-24"))),
            }
        };
        (1..).zip(rows).map(make).collect()
    })
}

proptest! {
    #[test]
    fn none_is_left_out_for_one_of_a_lower_value(all in any_candidates(), most in 0..45_usize) {
        let chosen = choose(&all, most, &RULES);
        prop_assert_eq!(chosen.len(), most.min(all.len()));
        let taken = ids(&chosen);
        let rank = |c: &Candidate| (c.promise.map(|(promise, _)| Reverse(promise)), c.value(&RULES));
        let worst = chosen.iter().map(rank).min();
        for left in all.iter().filter(|c| !taken.contains(&c.household)) {
            // A promise of whatever kind is above every value.
            prop_assert!(worst.is_none_or(|worst| {
                if left.promise.is_some() || worst.0.is_some() { rank(left).0 <= worst.0 } else { rank(left) <= worst }
            }), "{left:?}");
        }
    }

    #[test]
    fn the_result_depends_on_the_set_alone(all in any_candidates(), most in 0..45_usize) {
        let mut other = all.clone();
        other.reverse();
        prop_assert_eq!(choose(&all, most, &RULES), choose(&other, most, &RULES));
    }

    /// Week after week: whenever no more are due than can be visited, nobody waits longer than the rule; and in no case for ever.
    #[test]
    fn everybody_is_visited_in_time_if_there_is_time(
        all in prop::collection::vec((0..4_usize, any::<bool>(), 0..24_u32), 1..16),
        most in 1..6_usize,
    ) {
        let mut households: Vec<Candidate> = (1..).zip(&all).map(|(id, (standing, unknown, weeks))| {
            Candidate { willingness_unknown: *unknown, ..candidate(id, Standing::ALL[*standing], *weeks) }
        }).collect();
        // Against each of the others a household that waits gains at least a twelfth of a week a week.
        let longest = 24 + 26 * u32::try_from(all.len()).unwrap();
        let mut in_time = true;
        for _ in 0..200 {
            let due = households.iter().filter(|c| c.is_due(&RULES)).count();
            in_time &= due <= most;
            let visited = ids(&choose(&households, most, &RULES));
            for household in &mut households {
                household.weeks = if visited.contains(&household.household) { 1 } else { household.weeks + 1 };
                // The weeks as the next week counts them.
                prop_assert!(!in_time || household.weeks <= RULES.every_weeks, "{household:?}");
                prop_assert!(household.weeks <= longest, "{household:?} of {}", all.len());
            }
        }
    }
}
