//! One step of a referral: whether it may be taken now and by this side, and everything it brings with it.

use chrono::NaiveDate;

use super::gates::For;
use super::view::{Viewer, found};
use super::{Override, Step, advance, answer_for, before_told, follow, gates, mover, open_posting, published};
use crate::app::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use crate::app::privacy::acquaintance::Acquaintance;
use crate::app::privacy::consents::{self, Consent, Said};
use crate::app::spells::{self, SpellFields};
use crate::app::steps::{By, check_follows, check_reason, each};
use crate::app::{Connection, Keyring, Moment, declines, seal_note};
use crate::db::referrals::ReferralRow;
use crate::db::referrals::{moves as steps, overrides};
use crate::db::seal::SealedColumn;
use crate::db::{employers, postings};
use crate::domain::codes::DeclineReason;
use crate::domain::privacy::DataKind;
use crate::domain::referral::{Mover, NoticeKind, ReferralReason, ReferralState, find_move};

/// What is asked for. Every field but the first two belongs to certain steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The state the caller saw: a step is never taken twice.
    pub from: ReferralState,
    pub to: ReferralState,
    /// For every step that closes the referral or ends the job.
    pub reason: Option<ReferralReason>,
    /// Sealed at rest.
    pub note: Option<String>,
    /// For the step to `consented`; not needed where a consent to be introduced to the employer is in force.
    pub consent: Option<Said>,
    /// For the step to `hired`.
    pub hire: Option<Hire>,
    /// First day out of the job; for the step to `ended`.
    pub ended_on: Option<NaiveDate>,
    /// Gates that do not pass today, for the steps to `referred` and `hired`.
    pub overrides: Vec<Override>,
}

impl Request {
    /// A step that needs nothing else.
    #[must_use]
    pub const fn plain(from: ReferralState, to: ReferralState) -> Self {
        let overrides = Vec::new();
        Self { from, to, reason: None, note: None, consent: None, hire: None, ended_on: None, overrides }
    }
}

/// The job that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hire {
    pub start_on: NaiveDate,
    pub part_time: bool,
    /// Yuan.
    pub monthly_income: Option<i64>,
    /// Last day.
    pub contract_until: Option<NaiveDate>,
    pub evidence: Option<String>,
}

/// Takes one step; gives whom it is about.
///
/// # Errors
/// `NotFound` for what is not the viewer's; refused if the state is another one by now, or the step does not follow or is for the
/// other side; `Invalid` for what the step needs or does not take, and for gates that fail; refused without a consent in force,
/// where no place is left, or another job overlaps.
pub fn make(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    request: &Request,
    (now, today): Moment,
    by: By,
) -> Result<i64, AppError> {
    let row = found(conn, viewer, id, today)?;
    let step = find_move(request.from, request.to);
    let may = |side: &Mover| step.is_some_and(|step| step.by.contains(side));
    let side = mover(by).filter(may);
    check_follows((row.data.state, row.data.state.label()), request.from, side.is_some())?;
    let side = side.ok_or(Refusal::MoveNotAllowed)?;
    check(request, &row, side, today)?;
    let mut data = row.data.clone();
    let moment = (now, today);
    match request.to {
        ReferralState::Consented => data.consent_id = Some(consent(conn, &row, request, moment, by)?),
        ReferralState::Referred => {
            require_consent(conn, &row, today)?;
            open_posting(conn, data.posting_id, today)?;
            pass_gates(conn, keys, &row, request, (For::Proposal, today), side)?;
            data.referred_on = Some(today);
            follow::tell(conn, &row, NoticeKind::ReferralReceived, moment)?;
        }
        ReferralState::Interview | ReferralState::Offered => {
            require_consent(conn, &row, today)?;
            published(conn, data.posting_id, today)?;
            if gates::home(conn, data.resident_id)?.is_none() {
                return Err(Refusal::HouseholdMissing.into());
            }
        }
        ReferralState::Hired => {
            require_consent(conn, &row, today)?;
            data.spell_id = Some(hire(conn, keys, &row, request, moment, side)?);
        }
        ReferralState::Ended => {
            let (spell, on) = data.spell_id.zip(request.ended_on).ok_or(Refusal::WrongStatus)?;
            spells::finish(conn, spell, (on, "/ended_on"), moment)?;
        }
        ReferralState::RefusedByResident => {
            decline(conn, keys, &row, request, today)?;
            follow::tell(conn, &row, NoticeKind::ReferralRefused, moment)?;
        }
        ReferralState::Withdrawn => follow::tell(conn, &row, NoticeKind::ReferralWithdrawn, moment)?,
        ReferralState::RefusedByEmployer => {}
        // Rules of the service only: no side may take these.
        ReferralState::Proposed | ReferralState::Expired | ReferralState::Obsolete => {
            return Err(Refusal::MoveNotAllowed.into());
        }
    }
    if data.answered_on.is_none() && matches!(request.to, ReferralState::Interview | ReferralState::RefusedByEmployer) {
        data.answered_on = Some(today);
    }
    let note = seal_note(keys, SealedColumn::ReferralNote, request.note.as_deref())?;
    advance(conn, &row, data, Step { to: request.to, reason: request.reason, note }, moment, by)?;
    if request.to == ReferralState::Hired {
        follow::job_began(conn, row.data.resident_id, Some(id), moment)?;
    }
    Ok(row.data.resident_id)
}

