//! Employment spells: recording, correcting and ending jobs. Everything about coverage follows from them.
//!
//! Invariant: a resident holds one job at a time unless all that overlap are part-time; a spell that names a posting holds one
//! of its places, counted again in the same transaction, so a posting is never over-filled.

use chrono::{NaiveDate, NaiveDateTime};

use super::error::{AppError, Faults, FieldCode, FieldError, Refusal};
use super::referrals;
use super::steps::{By, check_reason};
use super::{Connection, Moment, Page, Record, employers, open_note, seal_note, settings, skills};
use crate::db::posting_lists::hours;
use crate::db::seal::SealedColumn;
pub use crate::db::spells::SpellFilter;
use crate::db::spells::{self as rows, SpellData, SpellRow};
use crate::db::{DbError, Keyring, postings, residents};
use crate::domain::codes::{Channel, PostingStatus, Region};
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::domain::text::Text;
use crate::domain::week::{Span, WeekHours};

/// What a caller says of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpellFields {
    pub employer_id: Option<i64>,
    pub posting_id: Option<i64>,
    pub channel: Channel,
    pub employer_name: Option<String>,
    pub job_title: Option<String>,
    pub region: Option<Region>,
    pub place: Option<String>,
    /// `None` = not known; the spell then counts from the day it is recorded.
    pub start_on: Option<NaiveDate>,
    /// First day out of the job.
    pub end_on: Option<NaiveDate>,
    /// Yuan.
    pub monthly_income: Option<i64>,
    pub part_time: bool,
    pub contract_until: Option<NaiveDate>,
    pub evidence: Option<String>,
    pub verified_on: Option<NaiveDate>,
    pub note: Option<String>,
}

/// A spell as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    pub resident_id: i64,
    /// First day that counts.
    pub counted_from: NaiveDate,
    pub fields: SpellFields,
}

/// A page of spells; their notes stay closed.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, filter: &SpellFilter, page: Page) -> Result<Vec<Record<Spell>>, AppError> {
    Ok(rows::page(conn, filter, page)?.into_iter().map(|row| view(row, None)).collect())
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, keys: &Keyring, id: i64) -> Result<Record<Spell>, AppError> {
    let row = rows::get(conn, id)?;
    let note = open_note(keys, SealedColumn::SpellNote, row.data.note_cipher.as_ref())?;
    Ok(view(row, note))
}

fn view(row: SpellRow, note: Option<String>) -> Record<Spell> {
    let data = row.data;
    let fields = SpellFields {
        employer_id: data.employer_id,
        posting_id: data.posting_id,
        channel: data.channel,
        employer_name: data.employer_name,
        job_title: data.job_title,
        region: data.region,
        place: data.place,
        start_on: data.start_on,
        end_on: data.end_on,
        monthly_income: data.monthly_income,
        part_time: data.part_time,
        contract_until: data.contract_until,
        evidence: data.evidence,
        verified_on: data.verified_on,
        note,
    };
    let spell = Spell { resident_id: data.resident_id, counted_from: data.counted_from, fields };
    Record { id: row.id, version: row.version, fields: spell }
}

