//! Which skill does a name mean? The vocabulary of one snapshot: entries, all their names, links between them.
//!
//! A name is looked up exactly (after [`normalise`]), then without what ledgers hang on it ([`resolve`](Vocabulary::resolve)). What stays
//! unknown becomes a pseudo entry ([`intern`](Vocabulary::intern)) that is like known skills only as far as its letters are, and its
//! meaning where a classification of occupations is at hand ([`set_meaning`](Vocabulary::set_meaning)); a counselor maps it once. Invariants: ids of known skills are `0..n_known()` in the order of their row ids, pseudo entries follow in the order
//! they are met; a normalised name means one skill. Cost: hash look-ups; a pseudo entry looks at the names that share two
//! neighbouring characters with it.

mod base;
mod by_meaning;
mod data;
mod fuzzy;
pub mod meaning;
mod resolve;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

pub use super::normalise::normalise;
pub use data::{BuiltinLink, BuiltinSkill, CATEGORIES, builtin_links, builtin_skills};

use super::input::SkillId;
use crate::domain::codes::SkillLinkKind;
use base::Base;
use by_meaning::ByMeaning;
use fuzzy::NameIndex;
use meaning::{Concepts, Meaning};

/// A skill of the vocabulary as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Row id.
    pub id: i64,
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// Another name of a skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Row id of the skill.
    pub skill: i64,
    pub name: String,
}

/// A directed link: a person who holds `from` where `to` is asked. Row ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub from: i64,
    pub to: i64,
    /// What `to` is, seen from `from`.
    pub kind: SkillLinkKind,
    /// `0..=10000`.
    pub points: u16,
}

/// Why rows make no vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VocabularyError {
    /// An alias or link names a skill that is not among the entries.
    UnknownSkill(i64),
    /// Two entries with one row id.
    DuplicateSkill(i64),
}

impl fmt::Display for VocabularyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSkill(id) => write!(f, "an alias or link names skill {id}, which is not in the vocabulary"),
            Self::DuplicateSkill(id) => write!(f, "skill {id} stands in the vocabulary twice"),
        }
    }
}

impl std::error::Error for VocabularyError {}

/// A name that two skills claim. It means the one that came first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub normalised: String,
    pub kept: SkillId,
    pub ignored: SkillId,
}

/// A skill a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub skill: SkillId,
    /// What a holder of the one has where the other is asked; 0 for one that is only worth a person's look.
    pub points: u16,
    pub step: Step,
}

/// How a name was matched with a skill, from certain to vague.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It is the skill's own name.
    Exact,
    /// It is another name of the skill, or one of its names with words around it.
    Alias,
    /// Its letters or parts are those of a name.
    Fuzzy,
    /// It resembles the same occupations.
    Meaning,
}

impl Step {
    /// The stable code programs look at.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Alias => "alias",
            Self::Fuzzy => "fuzzy",
            Self::Meaning => "meaning",
        }
    }
}

/// A name the vocabulary does not know.
#[derive(Clone, Debug)]
struct Unknown {
    /// As first written.
    name: String,
    key: String,
    /// Known skills it is like, by id; points below 10,000.
    near: Vec<(SkillId, u16)>,
}

/// See the module docs. A clone shares everything but the pseudo entries.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    base: Arc<Base>,
    unknown: Vec<Unknown>,
    unknown_by_key: HashMap<String, SkillId>,
    /// What the pseudo entries resemble, in their order; empty without a classification.
    unknown_concepts: Vec<Concepts>,
}

impl Vocabulary {
    /// A vocabulary from rows in any order. A name claimed twice means the skill whose own name it is, else the alias given first.
    ///
    /// # Errors
    /// If an alias or link names a missing skill, or two entries have one id.
    pub fn new(
        entries: Vec<Entry>,
        aliases: impl IntoIterator<Item = Alias>,
        links: impl IntoIterator<Item = Link>,
    ) -> Result<Self, VocabularyError> {
        let base = Arc::new(Base::new(entries, aliases, links)?);
        Ok(Self { base, unknown: Vec::new(), unknown_by_key: HashMap::new(), unknown_concepts: Vec::new() })
    }

    /// The skills that ship with the service; row ids count from 1 in the order of [`builtin_skills`].
    ///
    /// # Errors
    /// If a built-in link names a skill that is not there, which a test excludes.
    pub fn builtin() -> Result<Self, VocabularyError> {
        let rows: HashMap<&str, i64> = builtin_skills().iter().map(|s| s.code).zip(1..).collect();
        let row = |code: &str| rows.get(code).copied().unwrap_or_default();
        let entries = builtin_skills()
            .iter()
            .map(|s| Entry { id: row(s.code), code: s.code.to_owned(), zh: s.zh.to_owned(), en: s.en.to_owned() })
            .collect();
        let aliases = builtin_skills()
            .iter()
            .flat_map(|s| s.aliases.iter().map(|a| Alias { skill: row(s.code), name: (*a).to_owned() }));
        let links = builtin_links().map(|l| Link { from: row(l.from), to: row(l.to), kind: l.kind, points: l.points });
        Self::new(entries, aliases, links)
    }

    /// Known skills and pseudo entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base.entries.len() + self.unknown.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Known skills; ids from here on are pseudo entries.
    #[must_use]
    pub fn n_known(&self) -> usize {
        self.base.entries.len()
    }

    /// The row behind a known skill; `None` for a pseudo entry.
    #[must_use]
    pub fn entry(&self, skill: SkillId) -> Option<&Entry> {
        self.base.entries.get(skill.0 as usize)
    }

