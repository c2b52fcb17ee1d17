//! A database ready for use: tables of this version, first settings and legal bases, the built-in vocabulary, a
//! scoring policy.
//!
//! Invariant: safe to run again, and by several processes at once; what users changed stays.

use crate::app::error::AppError;
use crate::app::privacy::bases;
use crate::app::{policies, settings, vocabulary};
use crate::db::Db;
use crate::db::settings as rows;

/// Brings the tables and the built-in data up to date; returns the migrations applied now.
pub fn migrate(db: &Db) -> Result<Vec<String>, AppError> {
    let applied = db.migrate()?;
    db.write(|conn| -> Result<(), AppError> {
        let known = rows::all(conn)?;
        for (key, value) in settings::defaults() {
            if known.iter().all(|row| row.key != key) {
                rows::set_from(conn, key, value, settings::since_ever())?;
            }
        }
        bases::add_defaults(conn)?;
        policies::add_default(conn, settings::since_ever())?;
        vocabulary::add_builtin(conn)?;
        Ok(())
    })?;
    Ok(applied)
}
