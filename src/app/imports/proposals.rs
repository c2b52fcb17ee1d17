//! What a file says of households that is not on record: moved, split, merged, a new head, died, not there any more, in another building.
//!
//! Invariants: nothing of it is done by the import; each contradiction is proposed once, whatever it is repeated by or was decided
//! to be. Who is missing is proposed only of a file whose rows were all read, and that is a full ledger for people of that age: one that has at
//! least nine in ten of the members on record of the households it names.
//!
//! Cost: linear in the people of the file and the members on record of its households.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::households::existing;
use super::work::{Index, Work};
use crate::db::proposals::{self as rows, ProposalData};
use crate::db::{AnyConnection, DbResult};
use crate::domain::ages::completed_years;
use crate::domain::codes::{ProposalKind, ProposalState, Relation};
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::group::{Household, says_head};
use crate::ledger::record::At;

/// A proposal before its households have ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalDraft {
    pub kind: ProposalKind,
    pub household: Index,
    pub other: Option<Index>,
    pub new_code: Option<String>,
    pub happened_on: NaiveDate,
    pub members: Vec<(Index, Relation)>,
    /// Of a whole household that is somewhere else.
    pub address: Option<Address>,
}

/// A building, and the unit in it as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub building: Index,
    pub unit: Option<String>,
}

/// A stored person whom the file says to have died.
#[derive(Clone, Copy, Debug)]
pub struct Death {
    pub resident: Index,
    pub on: NaiveDate,
    pub at: At,
}

/// A household of the file beside what is on record.
struct Told<'a> {
    words: &'a Household,
    /// The household on record that it is.
    target: Option<Index>,
    /// Its people who are members of some household on record: who, where, and what their row says.
    stored: Vec<(Index, Index, Option<Relation>)>,
    head: Option<Index>,
}

/// Finds what differs; `people` is the resident of each row.
pub fn plan(work: &mut Work<'_>, people: &[Option<Index>]) {
    let on_record = members_on_record(work);
    let told = tell(work, people, &on_record);
    let mentioned: HashSet<Index> = people.iter().flatten().copied().collect();
    let mut found = Vec::new();
    for one in &told {
        match one.target {
            Some(target) => {
                arrivals(work, one, target, &told, &on_record, &mut found);
                new_head(work, one, target, &mut found);
            }
            None => split(work, one, &on_record, &mentioned, &mut found),
        }
    }
    deaths(work, &mut found);
    rehoused(work, &mut found);
    missing(work, &told, &on_record, &mentioned, &mut found);
    work.proposals = found;
}

/// Members of each household before this file.
fn members_on_record(work: &Work<'_>) -> BTreeMap<Index, Vec<Index>> {
    let mut members: BTreeMap<Index, Vec<Index>> = BTreeMap::new();
    for &resident in work.membership_rows.keys() {
        if let Some(home) = home(work, resident) {
            members.entry(home).or_default().push(resident);
        }
    }
    members.values_mut().for_each(|residents| residents.sort_unstable());
    members
}

fn home(work: &Work<'_>, resident: Index) -> Option<Index> {
    let row = work.membership_rows.get(&resident)?;
    work.household_of_id.get(&row.data.household_id).copied()
}

fn relation(work: &Work<'_>, resident: Index) -> Option<Relation> {
    work.membership_rows.get(&resident).map(|row| row.data.relation)
}

