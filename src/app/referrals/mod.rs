//! Referrals: who is proposed to whom, what both sides say, and the job that comes of it.
//!
//! Map: [`propose()`] begins one, and so does an introduction that is agreed to (`introduced`); [`moves`] brings it on step by
//! step, [`at_once`] takes the first steps together, [`gates`] asks whether the two fit on the day, [`follow`] is what a job
//! elsewhere, a job's end or a withdrawn consent means for it, [`ageing`] is what time does, [`view`] what each side sees,
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
pub mod at_once;
mod follow;
mod gates;
mod introduced;
pub mod moves;
pub mod notices;
pub mod rates;
pub mod view;

use gates::For;

pub(in crate::app) use follow::{is_at_work, job_began, job_ended, never_began, reconsider};
pub(in crate::app) use gates::lawful;
pub(in crate::app) use introduced::agreed;

use chrono::NaiveDate;

use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::privacy::acquaintance::Acquaintance;
use super::steps::{self, By, each};
use super::{Connection, Keyring, Moment, seal_note};
use crate::db::postings::PostingRow;
use crate::db::referrals::moves as history;
use crate::db::referrals::overrides::{self as override_rows, OverrideRow};
use crate::db::referrals::{self as rows, ReferralData, ReferralRow};
use crate::db::seal::SealedColumn;
use crate::db::{DbError, postings, residents};
use crate::domain::access::{ActorKind, Role};
use crate::domain::ages;
use crate::domain::codes::PostingStatus;
use crate::domain::referral::{Mover, ReferralReason, ReferralState};
use crate::domain::text::Text;
pub use crate::engine::gates::Gate;

/// The side somebody is; none for those who only look.
const fn mover(by: By) -> Option<Mover> {
    match (by.kind, by.role) {
        (ActorKind::System, _) => Some(Mover::Service),
        (ActorKind::Operator, _) | (_, Some(Role::Counselor)) => Some(Mover::Counselor),
        (_, Some(Role::Hr)) => Some(Mover::Employer),
        _ => None,
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
    if !Acquaintance::load(conn, &[new.resident], today)?.is_open(new.resident) {
        return Err(Refusal::ServiceNotAgreed.into());
    }
    let employer = open_posting(conn, new.posting, today)?;
    if rows::of_resident(conn, new.resident)?
        .iter()
        .any(|row| row.data.employer_id == employer && row.data.state.is_open())
    {
        return Err(Refusal::ReferralOpen.into());
    }
    let asked = gates::ask(conn, (new.resident, new.posting), (For::Proposal, today))?;
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
    let step = Step { note, ..Step::plain(ReferralState::Proposed) };
    history::append(conn, id, step.taken(None, (now, today), by))?;
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

/// The referral a job came of, and where it stands.
pub(in crate::app) fn spell_referral(
    conn: &mut Connection,
    spell: i64,
) -> Result<Option<(i64, ReferralState)>, AppError> {
    Ok(rows::by_spell(conn, spell)?.map(|row| (row.id, row.data.state)))
}

/// The day on which a job that came of a referral, and runs by it, was reported to have begun.
pub(in crate::app) fn start_reported_on(conn: &mut Connection, spell: i64) -> Result<Option<NaiveDate>, AppError> {
    let row = rows::by_spell(conn, spell)?.filter(|row| row.data.state == ReferralState::Hired);
    Ok(row.map(|row| row.data.moved_on))
}

/// The day on which an employer was told of the person whose job came of a referral.
pub(in crate::app) fn told_on(conn: &mut Connection, spell: i64) -> Result<Option<NaiveDate>, AppError> {
    Ok(rows::by_spell(conn, spell)?.and_then(|row| row.data.referred_on))
}

/// Nobody begins a job that came of a referral before the employer was told.
pub(in crate::app) fn before_told(pointer: &str, told: NaiveDate) -> FieldError {
    let text = Text::new(
        format!("上岗日期早于转介日期 {told}。请填写 {told} 或以后的日期。"),
        format!("The job cannot have begun before the employer was told on {told}. Please give {told} or a later day."),
    );
    FieldError::with_text(pointer, FieldCode::Contradicts, text)
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

/// The employer of a posting somebody can be proposed to today.
fn open_posting(conn: &mut Connection, posting: i64, today: NaiveDate) -> Result<i64, AppError> {
    let row = published(conn, posting, today)?;
    let held = postings::held_of(conn, &[posting], today)?.get(&posting).copied().unwrap_or_default();
    if held >= row.data.headcount {
        return Err(Refusal::PostingFull.into());
    }
    Ok(row.data.employer_id)
}

/// A posting that is published and in its days.
fn published(conn: &mut Connection, posting: i64, today: NaiveDate) -> Result<PostingRow, AppError> {
    let row = match postings::get(conn, posting) {
        Ok(row) => row,
        Err(DbError::NotFound(_)) => return Err(FieldError::new("/posting_id", FieldCode::NoSuchRecord).into()),
        Err(error) => return Err(error.into()),
    };
    let in_its_days = row.data.valid_from <= today && row.data.valid_until.is_none_or(|last| today <= last);
    if row.data.status != PostingStatus::Published || !in_its_days {
        return Err(Refusal::PostingNotOpen.into());
    }
    Ok(row)
}

/// A step of a referral.
type Step = steps::Step<ReferralState, ReferralReason>;

/// Brings a referral into a state and writes the step. The caller has made sure that the step may be taken.
fn advance(
    conn: &mut Connection,
    row: &ReferralRow,
    changed: ReferralData,
    step: Step,
    moment: Moment,
    by: By,
) -> Result<(), AppError> {
    let data = ReferralData { state: step.to, moved_on: moment.1, reminded_on: None, ..changed };
    rows::update(conn, row.id, row.version, &data, moment.0)?;
    Ok(history::append(conn, row.id, step.taken(Some(row.data.state), moment, by))?)
}
