//! Dates as people type them: `1974年3月`, `1974.03.05`, `74.3.5`, `19740305`, `1974/3/5 0:00`, `2025年底`, Excel serials; and from when to
//! when: `2026.3.5-2026.8.31`, `2026年3月至今`.
//!
//! Invariant: a date is a plain day, never an instant; a month alone means its first day and says so; what can be read in two
//! ways is refused rather than guessed.

use chrono::{Datelike, Days, Months, NaiveDate};
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

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadPeriod {
    pub from: ReadDate,
    /// `None` = it goes on, or only its beginning is told.
    pub until: Option<ReadDate>,
}

impl ReadDate {
    /// As the first day out of something that ends with it: whoever leaves in a month was there in that month.
    #[must_use]
    pub fn first_day_out(self) -> NaiveDate {
        if self.month_only { self.date.checked_add_months(Months::new(1)).unwrap_or(self.date) } else { self.date }
    }

    /// Its last day: of a month alone that of the month.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        if self.month_only { self.first_day_out().pred_opt().unwrap_or(self.date) } else { self.date }
    }
}

/// Days between the beginnings of the two systems of day numbers.
const SINCE_1904: f64 = 1_462.0;

/// What stands between the two days of a period.
const BETWEEN: [char; 6] = ['-', '–', '—', '~', '至', '到'];

/// Words for "no date" or "no end".
const NONE: &[&str] = &[
    "无",
    "至今",
    "长期",
    "在岗",
    "在职",
    "不详",
    "未知",
    "暂无",
    "无固定期限",
    "长期有效",
    "长期招聘",
    "招满即止",
    "招满为止",
    "/",
    "-",
    "--",
    "—",
    "——",
];

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
    date.filter(is_of_our_times).map(Some).ok_or(Unreadable)
}

fn is_of_our_times(read: &ReadDate) -> bool {
    (1900..=2099).contains(&read.date.year())
}

/// A date, or two with a dash or a word between them; the second may leave out what it shares with the first.
///
/// # Errors
/// As for [`read_date`]; and for a period that ends before it begins.
pub fn read_period(cell: &Cell) -> Result<Option<ReadPeriod>, Unreadable> {
    if let Ok(read) = read_date(cell) {
        return Ok(read.map(|from| ReadPeriod { from, until: None }));
    }
    let Cell::Text(text) = cell else { return Err(Unreadable) };
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let mut found: Vec<ReadPeriod> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| BETWEEN.contains(c)) {
        let (left, right) = (&text[..at], text[at..].trim_start_matches(BETWEEN));
        let Some(from) = from_text(left).filter(is_of_our_times) else { continue };
        let until = match right {
            "今" | "现在" | "目前" => None,
            _ => match from_text(right).or_else(|| completed(right, from)).filter(is_of_our_times) {
                Some(until) if until.date >= from.date => Some(until),
                _ => continue,
            },
        };
        let period = ReadPeriod { from, until };
        if !found.contains(&period) {
            found.push(period);
        }
    }
    if let [only] = found[..] { Ok(Some(only)) } else { Err(Unreadable) }
}

/// `3月20日`, `3.20` or `20` behind a day, `8月` or `8` behind a month: in the year, or the month, of the beginning.
fn completed(text: &str, from: ReadDate) -> Option<ReadDate> {
    let Written { numbers, .. } = taken_apart(text)?;
    let year = from.date.year();
    match numbers[..] {
        [(month, _), (d, _)] if !from.month_only => NaiveDate::from_ymd_opt(year, month, d).map(day),
        [(month, _)] if text.contains('月') || (from.month_only && !text.contains(['日', '号'])) => {
            month_of(year, month)
        }
        [(d, _)] if !from.month_only => NaiveDate::from_ymd_opt(year, from.date.month(), d).map(day),
        _ => None,
    }
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
    let text = text.trim_start_matches(['自', '从']);
    let text = ["起", "开始", "以来"].iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim_end();
    // The end and the beginning of a year are months of it; parts of a month are the month.
    let whole = [("年底", "年12月"), ("年末", "年12月"), ("年初", "年1月")];
    let text = match whole.iter().find_map(|(word, month)| Some((text.strip_suffix(word)?, month))) {
        Some((year, month)) => format!("{year}{month}"),
        None => {
            let part = ["份", "底", "末", "初", "上旬", "中旬", "下旬"];
            let month = part.iter().find_map(|word| text.strip_suffix(word)).filter(|rest| rest.ends_with('月'));
            month.unwrap_or(text).to_owned()
        }
    };
    let text = text.replace(['–', '—'], "-");
    let Written { numbers, marks } = taken_apart(&text)?;
    // 2026.3-8 and 2026年3月-8月 are no days of March.
    let is_cut = ['年', '月', '日', '号'].iter().any(|word| text.contains(&format!("{word}-")));
    if is_cut || marks.iter().any(|mark| *mark != marks[0]) {
        return None;
    }
    let &(year, digits) = numbers.first()?;
    let is_short = digits == 2 && (text.contains('年') || (marks.contains(&'.') && numbers.len() == 3));
    let year = if is_short { century(year)? } else { i32::try_from(year).ok()? };
    match numbers[1..] {
        [(month, _)] => month_of(year, month),
        [(month, _), (d, _)] => NaiveDate::from_ymd_opt(year, month, d).map(day),
        _ => None,
    }
}

/// A date taken apart.
struct Written {
    /// With how many digits each was written in.
    numbers: Vec<(u32, usize)>,
    /// The signs between them that are no words.
    marks: Vec<char>,
}

fn taken_apart(text: &str) -> Option<Written> {
    let mut numbers = Vec::with_capacity(3);
    for part in text.split(['年', '月', '日', '号', '.', '-', '/', '、', ',', ' ']) {
        if !part.is_empty() {
            numbers.push((part.parse::<u32>().ok()?, part.len()));
        }
    }
    let within = text.trim_matches(|c: char| !c.is_ascii_digit());
    let marks = within.chars().filter(|c| matches!(c, '.' | '-' | '/' | '、' | ',')).collect();
    Some(Written { numbers, marks })
}

/// The year of two digits: 00 to 30 are of this century, 40 to 99 of the last; between them nobody knows.
fn century(year: u32) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    match year {
        0..=30 => Some(2000 + year),
        40..=99 => Some(1900 + year),
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
