//! Who competes with an uncovered household: a Hall violator read off the residual graph.
//!
//! # Definition
//!
//! From household `h` (uncovered, limit above 0) reach every posting that is eligible for a member of it. From a posting
//! reached, look at everybody placed there who is not pinned: reach every posting that is eligible for a member of *their*
//! household. `P` is all that is reached, `H` is `h` with the households placed in `P`.
//!
//! # Theorem
//!
//! In an optimal plan
//!
//! 1. every posting of `P` is full;
//! 2. every household placed in `P` (not pinned there) has exactly one member placed, and weighs at least as much as `h`;
//! 3. so `|H| − 1 = Σ_{p∈P} c_p − (places pinned in P)`, and every eligible pair of every household of `H` leads into `P`: the
//!    households of `H` together have one posting too few, wherever they go. (Hall 1935: they violate the marriage condition.)
//!
//! *Proof.* A posting `q` in `P` was reached through a chain: a member of `h` could take a place at `q₁` if its occupant's household
//! took one at `q₂` instead (the occupant, or a mate in its stead), and so on to `q`. If `q` had a free place, the chain would cover
//! `h` and uncover nobody. If the occupant's household had another member placed, or had weight 0, the occupant could go home, and
//! `h` would be covered for nothing. If it weighed less than `h`, covering `h` instead of it would be the better plan. Points and promises
//! never outweigh coverage, so none of these can be in an optimal plan. 3 follows by counting. ∎
//!
//! The chain never meets a household twice to its harm: a household in `H` has one member placed, and reaching any of its
//! postings a second time reaches nothing new.
//!
//! # Cost
//!
//! A row of bits per posting reached (which postings its occupants' households could go to), made once and shared by all
//! uncovered households; then bit unions. P²/8 bytes at most: 0.5 MB for 2,000 postings.

use std::collections::HashMap;

use super::{NotOptimal, members};
use crate::engine::plan::instance::{Pair, Terms};
use crate::engine::plan::pairs::{Pairs, Scan};
use crate::engine::plan::reduce::{Groups, NOWHERE};

/// Households that can go nowhere but to these postings, and there are more of them than places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competition {
    /// Ascending; all are full.
    pub postings: Vec<u32>,
    /// Their vacancies together.
    pub n_vacancies: u64,
    /// Places among them that pins have taken.
    pub n_pinned: u64,
    /// Households that have one of the other places, one each; ascending.
    pub placed: Vec<u32>,
    /// Uncovered households all of whose eligible postings are among these; ascending.
    pub uncovered: Vec<u32>,
    /// Smallest weight of a household placed here; `None` if none is.
    pub lightest: Option<u32>,
}

/// A statement of a [`Competition`] that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HallFault {
    /// A household of the set has an eligible pair that leads out of it.
    WayOut(Pair),
    /// There are places enough.
    PlacesEnough { households: u64, places: u64 },
    /// The vacancies or pins are not those of the instance.
    WrongPlaces,
}

impl Competition {
    /// Places the households of the set compete for.
    #[must_use]
    pub const fn n_places(&self) -> u64 {
        self.n_vacancies - self.n_pinned
    }

    /// Checks Hall's inequality from the instance alone: the households of the set, more than its places, have no eligible pair
    /// outside it.
    ///
    /// # Errors
    /// The first [`HallFault`] found.
    pub fn check<P: Pairs>(&self, terms: &Terms, pairs: &P) -> Result<(), HallFault> {
        let is_inside = |p: u32| self.postings.binary_search(&p).is_ok();
        let n_vacancies: u64 = self.postings.iter().map(|p| u64::from(terms.vacancies()[*p as usize])).sum();
        let n_pinned = terms.pins().iter().filter(|pin| is_inside(pin.posting)).count() as u64;
        if (n_vacancies, n_pinned) != (self.n_vacancies, self.n_pinned) {
            return Err(HallFault::WrongPlaces);
        }
        let households = (self.placed.len() + self.uncovered.len()) as u64;
        if households <= self.n_places() {
            return Err(HallFault::PlacesEnough { households, places: self.n_places() });
        }
        let members = members(terms);
        let mut scan = pairs.scan();
        for h in self.placed.iter().chain(&self.uncovered) {
            for resident in members.of(*h as usize) {
                let mut way_out = None;
                scan.scan(
                    *resident as usize,
                    |_| 0,
                    |p, _| {
                        let pair = Pair { resident: *resident, posting: p as u32 };
                        if !is_inside(pair.posting) && terms.forbidden().binary_search(&pair).is_err() {
                            way_out = way_out.or(Some(pair));
                        }
                    },
                );
                if let Some(pair) = way_out {
                    return Err(HallFault::WayOut(pair));
                }
            }
        }
        Ok(())
    }
}

