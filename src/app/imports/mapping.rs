//! What a file would be read as, shown before anything is written; what people say of it is remembered with the import.
//!
//! Invariants: looking writes nothing; a correction names a column and a field that exist, and a word that the field's list
//! knows; what was said of one head is used for every later file with the same head, or nearly the same.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::db::mappings::{self as rows, WordMapping};
use crate::db::{AnyConnection, Db};
use crate::domain::text::Text;
use crate::ledger::code_words;
use crate::ledger::field::Field;
use crate::ledger::mapping;
pub(super) use crate::ledger::mapping::of;
pub use crate::ledger::mapping::{ColumnMapping, Mapping, Meanings, SheetMapping, UnknownWord};
pub use crate::ledger::title::Reading as Guess;
use crate::ledger::workbook::{self, Workbook};

/// What somebody says when a file comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Column (its path or title, as shown) and field (its title or stable name; `-` = keep in the note).
    pub columns: Vec<(String, String)>,
    /// Fingerprint of a head, key of one of its columns, and field, as above: the same of one sheet among several.
    #[serde(default)]
    pub of_heads: Vec<(String, String, String)>,
    /// Column or field, a word of its cells, and the word of the list it stands for.
    pub words: Vec<(String, String, String)>,
}

impl Said {
    pub(super) const NOTHING: Self = Self { columns: Vec::new(), of_heads: Vec::new(), words: Vec::new() };

    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }

    /// Adds what is said later; of the same column or word the later counts.
    pub fn extend(&mut self, later: Self) {
        self.columns.retain(|(column, _)| later.columns.iter().all(|(other, _)| other != column));
        self.of_heads.retain(|(head, key, _)| later.of_heads.iter().all(|(h, k, _)| (h, k) != (head, key)));
        self.words.retain(|(column, word, _)| later.words.iter().all(|(c, w, _)| (c, w) != (column, word)));
        self.columns.extend(later.columns);
        self.of_heads.extend(later.of_heads);
        self.words.extend(later.words);
    }
}

/// What the sheets of a file would be read as, after what was said of this head before and what is said now.
///
/// # Errors
/// [`AppError::Invalid`] for a file that cannot be read and for columns, fields or words that do not exist.
pub fn show(db: &Db, bytes: &[u8], file_name: &str, said: &Said) -> Result<Mapping, AppError> {
    let book = workbook::read(bytes, file_name).map_err(refused)?;
    let mut meanings = db.read(remembered)?;
    meanings.extend(understand(&book, &meanings, said)?);
    Ok(mapping::of(&book, &meanings))
}

/// Everything said so far. What names a field this version does not know is passed over.
pub(super) fn remembered(conn: &mut AnyConnection) -> Result<Meanings, AppError> {
    let mut meanings = Meanings::default();
    for row in rows::columns(conn)? {
        if let Some(head) = &row.head {
            meanings.say_head(row.fingerprint.clone(), head.lines().map(str::to_owned));
        }
        match row.field.as_deref().map(Field::of_code) {
            None => meanings.say_column(row.fingerprint, row.column_key, None),
            Some(Some(field)) => meanings.say_column(row.fingerprint, row.column_key, Some(field)),
            Some(None) => {}
        }
    }
    for row in rows::words(conn)? {
        if let Some(field) = Field::of_code(&row.field) {
            meanings.say_word(field, &row.word, row.meaning);
        }
    }
    Ok(meanings)
}

/// Remembers what was said, for the next file.
pub(super) fn remember(conn: &mut AnyConnection, said: &Meanings, now: NaiveDateTime) -> Result<(), AppError> {
    for (fingerprint, key, field) in said.columns() {
        let head = said.head(fingerprint).map(|keys| keys.iter().map(String::as_str).collect::<Vec<_>>().join("\n"));
        let row = rows::ColumnMapping {
            head,
            fingerprint: fingerprint.to_owned(),
            column_key: key.to_owned(),
            field: field.map(Field::code),
        };
        rows::put_column(conn, &row, now)?;
    }
    for (field, word, meaning) in said.words() {
        let row = WordMapping { field: field.code(), word: word.to_owned(), meaning: meaning.to_owned() };
        rows::put_word(conn, &row, now)?;
    }
    Ok(())
}

