//! Every gate on both sides of each of its edges.

use wangjia::domain::codes::{Absence, Channel, Hazard, Region, RuledOut, Shift};
use wangjia::domain::week::{Span, WeekHours};
use wangjia::engine::gates::{GATES, Gate, Outcome, is_eligible};
use wangjia::engine::input::{AgeRange, HeldCertificate, NameId, Posting, Resident, Unavailable, Workplace};

use Outcome::{Fail, Pass, Unknown};

use super::support::*;

#[track_caller]
fn check(gate: Gate, expected: Outcome, r: &Resident, p: &Posting) {
    with_context(|ctx| assert_eq!(gate.spec().check(ctx, r, p).outcome, expected));
}

/// Checks the gate for the plain pair after a change.
#[track_caller]
fn expect(gate: Gate, expected: Outcome, change: impl FnOnce(&mut Resident, &mut Posting)) {
    let (mut r, mut p) = (resident(), posting());
    change(&mut r, &mut p);
    check(gate, expected, &r, &p);
}

#[test]
fn gates_that_know_the_sex_name_their_rule() {
    // The snapshot makes two things of a person's sex: the lawful bit and the retirement range. Only these gates read them.
    for gate in [Gate::LawSex, Gate::PublicWelfare] {
        let article = gate.article().unwrap();
        assert!(!article.zh.is_empty() && !article.en.is_empty());
    }
    assert!(Gate::PublicWelfare.article().unwrap().zh.contains("3年"));
}

#[test]
fn table_is_complete_and_in_order() {
    for (i, spec) in GATES.iter().enumerate() {
        assert_eq!(spec.gate.index(), i);
        assert!(!spec.label.zh.is_empty() && !spec.label.en.is_empty());
    }
    let codes: Vec<_> = GATES.iter().map(|spec| spec.code).collect();
    assert_eq!(
        codes,
        [
            "posting_open",
            "resident_available",
            "age_legal",
            "age_posting",
            "capacity",
            "schedule",
            "care_duty",
            "willing",
            "ruled_out",
            "law_sex",
            "hazard_check",
            "public_welfare",
            "channel",
            "distance",
            "skill_required",
            "certificate",
            "pay_floor",
            "declined"
        ]
    );
}

#[test]
fn plain_pair_passes_every_gate() {
    for spec in &GATES {
        check(spec.gate, Pass, &resident(), &posting());
    }
}

#[test]
fn posting_open() {
    let gate = Gate::PostingOpen;
    expect(gate, Pass, |_, p| p.valid_from = today());
    expect(gate, Fail, |_, p| p.valid_from = day("2026-11-24"));
    expect(gate, Pass, |_, p| p.valid_until = Some(today()));
    expect(gate, Fail, |_, p| p.valid_until = Some(day("2026-11-22")));
    expect(gate, Pass, |_, p| p.valid_until = None);
    expect(gate, Fail, |_, p| p.n_vacancies = 0);
}

#[test]
fn resident_available() {
    use Unavailable::{Away, Deceased, Employed, InSchool, Restricted};
    for why in [InSchool, Away(Absence::MilitaryService), Deceased, Restricted, Employed] {
        expect(Gate::ResidentAvailable, Fail, |r, _| r.unavailable = Some(why));
    }
    expect(Gate::ResidentAvailable, Pass, |r, _| r.unavailable = None);
}

#[test]
fn age_legal_starts_the_day_after_the_birthday() {
    let gate = Gate::AgeLegal;
    expect(gate, Fail, |r, _| r.birth_date = Some(day("2010-11-23")));
    expect(gate, Pass, |r, _| r.birth_date = Some(day("2010-11-22")));
    // Today counts even where the work starts after the birthday: introducing is the offence.
    expect(gate, Fail, |r, p| (r.birth_date, p.start_on) = (Some(day("2010-12-01")), Some(day("2027-01-01"))));
    expect(gate, Unknown, |r, _| r.birth_date = None);
    with_context(|ctx| {
        let nobody_knows = Resident { birth_date: None, ..resident() };
        assert!(!is_eligible(ctx, &nobody_knows, &posting()), "the law fails safe");
    });
}

