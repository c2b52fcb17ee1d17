//! What is known about pairs that are not eligible: willingness, answers given, gates.

use std::collections::BTreeSet;

use super::opening::{self, Opening};
use crate::domain::ages;
use crate::engine::gates::{Gate, GateSet};
use crate::engine::input::{Resident, Unavailable};
use crate::engine::plan::instance::Pair;
use crate::engine::profile::{Barred, Snapshot};

/// What gates barred of one household's pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shut {
    /// Members × postings.
    pub n_pairs: u64,
    /// How many of them each gate barred: [`Barred::first`] adds up to `n_pairs` less the pairs a person forbade.
    pub barred: Barred,
    /// The pair that is nearest to being eligible; `None` if every pair meets a gate nobody may relax.
    pub smallest: Option<Opening>,
}

/// Answers the questions that the eligible pairs alone cannot.
pub trait Records: Sync {
    /// The employable members, if there are any and every one is recorded as not wanting work; else empty.
    fn unwilling(&self, members: &[u32]) -> Vec<u32>;

    /// The pairs of these residents that nothing bars but this gate of the resident's own: a refusal, or care.
    fn barred_only_by(&self, gate: Gate, members: &[u32]) -> Vec<Pair>;

    /// What the gates bar for those of these residents who are not left out; `None` where there are no gates.
    fn shut(&self, members: &[u32]) -> Option<Shut>;

    /// Those of these residents who are in no plan whatever the gates say, because they asked for no automated recommendation.
    fn left_out(&self, members: &[u32]) -> Vec<u32>;
}

/// An instance that is only its pairs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRecords;

impl Records for NoRecords {
    fn unwilling(&self, _: &[u32]) -> Vec<u32> {
        Vec::new()
    }

    fn barred_only_by(&self, _: Gate, _: &[u32]) -> Vec<Pair> {
        Vec::new()
    }

    fn shut(&self, _: &[u32]) -> Option<Shut> {
        None
    }

    fn left_out(&self, _: &[u32]) -> Vec<u32> {
        Vec::new()
    }
}

/// A town: its gates, and who is employable.
pub struct TownRecords<'a> {
    snapshot: &'a Snapshot,
    employable: Vec<bool>,
    left_out: BTreeSet<u32>,
}

impl<'a> TownRecords<'a> {
    /// Who is employable is the ledger's answer (`domain::employability`), by resident index; residents beyond the end of
    /// the list count as not employable.
    #[must_use]
    pub const fn new(snapshot: &'a Snapshot, employable: Vec<bool>) -> Self {
        Self { snapshot, employable, left_out: BTreeSet::new() }
    }

    /// The same records, with these residents in no plan.
    #[must_use]
    pub fn leaving_out(mut self, residents: impl IntoIterator<Item = u32>) -> Self {
        self.left_out.extend(residents);
        self
    }

    /// As far as the snapshot itself can tell: a member, present, not in school, with capacity, of working age or of unknown age.
    #[must_use]
    pub fn by_snapshot(snapshot: &'a Snapshot) -> Self {
        let is_away = |r: &Resident| {
            matches!(r.unavailable, Some(Unavailable::InSchool | Unavailable::Away(_) | Unavailable::Deceased))
        };
        let is_of_age =
            |r: &Resident| r.birth_date.is_none_or(|birth| ages::is_of_working_age(birth, snapshot.as_of()));
        let employable = snapshot.residents().iter().map(|r| !is_away(r) && !r.no_capacity && is_of_age(r)).collect();
        Self::new(snapshot, employable)
    }
}

impl Records for TownRecords<'_> {
    fn unwilling(&self, members: &[u32]) -> Vec<u32> {
        let is_employable = |r: &&u32| self.employable.get(**r as usize).copied().unwrap_or(false);
        let employable: Vec<u32> = members.iter().filter(is_employable).copied().collect();
        let refuses = |r: &u32| self.snapshot.residents()[*r as usize].willing == Some(false);
        if employable.iter().all(refuses) { employable } else { Vec::new() }
    }

    fn barred_only_by(&self, gate: Gate, members: &[u32]) -> Vec<Pair> {
        let only = GateSet::of(&[gate]);
        let (mut scanner, mut sets) = (self.snapshot.scanner(), Vec::new());
        let mut pairs = Vec::new();
        for resident in members {
            let person = &self.snapshot.residents()[*resident as usize];
            // Only where a refusal or care is on record can it be what bars a pair.
            let has_none = match gate {
                Gate::Declined => person.declined.is_empty(),
                Gate::CareDuty => person.care_hours.is_empty(),
                _ => false,
            };
            if self.left_out.contains(resident) || has_none {
                continue;
            }
            scanner.barring(*resident as usize, &mut sets);
            let barred = (0..).zip(&sets).filter(|(_, set)| **set == only);
            pairs.extend(barred.map(|(posting, _)| Pair { resident: *resident, posting }));
        }
        pairs
    }

    fn shut(&self, members: &[u32]) -> Option<Shut> {
        let members: Vec<u32> = members.iter().filter(|r| !self.left_out.contains(r)).copied().collect();
        let mut scanner = self.snapshot.scanner();
        let mut barred = Barred::default();
        for resident in &members {
            barred.add(&scanner.count_barred(*resident as usize));
        }
        Some(Shut {
            n_pairs: members.len() as u64 * self.snapshot.postings().len() as u64,
            barred,
            smallest: opening::smallest_opening(self.snapshot, &members),
        })
    }

    fn left_out(&self, members: &[u32]) -> Vec<u32> {
        members.iter().filter(|r| self.left_out.contains(r)).copied().collect()
    }
}
