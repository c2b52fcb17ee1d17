//! Jobs and their ends → employment spells, linked to postings where a place is free.
//!
//! A row is a known spell if it begins on the same day or names the same employer; otherwise it is another job. A ledger has one
//! job per person: where start and employer both differ from the only current one, the person changed jobs, or the record is
//! corrected ([`successor`]), and a finding says so. Invariants: an end on record is never taken away, a spell never moved to
//! another person, and a posting never gets more spells than places, nor one of another employer, nor any while it is a draft
//! ([`link_to`]).

use std::borrow::Cow;

use chrono::NaiveDate;

use super::changes::{self, Log, label, masked};
use super::notes;
use super::people::{self, RESIDENT, of_list};
use super::work::{Draft, Index, Outcome, SpellDraft, Work};
use super::{employers, job_checks};
use crate::app::error::AppError;
use crate::db::seal::SealedColumn;
use crate::db::spells::SpellData;
use crate::domain::codes::{Channel, PostingStatus};
use crate::domain::resident_id::mask;
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::record::{At, JobWords, PersonRow};
use crate::ledger::{Ledger, key};

/// All rows that speak of jobs: ledgers first, then job and business lists, then ends.
pub fn plan(work: &mut Work<'_>) -> Result<(), AppError> {
    let ledger = work.ledger;
    let mut placed: Vec<Placed<'_>> = Vec::new();
    for row in &ledger.records.people {
        // A row that was not stored has no resident here.
        let Some(&resident) = work.resident_of.get(&row.id).filter(|_| !work.rejected.contains(&row.at)) else {
            continue;
        };
        match &row.job {
            Some(words) => {
                let spell = ledger_job(work, row, resident, words)?;
                placed.extend(spell.map(|spell| Placed::new(row.at, spell, words)))
            }
            None if row.employed == Some(false) && is_at_work(work, resident) => {
                work.find(C::UnemployedOnRecord, row.at, Field::Status)
            }
            None => {}
        }
    }
    for row in &ledger.records.jobs {
        if let Some(resident) = of_list(work, row.at, &row.id, row.name.as_deref()) {
            placed.extend(job(work, row.at, resident, &row.job)?.map(|spell| Placed::new(row.at, spell, &row.job)))
        }
    }
    for row in &ledger.records.idle {
        if let Some(resident) = of_list(work, row.at, &row.id, row.name.as_deref()) {
            let is_changed = people::note(work, resident, row)?;
            work.outcome(row.at, if is_changed { Outcome::Updated } else { Outcome::Unchanged });
            if row.employed == Some(false) && has_active(work, resident) {
                work.find(C::UnemployedOnRecord, row.at, Field::Status);
            }
        }
    }
    for row in &ledger.records.job_ends {
        if let Some(resident) = of_list(work, row.at, &row.id, row.name.as_deref()) {
            end(work, row.at, resident, row.end)
        }
    }
    job_checks::overlaps(work, &placed);
    job_checks::contradictions(work, &placed);
    link(work, &placed);
    Ok(())
}

/// A row of the file and the spell it is.
pub(super) struct Placed<'a> {
    pub at: At,
    pub spell: Index,
    posting_code: Option<&'a str>,
}

impl<'a> Placed<'a> {
    fn new(at: At, spell: Index, words: &'a JobWords) -> Self {
        Self { at, spell, posting_code: words.posting_code.as_deref() }
    }
}

pub(super) fn has_active(work: &Work<'_>, resident: Index) -> bool {
    work.residents[resident].spells.iter().any(|&spell| work.spells[spell].is_active(work.options.as_of))
}

/// Whether a current job counts as employment: who farms is not at work where farming does not count.
fn is_at_work(work: &Work<'_>, resident: Index) -> bool {
    let counts = |spell: &SpellDraft| work.rules.farming_counts || spell.draft.data.channel != Channel::Farming;
    let spells = work.residents[resident].spells.iter().map(|&spell| &work.spells[spell]);
    spells.into_iter().any(|spell| spell.is_active(work.options.as_of) && counts(spell))
}

/// Whether the file tells of the person's jobs in other rows too.
fn has_other_jobs(ledger: &Ledger, row: &PersonRow) -> bool {
    let records = &ledger.records;
    records.jobs.iter().any(|job| job.id == row.id)
        || records.people.iter().any(|other| other.at != row.at && other.id == row.id && other.job.is_some())
}