#[test]
fn age_legal_keeps_minors_from_what_is_barred_or_not_said() {
    let gate = Gate::AgeLegal;
    let barring: [fn(&mut Posting); 11] = [
        |p| p.hazards = Some(vec![(Hazard::Dust, Some(1))]),
        |p| p.hazards = Some(vec![(Hazard::Height, Some(1))]),
        |p| p.hazards = None,
        |p| p.night_work = Some(true),
        |p| p.night_work = None,
        |p| p.overtime = Some(true),
        |p| p.overtime = None,
        |p| p.forced_posture = Some(true),
        |p| p.forced_posture = None,
        |p| p.physical_grade = Some(4),
        |p| p.hours = Some(weekdays(30, 45)),
    ];
    for change in barring {
        for (birth, expected) in [("2008-11-24", Fail), ("2008-11-23", Pass)] {
            expect(gate, expected, |r, p| {
                r.birth_date = Some(day(birth));
                change(p);
            });
        }
        // An adult on the day the work starts.
        expect(gate, Pass, |r, p| {
            (r.birth_date, p.start_on) = (Some(day("2008-12-01")), Some(day("2026-12-01")));
            change(p);
        });
    }
    expect(gate, Pass, |r, _| r.birth_date = Some(day("2009-06-01")));
}

#[test]
fn age_posting() {
    let gate = Gate::AgePosting;
    let range = |min, max, soft| Some(AgeRange { min, max, soft });
    // 46 years old.
    expect(gate, Pass, |_, p| p.age = range(Some(18), Some(46), false));
    expect(gate, Fail, |_, p| p.age = range(Some(18), Some(45), false));
    expect(gate, Pass, |_, p| p.age = range(Some(46), None, false));
    expect(gate, Fail, |_, p| p.age = range(Some(47), None, false));
    expect(gate, Pass, |_, p| p.age = range(Some(47), None, true));
    expect(gate, Fail, |_, p| (p.age, p.start_on) = (range(None, Some(46), false), Some(day("2027-05-20"))));
    expect(gate, Pass, |_, p| (p.age, p.start_on) = (range(None, Some(46), false), Some(day("2027-05-19"))));
    expect(gate, Unknown, |r, p| (r.birth_date, p.age) = (None, range(Some(18), None, false)));
    expect(gate, Pass, |r, p| (r.birth_date, p.age) = (None, range(None, None, false)));
}

#[test]
fn capacity() {
    let gate = Gate::Capacity;
    expect(gate, Fail, |r, _| r.no_capacity = true);
    expect(gate, Pass, |r, p| (r.max_physical_grade, p.physical_grade) = (Some(2), Some(2)));
    expect(gate, Fail, |r, p| (r.max_physical_grade, p.physical_grade) = (Some(2), Some(3)));
    expect(gate, Unknown, |r, p| (r.max_physical_grade, p.physical_grade) = (Some(2), None));
    expect(gate, Pass, |r, p| (r.max_physical_grade, p.physical_grade) = (Some(4), None));
    expect(gate, Unknown, |_, p| p.physical_grade = Some(2));
    expect(gate, Pass, |r, p| (r.max_load_kg, p.load_kg) = (Some(10), Some(10)));
    expect(gate, Fail, |r, p| (r.max_load_kg, p.load_kg) = (Some(10), Some(11)));
    expect(gate, Unknown, |_, p| p.load_kg = Some(1));
    expect(gate, Unknown, |r, p| (r.max_load_kg, p.load_kg) = (Some(10), None));
    expect(gate, Fail, |r, p| (r.no_forced_posture, p.forced_posture) = (Some(true), Some(true)));
    expect(gate, Pass, |r, p| (r.no_forced_posture, p.forced_posture) = (Some(false), Some(true)));
    expect(gate, Unknown, |r, p| (r.no_forced_posture, p.forced_posture) = (Some(true), None));
    expect(gate, Unknown, |_, p| p.forced_posture = Some(true));
}

