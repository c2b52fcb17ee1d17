//! The one table of columns: code, names, whether it opens what is sealed, and the value.
//!
//! The Chinese names are those the importer knows, where it knows the thing, so that a ledger that was handed out can be handed in.

use super::LedgerKind;
use super::lists::{Home, Job, Line, Person};
use crate::domain::ages::completed_years;
use crate::domain::codes::{Channel, CoverageState, Health, Region};
use crate::domain::subsidy::SubsidyMonth;
use crate::domain::text::{Label, Lang};
use crate::ledger::sheet::Value;

/// See the module.
#[derive(Debug)]
pub struct Column {
    pub code: &'static str,
    pub label: Label,
    /// An ID number or a phone.
    pub is_personal: bool,
    pub value: fn(&Line, Lang) -> Value,
}

macro_rules! columns {
    ($($code:literal, $zh:literal, $en:literal, $personal:literal, $value:expr;)+) => {
        /// Every column, in the order they are offered.
        pub const COLUMNS: &[Column] = &[
            $(Column { code: $code, label: Label { zh: $zh, en: $en }, is_personal: $personal, value: $value },)+
        ];
    };
}

columns! {
    "community", "社区", "community", false, |line, _| home(line, |home| text(&home.community));
    "grid", "网格", "grid", false, |line, _| home(line, |home| text(&home.place.grid));
    "building", "楼栋", "building", false, |line, _| home(line, |home| text(&home.place.building));
    "unit", "单元房号", "unit", false, |line, _| home(line, |home| maybe(home.place.unit.as_ref()));
    "household_code", "户编号", "household code", false, |line, _| home(line, |home| maybe(home.place.code.as_ref()));
    "head_name", "户主姓名", "head", false, |line, _| home(line, |home| maybe(home.place.head_name.as_ref()));
    "township", "迁出地", "home township", false, |line, _| home(line, |home| maybe(home.place.township.as_ref()));
    "monitoring", "监测对象类别", "monitoring class", false, |line, lang| home(line, |home| label(home.data.monitoring_class.label(), lang));
    "recognised_on", "类别认定日期", "class recognised on", false, |line, _| home(line, |home| day(home.data.recognised_on));
    "helper", "帮扶责任人", "helper", false, |line, _| home(line, |home| maybe(home.data.helper_name.as_ref()));
    "coverage", "覆盖状态", "coverage", false, |line, lang| home(line, |home| label(home.coverage.state.label(), lang));
    "coverage_why", "状态说明", "why", false, coverage_why;
    "labour", "劳动力数量", "employable members", false, |line, _| home(line, |home| count(home.labour));
    "willing", "有就业意愿人数", "willing members without work", false, |line, _| home(line, |home| count(home.willing));
    "at_work", "已就业人数", "members at work", false, |line, _| home(line, |home| count(home.workers.len()));
    "workers", "已就业人员姓名", "who works", false, |line, _| home(line, |home| text(&home.workers.join("、")));
    "name", "姓名", "name", false, |line, _| person(line, |person| text(&person.data.name));
    "relation", "与户主关系", "relation", false, |line, lang| person(line, |person| code(person.relation.map(|x| x.label()), lang));
    "sex", "性别", "sex", false, |line, lang| person(line, |person| label(person.data.sex.label(), lang));
    "id_number", "身份证号", "ID number", true, |line, _| person(line, |person| maybe(person.id_number.as_ref()));
    "birth_date", "出生日期", "birth date", false, |line, _| person(line, |person| Value::Day(person.data.birth_date));
    "age", "年龄", "age", false, |line, _| person(line, |person| Value::Number(completed_years(person.data.birth_date, line.as_of).into()));
    "phone", "联系电话", "phone", true, |line, _| person(line, |person| maybe(person.phone.as_ref()));
    "ethnicity", "民族", "ethnicity", false, |line, _| person(line, |person| maybe(person.data.ethnicity.as_ref()));
    "education", "文化程度", "education", false, |line, lang| person(line, |person| code(person.data.education.map(|x| x.label()), lang));
    "health", "健康状况", "health", false, |line, lang| person(line, |person| code(person.data.health.map(|x| x.label()), lang));
    "disabled", "是否残疾人", "disabled", false, |line, lang| person(line, |person| yes(person.data.health.map(|x| x == Health::Disabled), lang));
    "labour_class", "劳动技能", "labour class", false, |line, lang| person(line, |person| code(person.data.labour_class.map(|x| x.label()), lang));
    "school", "在校生状况", "school", false, |line, lang| person(line, |person| code(person.data.school_status.map(|x| x.label()), lang));
    "absence", "离家状态", "away", false, |line, lang| person(line, |person| code(person.data.absence.map(|x| x.label()), lang));
    "is_willing", "就业意愿", "willing to work", false, |line, lang| person(line, |person| willing(person.data.willing, lang));
    "willing_to_train", "培训意愿", "willing to train", false, |line, lang| person(line, |person| willing(person.data.willing_to_train, lang));
    "expected_pay", "期望月薪", "expected pay", false, |line, _| person(line, |person| number(person.data.expected_pay));
    "status", "就业状态", "at work", false, status;
    "employable", "是否可就业", "employable", false, |line, lang| person(line, |person| yes(Some(person.is_employable), lang));
    "trained", "所受培训", "trained", false, |line, _| person(line, |person| maybe(person.trained.as_ref()));
    "channel", "就业渠道", "channel", false, |line, lang| job(line, |job| label(job.data.channel.label(), lang));
    "region", "就业地域", "region", false, |line, lang| job(line, |job| code(job.data.region.map(Region::label), lang));
    "employer", "就业单位", "employer", false, |line, _| job(line, |job| maybe(job.employer.as_ref()));
    "employer_kind", "就业单位性质", "kind of employer", false, |line, lang| job(line, |job| code(job.employer_kind.map(|x| x.label()), lang));
    "job_title", "就业岗位", "job", false, |line, _| job(line, |job| maybe(job.data.job_title.as_ref()));
    "job_place", "就业地址", "place of work", false, |line, _| job(line, |job| maybe(job.data.place.as_ref()));
    "start_on", "起始时间", "since", false, |line, _| job(line, |job| day(job.data.start_on));
    "end_on", "结束时间", "until", false, |line, _| job(line, |job| day(job.data.end_on));
    "income", "月收入", "monthly income", false, |line, _| job(line, |job| number(job.data.monthly_income));
    "contract_until", "合同到期日", "contract until", false, |line, _| job(line, |job| day(job.data.contract_until));
    "evidence", "佐证材料", "evidence", false, |line, _| job(line, |job| maybe(job.data.evidence.as_ref()));
    "verified_on", "核实日期", "verified on", false, |line, _| job(line, |job| day(job.data.verified_on));
    "part_time", "是否兼职", "part-time", false, |line, lang| job(line, |job| yes(Some(job.data.part_time), lang));
    "business", "创业单位", "own business", false, |line, _| own(line, |job| maybe(job.employer.as_ref()));
    "business_project", "创业项目", "business", false, |line, _| own(line, |job| maybe(job.data.job_title.as_ref()));
    "business_place", "创业地址", "place of the business", false, |line, _| own(line, |job| maybe(job.data.place.as_ref()));
    "business_start", "创业起始日期", "business since", false, |line, _| own(line, |job| day(job.data.start_on));
    "business_end", "创业终止日期", "business until", false, |line, _| own(line, |job| day(job.data.end_on));
    "months_counted", "计入补贴月数", "months counted", false, |line, _| line.months.as_ref().map_or(Value::Nothing, |months| count(counted(months)));
    "months", "各月情况", "month by month", false, months;
    "course_kind", "培训类型", "kind of training", false, |line, _| line.course.as_ref().map_or(Value::Nothing, |course| maybe(course.kind.as_ref()));
    "course", "培训工种", "course", false, |line, _| line.course.as_ref().map_or(Value::Nothing, |course| text(&course.name));
    "course_provider", "培训单位名称", "provider", false, |line, _| line.course.as_ref().map_or(Value::Nothing, |course| maybe(course.provider.as_ref()));
    "course_place", "培训地址", "place of the course", false, |line, _| line.course.as_ref().map_or(Value::Nothing, |course| maybe(course.place.as_ref()));
    "course_start", "培训起始日期", "course from", false, |line, _| line.course.as_ref().map_or(Value::Nothing, |course| day(course.first_on));
    "course_end", "培训终止日期", "course until", false, |line, _| line.course.as_ref().map_or(Value::Nothing, |course| day(course.last_on));
    "course_state", "课程结果", "result", false, |line, lang| line.course.as_ref().map_or(Value::Nothing, |course| code(course.state.map(|x| x.label()), lang));
    "visit_on", "走访日期", "visited on", false, |line, _| line.visit.as_ref().map_or(Value::Nothing, |visit| Value::Day(visit.on));
    "visit_channel", "走访方式", "how", false, |line, lang| line.visit.as_ref().map_or(Value::Nothing, |visit| label(visit.channel.label(), lang));
    "visit_found", "走访发现", "found", false, visit_found;
    "visit_next", "下一步", "next step", false, |line, lang| line.visit.as_ref().map_or(Value::Nothing, |visit| code(visit.next_step.map(|x| x.label()), lang));
    "visit_next_on", "下一步日期", "next step on", false, |line, _| line.visit.as_ref().map_or(Value::Nothing, |visit| day(visit.next_on));
    "posting", "推荐岗位", "posting", false, |line, _| line.referral.as_ref().map_or(Value::Nothing, |referral| text(&referral.posting));
    "posting_employer", "推荐企业", "employer of the posting", false, |line, _| line.referral.as_ref().map_or(Value::Nothing, |referral| text(&referral.employer));
    "referral_state", "推荐进展", "stands at", false, |line, lang| line.referral.as_ref().map_or(Value::Nothing, |referral| label(referral.state.label(), lang));
    "referred_on", "转介日期", "referred on", false, |line, _| line.referral.as_ref().map_or(Value::Nothing, |referral| day(referral.referred_on));
    "referral_moved_on", "最近进展日期", "last step on", false, |line, _| line.referral.as_ref().map_or(Value::Nothing, |referral| Value::Day(referral.moved_on));
}

