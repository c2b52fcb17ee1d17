//! Rows that stand twice, and rows that say they are of a household they cannot be of.
//!
//! Invariants: of two rows of one sheet the first stays; of two sheets neither goes before the other, so what differs there is stored
//! of neither. Linear in the rows.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::Ledger;
use super::checks::{Reporter, place};
use super::field::Field as F;
use super::finding::{Finding, FindingCode as C};
use super::group::{Homes, HouseholdKey, says_head};
use super::head::SheetKind;
use super::record::{At, HouseholdWords, PersonRow};
use crate::domain::codes::Shift;
use crate::domain::resident_id::ResidentId;

/// What becomes of the rows of people.
#[derive(Debug, Default)]
pub struct Repeats {
    /// Rows to leave out.
    pub skip: BTreeSet<usize>,
    /// Rows that say again what an earlier one says, or more of it: (earlier, later).
    pub same: Vec<(usize, usize)>,
    pub findings: Vec<Finding>,
}

#[must_use]
pub fn people(ledger: &Ledger, homes: &Homes) -> Repeats {
    let people = &ledger.records.people;
    let mut reporter = Reporter { ledger, findings: Vec::new() };
    let mut repeats = Repeats::default();
    for &(row, lost) in &homes.orphans {
        let at = people[row].at;
        reporter.report(C::HouseholdUnread, at, F::HouseholdCode, &place(ledger, lost, at));
        repeats.skip.insert(row);
    }
    for (row, other) in shared_codes(people) {
        let at = people[row].at;
        reporter.report(C::HouseholdCodeShared, at, F::HouseholdCode, &place(ledger, people[other].at, at));
        repeats.skip.insert(row);
    }
    duplicates(&mut reporter, &homes.keys, &mut repeats);
    // A head under somebody's number: those below would be of that one's household.
    for (row, through) in homes.through.iter().enumerate() {
        let Some(head) = through.filter(|head| repeats.skip.contains(head) && !repeats.skip.contains(&row)) else {
            continue;
        };
        if matches!(homes.keys[row], Some(HouseholdKey::Head(_))) {
            let (at, head) = (people[row].at, people[head].at);
            reporter.report(C::HouseholdUnread, at, F::HouseholdCode, &place(ledger, head, at));
            repeats.skip.insert(row);
        }
    }
    repeats.findings = reporter.findings;
    repeats
}

/// Rows with a code that two households have, each with a row of the other: in two buildings with a head in each, or on two rows of a
/// list that has one row a household.
fn shared_codes(people: &[PersonRow]) -> Vec<(usize, usize)> {
    let mut rows_of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, row) in people.iter().enumerate() {
        if let Some(code) = &row.household.code {
            rows_of.entry(code).or_default().push(index);
        }
    }
    let mut shared = Vec::new();
    for rows in rows_of.into_values().filter(|rows| rows.len() > 1) {
        let heads: Vec<usize> = rows.iter().copied().filter(|&row| says_head(&people[row])).collect();
        let Some((&first, rest)) = heads.split_first() else { continue };
        let one = &people[first];
        let is_another = |&&row: &&usize| {
            let other = &people[row];
            let is_listed = one.kind == SheetKind::Household && other.kind == SheetKind::Household;
            other.id != one.id && (is_listed || is_elsewhere(&one.household, &other.household))
        };
        let Some(&other) = rest.iter().find(is_another) else { continue };
        let told_by = |row: usize| if is_elsewhere(&people[row].household, &one.household) { first } else { other };
        shared.extend(rows.iter().map(|&row| (row, if row == other { first } else { told_by(row) })));
    }
    shared.sort_unstable();
    shared
}

fn is_elsewhere(one: &HouseholdWords, other: &HouseholdWords) -> bool {
    let differs = |one: &Option<String>, other: &Option<String>| matches!((one, other), (Some(one), Some(other)) if super::key(one) != super::key(other));
    differs(&one.building, &other.building) || (one.building == other.building && differs(&one.grid, &other.grid))
}

/// Rows whose ID number was met before: in the same kind of sheet, or in another household.
fn duplicates(reporter: &mut Reporter<'_>, keys: &[Option<HouseholdKey>], repeats: &mut Repeats) {
    let ledger = reporter.ledger;
    let people = &ledger.records.people;
    let mut seen: HashMap<&ResidentId, Vec<usize>> = HashMap::with_capacity(people.len());
    for (person, row) in people.iter().enumerate() {
        if repeats.skip.contains(&person) {
            continue;
        }
        let earlier = seen.entry(&row.id).or_default();
        let is_other_home =
            |&&other: &&usize| keys[other].is_some() && keys[person].is_some() && keys[other] != keys[person];
        let elsewhere = earlier.iter().find(is_other_home).copied();
        let again = earlier.iter().find(|&&other| people[other].kind == row.kind).copied();
        let Some(other) = elsewhere.or(again) else {
            earlier.push(person);
            continue;
        };
        let of_two_sheets = people[other].at.sheet != row.at.sheet && people[other].kind == row.kind;
        if of_two_sheets && elsewhere.is_none() && agree(&people[other], row) {
            repeats.same.push((other, person));
        } else if of_two_sheets {
            for (row, other) in [(person, other), (other, person)] {
                // The earlier row may be told of a third sheet already.
                if repeats.skip.insert(row) {
                    let (at, other) = (people[row].at, people[other].at);
                    reporter.report(C::PersonInTwoSheets, at, F::IdNumber, &place(ledger, other, at));
                }
            }
        } else {
            repeats.skip.insert(person);
            let code = if elsewhere.is_some() { C::IdInTwoHouseholds } else { C::DuplicateId };
            reporter.report(code, row.at, F::IdNumber, &place(ledger, people[other].at, row.at));
        }
    }
}

