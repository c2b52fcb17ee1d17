//! Whom does an employer employ, and which of their months count for the subsidy?
//!
//! Invariant: an employer sees those whose jobs are on record with it, as far as the job goes: name, post, days, pay, contract; nothing
//! else of the person, and nobody whose data may only be stored. Months count at park tenants only, while the tenancy
//! lasts. Cost: the jobs of a year and one look at each person's name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::error::{AppError, FieldCode, FieldError};
use super::ledgers::Ledger;
use super::ledgers::choice::{Offered, places};
use super::referrals::moves::{self, Request};
use super::referrals::spell_referral;
use super::referrals::view::Viewer;
use super::steps::By;
use super::{Connection, Keyring, Moment, settings, spells};
use crate::db::spells::{self as rows, SpellData, SpellRow};
use crate::db::{employers, residents};
use crate::domain::codes::EmployerKind;
use crate::domain::referral::{ReferralReason, ReferralState};
use crate::domain::subsidy::{Job, SubsidyMonth, SubsidyRules, months_of, verdict};
use crate::domain::text::Label;
use crate::ledger::sheet::Value;

/// One person with one employer in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    pub resident_id: i64,
    /// The job, the latest of the year.
    pub spell_id: i64,
    pub name: String,
    pub employer: String,
    pub job_title: Option<String>,
    pub start_on: NaiveDate,
    /// First day out of the job.
    pub end_on: Option<NaiveDate>,
    pub part_time: bool,
    /// Yuan.
    pub monthly_income: Option<i64>,
    pub contract_until: Option<NaiveDate>,
    /// January to December; empty where the employer is no park tenant.
    pub months: Vec<Option<SubsidyMonth>>,
}

impl Worker {
    /// How many months count.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.months.iter().filter(|month| **month == Some(SubsidyMonth::Counts)).count()
    }

    /// Whether the person is at work there on a day.
    #[must_use]
    pub fn is_at_work(&self, on: NaiveDate) -> bool {
        self.start_on <= on && self.end_on.is_none_or(|end| on < end)
    }
}

/// The workers of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    pub year: i32,
    /// Whether any of the employers is a park tenant, so that months can count.
    pub has_subsidy: bool,
    /// The rule of the year's last month that has begun.
    pub rules: SubsidyRules,
    /// At work first, then who came last.
    pub workers: Vec<Worker>,
}

/// The people these employers employed in a year, known by today.
///
/// # Errors
/// If the database fails.
pub fn of_employers(conn: &mut Connection, employers: &[i64], year: i32, today: NaiveDate) -> Result<Roster, AppError> {
    let months: Vec<NaiveDate> = months_of(year).collect();
    let (Some(first), Some(next)) = (months.first(), months_of(year + 1).next()) else {
        return Err(FieldError::new("?year", FieldCode::OutOfRange).into());
    };
    let mut rules = Vec::new();
    for month in &months {
        rules.push(settings::subsidy_rules(conn, *month)?);
    }
    let said = months.iter().zip(&rules).rev().find(|(month, _)| **month <= today).map(|(_, rules)| *rules);
    let mut found = rows::of_employers(conn, employers, (*first, next))?;
    // Whoever never began was never employed.
    found.retain(|row| row.data.end_on != Some(row.data.counted_from));
    let firms: BTreeMap<i64, (String, Option<NaiveDate>)> = employers_of(conn, employers)?;
    let mut people: Vec<i64> = found.iter().map(|row| row.data.resident_id).collect();
    people.sort_unstable();
    people.dedup();
    let people = residents::get_many(conn, &people)?.into_iter().filter(|row| !row.data.restricted);
    let names: BTreeMap<i64, String> = people.map(|row| (row.id, row.data.name)).collect();
    let mut jobs: BTreeMap<(i64, i64), Vec<SpellRow>> = BTreeMap::new();
    for row in found {
        if let Some(employer) = row.data.employer_id {
            jobs.entry((employer, row.data.resident_id)).or_default().push(row);
        }
    }
    let mut workers: Vec<Worker> = Vec::new();
    for ((employer, resident), jobs) in jobs {
        let (Some((firm, tenant_until)), Some(name)) = (firms.get(&employer), names.get(&resident)) else { continue };
        let Some(last) = jobs.iter().max_by_key(|row| (row.data.counted_from, row.id)) else { continue };
        let counted = tenant_until.map(|end| jobs.iter().map(|row| job(&row.data, end)).collect::<Vec<Job>>());
        let verdicts = |jobs: Vec<Job>| {
            months.iter().zip(&rules).map(|(month, rules)| verdict(&jobs, *month, *rules, today)).collect()
        };
        workers.push(Worker {
            resident_id: resident,
            spell_id: last.id,
            name: name.clone(),
            employer: firm.clone(),
            job_title: last.data.job_title.clone(),
            start_on: last.data.counted_from,
            end_on: last.data.end_on,
            part_time: last.data.part_time,
            monthly_income: last.data.monthly_income,
            contract_until: last.data.contract_until,
            months: counted.map(verdicts).unwrap_or_default(),
        });
    }
    workers.sort_by_key(|one| (!one.is_at_work(today), std::cmp::Reverse(one.start_on), one.resident_id));
    Ok(Roster {
        year,
        has_subsidy: firms.values().any(|(_, tenant)| tenant.is_some()),
        rules: said.unwrap_or(SubsidyRules { least_days: 0, least_pay: 0 }),
        workers,
    })
}