type Bits = Box<[u64]>;

fn ones(bits: &[u64]) -> impl Iterator<Item = u32> {
    bits.iter().enumerate().flat_map(|(block, word)| {
        let mut word = *word;
        std::iter::from_fn(move || {
            (word != 0).then(|| {
                let bit = word.trailing_zeros();
                word &= word - 1;
                // A bit of a posting, whose number fits 32 bits.
                block as u32 * 64 + bit
            })
        })
    })
}

/// What a posting's occupants could do instead.
struct Row {
    /// Postings eligible for a member of an occupant's household.
    to: Bits,
    /// Smallest weight that the household of an occupant would lose if the occupant went home; 0 = one can go for nothing.
    lightest: u32,
    has_free_place: bool,
}

/// The residual graph between postings, as far as it has been looked at.
pub(super) struct Reach<'a, P: Pairs + 'a> {
    terms: &'a Terms,
    scan: P::Scan<'a>,
    members: &'a Groups,
    /// Per posting who is placed there, without the pinned.
    occupants: Vec<Vec<u32>>,
    n_pinned: Vec<u32>,
    /// Per household how many are placed, with the pinned.
    n_placed: Vec<u32>,
    /// Per posting its number in `rows`, or [`NOWHERE`] if it has not been looked at.
    row_of: Vec<u32>,
    rows: Vec<Row>,
    /// Competitions by their postings.
    known: HashMap<Bits, usize>,
    found: Vec<(Bits, Competition)>,
    /// Answers by the postings a household starts from.
    by_start: HashMap<Vec<u32>, usize>,
}