/// Whether two rows say nothing different of one person; what only one of them says is no difference.
fn agree(one: &PersonRow, other: &PersonRow) -> bool {
    fn fits<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    let (mut there, mut back) = (one.facts.clone(), other.facts.clone());
    there.overlay(&other.facts);
    back.overlay(&one.facts);
    let (a, b) = (&one.household, &other.household);
    there == back
        && one.name == other.name
        && fits(&one.relation, &other.relation)
        && fits(&one.employed, &other.employed)
        && fits(&one.job, &other.job)
        && fits(&a.code, &b.code)
        && fits(&a.head_id, &b.head_id)
        && fits(&a.head_name, &b.head_name)
        && fits(&a.community, &b.community)
        && fits(&a.grid, &b.grid)
        && fits(&a.building, &b.building)
        && fits(&a.unit, &b.unit)
        && fits(&a.township, &b.township)
        && fits(&a.monitoring, &b.monitoring)
        && fits(&a.helper, &b.helper)
        && (a.care.is_empty() || b.care.is_empty() || a.care == b.care)
}

/// Adds what a row says beyond one that it agrees with.
pub fn join(row: &mut PersonRow, other: &PersonRow) {
    row.facts.overlay(&other.facts);
    macro_rules! fill {
        ($($to:expr, $from:expr;)+) => { $(if $to.is_none() { $to.clone_from(&$from); })+ };
    }
    fill! {
        row.relation, other.relation;
        row.employed, other.employed;
        row.job, other.job;
        row.household.code, other.household.code;
        row.household.head_id, other.household.head_id;
        row.household.head_name, other.household.head_name;
        row.household.community, other.household.community;
        row.household.grid, other.household.grid;
        row.household.building, other.household.building;
        row.household.unit, other.household.unit;
        row.household.township, other.household.township;
        row.household.monitoring, other.household.monitoring;
        row.household.helper, other.household.helper;
        row.household.note, other.household.note;
    }
    if row.household.care.is_empty() {
        row.household.care.clone_from(&other.household.care);
    }
    match (&mut row.note, &other.note) {
        (Some(note), Some(more)) if note != more => *note = format!("{note}；{more}"),
        (None, Some(more)) => row.note = Some(more.clone()),
        _ => {}
    }
}

/// Duplicate training rows and postings; returns the rows to leave out.
#[must_use]
pub fn repeated_rows(ledger: &Ledger) -> (Vec<At>, Vec<Finding>) {
    let mut reporter = Reporter { ledger, findings: Vec::new() };
    let mut out = Vec::new();
    let mut courses: HashMap<(&ResidentId, &str, NaiveDate), At> = HashMap::new();
    for row in &ledger.records.trainings {
        if let Some(&first) = courses.get(&(&row.id, row.kind.as_str(), row.start)) {
            reporter.report(C::DuplicateTraining, row.at, F::IdNumber, &place(ledger, first, row.at));
            out.push(row.at);
        } else {
            courses.insert((&row.id, &row.kind, row.start), row.at);
        }
    }
    let mut postings: HashMap<(String, String), Vec<Shifted>> = HashMap::new();
    for row in &ledger.records.postings {
        let key = match &row.code {
            Some(code) => (String::new(), code.clone()),
            None => (super::key(&row.employer), super::key(&row.title)),
        };
        let earlier = postings.entry(key).or_default();
        // One title by day and by night is two postings.
        let differs = |(shift, _): &Shifted| row.code.is_none() && is_other_shift(*shift, row.shift);
        if let Some((_, first)) = earlier.iter().find(|other| !differs(other)) {
            reporter.report(C::DuplicatePosting, row.at, F::PostingTitle, &place(ledger, *first, row.at));
            out.push(row.at);
        } else {
            earlier.push((row.shift, row.at));
        }
    }
    (out, reporter.findings)
}

/// A posting's shift and row.
type Shifted = (Option<Shift>, At);

/// Both are said, and they differ.
#[must_use]
pub fn is_other_shift(one: Option<Shift>, other: Option<Shift>) -> bool {
    one.is_some() && other.is_some() && one != other
}
