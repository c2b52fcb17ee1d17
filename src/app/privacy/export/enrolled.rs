//! The part about courses.

use serde_json::{Value, json};

use super::{id, maybe_id, time};
use crate::app::error::AppError;
use crate::app::training::enrolments;
use crate::db::{AnyConnection, Keyring};

/// With every step, the days the person came, and what passing showed.
pub(super) fn enrolments(conn: &mut AnyConnection, keys: &Keyring, resident: i64) -> Result<Vec<Value>, AppError> {
    let step = |step: enrolments::Taken| {
        json!({
            "step": step.step, "from": code!(step.from), "to": step.to.code(), "reason": code!(step.reason),
            "note": step.note, "happened_on": step.happened_on, "actor": step.actor.code(),
            "account_id": maybe_id(step.account), "role": code!(step.role), "at": time(step.at),
        })
    };
    let history = |history: enrolments::History| {
        let row = history.enrolment;
        json!({
            "id": id(row.id), "course_id": id(row.course_id), "course": row.course, "state": row.state.code(),
            "moved_on": row.moved_on, "moves": Vec::from_iter(history.moves.into_iter().map(step)),
            "attendances": Vec::from_iter(
                history.attendances.iter().map(|came| json!({ "day": came.day, "minutes": came.minutes })),
            ),
            "shown": Vec::from_iter(
                history.shown.iter().map(|(skill, level)| json!({ "skill_id": id(*skill), "level": level })),
            ),
        })
    };
    Ok(enrolments::of_resident(conn, keys, resident)?.into_iter().map(history).collect())
}
