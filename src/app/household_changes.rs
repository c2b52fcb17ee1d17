//! Who joins, leaves, heads, splits and merges. Each change closes memberships and opens new ones, so the past stays.
//!
//! Invariant: on no day is a resident a member of two households, so nobody is counted twice; a household with members has
//! exactly one head. The unique indexes on open memberships stand behind both for the present. Care duties go where the
//! people go: with their household in a merge, with their named carer in a split. Planned visits go along in a merge.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::households::{self, Household, HouseholdFields};
use super::steps::By;
use super::{Connection, Moment, clock, visits};
use crate::db::care::{CareDutyData, hours::CareHour};
use crate::db::memberships::{self as rows, MembershipData, MembershipRow};
use crate::db::{DbError, Keyring, care, households as household_rows, residents};
use crate::domain::codes::{HouseholdEventKind, Relation};
use crate::domain::text::Text;
use crate::domain::week::Span;

/// Makes a resident a member, from a day or since the last membership ended; of somebody who never was a member, since
/// before the records begin.
///
/// # Errors
/// `NotFound` for the household; `Invalid` for the resident; refused if the resident is a member somewhere on one of the days or
/// a second head.
pub fn add_member(
    conn: &mut Connection,
    household: i64,
    resident: i64,
    relation: Relation,
    valid_from: Option<NaiveDate>,
) -> Result<(), AppError> {
    household_rows::get(conn, household)?;
    check_resident(conn, resident)?;
    if open_of_resident(conn, resident)?.is_some() {
        return Err(Refusal::AlreadyMember.into());
    }
    check_relation(conn, household, relation)?;
    let valid_from = match valid_from {
        Some(day) => Some(day),
        None => rows::of_residents(conn, &[resident])?.iter().filter_map(|member| member.data.valid_until).max(),
    };
    join(conn, household, resident, relation, valid_from)
}

/// Ends a membership. The head may leave only as the last one.
///
/// # Errors
/// `NotFound`; refused for a head while others stay; `Invalid` before the membership began or after today.
pub fn leave(
    conn: &mut Connection,
    household: i64,
    resident: i64,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), AppError> {
    if on > today {
        return Err(FieldError::new("/on", FieldCode::InTheFuture).into());
    }
    depart(conn, household, resident, on)
}

fn depart(conn: &mut Connection, household: i64, resident: i64, on: NaiveDate) -> Result<(), AppError> {
    let members = open_members(conn, household)?;
    let member = find(&members, resident)?;
    if member.data.relation == Relation::Head && members.len() > 1 {
        return Err(Refusal::HeadMustStay.into());
    }
    end(conn, member, on)
}

/// Moves a member of another household into this one on a day.
///
/// # Errors
/// As for [`leave`] and [`add_member`]; refused if the resident is in no household or in this one.
pub fn move_in(
    conn: &mut Connection,
    household: i64,
    resident: i64,
    relation: Relation,
    (now, on): Moment,
) -> Result<(), AppError> {
    household_rows::get(conn, household)?;
    check_resident(conn, resident)?;
    let from = open_of_resident(conn, resident)?.ok_or(Refusal::NotAMember)?.data.household_id;
    if from == household {
        return Err(Refusal::SameHousehold.into());
    }
    check_relation(conn, household, relation)?;
    depart(conn, from, resident, on)?;
    join(conn, household, resident, relation, Some(on))?;
    households::record(conn, from, HouseholdEventKind::Moved, (Some(household), Some(resident)), (now, on))?;
    households::record(conn, household, HouseholdEventKind::Moved, (Some(from), Some(resident)), (now, on))
}

/// Makes another member the head from a day on; the head so far stays with the relation given.
///
/// # Errors
/// `NotFound`; `Stale`; refused if the resident is no member; `Invalid` before a membership began.
pub fn change_head(
    conn: &mut Connection,
    (household, version): (i64, i64),
    resident: i64,
    former_head: Relation,
    (now, on): Moment,
) -> Result<i64, AppError> {
    if former_head == Relation::Head {
        return Err(FieldError::new("/former_head_relation", FieldCode::Contradicts).into());
    }
    let version = household_rows::touch(conn, household, version, now)?;
    let members = open_members(conn, household)?;
    let new = find(&members, resident)?;
    if new.data.relation != Relation::Head {
        let old = members.iter().find(|member| member.data.relation == Relation::Head);
        if let Some(old) = old {
            end(conn, old, on)?;
        }
        end(conn, new, on)?;
        if let Some(old) = old {
            join(conn, household, old.data.resident_id, former_head, Some(on))?;
        }
        join(conn, household, resident, Relation::Head, Some(on))?;
        households::record(conn, household, HouseholdEventKind::HeadChange, (None, Some(resident)), (now, on))?;
    }
    Ok(version)
}

