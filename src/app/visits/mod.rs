//! Visits of households: planned or done, what was found, what is to be done next, by whom and by when.
//!
//! Map: this module writes and reads them, [`plan`] chooses those of a week, [`progress`] counts them against the weekly target.
//!
//! Invariants: a done visit lies not after today and says what it found; only a planned one is moved or cancelled; a done one is
//! corrected, never undone. It changes no record of the household by itself, with two exceptions that follow from it: steps of earlier
//! visits that were to meet the household again are done by it, and the clock of a recognised household counts it as a contact, or as
//! an attempt that reached nobody ([`super::clock`] reads it, nothing is copied).

pub mod plan;
pub mod progress;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::{Connection, Keyring, Moment, Page, open_note, seal_note};
use crate::db::households;
use crate::db::seal::SealedColumn;
pub use crate::db::visits::VisitFilter;
use crate::db::visits::findings::{self as finding_rows, FindingRow};
use crate::db::visits::{self as rows, VisitData, VisitRow};
use crate::domain::clock::ServiceKind;
use crate::domain::text::Text;
use crate::domain::visit::{NextStep, VisitChannel, VisitFinding, VisitStatus, agree, is_met};

/// What a counselor says of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitFields {
    pub status: VisitStatus,
    pub visit_on: NaiveDate,
    pub channel: VisitChannel,
    /// In the order of their list, without repetition; empty unless done.
    pub findings: Vec<VisitFinding>,
    /// Sealed at rest; closed in lists.
    pub found_note: Option<String>,
    pub next_step: Option<NextStep>,
    /// By when.
    pub next_on: Option<NaiveDate>,
    /// Sealed at rest; closed in lists.
    pub next_note: Option<String>,
    /// When the next step was done.
    pub next_done_on: Option<NaiveDate>,
}

/// A visit as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: i64,
    pub version: i64,
    pub household_id: i64,
    /// Who goes or went.
    pub account: Option<i64>,
    pub fields: VisitFields,
}

/// Plans a visit, or records one that was made; gives its id.
///
/// # Errors
/// `NotFound` if there is no such household; `Invalid` names every field that cannot be.
pub fn create(
    conn: &mut Connection,
    keys: &Keyring,
    household: i64,
    fields: &VisitFields,
    (now, today): Moment,
    account: Option<i64>,
) -> Result<i64, AppError> {
    households::get(conn, household)?;
    check(fields, None, today)?;
    let data = data(keys, (household, account), fields)?;
    let id = rows::insert(conn, &data, now)?;
    finding_rows::insert_all(conn, &finding_rows_of(id, &fields.findings))?;
    settle(conn, (id, household), fields, now)?;
    Ok(id)
}

/// Changes a visit; a planned one may become done by whoever made it.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a cancelled one; `Invalid` names every field that cannot be.
pub fn update(
    conn: &mut Connection,
    keys: &Keyring,
    old: &Visit,
    fields: &VisitFields,
    (now, today): Moment,
    account: Option<i64>,
) -> Result<Visit, AppError> {
    if old.fields.status == VisitStatus::Cancelled {
        return Err(Refusal::WrongStatus.being(old.fields.status.label()));
    }
    check(fields, Some(&old.fields), today)?;
    let is_made_now = old.fields.status == VisitStatus::Planned && fields.status == VisitStatus::Done;
    let by = if is_made_now { account.or(old.account) } else { old.account };
    let data = data(keys, (old.household_id, by), fields)?;
    rows::update(conn, old.id, old.version, &data, now)?;
    finding_rows::replace(conn, &[old.id], &finding_rows_of(old.id, &fields.findings))?;
    settle(conn, (old.id, old.household_id), fields, now)?;
    get(conn, keys, old.id)
}

/// Calls a planned visit off.
///
/// # Errors
/// `NotFound`; refused unless it is planned.
pub fn cancel(conn: &mut Connection, keys: &Keyring, old: &Visit, (now, _): Moment) -> Result<Visit, AppError> {
    if old.fields.status != VisitStatus::Planned {
        return Err(Refusal::WrongStatus.being(old.fields.status.label()));
    }
    let fields = VisitFields { status: VisitStatus::Cancelled, ..old.fields.clone() };
    rows::update(conn, old.id, old.version, &data(keys, (old.household_id, old.account), &fields)?, now)?;
    get(conn, keys, old.id)
}

