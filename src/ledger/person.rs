//! Rows about people → records.

use chrono::NaiveDate;

use super::course;
use super::field::Field as F;
use super::finding::FindingCode as C;
use super::head::SheetKind;
use super::job::{self, Employment};
use super::phrase;
use super::record::{HouseholdCounts, HouseholdWords, JobRow, PersonFacts, PersonRow, TrainingRow};
use super::row::RowCells;
use super::{sheet_name, words};
use crate::domain::ages::completed_years;
use crate::domain::codes::{Channel, Health, LabourClass, MonitoringClass, Relation, WishKind};
use crate::domain::provinces::PROVINCES;
use crate::domain::resident_id::ResidentId;

/// What a row about a person becomes: the person, and what else its columns tell.
pub struct Read {
    pub person: PersonRow,
    pub jobs: Vec<JobRow>,
    pub course: Option<TrainingRow>,
}

/// A row of a labour ledger, member list or household list. `None` if the row cannot be stored.
pub fn person(cells: &mut RowCells<'_>, kind: SheetKind) -> Option<Read> {
    let household_list = kind == SheetKind::Household;
    let (name_field, id_field) = if household_list { (F::HeadName, F::HeadId) } else { (F::Name, F::IdNumber) };
    let name = cells.person_name(name_field);
    if name.is_none() && !cells.failed() {
        cells.report(C::NameMissing, name_field);
    }
    let id = cells.id(id_field);
    let mut household = household(cells);
    let relation = if household_list { Some(Relation::Head) } else { cells.word(F::Relation, words::relation) };
    let facts = facts(cells);
    if let Some(id) = &id {
        compare(cells, id, &facts);
    }
    let Employment { employed, job, further } = job::employment(cells);
    let course = course::course_beside(cells, id.as_ref());
    // Last, so that words left over from every field are in it.
    let note = cells.note();
    let note = if household_list {
        household.note = note;
        None
    } else {
        note
    };
    if household_list {
        household.head_id.clone_from(&id);
        household.head_name.clone_from(&name);
    }
    if cells.failed() {
        return None;
    }
    let (at, id, name) = (cells.at, id?, name?);
    let jobs = Employment::rows(further, at, (&id, Some(&name)), &facts);
    let person = PersonRow { at, kind, id, name, household, relation, facts, job, employed, note };
    Some(Read { person, jobs, course })
}

/// What the row says beside the ID number, and the number itself says too.
fn compare(cells: &mut RowCells<'_>, id: &ResidentId, facts: &PersonFacts) {
    if let Some(born) = cells.date_beside(F::BirthDate)
        && !agrees(id.birth_date(), born)
    {
        cells.report(C::IdBirthDiffers, F::BirthDate);
    }
    if facts.written_sex.is_some_and(|sex| sex != id.sex()) {
        cells.report(C::IdSexDiffers, F::Sex);
    }
    let age = i64::from(completed_years(id.birth_date(), cells.as_of));
    // Counted the old way (虚岁) an age is up to two years more; of a list begun last year one less.
    if cells.age().is_some_and(|written| !(age - 1..=age + 2).contains(&written)) {
        cells.report(C::IdAgeDiffers, F::Age);
    }
}

fn agrees(id: chrono::NaiveDate, written: super::date::ReadDate) -> bool {
    use chrono::Datelike;
    if written.month_only {
        (id.year(), id.month()) == (written.date.year(), written.date.month())
    } else {
        id == written.date
    }
}

