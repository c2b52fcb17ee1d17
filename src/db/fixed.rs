//! SQL written by hand whose statement is prepared once a connection: diesel keeps it by its text, which it does not do with
//! `sql_query`.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Timestamp};
use diesel::sqlite::Sqlite;

/// A statement of SQLite with its parameters: the numbers are `?1` and so on, the moment comes after them. Where it gives something, that is one
/// whole number.
pub struct Fixed<'a> {
    pub sql: &'a str,
    pub numbers: &'a [i64],
    pub moment: Option<NaiveDateTime>,
}

impl<'a> Fixed<'a> {
    pub const fn plain(sql: &'a str) -> Self {
        Self::new(sql, &[])
    }

    pub const fn new(sql: &'a str, numbers: &'a [i64]) -> Self {
        Self { sql, numbers, moment: None }
    }
}

impl QueryFragment<Sqlite> for Fixed<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql(self.sql);
        for number in self.numbers {
            pass.push_bind_param_value_only::<BigInt, _>(number)?;
        }
        if let Some(moment) = &self.moment {
            pass.push_bind_param_value_only::<Timestamp, _>(moment)?;
        }
        Ok(())
    }
}

impl QueryId for Fixed<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Fixed<'_> {
    type SqlType = BigInt;
}

impl RunQueryDsl<diesel::SqliteConnection> for Fixed<'_> {}
