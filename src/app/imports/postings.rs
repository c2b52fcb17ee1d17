//! Posting rows → postings, with what the law says about them.
//!
//! Known by code, else by employer and title. Invariant: a posting with a blocking finding is a draft, whatever it was before;
//! the headcount never falls below the places taken.

use std::collections::HashMap;

use super::changes::{self, Log, label};
use super::work::{Draft, Index, Outcome, PostingDraft, Work};
use super::{employers, people};
use crate::app::error::AppError;
use crate::app::numbers::{to_u8, to_u16, to_u32};
use crate::db::posting_lists::certificates::{self, PostingCertificate};
use crate::db::posting_lists::hazards::{self, PostingHazard};
use crate::db::posting_lists::hours::{self, PostingHour};
use crate::db::posting_lists::skills::{self, PostingSkill};
use crate::db::postings::PostingData;
use crate::db::seal::SealedColumn;
use crate::db::{AnyConnection, DbError, DbResult, spells};
use crate::domain::codes::{Hazard, Importance, PostingStatus};
use crate::domain::posting_law::{LawFinding, LawLevel, LawRule, PostingFacts, PostingField, check};
use crate::domain::text::{Label, Text};
use crate::domain::work_limits::WorkFacts;
use crate::engine::normalise::normalise;
use crate::ledger::field::Field;
use crate::ledger::finding::FindingCode as C;
use crate::ledger::key;
use crate::ledger::record::{At, PostingRow};

const POSTING: Label = label("岗位", "posting");

/// The lists of one posting; `None` = as stored.
#[derive(Debug, Default)]
pub struct PostingLists {
    pub stored: Rows,
    pub new: Rows,
    pub dirty: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub hours: Vec<PostingHour>,
    pub skills: Vec<PostingSkill>,
    pub certificates: Vec<PostingCertificate>,
    pub hazards: Vec<PostingHazard>,
}

impl PostingLists {
    pub fn load(conn: &mut AnyConnection, work: &mut Work<'_>, of: &HashMap<i64, Index>) -> DbResult<()> {
        let mut ids: Vec<i64> = of.keys().copied().collect();
        ids.sort_unstable();
        macro_rules! fill {
            ($module:ident) => {
                for row in $module::of(conn, &ids)? {
                    if let Some(&posting) = of.get(&row.posting_id) {
                        work.postings[posting].lists.stored.$module.push(row);
                    }
                }
            };
        }
        fill!(hours);
        fill!(skills);
        fill!(certificates);
        fill!(hazards);
        Ok(())
    }
}

/// Adds a posting to the unit of work and to its look-ups.
pub fn register(work: &mut Work<'_>, posting: PostingDraft) -> Index {
    let index = work.postings.len();
    if let Some(code) = &posting.draft.data.code {
        work.posting_of_code.insert(code.clone(), index);
    }
    let title = (posting.employer, key(&posting.draft.data.title));
    work.postings_of_title.entry(title).or_default().push(index);
    work.postings.push(posting);
    index
}

pub fn plan(work: &mut Work<'_>) -> Result<(), AppError> {
    let ledger = work.ledger;
    for row in &ledger.records.postings {
        // Planned by `employers::plan` just before.
        let Some(employer) = employers::of_posting(work, row) else { continue };
        let known = known(work, row, employer);
        if below_filled(work, row) {
            work.find(C::HeadcountBelowFilled, row.at, Field::Headcount);
            continue;
        }
        let posting = known.unwrap_or_else(|| add(work, row, employer));
        let is_new = known.is_none();
        let mut log = columns(work, row, posting)?;
        lists(work, row, posting, &mut log);
        status(work, row, posting, is_new, &mut log);
        let outcome = match (is_new, log.is_empty()) {
            (true, _) => Outcome::Created,
            (false, true) => Outcome::Unchanged,
            (false, false) => Outcome::Updated,
        };
        work.outcome(row.at, outcome);
        if outcome == Outcome::Updated {
            work.postings[posting].draft.dirty = true;
            let name = row.code.clone().unwrap_or_else(|| row.title.clone());
            work.tell(row.at, POSTING, &name, log);
        }
    }
    Ok(())
}

/// Whether the row would leave a posting on record with fewer places than are taken.
pub fn below_filled(work: &Work<'_>, row: &PostingRow) -> bool {
    let posting = employers::of_posting(work, row).and_then(|employer| known(work, row, employer));
    posting.is_some_and(|posting| row.headcount < work.postings[posting].filled)
}

