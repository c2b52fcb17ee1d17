//! Any row of any table as text: what the audit compares and what a backup carries.
//!
//! A row is its table's columns in the order of their names, each NULL or a text that is the same on SQLite and PostgreSQL:
//! integers in decimal, `true`/`false`, `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS.ffffff`, bytes in hexadecimal. Tables, columns and
//! types are read from the database itself, so a table added by a migration is never forgotten here.
//!
//! Invariant: different stored values have different texts. What SQLite keeps in another type than the column's (only a hand
//! at the file does that) is shown as [`ODD`] and its bytes. Cost: one statement a call; the catalogue is read once a
//! process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use super::connection::AnyConnection;
use super::error::{DbError, DbResult};
use super::migrate;

/// Leads the text of a value that is not of its column's type. No text of users holds control characters.
pub const ODD: char = '\u{1}';

/// How a value is written as text, and taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Text,
    Bool,
    Date,
    Timestamp,
    Binary,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    /// Place in the primary key, from 1; 0 if it is no part of it.
    pub key: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// By name.
    pub columns: Vec<Column>,
    /// Tables its rows refer to, itself included.
    pub refers_to: BTreeSet<String>,
}

/// The values of a row, in the order of [`Table::columns`].
pub type Row = Vec<Option<String>>;

impl Table {
    /// Place of a column in a [`Row`].
    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|other| other.name == column)
    }

    /// The columns of the primary key, in its order.
    #[must_use]
    pub fn key(&self) -> Vec<&Column> {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        key
    }
}

/// All tables of the service, by name; bookkeeping of migrations is not among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue(BTreeMap<String, Table>);

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    tbl: String,
    #[diesel(sql_type = Text)]
    col: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    pk: i64,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    tbl: String,
    #[diesel(sql_type = Text)]
    refers_to: String,
}

#[derive(QueryableByName)]
struct BytesLine {
    #[diesel(sql_type = Binary)]
    line: Vec<u8>,
}

#[derive(QueryableByName)]
struct TextLine {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Catalogue {
    /// The tables of this database. Kept for the process once all migrations have run: a program knows one schema.
    pub fn of(conn: &mut AnyConnection) -> DbResult<Arc<Self>> {
        static SQLITE: OnceLock<Arc<Catalogue>> = OnceLock::new();
        static POSTGRES: OnceLock<Arc<Catalogue>> = OnceLock::new();
        let kept = match conn {
            AnyConnection::Sqlite(_) => &SQLITE,
            AnyConnection::Pg(_) => &POSTGRES,
        };
        if let Some(catalogue) = kept.get() {
            return Ok(Arc::clone(catalogue));
        }
        let catalogue = Arc::new(Self::read(conn)?);
        if migrate::is_current(conn)? {
            return Ok(Arc::clone(kept.get_or_init(|| catalogue)));
        }
        Ok(catalogue)
    }

    /// The tables as they are now.
    pub(super) fn read(conn: &mut AnyConnection) -> DbResult<Self> {
        let (columns, references): (Vec<ColumnRow>, Vec<ReferenceRow>) = match conn {
            AnyConnection::Sqlite(c) => (
                diesel::sql_query(
                    "SELECT m.name AS tbl, c.name AS col, upper(c.type) AS kind, c.pk AS pk FROM sqlite_master m, \
                     pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND \
                     m.name NOT LIKE '\\_\\_%' ESCAPE '\\'",
                )
                .load(c)?,
                diesel::sql_query(
                    "SELECT m.name AS tbl, f.\"table\" AS refers_to FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
                     WHERE m.type = 'table'",
                )
                .load(c)?,
            ),
            AnyConnection::Pg(c) => (
                diesel::sql_query(
                    "SELECT c.relname::text AS tbl, a.attname::text AS col, upper(format_type(a.atttypid, NULL)) AS kind, \
                     coalesce((SELECT array_position(i.indkey::int2[], a.attnum) FROM pg_index i WHERE i.indrelid = c.oid AND \
                     i.indisprimary), -1)::bigint + 1 AS pk FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE \
                     c.relkind = 'r' AND c.relnamespace = to_regnamespace(current_schema()::text) AND a.attnum > 0 AND NOT \
                     a.attisdropped AND c.relname NOT LIKE '\\_\\_%'",
                )
                .load(c)?,
                diesel::sql_query(
                    "SELECT r.relname::text AS tbl, t.relname::text AS refers_to FROM pg_constraint k JOIN pg_class r ON r.oid \
                     = k.conrelid JOIN pg_class t ON t.oid = k.confrelid WHERE k.contype = 'f' AND r.relnamespace = \
                     to_regnamespace(current_schema()::text)",
                )
                .load(c)?,
            ),
        };
        let own = match conn {
            AnyConnection::Sqlite(_) => None,
            AnyConnection::Pg(_) => Some(migrate::tables_of(&migrate::applied(conn)?)?),
        };
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for row in columns {
            if own.as_ref().is_some_and(|own| !own.0.contains_key(&row.tbl)) {
                continue;
            }
            let kind = match row.kind.as_str() {
                "INTEGER" | "BIGINT" => Kind::Integer,
                "TEXT" => Kind::Text,
                "BOOLEAN" => Kind::Bool,
                "DATE" => Kind::Date,
                "TIMESTAMP" | "TIMESTAMP WITHOUT TIME ZONE" => Kind::Timestamp,
                "BLOB" | "BYTEA" => Kind::Binary,
                _ => return Err(DbError::Damaged(row.tbl)),
            };
            let table = tables.entry(row.tbl.clone()).or_insert_with(|| Table {
                name: row.tbl,
                columns: Vec::new(),
                refers_to: BTreeSet::new(),
            });
            table.columns.push(Column { name: row.col, kind, key: row.pk });
        }
        for row in references {
            if let Some(table) = tables.get_mut(&row.tbl) {
                table.refers_to.insert(row.refers_to);
            }
        }
        for table in tables.values_mut() {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(Self(tables))
    }

    /// # Errors
    /// If there is no such table.
    pub fn table(&self, name: &str) -> DbResult<&Table> {
        self.0.get(name).ok_or_else(|| DbError::Damaged(name.to_owned()))
    }

    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.0.values()
    }

