//! Who are they? Names, birth dates, schooling, health and labour class of every member.
//!
//! Invariants: ID numbers and phone numbers are unique and cannot be a real person's (area code 529900 is not assigned,
//! phone numbers run on from 199 0000 0000); the number of residents who are employable on the day is the plan's, because how
//! many of the 16 to 23 year olds are still at school is settled last.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::dice::{Dice, Stage};
use super::families::{self, Draft};
use super::model::{Capacity, Household, Person, Timetable, Wishes};
use super::places::Places;
use super::{TownError, TownPlan, names};
use crate::domain::codes::{Absence, Education, Health, LabourClass, MonitoringClass, Relation, SchoolStatus, Sex};
use crate::domain::resident_id::ResidentId;

/// Not assigned to any county (law.md §7): no real ID number begins with it.
const AREA_CODE: &str = "529900";
/// Phone numbers run on from here in a scattered order.
const FIRST_PHONE: u64 = 19_900_000_000;

pub(super) struct Settled {
    pub(super) households: Vec<Household>,
    pub(super) people: Vec<Person>,
}

/// Families in their homes, schooling settled.
pub(super) fn build(plan: &TownPlan, places: &Places) -> Result<Settled, TownError> {
    let mut family_dice = Dice::new(plan.seed, Stage::Families);
    let mut dice = Dice::new(plan.seed, Stage::Residents);
    let sizes = families::sizes(&mut family_dice, plan.households, plan.n_people());
    let mut numbers = Numbers { as_of: plan.as_of, orders: BTreeMap::new(), phones: 0 };
    // A block was filled from one or two townships.
    let origins: Vec<(&str, &str)> =
        places.buildings.iter().map(|_| (dice.pick(&names::TOWNSHIPS), dice.pick(&names::TOWNSHIPS))).collect();

    let mut households = Vec::with_capacity(sizes.len());
    let mut people = Vec::with_capacity(plan.n_people() as usize);
    for (index, (size, (building, unit))) in sizes.iter().zip(&places.homes).enumerate() {
        let drafts = families::compose(&mut family_dice, *size);
        let members: Vec<usize> = (people.len()..people.len() + drafts.len()).collect();
        settle(&mut dice, index, &drafts, &mut numbers, &mut people)?;
        let (main, second) = origins[*building];
        let township = match dice.between(0, 9) {
            0 => dice.pick(&names::TOWNSHIPS),
            1..=3 => second,
            _ => main,
        };
        let monitoring = dice.weighted(&[
            (MonitoringClass::None, 970),
            (MonitoringClass::Unstable, 12),
            (MonitoringClass::Marginal, 11),
            (MonitoringClass::SuddenHardship, 7),
        ]);
        households.push(Household {
            code: format!("WJ{:06}", index + 1),
            building: *building,
            unit: unit.clone(),
            township,
            monitoring,
            members,
            care: Vec::new(),
        });
    }
    go_to_school(&mut dice, &mut people, plan.n_labourers(&mut family_dice));
    for person in &mut people {
        person.education = education(&mut dice, person);
    }
    Ok(Settled { households, people })
}

/// Whether the person can work on the town's date: the same rule as `domain::employability`, on the generator's own fields.
pub(super) fn is_employable(person: &Person) -> bool {
    (16..=59).contains(&person.age)
        && person.absence.is_none()
        && person.school.is_none_or(|school| school == SchoolStatus::NotInSchool)
        && !matches!(person.labour_class, Some(LabourClass::Lost | LabourClass::None))
}

struct Numbers {
    as_of: NaiveDate,
    /// Order numbers given out per birth date and sex.
    orders: BTreeMap<(NaiveDate, Sex), u16>,
    phones: u64,
}

impl Numbers {
    /// A birth date that makes the person `age` completed years old, and the ID number for it. Never a birthday today: who
    /// turns 16 or 60 on the very day is a question for the rules' own tests.
    fn birth(&mut self, dice: &mut Dice, age: u32, sex: Sex) -> Result<(NaiveDate, String), TownError> {
        let out_of_range = || TownError::Date(self.as_of);
        let birthday = self.as_of.checked_sub_months(Months::new(age * 12)).ok_or_else(out_of_range)?;
        let birth = birthday.checked_sub_days(Days::new(u64::from(dice.between(1, 363)))).ok_or_else(out_of_range)?;
        let taken = self.orders.entry((birth, sex)).or_insert(0);
        // The 17th digit is odd for men; 449 pairs of orders from 101 on.
        let order = 101 + (*taken * 2) + u16::from(sex == Sex::Female);
        *taken += 1;
        let id = (order <= 999).then(|| ResidentId::compose(AREA_CODE, birth, order)).flatten();
        Ok((birth, id.ok_or(TownError::Crowded(birth))?.as_str().to_owned()))
    }

    /// The next unused phone number; 271,617 has no factor in common with
    /// a million, so every block of a million numbers is used up exactly once.
    fn phone(&mut self) -> String {
        let n = self.phones;
        self.phones += 1;
        (FIRST_PHONE + n / 1_000_000 * 1_000_000 + (n % 1_000_000) * 271_617 % 1_000_000).to_string()
    }
}

