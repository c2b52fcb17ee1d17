use chrono::NaiveDate;
use wangjia::domain::codes::{Absence, Channel, CoverageState, LabourClass, RetirementGroup, SchoolStatus, Sex};
use wangjia::domain::coverage::*;
use wangjia::domain::employability::PersonFacts;

use super::day;

const TODAY: &str = "2026-11-23";

pub fn spell(id: i64, channel: Channel, from: &str) -> SpellFacts {
    SpellFacts {
        id,
        channel,
        region: None,
        counted_from: day(from),
        start_known: true,
        end_on: None,
        monthly_income: Some(3000),
        evidence: false,
        verified_on: None,
        contract_until: None,
        tenant_until: None,
        part_time: false,
    }
}

pub fn member(resident: i64, birth: &str, spells: Vec<SpellFacts>) -> MemberFacts {
    MemberFacts {
        resident,
        sex: Some(Sex::Female),
        retirement_group: None,
        person: PersonFacts {
            birth_date: Some(day(birth)),
            labour_class: Some(LabourClass::Ordinary),
            school: Some(SchoolStatus::NotInSchool),
            ..PersonFacts::default()
        },
        spells,
    }
}

pub fn household(members: Vec<MemberFacts>) -> HouseholdFacts {
    HouseholdFacts { id: 7, members, exemptions: Vec::new() }
}

fn on(facts: &HouseholdFacts, date: NaiveDate) -> HouseholdCoverage {
    household_coverage(facts, date, &CoverageRules::default())
}

fn today(members: Vec<MemberFacts>) -> HouseholdCoverage {
    on(&household(members), day(TODAY))
}

#[test]
fn a_spell_covers_from_its_first_day_to_the_day_before_its_end() {
    let job = SpellFacts { end_on: Some(day("2026-11-23")), ..spell(1, Channel::Local, "2026-01-10") };
    let family = household(vec![member(1, "1985-04-01", vec![job])]);
    assert_eq!(on(&family, day("2026-01-09")).state, CoverageState::Uncovered);
    assert_eq!(on(&family, day("2026-01-10")).state, CoverageState::Covered);
    assert_eq!(on(&family, day("2026-11-22")).state, CoverageState::Covered);
    assert_eq!(on(&family, day("2026-11-23")).state, CoverageState::Uncovered);
}

#[test]
fn a_job_counts_at_any_age() {
    let grandmother = member(1, "1950-04-01", vec![spell(1, Channel::Flexible, "2026-01-10")]);
    let coverage = today(vec![grandmother]);
    assert_eq!(coverage.state, CoverageState::Covered);
    assert!(!coverage.is_contested());
}

#[test]
fn farming_counts_only_where_the_setting_says_so() {
    let family = household(vec![member(1, "1985-04-01", vec![spell(1, Channel::Farming, "2020-01-10")])]);
    assert_eq!(on(&family, day(TODAY)).state, CoverageState::Uncovered);
    let rules = CoverageRules { farming_counts: true, ..CoverageRules::default() };
    let coverage = household_coverage(&family, day(TODAY), &rules);
    assert_eq!((coverage.state, coverage.channel), (CoverageState::Covered, Some(Channel::Farming)));
}

#[test]
fn who_died_or_left_covers_nobody() {
    for person in [
        PersonFacts { died_on: Some(day(TODAY)), ..PersonFacts::default() },
        PersonFacts { member_until: Some(day(TODAY)), ..PersonFacts::default() },
    ] {
        let gone = MemberFacts { person, ..member(1, "1985-04-01", vec![spell(1, Channel::Local, "2026-01-10")]) };
        let coverage = today(vec![gone]);
        assert_eq!(coverage.state, CoverageState::Exempt);
        assert_eq!(coverage.exempt_reason, Some(ExemptReason::NobodyEmployable));
    }
}

