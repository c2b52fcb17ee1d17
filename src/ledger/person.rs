//! Rows about people and their jobs → records.

use super::field::Field as F;
use super::finding::FindingCode as C;
use super::head::SheetKind;
use super::phrase;
use super::record::{
    HouseholdCounts, HouseholdWords, JobEndRow, JobRow, JobWords, PersonFacts, PersonRow, TrainingRow,
};
use super::row::RowCells;
use super::words;
use crate::domain::ages::months_later;
use crate::domain::codes::{Channel, Health, Region, Relation, WishKind};
use crate::domain::provinces::PROVINCES;

/// A row of a labour ledger, member list or household list. `None` if the row cannot be stored.
pub fn person(cells: &mut RowCells<'_>, kind: SheetKind) -> Option<PersonRow> {
    let household_list = kind == SheetKind::Household;
    let (name_field, id_field) = if household_list { (F::HeadName, F::HeadId) } else { (F::Name, F::IdNumber) };
    let name = cells.person_name(name_field);
    if name.is_none() && !cells.failed() {
        cells.report(C::NameMissing, name_field);
    }
    let id = cells.id(id_field);
    let mut household = household(cells);
    let relation = if household_list { Some(Relation::Head) } else { cells.word(F::Relation, words::relation) };
    let facts = facts(cells);
    if let Some(id) = &id {
        if let Some(born) = cells.read_date(F::BirthDate)
            && !agrees(id.birth_date(), born)
        {
            cells.report(C::IdBirthDiffers, F::BirthDate);
        }
        if facts.written_sex.is_some_and(|sex| sex != id.sex()) {
            cells.report(C::IdSexDiffers, F::Sex);
        }
    }
    let (employed, job) = employment(cells);
    // Last, so that words left over from every field are in it.
    let note = cells.note();
    let note = if household_list {
        household.note = note;
        None
    } else {
        note
    };
    if household_list {
        household.head_id.clone_from(&id);
        household.head_name.clone_from(&name);
    }
    if cells.failed() {
        return None;
    }
    Some(PersonRow { at: cells.at, kind, id: id?, name: name?, household, relation, facts, job, employed, note })
}

fn agrees(id: chrono::NaiveDate, written: super::date::ReadDate) -> bool {
    use chrono::Datelike;
    if written.month_only {
        (id.year(), id.month()) == (written.date.year(), written.date.month())
    } else {
        id == written.date
    }
}

fn household(cells: &mut RowCells<'_>) -> HouseholdWords {
    // An unreadable head's number would hang the person on the wrong household.
    let head_id =
        if cells.has_column(F::IdNumber) && !cells.cell(F::HeadId).is_empty() { cells.id(F::HeadId) } else { None };
    HouseholdWords {
        code: cells.name(F::HouseholdCode),
        head_id,
        head_name: cells.person_name(F::HeadName),
        community: cells.name(F::Community),
        grid: cells.name(F::Grid),
        building: cells.name(F::Building),
        unit: cells.name(F::Unit),
        township: cells.name(F::Township),
        monitoring: cells.word(F::Monitoring, words::monitoring),
        helper: cells.person_name(F::Helper),
        care: cells
            .phrase(F::Care, C::HoursUnreadable, |text| if text == "无" { Ok(Vec::new()) } else { phrase::care(text) })
            .unwrap_or_default(),
        counts: HouseholdCounts {
            labour: cells.count(F::LabourCount),
            willing: cells.count(F::WillingCount),
            employed: cells.count(F::EmployedCount),
            named: cells.text(F::EmployedNames).and_then(|text| names(&text)),
        },
        note: None,
    }
}

/// How many people a cell names; `None` where blanks may part names or stand within one.
fn names(text: &str) -> Option<i64> {
    let mut named = phrase::list(text);
    named.retain(|name| !matches!(name.as_str(), "无" | "没有"));
    let is_sure = named.iter().all(|name| !name.contains(char::is_whitespace));
    i64::try_from(named.len()).ok().filter(|_| is_sure)
}