    /// All tables, each after those it refers to.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Table> {
        let mut ordered: Vec<&Table> = Vec::new();
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        while ordered.len() < self.0.len() {
            let before = ordered.len();
            for table in self.0.values().filter(|table| !placed.contains(table.name.as_str())).collect::<Vec<_>>() {
                if table.refers_to.iter().all(|other| *other == table.name || placed.contains(other.as_str())) {
                    placed.insert(&table.name);
                    ordered.push(table);
                }
            }
            if ordered.len() == before {
                // Tables that refer to one another in a circle have no order; the schema's test would have said so.
                ordered.extend(self.0.values().filter(|table| !placed.contains(table.name.as_str())));
            }
        }
        ordered
    }
}

/// One value as an expression of SQL that gives its text.
fn text_of(column: &Column, sqlite: bool) -> String {
    let name = format!("\"{}\"", column.name);
    if sqlite {
        let (stored, text) = match column.kind {
            Kind::Integer => ("integer", format!("CAST({name} AS TEXT)")),
            Kind::Text | Kind::Date | Kind::Timestamp => ("text", name.clone()),
            Kind::Bool => {
                ("integer", format!("CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'x:' || {name} END"))
            }
            Kind::Binary => ("blob", format!("lower(hex({name}))")),
        };
        format!("CASE typeof({name}) WHEN '{stored}' THEN {text} WHEN 'null' THEN NULL ELSE char(1) || hex({name}) END")
    } else {
        match column.kind {
            Kind::Text => name,
            Kind::Integer | Kind::Bool => format!("{name}::text"),
            Kind::Date => format!("to_char({name}, 'YYYY-MM-DD')"),
            Kind::Timestamp => format!("to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US')"),
            Kind::Binary => format!("encode({name}, 'hex')"),
        }
    }
}

/// Which rows, and in what order; all of it is the program's own text, never a user's.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// After `WHERE`; parameters are numbered `$1`, `$2` and integers.
    pub filter: String,
    /// After `ORDER BY`.
    pub order: String,
    pub limit: Option<usize>,
}

/// A query of [`rows`] and [`sets`]: `json_array` of the columns' texts.
fn select(table: &Table, which: &Which, sqlite: bool) -> String {
    let values: Vec<String> = table.columns.iter().map(|column| text_of(column, sqlite)).collect();
    let line = if sqlite {
        format!("CAST(json_array({}) AS BLOB)", values.join(", "))
    } else {
        format!("json_build_array({})::text", values.join(", "))
    };
    let mut sql = format!("SELECT {line} AS line FROM \"{}\"", table.name);
    if !which.filter.is_empty() {
        sql += &format!(" WHERE {}", which.filter);
    }
    if !which.order.is_empty() {
        sql += &format!(" ORDER BY {}", which.order);
    }
    if let Some(limit) = which.limit {
        sql += &format!(" LIMIT {limit}");
    }
    sql
}

/// Rows of a table; at most two parameters.
pub fn rows(conn: &mut AnyConnection, table: &Table, which: &Which, parameters: &[i64]) -> DbResult<Vec<Row>> {
    let sqlite = matches!(conn, AnyConnection::Sqlite(_));
    let lines = lines(conn, select(table, which, sqlite), parameters)?;
    lines.into_iter().map(|line| values(table, &line, sqlite)).collect()
}

/// Bytes of text that a batch of [`batches`] is to have; a batch of one row may have more.
const BATCH_BYTES: usize = 1 << 20;

