//! What is stored of the people, households, employers and postings a file speaks of: read in bulk.

use std::collections::{BTreeSet, HashMap};

use super::lists::Lists;
use super::postings::PostingLists;
use super::work::{Draft, HouseholdDraft, Index, PostingDraft, ResidentDraft, SpellDraft, Work};
use crate::app::error::AppError;
use crate::db::courses::CourseData;
use crate::db::memberships::MembershipRow;
use crate::db::residents::ResidentRow;
use crate::db::seal::{BlindIndex, IndexField};
use crate::db::{
    AnyConnection, barriers, care, courses, employers, enrolments, households, memberships, postings, residents,
    spells, training,
};
use crate::domain::codes::Relation;
use crate::domain::resident_id::ResidentId;

/// Everything one import compares with. Households are those named by code and those of the people named.
pub fn load(conn: &mut AnyConnection, work: &mut Work<'_>) -> Result<(), AppError> {
    let ids = named(work);
    let mut of_index: HashMap<BlindIndex, ResidentId> = HashMap::with_capacity(ids.len());
    for id in ids {
        of_index.insert(work.keys.index(IndexField::ResidentIdNumber, id.as_str().as_bytes()), id);
    }
    let indexes: Vec<BlindIndex> = of_index.keys().cloned().collect();
    for row in residents::by_id_numbers(conn, &indexes)? {
        if let Some(id) = of_index.get(&row.data.id_number_index) {
            add_resident(work, id.clone(), row);
        }
    }
    households_of(conn, work)?;
    histories(conn, work)?;
    employers_and_postings(conn, work)
}

/// Every ID number of the file.
fn named(work: &Work<'_>) -> BTreeSet<ResidentId> {
    let records = &work.ledger.records;
    let people = records.people.iter().flat_map(|row| [Some(&row.id), row.household.head_id.as_ref()]).flatten();
    let jobs = records.jobs.iter().map(|row| &row.id).chain(records.job_ends.iter().map(|row| &row.id));
    let idle = records.idle.iter().map(|row| &row.id);
    people.chain(jobs).chain(idle).chain(records.trainings.iter().map(|row| &row.id)).cloned().collect()
}

fn add_resident(work: &mut Work<'_>, id: ResidentId, row: ResidentRow) {
    let index = work.residents.len();
    work.resident_of.insert(id.clone(), index);
    work.resident_of_id.insert(row.id, index);
    work.residents.push(ResidentDraft {
        id,
        draft: Draft::stored(row.id, row.version, row.data),
        lists: Lists::default(),
        membership: None,
        member_until: None,
        spells: Vec::new(),
        barriers: Vec::new(),
        new_barriers: Vec::new(),
        closed_barriers: Vec::new(),
        trainings: Vec::new(),
        courses: Vec::new(),
    });
}

fn households_of(conn: &mut AnyConnection, work: &mut Work<'_>) -> Result<(), AppError> {
    let people: Vec<i64> = work.resident_of_id.keys().copied().collect();
    let own = memberships::of_residents(conn, &people)?;
    let mut wanted: BTreeSet<i64> =
        own.iter().filter(|row| row.data.valid_until.is_none()).map(|row| row.data.household_id).collect();
    let codes: BTreeSet<&str> =
        work.ledger.households.iter().filter_map(|household| household.words.code.as_deref()).collect();
    wanted.extend(households::ids_of_codes(conn, &codes.into_iter().collect::<Vec<_>>())?);
    let wanted: Vec<i64> = wanted.into_iter().collect();
    for row in households::get_many(conn, &wanted)? {
        let index = work.households.len();
        work.household_of_id.insert(row.id, index);
        if let Some(code) = &row.data.code {
            work.household_of_code.insert(code.clone(), index);
        }
        work.households.push(HouseholdDraft {
            building: work.places.of_id(row.data.building_id),
            draft: Draft::stored(row.id, row.version, row.data),
            head: None,
            members: Vec::new(),
            care: Vec::new(),
            new_care: None,
        });
    }
    let members = memberships::of_households(conn, &wanted)?;
    other_members(conn, work, &members)?;
    for row in own {
        if let Some(&resident) = work.resident_of_id.get(&row.data.resident_id) {
            let last = &mut work.residents[resident].member_until;
            *last = (*last).max(row.data.valid_until);
        }
    }
    for row in members.into_iter().filter(|row| row.data.valid_until.is_none()) {
        let place =
            work.household_of_id.get(&row.data.household_id).zip(work.resident_of_id.get(&row.data.resident_id));
        let Some((&household, &resident)) = place else { continue };
        work.households[household].members.push(resident);
        if row.data.relation == Relation::Head {
            work.households[household].head = Some(resident);
        }
        work.residents[resident].membership = Some((household, row.data.relation));
        work.membership_rows.insert(resident, row);
    }
    let duties = care::of_households(conn, &wanted)?;
    let ids: Vec<i64> = duties.iter().map(|duty| duty.id).collect();
    let mut hours: HashMap<i64, Vec<_>> = HashMap::new();
    for hour in care::hours::of(conn, &ids)? {
        hours.entry(hour.care_duty_id).or_default().extend(hour.span());
    }
    for duty in duties {
        if let Some(&household) = work.household_of_id.get(&duty.data.household_id) {
            let spans = hours.remove(&duty.id).unwrap_or_default();
            work.households[household].care.push((duty.data, spans));
        }
    }
    Ok(())
}