/// What job lists and ledgers alike say about the person.
fn facts(cells: &mut RowCells<'_>) -> PersonFacts {
    let disabled = cells.word(F::Disabled, |text| {
        words::yes_no(text).or_else(|| (text.starts_with('是') || text.contains('残')).then_some(true))
    });
    let (willing, wants_business) =
        cells.word(F::Willing, words::willing).map_or((None, false), |(yes, own)| (Some(yes), own));
    let mut facts = PersonFacts {
        written_sex: cells.word(F::Sex, words::sex),
        ethnicity: cells.name(F::Ethnicity),
        education: cells.word(F::Education, words::education),
        health: cells.word(F::Health, words::health).or((disabled == Some(true)).then_some(Health::Disabled)),
        labour_class: cells.word(F::LabourClass, words::labour_class),
        school: cells.word(F::School, words::school),
        absence: cells
            .word(F::Absence, |text| match words::yes_no(text) {
                Some(false) => Some(None),
                _ => words::absence(text).map(Some),
            })
            .flatten(),
        died_on: cells.date(F::DiedOn),
        phone: phone(cells),
        willing,
        willing_to_train: cells.word(F::WillingToTrain, words::willing_to_train),
        seeking_change: cells.word(F::SeekingChange, words::yes_no),
        max_physical_grade: cells.word(F::MaxGrade, words::grade).map(i64::from),
        max_load_kg: cells.number(F::MaxLoad, 0..=500),
        no_forced_posture: cells.word(F::NoForcedPosture, words::yes_no),
        max_minutes: cells.number(F::MaxMinutes, 0..=1440),
        expected_pay: cells.yuan(F::ExpectedPay),
        pay_floor: cells.yuan(F::PayFloor),
        hazard_check_until: cells.date(F::HazardCheckUntil),
        public_welfare_months: cells.number(F::WelfareMonths, 0..=1200),
        skills: cells.text(F::Skills).map(|text| phrase::skills(&text)),
        certificates: cells.phrase(F::Certificates, C::DateUnreadable, phrase::certificates),
        unavailable: cells.phrase(F::UnavailableHours, C::HoursUnreadable, |text| {
            if text == "无" { Ok(Vec::new()) } else { phrase::hours(text) }
        }),
        ruled_out: cells.word_list(F::RuledOut, words::ruled_out),
        wishes: wishes(cells),
        barriers: cells.text(F::Barrier).map(|text| {
            let parts = phrase::list(&text).into_iter().filter(|part| part != "无");
            parts.map(|part| (words::barrier(&part), part)).collect()
        }),
    };
    if wants_business && !facts.wishes.iter().any(|(kind, _)| *kind == WishKind::Channel) {
        facts.wishes.push((WishKind::Channel, Channel::SelfEmployed.code().to_owned()));
    }
    facts
}

fn phone(cells: &mut RowCells<'_>) -> Option<String> {
    // The head's phone is another person's, but in a list of heads.
    let field = if cells.has_column(F::IdNumber) { F::Phone } else { F::HeadPhone };
    let text = cells.name(field)?;
    if text == "无" {
        return None;
    }
    let digits = |text: &str| phrase::plain(text).chars().filter(char::is_ascii_digit).collect::<String>();
    let mut parts = phrase::list(&text).into_iter();
    let first = parts.next().unwrap_or_default();
    let rest: Vec<String> = parts.collect();
    if !rest.is_empty() {
        cells.keep(field, rest.join("、"));
    }
    let number = digits(&first);
    let number = number.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(&number).to_owned();
    if number.len() != 11 || !number.starts_with('1') {
        cells.report(C::PhoneFormat, field);
    }
    Some(if number.is_empty() { first } else { number })
}

fn wishes(cells: &mut RowCells<'_>) -> Vec<(WishKind, String)> {
    let mut wishes = Vec::new();
    for (field, kind) in [
        (F::WishOccupation, WishKind::Occupation),
        (F::WishIndustry, WishKind::Industry),
        (F::WishEmployer, WishKind::Employer),
    ] {
        if let Some(text) = cells.text(field) {
            let named = phrase::list(&text).into_iter().filter(|part| !matches!(part.as_str(), "无" | "不限" | "均可"));
            wishes.extend(named.map(|part| (kind, part)));
        }
    }
    let region = |text: &str| {
        words::region(text)
            .map(|region| (WishKind::Region, region.code().to_owned()))
            .or_else(|| province(text).map(|name| (WishKind::Province, name)))
    };
    wishes.extend(cells.word_list(F::WishRegion, region).unwrap_or_default());
    let coded = |kind, code: &'static str| (kind, code.to_owned());
    wishes.extend(
        cells
            .word_list(F::WishChannel, |text| words::channel(text).map(|c| coded(WishKind::Channel, c.code())))
            .unwrap_or_default(),
    );
    wishes.extend(
        cells
            .word_list(F::WishShift, |text| words::shift(text).map(|s| coded(WishKind::Shift, s.code())))
            .unwrap_or_default(),
    );
    wishes.sort();
    wishes.dedup();
    wishes
}

