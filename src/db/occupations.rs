//! The classification of occupations a user loaded: one, or none.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Stored};
use super::schema::occupations;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "职业", en: "occupation" };

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable, Insertable)]
#[diesel(table_name = occupations, treat_none_as_default_value = false)]
pub struct OccupationData {
    /// Unique.
    pub code: String,
    pub name: String,
    /// Empty for the heading of a group.
    pub definition: String,
}

rows::stored!(occupations, OccupationData, WHAT);

/// Removes the whole classification; answers how many occupations it had.
pub fn clear(conn: &mut AnyConnection) -> DbResult<usize> {
    Ok(diesel::delete(occupations::table).execute(conn)?)
}

#[derive(QueryableByName)]
struct Content {
    #[diesel(sql_type = Text)]
    content: String,
}

/// The whole classification as one text: equal texts, equal rows. See [`super::skills::content`].
pub fn content(conn: &mut AnyConnection) -> DbResult<String> {
    const SQL: &str = "SELECT COALESCE(string_agg(code || '\u{1f}' || name || '\u{1f}' || definition, '\u{1e}'), '') \
        AS content FROM occupations";
    Ok(diesel::sql_query(SQL).get_result::<Content>(conn)?.content)
}
