//! Is the audit what was written? Walks every entry and says the first place where it is not.
//!
//! Found are: any changed byte of any column, an entry removed, added, swapped or given another number, changed subjects, a
//! head that is gone or does not end the chain. Not found, because nothing inside can tell: an older copy of the whole
//! database (see [`Noted`]). Cost: one scan in batches of [`BATCH`] entries, a keyed hash and the opening of the detail each.

use std::collections::BTreeMap;

use crate::app::error::AppError;
use crate::app::{Connection, Db, Keyring};
use crate::db::audit::{self as rows, BOUND};
use crate::db::dump::{self, Catalogue, Row, Table};
use crate::db::seal::{Sealed, SealedColumn};
use crate::db::{DbError, DbResult};
use crate::domain::text::Text;

/// Entries read at a time.
const BATCH: i64 = 1_000;

/// A head somebody wrote down: number and hash of an entry that was the last one then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub seq: i64,
    /// Lower-case hexadecimal.
    pub hash: String,
}

impl Noted {
    /// Reads `NUMBER:HASH`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (seq, hash) = text.trim().split_once(':')?;
        let hash = hash.to_ascii_lowercase();
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(Self { seq: seq.parse().ok().filter(|seq| *seq >= 0)?, hash }).filter(|_| is_hash)
    }
}

/// What is wrong with the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no head, or more than one.
    NoHead,
    /// The head's own values were changed.
    HeadChanged,
    /// The entry is not there.
    Missing(i64),
    /// Something of the entry, its detail or its subjects was changed.
    Changed(i64),
    /// The entry is genuine and does not follow the one before it.
    Detached(i64),
    /// The last entry is not the one the head names.
    Ends(i64),
    /// Entries or subjects outside the chain.
    Strays,
    /// The noted head is not in the chain: an older copy was put back, or another chain in its place.
    NotNoted(i64),
    /// The noted head is older than the first entry kept: it cannot be looked for.
    NotedRemoved(i64),
}

impl Fault {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoHead => "no_head",
            Self::HeadChanged => "head_changed",
            Self::Missing(_) => "entry_missing",
            Self::Changed(_) => "entry_changed",
            Self::Detached(_) => "entry_detached",
            Self::Ends(_) => "end_differs",
            Self::Strays => "strays",
            Self::NotNoted(_) => "noted_head_absent",
            Self::NotedRemoved(_) => "noted_head_removed",
        }
    }

    /// The entry it is about.
    #[must_use]
    pub const fn seq(self) -> Option<i64> {
        match self {
            Self::Missing(seq)
            | Self::Changed(seq)
            | Self::Detached(seq)
            | Self::Ends(seq)
            | Self::NotNoted(seq)
            | Self::NotedRemoved(seq) => Some(seq),
            Self::NoHead | Self::HeadChanged | Self::Strays => None,
        }
    }

    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::NoHead => Text::new(
                "审计链的链头缺失：记录可能被整体删除。",
                "The head of the chain is missing: the audit may have been removed as a whole.",
            ),
            Self::HeadChanged => Text::new("审计链的链头被改动。", "The head of the chain was altered."),
            Self::Missing(seq) => Text::new(format!("第 {seq} 条审计记录缺失。"), format!("Entry {seq} is missing.")),
            Self::Changed(seq) => Text::new(
                format!("第 {seq} 条审计记录（或其明细、当事人）被改动。"),
                format!("Entry {seq}, its detail or its subjects were altered."),
            ),
            Self::Detached(seq) => Text::new(
                format!("第 {seq} 条审计记录与前一条不衔接。"),
                format!("Entry {seq} does not follow the one before it."),
            ),
            Self::Ends(seq) => Text::new(
                format!("审计链应止于第 {seq} 条，与链头所记不符。"),
                format!("The chain does not end with entry {seq} as its head says."),
            ),
            Self::Strays => Text::new(
                "审计表中有不属于审计链的记录。",
                "There are entries or subjects that do not belong to the chain.",
            ),
            Self::NotNoted(seq) => Text::new(
                format!("所记的链头（第 {seq} 条）不在审计链中：数据库可能被换回旧副本。"),
                format!("The noted head (entry {seq}) is not in the chain: an older copy may have been put back."),
            ),
            Self::NotedRemoved(seq) => Text::new(
                format!("所记的链头（第 {seq} 条）已超过保存期并被清除，无法核对。请改用较新的链头。"),
                format!("The noted head (entry {seq}) was removed when its time was over. Use a later one."),
            ),
        }
    }
}

