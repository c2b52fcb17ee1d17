//! Posting rows → postings, with what the law says about them.
//!
//! Which posting a row speaks of is found in [`super::posting_match`]. Invariants: a posting with a blocking finding is a draft,
//! whatever it was before; a lawful draft is one that a person keeps, and stays one.

use std::collections::{HashMap, HashSet};

use super::changes::{self, Log, label};
use super::jobs::{self, Link};
use super::posting_match::{self, Place};
use super::work::{Draft, Index, Outcome, PostingDraft, Work};
use super::{employers, notes};
use crate::app::error::AppError;
use crate::app::posting_check::{self, Subject};
use crate::db::posting_lists::certificates::{self, PostingCertificate};
use crate::db::posting_lists::hazards::{self, PostingHazard};
use crate::db::posting_lists::hours::{self, PostingHour};
use crate::db::posting_lists::skills::{self, PostingSkill};
use crate::db::postings::PostingData;
use crate::db::seal::SealedColumn;
use crate::db::{AnyConnection, DbResult, spells};
use crate::domain::codes::{Hazard, Importance, PostingStatus};
use crate::domain::posting_law::{LawFinding, LawLevel, LawRule, PostingField, is_blocked};
use crate::domain::text::{Label, Text};
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
        let known = match posting_match::find(work, row) {
            Place::Known(posting) => Some(posting),
            Place::New => None,
            Place::Refused(code, field) => {
                work.find(code, row.at, field);
                continue;
            }
        };
        // Planned by `employers::plan` just before.
        let Some(employer) = employers::of_posting(work, row) else { continue };
        let posting = known.unwrap_or_else(|| add(work, row, employer));
        // A list of ours says when the employer last confirmed; any other is a confirmation itself.
        work.postings[posting].confirmed_on = row.confirmed_on.unwrap_or(Some(work.options.as_of));
        let is_new = known.is_none();
        let kept = !is_new && is_kept_draft(work, row, posting)?;
        let mut log = columns(work, row, posting)?;
        posting_match::name(work, row, posting);
        lists(work, row, posting, &mut log);
        status(work, row, posting, (is_new, kept), &mut log)?;
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
    register(
        work,
        PostingDraft {
            draft: Draft::new(data),
            employer,
            filled: 0,
            lists: PostingLists::default(),
            confirmed_on: None,
        },
    )
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
        start_on, "上岗日期", "first day", changes::date;
        valid_until, "有效期止", "valid until", changes::date;
    }
    // A list that says 无 takes an approval back; an empty cell says nothing.
    if let Some(given) = &row.special_hours_approval
        && data.special_hours_approval != *given
    {
        let said = |number: &Option<String>| number.as_ref().map(changes::open);
        log.0.push((
            label("特殊工时批准文号", "special hours approval"),
            said(&data.special_hours_approval),
            said(given),
        ));
        data.special_hours_approval.clone_from(given);
    }
    if notes::add(keys, SealedColumn::PostingNote, &mut data.note_cipher, row.note.as_deref())? {
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

/// A draft the law has nothing against: no import left it one, so a person keeps it back.
fn is_kept_draft(work: &Work<'_>, row: &PostingRow, posting: Index) -> Result<bool, AppError> {
    let draft = &work.postings[posting];
    if draft.draft.data.status != PostingStatus::Draft {
        return Ok(false);
    }
    Ok(!is_blocked(&law(work, row, posting, &draft.lists.stored, &[])?))
}

/// Findings of the law, and what they make of the status. A closed posting stays closed, a draft kept back stays a draft.
fn status(
    work: &mut Work<'_>,
    row: &PostingRow,
    posting: Index,
    (is_new, kept): (bool, bool),
    log: &mut Log,
) -> Result<(), AppError> {
    // The occupation is read and only its meaning stored.
    let said: Vec<&str> = row.occupation.as_deref().into_iter().collect();
    let findings = law(work, row, posting, &work.postings[posting].lists.new, &said)?;
    let blocked = is_blocked(&findings);
    for finding in findings {
        tell(work, row, posting, &finding);
    }
    if kept && !blocked {
        work.find(C::PostingKeptDraft, row.at, Field::PostingTitle);
    }
    let data = &mut work.postings[posting].draft.data;
    let wanted = match (blocked, data.status) {
        (true, _) => PostingStatus::Draft,
        (false, PostingStatus::Draft) if kept => PostingStatus::Draft,
        (false, PostingStatus::Closed) if !is_new => PostingStatus::Closed,
        (false, _) => PostingStatus::Published,
    };
    log.put(label("状态", "status"), &mut data.status, Some(wanted), changes::coded!());
    Ok(())
}

fn tell(work: &mut Work<'_>, row: &PostingRow, posting: Index, finding: &LawFinding) {
    if finding.rule == LawRule::NoCreditCode {
        // The same for every posting of the employer: said once a file.
        if work.without_code.insert(work.postings[posting].employer) {
            work.find(C::EmployerCodeMissing, row.at, Field::CreditCode);
        }
        return;
    }
    if finding.rule == LawRule::NoMinimumWage {
        // The same for every posting: said once a sheet.
        let sheet = At { sheet: row.at.sheet, row: 0 };
        let found = work.ledger.finding(C::PostingWageUnchecked, sheet, Some(Field::PayMin), &Text::new("", ""));
        if !work.findings.contains(&found) {
            work.findings.push(found);
        }
        return;
    }
    let code = match finding.level {
        LawLevel::Block => C::PostingUnlawful,
        LawLevel::Warn => C::PostingCaution,
        LawLevel::Allow => C::PostingAllowed,
    };
    let mut found = work.ledger.finding(code, row.at, Some(column_of(finding.field)), &Text::new("", ""));
    if finding.field == PostingField::Note {
        // Notes are sealed; findings are not.
        found.masked_value = None;
    }
    work.push(found.saying(finding.text()), row.at);
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

fn law(
    work: &Work<'_>,
    row: &PostingRow,
    posting: Index,
    lists: &Rows,
    said: &[&str],
) -> Result<Vec<LawFinding>, AppError> {
    let draft = &work.postings[posting];
    let data = &draft.draft.data;
    // A note the row does not repeat is published with the rest.
    let note = crate::app::open_note(work.keys, SealedColumn::PostingNote, data.note_cipher.as_ref())?;
    let hazards: Vec<(Hazard, Option<i64>)> = lists.hazards.iter().map(|hazard| (hazard.kind, hazard.grade)).collect();
    let head = work.ledger.head(row.at.sheet);
    let subject = Subject {
        data,
        note: note.as_deref(),
        hours: &Vec::from_iter(lists.hours.iter().filter_map(PostingHour::span)),
        skills: &Vec::from_iter(lists.skills.iter().map(|skill| skill.name.as_str())),
        certificates: &Vec::from_iter(lists.certificates.iter().map(|certificate| certificate.name.as_str())),
        hazards: &hazards,
        employer: &work.employers[draft.employer].data,
        asked_credit_code: head.is_some_and(|head| head.has(Field::CreditCode)),
        said,
    };
    Ok(posting_check::findings(&subject, &work.wages))
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
    let in_file: HashSet<i64> = work.spells.iter().filter_map(|spell| spell.draft.stored.map(|(id, _)| id)).collect();
    let index_of: HashMap<i64, Index> =
        work.employers.iter().enumerate().filter_map(|(index, employer)| Some((employer.stored?.0, index))).collect();
    let mut full: Vec<Index> = Vec::new();
    for spell in spells::unlinked_of_employers(conn, &employers, work.options.places_on())? {
        let Some(title) = spell.data.job_title.as_deref().filter(|_| !in_file.contains(&spell.id)) else { continue };
        let employer = spell.data.employer_id.and_then(|id| index_of.get(&id)).copied();
        let Link::To(posting) = jobs::link_to(work, None, employer, Some(title)) else { continue };
        let draft = &mut work.postings[posting];
        if draft.filled < draft.draft.data.headcount {
            draft.filled += 1;
            work.relinked.push((spell, posting));
        } else {
            full.push(posting);
        }
    }
    for row in &ledger.records.postings {
        let posting = work.posting_of_row.get(&row.at).copied();
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
