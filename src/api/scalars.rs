//! The small values of the API: each one reads itself strictly from a string or number and documents itself.
//!
//! Invariant: a value that exists is valid, so handlers and use cases never check lengths, formats or control characters.
//! All string values also read from query parameters.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::error::ApiError;
use super::json::coded;
use crate::app::accounts::passwords::Password;
use crate::app::error::FieldCode;
use crate::app::{ledgers, referrals};
use crate::domain::access::{self, Login};
use crate::domain::week::Span;
use crate::domain::{
    clock, codes, concern, due, events, follow_up, privacy, record_finding, referral, report, spell_findings, training,
    visit, visit_plan,
};

/// A string type with its rule: `$read` makes the value from the string or names the fault.
macro_rules! string_scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty) = $about:literal, $pattern:expr, $example:literal, $lengths:expr, $read:expr, $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let read: fn(&str) -> Result<$inner, FieldCode> = $read;
                read(&text).map(Self).map_err(|code| D::Error::custom(coded(code)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$inner) -> Cow<'_, str> = $write;
                serializer.serialize_str(&write(&self.0))
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let lengths: (usize, usize) = $lengths;
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .description(Some($about))
                    .pattern(Some($pattern))
                    .min_length(Some(lengths.0))
                    .max_length(Some(lengths.1))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    };
}

/// A calendar day as every door of the service reads it: ten characters, 1900 to 2199.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (text.len() == 10 && (1900..2200).contains(&day.year())).then_some(day)
}

/// One line of text without blanks at its ends. What else is refused (zero-width and direction characters) no pattern can
/// say in the dialect that all readers of the document share.
const ONE_LINE: &str = "^[^\\s\\u0000-\\u001f\\u007f]([^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f])?$";

string_scalar! {
    /// A row id. Opaque to callers: a decimal string, so that no JavaScript number rounds it.
    Id(i64) = "Opaque id.", "^[1-9][0-9]{0,18}$", "42", (1, 19),
    |text| match text.parse() {
        Ok(id) if text.bytes().all(|b| b.is_ascii_digit()) && id > 0 && !text.starts_with('0') => Ok(id),
        _ => Err(FieldCode::BadId),
    },
    |id| id.to_string().into()
}

impl Copy for Id {}

string_scalar! {
    Day(NaiveDate) = "Calendar day, YYYY-MM-DD; never an instant.",
    "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "2026-11-23", (10, 10),
    |text| day(text).ok_or(FieldCode::BadDate),
    |day| day.format("%Y-%m-%d").to_string().into()
}

impl Copy for Day {}

string_scalar! {
    /// Its first day.
    ReportMonth(NaiveDate) = "Month, YYYY-MM.", "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", "2026-10", (7, 7),
    |text| crate::app::reports::month(text).ok_or(FieldCode::BadDate),
    |month| month.format("%Y-%m").to_string().into()
}

string_scalar! {
    /// Minutes of the day.
    Clock(u16) = "Time of day, HH:MM; 24:00 is the end of the day.", "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "18:30", (5, 5),
    |text| {
        let minutes = |text: &str| {
            let (hour, minute) = text.split_once(':')?;
            let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            if !two_digits(hour) || !two_digits(minute) { return None; }
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
        };
        minutes(text).ok_or(FieldCode::BadHours)
    },
    |minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60).into()
}

impl Copy for Clock {}

string_scalar! {
    Name(String) = "Name on one line, 1 to 60 characters, stored in Unicode NFC.", ONE_LINE, "杨秀英", (1, 60),
    |text| line(text, 60), |text| text.into()
}

string_scalar! {
    Line(String) = "Text on one line, 1 to 200 characters, stored in Unicode NFC.", ONE_LINE, "锁边工", (1, 200),
    |text| line(text, 200), |text| text.into()
}

string_scalar! {
    Paragraph(String) = "Text of 1 to 4000 characters; line breaks are kept.", "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]+$", "会平缝，能上白班。", (1, 4000),
    |text| clean(text, 4000, |c| c == '\n' || c == '\t'), |text| text.into()
}

string_scalar! {
    IdNumber(String) = "Resident ID number (GB 11643), 18 characters. Look-alikes are normalised; it is answered masked only.",
    ONE_LINE, "529900199003071239", (15, 40), |text| line(text, 40), |text| text.into()
}

string_scalar! {
    Code(String) = "Code on one line, 1 to 64 characters.", ONE_LINE, "JC-1-101", (1, 64),
    |text| line(text, 64), |text| text.into()
}

