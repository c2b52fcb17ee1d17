//! Who must be at home, and when? Small children, the very old and the ill, and who looks after them.
//!
//! Invariant: whoever stays at home takes no job that would leave the one they look after alone. Where a grandparent fit
//! to care lives in the house, a child asks for nobody else's hours.

use super::TownPlan;
use super::dice::{Dice, Stage};
use super::model::{CareDuty, Household, Person, Timetable};
use super::residents::is_employable;
use crate::domain::care;
use crate::domain::codes::{CareKind, Health, LabourClass, Relation, SchoolStatus, Sex};

/// How much of the day a person gives to somebody at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AtHome {
    Free,
    /// Part of the day: other hours can be worked near home.
    Partly,
    WholeDay,
}

/// Care duties of every household; the answer says for each person how much of the day they give.
pub(super) fn build(plan: &TownPlan, households: &mut [Household], people: &[Person]) -> Vec<AtHome> {
    let mut dice = Dice::new(plan.seed, Stage::Home);
    let mut at_home = vec![AtHome::Free; people.len()];
    for household in households {
        let youngest = household.members.iter().map(|&member| people[member].age).min().unwrap_or(99);
        // Not every need is written down: about one child in five is seen to without the ledger knowing.
        if youngest <= 9
            && !household.members.iter().any(|&member| is_fit_grandparent(&people[member]))
            && !dice.chance(if youngest <= 2 { 100 } else { 250 })
        {
            let carer = child_carer(&mut dice, household, people);
            let (hours, load) = child_hours(&mut dice, youngest);
            add(&mut dice, household, people, &mut at_home, CareKind::Child, carer, hours, load);
        }
        let frail = household.members.iter().copied().find(|&member| is_frail(&people[member]));
        if let Some(frail) = frail.filter(|_| dice.chance(300)) {
            let kind = if people[frail].age >= 78 { CareKind::Elder } else { CareKind::Patient };
            let carer = adult_carer(household, people, frail);
            let hours = Timetable::new(&[(1, 7, dice.pick(&FRAIL_HOURS))]);
            add(&mut dice, household, people, &mut at_home, kind, carer, hours, AtHome::Partly);
        }
    }
    at_home
}

/// Meals, medicine and the evening.
const FRAIL_HOURS: [&[(u16, u16)]; 4] =
    [&[(690, 780), (1050, 1140)], &[(480, 540), (720, 810), (1080, 1140)], &[(540, 660), (900, 1020)], &[(720, 810)]];

fn child_hours(dice: &mut Dice, age: u32) -> (Timetable, AtHome) {
    match age {
        0..3 => (Timetable::new(&[(1, 6, &[(480, 1080)])]), AtHome::WholeDay),
        // Kindergarten: to the gate in the morning, from the gate in the afternoon.
        3..7 => {
            let spans =
                dice.pick(&[&[(420, 510), (990, 1110)], &[(450, 510), (960, 1080)], &[(420, 480), (990, 1080)]]);
            (Timetable::new(&[(1, 5, spans)]), AtHome::Partly)
        }
        _ => (Timetable::new(&[(1, 5, dice.pick(&[&[(990, 1080)], &[(960, 1050)]]))]), AtHome::Partly),
    }
}

fn has_lost_capacity(person: &Person) -> bool {
    matches!(person.labour_class, Some(LabourClass::Lost | LabourClass::None))
}

/// Somebody past working age who can look after a child all day.
fn is_fit_grandparent(person: &Person) -> bool {
    person.age >= 60
        && person.relation != Relation::Child
        && care::can_care(
            person.age.cast_signed(),
            person.absence.is_none(),
            person.labour_class == Some(LabourClass::Lost),
        )
}

fn is_frail(person: &Person) -> bool {
    let ill = matches!(person.health, Some(Health::SeriousIllness | Health::Disabled));
    person.absence.is_none() && (person.age >= 82 || (ill && has_lost_capacity(person)))
}

/// Mostly the mother; in one family in four the grandmother who is not yet sixty, in one of twelve a man.
fn child_carer(dice: &mut Dice, household: &Household, people: &[Person]) -> Option<usize> {
    let adults = household.members.iter().copied().filter(|&member| {
        let person = &people[member];
        person.age >= 20 && person.age < 62 && is_employable(person)
    });
    let (men_first, grandmother_first) = (dice.chance(80), dice.chance(250));
    adults.min_by_key(|&member| {
        let person = &people[member];
        let grandmother = person.age >= 45 && person.sex == Sex::Female;
        ((person.sex == Sex::Male) != men_first, grandmother != grandmother_first, person.age)
    })
}

fn adult_carer(household: &Household, people: &[Person], frail: usize) -> Option<usize> {
    let able = household.members.iter().copied().filter(|&member| {
        let person = &people[member];
        member != frail
            && !has_lost_capacity(person)
            && person.school.is_none_or(|school| school == SchoolStatus::NotInSchool)
            && care::can_care(person.age.cast_signed(), person.absence.is_none(), false)
    });
    // Older people first: they earn least elsewhere.
    able.max_by_key(|&member| (people[member].age >= 45, people[member].sex == Sex::Female, people[member].age))
}

#[expect(clippy::too_many_arguments, reason = "called from one place, for two kinds of duty")]
fn add(
    dice: &mut Dice,
    household: &mut Household,
    people: &[Person],
    at_home: &mut [AtHome],
    kind: CareKind,
    carer: Option<usize>,
    hours: Timetable,
    load: AtHome,
) {
    let Some(carer) = carer else { return };
    at_home[carer] = at_home[carer].max(load);
    // Half of the duties name their carer; in a home with one adult it goes without saying.
    let named = dice.chance(520);
    let adults = household.members.iter().filter(|&&member| people[member].age >= 18).count();
    household.care.push(CareDuty { kind, carer: (named && adults > 1).then_some(carer), hours });
}
