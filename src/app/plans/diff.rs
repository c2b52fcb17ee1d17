//! What a plan keeps of its parent, what it does not and why, and what is new.
//!
//! A promise is broken only if it cannot be kept or to cover a household (the objective says so), so the reasons are complete: first
//! what makes the pair impossible, then what leaves too few places for the promises, else a household. Which household is read off
//! the plan: whoever sits in the place now, or sits where that one was promised to sit, and so on along the chain. It is named only
//! where it is the only one there; whoever is pinned or was offered the place sits there by decision, not to cover anybody.
//!
//! Cost: linear in placements, promises and pins; for each promise that is not kept, the gates of its pair.

use std::collections::{HashMap, HashSet};

use super::terms::Basis;
use crate::db::plans::changes::ChangeRow;
use crate::domain::codes::{PlanChangeKind, PlanChangeReason};
use crate::engine::explain::explain;
use crate::engine::plan::Pair;

/// Every placement of the parent and of the plan, by resident. The plan's id is set when it is stored.
pub fn changes(basis: &Basis, placements: &[Pair]) -> Vec<ChangeRow> {
    let view = View::new(basis, placements);
    let now: HashMap<i64, i64> =
        placements.iter().map(|pair| (basis.resident_id(pair.resident), basis.posting_id(pair.posting))).collect();
    let mut rows: Vec<ChangeRow> = basis
        .before
        .iter()
        .map(|(resident, posting)| {
            let to = now.get(resident).copied();
            let kind = match to {
                Some(to) if to == *posting => PlanChangeKind::Kept,
                _ if basis.hired.contains(&(*resident, *posting)) => PlanChangeKind::Fulfilled,
                Some(_) => PlanChangeKind::Changed,
                None => PlanChangeKind::Dropped,
            };
            let why = (kind != PlanChangeKind::Kept).then(|| view.why(*resident, *posting));
            ChangeRow {
                plan_id: 0,
                resident_id: *resident,
                kind,
                from_posting_id: Some(*posting),
                to_posting_id: to,
                reason: why.as_ref().map(|why| why.reason),
                gate: why.as_ref().and_then(|why| why.gate.map(str::to_owned)),
                for_household_id: why.and_then(|why| why.household),
            }
        })
        .collect();
    let before: HashSet<i64> = basis.before.iter().map(|(resident, _)| *resident).collect();
    rows.extend(now.into_iter().filter(|(resident, _)| !before.contains(resident)).map(|(resident, posting)| {
        ChangeRow {
            plan_id: 0,
            resident_id: resident,
            kind: PlanChangeKind::New,
            from_posting_id: None,
            to_posting_id: Some(posting),
            reason: None,
            gate: None,
            for_household_id: None,
        }
    }));
    rows.sort_unstable_by_key(|row| row.resident_id);
    rows
}

/// Why a placement was not kept.
struct Why {
    reason: PlanChangeReason,
    gate: Option<&'static str>,
    household: Option<i64>,
}

impl From<PlanChangeReason> for Why {
    fn from(reason: PlanChangeReason) -> Self {
        Self { reason, gate: None, household: None }
    }
}

/// The households at the ends of the chains that start in the places of a posting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Instead {
    One(usize),
    Many,
}

struct View<'a> {
    basis: &'a Basis,
    /// Posting by resident.
    pinned: HashMap<u32, u32>,
    /// Posting by resident: another one than the parent's where a referral has come further.
    promised: HashMap<u32, u32>,
    /// Promises and pins that ask for places, by posting and by household.
    claims_at: HashMap<u32, usize>,
    claims_of: HashMap<usize, usize>,
    /// By posting; none where nobody sits to cover a household.
    instead: HashMap<u32, Instead>,
}

impl<'a> View<'a> {
    fn new(basis: &'a Basis, placements: &[Pair]) -> Self {
        let (promises, pins) = (basis.terms.promises(), basis.terms.pins());
        let pinned: HashMap<u32, u32> = pins.iter().map(|pin| (pin.resident, pin.posting)).collect();
        let mut claims_at: HashMap<u32, usize> = HashMap::new();
        let mut claims_of: HashMap<usize, usize> = HashMap::new();
        for claim in promises.iter().filter(|promise| !pinned.contains_key(&promise.resident)).chain(pins) {
            *claims_at.entry(claim.posting).or_default() += 1;
            *claims_of.entry(basis.home(claim.resident)).or_default() += 1;
        }
        let promised = promises.iter().map(|pair| (pair.resident, pair.posting)).collect();
        let instead = covered_instead((basis, &promised), &pinned, placements);
        Self { basis, pinned, promised, claims_at, claims_of, instead }
    }

