//! What every table group shares: rows with an id, inserts of many rows, keyset pages, guarded updates.
//!
//! A table's columns that a caller decides are one `…Data` struct, used to insert, to read and to replace. What the database
//! decides (id, version, times) is around it: [`Stored`] or [`Versioned`].
//!
//! Invariant: an update names the version it was made from; if the row has moved on, nothing is written
//! ([`super::DbError::Changed`]). Cost: inserts of many rows go in statements of [`CHUNK`] rows.

use chrono::{NaiveDateTime, Timelike, Utc};
use diesel::prelude::*;

/// Rows of one insert statement or ids of one `IN` list. The widest table has 40 columns; SQLite takes 32,766 values.
pub const CHUNK: usize = 500;

/// A row with its id.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Stored<T> {
    pub id: i64,
    pub data: T,
}

/// A row with its id and the version an update must name.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Versioned<T> {
    pub id: i64,
    pub version: i64,
    pub data: T,
}

/// Part of a list in the order of ids: rows after an id, at most so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub after: i64,
    pub limit: i64,
}

impl Page {
    #[must_use]
    pub const fn first(limit: i64) -> Self {
        Self { after: 0, limit }
    }

    /// The page of a list that is computed whole, in order of id.
    #[must_use]
    pub fn of<T>(self, all: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        all.into_iter().filter(|row| id(row) > self.after).take(limit).collect()
    }
}

/// The time to store now: UTC, cut to the microseconds PostgreSQL keeps, so that both databases give back the same.
#[must_use]
pub fn now() -> NaiveDateTime {
    cut(Utc::now().naive_utc())
}

/// A time cut to whole microseconds.
#[must_use]
pub fn cut(time: NaiveDateTime) -> NaiveDateTime {
    time.with_nanosecond(time.nanosecond() / 1_000 * 1_000).unwrap_or(time)
}

