//! Whom does each requirement of a posting shut out, and what would relaxing it add? For the people who write postings.
//!
//! Counted are *seekers*: residents who are available, not recorded as unwilling and not without capacity. Whether the posting
//! is open today is no requirement and is left aside, so a posting can be diagnosed before it is published. For each gate:
//!
//! * `any`: seekers it bars, whatever else bars them;
//! * `alone`: seekers it bars and nothing else does: those who would be candidates without it;
//! * the same among seekers of uncovered households, and the households that have no candidate for this posting now and would
//!   have one without the gate.
//!
//! Each [`Relaxation`] is evaluated by asking the gates again with the posting changed: a count, never an estimate. There are
//! only counts: nothing in a diagnosis names or describes a person.
//!
//! Cost: one pass over the residents with the gate tables, and the checks of the gates a relaxation touches for those whom
//! nothing else bars: a few milliseconds for 10,000 residents.

mod relaxations;

use rayon::prelude::*;

use super::gates::{self, Gate, GateSet};
use super::input::{NameId, SkillId};
use super::plan::change::Relax;
use super::profile::Snapshot;
use crate::engine::facts;

/// Seekers counted: all, and those of uncovered households.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seekers {
    pub all: u64,
    pub of_uncovered: u64,
    /// Uncovered households with at least one of them.
    pub households: u64,
}

/// What one gate shuts out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateShare {
    pub gate: Gate,
    pub any: Seekers,
    pub alone: Seekers,
    /// Uncovered households that would have their first candidate for this posting without the gate.
    pub opens_households: u64,
}

/// A requirement of its own within a gate: one skill, one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Skill { skill: SkillId, level: u8 },
    Certificate(NameId),
}

/// What one asked skill or certificate shuts out; `alone` means that the seeker has everything else the posting asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedShare {
    pub asked: Asked,
    pub any: Seekers,
    pub alone: Seekers,
}

/// A requirement relaxed, and the candidates it adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relaxation {
    pub relax: Relax,
    pub adds: Seekers,
    /// Uncovered households that would have their first candidate for this posting.
    pub opens_households: u64,
}

/// Everything there is to say about the requirements of one posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Row id.
    pub posting: i64,
    pub seekers: Seekers,
    /// Seekers nothing bars.
    pub candidates: Seekers,
    /// Gates that bar somebody, in the order of the table.
    pub gates: Vec<GateShare>,
    /// Must skills without training, and certificates, in the posting's order.
    pub asked: Vec<AskedShare>,
    /// Those that add somebody, most uncovered households first.
    pub relaxations: Vec<Relaxation>,
}

/// Gates about the person alone: whoever fails one is no seeker.
const PERSON: GateSet = GateSet::of(&[Gate::ResidentAvailable, Gate::Willing]);
/// Not a requirement but a state.
const STATE: GateSet = GateSet::of(&[Gate::PostingOpen]);

/// One seeker as the counts need it.
struct Seeker {
    resident: u32,
    household: u32,
    is_uncovered: bool,
    /// Requirements that bar this one.
    barring: GateSet,
}

/// Diagnoses posting `p` (index).
///
/// # Panics
/// If the index is out of range.
#[must_use]
pub fn diagnose(snapshot: &Snapshot, p: usize) -> Diagnosis {
    let seekers = seekers(snapshot, p);
    let all = || seekers.iter();
    let candidates = || all().filter(|seeker| seeker.barring.is_empty());
    let has_candidate = households(snapshot, candidates());
    let gates = gates::GATES
        .iter()
        .map(|spec| {
            let any = all().filter(|seeker| seeker.barring.contains(spec.gate));
            let alone = || all().filter(|seeker| seeker.barring == GateSet::of(&[spec.gate]));
            GateShare {
                gate: spec.gate,
                any: count(snapshot, any),
                alone: count(snapshot, alone()),
                opens_households: opened(snapshot, &has_candidate, alone()),
            }
        })
        .filter(|share| share.any.all > 0)
        .collect();
    let mut relaxations: Vec<Relaxation> = relaxations::candidates(&snapshot.postings()[p])
        .into_iter()
        .map(|relax| relaxed(snapshot, p, relax, &seekers, &has_candidate))
        .filter(|relaxation| relaxation.adds.all > 0)
        .collect();
    relaxations.sort_by_key(|r| std::cmp::Reverse((r.opens_households, r.adds.of_uncovered, r.adds.all)));
    Diagnosis {
        posting: snapshot.postings()[p].id,
        seekers: count(snapshot, all()),
        candidates: count(snapshot, candidates()),
        gates,
        asked: asked(snapshot, p, &seekers),
        relaxations,
    }
}

