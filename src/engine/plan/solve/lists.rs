//! The best postings of each resident, as far as they have been read, and a bound on the rest.
//!
//! Invariant: at the prices of any later moment no pair of `r` that is not listed has a margin (worth − price) above
//! `rest_bound(r)`, because prices only rise. Lists are sorted by a margin they once had, which bounds today's: reading a list
//! can stop as soon as that is too small.
//!
//! A list that has to be read again was too short, so it becomes [`GROWTH`] times as long, until all pairs of the resident are listed
//! and nothing is left to read: those whose best postings become dear get long lists, the others keep short ones.
//! [`Tuning::held`] bounds the growth; beyond it lists are read again as often as they are asked for.

use std::cell::Cell;

use rayon::prelude::*;

use super::{Solver, Tuning};
use crate::engine::plan::pairs::{Pairs, Scan};
use crate::engine::plan::reduce::Reduced;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Margin when the list was read or ranked: today's is not larger.
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
/// Smaller than any margin, and far enough from overflow to be subtracted.
pub const ANY: i64 = i64::MIN / 4;
/// A list that is read again may become so many times as long.
pub const GROWTH: usize = 4;

pub struct Lists {
    lists: Vec<List>,
    /// Pairs in all lists together.
    held: usize,
    tuning: Tuning,
    /// Counts the changes of prices.
    round: u64,
}

impl Lists {
    /// Nothing is read yet: every list is read at the prices of the moment it is first asked for.
    pub fn unread(n_residents: usize, tuning: Tuning) -> Self {
        let unread = || List { pairs: Box::default(), rest: UNREAD, read_at: u64::MAX };
        let lists = std::iter::repeat_with(unread).take(n_residents).collect();
        Self { lists, held: 0, tuning, round: 0 }
    }

    fn replace(&mut self, r: u32, list: List) {
        self.held += list.pairs.len();
        let old = std::mem::replace(&mut self.lists[r as usize], list);
        self.held -= old.pairs.len();
    }

    /// How long the list of `r` may become when it is read again.
    fn length(&self, r: u32) -> usize {
        let length = self.of(r).len();
        let fits = self.held + (GROWTH - 1) * length <= self.tuning.held;
        self.tuning.listed.max(1).max(if fits { GROWTH * length } else { length })
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

    /// The largest margin among the listed pairs of `r` when they were read.
    pub fn best_then(&self, r: u32) -> Option<i64> {
        self.of(r).first().map(|pair| pair.then)
    }

    /// Gives the first `n` pairs of the list of `r` the margins of today and lets them sink to where they belong, so that the list can
    /// be left sooner. Costs sorting these and one step per pair that they sink below.
    pub fn rank_again(&mut self, r: u32, n: usize, buffer: &mut Vec<Listed>, margin: impl Fn(&Listed) -> i64) {
        let pairs = &mut self.lists[r as usize].pairs;
        buffer.clear();
        buffer.extend(pairs[..n].iter().map(|pair| Listed { then: margin(pair), ..*pair }));
        buffer.sort_unstable_by_key(order);
        let (mut to, mut tail) = (0, n);
        for sinking in buffer.iter() {
            while tail < pairs.len() && order(&pairs[tail]) < order(sinking) {
                pairs[to] = pairs[tail];
                (to, tail) = (to + 1, tail + 1);
            }
            pairs[to] = *sinking;
            to += 1;
        }
    }

    /// Whether prices are still those at which the list was read.
    #[inline]
    pub fn is_fresh(&self, r: u32) -> bool {
        self.lists[r as usize].read_at == self.round
    }

    pub fn prices_changed(&mut self) {
        self.round += 1;
    }
}

/// By falling margin, then posting.
fn order(pair: &Listed) -> (std::cmp::Reverse<i64>, u32) {
    (std::cmp::Reverse(pair.then), pair.posting)
}

/// What a list is to hold: at most `listed` pairs, with margins at `prices` above `floor`.
struct Wanted<'p> {
    prices: &'p [i64],
    listed: usize,
    floor: i64,
}