/// Takes the steps of the way forward that lie before `request.to`, and that one: an employer that hires on the spot interviews,
/// offers and hires in one answer, and the history keeps each step. Gives whom it is about.
///
/// # Errors
/// Those of [`make`], for every step.
pub fn make_through(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    id: i64,
    request: &Request,
    moment: Moment,
    by: By,
) -> Result<i64, AppError> {
    const WAY: [ReferralState; 4] =
        [ReferralState::Referred, ReferralState::Interview, ReferralState::Offered, ReferralState::Hired];
    let mut from = request.from;
    let place = |state: ReferralState| WAY.iter().position(|step| *step == state);
    if let Some((at, end)) = place(from).zip(place(request.to)) {
        for to in WAY.into_iter().take(end).skip(at + 1) {
            make(conn, keys, viewer, id, &Request::plain(from, to), moment, by)?;
            from = to;
        }
    }
    make(conn, keys, viewer, id, &Request { from, ..request.clone() }, moment, by)
}

/// Takes the same step with several referrals: with all of them, or with none. Gives whom they are about.
///
/// # Errors
/// `Invalid`, with the place of every referral that cannot take it.
pub fn make_all(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    ids: &[i64],
    request: &Request,
    moment: Moment,
    by: By,
) -> Result<Vec<i64>, AppError> {
    each(ids, "referral_ids", |id| make(conn, keys, viewer, *id, request, moment, by))
}

/// Whether the request has what its step needs and nothing else, with days that can be.
fn check(request: &Request, row: &ReferralRow, side: Mover, today: NaiveDate) -> Result<(), AppError> {
    let to = request.to;
    let mut faults = Faults::default();
    let mut field = |pointer: &str, given: bool, taken: bool, needed: bool| {
        if given && !taken {
            faults.add(pointer, FieldCode::NotNeeded);
        } else if needed && !given {
            faults.add(pointer, FieldCode::Missing);
        }
    };
    let closes = !to.is_open() && to != ReferralState::Hired;
    field("/consent", request.consent.is_some(), to == ReferralState::Consented, false);
    field("/hire", request.hire.is_some(), to == ReferralState::Hired, to == ReferralState::Hired);
    field("/ended_on", request.ended_on.is_some(), to == ReferralState::Ended, to == ReferralState::Ended);
    // Only a counselor answers for a gate.
    let asks_gates = matches!(to, ReferralState::Referred | ReferralState::Hired) && side == Mover::Counselor;
    field("/overrides", !request.overrides.is_empty(), asks_gates, false);
    let may_say = |reason: ReferralReason| reason.serves(to) && !(side == Mover::Employer && reason.is_private());
    check_reason(&mut faults, request.reason, closes, may_say);
    if let Some(hire) = &request.hire {
        // Hired is who is at work; a job that came of the referral began after it.
        if hire.start_on > today {
            faults.add("/hire/start_on", FieldCode::InTheFuture);
        } else if let Some(told) = row.data.referred_on.filter(|told| hire.start_on < *told) {
            faults.push(before_told("/hire/start_on", told));
        }
    }
    if request.ended_on.is_some_and(|on| on > today) {
        faults.add("/ended_on", FieldCode::InTheFuture);
    }
    faults.done()
}

/// The consent the referral rests on: the one given now, or the one in force if it names the name.
fn consent(
    conn: &mut Connection,
    row: &ReferralRow,
    request: &Request,
    (now, today): Moment,
    by: By,
) -> Result<i64, AppError> {
    let pair = (row.data.resident_id, row.data.employer_id);
    let Some(said) = &request.consent else {
        let given = consents::of(conn, pair.0, today)?;
        let names = |consent: &&Consent| {
            consent.in_force && consent.data.employer_id == Some(pair.1) && consent.kinds.contains(&DataKind::Name)
        };
        let last = given.iter().rfind(names).map(|consent| consent.id);
        let stands = Acquaintance::load(conn, &[pair.0], today)?.stands(pair, last);
        return last.filter(|_| stands).ok_or_else(|| Refusal::ConsentMissing.into());
    };
    match consents::record_said(conn, pair, said, (now, today), by.account) {
        Ok(consent) if !consent.in_force => Err(FieldError::new("/consent/valid_until", FieldCode::Contradicts).into()),
        Ok(consent) => Ok(consent.id),
        Err(AppError::Invalid(errors)) => Err(AppError::Invalid(
            errors.into_iter().map(|e| FieldError { pointer: format!("/consent{}", e.pointer), ..e }).collect(),
        )),
        Err(other) => Err(other),
    }
}