string_scalar! {
    CreditCode(String) = "Unified social credit code (GB 32100), 18 characters; look-alikes are normalised.",
    ONE_LINE, "91520600MA6DL1R27X", (18, 40), |text| line(text, 40), |text| text.into()
}

string_scalar! {
    LoginName(String) = "Name to sign in with: 3 to 64 of a-z, 0-9, dot, hyphen, underscore. Capital and full-width letters are folded.",
    "^[a-zA-Z0-9._-]{3,64}$", "zhang.wei", (3, 64),
    |text| Login::parse(text).map(|login| login.as_str().to_owned()).ok_or(FieldCode::BadLogin), |text| text.into()
}

string_scalar! {
    /// Taken as typed, in NFC; blanks count. It is never answered.
    PasswordText(Password) = "A password, as typed.", "^[\\s\\S]+$", "eleven blue herons at noon", (1, 128),
    |text| match Password::new(text) {
        Some(_) if text.is_empty() => Err(FieldCode::Empty),
        Some(password) => Ok(password),
        None => Err(FieldCode::TooLong),
    },
    |_| "".into()
}

string_scalar! {
    Phone(String) = "Mobile number, 11 digits. It is answered masked only.", "^1[0-9]{10}$", "13900000000", (11, 11),
    |text| if text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit()) { Ok(text.to_owned()) } else { Err(FieldCode::BadPhone) },
    |text| text.into()
}

string_scalar! {
    CardCode(String) = "Code of a candidate's card; the same person has another at every employer.", "^[0-9a-f]{32}$",
    "9f86d081884c7d659a2feaa0c55ad015", (32, 32),
    |text| if text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) { Ok(text.to_owned()) } else { Err(FieldCode::BadId) },
    |text| text.into()
}

string_scalar! {
    /// Checked only for its form: [`super::page`] knows which list it came from.
    Cursor(String) = "Opaque position in a list, from `next_cursor`.", "^[0-9a-f]+$", "2a", (1, 200),
    |text| if (1..=200).contains(&text.len()) { Ok(text.to_owned()) } else { Err(FieldCode::BadCursor) },
    |text| text.into()
}

/// One line of text: NFC, no control, zero-width or direction characters, no blanks at the ends.
fn line(text: &str, max: usize) -> Result<String, FieldCode> {
    clean(text, max, |_| false)
}

fn clean(text: &str, max: usize, allowed: fn(char) -> bool) -> Result<String, FieldCode> {
    let text: String = text.nfc().collect();
    if text.trim().is_empty() {
        return Err(FieldCode::Empty);
    }
    if text.trim() != text || text.chars().any(|c| (c.is_control() && !allowed(c)) || invisible(c)) {
        return Err(FieldCode::BadText);
    }
    if text.chars().count() > max { Err(FieldCode::TooLong) } else { Ok(text) }
}

/// Zero-width characters, direction marks and non-characters: two strings that look alike would differ.
const fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

string_scalar! {
    /// A yes or no in a query.
    YesNo(bool) = "`true` or `false`.", "^(true|false)$", "true", (4, 5),
    |text| match text { "true" => Ok(true), "false" => Ok(false), _ => Err(FieldCode::NotInList) },
    |yes| if *yes { "true".into() } else { "false".into() }
}

string_scalar! {
    /// How many months a series goes back.
    SeriesMonths(u8) = "How many month ends, 1 to 120.", "^([1-9]|[1-9][0-9]|1[01][0-9]|120)$", "12", (1, 3),
    |text| match text.parse() {
        Ok(months @ 1..=120) if text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') => Ok(months),
        _ => Err(FieldCode::OutOfRange),
    },
    |months| months.to_string().into()
}

string_scalar! {
    /// How many weeks a series goes back.
    SeriesWeeks(u8) = "How many weeks, 1 to 53.", "^([1-9]|[1-4][0-9]|5[0-3])$", "4", (1, 2),
    |text| match text.parse() {
        Ok(weeks @ 1..=53) if text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') => Ok(weeks),
        _ => Err(FieldCode::OutOfRange),
    },
    |weeks| weeks.to_string().into()
}

string_scalar! {
    GroupKey(String) = "Key of a group, as the report gives it.", ONE_LINE, "第一网格", (1, 640),
    |text| line(text, 640), |text| text.into()
}

/// `limit` of a list.
#[derive(Clone, Copy, Debug)]
pub struct Limit(pub u8);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(limit @ 1..=100) if !text.starts_with('+') => Ok(Self(limit)),
            _ => Err(D::Error::custom(coded(FieldCode::OutOfRange))),
        }
    }
}

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .description(Some("How many entries at most; 50 unless given."))
            .minimum(Some(1))
            .maximum(Some(100))
            .examples([serde_json::Value::from(20)])
            .into()
    }
}

