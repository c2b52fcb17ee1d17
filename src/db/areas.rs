//! The tree of places: community, grid, building.

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Page, Versioned};
use super::schema::areas;
use crate::domain::codes::AreaKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "区域", en: "area" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = areas, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AreaData {
    /// `None` exactly for a community.
    pub parent_id: Option<i64>,
    pub kind: AreaKind,
    /// Unique under its parent.
    pub name: String,
    /// Minutes on foot from a building to the park.
    pub minutes_to_park: Option<i64>,
}

pub type AreaRow = Versioned<AreaData>;

rows::versioned!(areas, AreaData, WHAT);
rows::versioned_writes!(areas, AreaData, WHAT);
rows::versioned_delete!(areas, WHAT);

/// The area of this name under this parent (`None`: the community of this name).
pub fn by_name(conn: &mut AnyConnection, parent: Option<i64>, name: &str) -> DbResult<Option<AreaRow>> {
    let mut query = areas::table.filter(areas::name.eq(name)).into_boxed();
    query = match parent {
        Some(parent) => query.filter(areas::parent_id.eq(parent)),
        None => query.filter(areas::parent_id.is_null()),
    };
    Ok(query.select((areas::id, areas::version, AreaData::as_select())).first(conn).optional()?)
}

/// Which areas a list shows; `None` = any.
#[derive(Clone, Debug, Default)]
pub struct AreaFilter {
    pub kind: Option<AreaKind>,
    pub parent: Option<i64>,
    /// Among these; `None` = all.
    pub within: Option<Vec<i64>>,
}

/// A page of areas by id.
pub fn page(conn: &mut AnyConnection, filter: &AreaFilter, page: Page) -> DbResult<Vec<AreaRow>> {
    let mut query = areas::table.into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(areas::kind.eq(kind));
    }
    if let Some(parent) = filter.parent {
        query = query.filter(areas::parent_id.eq(parent));
    }
    if let Some(ids) = &filter.within {
        query = query.filter(areas::id.eq_any(ids));
    }
    Ok(query
        .filter(areas::id.gt(page.after))
        .order(areas::id)
        .limit(page.limit)
        .select((areas::id, areas::version, AreaData::as_select()))
        .load(conn)?)
}
