//! A referral in one act at the door: proposed, agreed to and sent to the employer, or none of it.

use super::moves::{self, Request};
use super::view::Viewer;
use super::{By, Proposal, propose};
use crate::app::error::{AppError, Refusal};
use crate::app::privacy::consents::Said;
use crate::app::{Connection, Keyring, Moment};
use crate::db::{employers, postings, referrals as rows};
use crate::domain::referral::ReferralState;

/// Brings a pair as far as the employer, with the consent the person has just given; gives the referral's id. A referral of the
/// pair that was proposed or agreed to before goes on from where it stands.
///
/// # Errors
/// As [`propose`] and [`moves::make`]; refused where the employer has the referral already. The caller's transaction is then to be
/// given up: part of it may be done.
pub fn refer(
    conn: &mut Connection,
    keys: &Keyring,
    viewer: &Viewer,
    (proposal, said): (&Proposal, &Said),
    moment: Moment,
    by: By,
) -> Result<i64, AppError> {
    let begun = rows::of_resident(conn, proposal.resident)?
        .into_iter()
        .find(|row| row.data.posting_id == proposal.posting && row.data.state.is_open());
    let (id, state) = match begun {
        Some(row) if row.data.state.is_with_employer() => return Err(Refusal::ReferralOpen.into()),
        Some(row) => (row.id, row.data.state),
        None => (propose(conn, keys, proposal, moment, by)?, ReferralState::Proposed),
    };
    if state == ReferralState::Proposed {
        let agreed = Request {
            consent: Some(said.clone()),
            ..Request::plain(ReferralState::Proposed, ReferralState::Consented)
        };
        moves::make(conn, keys, viewer, id, &agreed, moment, by)?;
    }
    let sent = Request::plain(ReferralState::Consented, ReferralState::Referred);
    moves::make(conn, keys, viewer, id, &sent, moment, by)?;
    Ok(id)
}

/// To whom a person's data would go, as it is told before they agree (PIPL 23): the employer's name, and how it can be reached.
///
/// # Errors
/// `NotFound`.
pub fn recipient(conn: &mut Connection, posting: i64) -> Result<(String, Option<String>), AppError> {
    let employer = postings::get(conn, posting)?.data.employer_id;
    let employer = employers::get(conn, employer)?.data;
    Ok((employer.name, employer.address))
}
