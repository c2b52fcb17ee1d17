//! Who sits where: placements, the occupants of each posting, how many each household has placed.
//!
//! Invariant: the three views agree, and what an [`Occupant`] carries of its household is up to date. A change costs O(members of
//! the household).

use crate::engine::plan::reduce::{NOWHERE, Reduced};

/// A pair the unit of an occupant's household could move to: the occupant's own, or that of a mate at home.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere {
    /// Folded worth of the pair.
    pub worth: i64,
    pub posting: u32,
    pub comer: u32,
}

/// So many pairs elsewhere are kept with an occupant: most looks need no more.
pub const KEPT: usize = 6;

/// Somebody placed, with what a search asks of everybody at a posting it has reached: side by side in memory, since most
/// occupants are only looked at to find that they are of no use.
#[derive(Clone, Copy, Debug)]
pub struct Occupant {
    pub resident: u32,
    n_elsewhere: u32,
    /// Folded worth of the pair.
    pub worth: i64,
    /// What the household loses beside `worth` if this one goes home.
    pub bonus: i64,
    /// No pair elsewhere has a larger margin.
    pub best: i64,
    /// No pair elsewhere that is not kept here has a larger margin. Like `best` it stays true while prices rise and the same
    /// mates are at home; both are [`UNKNOWN`] after a change.
    pub rest: i64,
    elsewhere: [Elsewhere; KEPT],
}

impl Occupant {
    #[inline]
    pub fn elsewhere(&self) -> &[Elsewhere] {
        &self.elsewhere[..self.n_elsewhere as usize]
    }

    pub fn keep(&mut self, best: i64, rest: i64, elsewhere: impl Iterator<Item = Elsewhere>) {
        (self.best, self.rest, self.n_elsewhere) = (best, rest, 0);
        for pair in elsewhere.take(KEPT) {
            self.elsewhere[self.n_elsewhere as usize] = pair;
            self.n_elsewhere += 1;
        }
    }

    fn forget(&mut self) {
        (self.best, self.rest, self.n_elsewhere) = (UNKNOWN, UNKNOWN, 0);
    }
}

/// Larger than any margin, and far enough from overflow to be subtracted.
const UNKNOWN: i64 = i64::MAX / 4;

pub struct Seats<'a> {
    reduced: &'a Reduced,
    /// Per resident the posting, or [`NOWHERE`].
    at: Vec<u32>,
    /// Per resident the place among the occupants of that posting.
    slot: Vec<u32>,
    occupants: Vec<Vec<Occupant>>,
    /// Per household how many are placed.
    placed: Vec<u32>,
}

impl<'a> Seats<'a> {
    pub fn new(reduced: &'a Reduced) -> Self {
        let n_residents = reduced.household_of.len();
        Self {
            reduced,
            at: vec![NOWHERE; n_residents],
            slot: vec![0; n_residents],
            occupants: vec![Vec::new(); reduced.vacancies.len()],
            placed: vec![0; reduced.limit.len()],
        }
    }

    #[inline]
    pub fn at(&self, r: u32) -> u32 {
        self.at[r as usize]
    }

    #[inline]
    pub fn placed(&self, h: u32) -> u32 {
        self.placed[h as usize]
    }

    #[inline]
    pub fn household_of(&self, r: u32) -> u32 {
        self.reduced.household_of[r as usize]
    }

    #[inline]
    pub fn has_room(&self, p: u32) -> bool {
        self.occupants[p as usize].len() < self.reduced.vacancies[p as usize] as usize
    }

    /// More sit here than there are vacancies: only at a start from a plan with more of them.
    pub fn is_over_full(&self, p: u32) -> bool {
        self.occupants[p as usize].len() > self.reduced.vacancies[p as usize] as usize
    }

    #[inline]
    pub fn occupants(&self, p: u32) -> &[Occupant] {
        &self.occupants[p as usize]
    }

    pub fn occupant_mut(&mut self, p: u32, slot: usize) -> &mut Occupant {
        &mut self.occupants[p as usize][slot]
    }

    /// Places `resident`, who is at home, at `p`, which has room; or had, in the plan a start takes over.
    pub fn sit(&mut self, resident: u32, p: u32, worth: i64) {
        debug_assert!(self.at(resident) == NOWHERE);
        self.at[resident as usize] = p;
        let occupants = &mut self.occupants[p as usize];
        self.slot[resident as usize] = occupants.len() as u32;
        let elsewhere = [Elsewhere { worth: 0, posting: NOWHERE, comer: NOWHERE }; KEPT];
        occupants.push(Occupant { resident, n_elsewhere: 0, worth, bonus: 0, best: UNKNOWN, rest: UNKNOWN, elsewhere });
        let h = self.household_of(resident);
        self.placed[h as usize] += 1;
        self.household_changed(h);
    }

    /// Sends `r`, who is placed, home.
    pub fn leave(&mut self, r: u32) {
        let (p, slot) = (self.at[r as usize] as usize, self.slot[r as usize]);
        self.occupants[p].swap_remove(slot as usize);
        if let Some(moved) = self.occupants[p].get(slot as usize) {
            self.slot[moved.resident as usize] = slot;
        }
        self.at[r as usize] = NOWHERE;
        let h = self.household_of(r);
        self.placed[h as usize] -= 1;
        self.household_changed(h);
    }

    fn household_changed(&mut self, h: u32) {
        let bonus = if self.placed[h as usize] == 1 { self.reduced.bonus[h as usize] } else { 0 };
        for r in self.reduced.members.of(h as usize) {
            let p = self.at[*r as usize];
            if p != NOWHERE {
                let occupant = &mut self.occupants[p as usize][self.slot[*r as usize] as usize];
                occupant.bonus = bonus;
                occupant.forget();
            }
        }
    }

    pub fn into_places(self) -> Vec<u32> {
        self.at
    }
}
