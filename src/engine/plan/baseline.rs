//! What people do without a planner: three greedy plans on the same instance, so that a plan's gain is a measured number.
//!
//! All three respect every constraint and apply the pins first; they differ in whom they serve next. They look at suitability
//! alone: a rule of thumb knows no promises, and one that did would copy the optimum it is measured against. What their
//! placements happen to keep counts as kept ([`super::certificate::check_plan`]).
//!
//! # Without the list of all pairs
//!
//! "The best pair next" asks for all pairs in order. But places only ever fill up, so the best pair a resident still has only ever gets worse: it is
//! enough to hold each resident's few best postings, and a heap with the best of each. A pair that is taken from the heap and is still
//! possible is the best of all; one whose posting is full gives way to the resident's next. When a short list is used up, the resident's
//! pairs are read again, without full postings, for a list twice as long (up to [`MOST_HELD`]).
//!
//! Cost: one parallel pass over the pairs, shared by the three; then a pass of a single resident per list used up, at most
//! `log2(MOST_HELD / FIRST_HELD) + n_postings / MOST_HELD` for each. Memory: at most [`MOST_HELD`] pairs of 8 bytes a resident, in a town
//! hardly more than [`FIRST_HELD`].

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::instance::{Pair, Terms};
use super::pairs::Pairs;
use super::reduce::{NOWHERE, Reduced, Refusal};

/// Postings first held of each resident. Most residents are placed, or all places gone, before they have asked at so many.
const FIRST_HELD: u32 = 8;
/// Postings held of a resident at most: 1 KiB.
const MOST_HELD: u32 = 128;

/// Which rule of thumb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Baseline {
    /// The best pair of all next, again and again: what ranking by suitability does.
    ScoreGreedy,
    /// The best pair that covers a household next; when none is left, the best pair of all.
    HouseholdGreedy,
    /// Residents in the order they stand in the ledger, each to the best posting with a place left.
    FirstCome,
}

impl Baseline {
    pub const ALL: [Self; 3] = [Self::ScoreGreedy, Self::HouseholdGreedy, Self::FirstCome];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ScoreGreedy => "score_greedy",
            Self::HouseholdGreedy => "household_greedy",
            Self::FirstCome => "first_come",
        }
    }
}

/// A resident's best postings: suitability and posting, the best last.
#[derive(Clone, Debug, Default)]
struct Best {
    held: Vec<(u32, Reverse<u32>)>,
    /// So many may be held next time; 0 if `held` are all there are.
    more: u32,
}

impl Best {
    /// The `most` best postings of resident `r` that have a place left; of equally suitable ones those of smaller index.
    fn of<P: Pairs>(reduced: &Reduced, left: &[u32], scan: &mut P::Scan<'_>, r: u32, most: u32) -> Self {
        let keep = most as usize;
        let mut held: Vec<(u32, Reverse<u32>)> = Vec::with_capacity(2 * keep);
        let mut is_all = true;
        // Postings come by index, so one must be better than the last of those kept, not as good.
        let at_least = Cell::new(0);
        let floor = |p: usize| if left[p] == 0 { i64::MAX } else { at_least.get() };
        reduced.scan(scan, r as usize, floor, |p, suitability, _| {
            if left[p as usize] == 0 || i64::from(suitability) < at_least.get() {
                return;
            }
            held.push((suitability, Reverse(p)));
            if held.len() == 2 * keep {
                held.select_nth_unstable_by(keep - 1, |a, b| b.cmp(a));
                at_least.set(i64::from(held[keep - 1].0) + 1);
                held.truncate(keep);
                is_all = false;
            }
        });
        held.sort_unstable();
        if held.len() > keep {
            is_all = false;
            held.drain(..held.len() - keep);
        }
        held.shrink_to_fit();
        Self { held, more: if is_all { 0 } else { (2 * most).min(MOST_HELD) } }
    }
}

/// Who sits where while a rule is followed.
struct Desk<'a, P: Pairs + 'a> {
    reduced: &'a Reduced,
    scan: P::Scan<'a>,
    best: Vec<Best>,
    at: Vec<u32>,
    left: Vec<u32>,
    n_left: u64,
    placed: Vec<u32>,
}

impl<'a, P: Pairs> Desk<'a, P> {
    fn new(reduced: &'a Reduced, pairs: &'a P, best: Vec<Best>) -> Self {
        Self {
            reduced,
            scan: pairs.scan(),
            at: vec![NOWHERE; best.len()],
            best,
            left: reduced.vacancies.clone(),
            n_left: reduced.vacancies.iter().map(|c| u64::from(*c)).sum(),
            placed: vec![0; reduced.limit.len()],
        }
    }

