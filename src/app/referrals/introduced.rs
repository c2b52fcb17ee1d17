//! An employer asked for an introduction and the person agreed: that is a referral the person consented to.
//!
//! The guards are those of a proposal. Nothing is written before all of them have passed, so a referral is there with its steps or is not
//! there at all; the person's word stands either way, and a counselor may answer for a gate by proposing by hand.

use super::{Proposal, Step, advance, mover, propose};
use crate::app::error::{AppError, FieldError, Refusal};
use crate::app::steps::By;
use crate::app::{Connection, Keyring, Moment};
use crate::db::referrals::{self as rows, ReferralData};
use crate::domain::referral::{Mover, ReferralState};

/// Brings a referral of a resident to a posting to `consented`, beginning it if it is not yet proposed; gives its id, or why there is
/// none.
///
/// # Errors
/// If the database fails.
pub(in crate::app) fn agreed(
    conn: &mut Connection,
    keys: &Keyring,
    ((resident, posting), consent): ((i64, i64), i64),
    moment: Moment,
    by: By,
) -> Result<Result<i64, Vec<FieldError>>, AppError> {
    let proposed = rows::of_resident(conn, resident)?
        .into_iter()
        .find(|row| row.data.posting_id == posting && row.data.state == ReferralState::Proposed);
    let new = Proposal { resident, posting, overrides: Vec::new(), note: None };
    let begun = match (proposed, mover(by)) {
        (_, None | Some(Mover::Employer | Mover::Service)) => Err(Refusal::MoveNotAllowed.into()),
        (Some(row), _) => Ok(row.id),
        (None, _) => propose(conn, keys, &new, moment, by),
    };
    let id = match begun {
        Ok(id) => id,
        Err(AppError::Refused(refusal, because)) => return Ok(Err(vec![refusal.as_field(because.as_deref())])),
        Err(AppError::Invalid(errors)) => return Ok(Err(errors)),
        Err(other) => return Err(other),
    };
    let row = rows::get(conn, id)?;
    let data = ReferralData { consent_id: Some(consent), ..row.data.clone() };
    advance(conn, &row, data, Step::plain(ReferralState::Consented), moment, by)?;
    Ok(Ok(id))
}