/// What a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries checked and found good.
    pub entries: i64,
    pub first_seq: i64,
    pub last_seq: i64,
    /// Of the last entry good, in hexadecimal: with `last_seq` what is to be written down.
    pub last_hash: String,
    pub fault: Option<Fault>,
}

/// Checks the whole chain at one moment.
///
/// # Errors
/// If the database fails; a broken chain is no error but a [`Report::fault`].
pub fn verify(db: &Db, noted: Option<&Noted>) -> Result<Report, AppError> {
    db.read(|conn| verify_within(conn, db.keys(), noted))
}

/// [`verify()`] as part of a transaction somebody else opened.
///
/// # Errors
/// As [`verify()`].
pub fn verify_within(conn: &mut Connection, keys: &Keyring, noted: Option<&Noted>) -> Result<Report, AppError> {
    let catalogue = Catalogue::of(conn)?;
    let head = match head(conn, keys, catalogue.table("audit_chain")?)? {
        Ok(head) => head,
        Err(fault) => {
            let fault = Some(fault);
            return Ok(Report { entries: 0, first_seq: 0, last_seq: 0, last_hash: String::new(), fault });
        }
    };
    let mut walk = Walk {
        keys,
        events: catalogue.table("audit_events")?,
        subjects: catalogue.table("audit_subjects")?,
        previous: head.first_previous,
        next: head.first_seq,
        subject_count: 0,
        noted,
        noted_found: false,
    };
    walk.look_for_noted(head.first_seq - 1);
    let mut fault = walk.run(conn, head.last_seq)?;
    if fault.is_none() && walk.previous != head.last_hash {
        fault = Some(Fault::Ends(head.last_seq));
    }
    let entries = walk.next - head.first_seq;
    if fault.is_none() && rows::counts(conn)? != (entries, walk.subject_count) {
        fault = Some(Fault::Strays);
    }
    if let (None, Some(noted), false) = (fault, noted, walk.noted_found) {
        let is_removed = noted.seq < head.first_seq - 1;
        fault = Some(if is_removed { Fault::NotedRemoved(noted.seq) } else { Fault::NotNoted(noted.seq) });
    }
    Ok(Report { entries, first_seq: head.first_seq, last_seq: walk.next - 1, last_hash: walk.previous, fault })
}

/// Checks what was added since an entry that was found good, up to the head: what is before it is not looked at again, nor are
/// entries outside the chain. Cost: as [`verify()`], of the new entries alone.
///
/// # Errors
/// As [`verify()`].
pub fn verify_after(conn: &mut Connection, keys: &Keyring, good: &Noted) -> Result<Report, AppError> {
    let catalogue = Catalogue::of(conn)?;
    let none = |fault| Report { entries: 0, first_seq: 0, last_seq: 0, last_hash: String::new(), fault: Some(fault) };
    let head = match head(conn, keys, catalogue.table("audit_chain")?)? {
        Ok(head) => head,
        Err(fault) => return Ok(none(fault)),
    };
    if head.last_seq < good.seq {
        return Ok(none(Fault::Ends(head.last_seq)));
    }
    let mut walk = Walk {
        keys,
        events: catalogue.table("audit_events")?,
        subjects: catalogue.table("audit_subjects")?,
        previous: good.hash.clone(),
        next: good.seq + 1,
        subject_count: 0,
        noted: None,
        noted_found: false,
    };
    let mut fault = walk.run(conn, head.last_seq)?;
    if fault.is_none() && walk.previous != head.last_hash {
        fault = Some(Fault::Ends(head.last_seq));
    }
    let entries = walk.next - good.seq - 1;
    Ok(Report { entries, first_seq: good.seq + 1, last_seq: walk.next - 1, last_hash: walk.previous, fault })
}

struct Head {
    first_seq: i64,
    first_previous: String,
    last_seq: i64,
    last_hash: String,
}

