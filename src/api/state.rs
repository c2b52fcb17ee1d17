//! What handlers share: the database, the clock, the permits for computing, the jobs.
//!
//! Invariant: no database call and no computation runs on an async thread. Database calls go through [`Service::run`];
//! computation also needs a permit, one per core, and is turned away (503) when none is free.

use actix_web::web;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::error::{ApiError, ErrorCode};
use crate::app::accounts::sign_in::SignIn;
use crate::app::error::AppError;
use crate::app::jobs::{Clock, Queue};
use crate::app::permits::{Permit, Permits};
use crate::app::{Connection, Db};

/// One per process, shared by all workers.
#[derive(Clone)]
pub struct Service {
    pub db: Db,
    pub jobs: Queue,
    pub sign_in: SignIn,
    clock: Clock,
    pub permits: Permits,
}

/// The handler argument: the service as one allowed caller may use it.
pub type State = super::access::Access;

impl Service {
    #[must_use]
    pub fn new(db: Db, jobs: Queue, clock: Clock) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { db, jobs, sign_in: SignIn::default(), clock, permits: Permits::new(cores) }
    }

    /// UTC, truncated to what both databases keep.
    #[must_use]
    pub fn now(&self) -> NaiveDateTime {
        let now = (self.clock)().naive_utc();
        DateTime::from_timestamp_micros(now.and_utc().timestamp_micros()).map_or(now, |time| time.naive_utc())
    }

    /// Today in Asia/Shanghai, by definition.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        today(&(self.clock)())
    }

    /// Now and today, taken together.
    #[must_use]
    pub fn moment(&self) -> (NaiveDateTime, NaiveDate) {
        (self.now(), self.today())
    }

    /// Keyed hash in hexadecimal, for cursors.
    #[must_use]
    pub fn keyed_hash(&self, bytes: &[u8]) -> String {
        crate::app::keyed_hash(&self.db, bytes)
    }

    /// Runs blocking work off the async threads. A panic inside becomes an internal error; the worker lives.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, AppError> + Send + 'static,
    {
        match web::block(work).await {
            Ok(result) => result.map_err(ApiError::from),
            Err(_) => {
                tracing::error!("panic in blocking work");
                Err(ErrorCode::Internal.into())
            }
        }
    }

    /// Reads at one moment of the database.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn read<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, AppError> + Send + 'static,
    {
        let db = self.db.clone();
        self.run(move || db.read(work)).await
    }

    /// Hashes passwords: waits for a turn, so that few run at once and a bounded number waits.
    ///
    /// # Errors
    /// 503 when too many wait, else those of `work`.
    pub async fn hash<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, AppError> + Send + 'static,
    {
        let turn = self.sign_in.turn().await?;
        self.run(move || {
            let _turn = turn;
            work()
        })
        .await
    }

    /// Leave to keep a core busy, until it is dropped.
    ///
    /// # Errors
    /// 503 when every core is taken.
    pub fn permit(&self) -> Result<Permit, ApiError> {
        Ok(self.permits.take().ok_or(ErrorCode::Busy)?)
    }

    /// Runs work that keeps a core busy.
    ///
    /// # Errors
    /// 503 when every core is taken, else those of `work`.
    pub async fn compute<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, AppError> + Send + 'static,
    {
        let permit = self.permit()?;
        self.run(move || {
            let _permit = permit;
            work()
        })
        .await
    }
}

/// See [`crate::app::calendar_day`].
#[must_use]
pub fn today(now: &DateTime<Utc>) -> NaiveDate {
    crate::app::calendar_day(now.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_turns_at_shanghai_midnight() {
        let at = |text: &str| today(&text.parse().unwrap()).to_string();
        assert_eq!(at("2026-11-23T15:59:59Z"), "2026-11-23");
        assert_eq!(at("2026-11-23T16:00:00Z"), "2026-11-24");
        assert_eq!(at("2028-02-28T16:00:00Z"), "2028-02-29");
    }
}