fn known(work: &Work<'_>, row: &PostingRow, employer: Index) -> Option<Index> {
    if let Some(code) = &row.code {
        return work.posting_of_code.get(code).copied();
    }
    work.postings_of_title.get(&(employer, key(&row.title)))?.first().copied()
}

fn add(work: &mut Work<'_>, row: &PostingRow, employer: Index) -> Index {
    let data = PostingData {
        code: row.code.clone(),
        employer_id: 0,
        title: row.title.clone(),
        skill_id: None,
        status: PostingStatus::Published,
        channel: row.channel.unwrap_or_else(|| employers::channel_of(work.employers[employer].data.kind)),
        description: None,
        headcount: row.headcount,
        pay_kind: None,
        pay_min_fen: None,
        pay_max_fen: None,
        shift: None,
        night_work: None,
        overtime: None,
        physical_grade: None,
        load_kg: None,
        lifts_per_hour: None,
        forced_posture: None,
        underground_mine: None,
        hazards_known: false,
        age_min: None,
        age_max: None,
        age_is_soft: false,
        experience_months: None,
        training_days: None,
        place: None,
        province: None,
        region: None,
        commute_minutes: None,
        special_hours_approval: None,
        start_on: None,
        valid_from: row.valid_from.unwrap_or(work.options.as_of),
        valid_until: None,
        note_cipher: None,
    };
    register(work, PostingDraft { draft: Draft::new(data), employer, filled: 0, lists: PostingLists::default() })
}

fn columns(work: &mut Work<'_>, row: &PostingRow, posting: Index) -> Result<Log, AppError> {
    let mut log = Log::default();
    let skill = row.occupation.as_deref().and_then(|name| work.skill_row(name)).or_else(|| work.skill_row(&row.title));
    let keys = work.keys;
    let data = &mut work.postings[posting].draft.data;
    // A meaning that the vocabulary has learnt, or a person has mapped, is not a change of the list.
    if data.skill_id.is_none() || data.title != row.title {
        data.skill_id = skill.or(data.skill_id);
    }
    macro_rules! set {
        ($($field:ident, $zh:literal, $en:literal, $show:expr;)+) => {
            $(log.set(label($zh, $en), &mut data.$field, row.$field.clone(), $show);)+
        };
    }
    log.put(label("岗位名称", "title"), &mut data.title, Some(row.title.clone()), changes::open);
    log.put(label("招聘人数", "headcount"), &mut data.headcount, Some(row.headcount), changes::number);
    log.put(label("就业渠道", "channel"), &mut data.channel, row.channel, changes::coded!());
    log.put(label("年龄可放宽", "age may be relaxed"), &mut data.age_is_soft, row.age_is_soft, changes::yes_no);
    log.put(label("有效期起", "valid from"), &mut data.valid_from, row.valid_from, changes::date);
    set! {
        code, "岗位编号", "code", changes::open;
        description, "岗位描述", "description", changes::open;
        pay_kind, "计薪方式", "pay by", changes::coded!();
        pay_min_fen, "薪资下限（分）", "lowest pay (fen)", changes::number;
        pay_max_fen, "薪资上限（分）", "highest pay (fen)", changes::number;
        shift, "班次", "shift", changes::coded!();
        night_work, "夜班", "night work", changes::yes_no;
        overtime, "加班", "overtime", changes::yes_no;
        physical_grade, "体力等级", "physical grade", changes::number;
        load_kg, "搬运重量公斤", "load", changes::number;
        lifts_per_hour, "每小时搬运次数", "lifts an hour", changes::number;
        forced_posture, "强迫体位流水线", "forced posture", changes::yes_no;
        underground_mine, "井下作业", "underground", changes::yes_no;
        age_min, "最低年龄", "lowest age", changes::number;
        age_max, "最高年龄", "highest age", changes::number;
        experience_months, "经验月数", "experience", changes::number;
        training_days, "培训天数", "training days", changes::number;
        place, "工作地点", "place", changes::open;
        province, "省份", "province", changes::open;
        region, "就业地域", "region", changes::coded!();
        commute_minutes, "通勤分钟", "commute", changes::number;
        special_hours_approval, "特殊工时批准文号", "special hours approval", changes::open;
        start_on, "上岗日期", "first day", changes::date;
        valid_until, "有效期止", "valid until", changes::date;
    }
    if let Some(note) = &row.note
        && !people::says(keys, SealedColumn::PostingNote, data.note_cipher.as_ref(), note)?
    {
        data.note_cipher = Some(keys.seal_text(SealedColumn::PostingNote, note).map_err(DbError::from)?);
        log.note(label("备注", "note"));
    }
    Ok(log)
}