#[test]
fn hours_that_are_taken() {
    type Take = fn(&mut Resident, WeekHours);
    let set: [(Gate, Take); 2] =
        [(Gate::Schedule, |r, h| r.unavailable_hours = h), (Gate::CareDuty, |r, h| r.care_hours = h)];
    for (gate, take) in set {
        // The post works 08:00 to 17:30.
        let case = |expected, from, to| {
            expect(gate, expected, |r, p| {
                p.hours = Some(weekdays(16, 35));
                take(r, weekdays(from, to));
            });
        };
        case(Pass, 35, 37);
        case(Fail, 34, 37);
        case(Pass, 14, 16);
        case(Fail, 14, 17);
        expect(gate, Pass, |r, p| {
            p.hours = Some(weekdays(16, 35));
            take(r, WeekHours::of(&[Span { weekday: 6, from: 0, to: 1440 }]));
        });
        expect(gate, Unknown, |r, _| take(r, weekdays(14, 17)));
        expect(gate, Pass, |_, p| p.hours = None);
    }
}

/// The post works 08:00 to 17:30 in the park; a child is not left alone while its carer is on the way.
#[test]
fn the_way_home_counts_before_care() {
    let case = |expected, minutes, care: WeekHours| {
        expect(Gate::CareDuty, expected, |r, p| {
            (r.care_hours, r.minutes_to_park, p.hours) = (care, minutes, Some(weekdays(16, 35)));
        });
    };
    let (after, half_an_hour_after, before) = (weekdays(35, 40), weekdays(36, 40), weekdays(14, 16));
    case(Pass, None, after);
    case(Pass, Some(0), after);
    case(Fail, Some(1), after);
    case(Fail, Some(21), after);
    case(Pass, Some(30), half_an_hour_after);
    case(Fail, Some(31), half_an_hour_after);
    case(Fail, Some(21), before);
    // Hours that are only taken by something else, and work at home, have no way before them.
    expect(Gate::Schedule, Pass, |r, p| {
        (r.unavailable_hours, r.minutes_to_park, p.hours) = (after, Some(21), Some(weekdays(16, 35)));
    });
    expect(Gate::CareDuty, Pass, |r, p| {
        (r.care_hours, r.minutes_to_park, p.hours) = (after, Some(21), Some(weekdays(16, 35)));
        p.workplace = Workplace::Home;
    });
}

#[test]
fn willing() {
    expect(Gate::Willing, Pass, |r, _| r.willing = Some(true));
    expect(Gate::Willing, Fail, |r, _| r.willing = Some(false));
    expect(Gate::Willing, Unknown, |r, _| r.willing = None);
    with_context(|ctx| assert!(is_eligible(ctx, &Resident { willing: None, ..resident() }, &posting())));
}

#[test]
fn ruled_out() {
    let gate = Gate::RuledOut;
    let night = |r: &mut Resident| r.ruled_out = vec![RuledOut::Night];
    expect(gate, Fail, |r, p| (night(r), p.night_work = Some(true)).0);
    expect(gate, Pass, |_, p| p.night_work = Some(true));
    expect(gate, Fail, |r, p| (night(r), p.shift = Some(Shift::ThreeShift)).0);
    expect(gate, Unknown, |r, p| (night(r), p.night_work = None).0);
    expect(gate, Pass, |r, p| (night(r), (p.night_work, p.shift) = (None, Some(Shift::Day))).0);
    // Until 22:00 is not night work, until 22:30 is.
    expect(gate, Pass, |r, p| (night(r), p.hours = Some(weekdays(28, 44))).0);
    expect(gate, Fail, |r, p| (night(r), p.hours = Some(weekdays(28, 45))).0);
    expect(gate, Pass, |r, p| (night(r), p.hours = Some(weekdays(12, 20))).0);
    expect(gate, Fail, |r, p| (night(r), p.hours = Some(weekdays(11, 20))).0);
    for (overtime, expected) in [(Some(true), Fail), (Some(false), Pass), (None, Unknown)] {
        expect(gate, expected, |r, p| (r.ruled_out, p.overtime) = (vec![RuledOut::Overtime], overtime));
    }
    for (hazards, expected) in [
        (Some(vec![(Hazard::Toxic, None)]), Fail),
        (Some(vec![(Hazard::Noise, Some(2))]), Pass),
        (Some(vec![]), Pass),
        (None, Unknown),
    ] {
        expect(gate, expected, |r, p| (r.ruled_out, p.hazards) = (vec![RuledOut::Chemicals], hazards));
    }
}