/// The job of a ledger's row, after the only current one on record has made way for it or become it.
fn ledger_job(
    work: &mut Work<'_>,
    row: &PersonRow,
    resident: Index,
    words: &JobWords,
) -> Result<Option<Index>, AppError> {
    let at = row.at;
    let words = &*completed(work, words);
    if is_overtaken(work, resident, words) {
        work.find(C::JobNewerOnRecord, at, Field::StartOn);
        work.outcome(at, Outcome::Unchanged);
        return Ok(None);
    }
    let before = successor(work, resident, words).filter(|_| !has_other_jobs(work.ledger, row));
    match before {
        Some((spell, Succession::Change(start))) => {
            work.find(C::JobChanged, at, Field::Employer);
            // The first day out of the old job: the new one begins.
            let mut log = Log::default();
            log.set(label("结束时间", "end"), &mut work.spells[spell].draft.data.end_on, Some(start), changes::date);
            work.spells[spell].draft.dirty = true;
            let key = mask(work.residents[resident].id.as_str());
            work.tell(at, RESIDENT, &key, log);
            job(work, at, resident, words)
        }
        Some((spell, Succession::Correction)) => {
            work.find(C::JobCorrected, at, Field::Employer);
            record(work, at, resident, words, Some(spell))
        }
        None => job(work, at, resident, words),
    }
}

/// Whether a job that goes on, and is none on record, is told by a ledger older than a job on record: what the record knows later stands.
fn is_overtaken(work: &Work<'_>, resident: Index, words: &JobWords) -> bool {
    let begun_later = |&spell: &Index| {
        let draft = &work.spells[spell].draft;
        !draft.is_new() && draft.data.start_on.is_some_and(|start| start > work.options.as_of)
    };
    words.end.is_none()
        && work.residents[resident].spells.iter().any(begun_later)
        && known(work, resident, words).is_none_or(|spell| begun_later(&spell))
}

/// What a row with another start and another employer is to the current job on record.
enum Succession {
    /// A later job, from this day on.
    Change(NaiveDate),
    /// The same job, recorded wrongly.
    Correction,
}

/// The only current job on record, if the row differs from it in start and employer, both known, and neither is part-time or
/// has an end: two such jobs at once are hardly meant.
fn successor(work: &Work<'_>, resident: Index, words: &JobWords) -> Option<(Index, Succession)> {
    let (start, employer) = (words.start?, words.employer.as_deref().map(key)?);
    if words.end.is_some() || words.part_time == Some(true) || known(work, resident, words).is_some() {
        return None;
    }
    let spells = work.residents[resident].spells.iter().copied();
    let open: Vec<Index> = spells.filter(|&spell| work.spells[spell].draft.data.end_on.is_none()).collect();
    let [spell] = open[..] else { return None };
    let draft = &work.spells[spell];
    let old_start = draft.draft.data.start_on?;
    if draft.draft.is_new() || draft.draft.data.part_time || employer_key(work, draft)? == employer {
        return None;
    }
    Some((spell, if start > old_start { Succession::Change(start) } else { Succession::Correction }))
}

/// A row that says "employed" and nothing else. A posting code says more, unless nobody knows it.
fn is_status_only(work: &Work<'_>, words: &JobWords) -> bool {
    let code = words.posting_code.as_deref().filter(|code| work.posting_of_code.contains_key(*code));
    words.employer.is_none() && words.title.is_none() && words.start.is_none() && code.is_none()
}

/// A row that names its posting by code only says with it who employs, and as what.
fn completed<'a>(work: &Work<'_>, words: &'a JobWords) -> Cow<'a, JobWords> {
    let posting = words.posting_code.as_deref().and_then(|code| work.posting_of_code.get(code));
    let Some(posting) = posting.filter(|_| words.employer.is_none()).map(|posting| &work.postings[*posting]) else {
        return Cow::Borrowed(words);
    };
    Cow::Owned(JobWords {
        employer: Some(work.employers[posting.employer].data.name.clone()),
        title: words.title.clone().or_else(|| Some(posting.draft.data.title.clone())),
        ..words.clone()
    })
}

