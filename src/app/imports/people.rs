//! Rows about people → residents: new ones, and what changed of known ones.
//!
//! A person may have several rows (household list and member list): they are merged first, later rows win, and compared once,
//! so that the order of sheets cannot make an import differ from its repetition.

use std::collections::HashMap;

use super::changes::{self, Log, coded, hidden, label, masked};
use super::notes;
use super::proposals::Death;
use super::work::{Draft, Index, Outcome, ResidentDraft, Work};
use super::{lists, strangers};
use crate::app::error::AppError;
use crate::db::DbError;
use crate::db::residents::ResidentData;
use crate::db::seal::{IndexField, SealedColumn};
use crate::domain::codes::BarrierKind;
use crate::domain::employability::{self, Employability, Unrecorded, employability};
use crate::domain::resident_id::{ResidentId, mask};
use crate::domain::text::{Label, Text};
use crate::ledger;
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::group::HouseholdKey;
use crate::ledger::record::{At, IdleRow, PersonFacts, PersonRow};

pub const RESIDENT: Label = label("居民", "resident");

/// The resident of each `records.people`; `None` for a row that cannot be stored.
pub fn plan(work: &mut Work<'_>) -> Result<Vec<Option<Index>>, AppError> {
    let ledger = work.ledger;
    let people = &ledger.records.people;
    let mut rows_of: HashMap<&ResidentId, Vec<usize>> = HashMap::with_capacity(people.len());
    let mut order: Vec<&ResidentId> = Vec::with_capacity(people.len());
    for (row, person) in people.iter().enumerate() {
        let rows = rows_of.entry(&person.id).or_default();
        if rows.is_empty() {
            order.push(&person.id);
        }
        rows.push(row);
    }
    let mut found = vec![None; people.len()];
    work.strangers = strangers::heads(work);
    work.of_door = doors(work);
    let shared = strangers::of_shared_codes(work);
    for id in order {
        let rows: Vec<usize> = rows_of.remove(id).unwrap_or_default();
        let (others, rows): (Vec<usize>, Vec<usize>) = rows
            .into_iter()
            .filter(|row| !shared.contains(row))
            .partition(|&row| strangers::is_somebody_else(work, row));
        for row in others {
            work.find(C::IdOfSomebodyElse, people[row].at, Field::IdNumber);
        }
        let (others, rows): (Vec<usize>, Vec<usize>) =
            rows.into_iter().partition(|&row| strangers::has_another_number(work, row));
        for row in others {
            work.find(C::IdChanged, people[row].at, Field::IdNumber);
        }
        let (stored, lost): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(|&row| has_household(work, row));
        for row in lost {
            work.find(C::HouseholdUnidentified, people[row].at, Field::HouseholdCode);
        }
        if stored.is_empty() {
            continue;
        }
        let resident = one(work, id, &stored.iter().map(|&row| &people[row]).collect::<Vec<_>>())?;
        for row in stored {
            found[row] = Some(resident);
        }
    }
    Ok(found)
}

/// Households on record by building and unit.
fn doors(work: &Work<'_>) -> HashMap<(String, String), Vec<Index>> {
    let mut doors: HashMap<(String, String), Vec<Index>> = HashMap::new();
    for (index, home) in work.households.iter().enumerate() {
        let building = home.building.and_then(|place| work.places.building_name(place));
        if let (Some(building), Some(unit)) = (building, home.draft.data.unit.as_deref()) {
            doors.entry((ledger::key(building), ledger::key(unit))).or_default().push(index);
        }
    }
    doors
}

/// Whether the row's household can be found or made; a resident on record needs none to be updated.
fn has_household(work: &Work<'_>, row: usize) -> bool {
    let person = &work.ledger.records.people[row];
    if work.resident_of.contains_key(&person.id) {
        return true;
    }
    let Some(household) = work.ledger.household_of[row].map(|index| &work.ledger.households[index]) else {
        return false;
    };
    match &household.key {
        HouseholdKey::Code(_) => true,
        HouseholdKey::Head(head) if work.strangers.contains(head) => false,
        HouseholdKey::Head(head) => {
            household.head.is_some() || household.head_name.is_some() || work.resident_of.contains_key(head)
        }
    }
}

