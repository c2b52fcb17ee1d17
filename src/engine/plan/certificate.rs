//! Is a plan feasible, and is it the best there is? One integer price per posting proves it; this file checks the proof.
//!
//! For prices `v >= 0` let `a_r` be the best `s(r,p) − v_p` over the eligible postings of resident `r` (`s` including the
//! reward for a promise), and sort the members of household `h` so that `a_1 >= a_2 >= …`. The most household `h` can earn
//! when each place costs its price is
//!
//! ```text
//! φ_h(v) = 0                                                   if m_h = 0
//! φ_h(v) = max(0,  B·w_h + a_1 + Σ_{i=2..m_h} max(0, a_i))     otherwise
//! ```
//!
//! **Weak duality.** For every feasible plan and all `v >= 0`: value ≤ D(v) = Σ_p c_p·v_p + Σ_h φ_h(v). For give each placement
//! its price: the plan's value is what households earn net of prices, at most Σ φ_h, plus prices collected, at most Σ c_p·v_p.
//! So a plan whose value *equals* D(v) is optimal, whoever made it and however.
//!
//! Pins enter as constants: they take their vacancies and units of the limit, and `D = what the pins earn + D(v) of the rest`.
//!
//! Shares nothing with the solver but the pairs (the scoring function) and the fold of the objective, which is part of the
//! definition. Cost: one pass over all eligible pairs, in parallel; memory: one number per resident.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::instance::{Pair, Terms};
use super::objective::{Fold, Objective};
use super::pairs::{Pairs, Scan};

/// A condition a plan or its prices violate, with the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A resident or posting that does not exist.
    NoSuchPair(Pair),
    PlacedTwice {
        resident: u32,
    },
    NotEligible(Pair),
    Forbidden(Pair),
    OverVacancies {
        posting: u32,
        placed: u64,
        vacancies: u32,
    },
    OverLimit {
        household: u32,
        placed: u64,
        limit: u32,
    },
    PinMissing(Pair),
    WrongNumberOfPrices {
        prices: usize,
        postings: usize,
    },
    NegativePrice {
        posting: u32,
        price: i64,
    },
    /// With these rewards a point could outweigh a household or a promise, or promises a household; `least` is what would do,
    /// its reward of a household beside the promises as claimed.
    RewardsTooSmall {
        claimed: Fold,
        least: Fold,
    },
    /// The rewards do not fit (see [`super::objective::TooLarge`]).
    TooLarge,
    /// The objective claimed is not that of the placements.
    WrongObjective {
        claimed: Objective,
        found: Objective,
    },
    /// The prices leave a gap: a better plan is not ruled out.
    NotProved {
        value: i128,
        bound: i128,
    },
}

impl Violation {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPair(_) => "no_such_pair",
            Self::PlacedTwice { .. } => "placed_twice",
            Self::NotEligible(_) => "not_eligible",
            Self::Forbidden(_) => "forbidden",
            Self::OverVacancies { .. } => "over_vacancies",
            Self::OverLimit { .. } => "over_limit",
            Self::PinMissing(_) => "pin_missing",
            Self::WrongNumberOfPrices { .. } => "wrong_number_of_prices",
            Self::NegativePrice { .. } => "negative_price",
            Self::RewardsTooSmall { .. } => "rewards_too_small",
            Self::TooLarge => "too_large",
            Self::WrongObjective { .. } => "wrong_objective",
            Self::NotProved { .. } => "not_proved",
        }
    }
}

/// A plan that is feasible and proved optimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub objective: Objective,
    pub fold: Fold,
    /// Folded worth of the plan; equal to the bound.
    pub value: i128,
}

/// Checks placements and prices from the instance alone.
///
/// # Errors
/// The first [`Violation`] found: feasibility first, the proof last.
pub fn verify<P: Pairs>(
    terms: &Terms,
    pairs: &P,
    placements: &[Pair],
    prices: &[i64],
    claimed: Option<Objective>,
) -> Result<Proof, Violation> {
    verify_at(terms, pairs, least_fold(terms, pairs)?, placements, prices, claimed)
}

