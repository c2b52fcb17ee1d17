//! Dates as people type them: `1974年3月`, `1974.03.05`, `19740305`, `1974/3/5 0:00`, Excel serials.
//!
//! Invariant: a date is a plain day, never an instant; a month alone means its first day and says so; what can be read in two
//! ways is refused rather than guessed.

use chrono::{Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::workbook::Cell;

/// A cell that cannot be read, or only in more than one way. What to say about it is the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cell cannot be read")]
pub struct Unreadable;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadDate {
    pub date: NaiveDate,
    /// Only the year and month were given.
    pub month_only: bool,
}

/// Days between the beginnings of the two systems of day numbers.
const SINCE_1904: f64 = 1_462.0;

/// Words for "no date" or "no end".
const NONE: &[&str] =
    &["无", "至今", "长期", "在岗", "在职", "不详", "未知", "暂无", "无固定期限", "/", "-", "--", "—", "——"];

/// `Ok(None)` for an empty cell or a word for none.
///
/// # Errors
/// For anything that is not one certain day between 1900 and 2099.
pub fn read_date(cell: &Cell) -> Result<Option<ReadDate>, Unreadable> {
    let date = match cell {
        Cell::Empty | Cell::Error | Cell::Unvalued => return Ok(None),
        Cell::Date(date) => Some(day(*date)),
        Cell::Bool(_) => None,
        Cell::Number(number) => from_number(*number),
        Cell::Text(text) => {
            let text: String = text.nfkc().collect();
            let text = text.trim();
            if text.is_empty() || NONE.contains(&text) {
                return Ok(None);
            }
            from_text(text)
        }
    };
    date.filter(|read| (1900..=2099).contains(&chrono::Datelike::year(&read.date))).map(Some).ok_or(Unreadable)
}

const fn day(date: NaiveDate) -> ReadDate {
    ReadDate { date, month_only: false }
}

fn from_number(number: f64) -> Option<ReadDate> {
    let whole = number.trunc();
    if !(0.0..=99_999_999.0).contains(&whole) {
        return None;
    }
    let n = whole as u32;
    match n {
        // 19740305 or 197403 typed into a number cell.
        19_000_101..=20_991_231 | 190_001..=209_912 if number == whole => from_digits(&n.to_string()),
        // 2024.3 is March; 2024.1 may be January or a clipped 2024.10, so it is refused. So is a year alone.
        1900..=2099 => {
            let hundredths = ((number - whole) * 100.0).round() as u32;
            let month = if hundredths.is_multiple_of(10) { hundredths / 10 } else { hundredths };
            if month == 1 && hundredths == 10 { None } else { month_of(i32::try_from(n).ok()?, month) }
        }
        _ => serial(n),
    }
}

/// Day number of a spreadsheet (1900 system; 61 = 1 March 1900, so its phantom leap day does not matter).
fn serial(n: u32) -> Option<ReadDate> {
    if !(61..=73_050).contains(&n) {
        return None;
    }
    from_serial(f64::from(n), false).map(day)
}

/// The day of a day number, as a cell with a date format holds it; `None` for a time of day and for what lies outside the years
/// spreadsheets know.
#[must_use]
pub fn from_serial(number: f64, is_1904: bool) -> Option<NaiveDate> {
    let whole = if is_1904 { number.floor() + SINCE_1904 } else { number.floor() };
    if !(61.0..=2_958_465.0).contains(&whole) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(whole as u64))
}

/// The same cell in a sheet whose days count from 1900: what may be a day number there is one here.
#[must_use]
pub fn counted_from_1900(cell: &Cell) -> Cell {
    match cell {
        Cell::Number(number) if (1.0..=73_050.0 - SINCE_1904).contains(number) && !is_written_year(*number) => {
            Cell::Number(number + SINCE_1904)
        }
        cell => cell.clone(),
    }
}

/// 2024.03 is a month somebody typed, in either system.
fn is_written_year(number: f64) -> bool {
    (1900.0..2100.0).contains(&number)
}

fn from_text(text: &str) -> Option<ReadDate> {
    // A time of day after the date carries nothing.
    let text = text.split_once('T').map_or(text, |(date, _)| date);
    let text = match text.split_once(' ') {
        Some((date, rest)) if rest.contains(':') => date,
        _ => text,
    };
    if text.chars().all(|c| c.is_ascii_digit()) {
        return if text.len() == 5 { serial(text.parse().ok()?) } else { from_digits(text) };
    }
    let mut parts = Vec::with_capacity(3);
    for part in text.split(['年', '月', '日', '号', '.', '-', '/', '、', ' ', '–', '—']) {
        if !part.is_empty() {
            parts.push(part.parse::<u32>().ok()?);
        }
    }
    let year = i32::try_from(*parts.first()?).ok()?;
    match parts[..] {
        [_, month] => month_of(year, month),
        [_, month, d] => NaiveDate::from_ymd_opt(year, month, d).map(day),
        _ => None,
    }
}

fn from_digits(digits: &str) -> Option<ReadDate> {
    let year = digits.get(..4)?.parse().ok()?;
    let month = digits.get(4..6)?.parse().ok()?;
    match digits.len() {
        6 => month_of(year, month),
        8 => NaiveDate::from_ymd_opt(year, month, digits[6..].parse().ok()?).map(day),
        _ => None,
    }
}

fn month_of(year: i32, month: u32) -> Option<ReadDate> {
    NaiveDate::from_ymd_opt(year, month, 1).map(|date| ReadDate { date, month_only: true })
}
