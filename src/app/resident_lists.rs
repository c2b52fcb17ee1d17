//! What a resident can do, wants and rules out: lists that are read and replaced as a whole, under the resident's version.

use chrono::{NaiveDate, NaiveDateTime};

use super::error::{AppError, Faults, FieldCode};
use super::{Connection, Record, skills};
use crate::db::enrolments::evidence;
pub use crate::db::enrolments::evidence::Shown;
use crate::db::resident_lists::{certificates, hours, ruled_out, skills as skill_rows, wishes};
use crate::db::residents;
use crate::domain::codes::{Channel, Region, RuledOut, Shift, WishKind};
use crate::domain::week::Span;
use crate::engine::normalise::normalise;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    pub name: String,
    /// What the name means; `None` until it is mapped. Not the caller's to set.
    pub skill_id: Option<i64>,
    /// 1..=5.
    pub level: i64,
    pub months: Option<i64>,
    /// Courses passed that show it. Not the caller's to set.
    pub evidence: Vec<Shown>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub name: String,
    /// Last valid day; `None` = does not expire.
    pub valid_until: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub kind: WishKind,
    /// A code for channel, region and shift, else a name.
    pub value: String,
}

fn version(conn: &mut Connection, id: i64) -> Result<i64, AppError> {
    Ok(residents::get(conn, id)?.version)
}

/// # Errors
/// `NotFound`.
pub fn skills(conn: &mut Connection, id: i64) -> Result<Record<Vec<Skill>>, AppError> {
    let version = version(conn, id)?;
    let shown = evidence::of_resident(conn, id)?;
    let skill = |row: skill_rows::ResidentSkill| Skill {
        evidence: shown.iter().filter(|shown| Some(shown.skill_id) == row.skill_id).cloned().collect(),
        name: row.name,
        skill_id: row.skill_id,
        level: row.level,
        months: row.months,
    };
    Ok(Record { id, version, fields: skill_rows::of(conn, &[id])?.into_iter().map(skill).collect() })
}

/// # Errors
/// `NotFound`; `Stale`; `Invalid` for two names that mean the same.
pub fn replace_skills(
    conn: &mut Connection,
    (id, version): (i64, i64),
    list: Vec<Skill>,
    now: NaiveDateTime,
) -> Result<Record<Vec<Skill>>, AppError> {
    residents::touch(conn, id, version, now)?;
    unique(list.iter().map(|skill| normalise(&skill.name)), |index| format!("/items/{index}/name"))?;
    let names = skills::Names::load(conn)?;
    let mut rows = Vec::new();
    for skill in list {
        let (skill_id, normalised) = names.resolve(conn, &skill.name, now)?;
        rows.push(skill_rows::ResidentSkill {
            resident_id: id,
            skill_id,
            name: skill.name,
            normalised,
            level: skill.level,
            months: skill.months,
        });
    }
    skill_rows::replace(conn, &[id], &rows)?;
    self::skills(conn, id)
}

/// # Errors
/// `NotFound`.
pub fn certificates(conn: &mut Connection, id: i64) -> Result<Record<Vec<Certificate>>, AppError> {
    let version = version(conn, id)?;
    let certificate =
        |row: certificates::ResidentCertificate| Certificate { name: row.name, valid_until: row.valid_until };
    Ok(Record { id, version, fields: certificates::of(conn, &[id])?.into_iter().map(certificate).collect() })
}

/// # Errors
/// `NotFound`; `Stale`; `Invalid` for a name given twice.
pub fn replace_certificates(
    conn: &mut Connection,
    (id, version): (i64, i64),
    list: Vec<Certificate>,
    now: NaiveDateTime,
) -> Result<Record<Vec<Certificate>>, AppError> {
    residents::touch(conn, id, version, now)?;
    unique(list.iter().map(|certificate| normalise(&certificate.name)), |index| format!("/items/{index}/name"))?;
    let row = |certificate: Certificate| certificates::ResidentCertificate {
        resident_id: id,
        normalised: normalise(&certificate.name),
        name: certificate.name,
        valid_until: certificate.valid_until,
    };
    let rows: Vec<_> = list.into_iter().map(row).collect();
    certificates::replace(conn, &[id], &rows)?;
    self::certificates(conn, id)
}

