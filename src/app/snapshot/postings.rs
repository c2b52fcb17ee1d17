//! Posting rows into engine postings: the published ones only, drafts and closed postings are never matched.
//!
//! A note that lies sealed in a row is never opened and goes no further.

use chrono::NaiveDate;

use super::Scope;
use super::names::{Names, PostingName};
use crate::app::error::AppError;
use crate::app::grouped::Grouped;
use crate::app::numbers::{spans, to_u8, to_u16};
use crate::app::postings::{PostingFields, data_of};
use crate::app::vocabulary::SnapshotVocabulary;
use crate::db::AnyConnection;
use crate::db::postings::{self as rows, PostingData, held_of, held_on};
use crate::db::snapshot::{self as db, PostingCertificateFacts, PostingHazardFacts, PostingHours, PostingSkillFacts};
use crate::domain::codes::{Channel, EmployerKind, Hazard, PostingStatus};
use crate::domain::money::monthly_yuan;
use crate::domain::week::WeekHours;
use crate::domain::work_limits::{WorkFacts, forbidden_to_women};
use crate::engine::input::{AgeRange, AskedSkill, Posting, Workplace};
use crate::engine::normalise::normalise;

/// How a posting's place says "in the park" and "at home" (the posting list's column 工作地点). The park's own name may go on
/// with a building or floor.
const PARK: &str = "微工厂产业园";
const PARK_PLACES: [&str; 2] = ["园区", "park"];
const HOME_PLACES: [&str; 3] = ["居家", "家中", "home"];

/// The id of a posting that is only being written: no row has it.
pub const DRAFT: i64 = 0;

/// A posting nobody has stored, as the rows it would be, published.
#[derive(Debug, PartialEq, Eq)]
pub struct Draft(Rows);

impl Draft {
    /// `skill` tells what a name means; the employer must be on record.
    pub fn new(fields: &PostingFields, skill: impl Fn(&str) -> Option<i64>) -> Self {
        let posting = data_of(fields.clone(), PostingStatus::Published, skill(&fields.title), None);
        let hours = fields.hours.iter().map(|span| PostingHours {
            posting_id: DRAFT,
            weekday: span.weekday.into(),
            from_minute: span.from.into(),
            to_minute: span.to.into(),
        });
        let skills = fields.skills.iter().map(|asked| PostingSkillFacts {
            posting_id: DRAFT,
            skill_id: skill(&asked.name),
            name: asked.name.clone(),
            importance: asked.importance,
            level: asked.level,
        });
        let certificates = fields
            .certificates
            .iter()
            .map(|name| PostingCertificateFacts { posting_id: DRAFT, normalised: normalise(name) });
        let hazards = fields.hazards.iter().flatten();
        let hazards = hazards.map(|(kind, grade)| PostingHazardFacts { posting_id: DRAFT, kind: *kind, grade: *grade });
        Self(Rows {
            postings: vec![(DRAFT, posting)],
            hours: hours.collect(),
            skills: skills.collect(),
            certificates: certificates.collect(),
            hazards: hazards.collect(),
        })
    }
}

/// Rows of postings with their lists.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rows {
    postings: Vec<(i64, PostingData)>,
    hours: Vec<PostingHours>,
    skills: Vec<PostingSkillFacts>,
    certificates: Vec<PostingCertificateFacts>,
    hazards: Vec<PostingHazardFacts>,
}

impl Rows {
    fn load(conn: &mut AnyConnection, only: Option<&[i64]>) -> Result<Self, AppError> {
        let postings = match only {
            None => rows::all(conn)?,
            Some(ids) => rows::get_many(conn, ids)?,
        };
        Ok(Self {
            postings: postings.into_iter().map(|row| (row.id, row.data)).collect(),
            hours: db::all_posting_hours(conn, only)?,
            skills: db::all_posting_skills(conn, only)?,
            certificates: db::all_posting_certificates(conn, only)?,
            hazards: db::all_posting_hazards(conn, only)?,
        })
    }

    /// The draft comes first, as its id does.
    fn add(&mut self, draft: &Draft) {
        let Rows { postings, hours, skills, certificates, hazards } = draft.0.clone();
        self.postings.splice(..0, postings);
        self.hours.splice(..0, hours);
        self.skills.splice(..0, skills);
        self.certificates.splice(..0, certificates);
        self.hazards.splice(..0, hazards);
    }
}