#[test]
fn law_sex_needs_both_bits_and_names_the_article() {
    for (person, post, expected) in [(false, false, Pass), (true, false, Pass), (false, true, Pass), (true, true, Fail)]
    {
        expect(Gate::LawSex, expected, |r, p| (r.restricted_by_law, p.restricted_by_law) = (person, post));
    }
    assert!(Gate::LawSex.article().unwrap().zh.contains("女职工劳动保护特别规定"));
}

#[test]
fn hazard_check_is_a_caveat() {
    let gate = Gate::HazardCheck;
    let noise = || Some(vec![(Hazard::Noise, None)]);
    expect(gate, Unknown, |_, p| p.hazards = noise());
    expect(gate, Unknown, |_, p| p.hazards = None);
    expect(gate, Pass, |r, p| (r.hazard_check_until, p.hazards) = (Some(today()), noise()));
    expect(gate, Unknown, |r, p| (r.hazard_check_until, p.hazards) = (Some(day("2026-11-22")), noise()));
    expect(gate, Unknown, |r, p| {
        (r.hazard_check_until, p.hazards, p.start_on) = (Some(day("2026-12-31")), noise(), Some(day("2027-01-01")));
    });
    with_context(|ctx| assert!(is_eligible(ctx, &resident(), &Posting { hazards: noise(), ..posting() })));
}

#[test]
fn public_welfare() {
    let gate = Gate::PublicWelfare;
    let case = |expected, change: &dyn Fn(&mut Resident)| {
        expect(gate, expected, |r, p| {
            p.channel = Channel::PublicWelfare;
            r.public_welfare_months = Some(0);
            r.retirement = Some((day("2043-05-20"), day("2043-05-20")));
            change(r);
        });
    };
    case(Pass, &|_| {});
    case(Fail, &|r| r.birth_date = Some(day("1956-11-23")));
    case(Pass, &|r| r.birth_date = Some(day("1956-11-24")));
    case(Fail, &|r| r.birth_date = Some(day("2010-11-23")));
    case(Pass, &|r| r.birth_date = Some(day("2010-11-22")));
    case(Unknown, &|r| r.birth_date = None);
    case(Pass, &|r| r.public_welfare_months = Some(35));
    case(Fail, &|r| r.public_welfare_months = Some(36));
    case(Unknown, &|r| r.public_welfare_months = None);
    let used = |r: &mut Resident, first: &str, last: &str| {
        (r.public_welfare_months, r.retirement) = (Some(36), Some((day(first), day(last))));
    };
    // Less than five years to retirement, on the day and the day before; in between it depends on the group.
    case(Fail, &|r| used(r, "2031-11-23", "2031-11-23"));
    case(Pass, &|r| used(r, "2031-11-22", "2031-11-22"));
    case(Unknown, &|r| used(r, "2031-11-22", "2031-11-23"));
    case(Pass, &|r| used(r, "2024-01-01", "2024-01-01"));
    case(Unknown, &|r| (r.public_welfare_months, r.retirement) = (Some(36), None));
    expect(gate, Pass, |r, _| r.public_welfare_months = Some(99));
}

#[test]
fn channel_and_region() {
    let gate = Gate::Channel;
    expect(gate, Pass, |r, _| r.channels_accepted = vec![Channel::Local, Channel::MicroFactory]);
    expect(gate, Fail, |r, _| r.channels_accepted = vec![Channel::Local]);
    expect(gate, Pass, |r, _| r.regions_accepted = vec![Region::Town]);
    expect(gate, Fail, |r, p| (r.regions_accepted, p.region) = (vec![Region::Town], Some(Region::OtherProvince)));
    expect(gate, Unknown, |r, p| (r.regions_accepted, p.workplace) = (vec![Region::Town], Workplace::Elsewhere(None)));
    expect(gate, Pass, |_, p| p.region = Some(Region::Abroad));
}

