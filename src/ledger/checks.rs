//! What contradicts what, within a file (domain.md §6). What needs the database is checked where rows meet it.
//!
//! Invariant: a check never changes a record; an `error` here takes the later row out, the first one stays. Linear in the rows.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Ledger;
use super::field::Field as F;
use super::finding::{Finding, FindingCode as C};
use super::group::says_head;
use super::head::SheetKind;
use super::record::{At, HouseholdCounts, JobWords, PersonFacts, PersonRow};
use crate::domain::ages::{
    PUBLIC_WELFARE_TERM_MONTHS, completed_years, is_near_retirement, is_public_welfare_age, months_later,
    retirement_range, turns_16_on,
};
use crate::domain::codes::{Channel, Health, LabourClass, Region, SchoolStatus};
use crate::domain::resident_id::ResidentId;
use crate::domain::text::Text;

/// Collects findings with the titles of the sheets they are about.
pub struct Reporter<'a> {
    pub ledger: &'a Ledger,
    pub findings: Vec<Finding>,
}

impl Reporter<'_> {
    pub fn report(&mut self, code: C, at: At, field: F, argument: &Text) {
        self.findings.push(self.ledger.finding(code, at, Some(field), argument));
    }

    pub fn say(&mut self, code: C, at: At, field: F) {
        self.report(code, at, field, &Text::new("", ""));
    }
}

/// Where a row stands, told at another: with its sheet where that differs.
pub(super) fn place(ledger: &Ledger, at: At, seen_from: At) -> Text {
    let row = at.row;
    if at.sheet == seen_from.sheet {
        return Text::new(format!("第{row}行"), format!("row {row}"));
    }
    let sheet = ledger.sheet_name(at.sheet);
    Text::new(format!("“{sheet}”表第{row}行"), format!("row {row} of sheet \"{sheet}\""))
}

/// Contradictions within rows and households; all of them warnings or infos.
#[must_use]
pub fn contradictions(ledger: &Ledger, as_of: NaiveDate) -> Vec<Finding> {
    let mut reporter = Reporter { ledger, findings: Vec::new() };
    for row in &ledger.records.people {
        person(&mut reporter, row, as_of);
    }
    for row in &ledger.records.jobs {
        job(&mut reporter, row.at, &row.id, &row.facts, &row.job, as_of);
    }
    households(&mut reporter);
    shared_phones(&mut reporter);
    reporter.findings
}

fn person(reporter: &mut Reporter<'_>, row: &PersonRow, as_of: NaiveDate) {
    let age = completed_years(row.id.birth_date(), as_of);
    let in_school = row.facts.school.is_some_and(|school| school != SchoolStatus::NotInSchool);
    match row.facts.labour_class {
        Some(LabourClass::WeakOrHalf)
            if (16..60).contains(&age) && !in_school && row.facts.health == Some(Health::Healthy) =>
        {
            reporter.say(C::HealthyButWeak, row.at, F::LabourClass);
        }
        Some(LabourClass::Ordinary | LabourClass::Skilled) if age >= 60 => {
            reporter.say(C::OldButOrdinary, row.at, F::LabourClass)
        }
        _ => {}
    }
    if let Some(words) = &row.job {
        job(reporter, row.at, &row.id, &row.facts, words, as_of);
    }
}

fn job(reporter: &mut Reporter<'_>, at: At, id: &ResidentId, facts: &PersonFacts, job: &JobWords, as_of: NaiveDate) {
    let start = job.start.unwrap_or(as_of);
    if job.start.is_some_and(|start| start > as_of) {
        reporter.say(C::StartInFuture, at, F::StartOn);
    }
    if job.end.is_some_and(|end| end > as_of) {
        reporter.say(C::EndInFuture, at, F::EndOn);
    }
    let birth = id.birth_date();
    if start < turns_16_on(birth) {
        reporter.say(C::UnderageEmployed, at, F::IdNumber);
    }
    let abroad = matches!(job.region, Some(Region::OtherProvince | Region::Abroad));
    match job.channel {
        Channel::MicroFactory if abroad || matches!(job.region, Some(Region::City | Region::Province)) => {
            reporter.say(C::ParkJobOutOfCounty, at, F::Region);
        }
        Channel::PublicWelfare => {
            // The last day so far: a job that ended years ago was held at the age of then.
            let last = job.end.map_or(as_of, |end| end.min(as_of));
            if !is_public_welfare_age(birth, start.max(last)) {
                reporter.say(C::PublicWelfareAge, at, F::Channel);
            }
            let range = retirement_range(id.sex(), None, birth);
            let is_over = job.start.is_some_and(|start| months_later(start, PUBLIC_WELFARE_TERM_MONTHS.into()) < last);
            if is_over && is_near_retirement(range, start) == Some(false) {
                reporter.say(C::PublicWelfareTerm, at, F::StartOn);
            }
            if abroad {
                reporter.say(C::PublicWelfareOutside, at, F::Region);
            }
        }
        _ => {}
    }
    let current = start <= as_of && job.end.is_none_or(|end| end > as_of);
    if !current {
        return;
    }
    if facts.school.is_some_and(|school| school != SchoolStatus::NotInSchool) {
        reporter.say(C::InSchoolEmployed, at, F::School);
    }
    if matches!(facts.labour_class, Some(LabourClass::Lost | LabourClass::None)) {
        reporter.say(C::NoCapacityEmployed, at, F::LabourClass);
    }
}

