//! Resident rows into engine residents: current members only, without any protected field.
//!
//! Invariant: whose health may not be used (no basis, no consent, or a refusal) is a person of whom no labour class, limit or health
//! check is known. The gate `capacity` then cannot fail: it passes a post of the lightest kind and is unknown for any other,
//! which the policy lets pass with a caveat to ask; a post with hazards gets the caveat of the missing check.

use chrono::NaiveDate;

use super::Scope;
use super::care::Care;
use super::names::{Names, ResidentName};
use crate::app::coverage::facts::{Facts, People};
use crate::app::error::AppError;
use crate::app::grouped::Grouped;
use crate::app::numbers::{spans, to_u8, to_u16, to_u32};
use crate::app::privacy::consents::Permitted;
use crate::app::vocabulary::SnapshotVocabulary;
use crate::db::AnyConnection;
use crate::db::snapshot::{self as rows, ResidentTerms, WishFacts};
use crate::domain::ages::retirement_range;
use crate::domain::codes::{Channel, Region, Sex, Shift, WishKind};
use crate::domain::coverage::{CoverageRules, MemberFacts};
use crate::domain::tenure::months_of_union;
use crate::domain::week::WeekHours;
use crate::engine::input::{HeldCertificate, HeldSkill, Resident, SkillId, Unavailable};

struct Tables {
    terms: Grouped<ResidentTerms>,
    skills: Grouped<rows::ResidentSkillFacts>,
    certificates: Grouped<rows::ResidentCertificateFacts>,
    hours: Grouped<rows::UnavailableHours>,
    wishes: Grouped<WishFacts>,
    ruled_out: Grouped<rows::RuledOutFacts>,
    declines: Grouped<rows::DeclineFacts>,
    turned_down: Grouped<rows::TurnedDownFacts>,
}

fn read(conn: &mut AnyConnection, only: Option<&[i64]>) -> Result<Tables, AppError> {
    Ok(Tables {
        terms: Grouped::by(|row| row.id, rows::all_resident_terms(conn, only)?),
        skills: Grouped::by(|row| row.resident_id, rows::all_resident_skills(conn, only)?),
        certificates: Grouped::by(|row| row.resident_id, rows::all_resident_certificates(conn, only)?),
        hours: Grouped::by(|row| row.resident_id, rows::all_unavailable_hours(conn, only)?),
        wishes: Grouped::by(|row| row.resident_id, rows::all_wishes(conn, only)?),
        ruled_out: Grouped::by(|row| row.resident_id, rows::all_ruled_out(conn, only)?),
        declines: Grouped::by(|row| row.resident_id, rows::all_declines(conn, only)?),
        turned_down: Grouped::by(|row| row.resident_id, rows::all_turned_down(conn, only)?),
    })
}

/// What is read already.
pub struct Known<'k> {
    pub facts: &'k Facts,
    pub people: &'k People,
    pub care: &'k Care,
    pub permitted: &'k Permitted,
}

