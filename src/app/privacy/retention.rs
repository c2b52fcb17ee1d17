//! How long is what kept, and what has been kept long enough?
//!
//! Invariant: the periods are settings with a least value the law sets ([`crate::app::settings`]). Nothing the law wants kept longer
//! is removed by a deletion: until then the data is only stored. Everything of one [`apply`] is one transaction and has one
//! entry in the audit; a trial run is the same transaction, rolled back. The audit loses its beginning only, by its own module.

use chrono::{Days, Months, NaiveDate, NaiveDateTime};

use serde_json::{Map, json};

use super::consents;
use crate::app::access::{Act, Object, ObjectKind, purpose};
use crate::app::audit::{self, Happened};
use crate::app::error::AppError;
use crate::app::{calendar_day, settings};
use crate::db::seal::{IndexField, SealedColumn};
use crate::db::{AnyConnection, Db, DbError, Keyring, concerns, introductions, residents, retention as rows, spells};
use crate::db::{erasure, events, memberships};
use crate::domain::codes::Relation;
use crate::domain::privacy::IntroductionStatus;

/// What was removed from one table, or would be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Removed {
    pub table: String,
    pub rows: u64,
}

/// The first day on which nothing about a resident has to be kept any more; `None` while a job lasts.
///
/// Spells and concerns are the service's ledger (人力资源市场条例 33), introductions a provision to others and consents its proof (网络数据安全管理条例
/// 12). A consent that still holds ends with the restriction, or today.
///
/// # Errors
/// `NotFound`.
pub fn free_on(conn: &mut AnyConnection, resident: i64, today: NaiveDate) -> Result<Option<NaiveDate>, AppError> {
    let ledger = Months::new(settings::retention(conn, settings::RETENTION_EMPLOYMENT_MONTHS, today)?);
    let provision = Months::new(settings::retention(conn, settings::RETENTION_PROVISION_MONTHS, today)?);
    let ended = residents::standing(conn, resident)?.0.unwrap_or(today);
    let after = |day: NaiveDate, period| day.checked_add_months(period).unwrap_or(NaiveDate::MAX);
    let mut free = NaiveDate::MIN;
    for row in spells::of_residents(conn, &[resident])? {
        match row.data.end_on {
            Some(end) => free = free.max(after(end, ledger)),
            None => return Ok(None),
        }
    }
    for row in introductions::of_resident(conn, resident)? {
        // Without a consent nothing was given to anybody.
        if row.data.consent_id.is_some() && row.data.status != IntroductionStatus::Refused {
            free = free.max(after(calendar_day(row.updated_at).min(ended), provision));
        }
    }
    let answers = Months::new(settings::retention(conn, settings::RETENTION_CONCERNS_MONTHS, today)?);
    for row in concerns::of_resident(conn, resident)? {
        // One that was never answered ends with the restriction.
        let last = row.data.closed_on.unwrap_or(ended.max(row.data.opened_on));
        free = free.max(after(last, answers));
    }
    for consent in consents::of(conn, resident, today)? {
        let data = consent.data;
        let last = data.withdrawn_at.map(calendar_day).or(data.valid_until).unwrap_or(ended);
        free = free.max(after(last.min(ended).max(data.given_on), provision));
    }
    Ok(Some(free))
}

