//! The other way of [`super::dump`]: rows as text put back into a database, of either kind.
//!
//! Invariant: only into a database without records, whose tables are made here at the age the rows are of. Constraints hold:
//! what does not fit is refused by the database. Cost: one statement a batch, whatever its number of rows.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::connection::AnyConnection;
use super::dump::{Catalogue, Column, Kind, ODD, Row, SQLITE_TIME, Table};
use super::error::{DbError, DbResult};
use super::keyring::Keyring;
use super::migrate;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

/// Tables that hold rows as soon as they are made.
const BORN_FULL: [&str; 2] = ["meta", "audit_chain"];

/// Makes the tables of a backup's age in a database that holds nothing: a new one, or one whose tables are all empty. The rows
/// of a new database itself are taken away. Gives the tables.
pub fn begin(conn: &mut AnyConnection, versions: &[String]) -> DbResult<Result<Catalogue, String>> {
    if !migrate::is_new(conn)? {
        let tables = Catalogue::read(conn)?;
        for table in tables.tables().filter(|table| !BORN_FULL.contains(&table.name.as_str())) {
            if number(conn, format!("SELECT count(*) AS number FROM \"{}\"", table.name))? != Some(0) {
                return Ok(Err(table.name.clone()));
            }
        }
        migrate::revert_all(conn)?;
    }
    migrate::run_to(conn, versions)?;
    if let AnyConnection::Sqlite(sqlite) = conn {
        // Rows of one table may refer to one another; all is checked when the transaction commits.
        sqlite.batch_execute("PRAGMA defer_foreign_keys = ON")?;
    }
    Catalogue::read(conn).map(Ok)
}

/// Brings the tables to this program's age and checks that the keys are those of the rows. Part of the same transaction.
pub fn finish(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    migrate::run(conn, keys).map(|_| ())
}

fn number(conn: &mut AnyConnection, sql: String) -> DbResult<Option<i64>> {
    Ok(diesel::sql_query(sql).get_result::<Number>(conn)?.number)
}

/// Adds rows, in one statement. A table whose rows refer to one another takes all its rows at once: PostgreSQL checks at the end
/// of the statement.
pub fn insert(conn: &mut AnyConnection, table: &Table, mut rows: Vec<Row>) -> DbResult<()> {
    let damaged = || DbError::Damaged(table.name.clone());
    let sqlite = matches!(conn, AnyConnection::Sqlite(_));
    for row in &mut rows {
        if row.len() != table.columns.len() || row.iter().flatten().any(|text| text.starts_with(ODD)) {
            return Err(damaged());
        }
        if sqlite {
            for (text, column) in row.iter_mut().zip(&table.columns) {
                if let (Kind::Timestamp, Some(time)) = (column.kind, text.as_mut()) {
                    let parsed = NaiveDateTime::parse_from_str(time, SQLITE_TIME).map_err(|_| damaged())?;
                    *time = parsed.format(SQLITE_TIME).to_string();
                }
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let values: Vec<String> =
        table.columns.iter().enumerate().map(|(place, column)| value(column, place, sqlite)).collect();
    let from = if sqlite { "json_each($1) AS r" } else { "json_array_elements($1::json) AS r(value)" };
    let sql = format!("INSERT INTO \"{}\" ({}) SELECT {} FROM {from}", table.name, names.join(", "), values.join(", "));
    let json = serde_json::to_string(&rows).map_err(|_| damaged())?;
    drop(rows);
    match conn {
        AnyConnection::Sqlite(c) => diesel::sql_query(sql).bind::<Text, _>(json).execute(c)?,
        AnyConnection::Pg(c) => diesel::sql_query(sql).bind::<Text, _>(json).execute(c)?,
    };
    Ok(())
}

/// A column's value from its text in the array `r`.
fn value(column: &Column, place: usize, sqlite: bool) -> String {
    let text = format!("(r.value ->> {place})");
    if sqlite {
        match column.kind {
            Kind::Integer => format!("CAST({text} AS INTEGER)"),
            Kind::Bool => format!("CASE {text} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"),
            Kind::Binary => format!("unhex({text})"),
            Kind::Text | Kind::Date | Kind::Timestamp => text,
        }
    } else {
        match column.kind {
            Kind::Integer => format!("{text}::bigint"),
            Kind::Bool => format!("{text}::boolean"),
            Kind::Binary => format!("decode({text}, 'hex')"),
            Kind::Date => format!("{text}::date"),
            Kind::Timestamp => format!("{text}::timestamp"),
            Kind::Text => text,
        }
    }
}

/// Whether a table numbers its rows itself.
fn is_numbered(table: &Table) -> bool {
    table.key().first().is_some_and(|column| column.name == "id" && column.kind == Kind::Integer)
}

/// The highest number a table has ever given, rows that are gone included: none is given twice.
pub fn last_id(conn: &mut AnyConnection, table: &Table) -> DbResult<Option<i64>> {
    if !is_numbered(table) {
        return Ok(None);
    }
    let name = &table.name;
    let sql = match conn {
        AnyConnection::Sqlite(_) => {
            format!("SELECT max(seq) AS number FROM sqlite_sequence WHERE name = '{name}'")
        }
        AnyConnection::Pg(_) => format!(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence('\"{name}\"', 'id')::regclass)::bigint AS number"
        ),
    };
    Ok(number(conn, sql)?.filter(|last| *last > 0))
}

/// Goes on numbering after this.
pub fn set_last_id(conn: &mut AnyConnection, table: &Table, last: i64) -> DbResult<()> {
    let name = &table.name;
    if !is_numbered(table) {
        return Err(DbError::Damaged(name.clone()));
    }
    match conn {
        AnyConnection::Sqlite(c) => c.batch_execute(&format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT '{name}', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE \
             name = '{name}'); UPDATE sqlite_sequence SET seq = max(seq, {last}) WHERE name = '{name}'"
        ))?,
        AnyConnection::Pg(c) => {
            c.batch_execute(&format!("SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), {last})"))?;
        }
    }
    Ok(())
}
