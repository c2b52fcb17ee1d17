//! Settings with effective dates: the thresholds that differ between provinces and years.
//!
//! Invariant: a rule of the past is computed with the value that held on its day. The first values are written when the database
//! is made ([`defaults`]); a value that cannot be read is an error, never a silent default.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::app::accounts::rules;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::db::{AnyConnection, Db, settings};
use crate::domain::ages::LabourAge;
use crate::domain::clock::ClockRules;
use crate::domain::codes::Region;
use crate::domain::concern::ConcernRules;
use crate::domain::coverage::CoverageRules;
use crate::domain::posting_law::MinimumWage;
use crate::domain::subsidy::SubsidyRules;
use crate::domain::visit_plan::PlanRules;

/// A value of a setting and the day it holds from.
pub use crate::db::settings::SettingRow as Setting;

/// Youngest and oldest completed years of the ledger's labour age.
pub const LABOUR_AGE_FROM: &str = "labour_age_from";
pub const LABOUR_AGE_TO: &str = "labour_age_to";
/// Whether farming counts as employment: `true` or `false`.
pub const FARMING_COUNTS: &str = "farming_counts";
/// Yuan a month from which pay is decent.
pub const DECENT_PAY: &str = "decent_pay";
/// Evidence younger than this many days verifies a spell.
pub const VERIFIED_DAYS: &str = "verified_days";
/// A single earner is at risk when something ends within this many days.
pub const AT_RISK_DAYS: &str = "at_risk_days";

/// The lowest full-time wage here, yuan a month, and the lowest part-time wage, fen an hour. With `:` and the name of a province
/// (`minimum_wage_monthly_yuan:广东`) those of postings there. Not shipped: the figures are the administrator's to enter.
pub const MINIMUM_WAGE_MONTHLY: &str = "minimum_wage_monthly_yuan";
pub const MINIMUM_WAGE_HOURLY: &str = "minimum_wage_hourly_fen";

/// What covering a monitored household weighs in a plan, where another household weighs 1.
pub const PLAN_WEIGHT_MONITORED: &str = "plan_weight_monitored";

/// The rules for passwords: `asvs` (long, never expiring) or `mlps` (GB/T 22239: mixed and changed from time to time).
pub const PASSWORD_POLICY: &str = "password_policy";
/// Fewest characters of a password under `asvs`.
pub const PASSWORD_MIN_LENGTH: &str = "password_min_length";
/// Days a password holds under `mlps`.
pub const PASSWORD_DAYS: &str = "password_days";
/// Roles that need a second factor, separated by commas, or `none`.
pub const SECOND_FACTOR_REQUIRED: &str = "second_factor_required";
/// Minutes without use after which a sign-in ends.
pub const SESSION_IDLE_MINUTES: &str = "session_idle_minutes";
/// Hours after which a sign-in ends, used or not.
pub const SESSION_HOURS: &str = "session_hours";

/// Days without an answer after which an employer is reminded of a referral.
pub const REFERRAL_REMINDER_DAYS: &str = "referral_reminder_days";
/// Days without a move after which a referral is closed.
pub const REFERRAL_EXPIRY_DAYS: &str = "referral_expiry_days";
/// Days after which a posting nobody confirmed is published no more.
pub const POSTING_CONFIRMATION_DAYS: &str = "posting_confirmation_days";
/// A month of a park worker counts for the subsidy from so many days of work, and from so much pay (yuan a month).
pub const SUBSIDY_MONTH_DAYS: &str = "subsidy_month_days";
pub const SUBSIDY_MONTH_PAY: &str = "subsidy_month_pay";