/// # Errors
/// `NotFound`.
pub fn unavailable_hours(conn: &mut Connection, id: i64) -> Result<Record<Vec<Span>>, AppError> {
    let version = version(conn, id)?;
    let spans = hours::of(conn, &[id])?.iter().filter_map(hours::UnavailableHour::span).collect();
    Ok(Record { id, version, fields: spans })
}

/// # Errors
/// `NotFound`; `Stale`.
pub fn replace_unavailable_hours(
    conn: &mut Connection,
    (id, version): (i64, i64),
    list: &[Span],
    now: NaiveDateTime,
) -> Result<Record<Vec<Span>>, AppError> {
    residents::touch(conn, id, version, now)?;
    let rows: Vec<_> = list.iter().map(|span| hours::UnavailableHour::new(id, *span)).collect();
    hours::replace(conn, &[id], &rows)?;
    unavailable_hours(conn, id)
}

/// # Errors
/// `NotFound`.
pub fn wishes(conn: &mut Connection, id: i64) -> Result<Record<Vec<Wish>>, AppError> {
    let version = version(conn, id)?;
    let wish = |row: wishes::Wish| Wish { kind: row.kind, value: row.value };
    Ok(Record { id, version, fields: wishes::of(conn, &[id])?.into_iter().map(wish).collect() })
}

/// # Errors
/// `NotFound`; `Stale`; `Invalid` for a value that is no code of its list, or given twice.
pub fn replace_wishes(
    conn: &mut Connection,
    (id, version): (i64, i64),
    list: Vec<Wish>,
    now: NaiveDateTime,
) -> Result<Record<Vec<Wish>>, AppError> {
    residents::touch(conn, id, version, now)?;
    let mut faults = Faults::default();
    for (index, wish) in list.iter().enumerate() {
        let known = match wish.kind {
            WishKind::Channel => Channel::from_code(&wish.value).is_some(),
            WishKind::Region => Region::from_code(&wish.value).is_some(),
            WishKind::Shift => Shift::from_code(&wish.value).is_some(),
            WishKind::Occupation | WishKind::Industry | WishKind::Employer | WishKind::Province => true,
        };
        if !known {
            faults.add(format!("/items/{index}/value"), FieldCode::NotInList);
        }
    }
    faults.done()?;
    unique(list.iter().map(|wish| (wish.kind, &wish.value)), |index| format!("/items/{index}/value"))?;
    let row = |wish: Wish| wishes::Wish { resident_id: id, kind: wish.kind, value: wish.value };
    let rows: Vec<_> = list.into_iter().map(row).collect();
    wishes::replace(conn, &[id], &rows)?;
    self::wishes(conn, id)
}

/// # Errors
/// `NotFound`.
pub fn ruled_out(conn: &mut Connection, id: i64) -> Result<Record<Vec<RuledOut>>, AppError> {
    let version = version(conn, id)?;
    Ok(Record { id, version, fields: ruled_out::of(conn, &[id])?.into_iter().map(|row| row.kind).collect() })
}

/// # Errors
/// `NotFound`; `Stale`; `Invalid` for a condition given twice.
pub fn replace_ruled_out(
    conn: &mut Connection,
    (id, version): (i64, i64),
    list: &[RuledOut],
    now: NaiveDateTime,
) -> Result<Record<Vec<RuledOut>>, AppError> {
    residents::touch(conn, id, version, now)?;
    let mut faults = Faults::default();
    for (index, kind) in list.iter().enumerate() {
        if list[..index].contains(kind) {
            faults.add(format!("/items/{index}"), FieldCode::Repeated);
        }
    }
    faults.done()?;
    let rows: Vec<_> = list.iter().map(|kind| ruled_out::RuledOutCondition { resident_id: id, kind: *kind }).collect();
    ruled_out::replace(conn, &[id], &rows)?;
    self::ruled_out(conn, id)
}

/// All entries differ; a repeated one is pointed at.
pub(super) fn unique<K: PartialEq>(
    keys: impl Iterator<Item = K>,
    pointer: impl Fn(usize) -> String,
) -> Result<(), AppError> {
    let keys: Vec<K> = keys.collect();
    let mut faults = Faults::default();
    for (index, key) in keys.iter().enumerate() {
        if keys[..index].contains(key) {
            faults.add(pointer(index), FieldCode::Repeated);
        }
    }
    faults.done()
}
