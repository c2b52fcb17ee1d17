//! Removing what has been kept long enough.
//!
//! Every function removes what is older than a moment and says how many rows that were. Runs in the caller's transaction.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::DbResult;
use super::postings as posting_rows;
use super::schema::{
    concerns, declines, employment_spells, import_batches, import_findings, import_rejected_rows, introductions, jobs,
    notices, one_time_secrets, plan_changes, plan_pins, plan_placements, plan_prices, postings, recommendations,
    record_findings, referrals, sessions,
};
use crate::domain::codes::{JobState, PostingStatus};

/// Rows sent back for correction, of imports before a moment.
pub fn rejected_rows(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    let old = import_batches::table.filter(import_batches::created_at.lt(before)).select(import_batches::id);
    Ok(diesel::delete(import_rejected_rows::table.filter(import_rejected_rows::batch_id.eq_any(old))).execute(conn)?)
}

/// Findings of imports before a moment.
pub fn findings(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    let old = || import_batches::table.filter(import_batches::created_at.lt(before)).select(import_batches::id);
    let found = import_findings::table.filter(import_findings::batch_id.eq_any(old())).select(import_findings::id);
    diesel::delete(record_findings::table.filter(record_findings::finding_id.eq_any(found))).execute(conn)?;
    let old = old();
    Ok(diesel::delete(import_findings::table.filter(import_findings::batch_id.eq_any(old))).execute(conn)?)
}

/// Jobs that ended before a moment, input and result with them.
pub fn jobs(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    let ended = jobs::state.eq_any([JobState::Succeeded, JobState::Failed, JobState::Cancelled]);
    Ok(diesel::delete(jobs::table.filter(ended).filter(jobs::updated_at.lt(before))).execute(conn)?)
}

/// Sign-ins and tokens that ended before a moment.
pub fn sessions(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    let revoked = sessions::revoked_at.assume_not_null().lt(before).and(sessions::revoked_at.is_not_null());
    let ended = sessions::expires_at.lt(before).or(revoked);
    Ok(diesel::delete(sessions::table.filter(ended)).execute(conn)?)
}

/// Secrets that could be used until a moment.
pub fn one_time_secrets(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    Ok(diesel::delete(one_time_secrets::table.filter(one_time_secrets::expires_at.lt(before))).execute(conn)?)
}

/// Notices of a moment before another: whoever has not read them by then does not need them.
pub fn notices(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    Ok(diesel::delete(notices::table.filter(notices::created_at.lt(before))).execute(conn)?)
}

/// Visits of days before that of a moment, with what they found; see [`super::visits::remove_before`].
pub fn visits(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    super::visits::remove_before(conn, before.date())
}

/// Concerns closed before the day of a moment.
pub fn concerns(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    super::concerns::remove_closed_before(conn, before.date())
}

/// Postings closed before a moment to which nothing refers. Closing is the last change of a posting.
pub fn postings(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    let closed: Vec<(i64, i64)> = postings::table
        .filter(postings::status.eq(PostingStatus::Closed))
        .filter(postings::updated_at.lt(before))
        .select((postings::id, postings::version))
        .order(postings::id)
        .load(conn)?;
    if closed.is_empty() {
        return Ok(0);
    }
    let named = referred(conn)?;
    let mut removed = 0;
    for (id, version) in closed.into_iter().filter(|(id, _)| !named.contains(id)) {
        posting_rows::delete(conn, id, version)?;
        removed += 1;
    }
    Ok(removed)
}

/// The postings other tables refer to.
fn referred(conn: &mut AnyConnection) -> DbResult<BTreeSet<i64>> {
    let mut named = BTreeSet::new();
    macro_rules! add {
        ($($table:ident.$column:ident),+) => { $(
            named.extend($table::table.select($table::$column).distinct().load::<i64>(conn)?);
        )+ };
    }
    macro_rules! add_optional {
        ($($table:ident.$column:ident),+) => { $(
            named.extend($table::table.select($table::$column).distinct().load::<Option<i64>>(conn)?.into_iter().flatten());
        )+ };
    }
    add!(
        declines.posting_id,
        recommendations.posting_id,
        plan_placements.posting_id,
        plan_prices.posting_id,
        plan_pins.posting_id,
        introductions.posting_id,
        referrals.posting_id
    );
    add_optional!(
        concerns.posting_id,
        notices.posting_id,
        employment_spells.posting_id,
        plan_changes.from_posting_id,
        plan_changes.to_posting_id
    );
    Ok(named)
}