pub fn load(
    conn: &mut AnyConnection,
    vocabulary: &mut SnapshotVocabulary,
    names: &mut Names,
    scope: Scope<'_>,
    as_of: NaiveDate,
) -> Result<Vec<Posting>, AppError> {
    let only = scope.posting().map(|id| [id]);
    let only = only.as_ref().map(<[i64; 1]>::as_slice);
    let mut all = Rows::load(conn, only)?;
    if let Scope::WithDraft(draft) = scope {
        all.add(draft);
    }
    let Rows { postings: found, hours, skills, certificates, hazards } = all;
    let hours = Grouped::by(|row: &PostingHours| row.posting_id, hours);
    let skills = Grouped::by(|row: &PostingSkillFacts| row.posting_id, skills);
    let certificates = Grouped::by(|row: &PostingCertificateFacts| row.posting_id, certificates);
    let hazards = Grouped::by(|row: &PostingHazardFacts| row.posting_id, hazards);
    let whose: Option<Vec<i64>> = only.map(|_| found.iter().map(|(_, row)| row.employer_id).collect());
    let employers: std::collections::HashMap<i64, db::EmployerFacts> =
        db::all_employers(conn, whose.as_deref())?.into_iter().map(|employer| (employer.id, employer)).collect();
    // Counted by the day, not by the column: a job that has ended by then holds no place.
    let held = match only {
        None => held_on(conn, as_of)?,
        Some(ids) => held_of(conn, ids, as_of)?,
    };
    let mut postings = Vec::new();
    for (id, row) in found {
        let Some(employer) = employers.get(&row.employer_id) else { continue };
        if row.status != PostingStatus::Published {
            continue;
        }
        let week = spans(hours.of(id).iter().map(|h| (h.weekday, h.from_minute, h.to_minute)));
        let listed: Vec<(Hazard, Option<u8>)> =
            hazards.of(id).iter().map(|hazard| (hazard.kind, to_u8(hazard.grade))).collect();
        let hazards = (row.hazards_known || !listed.is_empty()).then_some(listed);
        let asked = skills.of(id);
        let certificates = certificates.of(id);
        postings.push(Posting {
            id,
            employer: names.intern(&employer.name),
            industry: employer.industry.as_deref().map(|industry| names.intern(industry)),
            occupation: Some(vocabulary.skill(row.skill_id, &row.title)),
            n_vacancies: vacancies(row.headcount, held.get(&id).copied()),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            start_on: row.start_on,
            channel: row.channel,
            region: row.region,
            province: row.province.as_deref().map(|province| names.intern(province)),
            workplace: workplace(&row, employer.kind),
            age: age_range(&row),
            physical_grade: to_u8(row.physical_grade),
            load_kg: to_u16(row.load_kg),
            lifts_per_hour: to_u16(row.lifts_per_hour),
            forced_posture: row.forced_posture,
            night_work: row.night_work,
            overtime: row.overtime,
            underground_mine: row.underground_mine,
            restricted_by_law: restricted_by_law(&row, hazards.as_deref()),
            hazards,
            shift: row.shift,
            hours: (!week.is_empty()).then(|| WeekHours::of(&week)),
            pay_kind: row.pay_kind,
            pay_min: monthly(&row, row.pay_min_fen),
            pay_max: monthly(&row, row.pay_max_fen),
            skills: asked
                .iter()
                .map(|skill| AskedSkill {
                    skill: vocabulary.skill(skill.skill_id, &skill.name),
                    importance: skill.importance,
                    level: to_u8(Some(skill.level)).unwrap_or(1),
                })
                .collect(),
            certificates: certificates.iter().map(|row| names.intern(&row.normalised)).collect(),
            experience_months: to_u16(row.experience_months),
            training_days: to_u16(row.training_days),
        });
        names.add_posting(PostingName {
            id,
            code: row.code,
            title: row.title,
            employer_id: employer.id,
            employer: employer.name.clone(),
        });
    }
    Ok(postings)
}

fn vacancies(headcount: i64, held: Option<i64>) -> u32 {
    u32::try_from((headcount - held.unwrap_or(0)).max(0)).unwrap_or(u32::MAX)
}

/// Work at home is at home whoever gives it; a tenant's posts and those of the park's channel are in the park, whatever the
/// place is called.
fn workplace(row: &PostingData, employer: EmployerKind) -> Workplace {
    let place = row.place.as_deref().map_or("", str::trim);
    if HOME_PLACES.contains(&place) {
        Workplace::Home
    } else if row.channel == Channel::MicroFactory
        || employer == EmployerKind::Tenant
        || place.starts_with(PARK)
        || PARK_PLACES.contains(&place)
    {
        Workplace::Park
    } else {
        Workplace::Elsewhere(to_u16(row.commute_minutes))
    }
}

fn age_range(row: &PostingData) -> Option<AgeRange> {
    let range = AgeRange { min: to_u8(row.age_min), max: to_u8(row.age_max), soft: row.age_is_soft };
    (range.min.is_some() || range.max.is_some()).then_some(range)
}

/// The women's forbidden list, decided here so that the engine sees one bit (law.md §3).
fn restricted_by_law(row: &PostingData, hazards: Option<&[(Hazard, Option<u8>)]>) -> bool {
    let work = WorkFacts {
        underground_mine: row.underground_mine,
        night_work: row.night_work,
        overtime: row.overtime,
        hazards,
        physical_grade: to_u8(row.physical_grade),
        load_kg: to_u16(row.load_kg),
        lifts_per_hour: to_u16(row.lifts_per_hour),
        forced_posture: row.forced_posture,
    };
    forbidden_to_women(&work).is_some()
}

/// Monthly equivalent in yuan; pay outside the rule's bounds is as good as not stated.
fn monthly(row: &PostingData, fen: Option<i64>) -> Option<u32> {
    monthly_yuan(row.pay_kind?, fen?).ok()
}
