//! A table as a spreadsheet for people outside: a head, rows, nothing that runs.
//!
//! Invariant: text is stored as text and marked so, whatever it begins with: a name like `=1+1` stays a name in the sheet, when
//! its cell is edited and when the sheet is saved in another format.

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(i64),
    Day(NaiveDate),
    Nothing,
}

impl Value {
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Nothing => Ok(()),
        }
    }
}

/// The table as XLSX.
///
/// # Errors
/// If the workbook cannot be written.
pub fn write(name: &str, heads: &[String], rows: &[Vec<Value>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(name)?;
    let bold = Format::new().set_bold().set_text_wrap().set_background_color(Color::RGB(0x00DD_EBF7));
    let text = Format::new().set_num_format("@").set_quote_prefix();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (column, head) in (0u16..).zip(heads) {
        sheet.set_column_width(column, u32::try_from((head.chars().count() * 2 + 4).clamp(8, 24)).unwrap_or(8))?;
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    for (number, row) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            match cell {
                Value::Text(content) => sheet.write_string_with_format(number, column, content, &text)?,
                // Exact up to 2^53; a spreadsheet knows no other numbers.
                Value::Number(value) => sheet.write_number(number, column, *value as f64)?,
                Value::Day(date) => sheet.write_datetime_with_format(number, column, date, &day)?,
                Value::Nothing => continue,
            };
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    workbook.save_to_buffer()
}
