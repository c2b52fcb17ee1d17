//! Jobs on record that cannot be as they are recorded, or not any more.
//!
//! A finding is a question to somebody, never a reason to change a record by itself; coverage counts the job meanwhile and says that it
//! is in doubt ([`super::coverage::Contested`]).

use chrono::NaiveDate;

use super::ages::{
    PUBLIC_WELFARE_TERM_MONTHS, is_near_retirement, is_public_welfare_age, months_later, retirement_range, turns_16_on,
};
use super::codes::{Channel, Region, code_list};
use super::coverage::{MemberFacts, SpellFacts};

code_list! {
    SpellFinding {
        Overlaps = "overlaps", "与另一份全职工作时间重叠", "overlaps another full-time job";
        /// Found where the hours of the postings are at hand, not by [`findings`].
        HoursMeet = "hours_meet", "与另一份非全日制工作的时间冲突", "its hours meet those of another part-time job";
        UnderSixteen = "started_under_16", "未满16周岁开始工作", "began under 16";
        AfterDeath = "runs_after_death", "去世后仍在岗", "runs on after the person's death";
        InSchool = "in_school", "在校期间在岗", "runs while the person is in school";
        Away = "away", "服役、服刑、住院或失踪期间在岗", "runs while the person is in service, in prison, in care or missing";
        NoCapacity = "no_capacity", "丧失劳动能力仍在岗", "runs although the person cannot work";
        ContractOver = "contract_over", "合同已到期仍在岗", "runs although the contract is over";
        TenantGone = "tenant_gone", "企业租期已满仍在岗", "runs although the employer's lease is over";
        StartUnknown = "start_unknown", "入职日期不明", "first day not known";
        ContractBeforeStart = "contract_before_start", "合同在入职前就已到期", "the contract is over before the first day";
        VerifiedBeforeStart = "verified_before_start", "核实日期早于入职日期", "verified before the first day";
        /// 16 to 69 completed years (domain.md §5).
        PublicWelfareAge = "public_welfare_age", "公益性岗位的年龄应在16至69周岁", "a public-welfare post is for ages 16 to 69";
        /// At most three years, unless less than five were left to retirement (domain.md §5).
        PublicWelfareTerm = "public_welfare_term", "公益性岗位已满3年，且入职时距法定退休5年以上",
            "over three years in a public-welfare post that began five years or more before retirement";
        ParkOutside = "park_outside", "微工厂在县外", "a micro-factory outside of the county";
        PublicWelfareOutside = "public_welfare_outside", "公益性岗位在省外", "a public-welfare post outside of the province";
    }
}

/// A finding about a job; of an overlap, with the other job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub spell: i64,
    pub finding: SpellFinding,
    pub other: Option<i64>,
}

/// What is wrong with a person's jobs as of a day, by job. An overlap is found once, at the job entered later.
#[must_use]
pub fn findings(member: &MemberFacts, on: NaiveDate) -> Vec<Found> {
    let mut found = Vec::new();
    for spell in &member.spells {
        found.extend(of_spell(member, spell, on).into_iter().map(|finding| Found {
            spell: spell.id,
            finding,
            other: None,
        }));
    }
    for (index, a) in member.spells.iter().enumerate() {
        for b in &member.spells[index + 1..] {
            let farming = [a, b].iter().any(|spell| spell.channel == Channel::Farming);
            let may_be = farming || a.part_time && b.part_time;
            if !may_be && a.overlaps(b) {
                let (first, later) = (a.id.min(b.id), a.id.max(b.id));
                found.push(Found { spell: later, finding: SpellFinding::Overlaps, other: Some(first) });
            }
        }
    }
    found.sort_unstable();
    found
}