/// Name, and of a park tenant the day its tenancy ends, by id.
fn employers_of(conn: &mut Connection, ids: &[i64]) -> Result<BTreeMap<i64, (String, Option<NaiveDate>)>, AppError> {
    let tenant = |data: &employers::EmployerData| {
        (data.kind == EmployerKind::Tenant).then_some(data.tenant_until.unwrap_or(NaiveDate::MAX))
    };
    let found = employers::get_many(conn, ids)?.into_iter();
    Ok(found.map(|row| (row.id, (row.data.name.clone(), tenant(&row.data)))).collect())
}

/// The job as the subsidy's rule looks at it: no longer than the tenancy.
fn job(data: &SpellData, tenant_until: NaiveDate) -> Job {
    let leaves = tenant_until.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    let until = data.end_on.map_or(leaves, |end| end.min(leaves));
    Job { from: data.counted_from, until: Some(until), pay: data.monthly_income }
}

/// Notes that somebody has left, as the employer says; the job's referral ends with it. Gives whom it is about.
///
/// # Errors
/// `NotFound`; refused if the job has ended; `Invalid` for a day before it began or after today, and for a reason that is not the
/// employer's to give.
pub fn leaver(
    conn: &mut Connection,
    keys: &Keyring,
    (spell, reason, on): (i64, ReferralReason, NaiveDate),
    moment: Moment,
    by: By,
) -> Result<i64, AppError> {
    if on > moment.1 {
        return Err(FieldError::new("/ended_on", FieldCode::InTheFuture).into());
    }
    if !reason.serves(ReferralState::Ended) || reason.is_private() {
        return Err(FieldError::new("/reason", FieldCode::NotInList).into());
    }
    let data = rows::get(conn, spell)?.data;
    match spell_referral(conn, spell)?.filter(|(_, state)| *state == ReferralState::Hired) {
        Some((referral, from)) => {
            let request =
                Request { reason: Some(reason), ended_on: Some(on), ..Request::plain(from, ReferralState::Ended) };
            let own = Viewer::Employers(data.employer_id.into_iter().collect());
            moves::make(conn, keys, &own, referral, &request, moment, by)
        }
        None => {
            spells::finish(conn, spell, (on, "/ended_on"), moment)?;
            Ok(data.resident_id)
        }
    }
}

/// Whose data a roster shows.
#[must_use]
pub fn shown(roster: &Roster) -> BTreeSet<i64> {
    roster.workers.iter().map(|worker| worker.resident_id).collect()
}