/// The resident a row of another list speaks of: on record or in this file, and by the name the row gives. A number that is somebody
/// else's is told, and the row not stored.
pub fn of_list(work: &mut Work<'_>, at: At, id: &ResidentId, name: Option<&str>) -> Option<Index> {
    if work.rejected.contains(&at) {
        return None;
    }
    let Some(&resident) = work.resident_of.get(id) else {
        work.find(C::PersonUnknown, at, Field::IdNumber);
        return None;
    };
    // A list made for others may hide part of a name.
    let other = name.filter(|name| !name.contains('*') && *name != work.residents[resident].draft.data.name);
    if other.is_some() {
        let text = Text::new(
            "该身份证号已登记给另一姓名的居民，本行未保存，请核对身份证号和姓名；如确是同一人，请先更正姓名。",
            "This ID number is on record for somebody of another name, and the row was not stored; please check number and name. If it is the same person, correct the name first.",
        );
        let found = work.ledger.finding(C::IdOfSomebodyElse, at, Some(Field::IdNumber), &Text::new("", ""));
        work.push(found.saying(text), at);
        return None;
    }
    Some(resident)
}

/// Whether a death is for a person to confirm: somebody on record as alive, who belongs to a household.
fn may_be_confirmed(work: &Work<'_>, resident: Index) -> bool {
    let one = &work.residents[resident];
    !one.draft.is_new() && one.draft.data.died_on.is_none() && work.membership_rows.contains_key(&resident)
}

fn one(work: &mut Work<'_>, id: &ResidentId, rows: &[&PersonRow]) -> Result<Index, AppError> {
    let mut facts = PersonFacts::default();
    let mut notes: Vec<&str> = Vec::new();
    for row in rows {
        facts.overlay(&row.facts);
        notes.extend(row.note.as_deref().filter(|note| !notes.contains(note)));
    }
    let note = (!notes.is_empty()).then(|| notes.join("；"));
    let last = rows[rows.len() - 1];
    let known = work.resident_of.get(id).copied();
    let resident = match known {
        Some(resident) => resident,
        None => add(work, id, &last.name)?,
    };
    let mut log = Log::default();
    if work.residents[resident].draft.data.name != last.name {
        work.find(C::NameDiffers, last.at, Field::Name);
    }
    log.put(label("姓名", "name"), &mut work.residents[resident].draft.data.name, Some(last.name.clone()), masked);
    // A remark stands in the file for good: what is recorded of the death is not told anew by each later ledger.
    if let Some(on) = facts.died_by_remark.filter(|_| facts.died_on.is_none())
        && work.residents[resident].draft.data.died_on.is_none()
    {
        work.find_about(C::DeathInRemark, last.at, Field::Note, &changes::date(&on));
        facts.died_on = Some(on);
    }
    if let Some(on) = facts.died_on.filter(|_| known.is_some() && may_be_confirmed(work, resident)) {
        facts.died_on = None;
        work.deaths.push(Death { resident, on, at: last.at });
    }
    columns(work, resident, &facts, &mut log);
    phone(work, resident, facts.phone.as_deref(), &mut log)?;
    lists::apply(work, last.at, resident, &facts, &mut log);
    barriers(work, resident, facts.barriers.as_deref(), &mut log)?;
    sealed_note(work, resident, note.as_deref(), &mut log)?;
    unrecorded(work, resident, rows);
    let outcome = match (known, log.is_empty()) {
        (None, _) => Outcome::Created,
        (Some(_), true) => Outcome::Unchanged,
        (Some(_), false) => Outcome::Updated,
    };
    for row in rows {
        work.outcome(row.at, outcome);
    }
    if known.is_some() && !log.is_empty() {
        work.residents[resident].draft.dirty = true;
        tell(work, last.at, id, log);
    }
    Ok(resident)
}

