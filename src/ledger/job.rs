//! Rows about jobs and businesses → records; what a ledger says of them beside the person.
//!
//! Invariant: a job is what a row tells of one. Words for having none (无, 待业, 在家) are no employer and no title, and a row
//! whose columns of a job say nothing gives no job, whatever kind of list it stands in.

use chrono::NaiveDate;

use super::course::course_beside;
use super::date::read_period;
use super::field::Field as F;
use super::finding::FindingCode as C;
use super::head::SheetKind;
use super::job_groups::JobGroup;
use super::layout::STEP;
use super::person::facts;
use super::record::{At, IdleRow, JobEndRow, JobRow, JobWords, PersonFacts, TrainingRow};
use super::row::RowCells;
use super::words;
use crate::domain::ages::months_later;
use crate::domain::codes::{Channel, Region};
use crate::domain::provinces;
use crate::domain::resident_id::ResidentId;
use crate::domain::text::Text;

/// What the columns of a job say.
struct Told {
    words: JobWords,
    /// One of the columns that only a job has is filled.
    is_job: bool,
    /// Any of them is.
    is_anything: bool,
}

/// What a row says of a person's work.
pub(super) struct Employment {
    /// By the status word.
    pub employed: Option<bool>,
    pub job: Option<JobWords>,
    /// Jobs in further columns of their own, and a business of one's own beside the job.
    pub further: Vec<(SheetKind, JobWords)>,
}

impl Employment {
    /// The further jobs as rows of their own.
    pub fn rows(
        further: Vec<(SheetKind, JobWords)>,
        at: At,
        (id, name): (&ResidentId, Option<&str>),
        facts: &PersonFacts,
    ) -> Vec<JobRow> {
        let row =
            |(kind, job)| JobRow { at, kind, id: id.clone(), name: name.map(str::to_owned), job, facts: facts.clone() };
        further.into_iter().map(row).collect()
    }
}

/// A status without a job gives a job of unknown start; the caller counts it from the as-of date (domain.md §6).
pub(super) fn employment(cells: &mut RowCells<'_>) -> Employment {
    let status = cells.word(F::Status, words::status);
    let mut employed = status.map(|(employed, _)| employed);
    let mut said_in = F::Status;
    if employed.is_none() && words::says_unemployed(&cells.cell(F::Channel).display()) {
        (employed, said_in) = (Some(false), F::Channel);
    }
    let of_status = status.and_then(|(_, channel)| channel);
    let groups = cells.job_groups();
    let (first, is_one_of_several) = (groups.first().copied(), groups.len() > 1);
    let told = one_job(cells, first, is_one_of_several, of_status);
    let mut further: Vec<(SheetKind, JobWords)> = Vec::new();
    for group in groups.into_iter().skip(1) {
        let told = one_job(cells, Some(group), is_one_of_several, of_status);
        if told.is_anything {
            further.push((SheetKind::Job, told.words));
        }
    }
    cells.of_job(first);
    let business = business_beside(cells);
    let has_left = told.words.end.is_none() && says_left(cells);
    let in_a_job_list = cells.kind() == SheetKind::Job && !cells.has_column(F::Status);
    let is_told = told.is_job || (in_a_job_list && told.is_anything);
    let (job, business) = match business {
        Some(business) if !told.is_anything => (Some(business), None),
        business if has_left => {
            employed = Some(false);
            if told.is_anything {
                cells.report(C::JobLeft, said_in);
                leftovers(cells, OF_A_JOB);
            }
            (business, None)
        }
        business if is_told || employed == Some(true) => (Some(told.words), business),
        business => {
            if told.is_anything {
                leftovers(cells, BESIDE_A_JOB);
            }
            (business, None)
        }
    };
    further.extend(business.map(|business| (SheetKind::Business, business)));
    let is_current = |job: &JobWords| job.end.is_none_or(|end| end > cells.as_of);
    if employed == Some(false) && !has_left && job.iter().chain(further.iter().map(|(_, job)| job)).any(is_current) {
        cells.report(C::UnemployedWithJob, said_in);
    }
    Employment { employed, job, further }
}

/// The job of a row, or that of the columns given. Of several the label above its columns says best how somebody works.
fn one_job<'a>(
    cells: &mut RowCells<'a>,
    group: Option<&'a JobGroup>,
    is_one_of_several: bool,
    of_status: Option<Channel>,
) -> Told {
    cells.of_job(group);
    let labelled = group.map_or_else(|| group_channel(cells), |group| group.channel);
    let mut told = job(cells, labelled.or(of_status).or(cells.caption.channel));
    if let Some(channel) = labelled.filter(|_| is_one_of_several) {
        told.words.channel = channel;
        told.words.channel_given = true;
    }
    told
}

/// The way of working that the label above the filled columns of the job is named after: 外出务工 over 务工单位.
fn group_channel(cells: &RowCells<'_>) -> Option<Channel> {
    let of_job = [F::Employer, F::JobTitle, F::Place, F::Region, F::StartOn, F::EndOn, F::Income];
    of_job.into_iter().filter(|field| !words::says_nothing(&cells.cell(*field).display())).find_map(|field| {
        let (above, _) = cells.title(field)?.rsplit_once(STEP)?;
        above.rsplit(STEP).find_map(words::channel)
    })
}