/// Members of these households whom the file does not name: carers are looked for among them, and heads.
fn other_members(conn: &mut AnyConnection, work: &mut Work<'_>, members: &[MembershipRow]) -> Result<(), AppError> {
    use crate::db::seal::SealedColumn;
    let current = members.iter().filter(|row| row.data.valid_until.is_none()).map(|row| row.data.resident_id);
    let unknown: BTreeSet<i64> = current.filter(|id| !work.resident_of_id.contains_key(id)).collect();
    for row in residents::get_many(conn, &unknown.into_iter().collect::<Vec<_>>())? {
        let number = work
            .keys
            .open_text(SealedColumn::ResidentIdNumber, &row.data.id_number_cipher)
            .map_err(crate::db::DbError::from)?;
        if let Ok(id) = ResidentId::parse(&number) {
            add_resident(work, id, row);
        }
    }
    Ok(())
}

/// Lists, spells, barriers and courses of the people known.
fn histories(conn: &mut AnyConnection, work: &mut Work<'_>) -> Result<(), AppError> {
    let people: Vec<i64> = work.resident_of_id.keys().copied().collect();
    Lists::load(conn, work, &people)?;
    for row in spells::of_residents(conn, &people)? {
        let Some(&resident) = work.resident_of_id.get(&row.data.resident_id) else { continue };
        let index = work.spells.len();
        work.residents[resident].spells.push(index);
        work.spells.push(SpellDraft {
            resident,
            employer: None,
            posting: None,
            held: false,
            taken: false,
            draft: Draft::stored(row.id, row.version, row.data),
        });
    }
    for row in barriers::of_residents(conn, &people)? {
        let Some(&resident) = row.data.resident_id.as_ref().and_then(|id| work.resident_of_id.get(id)) else {
            continue;
        };
        if row.data.closed_on.is_none() {
            work.residents[resident].barriers.push(row);
        }
    }
    if !work.ledger.records.trainings.is_empty() {
        let enrolled = enrolments::of_residents(conn, &people)?;
        let ids: Vec<i64> = enrolled.iter().map(|row| row.data.course_id).collect();
        let courses: HashMap<i64, CourseData> =
            courses::get_many(conn, &ids)?.into_iter().map(|row| (row.id, row.data)).collect();
        for row in enrolled {
            let resident = work.resident_of_id.get(&row.data.resident_id);
            if let Some((&resident, course)) = resident.zip(courses.get(&row.data.course_id)) {
                work.residents[resident].courses.push((crate::ledger::key(&course.name), course.first_on));
            }
        }
        for row in training::of_residents(conn, &people)? {
            if let Some(&resident) = work.resident_of_id.get(&row.data.resident_id) {
                work.residents[resident].trainings.push(row);
            }
        }
    }
    Ok(())
}

fn employers_and_postings(conn: &mut AnyConnection, work: &mut Work<'_>) -> Result<(), AppError> {
    let mut employer_of_id: HashMap<i64, Index> = HashMap::new();
    for row in employers::all(conn)? {
        let index = work.employers.len();
        employer_of_id.insert(row.id, index);
        work.employer_of.insert(crate::ledger::key(&row.data.name), index);
        work.employers.push(Draft::stored(row.id, row.version, row.data));
    }
    let mut posting_of_id: HashMap<i64, Index> = HashMap::new();
    let on = work.options.places_on();
    let held = postings::held_on(conn, on)?;
    for row in postings::all(conn)? {
        let Some(&employer) = employer_of_id.get(&row.data.employer_id) else { continue };
        let index = work.postings.len();
        posting_of_id.insert(row.id, index);
        let filled = held.get(&row.id).copied().unwrap_or(0);
        let draft = Draft::stored(row.id, row.version, row.data);
        super::postings::register(
            work,
            PostingDraft { draft, employer, filled, lists: PostingLists::default(), confirmed_on: None },
        );
    }
    if !work.ledger.records.postings.is_empty() {
        PostingLists::load(conn, work, &posting_of_id)?;
    }
    for spell in &mut work.spells {
        spell.employer = spell.draft.data.employer_id.and_then(|id| employer_of_id.get(&id).copied());
        spell.posting = spell.draft.data.posting_id.and_then(|id| posting_of_id.get(&id).copied());
        spell.held = spell.posting.is_some() && spell.holds_place(on);
    }
    Ok(())
}
