//! Which database: `sqlite://PATH` or `postgres://…`, and nothing else.
//!
//! Invariant: a value of [`DatabaseUrl`] names one kind of database for certain. Diesel's own `establish` would try each
//! kind in turn and open an SQLite file called `postgresql:none`; that cannot happen here. A password never leaves this
//! type except towards libpq.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::domain::text::Text;

/// A parsed database address. `Debug` and `Display` hide the password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, relative to the working directory or absolute.
    Sqlite(PathBuf),
    /// The URL as libpq takes it.
    Postgres(String),
}

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// Neither `sqlite://` nor `postgres://` / `postgresql://`.
    Scheme,
    /// `sqlite://` with nothing after it, or a directory.
    NoPath,
    /// `sqlite://:memory:`: every connection would see a database of its own.
    InMemory,
    /// `?` or `#` in the path: options are not taken from the address.
    Options,
}

impl UrlError {
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Scheme => Text::new(
                "数据库地址无法识别。请写成 sqlite://文件路径（如 sqlite://./wangjia.db）或 postgres://用户@主机/库名。",
                "The database address is not understood. Write sqlite://PATH (such as sqlite://./wangjia.db) or \
                 postgres://user@host/database.",
            ),
            Self::NoPath => Text::new(
                "数据库地址缺少文件名。请写成 sqlite://文件路径，例如 sqlite://./wangjia.db。",
                "The database address names no file. Write sqlite://PATH, such as sqlite://./wangjia.db.",
            ),
            Self::InMemory => Text::new(
                "不支持内存数据库：关闭程序后数据会丢失。请给出文件路径，例如 sqlite://./wangjia.db。",
                "An in-memory database is not supported: it would be lost at exit. Give a file, such as \
                 sqlite://./wangjia.db.",
            ),
            Self::Options => Text::new(
                "SQLite 地址中不能含有“?”或“#”。请只写文件路径，例如 sqlite://./wangjia.db。",
                "An SQLite address cannot hold '?' or '#'. Write the file's path only, such as sqlite://./wangjia.db.",
            ),
        }
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for UrlError {}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        let url = url.trim();
        if let Some(path) = url.strip_prefix("sqlite://") {
            return match path {
                ":memory:" => Err(UrlError::InMemory),
                _ if path.contains(['?', '#', '\0']) => Err(UrlError::Options),
                _ if path.is_empty() || path.ends_with('/') => Err(UrlError::NoPath),
                _ => Ok(Self::Sqlite(PathBuf::from(path))),
            };
        }
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
        match rest {
            Some(rest) if !rest.contains('\0') => Ok(Self::Postgres(url.to_owned())),
            _ => Err(UrlError::Scheme),
        }
    }
}

impl DatabaseUrl {
    /// The address of an SQLite file.
    #[must_use]
    pub fn sqlite(path: impl AsRef<Path>) -> Self {
        Self::Sqlite(path.as_ref().to_owned())
    }

    /// The file, if this is SQLite.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without password and options, for messages and logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", ""));
                let rest = rest.split(['?', '#']).next().unwrap_or_default();
                match rest.rsplit_once('@') {
                    Some((user, place)) => {
                        let user = user.split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}@{place}")
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