/// Columns that do not make a job, and all that do.
const BESIDE_A_JOB: &[F] = &[F::EmployerNature, F::Region, F::Place, F::Income, F::ContractUntil, F::ContractMonths];
const OF_A_JOB: &[F] = &[
    F::Status,
    F::Employer,
    F::JobTitle,
    F::StartOn,
    F::EmployerNature,
    F::Region,
    F::Place,
    F::Income,
    F::ContractUntil,
    F::ContractMonths,
];

/// Whether the status, or the beginning of a remark, says that the job, or the life, is over.
fn says_left(cells: &RowCells<'_>) -> bool {
    let status = cells.cell(F::Status).display();
    let asks_presence = cells.title(F::Status).is_some_and(|title| title.contains("在岗") || title.contains("在职"));
    words::is_left(&status)
        || (asks_presence && words::yes_no(&status) == Some(false))
        || [words::says_left, words::says_dead].iter().any(|says| says(&cells.cell(F::Note).display()))
}

/// Columns of a job that are filled where there is none: kept in the note, and said where nothing else was.
fn leftovers(cells: &mut RowCells<'_>, fields: &'static [F]) {
    let mut titles: Vec<F> = Vec::new();
    for &field in fields {
        let text = cells.cell(field).display().trim().to_owned();
        if !words::says_nothing(&text) {
            cells.keep(field, text);
            titles.push(field);
        }
    }
    if fields == BESIDE_A_JOB
        && let Some(&first) = titles.first()
    {
        let zh: Vec<&str> = titles.iter().map(|field| field.title()).collect();
        let en: Vec<String> = titles.iter().map(|field| field.english()).collect();
        cells.report_about(C::JobUnclear, first, &Text::new(zh.join("、"), en.join(", ")));
    }
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

/// The job columns of a row. Those that say what the person does without a job are no job.
fn job(cells: &mut RowCells<'_>, hint: Option<Channel>) -> Told {
    let given = cells.job_text(F::Channel).and_then(|text| {
        let channel = words::channel(cells.meaning(F::Channel, &text));
        if channel.is_none() {
            if !words::is_way_of_finding_work(&text) {
                cells.report(C::CodeUnknown, F::Channel);
            }
            cells.keep(F::Channel, text);
        }
        channel
    });
    let (job_type, feature) = (cells.job_text(F::JobType), cells.job_text(F::Feature));
    let (nature, title) = (cells.job_text(F::EmployerNature), cells.job_name(F::JobTitle));
    let employer = cells.job_name(F::Employer).or_else(|| cells.caption.employer.clone());
    // Who works the land has no employer; some write it where one would stand.
    let (employer, title) = match employer {
        Some(name) if words::is_farming(&name) => (None, title.or(Some(name))),
        employer => (employer, title),
    };
    let posting_code = cells.code(F::PostingCode).filter(|code| !words::is_no_job(code));
    let (start, end) = cells.period(F::StartOn, F::EndOn);
    let (region, place) = whereabouts(cells);
    let income = income(cells);
    let is_job = given.is_some()
        || job_type.is_some()
        || feature.is_some()
        || title.is_some()
        || employer.is_some()
        || start.is_some()
        || posting_code.is_some();
    let has_contract =
        [F::ContractUntil, F::ContractMonths].iter().any(|field| !words::says_nothing(&cells.cell(*field).display()));
    let is_anything = is_job || region.is_some() || place.is_some() || income.is_some() || has_contract;
    let contract_until = if is_anything { contract(cells, start) } else { None };
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        cells.report(C::EndBeforeStart, F::EndOn);
    }
    let (channel, channel_given) =
        channel_of(given, hint, feature.as_deref(), nature.as_deref(), job_type.as_deref(), title.as_deref(), region);
    if is_job && !channel_given && region.is_none() && cells.has_column(F::Channel) && cells.cell(F::Channel).is_empty()
    {
        cells.report(C::ChannelAssumed, F::Channel);
    }
    let words = JobWords {
        channel,
        channel_given,
        employer,
        title,
        posting_code,
        region,
        place,
        start,
        end,
        income,
        contract_until,
        evidence: cells.job_text(F::Evidence),
        verified_on: cells.date(F::VerifiedOn),
        part_time: cells.word(F::PartTime, words::yes_no),
        note: None,
    };
    Told { words, is_job, is_anything: is_anything || nature.is_some() }
}

