//! What can go wrong with the database, and what to tell people about it.
//!
//! Invariant: a sentence for users names no SQL, no cause and no value; the cause is in the error's `source()` chain, for
//! the log. A diesel error gets its meaning where the query is made ([`Meaning`]); one that has none stays opaque.

use std::path::PathBuf;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::seal::SealError;
use super::url::{DatabaseUrl, UrlError};
use crate::domain::text::{Label, Text};

pub type DbResult<T> = Result<T, DbError>;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error(transparent)]
    Url(#[from] UrlError),
    #[error("no database file at {0}")]
    NoDatabase(PathBuf),
    #[error("cannot create the database file {path}")]
    Create { path: PathBuf, source: std::io::Error },
    #[error("cannot connect to {url}")]
    Connect { url: DatabaseUrl, source: diesel::r2d2::Error },
    /// An SQLite file with tables of another program.
    #[error("the file holds tables of another program")]
    Foreign,
    #[error("no database connection is free")]
    Pool(#[source] diesel::r2d2::PoolError),
    /// The write lock was not free for [`super::tx::PATIENCE`].
    #[error("the database is busy")]
    Busy,
    #[error("the database has no tables yet, or older ones than this program needs")]
    NotMigrated,
    #[error("the database was written by a newer program (migration {0})")]
    Newer(String),
    #[error("migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the key file does not belong to this database")]
    WrongKeys,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("no such {}", .0.en)]
    NotFound(Label),
    /// A unique value (code, ID number, name) is taken, or the row is still referred to.
    #[error("conflict on {}", .0.en)]
    Conflict(Label),
    /// A [`Self::Conflict`] with what was not there when it was looked for in the same transaction: somebody else was quicker. Run again,
    /// the transaction finds it.
    #[error("overtaken on {}", .0.en)]
    Overtaken(Label),
    /// The row's version is not the one the caller read.
    #[error("{} changed in the meantime", .0.en)]
    Changed(Label),
    /// No place is left in a posting.
    #[error("the posting is full")]
    Full,
    /// A row that no write of this program can have left: a hand or a disk changed it.
    #[error("rows of {0} cannot be read")]
    Damaged(String),
    /// The audit's head is gone or was changed by another hand: nothing is added to a chain that cannot be trusted.
    #[error("the head of the audit's chain is not what this program left")]
    AuditHead,
    #[error("query failed")]
    Query(#[from] DieselError),
}

impl DbError {
    /// A conflict where the caller has looked before: [`Self::Overtaken`].
    #[must_use]
    pub fn overtaken(self) -> Self {
        match self {
            Self::Conflict(what) => Self::Overtaken(what),
            other => other,
        }
    }

    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Url(_) => "database_url",
            Self::NoDatabase(_) => "no_database",
            Self::Create { .. } => "database_not_created",
            Self::Connect { .. } => "database_unreachable",
            Self::Foreign => "database_foreign",
            Self::Pool(_) | Self::Busy | Self::Overtaken(_) => "database_busy",
            Self::NotMigrated => "database_not_migrated",
            Self::Newer(_) => "database_newer",
            Self::Migration(_) => "migration_failed",
            Self::WrongKeys => "wrong_keys",
            Self::Seal(error) => error.code(),
            Self::NotFound(_) => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Changed(_) => "changed",
            Self::Full => "posting_full",
            Self::Damaged(_) => "database_damaged",
            Self::AuditHead => "audit_broken",
            Self::Query(_) => "internal",
        }
    }

    /// What to tell a person: the result, the reason, what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Url(error) => error.text(),
            Self::NoDatabase(path) => Text::new(
                format!("找不到数据库文件“{}”。请检查路径；如需新建，请先运行 wangjia migrate。", path.display()),
                format!(
                    "There is no database at {}. Check the path; to make a new one run `wangjia migrate`.",
                    path.display()
                ),
            ),
            Self::Create { path, .. } => Text::new(
                format!("无法新建数据库文件“{}”。请检查目录是否存在、是否可写。", path.display()),
                format!(
                    "The database {} cannot be created. Check that its directory exists and can be written.",
                    path.display()
                ),
            ),
            Self::Connect { url: url @ DatabaseUrl::Sqlite(_), .. } => Text::new(
                format!("无法打开数据库 {url}。请确认它是旺家的数据库文件，并且可以读写。"),
                format!("Cannot open {url}. Check that it is a database of Wangjia and can be read and written."),
            ),
            Self::Connect { url: url @ DatabaseUrl::Postgres(_), .. } => Text::new(
                format!("无法连接数据库 {url}。请检查地址、账号，并确认数据库已启动。"),
                format!("Cannot connect to {url}. Check the address and the account, and that the server runs."),
            ),
            Self::Foreign => Text::new(
                "该文件是其他程序的数据库，未作改动。请换一个路径。",
                "This file is the database of another program and was not changed. Please choose another path.",
            ),
            Self::Pool(_) | Self::Busy | Self::Overtaken(_) => Text::new(
                "数据库正忙，操作未执行。请稍后再试。",
                "The database is busy; nothing was done. Please try again shortly.",
            ),
            Self::NotMigrated => Text::new(
                "数据库尚未建表或版本较旧。请先运行 wangjia migrate。",
                "The database has no tables yet, or older ones. Run `wangjia migrate` first.",
            ),
            Self::Newer(version) => Text::new(
                format!("数据库由更新版本的程序写入（迁移 {version}），本程序不能打开。请升级程序。"),
                format!("The database was written by a newer program (migration {version}). Please upgrade this one."),
            ),
            Self::Migration(_) => Text::new(
                "数据库升级未成功，原有数据未改动。详情见日志。",
                "The database could not be migrated; its data is unchanged. The log has the details.",
            ),
            Self::WrongKeys => Text::new(
                "密钥与此数据库不符。请换用建库时生成的密钥文件；密钥丢失则数据无法恢复。",
                "The keys do not belong to this database. Use the key file made with it; data sealed with lost keys cannot \
                 be recovered.",
            ),
            Self::Seal(error) => error.text(),
            Self::NotFound(what) => {
                Text::new(format!("找不到该{}。", what.zh), format!("There is no such {}.", what.en))
            }
            Self::Conflict(what) => Text::new(
                format!("该{}与已有记录冲突，未保存。", what.zh),
                format!("This {} conflicts with an existing record and was not saved.", what.en),
            ),
            Self::Changed(what) => Text::new(
                format!("该{}已被他人修改，未保存。请刷新后重试。", what.zh),
                format!("This {} was changed by somebody else and was not saved. Reload it and try again.", what.en),
            ),
            Self::Damaged(table) => Text::new(
                format!("数据表 {table} 中有无法识别的内容：数据库可能被改动或损坏。请联系管理员，必要时从备份恢复。"),
                format!(
                    "Table {table} holds something that cannot be read: the database was altered or damaged. Ask the \
                     administrator; restore a backup if needed."
                ),
            ),
            Self::AuditHead => Text::new(
                "审计链的链头缺失或被改动，操作未执行。请管理员运行 wangjia audit verify，并从备份恢复。",
                "The head of the audit's chain is missing or was altered, so nothing was done. The administrator should run \
                 `wangjia audit verify` and restore a backup.",
            ),
            Self::Full => Text::new("该岗位名额已满。", "The posting has no place left."),
            Self::Query(_) => Text::new(
                "数据库操作未成功，请稍后再试。",
                "The database could not carry this out. Please try again later.",
            ),
        }
    }
}

