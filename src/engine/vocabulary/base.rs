//! What is known before any name is met: skills, all their names, links between them. Built once and shared by every vocabulary
//! made of the same rows.

use std::collections::HashMap;

use super::super::input::SkillId;
use super::super::normalise::normalise;
use super::super::similarity::FULL;
use super::by_meaning::ByMeaning;
use super::fuzzy::NameIndex;
use super::{Alias, Clash, Entry, Link, VocabularyError, resolve};
use crate::domain::codes::SkillLinkKind;

#[derive(Clone, Debug)]
pub(super) struct Base {
    pub entries: Vec<Entry>,
    pub by_row: HashMap<i64, SkillId>,
    pub by_code: HashMap<String, SkillId>,
    /// Normalised name to skill.
    pub exact: HashMap<String, SkillId>,
    /// Names without the word for the worker (钢筋工 → 钢筋) that mean one skill and are no name themselves.
    pub bare: HashMap<String, SkillId>,
    pub names: NameIndex,
    /// Kind and points by (held, asked).
    pub links: HashMap<(SkillId, SkillId), (SkillLinkKind, u16)>,
    /// The links as (held, asked, points), sorted.
    pub edges: Vec<(SkillId, SkillId, u16)>,
    pub clashes: Vec<Clash>,
    /// Where a classification is at hand.
    pub by_meaning: Option<ByMeaning>,
}

impl Base {
    /// See [`Vocabulary::new`](super::Vocabulary::new).
    pub fn new(
        mut entries: Vec<Entry>,
        aliases: impl IntoIterator<Item = Alias>,
        links: impl IntoIterator<Item = Link>,
    ) -> Result<Self, VocabularyError> {
        entries.sort_by_key(|e| e.id);
        let mut by_row = HashMap::with_capacity(entries.len());
        let mut by_code = HashMap::with_capacity(entries.len());
        for (skill, entry) in (0..).map(SkillId).zip(&entries) {
            if by_row.insert(entry.id, skill).is_some() {
                return Err(VocabularyError::DuplicateSkill(entry.id));
            }
            by_code.entry(entry.code.clone()).or_insert(skill);
        }
        let find = |row: i64| by_row.get(&row).copied().ok_or(VocabularyError::UnknownSkill(row));

        let mut names: Vec<(String, SkillId)> = Vec::new();
        let own = |name: fn(&Entry) -> &str| {
            entries.iter().zip((0..).map(SkillId)).map(move |(e, s)| (normalise(name(e)), s))
        };
        names.extend(own(|e| &e.zh));
        names.extend(own(|e| &e.en));
        for alias in aliases {
            names.push((normalise(&alias.name), find(alias.skill)?));
        }
        let mut exact: HashMap<String, SkillId> = HashMap::with_capacity(names.len());
        let mut clashes = Vec::new();
        names.retain(|(key, skill)| {
            // A text without letters is nobody's name.
            if key.is_empty() {
                return false;
            }
            let kept = *exact.entry(key.clone()).or_insert(*skill);
            if kept != *skill {
                clashes.push(Clash { normalised: key.clone(), kept, ignored: *skill });
            }
            kept == *skill
        });
        let links: HashMap<_, _> = links
            .into_iter()
            .map(|l| Ok(((find(l.from)?, find(l.to)?), (l.kind, l.points.min(FULL)))))
            .collect::<Result<_, _>>()?;
        let mut edges: Vec<_> = links.iter().map(|(&(held, asked), &(_, points))| (held, asked, points)).collect();
        edges.sort_unstable();
        Ok(Self {
            by_row,
            by_code,
            bare: resolve::bare_names(&names, &exact),
            names: NameIndex::new(&names),
            exact,
            links,
            edges,
            clashes,
            entries,
            by_meaning: None,
        })
    }
}