/// Working days from recognition to the first service, and to everything else (domain.md §4).
pub const CLOCK_FIRST_SERVICE_DAYS: &str = "clock_first_service_days";
pub const CLOCK_COVER_DAYS: &str = "clock_cover_days";
/// How much of each a recognised household is owed.
pub const CLOCK_GUIDANCE: &str = "clock_guidance";
pub const CLOCK_OFFERS: &str = "clock_offers";
pub const CLOCK_TRAINING_OFFERS: &str = "clock_training_offers";
/// Suitable offers refused, or attempts that reached nobody, after which a person may end a recognition.
pub const EXIT_SUITABLE_REFUSALS: &str = "exit_suitable_refusals";
pub const EXIT_UNREACHABLE_ATTEMPTS: &str = "exit_unreachable_attempts";
pub const FOLLOW_UP_DAYS: &str = "follow_up_days";

/// Households a counselor visits in a week, and weeks after which everybody is to be visited again (domain.md §1).
pub const VISIT_WEEKLY_TARGET: &str = "visit_weekly_target";
pub const VISIT_EVERY_WEEKS: &str = "visit_every_weeks";
/// Working days to answer a concern, and those each level has before the next one takes over a late one.
pub const CONCERN_ANSWER_DAYS: &str = "concern_answer_days";
pub const CONCERN_LEVEL_DAYS: &str = "concern_level_days";

/// Counts below this are not shown to those who may not see the people behind them.
pub const SMALL_CELL_THRESHOLD: &str = "small_cell_threshold";

/// How long records are kept; each has a least value the law sets (README, retention).
pub const RETENTION_AUDIT_MONTHS: &str = "retention_audit_months";
pub const RETENTION_REJECTED_ROWS_DAYS: &str = "retention_rejected_rows_days";
pub const RETENTION_JOBS_DAYS: &str = "retention_jobs_days";
pub const RETENTION_FINDINGS_MONTHS: &str = "retention_import_findings_months";
pub const RETENTION_SESSIONS_MONTHS: &str = "retention_sessions_months";
pub const RETENTION_EMPLOYMENT_MONTHS: &str = "retention_employment_months";
pub const RETENTION_PROVISION_MONTHS: &str = "retention_provision_months";
pub const RETENTION_NOTICES_MONTHS: &str = "retention_notices_months";
pub const RETENTION_POSTINGS_MONTHS: &str = "retention_postings_months";
pub const RETENTION_VISITS_MONTHS: &str = "retention_visits_months";
pub const RETENTION_CONCERNS_MONTHS: &str = "retention_concerns_months";
/// Events whose row has changed again since: what is left says what the rows say.
pub const RETENTION_EVENTS_MONTHS: &str = "retention_events_months";

/// Name, first value and least value of each period. The least: network logs six months (网络安全法 2025 art. 23), the service ledger two years
/// (人力资源市场条例 33), what was given to others three years (网络数据安全管理条例 12), postings three years (网络招聘服务管理规定).
const RETENTION: [(&str, &str, u32); 12] = [
    (RETENTION_AUDIT_MONTHS, "36", 6),
    (RETENTION_REJECTED_ROWS_DAYS, "90", 1),
    (RETENTION_JOBS_DAYS, "30", 1),
    (RETENTION_FINDINGS_MONTHS, "24", 1),
    (RETENTION_SESSIONS_MONTHS, "6", 6),
    (RETENTION_EMPLOYMENT_MONTHS, "24", 24),
    (RETENTION_PROVISION_MONTHS, "36", 36),
    (RETENTION_NOTICES_MONTHS, "12", 1),
    (RETENTION_POSTINGS_MONTHS, "36", 36),
    (RETENTION_VISITS_MONTHS, "36", 24),
    (RETENTION_CONCERNS_MONTHS, "36", 24),
    (RETENTION_EVENTS_MONTHS, "36", 24),
];

/// The longest period that can be set, in its own unit.
const MOST_RETENTION: u32 = 1_200;

/// The values a new database starts with.
pub fn defaults() -> impl Iterator<Item = (&'static str, &'static str)> {
    DEFAULTS.into_iter().chain(RETENTION.into_iter().map(|(key, value, _)| (key, value)))
}