/// The spell of a row, made if it is not on record; `None` if there is none to make.
fn job(work: &mut Work<'_>, at: At, resident: Index, words: &JobWords) -> Result<Option<Index>, AppError> {
    let words = &*completed(work, words);
    let known = known(work, resident, words);
    record(work, at, resident, words, known)
}

/// [`job`], where it is known which spell on record the row is.
fn record(
    work: &mut Work<'_>,
    at: At,
    resident: Index,
    words: &JobWords,
    known: Option<Index>,
) -> Result<Option<Index>, AppError> {
    let spell = match known {
        Some(spell) => {
            let log = update(work, spell, words)?;
            if log.is_empty() {
                work.outcome(at, Outcome::Unchanged);
            } else {
                let is_new = work.spells[spell].draft.is_new();
                work.spells[spell].draft.dirty = true;
                work.outcome(at, if is_new { Outcome::Created } else { Outcome::Updated });
                if !is_new {
                    let key = mask(work.residents[resident].id.as_str());
                    work.tell(at, RESIDENT, &key, log);
                }
            }
            spell
        }
        None if is_status_only(work, words) && !work.residents[resident].spells.is_empty() => {
            work.outcome(at, Outcome::Unchanged);
            work.find(C::EmployedOnRecordEnded, at, Field::Status);
            return Ok(None);
        }
        None => {
            work.outcome(at, Outcome::Created);
            add(work, resident, words)?
        }
    };
    let data = &work.spells[spell].draft.data;
    if data.start_on.is_none() {
        let nothing_known =
            data.job_title.is_none() && data.employer_name.is_none() && work.spells[spell].employer.is_none();
        let (code, field) =
            if nothing_known { (C::StatusWithoutJob, Field::Status) } else { (C::StartMissing, Field::StartOn) };
        work.find(code, at, field);
    }
    work.spells[spell].taken = true;
    Ok(Some(spell))
}

pub(super) fn employer_key(work: &Work<'_>, spell: &SpellDraft) -> Option<String> {
    let listed = spell.employer.map(|employer| work.employers[employer].data.name.as_str());
    listed.or(spell.draft.data.employer_name.as_deref()).map(key)
}

/// The spell a row speaks of: the best of those that fit at all.
fn known(work: &Work<'_>, resident: Index, words: &JobWords) -> Option<Index> {
    let as_of = work.options.as_of;
    let status_only = is_status_only(work, words);
    let score = |spell: &SpellDraft| -> u8 {
        let data = &spell.draft.data;
        if status_only {
            return u8::from(spell.is_active(as_of)) * 5;
        }
        let stored_employer = employer_key(work, spell);
        let same_employer = stored_employer == words.employer.as_deref().map(key);
        let same_start = data.start_on.is_some() && data.start_on == words.start;
        let same_title = data.job_title.as_deref().map(key) == words.title.as_deref().map(key);
        let goes_on = data.end_on == words.end || spell.holds_place(as_of);
        match (same_start, same_employer) {
            (true, true) => 6,
            _ if spell.taken => 0,
            (false, true) if same_title && goes_on => 4,
            (true, false) => 3,
            // Known by its status only until now.
            _ if stored_employer.is_none() && data.job_title.is_none() && data.start_on.is_none() && goes_on => 2,
            _ => 0,
        }
    };
    let spells = work.residents[resident].spells.iter().copied();
    // The first of the best: `max_by_key` gives the last.
    spells
        .rev()
        .map(|spell| (score(&work.spells[spell]), spell))
        .filter(|(score, _)| *score > 0)
        .max_by_key(|(score, _)| *score)
        .map(|(_, spell)| spell)
}

