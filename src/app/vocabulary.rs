//! The vocabulary rows as the engine's vocabulary: what a name in a ledger, a posting or a wish means.
//!
//! Invariants: built from rows in id order, so the same rows give the same skill numbers; what is built is kept for the process
//! under the mark of its rows ([`skills::mark`]) and given out again only for the same mark, so that a change is seen by the next
//! call, within its transaction, after a rollback and from another process. Cost: one row; where the mark is new, reading and building
//! about five thousand rows (tens of milliseconds); with a classification, that many names are compared with it. A snapshot with
//! names nobody has mapped has its own table of similarities, the others share one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::error::AppError;
use crate::app::occupations;
use crate::db::skills::{self, aliases, links};
use crate::db::{AnyConnection, DbResult};
use crate::engine::input::SkillId;
use crate::engine::similarity::SkillTable;
use crate::engine::vocabulary::meaning::{Meaning, Occupation};
use crate::engine::vocabulary::{Alias, Entry, Link, Vocabulary};

/// What the rows give, ready for every snapshot.
#[derive(Debug)]
struct Built {
    vocabulary: Vocabulary,
    table: Arc<SkillTable>,
    /// Chinese and English, by number.
    names: Arc<[(String, String)]>,
    links: Vec<Link>,
    /// By code; empty if none is loaded.
    occupations: Vec<Occupation>,
}

impl Built {
    fn new(vocabulary: Vocabulary, links: Vec<Link>, occupations: Vec<Occupation>) -> Self {
        let (table, names) = (Arc::new(SkillTable::build(&vocabulary)), names(&vocabulary));
        Self { vocabulary, table, names, links, occupations }
    }
}

/// What was built last, the latest at the end, each with the mark of the rows it was built from.
struct Kept<T>(Mutex<Vec<(String, Arc<T>)>>);

/// For names alone, and for snapshots, which compare by meaning too.
static NAMES: Kept<Vocabulary> = Kept::new();
static SNAPSHOTS: Kept<Built> = Kept::new();

impl<T> Kept<T> {
    /// Several databases in one process each keep theirs.
    const MOST: usize = 4;

    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn find(&self, mark: &str) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == mark)?;
        let found = kept.remove(at);
        let built = Arc::clone(&found.1);
        kept.push(found);
        Some(built)
    }

    /// What was built under this mark, else what `build` makes now.
    fn get(&self, mark: String, build: impl FnOnce() -> Result<T, AppError>) -> Result<Arc<T>, AppError> {
        if let Some(built) = self.find(&mark) {
            return Ok(built);
        }
        // Two may build the same at once: either is as good.
        let built = Arc::new(build()?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= Self::MOST {
            kept.remove(0);
        }
        kept.push((mark, Arc::clone(&built)));
        Ok(built)
    }
}

/// A vocabulary that also takes the skill ids of rows, and compares by meaning if a classification is loaded.
#[derive(Debug)]
pub struct SnapshotVocabulary {
    vocabulary: Vocabulary,
    built: Arc<Built>,
    /// What the names met so far mean: a town says the same few hundred again and again.
    met: HashMap<String, SkillId>,
}

impl SnapshotVocabulary {
    /// The skill of a row, else what the name means, else a pseudo entry for the name.
    pub fn skill(&mut self, row: Option<i64>, name: &str) -> SkillId {
        if let Some(skill) = row.and_then(|id| self.vocabulary.by_row(id)).or_else(|| self.met.get(name).copied()) {
            return skill;
        }
        let skill = self.vocabulary.intern(name);
        self.met.insert(name.to_owned(), skill);
        skill
    }

    /// The classification names are compared with.
    #[must_use]
    pub fn occupations(&self) -> &[Occupation] {
        &self.built.occupations
    }

    /// Chinese and English name of every skill, pseudo entries included, by number.
    #[must_use]
    pub fn names(&self) -> Arc<[(String, String)]> {
        if self.has_own() { names(&self.vocabulary) } else { Arc::clone(&self.built.names) }
    }

    /// Whether names were met that are no skill's.
    fn has_own(&self) -> bool {
        self.vocabulary.len() > self.built.vocabulary.len()
    }

    /// Every link with its points, in id order: they decide similarities and belong to what a run read.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.built.links
    }

    #[must_use]
    pub fn table(&self) -> Arc<SkillTable> {
        if self.has_own() { Arc::new(SkillTable::build(&self.vocabulary)) } else { Arc::clone(&self.built.table) }
    }
}

/// The vocabulary, without a classification.
///
/// # Errors
/// If the database fails.
pub fn load(conn: &mut AnyConnection) -> Result<Vocabulary, AppError> {
    let mark = skills::mark(conn)?;
    Ok(Vocabulary::clone(&*NAMES.get(mark, || Ok(read(conn)?.0))?))
}

/// As [`load`], for a snapshot.
///
/// # Errors
/// If the database fails.
pub fn load_for_snapshot(conn: &mut AnyConnection) -> Result<SnapshotVocabulary, AppError> {
    let mark = skills::mark(conn)?;
    let built = SNAPSHOTS.get(mark, || {
        let (mut vocabulary, links) = read(conn)?;
        let occupations = occupations::all(conn)?;
        if !occupations.is_empty() {
            vocabulary.set_meaning(Meaning::new(occupations.iter().cloned()));
        }
        Ok(Built::new(vocabulary, links, occupations))
    })?;
    Ok(SnapshotVocabulary { vocabulary: built.vocabulary.clone(), built, met: HashMap::new() })
}

fn read(conn: &mut AnyConnection) -> Result<(Vocabulary, Vec<Link>), AppError> {
    let entries = skills::all(conn)?.into_iter().map(|row| Entry {
        id: row.id,
        code: row.data.code,
        zh: row.data.name_zh,
        en: row.data.name_en,
    });
    let names = aliases::all(conn)?.into_iter().map(|row| Alias { skill: row.data.skill_id, name: row.data.alias });
    let links = all_links(conn)?;
    let vocabulary = Vocabulary::new(entries.collect(), names, links.iter().copied()).map_err(anyhow::Error::new)?;
    Ok((vocabulary, links))
}

fn names(vocabulary: &Vocabulary) -> Arc<[(String, String)]> {
    let ids = (0..u32::try_from(vocabulary.len()).unwrap_or(u32::MAX)).map(SkillId);
    ids.filter_map(|id| vocabulary.name(id)).map(|(zh, en)| (zh.to_owned(), en.to_owned())).collect()
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
