//! The classification of occupations a user loaded: one, or none.

use diesel::prelude::*;

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
