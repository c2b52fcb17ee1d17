//! The skill vocabulary as people keep it: skills, their other names, and the queue of names nobody has mapped.
//!
//! Names are compared as the matcher compares them ([`normalise`]); one name means one skill.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::{Connection, Page, Record, vocabulary};
pub use crate::db::skills::SkillData as SkillFields;
use crate::db::skills::{self as rows, aliases, unmapped};
use crate::engine::normalise::normalise;
use crate::engine::vocabulary::Vocabulary;

pub type Skill = Record<SkillFields>;

/// Another name of a skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub id: i64,
    pub alias: String,
}

/// A name from ledgers and postings that no skill has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmappedName {
    pub id: i64,
    pub name: String,
    pub times_seen: i64,
    pub first_seen_at: NaiveDateTime,
    /// It means no skill and is not asked about.
    pub ignored: bool,
}

/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, category: Option<&str>, page: Page) -> Result<Vec<Skill>, AppError> {
    Ok(rows::page(conn, category, page)?.into_iter().map(Skill::from).collect())
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, id: i64) -> Result<Skill, AppError> {
    Ok(rows::get(conn, id)?.into())
}

/// Adds a skill; whoever wrote its name before meant it.
///
/// # Errors
/// Refused if the code or the name is taken.
pub fn create(conn: &mut Connection, fields: &SkillFields) -> Result<Skill, AppError> {
    let normalised = normalise(&fields.name_zh);
    check_free(conn, &normalised)?;
    let id = rows::insert(conn, fields)?;
    unmapped::map(conn, &normalised, id)?;
    get(conn, id)
}

/// One name means one skill, be it the skill's own name or an alias.
fn check_free(conn: &mut Connection, normalised: &str) -> Result<(), AppError> {
    let named = |skill: &crate::db::skills::SkillRow| {
        [&skill.data.name_zh, &skill.data.name_en].iter().any(|name| normalise(name) == normalised)
    };
    if aliases::by_normalised(conn, normalised)?.is_some() || rows::all(conn)?.iter().any(named) {
        return Err(Refusal::AlreadyExists.into());
    }
    Ok(())
}

/// # Errors
/// `Stale`; refused if the code is taken.
pub fn update(conn: &mut Connection, id: i64, version: i64, fields: &SkillFields) -> Result<Skill, AppError> {
    rows::update(conn, id, version, fields)?;
    get(conn, id)
}

/// # Errors
/// `NotFound`.
pub fn aliases(conn: &mut Connection, skill: i64) -> Result<Vec<Alias>, AppError> {
    get(conn, skill)?;
    let found = aliases::of_skill(conn, skill)?;
    Ok(found.into_iter().map(|row| Alias { id: row.id, alias: row.data.alias }).collect())
}

/// Gives a skill another name, and the name its meaning wherever it was written before.
///
/// # Errors
/// `NotFound`; refused if the name means something already; `Invalid` if nothing of it is left to compare.
pub fn add_alias(conn: &mut Connection, skill: i64, alias: &str) -> Result<Alias, AppError> {
    get(conn, skill)?;
    let normalised = normalise(alias);
    if normalised.is_empty() {
        return Err(FieldError::new("/alias", FieldCode::Empty).into());
    }
    check_free(conn, &normalised)?;
    let data = aliases::AliasData { skill_id: skill, alias: alias.to_owned(), normalised };
    let id = aliases::insert(conn, &data)?;
    unmapped::map(conn, &data.normalised, skill)?;
    Ok(Alias { id, alias: data.alias })
}

impl From<unmapped::UnmappedName> for UnmappedName {
    fn from(row: unmapped::UnmappedName) -> Self {
        let unmapped::UnmappedName { id, name, times_seen, first_seen_at, ignored_at, .. } = row;
        Self { id, name, times_seen, first_seen_at, ignored: ignored_at.is_some() }
    }
}

/// Names to map, by id.
///
/// # Errors
/// If the database fails.
pub fn unmapped_page(conn: &mut Connection, page: Page) -> Result<Vec<UnmappedName>, AppError> {
    Ok(unmapped::page(conn, page)?.into_iter().map(UnmappedName::from).collect())
}

/// Every name to map, those met most often first. Cost: all of them; a town has some hundreds.
///
/// # Errors
/// If the database fails.
pub fn queue(conn: &mut Connection) -> Result<Vec<UnmappedName>, AppError> {
    let mut names = unmapped_page(conn, Page::first(i64::MAX))?;
    names.sort_by_key(|name| (Reverse(name.times_seen), name.id));
    Ok(names)
}

/// The names that were looked at and mean no skill.
///
/// # Errors
/// If the database fails.
pub fn ignored(conn: &mut Connection) -> Result<Vec<UnmappedName>, AppError> {
    Ok(unmapped::ignored(conn)?.into_iter().map(UnmappedName::from).collect())
}

/// # Errors
/// `NotFound`.
pub fn unmapped_name(conn: &mut Connection, id: i64) -> Result<UnmappedName, AppError> {
    Ok(unmapped::get(conn, id)?.into())
}

/// Takes a name off the queue for good, or with `None` puts it back. It is still counted where it is written.
///
/// # Errors
/// `NotFound`.
pub fn set_ignored(conn: &mut Connection, id: i64, ignored_at: Option<NaiveDateTime>) -> Result<(), AppError> {
    Ok(unmapped::set_ignored(conn, id, ignored_at)?)
}

/// The trades skills belong to, as their codes, in order.
///
/// # Errors
/// If the database fails.
pub fn categories(conn: &mut Connection) -> Result<Vec<String>, AppError> {
    let all: BTreeSet<String> = rows::all(conn)?.into_iter().map(|row| row.data.category).collect();
    Ok(all.into_iter().collect())
}

/// Every skill by id.
///
/// # Errors
/// If the database fails.
pub fn all(conn: &mut Connection) -> Result<Vec<Skill>, AppError> {
    Ok(rows::all(conn)?.into_iter().map(Skill::from).collect())
}

/// Says which skill a name of the queue means; it becomes an alias.
///
/// # Errors
/// `NotFound` for the name; `Invalid` for the skill.
pub fn map_name(conn: &mut Connection, name: i64, skill: i64) -> Result<Alias, AppError> {
    let name = unmapped::get(conn, name)?;
    match add_alias(conn, skill, &name.name) {
        Err(AppError::NotFound) => Err(FieldError::new("/skill_id", FieldCode::NoSuchRecord).into()),
        other => other,
    }
}

/// The vocabulary of one request: what names mean.
pub(super) struct Names(Vocabulary);

impl Names {
    /// Cost: a look at whether they are those in memory ([`vocabulary`]).
    pub(super) fn load(conn: &mut Connection) -> Result<Self, AppError> {
        vocabulary::load(conn).map(Self)
    }

    /// The row of the skill a name means.
    pub(super) fn meaning(&self, name: &str) -> Option<i64> {
        self.0.resolve(name).and_then(|skill| self.0.entry(skill)).map(|entry| entry.id)
    }

    /// The row of the skill a name means and the name as it is compared. A name nobody knows goes to the queue.
    pub(super) fn resolve(
        &self,
        conn: &mut Connection,
        name: &str,
        now: NaiveDateTime,
    ) -> Result<(Option<i64>, String), AppError> {
        let normalised = normalise(name);
        let skill = self.meaning(name);
        if skill.is_none() && !normalised.is_empty() {
            unmapped::note(conn, name, &normalised, 1, now)?;
        }
        Ok((skill, normalised))
    }
}