impl ToSchema for Limit {}

/// A whole number within bounds.
macro_rules! number_scalar {
    ($($name:ident($inner:ty, $min:literal..=$max:literal) = $about:literal, $example:literal;)+) => { $(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$inner>::deserialize(deserializer)?;
                if ($min..=$max).contains(&value) { Ok(Self(value)) } else { Err(D::Error::custom(coded(FieldCode::OutOfRange))) }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::Integer))
                    .description(Some($about))
                    .minimum(Some({ let min: $inner = $min; i64::from(min) }))
                    .maximum(Some({ let max: $inner = $max; i64::from(max) }))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    )+ };
}

number_scalar! {
    Weekday(i64, 1..=7) = "Day of the week, 1 = Monday.", 1;
    SkillLevel(i64, 1..=5) = "Skill level: 1 beginner to 5 senior technician.", 2;
    Months(i64, 0..=1200) = "Months.", 36;
    Days(i64, 0..=1000) = "Days.", 7;
    TokenDays(i64, 1..=365) = "Days a token lasts.", 90;
    Minutes(i64, 0..=1440) = "Minutes.", 8;
    Kilograms(i64, 0..=500) = "Kilograms.", 20;
    LiftsPerHour(i64, 0..=3600) = "Lifts in an hour.", 6;
    PhysicalGrade(i64, 1..=4) = "Physical grade of work (GB 3869), 1 light to 4 very heavy.", 2;
    Age(i64, 0..=150) = "Completed years.", 45;
    Seats(i64, 1..=10_000) = "Seats of a course.", 30;
    Headcount(i64, 0..=100_000) = "People, all places of a posting together.", 20;
    YuanAMonth(i64, 0..=1_000_000) = "Whole yuan a month.", 2600;
    Milestone(u8, 1..=6) = "Months after the first day of a job: 1, 3 or 6.", 3;
    PerResident(u8, 1..=50) = "Recommendations for each resident.", 10;
    Fen(i64, 0..=100_000_000_000) = "Money in fen (1 yuan = 100 fen).", 280_000;
}

/// A closed code list as a string with its choices.
macro_rules! code_scalar {
    ($($codes:ident::$name:ident = $about:literal;)+) => { $(
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $codes::$name);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = String::deserialize(deserializer)?;
                $codes::$name::from_code(&code).map(Self).ok_or_else(|| D::Error::custom(coded(FieldCode::NotInList)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.code())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let names = $codes::$name::ALL.iter().map(|c| format!("`{}` {}", c.code(), c.label().zh)).collect::<Vec<_>>();
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .description(Some(format!("{} {}.", $about, names.join(", "))))
                    .enum_values(Some($codes::$name::ALL.iter().map(|c| c.code())))
                    .examples($codes::$name::ALL.first().map(|c| serde_json::Value::from(c.code())))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }

        impl From<$codes::$name> for $name {
            fn from(value: $codes::$name) -> Self {
                Self(value)
            }
        }
    )+ };
}

