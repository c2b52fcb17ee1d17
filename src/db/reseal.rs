//! Every sealed value of the database: under which key it is, and sealed again under the newest.
//!
//! Invariant: a value is replaced only by itself under another key, and only if it is still the one that was read; so any
//! number of these may run beside writers and one another, and be stopped at any moment. Cost: a scan of the column for each
//! count and each pass, one small update a value.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use super::connection::AnyConnection;
use super::dump::{Catalogue, Kind};
use super::error::{DbError, DbResult};
use super::keyring::Keyring;
use super::migrate;
use super::seal::{Sealed, SealedColumn};

/// A column of sealed values and the number its rows are found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub column: SealedColumn,
    table: String,
    name: String,
    key: String,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    key_hex: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// All columns of sealed values; the key check in `meta` is apart.
pub fn places(conn: &mut AnyConnection) -> DbResult<Vec<Place>> {
    let catalogue = Catalogue::of(conn)?;
    let mut places = Vec::new();
    for column in SealedColumn::ALL.iter().copied().filter(|column| *column != SealedColumn::KeyCheck) {
        let damaged = || DbError::Damaged(column.name().to_owned());
        let (table, name) = column.name().split_once('.').ok_or_else(damaged)?;
        let key = catalogue.table(table)?.key();
        let [key] = key[..] else { return Err(damaged()) };
        if key.kind != Kind::Integer {
            return Err(damaged());
        }
        places.push(Place { column, table: table.to_owned(), name: name.to_owned(), key: key.name.clone() });
    }
    Ok(places)
}

/// The key id of a sealed value, in hexadecimal; empty for what is too short to be one.
fn key_hex(name: &str, sqlite: bool) -> String {
    if sqlite { format!("lower(hex(substr({name}, 2, 1)))") } else { format!("encode(substr({name}, 2, 1), 'hex')") }
}

/// How many values each key seals, the key check included; key 0 counts what is no sealed value.
pub fn counts(conn: &mut AnyConnection) -> DbResult<BTreeMap<u8, i64>> {
    let sqlite = matches!(conn, AnyConnection::Sqlite(_));
    let mut counts = BTreeMap::from([(migrate::key_check_id(conn)?, 1)]);
    for Place { table, name, .. } in places(conn)? {
        let sql = format!(
            "SELECT {} AS key_hex, count(*) AS number FROM {table} WHERE {name} IS NOT NULL GROUP BY 1",
            key_hex(&name, sqlite)
        );
        for row in diesel::sql_query(sql).load::<CountRow>(conn)? {
            *counts.entry(u8::from_str_radix(&row.key_hex, 16).unwrap_or_default()).or_default() += row.number;
        }
    }
    Ok(counts)
}

/// Seals the key check again.
pub fn key_check(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    migrate::reseal_key_check(conn, keys)
}

/// A value that is not under the newest key.
#[derive(QueryableByName)]
pub struct Value {
    /// The number of its row.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

/// Values of a column, after a row, that are not under the newest key, by row.
pub fn find(conn: &mut AnyConnection, keys: &Keyring, place: &Place, after: i64, limit: usize) -> DbResult<Vec<Value>> {
    let Place { table, name, key, .. } = place;
    let sqlite = matches!(conn, AnyConnection::Sqlite(_));
    let newest = keys.seal_ids().last().copied().unwrap_or_default();
    let sql = format!(
        "SELECT {key} AS number, {name} AS sealed FROM {table} WHERE {key} > {after} AND {name} IS NOT NULL AND {} <> \
         '{newest:02x}' ORDER BY {key} LIMIT {limit}",
        key_hex(name, sqlite)
    );
    Ok(diesel::sql_query(sql).load(conn)?)
}

/// Seals values with the newest key, where they are still those that were found; gives how many were.
///
/// Found and replaced in two transactions: one that scans would, on PostgreSQL, give way to everybody who writes beside it.
pub fn replace(conn: &mut AnyConnection, keys: &Keyring, place: &Place, values: &[Value]) -> DbResult<u64> {
    let Place { column, table, name, key } = place;
    let update = format!("UPDATE {table} SET {name} = $1 WHERE {key} = $2 AND {name} = $3");
    let mut replaced = 0;
    for Value { number, sealed } in values {
        let plain = keys.open(*column, &Sealed::from_bytes(sealed.clone()))?;
        let again = keys.seal(*column, &plain)?.as_bytes().to_vec();
        let query = diesel::sql_query(&update);
        let query = query.bind::<Binary, _>(again).bind::<BigInt, _>(*number).bind::<Binary, _>(sealed);
        replaced += match conn {
            AnyConnection::Sqlite(c) => query.execute(c)?,
            AnyConnection::Pg(c) => query.execute(c)?,
        } as u64;
    }
    Ok(replaced)
}
