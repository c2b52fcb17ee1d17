//! What employers are told. A notice names a referral or a posting and no person.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, Page, Stored};
use super::schema::notices;
use crate::domain::referral::NoticeKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "通知", en: "notice" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
pub struct NoticeData {
    pub employer_id: i64,
    pub kind: NoticeKind,
    pub referral_id: Option<i64>,
    pub posting_id: Option<i64>,
    /// The day in China.
    pub created_on: NaiveDate,
    pub read_at: Option<NaiveDateTime>,
    /// The account that read it first.
    pub read_by: Option<i64>,
    pub created_at: NaiveDateTime,
}

pub type NoticeRow = Stored<NoticeData>;

rows::stored!(notices, NoticeData, WHAT);

/// Which notices a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    /// To these employers; `None` = to any.
    pub employers: Option<Vec<i64>>,
    pub unread: bool,
}

/// A page of notices by id.
pub fn page(conn: &mut AnyConnection, filter: &NoticeFilter, page: Page) -> DbResult<Vec<NoticeRow>> {
    let mut query = notices::table.into_boxed();
    if let Some(employers) = &filter.employers {
        query = query.filter(notices::employer_id.eq_any(employers.clone()));
    }
    if filter.unread {
        query = query.filter(notices::read_at.is_null());
    }
    Ok(query
        .filter(notices::id.gt(page.after))
        .order(notices::id)
        .limit(page.limit)
        .select((notices::id, NoticeData::as_select()))
        .load(conn)?)
}

/// The newest notices, newest first; `before` is an id.
pub fn latest(
    conn: &mut AnyConnection,
    filter: &NoticeFilter,
    before: Option<i64>,
    limit: i64,
) -> DbResult<Vec<NoticeRow>> {
    let mut query = notices::table.into_boxed();
    if let Some(employers) = &filter.employers {
        query = query.filter(notices::employer_id.eq_any(employers.clone()));
    }
    if filter.unread {
        query = query.filter(notices::read_at.is_null());
    }
    if let Some(before) = before {
        query = query.filter(notices::id.lt(before));
    }
    Ok(query.order(notices::id.desc()).limit(limit).select((notices::id, NoticeData::as_select())).load(conn)?)
}

/// Marks what these employers were told up to a notice as read; who read one first stays.
pub fn mark_all_read(
    conn: &mut AnyConnection,
    employers: &[i64],
    last: i64,
    (by, now): (Option<i64>, NaiveDateTime),
) -> DbResult<()> {
    let unread = notices::table
        .filter(notices::employer_id.eq_any(employers))
        .filter(notices::id.le(last))
        .filter(notices::read_at.is_null());
    diesel::update(unread).set((notices::read_at.eq(now), notices::read_by.eq(by))).execute(conn)?;
    Ok(())
}

/// Marks a notice as read; who read it first stays.
pub fn mark_read(conn: &mut AnyConnection, id: i64, by: Option<i64>, now: NaiveDateTime) -> DbResult<()> {
    let unread = notices::table.find(id).filter(notices::read_at.is_null());
    diesel::update(unread).set((notices::read_at.eq(now), notices::read_by.eq(by))).execute(conn)?;
    let there = diesel::select(diesel::dsl::exists(notices::table.find(id))).get_result::<bool>(conn)?;
    if there { Ok(()) } else { Err(DbError::NotFound(WHAT)) }
}
