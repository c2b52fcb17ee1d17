//! The vocabulary rows as the engine's vocabulary: what a name in a ledger, a posting or a wish means.
//!
//! Invariants: built from rows in id order, so the same rows give the same skill numbers; what is built is kept for the process
//! beside the text of all its rows ([`skills::content`]) and given out again only for the very same text, so that a change is seen
//! by the next call, within its transaction, after a rollback and from another process. Cost: one query over skills, aliases and
//! links (about five thousand rows, under a millisecond); where they are new, reading and building them (tens of milliseconds); with
//! a classification, that many names are compared with it.

use std::sync::{Arc, Mutex, PoisonError};

use crate::app::error::AppError;
use crate::app::occupations;
use crate::db::skills::{self, aliases, links};
use crate::db::{AnyConnection, DbResult, occupations as occupation_rows};
use crate::engine::input::SkillId;
use crate::engine::similarity::SkillTable;
use crate::engine::vocabulary::meaning::{Meaning, Occupation};
use crate::engine::vocabulary::{Alias, Entry, Link, Vocabulary};

/// What the rows give, ready for every snapshot.
#[derive(Debug)]
struct Built {
    vocabulary: Vocabulary,
    links: Vec<Link>,
    /// By code; empty if none is loaded.
    occupations: Vec<Occupation>,
}

/// What was built last, the latest at the end, each with the text it was built from.
struct Kept(Mutex<Vec<(String, Arc<Built>)>>);

/// For names alone, and for snapshots, which compare by meaning too.
static NAMES: Kept = Kept::new();
static SNAPSHOTS: Kept = Kept::new();

impl Kept {
    /// Several databases in one process each keep theirs.
    const MOST: usize = 4;

    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn find(&self, content: &str) -> Option<Arc<Built>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == content)?;
        let found = kept.remove(at);
        let built = Arc::clone(&found.1);
        kept.push(found);
        Some(built)
    }

    /// What was built of this text, else what `build` makes now.
    fn get(&self, content: String, build: impl FnOnce() -> Result<Built, AppError>) -> Result<Arc<Built>, AppError> {
        if let Some(built) = self.find(&content) {
            return Ok(built);
        }
        // Two may build the same at once: either is as good.
        let built = Arc::new(build()?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= Self::MOST {
            kept.remove(0);
        }
        kept.push((content, Arc::clone(&built)));
        Ok(built)
    }
}

/// A vocabulary that also takes the skill ids of rows, and compares by meaning if a classification is loaded.
#[derive(Debug)]
pub struct SnapshotVocabulary {
    vocabulary: Vocabulary,
    built: Arc<Built>,
}

impl SnapshotVocabulary {
    /// The skill of a row, else what the name means, else a pseudo entry for the name.
    pub fn skill(&mut self, row: Option<i64>, name: &str) -> SkillId {
        match row.and_then(|id| self.vocabulary.by_row(id)) {
            Some(skill) => skill,
            None => self.vocabulary.intern(name),
        }
    }

    /// The classification names are compared with.
    #[must_use]
    pub fn occupations(&self) -> &[Occupation] {
        &self.built.occupations
    }

    /// Chinese and English name of every skill, pseudo entries included, by number.
    #[must_use]
    pub fn names(&self) -> Vec<(String, String)> {
        let ids = (0..u32::try_from(self.vocabulary.len()).unwrap_or(u32::MAX)).map(SkillId);
        ids.filter_map(|id| self.vocabulary.name(id)).map(|(zh, en)| (zh.to_owned(), en.to_owned())).collect()
    }

    /// Every link with its points, in id order: they decide similarities and belong to what a run read.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.built.links
    }

    #[must_use]
    pub fn table(&self) -> SkillTable {
        SkillTable::build(&self.vocabulary)
    }
}

/// The vocabulary, without a classification.
///
/// # Errors
/// If the database fails.
pub fn load(conn: &mut AnyConnection) -> Result<Vocabulary, AppError> {
    let content = skills::content(conn)?;
    Ok(NAMES.get(content, || build(conn))?.vocabulary.clone())
}