/// Turns the drafts of one household into people.
fn settle(
    dice: &mut Dice,
    household: usize,
    drafts: &[Draft],
    numbers: &mut Numbers,
    people: &mut Vec<Person>,
) -> Result<(), TownError> {
    let surname = names::surname(dice);
    let ethnicity = names::ethnicity(dice);
    let mut names_used: Vec<String> = Vec::with_capacity(drafts.len());
    let shared = dice.chance(450).then(|| names::generation_character(dice, 1990));
    let head_is_male = drafts.first().is_some_and(|head| head.sex == Sex::Male);
    // A spouse's parents bear the spouse's name: the father's at least.
    let spouse_surname = names::surname(dice);
    for draft in drafts {
        let (birth_date, id_number) = numbers.birth(dice, draft.age, draft.sex)?;
        let of_family = match draft.relation {
            Relation::Head | Relation::Spouse => {
                head_is_male == (draft.relation == Relation::Head) || draft.sex == Sex::Male
            }
            Relation::Parent => draft.sex == Sex::Male && head_is_male,
            Relation::ParentInLaw => draft.sex == Sex::Male && !head_is_male,
            Relation::Child | Relation::Grandchild => true,
            Relation::Sibling => head_is_male,
            _ => false,
        };
        let family_name = match draft.relation {
            _ if of_family => surname,
            Relation::Head | Relation::Spouse | Relation::Sibling => spouse_surname,
            Relation::Parent | Relation::ParentInLaw if draft.sex == Sex::Male => spouse_surname,
            _ => names::surname(dice),
        };
        let ethnicity = if of_family || dice.chance(550) { ethnicity } else { names::ethnicity(dice) };
        let generation = if draft.relation == Relation::Child { shared } else { None };
        let mut name;
        loop {
            name = format!("{family_name}{}", names::given(dice, draft.sex, birth_date.year(), ethnicity, generation));
            if !names_used.contains(&name) {
                break;
            }
        }
        names_used.push(name.clone());
        let (health, labour_class) = health_and_class(dice, draft.age);
        let absence = absence(dice, draft, labour_class);
        let has_phone = match draft.age {
            0..14 => false,
            14..18 => dice.chance(400),
            18..60 => dice.chance(965),
            60..75 => dice.chance(750),
            _ => dice.chance(150),
        };
        people.push(Person {
            household,
            name,
            relation: draft.relation,
            sex: draft.sex,
            birth_date,
            age: draft.age,
            id_number,
            ethnicity,
            education: None,
            health,
            labour_class,
            school: school_of_child(draft.age),
            absence,
            phone: has_phone.then(|| numbers.phone()),
            job: None,
            trade: None,
            skills: Vec::new(),
            certificates: Vec::new(),
            wishes: Wishes::default(),
            capacity: Capacity::default(),
            barrier: None,
            unavailable: Timetable::default(),
            public_welfare_months: None,
            hazard_check_until: None,
            note: None,
        });
    }
    Ok(())
}

/// Health and class agree: nobody of working age is weak and healthy at once, nobody over 59 is ordinary.
fn health_and_class(dice: &mut Dice, age: u32) -> (Option<Health>, Option<LabourClass>) {
    use Health::{ChronicIllness, Disabled, Healthy, SeriousIllness};
    use LabourClass::{Lost, None, Ordinary, Skilled, WeakOrHalf};
    let class = match age {
        0..16 => None,
        16..22 => dice.weighted(&[(Ordinary, 972), (Skilled, 8), (WeakOrHalf, 10), (Lost, 4), (None, 6)]),
        22..46 => dice.weighted(&[(Ordinary, 806), (Skilled, 140), (WeakOrHalf, 28), (Lost, 12), (None, 14)]),
        46..60 => dice.weighted(&[(Ordinary, 685), (Skilled, 75), (WeakOrHalf, 180), (Lost, 35), (None, 25)]),
        60..66 => dice.weighted(&[(WeakOrHalf, 560), (None, 400), (Lost, 40)]),
        66..72 => dice.weighted(&[(WeakOrHalf, 240), (None, 690), (Lost, 70)]),
        _ => dice.weighted(&[(WeakOrHalf, 20), (None, 880), (Lost, 100)]),
    };
    let health = match (age, class) {
        (0..16, _) => dice.weighted(&[(Healthy, 983), (ChronicIllness, 7), (SeriousIllness, 3), (Disabled, 7)]),
        (_, Lost) => dice.weighted(&[(Disabled, 60), (SeriousIllness, 40)]),
        (16..60, None) => dice.weighted(&[(Disabled, 75), (SeriousIllness, 25)]),
        (16..60, WeakOrHalf) => dice.weighted(&[(ChronicIllness, 70), (Disabled, 26), (SeriousIllness, 4)]),
        (16..60, _) => dice.weighted(&[(Healthy, 940), (ChronicIllness, 55), (Disabled, 5)]),
        _ => dice.weighted(&[(Healthy, 560), (ChronicIllness, 350), (SeriousIllness, 40), (Disabled, 50)]),
    };
    // Some cells of a real ledger stand empty; weak people's never do, or their class would look unfounded.
    let health_known = class == WeakOrHalf || !dice.chance(8);
    let class_known = matches!(class, WeakOrHalf | Lost | None) || !dice.chance(6);
    (health_known.then_some(health), class_known.then_some(class))
}

