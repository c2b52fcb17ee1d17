//! What people said of the columns and words of imported files.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::{AnyConnection, Both};
use super::error::DbResult;
use super::schema::{column_mappings, word_mappings};

/// A column of a head, and its field; `None` = kept in the note.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = column_mappings)]
pub struct ColumnMapping {
    pub fingerprint: String,
    pub column_key: String,
    pub field: Option<String>,
    /// The keys of all columns of the head, one a line.
    pub head: Option<String>,
}

/// A word of a field's cells, and the word of the list it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = word_mappings)]
pub struct WordMapping {
    pub field: String,
    pub word: String,
    pub meaning: String,
}

/// Everything said of columns: a few dozen heads of a few dozen columns.
pub fn columns(conn: &mut AnyConnection) -> DbResult<Vec<ColumnMapping>> {
    Ok(column_mappings::table.select(ColumnMapping::as_select()).order(column_mappings::id).load(conn)?)
}

/// Everything said of words.
pub fn words(conn: &mut AnyConnection) -> DbResult<Vec<WordMapping>> {
    Ok(word_mappings::table.select(WordMapping::as_select()).order(word_mappings::id).load(conn)?)
}

/// Remembers what a column is; a later word takes the place of an earlier one.
pub fn put_column(conn: &mut AnyConnection, mapping: &ColumnMapping, now: NaiveDateTime) -> DbResult<()> {
    Both(
        diesel::insert_into(column_mappings::table)
            .values((
                column_mappings::fingerprint.eq(&mapping.fingerprint),
                column_mappings::column_key.eq(&mapping.column_key),
                column_mappings::field.eq(mapping.field.as_deref()),
                column_mappings::head.eq(mapping.head.as_deref()),
                column_mappings::updated_at.eq(now),
            ))
            .on_conflict((column_mappings::fingerprint, column_mappings::column_key))
            .do_update()
            .set((
                column_mappings::field.eq(mapping.field.as_deref()),
                column_mappings::head.eq(mapping.head.as_deref()),
                column_mappings::updated_at.eq(now),
            )),
    )
    .execute(conn)?;
    Ok(())
}

/// Remembers what a word means.
pub fn put_word(conn: &mut AnyConnection, mapping: &WordMapping, now: NaiveDateTime) -> DbResult<()> {
    Both(
        diesel::insert_into(word_mappings::table)
            .values((
                word_mappings::field.eq(&mapping.field),
                word_mappings::word.eq(&mapping.word),
                word_mappings::meaning.eq(&mapping.meaning),
                word_mappings::updated_at.eq(now),
            ))
            .on_conflict((word_mappings::field, word_mappings::word))
            .do_update()
            .set((word_mappings::meaning.eq(&mapping.meaning), word_mappings::updated_at.eq(now))),
    )
    .execute(conn)?;
    Ok(())
}
