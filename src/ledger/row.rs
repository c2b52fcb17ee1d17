//! One row's cells, asked field by field; whatever cannot be read becomes a finding.
//!
//! Invariant: after an `error` finding the row is marked as failed and yields no record, so nothing is stored half.

use chrono::NaiveDate;

use super::caption::Caption;
use super::date::{self, ReadDate, ReadPeriod, Unreadable, read_date, read_period};
use super::field::Field;
use super::finding::{Finding, FindingCode};
use super::head::{Head, Kept, SheetKind};
use super::job_groups::JobGroup;
use super::mapping::Meanings;
use super::names::{MAX_TEXT, is_forbidden, is_invisible};
use super::phrase;
use super::record::At;
use super::words;
use super::workbook::{Cell, Row, Sheet};
use crate::domain::advert::wage;
use crate::domain::codes::PayKind;
use crate::domain::money::monthly_yuan;
use crate::domain::resident_id::{ResidentId, ResidentIdError};
use crate::domain::text::Text;

/// Yuan a month: less is a number of something else, thousands or days.
const LEAST_INCOME: i64 = 100;
/// More people than any household has.
const MOST_OF_A_HOUSEHOLD: i64 = 99;

pub struct RowCells<'a> {
    pub at: At,
    pub as_of: NaiveDate,
    sheet: &'a Sheet,
    head: &'a Head,
    /// What holds for all rows.
    pub caption: &'a Caption,
    meanings: &'a Meanings,
    row: &'a Row,
    findings: &'a mut Vec<Finding>,
    failed: bool,
    kept: Vec<(String, String)>,
    /// The job of the row that is being read, where it has several.
    group: Option<&'a JobGroup>,
}

impl<'a> RowCells<'a> {
    pub fn new(
        at: At,
        as_of: NaiveDate,
        sheet: &'a Sheet,
        (head, caption): (&'a Head, &'a Caption),
        meanings: &'a Meanings,
        row: &'a Row,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Self { at, as_of, sheet, head, caption, meanings, row, findings, failed: false, kept: Vec::new(), group: None }
    }

    pub fn has_column(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// The column of a field; of one that several jobs have each of their own, that of the job being read.
    fn column(&self, field: Field) -> Option<usize> {
        let grouped =
            |column: &usize| self.head.job_groups.iter().any(|group| group.columns.values().any(|own| own == column));
        match self.group {
            None => self.head.column(field),
            Some(group) => {
                group.columns.get(&field).copied().or_else(|| self.head.column(field).filter(|column| !grouped(column)))
            }
        }
    }

    /// The jobs side by side of which the row says something.
    pub fn job_groups(&self) -> Vec<&'a JobGroup> {
        let says = |column: &usize| !words::says_nothing(&self.row.cell(*column).display());
        let is_filled = |group: &&JobGroup| group.columns.values().any(says);
        self.head.job_groups.iter().filter(is_filled).collect()
    }

    /// From now on, the columns of a job are those of this one.
    pub const fn of_job(&mut self, group: Option<&'a JobGroup>) {
        self.group = group;
    }