    fn may_place(&self, r: u32) -> bool {
        let h = self.reduced.household_of[r as usize] as usize;
        self.at[r as usize] == NOWHERE && self.placed[h] < self.reduced.limit[h]
    }

    fn would_cover(&self, r: u32) -> bool {
        let h = self.reduced.household_of[r as usize] as usize;
        self.reduced.bonus[h] > 0 && self.placed[h] == 0
    }

    fn place(&mut self, r: u32, p: u32) {
        self.at[r as usize] = p;
        self.left[p as usize] -= 1;
        self.n_left -= 1;
        self.placed[self.reduced.household_of[r as usize] as usize] += 1;
    }

    /// The best pair of resident `r` whose posting has a place left.
    fn best(&mut self, r: u32) -> Option<(u32, Reverse<u32>)> {
        loop {
            let best = &mut self.best[r as usize];
            while let Some(next) = best.held.last() {
                if self.left[next.1.0 as usize] > 0 {
                    return Some(*next);
                }
                best.held.pop();
            }
            if best.more == 0 {
                return None;
            }
            *best = Best::of::<P>(self.reduced, &self.left, &mut self.scan, r, best.more);
        }
    }

    /// Places the best pair of all, again and again, among the residents that `serves` names.
    fn greedily(&mut self, taking_part: &[u32], serves: impl Fn(&Self, u32) -> bool) {
        let mut heap: BinaryHeap<(u32, Reverse<u32>, Reverse<u32>)> = BinaryHeap::new();
        for r in taking_part {
            if self.n_left > 0
                && self.may_place(*r)
                && serves(self, *r)
                && let Some((suitability, p)) = self.best(*r)
            {
                heap.push((suitability, Reverse(*r), p));
            }
        }
        while self.n_left > 0
            && let Some((_, Reverse(r), Reverse(p))) = heap.pop()
        {
            if !self.may_place(r) || !serves(self, r) {
                continue;
            }
            if self.left[p as usize] > 0 {
                self.place(r, p);
            } else if let Some((suitability, p)) = self.best(r) {
                heap.push((suitability, Reverse(r), p));
            }
        }
    }

    fn follow(&mut self, rule: Baseline, taking_part: &[u32]) {
        match rule {
            Baseline::ScoreGreedy => self.greedily(taking_part, |_, _| true),
            Baseline::HouseholdGreedy => {
                self.greedily(taking_part, Self::would_cover);
                self.greedily(taking_part, |_, _| true);
            }
            Baseline::FirstCome => {
                for r in taking_part {
                    if self.n_left > 0
                        && self.may_place(*r)
                        && let Some((_, Reverse(p))) = self.best(*r)
                    {
                        self.place(*r, p);
                    }
                }
            }
        }
    }
}

/// The plans the rules of thumb make, pins included, by resident; in the order of [`Baseline::ALL`].
///
/// # Errors
/// As [`super::plan`]: pins that cannot be kept, numbers that do not fit.
pub fn baselines<P: Pairs>(terms: &Terms, pairs: &P) -> Result<[(Baseline, Vec<Pair>); 3], Refusal> {
    let reduced = Reduced::new(terms, pairs)?;
    let mut taking_part: Vec<u32> =
        (0..terms.households().len()).flat_map(|h| reduced.members.of(h).iter().copied()).collect();
    taking_part.sort_unstable();
    let best_of =
        |scan: &mut P::Scan<'_>, r: u32| (r, Best::of::<P>(&reduced, &reduced.vacancies, scan, r, FIRST_HELD));
    let found: Vec<(u32, Best)> =
        taking_part.par_iter().with_min_len(256).map_init(|| pairs.scan(), |scan, r| best_of(scan, *r)).collect();
    let mut best = vec![Best::default(); terms.n_residents()];
    found.into_iter().for_each(|(r, of_r)| best[r as usize] = of_r);

    Ok(Baseline::ALL.map(|rule| {
        let mut desk = Desk::new(&reduced, pairs, best.clone());
        desk.follow(rule, &taking_part);
        let placements = (0..).zip(reduced.pinned.iter().zip(desk.at)).filter_map(|(resident, (pinned, at))| {
            let posting = if *pinned == NOWHERE { at } else { *pinned };
            (posting != NOWHERE).then_some(Pair { resident, posting })
        });
        (rule, placements.collect())
    }))
}