fn absence(dice: &mut Dice, draft: &Draft, class: Option<LabourClass>) -> Option<Absence> {
    let helpless = matches!(class, Some(LabourClass::Lost | LabourClass::None));
    match (draft.age, draft.sex) {
        (18..=24, Sex::Male) if !helpless && dice.chance(22) => Some(Absence::MilitaryService),
        (20..=55, Sex::Male) if draft.relation != Relation::Head && dice.chance(5) => Some(Absence::Prison),
        (25..=59, _) if dice.chance(2) => Some(Absence::Missing),
        (16..=90, _) if helpless && dice.chance(22) => Some(Absence::LongTermCare),
        _ => None,
    }
}

const fn school_of_child(age: u32) -> Option<SchoolStatus> {
    match age {
        0..6 => Some(SchoolStatus::NotInSchool),
        6..12 => Some(SchoolStatus::InSchool),
        12..16 => Some(SchoolStatus::MiddleSchool),
        _ => None,
    }
}

/// Sends as many of the 16 to 23 year olds to school as leaves `labourers` employable, the youngest first.
fn go_to_school(dice: &mut Dice, people: &mut [Person], labourers: u32) {
    // Without any pupil among them:
    let employable = people.iter().filter(|person| is_employable(person)).count();
    let pupils = employable.saturating_sub(labourers as usize);
    let young =
        people.iter().enumerate().filter(|(_, person)| (16..=23).contains(&person.age) && is_employable(person));
    // Likely still at school, in a thousand, by age from 16 to 23.
    let likely = [950, 900, 800, 480, 420, 360, 220, 120];
    let ranked =
        dice.ranked(young.map(|(index, person)| (index, likely[(person.age - 16) as usize])).collect::<Vec<_>>(), 900);
    for (rank, &index) in ranked.iter().enumerate() {
        people[index].school = Some(if rank >= pupils {
            SchoolStatus::NotInSchool
        } else if people[index].age <= 18 {
            dice.weighted(&[
                (SchoolStatus::MiddleSchool, 55),
                (SchoolStatus::VocationalSchool, 30),
                (SchoolStatus::TechnicalSchool, 15),
            ])
        } else {
            dice.weighted(&[(SchoolStatus::University, 65), (SchoolStatus::VocationalSchool, 35)])
        });
    }
    for person in people.iter_mut().filter(|person| person.school.is_none()) {
        // Nobody asks a man of fifty: the cell stands empty now and then.
        let asked = person.age < 25 || !dice.chance(4);
        person.school = asked.then_some(SchoolStatus::NotInSchool);
    }
}

fn education(dice: &mut Dice, person: &Person) -> Option<Education> {
    use Education::{Bachelor, College, JuniorMiddle, None as Unschooled, Primary, SeniorMiddle, Vocational};
    let at_school = person.school.is_some_and(|school| school != SchoolStatus::NotInSchool);
    // A woman of the older villages went to school a few years less than her brothers.
    let woman = u32::from(person.sex == Sex::Female);
    let education = match person.age {
        0..6 => return None,
        6..12 => Primary,
        12..15 => JuniorMiddle,
        15..19 if at_school => match person.school {
            Some(SchoolStatus::VocationalSchool | SchoolStatus::TechnicalSchool) => Vocational,
            _ if person.age < 16 => JuniorMiddle,
            _ => SeniorMiddle,
        },
        _ if at_school => dice.weighted(&[(College, 60), (Bachelor, 40)]),
        15..22 => dice.weighted(&[(JuniorMiddle, 55), (SeniorMiddle, 20), (Vocational, 25)]),
        22..30 => dice.weighted(&[
            (Primary, 5),
            (JuniorMiddle, 42),
            (SeniorMiddle, 16),
            (Vocational, 17),
            (College, 13),
            (Bachelor, 7),
        ]),
        30..45 => dice.weighted(&[
            (Unschooled, 2 + 3 * woman),
            (Primary, 22 + 10 * woman),
            (JuniorMiddle, 52),
            (SeniorMiddle, 11),
            (Vocational, 6),
            (College, 4),
            (Bachelor, 1),
        ]),
        45..60 => dice.weighted(&[
            (Unschooled, 7 + 14 * woman),
            (Primary, 45 + 8 * woman),
            (JuniorMiddle, 38),
            (SeniorMiddle, 8),
            (Vocational, 2),
        ]),
        _ => dice.weighted(&[(Unschooled, 30 + 30 * woman), (Primary, 50), (JuniorMiddle, 13), (SeniorMiddle, 2)]),
    };
    (!dice.chance(12)).then_some(education)
}
