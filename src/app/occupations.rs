//! The classification of occupations: loaded by its user, read for every snapshot, asked about single names.
//!
//! None ships with the service; without one, names are compared by vocabulary and letters alone. Invariant: there is one
//! classification or none, and loading one replaces the other as a whole or not at all. Cost: one scan of about two
//! thousand rows.

use std::collections::BTreeMap;

use super::error::AppError;
use super::{Connection, Db, skills, vocabulary};
use crate::db::occupations::{self as rows, OccupationData};
pub use crate::engine::vocabulary::Step;
use crate::engine::vocabulary::meaning::{Meaning, Occupation};
use crate::ledger::occupations::{self as file, Fault};

/// What a load did to the classification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub unchanged: usize,
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Every fault of the file.
    #[error("{} faults in the file", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    App(#[from] AppError),
}

/// How much of a classification is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Rows, headings of groups included.
    pub rows: usize,
    /// Occupations with a definition, which names are compared with.
    pub defined: usize,
}

/// What a name means, or comes closest to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedName {
    pub name: String,
    /// The one skill it means, or the nearest, best first; empty if there is none.
    pub skills: Vec<MatchedSkill>,
    /// Code and name of the occupations it resembles most; empty without a classification.
    pub occupations: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedSkill {
    pub id: i64,
    pub code: String,
    pub zh: String,
    pub en: String,
    /// What a person who holds the one has where the other is asked, `0..=10000`; 0 = only worth a look.
    pub points: u16,
    pub step: Step,
}

/// Makes a file's classification the one in use.
///
/// # Errors
/// Every fault of the file, or what the database answers; then nothing has changed.
pub fn load(db: &Db, bytes: &[u8], file_name: &str) -> Result<Loaded, LoadError> {
    let read = file::read(bytes, file_name).map_err(LoadError::Faults)?;
    let new: Vec<OccupationData> = read
        .into_iter()
        .map(|row| OccupationData { code: row.code, name: row.name, definition: row.definition })
        .collect();
    Ok(db.write(|conn| replace(conn, &new))?)
}

fn replace(conn: &mut Connection, new: &[OccupationData]) -> Result<Loaded, AppError> {
    let mut old: BTreeMap<String, OccupationData> =
        rows::all(conn)?.into_iter().map(|row| (row.data.code.clone(), row.data)).collect();
    let mut loaded = Loaded::default();
    for occupation in new {
        match old.remove(&occupation.code) {
            None => loaded.added += 1,
            Some(known) if known == *occupation => loaded.unchanged += 1,
            Some(_) => loaded.changed += 1,
        }
    }
    loaded.removed = old.len();
    if loaded.unchanged < new.len() || loaded.removed > 0 {
        rows::clear(conn)?;
        rows::insert_all(conn, new)?;
    }
    Ok(loaded)
}

/// Goes back to comparing names without a classification; answers how many rows it had.
///
/// # Errors
/// If the database fails.
pub fn clear(db: &Db) -> Result<usize, AppError> {
    db.write(|conn| Ok(rows::clear(conn)?))
}

/// # Errors
/// If the database fails.
pub fn counts(db: &Db) -> Result<Counts, AppError> {
    let all = db.read(all)?;
    let defined = all.iter().filter(|occupation| !occupation.definition.is_empty()).count();
    Ok(Counts { rows: all.len(), defined })
}

/// The whole classification by code: the same on both databases, however it was loaded.
pub(super) fn all(conn: &mut Connection) -> Result<Vec<Occupation>, AppError> {
    let mut all: Vec<Occupation> = rows::all(conn)?
        .into_iter()
        .map(|row| Occupation { code: row.data.code, name: row.data.name, definition: row.data.definition })
        .collect();
    all.sort_unstable();
    Ok(all)
}

/// Names of the mapping queue, those met most often first.
///
/// # Errors
/// If the database fails.
pub fn unmapped_names(db: &Db) -> Result<Vec<String>, AppError> {
    Ok(db.read(skills::queue)?.into_iter().map(|name| name.name).collect())
}

/// What each name means, or the `n` skills it comes closest to.
///
/// # Errors
/// If the database fails.
pub fn match_names(db: &Db, names: &[String], n: usize) -> Result<Vec<MatchedName>, AppError> {
    /// Occupations shown of a name.
    const RESEMBLED: usize = 3;

    let (mut vocabulary, occupations) =
        db.read(|conn| -> Result<_, AppError> { Ok((vocabulary::load(conn)?, all(conn)?)) })?;
    let meaning = Meaning::new(occupations);
    vocabulary.set_meaning(meaning.clone());
    let one = |name: &String| MatchedName {
        name: name.clone(),
        skills: vocabulary
            .suggest(name, n)
            .into_iter()
            .filter_map(|found| {
                let entry = vocabulary.entry(found.skill)?;
                Some(MatchedSkill {
                    id: entry.id,
                    code: entry.code.clone(),
                    zh: entry.zh.clone(),
                    en: entry.en.clone(),
                    points: found.points,
                    step: found.step,
                })
            })
            .collect(),
        occupations: meaning
            .nearest(name, RESEMBLED)
            .into_iter()
            .map(|occupation| (occupation.code.clone(), occupation.name.clone()))
            .collect(),
    };
    Ok(names.iter().map(one).collect())
}
