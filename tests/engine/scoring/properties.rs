//! What must hold for every town: the kernel is the reference, the explanation is the kernel, parts sum, missing is not zero,
//! protected bits change nothing but the lawful gate.

use proptest::prelude::*;
use wangjia::domain::ages::retirement_range;
use wangjia::domain::codes::Sex;
use wangjia::engine::explain::explain;
use wangjia::engine::gates::{GATES, Gate};
use wangjia::engine::policy::{OnUnknown, Policy, Weights};
use wangjia::engine::score::{self, Factor};

use super::reference::{Answer, Reference};
use super::support::{Town, today};

fn all_gates() -> Vec<Gate> {
    GATES.iter().map(|spec| spec.gate).collect()
}

fn weights() -> impl Strategy<Value = Weights> {
    let weight = prop_oneof![Just(0u16), 0u16..=100, Just(1_000u16)];
    proptest::array::uniform7(weight).prop_filter("some weight", |w| w.iter().any(|w| *w > 0)).prop_map(
        |[skill, experience, schedule, pay, distance, preference, comfort]| Weights {
            skill,
            experience,
            schedule,
            pay,
            distance,
            preference,
            comfort,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Single pairs, scans and counts say of every pair what the plain rules say, under any weights.
    #[test]
    fn kernel_is_the_reference(
        seed: u64,
        n_residents in 1usize..16,
        n_postings in 0usize..140,
        weights in weights(),
        budget in prop_oneof![Just(0usize), 0usize..600, Just(1 << 20)],
    ) {
        let town = Town::wild(seed, n_residents, n_postings);
        let policy = Policy::new(3, weights, 30).unwrap();
        let reference = Reference { as_of: today(), skills: &town.skills, decline_days: 30 };
        let gates = all_gates();
        let snapshot = town.small_snapshot(policy.clone(), budget);
        let mut scanner = snapshot.scanner();
        for (r, resident) in town.residents.iter().enumerate() {
            let mut eligible = vec![];
            for (p, posting) in town.postings.iter().enumerate() {
                let open = reference.is_eligible(resident, posting, &gates);
                let expected = open.then(|| reference.score(&policy, resident, posting));
                prop_assert_eq!(snapshot.score(r, p), expected, "resident {} posting {}", r, p);
                eligible.extend(expected.map(|score| (p, score)));
            }
            let mut scanned = vec![];
            let n_eligible = scanner.scan(r, |_| 0, |p, score| scanned.push((p, score)));
            prop_assert_eq!(&scanned, &eligible);
            prop_assert_eq!(n_eligible, eligible.len() as u64);

            let counts = scanner.count_barred(r);
            prop_assert_eq!(counts.first.iter().sum::<u64>() + n_eligible, n_postings as u64);
            for gate in &gates {
                let bars = |p: &&_| !reference.is_eligible(resident, p, &[*gate]);
                prop_assert_eq!(counts.any[gate.index()], town.postings.iter().filter(bars).count() as u64, "{}", gate.code());
            }
        }
    }

    /// Pairs at or above the floor are never left out, whatever the floors.
    #[test]
    fn floors_leave_out_only_what_is_below(seed: u64, floor_seed: u64) {
        let town = Town::wild(seed, 8, 130);
        let snapshot = town.snapshot(Policy::default());
        let floor = |p: usize| (floor_seed.rotate_left(p as u32) % 10_001) as u16;
        for r in 0..town.residents.len() {
            let mut kept = vec![];
            snapshot.scanner().scan(r, floor, |p, score| kept.push((p, score)));
            kept.retain(|(p, score)| *score >= floor(*p));
            let mut all = vec![];
            snapshot.for_each_eligible(r, |p, score| all.push((p, score)));
            all.retain(|(p, score)| *score >= floor(*p));
            prop_assert_eq!(kept, all);
        }
    }

    /// The explanation's total is the kernel's score; parts and sub-totals sum exactly to it.
    #[test]
    fn explanation_is_the_kernel(seed: u64, weights in weights()) {
        let town = Town::wild(seed, 6, 20);
        let policy = Policy::new(3, weights, 30).unwrap();
        let reference = Reference { as_of: today(), skills: &town.skills, decline_days: 30 };
        let snapshot = town.snapshot(policy.clone());
        for r in 0..town.residents.len() {
            for p in 0..town.postings.len() {
                let explained = explain(&snapshot, r, p);
                prop_assert_eq!(explained.score(), snapshot.score(r, p));
                prop_assert_eq!(explained.points, reference.score(&policy, &town.residents[r], &town.postings[p]));
                let sum: u16 = explained.parts.iter().map(|part| part.points).sum();
                prop_assert_eq!(sum, explained.points);
                prop_assert_eq!(explained.post_gets.points + explained.person_gets.points, explained.points);
                let most: u16 = explained.parts.iter().map(|part| part.most).sum();
                let known = explained.parts.iter().any(|part| part.value.is_some() && part.weight > 0);
                prop_assert_eq!(most, if known { 10_000 } else { 0 });
                for part in &explained.parts {
                    prop_assert_eq!(part.value, reference.factor(part.factor, &town.residents[r], &town.postings[p]));
                    prop_assert!(part.value.is_some() || part.points == 0);
                }
                prop_assert_eq!(explained.barring().count() == 0, explained.eligible);
            }
        }
    }

    /// The one change does what it says: it opens the pair or adds points, and only if there is none better is there none.
    #[test]
    fn the_change_helps(seed: u64) {
        let town = Town::wild(seed, 6, 20);
        let snapshot = town.snapshot(Policy::default());
        for r in 0..town.residents.len() {
            for p in 0..town.postings.len() {
                let explained = explain(&snapshot, r, p);
                if let Some(improvement) = explained.best_change {
                    prop_assert_eq!(improvement.opens, !explained.eligible);
                    prop_assert!(improvement.opens || improvement.score > explained.points);
                }
            }
        }
    }

    /// A missing value is not a zero: its weight is shared out among the others, so the score is the mean without it.
    #[test]
    fn missing_is_not_zero(values in proptest::array::uniform7(proptest::option::of(0u16..=10_000)), dropped in 0usize..7) {
        let policy = Policy::default();
        let mut without = values;
        without[dropped] = None;
        let known: Vec<_> = Factor::ALL.into_iter().filter(|f| without[f.index()].is_some()).collect();
        let score = score::combine(&policy, &without);
        let mean = known.iter().map(|f| u32::from(policy.weight(*f)) * u32::from(without[f.index()].unwrap())).sum::<u32>();
        let weight = known.iter().map(|f| u32::from(policy.weight(*f))).sum::<u32>();
        prop_assert_eq!(u32::from(score), mean.checked_div(weight).unwrap_or(0));
        let worst = known.iter().filter_map(|f| without[f.index()]).min().unwrap_or(0);
        let best = known.iter().filter_map(|f| without[f.index()]).max().unwrap_or(0);
        prop_assert!((worst..=best).contains(&score));
    }

    /// Flipping the bit the law computes from a protected field moves no score, and bars exactly the pairs on the list.
    #[test]
    fn lawful_bit_is_a_gate_and_nothing_else(seed: u64) {
        let mut town = Town::wild(seed, 10, 60);
        let before = town.snapshot(Policy::default());
        for resident in &mut town.residents {
            resident.restricted_by_law = !resident.restricted_by_law;
        }
        let after = town.snapshot(Policy::default());
        for r in 0..town.residents.len() {
            for p in 0..town.postings.len() {
                let listed = town.postings[p].restricted_by_law;
                if !listed {
                    prop_assert_eq!(before.score(r, p), after.score(r, p));
                }
                let (was, is) = (explain(&before, r, p), explain(&after, r, p));
                prop_assert_eq!(was.parts, is.parts);
                let flipped: Vec<_> =
                    was.gates.iter().zip(&is.gates).filter(|(a, b)| a.lets_pass != b.lets_pass).map(|(a, _)| a.gate).collect();
                prop_assert_eq!(&flipped, &if listed { vec![Gate::LawSex] } else { vec![] });
                prop_assert!(flipped.iter().all(|gate| gate.article().is_some()));
            }
        }
    }

    /// The retirement range, the other thing made of a person's sex, moves no score and no gate that does not name its rule.
    #[test]
    fn retirement_is_a_gate_and_nothing_else(seed: u64) {
        let mut town = Town::wild(seed, 10, 60);
        let before = town.snapshot(Policy::default());
        for resident in &mut town.residents {
            let Some(birth) = resident.birth_date else { continue };
            let as_man = retirement_range(Sex::Male, None, birth);
            let is_man = resident.retirement == Some(as_man);
            resident.retirement = Some(if is_man { retirement_range(Sex::Female, None, birth) } else { as_man });
        }
        let after = town.snapshot(Policy::default());
        for r in 0..town.residents.len() {
            for p in 0..town.postings.len() {
                let (was, is) = (explain(&before, r, p), explain(&after, r, p));
                prop_assert_eq!((was.parts, was.points), (is.parts, is.points));
                for (a, b) in was.gates.iter().zip(&is.gates).filter(|(a, b)| a.check.outcome != b.check.outcome) {
                    prop_assert!(a.gate.article().is_some() && a.gate == b.gate, "{:?}", a.gate);
                }
            }
        }
    }

    /// A gate told to refuse what it cannot decide bars exactly the unknown pairs more.
    #[test]
    fn unknown_follows_the_policy(seed: u64, gate in 0usize..18) {
        let gate = GATES[gate].gate;
        let town = Town::wild(seed, 8, 70);
        let lenient = town.snapshot(Policy::default().with_unknown(gate, OnUnknown::PassWithCaveat));
        let strict = town.snapshot(Policy::default().with_unknown(gate, OnUnknown::Refuse));
        let reference = Reference { as_of: today(), skills: &town.skills, decline_days: 30 };
        for (r, resident) in town.residents.iter().enumerate() {
            for (p, posting) in town.postings.iter().enumerate() {
                let unknown = reference.gate(gate, resident, posting) == Answer::Unknown;
                let expected = if unknown { None } else { lenient.score(r, p) };
                prop_assert_eq!(strict.score(r, p), expected);
            }
        }
    }
}

/// The wild towns are wild: every gate passes, bars and does not know (where it can), and enough pairs are left.
#[test]
fn wild_towns_meet_every_outcome() {
    let town = Town::wild(1, 60, 200);
    let reference = Reference { as_of: today(), skills: &town.skills, decline_days: 30 };
    let pairs = || town.residents.iter().flat_map(|r| town.postings.iter().map(move |p| (r, p)));
    for gate in all_gates() {
        let met = |answer| pairs().any(|(r, p)| reference.gate(gate, r, p) == answer);
        let never_unknown =
            [Gate::PostingOpen, Gate::ResidentAvailable, Gate::LawSex, Gate::Certificate, Gate::Declined];
        assert!(met(Answer::Passes) && met(Answer::Barred) || gate == Gate::HazardCheck, "{}", gate.code());
        assert_eq!(met(Answer::Unknown), !never_unknown.contains(&gate), "{}", gate.code());
    }
    for factor in Factor::ALL {
        let distinct: std::collections::BTreeSet<_> = pairs().map(|(r, p)| reference.factor(factor, r, p)).collect();
        assert!(distinct.contains(&None) && distinct.len() >= 4, "{}", factor.code());
    }
    let n_eligible = pairs().filter(|(r, p)| reference.is_eligible(r, p, &all_gates())).count();
    assert!(n_eligible >= 120, "{n_eligible} of 12000");
}

/// The scorer cannot use what it cannot see: none of its input fields names a protected fact.
#[test]
fn protected_fields_are_not_in_the_input() {
    let source = include_str!("../../../src/engine/input.rs");
    let fields: Vec<&str> =
        source.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next()).collect();
    assert!(fields.contains(&"birth_date") && fields.contains(&"restricted_by_law"));
    for word in [
        "sex", "gender", "ethnic", "name", "monitor", "poverty", "grid", "building", "disab", "health", "marital",
        "township",
    ] {
        let named: Vec<_> = fields.iter().filter(|field| field.contains(word)).collect();
        // A certificate's name is an interned number.
        assert!(named.iter().all(|field| **field == "name"), "{named:?} names a protected field");
    }
}