    #[must_use]
    pub fn by_row(&self, id: i64) -> Option<SkillId> {
        self.base.by_row.get(&id).copied()
    }

    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<SkillId> {
        self.base.by_code.get(code).copied()
    }

    /// Chinese and English name; a pseudo entry has the name it was met under. `None` for an id of another vocabulary.
    #[must_use]
    pub fn name(&self, skill: SkillId) -> Option<(&str, &str)> {
        let at = skill.0 as usize;
        match self.base.entries.get(at) {
            Some(e) => Some((&e.zh, &e.en)),
            None => self.unknown.get(at - self.base.entries.len()).map(|u| (u.name.as_str(), u.name.as_str())),
        }
    }

    /// Names claimed by two skills, in the order they were met.
    #[must_use]
    pub fn clashes(&self) -> &[Clash] {
        &self.base.clashes
    }

    /// Names met that mean no known skill, in the order they were met: the queue for mapping.
    pub fn unknown_names(&self) -> impl Iterator<Item = (SkillId, &str)> {
        (0..).map(SkillId).skip(self.base.entries.len()).zip(self.unknown.iter().map(|u| u.name.as_str()))
    }

    /// The skill a name means, else a pseudo entry for it: the same one for every spelling with the same normal form.
    pub fn intern(&mut self, name: &str) -> SkillId {
        if let Some(skill) = self.resolve(name) {
            return skill;
        }
        let key = normalise(name);
        if let Some(&skill) = self.unknown_by_key.get(&key) {
            return skill;
        }
        let skill = SkillId(u32::try_from(self.len()).unwrap_or(u32::MAX));
        let near = self.near(name, &key);
        if let Some(by_meaning) = &self.base.by_meaning {
            self.unknown_concepts.push(by_meaning.concepts(&key));
        }
        self.unknown_by_key.insert(key.clone(), skill);
        self.unknown.push(Unknown { name: name.to_owned(), key, near });
        skill
    }

    /// Lets names be compared by meaning too, those met so far and those to come.
    pub fn set_meaning(&mut self, meaning: Meaning) {
        let base = Arc::make_mut(&mut self.base);
        let mut names: Vec<Vec<&str>> = vec![Vec::new(); base.entries.len()];
        for (name, skill) in &base.exact {
            names[skill.0 as usize].push(name);
        }
        let by_meaning = ByMeaning::new(meaning, &names);
        self.unknown_concepts = self.unknown.iter().map(|unknown| by_meaning.concepts(&unknown.key)).collect();
        base.by_meaning = Some(by_meaning);
    }

    /// The known skill a name means, with 10,000 points; else the `n` it comes closest to, best first, ties in id order: those
    /// like it in letters, then those that resemble the same occupations, be it too little to count in matching.
    #[must_use]
    pub fn suggest(&self, name: &str, n: usize) -> Vec<Suggestion> {
        let key = normalise(name);
        if let Some(skill) = self.resolve(name) {
            let own = |entry: &Entry| [&entry.zh, &entry.en].iter().any(|own| normalise(own) == key);
            let step = if self.entry(skill).is_some_and(own) { Step::Exact } else { Step::Alias };
            return vec![Suggestion { skill, points: super::similarity::FULL, step }].into_iter().take(n).collect();
        }
        let mut near = self.near(name, &key);
        near.sort_by_key(|&(skill, points)| (std::cmp::Reverse(points), skill));
        let by_meaning = self.base.by_meaning.iter().flat_map(|by_meaning| by_meaning.near(&key));
        let by_meaning = by_meaning.filter(|(skill, _)| near.iter().all(|(known, _)| known != skill));
        let by_letters = near.iter().map(|found| (*found, Step::Fuzzy));
        let found = by_letters.chain(by_meaning.map(|found| (found, Step::Meaning)));
        found.map(|((skill, points), step)| Suggestion { skill, points, step }).take(n).collect()
    }

    /// Pairs that have to do with each other by meaning, the smaller id first; none without a classification.
    pub(super) fn pairs_by_meaning(&self) -> Vec<(SkillId, SkillId, u16)> {
        self.base.by_meaning.as_ref().map(|by_meaning| by_meaning.pairs(&self.unknown_concepts)).unwrap_or_default()
    }

    /// Who serves where, before composition: links between known skills, and likeness of letters where a pseudo entry takes
    /// part. Sorted; at most one for each pair.
    pub(super) fn edges(&self) -> Vec<(SkillId, SkillId, u16)> {
        let mut edges = self.base.edges.clone();
        if self.unknown.is_empty() {
            return edges;
        }
        let first = u32::try_from(self.base.entries.len()).unwrap_or(u32::MAX);
        let pseudo: Vec<_> = (first..).map(SkillId).zip(&self.unknown).collect();
        for (skill, unknown) in &pseudo {
            edges.extend(unknown.near.iter().flat_map(|&(known, p)| [(*skill, known, p), (known, *skill, p)]));
        }
        let keys: Vec<_> = pseudo.iter().map(|(skill, u)| (u.key.clone(), *skill)).collect();
        let index = NameIndex::new(&keys);
        for (key, skill) in &keys {
            let near = index.near(key).into_iter().filter(|(other, _)| other != skill);
            edges.extend(near.flat_map(|(other, p)| [(*skill, other, p), (other, *skill, p)]));
        }
        // Two names may have found each other; the better one stays.
        edges.sort_unstable_by_key(|&(held, asked, points)| (held, asked, std::cmp::Reverse(points)));
        edges.dedup_by_key(|(held, asked, _)| (*held, *asked));
        edges
    }
}
