//! What the law says about a posting on record: the one place where columns and lists become [`PostingFacts`].
//!
//! A person who publishes, and a list that is imported, are asked the same questions. Invariant: whatever is stored of a posting
//! and can hold words is read. Cost: that of the law check.

use super::numbers::{to_u8, to_u16, to_u32};
use super::settings::MinimumWages;
use crate::db::employers::EmployerData;
use crate::db::postings::PostingData;
use crate::domain::codes::Hazard;
use crate::domain::posting_law::{self, LawFinding, PostingFacts};
use crate::domain::week::Span;
use crate::domain::work_limits::WorkFacts;

/// A posting with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    pub data: &'a PostingData,
    /// The note in clear: the given one, else the stored one.
    pub note: Option<&'a str>,
    pub hours: &'a [Span],
    pub skills: &'a [&'a str],
    pub certificates: &'a [&'a str],
    pub hazards: &'a [(Hazard, Option<i64>)],
    pub employer: &'a EmployerData,
    /// Whether anybody was asked for the employer's credit code.
    pub asked_credit_code: bool,
    /// Words of a list that are read and not stored.
    pub said: &'a [&'a str],
}

/// Everything the law has to say, with the minimum wages of the day.
#[must_use]
pub fn findings(subject: &Subject<'_>, wages: &MinimumWages) -> Vec<LawFinding> {
    let data = subject.data;
    let hazards: Vec<(Hazard, Option<u8>)> =
        subject.hazards.iter().map(|(kind, grade)| (*kind, to_u8(*grade))).collect();
    let employer = subject.employer;
    let mut others: Vec<&str> =
        [&data.province, &employer.industry, &employer.address].into_iter().flatten().map(String::as_str).collect();
    others.extend(subject.said);
    posting_law::check(&PostingFacts {
        title: &data.title,
        description: data.description.as_deref(),
        note: subject.note,
        place: data.place.as_deref(),
        skills: subject.skills,
        certificates: subject.certificates,
        other_texts: &others,
        employer: Some(&employer.name),
        has_credit_code: subject.asked_credit_code.then_some(employer.credit_code.is_some()),
        headcount: to_u32(Some(data.headcount)),
        pay_kind: data.pay_kind,
        pay_min_fen: data.pay_min_fen,
        pay_max_fen: data.pay_max_fen,
        shift: data.shift,
        hours: subject.hours,
        special_hours_approval: data.special_hours_approval.as_deref(),
        experience_months: to_u32(data.experience_months),
        age_min: to_u8(data.age_min),
        age_max: to_u8(data.age_max),
        work: WorkFacts {
            underground_mine: data.underground_mine,
            night_work: data.night_work,
            overtime: data.overtime,
            hazards: data.hazards_known.then_some(hazards.as_slice()),
            physical_grade: to_u8(data.physical_grade),
            load_kg: to_u16(data.load_kg),
            lifts_per_hour: to_u16(data.lifts_per_hour),
            forced_posture: data.forced_posture,
        },
        minimum_wage: wages.of(data.province.as_deref(), data.region),
    })
}