code_scalar! {
    codes::Sex = "Sex, from the ID number.";
    codes::LabourClass = "Health and ability class (劳动技能), recorded by a person.";
    codes::SchoolStatus = "School status.";
    codes::Education = "Education.";
    codes::Health = "Health.";
    codes::Relation = "Relation to the head of the household.";
    codes::MonitoringClass = "Monitoring class of the household.";
    codes::Absence = "Why a living member is away; working elsewhere is not an absence.";
    codes::Channel = "How a person is employed.";
    codes::Region = "Where work is, seen from the community.";
    codes::EmployerKind = "Kind of employer.";
    codes::PostingStatus = "State of a posting.";
    codes::PayKind = "Unit of the pay.";
    codes::Shift = "Shift.";
    codes::Hazard = "Occupational hazard.";
    codes::RuledOut = "Condition the person ruled out.";
    codes::CareKind = "Who needs care.";
    codes::BarrierKind = "Why a person or household is not employed.";
    codes::DeclineReason = "Why an offer was declined.";
    codes::WishKind = "What a wish is about.";
    codes::Importance = "How a posting asks for a skill.";
    codes::RetirementGroup = "Statutory retirement rule.";
    codes::CoverageState = "State of a household.";
    codes::Severity = "Severity of a finding.";
    codes::HouseholdEventKind = "What happened to the household.";
    codes::ProposalKind = "What a ledger says of the household.";
    codes::ProposalState = "What became of a proposal.";
    codes::JobState = "State of a job.";
    codes::PlanStanding = "Where a plan stands: `superseded` once another plan was adopted after it was made or adopted.";
    codes::PlanState = "What a plan makes of a household.";
    codes::UncoveredClass = "Why a plan leaves a household uncovered.";
    codes::ChangeKind = "Kind of a change.";
    codes::PinKind = "Decision of a counselor.";
    codes::BaselineRule = "Rule of thumb.";
    codes::PlanChangeKind = "What became of a placement.";
    codes::PlanChangeReason = "Why a placement of the parent plan is not kept.";
    privacy::Purpose = "What personal data is used for.";
    privacy::ConsentDecision = "What the person said.";
    privacy::ConsentForm = "How it was said.";
    privacy::DataKind = "Kind of personal data.";
    privacy::IntroductionStatus = "State of an introduction.";
    privacy::ApprovalStatus = "State of an approval.";
    privacy::ApprovalAction = "What needs a second person.";
    clock::ServiceKind = "What was done for a household.";
    clock::ClockStep = "What a recognised household is owed.";
    clock::ClockState = "Where a recognised household stands as a whole.";
    clock::StepState = "Where a step stands.";
    clock::ExitReason = "Why a recognition ended.";
    follow_up::FollowUpOutcome = "What was answered.";
    follow_up::FollowUpState = "Whether the question is late.";
    spell_findings::SpellFinding = "What is wrong with a job on record.";
    due::DueKind = "What waits.";
    record_finding::RecordFindingKind = "Whether something is contradicted or not known.";
    visit::VisitStatus = "Where a visit stands.";
    visit::VisitChannel = "How the household is met.";
    visit::VisitFinding = "What a visit found.";
    visit::NextStep = "What is to be done after a visit.";
    visit_plan::VisitReason = "Why a household is to be visited.";
    concern::ConcernAbout = "What a concern is about.";
    concern::ConcernOutcome = "What came of a concern.";
    concern::ChainLevel = "Who answers for a concern.";
    events::EventKind = "Kind of a fact that is told of.";
    events::EventOperation = "What became of a record.";
    access::ActorKind = "Who acted.";
    access::Role = "A role.";
    referral::ReferralState = "Where a referral stands.";
    referral::ReferralReason = "Why a referral went no further, or a job ended.";
    referral::NoticeKind = "What an employer is told.";
    ledgers::LedgerKind = "A ledger.";
    report::ReportUnit = "What the entries of a list are.";
    report::ReportReason = "Why a household's state is another one than a month before.";
    training::CourseStatus = "Where a course stands.";
    training::EnrolmentState = "Where somebody stands in a course.";
    training::EnrolmentReason = "Why somebody did not pass a course.";
    referrals::Gate = "A condition a resident and a posting must meet.";
}

/// A code list of the use cases: `from_code` and `code`.
macro_rules! code_of {
    ($($name:ident($inner:ty) = $about:literal, [$($code:literal),+];)+) => { $(
        #[doc = $about]
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub $inner);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = String::deserialize(deserializer)?;
                let known = <$inner>::from_code(&code).map(Self);
                known.ok_or_else(|| {
                    serde::de::Error::custom($crate::api::json::coded($crate::app::error::FieldCode::NotInList))
                })
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some($about))
                    .enum_values(Some([$($code),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+ };
}
pub(super) use code_of;

/// A span of hours on one weekday. Work past midnight is two spans.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HourSpan {
    pub weekday: Weekday,
    pub from: Clock,
    pub to: Clock,
}

/// Hours of a body as the domain keeps them.
///
/// # Errors
/// 422 for a span that does not start before it ends.
pub fn spans(hours: &[HourSpan], pointer: &str) -> Result<Vec<Span>, ApiError> {
    let span = |(index, hour): (usize, &HourSpan)| {
        let weekday = u8::try_from(hour.weekday.0).unwrap_or_default();
        Span::new(weekday, hour.from.0, hour.to.0)
            .ok_or_else(|| ApiError::field(format!("{pointer}/{index}"), FieldCode::BadHours))
    };
    hours.iter().enumerate().map(span).collect()
}

/// Hours as they are answered.
#[must_use]
pub fn show_spans(spans: &[Span]) -> Vec<HourSpan> {
    let show = |span: &Span| HourSpan {
        weekday: Weekday(i64::from(span.weekday)),
        from: Clock(span.from),
        to: Clock(span.to),
    };
    spans.iter().map(show).collect()
}
