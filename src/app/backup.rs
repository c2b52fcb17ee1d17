//! A backup: all rows of one moment in one sealed file, and the way back into an empty database of either kind.
//!
//! Inside the seal (`db::seal_stream`) is a gzip stream of JSON lines: a head (form, age of the tables, a hash that tells the
//! index key), for each table a line with its name, columns and last number followed by lines of rows, and an end with the
//! count and the keyed hash of each table's rows. Rows are texts that are the same on both databases (`db::dump`).
//!
//! Invariants: a backup shows one moment, whoever writes meanwhile. A restore is one transaction into a database without
//! records, and after loading it reads every table back and compares counts and hashes: it is what was backed up, or nothing.
//! A backup of an older program is loaded into tables of its age and then migrated.
//!
//! Cost: a backup reads each row once, a restore writes and reads it once; about a megabyte of rows is held at a time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{Act, ObjectKind};
use super::audit::{self, Happened};
use super::error::AppError;
use super::{Connection, DatabaseUrl, Db, DbError, Keyring};
use crate::db::dump::{self, Catalogue, ODD, Row, Table};
use crate::db::seal::{IndexField, KeyedHash};
use crate::db::seal_stream::{Opened, Sealing, StreamError};
use crate::db::{load, migrate};
use crate::domain::text::Text;

/// The form of the lines.
const FORM: u32 = 1;
/// No line of ours is longer: a batch of rows is about a megabyte unless one row is more.
const LONGEST_LINE: u64 = 1 << 30;

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error("the backup does not open")]
    Stream(#[source] StreamError),
    /// Made by a program with migrations this one does not know, or in another form.
    #[error("the backup is of a newer program ({0})")]
    Newer(String),
    #[error("the backup's index key is another one")]
    WrongKeys,
    /// What is inside the seal is not what a backup holds.
    #[error("the backup is not in order: {0}")]
    Disorder(&'static str),
    /// What was loaded is not what was saved.
    #[error("table {0} differs after loading")]
    Differs(String),
    #[error("table {0} holds records")]
    NotEmpty(String),
    #[error("file {path}")]
    File { path: PathBuf, source: io::Error },
}

impl From<DbError> for BackupError {
    fn from(error: DbError) -> Self {
        Self::App(error.into())
    }
}

impl From<io::Error> for BackupError {
    /// Within the stream every fault of reading means that the file is not whole.
    fn from(error: io::Error) -> Self {
        Self::Stream(StreamError::Io(error))
    }
}

impl BackupError {
    /// What to tell people; `None` if the error within says it.
    #[must_use]
    pub fn text(&self) -> Option<Text> {
        Some(match self {
            Self::App(_) => return None,
            Self::Stream(StreamError::NotOurs) => {
                Text::new("这不是旺家的备份文件。", "This is not a backup of Wangjia.")
            }
            Self::Stream(StreamError::KeyMissing(id)) => Text::new(
                format!("备份用 {id} 号密钥加密，密钥文件中没有它。请找回当时的密钥（如 FILE.retired-{id}）。"),
                format!(
                    "The backup is sealed with key {id}, which the key file lacks. Find it (such as FILE.retired-{id})."
                ),
            ),
            Self::Stream(StreamError::WrongKey) | Self::WrongKeys => Text::new(
                "密钥与此备份不符，或文件开头已损坏。请换用制作备份时的密钥文件。",
                "The keys do not belong to this backup, or its beginning is damaged. Use the key file it was made with.",
            ),
            Self::Stream(_) | Self::Disorder(_) => Text::new(
                "备份文件不完整或已损坏，未恢复任何数据。请换一份备份。",
                "The backup is cut off or damaged; nothing was restored. Use another one.",
            ),
            Self::Newer(version) => Text::new(
                format!("备份由更新版本的程序制作（{version}），本程序不能恢复。请升级程序。"),
                format!("The backup was made by a newer program ({version}). Please upgrade this one."),
            ),
            Self::Differs(table) => Text::new(
                format!("恢复后数据表 {table} 与备份不一致，已全部撤销。"),
                format!("Table {table} differed from the backup after loading; everything was taken back."),
            ),
            Self::NotEmpty(table) => Text::new(
                format!("数据库中已有数据（{table}），未作改动。请恢复到新的数据库，无需先运行 migrate。"),
                format!(
                    "The database holds records already ({table}) and was not changed. Restore into a new one; it needs no \
                     migrate before."
                ),
            ),
            Self::File { path, .. } => Text::new(
                format!("无法读写文件“{}”。", path.display()),
                format!("The file {} cannot be read or written.", path.display()),
            ),
        })
    }
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// When it was made, in UTC.
    pub made_at: String,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
}

impl Report {
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.values().sum()
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    wangjia_backup: u32,
    program: String,
    made_at: String,
    versions: Vec<String>,
    index_key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Table { table: String, columns: Vec<String>, last_id: Option<i64> },
    End { end: BTreeMap<String, Sum> },
}

/// Count and keyed hash of a table's rows in the order of its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sum {
    rows: u64,
    hash: String,
}