#[test]
fn distance() {
    let gate = Gate::Distance;
    expect(gate, Pass, |r, _| (r.max_minutes, r.minutes_to_park) = (Some(20), Some(20)));
    expect(gate, Fail, |r, _| (r.max_minutes, r.minutes_to_park) = (Some(20), Some(21)));
    expect(gate, Unknown, |r, _| r.max_minutes = Some(20));
    expect(gate, Pass, |r, _| r.minutes_to_park = Some(600));
    expect(gate, Pass, |r, p| (r.max_minutes, p.workplace) = (Some(0), Workplace::Home));
    expect(gate, Fail, |r, p| (r.max_minutes, p.workplace) = (Some(20), Workplace::Elsewhere(Some(21))));
    expect(gate, Pass, |r, p| {
        (r.max_minutes, p.workplace, p.channel) = (Some(20), Workplace::Elsewhere(None), Channel::Outbound);
    });
}

#[test]
fn skill_required() {
    let gate = Gate::SkillRequired;
    let case = |expected, holds: Vec<_>, asks: Vec<_>, training| {
        expect(gate, expected, |r, p| (r.skills, p.skills, p.training_days) = (holds, asks, training));
    };
    case(Pass, vec![held(0, 3)], vec![must(0, 3)], None);
    case(Fail, vec![held(0, 2)], vec![must(0, 3)], None);
    case(Fail, vec![held(0, 2)], vec![must(0, 3)], Some(0));
    case(Pass, vec![held(0, 2)], vec![must(0, 3)], Some(7));
    case(Pass, vec![held(0, 2)], vec![nice(0, 3)], None);
    // 8 000 points are near enough, 5 000 are not, however high the level.
    case(Pass, vec![held(1, 3)], vec![must(0, 3)], None);
    case(Fail, vec![held(2, 5)], vec![must(0, 3)], None);
    case(Fail, vec![held(0, 3)], vec![must(0, 3), must(4, 1)], None);
    case(Pass, vec![held(0, 3), held(4, 1)], vec![must(0, 3), must(4, 1)], None);
    case(Unknown, vec![], vec![must(0, 1)], None);
    case(Pass, vec![], vec![], None);
}

#[test]
fn certificate() {
    let gate = Gate::Certificate;
    let case = |expected, holds: Vec<HeldCertificate>, start: Option<&str>| {
        expect(gate, expected, |r, p| {
            (r.certificates, p.certificates, p.start_on) = (holds, vec![NameId(5)], start.map(day));
        });
    };
    let held = |name, until: Option<&str>| HeldCertificate { name: NameId(name), valid_until: until.map(day) };
    case(Fail, vec![], None);
    case(Fail, vec![held(6, None)], None);
    case(Pass, vec![held(5, None)], None);
    case(Pass, vec![held(5, Some("2026-11-23"))], None);
    case(Fail, vec![held(5, Some("2026-11-22"))], None);
    case(Pass, vec![held(5, Some("2027-01-01"))], Some("2027-01-01"));
    case(Fail, vec![held(5, Some("2027-01-01"))], Some("2027-01-02"));
    case(Pass, vec![held(5, Some("2026-11-22")), held(5, Some("2027-11-22"))], None);
}

#[test]
fn pay_floor() {
    let gate = Gate::PayFloor;
    let case = |expected, floor, min, max| {
        expect(gate, expected, |r, p| (r.pay_floor, p.pay_min, p.pay_max) = (floor, min, max));
    };
    case(Pass, Some(3_000), Some(2_000), Some(3_000));
    case(Fail, Some(3_001), Some(2_000), Some(3_000));
    case(Pass, None, Some(1), Some(1));
    case(Pass, Some(3_000), Some(3_000), None);
    case(Unknown, Some(3_001), Some(3_000), None);
    case(Unknown, Some(1), None, None);
}

#[test]
fn declined() {
    let gate = Gate::Declined;
    // 30 days: what was declined on 25 October may be proposed again from 24 November.
    expect(gate, Fail, |r, _| r.declined = vec![(1, day("2026-10-25"))]);
    expect(gate, Pass, |r, _| r.declined = vec![(1, day("2026-10-24"))]);
    expect(gate, Pass, |r, _| r.declined = vec![(2, today())]);
    expect(gate, Fail, |r, _| r.declined = vec![(1, day("2026-01-01")), (1, today())]);
}
