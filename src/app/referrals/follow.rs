//! What else happens when somebody begins or ends a job, or takes a word back. Rules of the service, in the transaction of the act that
//! sets them off.

use super::{By, Moment, Step, advance};
use crate::app::Connection;
use crate::app::error::AppError;
use crate::db::notices::{self, NoticeData};
use crate::db::referrals::{self as rows, ReferralRow};
use crate::domain::referral::{NoticeKind, ReferralReason, ReferralState};

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
pub(in crate::app) fn job_ended(conn: &mut Connection, spell: i64, moment: Moment, by: By) -> Result<(), AppError> {
    let Some(row) = rows::by_spell(conn, spell)? else { return Ok(()) };
    if row.data.state != ReferralState::Hired {
        return Ok(());
    }
    let step = Step::by_rule(ReferralState::Ended, ReferralReason::Other);
    advance(conn, &row, row.data.clone(), step, moment, by)
}

/// A consent to be introduced is no more: what rests on it is withdrawn.
pub(in crate::app) fn consent_withdrawn(conn: &mut Connection, consent: i64, moment: Moment) -> Result<(), AppError> {
    for row in rows::open_of_consent(conn, consent)? {
        close(conn, &row, (ReferralState::Withdrawn, ReferralReason::ConsentWithdrawn), moment)?;
    }
    Ok(())
}

/// A resident's data may only be stored from now on: nothing goes on.
pub(in crate::app) fn nothing_more(conn: &mut Connection, resident: i64, moment: Moment) -> Result<(), AppError> {
    for row in rows::of_resident(conn, resident)? {
        if row.data.state.is_open() {
            close(conn, &row, (ReferralState::Withdrawn, ReferralReason::DataRestricted), moment)?;
        }
    }
    Ok(())
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
    let notice = NoticeData {
        employer_id: row.data.employer_id,
        kind,
        referral_id: Some(row.id),
        posting_id: Some(row.data.posting_id),
        created_on: today,
        read_at: None,
        read_by: None,
        created_at: now,
    };
    notices::insert(conn, &notice)?;
    Ok(())
}
