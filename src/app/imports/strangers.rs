//! Is a row of the file the person on record with its ID number, and its household the one on record with its code?
//!
//! Invariant: a number or a code alone proves neither; where name and home both differ nothing is written of either.

use std::collections::HashSet;

use super::households;
use super::work::{Index, Work};
use crate::db::seal::IndexField;
use crate::domain::resident_id::ResidentId;
use crate::domain::text::Text;
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::group::{Household, HouseholdKey};
use crate::ledger::key;
use crate::ledger::record::At;

/// Whether the row tells of another person than the one on record with its ID number: neither name nor household is the same.
/// Such a row must not rename anybody; which of the two has the number is for a person to find out.
pub fn is_somebody_else(work: &Work<'_>, row: usize) -> bool {
    let person = &work.ledger.records.people[row];
    let Some(&resident) = work.resident_of.get(&person.id) else { return false };
    let on_record = &work.residents[resident];
    let (false, Some((home, _))) = (on_record.draft.is_new(), on_record.membership) else { return false };
    if on_record.draft.data.name == person.name {
        return false;
    }
    let household = work.ledger.household_of[row].map(|index| &work.ledger.households[index]);
    match household.map(|words| (words, households::existing(work, words))) {
        Some((words, Some(found))) if found == home => {
            // Two members whose names changed places: a column was pasted one row off.
            let is_anothers =
                |&other: &Index| other != resident && work.residents[other].draft.data.name == person.name;
            if work.households[home].members.iter().any(is_anothers) {
                return true;
            }
            // A household known by this very number is the one on record whoever the row is.
            let by_number = words.key == HouseholdKey::Head(person.id.clone());
            by_number && !is_borne_out(work, row, words, resident, home)
        }
        _ => true,
    }
}

/// Whether the row tells of a member on record under a number that is not on record: two of one name in a household are one whose number
/// was corrected, unless the file has both.
pub fn has_another_number(work: &Work<'_>, row: usize) -> bool {
    let ledger = work.ledger;
    let person = &ledger.records.people[row];
    if work.resident_of.contains_key(&person.id) {
        return false;
    }
    let Some(words) = ledger.household_of[row].map(|index| &ledger.households[index]) else { return false };
    let Some(home) = households::existing(work, words).or_else(|| behind_the_same_door(work, words)) else {
        return false;
    };
    let is_in_file = |resident: Index| {
        let id = &work.residents[resident].id;
        words.members.iter().any(|&member| ledger.records.people[member].id == *id)
    };
    work.households[home].members.iter().any(|&member| {
        let data = &work.residents[member].draft.data;
        !work.residents[member].draft.is_new()
            && data.died_on.is_none()
            && data.name == person.name
            && !is_in_file(member)
    })
}

/// The household on record with the same door and the same name of its head, of a file that knows households by their heads.
fn behind_the_same_door(work: &Work<'_>, words: &Household) -> Option<Index> {
    let HouseholdKey::Head(_) = words.key else { return None };
    let building = words.words.building.as_deref().map(key)?;
    let unit = words.words.unit.as_deref().map(key)?;
    let own = words.head.map(|head| work.ledger.records.people[head].name.as_str());
    let head = own.or(words.head_name.as_deref())?;
    work.of_door
        .get(&(building, unit))
        .into_iter()
        .flatten()
        .copied()
        .find(|&home| work.households[home].head.is_some_and(|of| work.residents[of].draft.data.name == head))
}

/// Whether something beside the number fits the record: the phone, the door, or another member.
fn is_borne_out(work: &Work<'_>, row: usize, words: &Household, resident: Index, home: Index) -> bool {
    let person = &work.ledger.records.people[row];
    let data = &work.residents[resident].draft.data;
    let phone = person.facts.phone.as_ref();
    let phone = phone.map(|phone| work.keys.index(IndexField::ResidentPhone, phone.as_bytes()));
    let unit = words.words.unit.as_deref().map(key);
    let is_member = |&other: &usize| {
        let other = &work.ledger.records.people[other];
        let known = work.resident_of.get(&other.id).map(|&known| &work.residents[known]);
        other.id != person.id
            && known.is_some_and(|known| {
                known.draft.data.name == other.name && known.membership.is_some_and(|(of, _)| of == home)
            })
    };
    (phone.is_some() && phone == data.phone_index)
        || (unit.is_some() && unit == work.households[home].draft.data.unit.as_deref().map(key))
        || words.members.iter().any(is_member)
}

/// Numbers of heads that are somebody else's: households of the file known by them alone are not those on record.
pub fn heads(work: &Work<'_>) -> HashSet<ResidentId> {
    let ledger = work.ledger;
    let people = ledger.records.people.iter().enumerate();
    let own = people.filter(|(row, person)| {
        let household = ledger.household_of[*row].map(|index| &ledger.households[index].key);
        household == Some(&HouseholdKey::Head(person.id.clone()))
    });
    own.filter(|(row, _)| is_somebody_else(work, *row)).map(|(_, person)| person.id.clone()).collect()
}

/// Rejects the rows of households whose code is on record for a household in another building, with another head and none of their
/// people: such a code is a door number. Their positions in `records.people`.
pub fn of_shared_codes(work: &mut Work<'_>) -> HashSet<usize> {
    let ledger = work.ledger;
    let mut rejected = HashSet::new();
    let mut told: Vec<At> = Vec::new();
    for words in &ledger.households {
        let Some(&household) = words.words.code.as_ref().and_then(|code| work.household_of_code.get(code)) else {
            continue;
        };
        let home = &work.households[household];
        let ids = words.members.iter().map(|&member| &ledger.records.people[member].id);
        let has_member = ids
            .filter_map(|id| work.resident_of.get(id))
            .any(|&resident| work.residents[resident].membership.is_some_and(|(of, _)| of == household));
        let said = words.words.building.as_deref().map(key);
        let known = home.building.and_then(|place| work.places.building_name(place)).map(key);
        if !home.draft.is_new()
            && home.head.is_some()
            && words.head.is_some()
            && !has_member
            && matches!((said, known), (Some(said), Some(known)) if said != known)
        {
            rejected.extend(words.members.iter().copied());
            told.extend(words.members.iter().map(|&member| ledger.records.people[member].at));
        }
    }
    let text = Text::new(
        "该户编号已登记给另一栋楼、另一户主的户，未作改动；可能是房号而不是户编号，请改正户编号，或在“列”里把这一列指定为“单元房号”。",
        "This household code is on record for a household of another head in another building, and nothing was changed; it may be a door number. Please correct the code, or say of the column that it is 单元房号.",
    );
    for at in told {
        let found = ledger.finding(C::HouseholdCodeShared, at, Some(Field::HouseholdCode), &Text::new("", ""));
        work.push(found.saying(text.clone()), at);
    }
    rejected
}