    /// What the file calls the column of a field.
    pub fn title(&self, field: Field) -> Option<&'a str> {
        self.column(field).map(|column| self.head.title(column))
    }

    pub fn sheet_name(&self) -> &'a str {
        &self.sheet.name
    }

    pub const fn kind(&self) -> SheetKind {
        self.head.kind
    }

    pub const fn failed(&self) -> bool {
        self.failed
    }

    pub fn cell(&self, field: Field) -> &'a Cell {
        self.column(field).map_or(&Cell::Empty, |column| self.row.cell(column))
    }

    /// Reports about a field's cell.
    pub fn report(&mut self, code: FindingCode, field: Field) {
        let finding = Finding::new(code, &self.sheet.name, self.at.row, &Text::new("", ""));
        self.push(finding, field);
    }

    /// Reports in other words than the code's own.
    pub fn report_saying(&mut self, code: FindingCode, field: Field, text: Text) {
        let finding = Finding::new(code, &self.sheet.name, self.at.row, &Text::new("", "")).saying(text);
        self.push(finding, field);
    }

    /// Reports with an argument for the sentence's gap.
    pub fn report_about(&mut self, code: FindingCode, field: Field, argument: &Text) {
        let finding = Finding::new(code, &self.sheet.name, self.at.row, argument);
        self.push(finding, field);
    }

    fn push(&mut self, finding: Finding, field: Field) {
        let value = self.cell(field).display();
        let mut finding = finding.at(self.title(field).or(Some(field.title())));
        if !value.trim().is_empty() {
            finding = if self.head.kind.is_personal() { finding.masking(&value) } else { finding.showing(&value) };
        }
        self.failed |= finding.is_error();
        self.findings.push(finding);
    }

    /// A value of a closed list. Unknown words are reported and kept in the note.
    pub fn word<T>(&mut self, field: Field, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(field)?;
        let value = self.parse_word(field, &text, &parse);
        if value.is_none() {
            self.report(FindingCode::CodeUnknown, field);
            self.keep(field, text);
        }
        value
    }

    /// A word as it stands, or as somebody said what it means.
    fn parse_word<T>(&self, field: Field, text: &str, parse: &impl Fn(&str) -> Option<T>) -> Option<T> {
        parse(text).or_else(|| parse(self.meanings.word(field, text)?))
    }

    /// What somebody said a word means; the word itself if nobody did.
    pub fn meaning<'b>(&'b self, field: Field, text: &'b str) -> &'b str {
        self.meanings.word(field, text).unwrap_or(text)
    }

    /// Every word of a list cell; `None` if the cell is empty. The word 无 alone is an empty list.
    pub fn word_list<T>(&mut self, field: Field, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        let text = self.text(field)?;
        let mut values = Vec::new();
        let mut unknown = Vec::new();
        for part in phrase::list(&text) {
            match self.parse_word(field, &part, &parse) {
                Some(value) => values.push(value),
                None if matches!(part.as_str(), "无" | "没有" | "不限" | "均可") => {}
                None => unknown.push(part),
            }
        }
        if !unknown.is_empty() {
            self.report(FindingCode::CodeUnknown, field);
            self.keep(field, unknown.join("、"));
        }
        Some(values)
    }

    /// Keeps a value under its column's title for the note.
    pub fn keep(&mut self, field: Field, value: String) {
        let title = self.title(field).unwrap_or(field.title()).to_owned();
        self.kept.push((title, value));
    }

    pub fn read_date(&mut self, field: Field) -> Option<ReadDate> {
        match self.cell(field) {
            Cell::Unvalued => {
                self.report(FindingCode::FormulaUnvalued, field);
                return None;
            }
            Cell::Error => {
                self.report(FindingCode::CellError, field);
                return None;
            }
            _ => {}
        }
        let read = if self.sheet.shape.is_1904 {
            read_date(&date::counted_from_1900(self.cell(field)))
        } else {
            read_date(self.cell(field))
        };
        if read.is_err() {
            self.report(FindingCode::DateUnreadable, field);
        }
        read.ok().flatten()
    }

    /// A date that something else tells, too: one that cannot be read is kept in words, and the row stays.
    pub fn date_beside(&mut self, field: Field) -> Option<ReadDate> {
        if let (Cell::Text(text), Err(Unreadable)) = (self.cell(field), read_date(self.cell(field))) {
            self.report_about(FindingCode::WordsUnread, field, &Text::new(field.title(), field.english()));
            self.keep(field, text.to_string());
            return None;
        }
        self.read_date(field)
    }

    pub fn date(&mut self, field: Field) -> Option<NaiveDate> {
        self.read_date(field).map(|read| read.date)
    }

    /// The first and the last day of something; the cell of the first may tell both, where the other says nothing.
    pub fn period(&mut self, first: Field, last: Field) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let until = self.last_day(last);
        if let (Cell::Text(_), Ok(Some(ReadPeriod { from, until: told }))) =
            (self.cell(first), read_period(self.cell(first)))
        {
            let is_open = words::says_nothing(&self.cell(last).display());
            return (Some(from.date), until.or(told.filter(|_| is_open).map(ReadDate::first_day_out)));
        }
        (self.date(first), until)
    }

    /// The first day out of something. A cell that holds one nobody can read is an error: read as empty, what is over would go on.
    pub fn last_day(&mut self, field: Field) -> Option<NaiveDate> {
        if matches!(self.cell(field), Cell::Error | Cell::Unvalued) {
            self.report(FindingCode::DateUnreadable, field);
            return None;
        }
        self.read_date(field).map(ReadDate::first_day_out)
    }

    /// A whole number within `range`; units behind it (`10公斤`, `30分钟`, `3人`) are dropped.
    pub fn number(&mut self, field: Field, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = self.text(field)?;
        if text == "无" {
            return None;
        }
        let plain: String = phrase::plain(&text).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
        let digits = plain.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.');
        let value = digits
            .parse::<f64>()
            .ok()
            .filter(|value| value.fract() == 0.0 && value.abs() < 1e15)
            .map(|value| value as i64);
        if value.is_none_or(|value| !range.contains(&value)) {
            self.report(FindingCode::NumberUnreadable, field);
            return None;
        }
        value
    }

    /// How many there are, of something that is compared and not stored: what is no number is kept in the note.
    pub fn count(&mut self, field: Field) -> Option<i64> {
        let text = self.text(field)?;
        let plain = phrase::plain(&text);
        let count = plain.trim().trim_end_matches(['个', '人', '名']).trim_end().parse::<i64>();
        let count = count.ok().filter(|count| (0..=MOST_OF_A_HOUSEHOLD).contains(count));
        if count.is_none() {
            self.report_about(FindingCode::WordsUnread, field, &Text::new(field.title(), field.english()));
            self.keep(field, text);
        }
        count
    }

    /// Money in fen, with the range and unit the words give.
    pub fn money(&mut self, field: Field) -> Option<wage::Posted> {
        let text = self.sum(field)?;
        let money = phrase::money(&text);
        if money.is_none() {
            self.report(FindingCode::NumberUnreadable, field);
        }
        money
    }

    /// The words of a sum, with the unit of the column's title where the cell has none.
    fn sum(&mut self, field: Field) -> Option<String> {
        let text = self.text(field).filter(|text| !matches!(text.as_str(), "无" | "面议"))?;
        let is_bare =
            phrase::plain(&text).chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '~' | ' '));
        let unit = self.title(field).filter(|_| is_bare).and_then(phrase::unit_of_title);
        Some(match unit {
            Some(unit) => format!("{text}{unit}"),
            None => text,
        })
    }

    /// Whole yuan a month; without a unit the sum is one of a month.
    pub fn yuan(&mut self, field: Field) -> Option<i64> {
        let text = self.sum(field)?;
        let money = phrase::money(&text).and_then(|money| {
            let yuan = monthly_yuan(money.kind.unwrap_or(PayKind::Monthly), money.min_fen?).ok()?;
            Some((i64::from(yuan), money.max_fen.is_some()))
        });
        match money {
            Some((yuan, is_range)) if yuan == 0 || yuan >= LEAST_INCOME => {
                if is_range {
                    self.report(FindingCode::IncomeIsRange, field);
                }
                Some(yuan)
            }
            Some(_) => {
                self.report(FindingCode::IncomeUnlikely, field);
                self.keep(field, text);
                None
            }
            None => {
                self.report_about(FindingCode::WordsUnread, field, &Text::new(field.title(), field.english()));
                self.keep(field, text);
                None
            }
        }
    }

    /// Reads a cell with a grammar of its own; a cell it cannot read is an error.
    pub fn phrase<T>(
        &mut self,
        field: Field,
        code: FindingCode,
        parse: impl Fn(&str) -> Result<T, Unreadable>,
    ) -> Option<T> {
        let text = self.text(field)?;
        let value = parse(&text);
        if value.is_err() {
            self.report(code, field);
        }
        value.ok()
    }

    /// The ID number of a field. A number cell has already lost digits and is refused (18 digits do not fit a float).
    pub fn id(&mut self, field: Field) -> Option<ResidentId> {
        let text = match self.cell(field) {
            // An apostrophe in front is a spreadsheet habit to keep digits as text.
            Cell::Text(text) => {
                let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
                text.trim().trim_start_matches(['\'', '’', '`']).to_owned()
            }
            Cell::Empty => String::new(),
            Cell::Error | Cell::Unvalued => self.text(field).unwrap_or_default(),
            _ => {
                self.report(FindingCode::IdAsNumber, field);
                return None;
            }
        };
        // CSV saved by a spreadsheet program: 5.20202E+17.
        if text.contains(['E', 'e']) && text.contains('.') && text.parse::<f64>().is_ok() {
            self.report(FindingCode::IdAsNumber, field);
            return None;
        }
        // 待补, 户口待办: no number is given.
        let text = if text.chars().any(|c| c.is_numeric() || c.is_ascii_alphabetic()) { text } else { String::new() };
        match ResidentId::parse_on(&text, self.as_of) {
            Ok(parsed) => {
                if parsed.cut_disability_suffix {
                    self.report(FindingCode::IdSuffixCut, field);
                }
                Some(parsed.id)
            }
            Err(error) => {
                let finding = Finding::new(id_code(error), &self.sheet.name, self.at.row, &error.text());
                let finding = if error == ResidentIdError::Empty { finding } else { finding.saying(error.text()) };
                self.push(finding, field);
                None
            }
        }
    }

    /// The note, and columns nobody knows that tell of changes.
    pub fn remarks(&self) -> Vec<String> {
        let tells = |title: &str| ["状态", "变化", "变动", "增减"].iter().any(|word| title.contains(word));
        let noted =
            self.head.notes.iter().filter(|(column, kept)| *kept == Kept::Unknown && tells(self.head.title(*column)));
        let cells = noted.map(|(column, _)| self.row.cell(*column)).chain([self.cell(Field::Note)]);
        cells.filter(|cell| !cell.is_empty()).map(Cell::display).collect()
    }

    /// The note: remarks, unknown columns and words that were not understood, as `title：value；…`.
    pub fn note(&mut self) -> Option<String> {
        if let Some(text) = self.text(Field::Note) {
            self.kept.insert(0, (self.head.title_of(Field::Note).unwrap_or_default().to_owned(), text));
        }
        for &(column, kept) in &self.head.notes {
            let value = self.row.cell(column).display();
            if !value.trim().is_empty() {
                let title = if let Kept::Noted(field) = kept { field.title() } else { self.head.title(column) };
                self.kept.push((title.to_owned(), value.trim().to_owned()));
            }
        }
        let parts: Vec<String> = self.kept.iter().map(|(title, value)| format!("{title}：{value}")).collect();
        (!parts.is_empty()).then(|| {
            parts.join("；").chars().filter(|c| !is_forbidden(*c) && !is_invisible(*c)).take(2 * MAX_TEXT).collect()
        })
    }
}

const fn id_code(error: ResidentIdError) -> FindingCode {
    match error {
        ResidentIdError::Empty => FindingCode::IdMissing,
        ResidentIdError::OldFifteenDigits => FindingCode::IdOldFormat,
        ResidentIdError::BirthDate | ResidentIdError::BornTooEarly | ResidentIdError::BornInFuture => {
            FindingCode::IdBirthDate
        }
        ResidentIdError::CheckCharacter => FindingCode::IdChecksum,
        ResidentIdError::ForeignDigits | ResidentIdError::Character { .. } | ResidentIdError::Length { .. } => {
            FindingCode::IdMalformed
        }
    }
}
