//! A statement that is run again and again with the same text: it is prepared once a connection.
//!
//! Diesel prepares an `UPDATE` anew at each use, because the columns of a changeset may differ from one to the next, and SQL written
//! by hand because it may be put together; here neither is so. Were it, each text would be kept for itself: more memory, never a
//! wrong statement. Preparing one whose table has triggers takes longer than running it.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use super::connection::AnyConnection;

/// See the module.
pub struct Again<Q>(pub Q);

impl<Q, DB: Backend> QueryFragment<DB> for Again<Q>
where
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Known by its text.
impl<Q> QueryId for Again<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Again<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<AnyConnection> for Again<Q> {}
