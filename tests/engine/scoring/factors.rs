//! Golden values of every factor, of their combination and of the parts.

use wangjia::domain::codes::{Channel, Shift};
use wangjia::engine::input::{AgeRange, NameId, Posting, Resident, SkillId, Workplace};
use wangjia::engine::policy::{Policy, PolicyError, Weights};
use wangjia::engine::score::{Factor, combine, measure_all, parts};

use super::support::*;

#[track_caller]
fn expect(factor: Factor, expected: Option<u16>, change: impl FnOnce(&mut Resident, &mut Posting)) {
    let (mut r, mut p) = (resident(), posting());
    change(&mut r, &mut p);
    with_context(|ctx| assert_eq!(factor.spec().measure(ctx, &r, &p), expected));
}

#[test]
fn skill_is_similarity_times_level_weighted_by_importance() {
    let case = |expected, holds: Vec<_>, asks: Vec<_>| {
        expect(Factor::Skill, expected, |r, p| (r.skills, p.skills) = (holds, asks));
    };
    case(None, vec![], vec![must(0, 1)]);
    case(None, vec![held(0, 1)], vec![]);
    case(Some(10_000), vec![held(0, 3)], vec![must(0, 3)]);
    case(Some(10_000), vec![held(0, 5)], vec![must(0, 3)]);
    case(Some(6_000), vec![held(0, 2)], vec![must(0, 3)]);
    case(Some(4_000), vec![held(0, 1)], vec![must(0, 3)]);
    case(Some(2_000), vec![held(0, 1)], vec![must(0, 4)]);
    case(Some(1_000), vec![held(0, 1)], vec![must(0, 5)]);
    case(Some(8_000), vec![held(1, 3)], vec![must(0, 3)]);
    case(Some(4_800), vec![held(1, 2)], vec![must(0, 3)]);
    // The best skill counts, not the first.
    case(Some(8_000), vec![held(2, 5), held(1, 3), held(0, 2)], vec![must(0, 3)]);
    // (3 × 10 000 + 1 × 0) / 4
    case(Some(7_500), vec![held(0, 3)], vec![must(0, 3), nice(4, 1)]);
    case(Some(2_500), vec![held(4, 3)], vec![must(0, 3), nice(4, 1)]);
    case(Some(0), vec![held(4, 3)], vec![must(0, 3)]);
}

#[test]
fn experience_counts_near_occupations() {
    let case = |expected, has: Vec<(u32, u16)>, occupation: Option<u32>, asked| {
        expect(Factor::Experience, expected, |r, p| {
            r.experience = has.into_iter().map(|(skill, months)| (SkillId(skill), months)).collect();
            (p.occupation, p.experience_months) = (occupation.map(SkillId), asked);
        });
    };
    case(Some(10_000), vec![(0, 24)], Some(0), Some(24));
    case(Some(9_583), vec![(0, 23)], Some(0), Some(24));
    case(Some(10_000), vec![(0, 400)], Some(0), Some(24));
    case(Some(8_333), vec![(1, 25)], Some(0), Some(24)); // 25 × 0.8 = 20 of 24
    case(Some(2_500), vec![(2, 12)], Some(0), Some(24)); // 5 000 points are just near
    case(Some(0), vec![(3, 400)], Some(0), Some(24)); // 2 000 are not
    case(Some(5_000), vec![(0, 12), (2, 12)], Some(0), Some(24)); // the best, not the sum
    case(Some(10_000), vec![], Some(0), Some(0));
    case(None, vec![], Some(0), Some(24));
    case(None, vec![(0, 24)], None, Some(24));
    case(None, vec![(0, 24)], Some(0), None);
}

