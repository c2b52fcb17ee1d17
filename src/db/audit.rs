//! The rows of the audit: entries that are only ever added, whom they are about, and the head that says where the chain
//! begins and ends.
//!
//! What binds an entry is a keyed hash of [`BOUND`] columns, the plain detail, the subjects and the hash before it, each
//! with its length in front, so that no two different entries give the same bytes. The detail's plain text is bound and not
//! its ciphertext: a new seal key re-encrypts details without breaking the chain, and a changed ciphertext does not open.
//!
//! Invariant: the head is written only by who read a genuine one ([`DbError::AuditHead`]); it begins with a random hash when
//! the tables are made, so no chain can be put in place of another without the keys.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::again::Again;
use super::among::among;
use super::connection::{AnyConnection, MultiBackend, on_each};
use super::dump::{self, Row, Table};
use super::error::{DbError, DbResult};
use super::keyring::{self, Keyring};
use super::rows::CHUNK;
use super::schema::{accounts, audit_chain, audit_events, audit_subjects};
use super::seal::{IndexField, SealError, Sealed, SealedColumn};
use crate::domain::access::ActorKind;

/// The columns an entry's hash binds, in this order for ever. A column added later is bound by a later form of the hash.
pub const BOUND: [&str; 16] = [
    "seq",
    "at",
    "actor_kind",
    "account_id",
    "role",
    "scope",
    "action",
    "object_kind",
    "object_id",
    "operation",
    "purpose",
    "request_id",
    "outcome",
    "before_hash",
    "after_hash",
    "previous_hash",
];

const HASH_LEN: usize = 32;

/// An entry as it is written; number and hashes are added by [`append`].
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub at: NaiveDateTime,
    pub actor_kind: ActorKind,
    pub account_id: Option<i64>,
    pub role: Option<String>,
    pub scope: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<i64>,
    pub operation: String,
    pub purpose: String,
    pub request_id: String,
    pub outcome: String,
    pub before_hash: Option<Vec<u8>>,
    pub after_hash: Option<Vec<u8>>,
}

/// Where the chain begins and ends.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = audit_chain)]
struct Head {
    id: i64,
    first_seq: i64,
    first_previous_hash: Vec<u8>,
    last_seq: i64,
    last_hash: Vec<u8>,
    mac: Vec<u8>,
}

/// The mac of a head, from its values as text.
#[must_use]
pub fn head_mac(keys: &Keyring, first_seq: &str, first_previous: &str, last_seq: &str, last: &str) -> String {
    let mut hash = keys.hasher(IndexField::AuditChain);
    for text in [first_seq, first_previous, last_seq, last] {
        field(&mut hash, Some(text.as_bytes()));
    }
    hash.finish().to_hex()
}

impl Head {
    fn expected_mac(&self, keys: &Keyring) -> String {
        let hex = keyring::to_hex;
        head_mac(
            keys,
            &self.first_seq.to_string(),
            &hex(&self.first_previous_hash),
            &self.last_seq.to_string(),
            &hex(&self.last_hash),
        )
    }

    fn sign(&mut self, keys: &Keyring) {
        let mut mac = vec![0; HASH_LEN];
        keyring::from_hex(&self.expected_mac(keys), &mut mac);
        self.mac = mac;
    }

