//! Names by number: what the engine computes with as integers, people read as words.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domain::provinces;
use crate::domain::text::Text;
use crate::engine::input::{NameId, SkillId};
use crate::engine::vocabulary::normalise;
use crate::engine::words;
use crate::engine::words::uncovered::PlanNames;

/// A resident as answers name them; no ID number, no phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentName {
    pub id: i64,
    pub name: String,
    /// Index into the snapshot's households.
    pub household: u32,
}

/// A posting as answers name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingName {
    pub id: i64,
    pub code: Option<String>,
    pub title: String,
    pub employer_id: i64,
    pub employer: String,
}

/// Everything a snapshot's numbers stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// In snapshot order.
    pub residents: Vec<ResidentName>,
    /// In snapshot order.
    pub postings: Vec<PostingName>,
    /// Indices of residents who are in no automatic list: they asked for none (law.md R6), refused the service or took their consent
    /// back, or have not given the consent it rests on (R1, R2).
    pub no_automation: HashSet<usize>,
    /// Chinese and English, by skill number.
    pub(super) skills: Arc<[(String, String)]>,
    pub(super) resident_index: HashMap<i64, usize>,
    pub(super) posting_index: HashMap<i64, usize>,
    interned: Vec<String>,
    /// By normal form.
    ids: HashMap<String, NameId>,
    /// By what was written: the same few are written again and again.
    written: HashMap<String, NameId>,
}

impl Names {
    /// The number of a name (employer, industry, province, certificate): equal after normalising, equal number.
    pub(in crate::app) fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.written.get(name) {
            return *id;
        }
        // A town has a few thousand names; the range of u32 is never reached.
        let next = NameId(u32::try_from(self.interned.len()).unwrap_or(u32::MAX));
        let id = *self.ids.entry(normalise(name)).or_insert(next);
        if id == next {
            self.interned.push(name.to_owned());
        }
        self.written.insert(name.to_owned(), id);
        id
    }

    /// The number of a skill by one of its names in the vocabulary.
    #[must_use]
    pub fn skill_named(&self, name: &str) -> Option<SkillId> {
        let name = normalise(name);
        let found = self.skills.iter().position(|(zh, en)| normalise(zh) == name || normalise(en) == name);
        found.and_then(|index| u32::try_from(index).ok()).map(SkillId)
    }

    pub(super) fn add_resident(&mut self, resident: ResidentName, left_out: bool) {
        if left_out {
            self.no_automation.insert(self.residents.len());
        }
        self.resident_index.insert(resident.id, self.residents.len());
        self.residents.push(resident);
    }

    pub(super) fn add_posting(&mut self, posting: PostingName) {
        self.posting_index.insert(posting.id, self.postings.len());
        self.postings.push(posting);
    }
}

impl words::Names for Names {
    fn skill(&self, id: SkillId) -> Text {
        self.skills.get(id.0 as usize).map_or_else(|| Text::new("", ""), |(zh, en)| Text::new(zh, en))
    }

    /// Names of employers, industries and certificates are what somebody wrote: the same in both languages. Provinces have an
    /// English name.
    fn name(&self, id: NameId) -> Text {
        let name = self.interned.get(id.0 as usize).map_or("", String::as_str);
        Text::new(name, provinces::english(name).unwrap_or(name))
    }
}

impl PlanNames for Names {
    fn posting(&self, index: u32) -> Text {
        self.postings.get(index as usize).map_or_else(
            || Text::new("", ""),
            |posting| {
                let name = format!("{} · {}", posting.employer, posting.title);
                Text::new(name.clone(), name)
            },
        )
    }
}
