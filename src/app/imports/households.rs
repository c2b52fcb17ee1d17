//! Households and who belongs to them.
//!
//! Invariant: a household is made only together with its first member; somebody who belongs elsewhere stays there, a household
//! stays in its building, and the move is a finding for a person to confirm.

use super::changes::{self, Log, label, masked};
use super::proposals::Address;
use super::work::{CareDraft, Draft, HouseholdDraft, Index, MembershipChange, Outcome, Work};
use super::{notes, people};
use crate::app::error::AppError;
use crate::db::care::CareDutyData;
use crate::db::households::HouseholdData;
use crate::db::seal::SealedColumn;
use crate::domain::codes::{MonitoringClass, Relation};
use crate::domain::fold;
use crate::domain::resident_id::mask;
use crate::domain::text::{Label, Text};
use crate::ledger::finding::FindingCode as C;
use crate::ledger::group::{self, Household, HouseholdKey};
use crate::ledger::{self, field::Field};

const HOUSEHOLD: Label = label("住户", "household");

/// Building lists.
pub fn buildings(work: &mut Work<'_>) {
    for row in &work.ledger.records.buildings {
        let place = work.places.building(row.community.as_deref(), row.grid.as_deref(), Some(&row.building));
        let outcome = match work.places.set_minutes(place, row.minutes_to_park) {
            (true, _) => Outcome::Created,
            (false, true) => Outcome::Updated,
            (false, false) => Outcome::Unchanged,
        };
        work.outcome(row.at, outcome);
    }
}

/// Households of the file; `people` is the resident of each row.
pub fn plan(work: &mut Work<'_>, people: &[Option<Index>]) -> Result<(), AppError> {
    let ledger = work.ledger;
    for words in &ledger.households {
        if !words.members.iter().any(|&member| people[member].is_some()) {
            continue;
        }
        let known = existing(work, words);
        let household = match known {
            Some(household) => Some(household),
            None => make(work, words, people)?,
        };
        let Some(household) = household else { continue };
        members(work, words, people, household);
        if work.households[household].head.is_none() {
            work.find(C::NoHead, words.at, Field::Relation);
        }
        let log = describe(work, words, household, known.is_none())?;
        care(work, words, household);
        if known.is_some() && (!log.is_empty() || work.households[household].new_care.is_some()) {
            let key = work.households[household].draft.data.code.clone().unwrap_or_else(|| head_mask(work, household));
            let mut log = log;
            if work.households[household].new_care.is_some() {
                let before = !work.households[household].care.is_empty();
                log.hide(label("照护责任", "care duties"), before, true);
            }
            work.households[household].draft.dirty = true;
            work.outcome(words.at, Outcome::Updated);
            work.tell(words.at, HOUSEHOLD, &key, log);
        }
    }
    Ok(())
}

fn head_mask(work: &Work<'_>, household: Index) -> String {
    work.households[household].head.map(|head| mask(work.residents[head].id.as_str())).unwrap_or_default()
}

/// The household on record: by code, else the one its head belongs to.
pub(super) fn existing(work: &Work<'_>, words: &Household) -> Option<Index> {
    if let Some(code) = &words.words.code
        && let Some(&household) = work.household_of_code.get(code)
    {
        return Some(household);
    }
    let head = match &words.key {
        HouseholdKey::Head(head) => Some(head),
        HouseholdKey::Code(_) => words.head_id.as_ref(),
    };
    let head = head.filter(|head| !work.strangers.contains(*head));
    let resident = work.resident_of.get(head?)?;
    let (household, _) = work.residents[*resident].membership?;
    // A household that has another code is another household.
    let other_code = work.households[household].draft.data.code.as_ref().zip(words.words.code.as_ref());
    other_code.is_none_or(|(stored, given)| stored == given).then_some(household)
}

