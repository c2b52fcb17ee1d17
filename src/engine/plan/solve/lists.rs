//! The best postings of each resident, as far as they have been read, and a bound on the rest.
//!
//! Invariant: at the prices of any later moment no pair of `r` that is not listed has a margin (worth − price) above
//! `rest_bound(r)`, because prices only rise. Lists are sorted by the margin they had when they were read, which bounds
//! today's: reading a list can stop as soon as that is too small.

use rayon::prelude::*;

use super::Solver;
use crate::engine::plan::pairs::{Pairs, Scan};
use crate::engine::plan::reduce::Reduced;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Margin when the list was read: today's is not larger.
    pub then: i64,
    pub posting: u32,
    pub suitability: u32,
}

struct List {
    /// By falling `then`, then posting.
    pairs: Box<[Listed]>,
    /// No pair outside the list has a larger margin; `i64::MIN` = there is none outside.
    rest: i64,
    /// The round of prices it was read at.
    read_at: u64,
}

/// Larger than any margin, and far enough from overflow to be subtracted.
const UNREAD: i64 = i64::MAX / 4;

pub struct Lists {
    lists: Vec<List>,
    /// Pairs kept per resident.
    listed: usize,
    /// Best worth of each resident at prices 0; `i64::MIN` = no eligible posting.
    at_first: Vec<i64>,
    /// Counts the changes of prices.
    round: u64,
}

impl Lists {
    /// Reads everybody's list at prices 0, on rayon's current pool.
    pub fn read_all<P: Pairs>(reduced: &Reduced, pairs: &P, listed: usize) -> Self {
        let n_households = reduced.limit.len();
        let mut lists: Vec<List> = Vec::new();
        let prices = vec![0; reduced.vacancies.len()];
        let takes_part: Vec<bool> = {
            let mut takes_part = vec![false; reduced.household_of.len()];
            (0..n_households).flat_map(|h| reduced.members.of(h)).for_each(|r| takes_part[*r as usize] = true);
            takes_part
        };
        (0..reduced.household_of.len())
            .into_par_iter()
            .with_min_len(64)
            .map_init(
                || (pairs.scan(), Vec::new()),
                |(scan, buffer), r| {
                    if takes_part[r] {
                        read(reduced, scan, r, (prices.as_slice(), listed), buffer)
                    } else {
                        (Box::default(), i64::MIN)
                    }
                },
            )
            .map(|(pairs, rest)| List { pairs, rest, read_at: 0 })
            .collect_into_vec(&mut lists);
        let at_first = lists.iter().map(|list| list.pairs.first().map_or(i64::MIN, |pair| pair.then)).collect();
        Self { lists, listed, at_first, round: 0 }
    }

    /// Nothing is read yet: every list is read at the prices of the moment it is first asked for.
    pub fn unread(n_residents: usize, listed: usize) -> Self {
        let unread = || List { pairs: Box::default(), rest: UNREAD, read_at: u64::MAX };
        let lists = std::iter::repeat_with(unread).take(n_residents).collect();
        Self { lists, listed, at_first: Vec::new(), round: 0 }
    }

    #[inline]
    pub fn of(&self, r: u32) -> &[Listed] {
        &self.lists[r as usize].pairs
    }

    /// No unlisted pair of `r` has a larger margin; `None` if all are listed.
    #[inline]
    pub fn rest_bound(&self, r: u32) -> Option<i64> {
        let rest = self.lists[r as usize].rest;
        (rest > i64::MIN).then_some(rest)
    }

    /// Sorts the list of `r` anew by the margins of today, so that it can be left sooner.
    pub fn rank_again(&mut self, r: u32, margin: impl Fn(&Listed) -> i64) {
        let pairs = &mut self.lists[r as usize].pairs;
        pairs.iter_mut().for_each(|pair| pair.then = margin(pair));
        pairs.sort_unstable_by_key(order);
    }

    /// Whether prices are still those at which the list was read.
    #[inline]
    pub fn is_fresh(&self, r: u32) -> bool {
        self.lists[r as usize].read_at == self.round
    }

    pub fn prices_changed(&mut self) {
        self.round += 1;
    }

    /// The best worth of any pair of `r`; `None` if it has none.
    pub fn best_at_first(&self, r: u32) -> Option<i64> {
        let best = self.at_first[r as usize];
        (best > i64::MIN).then_some(best)
    }
}

/// By falling margin, then posting.
fn order(pair: &Listed) -> (std::cmp::Reverse<i64>, u32) {
    (std::cmp::Reverse(pair.then), pair.posting)
}

/// The `listed` pairs of `r` with the largest margins at `prices` (ties: lower posting), and the bound on the others.
fn read<S: Scan>(
    reduced: &Reduced,
    scan: &mut S,
    r: usize,
    (prices, listed): (&[i64], usize),
    buffer: &mut Vec<Listed>,
) -> (Box<[Listed]>, i64) {
    buffer.clear();
    let floor = std::cell::Cell::new(i64::MIN);
    reduced.scan(
        scan,
        r,
        |p| if floor.get() == i64::MIN { 0 } else { floor.get() + prices[p] },
        |posting, suitability, worth| {
            let then = worth - prices[posting as usize];
            if then < floor.get() {
                return;
            }
            buffer.push(Listed { then, posting, suitability });
            if buffer.len() == 2 * listed {
                buffer.select_nth_unstable_by_key(listed, order);
                buffer.truncate(listed);
                floor.set(buffer.iter().map(|pair| pair.then).min().unwrap_or(i64::MIN));
            }
        },
    );
    let is_cut = buffer.len() > listed || floor.get() > i64::MIN;
    buffer.sort_unstable_by_key(order);
    buffer.truncate(listed);
    let rest = if is_cut { buffer.last().map_or(i64::MIN, |pair| pair.then) } else { i64::MIN };
    (buffer.as_slice().into(), rest)
}

impl<S: Scan> Solver<'_, S> {
    /// Reads the pairs of `r` again at today's prices.
    pub(super) fn read_again(&mut self, r: u32) {
        self.effort.priced += 1;
        let mut buffer = std::mem::take(&mut self.search.buffer);
        let (pairs, rest) =
            read(self.reduced, &mut self.scan, r as usize, (self.prices.as_slice(), self.lists.listed), &mut buffer);
        self.search.buffer = buffer;
        self.lists.lists[r as usize] = List { pairs, rest, read_at: self.lists.round };
    }

    /// a_r: the largest margin of any eligible pair of `r` at today's prices; `None` if it has no eligible pair.
    pub(super) fn best_margin(&mut self, r: u32) -> Option<i64> {
        loop {
            let mut best = None;
            for pair in self.lists.of(r) {
                if best.is_some_and(|best| pair.then <= best) {
                    break;
                }
                let margin = self.worth(r, pair.posting, pair.suitability) - self.prices[pair.posting as usize];
                best = best.max(Some(margin));
            }
            if self.lists.rest_bound(r) <= best || self.lists.is_fresh(r) {
                return best;
            }
            self.read_again(r);
        }
    }
}