struct Summing {
    rows: u64,
    hash: KeyedHash,
}

impl Summing {
    fn new(keys: &Keyring) -> Self {
        Self { rows: 0, hash: keys.hasher(IndexField::Backup) }
    }

    fn add(&mut self, rows: &[Row]) {
        for value in rows.iter().flatten() {
            match value {
                None => self.hash.update(&[0]),
                Some(text) => {
                    self.hash.update(&[1]);
                    self.hash.update(&(text.len() as u64).to_be_bytes());
                    self.hash.update(text.as_bytes());
                }
            }
        }
        self.rows += rows.len() as u64;
    }

    fn sum(self) -> Sum {
        Sum { rows: self.rows, hash: self.hash.finish().to_hex() }
    }
}

fn index_key(keys: &Keyring) -> String {
    keys.index(IndexField::Backup, b"wangjia").to_hex()
}

/// Writes a backup of this moment to a file that is not there yet: readable by its owner only, and at its place only when it
/// is whole and on disk. Then the audit has an entry that tells of it.
///
/// # Errors
/// If the file exists or cannot be written, or the database fails; then no file is left.
pub fn backup(db: &Db, path: &Path, now: NaiveDateTime) -> Result<Report, BackupError> {
    let file = |source| BackupError::File { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.exists() {
        return Err(file(io::ErrorKind::AlreadyExists.into()));
    }
    let mut made = tempfile::NamedTempFile::new_in(folder).map_err(file)?;
    let report = write(db, BufWriter::new(made.as_file_mut()), now)?;
    made.as_file().sync_all().map_err(file)?;
    made.persist_noclobber(path).map_err(|error| file(error.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(file)?;
    let act = Act::of_operator("backup", ObjectKind::Service, "backup");
    let detail = Some(json!({ "rows": report.rows(), "made_at": report.made_at }));
    let happened = Happened { detail, ..Happened::default() };
    db.write_in_turn(|conn| audit::append(conn, db.keys(), &act, &happened, now))?;
    Ok(report)
}

/// Writes a backup of this moment.
///
/// # Errors
/// If the database or the writer fails.
pub fn write(db: &Db, out: impl Write, now: NaiveDateTime) -> Result<Report, BackupError> {
    let sealing = Sealing::begin(db.keys(), out).map_err(BackupError::Stream)?;
    let mut lines = GzEncoder::new(sealing, Compression::default());
    let report = db.read(|conn| write_lines(conn, db.keys(), &mut lines, now))?;
    lines.finish()?.finish()?;
    Ok(report)
}

fn put(out: &mut impl Write, line: &impl Serialize) -> Result<(), BackupError> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

fn write_lines(
    conn: &mut Connection,
    keys: &Keyring,
    out: &mut impl Write,
    now: NaiveDateTime,
) -> Result<Report, BackupError> {
    let catalogue = Catalogue::of(conn)?;
    let mut versions = migrate::applied(conn)?;
    versions.sort();
    let made_at = now.and_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    put(
        out,
        &Head {
            wangjia_backup: FORM,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: made_at.clone(),
            versions,
            index_key: index_key(keys),
        },
    )?;
    let mut end = BTreeMap::new();
    for table in catalogue.in_order() {
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        put(out, &Line::Table { table: table.name.clone(), columns, last_id: load::last_id(conn, table)? })?;
        let mut summing = Summing::new(keys);
        dump::batches(conn, table, |rows| -> Result<(), BackupError> {
            if rows.iter().flatten().flatten().any(|text| text.starts_with(ODD)) {
                return Err(DbError::Damaged(table.name.clone()).into());
            }
            summing.add(&rows);
            if rows.is_empty() { Ok(()) } else { put(out, &rows) }
        })?;
        end.insert(table.name.clone(), summing.sum());
    }
    let tables = end.iter().map(|(name, sum)| (name.clone(), sum.rows)).collect();
    put(out, &Line::End { end })?;
    Ok(Report { made_at, tables })
}

/// What takes the lines of a backup as they come.
trait Taker {
    fn begin(&mut self, versions: &[String]) -> Result<(), BackupError>;
    fn table(&mut self, name: &str, columns: &[String], last_id: Option<i64>) -> Result<(), BackupError>;
    fn rows(&mut self, rows: Vec<Row>) -> Result<(), BackupError>;
}

/// Reads a backup to its end: every bit of it is authenticated and its counts and hashes are right, or this fails.
fn read_lines(
    keys: &Keyring,
    path: &Path,
    taker: &mut impl Taker,
) -> Result<(Report, BTreeMap<String, Sum>), BackupError> {
    let file = File::open(path).map_err(|source| BackupError::File { path: path.to_owned(), source })?;
    let opened = Opened::begin(keys, BufReader::new(file)).map_err(BackupError::Stream)?;
    let mut lines = BufReader::new(GzDecoder::new(opened));
    let head: Head = parse(&next_line(&mut lines)?.ok_or(BackupError::Disorder("no head"))?)?;
    if head.wangjia_backup != FORM {
        return Err(BackupError::Newer(head.program));
    }
    if head.index_key != index_key(keys) {
        return Err(BackupError::WrongKeys);
    }
    taker.begin(&head.versions)?;
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut current: Option<(String, Summing)> = None;
    let end = loop {
        let line = next_line(&mut lines)?.ok_or(BackupError::Disorder("no end"))?;
        if line.starts_with(b"[") {
            let rows: Vec<Row> = parse(&line)?;
            drop(line);
            current.as_mut().ok_or(BackupError::Disorder("rows of no table"))?.1.add(&rows);
            taker.rows(rows)?;
            continue;
        }
        match parse(&line)? {
            Line::Table { table, columns, last_id } => {
                sums.extend(current.take().map(|(name, summing)| (name, summing.sum())));
                taker.table(&table, &columns, last_id)?;
                current = Some((table, Summing::new(keys)));
            }
            Line::End { end } => {
                sums.extend(current.take().map(|(name, summing)| (name, summing.sum())));
                break end;
            }
        }
    };
    if end != sums {
        return Err(BackupError::Disorder("counts"));
    }
    // The last piece of the seal is at the end of the file, and nothing follows the end.
    if lines.read(&mut [0])? != 0 || lines.into_inner().into_inner().read(&mut [0])? != 0 {
        return Err(BackupError::Disorder("more after the end"));
    }
    let tables = sums.iter().map(|(name, sum)| (name.clone(), sum.rows)).collect();
    Ok((Report { made_at: head.made_at, tables }, sums))
}

fn next_line(lines: &mut impl BufRead) -> Result<Option<Vec<u8>>, BackupError> {
    let mut line = Vec::new();
    lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    Ok((!line.is_empty()).then_some(line))
}

fn parse<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T, BackupError> {
    serde_json::from_slice(line).map_err(|_| BackupError::Disorder("not a line of a backup"))
}

/// Reads a backup without a database.
struct Checking;

impl Taker for Checking {
    fn begin(&mut self, _: &[String]) -> Result<(), BackupError> {
        Ok(())
    }

    fn table(&mut self, _: &str, _: &[String], _: Option<i64>) -> Result<(), BackupError> {
        Ok(())
    }

    fn rows(&mut self, _: Vec<Row>) -> Result<(), BackupError> {
        Ok(())
    }
}

/// Whether a backup is whole and opens with these keys, without any database.
///
/// # Errors
/// The reason why it is not.
pub fn check(keys: &Keyring, path: &Path) -> Result<Report, BackupError> {
    read_lines(keys, path, &mut Checking).map(|(report, _)| report)
}

struct Loading<'c> {
    conn: &'c mut Connection,
    catalogue: Option<Catalogue>,
    /// The table at hand; rows wait only if they may refer to one another.
    current: Option<(Table, Option<i64>, Vec<Row>)>,
}

impl Loading<'_> {
    fn end_table(&mut self) -> Result<(), BackupError> {
        if let Some((table, last_id, rows)) = self.current.take() {
            load::insert(self.conn, &table, rows)?;
            if let Some(last_id) = last_id {
                load::set_last_id(self.conn, &table, last_id)?;
            }
        }
        Ok(())
    }
}

impl Taker for Loading<'_> {
    fn begin(&mut self, versions: &[String]) -> Result<(), BackupError> {
        let tables = load::begin(self.conn, versions).map_err(|error| match error {
            DbError::Newer(version) => BackupError::Newer(version),
            other => other.into(),
        })?;
        self.catalogue = Some(tables.map_err(BackupError::NotEmpty)?);
        Ok(())
    }

    fn table(&mut self, name: &str, columns: &[String], last_id: Option<i64>) -> Result<(), BackupError> {
        self.end_table()?;
        let catalogue = self.catalogue.as_ref().ok_or(BackupError::Disorder("no head"))?;
        let table = catalogue.table(name).map_err(|_| BackupError::Disorder("unknown table"))?.clone();
        if !table.columns.iter().map(|column| &column.name).eq(columns) {
            return Err(BackupError::Disorder("other columns"));
        }
        self.current = Some((table, last_id, Vec::new()));
        Ok(())
    }

    fn rows(&mut self, rows: Vec<Row>) -> Result<(), BackupError> {
        let (table, _, waiting) = self.current.as_mut().ok_or(BackupError::Disorder("rows of no table"))?;
        if table.refers_to.contains(&table.name) {
            waiting.extend(rows);
            Ok(())
        } else {
            Ok(load::insert(self.conn, table, rows)?)
        }
    }
}

