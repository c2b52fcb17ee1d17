//! What a cell says in words, cleaned of what is typed for the eye only.
//!
//! Invariants: invisible characters are taken out, and refused where they could make one person's name look like another's;
//! digits a spreadsheet has already rounded away are never taken for a code or a phone.

use unicode_normalization::UnicodeNormalization;

use super::field::Field;
use super::finding::FindingCode;
use super::row::RowCells;
use super::words;
use super::workbook::Cell;
use crate::domain::fold;
use crate::domain::text::Text;

/// Longest text kept from one cell.
pub(super) const MAX_TEXT: usize = 2_000;
/// Longest name of a person, a place or a company.
const MAX_NAME: usize = 100;
/// Whole numbers from here on are not all told apart by a spreadsheet.
const EXACT: f64 = 1e15;

impl RowCells<'_> {
    /// The trimmed text of a cell; `None` if it is empty or says nothing. Numbers become their digits.
    pub fn text(&mut self, field: Field) -> Option<String> {
        let text = self.visible(field)?;
        self.limited(field, text, MAX_TEXT)
    }

    /// A name of a place, company or job: short, NFC; a line broken to fit its cell is one line again.
    pub fn name(&mut self, field: Field) -> Option<String> {
        let text = one_line(&self.visible(field)?);
        self.limited(field, text, MAX_NAME)
    }

    fn visible(&mut self, field: Field) -> Option<String> {
        match self.cell(field) {
            Cell::Error => self.report(FindingCode::CellError, field),
            Cell::Unvalued => self.report(FindingCode::FormulaUnvalued, field),
            _ => {}
        }
        let text: String = self.cell(field).display().nfc().filter(|c| !is_invisible(*c)).collect();
        let text = text.trim();
        (!words::is_nothing(&words::fold(text))).then(|| text.to_owned())
    }

    fn limited(&mut self, field: Field, text: String, limit: usize) -> Option<String> {
        if text.chars().count() > limit || text.chars().any(is_forbidden) {
            self.report(FindingCode::TextNotAllowed, field);
            return None;
        }
        Some(text)
    }

    /// A person's name as it is stored everywhere ([`fold::name`]); `None` too where the cell says that there is none.
    pub fn person_name(&mut self, field: Field) -> Option<String> {
        if self.cell(field).display().chars().any(turns_text) {
            self.report(FindingCode::TextNotAllowed, field);
            return None;
        }
        let text = self.text(field).filter(|text| !says_none(text))?;
        match fold::name(&text) {
            Ok(name) => Some(name),
            Err(_) => {
                self.report(FindingCode::TextNotAllowed, field);
                None
            }
        }
    }

    /// The name of a place.
    pub fn place(&mut self, field: Field) -> Option<String> {
        self.code(field).filter(|text| !says_none(text))
    }

    /// A code or a number by which something is known.
    pub fn code(&mut self, field: Field) -> Option<String> {
        if self.is_rounded(field) {
            self.report(FindingCode::CodeAsNumber, field);
            return None;
        }
        self.name(field).filter(|text| !says_none(text))
    }

    /// Whether a spreadsheet made a number of a cell and lost digits: `5.20603E+17`, in a CSV too.
    fn is_rounded(&self, field: Field) -> bool {
        match self.cell(field) {
            Cell::Number(number) => number.abs() >= EXACT,
            Cell::Text(text) => {
                let Some((digits, power)) = text.trim().split_once(['E', 'e']) else { return false };
                let is_figure = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                is_figure(digits) && power.strip_prefix('+').is_some_and(is_figure)
            }
            _ => false,
        }
    }

    /// A phone as written; one whose digits are lost is told and not taken.
    pub fn phone_text(&mut self, field: Field) -> Option<String> {
        if self.is_rounded(field) {
            let text = Text::new(
                "电话以数字格式录入，末几位已经丢失，未保存，请把该列设为文本格式后重新录入。",
                "The phone was typed as a number and has lost digits; it was not stored. Set the column to text and type it again.",
            );
            self.report_saying(FindingCode::PhoneFormat, field, text);
            return None;
        }
        self.name(field).filter(|text| !says_none(text))
    }

    /// Words about a job, unless they say that there is none.
    pub fn job_text(&mut self, field: Field) -> Option<String> {
        self.text(field).filter(|text| !words::is_no_job(text))
    }

    /// The same as a name.
    pub fn job_name(&mut self, field: Field) -> Option<String> {
        self.name(field).filter(|text| !words::is_no_job(text))
    }

    /// The same of a closed list.
    pub fn job_word<T>(&mut self, field: Field, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        if words::is_no_job(&self.cell(field).display()) { None } else { self.word(field, parse) }
    }

    /// The age a row writes down.
    pub fn age(&self) -> Option<i64> {
        let text: String = self.cell(Field::Age).display().nfkc().collect();
        text.trim().trim_end_matches(['岁', '周']).trim_end().parse().ok().filter(|age| (1..=120).contains(age))
    }
}

fn says_none(text: &str) -> bool {
    matches!(text.trim(), "无" | "没有" | "未知" | "不详")
}

/// Lines joined: Chinese runs on, other words keep a blank between them.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.split(['\n', '\r', '\t']).map(str::trim).filter(|part| !part.is_empty()) {
        let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if is_latin(line.chars().next_back()) && is_latin(part.chars().next()) {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

/// Marks that turn text around: what is shown is then not what is there.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters nobody sees: pasted from a phone, or holding a picture of several together.
pub(super) const fn is_invisible(c: char) -> bool {
    turns_text(c) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Control characters, and what is no character at all; line breaks and tabs are allowed.
pub(super) fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_one_again() {
        assert_eq!(one_line("贵州苗绣\r\n有限公司"), "贵州苗绣有限公司");
        assert_eq!(one_line("Miao\nEmbroidery"), "Miao Embroidery");
        assert_eq!(one_line("1栋\n\n2单元"), "1栋2单元");
    }
}