/// A household list's own counts against one another: who is willing and who is employed are both of the labourers.
fn counted(reporter: &mut Reporter<'_>, at: At, counts: HouseholdCounts) {
    let (willing, employed) = (counts.willing.unwrap_or(0), counts.employed.unwrap_or(0));
    if let Some(labour) = counts.labour.filter(|labour| willing + employed > *labour) {
        let field = if counts.willing.is_some() { F::WillingCount } else { F::EmployedCount };
        let sum = format!("{willing} + {employed} > {labour}");
        reporter.report(C::CountsExceedLabour, at, field, &Text::new(sum.clone(), sum));
    }
    if let (Some(employed), Some(named)) = (counts.employed, counts.named)
        && employed != named
    {
        let both = format!("{employed} ≠ {named}");
        reporter.report(C::EmployedNamesDiffer, at, F::EmployedCount, &Text::new(both.clone(), both));
    }
}

fn households(reporter: &mut Reporter<'_>) {
    let ledger = reporter.ledger;
    let mut told: Vec<(usize, C)> = Vec::new();
    for household in &ledger.households {
        if let Some((at, counts)) = household.counts {
            counted(reporter, at, counts);
        }
        let rows = || household.members.iter().map(|&member| &ledger.records.people[member]);
        for row in rows() {
            let head = ledger.head(row.at.sheet);
            let is_labour = row.kind == SheetKind::Labour;
            if is_labour && row.relation.is_none() && !says_head(row) && head.is_some_and(|head| head.has(F::Relation))
            {
                reporter.say(C::RelationMissing, row.at, F::Relation);
            }
            if let Some(first) =
                household.head.filter(|&first| ledger.records.people[first].id != row.id && says_head(row))
            {
                reporter.report(
                    C::TwoHeads,
                    row.at,
                    F::Relation,
                    &place(ledger, ledger.records.people[first].at, row.at),
                );
            }
            let differs = |said: &Option<String>, kept: &Option<String>| said.is_some() && said != kept;
            if differs(&row.household.building, &household.words.building)
                || differs(&row.household.grid, &household.words.grid)
                || differs(&row.household.unit, &household.words.unit)
            {
                reporter.report(C::HouseholdFactsDiffer, row.at, F::Building, &place(ledger, household.at, row.at));
            }
        }
        let has = |field| rows().any(|row| ledger.head(row.at.sheet).is_some_and(|head| head.has(field)));
        match (household.words.building.as_deref(), has(F::Building)) {
            (Some(_), true) => {}
            (None, true) => reporter.say(C::BuildingMissing, household.at, F::Building),
            (named, false) => {
                let code = if named.is_some() { C::BuildingFromSheet } else { C::BuildingColumnMissing };
                // Once a sheet, not once a household.
                if !told.contains(&(household.at.sheet, code)) {
                    told.push((household.at.sheet, code));
                    let (at, name) = (At { sheet: household.at.sheet, row: 0 }, named.unwrap_or_default());
                    reporter.report(code, at, F::Building, &Text::new(name, name));
                }
            }
        }
        if household.words.code.is_none() && has(F::HouseholdCode) {
            reporter.say(C::HouseholdCodeMissing, household.at, F::HouseholdCode);
        }
    }
}

/// One phone for people whose ID numbers come from different counties.
fn shared_phones(reporter: &mut Reporter<'_>) {
    let ledger = reporter.ledger;
    let mut first: HashMap<&str, &PersonRow> = HashMap::new();
    let mut told: Vec<&str> = Vec::new();
    for row in &ledger.records.people {
        let Some(phone) = row.facts.phone.as_deref() else { continue };
        match first.get(phone) {
            None => _ = first.insert(phone, row),
            Some(other) if other.id.area() != row.id.area() && !told.contains(&phone) => {
                told.push(phone);
                reporter.report(C::PhoneShared, row.at, F::Phone, &place(ledger, other.at, row.at));
            }
            Some(_) => {}
        }
    }
}
