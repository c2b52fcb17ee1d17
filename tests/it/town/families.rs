//! People who belong together: ages, relations, school, skills, care.

use std::collections::BTreeSet;

use wangjia::domain::ages::completed_years;
use wangjia::domain::care;
use wangjia::domain::codes::{BarrierKind, CareKind, Channel, Health, LabourClass, Relation, SchoolStatus, Sex};
use wangjia::domain::resident_id::ResidentId;
use wangjia::domain::week::WeekHours;
use wangjia::town::Town;
use wangjia::town::model::{Building, Household, Person};
use wangjia::town::trades::{Industry, TRADES};

use super::{demo, small};

fn members<'a>(town: &'a Town, household: &'a Household) -> impl Iterator<Item = &'a Person> {
    household.members.iter().map(|&member| &town.people[member])
}

/// Whether `older` could be the mother or father of `younger`.
#[track_caller]
fn check_parent(older: &Person, younger: &Person) {
    let gap = completed_years(older.birth_date, younger.birth_date);
    assert!((18..=45).contains(&gap), "{} was {gap} when {} was born", older.name, younger.name);
}

#[test]
fn ages_fit_the_relations() {
    let town = demo(1);
    for household in &town.households {
        let of = |relation: Relation| members(&town, household).filter(move |person| person.relation == relation);
        assert_eq!(of(Relation::Head).count(), 1);
        assert!(of(Relation::Spouse).count() <= 1);
        assert_eq!(town.people[household.members[0]].relation, Relation::Head);
        let head = of(Relation::Head).next().unwrap();
        let spouse = of(Relation::Spouse).next();
        if let Some(spouse) = spouse {
            assert_ne!(head.sex, spouse.sex);
            assert!(head.age.abs_diff(spouse.age) <= 5);
            assert!(head.age >= 20 && spouse.age >= 20);
        }
        for child in of(Relation::Child) {
            check_parent(head, child);
            spouse.inspect(|spouse| check_parent(spouse, child));
        }
        for parent in of(Relation::Parent) {
            check_parent(parent, head);
        }
        for parent in of(Relation::ParentInLaw) {
            check_parent(parent, spouse.unwrap());
        }
        let young_parent = of(Relation::ChildInLaw).next();
        let married = of(Relation::Child).find(|child| young_parent.is_some() && child.age >= 20);
        for grandchild in of(Relation::Grandchild) {
            young_parent.inspect(|parent| check_parent(parent, grandchild));
            married.filter(|_| of(Relation::Child).count() == 1).inspect(|parent| check_parent(parent, grandchild));
            assert!(completed_years(head.birth_date, grandchild.birth_date) >= 36);
        }
        let names: BTreeSet<&str> = members(&town, household).map(|person| person.name.as_str()).collect();
        assert_eq!(names.len(), household.members.len());
        for &member in &household.members {
            assert_eq!(town.people[member].household, town.people[household.members[0]].household);
        }
    }
}

#[test]
fn three_generations_and_the_sizes_of_the_region() {
    let town = demo(2);
    let share = |wanted: &dyn Fn(&Household) -> bool| {
        town.households.iter().filter(|household| wanted(household)).count() * 100 / town.households.len()
    };
    let three = share(&|household| {
        let ages: Vec<u32> = members(&town, household).map(|person| person.age).collect();
        let (youngest, oldest) = (ages.iter().min().unwrap(), ages.iter().max().unwrap());
        *youngest < 30 && oldest - youngest > 40 && ages.len() >= 4
    });
    assert!((20..=60).contains(&three), "{three} in a hundred");
    assert!((3..=20).contains(&share(&|household| household.members.len() <= 2)));
    assert!((20..=40).contains(&share(&|household| household.members.len() == 4)));
    assert!(town.households.iter().all(|household| (1..=8).contains(&household.members.len())));
}

#[test]
fn numbers_are_unique_and_nobodys() {
    let town = demo(3);
    let mut ids = BTreeSet::new();
    let mut phones = BTreeSet::new();
    for person in &town.people {
        let id = ResidentId::parse(&person.id_number).unwrap();
        assert_eq!((id.birth_date(), id.sex(), id.area()), (person.birth_date, person.sex, "529900"));
        assert_eq!(completed_years(person.birth_date, town.plan.as_of), person.age.cast_signed());
        assert!(ids.insert(person.id_number.as_str()));
        if let Some(phone) = &person.phone {
            assert!(phone.starts_with("19900"));
            assert!(phones.insert(phone.as_str()));
        }
    }
    let short = phones.iter().filter(|phone| phone.len() != 11).count();
    assert_eq!(short, 2, "as many as the slips");
    let codes: BTreeSet<&str> = town.households.iter().map(|household| household.code.as_str()).collect();
    assert_eq!(codes.len(), town.households.len());
    let homes: BTreeSet<(usize, &str)> = town.households.iter().map(|h| (h.building, h.unit.as_str())).collect();
    assert_eq!(homes.len(), town.households.len(), "one family to a home");
    let flats: u32 = town.buildings.iter().map(Building::homes).sum();
    assert!((4232..4232 * 108 / 100).contains(&flats), "{flats} flats for 4,232 households");
    assert!(town.buildings.iter().all(|building| (6..=9).contains(&building.floors)));
}

