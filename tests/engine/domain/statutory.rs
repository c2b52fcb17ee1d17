use wangjia::domain::codes::{Absence, Channel, LabourClass, RetirementGroup, SchoolStatus, Sex};
use wangjia::domain::coverage::MemberFacts;
use wangjia::domain::statutory::*;

use super::coverage::{household, member, spell};
use super::day;

const TODAY: &str = "2026-11-23";

fn state(members: Vec<MemberFacts>, rules: StatutoryRules) -> StatutoryState {
    statutory_state(&household(members), day(TODAY), &rules)
}

fn plain(members: Vec<MemberFacts>) -> StatutoryState {
    state(members, StatutoryRules::default())
}

#[test]
fn retirement_instead_of_the_ledgers_labour_age() {
    // A man born in March 1965 retires in April 2025, one born in December 1966 in May 2027.
    let man = |birth| MemberFacts { sex: Some(Sex::Male), ..member(1, birth, vec![]) };
    assert_eq!(plain(vec![man("1965-03-10")]), StatutoryState::NoLabour);
    assert_eq!(plain(vec![man("1966-12-10")]), StatutoryState::ZeroEmployment);
    // A woman of 53 in a worker's post has retired; where the group is not recorded nobody is excluded.
    let woman = member(1, "1973-05-10", vec![]);
    assert_eq!(plain(vec![woman.clone()]), StatutoryState::ZeroEmployment);
    let worker = MemberFacts { retirement_group: Some(RetirementGroup::Women50), ..woman };
    assert_eq!(plain(vec![worker]), StatutoryState::NoLabour);
}

#[test]
fn over_age_workers_count_only_in_their_variant() {
    let worker =
        MemberFacts { sex: Some(Sex::Male), ..member(1, "1960-03-10", vec![spell(1, Channel::Local, "2026-01-01")]) };
    assert_eq!(plain(vec![worker.clone()]), StatutoryState::NoLabour);
    let rules = StatutoryRules { over_age_workers_count: true, ..StatutoryRules::default() };
    assert_eq!(state(vec![worker], rules), StatutoryState::Employed);
    assert_eq!(state(vec![member(1, "1950-03-10", vec![])], rules), StatutoryState::NoLabour);
}

#[test]
fn the_report_counts_every_household_under_each_rule() {
    let job = || vec![spell(1, Channel::Local, "2026-01-01")];
    let mut weak = member(1, "1985-04-01", job());
    weak.person.labour_class = Some(LabourClass::WeakOrHalf);
    let over_age = MemberFacts { sex: Some(Sex::Male), ..member(1, "1960-03-10", job()) };
    let mut report = StatutoryReport::default();
    for members in [vec![weak], vec![over_age], vec![member(1, "1985-04-01", vec![])], vec![]] {
        report.add(&household(members), day(TODAY), false);
    }
    let figures = |tally: StatutoryTally| (tally.employed, tally.zero_employment, tally.no_labour, tally.rate());
    assert_eq!(figures(report.main), (1, 1, 2, Some(5_000)));
    assert_eq!(figures(report.without_weak), (0, 1, 3, Some(0)));
    assert_eq!(figures(report.with_over_age_workers), (2, 1, 1, Some(6_666)));
}

#[test]
fn the_weak_class_is_a_switch() {
    let mut weak = member(1, "1985-04-01", vec![spell(1, Channel::Local, "2026-01-01")]);
    weak.person.labour_class = Some(LabourClass::WeakOrHalf);
    assert_eq!(plain(vec![weak.clone()]), StatutoryState::Employed);
    let rules = StatutoryRules { weak_counts: false, ..StatutoryRules::default() };
    assert_eq!(state(vec![weak], rules), StatutoryState::NoLabour);
}

#[test]
fn students_absent_and_incapable_members_are_no_labour_even_with_a_job() {
    let job = vec![spell(1, Channel::Local, "2026-01-01")];
    let with = |change: &dyn Fn(&mut MemberFacts)| {
        let mut person = member(1, "1985-04-01", job.clone());
        change(&mut person);
        plain(vec![person])
    };
    assert_eq!(with(&|_| {}), StatutoryState::Employed);
    assert_eq!(with(&|m| m.person.school = Some(SchoolStatus::University)), StatutoryState::NoLabour);
    assert_eq!(with(&|m| m.person.absence = Some(Absence::MilitaryService)), StatutoryState::NoLabour);
    assert_eq!(with(&|m| m.person.labour_class = Some(LabourClass::None)), StatutoryState::NoLabour);
    assert_eq!(with(&|m| m.person.died_on = Some(day("2026-01-01"))), StatutoryState::NoLabour);
    assert_eq!(with(&|m| m.spells[0].end_on = Some(day(TODAY))), StatutoryState::ZeroEmployment);
    assert_eq!(with(&|m| m.spells[0].channel = Channel::Farming), StatutoryState::ZeroEmployment);
}

#[test]
fn the_tally_adds_up() {
    let mut tally = StatutoryTally::default();
    assert_eq!(tally.rate(), None);
    for (state, times) in
        [(StatutoryState::Employed, 2), (StatutoryState::ZeroEmployment, 1), (StatutoryState::NoLabour, 5)]
    {
        (0..times).for_each(|_| tally.add(state));
    }
    assert_eq!((tally.employed, tally.zero_employment, tally.no_labour, tally.rate()), (2, 1, 5, Some(6666)));
    let mut both = tally;
    both.merge(&tally);
    assert_eq!((both.employed, both.zero_employment, both.no_labour), (4, 2, 10));
}
