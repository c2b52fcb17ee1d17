//! The problem that is left when the pins are applied: what the solver works on.
//!
//! A pin takes one vacancy and one unit of its household's limit, earns its suitability (and the promise, if it keeps one)
//! and covers its household. A pin that is impossible is refused by name; nothing is half applied. The residents who
//! are pinned, and those whose household may not place anybody, take no part in what is left.

use std::fmt;

use super::instance::{Pair, Terms};
use super::objective::{Fold, Objective, TooLarge};
use super::pairs::{Pairs, Scan};

/// No posting: a resident without one, a promise that was not made.
pub const NOWHERE: u32 = u32::MAX;

/// Why a pinned pair cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinFault {
    /// A gate bars the pair, or it is not listed.
    NotEligible,
    /// The pair is pinned and forbidden.
    Forbidden,
    /// The resident is pinned to another posting, too.
    SecondPin,
    /// More are pinned to the posting than it has vacancies.
    NoVacancy,
    /// More members are pinned than the household's limit allows.
    OverLimit,
}

/// Why an instance is not planned at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Pin { pair: Pair, fault: PinFault },
    TooLarge(TooLarge),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pin { pair, fault } => {
                let why = match fault {
                    PinFault::NotEligible => "the pair is not eligible",
                    PinFault::Forbidden => "the pair is forbidden, too",
                    PinFault::SecondPin => "the resident is pinned to another posting, too",
                    PinFault::NoVacancy => "the posting has fewer vacancies than pins",
                    PinFault::OverLimit => "the household's limit allows fewer placements than pins",
                };
                write!(f, "resident {} cannot be pinned to posting {}: {why}", pair.resident, pair.posting)
            }
            Self::TooLarge(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}

/// Lists of lists in two vectors: `items[from[i]..from[i + 1]]` is list `i`.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    from: Vec<u32>,
    items: Vec<u32>,
}

impl Groups {
    /// Groups items by the list each belongs to, keeping their order.
    pub fn new(n_groups: usize, items: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut from = vec![0u32; n_groups + 1];
        for (group, _) in items.clone() {
            from[group as usize + 1] += 1;
        }
        for group in 0..n_groups {
            from[group + 1] += from[group];
        }
        let mut next = from.clone();
        let mut grouped = vec![0; from[n_groups] as usize];
        for (group, item) in items {
            grouped[next[group as usize] as usize] = item;
            next[group as usize] += 1;
        }
        Self { from, items: grouped }
    }

    /// Items in all lists together.
    pub fn n_items(&self) -> usize {
        self.items.len()
    }

    #[inline]
    pub fn of(&self, group: usize) -> &[u32] {
        &self.items[self.from[group] as usize..self.from[group + 1] as usize]
    }
}

/// The instance without its pins, in the solver's terms.
pub(super) struct Reduced {
    pub fold: Fold,
    /// Folded reward for the first placement of each household: `B · w_h`, 0 where it is covered.
    pub bonus: Vec<i64>,
    /// How many members of each household may still be placed.
    pub limit: Vec<u32>,
    pub household_of: Vec<u32>,
    /// Per household the residents who take part.
    pub members: Groups,
    /// Vacancies the pins leave.
    pub vacancies: Vec<u32>,
    /// Per resident the posting promised, or [`NOWHERE`].
    pub promised: Vec<u32>,
    forbidden: Groups,
    /// Per resident the pinned posting, or [`NOWHERE`].
    pub pinned: Vec<u32>,
    /// What the pins earn.
    pub earned: Objective,
}

impl Reduced {
    pub fn new<P: Pairs>(terms: &Terms, pairs: &P) -> Result<Self, Refusal> {
        let (n_residents, n_postings) = (terms.n_residents(), terms.n_postings());
        let n_promises = terms.promises().len() as u64;
        let fold = Fold::new(terms.most_placed(), pairs.most_suitability(), n_promises, terms.most_weight())
            .map_err(Refusal::TooLarge)?;
        let mut promised = vec![NOWHERE; n_residents];
        for promise in terms.promises() {
            promised[promise.resident as usize] = promise.posting;
        }
        let mut reduced = Self {
            fold,
            bonus: terms.households().iter().map(|h| fold.covered * i64::from(h.weight)).collect(),
            limit: terms.households().iter().map(|h| h.limit).collect(),
            household_of: terms.household_of().to_vec(),
            members: Groups::default(),
            vacancies: terms.vacancies().to_vec(),
            promised,
            forbidden: Groups::new(n_residents, terms.forbidden().iter().map(|pair| (pair.resident, pair.posting))),
            pinned: vec![NOWHERE; n_residents],
            earned: Objective::default(),
        };
        reduced.apply_pins(terms, pairs)?;
        let taking_part = |r: &usize| {
            reduced.pinned[*r] == NOWHERE && reduced.limit[reduced.household_of[*r] as usize] > 0 && n_postings > 0
        };
        let members = (0..n_residents).filter(taking_part).map(|r| (reduced.household_of[r], r as u32));
        reduced.members = Groups::new(terms.households().len(), members);
        Ok(reduced)
    }

    fn apply_pins<P: Pairs>(&mut self, terms: &Terms, pairs: &P) -> Result<(), Refusal> {
        let mut scan = pairs.scan();
        for pair in terms.pins() {
            let (r, p) = (pair.resident as usize, pair.posting as usize);
            let h = self.household_of[r] as usize;
            let refused = |fault| Err(Refusal::Pin { pair: *pair, fault });
            if self.forbidden.of(r).contains(&pair.posting) {
                return refused(PinFault::Forbidden);
            }
            let Some(suitability) = scan.suitability(r, p) else { return refused(PinFault::NotEligible) };
            if self.pinned[r] != NOWHERE {
                return refused(PinFault::SecondPin);
            }
            if self.vacancies[p] == 0 {
                return refused(PinFault::NoVacancy);
            }
            if self.limit[h] == 0 {
                return refused(PinFault::OverLimit);
            }
            self.pinned[r] = pair.posting;
            self.vacancies[p] -= 1;
            self.limit[h] -= 1;
            self.earned.suitability += i64::from(suitability);
            self.earned.kept += i64::from(self.promised[r] == pair.posting);
            if self.bonus[h] > 0 {
                self.bonus[h] = 0;
                self.earned.covered += i64::from(terms.households()[h].weight);
            }
        }
        Ok(())
    }

    /// Reads the pairs of resident `r` that are not forbidden: posting, suitability and folded worth (with the promise).
    /// Pairs worth less than `floor` may be left out.
    pub fn scan<S: Scan>(
        &self,
        scan: &mut S,
        r: usize,
        mut floor: impl FnMut(usize) -> i64,
        mut visit: impl FnMut(u32, u32, i64),
    ) {
        let forbidden = self.forbidden.of(r);
        scan.scan(
            r,
            |p| floor(p) - self.promise(r, p as u32),
            |p, suitability| {
                let p = p as u32;
                if forbidden.is_empty() || !forbidden.contains(&p) {
                    visit(p, suitability, i64::from(suitability) + self.promise(r, p));
                }
            },
        );
    }

    /// What placing `r` at `p` earns for keeping a promise.
    #[inline]
    pub fn promise(&self, r: usize, p: u32) -> i64 {
        if self.promised[r] == p { self.fold.kept } else { 0 }
    }
}
