//! SQL written by hand whose statement is prepared once a connection: diesel keeps it by its text, which it does not do with
//! `sql_query`.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Timestamp};
use diesel::sqlite::Sqlite;

/// What stands for a `?`.
#[derive(Clone, Copy, Debug)]
pub enum Bind {
    Number(i64),
    Moment(NaiveDateTime),
}

/// A statement of SQLite with what stands for each `?` of it, in order. Where it gives something, that is one whole number.
pub struct Fixed<'a>(pub &'a str, pub &'a [Bind]);

impl QueryFragment<Sqlite> for Fixed<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut pieces = self.0.split('?');
        pieces.by_ref().take(1).for_each(|piece| pass.push_sql(piece));
        for (piece, bind) in pieces.zip(self.1) {
            match bind {
                Bind::Number(number) => pass.push_bind_param::<BigInt, _>(number)?,
                Bind::Moment(moment) => pass.push_bind_param::<Timestamp, _>(moment)?,
            }
            pass.push_sql(piece);
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