/// Some members become a household of their own, the first of them its head.
pub struct Split {
    pub fields: HouseholdFields,
    /// New head first; relation to that head. The head's own relation is not looked at.
    pub members: Vec<(i64, Relation)>,
}

/// Splits a household on a day. Care duties whose named carer moves go along; all others stay.
///
/// # Errors
/// `NotFound`; `Stale`; `Invalid` for the new household's data; refused if somebody is no member, or the head would leave others
/// behind.
pub fn split(
    conn: &mut Connection,
    keys: &Keyring,
    (household, version): (i64, i64),
    split: Split,
    (now, on): Moment,
) -> Result<Household, AppError> {
    household_rows::touch(conn, household, version, now)?;
    let members = open_members(conn, household)?;
    for (index, (resident, relation)) in split.members.iter().enumerate() {
        let pointer = |field: &str| format!("/members/{index}/{field}");
        let repeated = split.members[..index].iter().any(|(other, _)| other == resident);
        if repeated {
            return Err(FieldError::new(pointer("resident_id"), FieldCode::Repeated).into());
        }
        if index > 0 && *relation == Relation::Head {
            return Err(FieldError::new(pointer("relation"), FieldCode::Contradicts).into());
        }
        find(&members, *resident)?;
    }
    let stays = |member: &&MembershipRow| split.members.iter().all(|(id, _)| *id != member.data.resident_id);
    let staying: Vec<&MembershipRow> = members.iter().filter(stays).collect();
    if staying.is_empty() {
        return Err(Refusal::HouseholdEmpty.into());
    }
    if staying.iter().all(|member| member.data.relation != Relation::Head)
        && members.iter().any(|member| member.data.relation == Relation::Head)
    {
        return Err(Refusal::HeadMustStay.into());
    }
    let new = households::create(conn, keys, split.fields, (now, on))?;
    for (index, (resident, relation)) in split.members.iter().enumerate() {
        end(conn, find(&members, *resident)?, on)?;
        let relation = if index == 0 { Relation::Head } else { *relation };
        join(conn, new.id, *resident, relation, Some(on))?;
    }
    let moves = |carer: Option<i64>| carer.is_some_and(|carer| split.members.iter().any(|(id, _)| *id == carer));
    move_care(conn, household, new.id, on, moves)?;
    households::record(conn, household, HouseholdEventKind::Split, (Some(new.id), None), (now, on))?;
    households::record(conn, new.id, HouseholdEventKind::Split, (Some(household), None), (now, on))?;
    households::get(conn, keys, new.id)
}

