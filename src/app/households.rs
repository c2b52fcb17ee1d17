//! Households: what is recorded of them, who belongs to them, their care duties and exemptions.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::{Connection, Page, Record, open_note, seal_note};
use crate::db::households::{self as rows, HouseholdData, HouseholdEvent, HouseholdRow, exemptions};
pub use crate::db::households::{HouseholdFilter, exemptions::ExemptionData as ExemptionFields};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, Keyring, Stored, areas, care, memberships, residents};
use crate::domain::codes::{AreaKind, CareKind, HouseholdEventKind, MonitoringClass, Relation};
use crate::domain::text::Text;
use crate::domain::week::Span;

/// What a caller says of a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdFields {
    pub code: Option<String>,
    pub building_id: i64,
    pub unit: Option<String>,
    pub township: Option<String>,
    pub monitoring_class: MonitoringClass,
    pub recognised_on: Option<NaiveDate>,
    pub helper_name: Option<String>,
    /// Sealed at rest.
    pub note: Option<String>,
}

pub type Household = Record<HouseholdFields>;

/// One membership, current or past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub resident_id: i64,
    pub name: String,
    pub relation: Relation,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
}

/// Something that happened to a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: HouseholdEventKind,
    pub other_household_id: Option<i64>,
    pub resident_id: Option<i64>,
    pub happened_on: NaiveDate,
}

/// Hours in which somebody must be at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareDuty {
    pub kind: CareKind,
    pub carer_id: Option<i64>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub hours: Vec<Span>,
}

/// A page of households; their notes stay closed.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &HouseholdFilter, page: Page) -> Result<Vec<Household>, AppError> {
    Ok(rows::page(conn, filter, page)?.into_iter().map(|row| view(row, None)).collect())
}

/// One household with its note.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64) -> Result<Household, AppError> {
    let row = rows::get(conn, id)?;
    let note = open_note(keys, SealedColumn::HouseholdNote, row.data.note_cipher.as_ref())?;
    Ok(view(row, note))
}

fn view(row: HouseholdRow, note: Option<String>) -> Household {
    let HouseholdData { code, building_id, unit, township, monitoring_class, recognised_on, helper_name, .. } =
        row.data;
    let fields =
        HouseholdFields { code, building_id, unit, township, monitoring_class, recognised_on, helper_name, note };
    Record { id: row.id, version: row.version, fields }
}

