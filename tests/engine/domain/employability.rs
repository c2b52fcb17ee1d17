use chrono::NaiveDate;
use wangjia::domain::ages::LabourAge;
use wangjia::domain::codes::{Absence, LabourClass, SchoolStatus};
use wangjia::domain::employability::*;

use super::day;

const TODAY: &str = "2026-11-23";

fn worker() -> PersonFacts {
    PersonFacts {
        birth_date: Some(day("1985-04-01")),
        labour_class: Some(LabourClass::Ordinary),
        school: Some(SchoolStatus::NotInSchool),
        ..PersonFacts::default()
    }
}

fn on(person: PersonFacts, date: NaiveDate) -> Employability {
    employability(&person, date, &LabourAge::default())
}

#[track_caller]
fn is_not(person: PersonFacts, why: NotEmployable) {
    assert_eq!(on(person, day(TODAY)), Employability::NotEmployable(why));
    assert_eq!(not_employable(&person, day(TODAY), &LabourAge::default()), Some(why));
}

#[test]
fn a_grown_member_of_the_household_is_employable() {
    assert_eq!(on(worker(), day(TODAY)), Employability::Employable { unknown: vec![] });
    // Neither unwillingness nor the weak class exempts.
    for person in [
        PersonFacts { willing: Some(false), ..worker() },
        PersonFacts { labour_class: Some(LabourClass::WeakOrHalf), ..worker() },
    ] {
        assert!(on(person, day(TODAY)).is_employable());
    }
}

#[test]
fn every_reason_is_named() {
    is_not(PersonFacts { died_on: Some(day(TODAY)), ..worker() }, NotEmployable::Deceased);
    is_not(PersonFacts { member_until: Some(day(TODAY)), ..worker() }, NotEmployable::NotAMember);
    is_not(PersonFacts { member_from: Some(day("2026-11-24")), ..worker() }, NotEmployable::NotAMember);
    is_not(PersonFacts { birth_date: Some(day("2010-11-23")), ..worker() }, NotEmployable::UnderAge);
    is_not(PersonFacts { birth_date: Some(day("1966-11-23")), ..worker() }, NotEmployable::OverAge);
    for school in SchoolStatus::ALL.iter().filter(|s| **s != SchoolStatus::NotInSchool) {
        is_not(PersonFacts { school: Some(*school), ..worker() }, NotEmployable::InSchool);
    }
    for (absence, why) in [
        (Absence::MilitaryService, NotEmployable::MilitaryService),
        (Absence::Prison, NotEmployable::Prison),
        (Absence::LongTermCare, NotEmployable::LongTermCare),
        (Absence::Missing, NotEmployable::Missing),
    ] {
        is_not(PersonFacts { absence: Some(absence), ..worker() }, why);
    }
    is_not(PersonFacts { labour_class: Some(LabourClass::Lost), ..worker() }, NotEmployable::LostCapacity);
    is_not(PersonFacts { labour_class: Some(LabourClass::None), ..worker() }, NotEmployable::NoCapacity);
}

#[test]
fn both_sides_of_every_edge() {
    assert!(on(PersonFacts { died_on: Some(day("2026-11-24")), ..worker() }, day(TODAY)).is_employable());
    assert!(on(PersonFacts { member_until: Some(day("2026-11-24")), ..worker() }, day(TODAY)).is_employable());
    assert!(on(PersonFacts { member_from: Some(day(TODAY)), ..worker() }, day(TODAY)).is_employable());
    assert!(on(PersonFacts { birth_date: Some(day("2010-11-22")), ..worker() }, day(TODAY)).is_employable());
    assert!(on(PersonFacts { birth_date: Some(day("1966-11-24")), ..worker() }, day(TODAY)).is_employable());
}

#[test]
fn what_is_not_recorded_excludes_nobody_and_is_listed() {
    assert_eq!(
        on(PersonFacts::default(), day(TODAY)),
        Employability::Employable { unknown: vec![Unrecorded::BirthDate, Unrecorded::School, Unrecorded::LabourClass] }
    );
    assert_eq!(
        on(PersonFacts { school: None, ..worker() }, day(TODAY)),
        Employability::Employable { unknown: vec![Unrecorded::School] }
    );
}

#[test]
fn the_first_reason_in_order_is_told() {
    let person = PersonFacts {
        died_on: Some(day("2020-01-01")),
        member_until: Some(day("2020-01-01")),
        school: Some(SchoolStatus::University),
        labour_class: Some(LabourClass::Lost),
        ..worker()
    };
    is_not(person, NotEmployable::Deceased);
    is_not(PersonFacts { died_on: None, ..person }, NotEmployable::NotAMember);
    is_not(PersonFacts { died_on: None, member_until: None, ..person }, NotEmployable::InSchool);
}
