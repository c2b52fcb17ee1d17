//! What an explanation holds: caveats on their edges, how long it is valid, what would help most.

use wangjia::domain::codes::{Channel, Hazard, Region, Shift};
use wangjia::engine::explain::{Caveat, Change, Explanation, explain_pair};
use wangjia::engine::gates::Gate;
use wangjia::engine::input::{AgeRange, HeldCertificate, NameId, Posting, Resident, SkillId, Workplace};

use super::support::*;

fn explained(change: impl FnOnce(&mut Resident, &mut Posting)) -> Explanation {
    let (mut r, mut p) = (resident(), posting());
    change(&mut r, &mut p);
    with_context(|ctx| explain_pair(ctx, &r, &p))
}

#[test]
fn plain_pair_has_nothing_to_say_against_it() {
    let e = explained(|_, _| {});
    assert!(e.eligible && e.caveats.is_empty() && e.best_change.is_none());
    assert_eq!((e.gates.len(), e.barring().count()), (18, 0));
    assert_eq!(e.valid_until, Some(day("2026-12-31")));
}

#[test]
fn past_retirement_is_a_caveat_not_a_bar() {
    let with = |first: &str, last: &str| {
        let e = explained(|r, _| r.retirement = Some((day(first), day(last))));
        assert!(e.eligible);
        e.caveats
    };
    assert_eq!(with("2026-11-24", "2030-01-01"), []);
    let since = day("2026-11-23");
    assert_eq!(with("2026-11-23", "2026-11-24"), [Caveat::PastRetirement { since, certain: false }]);
    assert_eq!(with("2026-11-23", "2026-11-23"), [Caveat::PastRetirement { since, certain: true }]);
}

#[test]
fn minors_and_missing_data_are_caveats() {
    let e = explained(|r, _| r.birth_date = Some(day("2009-03-01")));
    assert_eq!(e.caveats, [Caveat::Minor { until: day("2027-03-01") }]);
    let e = explained(|r, p| (r.willing, p.hazards) = (None, Some(vec![(Hazard::Noise, None)])));
    let gates: Vec<_> =
        e.caveats.iter().map(|c| if let Caveat::Unknown { gate, .. } = c { *gate } else { panic!("{c:?}") }).collect();
    assert_eq!(gates, [Gate::Willing, Gate::HazardCheck]);
    assert!(e.eligible);
}

#[test]
fn a_way_longer_than_the_gap_is_a_caveat() {
    let with = |minutes| {
        explained(|r, p| {
            (r.unavailable_hours, p.hours, r.minutes_to_park) =
                (weekdays(36, 40), Some(weekdays(16, 35)), Some(minutes));
        })
        .caveats
    };
    assert_eq!(with(30), []);
    assert_eq!(with(31), [Caveat::WayTooLong { minutes_short: 1 }]);
}

#[test]
fn valid_until_is_the_last_day_the_gates_agree() {
    let until = |change: fn(&mut Resident, &mut Posting)| explained(change).valid_until;
    assert_eq!(until(|_, p| p.valid_until = None), None);
    let range = |max| Some(AgeRange { min: None, max: Some(max), soft: false });
    let birthday = until(|r, p| {
        (r.birth_date, p.valid_until) = (Some(day("1980-12-10")), None);
        p.age = Some(AgeRange { min: None, max: Some(45), soft: false });
    });
    assert_eq!(birthday, Some(day("2026-12-09")), "46 on 10 December");
    assert_eq!(explained(|_, p| p.age = range(45)).valid_until, None, "not eligible");
    let certificate = until(|r, p| {
        r.certificates = vec![HeldCertificate { name: NameId(1), valid_until: Some(day("2026-12-01")) }];
        p.certificates = vec![NameId(1)];
    });
    assert_eq!(certificate, Some(day("2026-12-01")));
    let welfare = until(|r, p| {
        (r.birth_date, p.valid_until) = (Some(day("1957-01-15")), None);
        (p.channel, r.public_welfare_months) = (Channel::PublicWelfare, Some(0));
    });
    assert_eq!(welfare, Some(day("2027-01-14")), "70 on 15 January");
}

