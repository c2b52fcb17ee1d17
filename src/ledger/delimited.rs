//! Delimited text (CSV and its kin) as spreadsheet programs save it: any separator, any encoding used for Chinese.
//!
//! Invariant: rows are counted as a spreadsheet program counts them, blank lines included. Cost: one pass.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::cells::{Allowance, Cell, Row, Sheet};
use super::refusal::Refusal;

/// The one sheet of a delimited text, named `stem`.
///
/// # Errors
/// [`Refusal`] for text that is none, or is past the limits.
pub fn read(text: &str, stem: &str) -> Result<Vec<Sheet>, Refusal> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut allowance = Allowance::default();
    let mut row = 0u32;
    for record in reader.records() {
        let record = record.map_err(|_| Refusal::Truncated)?;
        row = row.saturating_add(blank_lines(text, &record));
        for (column, field) in record.iter().enumerate() {
            if field.trim().is_empty() {
                continue;
            }
            let column = u32::try_from(column).map_err(|_| Refusal::TooManyCells)?;
            allowance.put(&mut rows, row, column, Cell::Text(unquote(field).into()))?;
        }
        row = row.saturating_add(1);
    }
    if rows.is_empty() {
        Err(Refusal::Empty)
    } else {
        Ok(vec![Sheet { name: stem.to_owned(), rows, ..Sheet::default() }])
    }
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

/// The text of a file: byte order mark, then strict UTF-8, then GB18030, which contains GBK and GB2312.
///
/// # Errors
/// [`Refusal::Encoding`] for any other encoding and for what is no text.
pub fn decode(bytes: &[u8]) -> Result<String, Refusal> {
    let text = decode_any(bytes)?;
    if text.contains('\0') { Err(Refusal::Encoding) } else { Ok(text) }
}

fn decode_any(bytes: &[u8]) -> Result<String, Refusal> {
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