/// One visit.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64) -> Result<Visit, AppError> {
    let row = rows::get(conn, id)?;
    let found_note = open_note(keys, SealedColumn::VisitFound, row.data.found_note_cipher.as_ref())?;
    let next_note = open_note(keys, SealedColumn::VisitNext, row.data.next_note_cipher.as_ref())?;
    let findings = finding_rows::by_visit(conn, &[id])?.remove(&id).unwrap_or_default();
    let mut visit = view(row, findings);
    (visit.fields.found_note, visit.fields.next_note) = (found_note, next_note);
    Ok(visit)
}

/// A page of visits by id, without their notes. Steps that are due: [`VisitFilter::next_until`].
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &VisitFilter, page: Page) -> Result<Vec<Visit>, AppError> {
    let found = rows::page(conn, filter, page)?;
    views(conn, found)
}

fn views(conn: &mut Connection, found: Vec<VisitRow>) -> Result<Vec<Visit>, AppError> {
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let mut findings = finding_rows::by_visit(conn, &ids)?;
    let show = |row: VisitRow| {
        let found = findings.remove(&row.id).unwrap_or_default();
        view(row, found)
    };
    Ok(found.into_iter().map(show).collect())
}

fn view(row: VisitRow, mut findings: Vec<VisitFinding>) -> Visit {
    let data = row.data;
    findings.sort_unstable();
    let fields = VisitFields {
        status: data.status,
        visit_on: data.visit_on,
        channel: data.channel,
        findings,
        found_note: None,
        next_step: data.next_step,
        next_on: data.next_on,
        next_note: None,
        next_done_on: data.next_done_on,
    };
    Visit { id: row.id, version: row.version, household_id: data.household_id, account: data.account_id, fields }
}

fn data(
    keys: &Keyring,
    (household_id, account_id): (i64, Option<i64>),
    fields: &VisitFields,
) -> Result<VisitData, AppError> {
    Ok(VisitData {
        household_id,
        status: fields.status,
        visit_on: fields.visit_on,
        channel: fields.channel,
        account_id,
        found_note_cipher: seal_note(keys, SealedColumn::VisitFound, fields.found_note.as_deref())?,
        next_step: fields.next_step,
        next_on: fields.next_on,
        next_note_cipher: seal_note(keys, SealedColumn::VisitNext, fields.next_note.as_deref())?,
        next_done_on: fields.next_done_on,
    })
}

fn finding_rows_of(visit_id: i64, findings: &[VisitFinding]) -> Vec<FindingRow> {
    findings.iter().map(|finding| FindingRow { visit_id, finding: *finding }).collect()
}