/// The rules of counting (domain.md §4), planning, referrals, visits, concerns, signing in ([`crate::app::accounts::rules`]) and publishing a new
/// database starts with.
pub const DEFAULTS: [(&str, &str); 31] = [
    (LABOUR_AGE_FROM, "16"),
    (LABOUR_AGE_TO, "59"),
    (FARMING_COUNTS, "false"),
    (DECENT_PAY, "2600"),
    (VERIFIED_DAYS, "180"),
    (AT_RISK_DAYS, "90"),
    (PLAN_WEIGHT_MONITORED, "1"),
    (REFERRAL_REMINDER_DAYS, "15"),
    (REFERRAL_EXPIRY_DAYS, "60"),
    (POSTING_CONFIRMATION_DAYS, "90"),
    (SUBSIDY_MONTH_DAYS, "15"),
    (SUBSIDY_MONTH_PAY, "2600"),
    (CLOCK_FIRST_SERVICE_DAYS, "3"),
    (CLOCK_COVER_DAYS, "5"),
    (CLOCK_GUIDANCE, "1"),
    (CLOCK_OFFERS, "3"),
    (CLOCK_TRAINING_OFFERS, "1"),
    (EXIT_SUITABLE_REFUSALS, "3"),
    (EXIT_UNREACHABLE_ATTEMPTS, "3"),
    (FOLLOW_UP_DAYS, "7"),
    (VISIT_WEEKLY_TARGET, "20"),
    // 9 cadres with 20 visits a week each reach 4,232 households in 24 weeks.
    (VISIT_EVERY_WEEKS, "24"),
    (CONCERN_ANSWER_DAYS, "5"),
    (CONCERN_LEVEL_DAYS, "2"),
    (PASSWORD_POLICY, "asvs"),
    (PASSWORD_MIN_LENGTH, "12"),
    (PASSWORD_DAYS, "90"),
    (SECOND_FACTOR_REQUIRED, "administrator,official"),
    (SESSION_IDLE_MINUTES, "30"),
    (SESSION_HOURS, "12"),
    (SMALL_CELL_THRESHOLD, "10"),
];

/// The day the first values hold from, and the first day anything is counted on.
#[must_use]
pub fn since_ever() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// The coverage rules that hold on a day. A day before [`since_ever`], which the first month is compared with, has the first ones.
pub fn coverage_rules(conn: &mut AnyConnection, on: NaiveDate) -> Result<CoverageRules, AppError> {
    let on = on.max(since_ever());
    coverage_rules_from(|key| Ok(settings::setting_on(conn, key, on)?))
}

/// The coverage rules of these values.
pub(in crate::app) fn coverage_rules_from(
    mut text: impl FnMut(&'static str) -> Result<Option<String>, AppError>,
) -> Result<CoverageRules, AppError> {
    fn read<T: FromStr>(key: &'static str, text: Option<String>) -> Result<T, AppError> {
        text.and_then(|text| text.parse().ok()).ok_or_else(|| unreadable(key))
    }
    let from = read(LABOUR_AGE_FROM, text(LABOUR_AGE_FROM)?)?;
    let to = read(LABOUR_AGE_TO, text(LABOUR_AGE_TO)?)?;
    Ok(CoverageRules {
        labour_age: LabourAge::new(from, to).ok_or_else(|| unreadable(LABOUR_AGE_TO))?,
        farming_counts: read(FARMING_COUNTS, text(FARMING_COUNTS)?)?,
        decent_pay: read(DECENT_PAY, text(DECENT_PAY)?)?,
        verified_days: read(VERIFIED_DAYS, text(VERIFIED_DAYS)?)?,
        at_risk_days: read(AT_RISK_DAYS, text(AT_RISK_DAYS)?)?,
    })
}

/// The minimum wages of a day, here and in other provinces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MinimumWages {
    here: MinimumWage,
    elsewhere: BTreeMap<String, MinimumWage>,
}