impl<'a, P: Pairs + 'a> Reach<'a, P> {
    pub fn new(terms: &'a Terms, pairs: &'a P, placements: &[Pair], members: &'a Groups) -> Self {
        let n_postings = terms.n_postings();
        let mut occupants = vec![Vec::new(); n_postings];
        let mut n_pinned = vec![0; n_postings];
        let mut n_placed = vec![0; terms.households().len()];
        for pair in placements {
            n_placed[terms.household_of()[pair.resident as usize] as usize] += 1;
            if terms.pins().binary_search(pair).is_ok() {
                n_pinned[pair.posting as usize] += 1;
            } else {
                occupants[pair.posting as usize].push(pair.resident);
            }
        }
        Self {
            terms,
            scan: pairs.scan(),
            members,
            occupants,
            n_pinned,
            n_placed,
            row_of: vec![NOWHERE; n_postings],
            rows: Vec::new(),
            known: HashMap::new(),
            found: Vec::new(),
            by_start: HashMap::new(),
        }
    }

    /// The competition of an uncovered household with these eligible postings (ascending, at least one).
    pub fn competition_of(&mut self, household: u32, start: &[u32]) -> Result<usize, NotOptimal> {
        let weight = self.terms.households()[household as usize].weight;
        let known = self.by_start.get(start).copied();
        if let Some(known) = known.filter(|known| self.found[*known].1.lightest.is_none_or(|w| w >= weight)) {
            self.found[known].1.uncovered.push(household);
            return Ok(known);
        }
        let postings = self.close(household, weight, start)?;
        let number = match self.known.get(&postings) {
            Some(number) => *number,
            None => {
                let number = self.found.len();
                self.found.push((postings.clone(), self.competition(&postings)));
                self.known.insert(postings, number);
                number
            }
        };
        self.by_start.insert(start.to_vec(), number);
        self.found[number].1.uncovered.push(household);
        Ok(number)
    }

    /// Everything reached from `start`.
    fn close(&mut self, household: u32, weight: u32, start: &[u32]) -> Result<Bits, NotOptimal> {
        let mut reached: Bits = vec![0; self.terms.n_postings().div_ceil(64)].into();
        let mut to_do: Vec<u32> = start.to_vec();
        for p in start {
            reached[*p as usize / 64] |= 1 << (p % 64);
        }
        while let Some(posting) = to_do.pop() {
            let row = self.row(posting);
            if row.has_free_place {
                return Err(NotOptimal::FreePlace { household, posting });
            }
            if row.lightest < weight {
                return Err(NotOptimal::Dispensable { household, posting });
            }
            for (block, (known, to)) in (0..).zip(reached.iter_mut().zip(&row.to)) {
                let new = to & !*known;
                *known |= new;
                to_do.extend(ones(&[new]).map(|bit| block * 64 + bit));
            }
        }
        Ok(reached)
    }

    fn row(&mut self, posting: u32) -> &Row {
        let p = posting as usize;
        if self.row_of[p] == NOWHERE {
            let row = self.new_row(p);
            self.row_of[p] = self.rows.len() as u32;
            self.rows.push(row);
        }
        &self.rows[self.row_of[p] as usize]
    }

    fn new_row(&mut self, p: usize) -> Row {
        let mut to: Bits = vec![0; self.terms.n_postings().div_ceil(64)].into();
        let mut lightest = u32::MAX;
        for occupant in &self.occupants[p] {
            let h = self.terms.household_of()[*occupant as usize] as usize;
            let weight = if self.n_placed[h] == 1 { self.terms.households()[h].weight } else { 0 };
            lightest = lightest.min(weight);
            // Nobody else of the household is placed or pinned, so all its members could take the occupant's place in the plan.
            for resident in self.members.of(h) {
                self.scan.scan(
                    *resident as usize,
                    |_| 0,
                    |q, _| {
                        let pair = Pair { resident: *resident, posting: q as u32 };
                        if self.terms.forbidden().binary_search(&pair).is_err() {
                            to[q / 64] |= 1 << (q % 64);
                        }
                    },
                );
            }
        }
        let n_taken = self.occupants[p].len() as u64 + u64::from(self.n_pinned[p]);
        Row { to, lightest, has_free_place: n_taken < u64::from(self.terms.vacancies()[p]) }
    }

    fn competition(&self, postings: &[u64]) -> Competition {
        let postings: Vec<u32> = ones(postings).collect();
        let occupants = postings.iter().flat_map(|p| &self.occupants[*p as usize]);
        let mut placed: Vec<u32> = occupants.map(|r| self.terms.household_of()[*r as usize]).collect();
        placed.sort_unstable();
        Competition {
            n_vacancies: postings.iter().map(|p| u64::from(self.terms.vacancies()[*p as usize])).sum(),
            n_pinned: postings.iter().map(|p| u64::from(self.n_pinned[*p as usize])).sum(),
            lightest: placed.iter().map(|h| self.terms.households()[*h as usize].weight).min(),
            postings,
            placed,
            uncovered: Vec::new(),
        }
    }

    /// The sets found, each with every uncovered household that is caught in it: also those whose own set is a part of it.
    pub fn into_competitions(self) -> Vec<Competition> {
        let own: Vec<(Bits, Vec<u32>)> =
            self.found.iter().map(|(postings, found)| (postings.clone(), found.uncovered.clone())).collect();
        let is_part = |part: &[u64], of: &[u64]| part.iter().zip(of).all(|(part, of)| part & !of == 0);
        let mut competitions = Vec::with_capacity(self.found.len());
        for (postings, mut found) in self.found {
            let parts = own.iter().filter(|(part, _)| is_part(part, &postings));
            found.uncovered = parts.flat_map(|(_, uncovered)| uncovered.iter().copied()).collect();
            found.uncovered.sort_unstable();
            competitions.push(found);
        }
        competitions
    }
}