/// What is not recorded of a person who counts as employable for that reason (domain.md §4): told at the person's last row, or
/// once a sheet where no sheet of the person's rows has the column.
fn unrecorded(work: &mut Work<'_>, resident: Index, rows: &[&PersonRow]) {
    let Employability::Employable { unknown } = employability_of(work, resident) else { return };
    let ledger = work.ledger;
    for what in unknown {
        let (code, field) = match what {
            Unrecorded::School => (C::SchoolMissing, Field::School),
            Unrecorded::LabourClass => (C::LabourClassMissing, Field::LabourClass),
            Unrecorded::BirthDate => continue,
        };
        let asked = |row: &&&PersonRow| ledger.head(row.at.sheet).is_some_and(|head| head.has(field));
        let last = rows[rows.len() - 1].at;
        match rows.iter().rev().find(asked) {
            Some(row) => work.find(code, row.at, field),
            None if work.told_columns.insert((last.sheet, code)) => work.find(code, At { row: 0, ..last }, field),
            None => {}
        }
    }
}

/// Whether a person is employable on the as-of day, after this file.
pub fn employability_of(work: &Work<'_>, resident: Index) -> Employability {
    let data = &work.residents[resident].draft.data;
    let facts = employability::PersonFacts {
        birth_date: Some(data.birth_date),
        died_on: data.died_on,
        labour_class: data.labour_class,
        school: data.school_status,
        absence: data.absence,
        ..employability::PersonFacts::default()
    };
    employability(&facts, work.options.as_of, &work.rules.labour_age)
}

pub fn tell(work: &mut Work<'_>, at: At, id: &ResidentId, log: Log) {
    work.tell(at, RESIDENT, &mask(id.as_str()), log);
}

/// A resident known only by ID number and name.
pub fn add(work: &mut Work<'_>, id: &ResidentId, name: &str) -> Result<Index, AppError> {
    let number = id.as_str();
    let data = ResidentData {
        name: name.to_owned(),
        id_number_cipher: work.keys.seal_text(SealedColumn::ResidentIdNumber, number).map_err(DbError::from)?,
        id_number_index: work.keys.index(IndexField::ResidentIdNumber, number.as_bytes()),
        phone_cipher: None,
        phone_index: None,
        sex: id.sex(),
        birth_date: id.birth_date(),
        ethnicity: None,
        education: None,
        health: None,
        labour_class: None,
        labour_class_on: None,
        school_status: None,
        absence: None,
        died_on: None,
        willing: None,
        willing_to_train: None,
        seeking_change: false,
        retirement_group: None,
        max_physical_grade: None,
        max_load_kg: None,
        no_forced_posture: None,
        max_minutes: None,
        expected_pay: None,
        pay_floor: None,
        hazard_check_until: None,
        public_welfare_months: None,
        no_automated_recommendation: false,
        restricted: false,
        note_cipher: None,
    };
    let index = work.residents.len();
    work.resident_of.insert(id.clone(), index);
    work.residents.push(ResidentDraft {
        id: id.clone(),
        draft: Draft::new(data),
        lists: lists::Lists::default(),
        membership: None,
        member_until: None,
        spells: Vec::new(),
        barriers: Vec::new(),
        new_barriers: Vec::new(),
        closed_barriers: Vec::new(),
        trainings: Vec::new(),
        courses: Vec::new(),
    });
    Ok(index)
}

/// Sex and birth date are the ID number's and are never written over (law.md R28).
fn columns(work: &mut Work<'_>, resident: Index, facts: &PersonFacts, log: &mut Log) {
    let as_of = work.options.as_of;
    let data = &mut work.residents[resident].draft.data;
    macro_rules! set {
        ($($column:ident <- $field:ident, $zh:literal, $en:literal, $show:expr;)+) => {
            $(log.set(label($zh, $en), &mut data.$column, facts.$field.clone(), $show);)+
        };
    }
    let class = data.labour_class;
    set! {
        ethnicity <- ethnicity, "民族", "ethnicity", masked;
        education <- education, "文化程度", "education", coded!();
        health <- health, "健康状况", "health", hidden;
        labour_class <- labour_class, "劳动技能", "labour class", coded!();
        school_status <- school, "在校生状况", "school status", coded!();
        absence <- absence, "离家状态", "absence", hidden;
        died_on <- died_on, "死亡日期", "date of death", hidden;
        willing <- willing, "就业意愿", "willing to work", changes::yes_no;
        willing_to_train <- willing_to_train, "培训意愿", "willing to train", changes::yes_no;
        max_physical_grade <- max_physical_grade, "可承受体力等级", "physical grade", hidden;
        max_load_kg <- max_load_kg, "最大负重公斤", "load", hidden;
        no_forced_posture <- no_forced_posture, "不能强迫体位", "no forced posture", hidden;
        max_minutes <- max_minutes, "最远上班分钟", "longest way to work", changes::number;
        expected_pay <- expected_pay, "期望月薪", "expected pay", changes::number;
        pay_floor <- pay_floor, "最低月薪", "lowest pay", changes::number;
        hazard_check_until <- hazard_check_until, "职业健康检查有效期", "health check valid until", hidden;
        public_welfare_months <- public_welfare_months, "公益岗已用月数", "months in public-welfare posts", changes::number;
    }
    if data.labour_class != class {
        data.labour_class_on = Some(as_of);
    }
    log.put(label("求职中", "seeking a change"), &mut data.seeking_change, facts.seeking_change, changes::yes_no);
}

