//! Employers.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page, Versioned};
use super::schema::employers;
use crate::domain::codes::EmployerKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "企业", en: "employer" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = employers, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct EmployerData {
    /// Unique.
    pub name: String,
    /// Unified social credit code, unique.
    pub credit_code: Option<String>,
    pub kind: EmployerKind,
    pub industry: Option<String>,
    pub address: Option<String>,
    /// Last day of a park tenancy.
    pub tenant_until: Option<NaiveDate>,
}

pub type EmployerRow = Versioned<EmployerData>;

rows::versioned!(employers, EmployerData, WHAT);
rows::versioned_writes!(employers, EmployerData, WHAT, timed);
rows::versioned_delete!(employers, WHAT);

pub fn by_name(conn: &mut AnyConnection, name: &str) -> DbResult<Option<EmployerRow>> {
    Ok(employers::table
        .filter(employers::name.eq(name))
        .select((employers::id, employers::version, EmployerData::as_select()))
        .first(conn)
        .optional()?)
}

pub fn by_credit_code(conn: &mut AnyConnection, credit_code: &str) -> DbResult<Option<EmployerRow>> {
    Ok(employers::table
        .filter(employers::credit_code.eq(credit_code))
        .select((employers::id, employers::version, EmployerData::as_select()))
        .first(conn)
        .optional()?)
}

/// Which employers a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct EmployerFilter {
    pub kind: Option<EmployerKind>,
    /// Part of the name.
    pub name: Option<String>,
    /// Among these; `None` = all.
    pub among: Option<Vec<i64>>,
}

/// A page of employers by id.
pub fn page(conn: &mut AnyConnection, filter: &EmployerFilter, page: Page) -> DbResult<Vec<EmployerRow>> {
    let mut query = employers::table.into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(employers::kind.eq(kind));
    }
    if let Some(name) = &filter.name {
        query = query.filter(employers::name.like(rows::contains(name)).escape('\\'));
    }
    if let Some(ids) = &filter.among {
        query = query.filter(employers::id.eq_any(ids));
    }
    Ok(query
        .filter(employers::id.gt(page.after))
        .order(employers::id)
        .limit(page.limit)
        .select((employers::id, employers::version, EmployerData::as_select()))
        .load(conn)?)
}
