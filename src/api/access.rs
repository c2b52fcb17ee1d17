//! What a handler holds of its request: the service, and who asks for what.
//!
//! Invariant: there is an [`Access`] only where the policy allowed the operation ([`super::admission`] makes the [`Doing`]
//! before any handler runs), and every write that goes through it is audited in its own transaction.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::NaiveDateTime;
use futures_util::future::{Ready, ready};
use serde_json::Value;

use super::error::{ApiError, ErrorCode};
use super::operations::Operation;
use super::state::Service;
use crate::app::Connection;
use crate::app::access::authorise::may_refer;
use crate::app::access::{Action, Ask, ObjectKind, Reach, Verdict, authorise, reach_for};
use crate::app::audit::Acting;
use crate::app::error::AppError;
use crate::app::privacy::acquaintance::Viewer;
use crate::app::steps::By;
use crate::domain::access::Role;

/// One allowed request on its way through a handler. Shared by the middleware, the extractors and the handler.
#[derive(Debug)]
pub struct Doing {
    pub operation: &'static Operation,
    acting: Arc<Acting>,
    body: OnceLock<Value>,
}

impl Deref for Doing {
    type Target = Acting;

    fn deref(&self) -> &Acting {
        &self.acting
    }
}

impl Doing {
    #[must_use]
    pub fn new(operation: &'static Operation, acting: Arc<Acting>) -> Self {
        Self { operation, acting, body: OnceLock::new() }
    }

    /// The part the pages know, too.
    #[must_use]
    pub fn acting(&self) -> Arc<Acting> {
        Arc::clone(&self.acting)
    }

    /// What the body said; the ids in it are looked at before anything is written.
    pub fn said(&self, body: &Value) {
        if !self.operation.refers.is_empty() {
            // A request has one body.
            let _ = self.body.set(body.clone());
        }
    }

    /// Every record the body names must be one the caller may read.
    fn check_body(&self, conn: &mut Connection) -> Result<(), AppError> {
        let Some(body) = self.body.get() else { return Ok(()) };
        for (pattern, kind) in self.operation.refers {
            for (pointer, id) in ids_at(body, pattern) {
                let act = (self.operation.object, self.operation.action);
                may_refer(conn, &self.act.caller, act, &pointer, (*kind, id))?;
            }
        }
        Ok(())
    }
}

/// The ids a body holds at a pointer pattern (`*` = every entry of a list), with their exact pointers. What is no id is left to
/// the schema.
fn ids_at(body: &Value, pattern: &str) -> Vec<(String, i64)> {
    let mut found = vec![(String::new(), body)];
    for step in pattern.split('/').skip(1) {
        found = found
            .into_iter()
            .flat_map(|(pointer, value)| -> Vec<(String, &Value)> {
                match (step, value) {
                    ("*", Value::Array(entries)) => {
                        entries.iter().enumerate().map(|(i, entry)| (format!("{pointer}/{i}"), entry)).collect()
                    }
                    (step, Value::Object(fields)) => {
                        fields.get(step).map(|field| (format!("{pointer}/{step}"), field)).into_iter().collect()
                    }
                    _ => Vec::new(),
                }
            })
            .collect();
    }
    found.into_iter().filter_map(|(pointer, value)| Some((pointer, value.as_str()?.parse().ok()?))).collect()
}

/// The handler argument: the service as one allowed caller may use it.
#[derive(Clone)]
pub struct Access {
    service: web::Data<Service>,
    doing: Arc<Doing>,
}

impl Deref for Access {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

impl FromRequest for Access {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let service = req.app_data::<web::Data<Service>>().cloned();
        let doing = req.extensions().get::<Arc<Doing>>().cloned();
        // Without the middleware nobody was let in: that is a fault of ours, never an open door.
        ready(service.zip(doing).map(|(service, doing)| Self { service, doing }).ok_or(ErrorCode::Internal.into()))
    }
}