fn add(work: &mut Work<'_>, resident: Index, words: &JobWords) -> Result<Index, AppError> {
    let employer = words.employer.as_deref().and_then(|name| employers::of_job(work, name, words.channel));
    let channel = match employer {
        Some(employer) if !words.channel_given => employers::channel_of(work.employers[employer].data.kind),
        _ => words.channel,
    };
    let mut note = None;
    notes::add(work.keys, SealedColumn::SpellNote, &mut note, words.note.as_deref())?;
    let data = SpellData {
        resident_id: 0,
        employer_id: None,
        posting_id: None,
        channel,
        employer_name: words.employer.clone().filter(|_| employer.is_none()),
        job_title: words.title.clone(),
        skill_id: words.title.as_deref().and_then(|title| work.skill_row(title)),
        region: words.region,
        place: words.place.clone(),
        start_on: words.start,
        counted_from: words.start.unwrap_or(work.options.as_of),
        end_on: words.end,
        monthly_income: words.income,
        part_time: words.part_time.unwrap_or(false),
        contract_until: words.contract_until,
        evidence: words.evidence.clone(),
        verified_on: words.verified_on,
        note_cipher: note,
    };
    let index = work.spells.len();
    work.spells.push(SpellDraft {
        draft: Draft::new(data),
        resident,
        employer,
        posting: None,
        held: false,
        taken: false,
    });
    work.residents[resident].spells.push(index);
    Ok(index)
}

fn update(work: &mut Work<'_>, spell: Index, words: &JobWords) -> Result<Log, AppError> {
    let mut log = Log::default();
    if let Some(name) = &words.employer
        && employer_key(work, &work.spells[spell]) != Some(key(name))
    {
        let before = &work.spells[spell];
        let before = before.employer.map(|employer| &work.employers[employer].data.name).or(before
            .draft
            .data
            .employer_name
            .as_ref());
        log.show(label("就业单位", "employer"), before.map(changes::open), Some(changes::open(name)));
        let employer = employers::of_job(work, name, words.channel);
        let draft = &mut work.spells[spell];
        draft.employer = employer;
        draft.draft.data.employer_name = employer.is_none().then(|| name.clone());
    }
    let skill = words.title.as_deref().and_then(|title| work.skill_row(title));
    let keys = work.keys;
    let data = &mut work.spells[spell].draft.data;
    if words.channel_given {
        log.put(label("就业渠道", "channel"), &mut data.channel, Some(words.channel), changes::coded!());
    }
    let title = data.job_title.clone();
    log.set(label("就业岗位", "job title"), &mut data.job_title, words.title.clone(), changes::open);
    if data.job_title != title {
        data.skill_id = skill;
    }
    log.set(label("就业地域", "region"), &mut data.region, words.region, changes::coded!());
    log.set(label("就业地址", "place"), &mut data.place, words.place.clone(), changes::open);
    log.set(label("起始时间", "start"), &mut data.start_on, words.start, changes::date);
    data.counted_from = data.start_on.unwrap_or(data.counted_from);
    log.set(label("结束时间", "end"), &mut data.end_on, words.end, changes::date);
    log.set(label("月收入", "monthly income"), &mut data.monthly_income, words.income, changes::number);
    log.set(label("合同到期日", "contract until"), &mut data.contract_until, words.contract_until, changes::date);
    log.set(label("佐证材料", "evidence"), &mut data.evidence, words.evidence.clone(), masked);
    log.set(label("核实日期", "verified on"), &mut data.verified_on, words.verified_on, changes::date);
    log.put(label("是否兼职", "part-time"), &mut data.part_time, words.part_time, changes::yes_no);
    let had_note = data.note_cipher.is_some();
    if notes::add(keys, SealedColumn::SpellNote, &mut data.note_cipher, words.note.as_deref())? {
        log.hide(label("备注", "note"), had_note, true);
    }
    Ok(log)
}

/// A row of the sheet of ends closes the one job that goes on.
fn end(work: &mut Work<'_>, at: At, resident: Index, end: NaiveDate) {
    let spells = work.residents[resident].spells.clone();
    let open: Vec<Index> =
        spells.iter().copied().filter(|&spell| work.spells[spell].draft.data.end_on.is_none()).collect();
    let done = spells.iter().any(|&spell| work.spells[spell].draft.data.end_on == Some(end));
    match open[..] {
        _ if done => work.outcome(at, Outcome::Unchanged),
        [] => {
            work.outcome(at, Outcome::Unchanged);
            work.find(C::NoOpenSpell, at, Field::IdNumber);
        }
        [spell] => {
            let data = &mut work.spells[spell].draft.data;
            if data.start_on.is_some_and(|start| end < start) {
                work.find(C::EndBeforeStart, at, Field::EndOn);
                return;
            }
            let mut log = Log::default();
            log.set(label("结束时间", "end"), &mut data.end_on, Some(end), changes::date);
            work.spells[spell].draft.dirty = true;
            work.outcome(at, Outcome::Updated);
            let key = mask(work.residents[resident].id.as_str());
            work.tell(at, RESIDENT, &key, log);
        }
        _ => work.find(C::EndAmbiguous, at, Field::IdNumber),
    }
    if end > work.options.as_of && !work.rejected.contains(&at) {
        work.find(C::EndInFuture, at, Field::EndOn);
    }
}

