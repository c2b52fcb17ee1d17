//! Referrals: who is proposed to whom, what both sides say, and the job that comes of it.
//!
//! Map: [`propose()`] begins one, and so does an introduction that is agreed to (`introduced`); [`moves`] brings it on step by step, [`gates`] asks whether the two fit on the day, [`follow`] is what a
//! job elsewhere, a job's end or a withdrawn consent means for it, [`ageing`] is what time does, [`view`] what each side sees,
//! [`notices`] what employers are told, [`rates`] how soon they answer.
//!
//! Invariants, on both databases and whoever comes at once:
//! * a state changes only by a step of [`crate::domain::referral::MOVES`], by somebody it is for, and each step is a row with actor, day and
//!   reason; the caller names the state it saw, so nothing is done twice;
//! * nobody is proposed, referred or hired past a gate that fails on that day, but for those a counselor may and does answer for;
//! * one open referral of a resident to an employer;
//! * a hire takes a place of the posting, makes the job, and closes the resident's other referrals, in one transaction.
//!
//! Cost of asking the gates: the rows of one household and one posting (`benches/gates.rs`).

pub mod ageing;
mod follow;
mod gates;
mod introduced;
pub mod moves;
pub mod notices;
pub mod rates;
pub mod view;

use gates::For;

pub(in crate::app) use follow::{is_at_work, job_began, job_ended, reconsider};
pub(in crate::app) use introduced::agreed;

use chrono::NaiveDate;

use super::access::Act;
use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::privacy::acquaintance::Acquaintance;
use super::{Connection, Keyring, Moment, seal_note};
use crate::db::referrals::moves::{self as move_rows, MoveRow};
use crate::db::referrals::overrides::{self as override_rows, OverrideRow};
use crate::db::referrals::{self as rows, ReferralData, ReferralRow};
use crate::db::seal::{Sealed, SealedColumn};
use crate::db::{DbError, postings, residents};
use crate::domain::access::{ActorKind, Role};
use crate::domain::ages;
use crate::domain::codes::PostingStatus;
use crate::domain::referral::{Mover, ReferralReason, ReferralState};
pub use crate::engine::gates::Gate;

/// Who does it, as the history keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    pub kind: ActorKind,
    pub account: Option<i64>,
    pub role: Option<Role>,
}

impl By {
    #[must_use]
    pub const fn of(act: &Act) -> Self {
        Self { kind: act.caller.kind, account: act.caller.account, role: act.role }
    }

    /// The rules of the service themselves.
    #[must_use]
    pub const fn service() -> Self {
        Self { kind: ActorKind::System, account: None, role: None }
    }

    /// The side it is; none for those who only look.
    const fn mover(self) -> Option<Mover> {
        match (self.kind, self.role) {
            (ActorKind::System, _) => Some(Mover::Service),
            (ActorKind::Operator, _) | (_, Some(Role::Counselor)) => Some(Mover::Counselor),
            (_, Some(Role::Hr)) => Some(Mover::Employer),
            _ => None,
        }
    }
}

/// A gate that does not pass, and why it is right to go on all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub gate: Gate,
    /// Sealed at rest.
    pub reason: String,
}

/// A posting for a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub resident: i64,
    pub posting: i64,
    pub overrides: Vec<Override>,
    /// Sealed at rest.
    pub note: Option<String>,
}