fn head(conn: &mut Connection, keys: &Keyring, table: &Table) -> DbResult<Result<Head, Fault>> {
    let found = match dump::rows(conn, table, &dump::Which::default(), &[]) {
        Err(DbError::Damaged(_)) => return Ok(Err(Fault::HeadChanged)),
        found => found?,
    };
    let [row] = &found[..] else { return Ok(Err(Fault::NoHead)) };
    let text = |column| table.position(column).and_then(|place| row[place].as_deref()).unwrap_or_default();
    let number = |column| text(column).parse::<i64>();
    let (first_previous, last_hash) = (text("first_previous_hash"), text("last_hash"));
    let mac = rows::head_mac(keys, text("first_seq"), first_previous, text("last_seq"), last_hash);
    Ok(match (number("first_seq"), number("last_seq")) {
        (Ok(first_seq), Ok(last_seq)) if text("id") == "1" && mac == text("mac") => {
            Ok(Head { first_seq, first_previous: first_previous.to_owned(), last_seq, last_hash: last_hash.to_owned() })
        }
        _ => Err(Fault::HeadChanged),
    })
}

struct Walk<'a> {
    keys: &'a Keyring,
    events: &'a Table,
    subjects: &'a Table,
    /// Hash of the last entry that was good.
    previous: String,
    next: i64,
    subject_count: i64,
    noted: Option<&'a Noted>,
    noted_found: bool,
}

impl Walk<'_> {
    fn run(&mut self, conn: &mut Connection, last: i64) -> DbResult<Option<Fault>> {
        let mut size = BATCH;
        while self.next <= last {
            let until = (last + 1).min(self.next.saturating_add(size));
            let read = rows::stretch(conn, self.events, self.next, until)
                .and_then(|events| Ok((events, rows::stretch(conn, self.subjects, self.next, until)?)));
            let (events, subjects) = match read {
                // A row that cannot be read hides which one it is: then they are read one by one.
                Err(DbError::Damaged(_)) if size > 1 => {
                    size = 1;
                    continue;
                }
                Err(DbError::Damaged(_)) => return Ok(Some(Fault::Changed(self.next))),
                read => read?,
            };
            if let Some(fault) = self.take(&events, subjects, until) {
                return Ok(Some(fault));
            }
        }
        Ok(None)
    }

    /// Checks the entries from `next` to `until`.
    fn take(&mut self, events: &[Row], subjects: Vec<Row>, until: i64) -> Option<Fault> {
        let mut about: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (of, whom) = (self.subjects.position("seq")?, self.subjects.position("resident_id")?);
        self.subject_count += subjects.len() as i64;
        for mut row in subjects {
            if let (Some(seq), Some(resident)) = (row[of].take(), row[whom].take()) {
                about.entry(seq).or_default().push(resident);
            }
        }
        let seq_at = self.events.position("seq")?;
        let mut events = events.iter();
        while self.next < until {
            let number = self.next.to_string();
            let Some(event) = events.next() else { return Some(Fault::Missing(self.next)) };
            if event[seq_at].as_ref() != Some(&number) {
                let is_later = event[seq_at].as_ref().is_some_and(|seq| seq.parse::<i64>().is_ok());
                return Some(if is_later { Fault::Missing(self.next) } else { Fault::Changed(self.next) });
            }
            if let Some(fault) = self.check(event, about.remove(&number).unwrap_or_default()) {
                return Some(fault);
            }
            self.look_for_noted(self.next);
            self.next += 1;
        }
        // What is left has no number of its own among these entries.
        (events.next().is_some() || !about.is_empty()).then_some(Fault::Strays)
    }

    fn check(&mut self, event: &Row, subjects: Vec<String>) -> Option<Fault> {
        let changed = Some(Fault::Changed(self.next));
        let text = |column: &str| self.events.position(column).and_then(|place| event[place].clone());
        let bound = BOUND.map(text);
        let detail = match text("detail_cipher") {
            None => None,
            Some(hex) => {
                let sealed = dump::bytes_of(&hex).map(Sealed::from_bytes);
                match sealed.map(|sealed| self.keys.open(SealedColumn::AuditDetail, &sealed)) {
                    Some(Ok(plain)) => Some(plain),
                    _ => return changed,
                }
            }
        };
        let hash = rows::entry_hash(self.keys, &bound, detail.as_ref().map(|plain| &plain[..]), &subjects);
        if text("hash").as_ref() != Some(&hash) {
            return changed;
        }
        if text("previous_hash").as_ref() != Some(&self.previous) {
            return Some(Fault::Detached(self.next));
        }
        self.previous = hash;
        None
    }

    fn look_for_noted(&mut self, seq: i64) {
        self.noted_found |= self.noted.is_some_and(|noted| noted.seq == seq && noted.hash == self.previous);
    }
}