/// All members of another household join this one on a day, with its care duties and the visits planned for them; the other stays
/// as history without members. Its head becomes `other`, everybody else keeps the relation recorded.
///
/// # Errors
/// `NotFound`; `Stale`; `Invalid` for the other household; refused if it has no members or is this one.
pub fn merge(
    conn: &mut Connection,
    keys: &Keyring,
    (household, version): (i64, i64),
    other: i64,
    (now, on): Moment,
    by: By,
) -> Result<Household, AppError> {
    if household == other {
        return Err(Refusal::SameHousehold.into());
    }
    household_rows::touch(conn, household, version, now)?;
    match household_rows::get(conn, other) {
        Ok(row) => household_rows::touch(conn, other, row.version, now)?,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/household_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    let joining = open_members(conn, other)?;
    if joining.is_empty() {
        return Err(Refusal::HouseholdEmpty.into());
    }
    let headed = open_members(conn, household)?.iter().any(|member| member.data.relation == Relation::Head);
    for member in &joining {
        end(conn, member, on)?;
        let relation = match member.data.relation {
            Relation::Head if headed => Relation::Other,
            relation => relation,
        };
        join(conn, household, member.data.resident_id, relation, Some(on))?;
    }
    move_care(conn, other, household, on, |_| true)?;
    clock::merged(conn, other, (now, on), by)?;
    visits::merged(conn, (other, household), now)?;
    households::record(conn, household, HouseholdEventKind::Merge, (Some(other), None), (now, on))?;
    households::record(conn, other, HouseholdEventKind::Merge, (Some(household), None), (now, on))?;
    households::get(conn, keys, household)
}

fn check_resident(conn: &mut Connection, resident: i64) -> Result<(), AppError> {
    match residents::get(conn, resident) {
        Ok(_) => Ok(()),
        Err(DbError::NotFound(_)) => Err(FieldError::new("/resident_id", FieldCode::NoSuchRecord).into()),
        Err(error) => Err(error.into()),
    }
}

fn has_head(conn: &mut Connection, household: i64) -> Result<bool, AppError> {
    Ok(open_members(conn, household)?.iter().any(|member| member.data.relation == Relation::Head))
}

/// Who comes into a household without a head is its head.
fn check_relation(conn: &mut Connection, household: i64, relation: Relation) -> Result<(), AppError> {
    if relation == Relation::Head || has_head(conn, household)? {
        return Ok(());
    }
    let text = Text::new(
        "这一户现在没有户主，先登记户主，再登记其他成员。",
        "The household has no head now; please add its head first, then the others.",
    );
    Err(FieldError::with_text("/relation", FieldCode::Contradicts, text).into())
}

fn join(
    conn: &mut Connection,
    household_id: i64,
    resident_id: i64,
    relation: Relation,
    valid_from: Option<NaiveDate>,
) -> Result<(), AppError> {
    if relation == Relation::Head && has_head(conn, household_id)? {
        return Err(Refusal::HeadMustStay.into());
    }
    let shares_a_day = |other: &MembershipRow| {
        let (from, until) = (other.data.valid_from, other.data.valid_until);
        // A membership that ended on its first day has no day at all.
        let is_empty = from.is_some() && from == until;
        !is_empty && until.is_none_or(|until| valid_from.is_none_or(|from| from < until))
    };
    if rows::of_residents(conn, &[resident_id])?.iter().any(shares_a_day) {
        return Err(Refusal::MembershipOverlaps.into());
    }
    rows::insert(conn, &MembershipData { household_id, resident_id, relation, valid_from, valid_until: None })?;
    Ok(())
}

/// Moves the care duties of one household that are not over on a day, and whose named carer is wanted, to another: what was
/// stays, from the day on the other household has them.
fn move_care(
    conn: &mut Connection,
    from: i64,
    to: i64,
    on: NaiveDate,
    wanted: impl Fn(Option<i64>) -> bool,
) -> Result<(), AppError> {
    let mut duties = care::of_households(conn, &[from])?;
    duties.retain(|duty| duty.data.valid_until.is_none_or(|until| until > on) && wanted(duty.data.carer_id));
    let mut hours: HashMap<i64, Vec<Span>> = HashMap::new();
    for hour in care::hours::of(conn, &duties.iter().map(|duty| duty.id).collect::<Vec<_>>())? {
        hours.entry(hour.care_duty_id).or_default().extend(hour.span());
    }
    for duty in duties {
        if duty.data.valid_from.is_some_and(|begins| begins >= on) {
            // It has not begun: there is nothing to keep.
            care::hand_over(conn, duty.id, to)?;
            continue;
        }
        care::end(conn, duty.id, on)?;
        let id = care::insert(conn, &CareDutyData { household_id: to, valid_from: Some(on), ..duty.data })?;
        let spans = hours.remove(&duty.id).unwrap_or_default();
        care::hours::insert_all(conn, &Vec::from_iter(spans.into_iter().map(|span| CareHour::new(id, span))))?;
    }
    Ok(())
}

fn end(conn: &mut Connection, member: &MembershipRow, on: NaiveDate) -> Result<(), AppError> {
    if member.data.valid_from.is_some_and(|from| on < from) {
        return Err(FieldError::new("/on", FieldCode::EndBeforeStart).into());
    }
    Ok(rows::end(conn, member.id, on)?)
}

/// Memberships without an end.
fn open_members(conn: &mut Connection, household: i64) -> Result<Vec<MembershipRow>, AppError> {
    household_rows::get(conn, household)?;
    let mut members = rows::of_households(conn, &[household])?;
    members.retain(|member| member.data.valid_until.is_none());
    Ok(members)
}

fn open_of_resident(conn: &mut Connection, resident: i64) -> Result<Option<MembershipRow>, AppError> {
    Ok(rows::of_residents(conn, &[resident])?.into_iter().find(|member| member.data.valid_until.is_none()))
}

fn find(members: &[MembershipRow], resident: i64) -> Result<&MembershipRow, AppError> {
    members.iter().find(|member| member.data.resident_id == resident).ok_or_else(|| Refusal::NotAMember.into())
}