/// All rows of a table by its key, a batch at a time: no more than about a megabyte is held, however long its values are.
pub fn batches<E: From<DbError>>(
    conn: &mut AnyConnection,
    table: &Table,
    mut f: impl FnMut(Vec<Row>) -> Result<(), E>,
) -> Result<(), E> {
    let key = table.key();
    let names: Vec<String> = key.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let places: Vec<usize> = key.iter().filter_map(|column| table.position(&column.name)).collect();
    if key.is_empty() || key.len() > 2 || key.iter().any(|column| column.kind != Kind::Integer) {
        // The two databases may order texts differently. Tables with such keys are short.
        let mut all = rows(conn, table, &Which::default(), &[])?;
        all.sort_unstable();
        return f(all);
    }
    let after = match &names[..] {
        [one] => format!("{one} > $1"),
        _ => format!("({}) > ($1, $2)", names.join(", ")),
    };
    let (mut last, mut limit): (Vec<i64>, usize) = (Vec::new(), 16);
    loop {
        let filter = if last.is_empty() { String::new() } else { after.clone() };
        let which = Which { filter, order: names.join(", "), limit: Some(limit) };
        let batch = rows(conn, table, &which, &last)?;
        let count = batch.len();
        let Some(end) = batch.last() else { return Ok(()) };
        let numbers: Option<Vec<i64>> = places.iter().map(|place| end[*place].as_ref()?.parse().ok()).collect();
        last = numbers.ok_or_else(|| DbError::Damaged(table.name.clone()))?;
        let bytes: usize = batch.iter().flatten().flatten().map(String::len).sum();
        f(batch)?;
        if count < limit {
            return Ok(());
        }
        limit = (limit * BATCH_BYTES / bytes.max(1)).clamp(1, (limit * 4).min(2_000));
    }
}

/// Rows of several tables that hang on one object, in one statement: for each table the rows its filter gives, where `$1` is
/// the object.
pub fn sets(conn: &mut AnyConnection, tables: &[(&Table, &str)], id: i64) -> DbResult<Vec<(usize, Row)>> {
    let sqlite = matches!(conn, AnyConnection::Sqlite(_));
    let selects: Vec<String> = tables
        .iter()
        .map(|(table, filter)| select(table, &Which { filter: (*filter).to_owned(), ..Which::default() }, sqlite))
        .collect();
    // The place in the list leads every line.
    let sql = selects
        .iter()
        .enumerate()
        .map(|(place, select)| {
            let head = if sqlite { "SELECT CAST(json_array(" } else { "SELECT json_build_array(" };
            select.replacen(head, &format!("{head}'{place}', "), 1)
        })
        .collect::<Vec<_>>()
        .join(" UNION ALL ");
    let mut found = Vec::new();
    for line in lines(conn, sql, &[id])? {
        let damaged = || DbError::Damaged(tables.first().map(|(table, _)| table.name.clone()).unwrap_or_default());
        let mut texts: Row = serde_json::from_slice(&line).map_err(|_| damaged())?;
        let place: usize = texts.first().cloned().flatten().and_then(|text| text.parse().ok()).ok_or_else(damaged)?;
        texts.remove(0);
        let (table, _) = tables.get(place).ok_or_else(damaged)?;
        found.push((place, canonical(table, texts, sqlite)?));
    }
    Ok(found)
}

fn lines(conn: &mut AnyConnection, sql: String, parameters: &[i64]) -> DbResult<Vec<Vec<u8>>> {
    Ok(match conn {
        AnyConnection::Sqlite(c) => {
            let mut query = diesel::sql_query(sql).into_boxed();
            for parameter in parameters {
                query = query.bind::<BigInt, _>(*parameter);
            }
            query.load::<BytesLine>(c)?.into_iter().map(|row| row.line).collect()
        }
        AnyConnection::Pg(c) => {
            let mut query = diesel::sql_query(sql).into_boxed();
            for parameter in parameters {
                query = query.bind::<BigInt, _>(*parameter);
            }
            query.load::<TextLine>(c)?.into_iter().map(|row| row.line.into_bytes()).collect()
        }
    })
}

fn values(table: &Table, line: &[u8], sqlite: bool) -> DbResult<Row> {
    let texts: Row = serde_json::from_slice(line).map_err(|_| DbError::Damaged(table.name.clone()))?;
    canonical(table, texts, sqlite)
}

fn canonical(table: &Table, mut texts: Row, sqlite: bool) -> DbResult<Row> {
    if texts.len() != table.columns.len() {
        return Err(DbError::Damaged(table.name.clone()));
    }
    if sqlite {
        for (text, column) in texts.iter_mut().zip(&table.columns) {
            if let (Kind::Timestamp, Some(time)) = (column.kind, text.as_deref()) {
                // Another spelling of the same time stays as it is, so that it differs from what was written.
                let parsed = NaiveDateTime::parse_from_str(time, SQLITE_TIME).ok();
                if let Some(parsed) = parsed.filter(|parsed| parsed.format(SQLITE_TIME).to_string() == time) {
                    *text = Some(time_text(parsed));
                }
            }
        }
    }
    Ok(texts)
}

/// How diesel writes a time to SQLite: fractions in groups of three digits, none for whole seconds.
pub const SQLITE_TIME: &str = "%F %T%.f";

/// A time as it stands in a [`Row`].
#[must_use]
pub fn time_text(time: NaiveDateTime) -> String {
    time.format("%F %T%.6f").to_string()
}

/// The bytes of a binary value of a [`Row`]; `None` if the text is none.
#[must_use]
pub fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    super::keyring::from_hex(text, &mut bytes).then_some(bytes)
}