/// The columns a ledger has unless others are asked for; none of them opens what is sealed.
#[must_use]
pub fn template(kind: LedgerKind) -> Vec<&'static Column> {
    const HOME: &[&str] = &["community", "grid", "building", "unit", "household_code", "head_name"];
    const PERSON: &[&str] = &["name", "relation", "sex", "birth_date", "age", "education", "labour_class"];
    const JOB: &[&str] = &["channel", "region", "employer", "job_title", "start_on", "income", "contract_until"];
    const WHOLE: &[&str] =
        &["township", "monitoring", "coverage", "coverage_why", "labour", "willing", "at_work", "workers", "helper"];
    let more: &[&[&str]] = match kind {
        LedgerKind::People => &[PERSON, &["school", "is_willing", "status", "employable"], JOB],
        LedgerKind::Employed => &[PERSON, JOB],
        LedgerKind::NotEmployed => &[PERSON, &["is_willing", "willing_to_train", "expected_pay", "trained"]],
        LedgerKind::ToHelp | LedgerKind::NoLabour | LedgerKind::Unwilling | LedgerKind::Helped => &[WHOLE],
        LedgerKind::ParkRoster => &[PERSON, JOB, &["months_counted", "months"]],
        LedgerKind::Training => &[
            PERSON,
            &["course_kind", "course", "course_provider", "course_place", "course_start", "course_end", "course_state"],
        ],
        LedgerKind::Visits => &[&["visit_on", "visit_channel", "visit_found", "visit_next", "visit_next_on"]],
        LedgerKind::Recommendations => {
            &[PERSON, &["posting", "posting_employer", "referral_state", "referred_on", "referral_moved_on"]]
        }
    };
    let codes = HOME.iter().chain(more.iter().copied().flatten());
    codes.filter_map(|code| COLUMNS.iter().find(|column| column.code == *code)).collect()
}

