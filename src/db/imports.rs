//! Import batches, what was found in them, and the rows sent back for correction.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page, Stored};
use super::schema::{import_batches, import_findings, import_rejected_rows};
use super::seal::{BlindIndex, Sealed};
use crate::domain::codes::Severity;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "导入批次", en: "import" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_batches, treat_none_as_default_value = false)]
pub struct BatchData {
    pub file_name: String,
    /// Keyed hash of the file's bytes.
    pub file_index: BlindIndex,
    pub as_of: NaiveDate,
    pub accept_clean_rows: bool,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub created_at: NaiveDateTime,
}

pub type BatchRow = Stored<BatchData>;

/// One batch, or `NotFound`.
pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<BatchRow> {
    import_batches::table.find(id).select((import_batches::id, BatchData::as_select())).first(conn).or_not_found(WHAT)
}

/// Adds a batch and gives its id.
pub fn insert(conn: &mut AnyConnection, data: &BatchData) -> DbResult<i64> {
    diesel::insert_into(import_batches::table)
        .values(data)
        .returning(import_batches::id)
        .get_result(conn)
        .or_conflict(WHAT)
}

/// Rows of a batch by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchCounts {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
}

/// Writes the counts of a batch when they are known, at the end of its transaction.
pub fn set_counts(conn: &mut AnyConnection, id: i64, counts: BatchCounts) -> DbResult<()> {
    diesel::update(import_batches::table.find(id))
        .set((
            import_batches::created.eq(counts.created),
            import_batches::updated.eq(counts.updated),
            import_batches::unchanged.eq(counts.unchanged),
            import_batches::rejected.eq(counts.rejected),
        ))
        .execute(conn)?;
    Ok(())
}

/// The batches a file with these bytes came in by, oldest first.
pub fn by_file(conn: &mut AnyConnection, file: &BlindIndex) -> DbResult<Vec<BatchRow>> {
    Ok(import_batches::table
        .filter(import_batches::file_index.eq(file))
        .select((import_batches::id, BatchData::as_select()))
        .order(import_batches::id)
        .load(conn)?)
}

/// A page of batches by id.
pub fn page(conn: &mut AnyConnection, page: Page) -> DbResult<Vec<BatchRow>> {
    Ok(import_batches::table
        .filter(import_batches::id.gt(page.after))
        .order(import_batches::id)
        .limit(page.limit)
        .select((import_batches::id, BatchData::as_select()))
        .load(conn)?)
}

/// Batches before an id, newest first.
pub fn latest(conn: &mut AnyConnection, before: Option<i64>, limit: i64) -> DbResult<Vec<BatchRow>> {
    Ok(import_batches::table
        .filter(import_batches::id.lt(before.unwrap_or(i64::MAX)))
        .order(import_batches::id.desc())
        .limit(limit)
        .select((import_batches::id, BatchData::as_select()))
        .load(conn)?)
}

/// Something to tell about a row of a ledger; values are masked before they come here.
pub mod findings {
    use super::*;

    const WHAT: Label = Label { zh: "导入提示", en: "finding" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = import_findings, treat_none_as_default_value = false)]
    pub struct FindingData {
        pub batch_id: i64,
        pub code: String,
        pub severity: Severity,
        pub sheet: String,
        pub row_number: i64,
        pub column_name: Option<String>,
        pub masked_value: Option<String>,
        pub message_zh: String,
        pub message_en: String,
    }

    pub fn insert_all(conn: &mut AnyConnection, rows: &[FindingData]) -> DbResult<Vec<i64>> {
        Ok(rows::insert_many!(conn, import_findings, rows, |row| row, WHAT))
    }

    /// A page of a batch's findings by id, of one severity or of all.
    pub fn page(
        conn: &mut AnyConnection,
        batch: i64,
        severity: Option<Severity>,
        page: Page,
    ) -> DbResult<Vec<Stored<FindingData>>> {
        let mut query = import_findings::table.into_boxed();
        if let Some(severity) = severity {
            query = query.filter(import_findings::severity.eq(severity));
        }
        Ok(query
            .filter(import_findings::batch_id.eq(batch))
            .filter(import_findings::id.gt(page.after))
            .order(import_findings::id)
            .limit(page.limit)
            .select((import_findings::id, FindingData::as_select()))
            .load(conn)?)
    }

    /// How many findings of each code and severity a batch has, most frequent first.
    pub fn counts(conn: &mut AnyConnection, batch: i64) -> DbResult<Vec<(String, Severity, i64)>> {
        let mut counts: Vec<(String, Severity, i64)> = import_findings::table
            .filter(import_findings::batch_id.eq(batch))
            .group_by((import_findings::code, import_findings::severity))
            .select((import_findings::code, import_findings::severity, diesel::dsl::count_star()))
            .load(conn)?;
        // Sorted here: the databases may order text differently.
        counts.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        Ok(counts)
    }
}

/// Rows that could not be stored, sealed as they were, to be given back for correction.
pub mod rejected_rows {
    use super::*;

    const WHAT: Label = Label { zh: "退回行", en: "rejected row" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = import_rejected_rows, treat_none_as_default_value = false)]
    pub struct RejectedRowData {
        pub batch_id: i64,
        pub sheet: String,
        pub row_number: i64,
        pub cells_cipher: Sealed,
    }

    pub fn insert_all(conn: &mut AnyConnection, rows: &[RejectedRowData]) -> DbResult<Vec<i64>> {
        Ok(rows::insert_many!(conn, import_rejected_rows, rows, |row| row, WHAT))
    }

    /// A batch's rejected rows as they stood in the file.
    pub fn of_batch(conn: &mut AnyConnection, batch: i64) -> DbResult<Vec<RejectedRowData>> {
        Ok(import_rejected_rows::table
            .filter(import_rejected_rows::batch_id.eq(batch))
            .select(RejectedRowData::as_select())
            .order(import_rejected_rows::id)
            .load(conn)?)
    }
}
