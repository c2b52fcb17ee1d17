//! Bytes of an upload → sheets of plain cells, whatever the program or encoding they came from.
//!
//! Invariants: limits are checked before memory is spent; empty rows and cells past the last value are not kept; row numbers
//! are those the user sees. Cost: one pass; XLSX cells are streamed, never laid out as a dense rectangle.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use chrono::NaiveDate;

use super::archive;
use super::refusal::Refusal;

/// Largest accepted upload.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
const MAX_ROWS: u32 = 200_000;
const MAX_COLUMNS: u32 = 200;
const MAX_CELLS: usize = 8_000_000;

/// One cell, with formulas replaced by their stored values.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(Box<str>),
    /// Typed as a number; an ID number here has already lost digits.
    Number(f64),
    Date(NaiveDate),
    Bool(bool),
    /// `#REF!` and its kind.
    Error,
}

impl Cell {
    /// The cell as one would type it; empty for empty and error cells.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Empty | Self::Error => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Number(number) => format!("{number}"),
            Self::Date(date) => date.to_string(),
            Self::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A row that has at least one cell with content.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As shown by the spreadsheet program: the first row is 1.
    pub number: u32,
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in a column; cells past the end are empty.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
}

/// Reads an upload. The file name serves only to compare its extension with the content and to name a CSV's one sheet.
///
/// # Errors
/// [`Refusal`] for anything that is not a sound `.xlsx` or `.csv` within the limits.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Vec<Sheet>, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    // Windows paths too: what follows the last separator is the name.
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match extension.to_ascii_lowercase().as_str() {
        "xlsm" | "xltm" | "xlsb" => Err(Refusal::Macros),
        "xls" | "et" => Err(Refusal::OldOrEncrypted),
        "xlsx" if bytes.starts_with(b"PK") => read_xlsx(bytes),
        "xlsx" if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) => Err(Refusal::OldOrEncrypted),
        "xlsx" => Err(Refusal::NotAWorkbook),
        "csv" | "txt" if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) => {
            Err(Refusal::WrongExtension)
        }
        "csv" | "txt" => read_csv(bytes, stem),
        _ => Err(Refusal::WrongExtension),
    }
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    archive::inspect(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::Truncated)?;
    let names = workbook.sheet_names();
    let mut left = MAX_CELLS;
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        // Chart sheets have no cells to read; they are not an error.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&name) else { continue };
        let mut rows: Vec<Row> = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(|_| Refusal::Truncated)? {
            let (row, column) = cell.get_position();
            let value = xlsx_cell(cell.get_value());
            if value.is_empty() {
                continue;
            }
            put(&mut rows, &mut left, row, column, value)?;
        }
        rows.sort_by_key(|row| row.number);
        sheets.push(Sheet { name, rows });
    }
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) { Err(Refusal::Empty) } else { Ok(sheets) }
}

/// Cells come row by row. Padding up to a far column costs memory too, so it counts against the allowance.
fn put(rows: &mut Vec<Row>, left: &mut usize, row: u32, column: u32, value: Cell) -> Result<(), Refusal> {
    if row >= MAX_ROWS || column >= MAX_COLUMNS {
        return Err(Refusal::TooManyCells);
    }
    let number = row + 1;
    if rows.last().is_none_or(|last| last.number != number) {
        rows.push(Row { number, cells: Vec::new() });
    }
    if let Some(last) = rows.last_mut() {
        let column = column as usize;
        if last.cells.len() <= column {
            *left = left.checked_sub(column + 1 - last.cells.len()).ok_or(Refusal::TooManyCells)?;
            last.cells.resize(column + 1, Cell::Empty);
        }
        last.cells[column] = value;
    }
    Ok(())
}

fn xlsx_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.as_str().into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(stamp) => match stamp.as_datetime() {
            Some(date_time) if stamp.is_datetime() => Cell::Date(date_time.date()),
            _ => Cell::Number(stamp.as_f64()),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.as_str().into()),
        DataRef::Error(_) => Cell::Error,
    }
}

fn read_csv(bytes: &[u8], stem: &str) -> Result<Vec<Sheet>, Refusal> {
    let text = decode(bytes)?;
    if text.contains('\0') {
        return Err(Refusal::Encoding);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut left = MAX_CELLS;
    let mut row = 0u32;
    for record in reader.records() {
        let record = record.map_err(|_| Refusal::Truncated)?;
        row = row.saturating_add(blank_lines(&text, &record));
        for (column, field) in record.iter().enumerate() {
            if field.trim().is_empty() {
                continue;
            }
            let column = u32::try_from(column).map_err(|_| Refusal::TooManyCells)?;
            put(&mut rows, &mut left, row, column, Cell::Text(unquote(field).into()))?;
        }
        row = row.saturating_add(1);
    }
    if rows.is_empty() { Err(Refusal::Empty) } else { Ok(vec![Sheet { name: stem.to_owned(), rows }]) }
}

/// Blank lines before a record: the reader skips them silently, a spreadsheet program counts them as rows.
fn blank_lines(text: &str, record: &csv::StringRecord) -> u32 {
    let at = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    // The record before ends with \r\n and its \n is still to be read.
    let half = at > 0 && text.as_bytes()[at - 1] == b'\r' && rest.first() == Some(&b'\n');
    u32::try_from(breaks - usize::from(half)).unwrap_or(u32::MAX)
}

/// Byte order mark, then strict UTF-8, then GB18030, which contains GBK and GB2312.
fn decode(bytes: &[u8]) -> Result<String, Refusal> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return strict(encoding, &bytes[length..]);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // The hint matters for files of a few cells only; a short file may still be taken for another language's, so a title that
    // every ledger has decides too.
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let text = strict(encoding_rs::GB18030, bytes)?;
    let is_ledger = ["姓名", "身份证", "岗位", "楼栋"].iter().any(|title| text.contains(title));
    if guess == encoding_rs::GBK || is_ledger { Ok(text) } else { Err(Refusal::Encoding) }
}

fn strict(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<String, Refusal> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or(Refusal::Encoding)
}

/// The separator that occurs most in the first lines.
fn delimiter(text: &str) -> u8 {
    let head: Vec<u8> = text.lines().take(20).flat_map(str::bytes).collect();
    let count = |wanted: u8| head.iter().filter(|&&byte| byte == wanted).count();
    // The last of equal maxima wins, so the comma stands last.
    [b';', b'\t', b','].into_iter().max_by_key(|&byte| count(byte)).unwrap_or(b',')
}

/// Takes away the apostrophe that exports put before text a spreadsheet would run as a formula or turn into a number.
fn unquote(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || "=+-@\t\r＝＋－＠".contains(c)) => rest,
        _ => field,
    }
}
