//! Who asks, for what, and how far that person's reach goes.
//!
//! Invariant: a [`Caller`] is read from the database for every request, so a change of role or scope and a disabled account
//! take effect on the next one. An [`Act`] is made only where the policy allowed it.

pub mod authorise;
pub mod caller;
pub mod entrance;

pub use authorise::{Allowed, Ask, Verdict, authorise, reach_for};
pub use caller::{Act, Caller, Grant, Object};
pub use entrance::{Entered, enter};

use super::Connection;
use super::error::{AppError, FieldCode};
use crate::db::access as facts;
pub use crate::domain::access::{Action, ObjectKind, Reach};

/// Short enough for "办理业务", long enough that "1" is no reason.
const SHORTEST_REASON: usize = 4;
const LONGEST_REASON: usize = 200;

/// The reason somebody typed, without the spaces around it.
///
/// # Errors
/// `TooShort`, `TooLong`, or `BadText` for control characters.
pub fn reason(typed: &str) -> Result<String, FieldCode> {
    let text = typed.trim();
    let is_text = !text.chars().any(char::is_control);
    match text.chars().count() {
        SHORTEST_REASON..=LONGEST_REASON if is_text => Ok(text.to_owned()),
        0..SHORTEST_REASON => Err(FieldCode::TooShort),
        count if count > LONGEST_REASON => Err(FieldCode::TooLong),
        _ => Err(FieldCode::BadText),
    }
}

/// The current members of households: whose data their pages show.
///
/// # Errors
/// If the database fails.
pub fn members_of(conn: &mut Connection, households: &[i64]) -> Result<Vec<i64>, AppError> {
    Ok(facts::members_of(conn, households)?)
}

/// Those among these residents whom a list narrowed to this reach may show.
///
/// # Errors
/// If the database fails.
pub fn residents_in(conn: &mut Connection, reach: &Reach, residents: &[i64]) -> Result<Vec<i64>, AppError> {
    Ok(match reach.areas() {
        None => residents.to_vec(),
        Some(areas) => facts::residents_among(conn, residents, areas)?,
    })
}

/// Those among these households that a list narrowed to this reach may show.
///
/// # Errors
/// If the database fails.
pub fn households_in(conn: &mut Connection, reach: &Reach, households: &[i64]) -> Result<Vec<i64>, AppError> {
    Ok(match reach.areas() {
        None => households.to_vec(),
        Some(areas) => facts::households_among(conn, households, areas)?,
    })
}

/// What an act is done for, as it stands in the audit.
#[must_use]
pub const fn purpose(object: ObjectKind) -> &'static str {
    match object {
        ObjectKind::Account
        | ObjectKind::Session
        | ObjectKind::Token
        | ObjectKind::Setting
        | ObjectKind::Service
        | ObjectKind::Metrics => "administration",
        ObjectKind::Audit => "audit",
        ObjectKind::Card
        | ObjectKind::Contact
        | ObjectKind::Introduction
        | ObjectKind::Referral
        | ObjectKind::Worker
        | ObjectKind::Notice => "introduction",
        ObjectKind::Coverage
        | ObjectKind::CoverageList
        | ObjectKind::Report
        | ObjectKind::ReportList
        | ObjectKind::VisitProgress
        | ObjectKind::Event
        | ObjectKind::Published => "reporting",
        ObjectKind::PersonalData | ObjectKind::Consent | ObjectKind::Approval | ObjectKind::Concern => {
            "rights_of_the_person"
        }
        _ => "employment_service",
    }
}
