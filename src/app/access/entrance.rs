//! The command line's way in: the same policy as for requests, and a database handle that audits what it writes.

use chrono::NaiveDateTime;

use super::{Act, Allowed, Ask, Caller, Object, Reach, Verdict, authorise, reach_for};
use crate::app::Db;
use crate::app::accounts::sessions::authenticate;
use crate::app::audit::{self, Happened};
use crate::app::error::AppError;
use crate::domain::access::{Action, ObjectKind};

/// Somebody the policy let in, for one command.
pub struct Entered {
    /// Each of its write transactions ends with the entry of the act.
    pub db: Db,
    pub act: Act,
    pub allowed: Allowed,
}

/// Asks the policy for a command: the operator's, or with an API token that account's.
///
/// # Errors
/// `NotAllowed` if the policy does not name the caller, `NotFound` if the object is not the caller's; if the database fails.
pub fn enter(
    db: &Db,
    token: Option<&str>,
    operation: &str,
    (object, action): (ObjectKind, Action),
    target: Option<(ObjectKind, i64)>,
    now: NaiveDateTime,
) -> Result<Entered, AppError> {
    let (caller, verdict) = db.read(|conn| {
        let caller = match token {
            None => Caller::operator(),
            Some(token) => authenticate(conn, db.keys(), token, now)?.ok_or(AppError::NotAllowed)?,
        };
        if caller.must_change_password || caller.must_set_up_second_factor {
            return Err(AppError::NotAllowed);
        }
        let verdict = authorise(conn, &caller, &Ask { object, action, target, reason: None })?;
        Ok::<_, AppError>((caller, verdict))
    })?;
    let allowed = match verdict {
        Verdict::Allowed(allowed) => allowed,
        Verdict::Hidden => return Err(AppError::NotFound),
        Verdict::Never | Verdict::SignIn | Verdict::ReasonMissing => return Err(AppError::NotAllowed),
    };
    let object = Object { kind: object, id: target.map(|(_, id)| id) };
    let act = Act::of(caller, &allowed, action, object, operation);
    Ok(Entered { db: audit::acting(db, act.clone()), act, allowed: *allowed })
}

impl Entered {
    /// Writes down whose data was read, before it is shown.
    ///
    /// # Errors
    /// If the database fails; then nothing may be shown.
    pub fn shows(&self, residents: impl IntoIterator<Item = i64>, now: NaiveDateTime) -> Result<(), AppError> {
        let happened = Happened { subjects: residents.into_iter().collect(), ..Happened::default() };
        // `write_in_turn` adds no entry of its own.
        self.db.write_in_turn(|conn| audit::append(conn, self.db.keys(), &self.act, &happened, now))?;
        Ok(())
    }

    /// How far the caller reaches in another list.
    ///
    /// # Errors
    /// If the database fails.
    pub fn reach_for(&self, object: ObjectKind, action: Action) -> Result<Reach, AppError> {
        self.db.read(|conn| reach_for(conn, &self.act.caller, None, (object, action)))
    }

    /// The areas the caller's lists are narrowed to; `None` = not narrowed.
    #[must_use]
    pub fn within(&self) -> Option<&[i64]> {
        self.allowed.reach.areas()
    }
}
