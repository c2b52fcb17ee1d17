//! Delimited text (CSV and its kin) as spreadsheet programs save it: any separator, any encoding used for Chinese.
//!
//! Invariants: rows are counted as a spreadsheet program counts them, blank lines included; a quotation mark without its partner
//! swallows no rows, but spoils the one it stands in. Cost: one pass, and as much again for each such mark up to a limit.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::cells::{Allowance, Cell, MAX_ROWS, Row, Shape, Sheet};
use super::refusal::Refusal;

/// Lines of a file: a spreadsheet saves a million of them where somebody coloured whole columns.
const MAX_LINES: u32 = 10 * MAX_ROWS;
/// Bytes of a quoted cell: a spreadsheet holds 32,767 characters in one, each of up to four bytes.
const MAX_QUOTED: usize = 4 * 32_767;
/// Bytes of any cell. What is longer than a cell may be is told at its row; this much is no cell at all.
const MAX_CELL: usize = 1024 * 1024;
/// Rows with marks that do not pair before the whole file counts as damaged.
const MAX_SPOILED: usize = 1_000;

/// The one sheet of a delimited text, named `stem`.
///
/// # Errors
/// [`Refusal`] for text that is none, or is past the limits.
pub fn read(text: &str, stem: &str) -> Result<Vec<Sheet>, Refusal> {
    let mut rest = Rest { text, at: 0, delimiter: delimiter(text) };
    let mut rows: Vec<Row> = Vec::new();
    let mut shape = Shape::default();
    let mut allowance = Allowance::default();
    let (mut row, mut column, mut widest) = (0u32, 0u32, 0u32);
    while rest.at < text.len() {
        let cell = rest.cell(widest);
        if cell.text.len() > MAX_CELL {
            return Err(Refusal::CellTooLong);
        }
        if cell.is_spoiled {
            shape.spoiled_rows.insert(row + 1);
            if shape.spoiled_rows.len() > MAX_SPOILED {
                return Err(Refusal::Truncated);
            }
        }
        if !cell.text.trim().is_empty() {
            allowance.put(&mut rows, row, column, Cell::Text(unquote(&cell.text).into()))?;
            widest = widest.max(column + 1);
        }
        column = column.saturating_add(1);
        if cell.ends_row {
            (row, column) = (row + 1, 0);
            if row > MAX_LINES {
                return Err(Refusal::TooManyCells);
            }
        }
    }
    if rows.is_empty() {
        return Err(Refusal::Empty);
    }
    for row in &mut rows {
        row.cells.shrink_to_fit();
    }
    Ok(vec![Sheet { name: stem.to_owned(), rows, shape }])
}

/// What is still to be read.
struct Rest<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
}

struct Written<'a> {
    text: Cow<'a, str>,
    ends_row: bool,
    /// A quotation mark has no partner.
    is_spoiled: bool,
}

impl<'a> Rest<'a> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The next cell. A row of `widest` cells within quotation marks is no text but a row.
    fn cell(&mut self, widest: u32) -> Written<'a> {
        let is_quoted = self.byte(self.at) == Some(b'"');
        let (text, end, is_spoiled) = match is_quoted.then(|| self.quoted(widest)).flatten() {
            Some((text, end)) => (text, end, false),
            None => {
                let end = self.end_of_plain(self.at);
                (Cow::Borrowed(&self.text[self.at..end]), end, is_quoted)
            }
        };
        let ends_row = self.byte(end) != Some(self.delimiter);
        let is_pair = self.byte(end) == Some(b'\r') && self.byte(end + 1) == Some(b'\n');
        self.at = end + 1 + usize::from(is_pair);
        Written { text, ends_row, is_spoiled }
    }

    fn is_end(&self, at: usize) -> bool {
        self.byte(at).is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\r' | b'\n'))
    }

    fn end_of_plain(&self, from: usize) -> usize {
        (from..).find(|&at| self.is_end(at)).unwrap_or(self.text.len())
    }

    /// A cell between quotation marks, and where it ends; `None` if the marks do not pair.
    fn quoted(&self, widest: u32) -> Option<(Cow<'a, str>, usize)> {
        let start = self.at + 1;
        let mut at = start;
        let mut is_doubled = false;
        let close = loop {
            match self.byte(at)? {
                b'"' if self.byte(at + 1) == Some(b'"') => {
                    is_doubled = true;
                    at += 2;
                }
                b'"' => break at,
                _ => at += 1,
            }
            if at - start > MAX_QUOTED {
                return None;
            }
        };
        let blanks = self.text.as_bytes()[close + 1..].iter().take_while(|byte| **byte == b' ').count();
        let text = &self.text[start..close];
        if !self.is_end(close + 1 + blanks) || self.holds_a_row(text, widest) {
            return None;
        }
        let text = if is_doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) };
        Some((text, close + 1 + blanks))
    }

    /// Whether one of several lines has the separators of a row.
    fn holds_a_row(&self, text: &str, widest: u32) -> bool {
        let least = widest.saturating_sub(1).max(2) as usize;
        let separators = |line: &str| line.bytes().filter(|byte| *byte == self.delimiter).count();
        text.contains('\n') && text.lines().any(|line| separators(line) >= least)
    }
}

/// The text of a file: byte order mark, then strict UTF-8, then GB18030, which contains GBK and GB2312.
///
/// # Errors
/// [`Refusal::Encoding`] for any other encoding and for what is no text.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let text = decode_any(bytes)?;
    if text.contains('\0') { Err(Refusal::Encoding) } else { Ok(text) }
}

fn decode_any(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return strict(encoding, &bytes[length..]);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
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

fn strict<'a>(encoding: &'static encoding_rs::Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, Refusal> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(Refusal::Encoding)
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