/// The households of the file. Where two of them lead to one on record, it is the one of its code or of its head; the other has
/// split off.
fn tell<'a>(work: &Work<'a>, people: &[Option<Index>], on_record: &BTreeMap<Index, Vec<Index>>) -> Vec<Told<'a>> {
    let ledger = work.ledger;
    let mut told: Vec<Told<'a>> = Vec::new();
    let mut proper: HashMap<Index, usize> = HashMap::new();
    for words in &ledger.households {
        let row = |member: &usize| {
            let (resident, person) = (people[*member]?, &ledger.records.people[*member]);
            let relation = if says_head(person) { Some(Relation::Head) } else { person.relation };
            Some((resident, home(work, resident)?, relation))
        };
        let stored: Vec<_> = words.members.iter().filter_map(row).collect();
        if stored.is_empty() {
            continue;
        }
        let head = words.head.and_then(|head| people[head]);
        let target = existing(work, words);
        if let Some(target) = target {
            let of_code = words.words.code.is_some() && work.households[target].draft.data.code == words.words.code;
            let heads = on_record.get(&target).into_iter().flatten();
            let is_its_head =
                heads.clone().any(|&one| Some(one) == head && relation(work, one) == Some(Relation::Head));
            match proper.get(&target) {
                Some(_) if !(of_code || is_its_head) => {}
                _ => _ = proper.insert(target, told.len()),
            }
        }
        told.push(Told { words, target, stored, head });
    }
    for (place, one) in told.iter_mut().enumerate() {
        one.target = one.target.filter(|target| proper.get(target) == Some(&place));
    }
    told
}