/// Where the work is. Some write the place where its kind would stand; a place in another province than that of the person's number is out
/// of the province.
fn whereabouts(cells: &mut RowCells<'_>) -> (Option<Region>, Option<String>) {
    let home = provinces::of_id(&cells.cell(F::IdNumber).display());
    let kind_of = |place: &str| match provinces::of_place(place) {
        Some(province) if home.is_some_and(|home| home != province) => Some(Region::OtherProvince),
        _ => None,
    };
    let place = cells.job_name(F::Place);
    let written = cells.cell(F::Region).display();
    if place.is_none() && words::region(&written).is_none() && provinces::of_place(&written).is_some() {
        let place = cells.job_name(F::Region);
        return (place.as_deref().and_then(kind_of), place);
    }
    let region = cells.job_word(F::Region, words::region);
    (region.or_else(|| place.as_deref().and_then(kind_of)), place)
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
                _ if words::is_farming(text) => Some(Channel::Farming),
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
    let text = cells.job_text(F::Income).filter(|text| text != "0")?;
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
fn contract(cells: &mut RowCells<'_>, start: Option<NaiveDate>) -> Option<NaiveDate> {
    let field = if cells.cell(F::ContractUntil).is_empty() { F::ContractMonths } else { F::ContractUntil };
    if field == F::ContractUntil
        && let Ok(period) = read_period(cells.cell(field))
    {
        // From when to when, or the last day alone.
        return period.map(|period| period.until.unwrap_or(period.from).last_day());
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
    match (months, start) {
        (Some(0), _) => None,
        (Some(months), Some(start)) => Some(months_later(start, months)),
        // So long from a day nobody knows.
        (Some(_), None) => {
            cells.report(C::ContractStartMissing, field);
            cells.keep(field, text);
            None
        }
        (None, _) if matches!(text.as_str(), "无" | "未签" | "无合同") => None,
        (None, _) => {
            cells.report(C::ContractUnread, field);
            cells.keep(field, text);
            None
        }
    }
}

/// What a row of a list of jobs or businesses becomes: jobs, or somebody it tells of no job of; and a course beside them.
#[derive(Default)]
pub struct Listed {
    pub jobs: Vec<JobRow>,
    pub idle: Option<IdleRow>,
    pub course: Option<TrainingRow>,
}

/// A row of a job list.
pub fn job_row(cells: &mut RowCells<'_>) -> Listed {
    let id = cells.id(F::IdNumber);
    let name = cells.person_name(F::Name);
    let facts = facts(cells);
    let Employment { employed, job, further } = employment(cells);
    let course = course_beside(cells, id.as_ref()).map(|course| TrainingRow { name: name.clone(), ..course });
    let note = cells.note();
    let Some(id) = id.filter(|_| !cells.failed()) else { return Listed::default() };
    let Some(mut job) = job else {
        let idle = IdleRow { note, ..idle(cells, id, name, employed) };
        return Listed { idle: Some(idle), course, ..Listed::default() };
    };
    job.note = note;
    let at = cells.at;
    let mut jobs = vec![(SheetKind::Job, job)];
    jobs.extend(further);
    Listed { jobs: Employment::rows(jobs, at, (&id, name.as_deref()), &facts), idle: None, course }
}

fn idle(cells: &mut RowCells<'_>, id: ResidentId, name: Option<String>, employed: Option<bool>) -> IdleRow {
    if employed.is_none() {
        cells.report(C::JobMissing, F::IdNumber);
    }
    IdleRow { at: cells.at, id, name, employed, note: None }
}

pub fn job_end(cells: &mut RowCells<'_>) -> Option<JobEndRow> {
    let id = cells.id(F::IdNumber);
    let name = cells.person_name(F::Name);
    let end = cells.last_day(F::EndOn);
    if end.is_none() && !cells.failed() {
        cells.report(C::DateUnreadable, F::EndOn);
    }
    if cells.failed() { None } else { Some(JobEndRow { at: cells.at, id: id?, name, end: end? }) }
}

/// A business of one's own is a job with channel `self_employed`; the project is its title.
fn business_words(cells: &mut RowCells<'_>) -> Option<JobWords> {
    let (start, end) = cells.period(F::BusinessStart, F::BusinessEnd);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        cells.report(C::EndBeforeStart, F::BusinessEnd);
    }
    let words = JobWords {
        employer: cells.job_name(F::BusinessName),
        title: cells.job_name(F::BusinessProject),
        place: cells.job_name(F::BusinessPlace),
        start,
        end,
        ..JobWords::unknown(Some(Channel::SelfEmployed))
    };
    (words.employer.is_some() || words.title.is_some() || start.is_some()).then_some(words)
}

/// A row of a list of businesses.
pub fn business(cells: &mut RowCells<'_>) -> Listed {
    let id = cells.id(F::IdNumber);
    let name = cells.person_name(F::Name);
    let business = business_words(cells);
    let note = cells.note();
    let at = cells.at;
    let Some(id) = id.filter(|_| !cells.failed()) else { return Listed::default() };
    match business {
        Some(mut job) => {
            job.note = note;
            let facts = PersonFacts::default();
            Listed { jobs: vec![JobRow { at, kind: SheetKind::Business, id, name, job, facts }], ..Listed::default() }
        }
        None => Listed { idle: Some(IdleRow { note, ..idle(cells, id, name, None) }), ..Listed::default() },
    }
}

/// The business in the columns of another list.
fn business_beside(cells: &mut RowCells<'_>) -> Option<JobWords> {
    [F::BusinessProject, F::BusinessName, F::BusinessStart]
        .iter()
        .any(|field| cells.has_column(*field))
        .then_some(())?;
    business_words(cells)
}