impl MinimumWages {
    /// Those on file for a day.
    ///
    /// # Errors
    /// If the database fails or a figure cannot be read.
    pub fn load(conn: &mut AnyConnection, on: NaiveDate) -> Result<Self, AppError> {
        let mut latest: BTreeMap<String, (NaiveDate, String)> = BTreeMap::new();
        for row in settings::all(conn)?.into_iter().filter(|row| row.valid_from <= on) {
            let slot = latest.entry(row.key).or_insert((row.valid_from, String::new()));
            if row.valid_from >= slot.0 {
                *slot = (row.valid_from, row.value);
            }
        }
        let mut wages = Self::default();
        for (key, (_, value)) in latest {
            let (name, province) = key.split_once(':').unwrap_or((key.as_str(), ""));
            if ![MINIMUM_WAGE_MONTHLY, MINIMUM_WAGE_HOURLY].contains(&name) {
                continue;
            }
            let wage = match province {
                "" => &mut wages.here,
                province => wages.elsewhere.entry(province.to_owned()).or_default(),
            };
            if name == MINIMUM_WAGE_MONTHLY {
                wage.monthly_yuan = Some(value.parse().map_err(|_| unreadable(&key))?);
            } else {
                wage.hourly_fen = Some(value.parse().map_err(|_| unreadable(&key))?);
            }
        }
        Ok(wages)
    }

    /// The figures for a posting; `None` where none is known to apply. A posting that names no place is here; one of another
    /// province has that province's figures or none.
    #[must_use]
    pub fn of(&self, province: Option<&str>, region: Option<Region>) -> Option<MinimumWage> {
        let named = province
            .and_then(|province| self.elsewhere.iter().find(|(name, _)| province.trim().starts_with(name.as_str())))
            .map(|(_, wage)| *wage);
        let wage = match region {
            Some(Region::Abroad) => return None,
            Some(Region::OtherProvince) => named?,
            Some(Region::Town | Region::County | Region::City | Region::Province) => named.unwrap_or(self.here),
            None if province.is_some() => named?,
            None => self.here,
        };
        (wage != MinimumWage::default()).then_some(wage)
    }
}

/// Every value of every setting, by key and day.
///
/// # Errors
/// If the database fails.
pub fn list(db: &Db) -> Result<Vec<Setting>, AppError> {
    let mut rows = db.read(|conn| -> Result<_, AppError> { Ok(settings::all(conn)?) })?;
    rows.sort_by(|a, b| (&a.key, a.valid_from).cmp(&(&b.key, b.valid_from)));
    Ok(rows)
}

/// Sets a value from a day on; what held before that day stays. A value that starts on the same day is replaced.
///
/// # Errors
/// `Invalid` for a key or value that is none, with the pointer `/key`, `/value` or `/valid_from`.
pub fn set(db: &Db, key: &str, value: &str, valid_from: NaiveDate) -> Result<(), AppError> {
    db.write(|conn| put(conn, key, value, valid_from))
}

/// [`set`] in the caller's transaction.
pub(super) fn put(conn: &mut AnyConnection, key: &str, value: &str, valid_from: NaiveDate) -> Result<(), AppError> {
    check(key, value)?;
    if valid_from < since_ever() {
        return Err(FieldError::new("/valid_from", FieldCode::BadDate).into());
    }
    settings::set_from(conn, key, value, valid_from)?;
    // Two ages may each be fine and contradict one another, on this day or when the next value starts.
    for row in settings::all(conn)?.into_iter().filter(|row| row.valid_from >= valid_from) {
        let (from, to) =
            (on_file(conn, LABOUR_AGE_FROM, row.valid_from)?, on_file(conn, LABOUR_AGE_TO, row.valid_from)?);
        if from.zip(to).is_some_and(|(from, to)| LabourAge::new(from, to).is_none()) {
            return Err(FieldError::new("/value", FieldCode::Contradicts).into());
        }
    }
    Ok(())
}

