//! One allowed request on its way: what it is about, whose data it shows, and the entry it ends with. The same for the API and
//! the pages, so that a change leaves the same trace whichever way it came.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use chrono::NaiveDateTime;

use super::{Happened, append, state};
use crate::app::access::{Act, Action, Allowed, Object, ObjectKind, members_of};
use crate::app::error::AppError;
use crate::app::{Connection, Db};

/// An act the policy allowed. Shared by whoever lets requests in, and the handler.
#[derive(Debug)]
pub struct Acting {
    pub act: Act,
    action: Action,
    pub allowed: Allowed,
    /// The one record the request names.
    pub target: Option<(ObjectKind, i64)>,
    subjects: Mutex<BTreeSet<i64>>,
    /// The account of somebody who came without sign-in and showed who it is.
    account: OnceLock<i64>,
    /// The reason typed in the body.
    reason: OnceLock<String>,
    audited: AtomicBool,
}

impl Acting {
    #[must_use]
    pub fn new((act, action): (Act, Action), allowed: Allowed, target: Option<(ObjectKind, i64)>) -> Self {
        let subjects = Mutex::new(allowed.place.resident.into_iter().collect());
        let (account, reason, audited) = (OnceLock::new(), OnceLock::new(), AtomicBool::new(false));
        Self { act, action, allowed, target, subjects, account, reason, audited }
    }

    /// What the policy calls it.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Residents whose data the answer shows.
    pub fn shows(&self, residents: impl IntoIterator<Item = i64>) {
        self.subjects.lock().unwrap_or_else(PoisonError::into_inner).extend(residents);
    }

    /// Says that the answer shows nobody's data, so that there is nothing to write down.
    pub fn shows_nothing(&self) {
        self.audited.store(true, Ordering::Release);
    }

    /// Why it is done, as typed in the body: kept with the entry.
    pub fn says(&self, reason: &str) {
        // A request has one reason.
        let _ = self.reason.set(reason.to_owned());
    }

    /// Whose account it is that came without sign-in.
    pub fn turns_out_to_be(&self, account: i64) {
        // A request signs in one account.
        let _ = self.account.set(account);
    }

    #[must_use]
    pub fn is_audited(&self) -> bool {
        self.audited.load(Ordering::Acquire)
    }

    /// The act as it is written down.
    fn act(&self) -> Act {
        let mut act = self.act.clone();
        if let Some(account) = self.account.get() {
            act.turns_out_to_be(*account);
        }
        act.reason = self.reason.get().cloned().or(act.reason);
        act
    }

    /// A change with its entry, in the caller's transaction. `created` tells the id of what is new.
    ///
    /// # Errors
    /// Those of `work`, and if the database fails.
    pub fn change<T>(
        &self,
        conn: &mut Connection,
        db: &Db,
        now: NaiveDateTime,
        work: impl FnOnce(&mut Connection) -> Result<T, AppError>,
        created: impl FnOnce(&T) -> Option<i64>,
    ) -> Result<T, AppError> {
        let keys = db.keys();
        let before = self.target.map(|(kind, id)| state(conn, keys, kind, id)).transpose()?.flatten();
        let done = work(conn)?;
        let (object, after) = match (created(&done), self.target) {
            (Some(id), _) => {
                let kind = self.act.object.kind;
                (Object { kind, id: Some(id) }, state(conn, keys, kind, id)?)
            }
            (None, Some((kind, id))) => (Object { kind, id: Some(id) }, state(conn, keys, kind, id)?),
            (None, None) => (self.act.object, None),
        };
        if object.kind == ObjectKind::Resident {
            self.shows(object.id);
        }
        let before = before.filter(|_| self.target.is_some_and(|(kind, id)| object == Object { kind, id: Some(id) }));
        let act = Act { object, ..self.act() };
        let subjects = self.all_subjects(conn)?;
        let happened = Happened { before, after, subjects, ..Happened::default() };
        append(conn, keys, &act, &happened, now)?;
        self.audited.store(true, Ordering::Release);
        Ok(done)
    }

    /// The entry of what changed nothing that has rows: a reading, or an attempt.
    ///
    /// # Errors
    /// If the database fails; then nothing may be shown.
    pub fn record(&self, conn: &mut Connection, db: &Db, outcome: &str, now: NaiveDateTime) -> Result<(), AppError> {
        let subjects = self.all_subjects(conn)?;
        let happened = Happened { outcome: outcome.to_owned(), subjects, ..Happened::default() };
        append(conn, db.keys(), &self.act(), &happened, now)?;
        Ok(())
    }

    /// Those shown or changed; a household's page is about its members.
    fn all_subjects(&self, conn: &mut Connection) -> Result<Vec<i64>, AppError> {
        if self.allowed.place.resident.is_none()
            && let Some(household) = self.allowed.place.household
        {
            self.shows(members_of(conn, &[household])?);
        }
        Ok(self.subjects.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect())
    }
}