#[test]
fn schedule_is_slack_shift_and_rest_days() {
    let case = |expected, change: fn(&mut Resident, &mut Posting)| expect(Factor::Schedule, expected, change);
    case(None, |_, _| {});
    // Only rest days are known: Saturday and Sunday.
    case(Some(10_000), |_, p| p.hours = Some(weekdays(16, 35)));
    // Care from 18:00, off at 17:30: 30 minutes of slack are 5 000, two rest days 10 000, weights 2 and 1.
    case(Some(6_666), |r, p| (r.care_hours, p.hours) = (weekdays(36, 40), Some(weekdays(16, 35))));
    // 8 minutes of them are needed for the way: 22 of 60 minutes are 3 666.
    case(Some(5_777), |r, p| {
        (r.care_hours, p.hours, r.minutes_to_park) = (weekdays(36, 40), Some(weekdays(16, 35)), Some(8));
    });
    case(Some(3_333), |r, p| (r.care_hours, p.hours) = (weekdays(35, 40), Some(weekdays(16, 35))));
    // Care in the morning bounds as well; an hour is ample.
    case(Some(10_000), |r, p| (r.unavailable_hours, p.hours) = (weekdays(10, 14), Some(weekdays(16, 35))));
    case(Some(10_000), |r, p| (r.wished_shifts, p.shift) = (vec![Shift::Day], Some(Shift::Day)));
    case(Some(0), |r, p| (r.wished_shifts, p.shift) = (vec![Shift::Day], Some(Shift::TwoShift)));
    case(None, |r, _| r.wished_shifts = vec![Shift::Day]);
    // Sunday night to Monday morning touch.
    case(Some(3_333), |r, p| {
        use wangjia::domain::week::{Span, WeekHours};
        r.care_hours = WeekHours::of(&[Span { weekday: 7, from: 1_380, to: 1_440 }]);
        p.hours = Some(WeekHours::of(&[Span { weekday: 1, from: 0, to: 240 }]));
    });
}

#[test]
fn pay_is_where_the_expectation_falls() {
    let case = |expected, wants, min, max| {
        expect(Factor::Pay, expected, |r, p| (r.expected_pay, p.pay_min, p.pay_max) = (wants, min, max));
    };
    let (low, high) = (Some(2_800), Some(3_400));
    case(Some(10_000), Some(2_800), low, high);
    case(Some(10_000), Some(1_000), low, high);
    case(Some(9_991), Some(2_801), low, high);
    case(Some(7_500), Some(3_100), low, high);
    case(Some(5_000), Some(3_400), low, high);
    case(Some(2_500), Some(3_740), low, high);
    case(Some(0), Some(4_080), low, high);
    case(Some(0), Some(9_999), low, high);
    case(Some(10_000), Some(3_000), Some(3_000), None);
    case(Some(4_991), Some(3_001), None, Some(3_000));
    case(None, None, low, high);
    case(None, Some(3_000), None, None);
}

#[test]
fn distance_is_minutes_or_a_province() {
    let park = |expected, minutes| expect(Factor::Distance, expected, |r, _| r.minutes_to_park = minutes);
    park(Some(10_000), Some(0));
    park(Some(10_000), Some(10));
    park(Some(9_875), Some(11));
    park(Some(5_000), Some(50));
    park(Some(0), Some(90));
    park(Some(0), Some(500));
    park(None, None);
    expect(Factor::Distance, Some(10_000), |_, p| p.workplace = Workplace::Home);
    expect(Factor::Distance, Some(7_500), |_, p| p.workplace = Workplace::Elsewhere(Some(30)));
    let away = |expected, wishes: Vec<NameId>, province| {
        expect(Factor::Distance, expected, |r, p| {
            (p.workplace, p.channel) = (Workplace::Elsewhere(None), Channel::Outbound);
            (r.wished_provinces, p.province) = (wishes, province);
        });
    };
    away(Some(10_000), vec![NameId(1), NameId(2)], Some(NameId(2)));
    away(Some(0), vec![NameId(1)], Some(NameId(2)));
    away(None, vec![], Some(NameId(2)));
    away(None, vec![NameId(1)], None);
}

#[test]
fn preference_is_what_was_wished_for() {
    let case = |expected, change: fn(&mut Resident, &mut Posting)| expect(Factor::Preference, expected, change);
    case(None, |_, p| p.occupation = Some(SkillId(0)));
    case(Some(10_000), |r, p| (r.wished_occupations, p.occupation) = (vec![SkillId(0)], Some(SkillId(0))));
    case(Some(8_000), |r, p| (r.wished_occupations, p.occupation) = (vec![SkillId(2), SkillId(1)], Some(SkillId(0))));
    case(None, |r, _| r.wished_occupations = vec![SkillId(0)]);
    case(Some(10_000), |r, _| r.wished_employers = vec![NameId(0)]);
    case(Some(0), |r, _| r.wished_employers = vec![NameId(1)]);
    // (3 × 10 000 + 1 × 0 + 1 × 10 000) / 5
    case(Some(8_000), |r, p| {
        (r.wished_occupations, p.occupation) = (vec![SkillId(0)], Some(SkillId(0)));
        (r.wished_industries, p.industry) = (vec![NameId(7)], Some(NameId(8)));
        r.wished_employers = vec![NameId(0)];
    });
}