/// People of other households whom the file has in this one: a whole household is merged, others moved.
fn arrivals(
    work: &Work<'_>,
    one: &Told<'_>,
    target: Index,
    told: &[Told<'_>],
    on_record: &BTreeMap<Index, Vec<Index>>,
    found: &mut Vec<ProposalDraft>,
) {
    let mut by_home: BTreeMap<Index, Vec<(Index, Relation)>> = BTreeMap::new();
    for &(resident, home, said) in one.stored.iter().filter(|(_, home, _)| *home != target) {
        // There is one head already.
        let said = said.filter(|said| *said != Relation::Head).unwrap_or(Relation::Other);
        by_home.entry(home).or_default().push((resident, said));
    }
    for (home, members) in by_home {
        let here: BTreeSet<Index> = members.iter().map(|(resident, _)| *resident).collect();
        let all_came = on_record.get(&home).is_some_and(|all| all.iter().all(|resident| here.contains(resident)));
        let goes_on = told.iter().any(|other| other.target == Some(home));
        let draft = |kind, members| ProposalDraft {
            kind,
            household: home,
            other: Some(target),
            new_code: None,
            happened_on: work.options.as_of,
            members,
            address: None,
        };
        if all_came && !goes_on && !work.households[target].draft.is_new() {
            found.push(draft(ProposalKind::Merged, members));
        } else {
            found.extend(members.into_iter().map(|member| draft(ProposalKind::Moved, vec![member])));
        }
    }
}

/// Another member is the head.
fn new_head(work: &Work<'_>, one: &Told<'_>, target: Index, found: &mut Vec<ProposalDraft>) {
    let Some(head) = one.head else { return };
    if home(work, head) != Some(target) || relation(work, head) == Some(Relation::Head) {
        return;
    }
    let mut members = vec![(head, Relation::Head)];
    let former = work.membership_rows.keys().copied();
    let former = former
        .filter(|&resident| home(work, resident) == Some(target))
        .find(|&resident| relation(work, resident) == Some(Relation::Head));
    if let Some(former) = former {
        let said = one.stored.iter().find(|(resident, ..)| *resident == former).and_then(|(.., said)| *said);
        members.push((former, said.filter(|said| *said != Relation::Head).unwrap_or(Relation::Other)));
    }
    found.push(ProposalDraft {
        kind: ProposalKind::HeadChange,
        household: target,
        other: None,
        new_code: None,
        happened_on: work.options.as_of,
        members,
        address: None,
    });
}

/// A household that is not on record, of people who belong to others: those of its head's household split off, if that goes on without
/// them. Once that is accepted a later file proposes who moves in from elsewhere, as after a wedding.
fn split(
    work: &Work<'_>,
    one: &Told<'_>,
    on_record: &BTreeMap<Index, Vec<Index>>,
    mentioned: &HashSet<Index>,
    found: &mut Vec<ProposalDraft>,
) {
    let homes: BTreeSet<Index> = one.stored.iter().map(|(_, home, _)| *home).collect();
    let of_head = one.stored.iter().find(|(resident, ..)| Some(*resident) == one.head).map(|(_, home, _)| *home);
    let Some(home) = of_head.or(homes.first().copied().filter(|_| homes.len() == 1)) else { return };
    let here: HashSet<Index> = one.stored.iter().filter(|(_, own, _)| *own == home).map(|(who, ..)| *who).collect();
    // A household whose people are all here has another code, or is told by another head: nobody split off.
    let stays = |resident: &&Index| !here.contains(resident) && mentioned.contains(resident);
    if on_record.get(&home).is_none_or(|all| all.iter().filter(stays).count() == 0) {
        return;
    }
    let head = one.head.filter(|head| here.contains(head)).unwrap_or(one.stored[0].0);
    let mut members = vec![(head, Relation::Head)];
    for &(resident, _, said) in one.stored.iter().filter(|(who, ..)| here.contains(who)) {
        if members.iter().all(|(known, _)| *known != resident) {
            members.push((resident, said.filter(|said| *said != Relation::Head).unwrap_or(Relation::Other)));
        }
    }
    found.push(ProposalDraft {
        kind: ProposalKind::Split,
        household: home,
        other: None,
        new_code: one.words.words.code.clone(),
        happened_on: work.options.as_of,
        members,
        address: None,
    });
}

/// Whom the file says to have died; of a file in which somebody stands twice, once.
fn deaths(work: &mut Work<'_>, found: &mut Vec<ProposalDraft>) {
    for death in work.deaths.clone() {
        let Some(home) = home(work, death.resident) else { continue };
        work.find(C::DeathToConfirm, death.at, Field::DiedOn);
        found.push(ProposalDraft {
            kind: ProposalKind::Died,
            household: home,
            other: None,
            new_code: None,
            happened_on: death.on,
            members: vec![(death.resident, relation(work, death.resident).unwrap_or(Relation::Other))],
            address: None,
        });
    }
}

/// Households that the file has in another building; about all who are members already.
fn rehoused(work: &mut Work<'_>, found: &mut Vec<ProposalDraft>) {
    for (household, address) in std::mem::take(&mut work.rehoused) {
        let draft = &work.households[household];
        let stored = |who: &&Index| home(work, **who) == Some(household);
        let mut members: Vec<Index> = draft.members.iter().filter(stored).copied().collect();
        members.sort_unstable_by_key(|&who| (draft.head != Some(who), who));
        let members = members.into_iter().map(|who| (who, relation(work, who).unwrap_or(Relation::Other))).collect();
        found.push(ProposalDraft {
            kind: ProposalKind::Rehoused,
            household,
            other: None,
            new_code: None,
            happened_on: work.options.as_of,
            members,
            address: Some(address),
        });
    }
}

/// Ages of which a ledger may have everybody or nobody.
fn band(work: &Work<'_>, resident: Index) -> usize {
    let age = completed_years(work.residents[resident].draft.data.birth_date, work.options.as_of);
    match age {
        age if age < i32::from(work.rules.labour_age.from) => 0,
        age if age <= i32::from(work.rules.labour_age.to) => 1,
        _ => 2,
    }
}

/// Who is on record in a household of the file and in none of its rows.
fn missing(
    work: &mut Work<'_>,
    told: &[Told<'_>],
    on_record: &BTreeMap<Index, Vec<Index>>,
    mentioned: &HashSet<Index>,
    found: &mut Vec<ProposalDraft>,
) {
    // Whoever seems missing may stand in a row that was sent back.
    if !work.rejected.is_empty() || !work.ledger.rejected.is_empty() {
        return;
    }
    let mut all = [0usize; 3];
    let mut here = [0usize; 3];
    let targets: BTreeMap<Index, At> = told.iter().filter_map(|one| Some((one.target?, one.words.at))).collect();
    let mut gone: Vec<(Index, Index)> = Vec::new();
    for &home in targets.keys() {
        for &resident in on_record.get(&home).into_iter().flatten() {
            if work.residents[resident].draft.data.died_on.is_some() {
                continue;
            }
            let band = band(work, resident);
            all[band] += 1;
            if mentioned.contains(&resident) {
                here[band] += 1;
            } else {
                gone.push((home, resident));
            }
        }
    }
    for (home, resident) in gone {
        let band = band(work, resident);
        if here[band] * 10 < all[band] * 9 {
            continue;
        }
        if let Some(&at) = targets.get(&home) {
            work.find(C::MemberMissing, at, Field::HouseholdCode);
        }
        found.push(ProposalDraft {
            kind: ProposalKind::Left,
            household: home,
            other: None,
            new_code: None,
            happened_on: work.options.as_of,
            members: vec![(resident, relation(work, resident).unwrap_or(Relation::Other))],
            address: None,
        });
    }
}

/// What a proposal is known again by.
type Mark = (ProposalKind, i64, Option<i64>, Option<String>, Option<(i64, Option<String>)>, BTreeSet<i64>);

/// Proposals with the ids of their households and people, once these are written.
pub fn resolved(work: &Work<'_>) -> Vec<(ProposalData, Vec<(i64, Relation)>)> {
    let household = |index: Index| work.households[index].draft.stored.map_or(0, |(id, _)| id);
    let resident = |index: Index| work.residents[index].draft.stored.map_or(0, |(id, _)| id);
    let data = |draft: &ProposalDraft| ProposalData {
        kind: draft.kind,
        household_id: household(draft.household),
        other_household_id: draft.other.map(household),
        new_code: draft.new_code.clone(),
        happened_on: draft.happened_on,
        batch_id: None,
        state: ProposalState::Open,
        decided_by: None,
        decided_at: None,
        created_at: work.options.now,
        new_building_id: draft.address.as_ref().map(|address| work.places.id(address.building)),
        new_unit: draft.address.as_ref().and_then(|address| address.unit.clone()),
    };
    let members = |draft: &ProposalDraft| draft.members.iter().map(|(index, said)| (resident(*index), *said)).collect();
    work.proposals.iter().map(|draft| (data(draft), members(draft))).collect()
}

/// Writes down those that are not open or rejected already.
pub fn write(
    conn: &mut AnyConnection,
    proposals: Vec<(ProposalData, Vec<(i64, Relation)>)>,
    batch: i64,
) -> DbResult<()> {
    let households: BTreeSet<i64> = proposals.iter().map(|(data, _)| data.household_id).collect();
    let before = rows::of_households(conn, &households.into_iter().collect::<Vec<_>>())?;
    let before: Vec<_> = before.into_iter().filter(|row| row.data.state != ProposalState::Accepted).collect();
    let mut people: HashMap<i64, BTreeSet<i64>> = HashMap::new();
    for member in rows::members(conn, &before.iter().map(|row| row.id).collect::<Vec<_>>())? {
        people.entry(member.proposal_id).or_default().insert(member.resident_id);
    }
    let mark = |data: &ProposalData, people: BTreeSet<i64>| -> Mark {
        // The same address again is known again, whoever was born meanwhile.
        let people = if data.kind == ProposalKind::Rehoused { BTreeSet::new() } else { people };
        let address = data.new_building_id.map(|building| (building, data.new_unit.clone()));
        (data.kind, data.household_id, data.other_household_id, data.new_code.clone(), address, people)
    };
    let mut known: BTreeSet<Mark> =
        before.iter().map(|row| mark(&row.data, people.remove(&row.id).unwrap_or_default())).collect();
    for (data, members) in proposals {
        if known.insert(mark(&data, members.iter().map(|(resident, _)| *resident).collect())) {
            rows::insert(conn, &ProposalData { batch_id: Some(batch), ..data }, &members)?;
        }
    }
    Ok(())
}