/// A new household, unless all its people belong to others already.
fn make(work: &mut Work<'_>, words: &Household, people: &[Option<Index>]) -> Result<Option<Index>, AppError> {
    let members = words.members.iter().filter_map(|&member| people[member]);
    let free = members.clone().any(|resident| work.residents[resident].membership.is_none());
    if !free {
        let moved: Vec<_> = words.members.iter().filter(|&&member| people[member].is_some()).copied().collect();
        for member in moved {
            work.find(C::HouseholdMoved, work.ledger.records.people[member].at, Field::HouseholdCode);
        }
        return Ok(None);
    }
    let household = work.households.len();
    work.households.push(HouseholdDraft {
        draft: Draft::new(HouseholdData {
            code: None,
            building_id: 0,
            unit: None,
            township: None,
            monitoring_class: MonitoringClass::None,
            recognised_on: None,
            helper_name: None,
            note_cipher: None,
        }),
        building: None,
        head: None,
        members: Vec::new(),
        care: Vec::new(),
        new_care: None,
    });
    if let Some(code) = &words.words.code {
        work.household_of_code.insert(code.clone(), household);
    }
    if words.head.is_none()
        && let (Some(id), Some(name)) = (&words.head_id, &words.head_name)
        && !work.resident_of.contains_key(id)
    {
        let head = people::add(work, id, name)?;
        work.find(C::HeadAdded, words.at, Field::HeadName);
        join(work, household, head, Relation::Head);
    }
    Ok(Some(household))
}

fn join(work: &mut Work<'_>, household: Index, resident: Index, relation: Relation) {
    // A person new to the records has always been there as far as they know; one who was a member before comes back today,
    // or when that ended if the file is older: nobody is in two households on one day.
    let valid_from = work.residents[resident].member_until.map(|until| until.max(work.options.as_of));
    work.residents[resident].membership = Some((household, relation));
    work.households[household].members.push(resident);
    if relation == Relation::Head {
        work.households[household].head = Some(resident);
    }
    work.memberships.push(MembershipChange::Add { household, resident, relation, valid_from });
}

fn members(work: &mut Work<'_>, words: &Household, people: &[Option<Index>], household: Index) {
    let ledger = work.ledger;
    for &member in &words.members {
        let Some(resident) = people[member] else { continue };
        let row = &ledger.records.people[member];
        let is_head = words.head.is_some_and(|head| ledger.records.people[head].id == row.id);
        let given = if is_head {
            Some(Relation::Head)
        } else {
            // A second head was reported; the first one counts.
            row.relation.map(|relation| if group::says_head(row) { Relation::Other } else { relation })
        };
        match work.residents[resident].membership {
            None => {
                let mut relation = given.unwrap_or(Relation::Other);
                if relation == Relation::Head && work.households[household].head.is_some_and(|head| head != resident) {
                    work.find(C::HeadChanged, row.at, Field::Relation);
                    relation = Relation::Other;
                }
                join(work, household, resident, relation);
                let outcome = if work.residents[resident].draft.is_new() { Outcome::Created } else { Outcome::Updated };
                work.outcome(row.at, outcome);
            }
            Some((other, _)) if other != household => work.find(C::HouseholdMoved, row.at, Field::HouseholdCode),
            Some((_, relation)) => {
                if let Some(given) = given.filter(|given| *given != relation) {
                    relate(work, row.at, resident, relation, given);
                }
            }
        }
    }
}

/// A relation that differs from the one on record. A change of head is proposed, everything else corrected.
fn relate(work: &mut Work<'_>, at: crate::ledger::record::At, resident: Index, before: Relation, given: Relation) {
    if before == Relation::Head || given == Relation::Head {
        work.find(C::HeadChanged, at, Field::Relation);
        return;
    }
    let Some((household, _)) = work.residents[resident].membership else { return };
    work.residents[resident].membership = Some((household, given));
    match work.membership_rows.get(&resident) {
        Some(row) => {
            let (id, valid_from) = (row.id, row.data.valid_from);
            work.memberships.push(MembershipChange::Correct { id, relation: given, valid_from });
            let mut log = Log::default();
            log.set(label("与户主关系", "relation to head"), &mut Some(before), Some(given), changes::coded!());
            let id = work.residents[resident].id.clone();
            people::tell(work, at, &id, log);
            work.outcome(at, Outcome::Updated);
        }
        // Joined by an earlier row of this file.
        None => {
            let added = work.memberships.iter_mut().find_map(|change| match change {
                MembershipChange::Add { resident: joined, relation, .. } if *joined == resident => Some(relation),
                _ => None,
            });
            if let Some(relation) = added
                && before == Relation::Other
            {
                *relation = given;
            }
        }
    }
}

