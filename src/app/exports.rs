//! Lists to take along: what is on a page, as a spreadsheet.
//!
//! Invariant: a list holds the rows the caller's reach holds and no column that its page does not show; nothing in it is run by
//! a spreadsheet program ([`crate::ledger::list`]). Cost: one scan of what it lists.

use chrono::NaiveDate;

use super::coverage::{self, report::ListFilter};
use super::error::{AppError, FieldError};
use super::ledgers::choice::{Offered, places};
use super::postings::{self, PostingFilter};
use super::{Connection, Db, Page, employers};
use crate::domain::codes::PayKind;
use crate::domain::text::{Label, Lang};
use crate::ledger::list;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Xlsx,
    Csv,
}

impl Form {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Xlsx, Self::Csv].into_iter().find(|form| form.code() == code)
    }

    /// The extension of such a file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A list as text.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: &'static str,
    pub heads: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new(name: Label, columns: &[Offered], lang: Lang) -> Self {
        let heads = columns.iter().map(|column| column.label.get(lang)).collect();
        Self { name: name.get(lang), heads, rows: Vec::new() }
    }

    /// The list with these of its columns, in this order; with all of them where none is named.
    ///
    /// # Errors
    /// At `/columns` for a code that is none, or comes twice.
    pub fn with(self, columns: &[Offered], codes: &[&str]) -> Result<Self, FieldError> {
        if codes.is_empty() {
            return Ok(self);
        }
        let places = places(columns, codes)?;
        let row = |row: &Vec<String>| places.iter().map(|place| row[*place].clone()).collect();
        Ok(Self {
            name: self.name,
            heads: places.iter().map(|place| self.heads[*place]).collect(),
            rows: self.rows.iter().map(row).collect(),
        })
    }

    /// The list as a file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, form: Form) -> Result<Vec<u8>, AppError> {
        match form {
            Form::Xlsx => {
                list::xlsx(self.name, &self.heads, &self.rows).map_err(|error| anyhow::Error::from(error).into())
            }
            Form::Csv => list::csv(&self.heads, &self.rows).map_err(|error| anyhow::Error::from(error).into()),
        }
    }
}

/// What the columns of [`households`] are.
pub const HOUSEHOLDS: &[Offered] = &[
    Offered::open("day", "日期", "day"),
    Offered::open("household_code", "户编号", "household code"),
    Offered::open("head_name", "户主", "head"),
    Offered::open("grid", "网格", "grid"),
    Offered::open("building", "楼栋", "building"),
    Offered::open("unit", "单元", "unit"),
    Offered::open("township", "原乡镇", "home township"),
    Offered::open("state", "状态", "state"),
    Offered::open("exempt_reason", "不计入的原因", "not counted because"),
    Offered::open("need", "未覆盖的情况", "uncovered because"),
    Offered::open("channel", "就业渠道", "channel"),
    Offered::open("risk", "单人就业风险", "single earner at risk"),
    Offered::open("risk_on", "风险日期", "on"),
    Offered::open("contested", "记录矛盾", "conflicting records"),
];

/// What the columns of [`postings()`] are.
pub const POSTINGS: &[Offered] = &[
    Offered::open("posting_code", "岗位编号", "posting code"),
    Offered::open("employer", "企业名称", "employer"),
    Offered::open("title", "岗位名称", "title"),
    Offered::open("status", "岗位状态", "status"),
    Offered::open("channel", "就业渠道", "channel"),
    Offered::open("headcount", "招聘人数", "places"),
    Offered::open("filled", "已在岗人数", "filled"),
    Offered::open("vacancies", "空缺人数", "vacancies"),
    Offered::open("pay_kind", "计薪方式", "paid by"),
    Offered::open("pay_min", "薪资下限", "pay from"),
    Offered::open("pay_max", "薪资上限", "pay to"),
    Offered::open("shift", "班次", "shift"),
    Offered::open("place", "工作地点", "place"),
    Offered::open("valid_from", "有效期起", "valid from"),
    Offered::open("valid_until", "有效期止", "valid until"),
    Offered::open("confirmed_on", "最近确认日期", "confirmed on"),
];

pub const HOUSEHOLDS_NAME: Label = Label { zh: "住户名单", en: "households" };
pub const POSTINGS_NAME: Label = Label { zh: "岗位名单", en: "postings" };

/// The households of a day with their states, and their ids.
///
/// # Errors
/// If the database fails.
pub fn households(
    db: &Db,
    as_of: NaiveDate,
    filter: &ListFilter,
    within: Option<&[i64]>,
    lang: Lang,
) -> Result<(Table, Vec<i64>), AppError> {
    let mut table = Table::new(HOUSEHOLDS_NAME, HOUSEHOLDS, lang);
    let mut ids = Vec::new();
    for line in coverage::households(db, as_of, filter, within)? {
        let (place, found) = (line.place, line.coverage);
        let said = |label: Option<Label>| label.map(|label| label.get(lang).to_owned()).unwrap_or_default();
        let risk = found.single_earner_risk;
        let contested: Vec<&str> = found.contested.iter().map(|reason| reason.label().get(lang)).collect();
        ids.push(place.household);
        table.rows.push(vec![
            as_of.to_string(),
            place.code.unwrap_or_default(),
            place.head_name.unwrap_or_default(),
            place.grid,
            place.building,
            place.unit.unwrap_or_default(),
            place.township.unwrap_or_default(),
            found.state.label().get(lang).to_owned(),
            said(found.exempt_reason.map(|reason| reason.label())),
            said(found.need.map(|need| need.label())),
            said(found.channel.map(|channel| channel.label())),
            said(risk.map(|risk| risk.reason.label())),
            risk.map(|risk| risk.ends_on.to_string()).unwrap_or_default(),
            contested.join(if lang == Lang::Zh { "、" } else { ", " }),
        ]);
    }
    Ok((table, ids))
}

/// Yuan with two decimals, as a spreadsheet's user types them.
fn yuan(fen: Option<i64>) -> String {
    fen.map(|fen| format!("{}.{:02}", fen / 100, fen % 100)).unwrap_or_default()
}

/// Postings of these employers, or of all; with `open_on` those open on a day.
///
/// # Errors
/// If the database fails.
pub fn postings(
    conn: &mut Connection,
    filter: &PostingFilter,
    today: NaiveDate,
    lang: Lang,
) -> Result<Table, AppError> {
    let mut table = Table::new(POSTINGS_NAME, POSTINGS, lang);
    let mut names = std::collections::BTreeMap::new();
    for posting in postings::page(conn, filter, Page::first(i64::MAX), today)? {
        let fields = posting.fields;
        let employer = match names.get(&fields.employer_id) {
            Some(name) => String::clone(name),
            None => {
                let name = employers::get(conn, fields.employer_id)?.fields.name;
                names.insert(fields.employer_id, name.clone());
                name
            }
        };
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        table.rows.push(vec![
            fields.code.unwrap_or_default(),
            employer,
            fields.title,
            posting.status.label().get(lang).to_owned(),
            fields.channel.label().get(lang).to_owned(),
            fields.headcount.to_string(),
            posting.filled.to_string(),
            posting.vacancies.to_string(),
            fields.pay_kind.map(PayKind::label).map(|label| label.get(lang).to_owned()).unwrap_or_default(),
            yuan(fields.pay_min_fen),
            yuan(fields.pay_max_fen),
            fields.shift.map(|shift| shift.label().get(lang).to_owned()).unwrap_or_default(),
            fields.place.unwrap_or_default(),
            fields.valid_from.to_string(),
            day(fields.valid_until),
            day(posting.confirmed_on),
        ]);
    }
    Ok(table)
}
