//! Why a person or a household is not employed, while it lasts.

use chrono::NaiveDate;

use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::{Connection, open_note, seal_note};
use crate::db::Keyring;
use crate::db::barriers::{self as rows, BarrierData, BarrierRow};
use crate::db::seal::SealedColumn;
use crate::db::{households, residents};
use crate::domain::codes::BarrierKind;

/// Whom a barrier keeps from work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Household(i64),
    Resident(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barrier {
    pub id: i64,
    pub kind: BarrierKind,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub note: Option<String>,
    /// Account; `None` = the command line, or an import.
    pub opened_by: Option<i64>,
    pub closed_by: Option<i64>,
}

/// The barriers of a household (not of its members) or of a resident, by id.
///
/// # Errors
/// `NotFound` if there is no such subject.
pub fn of(conn: &mut Connection, keys: &Keyring, subject: Subject) -> Result<Vec<Barrier>, AppError> {
    let found = match subject {
        Subject::Household(id) => {
            households::get(conn, id)?;
            rows::of_households(conn, &[id])?
        }
        Subject::Resident(id) => {
            residents::get(conn, id)?;
            rows::of_residents(conn, &[id])?
        }
    };
    found.into_iter().map(|row| view(keys, row)).collect()
}

/// Opens a barrier.
///
/// # Errors
/// `NotFound` if there is no such subject; `Invalid` if it opens after today.
pub fn open(
    conn: &mut Connection,
    keys: &Keyring,
    subject: Subject,
    (kind, opened_on, note): (BarrierKind, NaiveDate, Option<&str>),
    (today, opened_by): (NaiveDate, Option<i64>),
) -> Result<Barrier, AppError> {
    if opened_on > today {
        return Err(FieldError::new("/opened_on", FieldCode::InTheFuture).into());
    }
    let (household_id, resident_id) = match subject {
        Subject::Household(id) => (Some(households::get(conn, id)?.id), None),
        Subject::Resident(id) => (None, Some(residents::get(conn, id)?.id)),
    };
    let note_cipher = seal_note(keys, SealedColumn::BarrierNote, note)?;
    let data = BarrierData {
        household_id,
        resident_id,
        kind,
        opened_on,
        closed_on: None,
        note_cipher,
        opened_by,
        closed_by: None,
    };
    let id = rows::insert(conn, &data)?;
    view(keys, rows::get(conn, id)?)
}

/// Closes a barrier.
///
/// # Errors
/// `NotFound`; refused if it is closed; `Invalid` if it would close before it opened, or after today.
pub fn close(
    conn: &mut Connection,
    keys: &Keyring,
    (id, on): (i64, NaiveDate),
    (today, by): (NaiveDate, Option<i64>),
) -> Result<Barrier, AppError> {
    let row = rows::get(conn, id)?;
    if let Some(closed) = row.data.closed_on {
        return Err(Refusal::WrongStatus.over_since(closed));
    }
    if on < row.data.opened_on {
        return Err(FieldError::new("/on", FieldCode::EndBeforeStart).into());
    }
    if on > today {
        return Err(FieldError::new("/on", FieldCode::InTheFuture).into());
    }
    rows::close(conn, id, (on, by))?;
    view(keys, rows::get(conn, id)?)
}

fn view(keys: &Keyring, row: BarrierRow) -> Result<Barrier, AppError> {
    let note = open_note(keys, SealedColumn::BarrierNote, row.data.note_cipher.as_ref())?;
    let BarrierData { kind, opened_on, closed_on, opened_by, closed_by, .. } = row.data;
    Ok(Barrier { id: row.id, kind, opened_on, closed_on, note, opened_by, closed_by })
}