fn household(cells: &mut RowCells<'_>) -> HouseholdWords {
    // An unreadable head's number would hang the person on the wrong household.
    let head_id =
        if cells.has_column(F::IdNumber) && !cells.cell(F::HeadId).is_empty() { cells.id(F::HeadId) } else { None };
    HouseholdWords {
        code: cells.code(F::HouseholdCode).filter(|code| !code.trim_matches('0').is_empty()),
        head_id,
        head_name: cells.person_name(F::HeadName),
        community: cells.place(F::Community),
        grid: cells.place(F::Grid),
        building: match cells.has_column(F::Building) {
            true => cells.place(F::Building),
            false => sheet_name::building(cells.sheet_name()),
        },
        unit: cells.place(F::Unit),
        township: cells.place(F::Township),
        monitoring: monitoring(cells),
        helper: cells.person_name(F::Helper),
        care: cells
            .phrase(F::Care, C::HoursUnreadable, |text| if text == "无" { Ok(Vec::new()) } else { phrase::care(text) })
            .unwrap_or_default(),
        counts: HouseholdCounts {
            labour: cells.count(F::LabourCount),
            willing: cells.count(F::WillingCount),
            employed: cells.count(F::EmployedCount),
            named: cells.text(F::EmployedNames).and_then(|text| names(&text)),
        },
        note: None,
    }
}

/// The class; that a household without one was poor once is kept in words.
fn monitoring(cells: &mut RowCells<'_>) -> Option<MonitoringClass> {
    let class = cells.word(F::Monitoring, words::monitoring)?;
    let text = cells.cell(F::Monitoring).display();
    if class == MonitoringClass::None && text.contains("脱贫") {
        cells.keep(F::Monitoring, text.trim().to_owned());
    }
    Some(class)
}

/// How many people a cell names; `None` where blanks may part names or stand within one.
fn names(text: &str) -> Option<i64> {
    let mut named = phrase::list(text);
    named.retain(|name| !matches!(name.as_str(), "无" | "没有"));
    let is_sure = named.iter().all(|name| !name.contains(char::is_whitespace));
    i64::try_from(named.len()).ok().filter(|_| is_sure)
}

/// What job lists and ledgers alike say about the person.
pub(super) fn facts(cells: &mut RowCells<'_>) -> PersonFacts {
    let disabled = cells.word(F::Disabled, |text| {
        words::yes_no(text).or_else(|| (text.starts_with('是') || text.contains('残')).then_some(true))
    });
    let (willing, wants_business) =
        cells.word(F::Willing, words::willing).map_or((None, false), |(yes, own)| (Some(yes), own));
    let mut facts = PersonFacts {
        written_sex: cells.word(F::Sex, words::sex),
        ethnicity: cells.name(F::Ethnicity),
        education: cells.word(F::Education, words::education),
        health: cells.word(F::Health, words::health).or((disabled == Some(true)).then_some(Health::Disabled)),
        labour_class: labour_class(cells),
        school: cells.word(F::School, words::school),
        absence: cells
            .word(F::Absence, |text| match words::yes_no(text) {
                Some(false) => Some(None),
                _ => words::absence(text).map(Some),
            })
            .flatten(),
        died_on: cells.date(F::DiedOn),
        died_by_remark: died_by_remark(cells),
        phone: phone(cells),
        willing,
        willing_to_train: cells.word(F::WillingToTrain, words::willing_to_train),
        seeking_change: cells.word(F::SeekingChange, words::yes_no),
        max_physical_grade: cells.word(F::MaxGrade, words::grade).map(i64::from),
        max_load_kg: cells.number(F::MaxLoad, 0..=500),
        no_forced_posture: cells.word(F::NoForcedPosture, words::yes_no),
        max_minutes: cells.number(F::MaxMinutes, 0..=1440),
        expected_pay: cells.yuan(F::ExpectedPay),
        pay_floor: cells.yuan(F::PayFloor),
        hazard_check_until: cells.date(F::HazardCheckUntil),
        public_welfare_months: cells.number(F::WelfareMonths, 0..=1200),
        skills: cells.text(F::Skills).map(|text| phrase::skills(&text)),
        certificates: cells.phrase(F::Certificates, C::DateUnreadable, phrase::certificates),
        unavailable: cells.phrase(F::UnavailableHours, C::HoursUnreadable, |text| {
            if text == "无" { Ok(Vec::new()) } else { phrase::hours(text) }
        }),
        ruled_out: cells.word_list(F::RuledOut, words::ruled_out),
        wishes: wishes(cells),
        barriers: cells.text(F::Barrier).map(|text| {
            let parts = phrase::list(&text).into_iter().filter(|part| part != "无");
            parts.map(|part| (words::barrier(&part), part)).collect()
        }),
    };
    if wants_business && !facts.wishes.iter().any(|(kind, _)| *kind == WishKind::Channel) {
        facts.wishes.push((WishKind::Channel, Channel::SelfEmployed.code().to_owned()));
    }
    facts
}