/// The current members of all households, by resident id.
pub fn load(
    conn: &mut AnyConnection,
    &Known { facts, people, care, permitted }: &Known<'_>,
    vocabulary: &mut SnapshotVocabulary,
    names: &mut Names,
    (scope, as_of, rules): (Scope<'_>, NaiveDate, &CoverageRules),
) -> Result<Vec<Resident>, AppError> {
    let mut members: Vec<(&MemberFacts, u32)> = Vec::new();
    for (household, index) in facts.households.iter().zip(0u32..) {
        let current = household.members.iter().filter(|member| member.person.is_member(as_of));
        members.extend(current.map(|member| (member, index)));
    }
    members.sort_unstable_by_key(|(member, _)| member.resident);
    let ids: Option<Vec<i64>> = scope.household().map(|_| members.iter().map(|(member, _)| member.resident).collect());
    let tables = read(conn, ids.as_deref())?;
    let mut residents = Vec::with_capacity(members.len());
    for (member, household) in members {
        let id = member.resident;
        let (Some(terms), Some(person)) = (tables.terms.one(id), people.residents.one(id)) else { continue };
        let mut resident = Resident {
            id,
            household,
            birth_date: Some(person.birth_date),
            unavailable: unavailable(member, terms, as_of, rules),
            no_capacity: member.person.has_no_capacity(),
            max_physical_grade: to_u8(terms.max_physical_grade),
            max_load_kg: to_u16(terms.max_load_kg),
            no_forced_posture: terms.no_forced_posture,
            care_hours: care.hours.get(&id).copied().unwrap_or_default(),
            willing: person.willing,
            restricted_by_law: person.sex == Sex::Female,
            hazard_check_until: terms.hazard_check_until,
            public_welfare_months: to_u16(terms.public_welfare_months),
            retirement: Some(retirement_range(person.sex, person.retirement_group, person.birth_date)),
            max_minutes: to_u16(terms.max_minutes),
            minutes_to_park: facts.places.get(household as usize).and_then(|place| place.minutes_to_park),
            pay_floor: to_u32(terms.pay_floor),
            expected_pay: to_u32(terms.expected_pay),
            ..Resident::default()
        };
        if !permitted.health(id) {
            forget_health(&mut resident);
        }
        add_lists(&mut resident, (&tables, people.spells.of(id)), vocabulary, names, as_of);
        residents.push(resident);
        let left_out = terms.no_automated_recommendation || !permitted.in_lists(id);
        names.add_resident(ResidentName { id, name: person.name.clone(), household }, left_out);
    }
    Ok(residents)
}

/// See the module docs.
fn forget_health(resident: &mut Resident) {
    resident.no_capacity = false;
    resident.max_physical_grade = None;
    resident.max_load_kg = None;
    resident.no_forced_posture = None;
    resident.hazard_check_until = None;
}

fn unavailable(
    member: &MemberFacts,
    terms: &ResidentTerms,
    as_of: NaiveDate,
    rules: &CoverageRules,
) -> Option<Unavailable> {
    let person = &member.person;
    if !person.is_current_member(as_of) {
        return Some(Unavailable::Deceased);
    }
    if terms.restricted {
        return Some(Unavailable::Restricted);
    }
    if person.is_in_school() {
        return Some(Unavailable::InSchool);
    }
    if let Some(absence) = person.absence {
        return Some(Unavailable::Away(absence));
    }
    let has_job = member
        .spells
        .iter()
        .any(|spell| spell.is_active(as_of) && (rules.farming_counts || spell.channel != Channel::Farming));
    (has_job && !terms.seeking_change).then_some(Unavailable::Employed)
}

fn add_lists(
    resident: &mut Resident,
    (tables, spells): (&Tables, &[rows::SpellRow]),
    vocabulary: &mut SnapshotVocabulary,
    names: &mut Names,
    as_of: NaiveDate,
) {
    let id = resident.id;
    let away = tables.hours.of(id).iter().map(|h| (h.weekday, h.from_minute, h.to_minute));
    resident.unavailable_hours = WeekHours::of(&spans(away));
    for row in tables.skills.of(id) {
        let skill = vocabulary.skill(row.skill_id, &row.name);
        let months = to_u16(row.months);
        resident.skills.push(HeldSkill { skill, level: to_u8(Some(row.level)).unwrap_or(1), months });
        if let Some(months) = months {
            add_experience(&mut resident.experience, skill, months);
        }
    }
    for (skill, intervals) in worked(spells, vocabulary, as_of) {
        match u16::try_from(months_of_union(intervals)).unwrap_or(u16::MAX) {
            0 => {}
            months => add_experience(&mut resident.experience, skill, months),
        }
    }
    for row in tables.certificates.of(id) {
        let name = names.intern(&row.normalised);
        resident.certificates.push(HeldCertificate { name, valid_until: row.valid_until });
    }
    resident.ruled_out = codes(tables.ruled_out.of(id), |row| Some(row.kind));
    resident.declined = codes(tables.declines.of(id), |row| Some((row.posting_id, row.declined_on)));
    resident.declined.extend(codes(tables.turned_down.of(id), |row| Some((row.posting_id, row.moved_on))));
    for wish in tables.wishes.of(id) {
        add_wish(resident, wish, vocabulary, names);
    }
}

fn codes<R, T>(rows: &[R], value: impl Fn(&R) -> Option<T>) -> Vec<T> {
    rows.iter().filter_map(value).collect()
}

fn add_wish(resident: &mut Resident, wish: &WishFacts, vocabulary: &mut SnapshotVocabulary, names: &mut Names) {
    let value = wish.value.as_str();
    match wish.kind {
        WishKind::Occupation => resident.wished_occupations.push(vocabulary.skill(None, value)),
        WishKind::Industry => resident.wished_industries.push(names.intern(value)),
        WishKind::Employer => resident.wished_employers.push(names.intern(value)),
        WishKind::Province => resident.wished_provinces.push(names.intern(value)),
        WishKind::Channel => resident.channels_accepted.extend(Channel::from_code(value)),
        WishKind::Region => resident.regions_accepted.extend(Region::from_code(value)),
        WishKind::Shift => resident.wished_shifts.extend(Shift::from_code(value)),
    }
}

/// Months in an occupation count once: what the person says of a skill and what all spells together say are not added up,
/// the longer one holds.
fn add_experience(experience: &mut Vec<(SkillId, u16)>, skill: SkillId, months: u16) {
    match experience.iter_mut().find(|(known, _)| *known == skill) {
        Some((_, known)) => *known = (*known).max(months),
        None => experience.push((skill, months)),
    }
}

/// The days worked in each occupation until a day, spell by spell; occupations in the order they are met. A spell of unknown
/// start or occupation tells nothing.
fn worked(
    spells: &[rows::SpellRow],
    vocabulary: &mut SnapshotVocabulary,
    as_of: NaiveDate,
) -> Vec<(SkillId, Vec<(NaiveDate, NaiveDate)>)> {
    let mut worked: Vec<(SkillId, Vec<(NaiveDate, NaiveDate)>)> = Vec::new();
    for row in spells {
        let (Some(skill), Some(start)) = (row.skill_id, row.start_on) else { continue };
        let skill = vocabulary.skill(Some(skill), "");
        let interval = (start, row.end_on.map_or(as_of, |end| end.min(as_of)));
        match worked.iter_mut().find(|(known, _)| *known == skill) {
            Some((_, intervals)) => intervals.push(interval),
            None => worked.push((skill, vec![interval])),
        }
    }
    worked
}