/// Proposes a posting to a resident; gives the referral's id.
///
/// # Errors
/// `Invalid` for records that are not there, and for every gate that fails and is not or may not be answered for; refused while
/// another referral to the employer is open, where the posting is not open or full, the person is too young, has not agreed to the
/// service, or the data is restricted.
pub fn propose(
    conn: &mut Connection,
    keys: &Keyring,
    new: &Proposal,
    (now, today): Moment,
    by: By,
) -> Result<i64, AppError> {
    let person = match residents::get(conn, new.resident) {
        Ok(row) => row.data,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/resident_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    if person.restricted {
        return Err(Refusal::DataRestricted.into());
    }
    if !ages::is_of_working_age(person.birth_date, today) {
        return Err(Refusal::UnderWorkingAge.into());
    }
    if !Acquaintance::load(conn, &[new.resident], today)?.is_open(conn, new.resident)? {
        return Err(Refusal::ServiceNotAgreed.into());
    }
    let employer = open_posting(conn, new.posting, today)?;
    if rows::of_resident(conn, new.resident)?
        .iter()
        .any(|row| row.data.employer_id == employer && row.data.state.is_open())
    {
        return Err(Refusal::ReferralOpen.into());
    }
    let asked = gates::ask(conn, keys, (new.resident, new.posting), (For::Proposal, today))?;
    gates::answered(&asked.failed, &new.overrides)?;
    let data = ReferralData {
        resident_id: new.resident,
        posting_id: new.posting,
        employer_id: employer,
        state: ReferralState::Proposed,
        suitable: asked.suitable,
        consent_id: None,
        spell_id: None,
        moved_on: today,
        referred_on: None,
        answered_on: None,
        reminded_on: None,
    };
    // Somebody else may have been quicker since it was looked for: the index says so.
    let id = rows::insert(conn, &data, now).map_err(DbError::overtaken)?;
    answer_for(conn, keys, (id, 1), &new.overrides)?;
    let note = seal_note(keys, SealedColumn::ReferralNote, new.note.as_deref())?;
    record(conn, (id, None), Step { to: ReferralState::Proposed, reason: None, note }, (now, today), by)?;
    Ok(id)
}

/// Keeps for which gates whoever takes a step answers.
fn answer_for(
    conn: &mut Connection,
    keys: &Keyring,
    (referral, step): (i64, i64),
    overrides: &[Override],
) -> Result<(), AppError> {
    let mut answered = Vec::new();
    for one in overrides {
        let reason_cipher = keys.seal_text(SealedColumn::ReferralOverride, &one.reason).map_err(DbError::from)?;
        answered.push(OverrideRow { referral_id: referral, step, gate: one.gate.code().to_owned(), reason_cipher });
    }
    Ok(override_rows::insert_all(conn, &answered)?)
}

/// Proposes several at once: all of them, or none.
///
/// # Errors
/// `Invalid`, with the place of every proposal that cannot be made.
pub fn propose_all(
    conn: &mut Connection,
    keys: &Keyring,
    all: &[Proposal],
    moment: Moment,
    by: By,
) -> Result<Vec<i64>, AppError> {
    each(all, "items", |one| propose(conn, keys, one, moment, by))
}

/// Does something for every entry of a list and tells of all that could not be done, each at its place. A conflict the database reports ends
/// it: PostgreSQL does nothing more in that transaction.
pub(in crate::app) fn each<T, R>(
    all: &[T],
    list: &str,
    mut work: impl FnMut(&T) -> Result<R, AppError>,
) -> Result<Vec<R>, AppError> {
    let (mut done, mut faults) = (Vec::new(), Vec::new());
    for (index, one) in all.iter().enumerate() {
        let at = format!("/{list}/{index}");
        match work(one) {
            Ok(result) => done.push(result),
            Err(AppError::Refused(refusal)) => {
                faults.push(FieldError { pointer: at, ..refusal.into() });
                // What a use case finds out by looking has a code of its own.
                if refusal == Refusal::AlreadyExists {
                    break;
                }
            }
            Err(AppError::Invalid(errors)) => {
                faults.extend(errors.into_iter().map(|e| FieldError { pointer: format!("{at}{}", e.pointer), ..e }));
            }
            Err(AppError::NotFound) => faults.push(FieldError::new(at, FieldCode::NoSuchRecord)),
            Err(other) => return Err(other),
        }
    }
    if faults.is_empty() { Ok(done) } else { Err(AppError::Invalid(faults)) }
}

/// The employer of a posting somebody can be proposed to today.
fn open_posting(conn: &mut Connection, posting: i64, today: NaiveDate) -> Result<i64, AppError> {
    let row = match postings::get(conn, posting) {
        Ok(row) => row,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/posting_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    let in_its_days = row.data.valid_from <= today && row.data.valid_until.is_none_or(|last| today <= last);
    if row.data.status != PostingStatus::Published || !in_its_days {
        return Err(Refusal::PostingNotOpen.into());
    }
    let held = postings::held_of(conn, &[posting], today)?.get(&posting).copied().unwrap_or_default();
    if held >= row.data.headcount {
        return Err(Refusal::PostingFull.into());
    }
    Ok(row.data.employer_id)
}

/// A step as its history keeps it.
#[derive(Clone, Debug)]
struct Step {
    to: ReferralState,
    reason: Option<ReferralReason>,
    note: Option<Sealed>,
}

impl Step {
    /// What a rule of the service does.
    const fn by_rule(to: ReferralState, reason: ReferralReason) -> Self {
        Self { to, reason: Some(reason), note: None }
    }
}

/// Writes the next step of a referral's history.
fn record(
    conn: &mut Connection,
    (referral, from): (i64, Option<ReferralState>),
    step: Step,
    (now, today): Moment,
    by: By,
) -> Result<(), AppError> {
    let row = MoveRow {
        referral_id: referral,
        step: move_rows::count(conn, referral)? + 1,
        from_state: from,
        to_state: step.to,
        reason: step.reason,
        note_cipher: step.note,
        happened_on: today,
        actor_kind: by.kind,
        account_id: by.account,
        role: by.role,
        created_at: now,
    };
    Ok(move_rows::insert_all(conn, &[row])?)
}

/// Brings a referral into a state and writes the step. The caller has made sure that the step may be taken.
fn advance(
    conn: &mut Connection,
    row: &ReferralRow,
    changed: ReferralData,
    step: Step,
    (now, today): Moment,
    by: By,
) -> Result<(), AppError> {
    let data = ReferralData { state: step.to, moved_on: today, reminded_on: None, ..changed };
    rows::update(conn, row.id, row.version, &data, now)?;
    record(conn, (row.id, Some(row.data.state)), step, (now, today), by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Label;

    #[test]
    fn a_conflict_of_the_database_ends_a_batch() {
        let mut tried = 0;
        let done = each(&[1, 2, 3], "items", |one| -> Result<(), AppError> {
            tried += 1;
            Err(if *one == 1 {
                Refusal::ReferralOpen.into()
            } else {
                DbError::Conflict(Label { zh: "推荐登记", en: "referral" }).into()
            })
        });
        let Err(AppError::Invalid(faults)) = done else { panic!("{done:?}") };
        let told: Vec<(&str, &str)> = faults.iter().map(|fault| (&*fault.pointer, &*fault.code)).collect();
        assert_eq!((told, tried), (vec![("/items/0", "referral_open"), ("/items/1", "already_exists")], 2));
    }
}