/// Loads a backup into a database without records, makes its tables, and writes down in its audit that it was restored. A new
/// SQLite file is taken away again if that fails.
///
/// # Errors
/// The reason; the database is as it was.
pub fn restore(url: &DatabaseUrl, keys: &Keyring, path: &Path, now: NaiveDateTime) -> Result<Report, BackupError> {
    let made = url.sqlite_path().filter(|file| !file.exists());
    // A backup that cannot be begun with is refused before a database is made.
    File::open(path)
        .map_err(|source| BackupError::File { path: path.to_owned(), source })
        .and_then(|file| Opened::begin(keys, file).map_err(BackupError::Stream))?;
    let restored = Db::open(url, keys.clone())
        .map_err(BackupError::from)
        .and_then(|db| db.write(|conn| restore_within(conn, keys, path, now)));
    if let (Err(_), Some(file)) = (&restored, made) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = file.as_os_str().to_owned();
            name.push(suffix);
            match std::fs::remove_file(&name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, "the new database file was not removed");
                }
                _ => {}
            }
        }
    }
    restored
}

fn restore_within(
    conn: &mut Connection,
    keys: &Keyring,
    path: &Path,
    now: NaiveDateTime,
) -> Result<Report, BackupError> {
    let mut loading = Loading { conn, catalogue: None, current: None };
    let (report, sums) = read_lines(keys, path, &mut loading)?;
    loading.end_table()?;
    let catalogue = loading.catalogue.take().ok_or(BackupError::Disorder("no head"))?;
    for table in catalogue.tables() {
        let mut summing = Summing::new(keys);
        // The rows a new database is born with must have gone before: see `load::begin`.
        dump::batches(conn, table, |rows| -> Result<(), BackupError> {
            summing.add(&rows);
            Ok(())
        })?;
        if sums.get(&table.name) != Some(&summing.sum()) {
            return Err(BackupError::Differs(table.name.clone()));
        }
    }
    load::finish(conn, keys)?;
    let act = Act::of_operator("restore", ObjectKind::Service, "restore");
    let detail = Some(json!({ "rows": report.rows(), "made_at": report.made_at }));
    audit::append(conn, keys, &act, &Happened { detail, ..Happened::default() }, now)?;
    Ok(report)
}