/// [`verify`] with prices that were computed with other rewards than ours; they must be large enough to keep the levels of the
/// objective apart.
///
/// # Errors
/// As [`verify`].
pub fn verify_at<P: Pairs>(
    terms: &Terms,
    pairs: &P,
    fold: Fold,
    placements: &[Pair],
    prices: &[i64],
    claimed: Option<Objective>,
) -> Result<Proof, Violation> {
    let objective = check_plan(terms, pairs, placements)?;
    if let Some(claimed) = claimed.filter(|claimed| *claimed != objective) {
        return Err(Violation::WrongObjective { claimed, found: objective });
    }
    check_fold(terms, pairs, fold)?;
    let (value, bound) = (fold.value(&objective), bound(terms, pairs, fold, prices)?);
    if value == bound { Ok(Proof { objective, fold, value }) } else { Err(Violation::NotProved { value, bound }) }
}

/// Whether rewards keep the levels of the objective apart: a promise is worth more than all points there can be, a household more
/// than all points and, **at the reward claimed for one**, all promises.
fn check_fold<P: Pairs>(terms: &Terms, pairs: &P, fold: Fold) -> Result<(), Violation> {
    let least = least_fold(terms, pairs)?;
    let points = i128::from(terms.most_placed()) * i128::from(pairs.most_suitability());
    let promises = i128::from(fold.kept) * terms.promises().len() as i128;
    let is_apart = i128::from(fold.covered) > points + promises;
    if fold.kept >= least.kept && fold.covered >= least.covered && is_apart {
        return Ok(());
    }
    let covered = i64::try_from(points + promises + 1).unwrap_or(i64::MAX).max(least.covered);
    Err(Violation::RewardsTooSmall { claimed: fold, least: Fold { covered, ..least } })
}

/// The rewards of the instance, computed from its sizes alone.
///
/// # Errors
/// [`Violation::TooLarge`].
pub fn least_fold<P: Pairs>(terms: &Terms, pairs: &P) -> Result<Fold, Violation> {
    let n_promises = terms.promises().len() as u64;
    Fold::new(terms.most_placed(), pairs.most_suitability(), n_promises, terms.most_weight())
        .map_err(|_| Violation::TooLarge)
}

/// The objective of placements, if they are a plan of the instance.
///
/// # Errors
/// The condition they violate.
pub fn check_plan<P: Pairs>(terms: &Terms, pairs: &P, placements: &[Pair]) -> Result<Objective, Violation> {
    let forbidden: HashSet<&Pair> = terms.forbidden().iter().collect();
    let promises: HashSet<&Pair> = terms.promises().iter().collect();
    let mut at_posting = vec![0u64; terms.n_postings()];
    let mut of_household = vec![0u64; terms.households().len()];
    let mut placed = HashMap::new();
    let mut scan = pairs.scan();
    let mut objective = Objective::default();
    for pair in placements {
        let (r, p) = (pair.resident as usize, pair.posting as usize);
        if r >= terms.n_residents() || p >= terms.n_postings() {
            return Err(Violation::NoSuchPair(*pair));
        }
        if placed.insert(pair.resident, pair.posting).is_some() {
            return Err(Violation::PlacedTwice { resident: pair.resident });
        }
        if forbidden.contains(pair) {
            return Err(Violation::Forbidden(*pair));
        }
        let suitability = scan.suitability(r, p).ok_or(Violation::NotEligible(*pair))?;
        objective.suitability += i64::from(suitability);
        objective.kept += i64::from(promises.contains(pair));
        at_posting[p] += 1;
        of_household[terms.household_of()[r] as usize] += 1;
    }
    for (posting, (placed, vacancies)) in (0..).zip(at_posting.iter().zip(terms.vacancies())) {
        if *placed > u64::from(*vacancies) {
            return Err(Violation::OverVacancies { posting, placed: *placed, vacancies: *vacancies });
        }
    }
    for (household, (placed, spec)) in (0..).zip(of_household.iter().zip(terms.households())) {
        if *placed > u64::from(spec.limit) {
            return Err(Violation::OverLimit { household, placed: *placed, limit: spec.limit });
        }
        objective.covered += if *placed > 0 { i64::from(spec.weight) } else { 0 };
    }
    match terms.pins().iter().find(|pin| placed.get(&pin.resident) != Some(&pin.posting)) {
        Some(pin) => Err(Violation::PinMissing(*pin)),
        None => Ok(objective),
    }
}

