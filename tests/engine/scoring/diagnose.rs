//! A posting's diagnosis against the gates asked one pair at a time.

use wangjia::engine::diagnose::{Asked, Seekers, diagnose};
use wangjia::engine::gates::{GATES, Gate, is_eligible};
use wangjia::engine::input::{AgeRange, Household, NameId, Posting, Resident};
use wangjia::engine::plan::change::Relax;
use wangjia::engine::policy::Policy;
use wangjia::engine::profile::Snapshot;

use super::support::{Town, day, held, must, posting, resident, table, today};

/// Requirements that bar a pair: every gate but those about the person alone and the posting's state.
fn barring(snapshot: &Snapshot, r: &Resident, p: &Posting) -> Vec<Gate> {
    let ctx = snapshot.context();
    let bars = GATES.iter().filter(|spec| !spec.lets_pass(&ctx, r, p)).map(|spec| spec.gate);
    bars.filter(|gate| !matches!(gate, Gate::PostingOpen | Gate::ResidentAvailable | Gate::Willing)).collect()
}

fn seekers(snapshot: &Snapshot) -> Vec<&Resident> {
    let is_seeker = |r: &&Resident| r.unavailable.is_none() && r.willing != Some(false) && !r.no_capacity;
    snapshot.residents().iter().filter(is_seeker).collect()
}

fn count<'r>(snapshot: &Snapshot, of: impl Iterator<Item = &'r Resident>) -> Seekers {
    let (mut counted, mut households) = (Seekers::default(), std::collections::BTreeSet::new());
    for r in of {
        counted.all += 1;
        if snapshot.households()[r.household as usize].uncovered {
            counted.of_uncovered += 1;
            households.insert(r.household);
        }
    }
    counted.households = households.len() as u64;
    counted
}

#[test]
fn counts_and_relaxations_are_those_of_the_gates() {
    let (mut n_alone, mut n_relaxed) = (0, 0);
    for seed in 500..520 {
        let snapshot = Town::wild(seed, 120, 6).snapshot(Policy::default());
        let (seekers, ctx) = (seekers(&snapshot), snapshot.context());
        for (p, posting) in snapshot.postings().iter().enumerate() {
            let found = diagnose(&snapshot, p);
            let of = |pick: &dyn Fn(&[Gate]) -> bool| {
                count(&snapshot, seekers.iter().copied().filter(|r| pick(&barring(&snapshot, r, posting))))
            };
            assert_eq!((found.posting, found.seekers), (posting.id, of(&|_| true)));
            assert_eq!(found.candidates, of(&|bars| bars.is_empty()));
            for spec in &GATES {
                let any = of(&|bars| bars.contains(&spec.gate));
                let share = found.gates.iter().find(|share| share.gate == spec.gate);
                assert_eq!(share.map(|share| share.any).unwrap_or_default(), any);
                if let Some(share) = share {
                    assert_eq!(share.alone, of(&|bars| bars == [spec.gate]));
                    assert!(share.opens_households <= share.alone.households);
                    n_alone += share.alone.all;
                }
            }
            // Open, so that nothing but the requirements decides.
            let open = Posting { n_vacancies: 1, valid_from: today(), valid_until: None, ..posting.clone() };
            for relaxation in &found.relaxations {
                let changed = relaxation.relax.of(&open);
                let adds = |r: &&Resident| !is_eligible(&ctx, r, &open) && is_eligible(&ctx, r, &changed);
                assert_eq!(relaxation.adds, count(&snapshot, seekers.iter().copied().filter(adds)), "{relaxation:?}");
                n_relaxed += 1;
            }
        }
    }
    assert!(n_alone > 200 && n_relaxed > 50, "{n_alone} barred by one gate, {n_relaxed} relaxations");
}

#[test]
fn each_asked_skill_and_certificate_has_its_own_count() {
    let asked = Posting { skills: vec![must(4, 3), must(3, 2)], certificates: vec![NameId(5)], ..posting() };
    let with = |skills: &[(u32, u8)]| Resident {
        skills: skills.iter().map(|(skill, level)| held(*skill, *level)).collect(),
        ..resident()
    };
    let mut residents = vec![with(&[(4, 3)]), with(&[(3, 2)]), with(&[(0, 1)]), with(&[])];
    for (h, r) in (0..).zip(&mut residents) {
        r.household = h;
    }
    let households: Vec<Household> = (0..4).map(|id| Household { id, uncovered: id == 0 }).collect();
    let snapshot = |posting: Posting| {
        Snapshot::new(residents.clone(), vec![posting], households.clone(), table(), today(), Policy::default())
            .expect("a sound town")
    };
    let found = diagnose(&snapshot(asked.clone()), 0);
    let any: Vec<(Asked, u64, u64)> =
        found.asked.iter().map(|share| (share.asked, share.any.all, share.alone.all)).collect();
    // Whoever has no recorded skill is not barred by skills, and the certificate bars all, so that no skill bars alone.
    assert_eq!(
        any,
        [
            (Asked::Skill { skill: must(4, 3).skill, level: 3 }, 2, 0),
            (Asked::Skill { skill: must(3, 2).skill, level: 2 }, 2, 0),
            (Asked::Certificate(NameId(5)), 4, 1),
        ]
    );
    let found = diagnose(&snapshot(Posting { certificates: vec![], ..asked }), 0);
    let alone: Vec<u64> = found.asked.iter().map(|share| share.alone.all).collect();
    assert_eq!(alone, [1, 1], "each of two lacks one of two skills; the third lacks both");
    let training = found.relaxations.iter().find(|relaxation| relaxation.relax == Relax::Training);
    assert_eq!(training.map(|training| (training.adds.all, training.opens_households)), Some((3, 1)));
}

#[test]
fn an_age_limit_says_whom_it_shuts_out_and_what_five_years_more_would_add() {
    let range = AgeRange { min: Some(18), max: Some(45), soft: false };
    let mut residents: Vec<Resident> = ["1990-01-01", "1980-01-01", "1976-01-01", "1970-01-01"]
        .map(|birth| Resident { birth_date: Some(day(birth)), ..resident() })
        .to_vec();
    for (h, r) in (0..).zip(&mut residents) {
        r.household = h;
    }
    let households = (0..4).map(|id| Household { id, uncovered: true }).collect();
    let postings = vec![Posting { age: Some(range), ..posting() }];
    let snapshot =
        Snapshot::new(residents, postings, households, table(), today(), Policy::default()).expect("a sound town");
    let found = diagnose(&snapshot, 0);
    assert_eq!((found.candidates.all, found.gates.len()), (1, 1));
    assert_eq!(
        (found.gates[0].gate, found.gates[0].any.all, found.gates[0].opens_households),
        (Gate::AgePosting, 3, 3)
    );
    let adds: Vec<(Relax, u64)> = found.relaxations.iter().map(|x| (x.relax, x.adds.all)).collect();
    let up_to = |max| Relax::Age { min: Some(18), max };
    assert_eq!(adds, [(up_to(None), 3), (up_to(Some(50)), 2), (up_to(Some(55)), 2)]);
}
