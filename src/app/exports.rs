//! Lists to take along: what is on a page, as a spreadsheet.
//!
//! Invariant: a list holds the rows the caller's reach holds and no column that its page does not show; nothing in it is run by
//! a spreadsheet program ([`crate::ledger::list`]). Cost: one scan of what it lists.

use chrono::NaiveDate;

use super::coverage::{self, report::ListFilter};
use super::error::AppError;
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
    fn new(name: Label, heads: &[Label], lang: Lang) -> Self {
        Self { name: name.get(lang), heads: heads.iter().map(|head| head.get(lang)).collect(), rows: Vec::new() }
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

macro_rules! heads {
    ($($zh:literal, $en:literal;)+) => { [$(Label { zh: $zh, en: $en }),+] };
}

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
    let heads = heads! {
        "日期", "day";
        "户编号", "household code";
        "户主", "head";
        "网格", "grid";
        "楼栋", "building";
        "单元", "unit";
        "原乡镇", "home township";
        "状态", "state";
        "不计入的原因", "not counted because";
        "未覆盖的情况", "uncovered because";
        "就业渠道", "channel";
        "单人就业风险", "single earner at risk";
        "风险日期", "on";
        "记录矛盾", "conflicting records";
    };
    let mut table = Table::new(Label { zh: "住户名单", en: "households" }, &heads, lang);
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
    let heads = heads! {
        "岗位编号", "posting code";
        "企业名称", "employer";
        "岗位名称", "title";
        "状态", "status";
        "就业渠道", "channel";
        "招聘人数", "places";
        "已在岗", "filled";
        "空缺", "vacancies";
        "计薪方式", "paid by";
        "薪资下限", "pay from";
        "薪资上限", "pay to";
        "班次", "shift";
        "工作地点", "place";
        "有效期起", "valid from";
        "有效期止", "valid until";
        "最近确认", "confirmed on";
    };
    let mut table = Table::new(Label { zh: "岗位名单", en: "postings" }, &heads, lang);
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