/// A province by its short or full name, as postings write it (`浙江省` → `浙江`).
#[must_use]
pub fn province(text: &str) -> Option<String> {
    let folded = words::fold(text);
    PROVINCES.iter().find(|(name, _)| folded.starts_with(name)).map(|(name, _)| (*name).to_owned())
}

/// `(employed by the status word, job)`. A status without a job gives a job of unknown start; the caller counts it from the
/// as-of date (domain.md §6).
fn employment(cells: &mut RowCells<'_>) -> (Option<bool>, Option<JobWords>) {
    let status = cells.word(F::Status, words::status);
    let employed = status.map(|(employed, _)| employed);
    let hint = status.and_then(|(_, channel)| channel);
    let mut job = job(cells, hint);
    let current = job.as_ref().is_some_and(|job| job.end.is_none_or(|end| end > cells.as_of));
    match (employed, &job) {
        // Whether it is a new job or one on record is found out where it is compared.
        (Some(true), None) => job = Some(JobWords::unknown(hint)),
        (Some(false), Some(_)) if current => cells.report(C::UnemployedWithJob, F::Status),
        _ => {}
    }
    (employed, job)
}

impl JobWords {
    /// A job of which only the status is known.
    fn unknown(channel: Option<Channel>) -> Self {
        Self {
            channel: channel.unwrap_or(Channel::Local),
            channel_given: channel.is_some(),
            employer: None,
            title: None,
            posting_code: None,
            region: None,
            place: None,
            start: None,
            end: None,
            income: None,
            contract_until: None,
            evidence: None,
            verified_on: None,
            part_time: None,
            note: None,
        }
    }
}

/// The job columns of a row; `None` if none of the telling ones is filled.
fn job(cells: &mut RowCells<'_>, hint: Option<Channel>) -> Option<JobWords> {
    let given = cells.text(F::Channel).and_then(|text| {
        let channel = words::channel(cells.meaning(F::Channel, &text));
        if channel.is_none() {
            if !words::is_way_of_finding_work(&text) {
                cells.report(C::CodeUnknown, F::Channel);
            }
            cells.keep(F::Channel, text);
        }
        channel
    });
    let (job_type, feature) = (cells.text(F::JobType), cells.text(F::Feature).filter(|text| text != "无"));
    let (nature, title) = (cells.text(F::EmployerNature), cells.name(F::JobTitle));
    let employer = cells.name(F::Employer).filter(|name| name != "无");
    let posting_code = cells.name(F::PostingCode);
    let start = cells.date(F::StartOn);
    let end = cells.date(F::EndOn);
    let region = cells.word(F::Region, words::region);
    let income = income(cells);
    let contract_until = contract(cells, start);
    let is_job = given.is_some()
        || job_type.is_some()
        || feature.is_some()
        || title.is_some()
        || employer.is_some()
        || start.is_some()
        || posting_code.is_some();
    if !is_job {
        if let Some(text) = nature {
            cells.keep(F::EmployerNature, text);
        }
        return None;
    }
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        cells.report(C::EndBeforeStart, F::EndOn);
    }
    let (channel, certain) =
        channel_of(given, hint, feature.as_deref(), nature.as_deref(), job_type.as_deref(), title.as_deref(), region);
    Some(JobWords {
        channel,
        channel_given: certain,
        employer,
        title,
        posting_code,
        region,
        place: cells.name(F::Place),
        start,
        end,
        income,
        contract_until,
        evidence: cells.text(F::Evidence).filter(|text| text != "无"),
        verified_on: cells.date(F::VerifiedOn),
        part_time: cells.word(F::PartTime, words::yes_no),
        note: None,
    })
}

/// Our channel from the provincial columns 就业渠道, 特色就业, 就业单位性质, 就业类型, 岗位工种 and 就业地域, the most telling first. The flag
/// says whether a word named it; place of work alone only suggests it.
fn channel_of(
    given: Option<Channel>,
    hint: Option<Channel>,
    feature: Option<&str>,
    nature: Option<&str>,
    job_type: Option<&str>,
    title: Option<&str>,
    region: Option<Region>,
) -> (Channel, bool) {
    let word = given
        .or_else(|| feature.and_then(words::channel))
        .or_else(|| {
            nature.and_then(|text| match words::fold(text).as_str() {
                "村组公岗" | "公共事业类岗位" => Some(Channel::PublicWelfare),
                _ => None,
            })
        })
        .or_else(|| job_type.and_then(words::channel))
        .or_else(|| {
            title.and_then(|text| match words::fold(text).as_str() {
                "居家务工" | "自由职业" => Some(Channel::Flexible),
                _ => None,
            })
        })
        .or(hint);
    let by_place = match region {
        Some(Region::City | Region::Province | Region::OtherProvince | Region::Abroad) => Channel::Outbound,
        Some(Region::Town | Region::County) | None => Channel::Local,
    };
    word.map_or((by_place, false), |channel| (channel, true))
}

