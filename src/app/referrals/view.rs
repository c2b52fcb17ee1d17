//! What each side sees of referrals.
//!
//! Invariant: an employer sees a referral from the day it was told, an open one only while the consent is in force, and of its history
//! what it said itself; never who the resident is but by [`contact`], which is audited. Whoever withdrew is gone from the list and
//! from its counts.

use chrono::{NaiveDate, NaiveDateTime};

use crate::app::error::{AppError, Refusal};
pub use crate::app::privacy::acquaintance::Viewer;
use crate::app::privacy::acquaintance::{self, Acquaintance, Contact};
use crate::app::privacy::cards;
use crate::app::steps::{self, By};
use crate::app::{Connection, Keyring, Page};
use crate::db::DbError;
pub use crate::db::referrals::ReferralFilter;
use crate::db::referrals::moves::{self, MoveRow};
use crate::db::referrals::overrides;
use crate::db::referrals::{self as rows, ReferralRow};
use crate::db::seal::SealedColumn;
use crate::domain::access::Role;
use crate::domain::referral::{MOVES, ReferralReason, ReferralState};

/// A referral as its viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    pub id: i64,
    pub version: i64,
    pub posting_id: i64,
    pub employer_id: i64,
    pub state: ReferralState,
    /// The card by which the employer knows the candidate.
    pub card: String,
    /// Not for employers.
    pub resident_id: Option<i64>,
    /// Not for employers.
    pub consent_id: Option<i64>,
    pub spell_id: Option<i64>,
    /// Whether the employer may read name and phone now.
    pub in_force: bool,
    pub moved_on: NaiveDate,
    pub referred_on: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    pub reminded_on: Option<NaiveDate>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// One step of the history. An employer reads reason and note of its own steps only, and no account.
pub type Taken = steps::Taken<ReferralState, ReferralReason>;

/// A gate somebody answers for, with the step it was said with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overridden {
    pub step: i64,
    pub gate: String,
    pub reason: String,
}

/// A referral with everything that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub referral: Referral,
    /// The states the viewer may bring it into now.
    pub next: Vec<ReferralState>,
    pub moves: Vec<Taken>,
    /// Not for employers.
    pub overrides: Vec<Overridden>,
}

const fn is_employer(viewer: &Viewer) -> bool {
    matches!(viewer, Viewer::Employers(_))
}

/// The rows of a list that a viewer may reach.
fn reach(viewer: &Viewer, mut filter: ReferralFilter) -> ReferralFilter {
    match viewer {
        Viewer::Everything => {}
        Viewer::Areas(ids) => filter.within = Some(ids.clone()),
        Viewer::Employers(ids) => {
            filter.told_to = Some(ids.clone());
            // By whom somebody is, an employer cannot look.
            filter.resident = None;
        }
    }
    filter
}

/// Whether the employer still sees the referral, given that it was told.
fn shows_to_employer(now: &Acquaintance, row: &ReferralRow) -> bool {
    let pair = (row.data.resident_id, row.data.employer_id);
    match row.data.state {
        // They are its people.
        ReferralState::Hired | ReferralState::Ended => true,
        ReferralState::Withdrawn => false,
        state if state.is_open() => now.stands(pair, row.data.consent_id),
        _ => !now.said_no(pair.0, pair.1) && now.is_open(pair.0),
    }
}

/// Whether the employer may know name and phone now: while it deals with the person, and the consent is in force.
fn is_known(now: &Acquaintance, row: &ReferralRow) -> bool {
    let data = &row.data;
    let consent = data.consent_id.filter(|_| data.state.is_with_employer());
    now.stands((data.resident_id, data.employer_id), consent)
}