impl Access {
    /// The rows of a list that are the caller's.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.doing.allowed.reach
    }

    /// Who acts, as histories keep it.
    #[must_use]
    pub fn by(&self) -> By {
        By::of(&self.doing.act)
    }

    /// The account that asks.
    #[must_use]
    pub fn account(&self) -> Option<i64> {
        self.doing.act.caller.account
    }

    /// Whose introductions the caller sees. The role that let the caller in decides, so that a counselor of one grid who is also
    /// somebody's HR sees no person behind the HR side.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        let reach = self.reach();
        match self.doing.act.role {
            Some(Role::Hr) => Viewer::Employers(reach.employers.clone()),
            _ if reach.everything => Viewer::Everything,
            _ => Viewer::Areas(reach.areas.clone()),
        }
    }

    /// Every record the body names must be one the caller may refer to: looked at before work on them begins, and again in the
    /// transaction that has the effect.
    ///
    /// # Errors
    /// `Invalid` names the first that is not.
    pub fn check_body(&self, conn: &mut Connection) -> Result<(), AppError> {
        self.doing.check_body(conn)
    }

    /// Says whose data the answer shows, for the audit.
    pub fn shows(&self, residents: impl IntoIterator<Item = i64>) {
        self.doing.shows(residents);
    }

    /// Says that the answer shows nobody's data, so that there is nothing to write down.
    pub fn shows_nothing(&self) {
        self.doing.shows_nothing();
    }

    /// Whether the caller could also do this to that: for what only the handler finds.
    ///
    /// # Errors
    /// `NotFound` for what is not the caller's.
    pub fn require(&self, conn: &mut Connection, target: (ObjectKind, i64)) -> Result<(), AppError> {
        let (operation, act) = (self.doing.operation, &self.doing.act);
        let ask = Ask {
            object: operation.object,
            action: operation.action,
            target: Some(target),
            reason: act.reason.as_deref(),
        };
        match authorise(conn, &act.caller, &ask)? {
            Verdict::Allowed(_) => Ok(()),
            _ => Err(AppError::NotFound),
        }
    }

    /// How far the caller could reach in another list; nothing where the policy does not let the caller in at all.
    ///
    /// # Errors
    /// If the database fails.
    pub fn reach_for(&self, conn: &mut Connection, object: ObjectKind, action: Action) -> Result<Reach, AppError> {
        let act = &self.doing.act;
        reach_for(conn, &act.caller, act.reason.as_deref(), (object, action))
    }

    /// Why it is done, as typed in the body: kept with the entry.
    pub fn says(&self, reason: &str) {
        self.doing.says(reason);
    }

    /// Whether the caller said why.
    #[must_use]
    pub fn has_reason(&self) -> bool {
        self.doing.act.reason.is_some()
    }

    /// Whether the answer shows people's data and changes nothing.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.doing.operation.reads_people
    }

    /// Whether a company asks: counts then show no single person.
    #[must_use]
    pub fn is_outsider(&self) -> bool {
        self.doing.act.role == Some(Role::Hr)
    }

    /// Whose account it is that came without sign-in: a sign-in is written down as its own.
    pub fn turns_out_to_be(&self, account: i64) {
        self.doing.turns_out_to_be(account);
    }

    /// Writes down that it was refused: for refusals that somebody should look at.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn record_refusal(&self, code: &str) -> Result<(), ApiError> {
        let (this, now, outcome) = (self.clone(), self.now(), code.to_owned());
        self.run(move || this.db.write_in_turn(|conn| this.doing.record(conn, &this.db, &outcome, now))).await
    }

    /// One write transaction, audited; `work` may run more than once.
    ///
    /// # Errors
    /// Those of `work`; then nothing was written.
    pub async fn write<T, F>(&self, mut work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnMut(&mut Connection) -> Result<T, AppError> + Send + 'static,
    {
        let (this, now) = (self.clone(), self.now());
        self.run(move || this.db.write_in_turn(|conn| this.change(conn, now, &mut work, |_| None))).await
    }

    /// A change inside a transaction of the caller, audited; `created` tells the id of what is new.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn change<T>(
        &self,
        conn: &mut Connection,
        now: NaiveDateTime,
        work: impl FnOnce(&mut Connection) -> Result<T, AppError>,
        created: impl FnOnce(&T) -> Option<i64>,
    ) -> Result<T, AppError> {
        self.doing.check_body(conn)?;
        self.doing.change(conn, &self.service.db, now, work, created)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_found_where_the_pattern_says() {
        let body = json!({"a": "7", "items": [{"b": "1"}, {"b": null}, {"b": "2"}, {}], "n": 3});
        assert_eq!(ids_at(&body, "/a"), [("/a".to_owned(), 7)]);
        assert_eq!(ids_at(&body, "/items/*/b"), [("/items/0/b".to_owned(), 1), ("/items/2/b".to_owned(), 2)]);
        assert_eq!(ids_at(&body, "/n"), []);
        assert_eq!(ids_at(&body, "/items/b"), []);
        assert_eq!(ids_at(&json!([1]), "/a"), []);
    }
}