/// What somebody says, in terms of this file's heads.
pub(super) fn understand(book: &Workbook, before: &Meanings, said: &Said) -> Result<Meanings, AppError> {
    let mut meanings = Meanings::default();
    if said.is_nothing() {
        return Ok(meanings);
    }
    let shown = mapping::of(book, before);
    for sheet in &shown.sheets {
        if let Some(fingerprint) = &sheet.fingerprint {
            meanings.say_head(fingerprint.clone(), sheet.columns.iter().map(|column| column.key.clone()));
        }
    }
    for (column, field) in &said.columns {
        let field = if field.trim() == "-" { None } else { Some(field_named(field)?) };
        let mut is_known = false;
        for sheet in &shown.sheets {
            let Some(fingerprint) = &sheet.fingerprint else { continue };
            let exact = sheet.columns.iter().find(|found| found.key == column.trim());
            let named: Vec<&ColumnMapping> = match exact {
                Some(found) => vec![found],
                None => sheet.columns.iter().filter(|found| is_named(found, column)).collect(),
            };
            if let [one, other, ..] = named[..] {
                let (one, other) = (&one.key, &other.key);
                return Err(wrong(
                    "/map",
                    FieldCode::Repeated,
                    &format!("“{column}”列不止一个，请写明是“{one}”还是“{other}”。"),
                    &format!("There are several columns \"{column}\"; please say which: \"{one}\" or \"{other}\"."),
                ));
            }
            for found in named {
                is_known = true;
                meanings.say_column(fingerprint.clone(), found.key.clone(), field);
            }
        }
        if !is_known {
            return Err(wrong(
                "/map",
                FieldCode::Unknown,
                &format!("文件里没有“{column}”列。"),
                &format!("The file has no column \"{column}\"."),
            ));
        }
    }
    for (fingerprint, key, field) in &said.of_heads {
        let sheet = shown.sheets.iter().find(|sheet| sheet.fingerprint.as_ref() == Some(fingerprint));
        if sheet.is_none_or(|sheet| sheet.columns.iter().all(|column| column.key != *key)) {
            return Err(wrong("/map", FieldCode::Unknown, "文件里没有这一列。", "The file has no such column."));
        }
        let field = if field == "-" { None } else { Some(field_named(field)?) };
        meanings.say_column(fingerprint.clone(), key.clone(), field);
    }
    // A word may be of a column that is named only now.
    let mut all = before.clone();
    all.extend(meanings.clone());
    let shown = if said.words.is_empty() { shown } else { mapping::of(book, &all) };
    for (column, word, meaning) in &said.words {
        let of_column = shown.sheets.iter().flat_map(|sheet| &sheet.columns).find(|found| is_named(found, column));
        let field = match of_column.and_then(|found| found.guess.filter(|_| found.is_used)) {
            Some(guess) => guess.field,
            None => field_named(column)?,
        };
        if !code_words::is_of_list(field, meaning) {
            let title = field.title();
            return Err(wrong(
                "/map_value",
                FieldCode::NotInList,
                &format!("“{meaning}”不是“{title}”的可选值。"),
                &format!("\"{meaning}\" is not a value of \"{title}\"."),
            ));
        }
        meanings.say_word(field, word, meaning.trim().to_owned());
    }
    Ok(meanings)
}

/// A column goes by its path as shown, by its title alone, or by its key, which tells columns of one path apart.
fn is_named(column: &ColumnMapping, name: &str) -> bool {
    let name = name.trim();
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let title = column.path.last().map(|title| plain(title));
    column.key == name || plain(&column.shown()) == plain(name) || title == Some(plain(name))
}

fn field_named(name: &str) -> Result<Field, AppError> {
    let name = name.trim();
    Field::of_code(name).or_else(|| Field::of_title(name)).ok_or_else(|| {
        wrong(
            "/map",
            FieldCode::NotInList,
            &format!("没有“{name}”这个字段。"),
            &format!("There is no field \"{name}\"."),
        )
    })
}

fn wrong(pointer: &str, code: FieldCode, zh: &str, en: &str) -> AppError {
    AppError::Invalid(vec![FieldError { text: Text::new(zh, en), ..FieldError::new(pointer, code) }])
}
