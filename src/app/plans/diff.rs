//! What a plan keeps of its parent, what it does not and why, and what is new.
//!
//! A promise is broken only if it cannot be kept or to cover a household (the objective says so), so the reasons are complete: first
//! what makes the pair impossible, then what leaves too few places for the promises, else a household. Which household is read off
//! the plan: whoever sits in the place now, or sits where that one was promised to sit, and so on along the chain.

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

struct View<'a> {
    basis: &'a Basis,
    /// Residents by posting.
    at: HashMap<u32, Vec<u32>>,
    /// Members placed by household.
    placed: HashMap<usize, u32>,
    promised: HashMap<u32, u32>,
}

impl<'a> View<'a> {
    fn new(basis: &'a Basis, placements: &[Pair]) -> Self {
        let mut at: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut placed: HashMap<usize, u32> = HashMap::new();
        for pair in placements {
            at.entry(pair.posting).or_default().push(pair.resident);
            *placed.entry(basis.home(pair.resident)).or_default() += 1;
        }
        let promised = basis.terms.promises().iter().map(|pair| (pair.resident, pair.posting)).collect();
        Self { basis, at, placed, promised }
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
        if terms.forbidden().contains(&pair) {
            return PlanChangeReason::Forbidden.into();
        }
        if terms.pins().iter().any(|pin| pin.resident == resident && pin.posting != posting) {
            return PlanChangeReason::PinnedElsewhere.into();
        }
        if self.basis.left_out.contains(&r) {
            return PlanChangeReason::NoAutomation.into();
        }
        let home = self.basis.home(resident);
        if self.claims(|claim| claim.posting == posting) > terms.vacancies()[p] as usize {
            return PlanChangeReason::FewerVacancies.into();
        }
        if self.claims(|claim| self.basis.home(claim.resident) == home) > terms.households()[home].limit as usize {
            return PlanChangeReason::CareLimit.into();
        }
        Why { household: self.covered_instead(posting), ..PlanChangeReason::ToCover.into() }
    }

    /// Promises and pins that ask for the same places.
    fn claims(&self, of: impl Fn(&Pair) -> bool) -> usize {
        let (promises, pins) = (self.basis.terms.promises(), self.basis.terms.pins());
        let pinned: HashSet<u32> = pins.iter().map(|pin| pin.resident).collect();
        let promised = promises.iter().filter(|promise| !pinned.contains(&promise.resident) && of(promise)).count();
        promised + pins.iter().filter(|pin| of(pin)).count()
    }

    /// The household at the end of the chain that starts in a place of this posting.
    fn covered_instead(&self, posting: u32) -> Option<i64> {
        let mut seen = HashSet::from([posting]);
        let mut open = vec![posting];
        while let Some(posting) = open.pop() {
            for resident in self.at.get(&posting).into_iter().flatten() {
                match self.promised.get(resident) {
                    Some(promised) if seen.insert(*promised) => open.push(*promised),
                    Some(_) => {}
                    None => {
                        let home = self.basis.home(*resident);
                        let weight = self.basis.terms.households()[home].weight;
                        if weight > 0 && self.placed.get(&home) == Some(&1) {
                            return Some(self.basis.household_id(home));
                        }
                    }
                }
            }
        }
        None
    }
}