fn lists(work: &mut Work<'_>, row: &PostingRow, posting: Index, log: &mut Log) {
    let stored = work.postings[posting].lists.stored.clone();
    let mut new = stored.clone();
    // Parents are filled in when they are written; for comparison a stored id is used.
    let posting_id = work.postings[posting].draft.stored.map_or(0, |(id, _)| id);
    if let Some(spans) = &row.hours {
        new.hours = spans.iter().map(|span| PostingHour::new(posting_id, *span)).collect();
    }
    for (given, importance) in [(&row.must_skills, Importance::Must), (&row.nice_skills, Importance::Nice)] {
        let Some(given) = given else { continue };
        new.skills.retain(|skill| skill.importance != importance);
        for skill in given {
            let normalised = normalise(&skill.name);
            if normalised.is_empty() || new.skills.iter().any(|known| known.normalised == normalised) {
                continue;
            }
            let before = stored.skills.iter().find(|known| known.normalised == normalised);
            new.skills.push(PostingSkill {
                posting_id,
                skill_id: work.skill_row(&skill.name).or_else(|| before?.skill_id),
                name: skill.name.clone(),
                normalised,
                importance,
                level: i64::from(skill.level),
            });
        }
    }
    if let Some(given) = &row.certificates {
        new.certificates.clear();
        for certificate in given {
            let normalised = normalise(&certificate.name);
            if !new.certificates.iter().any(|known| known.normalised == normalised) {
                new.certificates.push(PostingCertificate { posting_id, name: certificate.name.clone(), normalised });
            }
        }
    }
    if let Some(given) = &row.hazards {
        new.hazards = given
            .iter()
            .map(|(kind, grade)| PostingHazard { posting_id, kind: *kind, grade: grade.map(i64::from) })
            .collect();
        let data = &mut work.postings[posting].draft.data;
        if !data.hazards_known {
            data.hazards_known = true;
            log.note(label("职业危害", "hazards"));
        }
    }
    if new != stored {
        log.note(label("技能、证书、工时或危害", "skills, certificates, hours or hazards"));
    }
    for skill in new.skills.iter().filter(|skill| skill.skill_id.is_none()) {
        let field = if skill.importance == Importance::Must { Field::MustSkills } else { Field::NiceSkills };
        work.unmapped_name(row.at, field, &skill.name, &skill.normalised, !stored.skills.contains(skill));
    }
    let lists = &mut work.postings[posting].lists;
    lists.dirty = new != stored;
    lists.new = new;
}

/// Findings of the law, and what they make of the status. A closed posting stays closed.
fn status(work: &mut Work<'_>, row: &PostingRow, posting: Index, is_new: bool, log: &mut Log) {
    let findings = law(work, row, posting);
    let blocked = findings.iter().any(|finding| finding.level == LawLevel::Block);
    for finding in findings {
        if finding.rule == LawRule::NoMinimumWage {
            // The same for every posting: said once a sheet.
            let sheet = At { sheet: row.at.sheet, row: 0 };
            let found = work.ledger.finding(C::PostingWageUnchecked, sheet, Some(Field::PayMin), &Text::new("", ""));
            if !work.findings.contains(&found) {
                work.findings.push(found);
            }
            continue;
        }
        let code = match finding.level {
            LawLevel::Block => C::PostingUnlawful,
            LawLevel::Warn => C::PostingCaution,
            LawLevel::Allow => continue,
        };
        let found = work.ledger.finding(code, row.at, Some(column_of(finding.field)), &Text::new("", ""));
        let found = found.saying(finding.text());
        work.push(found, row.at);
    }
    let data = &mut work.postings[posting].draft.data;
    let wanted = match (blocked, data.status) {
        (true, _) => PostingStatus::Draft,
        (false, PostingStatus::Closed) if !is_new => PostingStatus::Closed,
        (false, _) => PostingStatus::Published,
    };
    log.put(label("状态", "status"), &mut data.status, Some(wanted), changes::coded!());
}

const fn column_of(field: PostingField) -> Field {
    match field {
        PostingField::Title | PostingField::Other => Field::PostingTitle,
        PostingField::Description => Field::Description,
        PostingField::Note => Field::Note,
        PostingField::Place => Field::WorkPlace,
        PostingField::Skills => Field::MustSkills,
        PostingField::Certificates => Field::NeedCertificates,
        PostingField::Employer => Field::Employer,
        PostingField::Headcount => Field::Headcount,
        PostingField::Pay => Field::PayMin,
        PostingField::Hours => Field::WorkHours,
        PostingField::Hazards => Field::Hazards,
        PostingField::Age => Field::AgeMax,
    }
}

