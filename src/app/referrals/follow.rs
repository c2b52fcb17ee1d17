//! What else happens when somebody begins or ends a job, or takes a word back. Rules of the service, in the transaction of the act that
//! sets them off.

use chrono::NaiveDate;

use super::{Step, advance, notices};
use crate::app::error::{AppError, Refusal};
use crate::app::privacy::acquaintance::Acquaintance;
use crate::app::privacy::consents;
use crate::app::steps::By;
use crate::app::{Connection, Keyring, Moment, seal_note};
use crate::db::referrals::{self as rows, ReferralRow};
use crate::db::seal::SealedColumn;
use crate::db::spells::SpellData;
use crate::domain::codes::Channel;
use crate::domain::coverage::CoverageRules;
use crate::domain::referral::{NoticeKind, ReferralReason, ReferralState};

/// Whether a job is what the other referrals were for: it counts as employment, and leaves no room for another.
pub(in crate::app) fn is_at_work(job: &SpellData, rules: &CoverageRules) -> bool {
    !job.part_time && (rules.farming_counts || job.channel != Channel::Farming)
}

/// Somebody began a job: the other open referrals are obsolete, and the employers that wait are told. `except` is the referral
/// the job came of.
pub(in crate::app) fn job_began(
    conn: &mut Connection,
    resident: i64,
    except: Option<i64>,
    moment: Moment,
) -> Result<(), AppError> {
    for row in rows::of_resident(conn, resident)? {
        if row.data.state.is_open() && Some(row.id) != except {
            close(conn, &row, (ReferralState::Obsolete, ReferralReason::HiredElsewhere), moment)?;
        }
    }
    Ok(())
}

/// A job ended by another way than its referral: the referral ends with it.
pub(in crate::app) fn job_ended(
    conn: &mut Connection,
    spell: i64,
    reason: ReferralReason,
    moment: Moment,
    by: By,
) -> Result<(), AppError> {
    let Some(row) = rows::by_spell(conn, spell)? else { return Ok(()) };
    if row.data.state != ReferralState::Hired {
        return Ok(());
    }
    let step = Step::by_rule(ReferralState::Ended, reason);
    advance(conn, &row, row.data.clone(), step, moment, by)
}

/// The job was reported to have begun, and never did: its referral ends with the reason and what was said of it.
///
/// # Errors
/// Refused unless the referral stands as hired.
pub(in crate::app) fn never_began(
    conn: &mut Connection,
    keys: &Keyring,
    spell: i64,
    (reason, note): (ReferralReason, &str),
    moment: Moment,
    by: By,
) -> Result<(), AppError> {
    let hired = rows::by_spell(conn, spell)?.filter(|row| row.data.state == ReferralState::Hired);
    let row = hired.ok_or(Refusal::WrongStatus)?;
    let note = seal_note(keys, SealedColumn::ReferralNote, Some(note))?;
    let step = Step { to: ReferralState::Ended, reason: Some(reason), note };
    advance(conn, &row, row.data.clone(), step, moment, by)
}

/// A person's word or data may have changed: what may not go on any more is withdrawn. One that is only proposed needs that the
/// person may be served at all; from the consent on it needs that consent, in force and the last word.
pub(in crate::app) fn reconsider(conn: &mut Connection, resident: i64, moment: Moment) -> Result<(), AppError> {
    let open: Vec<ReferralRow> =
        rows::of_resident(conn, resident)?.into_iter().filter(|row| row.data.state.is_open()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let now = match Acquaintance::load(conn, &[resident], moment.1) {
        // Without a legal basis nobody is served, and nothing is decided about single persons.
        Err(AppError::Refused(Refusal::NoLegalBasis, _)) => return Ok(()),
        now => now?,
    };
    for row in open {
        if let Some(reason) = no_longer(conn, &now, &row, moment.1)? {
            close(conn, &row, (ReferralState::Withdrawn, reason), moment)?;
        }
    }
    Ok(())
}

/// Why an open referral may not go on, if so.
pub(super) fn no_longer(
    conn: &mut Connection,
    now: &Acquaintance,
    row: &ReferralRow,
    today: NaiveDate,
) -> Result<Option<ReferralReason>, AppError> {
    let pair = (row.data.resident_id, row.data.employer_id);
    let Some(consent) = row.data.consent_id else {
        let is_shut = !now.is_open(pair.0);
        return Ok(is_shut.then_some(ReferralReason::DataRestricted));
    };
    if now.stands(pair, Some(consent)) {
        return Ok(None);
    }
    Ok(Some(if !now.is_open(pair.0) {
        ReferralReason::DataRestricted
    } else if now.said_no(pair.0, pair.1) || consents::get(conn, consent, today)?.data.withdrawn_at.is_some() {
        ReferralReason::ConsentWithdrawn
    } else {
        ReferralReason::ConsentExpired
    }))
}

/// Closes an open referral by a rule, and tells the employer if it waits.
pub(super) fn close(
    conn: &mut Connection,
    row: &ReferralRow,
    (to, reason): (ReferralState, ReferralReason),
    moment: Moment,
) -> Result<(), AppError> {
    advance(conn, row, row.data.clone(), Step::by_rule(to, reason), moment, By::service())?;
    let kind = match to {
        ReferralState::Obsolete => NoticeKind::ReferralObsolete,
        ReferralState::Expired => NoticeKind::ReferralExpired,
        _ => NoticeKind::ReferralWithdrawn,
    };
    tell(conn, row, kind, moment)
}

/// Tells the employer of a referral it knows of.
pub(super) fn tell(
    conn: &mut Connection,
    row: &ReferralRow,
    kind: NoticeKind,
    (now, today): Moment,
) -> Result<(), AppError> {
    if row.data.referred_on.is_none() && kind != NoticeKind::ReferralReceived {
        return Ok(());
    }
    notices::tell(conn, row.data.employer_id, kind, (Some(row.id), row.data.posting_id), (now, today))
}