#[test]
fn comfort_is_what_is_left_in_hand() {
    let case = |expected, change: fn(&mut Resident, &mut Posting)| expect(Factor::Comfort, expected, change);
    case(None, |_, _| {});
    case(Some(10_000), |r, _| r.max_physical_grade = Some(2));
    case(Some(6_000), |r, p| (r.max_physical_grade, p.physical_grade) = (Some(2), Some(2)));
    let load = |expected, limit, asked| {
        expect(Factor::Comfort, Some(expected), |r, p| (r.max_load_kg, p.load_kg) = (Some(limit), Some(asked)));
    };
    load(10_000, 20, 10);
    load(9_500, 20, 11);
    load(5_000, 20, 20);
    load(10_000, 0, 0);
    let age = |expected, min, max| {
        expect(Factor::Comfort, expected, |_, p| p.age = Some(AgeRange { min, max, soft: true }));
    };
    // 46 years old.
    age(Some(10_000), Some(18), Some(46));
    age(Some(8_000), None, Some(45));
    age(Some(0), None, Some(41));
    age(Some(0), None, Some(30));
    age(Some(6_000), Some(48), None);
    age(None, None, None);
    expect(Factor::Comfort, None, |_, p| p.age = Some(AgeRange { min: None, max: Some(45), soft: false }));
}

#[test]
fn default_weights_are_those_of_the_design() {
    let policy = Policy::default();
    assert_eq!(Factor::ALL.map(|f| policy.weight(f)), [40, 10, 15, 15, 10, 5, 5]);
}

#[test]
fn combination_shares_out_the_weight_of_what_is_missing() {
    let policy = Policy::default();
    let all = [Some(8_000), Some(5_000), Some(10_000), Some(7_500), Some(10_000), Some(0), Some(6_000)];
    // 3 200 + 500 + 1 500 + 1 125 + 1 000 + 0 + 300
    assert_eq!(combine(&policy, &all), 7_625);
    let without_skill = [None, all[1], all[2], all[3], all[4], all[5], all[6]];
    assert_eq!(combine(&policy, &without_skill), 7_375); // 442 500 / 60
    assert_eq!(combine(&policy, &[None; 7]), 0);
}

#[test]
fn parts_use_the_largest_remainder() {
    let policy = Policy::new(
        1,
        Weights { skill: 1, experience: 1, schedule: 1, pay: 0, distance: 0, preference: 0, comfort: 0 },
        30,
    );
    let values = [Some(10_000), Some(10_000), Some(9_999), Some(5), None, None, None];
    let parts = parts(&policy.unwrap(), &values);
    // 29 999 / 3 = 9 999: three times 3 333, the first two with a remainder of a third that is not handed out.
    assert_eq!(parts.map(|part| part.points), [3_333, 3_333, 3_333, 0, 0, 0, 0]);
    assert_eq!(parts.map(|part| part.most), [3_334, 3_333, 3_333, 0, 0, 0, 0]);
}

#[test]
fn policies_that_cannot_be_used_are_refused() {
    let too_much = Weights { pay: 1_001, ..Weights::default() };
    assert_eq!(Policy::new(1, too_much, 30), Err(PolicyError::WeightTooLarge { factor: Factor::Pay, weight: 1_001 }));
    let nothing = Weights { skill: 0, experience: 0, schedule: 0, pay: 0, distance: 0, preference: 0, comfort: 0 };
    assert_eq!(Policy::new(1, nothing, 30), Err(PolicyError::AllWeightsZero));
}

#[test]
fn a_whole_pair_by_hand() {
    let r = Resident {
        skills: vec![held(0, 3)],
        experience: vec![(SkillId(0), 36)],
        care_hours: weekdays(36, 40),
        minutes_to_park: Some(8),
        expected_pay: Some(2_600),
        wished_occupations: vec![SkillId(1)],
        max_physical_grade: Some(2),
        ..resident()
    };
    let p = Posting {
        occupation: Some(SkillId(0)),
        skills: vec![must(0, 2), nice(4, 2)],
        experience_months: Some(24),
        hours: Some(weekdays(16, 35)),
        pay_min: Some(2_800),
        pay_max: Some(3_400),
        ..posting()
    };
    with_context(|ctx| {
        let values = measure_all(ctx, &r, &p);
        assert_eq!(values, [7_500, 10_000, 5_777, 10_000, 10_000, 8_000, 10_000].map(Some));
        // 300 000 + 100 000 + 86 655 + 150 000 + 100 000 + 40 000 + 50 000 over 100
        assert_eq!(combine(ctx.policy, &values), 8_266);
    });
}