/// Records a job. One that lasts makes the resident's open referrals obsolete.
///
/// # Errors
/// `NotFound` for the resident; `Invalid`, also for a posting the law bars the person from; refused if the posting is full or not open, or
/// another job overlaps.
pub fn create(
    conn: &mut Connection,
    keys: &Keyring,
    resident_id: i64,
    fields: SpellFields,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Record<Spell>, AppError> {
    let runs = fields.start_on.is_none_or(|start| start <= today) && fields.end_on.is_none_or(|end| today < end);
    if let Some(posting) = fields.posting_id.filter(|_| runs) {
        // A job in a posting of the service's is the service's to answer for, however it came about.
        referrals::lawful(conn, (resident_id, posting), today)?;
    }
    let spell = begin(conn, keys, resident_id, fields, (now, today))?;
    follow_beginning(conn, spell.id, (now, today))?;
    Ok(spell)
}

/// A job that lasts and fills the person's time makes what else was open obsolete.
fn follow_beginning(conn: &mut Connection, id: i64, (now, today): Moment) -> Result<(), AppError> {
    let job = rows::get(conn, id)?.data;
    let lasts = job.end_on.is_none_or(|end| today < end);
    if lasts && referrals::is_at_work(&job, &settings::coverage_rules(conn, today)?) {
        referrals::job_began(conn, job.resident_id, None, (now, today))?;
    }
    Ok(())
}

/// [`create`], and nothing of what follows from it.
pub(super) fn begin(
    conn: &mut Connection,
    keys: &Keyring,
    resident_id: i64,
    fields: SpellFields,
    (now, today): (NaiveDateTime, NaiveDate),
) -> Result<Record<Spell>, AppError> {
    residents::get(conn, resident_id)?;
    check(conn, &fields, today)?;
    if let Some(posting) = fields.posting_id {
        check_published(conn, posting)?;
    }
    let posting = fields.posting_id;
    let mut data = columns(keys, resident_id, today, fields)?;
    data.skill_id = occupation(conn, &data, now)?;
    check_overlap(conn, None, &data)?;
    let id = rows::insert(conn, &data, now)?;
    postings::recount_filled(conn, &Vec::from_iter(posting), today, now)?;
    get(conn, keys, id)
}

/// Corrects a job that still has this version.
///
/// # Errors
/// As for [`create`]; `Stale`.
pub fn update(
    conn: &mut Connection,
    keys: &Keyring,
    (id, version): (i64, i64),
    fields: SpellFields,
    ((now, today), by): (Moment, By),
) -> Result<Record<Spell>, AppError> {
    let old = rows::get(conn, id)?.data;
    check(conn, &fields, today)?;
    check_referral(conn, id, &old, &fields, today)?;
    if let Some(posting) = fields.posting_id.filter(|posting| Some(*posting) != old.posting_id) {
        check_published(conn, posting)?;
    }
    let posting = fields.posting_id;
    let mut data = columns(keys, old.resident_id, old.counted_from, fields)?;
    data.skill_id = if data.job_title == old.job_title { old.skill_id } else { occupation(conn, &data, now)? };
    let is_when = |data: &SpellData| (data.counted_from, data.end_on, data.part_time, data.posting_id, data.channel);
    if is_when(&data) != is_when(&old) {
        check_overlap(conn, Some(id), &data)?;
    }
    rows::update(conn, id, version, &data, now)?;
    let mut touched = Vec::from_iter(old.posting_id.into_iter().chain(posting));
    touched.dedup();
    postings::recount_filled(conn, &touched, today, now)?;
    if data.end_on.is_some_and(|end| end <= today) {
        referrals::job_ended(conn, id, ReferralReason::Other, (now, today), by)?;
    } else if old.end_on.is_some() {
        follow_beginning(conn, id, (now, today))?;
    }
    get(conn, keys, id)
}

/// Ends a job: `on` is the first day out of it. Its place becomes free, and the referral it came of ends with the reason.
///
/// # Errors
/// `NotFound`; refused if it has ended; `Invalid` before its start, without a reason where a referral ends today, and with one where none
/// does.
pub fn end(
    conn: &mut Connection,
    keys: &Keyring,
    id: i64,
    (on, reason): (NaiveDate, Option<ReferralReason>),
    (moment, by): (Moment, By),
) -> Result<Record<Spell>, AppError> {
    finish(conn, id, (on, "/on"), moment)?;
    // One that ends later ends its referral then: the daily job sees to it.
    let ends_referral = on <= moment.1 && referrals::start_reported_on(conn, id)?.is_some();
    let mut faults = Faults::default();
    if ends_referral || reason.is_some() {
        check_reason(&mut faults, reason, ends_referral, |reason| reason.serves(ReferralState::Ended));
    }
    faults.done()?;
    if let Some(reason) = reason.filter(|_| ends_referral) {
        referrals::job_ended(conn, id, reason, moment, by)?;
    }
    get(conn, keys, id)
}

/// The reasons one of which the end of a job needs: those a referral ends with, where the job came of one; none for any other job.
///
/// # Errors
/// If the database fails.
pub fn reasons_to_end(conn: &mut Connection, id: i64) -> Result<Vec<ReferralReason>, AppError> {
    let is_of_referral = referrals::start_reported_on(conn, id)?.is_some();
    Ok(if is_of_referral { ReferralReason::of(ReferralState::Ended).collect() } else { Vec::new() })
}

fn check_published(conn: &mut Connection, posting: i64) -> Result<(), AppError> {
    match postings::get(conn, posting)?.data.status {
        PostingStatus::Published => Ok(()),
        _ => Err(Refusal::PostingNotOpen.into()),
    }
}

/// A job that a referral brought about is corrected within what the referral says: employer and posting are its own, and the first day lies
/// between the introduction and today. Whoever has the job somewhere else has left this one.
fn check_referral(
    conn: &mut Connection,
    id: i64,
    old: &SpellData,
    fields: &SpellFields,
    today: NaiveDate,
) -> Result<(), AppError> {
    if referrals::start_reported_on(conn, id)?.is_none() {
        return Ok(());
    }
    let mut faults = Faults::default();
    for (pointer, before, now) in
        [("/posting_id", old.posting_id, fields.posting_id), ("/employer_id", old.employer_id, fields.employer_id)]
    {
        if before != now {
            let text = Text::new(
                "这份工作是推荐来的，单位和岗位以推荐为准。换了地方请登记离岗，再登记新的工作。",
                "A referral brought this job about: employer and posting are the referral's. If the person works elsewhere, end this job and record the other one.",
            );
            faults.push(FieldError::with_text(pointer, FieldCode::Contradicts, text));
        }
    }
    let start = fields.start_on.filter(|start| *start != old.counted_from);
    if start.is_some_and(|start| start > today) {
        faults.add("/start_on", FieldCode::InTheFuture);
    } else if let (Some(start), Some(told)) = (start, referrals::told_on(conn, id)?)
        && start < told
    {
        faults.push(referrals::before_told("/start_on", told));
    }
    faults.done()
}

/// [`end`], and nothing of what follows from it; the day is at a pointer of the request.
pub(super) fn finish(
    conn: &mut Connection,
    id: i64,
    (on, pointer): (NaiveDate, &str),
    (now, today): Moment,
) -> Result<(), AppError> {
    let row = rows::get(conn, id)?;
    let mut data = row.data;
    if data.end_on.is_some() {
        return Err(Refusal::SpellEnded.into());
    }
    if on < data.counted_from {
        return Err(ends_before(pointer, data.counted_from).into());
    }
    data.end_on = Some(on);
    rows::update(conn, id, row.version, &data, now)?;
    Ok(postings::recount_filled(conn, &Vec::from_iter(data.posting_id), today, now)?)
}

/// A job cannot end before the day it counts from.
fn ends_before(pointer: &str, start: NaiveDate) -> FieldError {
    let text = Text::new(
        format!("离岗日期早于上岗日期 {start}。请填写 {start} 或以后的日期。"),
        format!("The job cannot end before it began on {start}. Please give {start} or a later day."),
    );
    FieldError::with_text(pointer, FieldCode::EndBeforeStart, text)
}

fn check(conn: &mut Connection, fields: &SpellFields, today: NaiveDate) -> Result<(), AppError> {
    if let Some(employer) = fields.employer_id {
        employers::check_exists(conn, employer, "/employer_id")?;
    }
    let mut faults = Faults::default();
    if let Some(posting) = fields.posting_id {
        match postings::get(conn, posting) {
            Ok(posting) if fields.employer_id.is_some_and(|employer| employer != posting.data.employer_id) => {
                faults.add("/posting_id", FieldCode::Contradicts);
            }
            Ok(_) => {}
            Err(DbError::NotFound(_)) => faults.add("/posting_id", FieldCode::NoSuchRecord),
            Err(error) => return Err(error.into()),
        }
    }
    if let Some((start, _)) = fields.start_on.zip(fields.end_on).filter(|(start, end)| end < start) {
        faults.push(ends_before("/end_on", start));
    }
    if fields.verified_on.is_some_and(|day| day > today) {
        faults.add("/verified_on", FieldCode::InTheFuture);
    }
    faults.done()
}

fn columns(
    keys: &Keyring,
    resident_id: i64,
    counted_from: NaiveDate,
    fields: SpellFields,
) -> Result<SpellData, AppError> {
    let counted_from = fields.start_on.unwrap_or(counted_from);
    if fields.end_on.is_some_and(|end| end < counted_from) {
        return Err(ends_before("/end_on", counted_from).into());
    }
    Ok(SpellData {
        resident_id,
        employer_id: fields.employer_id,
        posting_id: fields.posting_id,
        channel: fields.channel,
        employer_name: fields.employer_name,
        job_title: fields.job_title,
        skill_id: None,
        region: fields.region,
        place: fields.place,
        start_on: fields.start_on,
        counted_from,
        end_on: fields.end_on,
        monthly_income: fields.monthly_income,
        part_time: fields.part_time,
        contract_until: fields.contract_until,
        evidence: fields.evidence,
        verified_on: fields.verified_on,
        note_cipher: seal_note(keys, SealedColumn::SpellNote, fields.note.as_deref())?,
    })
}

/// What the job title means in the vocabulary.
fn occupation(conn: &mut Connection, data: &SpellData, now: NaiveDateTime) -> Result<Option<i64>, AppError> {
    match &data.job_title {
        Some(title) => Ok(skills::Names::load(conn)?.resolve(conn, title, now)?.0),
        None => Ok(None),
    }
}

/// Two jobs overlap if some day is in both. Farming goes beside any job; both part-time is allowed unless their postings give hours that
/// meet.
fn check_overlap(conn: &mut Connection, itself: Option<i64>, new: &SpellData) -> Result<(), AppError> {
    let meets = |row: &SpellRow| {
        let old = &row.data;
        Some(row.id) != itself
            && ![old.channel, new.channel].contains(&Channel::Farming)
            && new.end_on.is_none_or(|end| old.counted_from < end)
            && old.end_on.is_none_or(|end| new.counted_from < end)
            // An empty spell, ended on its first day, has no day in common with anything.
            && new.end_on != Some(new.counted_from)
            && old.end_on != Some(old.counted_from)
    };
    let others = rows::of_residents(conn, &[new.resident_id])?;
    for other in others.iter().filter(|row| meets(row)) {
        if !(other.data.part_time && new.part_time) {
            return Err(Refusal::SpellOverlaps.because(named(other)));
        }
        if week(conn, other.data.posting_id)?.overlaps(&week(conn, new.posting_id)?) {
            return Err(Refusal::HoursOverlap.because(named(other)));
        }
    }
    Ok(())
}

/// A job by its number and days.
fn named(SpellRow { id, data, .. }: &SpellRow) -> Text {
    let from = data.counted_from;
    match data.end_on {
        Some(end) => Text::new(
            format!("另一份工作：#{id}，{from} 至 {end}。"),
            format!("The other job: #{id}, from {from} until {end}."),
        ),
        None => Text::new(format!("另一份工作：#{id}，{from} 起。"), format!("The other job: #{id}, since {from}.")),
    }
}

/// The hours of work a job's posting gives; none where it gives none.
pub(super) fn week(conn: &mut Connection, posting: Option<i64>) -> Result<WeekHours, AppError> {
    let Some(posting) = posting else { return Ok(WeekHours::default()) };
    let spans: Vec<Span> = hours::of(conn, &[posting])?.iter().filter_map(hours::PostingHour::span).collect();
    Ok(WeekHours::of(&spans))
}
