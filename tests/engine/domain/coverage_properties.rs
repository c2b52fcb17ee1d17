//! Whatever is recorded, a household is in exactly one state and every grouping adds up.

use chrono::{Days, NaiveDate};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use wangjia::domain::codes::{Absence, Channel, CoverageState, LabourClass, SchoolStatus, Sex};
use wangjia::domain::coverage::*;
use wangjia::domain::employability::PersonFacts;

use super::day;

fn days() -> impl Strategy<Value = NaiveDate> {
    (0u64..1200).prop_map(|days| day("2024-01-01") + Days::new(days))
}

fn births() -> impl Strategy<Value = NaiveDate> {
    (0u64..36_000).prop_map(|days| day("1935-01-01") + Days::new(days))
}

fn spells() -> impl Strategy<Value = SpellFacts> {
    (
        (select(Channel::ALL), days(), any::<bool>(), option::of(days()), option::of(0u32..9000)),
        (any::<bool>(), option::of(days()), option::of(days()), option::of(days()), any::<bool>(), 0i64..50),
    )
        .prop_map(|((channel, counted_from, start_known, end_on, monthly_income), rest)| {
            let (evidence, verified_on, contract_until, tenant_until, part_time, id) = rest;
            SpellFacts {
                id,
                channel,
                region: None,
                counted_from,
                start_known,
                end_on,
                monthly_income,
                evidence,
                verified_on,
                contract_until,
                tenant_until,
                part_time,
            }
        })
}

fn people() -> impl Strategy<Value = PersonFacts> {
    (
        option::weighted(0.9, births()),
        option::weighted(0.1, days()),
        option::weighted(0.2, days()),
        option::weighted(0.2, days()),
        option::of(select(LabourClass::ALL)),
        option::of(select(SchoolStatus::ALL)),
        option::weighted(0.1, select(Absence::ALL)),
        any::<Option<bool>>(),
    )
        .prop_map(|(birth_date, died_on, member_from, member_until, labour_class, school, absence, willing)| {
            PersonFacts { birth_date, died_on, member_from, member_until, labour_class, school, absence, willing }
        })
}

fn households() -> impl Strategy<Value = HouseholdFacts> {
    let member = (option::of(select(Sex::ALL)), people(), prop::collection::vec(spells(), 0..3))
        .prop_map(|(sex, person, spells)| MemberFacts { resident: 1, sex, retirement_group: None, person, spells });
    let exemption =
        (days(), option::of(days())).prop_map(|(from, until)| Exemption { from, until, reason: "x".into() });
    (prop::collection::vec(member, 0..5), prop::collection::vec(exemption, 0..2))
        .prop_map(|(members, exemptions)| HouseholdFacts { id: 1, members, exemptions })
}

proptest! {
    #[test]
    fn exactly_one_state_with_exactly_its_own_details(family in households(), on in days()) {
        let c = household_coverage(&family, on, &CoverageRules::default());
        prop_assert_eq!(c.exempt_reason.is_some(), c.state == CoverageState::Exempt);
        prop_assert_eq!(c.need.is_some(), c.state == CoverageState::Uncovered);
        prop_assert_eq!(c.channel.is_some(), c.state == CoverageState::Covered);
        let covered = c.state == CoverageState::Covered;
        prop_assert!(covered || (c.certain && c.contested.is_empty() && c.single_earner_risk.is_none()));
        prop_assert!(covered || !(c.stable_3m || c.stable_6m || c.decent || c.verified));
        prop_assert!(c.stable_3m || !c.stable_6m);
        prop_assert!(c.certain || c.is_contested());
        // Told a second way: covered is "some living current member has a counted spell on the day".
        let claimed = family.members.iter().any(|m| {
            let p = &m.person;
            let here = p.died_on.is_none_or(|d| on < d)
                && p.member_from.is_none_or(|d| d <= on)
                && p.member_until.is_none_or(|d| on < d);
            here && m.spells.iter().any(|s| {
                s.channel != Channel::Farming && s.counted_from <= on && s.end_on.is_none_or(|e| on < e)
            })
        });
        prop_assert_eq!(covered, claimed);
    }

    #[test]
    fn every_grouping_adds_up(families in prop::collection::vec((households(), 0usize..4), 0..40), on in days()) {
        let rules = CoverageRules::default();
        let mut whole = Tally::default();
        let mut groups = [Tally::default(); 4];
        for (family, group) in &families {
            let coverage = household_coverage(family, on, &rules);
            whole.add(&coverage);
            groups[*group].add(&coverage);
        }
        let mut merged = Tally::default();
        for group in &groups {
            merged.merge(group);
        }
        prop_assert_eq!(merged, whole);
        prop_assert_eq!(whole.households, families.len() as u64);
        prop_assert_eq!(whole.covered + whole.uncovered + whole.exempt, whole.households);
        prop_assert_eq!(whole.to_help + whole.unwilling, whole.uncovered);
        prop_assert_eq!(whole.exempt_nobody_employable + whole.exempt_decision, whole.exempt);
        prop_assert!(whole.certain <= whole.covered && whole.covered - whole.certain <= whole.contested);
        prop_assert!(whole.rate().is_none_or(|rate| rate <= 10_000));
    }

    #[test]
    fn a_further_job_never_takes_coverage_away(family in households(), job in spells(), on in days()) {
        let rules = CoverageRules::default();
        let before = household_coverage(&family, on, &rules);
        let mut more = family;
        if let Some(member) = more.members.first_mut() {
            member.spells.push(job);
        }
        let after = household_coverage(&more, on, &rules);
        prop_assert!(before.state != CoverageState::Covered || after.state == CoverageState::Covered);
    }
}