/// A text to find anywhere in a column with `LIKE … ESCAPE '\'`.
pub(super) fn contains(part: &str) -> String {
    let mut pattern = String::from("%");
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Inserts many rows in the caller's transaction and gives their ids in the order of the rows.
///
/// Both databases number the rows of one statement in order but may return them in any: the ids are sorted.
macro_rules! insert_many {
    ($conn:expr, $table:ident, $rows:expr, $with:expr, $what:expr) => {{
        let mut ids: Vec<i64> = Vec::new();
        for chunk in $rows.chunks($crate::db::rows::CHUNK) {
            let chunk: Vec<_> = chunk.iter().map($with).collect();
            let mut inserted: Vec<i64> =
                $crate::db::connection::on_each!($conn, |c| diesel::insert_into($table::table)
                    .values(chunk)
                    .returning($table::id)
                    .get_results(c))
                .or_conflict($what)?;
            inserted.sort_unstable();
            ids.append(&mut inserted);
        }
        ids
    }};
}

/// The functions of a list that hangs on a parent row and has no life of its own: `all`, `of`, `insert_all`, `replace`.
macro_rules! child_list {
    ($table:ident, $parent:ident, $row:ty, $what:expr) => {
        /// The whole table, by parent and in the order entered.
        pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<$row>> {
            Ok($table::table.select(<$row>::as_select()).order(($table::$parent, $table::id)).load(conn)?)
        }

        /// The lists of these parents, in the order of the ids and as entered.
        pub fn of(conn: &mut AnyConnection, parents: &[i64]) -> DbResult<Vec<$row>> {
            let mut rows = Vec::new();
            for ids in parents.chunks($crate::db::rows::CHUNK) {
                let theirs = $table::table.filter($crate::db::among::among($table::$parent, ids));
                let ordered = theirs.order(($table::$parent, $table::id));
                rows.extend($crate::db::connection::on_each!(conn, |c| ordered
                    .select(<$row>::as_select())
                    .load::<$row>(c))?);
            }
            Ok(rows)
        }

        /// Adds rows of any parents.
        pub fn insert_all(conn: &mut AnyConnection, rows: &[$row]) -> DbResult<()> {
            // A list of one, which a step of a history always is, is a statement that is prepared once.
            if let [row] = rows {
                diesel::insert_into($table::table).values(row).execute(conn).or_conflict($what)?;
                return Ok(());
            }
            for chunk in rows.chunks($crate::db::rows::CHUNK) {
                let chunk: Vec<_> = chunk.iter().collect();
                $crate::db::connection::on_each!(conn, |c| diesel::insert_into($table::table).values(chunk).execute(c))
                    .or_conflict($what)?;
            }
            Ok(())
        }

        /// Makes `rows` the whole lists of these parents; every row must belong to one of them.
        pub fn replace(conn: &mut AnyConnection, parents: &[i64], rows: &[$row]) -> DbResult<()> {
            for ids in parents.chunks($crate::db::rows::CHUNK) {
                diesel::delete($table::table.filter($crate::db::among::among($table::$parent, ids))).execute(conn)?;
            }
            insert_all(conn, rows)
        }
    };
}

/// `get` and `all` of a [`Stored`] table.
macro_rules! stored {
    ($table:ident, $data:ty, $what:expr) => {
        /// One row, or `NotFound`.
        pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<Stored<$data>> {
            $table::table.find(id).select(($table::id, <$data>::as_select())).first(conn).or_not_found($what)
        }

        /// The whole table by id.
        pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<Stored<$data>>> {
            Ok($table::table.select(($table::id, <$data>::as_select())).order($table::id).load(conn)?)
        }

        /// Adds a row and gives its id.
        pub fn insert(conn: &mut AnyConnection, data: &$data) -> DbResult<i64> {
            diesel::insert_into($table::table).values(data).returning($table::id).get_result(conn).or_conflict($what)
        }

        /// Adds rows and gives their ids in the same order.
        pub fn insert_all(conn: &mut AnyConnection, rows: &[$data]) -> DbResult<Vec<i64>> {
            Ok($crate::db::rows::insert_many!(conn, $table, rows, |row| row, $what))
        }

        /// Removes a row; `Conflict` if others refer to it, `NotFound` if there is none.
        pub fn delete(conn: &mut AnyConnection, id: i64) -> DbResult<()> {
            let gone = diesel::delete($table::table.find(id)).execute(conn).or_conflict($what)?;
            if gone == 1 { Ok(()) } else { Err($crate::db::DbError::NotFound($what)) }
        }
    };
}

/// `get`, `get_many` and `all` of a [`Versioned`] table.
macro_rules! versioned {
    ($table:ident, $data:ty, $what:expr) => {
        /// One row, or `NotFound`.
        pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<Versioned<$data>> {
            $table::table
                .find(id)
                .select(($table::id, $table::version, <$data>::as_select()))
                .first(conn)
                .or_not_found($what)
        }

        /// The rows among these ids, by id.
        pub fn get_many(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<Versioned<$data>>> {
            let mut rows = Vec::new();
            for ids in ids.chunks($crate::db::rows::CHUNK) {
                rows.extend(
                    $table::table
                        .filter($table::id.eq_any(ids))
                        .select(($table::id, $table::version, <$data>::as_select()))
                        .load::<Versioned<$data>>(conn)?,
                );
            }
            rows.sort_unstable_by_key(|row| row.id);
            Ok(rows)
        }

        /// The whole table by id.
        pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<Versioned<$data>>> {
            Ok($table::table
                .select(($table::id, $table::version, <$data>::as_select()))
                .order($table::id)
                .load(conn)?)
        }
    };
}

/// `insert`, `insert_all`, `update` and `delete` of a [`Versioned`] table; `timed` if it keeps when a row was made and
/// changed.
macro_rules! versioned_writes {
    ($table:ident, $data:ty, $what:expr, timed) => {
        /// Adds a row and gives its id.
        pub fn insert(conn: &mut AnyConnection, data: &$data, now: chrono::NaiveDateTime) -> DbResult<i64> {
            diesel::insert_into($table::table)
                .values((data, $table::created_at.eq(now), $table::updated_at.eq(now)))
                .returning($table::id)
                .get_result(conn)
                .or_conflict($what)
        }

        /// Adds rows and gives their ids in the same order.
        pub fn insert_all(conn: &mut AnyConnection, rows: &[$data], now: chrono::NaiveDateTime) -> DbResult<Vec<i64>> {
            Ok($crate::db::rows::insert_many!(
                conn,
                $table,
                rows,
                |row| (row, $table::created_at.eq(now), $table::updated_at.eq(now)),
                $what
            ))
        }

        /// Replaces the row's data if it still has this version; gives the new version.
        pub fn update(
            conn: &mut AnyConnection,
            id: i64,
            version: i64,
            data: &$data,
            now: chrono::NaiveDateTime,
        ) -> DbResult<i64> {
            let row = $table::table.filter($table::id.eq(id)).filter($table::version.eq(version));
            let changed = (data, $table::version.eq(version + 1), $table::updated_at.eq(now));
            let written =
                $crate::db::again::Again(diesel::update(row).set(changed)).execute(conn).or_conflict($what)?;
            $crate::db::rows::written_once!(conn, $table, id, version, written, $what)
        }

        /// Gives the row a new version without other changes: a list that belongs to it has changed.
        pub fn touch(conn: &mut AnyConnection, id: i64, version: i64, now: chrono::NaiveDateTime) -> DbResult<i64> {
            let row = $table::table.filter($table::id.eq(id)).filter($table::version.eq(version));
            let changed = ($table::version.eq(version + 1), $table::updated_at.eq(now));
            let written = $crate::db::again::Again(diesel::update(row).set(changed)).execute(conn)?;
            $crate::db::rows::written_once!(conn, $table, id, version, written, $what)
        }
    };
    ($table:ident, $data:ty, $what:expr) => {
        /// Adds a row and gives its id.
        pub fn insert(conn: &mut AnyConnection, data: &$data) -> DbResult<i64> {
            diesel::insert_into($table::table).values(data).returning($table::id).get_result(conn).or_conflict($what)
        }

        /// Adds rows and gives their ids in the same order.
        pub fn insert_all(conn: &mut AnyConnection, rows: &[$data]) -> DbResult<Vec<i64>> {
            Ok($crate::db::rows::insert_many!(conn, $table, rows, |row| row, $what))
        }

        /// Replaces the row's data if it still has this version; gives the new version.
        pub fn update(conn: &mut AnyConnection, id: i64, version: i64, data: &$data) -> DbResult<i64> {
            let row = $table::table.filter($table::id.eq(id)).filter($table::version.eq(version));
            let changed = (data, $table::version.eq(version + 1));
            let written =
                $crate::db::again::Again(diesel::update(row).set(changed)).execute(conn).or_conflict($what)?;
            $crate::db::rows::written_once!(conn, $table, id, version, written, $what)
        }
    };
}

/// The guarded `delete` of a [`Versioned`] table nothing else hangs on by right.
macro_rules! versioned_delete {
    ($table:ident, $what:expr) => {
        /// Removes the row if it still has this version; `Conflict` if others refer to it.
        pub fn delete(conn: &mut AnyConnection, id: i64, version: i64) -> DbResult<()> {
            let gone = diesel::delete($table::table.filter($table::id.eq(id)).filter($table::version.eq(version)))
                .execute(conn)
                .or_conflict($what)?;
            let version: DbResult<i64> = $crate::db::rows::written_once!(conn, $table, id, version, gone, $what);
            version.map(|_| ())
        }
    };
}

/// `Ok` with the new version if exactly one row was written; otherwise says whether the row is gone or has moved on.
macro_rules! written_once {
    ($conn:expr, $table:ident, $id:expr, $version:expr, $written:expr, $what:expr) => {
        if $written == 1 {
            Ok($version + 1)
        } else if diesel::select(diesel::dsl::exists($table::table.find($id))).get_result::<bool>($conn)? {
            Err($crate::db::DbError::Changed($what))
        } else {
            Err($crate::db::DbError::NotFound($what))
        }
    };
}

/// Conversion between a row of hours and a [`crate::domain::week::Span`].
macro_rules! hours_of_spans {
    ($row:ident, $parent:ident) => {
        impl $row {
            #[must_use]
            pub fn new($parent: i64, span: $crate::domain::week::Span) -> Self {
                Self { $parent, weekday: span.weekday.into(), from_minute: span.from.into(), to_minute: span.to.into() }
            }

            /// `None` only if the row does not keep the table's CHECK constraints.
            #[must_use]
            pub fn span(&self) -> Option<$crate::domain::week::Span> {
                $crate::domain::week::Span::new(
                    self.weekday.try_into().ok()?,
                    self.from_minute.try_into().ok()?,
                    self.to_minute.try_into().ok()?,
                )
            }
        }
    };
}

pub(super) use {
    child_list, hours_of_spans, insert_many, stored, versioned, versioned_delete, versioned_writes, written_once,
};