    fn why(&self, resident: i64, posting: i64) -> Why {
        let (loaded, terms) = (&self.basis.loaded, &self.basis.terms);
        if self.basis.hired.contains(&(resident, posting)) {
            return PlanChangeReason::Hired.into();
        }
        let Some(r) = loaded.resident_index(resident) else { return PlanChangeReason::ResidentGone.into() };
        let Some(p) = loaded.posting_index(posting) else { return PlanChangeReason::PostingClosed.into() };
        if loaded.snapshot.residents()[r].declined.iter().any(|(declined, _)| *declined == posting) {
            return PlanChangeReason::Declined.into();
        }
        let barred = explain(&loaded.snapshot, r, p);
        if let Some(gate) = barred.barring().next() {
            return Why { gate: Some(gate.gate.code()), ..PlanChangeReason::NotEligible.into() };
        }
        let (Ok(resident), Ok(posting)) = (u32::try_from(r), u32::try_from(p)) else {
            return PlanChangeReason::ResidentGone.into();
        };
        let pair = Pair { resident, posting };
        if terms.forbidden().binary_search(&pair).is_ok() {
            return PlanChangeReason::Forbidden.into();
        }
        let is_elsewhere = |posting_of: Option<u32>| posting_of.is_some_and(|other| other != posting);
        if is_elsewhere(self.pinned.get(&resident).copied()) || is_elsewhere(self.promised.get(&resident).copied()) {
            return PlanChangeReason::PinnedElsewhere.into();
        }
        if self.basis.left_out.contains(&r) {
            return PlanChangeReason::NoAutomation.into();
        }
        // Possible, and no promise all the same: referrals took the places.
        if terms.promises().binary_search(&pair).is_err() {
            return PlanChangeReason::PlacePinned.into();
        }
        let home = self.basis.home(resident);
        let places = terms.vacancies()[p] as usize;
        let claims = self.claims_at.get(&posting).copied().unwrap_or(0);
        if claims > places {
            let pinned = self.pinned.values().filter(|pinned| **pinned == posting).count();
            let is_for_pins = claims - pinned <= places;
            return if is_for_pins { PlanChangeReason::PlacePinned } else { PlanChangeReason::FewerVacancies }.into();
        }
        if self.claims_of.get(&home).is_some_and(|claims| *claims > terms.households()[home].limit as usize) {
            return PlanChangeReason::CareLimit.into();
        }
        let household = match self.instead.get(&posting) {
            Some(Instead::One(household)) => Some(self.basis.household_id(*household)),
            Some(Instead::Many) | None => None,
        };
        Why { household, ..PlanChangeReason::ToCover.into() }
    }
}

/// Who was covered in the places of each posting. A household that is found at a posting is found at every posting from which a promise
/// was moved there, so the chains are followed from their ends; a posting changes twice at most, to one household and to many.
fn covered_instead(
    (basis, promised): (&Basis, &HashMap<u32, u32>),
    pinned: &HashMap<u32, u32>,
    placements: &[Pair],
) -> HashMap<u32, Instead> {
    let mut placed: HashMap<usize, u32> = HashMap::new();
    placements.iter().for_each(|pair| *placed.entry(basis.home(pair.resident)).or_default() += 1);
    // Where those sit now who were promised a place at a posting.
    let mut moved_to: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut found: HashMap<u32, Instead> = HashMap::new();
    let mut open = Vec::new();
    for pair in placements.iter().filter(|pair| !pinned.contains_key(&pair.resident)) {
        match promised.get(&pair.resident) {
            Some(promised) => moved_to.entry(*promised).or_default().push(pair.posting),
            None => {
                let home = basis.home(pair.resident);
                let is_covered_here = basis.terms.households()[home].weight > 0 && placed.get(&home) == Some(&1);
                if is_covered_here && add(&mut found, pair.posting, Instead::One(home)) {
                    open.push(pair.posting);
                }
            }
        }
    }
    while let Some(posting) = open.pop() {
        let Some(instead) = found.get(&posting).copied() else { continue };
        for before in moved_to.get(&posting).into_iter().flatten() {
            if add(&mut found, *before, instead) {
                open.push(*before);
            }
        }
    }
    found
}

/// Whether it says something new of the posting.
fn add(found: &mut HashMap<u32, Instead>, posting: u32, instead: Instead) -> bool {
    let now = match found.get(&posting) {
        Some(before) if *before == instead => return false,
        Some(Instead::Many) => return false,
        Some(Instead::One(_)) => Instead::Many,
        None => instead,
    };
    found.insert(posting, now);
    true
}
