//! Settings with effective dates, and the `meta` facts about the database itself.
//!
//! Invariant: a setting is never changed in place; a new value starts on a day, so a figure of the past can be computed
//! again with the rules of that day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{AnyConnection, Both};
use super::error::DbResult;
use super::schema::{meta, settings};

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = settings)]
pub struct SettingRow {
    pub id: i64,
    pub key: String,
    pub value: String,
    pub valid_from: NaiveDate,
}

/// The value in force on a day: the latest that starts on or before it.
pub fn setting_on(conn: &mut AnyConnection, key: &str, on: NaiveDate) -> DbResult<Option<String>> {
    Ok(settings::table
        .filter(settings::key.eq(key))
        .filter(settings::valid_from.le(on))
        .order(settings::valid_from.desc())
        .select(settings::value)
        .first(conn)
        .optional()?)
}

/// The values in force on a day of these settings, in one query.
pub fn settings_on(conn: &mut AnyConnection, keys: &[&str], on: NaiveDate) -> DbResult<BTreeMap<String, String>> {
    let rows: Vec<(String, String)> = settings::table
        .filter(settings::key.eq_any(keys))
        .filter(settings::valid_from.le(on))
        .order(settings::valid_from)
        .select((settings::key, settings::value))
        .load(conn)?;
    // The latest comes last and stays.
    Ok(rows.into_iter().collect())
}

/// Every value of every setting, by key and day.
pub fn all(conn: &mut AnyConnection) -> DbResult<Vec<SettingRow>> {
    Ok(settings::table.select(SettingRow::as_select()).order(settings::id).load(conn)?)
}

/// The row of a value that starts on this very day.
pub fn starting(conn: &mut AnyConnection, key: &str, valid_from: NaiveDate) -> DbResult<Option<i64>> {
    Ok(settings::table
        .filter(settings::key.eq(key))
        .filter(settings::valid_from.eq(valid_from))
        .select(settings::id)
        .first(conn)
        .optional()?)
}

/// Sets a value from a day on; a value that starts on the same day is replaced.
pub fn set_from(conn: &mut AnyConnection, key: &str, value: &str, valid_from: NaiveDate) -> DbResult<()> {
    Both(
        diesel::insert_into(settings::table)
            .values((settings::key.eq(key), settings::value.eq(value), settings::valid_from.eq(valid_from)))
            .on_conflict((settings::key, settings::valid_from))
            .do_update()
            .set(settings::value.eq(value)),
    )
    .execute(conn)?;
    Ok(())
}

/// A fact about the database, such as the mark of a demo.
pub fn meta(conn: &mut AnyConnection, key: &str) -> DbResult<Option<String>> {
    Ok(meta::table.find(key).select(meta::value).first(conn).optional()?)
}

pub fn set_meta(conn: &mut AnyConnection, key: &str, value: &str) -> DbResult<()> {
    Both(
        diesel::insert_into(meta::table)
            .values((meta::key.eq(key), meta::value.eq(value)))
            .on_conflict(meta::key)
            .do_update()
            .set(meta::value.eq(value)),
    )
    .execute(conn)?;
    Ok(())
}