/// Whether there is such a setting and it can hold such a value.
fn check(key: &str, value: &str) -> Result<(), AppError> {
    fn reads<T: FromStr + PartialOrd>(value: &str, range: std::ops::RangeInclusive<T>) -> bool {
        value.parse().is_ok_and(|value| range.contains(&value))
    }
    let (name, province) = key.split_once(':').map_or((key, None), |(name, province)| (name, Some(province)));
    let is_wage = [MINIMUM_WAGE_MONTHLY, MINIMUM_WAGE_HOURLY].contains(&name);
    let province_is_name = province.is_none_or(|province| {
        is_wage && !province.is_empty() && province.chars().count() <= 20 && province.chars().all(char::is_alphabetic)
    });
    let readable = match name {
        // Below the minimum working age no labour age begins; `set` looks at both ends together.
        LABOUR_AGE_FROM | LABOUR_AGE_TO => reads::<u8>(value, 0..=150),
        FARMING_COUNTS => value.parse::<bool>().is_ok(),
        DECENT_PAY => reads::<u32>(value, 0..=1_000_000),
        VERIFIED_DAYS | AT_RISK_DAYS => reads::<u32>(value, 0..=36_500),
        REFERRAL_REMINDER_DAYS | REFERRAL_EXPIRY_DAYS | POSTING_CONFIRMATION_DAYS => reads::<u32>(value, 1..=3_650),
        SUBSIDY_MONTH_DAYS => reads::<u32>(value, 1..=31),
        SUBSIDY_MONTH_PAY => reads::<u32>(value, 0..=1_000_000),
        CLOCK_FIRST_SERVICE_DAYS | CLOCK_COVER_DAYS => reads::<u32>(value, 1..=365),
        CLOCK_GUIDANCE | CLOCK_OFFERS | CLOCK_TRAINING_OFFERS => reads::<u32>(value, 0..=100),
        EXIT_SUITABLE_REFUSALS | EXIT_UNREACHABLE_ATTEMPTS => reads::<u32>(value, 1..=100),
        FOLLOW_UP_DAYS => reads::<u32>(value, 0..=60),
        VISIT_WEEKLY_TARGET => reads::<u32>(value, 1..=500),
        VISIT_EVERY_WEEKS => reads::<u32>(value, 1..=104),
        CONCERN_ANSWER_DAYS | CONCERN_LEVEL_DAYS => reads::<u32>(value, 1..=60),
        PLAN_WEIGHT_MONITORED => reads::<u32>(value, 1..=MOST_PLAN_WEIGHT),
        MINIMUM_WAGE_MONTHLY => reads::<u32>(value, 1..=100_000),
        MINIMUM_WAGE_HOURLY => reads::<i64>(value, 1..=100_000),
        SMALL_CELL_THRESHOLD => reads::<u64>(value, LEAST_THRESHOLD..=1_000),
        name => match (RETENTION.iter().find(|(key, ..)| *key == name), rules::reads(name, value)) {
            (Some((_, _, least)), _) => reads::<u32>(value, *least..=MOST_RETENTION),
            (None, Some(readable)) => readable,
            (None, None) => return Err(FieldError::new("/key", FieldCode::NotInList).into()),
        },
    };
    if !province_is_name {
        return Err(FieldError::new("/key", FieldCode::NotInList).into());
    }
    if readable { Ok(()) } else { Err(FieldError::new("/value", FieldCode::OutOfRange).into()) }
}

fn on_file<T: FromStr>(conn: &mut AnyConnection, key: &'static str, on: NaiveDate) -> Result<Option<T>, AppError> {
    let text = settings::setting_on(conn, key, on)?;
    text.map(|text| text.parse().map_err(|_| unreadable(key))).transpose()
}

/// The heaviest weight a setting may give: beyond it one household would count more than a building.
const MOST_PLAN_WEIGHT: u32 = 1_000;