/// The wanted pairs of `r` with the largest margins (ties: lower posting), and the bound on the others.
fn read<S: Scan>(
    reduced: &Reduced,
    scan: &mut S,
    r: u32,
    wanted: &Wanted,
    buffer: &mut Vec<Listed>,
) -> (Box<[Listed]>, i64) {
    let &Wanted { prices, listed, floor } = wanted;
    buffer.clear();
    let lowest = Cell::new(floor);
    reduced.scan(
        scan,
        r as usize,
        |p| lowest.get() + prices[p] + 1,
        |posting, suitability, worth| {
            let then = worth - prices[posting as usize];
            if then <= lowest.get() {
                return;
            }
            buffer.push(Listed { then, posting, suitability });
            if buffer.len() / 2 == listed {
                buffer.select_nth_unstable_by_key(listed, order);
                buffer.truncate(listed);
                // Of equal pairs those at later postings, which are still to come, would not be kept.
                lowest.set(buffer.iter().map(|pair| pair.then).min().unwrap_or(floor));
            }
        },
    );
    let is_cut = buffer.len() > listed || lowest.get() > floor;
    buffer.sort_unstable_by_key(order);
    buffer.truncate(listed);
    let rest = match buffer.last() {
        Some(last) if is_cut => last.then,
        _ if floor > ANY => floor,
        _ => i64::MIN,
    };
    (buffer.as_slice().into(), rest)
}

impl<S: Scan> Solver<'_, S> {
    /// Lists the pairs of each resident named, at today's prices and on rayon's current pool; those with margins of at most the floor
    /// beside the name stay unlisted.
    pub(super) fn read_many<P: Pairs>(&mut self, pairs: &P, mut wanted: Vec<(u32, i64)>) {
        wanted.sort_unstable();
        self.effort.listed += wanted.len() as u64;
        let (reduced, prices, lists) = (self.reduced, self.prices.as_slice(), &mut self.lists);
        let (round, listed) = (lists.round, lists.tuning.listed.max(1));
        let mut read_now: Vec<List> = Vec::new();
        wanted
            .par_iter()
            .with_min_len(64)
            .map_init(
                || (pairs.scan(), Vec::new()),
                |(scan, buffer), (r, floor)| {
                    let (pairs, rest) = read(reduced, scan, *r, &Wanted { prices, listed, floor: *floor }, buffer);
                    List { pairs, rest, read_at: round }
                },
            )
            .collect_into_vec(&mut read_now);
        for ((r, _), list) in wanted.iter().zip(read_now) {
            lists.replace(*r, list);
        }
    }

    /// Reads the pairs of `r` again at today's prices; those with margins of at most `floor` stay unlisted.
    pub(super) fn read_again(&mut self, r: u32, floor: i64) {
        self.effort.priced += 1;
        let mut buffer = std::mem::take(&mut self.search.buffer);
        let wanted = Wanted { prices: &self.prices, listed: self.lists.length(r), floor };
        let (pairs, rest) = read(self.reduced, &mut self.scan, r, &wanted, &mut buffer);
        self.search.buffer = buffer;
        let read_at = self.lists.round;
        self.lists.replace(r, List { pairs, rest, read_at });
    }

    /// The largest of `floor` and the margins of the listed pairs of `r` at today's prices.
    pub(super) fn best_listed(&self, r: u32, floor: i64) -> i64 {
        let mut best = floor;
        for pair in self.lists.of(r) {
            if pair.then <= best {
                break;
            }
            best = best.max(self.worth(r, pair.posting, pair.suitability) - self.prices[pair.posting as usize]);
        }
        best
    }

    /// Whether an unlisted pair of `r` may have a margin above `floor` and those of all listed ones.
    pub(super) fn is_short(&self, r: u32, floor: i64) -> bool {
        self.lists.rest_bound(r) > Some(self.best_listed(r, floor))
    }

    /// a_r, the largest margin of any eligible pair of `r` at today's prices, if it is above `floor`.
    pub(super) fn best_margin(&mut self, r: u32, floor: i64) -> Option<i64> {
        while self.is_short(r, floor) {
            self.read_again(r, floor);
        }
        let best = self.best_listed(r, floor);
        (best > floor).then_some(best)
    }
}
