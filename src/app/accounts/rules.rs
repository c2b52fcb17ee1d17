//! The rules of signing in that differ between installations, as settings with dates.
//!
//! Two guidelines contradict one another, so a switch chooses. `asvs` (default; OWASP ASVS 5.0 §6.2): at least 12 characters,
//! no composition rules, no expiry. 8 is the least `password_min_length` can be set to, which is also the least ASVS allows.
//! `mlps` (GB/T 22239-2019 level 3, 身份鉴别): at least 8 characters of three of four kinds, replaced after
//! `password_days`. Under both a password on the lists of common ones or made of one's own words is refused, and the longest
//! is 128 characters.
//!
//! A sign-in ends after 30 minutes without use and after 12 hours in any case (ASVS 7.3; MLPS asks for a timeout without
//! naming it): a shift at a counter is shorter, a forgotten browser is not left open over night.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};

use crate::app::error::AppError;
use crate::app::settings::{
    PASSWORD_DAYS, PASSWORD_MIN_LENGTH, PASSWORD_POLICY, SECOND_FACTOR_REQUIRED, SESSION_HOURS, SESSION_IDLE_MINUTES,
    unreadable,
};
use crate::app::{Connection, calendar_day};
use crate::db::settings;
use crate::domain::access::Role;

/// Which guideline passwords follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordPolicy {
    Asvs,
    Mlps,
}

/// The rules in force on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRules {
    pub policy: PasswordPolicy,
    /// Characters.
    pub min_length: usize,
    /// How long a password holds; `None` = for ever.
    pub password_lasts: Option<TimeDelta>,
    /// Roles that need a second factor.
    pub second_factor: Vec<Role>,
    pub idle: TimeDelta,
    pub absolute: TimeDelta,
}

/// Fewest characters under `mlps`.
const MLPS_MIN_LENGTH: usize = 8;

const KEYS: [&str; 6] =
    [PASSWORD_POLICY, PASSWORD_MIN_LENGTH, PASSWORD_DAYS, SECOND_FACTOR_REQUIRED, SESSION_IDLE_MINUTES, SESSION_HOURS];

impl AccessRules {
    /// One query.
    ///
    /// # Errors
    /// If the database fails, or a setting is missing or cannot be read.
    pub fn load(conn: &mut Connection, now: NaiveDateTime) -> Result<Self, AppError> {
        let values = settings::settings_on(conn, &KEYS, calendar_day(now))?;
        let policy = value(&values, PASSWORD_POLICY, policy)?;
        let (min_length, password_lasts) = match policy {
            PasswordPolicy::Asvs => (value(&values, PASSWORD_MIN_LENGTH, min_length)?, None),
            PasswordPolicy::Mlps => (MLPS_MIN_LENGTH, Some(TimeDelta::days(value(&values, PASSWORD_DAYS, days)?))),
        };
        Ok(Self {
            policy,
            min_length,
            password_lasts,
            second_factor: value(&values, SECOND_FACTOR_REQUIRED, roles)?,
            idle: TimeDelta::minutes(value(&values, SESSION_IDLE_MINUTES, idle_minutes)?),
            absolute: TimeDelta::hours(value(&values, SESSION_HOURS, hours)?),
        })
    }

    /// Whether a password set then is too old now.
    #[must_use]
    pub fn is_expired(&self, set_at: Option<NaiveDateTime>, now: NaiveDateTime) -> bool {
        self.password_lasts.zip(set_at).is_some_and(|(lasts, set_at)| now - set_at > lasts)
    }
}

fn value<T>(values: &BTreeMap<String, String>, key: &str, read: fn(&str) -> Option<T>) -> Result<T, AppError> {
    values.get(key).and_then(|value| read(value)).ok_or_else(|| unreadable(key))
}

fn policy(text: &str) -> Option<PasswordPolicy> {
    match text {
        "asvs" => Some(PasswordPolicy::Asvs),
        "mlps" => Some(PasswordPolicy::Mlps),
        _ => None,
    }
}

fn min_length(text: &str) -> Option<usize> {
    text.parse().ok().filter(|length| (8..=64).contains(length))
}

fn days(text: &str) -> Option<i64> {
    text.parse().ok().filter(|days| (1..=3_650).contains(days))
}

fn roles(text: &str) -> Option<Vec<Role>> {
    if text == "none" { Some(Vec::new()) } else { text.split(',').map(Role::from_code).collect() }
}

fn idle_minutes(text: &str) -> Option<i64> {
    text.parse().ok().filter(|minutes| (1..=720).contains(minutes))
}

fn hours(text: &str) -> Option<i64> {
    text.parse().ok().filter(|hours| (1..=168).contains(hours))
}

/// Whether a setting of accounts can have a value; `None` if it is none of them.
pub(in crate::app) fn reads(key: &str, text: &str) -> Option<bool> {
    Some(match key {
        PASSWORD_POLICY => policy(text).is_some(),
        PASSWORD_MIN_LENGTH => min_length(text).is_some(),
        PASSWORD_DAYS => days(text).is_some(),
        SECOND_FACTOR_REQUIRED => roles(text).is_some(),
        SESSION_IDLE_MINUTES => idle_minutes(text).is_some(),
        SESSION_HOURS => hours(text).is_some(),
        _ => return None,
    })
}