/// What covering a monitored household weighs on a day.
pub fn plan_weight_monitored(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    match value(conn, PLAN_WEIGHT_MONITORED, on)? {
        weight @ 1..=MOST_PLAN_WEIGHT => Ok(weight),
        _ => Err(unreadable(PLAN_WEIGHT_MONITORED)),
    }
}

/// Days after which an employer is reminded.
pub fn referral_reminder_days(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, REFERRAL_REMINDER_DAYS, on)
}

/// Days after which a referral is closed.
pub fn referral_expiry_days(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, REFERRAL_EXPIRY_DAYS, on)
}

/// Days after which an unconfirmed posting is taken down.
pub fn posting_confirmation_days(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, POSTING_CONFIRMATION_DAYS, on)
}

/// Which months of park workers count for the subsidy.
pub fn subsidy_rules(conn: &mut AnyConnection, on: NaiveDate) -> Result<SubsidyRules, AppError> {
    Ok(SubsidyRules {
        least_days: value(conn, SUBSIDY_MONTH_DAYS, on)?,
        least_pay: value(conn, SUBSIDY_MONTH_PAY, on)?,
    })
}

/// Days in which the answer to a follow-up is in time.
pub fn follow_up_days(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, FOLLOW_UP_DAYS, on)
}

/// What a recognised household is owed, by the rules of a day.
pub fn clock_rules(conn: &mut AnyConnection, on: NaiveDate) -> Result<ClockRules, AppError> {
    Ok(ClockRules {
        first_service_days: value(conn, CLOCK_FIRST_SERVICE_DAYS, on)?,
        cover_days: value(conn, CLOCK_COVER_DAYS, on)?,
        guidance: value(conn, CLOCK_GUIDANCE, on)?,
        offers: value(conn, CLOCK_OFFERS, on)?,
        training_offers: value(conn, CLOCK_TRAINING_OFFERS, on)?,
    })
}

/// Suitable offers refused after which a recognition may be ended.
pub fn exit_suitable_refusals(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, EXIT_SUITABLE_REFUSALS, on)
}

/// Attempts that reached nobody after which a recognition may be ended.
pub fn exit_unreachable_attempts(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, EXIT_UNREACHABLE_ATTEMPTS, on)
}

/// Households a counselor visits in a week.
pub fn visit_weekly_target(conn: &mut AnyConnection, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, VISIT_WEEKLY_TARGET, on)
}

/// How visits of a week are chosen.
pub fn visit_plan_rules(conn: &mut AnyConnection, on: NaiveDate) -> Result<PlanRules, AppError> {
    Ok(PlanRules { every_weeks: value(conn, VISIT_EVERY_WEEKS, on)? })
}

/// By when concerns are answered, and who answers for late ones.
pub fn concern_rules(conn: &mut AnyConnection, on: NaiveDate) -> Result<ConcernRules, AppError> {
    Ok(ConcernRules {
        answer_days: value(conn, CONCERN_ANSWER_DAYS, on)?,
        level_days: value(conn, CONCERN_LEVEL_DAYS, on)?,
    })
}

/// Below this a threshold would protect nobody.
const LEAST_THRESHOLD: u64 = 5;

/// Below which number a count is not shown to those who may not see the people behind it.
pub fn small_cell_threshold(conn: &mut AnyConnection, on: NaiveDate) -> Result<u64, AppError> {
    value(conn, SMALL_CELL_THRESHOLD, on)
}

/// A period of retention on a day, in the unit its name says.
pub fn retention(conn: &mut AnyConnection, key: &'static str, on: NaiveDate) -> Result<u32, AppError> {
    value(conn, key, on)
}

fn value<T: FromStr>(conn: &mut AnyConnection, key: &'static str, on: NaiveDate) -> Result<T, AppError> {
    on_file(conn, key, on)?.ok_or_else(|| unreadable(key))
}

pub(super) fn unreadable(key: &str) -> AppError {
    anyhow::anyhow!("setting {key} is missing or cannot be read").into()
}