#[test]
fn unwillingness_splits_the_uncovered_and_exempts_nobody() {
    let wishes = |wishes: &[Option<bool>]| {
        let members = wishes.iter().map(|willing| {
            let mut member = member(1, "1985-04-01", vec![]);
            member.person.willing = *willing;
            member
        });
        today(members.collect())
    };
    for (recorded, need) in [
        (&[Some(false)][..], Need::Unwilling),
        (&[Some(false), Some(false)], Need::Unwilling),
        (&[Some(false), None], Need::ToHelp),
        (&[Some(false), Some(true)], Need::ToHelp),
        (&[None], Need::ToHelp),
    ] {
        let coverage = wishes(recorded);
        assert_eq!((coverage.state, coverage.need), (CoverageState::Uncovered, Some(need)), "{recorded:?}");
    }
    // The wish of somebody who is not employable decides nothing.
    let mut child = member(2, "2015-01-01", vec![]);
    child.person.willing = Some(true);
    let mut parent = member(1, "1985-04-01", vec![]);
    parent.person.willing = Some(false);
    assert_eq!(today(vec![parent, child]).need, Some(Need::Unwilling));
}

#[test]
fn exempt_has_two_reasons_and_a_job_beats_both() {
    let decision = Exemption { from: day("2026-11-01"), until: Some(day("2026-12-01")), reason: "整户外出".into() };
    let mut family = household(vec![member(1, "1985-04-01", vec![])]);
    family.exemptions.push(decision);
    for (date, state, reason) in [
        ("2026-10-31", CoverageState::Uncovered, None),
        ("2026-11-01", CoverageState::Exempt, Some(ExemptReason::Decision)),
        ("2026-11-30", CoverageState::Exempt, Some(ExemptReason::Decision)),
        ("2026-12-01", CoverageState::Uncovered, None),
    ] {
        let coverage = on(&family, day(date));
        assert_eq!((coverage.state, coverage.exempt_reason), (state, reason), "{date}");
    }
    family.members[0].spells.push(spell(1, Channel::Local, "2026-11-10"));
    assert_eq!(on(&family, day("2026-11-10")).state, CoverageState::Covered);
    // Where nobody is employable no decision is needed.
    family.members[0].person.labour_class = Some(LabourClass::Lost);
    assert_eq!(on(&family, day("2026-11-09")).exempt_reason, Some(ExemptReason::NobodyEmployable));
    assert_eq!(today(vec![]).exempt_reason, Some(ExemptReason::NobodyEmployable));
}

#[test]
fn the_channel_is_that_of_the_longest_running_spell() {
    let at = |id, channel, from, pay| SpellFacts { monthly_income: pay, ..spell(id, channel, from) };
    let channel = |a: SpellFacts, b: SpellFacts| {
        let coverage = today(vec![member(1, "1985-04-01", vec![a]), member(2, "1984-04-01", vec![b])]);
        coverage.channel
    };
    let local = at(2, Channel::Local, "2025-01-01", Some(3000));
    assert_eq!(channel(local, at(1, Channel::Outbound, "2025-01-02", Some(9000))), Some(Channel::Local));
    assert_eq!(channel(local, at(3, Channel::Outbound, "2025-01-01", Some(3001))), Some(Channel::Outbound));
    assert_eq!(channel(local, at(1, Channel::Outbound, "2025-01-01", None)), Some(Channel::Local));
    assert_eq!(channel(local, at(1, Channel::Outbound, "2025-01-01", Some(3000))), Some(Channel::Outbound));
    assert_eq!(channel(local, at(3, Channel::Outbound, "2025-01-01", Some(3000))), Some(Channel::Local));
}

