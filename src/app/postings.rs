//! Postings: what employers offer, whether the law lets it be published, and how many places are left.
//!
//! Invariant: a published posting has no `block` finding of the law check; a draft may say anything. How many places are
//! filled is counted from the spells of the day, nobody sets it.

mod law;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use self::law::check_lawful;
pub use self::law::{law_check, law_of, unknown_skills};
use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::resident_lists::unique;
use super::{Connection, Page, employers, open_note, seal_note, skills};
use crate::db::Keyring;
use crate::db::posting_lists::{certificates, hazards, hours, skills as skill_rows};
pub use crate::db::postings::PostingFilter;
use crate::db::postings::{self as rows, PostingData, PostingRow};
use crate::db::seal::{Sealed, SealedColumn};
use crate::domain::codes::{Channel, Hazard, Importance, PayKind, PostingStatus, Region, Shift};
use crate::domain::text::Text;
use crate::domain::week::Span;
use crate::engine::normalise::normalise;

/// What a posting asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedSkill {
    pub name: String,
    /// What the name means; `None` until it is mapped. Not the caller's to set.
    pub skill_id: Option<i64>,
    pub importance: Importance,
    /// 1..=5.
    pub level: i64,
}

/// What an employer says of a post; `None` = not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingFields {
    pub code: Option<String>,
    pub employer_id: i64,
    pub title: String,
    pub channel: Channel,
    pub description: Option<String>,
    /// All places, filled ones included.
    pub headcount: i64,
    pub pay_kind: Option<PayKind>,
    /// Fen in the unit of `pay_kind`.
    pub pay_min_fen: Option<i64>,
    pub pay_max_fen: Option<i64>,
    pub shift: Option<Shift>,
    pub night_work: Option<bool>,
    pub overtime: Option<bool>,
    pub physical_grade: Option<i64>,
    pub load_kg: Option<i64>,
    pub lifts_per_hour: Option<i64>,
    pub forced_posture: Option<bool>,
    pub underground_mine: Option<bool>,
    /// `None` = nobody has said; empty = none. Grades 1..=4.
    pub hazards: Option<Vec<(Hazard, Option<i64>)>>,
    pub age_min: Option<i64>,
    pub age_max: Option<i64>,
    pub age_is_soft: bool,
    pub experience_months: Option<i64>,
    pub training_days: Option<i64>,
    pub place: Option<String>,
    pub province: Option<String>,
    pub region: Option<Region>,
    pub commute_minutes: Option<i64>,
    pub special_hours_approval: Option<String>,
    pub start_on: Option<NaiveDate>,
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    pub hours: Vec<Span>,
    pub skills: Vec<AskedSkill>,
    pub certificates: Vec<String>,
    pub note: Option<String>,
}

/// A posting as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub id: i64,
    pub version: i64,
    pub status: PostingStatus,
    /// Places held by jobs today.
    pub filled: i64,
    pub vacancies: i64,
    /// Day on which the employer last said that it stands.
    pub confirmed_on: Option<NaiveDate>,
    pub fields: PostingFields,
}

/// A page of postings; their notes stay closed.
///
/// # Errors
/// If the database fails.
pub fn page(
    conn: &mut Connection,
    filter: &PostingFilter,
    page: Page,
    today: NaiveDate,
) -> Result<Vec<Posting>, AppError> {
    let found = rows::page(conn, filter, page)?;
    views(conn, None, found, today)
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64, today: NaiveDate) -> Result<Posting, AppError> {
    let row = rows::get(conn, id)?;
    views(conn, Some(keys), vec![row], today)?.pop().ok_or(AppError::NotFound)
}