#[test]
fn the_change_that_opens_a_pair() {
    let best = |change: fn(&mut Resident, &mut Posting)| {
        explained(change).best_change.map(|improvement| (improvement.change, improvement.opens))
    };
    let opens = |change| Some((change, true));
    assert_eq!(
        best(|r, p| (r.skills, p.skills) = (vec![held(0, 1)], vec![must(0, 3)])),
        opens(Change::LearnSkill { skill: SkillId(0), from: Some(1), to: 3 })
    );
    assert_eq!(best(|_, p| p.certificates = vec![NameId(4)]), opens(Change::GetCertificate(NameId(4))));
    assert_eq!(
        best(|r, p| (r.pay_floor, p.pay_max) = (Some(3_000), Some(2_900))),
        opens(Change::LowerPayFloor { from: 3_000, to: 2_900 })
    );
    assert_eq!(
        best(|r, p| (r.unavailable_hours, p.hours) = (weekdays(30, 40), Some(weekdays(16, 35)))),
        opens(Change::FreeHours(weekdays(30, 35)))
    );
    assert_eq!(
        best(|r, p| (r.care_hours, p.hours) = (weekdays(14, 17), Some(weekdays(16, 35)))),
        opens(Change::ShareCare(weekdays(16, 17)))
    );
    assert_eq!(
        best(|r, p| {
            (r.care_hours, p.hours, r.minutes_to_park) = (weekdays(35, 38), Some(weekdays(16, 35)), Some(21));
        }),
        opens(Change::ShareCare(weekdays(35, 36)))
    );
    assert_eq!(
        best(|r, _| r.channels_accepted = vec![Channel::Local]),
        opens(Change::AcceptChannel(Channel::MicroFactory))
    );
    assert_eq!(best(|r, _| r.regions_accepted = vec![Region::County]), opens(Change::AcceptRegion(Region::Town)));
    assert_eq!(
        best(|r, _| (r.max_minutes, r.minutes_to_park) = (Some(10), Some(25))),
        opens(Change::TravelFarther { from: 10, to: 25 })
    );
    assert_eq!(
        best(|_, p| p.age = Some(AgeRange { min: Some(18), max: Some(45), soft: false })),
        opens(Change::EmployerWidensAge { years: 46 })
    );
    // A law, a condition ruled out, and two bars at once: no single change opens these.
    assert_eq!(best(|r, p| (r.restricted_by_law, p.restricted_by_law) = (true, true)), None);
    assert_eq!(
        best(|r, p| (r.ruled_out, p.overtime) = (vec![wangjia::domain::codes::RuledOut::Overtime], Some(true))),
        None
    );
    assert_eq!(
        best(|r, p| (r.max_minutes, r.minutes_to_park, p.certificates) = (Some(10), Some(25), vec![NameId(4)])),
        None
    );
}

#[test]
fn the_change_that_adds_most_points() {
    // Skill is worth 40 of 55, pay 15.
    let pair = |r: &mut Resident, p: &mut Posting| {
        (r.skills, p.skills, p.training_days) = (vec![held(0, 2)], vec![must(0, 3)], Some(7));
        (r.expected_pay, p.pay_min, p.pay_max) = (Some(3_400), Some(2_800), Some(3_400));
    };
    let e = explained(pair);
    assert_eq!(u32::from(e.points), (40 * 6_000 + 15 * 5_000) / 55);
    let improvement = e.best_change.unwrap();
    assert_eq!(improvement.change, Change::LearnSkill { skill: SkillId(0), from: Some(2), to: 3 });
    assert_eq!((improvement.score, improvement.opens), (((40 * 10_000 + 15 * 5_000u32) / 55) as u16, false));
}

#[test]
fn other_changes_that_add_points() {
    let best = |change: fn(&mut Resident, &mut Posting)| explained(change).best_change.map(|i| (i.change, i.score));
    assert_eq!(
        best(|r, p| (r.expected_pay, p.pay_min) = (Some(3_000), Some(2_800))),
        Some((Change::ExpectLess { from: 3_000, to: 2_800 }, 10_000))
    );
    assert_eq!(
        best(|r, p| (r.wished_shifts, p.shift) = (vec![Shift::Day], Some(Shift::Flexible))),
        Some((Change::AcceptShift(Shift::Flexible), 10_000))
    );
    assert_eq!(
        best(|r, p| (r.experience, p.occupation, p.experience_months) =
            (vec![(SkillId(0), 6)], Some(SkillId(0)), Some(24))),
        Some((Change::GainExperience { occupation: SkillId(0), from: 6, to: 24 }, 10_000))
    );
}

#[test]
fn skills_name_what_serves_for_what() {
    let e = explained(|r, p| {
        r.skills = vec![held(4, 5), held(1, 3)];
        p.skills = vec![must(0, 2), nice(3, 1)];
        p.workplace = Workplace::Home;
    });
    let [asked, other] = e.skills[..] else { panic!() };
    assert_eq!((asked.by, asked.points, asked.met), (Some(held(1, 3)), 8_000, true));
    assert_eq!((other.by, other.points, other.met), (None, 0, false));
}
