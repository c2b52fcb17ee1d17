//! Which columns of a list somebody wants, in which order.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Stored};
use super::schema::saved_views;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "保存的列表样式", en: "saved view" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_views, treat_none_as_default_value = false)]
pub struct ViewData {
    pub account_id: i64,
    pub list: String,
    /// Unique among the account's views of the list.
    pub name: String,
    /// Codes of columns, with a space between.
    pub fields: String,
    pub created_at: NaiveDateTime,
}

rows::stored!(saved_views, ViewData, WHAT);

/// The views of an account, by list and as they were saved.
pub fn of_account(conn: &mut AnyConnection, account: i64) -> DbResult<Vec<Stored<ViewData>>> {
    Ok(saved_views::table
        .filter(saved_views::account_id.eq(account))
        .select((saved_views::id, ViewData::as_select()))
        .order((saved_views::list, saved_views::id))
        .load(conn)?)
}