fn seekers(snapshot: &Snapshot, p: usize) -> Vec<Seeker> {
    let residents = (0..snapshot.residents().len()).into_par_iter().with_min_len(256);
    let seeker = |r: usize| {
        let resident = &snapshot.residents()[r];
        if resident.no_capacity || PERSON.iter().any(|gate| !snapshot.passes(gate, r, p)) {
            return None;
        }
        let asked = gates::GATES.iter().map(|spec| spec.gate);
        let asked = asked.filter(|gate| !PERSON.contains(*gate) && !STATE.contains(*gate));
        let barring = asked.filter(|gate| !snapshot.passes(*gate, r, p)).fold(GateSet::EMPTY, GateSet::with);
        Some(Seeker {
            resident: r as u32,
            household: resident.household,
            is_uncovered: snapshot.household_of(r).uncovered,
            barring,
        })
    };
    residents.filter_map(seeker).collect()
}

/// Uncovered households of which somebody is among these.
fn households<'s>(snapshot: &Snapshot, seekers: impl Iterator<Item = &'s Seeker>) -> Vec<bool> {
    let mut has = vec![false; snapshot.households().len()];
    seekers.filter(|seeker| seeker.is_uncovered).for_each(|seeker| has[seeker.household as usize] = true);
    has
}

fn count<'s>(snapshot: &Snapshot, seekers: impl Iterator<Item = &'s Seeker> + Clone) -> Seekers {
    Seekers {
        all: seekers.clone().count() as u64,
        of_uncovered: seekers.clone().filter(|seeker| seeker.is_uncovered).count() as u64,
        households: households(snapshot, seekers).iter().filter(|has| **has).count() as u64,
    }
}

/// Households of these seekers that had no candidate.
fn opened<'s>(snapshot: &Snapshot, has_candidate: &[bool], seekers: impl Iterator<Item = &'s Seeker>) -> u64 {
    let now = households(snapshot, seekers);
    now.iter().zip(has_candidate).filter(|(now, before)| **now && !**before).count() as u64
}

fn relaxed(snapshot: &Snapshot, p: usize, relax: Relax, seekers: &[Seeker], has_candidate: &[bool]) -> Relaxation {
    let ctx = snapshot.context();
    let changed = relax.of(&snapshot.postings()[p]);
    let passes = |seeker: &&Seeker| {
        let resident = &snapshot.residents()[seeker.resident as usize];
        !seeker.barring.is_empty()
            && seeker.barring.is_within(relax.touches())
            && relax.touches().iter().all(|gate| gate.spec().lets_pass(&ctx, resident, &changed))
    };
    let added = seekers.iter().filter(passes);
    Relaxation { relax, adds: count(snapshot, added.clone()), opens_households: opened(snapshot, has_candidate, added) }
}

fn asked(snapshot: &Snapshot, p: usize, seekers: &[Seeker]) -> Vec<AskedShare> {
    let (ctx, posting) = (snapshot.context(), &snapshot.postings()[p]);
    let share = |asked: Asked, gate: Gate, relax: Relax, lacks: &dyn Fn(u32) -> bool| {
        let any = seekers.iter().filter(|seeker| seeker.barring.contains(gate) && lacks(seeker.resident));
        let changed = relax.of(posting);
        let is_alone = |seeker: &&Seeker| {
            let resident = &snapshot.residents()[seeker.resident as usize];
            seeker.barring == GateSet::of(&[gate]) && gate.spec().lets_pass(&ctx, resident, &changed)
        };
        AskedShare { asked, alone: count(snapshot, any.clone().filter(is_alone)), any: count(snapshot, any) }
    };
    let trains = posting.training_days.unwrap_or(0) > 0;
    let musts = posting.skills.iter().filter(|asked| !trains && facts::is_must(asked));
    let skills = musts.map(|must| {
        let lacks = |r: u32| {
            let resident = &snapshot.residents()[r as usize];
            facts::best_skill_points(ctx.skills, resident, (must.skill, must.level)) < facts::MET
        };
        let asked = Asked::Skill { skill: must.skill, level: must.level };
        share(asked, Gate::SkillRequired, Relax::SkillNotRequired(must.skill), &lacks)
    });
    let certificates = posting.certificates.iter().map(|name| {
        let start = ctx.start(posting);
        let lacks = |r: u32| {
            let mut held = snapshot.residents()[r as usize].certificates.iter().filter(|held| held.name == *name);
            !held.any(|held| held.valid_until.is_none_or(|last| last >= start))
        };
        share(Asked::Certificate(*name), Gate::Certificate, Relax::CertificateNotRequired(*name), &lacks)
    });
    skills.chain(certificates).collect()
}