/// Whether a visit can be said to be so.
fn check(new: &VisitFields, old: Option<&VisitFields>, today: NaiveDate) -> Result<(), AppError> {
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, code| faults.push(FieldError::new(pointer, code));
    match new.status {
        VisitStatus::Planned => {
            if old.is_some_and(|old| old.status == VisitStatus::Done) {
                fault("/status", FieldCode::Contradicts);
            }
            let says = [
                ("/findings", !new.findings.is_empty()),
                ("/found_note", new.found_note.is_some()),
                ("/next_step", new.next_step.is_some()),
                ("/next_on", new.next_on.is_some()),
                ("/next_note", new.next_note.is_some()),
                ("/next_done_on", new.next_done_on.is_some()),
            ];
            for (pointer, _) in says.into_iter().filter(|(_, said)| *said) {
                fault(pointer, FieldCode::NotNeeded);
            }
            // One that was to be made in the meantime may still be changed otherwise.
            if new.visit_on < today && old.is_none_or(|old| old.visit_on != new.visit_on) {
                let text = Text::new(
                    "计划走访的日期不能早于今天。已走访的请直接登记。",
                    "A visit is not planned for a day that has passed. Record it as done.",
                );
                faults.push(FieldError::with_text("/visit_on", FieldCode::Contradicts, text));
            }
        }
        VisitStatus::Done => check_done(new, today, &mut fault),
        VisitStatus::Cancelled => fault("/status", FieldCode::NotInList),
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

fn check_done(new: &VisitFields, today: NaiveDate, fault: &mut impl FnMut(&str, FieldCode)) {
    if new.visit_on > today {
        fault("/visit_on", FieldCode::InTheFuture);
    }
    if new.findings.is_empty() {
        fault("/findings", FieldCode::Missing);
    }
    for (index, finding) in new.findings.iter().enumerate() {
        if new.findings[..index].contains(finding) {
            fault(&format!("/findings/{index}"), FieldCode::Repeated);
        }
    }
    if !agree(&new.findings) {
        fault("/findings", FieldCode::Contradicts);
    }
    let Some(_) = new.next_step else {
        let says = [
            ("/next_on", new.next_on.is_some()),
            ("/next_note", new.next_note.is_some()),
            ("/next_done_on", new.next_done_on.is_some()),
        ];
        for (pointer, _) in says.into_iter().filter(|(_, said)| *said) {
            fault(pointer, FieldCode::NotNeeded);
        }
        return;
    };
    match new.next_on {
        None => fault("/next_on", FieldCode::Missing),
        Some(on) if on < new.visit_on => fault("/next_on", FieldCode::EndBeforeStart),
        Some(_) => {}
    }
    match new.next_done_on {
        Some(on) if on < new.visit_on => fault("/next_done_on", FieldCode::EndBeforeStart),
        Some(on) if on > today => fault("/next_done_on", FieldCode::InTheFuture),
        _ => {}
    }
}

/// Meeting the household is what earlier visits left to do: their step is done on that day. A call does not stand for a visit.
fn settle(
    conn: &mut Connection,
    (id, household): (i64, i64),
    fields: &VisitFields,
    now: chrono::NaiveDateTime,
) -> Result<(), AppError> {
    if fields.status != VisitStatus::Done || !is_met(&fields.findings) {
        return Ok(());
    }
    let in_person = !matches!(fields.channel, VisitChannel::Phone | VisitChannel::Message);
    for row in rows::of_households(conn, &[household])? {
        let data = row.data;
        let is_earlier = row.id != id && (data.visit_on, row.id) < (fields.visit_on, id);
        let is_open = data.next_done_on.is_none();
        let is_this = data.next_step.is_some_and(|step| step.is_meeting() && (in_person || step == NextStep::Call));
        if is_earlier && is_open && is_this {
            let data = VisitData { next_done_on: Some(fields.visit_on), ..data };
            rows::update(conn, row.id, row.version, &data, now)?;
        }
    }
    Ok(())
}

/// Everybody of one household has joined another: they are visited there. Who goes there on that day anyway goes once, so the other visit
/// is called off.
pub(in crate::app) fn merged(
    conn: &mut Connection,
    (from, to): (i64, i64),
    now: chrono::NaiveDateTime,
) -> Result<(), AppError> {
    let planned = |row: &VisitRow| row.data.status == VisitStatus::Planned;
    let there: Vec<VisitRow> = rows::of_households(conn, &[to])?.into_iter().filter(planned).collect();
    for row in rows::of_households(conn, &[from])?.into_iter().filter(planned) {
        let is_same = |other: &VisitRow| {
            let (a, b) = (&row.data, &other.data);
            (a.visit_on, a.account_id, a.channel) == (b.visit_on, b.account_id, b.channel)
        };
        let data = if there.iter().any(is_same) {
            VisitData { status: VisitStatus::Cancelled, ..row.data }
        } else {
            VisitData { household_id: to, ..row.data }
        };
        rows::update(conn, row.id, row.version, &data, now)?;
    }
    Ok(())
}

/// A done visit as the clock of a recognised household counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Contact {
    pub visit: i64,
    /// `Contact`, or `NotReached` where nobody was met.
    pub kind: ServiceKind,
    pub on: NaiveDate,
    pub by: Option<i64>,
}

/// The done visits of each of these households, by day.
pub(in crate::app) fn contacts(
    conn: &mut Connection,
    households: &[i64],
) -> Result<HashMap<i64, Vec<Contact>>, AppError> {
    let mut found = rows::of_households(conn, households)?;
    found.retain(|row| row.data.status == VisitStatus::Done);
    let mut contacts: HashMap<i64, Vec<Contact>> = HashMap::new();
    for visit in views(conn, found)? {
        let kind = if is_met(&visit.fields.findings) { ServiceKind::Contact } else { ServiceKind::NotReached };
        let contact = Contact { visit: visit.id, kind, on: visit.fields.visit_on, by: visit.account };
        contacts.entry(visit.household_id).or_default().push(contact);
    }
    for of_one in contacts.values_mut() {
        of_one.sort_by_key(|contact| contact.on);
    }
    Ok(contacts)
}
