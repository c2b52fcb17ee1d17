//! What the columns and words of a file are read as, as the result of a check keeps it and a person answers it.
//!
//! Samples are masked where a sheet is about people; see [`super::imports::mapping`].

use serde::{Deserialize, Serialize};

use super::error::{AppError, FieldCode, FieldError};
use super::imports::mapping::{ColumnMapping, Guess, Mapping, Said, SheetMapping, UnknownWord};
use crate::domain::text::Text;
use crate::ledger::code_words;
use crate::ledger::field::Field;

/// A sheet of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MappedSheet {
    pub name: String,
    /// What kind of table it is taken for, in Chinese and in English; `None` = passed over.
    pub kind: Option<(String, String)>,
    /// Of its head; `None` without one.
    pub fingerprint: Option<String>,
    /// Row of the titles as people count.
    pub head_row: u32,
    pub columns: Vec<MappedColumn>,
    /// Fields without which its rows cannot be stored.
    pub missing: Vec<String>,
    pub words: Vec<MappedWord>,
}

/// A column of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MappedColumn {
    pub key: String,
    /// As people read it.
    pub shown: String,
    pub samples: Vec<String>,
    /// The field it is read as; `None` = kept in the note.
    pub field: Option<String>,
    /// How sure that is, in percent, and why, in Chinese and in English.
    pub confidence: u8,
    pub why: (String, String),
    /// Fields it might be instead, the likelier first.
    pub perhaps: Vec<String>,
    /// Somebody said so.
    pub is_given: bool,
}

/// A word that is not on the list of its column.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MappedWord {
    pub field: String,
    /// The column as people read it.
    pub column: String,
    pub word: String,
    pub times: u32,
}

impl MappedColumn {
    /// Whether a person should look: it is kept in the note though it might be a field, or it is not quite certain.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        !self.is_given && (self.field.is_none() || self.confidence < 90)
    }
}

impl MappedSheet {
    /// Columns a person should look at.
    #[must_use]
    pub fn unsure(&self) -> usize {
        self.columns.iter().filter(|column| column.is_unsure()).count()
    }
}

impl From<&ColumnMapping> for MappedColumn {
    fn from(column: &ColumnMapping) -> Self {
        let guess = column.guess;
        let why = guess.map(|guess| guess.why.label());
        let code = |guess: Guess| guess.field.code();
        Self {
            key: column.key.clone(),
            shown: column.shown(),
            samples: column.samples.clone(),
            field: guess.filter(|_| column.is_used).map(code),
            confidence: guess.map_or(0, |guess| guess.confidence),
            why: why.map(|label| (label.zh.to_owned(), label.en.to_owned())).unwrap_or_default(),
            perhaps: guess.filter(|_| !column.is_used).into_iter().chain(column.runner_up).map(code).collect(),
            is_given: column.is_given,
        }
    }
}

impl From<&SheetMapping> for MappedSheet {
    fn from(sheet: &SheetMapping) -> Self {
        let column = |index: usize| sheet.columns.iter().find(|column| column.index == index);
        let word = |word: &UnknownWord| MappedWord {
            field: word.field.code(),
            column: column(word.index).map(ColumnMapping::shown).unwrap_or_default(),
            word: word.word.clone(),
            times: word.times,
        };
        let kind = sheet.kind.map(|kind| kind.label());
        Self {
            name: sheet.name.clone(),
            kind: kind.map(|label| (label.zh.to_owned(), label.en.to_owned())),
            fingerprint: sheet.fingerprint.clone(),
            head_row: sheet.head_row,
            columns: sheet.columns.iter().map(MappedColumn::from).collect(),
            missing: sheet.missing.iter().map(|field| field.code()).collect(),
            words: sheet.words.iter().map(word).collect(),
        }
    }
}

/// The sheets of a mapping.
#[must_use]
pub fn sheets(mapping: &Mapping) -> Vec<MappedSheet> {
    mapping.sheets.iter().map(MappedSheet::from).collect()
}

/// What a field is called.
#[must_use]
pub fn title(code: &str) -> Option<Text> {
    Field::of_code(code).map(|field| Text::new(field.title(), field.english()))
}

/// Every field a column may be, with what it is called, in the order of the table of fields.
#[must_use]
pub fn fields() -> Vec<(String, Text)> {
    Field::ALL.iter().map(|field| (field.code(), Text::new(field.title(), field.english()))).collect()
}

/// The words that may be said of a field.
#[must_use]
pub fn choices(code: &str) -> Vec<&'static str> {
    Field::of_code(code).and_then(code_words::choices).unwrap_or_default()
}

/// What a person says of a file by a choice beside each column and each word; `column(sheet, place)` and `word(sheet, place)` give
/// the choice, a field's code, `-` for the note, or nothing.
#[must_use]
pub fn said<'a>(
    sheets: &[MappedSheet],
    column: impl Fn(usize, usize) -> Option<&'a str>,
    word: impl Fn(usize, usize) -> Option<&'a str>,
) -> Said {
    let mut said = Said::default();
    for (number, sheet) in sheets.iter().enumerate() {
        let Some(fingerprint) = &sheet.fingerprint else { continue };
        for (place, mapped) in sheet.columns.iter().enumerate() {
            let now = mapped.field.as_deref().unwrap_or("-");
            if let Some(field) = column(number, place).filter(|field| *field != now) {
                said.of_heads.push((fingerprint.clone(), mapped.key.clone(), field.to_owned()));
            }
        }
        for (place, unknown) in sheet.words.iter().enumerate() {
            if let Some(meaning) = word(number, place) {
                said.words.push((unknown.field.clone(), unknown.word.clone(), meaning.to_owned()));
            }
        }
    }
    said
}

/// Whether what is said names fields and words there are.
///
/// # Errors
/// `NotInList`.
pub fn check(said: &Said) -> Result<(), AppError> {
    let is_field = |code: &String| code == "-" || Field::of_code(code).is_some();
    if !said.of_heads.iter().all(|(_, _, field)| is_field(field)) {
        return Err(FieldError::new("/map", FieldCode::NotInList).into());
    }
    let is_word =
        |field: &str, word: &str| Field::of_code(field).is_some_and(|field| code_words::is_of_list(field, word));
    if !said.words.iter().all(|(field, _, meaning)| is_word(field, meaning)) {
        return Err(FieldError::new("/map_value", FieldCode::NotInList).into());
    }
    Ok(())
}
