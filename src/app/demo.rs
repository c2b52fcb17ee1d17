//! The demo's database: always fresh, and never in the place of somebody's data.
//!
//! Invariant: a database is replaced only if it carries the demo mark, which is set before anything is imported. On SQLite the
//! file goes, on PostgreSQL the tables; a schema in which others keep tables is left alone.

use std::path::Path;

use crate::app::error::AppError;
use crate::app::setup;
use crate::db::{AnyConnection, DatabaseUrl, Db, DbError, DbResult, Keyring, migrate, settings};

const MARK: &str = "demo";

/// Why there is no fresh demo database.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database exists and is not a demo.
    #[error("{0} holds data that is not a demo")]
    NotADemo(DatabaseUrl),
    #[error("cannot remove the old demo {path}")]
    Remove { path: std::path::PathBuf, source: std::io::Error },
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    App(#[from] AppError),
}

/// An empty, migrated, marked database at `url`; an older demo there is removed first.
pub fn fresh(url: &DatabaseUrl, keys: Keyring) -> Result<Db, DemoError> {
    if let DatabaseUrl::Sqlite(path) = url
        && path.exists()
    {
        let old = Db::open(url, keys.clone())?;
        if !may_replace(&old)? {
            return Err(DemoError::NotADemo(url.clone()));
        }
        drop(old);
        remove_sqlite(path)?;
    }
    let db = Db::open(url, keys)?;
    if !may_replace(&db)? {
        return Err(DemoError::NotADemo(url.clone()));
    }
    if db.read(is_anothers)? {
        return Err(DemoError::NotADemo(url.clone()));
    }
    if !db.read(migrate::is_new)? {
        db.write(migrate::revert_all)?;
    }
    setup::migrate(&db)?;
    db.write(|conn| settings::set_meta(conn, MARK, "1"))?;
    Ok(db)
}

/// A schema without our tables, but with others.
fn is_anothers(conn: &mut AnyConnection) -> DbResult<bool> {
    Ok(migrate::is_new(conn)? && migrate::has_foreign_tables(conn)?)
}

fn may_replace(db: &Db) -> DbResult<bool> {
    db.read(|conn| Ok(migrate::is_new(conn)? || settings::meta(conn, MARK)?.is_some()))
}

fn remove_sqlite(path: &Path) -> Result<(), DemoError> {
    for suffix in ["-wal", "-shm", ""] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(DemoError::Remove { path: name.into(), source });
            }
            _ => {}
        }
    }
    Ok(())
}