fn law(work: &Work<'_>, row: &PostingRow, posting: Index) -> Vec<LawFinding> {
    let draft = &work.postings[posting];
    let data = &draft.draft.data;
    let lists = &draft.lists.new;
    let skills: Vec<&str> = lists.skills.iter().map(|skill| skill.name.as_str()).collect();
    let certificates: Vec<&str> = lists.certificates.iter().map(|certificate| certificate.name.as_str()).collect();
    let other: Vec<&str> = [row.occupation.as_deref(), row.industry.as_deref()].into_iter().flatten().collect();
    let hazards: Vec<(Hazard, Option<u8>)> =
        lists.hazards.iter().map(|hazard| (hazard.kind, to_u8(hazard.grade))).collect();
    let spans: Vec<_> = lists.hours.iter().filter_map(PostingHour::span).collect();
    check(&PostingFacts {
        title: &data.title,
        description: data.description.as_deref(),
        note: row.note.as_deref(),
        place: data.place.as_deref(),
        skills: &skills,
        certificates: &certificates,
        other_texts: &other,
        employer: Some(&row.employer),
        has_credit_code: None,
        headcount: to_u32(Some(data.headcount)),
        pay_kind: data.pay_kind,
        pay_min_fen: data.pay_min_fen,
        pay_max_fen: data.pay_max_fen,
        shift: data.shift,
        hours: &spans,
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
        minimum_wage: None,
    })
}

/// Links jobs that were stored before their posting came: employer and title as for the rows of a ledger.
pub fn link_recorded(conn: &mut AnyConnection, work: &mut Work<'_>) -> Result<(), AppError> {
    let ledger = work.ledger;
    let mut employers: Vec<i64> = ledger
        .records
        .postings
        .iter()
        .filter_map(|row| work.employers[employers::of_posting(work, row)?].stored.map(|(id, _)| id))
        .collect();
    employers.sort_unstable();
    employers.dedup();
    if employers.is_empty() {
        return Ok(());
    }
    let in_file: std::collections::HashSet<i64> =
        work.spells.iter().filter_map(|spell| spell.draft.stored.map(|(id, _)| id)).collect();
    let index_of: HashMap<i64, Index> =
        work.employers.iter().enumerate().filter_map(|(index, employer)| Some((employer.stored?.0, index))).collect();
    let mut full: Vec<Index> = Vec::new();
    for spell in spells::unlinked_of_employers(conn, &employers, work.options.as_of)? {
        let Some(title) = spell.data.job_title.as_deref().filter(|_| !in_file.contains(&spell.id)) else { continue };
        let Some(&employer) = spell.data.employer_id.and_then(|id| index_of.get(&id)) else { continue };
        let named = work.postings_of_title.get(&(employer, key(title))).map(Vec::as_slice).unwrap_or_default();
        let &[posting] = named else { continue };
        let draft = &mut work.postings[posting];
        if draft.draft.data.status == PostingStatus::Draft {
            continue;
        }
        if draft.filled < draft.draft.data.headcount {
            draft.filled += 1;
            work.relinked.push((spell, posting));
        } else {
            full.push(posting);
        }
    }
    for row in &ledger.records.postings {
        let posting = employers::of_posting(work, row).and_then(|employer| known(work, row, employer));
        if !work.rejected.contains(&row.at) && posting.is_some_and(|posting| full.contains(&posting)) {
            work.find(C::PostingFull, row.at, Field::Headcount);
        }
    }
    Ok(())
}

/// Writes the lists that differ; postings have their ids by now.
pub fn write_lists(conn: &mut AnyConnection, work: &Work<'_>) -> DbResult<()> {
    macro_rules! store {
        ($module:ident) => {
            let mut parents = Vec::new();
            let mut rows = Vec::new();
            for posting in work.postings.iter().filter(|posting| posting.lists.dirty) {
                let id = posting.draft.stored.map_or(0, |(id, _)| id);
                parents.push(id);
                rows.extend(posting.lists.new.$module.iter().cloned().map(|mut row| {
                    row.posting_id = id;
                    row
                }));
            }
            if !parents.is_empty() {
                $module::replace(conn, &parents, &rows)?;
            }
        };
    }
    store!(hours);
    store!(skills);
    store!(certificates);
    store!(hazards);
    Ok(())
}
