//! The vocabulary rows as the engine's vocabulary: what a name in a ledger, a posting or a wish means.
//!
//! Invariant: built from rows in id order, so the same rows give the same skill numbers. Cost: one scan of skills, aliases and
//! links (about five thousand rows); with a classification, that many names are compared with it.

use crate::app::error::AppError;
use crate::app::occupations;
use crate::db::skills::{self, aliases, links};
use crate::db::{AnyConnection, DbResult};
use crate::engine::input::SkillId;
use crate::engine::similarity::SkillTable;
use crate::engine::vocabulary::meaning::{Meaning, Occupation};
use crate::engine::vocabulary::{Alias, Entry, Link, Vocabulary};

/// A vocabulary that also takes the skill ids of rows, and compares by meaning if a classification is loaded.
#[derive(Debug)]
pub struct SnapshotVocabulary {
    vocabulary: Vocabulary,
    links: Vec<Link>,
    /// By code; empty if none is loaded.
    occupations: Vec<Occupation>,
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
        &self.occupations
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
        &self.links
    }

    #[must_use]
    pub fn table(&self) -> SkillTable {
        SkillTable::build(&self.vocabulary)
    }
}

/// Reads the vocabulary.
pub fn load(conn: &mut AnyConnection) -> Result<Vocabulary, AppError> {
    let entries = skills::all(conn)?.into_iter().map(|row| Entry {
        id: row.id,
        code: row.data.code,
        zh: row.data.name_zh,
        en: row.data.name_en,
    });
    let names = aliases::all(conn)?.into_iter().map(|row| Alias { skill: row.data.skill_id, name: row.data.alias });
    let links = all_links(conn)?;
    Vocabulary::new(entries.collect(), names, links).map_err(|error| anyhow::Error::new(error).into())
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

/// As [`load`], for a snapshot.
pub fn load_for_snapshot(conn: &mut AnyConnection) -> Result<SnapshotVocabulary, AppError> {
    let mut vocabulary = load(conn)?;
    let occupations = occupations::all(conn)?;
    if !occupations.is_empty() {
        vocabulary.set_meaning(Meaning::new(occupations.iter().cloned()));
    }
    Ok(SnapshotVocabulary { vocabulary, links: all_links(conn)?, occupations })
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