/// What the columns of a roster are; those of months where months can count.
pub const COLUMNS: &[Offered] = &[
    Offered::open("name", "姓名", "name"),
    Offered::open("employer", "用人单位", "employer"),
    Offered::open("job_title", "岗位", "job"),
    Offered::open("start_on", "上岗日期", "since"),
    Offered::open("end_on", "离岗日期", "until"),
    Offered::open("work_form", "用工形式", "full or part time"),
    Offered::open("income", "月收入（元）", "monthly income (yuan)"),
    Offered::open("contract_until", "合同到期", "contract until"),
    Offered::open("month_1", "1月", "January"),
    Offered::open("month_2", "2月", "February"),
    Offered::open("month_3", "3月", "March"),
    Offered::open("month_4", "4月", "April"),
    Offered::open("month_5", "5月", "May"),
    Offered::open("month_6", "6月", "June"),
    Offered::open("month_7", "7月", "July"),
    Offered::open("month_8", "8月", "August"),
    Offered::open("month_9", "9月", "September"),
    Offered::open("month_10", "10月", "October"),
    Offered::open("month_11", "11月", "November"),
    Offered::open("month_12", "12月", "December"),
    Offered::open("months_counted", "计入补贴月数", "months counted"),
];

/// How many of [`COLUMNS`] come before the months.
const BEFORE_MONTHS: usize = 8;

pub const NAME: Label = Label { zh: "在岗名册", en: "people at work" };

/// The roster with these columns, in this order, in Chinese: it is handed in. Where none is named, with all that its employers have.
///
/// # Errors
/// At `/columns` for a code that is none, or comes twice.
pub fn table(roster: &Roster, codes: &[&str]) -> Result<Ledger, FieldError> {
    let places = match (codes.is_empty(), roster.has_subsidy) {
        (false, _) => places(COLUMNS, codes)?,
        (true, true) => (0..COLUMNS.len()).collect(),
        (true, false) => (0..BEFORE_MONTHS).collect(),
    };
    let head = |place: &usize| match COLUMNS[*place].code {
        "months_counted" => format!("{}年计入补贴月数", roster.year),
        _ => COLUMNS[*place].label.zh.to_owned(),
    };
    let row = |worker: &Worker| {
        let cells = cells(worker);
        places.iter().map(|place| cells[*place].clone()).collect()
    };
    Ok(Ledger {
        name: format!("{}年在岗名册", roster.year),
        heads: places.iter().map(head).collect(),
        rows: roster.workers.iter().map(row).collect(),
        shown: shown(roster).into_iter().collect(),
    })
}

/// The cells of a worker, one for each of [`COLUMNS`].
fn cells(worker: &Worker) -> Vec<Value> {
    let mut cells = vec![
        Value::text(&worker.name),
        Value::text(&worker.employer),
        Value::text(worker.job_title.as_deref().unwrap_or_default()),
        Value::Day(worker.start_on),
        worker.end_on.map_or(Value::Nothing, Value::Day),
        Value::text(if worker.part_time { "非全日制" } else { "全日制" }),
        worker.monthly_income.map_or(Value::Nothing, Value::Number),
        worker.contract_until.map_or(Value::Nothing, Value::Day),
    ];
    cells.extend(worker.months.iter().map(|month| Value::text(&month.map_or(String::new(), in_cell))));
    cells.resize(COLUMNS.len() - 1, Value::Nothing);
    let counted = || Value::Number(i64::try_from(worker.counted()).unwrap_or_default());
    cells.push(if worker.months.is_empty() { Value::Nothing } else { counted() });
    cells
}

fn in_cell(month: SubsidyMonth) -> String {
    match month {
        SubsidyMonth::Counts => "计入".to_owned(),
        SubsidyMonth::TooFewDays(days) => format!("{days}天"),
        SubsidyMonth::PayTooLow => "收入不足".to_owned(),
        SubsidyMonth::PayUnknown => "收入未登记".to_owned(),
    }
}