fn of_spell(member: &MemberFacts, spell: &SpellFacts, on: NaiveDate) -> Vec<SpellFinding> {
    let person = &member.person;
    let runs = spell.is_active(on);
    let mut found = Vec::new();
    let mut add = |holds: bool, finding| {
        if holds {
            found.push(finding);
        }
    };
    let began_young =
        person.birth_date.is_some_and(|birth| spell.start_known && spell.counted_from < turns_16_on(birth));
    add(began_young, SpellFinding::UnderSixteen);
    add(
        person.died_on.is_some_and(|died| spell.end_on.is_none_or(|end| died < end) && died <= on),
        SpellFinding::AfterDeath,
    );
    add(runs && person.is_in_school(), SpellFinding::InSchool);
    add(runs && person.absence.is_some(), SpellFinding::Away);
    add(runs && person.has_no_capacity(), SpellFinding::NoCapacity);
    add(runs && spell.contract_until.is_some_and(|last| last < on), SpellFinding::ContractOver);
    add(runs && spell.tenant_until.is_some_and(|last| last < on), SpellFinding::TenantGone);
    add(runs && !spell.start_known, SpellFinding::StartUnknown);
    let far = matches!(spell.region, Some(Region::OtherProvince | Region::Abroad));
    let out_of_county = far || matches!(spell.region, Some(Region::City | Region::Province));
    add(spell.channel == Channel::MicroFactory && out_of_county, SpellFinding::ParkOutside);
    add(spell.channel == Channel::PublicWelfare && far, SpellFinding::PublicWelfareOutside);
    if spell.start_known {
        let start = spell.counted_from;
        add(spell.contract_until.is_some_and(|last| last < start), SpellFinding::ContractBeforeStart);
        add(spell.verified_on.is_some_and(|day| day < start), SpellFinding::VerifiedBeforeStart);
    }
    if let (Channel::PublicWelfare, Some(birth)) = (spell.channel, person.birth_date) {
        let last = spell.end_on.map_or(on, |end| end.min(on)).max(spell.counted_from);
        add(!is_public_welfare_age(birth, last), SpellFinding::PublicWelfareAge);
        let term = months_later(spell.counted_from, PUBLIC_WELFARE_TERM_MONTHS.into());
        let range = retirement_range(member.sex, member.retirement_group, birth);
        let is_far = is_near_retirement(range, spell.counted_from) == Some(false);
        add(spell.start_known && term < last && is_far, SpellFinding::PublicWelfareTerm);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::SchoolStatus;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn job(id: i64, from: &str, end_on: Option<&str>) -> SpellFacts {
        SpellFacts {
            id,
            channel: Channel::Local,
            region: None,
            counted_from: day(from),
            start_known: true,
            end_on: end_on.map(day),
            monthly_income: None,
            evidence: false,
            verified_on: None,
            contract_until: None,
            tenant_until: None,
            part_time: false,
        }
    }

    fn found(member: &MemberFacts) -> Vec<(i64, &'static str, Option<i64>)> {
        findings(member, day("2026-11-23")).into_iter().map(|f| (f.spell, f.finding.code(), f.other)).collect()
    }

    fn with(spells: Vec<SpellFacts>) -> MemberFacts {
        let mut member = MemberFacts { resident: 1, spells, ..MemberFacts::default() };
        member.person.birth_date = Some(day("1990-01-01"));
        member
    }

    #[test]
    fn an_overlap_is_found_once_at_the_later_entry() {
        let two = with(vec![job(7, "2026-03-01", None), job(3, "2026-01-01", Some("2026-04-01"))]);
        assert_eq!(found(&two), [(7, "overlaps", Some(3))]);
        let one_after_the_other = with(vec![job(3, "2026-01-01", Some("2026-03-01")), job(7, "2026-03-01", None)]);
        assert!(found(&one_after_the_other).is_empty());
        let mut part_time = two.clone();
        part_time.spells.iter_mut().for_each(|spell| spell.part_time = true);
        assert!(found(&part_time).is_empty());
        let mut farming = two;
        farming.spells[0].channel = Channel::Farming;
        assert!(found(&farming).is_empty());
    }

    #[test]
    fn what_cannot_be_is_found() {
        let mut young = with(vec![job(1, "2005-12-31", Some("2006-02-01")), job(2, "2006-01-02", Some("2006-01-02"))]);
        assert_eq!(found(&young), [(1, "started_under_16", None)]);
        young.spells[0].start_known = false;
        assert!(found(&young).is_empty(), "of a day nobody knows nothing is said");
        let mut dead = with(vec![job(1, "2026-01-01", None)]);
        dead.person.died_on = Some(day("2026-05-01"));
        assert_eq!(found(&dead), [(1, "runs_after_death", None)]);
        dead.spells[0].end_on = Some(day("2026-05-01"));
        assert!(found(&dead).is_empty());
        let mut pupil = with(vec![job(1, "2026-01-01", None)]);
        pupil.person.school = Some(SchoolStatus::University);
        assert_eq!(found(&pupil), [(1, "in_school", None)]);
    }

    #[test]
    fn days_that_contradict_the_first_one_are_found() {
        let mut odd = with(vec![job(1, "2026-01-10", Some("2026-05-01"))]);
        odd.spells[0].contract_until = Some(day("2026-01-10"));
        odd.spells[0].verified_on = Some(day("2026-01-10"));
        assert!(found(&odd).is_empty());
        odd.spells[0].contract_until = Some(day("2026-01-09"));
        odd.spells[0].verified_on = Some(day("2026-01-09"));
        assert_eq!(found(&odd), [(1, "contract_before_start", None), (1, "verified_before_start", None)]);
        odd.spells[0].start_known = false;
        assert!(found(&odd).is_empty());
    }

    #[test]
    fn public_welfare_posts_have_ages_and_a_term() {
        let post = |birth: &str, from: &str| {
            let mut member = with(vec![SpellFacts { channel: Channel::PublicWelfare, ..job(1, from, None) }]);
            member.person.birth_date = Some(day(birth));
            found(&member)
        };
        assert!(post("1990-01-01", "2023-11-23").is_empty(), "three years to the day");
        assert_eq!(post("1990-01-01", "2023-11-22"), [(1, "public_welfare_term", None)]);
        assert!(post("1956-11-24", "2022-01-01").is_empty(), "69, and near retirement when it began");
        assert_eq!(post("1956-11-23", "2022-01-01"), [(1, "public_welfare_age", None)]);
    }

    #[test]
    fn the_park_is_in_the_county_and_public_welfare_in_the_province() {
        let at = |channel, region| found(&with(vec![SpellFacts { channel, region, ..job(1, "2026-01-01", None) }]));
        assert!(at(Channel::MicroFactory, Some(Region::County)).is_empty());
        assert!(at(Channel::MicroFactory, None).is_empty());
        assert_eq!(at(Channel::MicroFactory, Some(Region::City)), [(1, "park_outside", None)]);
        assert!(at(Channel::PublicWelfare, Some(Region::Province)).is_empty());
        assert_eq!(at(Channel::PublicWelfare, Some(Region::OtherProvince)), [(1, "public_welfare_outside", None)]);
        assert!(at(Channel::Outbound, Some(Region::Abroad)).is_empty());
    }

    #[test]
    fn what_is_over_is_found_on_the_day_after() {
        let mut over = with(vec![job(1, "2026-01-01", None)]);
        over.spells[0].contract_until = Some(day("2026-11-23"));
        over.spells[0].tenant_until = Some(day("2026-11-22"));
        over.spells[0].start_known = false;
        assert_eq!(found(&over), [(1, "tenant_gone", None), (1, "start_unknown", None)]);
        over.spells[0].contract_until = Some(day("2026-11-22"));
        assert_eq!(found(&over).len(), 3);
        over.spells[0].end_on = Some(day("2026-11-23"));
        assert!(found(&over).is_empty());
    }
}
