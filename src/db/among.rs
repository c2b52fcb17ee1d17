//! "The column is one of these ids" with one parameter whatever their number: the statement is one, and is prepared once a connection.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel::sqlite::Sqlite;

use super::connection::MultiBackend;

/// See the module.
#[derive(Clone, Debug)]
pub struct Among<C> {
    column: C,
    ids: Vec<i64>,
    /// The ids as SQLite takes a list.
    json: String,
}

/// Whether a column is one of these ids.
pub fn among<C>(column: C, ids: &[i64]) -> Among<C> {
    let numbers: Vec<String> = ids.iter().map(i64::to_string).collect();
    Among { column, ids: ids.to_vec(), json: format!("[{}]", numbers.join(",")) }
}

impl<C: Expression> Expression for Among<C> {
    type SqlType = Bool;
}

impl<C: ValidGrouping<G>, G> ValidGrouping<G> for Among<C> {
    type IsAggregate = C::IsAggregate;
}

impl<C, S> AppearsOnTable<S> for Among<C>
where
    C: AppearsOnTable<S>,
    Self: Expression,
{
}

impl<C, S> SelectableExpression<S> for Among<C>
where
    C: SelectableExpression<S>,
    Self: AppearsOnTable<S>,
{
}

/// The text is that of the column.
impl<C: QueryId> QueryId for Among<C> {
    type QueryId = Among<C::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Among<C> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" = ANY(");
        pass.push_bind_param::<Array<BigInt>, _>(&self.ids)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<C> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (SELECT value FROM json_each(");
        pass.push_bind_param::<Text, _>(&self.json)?;
        pass.push_sql("))");
        Ok(())
    }
}

impl<C: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Among<C> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}