/// The consent is in force and the person's last word.
fn require_consent(conn: &mut Connection, row: &ReferralRow, today: NaiveDate) -> Result<(), AppError> {
    let pair = (row.data.resident_id, row.data.employer_id);
    let now = Acquaintance::load(conn, &[pair.0], today)?;
    if now.stands(pair, row.data.consent_id) { Ok(()) } else { Err(Refusal::ConsentMissing.into()) }
}

/// Every gate passes today, or a counselor answers for it. Why one does not is not for an employer to read: it would tell of health,
/// care and wishes.
fn pass_gates(
    conn: &mut Connection,
    keys: &Keyring,
    row: &ReferralRow,
    request: &Request,
    (what, today): (For, NaiveDate),
    side: Mover,
) -> Result<(), AppError> {
    let before = overrides::of(conn, &[row.id])?;
    let known = |code: &str| before.iter().any(|row| row.gate == code);
    let mut failed = gates::ask(conn, (row.data.resident_id, row.data.posting_id), (what, today))?.failed;
    // What was answered for at an earlier step stands.
    failed.retain(|failed| !(failed.gate.spec().overridable && known(failed.gate.code())));
    match gates::answered(&failed, &request.overrides) {
        Err(AppError::Invalid(_)) if side == Mover::Employer => return Err(Refusal::ConditionsChanged.into()),
        answered => answered?,
    }
    let step = steps::count(conn, row.id)? + 1;
    answer_for(conn, keys, (row.id, step), &request.overrides)
}

/// Makes the job; gives its id.
fn hire(
    conn: &mut Connection,
    keys: &Keyring,
    row: &ReferralRow,
    request: &Request,
    (now, today): Moment,
    side: Mover,
) -> Result<i64, AppError> {
    let hire = request.hire.as_ref().ok_or_else(|| FieldError::new("/hire", FieldCode::Missing))?;
    // What needs no snapshot first: under contention most end here.
    open_posting(conn, row.data.posting_id, today)?;
    pass_gates(conn, keys, row, request, (For::Work, today), side)?;
    let posting = postings::get(conn, row.data.posting_id)?.data;
    let employer = employers::get(conn, row.data.employer_id)?.data;
    let fields = SpellFields {
        employer_id: Some(row.data.employer_id),
        posting_id: Some(row.data.posting_id),
        channel: posting.channel,
        employer_name: Some(employer.name),
        job_title: Some(posting.title),
        region: posting.region,
        place: posting.place,
        start_on: Some(hire.start_on),
        end_on: None,
        monthly_income: hire.monthly_income,
        part_time: hire.part_time,
        contract_until: hire.contract_until,
        evidence: hire.evidence.clone(),
        verified_on: None,
        note: None,
    };
    let begun = spells::begin(conn, keys, row.data.resident_id, fields, (now, today));
    match begun {
        // Which other job it is, is not the employer's to know.
        Err(AppError::Refused(refusal, _)) if side == Mover::Employer => Err(refusal.into()),
        begun => Ok(begun?.id),
    }
}

/// A refusal of the person is a decline of the posting: it keeps the pair apart for a while, and counts only if all gates pass today.
fn decline(
    conn: &mut Connection,
    keys: &Keyring,
    row: &ReferralRow,
    request: &Request,
    today: NaiveDate,
) -> Result<(), AppError> {
    let pair = (row.data.resident_id, row.data.posting_id);
    let suitable = match gates::ask(conn, pair, (For::Proposal, today)) {
        Ok(asked) => asked.suitable,
        // No offer any more, or nothing that could be asked: a no is recorded all the same, and counts against nobody.
        Err(AppError::Refused(..)) => false,
        Err(other) => return Err(other),
    };
    let fields = declines::DeclineFields {
        posting_id: pair.1,
        declined_on: today,
        reason: request.reason.map(decline_reason),
        note: None,
    };
    match declines::record(conn, keys, pair.0, fields, (suitable, today)) {
        // It is on record for today, or there is no posting to decline today: the referral keeps the no.
        Ok(_) | Err(AppError::Refused(..) | AppError::Invalid(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

const fn decline_reason(reason: ReferralReason) -> DeclineReason {
    match reason {
        ReferralReason::Pay | ReferralReason::Contract => DeclineReason::Pay,
        ReferralReason::Hours => DeclineReason::Hours,
        ReferralReason::Distance | ReferralReason::Lodging => DeclineReason::Distance,
        ReferralReason::WorkContent | ReferralReason::WorkEnvironment | ReferralReason::PhysicalLoad => {
            DeclineReason::Work
        }
        ReferralReason::SkillTooLow | ReferralReason::WantsTraining => DeclineReason::Skill,
        ReferralReason::ChildCare | ReferralReason::ElderCare => DeclineReason::Care,
        ReferralReason::Health => DeclineReason::Health,
        ReferralReason::EmployerReputation => DeclineReason::Employer,
        ReferralReason::OtherJob => DeclineReason::OtherJob,
        _ => DeclineReason::Other,
    }
}