#[test]
fn stable_decent_and_verified_on_both_sides() {
    let family = |job| household(vec![member(1, "1985-04-01", vec![job])]);
    let job = spell(1, Channel::Local, "2026-08-31");
    for (date, three, six) in [
        ("2026-11-29", false, false),
        ("2026-11-30", true, false),
        ("2027-02-27", true, false),
        ("2027-02-28", true, true),
    ] {
        let coverage = on(&family(job), day(date));
        assert_eq!((coverage.stable_3m, coverage.stable_6m), (three, six), "{date}");
    }
    for (pay, decent) in [(None, false), (Some(2599), false), (Some(2600), true)] {
        let coverage = on(&family(SpellFacts { monthly_income: pay, ..job }), day(TODAY));
        assert_eq!(coverage.decent, decent, "{pay:?}");
    }
    for (evidence, verified_on, verified) in [
        (true, "2026-11-23", true),
        (true, "2026-05-28", true),
        (true, "2026-05-27", false),
        (true, "2026-11-24", false),
        (false, "2026-11-23", false),
    ] {
        let job = SpellFacts { evidence, verified_on: Some(day(verified_on)), ..job };
        assert_eq!(on(&family(job), day(TODAY)).verified, verified, "{evidence} {verified_on}");
    }
}

#[test]
fn a_single_earner_at_risk_is_told_why() {
    let factory = spell(1, Channel::MicroFactory, "2025-01-01");
    let risk =
        |job: SpellFacts| today(vec![member(1, "1985-04-01", vec![job])]).single_earner_risk.map(|risk| risk.reason);
    assert_eq!(risk(factory), None);
    // 90 days after 23 November 2026 is 21 February 2027.
    for (until, at_risk) in [("2027-02-21", true), ("2027-02-22", false), ("2026-11-01", true)] {
        let contract = risk(SpellFacts { contract_until: Some(day(until)), ..factory });
        assert_eq!(contract, at_risk.then_some(RiskReason::ContractEnd), "{until}");
        let tenant = risk(SpellFacts { tenant_until: Some(day(until)), ..factory });
        assert_eq!(tenant, at_risk.then_some(RiskReason::TenantEnd), "{until}");
    }
    assert_eq!(risk(SpellFacts { end_on: Some(day("2027-01-01")), ..factory }), Some(RiskReason::ContractEnd));
    // Whose job it is and when it ends is told; of two that end, the one that ends last.
    let until = |id, until: &str| SpellFacts { id, contract_until: Some(day(until)), part_time: true, ..factory };
    let both = vec![until(1, "2027-01-10"), until(2, "2026-12-01")];
    let told = today(vec![member(7, "1985-04-01", both)]).single_earner_risk.unwrap();
    assert_eq!((told.resident, told.spell, told.ends_on), (7, 1, day("2027-01-10")));
    // A second earner, or a second job of the same person that goes on, is a safety net.
    let ending = SpellFacts { contract_until: Some(day("2026-12-01")), ..factory };
    let two_earners = vec![member(1, "1985-04-01", vec![ending]), member(2, "1984-04-01", vec![factory])];
    assert_eq!(today(two_earners).single_earner_risk, None);
    let second = SpellFacts { id: 2, ..factory };
    assert_eq!(today(vec![member(1, "1985-04-01", vec![ending, second])]).single_earner_risk, None);
}

#[test]
fn reaching_retirement_or_seventy_is_a_risk_only_where_it_ends_the_job() {
    let job = |channel, birth: &str, sex| {
        let earner = MemberFacts { sex: Some(sex), ..member(1, birth, vec![spell(1, channel, "2025-01-01")]) };
        today(vec![earner]).single_earner_risk.map(|risk| risk.reason)
    };
    // Born January 1966: 60 years and 4 months, May 2026, is past. Born August 1966: 60 years and 5 months, January 2027.
    assert_eq!(job(Channel::MicroFactory, "1966-01-10", Sex::Male), None);
    assert_eq!(job(Channel::MicroFactory, "1966-08-10", Sex::Male), Some(RiskReason::AgeLimit));
    assert_eq!(job(Channel::SelfEmployed, "1966-08-10", Sex::Male), None);
    assert_eq!(job(Channel::PublicWelfare, "1957-01-10", Sex::Male), Some(RiskReason::AgeLimit));
    assert_eq!(job(Channel::PublicWelfare, "1957-03-10", Sex::Male), None);
    // A woman whose group is not recorded is at risk at the earlier of her two dates as well.
    assert_eq!(job(Channel::Local, "1976-04-10", Sex::Female), Some(RiskReason::AgeLimit));
    let mut technician = member(1, "1976-04-10", vec![spell(1, Channel::Local, "2025-01-01")]);
    technician.retirement_group = Some(RetirementGroup::Women55);
    assert_eq!(today(vec![technician]).single_earner_risk, None);
}