/// Adds a draft.
///
/// # Errors
/// `Invalid`; refused if the code is taken.
pub fn create(
    conn: &mut Connection,
    keys: &Keyring,
    fields: PostingFields,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Posting, AppError> {
    let data = columns(conn, keys, &fields, PostingStatus::Draft, now)?;
    let id = rows::insert(conn, &data, now)?;
    replace_lists(conn, id, &fields, now)?;
    get(conn, keys, id, today)
}

/// Changes a posting that still has this version. A published one must stay lawful.
///
/// # Errors
/// `Invalid`, also for another employer once somebody was referred or works there; `Stale`; `Unlawful`; refused if the headcount falls below the places filled.
pub fn update(
    conn: &mut Connection,
    keys: &Keyring,
    (id, version): (i64, i64),
    fields: PostingFields,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Posting, AppError> {
    if rows::get(conn, id)?.version != version {
        return Err(AppError::Stale);
    }
    // Jobs that ended since the last count would keep the headcount up.
    rows::recount_filled(conn, &[id], today, now)?;
    let old = rows::get(conn, id)?;
    let data = columns(conn, keys, &fields, old.data.status, now)?;
    if fields.employer_id != old.data.employer_id && rows::is_spoken_of(conn, id)? {
        let text = Text::new(
            "已有人被推荐、介绍到这个岗位或在岗，不能换成另一家企业。请关闭它，为另一家另建岗位。",
            "People were referred or introduced to this posting or work there; it cannot become another employer's. Please close it and make one for the other employer.",
        );
        return Err(FieldError::with_text("/employer_id", FieldCode::Contradicts, text).into());
    }
    if fields.headcount < old.filled {
        return Err(Refusal::HeadcountBelowFilled.into());
    }
    if old.data.status == PostingStatus::Published {
        check_lawful(conn, &data, &fields, today)?;
    }
    rows::update(conn, id, old.version, &data, now)?;
    rows::confirm(conn, &[id], today)?;
    replace_lists(conn, id, &fields, now)?;
    get(conn, keys, id, today)
}

/// Publishes or closes a posting.
///
/// # Errors
/// `Stale`; `Unlawful` when publishing; refused if it has that status already, or is a draft to be closed.
pub fn set_status(
    conn: &mut Connection,
    keys: &Keyring,
    (id, version): (i64, i64),
    status: PostingStatus,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Posting, AppError> {
    let mut row = rows::get(conn, id)?;
    if !row.data.status.may_become(status) {
        return Err(Refusal::WrongStatus.being(row.data.status.label()));
    }
    if status == PostingStatus::Published {
        let posting = get(conn, keys, id, today)?;
        check_lawful(conn, &row.data, &posting.fields, today)?;
    }
    row.data.status = status;
    rows::update(conn, id, version, &row.data, now)?;
    rows::confirm(conn, &[id], today)?;
    get(conn, keys, id, today)
}

/// Notes that the employer says the posting still stands: it stays published for as long again.
///
/// # Errors
/// `NotFound`; refused for one that is not published.
pub fn confirm(conn: &mut Connection, keys: &Keyring, id: i64, today: NaiveDate) -> Result<Posting, AppError> {
    if rows::get(conn, id)?.data.status != PostingStatus::Published {
        return Err(Refusal::PostingNotOpen.into());
    }
    rows::confirm(conn, &[id], today)?;
    get(conn, keys, id, today)
}

/// Copies a posting as a draft: the same terms, open from today, with a place for as many people and no code.
///
/// # Errors
/// `NotFound`.
pub fn copy(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Posting, AppError> {
    let fields = get(conn, keys, id, today)?.fields;
    // Days that are over say nothing about the new one.
    let start_on = fields.start_on.filter(|day| today <= *day);
    let copy = PostingFields { code: None, valid_from: today, valid_until: None, start_on, ..fields };
    create(conn, keys, copy, (now, today))
}

fn columns(
    conn: &mut Connection,
    keys: &Keyring,
    fields: &PostingFields,
    status: PostingStatus,
    now: NaiveDateTime,
) -> Result<PostingData, AppError> {
    employers::check_exists(conn, fields.employer_id, "/employer_id")?;
    let mut faults = Faults::default();
    let reversed = |range: (Option<i64>, Option<i64>)| range.0.zip(range.1).is_some_and(|(min, max)| max < min);
    if reversed((fields.pay_min_fen, fields.pay_max_fen)) {
        faults.add("/pay_max_fen", FieldCode::Contradicts);
    }
    if fields.pay_kind.is_none() && (fields.pay_min_fen.is_some() || fields.pay_max_fen.is_some()) {
        faults.add("/pay_kind", FieldCode::Missing);
    }
    if reversed((fields.age_min, fields.age_max)) {
        faults.add("/age_max", FieldCode::Contradicts);
    }
    if fields.valid_until.is_some_and(|until| until < fields.valid_from) {
        faults.add("/valid_until", FieldCode::EndBeforeStart);
    }
    for (index, (kind, _)) in fields.hazards.iter().flatten().enumerate() {
        if fields.hazards.iter().flatten().take(index).any(|(other, _)| other == kind) {
            faults.add(format!("/hazards/{index}/kind"), FieldCode::Repeated);
        }
    }
    faults.done()?;
    let (skill_id, _) = skills::Names::load(conn)?.resolve(conn, &fields.title, now)?;
    let note = seal_note(keys, SealedColumn::PostingNote, fields.note.as_deref())?;
    Ok(data_of(fields.clone(), status, skill_id, note))
}

/// The columns of what an employer says.
pub(super) fn data_of(
    fields: PostingFields,
    status: PostingStatus,
    skill_id: Option<i64>,
    note: Option<Sealed>,
) -> PostingData {
    PostingData {
        code: fields.code,
        employer_id: fields.employer_id,
        title: fields.title,
        skill_id,
        status,
        channel: fields.channel,
        description: fields.description,
        headcount: fields.headcount,
        pay_kind: fields.pay_kind,
        pay_min_fen: fields.pay_min_fen,
        pay_max_fen: fields.pay_max_fen,
        shift: fields.shift,
        night_work: fields.night_work,
        overtime: fields.overtime,
        physical_grade: fields.physical_grade,
        load_kg: fields.load_kg,
        lifts_per_hour: fields.lifts_per_hour,
        forced_posture: fields.forced_posture,
        underground_mine: fields.underground_mine,
        hazards_known: fields.hazards.is_some(),
        age_min: fields.age_min,
        age_max: fields.age_max,
        age_is_soft: fields.age_is_soft,
        experience_months: fields.experience_months,
        training_days: fields.training_days,
        place: fields.place,
        province: fields.province,
        region: fields.region,
        commute_minutes: fields.commute_minutes,
        special_hours_approval: fields.special_hours_approval,
        start_on: fields.start_on,
        valid_from: fields.valid_from,
        valid_until: fields.valid_until,
        note_cipher: note,
    }
}

fn replace_lists(conn: &mut Connection, id: i64, fields: &PostingFields, now: NaiveDateTime) -> Result<(), AppError> {
    unique(fields.skills.iter().map(|skill| normalise(&skill.name)), |index| format!("/skills/{index}/name"))?;
    unique(fields.certificates.iter().map(|name| normalise(name)), |index| format!("/certificates/{index}"))?;
    let names = skills::Names::load(conn)?;
    let mut asked = Vec::new();
    for skill in &fields.skills {
        let (skill_id, normalised) = names.resolve(conn, &skill.name, now)?;
        asked.push(skill_rows::PostingSkill {
            posting_id: id,
            skill_id,
            name: skill.name.clone(),
            normalised,
            importance: skill.importance,
            level: skill.level,
        });
    }
    skill_rows::replace(conn, &[id], &asked)?;
    let certificate = |name: &String| certificates::PostingCertificate {
        posting_id: id,
        name: name.clone(),
        normalised: normalise(name),
    };
    certificates::replace(conn, &[id], &Vec::from_iter(fields.certificates.iter().map(certificate)))?;
    hours::replace(conn, &[id], &Vec::from_iter(fields.hours.iter().map(|span| hours::PostingHour::new(id, *span))))?;
    let hazard =
        |(kind, grade): &(Hazard, Option<i64>)| hazards::PostingHazard { posting_id: id, kind: *kind, grade: *grade };
    hazards::replace(conn, &[id], &Vec::from_iter(fields.hazards.iter().flatten().map(hazard)))?;
    Ok(())
}

/// Rows with their lists; notes are opened only with the keys.
fn views(
    conn: &mut Connection,
    keys: Option<&Keyring>,
    found: Vec<PostingRow>,
    today: NaiveDate,
) -> Result<Vec<Posting>, AppError> {
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let held = rows::held_of(conn, &ids, today)?;
    let mut spans: HashMap<i64, Vec<Span>> = HashMap::new();
    for row in hours::of(conn, &ids)? {
        spans.entry(row.posting_id).or_default().extend(row.span());
    }
    let mut asked: HashMap<i64, Vec<AskedSkill>> = HashMap::new();
    for row in skill_rows::of(conn, &ids)? {
        let skill = AskedSkill { name: row.name, skill_id: row.skill_id, importance: row.importance, level: row.level };
        asked.entry(row.posting_id).or_default().push(skill);
    }
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for row in certificates::of(conn, &ids)? {
        names.entry(row.posting_id).or_default().push(row.name);
    }
    let mut dangers: HashMap<i64, Vec<(Hazard, Option<i64>)>> = HashMap::new();
    for row in hazards::of(conn, &ids)? {
        dangers.entry(row.posting_id).or_default().push((row.kind, row.grade));
    }
    let view = |row: PostingRow| {
        let id = row.id;
        let filled = held.get(&id).copied().unwrap_or(0);
        let vacancies = row.data.headcount - filled;
        let confirmed_on = row.confirmed_on;
        let data = row.data;
        let note = match keys {
            Some(keys) => open_note(keys, SealedColumn::PostingNote, data.note_cipher.as_ref())?,
            None => None,
        };
        let fields = PostingFields {
            code: data.code,
            employer_id: data.employer_id,
            title: data.title,
            channel: data.channel,
            description: data.description,
            headcount: data.headcount,
            pay_kind: data.pay_kind,
            pay_min_fen: data.pay_min_fen,
            pay_max_fen: data.pay_max_fen,
            shift: data.shift,
            night_work: data.night_work,
            overtime: data.overtime,
            physical_grade: data.physical_grade,
            load_kg: data.load_kg,
            lifts_per_hour: data.lifts_per_hour,
            forced_posture: data.forced_posture,
            underground_mine: data.underground_mine,
            hazards: data.hazards_known.then(|| dangers.remove(&id).unwrap_or_default()),
            age_min: data.age_min,
            age_max: data.age_max,
            age_is_soft: data.age_is_soft,
            experience_months: data.experience_months,
            training_days: data.training_days,
            place: data.place,
            province: data.province,
            region: data.region,
            commute_minutes: data.commute_minutes,
            special_hours_approval: data.special_hours_approval,
            start_on: data.start_on,
            valid_from: data.valid_from,
            valid_until: data.valid_until,
            hours: spans.remove(&id).unwrap_or_default(),
            skills: asked.remove(&id).unwrap_or_default(),
            certificates: names.remove(&id).unwrap_or_default(),
            note,
        };
        Ok(Posting { id, version: row.version, status: data.status, filled, vacancies, confirmed_on, fields })
    };
    found.into_iter().map(view).collect()
}
