//! Offers a resident declined. A refusal counts against nobody unless the offer was suitable.
//!
//! Invariant: `was_suitable` is computed, never said by the caller: every gate of the engine passed for the pair on the day of
//! the refusal. A gate that could not be decided for lack of data is no pass, and a posting that is not published now was no
//! offer. Cost of [`was_suitable`]: one snapshot.

use chrono::NaiveDate;

use super::error::{AppError, Faults, FieldCode, Refusal};
use super::{Connection, Db, open_note, seal_note, settings, snapshot};
use crate::db::declines::{self as rows, DeclineData};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, Keyring, Stored, postings, residents};
use crate::domain::codes::{DeclineReason, PostingStatus};
use crate::domain::text::Text;
use crate::engine::explain::explain;

/// What a caller says of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclineFields {
    pub posting_id: i64,
    pub declined_on: NaiveDate,
    pub reason: Option<DeclineReason>,
    /// Sealed at rest.
    pub note: Option<String>,
}

/// A refusal as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    pub id: i64,
    pub fields: DeclineFields,
    pub was_suitable: bool,
}

/// What a resident declined, oldest first.
///
/// # Errors
/// `NotFound`.
pub fn of(conn: &mut Connection, keys: &Keyring, resident: i64) -> Result<Vec<Decline>, AppError> {
    residents::get(conn, resident)?;
    rows::of_resident(conn, resident)?.into_iter().map(|row| view(keys, row)).collect()
}

/// Whether every gate passes for the pair on a day, by the records as they are now; `false` where there is no such pair.
///
/// # Errors
/// If the database fails.
pub fn was_suitable(db: &Db, resident: i64, posting: i64, on: NaiveDate) -> Result<bool, AppError> {
    if on < settings::since_ever() {
        return Ok(false);
    }
    let loaded = db.read(|conn| snapshot::load_unhashed(conn, on))?;
    let (Some(r), Some(p)) = (loaded.resident_index(resident), loaded.posting_index(posting)) else { return Ok(false) };
    Ok(explain(&loaded.snapshot, r, p).is_suitable())
}

/// Records a refusal; `suitable` is the answer of [`was_suitable`].
///
/// # Errors
/// `NotFound` for the resident; `Invalid` for the posting, or for a day after today or before the posting; refused if it is
/// recorded already or the posting is a draft.
pub fn record(
    conn: &mut Connection,
    keys: &Keyring,
    resident_id: i64,
    fields: DeclineFields,
    (suitable, today): (bool, NaiveDate),
) -> Result<Decline, AppError> {
    residents::get(conn, resident_id)?;
    let mut faults = Faults::default();
    let posting = match postings::get(conn, fields.posting_id) {
        Ok(posting) => Some(posting.data),
        Err(DbError::NotFound(_)) => {
            faults.add("/posting_id", FieldCode::NoSuchRecord);
            None
        }
        Err(error) => return Err(error.into()),
    };
    if fields.declined_on > today {
        faults.add("/declined_on", FieldCode::InTheFuture);
    } else if posting.as_ref().is_some_and(|posting| fields.declined_on < posting.valid_from) {
        faults.add("/declined_on", FieldCode::Contradicts);
    }
    faults.done()?;
    if posting.is_some_and(|posting| posting.status == PostingStatus::Draft) {
        return Err(Refusal::PostingNotOpen.into());
    }
    let same = |row: &Stored<DeclineData>| {
        row.data.posting_id == fields.posting_id && row.data.declined_on == fields.declined_on
    };
    if rows::of_resident(conn, resident_id)?.iter().any(same) {
        let day = fields.declined_on;
        return Err(Refusal::AlreadyExists.because(Text::new(
            format!("该居民 {day} 拒绝这一岗位的事已登记。"),
            format!("That the resident declined this posting on {day} is on record."),
        )));
    }
    let data = DeclineData {
        resident_id,
        posting_id: fields.posting_id,
        declined_on: fields.declined_on,
        reason: fields.reason,
        note_cipher: seal_note(keys, SealedColumn::DeclineNote, fields.note.as_deref())?,
        was_suitable: suitable,
    };
    let id = rows::insert(conn, &data).map_err(DbError::overtaken)?;
    view(keys, rows::get(conn, id)?)
}

fn view(keys: &Keyring, row: Stored<DeclineData>) -> Result<Decline, AppError> {
    let note = open_note(keys, SealedColumn::DeclineNote, row.data.note_cipher.as_ref())?;
    let DeclineData { posting_id, declined_on, reason, was_suitable, .. } = row.data;
    Ok(Decline { id: row.id, fields: DeclineFields { posting_id, declined_on, reason, note }, was_suitable })
}
