//! What moves step by step: referrals and enrolments.
//!
//! Invariants: a step is taken from the state its caller saw and only where it may follow, so nothing is done twice; a reason is given
//! exactly where one is needed, and serves the step; every step is kept with who took it, the day and the reason. Which steps there are, and
//! what each brings with it, is said where the thing itself is at home.

use chrono::{NaiveDate, NaiveDateTime};

use super::access::Act;
use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::{Keyring, Moment, open_note};
use crate::db::seal::{Sealed, SealedColumn};
use crate::db::steps::NewStep;
use crate::domain::access::{ActorKind, Role};
use crate::domain::text::Label;

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
}

/// A step that is to be taken.
#[derive(Clone, Debug)]
pub(in crate::app) struct Step<S, R> {
    pub to: S,
    pub reason: Option<R>,
    pub note: Option<Sealed>,
}

impl<S, R> Step<S, R> {
    /// Without a reason and a note.
    pub const fn plain(to: S) -> Self {
        Self { to, reason: None, note: None }
    }

    /// What a rule of the service does.
    pub const fn by_rule(to: S, reason: R) -> Self {
        Self { to, reason: Some(reason), note: None }
    }

    /// As the history keeps it.
    pub fn taken(self, from: Option<S>, (now, today): Moment, by: By) -> NewStep<S, R> {
        NewStep {
            from,
            to: self.to,
            reason: self.reason,
            note_cipher: self.note,
            happened_on: today,
            actor_kind: by.kind,
            account_id: by.account,
            role: by.role,
            created_at: now,
        }
    }
}

/// One step of a history, as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken<S, R> {
    pub step: i64,
    pub from: Option<S>,
    pub to: S,
    pub reason: Option<R>,
    pub note: Option<String>,
    pub happened_on: NaiveDate,
    pub actor: ActorKind,
    pub account: Option<i64>,
    pub role: Option<Role>,
    pub at: NaiveDateTime,
}

impl<S, R> Taken<S, R> {
    /// Opens the note.
    pub(in crate::app) fn open(
        keys: &Keyring,
        column: SealedColumn,
        (step, kept): (i64, NewStep<S, R>),
    ) -> Result<Self, AppError> {
        Ok(Self {
            step,
            from: kept.from,
            to: kept.to,
            reason: kept.reason,
            note: open_note(keys, column, kept.note_cipher.as_ref())?,
            happened_on: kept.happened_on,
            actor: kept.actor_kind,
            account: kept.account_id,
            role: kept.role,
            at: kept.created_at,
        })
    }
}

/// Whether a step may be taken: the state is the one its caller saw, and the step may follow it.
///
/// # Errors
/// Refused if not.
pub(in crate::app) fn check_follows<S: PartialEq>(
    (now, label): (S, Label),
    seen: S,
    may_follow: bool,
) -> Result<(), AppError> {
    if now != seen {
        Err(Refusal::WrongStatus.being(label))
    } else if may_follow {
        Ok(())
    } else {
        Err(Refusal::MoveNotAllowed.into())
    }
}

/// A reason is there exactly where a step needs one, and serves it.
pub(in crate::app) fn check_reason<R: Copy>(
    faults: &mut Faults,
    given: Option<R>,
    is_needed: bool,
    serves: impl FnOnce(R) -> bool,
) {
    match given {
        None if is_needed => faults.add("/reason", FieldCode::Missing),
        Some(_) if !is_needed => faults.add("/reason", FieldCode::NotNeeded),
        Some(reason) if !serves(reason) => faults.add("/reason", FieldCode::NotInList),
        _ => {}
    }
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
            Err(AppError::Refused(refusal, because)) => {
                faults.push(FieldError { pointer: at, ..refusal.as_field(because.as_deref()) });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::DbError;
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