/// Yuan a month; bands such as `3000元以上` give their lower end, `1500元以下` gives nothing.
fn income(cells: &mut RowCells<'_>) -> Option<i64> {
    let text = cells.text(F::Income)?;
    if text.ends_with("以下") {
        cells.keep(F::Income, text);
        return None;
    }
    if text.ends_with("以上") {
        cells.report(C::IncomeIsRange, F::Income);
    }
    cells.yuan(F::Income)
}

/// The contract's last day: a date, or months or years from the start.
fn contract(cells: &mut RowCells<'_>, start: Option<chrono::NaiveDate>) -> Option<chrono::NaiveDate> {
    let field = if cells.cell(F::ContractUntil).is_empty() { F::ContractMonths } else { F::ContractUntil };
    if field == F::ContractUntil && super::date::read_date(cells.cell(field)).is_ok() {
        return cells.date(field);
    }
    let text = cells.text(field)?;
    let number: String = text.chars().take_while(char::is_ascii_digit).collect();
    let months =
        number.parse::<u32>().ok().filter(|months| *months <= 600).and_then(|n| match text[number.len()..].trim() {
            "年" => Some(n * 12),
            "" if field == F::ContractMonths => Some(n),
            "个月" | "月" => Some(n),
            _ => None,
        });
    match months {
        Some(0) => None,
        Some(months) => start.map(|start| months_later(start, months)),
        None if matches!(text.as_str(), "无" | "未签" | "无合同") => None,
        None => {
            cells.report(C::CodeUnknown, field);
            cells.keep(field, text);
            None
        }
    }
}

/// A row of a job list.
pub fn job_row(cells: &mut RowCells<'_>, kind: SheetKind) -> Option<JobRow> {
    let id = cells.id(F::IdNumber);
    let facts = facts(cells);
    let (_, job) = employment(cells);
    let note = cells.note();
    // A row of a job list is a job even if only the person is filled in.
    let mut job = job.unwrap_or_else(|| JobWords::unknown(None));
    job.note = note;
    if cells.failed() { None } else { Some(JobRow { at: cells.at, kind, id: id?, job, facts }) }
}

pub fn job_end(cells: &mut RowCells<'_>) -> Option<JobEndRow> {
    let id = cells.id(F::IdNumber);
    let end = cells.date(F::EndOn);
    if end.is_none() && !cells.failed() {
        cells.report(C::DateUnreadable, F::EndOn);
    }
    if cells.failed() { None } else { Some(JobEndRow { at: cells.at, id: id?, end: end? }) }
}

/// A business of one's own is a job with channel `self_employed`; the project is its title.
pub fn business(cells: &mut RowCells<'_>) -> Option<JobRow> {
    let id = cells.id(F::IdNumber);
    let start = cells.date(F::BusinessStart);
    let end = cells.date(F::BusinessEnd);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        cells.report(C::EndBeforeStart, F::BusinessEnd);
    }
    let job = JobWords {
        employer: cells.name(F::BusinessName).filter(|name| name != "无"),
        title: cells.name(F::BusinessProject),
        place: cells.name(F::BusinessPlace),
        start,
        end,
        note: cells.note(),
        ..JobWords::unknown(Some(Channel::SelfEmployed))
    };
    if cells.failed() {
        return None;
    }
    Some(JobRow { at: cells.at, kind: SheetKind::Business, id: id?, job, facts: PersonFacts::default() })
}

pub fn training(cells: &mut RowCells<'_>) -> Option<TrainingRow> {
    let id = cells.id(F::IdNumber);
    let start = cells.date(F::TrainingStart);
    if start.is_none() && !cells.failed() {
        cells.report(C::DateUnreadable, F::TrainingStart);
    }
    let end = cells.date(F::TrainingEnd);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        cells.report(C::EndBeforeStart, F::TrainingEnd);
    }
    let row = TrainingRow {
        at: cells.at,
        kind: cells.name(F::TrainingKind).unwrap_or_else(|| "培训".to_owned()),
        trade: cells.name(F::TrainingTrade),
        provider: cells.name(F::TrainingProvider),
        place: cells.name(F::TrainingPlace),
        end,
        days: cells.number(F::TrainingDays, 0..=3660),
        subsidy_fen: cells.money(F::TrainingSubsidy).and_then(|money| money.min_fen),
        note: cells.note(),
        id: id?,
        start: start?,
    };
    if cells.failed() { None } else { Some(row) }
}