    /// The head, which must be one this program left.
    fn genuine(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<Self> {
        let head: Option<Self> = audit_chain::table.find(1).select(Self::as_select()).first(conn).optional()?;
        head.filter(|head| keyring::to_hex(&head.mac) == head.expected_mac(keys)).ok_or(DbError::AuditHead)
    }

    fn save(&self, conn: &mut AnyConnection) -> DbResult<()> {
        match Again(diesel::update(audit_chain::table.find(1)).set(self)).execute(conn)? {
            1 => Ok(()),
            _ => Err(DbError::AuditHead),
        }
    }
}

/// Begins the chain: part of the transaction that makes its tables.
pub(super) fn begin(conn: &mut AnyConnection, keys: &Keyring) -> DbResult<()> {
    let start: [u8; HASH_LEN] = rand::random();
    let mut head = Head {
        id: 1,
        first_seq: 1,
        first_previous_hash: start.to_vec(),
        last_seq: 0,
        last_hash: start.to_vec(),
        mac: Vec::new(),
    };
    head.sign(keys);
    diesel::insert_into(audit_chain::table).values(&head).execute(conn)?;
    Ok(())
}

fn field(hash: &mut super::seal::KeyedHash, value: Option<&[u8]>) {
    match value {
        None => hash.update(&[0]),
        Some(bytes) => {
            hash.update(&[1]);
            hash.update(&(bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
    }
}

/// The hash of an entry: values of [`BOUND`], the plain detail, the subjects in ascending order.
#[must_use]
pub fn entry_hash(
    keys: &Keyring,
    bound: &[Option<String>; BOUND.len()],
    detail: Option<&[u8]>,
    subjects: &[String],
) -> String {
    let mut hash = keys.hasher(IndexField::AuditEntry);
    for value in bound {
        field(&mut hash, value.as_deref().map(str::as_bytes));
    }
    field(&mut hash, detail);
    hash.update(&(subjects.len() as u64).to_be_bytes());
    for subject in subjects {
        field(&mut hash, Some(subject.as_bytes()));
    }
    hash.finish().to_hex()
}

/// The plain detail of an entry.
pub fn open_detail(keys: &Keyring, sealed: Option<&Sealed>) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, SealError> {
    sealed.map(|sealed| keys.open(SealedColumn::AuditDetail, sealed)).transpose()
}

/// Adds an entry at the end of the chain, in the caller's transaction; gives its number. `subjects` ascending, each once.
pub fn append(
    conn: &mut AnyConnection,
    keys: &Keyring,
    entry: &NewEntry,
    detail: Option<&[u8]>,
    subjects: &[i64],
) -> DbResult<i64> {
    let mut head = Head::genuine(conn, keys)?;
    let seq = head.last_seq + 1;
    let previous = std::mem::take(&mut head.last_hash);
    let number = |value: Option<i64>| value.map(|value| value.to_string());
    let hex = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(keyring::to_hex);
    let text = |text: &String| Some(text.clone());
    let bound = [
        number(Some(seq)),
        Some(dump::time_text(entry.at)),
        Some(entry.actor_kind.code().to_owned()),
        number(entry.account_id),
        entry.role.clone(),
        text(&entry.scope),
        text(&entry.action),
        text(&entry.object_kind),
        number(entry.object_id),
        text(&entry.operation),
        text(&entry.purpose),
        text(&entry.request_id),
        text(&entry.outcome),
        hex(&entry.before_hash),
        hex(&entry.after_hash),
        Some(keyring::to_hex(&previous)),
    ];
    let subject_texts: Vec<String> = subjects.iter().map(i64::to_string).collect();
    let mut hash = vec![0; HASH_LEN];
    keyring::from_hex(&entry_hash(keys, &bound, detail, &subject_texts), &mut hash);
    let sealed = detail.map(|detail| keys.seal(SealedColumn::AuditDetail, detail)).transpose()?;
    diesel::insert_into(audit_events::table)
        .values((
            (
                audit_events::seq.eq(seq),
                audit_events::at.eq(entry.at),
                audit_events::actor_kind.eq(entry.actor_kind),
                audit_events::account_id.eq(entry.account_id),
                audit_events::role.eq(&entry.role),
                audit_events::scope.eq(&entry.scope),
                audit_events::action.eq(&entry.action),
                audit_events::object_kind.eq(&entry.object_kind),
                audit_events::object_id.eq(entry.object_id),
            ),
            (
                audit_events::operation.eq(&entry.operation),
                audit_events::purpose.eq(&entry.purpose),
                audit_events::request_id.eq(&entry.request_id),
                audit_events::outcome.eq(&entry.outcome),
                audit_events::before_hash.eq(&entry.before_hash),
                audit_events::after_hash.eq(&entry.after_hash),
                audit_events::detail_cipher.eq(&sealed),
                audit_events::previous_hash.eq(&previous),
                audit_events::hash.eq(&hash),
            ),
        ))
        .execute(conn)?;
    let subject = |resident: &i64| (audit_subjects::seq.eq(seq), audit_subjects::resident_id.eq(*resident));
    match subjects {
        [resident] => drop(diesel::insert_into(audit_subjects::table).values(subject(resident)).execute(conn)?),
        many => {
            for chunk in many.chunks(CHUNK) {
                let rows: Vec<_> = chunk.iter().map(subject).collect();
                on_each!(conn, |c| diesel::insert_into(audit_subjects::table).values(rows).execute(c))?;
            }
        }
    }
    head.last_seq = seq;
    head.last_hash = hash;
    head.sign(keys);
    head.save(conn)?;
    Ok(seq)
}

/// Removes the oldest entries up to and including `last`; the chain then begins after it. Gives how many went.
pub fn remove_until(conn: &mut AnyConnection, keys: &Keyring, last: i64) -> DbResult<usize> {
    let mut head = Head::genuine(conn, keys)?;
    if last < head.first_seq {
        return Ok(0);
    }
    head.first_previous_hash = audit_events::table.find(last).select(audit_events::hash).first(conn)?;
    head.first_seq = last + 1;
    head.sign(keys);
    diesel::delete(audit_subjects::table.filter(audit_subjects::seq.le(last))).execute(conn)?;
    let gone = diesel::delete(audit_events::table.filter(audit_events::seq.le(last))).execute(conn)?;
    head.save(conn)?;
    Ok(gone)
}

/// The last entry before the first that is not older than a moment: what may be removed with everything before it. `None` if
/// that is nothing.
pub fn last_before(conn: &mut AnyConnection, moment: NaiveDateTime) -> DbResult<Option<i64>> {
    let kept: Option<i64> = audit_events::table
        .filter(audit_events::at.ge(moment))
        .order(audit_events::seq)
        .select(audit_events::seq)
        .first(conn)
        .optional()?;
    let mut older = audit_events::table.order(audit_events::seq.desc()).select(audit_events::seq).into_boxed();
    if let Some(kept) = kept {
        older = older.filter(audit_events::seq.lt(kept));
    }
    Ok(older.first(conn).optional()?)
}

/// The rows of a stretch of the chain as the database holds them, by number: `from` included, `until` not.
pub fn stretch(conn: &mut AnyConnection, table: &Table, from: i64, until: i64) -> DbResult<Vec<Row>> {
    let key: Vec<String> = table.key().iter().map(|column| format!("\"{}\"", column.name)).collect();
    let which =
        dump::Which { filter: "seq >= $1 AND seq < $2".to_owned(), order: key.join(", "), ..dump::Which::default() };
    dump::rows(conn, table, &which, &[from, until])
}

/// Entries and subjects in the tables, whatever their numbers.
pub fn counts(conn: &mut AnyConnection) -> DbResult<(i64, i64)> {
    Ok((audit_events::table.count().get_result(conn)?, audit_subjects::table.count().get_result(conn)?))
}

/// What to look for in the chain.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor_kind: Option<ActorKind>,
    pub account: Option<i64>,
    pub object_kind: Option<String>,
    pub object: Option<i64>,
    /// A resident the entry is about.
    pub subject: Option<i64>,
    pub action: Option<String>,
    /// From this moment on.
    pub from: Option<NaiveDateTime>,
    /// Before this moment.
    pub to: Option<NaiveDateTime>,
}

/// An entry as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub struct EntryRow {
    pub seq: i64,
    pub at: NaiveDateTime,
    pub actor_kind: ActorKind,
    pub account_id: Option<i64>,
    pub role: Option<String>,
    pub scope: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<i64>,
    pub operation: String,
    pub purpose: String,
    pub request_id: String,
    pub outcome: String,
    pub before_hash: Option<Vec<u8>>,
    pub after_hash: Option<Vec<u8>>,
    pub detail_cipher: Option<Sealed>,
    pub hash: Vec<u8>,
}

/// Entries after a number, at most `limit`, oldest first.
pub fn page(conn: &mut AnyConnection, filter: &Filter, after: i64, limit: i64) -> DbResult<Vec<EntryRow>> {
    let found = filtered(filter).filter(audit_events::seq.gt(after)).order(audit_events::seq);
    Ok(found.limit(limit).select(EntryRow::as_select()).load(conn)?)
}

/// Entries before a number, at most `limit`, newest first.
pub fn latest(conn: &mut AnyConnection, filter: &Filter, before: i64, limit: i64) -> DbResult<Vec<EntryRow>> {
    let found = filtered(filter).filter(audit_events::seq.lt(before)).order(audit_events::seq.desc());
    Ok(found.limit(limit).select(EntryRow::as_select()).load(conn)?)
}

fn filtered(filter: &Filter) -> audit_events::BoxedQuery<'static, MultiBackend> {
    let mut query = audit_events::table.into_boxed();
    if let Some(kind) = filter.actor_kind {
        query = query.filter(audit_events::actor_kind.eq(kind));
    }
    if let Some(account) = filter.account {
        query = query.filter(audit_events::account_id.eq(account));
    }
    if let Some(kind) = &filter.object_kind {
        query = query.filter(audit_events::object_kind.eq(kind.clone()));
    }
    if let Some(object) = filter.object {
        query = query.filter(audit_events::object_id.eq(object));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_events::action.eq(action.clone()));
    }
    if let Some(resident) = filter.subject {
        let about = audit_subjects::table.filter(audit_subjects::resident_id.eq(resident)).select(audit_subjects::seq);
        query = query.filter(audit_events::seq.eq_any(about));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_events::at.lt(to));
    }
    query
}

/// Whom these entries are about, by entry and resident.
pub fn subjects(conn: &mut AnyConnection, entries: &[i64]) -> DbResult<Vec<(i64, i64)>> {
    let mut found = Vec::new();
    for chunk in entries.chunks(CHUNK) {
        found.extend(
            audit_subjects::table
                .filter(among(audit_subjects::seq, chunk))
                .order((audit_subjects::seq, audit_subjects::resident_id))
                .select((audit_subjects::seq, audit_subjects::resident_id))
                .load::<(i64, i64)>(conn)?,
        );
    }
    Ok(found)
}

/// A hash as people and programs write it.
#[must_use]
pub fn hex(hash: &[u8]) -> String {
    keyring::to_hex(hash)
}

/// The account of a sign-in name.
pub fn account_of(conn: &mut AnyConnection, login: &str) -> DbResult<Option<i64>> {
    Ok(accounts::table.filter(accounts::login.eq(login)).select(accounts::id).first(conn).optional()?)
}
