//! How does the town become files? Three workbooks in the columns of the project's own ledgers, named so that they import
//! in alphabetical order: buildings, then postings, then people whose jobs fill them.
//!
//! Invariants: equal towns give equal bytes (fixed properties, rows in order, no clock); ID and phone cells are text; no file is
//! overwritten unless asked. One row of a sheet is in memory at a time, besides the table of distinct strings.

mod buildings;
mod people;
mod postings;

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Town, TownError};

/// The files of a town in import order.
pub const FILES: [&str; 3] = ["01-楼栋清单.xlsx", "02-岗位清单.xlsx", "03-劳动力台账.xlsx"];

/// One column: its head and its width in characters.
type Column = (&'static str, f64);

/// Writes the three files into `dir`, which is made if it is missing, and returns their paths.
///
/// # Errors
/// [`TownError::Exists`] before anything is written if a file is there and `overwrite` is not set; else what the file system says.
pub fn write(town: &Town, dir: &Path, overwrite: bool) -> Result<Vec<PathBuf>, TownError> {
    let paths: Vec<PathBuf> = FILES.iter().map(|file| dir.join(file)).collect();
    if let Some(path) = paths.iter().find(|path| !overwrite && path.exists()) {
        return Err(TownError::Exists(path.clone()));
    }
    std::fs::create_dir_all(dir).map_err(|source| TownError::Io { path: dir.to_owned(), source })?;
    let workbooks = [buildings::workbook, postings::workbook, people::workbook];
    for ((file, path), workbook) in FILES.iter().zip(&paths).zip(workbooks) {
        let sheet = |source| TownError::Sheet { file, source };
        let mut workbook = workbook(town).map_err(sheet)?;
        let to = create(path, overwrite)?;
        workbook.save_to_writer(BufWriter::new(to)).map_err(sheet)?;
    }
    Ok(paths)
}

/// Somebody else's file that appeared meanwhile is not overwritten either.
fn create(path: &Path, overwrite: bool) -> Result<File, TownError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let options = if overwrite { options.create(true).truncate(true) } else { options.create_new(true) };
    options.open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => TownError::Exists(path.to_owned()),
        _ => TownError::Io { path: path.to_owned(), source },
    })
}

/// A workbook with one sheet: a title row, a row of heads, and the rows that `fill` writes below them.
fn workbook(
    town: &Town,
    sheet: &str,
    columns: &[Column],
    fill: impl FnOnce(&mut Rows) -> Result<(), XlsxError>,
) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // The town's day, so that the bytes do not depend on the clock.
    let as_of = town.plan.as_of;
    let (year, month, day) = (as_of.year_ce().1, as_of.month(), as_of.day());
    let created = ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(u16::MAX), narrow(month), narrow(day))?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(sheet)
            .set_author(super::COMMUNITY)
            .set_comment("虚构数据，仅供演示")
            .set_creation_datetime(&created),
    );
    let worksheet = workbook.add_worksheet_with_low_memory()?;
    worksheet.set_name(sheet)?;
    let text = Format::new().set_num_format("@");
    let head = text.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center);
    for (column, &(_, width)) in columns.iter().enumerate() {
        worksheet.set_column_width(index(column), width)?.set_column_format(index(column), &text)?;
    }
    worksheet.set_freeze_panes(2, 0)?;
    let title = format!("{}{sheet}（{}，虚构数据）", super::COMMUNITY, town.plan.as_of);
    worksheet.write_string(0, 0, title)?;
    for (column, &(name, _)) in columns.iter().enumerate() {
        worksheet.write_string_with_format(1, index(column), name, &head)?;
    }
    fill(&mut Rows { worksheet, text, row: 2 })?;
    Ok(workbook)
}

fn index(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// A month or a day of a month.
fn narrow(part: u32) -> u8 {
    u8::try_from(part).unwrap_or(u8::MAX)
}

/// Writes rows one after the other; what is not there is left empty.
struct Rows<'a> {
    worksheet: &'a mut Worksheet,
    text: Format,
    row: u32,
}

/// The value of one cell.
enum Cell {
    Empty,
    Text(String),
    Number(u32),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<u8> for Cell {
    fn from(number: u8) -> Self {
        Self::Number(u32::from(number))
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::from(if yes { "是" } else { "否" })
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Text(day.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Rows<'_> {
    fn push(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), XlsxError> {
        for (column, cell) in cells.into_iter().enumerate() {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) => {
                    self.worksheet.write_string_with_format(self.row, index(column), text, &self.text)?
                }
                Cell::Number(number) => self.worksheet.write_number(self.row, index(column), number)?,
            };
        }
        self.row += 1;
        Ok(())
    }
}

/// Values of a list cell, with the separator the grammar of the ledgers asks for.
fn list<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    let mut joined = String::new();
    for value in values {
        if !joined.is_empty() {
            joined.push('、');
        }
        joined.push_str(value.as_ref());
    }
    joined
}