/// Gives spells of the file their places, in file order: those of ended spells are free again first.
fn link(work: &mut Work<'_>, placed: &[Placed<'_>]) {
    recount(work);
    let on = work.options.places_on();
    for &Placed { at, spell, posting_code } in placed {
        let draft = &work.spells[spell];
        if !draft.holds_place(on) {
            continue;
        }
        if let Some(posting) = draft.posting {
            if !draft.held {
                go_on(work, at, spell, posting);
            }
            continue;
        }
        let title = draft.draft.data.job_title.as_deref();
        let posting = match link_to(work, posting_code, draft.employer, title) {
            Link::To(posting) => posting,
            Link::None => continue,
            Link::Refused(code, field) => {
                work.find(code, at, field);
                continue;
            }
        };
        if work.postings[posting].filled >= work.postings[posting].draft.data.headcount {
            work.find(C::PostingFull, at, Field::JobTitle);
            continue;
        }
        work.postings[posting].filled += 1;
        work.spells[spell].posting = Some(posting);
        if !work.spells[spell].draft.is_new() {
            work.spells[spell].draft.dirty = true;
            work.outcome(at, Outcome::Updated);
            let mut log = Log::default();
            let title = &work.postings[posting].draft.data.title;
            log.show(label("关联岗位", "linked posting"), None, Some(changes::open(title)));
            let key = mask(work.residents[work.spells[spell].resident].id.as_str());
            work.tell(at, RESIDENT, &key, log);
        }
    }
}

/// A job that was over and goes on by this file takes its place again, or loses the link if somebody else has it now.
fn go_on(work: &mut Work<'_>, at: At, spell: Index, posting: Index) {
    if work.postings[posting].filled < work.postings[posting].draft.data.headcount {
        work.postings[posting].filled += 1;
        work.spells[spell].held = true;
    } else {
        work.spells[spell].posting = None;
        work.find(C::PostingFull, at, Field::JobTitle);
    }
}

/// Takes the places of stored spells that this file ends off the postings' counts.
fn recount(work: &mut Work<'_>) {
    let on = work.options.places_on();
    for spell in &work.spells {
        if let Some(posting) = spell.posting.filter(|_| spell.held && !spell.holds_place(on)) {
            let filled = &mut work.postings[posting].filled;
            *filled = (*filled - 1).max(0);
        }
    }
}

/// The posting a job belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    To(Index),
    None,
    /// Why not, and by which column.
    Refused(C, Field),
}

/// The posting of a job: by its code, else the only one of the employer with the title. In every case it is the same
/// employer's, and no draft: drafts have no workers.
pub fn link_to(work: &Work<'_>, code: Option<&str>, employer: Option<Index>, title: Option<&str>) -> Link {
    let is_draft = |posting: Index| work.postings[posting].draft.data.status == PostingStatus::Draft;
    let is_employers = |posting: Index| Some(work.postings[posting].employer) == employer;
    if let Some(code) = code {
        return match work.posting_of_code.get(code).copied() {
            None => Link::Refused(C::PostingUnknown, Field::PostingCode),
            Some(posting) if !is_employers(posting) => Link::Refused(C::PostingOtherEmployer, Field::PostingCode),
            Some(posting) if is_draft(posting) => Link::Refused(C::PostingIsDraft, Field::PostingCode),
            Some(posting) => Link::To(posting),
        };
    }
    let named = employer.zip(title).and_then(|(employer, title)| work.postings_of_title.get(&(employer, key(title))));
    let open: Vec<Index> =
        named.into_iter().flatten().copied().filter(|&posting| is_employers(posting) && !is_draft(posting)).collect();
    match open[..] {
        [] => Link::None,
        [only] => Link::To(only),
        _ => Link::Refused(C::PostingAmbiguous, Field::JobTitle),
    }
}
