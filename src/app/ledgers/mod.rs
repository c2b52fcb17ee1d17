//! Ledgers by template: who works, who does not, whom to help, who was helped, trained, visited, recommended; as a spreadsheet with the
//! columns somebody wants, in the order somebody wants.
//!
//! Map: [`columns`] is the one table of columns, [`choice`] the lists whose columns may be chosen, [`lists`] which lines a ledger holds,
//! [`views`] what somebody saved.
//!
//! Invariants: a ledger of households or people holds exactly those the figure of the same name counts; a cell is text, a number or a
//! day, never a formula; ID numbers and phones are opened only for who may read personal data and says why, and are written down with
//! the persons. Cost: one scan of the facts, the rows of those listed.

pub mod choice;
pub mod columns;
mod events;
pub mod lists;
pub mod views;

use chrono::NaiveDate;

pub use self::choice::{ListKind, Offered};
use self::columns::Column;
use self::lists::Line;
use super::error::{AppError, FieldError};
use super::exports::Form;
use super::{Connection, Keyring};
use crate::domain::codes::code_list;
use crate::domain::text::Lang;
use crate::ledger::sheet::{self, Value};

code_list! {
    /// A ledger.
    LedgerKind {
        People = "people", "全部人员台账", "everybody";
        Employed = "employed", "已就业人员台账", "people at work";
        NotEmployed = "not_employed", "未就业劳动力台账", "employable people without a job";
        ToHelp = "to_help", "待帮扶户台账", "households to help";
        NoLabour = "no_labour", "无劳动力户台账", "households in which nobody can work";
        Unwilling = "unwilling", "有劳动力无就业意愿户台账", "households unwilling to work";
        Helped = "helped", "已帮扶就业户台账", "households helped into work";
        ParkRoster = "park_roster", "园区在岗名册", "people of the park";
        Training = "training", "培训台账", "training";
        Visits = "visits", "走访台账", "visits";
        Recommendations = "recommendations", "推荐工作台账（人次）", "recommendations in person-times";
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub kind: LedgerKind,
    /// Work is listed from the first of its year.
    pub as_of: NaiveDate,
    pub today: NaiveDate,
    pub columns: Vec<&'static Column>,
    pub lang: Lang,
    /// The areas whose people are listed; `None` = all.
    pub within: Option<Vec<i64>>,
}

/// A ledger with its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    pub name: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Value>>,
    /// Whose data it holds.
    pub shown: Vec<i64>,
}

/// Columns by their codes, in this order; those of the ledger's template where none is named.
///
/// # Errors
/// At `/columns` for a code that is none, or comes twice.
pub fn chosen(kind: LedgerKind, codes: &[&str]) -> Result<Vec<&'static Column>, FieldError> {
    if codes.is_empty() {
        return Ok(columns::template(kind));
    }
    let places = choice::places(&ListKind::Ledger(kind).columns(), codes)?;
    Ok(places.into_iter().map(|place| &columns::COLUMNS[place]).collect())
}

/// The ledger of a day. Whether ID numbers and phones may be in it is the caller's to ask before.
///
/// # Errors
/// If the database fails, or a sealed value does not open.
pub fn ledger(conn: &mut Connection, keys: &Keyring, ask: &Ask) -> Result<Ledger, AppError> {
    let is_opened = ask.columns.iter().any(|column| column.is_personal);
    let lines = lists::lines(conn, ask, is_opened.then_some(keys))?;
    let mut shown: Vec<i64> = lines.iter().filter_map(|line| line.person.as_ref().map(|person| person.id)).collect();
    shown.sort_unstable();
    shown.dedup();
    let row = |line: &Line| ask.columns.iter().map(|column| (column.value)(line, ask.lang)).collect();
    Ok(Ledger {
        name: ask.kind.label().get(ask.lang).to_owned(),
        heads: ask.columns.iter().map(|column| column.label.get(ask.lang).to_owned()).collect(),
        rows: lines.iter().map(row).collect(),
        shown,
    })
}

impl Ledger {
    /// The ledger as a file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, form: Form) -> Result<Vec<u8>, AppError> {
        match form {
            Form::Xlsx => Ok(sheet::write(&self.name, &self.heads, &self.rows).map_err(anyhow::Error::new)?),
            Form::Csv => {
                let rows: Vec<Vec<String>> =
                    self.rows.iter().map(|row| row.iter().map(Value::to_string).collect()).collect();
                let heads: Vec<&str> = self.heads.iter().map(String::as_str).collect();
                Ok(crate::ledger::list::csv(&heads, &rows).map_err(anyhow::Error::from)?)
            }
        }
    }
}