/// Erases a resident if nothing about them has to be kept. Gives whether it did.
///
/// # Errors
/// `NotFound`.
pub(super) fn erase_if_free(
    conn: &mut AnyConnection,
    keys: &Keyring,
    resident: i64,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<bool, AppError> {
    let is_free = free_on(conn, resident, today)?.is_some_and(|day| day <= today);
    if !is_free || heads_others(conn, resident)? {
        return Ok(false);
    }
    let blank = |column| keys.seal_text(column, "").map_err(DbError::from);
    let blank = erasure::Blank {
        id_number_cipher: blank(SealedColumn::ResidentIdNumber)?,
        id_number_index: keys.index(IndexField::ResidentIdNumber, format!("erased {resident}").as_bytes()),
        pin_reason: blank(SealedColumn::PlanPinReason)?,
        approval_reason: blank(SealedColumn::ApprovalReason)?,
        approval_decision: blank(SealedColumn::ApprovalDecision)?,
        birth_date: settings::since_ever(),
    };
    erasure::erase(conn, resident, &blank, (now, today))?;
    Ok(true)
}

/// Whether others would be left in a household without its head.
fn heads_others(conn: &mut AnyConnection, resident: i64) -> Result<bool, AppError> {
    let heads =
        |row: &memberships::MembershipRow| row.data.relation == Relation::Head && row.data.valid_until.is_none();
    let Some(own) = memberships::of_residents(conn, &[resident])?.into_iter().find(heads) else { return Ok(false) };
    let members = memberships::of_households(conn, &[own.data.household_id])?;
    Ok(members.iter().any(|row| row.data.resident_id != resident && row.data.valid_until.is_none()))
}

/// Removes what has been kept long enough, table by table, with one entry in the audit that says how much and who was erased; with
/// `dry_run` only says how much that would be.
///
/// # Errors
/// If the database fails; then nothing was removed.
pub fn apply(
    db: &Db,
    act: &Act,
    (now, today): (NaiveDateTime, NaiveDate),
    dry_run: bool,
) -> Result<Vec<Removed>, AppError> {
    let months = db.read(|conn| settings::retention(conn, settings::RETENTION_AUDIT_MONTHS, today))?;
    let before = today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    let old_audit = audit::walked(db, before, today)?;
    let mut removed = Vec::new();
    let swept = db.write_in_turn(|conn| -> Result<(), AppError> {
        let (rows, erased) = sweep(conn, db.keys(), (now, today))?;
        removed = rows;
        removed.push(prune_audit(conn, db.keys(), act, old_audit.as_ref(), now)?);
        if dry_run {
            // Rolls back: the counts are all that is wanted.
            return Err(AppError::Cancelled);
        }
        let counts = removed.iter().map(|row| (row.table.clone(), row.rows.into()));
        let detail = Some(json!({ "removed": Map::from_iter(counts) }));
        audit::append(conn, db.keys(), act, &Happened { subjects: erased, detail, ..Happened::default() }, now)?;
        Ok(())
    });
    match swept {
        Err(AppError::Cancelled) if dry_run => Ok(removed),
        swept => swept.map(|()| removed),
    }
}

/// The audit keeps its chain: what is removed is the beginning, and the removal is an entry itself.
fn prune_audit(
    conn: &mut AnyConnection,
    keys: &Keyring,
    act: &Act,
    old: Option<&audit::Walked>,
    now: NaiveDateTime,
) -> Result<Removed, AppError> {
    let object = Object { kind: ObjectKind::Audit, id: None };
    let act = Act { object, action: "prune", purpose: purpose(ObjectKind::Audit), ..act.clone() };
    let rows = old.map_or(Ok(0), |old| audit::prune(conn, keys, &act, old, now))?;
    Ok(Removed { table: "audit_events".to_owned(), rows: rows as u64 })
}

type Remove = fn(&mut AnyConnection, NaiveDateTime) -> Result<usize, DbError>;

/// The counts, and the residents who were erased.
fn sweep(
    conn: &mut AnyConnection,
    keys: &Keyring,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<(Vec<Removed>, Vec<i64>), AppError> {
    let tables: [(&str, &'static str, Remove); 10] = [
        ("import_rejected_rows", settings::RETENTION_REJECTED_ROWS_DAYS, rows::rejected_rows),
        ("import_findings", settings::RETENTION_FINDINGS_MONTHS, rows::findings),
        ("jobs", settings::RETENTION_JOBS_DAYS, rows::jobs),
        ("sessions", settings::RETENTION_SESSIONS_MONTHS, rows::sessions),
        ("one_time_secrets", settings::RETENTION_SESSIONS_MONTHS, rows::one_time_secrets),
        ("notices", settings::RETENTION_NOTICES_MONTHS, rows::notices),
        ("visits", settings::RETENTION_VISITS_MONTHS, rows::visits),
        // Before postings: they may be about one.
        ("concerns", settings::RETENTION_CONCERNS_MONTHS, rows::concerns),
        ("postings", settings::RETENTION_POSTINGS_MONTHS, rows::postings),
        ("events", settings::RETENTION_EVENTS_MONTHS, events::compact),
    ];
    let mut removed = Vec::new();
    for (table, setting, remove) in tables {
        let period = settings::retention(conn, setting, today)?;
        let before = if setting.ends_with("_days") {
            now.checked_sub_days(Days::new(period.into()))
        } else {
            now.checked_sub_months(Months::new(period))
        };
        let count = before.map(|before| remove(conn, before)).transpose()?.unwrap_or_default();
        removed.push(Removed { table: table.to_owned(), rows: count as u64 });
    }
    let mut erased = Vec::new();
    for resident in residents::restricted_by_decision(conn)? {
        if erase_if_free(conn, keys, resident, (now, today))? {
            erased.push(resident);
        }
    }
    removed.push(Removed { table: "residents".to_owned(), rows: erased.len() as u64 });
    Ok((removed, erased))
}
