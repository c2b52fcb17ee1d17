//! Which postings for this person, which people for this posting, and both for everybody: exact best-k lists.
//!
//! Order is total: score descending, then the weight of what is known descending (a pair of which little is known does not
//! lead others of its score), then id ascending; for a posting, members of uncovered households may come first. The
//! result is a function of the snapshot and `k` alone: every list is made by one thread, or merged by that order. Cost:
//! one pass over the pairs; pairs that cannot reach a list are skipped by an upper bound (see [`Scanner::scan`]).

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::gates::GATES;
use super::profile::{Barred, Scanner, Scored, Snapshot};

/// How the candidates of a posting are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Members of uncovered households first, then by suitability: for counselors.
    HouseholdFirst,
    /// By suitability alone: for companies, to whom need must not leak through the order.
    Pure,
}

/// A posting proposed to a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Index of the posting.
    pub posting: usize,
    pub score: u16,
}

/// A resident proposed to a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index of the resident.
    pub resident: usize,
    pub score: u16,
    pub household_uncovered: bool,
}

/// The best postings for one resident, and what became of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForResident {
    pub best: Vec<Proposal>,
    pub n_postings: u64,
    pub n_eligible: u64,
    pub barred: Barred,
}

/// The best residents for one posting, and what became of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForPosting {
    pub order: Order,
    pub best: Vec<Candidate>,
    pub n_residents: u64,
    pub n_eligible: u64,
    pub barred: Barred,
}

/// The best postings for every resident, by resident index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForAll {
    pub best: Vec<Vec<Proposal>>,
    pub n_pairs: u64,
    pub n_eligible: u64,
}

/// Best-k of a stream under a total order; the worst kept entry is on top of the heap.
struct Best<K: Ord> {
    k: usize,
    heap: BinaryHeap<Reverse<K>>,
}

impl<K: Ord> Best<K> {
    fn new(k: usize) -> Self {
        Self { k, heap: BinaryHeap::with_capacity(k.min(1_024) + 1) }
    }

    /// Offers an entry; the worst kept one, once `k` are kept.
    fn offer(&mut self, key: K) -> Option<&K> {
        if self.heap.len() < self.k {
            self.heap.push(Reverse(key));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && key > worst.0
        {
            *worst = Reverse(key);
        }
        if self.heap.len() < self.k { None } else { self.heap.peek().map(|worst| &worst.0) }
    }

    /// Best first.
    fn into_sorted(self) -> impl Iterator<Item = K> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(key)| key)
    }
}

/// (score and known weight, lower id is better, index).
type ProposalKey = (Scored, Reverse<i64>, u32);

fn best_for_resident(scanner: &mut Scanner, snapshot: &Snapshot, r: usize, k: usize) -> (Vec<Proposal>, u64) {
    if k == 0 {
        return (Vec::new(), scanner.scan(r, |_| u16::MAX, |_, _| {}));
    }
    let floor = Cell::new(0);
    let mut best: Best<ProposalKey> = Best::new(k);
    let n_eligible = scanner.scan_scored(
        r,
        |_| floor.get(),
        |p, scored| {
            if scored.points >= floor.get()
                && let Some(worst) = best.offer((scored, Reverse(snapshot.postings()[p].id), p as u32))
            {
                // Equal scores still come: more may be known of them.
                floor.set(worst.0.points);
            }
        },
    );
    (
        best.into_sorted().map(|(scored, _, p)| Proposal { posting: p as usize, score: scored.points }).collect(),
        n_eligible,
    )
}

/// The best `k` postings for resident `r` (an index).
///
/// # Panics
/// If `r` is out of range.
#[must_use]
pub fn recommend_for_resident(snapshot: &Snapshot, r: usize, k: usize) -> ForResident {
    let mut scanner = snapshot.scanner();
    let (best, n_eligible) = best_for_resident(&mut scanner, snapshot, r, k);
    ForResident { best, n_postings: snapshot.postings().len() as u64, n_eligible, barred: scanner.count_barred(r) }
}

/// The best `k` postings for every resident, on rayon's current pool.
#[must_use]
pub fn recommend_all(snapshot: &Snapshot, k: usize) -> ForAll {
    let lists: Vec<(Vec<Proposal>, u64)> = (0..snapshot.residents().len())
        .into_par_iter()
        .with_min_len(BLOCK)
        .map_init(|| snapshot.scanner(), |scanner, r| best_for_resident(scanner, snapshot, r, k))
        .collect();
    let n_eligible = lists.iter().map(|(_, n)| n).sum();
    ForAll {
        best: lists.into_iter().map(|(best, _)| best).collect(),
        n_pairs: snapshot.residents().len() as u64 * snapshot.postings().len() as u64,
        n_eligible,
    }
}

/// Residents one thread takes at a time.
const BLOCK: usize = 64;

/// (member of an uncovered household where that leads, score and known weight, lower id is better, index).
type CandidateKey = (bool, Scored, Reverse<i64>, u32);

struct Part {
    best: Best<CandidateKey>,
    n_eligible: u64,
    barred: Barred,
}

impl Part {
    fn new(k: usize) -> Self {
        Self { best: Best::new(k), n_eligible: 0, barred: Barred::default() }
    }

    fn merge(mut self, other: Self) -> Self {
        for Reverse(key) in other.best.heap {
            self.best.offer(key);
        }
        self.n_eligible += other.n_eligible;
        self.barred.add(&other.barred);
        self
    }

    fn take(mut self, snapshot: &Snapshot, r: usize, p: usize, order: Order) -> Self {
        let mut open = true;
        for spec in &GATES {
            if !snapshot.passes(spec.gate, r, p) {
                self.barred.any[spec.gate.index()] += 1;
                self.barred.first[spec.gate.index()] += u64::from(open);
                open = false;
            }
        }
        if let Some(scored) = open.then(|| snapshot.points(r, p)) {
            self.n_eligible += 1;
            let leads = order == Order::HouseholdFirst && snapshot.household_of(r).uncovered;
            self.best.offer((leads, scored, Reverse(snapshot.residents()[r].id), r as u32));
        }
        self
    }
}

/// The best `k` residents for posting `p` (an index), on rayon's current pool.
///
/// # Panics
/// If `p` is out of range.
#[must_use]
pub fn recommend_for_posting(snapshot: &Snapshot, p: usize, k: usize, order: Order) -> ForPosting {
    let part = (0..snapshot.residents().len())
        .into_par_iter()
        .with_min_len(BLOCK)
        .fold(|| Part::new(k), |part, r| part.take(snapshot, r, p, order))
        .reduce(|| Part::new(k), Part::merge);
    let best = part.best.into_sorted().map(|(_, scored, _, r)| Candidate {
        resident: r as usize,
        score: scored.points,
        household_uncovered: snapshot.household_of(r as usize).uncovered,
    });
    ForPosting {
        order,
        best: best.collect(),
        n_residents: snapshot.residents().len() as u64,
        n_eligible: part.n_eligible,
        barred: part.barred,
    }
}