fn labour_class(cells: &mut RowCells<'_>) -> Option<LabourClass> {
    let asks_capacity =
        cells.title(F::LabourClass).is_some_and(|title| title.contains("能力") || title.contains("劳力"));
    let capacity = |text: &str| words::capacity(text).filter(|_| asks_capacity);
    cells.word(F::LabourClass, |text| words::labour_class(text).or_else(|| capacity(text)))
}

/// The day of a death that a remark tells of, or the ledger's where it tells none. Of who is gone it is only told.
fn died_by_remark(cells: &mut RowCells<'_>) -> Option<NaiveDate> {
    let remarks = cells.remarks();
    if let Some(remark) = remarks.iter().find(|remark| words::says_dead(remark)) {
        return Some(phrase::day_within(remark).filter(|day| *day <= cells.as_of).unwrap_or(cells.as_of));
    }
    if remarks.iter().any(|remark| words::says_gone(remark)) {
        cells.report(C::GoneInRemark, F::Note);
    }
    None
}

fn phone(cells: &mut RowCells<'_>) -> Option<String> {
    // The head's phone is another person's, but in a list of heads.
    let field = if cells.has_column(F::IdNumber) { F::Phone } else { F::HeadPhone };
    let text = cells.phone_text(field)?;
    let (number, rest) = phrase::phones(&text);
    if !rest.is_empty() {
        cells.keep(field, rest.join("、"));
    }
    if number.len() != 11 || !number.starts_with('1') {
        cells.report(C::PhoneFormat, field);
    }
    Some(if number.is_empty() { text } else { number })
}

fn wishes(cells: &mut RowCells<'_>) -> Vec<(WishKind, String)> {
    let mut wishes = Vec::new();
    for (field, kind) in [
        (F::WishOccupation, WishKind::Occupation),
        (F::WishIndustry, WishKind::Industry),
        (F::WishEmployer, WishKind::Employer),
    ] {
        if let Some(text) = cells.text(field) {
            let named = phrase::list(&text).into_iter().filter(|part| !matches!(part.as_str(), "无" | "不限" | "均可"));
            wishes.extend(named.map(|part| (kind, part)));
        }
    }
    let region = |text: &str| {
        words::region(text)
            .map(|region| (WishKind::Region, region.code().to_owned()))
            .or_else(|| province(text).map(|name| (WishKind::Province, name)))
    };
    wishes.extend(cells.word_list(F::WishRegion, region).unwrap_or_default());
    let coded = |kind, code: &'static str| (kind, code.to_owned());
    wishes.extend(
        cells
            .word_list(F::WishChannel, |text| words::channel(text).map(|c| coded(WishKind::Channel, c.code())))
            .unwrap_or_default(),
    );
    wishes.extend(
        cells
            .word_list(F::WishShift, |text| words::shift(text).map(|s| coded(WishKind::Shift, s.code())))
            .unwrap_or_default(),
    );
    wishes.sort();
    wishes.dedup();
    wishes
}

/// A province by its short or full name, as postings write it (`浙江省` → `浙江`).
#[must_use]
pub fn province(text: &str) -> Option<String> {
    let folded = words::fold(text);
    PROVINCES.iter().find(|(name, _)| folded.starts_with(name)).map(|(name, _)| (*name).to_owned())
}