fn home(line: &Line, value: impl FnOnce(&Home) -> Value) -> Value {
    line.home.as_ref().map_or(Value::Nothing, value)
}

fn person(line: &Line, value: impl FnOnce(&Person) -> Value) -> Value {
    line.person.as_ref().map_or(Value::Nothing, value)
}

fn job(line: &Line, value: impl FnOnce(&Job) -> Value) -> Value {
    line.job.as_ref().map_or(Value::Nothing, value)
}

/// Of one's own business.
fn own(line: &Line, value: impl FnOnce(&Job) -> Value) -> Value {
    line.job.as_ref().filter(|job| job.data.channel == Channel::SelfEmployed).map_or(Value::Nothing, value)
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn maybe(text: Option<&String>) -> Value {
    text.map_or(Value::Nothing, |text| Value::text(text))
}

fn label(label: Label, lang: Lang) -> Value {
    Value::text(label.get(lang))
}

fn code(found: Option<Label>, lang: Lang) -> Value {
    found.map_or(Value::Nothing, |found| label(found, lang))
}

fn day(day: Option<chrono::NaiveDate>) -> Value {
    day.map_or(Value::Nothing, Value::Day)
}

fn number(number: Option<i64>) -> Value {
    number.map_or(Value::Nothing, Value::Number)
}

fn count(n: usize) -> Value {
    Value::Number(i64::try_from(n).unwrap_or(i64::MAX))
}

fn yes(is: Option<bool>, lang: Lang) -> Value {
    code(is.map(|is| if is { Label { zh: "是", en: "yes" } } else { Label { zh: "否", en: "no" } }), lang)
}

fn willing(is: Option<bool>, lang: Lang) -> Value {
    code(is.map(|is| if is { Label { zh: "愿意", en: "yes" } } else { Label { zh: "不愿意", en: "no" } }), lang)
}

fn status(line: &Line, lang: Lang) -> Value {
    let said = |person: &Person| match person.is_at_work {
        true => Label { zh: "已就业", en: "at work" },
        false => Label { zh: "未就业", en: "not at work" },
    };
    person(line, |person| label(said(person), lang))
}

fn coverage_why(line: &Line, lang: Lang) -> Value {
    home(line, |home| {
        let found = &home.coverage;
        match found.state {
            CoverageState::Covered => code(found.channel.map(Channel::label), lang),
            CoverageState::Uncovered => code(found.need.map(|need| need.label()), lang),
            CoverageState::Exempt => code(found.exempt_reason.map(|reason| reason.label()), lang),
        }
    })
}

fn visit_found(line: &Line, lang: Lang) -> Value {
    let Some(visit) = &line.visit else { return Value::Nothing };
    let found: Vec<&str> = visit.findings.iter().map(|finding| finding.label().get(lang)).collect();
    text(&found.join(if lang == Lang::Zh { "、" } else { ", " }))
}

fn counted(months: &[Option<SubsidyMonth>]) -> usize {
    months.iter().filter(|month| **month == Some(SubsidyMonth::Counts)).count()
}

/// "1 2 3": the months that count.
fn months(line: &Line, _: Lang) -> Value {
    let Some(months) = &line.months else { return Value::Nothing };
    let counts = (1..).zip(months).filter(|(_, month)| **month == Some(SubsidyMonth::Counts));
    text(&counts.map(|(n, _): (u32, _)| n.to_string()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_column_has_one_code_and_one_name() {
        let codes: BTreeSet<&str> = COLUMNS.iter().map(|column| column.code).collect();
        let names: BTreeSet<&str> = COLUMNS.iter().map(|column| column.label.zh).collect();
        assert_eq!((codes.len(), names.len()), (COLUMNS.len(), COLUMNS.len()));
        for kind in LedgerKind::ALL {
            let columns = template(*kind);
            assert!(columns.len() > 8 && columns.iter().all(|column| !column.is_personal), "{kind:?}");
        }
    }
}