/// The instance as the bound sees it: the pins taken out.
struct Rest {
    weight: Vec<i64>,
    limit: Vec<u32>,
    vacancies: Vec<u32>,
    pinned: HashSet<u32>,
    earned: Objective,
}

fn take_pins_out<P: Pairs>(terms: &Terms, pairs: &P) -> Result<Rest, Violation> {
    let mut rest = Rest {
        weight: terms.households().iter().map(|h| i64::from(h.weight)).collect(),
        limit: terms.households().iter().map(|h| h.limit).collect(),
        vacancies: terms.vacancies().to_vec(),
        pinned: terms.pins().iter().map(|pin| pin.resident).collect(),
        // Pins alone are a plan, or the instance has none.
        earned: check_plan(terms, pairs, terms.pins())?,
    };
    for pin in terms.pins() {
        let h = terms.household_of()[pin.resident as usize] as usize;
        rest.weight[h] = 0;
        // `check_plan` has shown that there are enough of both.
        rest.limit[h] -= 1;
        rest.vacancies[pin.posting as usize] -= 1;
    }
    Ok(rest)
}

/// D(v): no plan of the instance is worth more.
///
/// # Errors
/// Prices that are not one non-negative integer per posting; pins that are not feasible.
pub fn bound<P: Pairs>(terms: &Terms, pairs: &P, fold: Fold, prices: &[i64]) -> Result<i128, Violation> {
    if prices.len() != terms.n_postings() {
        return Err(Violation::WrongNumberOfPrices { prices: prices.len(), postings: terms.n_postings() });
    }
    if let Some((posting, price)) = (0..).zip(prices).find(|(_, price)| **price < 0) {
        return Err(Violation::NegativePrice { posting, price: *price });
    }
    let rest = take_pins_out(terms, pairs)?;
    let best = best_margins(terms, pairs, prices, fold, &rest);

    let mut margins: Vec<(u32, i128)> =
        (0..).zip(best).filter_map(|(r, best)| Some((terms.household_of()[r as usize], best?))).collect();
    margins.sort_unstable_by_key(|(h, best)| (*h, std::cmp::Reverse(*best)));
    let mut total = fold.value(&rest.earned);
    for (c, v) in rest.vacancies.iter().zip(prices) {
        total += i128::from(*c) * i128::from(*v);
    }
    for members in margins.chunk_by(|a, b| a.0 == b.0) {
        let h = members[0].0 as usize;
        let limit = rest.limit[h] as usize;
        if limit == 0 {
            continue;
        }
        let first = i128::from(fold.covered) * i128::from(rest.weight[h]) + members[0].1;
        let others: i128 = members[1..].iter().take(limit - 1).map(|(_, a)| (*a).max(0)).sum();
        total += (first + others).max(0);
    }
    Ok(total)
}

/// a_r of every resident; `None` for those who are pinned or have no eligible posting.
fn best_margins<P: Pairs>(terms: &Terms, pairs: &P, prices: &[i64], fold: Fold, rest: &Rest) -> Vec<Option<i128>> {
    let forbidden: HashSet<&Pair> = terms.forbidden().iter().collect();
    let promises: HashSet<&Pair> = terms.promises().iter().collect();
    let margin = |scan: &mut P::Scan<'_>, r: usize| {
        let resident = r as u32;
        if rest.pinned.contains(&resident) || rest.limit[terms.household_of()[r] as usize] == 0 {
            return None;
        }
        let promise = |posting| if promises.contains(&Pair { resident, posting }) { fold.kept } else { 0 };
        let best = std::cell::Cell::new(None::<i128>);
        let floor = |p: usize| match best.get() {
            None => 0,
            // A pair must beat the best margin so far; what does not fit an i64 cannot.
            Some(best) => {
                i64::try_from(best + i128::from(prices[p]) - i128::from(promise(p as u32)) + 1).unwrap_or(i64::MAX)
            }
        };
        scan.scan(r, floor, |p, suitability| {
            let posting = p as u32;
            if !forbidden.contains(&Pair { resident, posting }) {
                let a = i128::from(suitability) + i128::from(promise(posting)) - i128::from(prices[p]);
                best.set(Some(best.get().map_or(a, |best| best.max(a))));
            }
        });
        best.get()
    };
    (0..terms.n_residents()).into_par_iter().with_min_len(256).map_init(|| pairs.scan(), margin).collect()
}