/// Adds a household without members.
///
/// # Errors
/// `Invalid` if the building is none; refused if the code is taken.
pub fn create(
    conn: &mut Connection,
    keys: &Keyring,
    fields: HouseholdFields,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Household, AppError> {
    let data = checked(conn, keys, fields)?;
    let id = rows::insert(conn, &data, now)?;
    record(conn, id, HouseholdEventKind::Created, (None, None), (now, today))?;
    get(conn, keys, id)
}

/// Changes what is recorded of a household. Another building is kept in its history.
///
/// # Errors
/// As for [`create`]; `Stale`.
pub fn update(
    conn: &mut Connection,
    keys: &Keyring,
    (id, version): (i64, i64),
    fields: HouseholdFields,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Household, AppError> {
    let old = rows::get(conn, id)?;
    let data = checked(conn, keys, fields)?;
    rows::update(conn, id, version, &data, now)?;
    if old.data.building_id != data.building_id {
        record(conn, id, HouseholdEventKind::Moved, (None, None), (now, today))?;
    }
    get(conn, keys, id)
}

fn checked(conn: &mut Connection, keys: &Keyring, fields: HouseholdFields) -> Result<HouseholdData, AppError> {
    match areas::get(conn, fields.building_id) {
        Ok(area) if area.data.kind == AreaKind::Building => {}
        Ok(_) | Err(DbError::NotFound(_)) => {
            return Err(FieldError::new("/building_id", FieldCode::NoSuchRecord).into());
        }
        Err(error) => return Err(error.into()),
    }
    let note_cipher = seal_note(keys, SealedColumn::HouseholdNote, fields.note.as_deref())?;
    let HouseholdFields { code, building_id, unit, township, monitoring_class, recognised_on, helper_name, .. } =
        fields;
    Ok(HouseholdData { code, building_id, unit, township, monitoring_class, recognised_on, helper_name, note_cipher })
}

/// Adds an entry to a household's history.
pub(super) fn record(
    conn: &mut Connection,
    household_id: i64,
    kind: HouseholdEventKind,
    (other_household_id, resident_id): (Option<i64>, Option<i64>),
    (now, happened_on): (NaiveDateTime, NaiveDate),
) -> Result<(), AppError> {
    let event = HouseholdEvent { household_id, kind, other_household_id, resident_id, happened_on, created_at: now };
    rows::record_events(conn, &[event])?;
    Ok(())
}

/// The members of a household on a day, or everybody who ever was one, by membership.
///
/// # Errors
/// `NotFound`.
pub fn members(conn: &mut Connection, id: i64, on: Option<NaiveDate>) -> Result<Vec<Member>, AppError> {
    rows::get(conn, id)?;
    let found = match on {
        Some(day) => memberships::members_on(conn, id, day)?,
        None => memberships::of_households(conn, &[id])?,
    };
    let ids: Vec<i64> = found.iter().map(|row| row.data.resident_id).collect();
    // Whose data may only be stored is in no list (law.md R8).
    let people = residents::get_many(conn, &ids)?.into_iter().filter(|row| !row.data.restricted);
    let names: HashMap<i64, String> = people.map(|row| (row.id, row.data.name)).collect();
    let member = |row: memberships::MembershipRow| {
        let name = names.get(&row.data.resident_id)?.clone();
        let memberships::MembershipData { resident_id, relation, valid_from, valid_until, .. } = row.data;
        Some(Member { resident_id, name, relation, valid_from, valid_until })
    };
    Ok(found.into_iter().filter_map(member).collect())
}

/// The household each of these residents belongs to on a day; whoever belongs to none is left out.
///
/// # Errors
/// If the database fails.
pub fn homes_of(conn: &mut Connection, residents: &[i64], on: NaiveDate) -> Result<HashMap<i64, i64>, AppError> {
    let is_current = |row: &memberships::MembershipRow| {
        row.data.valid_from.is_none_or(|from| from <= on) && row.data.valid_until.is_none_or(|until| on < until)
    };
    let found = memberships::of_residents(conn, residents)?.into_iter().filter(is_current);
    Ok(found.map(|row| (row.data.resident_id, row.data.household_id)).collect())
}

/// A household's history, oldest first.
///
/// # Errors
/// `NotFound`.
pub fn events(conn: &mut Connection, id: i64) -> Result<Vec<Event>, AppError> {
    rows::get(conn, id)?;
    let event = |row: HouseholdEvent| Event {
        kind: row.kind,
        other_household_id: row.other_household_id,
        resident_id: row.resident_id,
        happened_on: row.happened_on,
    };
    Ok(rows::events_of(conn, id)?.into_iter().map(event).collect())
}

/// A household's care duties with its version.
///
/// # Errors
/// `NotFound`.
pub fn care_duties(conn: &mut Connection, id: i64) -> Result<Record<Vec<CareDuty>>, AppError> {
    let version = rows::get(conn, id)?.version;
    let duties = care::of_households(conn, &[id])?;
    let ids: Vec<i64> = duties.iter().map(|row| row.id).collect();
    let mut hours: HashMap<i64, Vec<Span>> = HashMap::new();
    for hour in care::hours::of(conn, &ids)? {
        hours.entry(hour.care_duty_id).or_default().extend(hour.span());
    }
    let duty = |row: care::CareDutyRow| CareDuty {
        kind: row.data.kind,
        carer_id: row.data.carer_id,
        valid_from: row.data.valid_from,
        valid_until: row.data.valid_until,
        hours: hours.remove(&row.id).unwrap_or_default(),
    };
    Ok(Record { id, version, fields: duties.into_iter().map(duty).collect() })
}

/// Makes these the only care duties of a household.
///
/// # Errors
/// `Invalid` if a named carer is no current member (of a duty that is over: never was one) or a duty ends before it starts;
/// `Stale`.
pub fn replace_care_duties(
    conn: &mut Connection,
    (id, version): (i64, i64),
    duties: Vec<CareDuty>,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Record<Vec<CareDuty>>, AppError> {
    rows::touch(conn, id, version, now)?;
    let members = memberships::members_on(conn, id, today)?;
    let ever = memberships::of_households(conn, &[id])?;
    let mut faults = Faults::default();
    for (index, duty) in duties.iter().enumerate() {
        let is_over = duty.valid_until.is_some_and(|until| until <= today);
        let carers = if is_over { &ever } else { &members };
        if duty.carer_id.is_some_and(|carer| carers.iter().all(|member| member.data.resident_id != carer)) {
            faults.add(format!("/items/{index}/carer_id"), FieldCode::NoSuchRecord);
        }
        if duty.hours.is_empty() {
            faults.add(format!("/items/{index}/hours"), FieldCode::Empty);
        }
        if duty.valid_from.zip(duty.valid_until).is_some_and(|(from, until)| until < from) {
            faults.add(format!("/items/{index}/valid_until"), FieldCode::EndBeforeStart);
        }
    }
    faults.done()?;
    let data: Vec<(care::CareDutyData, Vec<Span>)> = duties
        .into_iter()
        .map(|duty| {
            let CareDuty { kind, carer_id, valid_from, valid_until, hours } = duty;
            (care::CareDutyData { household_id: id, kind, carer_id, valid_from, valid_until }, hours)
        })
        .collect();
    care::replace(conn, &[id], &data)?;
    care_duties(conn, id)
}

/// Decisions that leave a household out of the rate, oldest first.
///
/// # Errors
/// `NotFound`.
pub fn exemptions(conn: &mut Connection, id: i64) -> Result<Vec<(i64, ExemptionFields)>, AppError> {
    rows::get(conn, id)?;
    Ok(exemptions::of_household(conn, id)?.into_iter().map(pair).collect())
}

/// Records a decision.
///
/// # Errors
/// `NotFound`; `Invalid` if it would end before it starts.
pub fn exempt(conn: &mut Connection, fields: &ExemptionFields) -> Result<(i64, ExemptionFields), AppError> {
    rows::get(conn, fields.household_id)?;
    if fields.valid_until.is_some_and(|until| until <= fields.valid_from) {
        return Err(FieldError::new("/valid_until", FieldCode::EndBeforeStart).into());
    }
    let id = exemptions::insert(conn, fields)?;
    Ok(pair(exemptions::get(conn, id)?))
}

/// Ends a decision that has no end yet.
///
/// # Errors
/// `NotFound`; refused if it has one; `Invalid` if it would end before it starts.
pub fn end_exemption(conn: &mut Connection, id: i64, on: NaiveDate) -> Result<(i64, ExemptionFields), AppError> {
    let exemption = exemptions::get(conn, id)?;
    if let Some(until) = exemption.data.valid_until {
        return Err(Refusal::WrongStatus
            .because(Text::new(format!("已定于 {until} 结束。"), format!("It ends on {until} already."))));
    }
    if on <= exemption.data.valid_from {
        return Err(FieldError::new("/on", FieldCode::EndBeforeStart).into());
    }
    exemptions::end(conn, id, on)?;
    Ok(pair(exemptions::get(conn, id)?))
}

fn pair(row: Stored<ExemptionFields>) -> (i64, ExemptionFields) {
    (row.id, row.data)
}