fn phone(work: &mut Work<'_>, resident: Index, given: Option<&str>, log: &mut Log) -> Result<(), AppError> {
    let Some(given) = given else { return Ok(()) };
    let keys = work.keys;
    let index = keys.index(IndexField::ResidentPhone, given.as_bytes());
    let data = &mut work.residents[resident].draft.data;
    if data.phone_index.as_ref() != Some(&index) {
        let before = data.phone_cipher.as_ref().map(|sealed| keys.open_text(SealedColumn::ResidentPhone, sealed));
        let before = before.transpose().map_err(DbError::from)?.map(|phone| masked(&phone));
        data.phone_cipher = Some(keys.seal_text(SealedColumn::ResidentPhone, given).map_err(DbError::from)?);
        data.phone_index = Some(index);
        log.show(label("联系电话", "phone"), before, Some(masked(&given.to_owned())));
    }
    Ok(())
}

fn sealed_note(work: &mut Work<'_>, resident: Index, given: Option<&str>, log: &mut Log) -> Result<(), AppError> {
    let keys = work.keys;
    let slot = &mut work.residents[resident].draft.data.note_cipher;
    let before = slot.is_some();
    if notes::add(keys, SealedColumn::ResidentNote, slot, given)? {
        log.hide(label("备注", "note"), before, true);
    }
    Ok(())
}

/// What a list says of somebody without telling of a job, into the person's note. Gives whether that changed it.
pub fn note(work: &mut Work<'_>, resident: Index, row: &IdleRow) -> Result<bool, AppError> {
    let mut log = Log::default();
    sealed_note(work, resident, row.note.as_deref(), &mut log)?;
    let is_changed = !log.is_empty();
    if is_changed {
        work.residents[resident].draft.dirty = true;
        tell(work, row.at, &row.id, log);
    }
    Ok(is_changed)
}

/// The open reasons become the given ones: new ones open on the as-of day, those no longer given close on it.
fn barriers(
    work: &mut Work<'_>,
    resident: Index,
    given: Option<&[(BarrierKind, String)]>,
    log: &mut Log,
) -> Result<(), AppError> {
    let Some(given) = given else { return Ok(()) };
    let keys = work.keys;
    let mut open: Vec<(i64, BarrierKind, String)> = Vec::new();
    for row in &work.residents[resident].barriers {
        let note = match &row.data.note_cipher {
            Some(sealed) => keys.open_text(SealedColumn::BarrierNote, sealed).map_err(DbError::from)?.to_string(),
            None => String::new(),
        };
        open.push((row.id, row.data.kind, note));
    }
    let draft = &mut work.residents[resident];
    for (kind, words) in given {
        let known = open.iter().any(|(_, k, note)| k == kind && note == words);
        if !known && !draft.new_barriers.contains(&(*kind, words.clone())) {
            draft.new_barriers.push((*kind, words.clone()));
        }
    }
    let gone = open.iter().filter(|(_, kind, note)| !given.iter().any(|(k, words)| k == kind && words == note));
    draft.closed_barriers = gone.map(|(id, ..)| *id).collect();
    if !draft.new_barriers.is_empty() || !draft.closed_barriers.is_empty() {
        log.hide(label("未就业原因", "reasons for having no job"), !open.is_empty(), !given.is_empty());
    }
    Ok(())
}
