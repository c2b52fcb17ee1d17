//! Idempotency keys with the answers given under them; keyed hashes and sealed answers only.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::schema::idempotency_keys;
use super::seal::{BlindIndex, Sealed};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "请求键", en: "idempotency key" };

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = idempotency_keys)]
pub struct IdempotencyKeyRow {
    pub request_index: BlindIndex,
    pub status: Option<i64>,
    pub headers: Option<String>,
    pub answer_cipher: Option<Sealed>,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct NewIdempotencyKey {
    pub key_index: BlindIndex,
    pub request_index: BlindIndex,
    pub status: Option<i64>,
    pub headers: Option<String>,
    pub answer_cipher: Option<Sealed>,
    pub created_at: NaiveDateTime,
}

pub fn find(conn: &mut AnyConnection, key: &BlindIndex) -> DbResult<Option<IdempotencyKeyRow>> {
    Ok(idempotency_keys::table
        .filter(idempotency_keys::key_index.eq(key))
        .select(IdempotencyKeyRow::as_select())
        .first(conn)
        .optional()?)
}

/// Conflict if the key is there already.
pub fn insert(conn: &mut AnyConnection, row: &NewIdempotencyKey) -> DbResult<usize> {
    diesel::insert_into(idempotency_keys::table).values(row).execute(conn).or_conflict(WHAT)
}

/// Removes what was created before a moment; returns how many.
pub fn purge(conn: &mut AnyConnection, before: NaiveDateTime) -> DbResult<usize> {
    Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before))).execute(conn)?)
}