type Change = &'static dyn Fn(&mut MemberFacts);

#[test]
fn contradicting_records_are_counted_and_named() {
    let job = spell(1, Channel::Local, "2026-01-01");
    let with = |change: Change| {
        let mut person = member(1, "1985-04-01", vec![job]);
        change(&mut person);
        today(vec![person])
    };
    let cases: [(Contested, Change); 6] = [
        (Contested::InSchool, &|m| m.person.school = Some(SchoolStatus::University)),
        (Contested::UnderSixteen, &|m| m.person.birth_date = Some(day("2010-11-23"))),
        (Contested::Away, &|m| m.person.absence = Some(Absence::Prison)),
        (Contested::NoCapacity, &|m| m.person.labour_class = Some(LabourClass::Lost)),
        (Contested::TwoCurrentJobs, &|m| m.spells.push(spell(2, Channel::Outbound, "2026-02-01"))),
        (Contested::OverlappingSpells, &|m| {
            m.spells.push(SpellFacts { end_on: Some(day("2026-01-02")), ..spell(2, Channel::Outbound, "2025-02-01") });
        }),
    ];
    for (reason, change) in cases {
        let coverage = with(change);
        assert_eq!(coverage.state, CoverageState::Covered, "counted as recorded");
        assert_eq!(coverage.contested, [reason]);
        assert!(!coverage.certain, "{reason:?}");
    }
    let undisputed: [Change; 5] = [
        &|m| m.person.birth_date = Some(day("2010-11-22")),
        &|m| m.spells.push(spell(2, Channel::Farming, "2026-02-01")),
        &|m| m.spells.push(SpellFacts { end_on: Some(day("2026-01-01")), ..spell(2, Channel::Outbound, "2025-02-01") }),
        &|m| m.spells.push(spell(2, Channel::Outbound, "2026-11-24")),
        &|m| {
            m.spells[0].part_time = true;
            m.spells.push(SpellFacts { part_time: true, ..spell(2, Channel::Outbound, "2026-02-01") });
        },
    ];
    for change in undisputed {
        let coverage = with(change);
        assert_eq!((coverage.contested.as_slice(), coverage.certain), (&[][..], true));
    }
}

#[test]
fn an_undisputed_earner_makes_coverage_certain() {
    let mut student = member(1, "2006-04-01", vec![spell(1, Channel::Local, "2026-01-01")]);
    student.person.school = Some(SchoolStatus::University);
    let mother = member(2, "1980-04-01", vec![spell(2, Channel::Local, "2026-01-01")]);
    let coverage = today(vec![student.clone(), mother]);
    assert!(coverage.is_contested() && coverage.certain);
    let mut tally = Tally::default();
    tally.add(&coverage);
    tally.add(&today(vec![student]));
    tally.add(&today(vec![member(3, "1980-04-01", vec![])]));
    assert_eq!((tally.certain, tally.covered, tally.contested), (1, 2, 2));
    assert_eq!((tally.certain_rate(), tally.rate()), (Some(3333), Some(6666)));
}

#[test]
fn a_rate_is_rounded_down_and_empty_without_households() {
    let rate = |covered, uncovered| Tally { covered, uncovered, ..Tally::default() }.rate();
    assert_eq!(rate(0, 0), None);
    assert_eq!(rate(0, 1), Some(0));
    assert_eq!(rate(2, 1), Some(6666));
    assert_eq!(rate(99_999, 1), Some(9999));
    assert_eq!(rate(5, 0), Some(10_000));
    assert_eq!(rate(u64::MAX / 2, 0), Some(10_000));
}