/// As [`load`], for a snapshot.
///
/// # Errors
/// If the database fails.
pub fn load_for_snapshot(conn: &mut AnyConnection) -> Result<SnapshotVocabulary, AppError> {
    let content = format!("{}\u{1d}{}", skills::content(conn)?, occupation_rows::content(conn)?);
    let built = SNAPSHOTS.get(content, || {
        let mut built = build(conn)?;
        built.occupations = occupations::all(conn)?;
        if !built.occupations.is_empty() {
            built.vocabulary.set_meaning(Meaning::new(built.occupations.iter().cloned()));
        }
        Ok(built)
    })?;
    Ok(SnapshotVocabulary { vocabulary: built.vocabulary.clone(), built })
}

fn build(conn: &mut AnyConnection) -> Result<Built, AppError> {
    let entries = skills::all(conn)?.into_iter().map(|row| Entry {
        id: row.id,
        code: row.data.code,
        zh: row.data.name_zh,
        en: row.data.name_en,
    });
    let names = aliases::all(conn)?.into_iter().map(|row| Alias { skill: row.data.skill_id, name: row.data.alias });
    let links = all_links(conn)?;
    let vocabulary = Vocabulary::new(entries.collect(), names, links.iter().copied()).map_err(anyhow::Error::new)?;
    Ok(Built { vocabulary, links, occupations: Vec::new() })
}

fn all_links(conn: &mut AnyConnection) -> DbResult<Vec<Link>> {
    let link = |row: crate::db::Stored<links::LinkData>| Link {
        from: row.data.from_skill_id,
        to: row.data.to_skill_id,
        kind: row.data.kind,
        points: u16::try_from(row.data.points).unwrap_or(0),
    };
    Ok(links::all(conn)?.into_iter().map(link).collect())
}

/// Adds the built-in skills, names and links a database does not have yet; what users added or renamed stays.
pub fn add_builtin(conn: &mut AnyConnection) -> DbResult<()> {
    use std::collections::{HashMap, HashSet};

    use crate::engine::vocabulary::{builtin_links, builtin_skills, normalise};

    let mut known: HashMap<String, i64> = skills::all(conn)?.into_iter().map(|row| (row.data.code, row.id)).collect();
    let new: Vec<_> = builtin_skills().iter().filter(|skill| !known.contains_key(skill.code)).collect();
    let rows: Vec<skills::SkillData> = new
        .iter()
        .map(|skill| skills::SkillData {
            code: skill.code.to_owned(),
            category: skill.category.to_owned(),
            name_zh: skill.zh.to_owned(),
            name_en: skill.en.to_owned(),
            occupation_code: skill.occupation_code.map(str::to_owned),
        })
        .collect();
    let ids = skills::insert_all(conn, &rows)?;
    known.extend(new.iter().map(|skill| skill.code.to_owned()).zip(ids));

    let mut taken: HashSet<String> = aliases::all(conn)?.into_iter().map(|row| row.data.normalised).collect();
    let mut rows = Vec::new();
    for skill in builtin_skills() {
        for alias in skill.aliases {
            let normalised = normalise(alias);
            if taken.insert(normalised.clone()) {
                rows.push(aliases::AliasData { skill_id: known[skill.code], alias: (*alias).to_owned(), normalised });
            }
        }
    }
    aliases::insert_all(conn, &rows)?;

    let linked: HashSet<(i64, i64)> =
        links::all(conn)?.into_iter().map(|row| (row.data.from_skill_id, row.data.to_skill_id)).collect();
    let rows: Vec<links::LinkData> = builtin_links()
        .map(|link| links::LinkData {
            from_skill_id: known[link.from],
            to_skill_id: known[link.to],
            kind: link.kind,
            points: i64::from(link.points),
        })
        .filter(|link| !linked.contains(&(link.from_skill_id, link.to_skill_id)))
        .collect();
    links::insert_all(conn, &rows)?;
    Ok(())
}