fn view(keys: &Keyring, now: &Acquaintance, row: &ReferralRow, viewer: &Viewer) -> Referral {
    let data = &row.data;
    let for_employer = is_employer(viewer);
    Referral {
        id: row.id,
        version: row.version,
        posting_id: data.posting_id,
        employer_id: data.employer_id,
        state: data.state,
        card: cards::code(keys, data.employer_id, data.resident_id),
        resident_id: Some(data.resident_id).filter(|_| !for_employer),
        consent_id: data.consent_id.filter(|_| !for_employer),
        spell_id: data.spell_id.filter(|_| !for_employer),
        in_force: is_known(now, row),
        moved_on: data.moved_on,
        referred_on: data.referred_on,
        answered_on: data.answered_on,
        reminded_on: data.reminded_on,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// A page of referrals by id.
///
/// # Errors
/// Refused if the service has no legal basis.
pub fn page(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    filter: ReferralFilter,
    (page, today): (Page, NaiveDate),
) -> Result<Vec<Referral>, AppError> {
    let filter = reach(viewer, filter);
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let (mut found, mut next) = (Vec::new(), page);
    loop {
        let rows = rows::page(conn, &filter, next)?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(found) };
        let people: Vec<i64> = rows.iter().map(|row| row.data.resident_id).collect();
        let now = Acquaintance::load(conn, &people, today)?;
        for row in &rows {
            if found.len() < limit && (!is_employer(viewer) || shows_to_employer(&now, row)) {
                found.push(view(keys, &now, row, viewer));
            }
        }
        if found.len() >= limit || rows.len() < limit {
            return Ok(found);
        }
        next.after = last;
    }
}

/// The row of one referral.
///
/// # Errors
/// `NotFound`, also for one that is not the viewer's.
pub(in crate::app) fn found(
    conn: &mut Connection,
    viewer: &Viewer,
    id: i64,
    today: NaiveDate,
) -> Result<ReferralRow, AppError> {
    let filter = reach(viewer, ReferralFilter::default());
    let only = Page { after: id - 1, limit: 1 };
    let row = rows::page(conn, &filter, only)?.pop().filter(|row| row.id == id).ok_or(AppError::NotFound)?;
    if is_employer(viewer) {
        let now = Acquaintance::load(conn, &[row.data.resident_id], today)?;
        if !shows_to_employer(&now, &row) {
            return Err(AppError::NotFound);
        }
    }
    Ok(row)
}

/// One referral with its history.
///
/// # Errors
/// `NotFound`.
pub fn get(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    (today, by): (NaiveDate, By),
) -> Result<History, AppError> {
    let row = found(conn, viewer, id, today)?;
    history(conn, keys, viewer, &row, (today, by))
}

/// What a viewer who has just moved a referral sees of it: also what it will not see again.
///
/// # Errors
/// If the database fails.
pub fn after(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    (today, by): (NaiveDate, By),
) -> Result<History, AppError> {
    let row = rows::get(conn, id)?;
    history(conn, keys, viewer, &row, (today, by))
}

fn history(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    row: &ReferralRow,
    (today, by): (NaiveDate, By),
) -> Result<History, AppError> {
    let id = row.id;
    let now = Acquaintance::load(conn, &[row.data.resident_id], today)?;
    let referral = view(keys, &now, row, viewer);
    let steps = moves::of(conn, &[id])?;
    let for_employer = is_employer(viewer);
    let mut taken = Vec::new();
    for step in steps {
        taken.push(taken_step(keys, step, for_employer)?);
    }
    let mut answered = Vec::new();
    if !for_employer {
        for row in overrides::of(conn, &[id])? {
            let reason = keys.open_text(SealedColumn::ReferralOverride, &row.reason_cipher).map_err(DbError::from)?;
            answered.push(Overridden { step: row.step, gate: row.gate, reason: reason.as_str().to_owned() });
        }
    }
    let side = super::mover(by);
    let may =
        MOVES.iter().filter(|step| step.from == row.data.state && side.is_some_and(|side| step.by.contains(&side)));
    Ok(History { referral, next: may.map(|step| step.to).collect(), moves: taken, overrides: answered })
}

fn taken_step(keys: &Keyring, step: MoveRow, for_employer: bool) -> Result<Taken, AppError> {
    let (number, mut step) = step.numbered();
    if for_employer {
        let own = step.role == Some(Role::Hr);
        step.reason = step.reason.filter(|_| own);
        step.note_cipher = step.note_cipher.filter(|_| own);
        step.account_id = None;
    }
    Taken::open(keys, SealedColumn::ReferralNote, (number, step))
}

/// Name and phone, as far as the consent names them, and whose they are: while the employer deals with the person.
///
/// # Errors
/// `NotFound`; refused without a consent in force, or once the employer has nothing to do with the person any more.
pub fn contact(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    today: NaiveDate,
) -> Result<(Contact, i64), AppError> {
    let row = found(conn, viewer, id, today)?;
    let resident = row.data.resident_id;
    let now = Acquaintance::load(conn, &[resident], today)?;
    if !is_known(&now, &row) {
        return Err(Refusal::ConsentMissing.into());
    }
    let consent = row.data.consent_id.ok_or(Refusal::ConsentMissing)?;
    Ok((acquaintance::contact(conn, keys, resident, consent)?, resident))
}