/// Gives a diesel error its meaning where the query is made.
pub trait Meaning<T> {
    /// No row: [`DbError::NotFound`].
    fn or_not_found(self, what: Label) -> DbResult<T>;
    /// Unique or foreign key violated: [`DbError::Conflict`].
    fn or_conflict(self, what: Label) -> DbResult<T>;
}

impl<T> Meaning<T> for Result<T, DieselError> {
    fn or_not_found(self, what: Label) -> DbResult<T> {
        self.map_err(|error| match error {
            DieselError::NotFound => DbError::NotFound(what),
            other => DbError::Query(other),
        })
    }

    fn or_conflict(self, what: Label) -> DbResult<T> {
        self.map_err(|error| match error {
            DieselError::DatabaseError(
                DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation,
                _,
            ) => DbError::Conflict(what),
            other => DbError::Query(other),
        })
    }
}

/// An error with its causes, for the log. A database's own message may quote a value, so only its kind, table and
/// constraint are kept.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        if !text.is_empty() {
            text.push_str(": ");
        }
        match error.downcast_ref::<DieselError>() {
            Some(DieselError::DatabaseError(kind, info)) => {
                let (table, constraint) = (info.table_name().unwrap_or("-"), info.constraint_name().unwrap_or("-"));
                text.push_str(&format!("{kind:?} {table} {constraint}"));
            }
            _ => text.push_str(&error.to_string()),
        }
        next = error.source();
    }
    text
}