/// The household's own columns.
fn describe(work: &mut Work<'_>, words: &Household, household: Index, is_new: bool) -> Result<Log, AppError> {
    let said = &words.words;
    let mut log = Log::default();
    let mut unit = said.unit.clone();
    if is_new || said.building.is_some() || said.grid.is_some() {
        let before = work.households[household].building;
        // A grid alone does not take a household out of its building.
        let is_own = |place: Index| {
            let own = work.places.building_name(place).map(ledger::key);
            own.is_some() && said.grid.is_none() && own == said.building.as_deref().map(ledger::key)
        };
        let place = if before.is_some_and(is_own) {
            before
        } else if is_new || said.building.is_some() {
            Some(work.places.building(said.community.as_deref(), said.grid.as_deref(), said.building.as_deref()))
        } else {
            before
        };
        if let (false, Some(from), Some(building)) = (is_new, before, place)
            && work.places.is_elsewhere(from, building)
        {
            let name = work.places.building_name(from).unwrap_or_default().to_owned();
            work.find_about(C::HouseholdRehoused, words.at, Field::Building, &Text::new(name.clone(), name));
            work.rehoused.push((household, Address { building, unit: unit.take() }));
        } else if place != before {
            work.households[household].building = place;
            let name = |place: Option<Index>| place.map(|place| changes::open(&work.places.name(place)));
            log.show(label("楼栋", "building"), name(before), name(place));
        }
    }
    let keys = work.keys;
    let data = &mut work.households[household].draft.data;
    log.set(label("户编号", "code"), &mut data.code, said.code.clone(), changes::open);
    log.set(label("单元房号", "unit"), &mut data.unit, unit, masked);
    log.set(label("迁出地", "home township"), &mut data.township, said.township.clone(), changes::open);
    log.put(label("监测对象类别", "monitoring class"), &mut data.monitoring_class, said.monitoring, changes::hidden);
    log.set(label("帮扶责任人", "helper"), &mut data.helper_name, said.helper.clone(), masked);
    let had_note = data.note_cipher.is_some();
    if notes::add(keys, SealedColumn::HouseholdNote, &mut data.note_cipher, said.note.as_deref())? {
        log.hide(label("备注", "note"), had_note, true);
    }
    if let Some(code) = work.households[household].draft.data.code.clone() {
        work.household_of_code.insert(code, household);
    }
    Ok(log)
}

/// The duties of the file take the place of those on record if they differ. An empty cell says nothing.
fn care(work: &mut Work<'_>, words: &Household, household: Index) {
    if words.care.is_empty() {
        return;
    }
    let mut given: Vec<CareDraft> = Vec::new();
    for (at, duty) in &words.care {
        let carer = duty.carer_name.as_deref().and_then(|name| {
            let name = fold::name(name).ok()?;
            let mut named = work.households[household]
                .members
                .iter()
                .filter(|&&member| work.residents[member].draft.data.name == name);
            let only = named.next().copied();
            if named.next().is_some() { None } else { only }
        });
        if duty.carer_name.is_some() && carer.is_none() {
            work.find(C::CarerNotFound, *at, Field::Care);
        }
        given.push(CareDraft { kind: duty.kind, carer, hours: duty.hours.clone() });
    }
    let as_of = work.options.as_of;
    let holds = |duty: &CareDutyData| duty.valid_until.is_none_or(|until| until > as_of);
    let mut stored: Vec<CareDraft> = Vec::new();
    for (duty, hours) in work.households[household].care.iter().filter(|(duty, _)| holds(duty)) {
        let carer = duty.carer_id.and_then(|id| work.resident_of_id.get(&id).copied());
        let mut hours = hours.clone();
        hours.sort_unstable();
        stored.push(CareDraft { kind: duty.kind, carer, hours });
    }
    let mut sorted = given.clone();
    sorted.sort();
    stored.sort();
    if sorted != stored {
        work.households[household].new_care = Some(given);
    }
}
