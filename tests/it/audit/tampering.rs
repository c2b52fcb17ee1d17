//! A hand at the database itself: thousands of random changes to a genuine chain, and every one is seen.
//!
//! Each change is made in a transaction, the chain is walked in the same one, and all is rolled back. Constraints that would
//! stop the hand are out of the way first, as they would be for somebody who edits the file.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{BigInt, Nullable, Text};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use wangjia::app::audit::{self, Fault};
use wangjia::app::error::{AppError, Refusal};
use wangjia::db::AnyConnection;
use wangjia::db::dump::{Catalogue, Column, Kind, Table};

use super::fill;
use crate::support::{TestDb, keys};

const ENTRIES: i64 = 30;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    line: Option<String>,
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = BigInt)]
    resident_id: i64,
}

struct Hand<'c> {
    conn: &'c mut AnyConnection,
    dice: &'c mut Pcg64,
    sqlite: bool,
}

impl Hand<'_> {
    /// Whether it could be done: two entries cannot have one number.
    fn run(&mut self, sql: &str) -> bool {
        match self.conn.batch_execute(sql) {
            Ok(()) => true,
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => false,
            Err(error) => panic!("{sql}: {error}"),
        }
    }

    fn one(&mut self, sql: String) -> Option<String> {
        diesel::sql_query(sql).get_result::<Line>(self.conn).unwrap().line
    }

    fn pick(&mut self, below: i64) -> i64 {
        self.dice.random_range(0..below)
    }

    /// A condition that finds one row of a table.
    fn row(&mut self, table: &str) -> String {
        match table {
            "audit_chain" => "id = 1".to_owned(),
            "audit_events" => format!("seq = {}", 1 + self.pick(ENTRIES)),
            _ => {
                let pairs: Vec<Pair> =
                    diesel::sql_query("SELECT seq, resident_id FROM audit_subjects ORDER BY seq, resident_id")
                        .load(self.conn)
                        .unwrap();
                let pair = &pairs[self.dice.random_range(0..pairs.len())];
                format!("seq = {} AND resident_id = {}", pair.seq, pair.resident_id)
            }
        }
    }

    /// Another value than a column holds, as SQL: one bit of it flipped, or gone, or there.
    fn other_value(&mut self, table: &str, column: &Column, row: &str) -> String {
        let name = &column.name;
        let hex = match (self.sqlite, column.kind) {
            (true, _) => format!("hex(CAST({name} AS BLOB))"),
            (false, Kind::Binary) => format!("encode({name}, 'hex')"),
            (false, _) => format!("encode(convert_to({name}::text, 'UTF8'), 'hex')"),
        };
        let null = self.one(format!("SELECT CASE WHEN {name} IS NULL THEN 'yes' END AS line FROM {table} WHERE {row}"));
        let binary = |hex: &str, sqlite| if sqlite { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") };
        if null.is_some() {
            return match column.kind {
                Kind::Integer => self.pick(3).to_string(),
                Kind::Binary => binary(["", "00"][self.dice.random_range(0..2)], self.sqlite),
                _ => "''".to_owned(),
            };
        }
        let hex = self.one(format!("SELECT {hex} AS line FROM {table} WHERE {row}")).unwrap();
        let bytes: Vec<u8> =
            (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect();
        let must_be =
            !["account_id", "role", "object_id", "before_hash", "after_hash", "detail_cipher"].contains(&name.as_str());
        if self.pick(12) == 0 && !must_be {
            return "NULL".to_owned();
        }
        let mut changed = bytes;
        let flip = |hand: &mut Self, changed: &mut Vec<u8>| {
            if changed.is_empty() {
                changed.push(b' ');
            } else {
                let at = hand.dice.random_range(0..changed.len());
                match hand.pick(8) {
                    // A byte less, a byte more, or one bit.
                    0 => drop(changed.remove(at)),
                    1 => changed.insert(at, b'0'),
                    _ => changed[at] ^= 1 << hand.pick(8),
                }
            }
        };
        match column.kind {
            Kind::Integer => {
                let number: i64 = String::from_utf8(changed).unwrap().parse().unwrap();
                (number ^ (1 << self.pick(62))).to_string()
            }
            Kind::Timestamp if !self.sqlite => {
                format!("{name} + interval '{} microseconds'", 1 + self.pick(1_000_000_000))
            }
            Kind::Binary => {
                flip(self, &mut changed);
                binary(&to_hex(&changed), self.sqlite)
            }
            _ if self.sqlite => {
                flip(self, &mut changed);
                format!("CAST(x'{}' AS TEXT)", to_hex(&changed))
            }
            _ => loop {
                let mut other = changed.clone();
                flip(self, &mut other);
                if !other.contains(&0)
                    && let Ok(text) = String::from_utf8(other)
                {
                    return format!("'{}'", text.replace('\'', "''"));
                }
            },
        }
    }

    /// Changes something; says what, and whether it could be done.
    fn tamper(&mut self, events: &Table, chain: &Table) -> (String, bool) {
        let n = 1 + self.pick(ENTRIES);
        let m = 1 + self.pick(ENTRIES);
        let columns: Vec<&str> = events.columns.iter().map(|c| c.name.as_str()).filter(|c| *c != "seq").collect();
        let all = columns.join(", ");
        let sql = match self.pick(16) {
            0..=6 => {
                let column = &events.columns[self.dice.random_range(0..events.columns.len())];
                let row = self.row("audit_events");
                let value = self.other_value("audit_events", column, &row);
                format!("UPDATE audit_events SET {} = {value} WHERE {row}", column.name)
            }
            7 => {
                let column = &chain.columns[self.dice.random_range(0..chain.columns.len())];
                let value = self.other_value("audit_chain", column, "id = 1");
                format!("UPDATE audit_chain SET {} = {value}", column.name)
            }
            8 => match self.pick(4) {
                0 => "DELETE FROM audit_chain".to_owned(),
                // Cut off at the end, the head moved along as far as it can be without the keys.
                1 => format!(
                    "DELETE FROM audit_subjects WHERE seq > {n}; UPDATE audit_chain SET last_seq = {n}, last_hash = (SELECT \
                     hash FROM audit_events WHERE seq = {n}); DELETE FROM audit_events WHERE seq > {n}"
                ),
                2 => format!(
                    "DELETE FROM audit_subjects WHERE seq <= {n}; UPDATE audit_chain SET first_seq = {n} + 1, \
                     first_previous_hash = (SELECT hash FROM audit_events WHERE seq = {n}); DELETE FROM audit_events WHERE \
                     seq <= {n}"
                ),
                _ => "DELETE FROM audit_subjects; DELETE FROM audit_events".to_owned(),
            },
            9 => format!("DELETE FROM audit_events WHERE seq = {n}; DELETE FROM audit_subjects WHERE seq = {n}"),
            // The hole closed by moving everything up.
            10 => format!(
                "DELETE FROM audit_events WHERE seq = {n}; UPDATE audit_events SET seq = -seq WHERE seq > {n}; UPDATE \
                 audit_events SET seq = -seq - 1 WHERE seq < 0; UPDATE audit_chain SET last_seq = last_seq - 1"
            ),
            11 => {
                let to = [0, -3, ENTRIES + 1, ENTRIES + 50][self.dice.random_range(0..4)];
                match self.pick(2) {
                    0 => format!("UPDATE audit_events SET seq = {to} WHERE seq = {n}"),
                    _ => format!(
                        "INSERT INTO audit_events (seq, {all}) SELECT {to}, {all} FROM audit_events WHERE seq = {n}"
                    ),
                }
            }
            // Two entries change places, with or without their subjects.
            12 => {
                let mut sql = format!(
                    "UPDATE audit_events SET seq = -1 WHERE seq = {n}; UPDATE audit_events SET seq = {n} WHERE seq = {m}; \
                     UPDATE audit_events SET seq = {m} WHERE seq = -1"
                );
                if self.pick(2) == 0 {
                    sql = format!("{sql}; {}", sql.replace("audit_events", "audit_subjects"));
                }
                sql
            }
            // A column of another entry.
            13 => {
                let column = columns[self.dice.random_range(0..columns.len())];
                format!(
                    "UPDATE audit_events SET {column} = (SELECT o.{column} FROM audit_events o WHERE o.seq = {m}) WHERE seq = {n}"
                )
            }
            14 => {
                let row = self.row("audit_subjects");
                match self.pick(3) {
                    0 => format!("DELETE FROM audit_subjects WHERE {row}"),
                    1 => format!("UPDATE audit_subjects SET resident_id = {} WHERE {row}", 100_000 + n),
                    _ => format!(
                        "UPDATE audit_subjects SET seq = {} WHERE {row}",
                        [m, 0, -7, 99][self.dice.random_range(0..4)]
                    ),
                }
            }
            _ => format!(
                "INSERT INTO audit_subjects (seq, resident_id) VALUES ({}, {})",
                [n, 0, 77][self.dice.random_range(0..3)],
                5_000 + m
            ),
        };
        let done = self.run(&sql);
        (sql, done)
    }

    /// Everything in the three tables, as the database itself writes it.
    fn contents(&mut self, tables: [&Table; 3]) -> Vec<Option<String>> {
        let mut all = Vec::new();
        for table in tables {
            let values: Vec<String> = table
                .columns
                .iter()
                .map(|column| match (self.sqlite, column.kind) {
                    (true, _) => format!("hex(quote({0}) || typeof({0}) || hex({0}))", column.name),
                    (false, Kind::Binary) => format!("coalesce(encode({}, 'hex'), 'null')", column.name),
                    (false, _) => format!("coalesce({}::text, 'null')", column.name),
                })
                .collect();
            let sql = format!("SELECT {} AS line FROM {} ORDER BY 1", values.join(" || '|' || "), table.name);
            all.extend(diesel::sql_query(sql).load::<Line>(self.conn).unwrap().into_iter().map(|line| line.line));
        }
        all
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn every_change_is_seen(db: &TestDb, mutations: usize, seed: u64) {
    db.db.write_in_turn(|conn| fill(conn, ENTRIES)).unwrap();
    db.write(|conn| {
        if let AnyConnection::Pg(c) = conn {
            c.batch_execute(
                "ALTER TABLE audit_subjects DROP CONSTRAINT audit_subjects_seq_fkey; ALTER TABLE audit_chain DROP CONSTRAINT \
                 audit_chain_id_check; ALTER TABLE audit_events DROP CONSTRAINT audit_events_actor_kind_check",
            )?;
        }
        Ok(())
    });
    let mut dice = Pcg64::seed_from_u64(seed);
    let mut kinds = std::collections::BTreeMap::new();
    let mut done = 0;
    while done < mutations {
        let mut found = None;
        let rolled_back: Result<(), AppError> = db.db.write(|conn| {
            let catalogue = Catalogue::of(conn)?;
            let table = |name| catalogue.table(name).unwrap();
            let tables = [table("audit_events"), table("audit_subjects"), table("audit_chain")];
            let sqlite = matches!(conn, AnyConnection::Sqlite(_));
            if sqlite {
                conn.batch_execute("PRAGMA defer_foreign_keys = ON; PRAGMA ignore_check_constraints = ON").unwrap();
            }
            let mut hand = Hand { conn, dice: &mut dice, sqlite };
            let before = hand.contents(tables);
            let (what, could) = hand.tamper(tables[0], tables[2]);
            if !could {
                if sqlite {
                    hand.run("PRAGMA ignore_check_constraints = OFF");
                }
                return Err(Refusal::WrongStatus.into());
            }
            let is_other = hand.contents(tables) != before;
            if sqlite {
                hand.run("PRAGMA ignore_check_constraints = OFF");
            }
            let report = audit::verify_within(hand.conn, &keys(), None)?;
            found = Some((what, is_other, report));
            Err(Refusal::WrongStatus.into())
        });
        assert!(matches!(rolled_back, Err(AppError::Refused(..))), "{rolled_back:?}");
        let Some((what, is_other, report)) = found else { continue };
        assert_eq!(report.fault.is_some(), is_other, "{what}: {report:?}");
        if let Some(fault) = report.fault {
            done += 1;
            *kinds.entry(fault.code()).or_insert(0) += 1;
            let before = report.last_seq - report.first_seq + 1;
            assert!(before == report.entries || report.last_seq == 0, "{what}: {report:?}");
        }
    }
    // Every kind of fault but the impossible ones was met.
    for fault in [Fault::NoHead, Fault::HeadChanged, Fault::Missing(0), Fault::Changed(0), Fault::Strays] {
        assert!(kinds.contains_key(fault.code()), "{kinds:?}");
    }
    assert_eq!(audit::verify(&db.db, None).unwrap().fault, None);
}

#[test]
fn four_thousand_changes_on_sqlite_are_seen() {
    every_change_is_seen(&TestDb::sqlite(), 4_000, 20_261_126);
}

#[test]
fn changes_on_postgres_are_seen() {
    every_change_is_seen(&TestDb::postgres(), 500, 20_261_127);
}

/// An older copy of the whole file is a genuine chain; only a head noted elsewhere tells.
#[test]
fn an_older_copy_is_seen_by_a_noted_head_only() {
    let db = TestDb::sqlite();
    let file = db.file().unwrap();
    db.db.write_in_turn(|conn| fill(conn, 5)).unwrap();
    let copy = file.with_extension("old");
    let copying = format!("VACUUM INTO '{}'", copy.display());
    let mut plain = diesel::SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    plain.batch_execute(&copying).unwrap();
    let act = super::act(1, "read", 1);
    db.db.write_in_turn(|conn| audit::append(conn, &keys(), &act, &audit::Happened::default(), super::at(9))).unwrap();
    let head = audit::verify(&db.db, None).unwrap();
    let noted = audit::Noted { seq: head.last_seq, hash: head.last_hash };
    let old = wangjia::db::Db::open_existing(&wangjia::db::DatabaseUrl::sqlite(&copy), keys()).unwrap();
    assert_eq!(audit::verify(&old, None).unwrap().fault, None);
    assert_eq!(audit::verify(&old, Some(&noted)).unwrap().fault, Some(Fault::NotNoted(6)));
}