#[test]
fn school_class_and_health_agree() {
    let town = demo(4);
    let slipped: BTreeSet<usize> = town.slips.iter().map(|slip| slip.person).collect();
    for (_, person) in town.people.iter().enumerate().filter(|(index, _)| !slipped.contains(index)) {
        let pupil = person.school.is_some_and(|school| school != SchoolStatus::NotInSchool);
        match person.age {
            0..6 => assert!(!pupil),
            6..16 => assert!(pupil),
            16..24 => {}
            _ => assert!(!pupil),
        }
        assert!(!(pupil && person.job.is_some()));
        match person.labour_class {
            Some(LabourClass::WeakOrHalf) => {
                assert!(person.age >= 60 || !matches!(person.health, None | Some(Health::Healthy)));
            }
            Some(LabourClass::Ordinary | LabourClass::Skilled) => assert!((16..60).contains(&person.age)),
            Some(LabourClass::Lost | LabourClass::None) => assert!(person.job.is_none()),
            None => assert!((16..60).contains(&person.age)),
        }
        if person.absence.is_some() {
            assert!(person.job.is_none());
        }
    }
}

#[test]
fn skills_follow_the_life() {
    let town = demo(5);
    let knows = |wanted: &dyn Fn(&Person) -> bool, industries: &[Industry]| {
        let people: Vec<&Person> = town.people.iter().filter(|p| wanted(p) && p.trade.is_some()).collect();
        let of_them = people.iter().filter(|person| industries.contains(&TRADES[person.trade.unwrap()].industry));
        of_them.count() * 100 / people.len()
    };
    let old_men = |p: &Person| p.sex == Sex::Male && (52..60).contains(&p.age);
    let women = |p: &Person| p.sex == Sex::Female && (30..46).contains(&p.age);
    let young = |p: &Person| p.age < 28;
    assert!(knows(&old_men, &[Industry::Building]) >= 35);
    assert!(knows(&women, &[Industry::Garments, Industry::Embroidery, Industry::Shoes]) >= 35);
    assert!(knows(&women, &[Industry::Building]) <= 3);
    assert!(knows(&young, &[Industry::Internet]) > knows(&old_men, &[Industry::Internet]));
    for person in &town.people {
        for held in &person.skills {
            assert!(held.months.is_none_or(|months| months <= (person.age - 17) * 12), "{} {held:?}", person.age);
        }
        let active = person.job.as_ref().is_some_and(|job| job.is_active(town.plan.as_of));
        assert!(!active || !person.skills.is_empty(), "whoever works can do something");
    }
}

#[test]
fn whoever_looks_after_somebody_can_be_there() {
    let town = demo(1);
    let mut mothers = 0;
    for household in &town.households {
        let grandparent = members(&town, household).any(|person| {
            person.age >= 60
                && person.relation != Relation::Child
                && care::can_care(
                    person.age.cast_signed(),
                    person.absence.is_none(),
                    person.labour_class == Some(LabourClass::Lost),
                )
        });
        for duty in &household.care {
            assert!(!duty.hours.is_empty());
            let Some(carer) = duty.carer else { continue };
            assert!(household.members.contains(&carer));
            let person = &town.people[carer];
            if let Some(job) = person.job.as_ref().filter(|job| job.is_active(town.plan.as_of)) {
                assert_ne!(job.channel, Channel::Outbound, "nobody looks after a child from another province");
                if let Some(posting) = job.posting.filter(|_| job.channel == Channel::MicroFactory) {
                    let work = WeekHours::of(&town.postings[posting].hours.spans());
                    assert!(!work.overlaps(&WeekHours::of(&duty.hours.spans())));
                }
            }
            let park = person.job.as_ref().is_some_and(|job| job.channel == Channel::MicroFactory);
            if duty.kind == CareKind::Child && !park {
                assert!(!grandparent, "a fit grandparent looks after the child");
                mothers += usize::from(person.sex == Sex::Female && person.age < 46);
            }
        }
    }
    assert!(mothers > 200, "{mothers} mothers with small children");
    let held_back = town.people.iter().filter(|person| person.barrier == Some(BarrierKind::Care)).count();
    assert!(held_back > 200);
}

#[test]
fn a_few_cells_are_empty_and_a_few_slips_are_made() {
    let town = demo(2);
    assert_eq!(town.slips.len(), 9);
    assert!(small(2).slips.is_empty());
    let rate =
        |missing: &dyn Fn(&&Person) -> bool| town.people.iter().filter(missing).count() * 1000 / town.people.len();
    assert!((1..=40).contains(&rate(&|person| person.age >= 6 && person.education.is_none())));
    assert!((1..=20).contains(&rate(&|person| person.health.is_none())));
    assert!((50..=700).contains(&rate(&|person| person.age >= 16 && person.wishes.willing.is_none())));
}
